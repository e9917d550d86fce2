/* What the tests of this folder share: a desk that is opened, filled file by file, finished and closed.
 *
 * Purpose   Included by tests only, after cmocka.h, through vpp/testing.h, which has the records.
 */
#ifndef MT_VPP_TESTING_DESK_H
#define MT_VPP_TESTING_DESK_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "vpp/desk.h"

#define KW(x)       ((mt_micro)llround((x)*1e6))
#define EUR(x)      ((mt_micro)llround((x)*1e6))
#define GAP         MT_MICRO_NONE
#define CASE_UNUSED __attribute__((unused))

enum { CASE_QUARTERS_MAX = 35 * 100 };

typedef struct case_desk {
    mt_ctx cx;
    const mt_zone *zone;
    mt_desk_options options;
    mt_desk_maker *maker;
    const mt_vpp_taker *taker;
    mt_time start; /* of the range */
    int files;
} case_desk;

/* Fails the test with the context's sentence. */
#define case_ok(d, call)                                                                                     \
    do {                                                                                                     \
        if ((call) != MT_OK) fail_msg("%s", (d)->cx.err);                                                    \
    } while (0)

/* The options may be changed between the two. */
CASE_UNUSED static void case_prepare(case_desk *d, const char *day, int days)
{
    memset(d, 0, sizeof *d);
    mt_ctx_init(&d->cx, NULL);
    case_ok(d, mt_zone_read(&d->cx, &d->zone, "Europe/Berlin", NULL));
    d->options = (mt_desk_options){
        .size = sizeof d->options, .zone = d->zone, .as_of = MT_TIME_NONE, .all_assets = true};
    assert_true(mt_day_parse(day, strlen(day), &d->options.first));
    d->options.last = d->options.first + days - 1;
    d->start = mt_day_start(d->zone, d->options.first);
}

CASE_UNUSED static void case_begin(case_desk *d)
{
    case_ok(d, mt_desk_open(&d->cx, &d->maker, &d->options));
    d->taker = mt_desk_taker(d->maker);
}

CASE_UNUSED static void case_open(case_desk *d, const char *day, int days)
{
    case_prepare(d, day, days);
    case_begin(d);
}

CASE_UNUSED static const mt_desk *case_finish(case_desk *d)
{
    const mt_desk *desk = NULL;
    case_ok(d, mt_desk_finish(&d->cx, d->maker, &desk));
    return desk;
}

CASE_UNUSED static void case_close(case_desk *d)
{
    mt_desk_close(d->maker);
    mt_ctx_close(&d->cx);
}

/* Start of a quarter of the range. */
CASE_UNUSED static mt_time case_quarter(const case_desk *d, int quarter)
{
    return d->start + quarter * MT_QUARTER;
}

/* A file of that name, moment and day: its number. */
CASE_UNUSED static int case_origin(case_desk *d, const char *name, mt_time version, mt_day day)
{
    int number = -1;
    const mt_vpp_origin origin = {.name = name, .version = version, .day = day};
    case_ok(d, d->taker->begin(&d->cx, d->taker->arg, &origin, &number));
    d->files++;
    return number;
}

/* The next file; no day in its name, so that none stands for another. */
CASE_UNUSED static int case_file(case_desk *d, const char *kind)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%06d", kind, d->files);
    return case_origin(d, name, MT_TIME_NONE, MT_DAY_NONE);
}

/* A file with a moment: `minutes` after 60 days before the range. */
CASE_UNUSED static int case_file_at(case_desk *d, const char *kind, int minutes)
{
    char name[64];
    mt_time version = d->start - 60 * MT_US_DAY + minutes * MT_US_MINUTE;
    snprintf(name, sizeof name, "%s_%06d", kind, d->files);
    return case_origin(d, name, version, MT_DAY_NONE);
}

/* n times the same. */
CASE_UNUSED static const mt_micro *case_flat(case_desk *d, mt_micro value, size_t n)
{
    mt_micro *out = NULL;
    case_ok(d, mt_ctx_alloc(&d->cx, &out, n, sizeof *out));
    for (size_t k = 0; k < n; k++) out[k] = value;
    return out;
}

/* The finding of that kind about that asset (NULL: any), in a file whose name begins so (NULL: any). */
CASE_UNUSED static const mt_finding *case_finding(const mt_desk *desk, mt_finding_kind kind,
                                                  const char *asset_id, const char *file)
{
    for (size_t k = 0; k < desk->n_finding; k++) {
        const mt_finding *f = &desk->finding[k];
        bool of_asset = !asset_id || (f->asset_id && strcmp(f->asset_id, asset_id) == 0);
        bool of_file = !file || (f->file && strncmp(f->file, file, strlen(file)) == 0);
        if (f->kind == kind && of_asset && of_file) return f;
    }
    return NULL;
}

#endif
