/* The operation on the quality of stored series: data.series_quality. */
#include "base/op.h"
#include "base/rows/emit.h"
#include "ops/series/series_checks.h"

#include <math.h>

struct series_quality_args {
    mt_series_checks_args checks;
    int per;
};

static const char *const per_name[] = {"day", "series", NULL};
static const char *const met_name[] = {"no", "yes", NULL};

static const mt_field quality_arg[] = {
    {.name = "kind", MT_TEXT_AT(series_quality_args, checks.kind), .doc = "e.g. spot_price; missing: all"},
    {.name = "area", MT_TEXT_AT(series_quality_args, checks.area), .doc = "bidding zone; missing: all"},
    {.name = "detail", MT_TEXT_AT(series_quality_args, checks.detail), .doc = "type within the kind"},
    {.name = "source", MT_TEXT_AT(series_quality_args, checks.source), .doc = "only values of this source"},
    {.name = "unit", MT_TEXT_AT(series_quality_args, checks.unit), .doc = "only values in this unit"},
    {.name = "from", MT_DAY_AT(series_quality_args, checks.from), .doc = "first local day"},
    {.name = "until", MT_DAY_AT(series_quality_args, checks.to), .doc = "last local day, included"},
    {.name = "per",
     MT_CHOICE_AT(series_quality_args, per),
     .choice = per_name,
     .fallback = "day",
     .doc = "a row for each series and day, or for each series"},
    {.name = "sla_hours",
     MT_REAL_AT(series_quality_args, checks.sla_hours),
     .unit = MT_UNIT_HOUR,
     .doc = "a value is due so long after the start of its period (below 0: before); missing: learned"},
    {.name = "sla_percent",
     MT_REAL_AT(series_quality_args, checks.sla_percent),
     .unit = MT_UNIT_PERCENT,
     .fallback = "99",
     .doc = "of the values that have to be on time"},
    {.name = "zone",
     MT_TEXT_AT(series_quality_args, checks.zone),
     .doc = "time zone of the days; missing: the area's"},
    {.name = NULL}};

struct quality_row {
    mt_day day;
    const char *kind, *area, *detail, *source;
    double score;
    int64_t expected, present, gaps, late, revised, duplicates, bounds, outliers, frozen, sun, disagrees;
    double on_time, sla_hours;
    int sla_met;
    const char *unit;
    double step_min;
};

#define ISSUE_COL(member, text)                                                                              \
    {                                                                                                        \
        .name = #member, MT_INT_AT(quality_row, member), .unit = MT_UNIT_COUNT, .doc = text                  \
    }

static const mt_field quality_col[] = {
    {.name = "day", MT_DAY_AT(quality_row, day), .doc = "local day; empty: all days of the series"},
    {.name = "kind", MT_TEXT_AT(quality_row, kind), .doc = "what it measures"},
    {.name = "area", MT_TEXT_AT(quality_row, area), .doc = "where"},
    {.name = "detail", MT_TEXT_AT(quality_row, detail), .doc = "type within the kind"},
    {.name = "source", MT_TEXT_AT(quality_row, source), .doc = "who said so"},
    {.name = "score",
     MT_REAL_AT(quality_row, score),
     .unit = MT_UNIT_ONE,
     .doc = "0 to 1: the weighted mean of 1 - count / values over the checks that apply"},
    ISSUE_COL(expected, "periods due"),
    ISSUE_COL(present, "periods with a value"),
    ISSUE_COL(gaps, "periods without one; weight 0.30"),
    ISSUE_COL(late, "known later than due; weight 0.10; empty: loaded at once, so not known"),
    ISSUE_COL(revised, "changed later; weight 0.05"),
    ISSUE_COL(duplicates, "given twice; weight 0.05"),
    ISSUE_COL(bounds, "outside what the kind can be; weight 0.15"),
    ISSUE_COL(outliers, "far from the same hour of the days around; weight 0.10"),
    ISSUE_COL(frozen, "in a run of one value of at least six hours; weight 0.10"),
    ISSUE_COL(sun, "solar at night or too bright; weight 0.05; empty: no solar series"),
    ISSUE_COL(disagrees, "another source says otherwise; weight 0.10; empty: there is none"),
    {.name = "on_time",
     MT_REAL_AT(quality_row, on_time),
     .unit = MT_UNIT_PERCENT,
     .doc = "of the values, by the SLA"},
    {.name = "sla_hours",
     MT_REAL_AT(quality_row, sla_hours),
     .unit = MT_UNIT_HOUR,
     .doc = "after the start of a period its value is due"},
    {.name = "sla_met",
     MT_CHOICE_AT(quality_row, sla_met),
     .choice = met_name,
     .doc = "on_time reaches sla_percent; empty: not known"},
    {.name = "unit", MT_TEXT_AT(quality_row, unit), .doc = "of the values"},
    {.name = "step_min",
     MT_REAL_AT(quality_row, step_min),
     .unit = MT_UNIT_MINUTE,
     .doc = "length of a period"},
    {.name = NULL}};

