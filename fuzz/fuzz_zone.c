/* Fuzzer of zone files: what the reader takes must answer every question without a contradiction.
 *
 * Shapes    The bytes of a TZif file. What is refused must be refused with a sentence.
 */
#include "base/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth) \
    do { \
        if (!(truth)) { \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth); \
            abort(); \
        } \
    } while (0)

static void try_instant(mt_ctx *cx, const mt_zone *zone, mt_time t)
{
    mt_time back[2];
    mt_grid grid;
    int32_t offset_s = mt_zone_offset_s(zone, t);
    DEMAND(abs(offset_s) < 27 * 3600);
    DEMAND(strlen(mt_zone_abbreviation(zone, t)) < 256);
    int n = mt_zone_instants(zone, mt_zone_civil(zone, t), back);
    /* A made-up zone may go back twice in a day; with two instants found, t may be the third. */
    DEMAND(n == 2 ? back[0] < back[1] : n == 1 && back[0] == t);
    mt_day day = mt_day_at(zone, t);
    (void)mt_day_hours(zone, day);
    if (mt_day_grid(cx, &grid, zone, day, MT_US_HOUR) != MT_OK) DEMAND(cx->err[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    const mt_zone *zone = NULL;
    mt_ctx_init(&cx, NULL);
    if (mt_zone_parse(&cx, &zone, "Fuzz/Zone", data, size) == MT_OK) {
        static const mt_time year = 365 * MT_US_DAY;
        for (mt_time t = -400 * year; t < 400 * year; t += 7 * year + 13 * MT_US_HOUR + 1)
            try_instant(&cx, zone, t);
        for (mt_time t = 80 * year; t < 82 * year; t += 5 * MT_US_DAY + MT_US_HOUR) try_instant(&cx, zone, t);
        (void)mt_zone_offset_s(zone, MT_TIME_NONE);
        (void)mt_zone_civil(zone, INT64_MAX);
    } else {
        DEMAND(!zone && cx.err[0]);
    }
    mt_ctx_close(&cx);
    return 0;
}
