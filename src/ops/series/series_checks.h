/* Stored series under the quality checks: what data.series_quality and data.quality have in common.
 *
 * Purpose   Reads every version of the series that are named and gives their report, area by area.
 * Shapes    Areas that are no bidding zone have UTC days and no check by the sun.
 * Errors    MT_E_TOO_LARGE too many values at once; those of the store.
 * Ownership Everything lives in cx.
 */
#ifndef MT_OPS_SERIES_SERIES_CHECKS_H
#define MT_OPS_SERIES_SERIES_CHECKS_H

#include "market/series/series_quality.h"
#include "ops/series/series_in.h"

MT_BEGIN_DECLS

typedef struct mt_series_checks_args {
    const char *kind, *area, *detail, *source, *unit, *zone;
    mt_day from, to;
    double sla_hours;   /* NaN: learned */
    double sla_percent; /* NaN: 99 */
} mt_series_checks_args;

typedef struct mt_series_checks {
    const mt_series_quality *at;
    size_t n;
    size_t values;
    mt_time first, last; /* starts; MT_TIME_NONE */
} mt_series_checks;

MT_MUST_USE mt_code mt_series_checks_read(mt_ctx *cx, const mt_world *world, mt_series_checks *out,
                                          const mt_series_checks_args *args);

/* Rows for data.quality: one a series and check. `passed`: no series lacks more than a tenth. */
typedef struct mt_check_line {
    const char *check, *column, *detail;
    int64_t count;
    double percent, high;
    int status; /* 0 ok, 1 found, 2 failed */
} mt_check_line;

MT_MUST_USE mt_code mt_series_check_lines(mt_ctx *cx, mt_check_line **out, size_t *n, bool *passed,
                                          const mt_series_checks *checks);

MT_END_DECLS
#endif