struct quality_head {
    int64_t series, values;
    double score;
    mt_time first, last;
};

static const mt_field quality_head[] = {
    {.name = "series", MT_INT_AT(quality_head, series), .unit = MT_UNIT_COUNT, .doc = "that were judged"},
    {.name = "values",
     MT_INT_AT(quality_head, values),
     .unit = MT_UNIT_COUNT,
     .doc = "of them, with all versions"},
    {.name = "score", MT_REAL_AT(quality_head, score), .unit = MT_UNIT_ONE, .doc = "mean of the series"},
    {.name = "first", MT_TIME_AT(quality_head, first), .doc = "earliest start, UTC"},
    {.name = "last", MT_TIME_AT(quality_head, last), .doc = "latest start, UTC"},
    {.name = NULL}};

static struct quality_row make_row(const mt_series_quality *q, const mt_quality_day *d, double share)
{
    const int64_t *c = d->count;
    double on_time = d->part[MT_ISSUE_LATE];
    return (struct quality_row){.day = d->day,
                                .kind = q->name->kind,
                                .area = q->name->area,
                                .detail = q->name->detail,
                                .source = q->name->source,
                                .score = d->score,
                                .expected = (int64_t)d->expected,
                                .present = (int64_t)d->present,
                                .gaps = c[MT_ISSUE_GAP],
                                .late = c[MT_ISSUE_LATE],
                                .revised = c[MT_ISSUE_REVISED],
                                .duplicates = c[MT_ISSUE_DUPLICATE],
                                .bounds = c[MT_ISSUE_BOUNDS],
                                .outliers = c[MT_ISSUE_OUTLIER],
                                .frozen = c[MT_ISSUE_FROZEN],
                                .sun = c[MT_ISSUE_SUN],
                                .disagrees = c[MT_ISSUE_DISAGREES],
                                .on_time = 100 * on_time,
                                .sla_hours =
                                    q->delay == MT_TIME_NONE ? NAN : (double)q->delay / (double)MT_US_HOUR,
                                .sla_met = isnan(on_time) ? -1 : on_time >= share,
                                .unit = q->name->unit,
                                .step_min = (double)q->name->step / (double)MT_US_MINUTE};
}

static mt_code put_series(mt_emit *emit, const mt_series_quality *q, const struct series_quality_args *a)
{
    double share = a->checks.sla_percent / 100;
    if (a->per == 1) {
        struct quality_row row = make_row(q, &q->whole, share);
        return mt_emit_put(emit, &row);
    }
    for (size_t k = 0; k < q->days; k++) {
        struct quality_row row = make_row(q, &q->day[k], share);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static struct quality_head make_head(const mt_series_checks *c)
{
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; k < c->n; k++) {
        if (isnan(c->at[k].whole.score)) continue;
        sum += c->at[k].whole.score;
        n++;
    }
    return (struct quality_head){(int64_t)c->n, (int64_t)c->values, n ? sum / (double)n : NAN, c->first,
                                 c->last};
}

static mt_code quality_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct series_quality_args *a = args;
    mt_series_checks checks;
    mt_emit *emit;
    MT_TRY(mt_series_checks_read(cx, world, &checks, &a->checks));
    struct quality_head head = make_head(&checks);
    MT_TRY(mt_emit_begin(cx, &emit, out, "data.series_quality", quality_col, quality_head, &head));
    for (size_t k = 0; k < checks.n; k++) MT_TRY(put_series(emit, &checks.at[k], a));
    return mt_emit_end(emit);
}

static const char quality_doc[] =
    "Counts, for each stored series and local day, what is missing, late, revised, doubled, impossible, "
    "unusual, stuck, dark or contradicted by another source, and makes a score of it. Lateness is judged by "
    "--sla-hours, or by what the series itself usually needs for that hour of the day.";

const mt_op mt_op_data_series_quality = {
    .name = "data.series_quality",
    .summary = "flaws and score of stored series by day, and whether they keep their time",
    .doc = quality_doc,
    .example = "--kind spot_price --area DK2 --per series",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct series_quality_args),
    .arg = quality_arg,
    .col = quality_col,
    .head = quality_head,
    .run = quality_run,
};
