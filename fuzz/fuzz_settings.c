/* Fuzzer of settings files: names and values are taken or refused with a line, and lie inside the text. */
#include "fuzz_input.h"

#include "stream/settings.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bounds {
    const char *from, *to;
};

static mt_code take(mt_ctx *cx, void *arg, const char *name, const char *value)
{
    const struct bounds *bounds = arg;
    (void)cx;
    DEMAND(name >= bounds->from && name < bounds->to && *name && !strchr(name, '='));
    DEMAND(value >= name && value <= bounds->to && !strchr(value, '\n'));
    return MT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input;
    char *text = malloc(size + 1);
    DEMAND(text != NULL);
    if (size) memcpy(text, data, size);
    struct bounds bounds = {text, text + size};
    mt_ctx_init(&input.cx, NULL);
    fuzz_check(&input, mt_settings_parse(&input.cx, text, size, take, &bounds));
    mt_ctx_close(&input.cx);
    free(text);
    return 0;
}
