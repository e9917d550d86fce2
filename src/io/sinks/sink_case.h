/* The rows that every renderer's test writes: nulls, empties, extremes, quotes and broken bytes.
 *
 * Purpose   One set of hard values for csv_test, json_rows_test, terminal_test and xlsx_test. Included by
 *           tests only.
 */
#ifndef MT_IO_SINKS_SINK_CASE_H
#define MT_IO_SINKS_SINK_CASE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rows/emit.h"
#include "io/out.h"

struct case_row {
    mt_time start;
    double price;
    int64_t volume;
    int64_t amount;
    const char *note;
    mt_day day;
    bool firm;
    int side;
};

static const char *const case_side[] = {"sell", "buy", NULL};
static const mt_field case_col[] = {
    {.name = "start", MT_TIME_AT(case_row, start)},
    {.name = "price", MT_REAL_AT(case_row, price), .unit = MT_UNIT_EUR_PER_MWH},
    {.name = "volume", MT_INT_AT(case_row, volume), .unit = MT_UNIT_WH},
    {.name = "amount", MT_MICRO_AT(case_row, amount), .unit = MT_UNIT_EUR},
    {.name = "note", MT_TEXT_AT(case_row, note)},
    {.name = "day", MT_DAY_AT(case_row, day)},
    {.name = "firm", MT_BOOL_AT(case_row, firm)},
    {.name = "side", MT_CHOICE_AT(case_row, side), .choice = case_side},
    {0}};

struct case_head {
    const char *zone;
    double total;
};

static const mt_field case_head[] = {
    {.name = "zone", MT_TEXT_AT(case_head, zone)},
    {.name = "total", MT_REAL_AT(case_head, total), .unit = MT_UNIT_MWH},
    {0}};
static const struct case_head case_head_row = {.zone = "DK1", .total = 12.5};

#define CASE_NONE {MT_TIME_NONE, NAN, INT64_MIN, INT64_MIN, NULL, MT_DAY_NONE, false, -1}

static const struct case_row case_row[] = {
    {1704067342000000, 62.03, 1125, 62030000, "plain", 19723, true, 1}, /* 2024-01-01T00:02:22Z */
    CASE_NONE,
    {0, -0.5, INT64_MAX, -1, "", 0, false, 0},
    {1704067342123456, 1e300, INT64_MIN + 1, 9000000000000000001, "a,\"b\"\nc\x01\xff<&>é", -1, true, 1},
};

enum { CASE_ROWS = sizeof case_row / sizeof case_row[0] };

/* Sends the rows, with the head or without. */
static inline mt_code case_send(mt_ctx *cx, mt_sink *sink, bool head, size_t n)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "case.rows", case_col, head ? case_head : NULL,
                         head ? &case_head_row : NULL));
    for (size_t i = 0; i < n; i++) MT_TRY(mt_emit_put(emit, &case_row[i % CASE_ROWS]));
    return mt_emit_end(emit);
}

/* A new folder under /tmp; case_remove takes it away with what is in it. */
static inline void case_folder(char path[64])
{
    snprintf(path, 64, "/tmp/merit-test-XXXXXX");
    if (!mkdtemp(path)) abort();
}

static inline void case_remove(const char *path)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", path);
    if (system(command) != 0) abort();
}

/* Kibibytes of memory the process holds now, of /proc/self/status. */
static inline long case_resident_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status)) sscanf(line, "VmRSS: %ld", &kib);
    if (status) fclose(status);
    return kib;
}

#endif
