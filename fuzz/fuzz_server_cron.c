/* Fuzzer of cron expressions: refused with a sentence, or its moments go forward and lie on its clock.
 *
 * Shapes    The expression; its first byte chooses the zone.
 */
#include "base/text.h"
#include "server/cron.h"

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

static void walk(const mt_due *due)
{
    mt_time t = (mt_time)1742860800 * MT_US_SECOND; /* some days before a spring night */
    for (int k = 0; k < 8; k++) {
        mt_time next = mt_due_next(due, t);
        if (next == MT_TIME_NONE) return;
        DEMAND(next > t && (due->every || next % MT_US_SECOND == 0));
        t = next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const name[] = {"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"};
    mt_ctx cx;
    mt_due due;
    const mt_zone *zone;
    const char *text;
    if (size < 2 || size > 4096) return 0;
    mt_ctx_init(&cx, NULL);
    DEMAND(mt_zone_read(&cx, &zone, name[data[0] % 4], NULL) == MT_OK);
    DEMAND(mt_text_copy(&cx, &text, (mt_text){(const char *)data + 1, size - 1}) == MT_OK);
    mt_code code = mt_due_cron(&cx, &due, text, zone);
    if (code == MT_OK)
        walk(&due);
    else
        DEMAND(code == MT_E_INPUT && cx.err[0]);
    code = mt_due_every(&cx, &due, text, NULL);
    if (code == MT_OK) walk(&due);
    mt_ctx_close(&cx);
    return 0;
}
