/* Reading and judging series area by area; each area has its own days and its own sun. */
#include "ops/series/series_checks.h"

#include "terms/area.h"

#include <math.h>
#include <string.h>

#define MISSING_MOST_PERCENT 10.0 /* as of order files */

static mt_code fill_place(mt_ctx *cx, mt_series_quality_options *o, const mt_series_checks_args *args,
                          const char *name)
{
    const mt_area *area = mt_area_find(name);
    const char *zone = args->zone ? args->zone : area ? area->zone : "UTC";
    o->latitude = area ? area->latitude : NAN;
    o->longitude = area ? area->longitude : NAN;
    return mt_zone_read(cx, &o->zone, zone, NULL);
}

/* The days asked for begin and end by the clock of the area; a day more on both sides is read and cut off. */
static mt_series_filter make_filter(const mt_series_checks_args *args)
{
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = args->kind;
    filter.area = args->area;
    filter.detail = args->detail;
    filter.source = args->source;
    filter.unit = args->unit;
    if (args->from != MT_DAY_NONE) filter.from = (args->from - 8) * MT_US_DAY;
    if (args->to != MT_DAY_NONE) filter.to = (args->to + 9) * MT_US_DAY;
    return filter;
}

static mt_series_quality_options make_options(const mt_world *world, const mt_series_checks_args *args)
{
    mt_series_quality_options o = {.size = sizeof o,
                                   .from = args->from,
                                   .to = args->to,
                                   .delay = MT_TIME_NONE,
                                   .share = isnan(args->sla_percent) ? 0.99 : args->sla_percent / 100,
                                   .now = mt_world_now(world)};
    if (!isnan(args->sla_hours)) o.delay = (mt_time)llround(args->sla_hours * (double)MT_US_HOUR);
    return o;
}

static mt_code check_args(mt_ctx *cx, const mt_series_checks_args *args)
{
    if (fabs(args->sla_hours) > 1e6)
        return mt_fail(cx, MT_E_INPUT, "sla-hours: %g hours; less than a million is wanted", args->sla_hours);
    if (args->sla_percent < 0 || args->sla_percent > 100)
        return mt_fail(cx, MT_E_INPUT, "sla-percent: %g; 0 to 100 is wanted", args->sla_percent);
    return MT_OK;
}

static void note_span(mt_series_checks *out, mt_series_in values)
{
    out->first = out->last = MT_TIME_NONE;
    out->values = values.n;
    for (size_t i = 0; i < values.n; i++) {
        mt_time start = values.at[i].start;
        if (i == 0 || start < out->first) out->first = start;
        if (i == 0 || start > out->last) out->last = start;
    }
}

mt_code mt_series_checks_read(mt_ctx *cx, const mt_world *world, mt_series_checks *out,
                              const mt_series_checks_args *args)
{
    mt_series_in all, values;
    mt_series_filter filter = make_filter(args);
    mt_series_quality_options options = make_options(world, args);
    mt_series_quality *report, *joined = NULL;
    const char *const *area;
    size_t n_area, n;
    mt_series_checks c = {.n = 0};
    MT_TRY(check_args(cx, args));
    MT_TRY(mt_series_in_read(cx, world, &all, &filter, true));
    MT_TRY(mt_series_in_areas(cx, &area, &n_area, all));
    for (size_t k = 0; k < n_area; k++) {
        mt_series_quality *larger;
        MT_TRY(fill_place(cx, &options, args, area[k]));
        MT_TRY(mt_series_in_area(cx, &values, all, area[k]));
        MT_TRY(mt_series_quality_of(cx, &report, &n, values.at, values.n, &options));
        MT_TRY(MT_NEW(cx, &larger, c.n + n));
        if (c.n) memcpy(larger, joined, c.n * sizeof *larger);
        if (n) memcpy(larger + c.n, report, n * sizeof *larger);
        joined = larger;
        c.n += n;
    }
    c.at = joined;
    note_span(&c, all);
    *out = c;
    return MT_OK;
}

static const char *const issue_detail[MT_ISSUE_COUNT] = {
    "periods without a value; fails above the upper bound, in percent",
    "known later than the series usually is",
    "periods whose value was changed later",
    "the same period twice",
    "outside what a value of this kind can be",
    "far from the same hour of the days around",
    "in a run of one value of at least six hours",
    "solar while the sun is down, or brighter than it allows",
    "another source says otherwise",
};

static mt_code name_series(mt_ctx *cx, const char **out, const mt_observation *name)
{
    char step[MT_TIME_TEXT_MAX] = "";
    if (name->step > 0) mt_span_text(name->step, step);
    return mt_text_format(cx, out, "%s %s%s%s %s %s", name->kind, name->area, *name->detail ? " " : "",
                          name->detail, name->source, step);
}

static mt_check_line make_line(const mt_series_quality *q, int issue, const char *column)
{
    mt_check_line line = {.check = mt_issue_name((mt_issue)issue),
                          .column = column,
                          .detail = issue_detail[issue],
                          .count = q->whole.count[issue],
                          .percent = 100 * (1 - q->whole.part[issue]),
                          .high = NAN};
    line.status = line.count > 0;
    if (issue == MT_ISSUE_GAP) line.high = MISSING_MOST_PERCENT;
    if (issue == MT_ISSUE_GAP && line.percent > MISSING_MOST_PERCENT) line.status = 2;
    return line;
}

mt_code mt_series_check_lines(mt_ctx *cx, mt_check_line **out, size_t *n, bool *passed,
                              const mt_series_checks *checks)
{
    mt_check_line *line;
    size_t k = 0;
    *passed = true;
    MT_TRY(MT_NEW(cx, &line, checks->n * MT_ISSUE_COUNT));
    for (size_t s = 0; s < checks->n; s++) {
        const char *column;
        MT_TRY(name_series(cx, &column, checks->at[s].name));
        for (int issue = 0; issue < MT_ISSUE_COUNT; issue++) {
            if (checks->at[s].whole.count[issue] == INT64_MIN) continue; /* cannot be judged */
            line[k] = make_line(&checks->at[s], issue, column);
            *passed = *passed && line[k].status < 2;
            k++;
        }
    }
    *out = line;
    *n = k;
    return MT_OK;
}
