/* Fuzzer of mapping files: refused with a sentence, or a mapping that opens and whose schema is JSON. */
#include "fuzz_input.h"

#include "formats/series/mapping.h"
#include "io/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code use_mapping(mt_ctx *cx, const mt_mapping *mapping)
{
    mt_text schema;
    mt_mapper *mapper;
    mt_mapped mapped;
    const mt_json *top;
    MT_TRY(mt_mapping_schema(cx, &schema, mapping));
    DEMAND(mt_json_read(cx, &top, "schema", schema.at, schema.length) == MT_OK);
    MT_TRY(mt_mapper_open(cx, &mapper, mapping, "/nowhere"));
    mt_text message = mt_text_of("{\"t\":\"2024-06-01T00:00\",\"a\":\"X\",\"v\":1}");
    mt_code code = mt_mapper_json(cx, mapper, message, 0, &mapped);
    DEMAND(code != MT_OK || mapped.n == 0 || mapped.fault == NULL);
    mt_mapper_close(mapper);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.bytes = NULL};
    const mt_mapping *mapping;
    mt_ctx_init(&input.cx, NULL);
    mt_code code = mt_mapping_read(&input.cx, &mapping, "fuzz", (const char *)data, size);
    if (code == MT_OK) {
        DEMAND(mapping->n_value > 0 && mapping->name[0] != '\0' && mapping->time_field != NULL);
        code = use_mapping(&input.cx, mapping);
    }
    fuzz_check(&input, code);
    mt_ctx_close(&input.cx);
    return 0;
}
