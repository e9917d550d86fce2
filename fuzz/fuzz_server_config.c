/* Fuzzer of server configurations: refused with file and line, or usable, each entry with its next moment.
 *
 * Shapes    The text of a configuration file.
 */
#include "server/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth)                                                                                        \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);                              \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static void use_config(const mt_config *config)
{
    const mt_time now = (mt_time)1749384000 * MT_US_SECOND;
    for (size_t k = 0; k < config->n_entry; k++) {
        const mt_schedule_entry *entry = &config->entry[k];
        mt_time next = mt_due_next(&entry->due, now);
        DEMAND(entry->op && entry->text && (next == MT_TIME_NONE || next > now));
    }
    for (size_t k = 0; k < config->n_consume; k++) {
        DEMAND(config->consume[k].url && config->consume[k].line > 0);
        for (size_t g = 0; g < config->consume[k].n; g++) DEMAND(config->consume[k].given[g].value);
    }
    for (size_t k = 0; k < config->n_mapping; k++)
        DEMAND(config->mapping[k].topic && config->mapping[k].path);
    DEMAND(config->cache_bytes >= -1 && config->workers >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    mt_config config;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_config_parse(&cx, &config, "fuzz.conf", (mt_text){(const char *)data, size}, NULL);
    if (code == MT_OK)
        use_config(&config);
    else
        DEMAND(code == MT_E_INPUT && strncmp(cx.err, "fuzz.conf, line ", 16) == 0);
    mt_ctx_close(&cx);
    return 0;
}
