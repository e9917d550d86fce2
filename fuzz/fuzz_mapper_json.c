/* Fuzzer of messages: observations that are whole, a reason, or nothing; a payload is JSON again.
 *
 * Shapes    The first byte chooses the dataset, the rest is the message.
 */
#include "fuzz_input.h"

#include "formats/series/mapping.h"
#include "io/json.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_observation(mt_ctx *cx, const mt_observation *observation)
{
    const mt_json *top;
    DEMAND(observation->kind != NULL && observation->area != NULL && observation->detail != NULL);
    DEMAND(observation->unit != NULL && observation->source != NULL && observation->area[0] != '\0');
    DEMAND(isfinite(observation->value) && observation->start != MT_TIME_NONE);
    if (observation->payload == NULL) return;
    mt_code code = mt_json_read(cx, &top, "payload", observation->payload, strlen(observation->payload));
    DEMAND(code == MT_OK || code == MT_E_TOO_LARGE);
    DEMAND(code != MT_OK || (top->kind == MT_JSON_OBJECT && top->count > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_mapper *mapper;
    mt_mapped mapped, again;
    size_t n;
    const mt_mapping *all = mt_mappings(&n);
    if (size == 0 || size > 1 << 20) return 0;
    mt_ctx_init(&cx, NULL);
    DEMAND(mt_mapper_open(&cx, &mapper, &all[data[0] % n], NULL) == MT_OK);
    mt_text message = {(const char *)data + 1, size - 1};
    DEMAND(mt_mapper_json(&cx, mapper, message, 0, &mapped) == MT_OK);
    DEMAND(mapped.fault == NULL || (mapped.n == 0 && mapped.fault[0] != '\0'));
    for (size_t k = 0; k < mapped.n; k++) check_observation(&cx, &mapped.at[k]);
    const char *area = mapped.n > 0 ? mapped.at[0].area : NULL;
    DEMAND(mt_mapper_json(&cx, mapper, message, 0, &again) == MT_OK);
    DEMAND(again.n == mapped.n && (again.n == 0 || again.at[0].area == area));
    mt_mapper_close(mapper);
    mt_ctx_close(&cx);
    return 0;
}
