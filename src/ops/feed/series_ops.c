/* Operations that read stored time series: data.series, data.values, data.versions, data.buckets. */
#include "ops/feed/area_zone.h"
#include "ops/feed/moment.h"
#include "ops/feed/step_shown.h"

#include "ops/world.h"
#include "store/data/series_store.h"

struct series_args {
    const char *kind, *area, *detail, *source, *unit;
    const char *from, *to, *as_of;
    mt_time step, bucket;
};

#define NAME_ARGS                                                                                            \
    {.name = "kind", MT_TEXT_AT(series_args, kind), .doc = "e.g. spot_price, production, load"},             \
        {.name = "area", MT_TEXT_AT(series_args, area), .doc = "bidding zone, station, device, currency"},   \
        {.name = "detail", MT_TEXT_AT(series_args, detail), .doc = "type within the kind"},                  \
        {.name = "source", MT_TEXT_AT(series_args, source), .doc = "who said so"},                           \
    {                                                                                                        \
        .name = "unit", MT_TEXT_AT(series_args, unit), .doc = "e.g. EUR/MWh"                                 \
    }

#define SPAN_ARGS                                                                                            \
    {.name = "from", MT_TEXT_AT(series_args, from), .doc = "a moment or a local day of the area"},           \
        {.name = "until", MT_TEXT_AT(series_args, to), .doc = MT_MOMENT_UNTIL_DOC},                          \
        {.name = "as_of",                                                                                    \
         MT_TEXT_AT(series_args, as_of),                                                                     \
         .doc = "only what was known at this moment, and as it was then"},                                   \
    {                                                                                                        \
        .name = "step", MT_SPAN_AT(series_args, step), .doc = "only series of this step, e.g. 15min"         \
    }

static const mt_field series_arg[] = {NAME_ARGS, {.name = NULL}};
static const mt_field values_arg[] = {NAME_ARGS, SPAN_ARGS, {.name = NULL}};
static const mt_field buckets_arg[] = {
    NAME_ARGS,
    SPAN_ARGS,
    {.name = "bucket", MT_SPAN_AT(series_args, bucket), .fallback = "1h", .doc = "the coarser step"},
    {.name = NULL}};

static mt_code make_filter(mt_ctx *cx, const mt_world *world, const struct series_args *args,
                           mt_series_filter *out)
{
    const mt_zone *zone;
    mt_time now = mt_world_now(world);
    *out = MT_SERIES_FILTER_ALL;
    out->kind = args->kind;
    out->area = args->area;
    out->detail = args->detail;
    out->source = args->source;
    out->unit = args->unit;
    out->step = args->step;
    MT_TRY(mt_area_zone(cx, &zone, args->area));
    MT_TRY(mt_moment_span(cx, &out->from, &out->to, args->from, args->to, now, zone));
    return mt_moment_parse(cx, &out->as_of, "as-of", args->as_of, now, zone);
}

typedef mt_code read_fn(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink);

/* An empty result is no error, but may come from a misspelt name. */
static void tell_nothing(mt_ctx *cx, const mt_sink *shown)
{
    if (!mt_step_shown_rows(shown))
        mt_log(cx, MT_LOG_INFO, "nothing that is stored matches; merit data series lists what is there");
}

static mt_code read_with(mt_ctx *cx, const mt_world *world, const struct series_args *args, mt_sink *out,
                         read_fn *read)
{
    mt_series_filter filter;
    mt_store *store;
    mt_sink *shown;
    MT_TRY(make_filter(cx, world, args, &filter));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_step_shown(cx, &shown, out));
    MT_TRY(read(cx, store, &filter, shown));
    tell_nothing(cx, shown);
    return MT_OK;
}

struct listed_row {
    const char *kind, *area, *detail, *unit, *source;
    int64_t step_us, n;
    mt_time first, last, last_known_at;
    int64_t revisions;
};

static const mt_field listed_col[] = {
    {.name = "kind", MT_TEXT_AT(listed_row, kind), .doc = "what it measures"},
    {.name = "area", MT_TEXT_AT(listed_row, area), .doc = "where"},
    {.name = "detail", MT_TEXT_AT(listed_row, detail), .doc = "type within the kind"},
    {.name = "unit", MT_TEXT_AT(listed_row, unit), .doc = "of the values"},
    {.name = "source", MT_TEXT_AT(listed_row, source), .doc = "who said so"},
    {.name = "step", MT_SPAN_AT(listed_row, step_us), .doc = "length of a period; 0s: instants"},
    {.name = "n", MT_INT_AT(listed_row, n), .unit = MT_UNIT_COUNT, .doc = "values that stand"},
    {.name = "first", MT_TIME_AT(listed_row, first), .doc = "start of the first, UTC"},
    {.name = "last", MT_TIME_AT(listed_row, last), .doc = "start of the last, UTC"},
    {.name = "last_known_at", MT_TIME_AT(listed_row, last_known_at), .doc = "when the newest came, UTC"},
    {.name = "revisions",
     MT_INT_AT(listed_row, revisions),
     .unit = MT_UNIT_COUNT,
     .doc = "values that stood before"},
    {.name = NULL}};

static mt_code series_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    struct series_args a = *(const struct series_args *)args;
    a.step = INT64_MIN;
    return read_with(cx, world, &a, out, mt_series_list);
}

const mt_op mt_op_data_series = {
    .name = "data.series",
    .summary = "the stored time series, how many values each has and since when",
    .example = "--kind spot_price",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct series_args),
    .arg = series_arg,
    .col = listed_col,
    .run = series_run,
};

static mt_code values_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return read_with(cx, world, args, out, mt_series_read);
}

const mt_op mt_op_data_values = {
    .name = "data.values",
    .summary = "values of stored time series, now or as of any moment",
    .example = "--kind spot_price --area DK2 --from 2024-10-27 --until 2024-10-27",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct series_args),
    .arg = values_arg,
    .col = mt_observation_shown,
    .run = values_run,
};

static mt_code versions_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return read_with(cx, world, args, out, mt_series_versions);
}

const mt_op mt_op_data_versions = {
    .name = "data.versions",
    .summary = "every value that was ever known, the standing one last",
    .example = "--kind spot_price --area DK2 --from 2024-10-27 --until 2024-10-27",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct series_args),
    .arg = values_arg,
    .col = mt_observation_shown,
    .run = versions_run,
};

struct bucket_row {
    const char *kind, *area, *detail, *unit, *source;
    int64_t step_us;
    mt_time start;
    int64_t n;
    double mean, sum, min, max;
};

static const mt_field bucket_col[] = {
    {.name = "kind", MT_TEXT_AT(bucket_row, kind), .doc = "what it measures"},
    {.name = "area", MT_TEXT_AT(bucket_row, area), .doc = "where"},
    {.name = "detail", MT_TEXT_AT(bucket_row, detail), .doc = "type within the kind"},
    {.name = "unit", MT_TEXT_AT(bucket_row, unit), .doc = "of the values"},
    {.name = "source", MT_TEXT_AT(bucket_row, source), .doc = "who said so"},
    {.name = "step", MT_SPAN_AT(bucket_row, step_us), .doc = "length of a value's period; 0s: instants"},
    {.name = "start", MT_TIME_AT(bucket_row, start), .doc = "of the bucket, UTC"},
    {.name = "n", MT_INT_AT(bucket_row, n), .unit = MT_UNIT_COUNT, .doc = "values in it"},
    {.name = "mean", MT_REAL_AT(bucket_row, mean), .unit = MT_UNIT_OF_ROW, .doc = "their mean"},
    {.name = "sum", MT_REAL_AT(bucket_row, sum), .unit = MT_UNIT_OF_ROW, .doc = "their sum"},
    {.name = "min", MT_REAL_AT(bucket_row, min), .unit = MT_UNIT_OF_ROW, .doc = "the least"},
    {.name = "max", MT_REAL_AT(bucket_row, max), .unit = MT_UNIT_OF_ROW, .doc = "the greatest"},
    {.name = NULL}};

static mt_code buckets_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct series_args *a = args;
    mt_series_filter filter;
    mt_store *store;
    mt_sink *shown;
    if (a->bucket <= 0) return mt_fail(cx, MT_E_INPUT, "--bucket must be longer than nothing, e.g. 1h");
    MT_TRY(make_filter(cx, world, a, &filter));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_step_shown(cx, &shown, out));
    MT_TRY(mt_series_buckets(cx, store, &filter, a->bucket, shown));
    tell_nothing(cx, shown);
    return MT_OK;
}

const mt_op mt_op_data_buckets = {
    .name = "data.buckets",
    .summary = "stored time series at a coarser step: count, mean, sum, least and greatest",
    .doc = "Buckets are counted from 1970-01-01T00:00Z; for local days see decision.daily and "
           "market.normalise.",
    .example = "--kind spot_price --area DK2 --bucket 1d",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct series_args),
    .arg = buckets_arg,
    .col = bucket_col,
    .run = buckets_run,
};
