/* Operations on decisions by day: decision.daily, decision.summary. */
#include "base/op.h"
#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "ops/series/area_days.h"
#include "terms/area.h"

#include <math.h>
#include <string.h>

#define AREA_DOC "bidding zone: its name, an alias or its EIC"
#define AS_OF                                                                                                \
    {                                                                                                        \
        .name = "as_of", MT_TEXT_AT(mt_decision_args, as_of),                                                \
        .doc = "decide with what was known at this moment; missing: with what is known now"                  \
    }

static const mt_field daily_arg[] = {
    {.name = "area", MT_TEXT_AT(mt_decision_args, area), .required = true, .doc = AREA_DOC},
    MT_ARG_DECISION_RULE,
    MT_ARG_DECISION_KNOWN,
    MT_ARG_DECISION_RANGE,
    AS_OF,
    {.name = NULL}};

static const char *const basis_name[] = {"measured", "forecast", NULL};
static const char *const decision_name[] = {"BUY", "AVOID", "MONITOR", NULL};

struct daily_row {
    mt_day day;
    const char *area;
    double production, price;
    int decision;
    double mean_price, mean_production;
    int64_t window_days;
    mt_day window_from, window_to;
    double hours;
    const char *price_source, *production_source;
    int basis;
    double forecast_age;
    bool looks_ahead;
    double day_hours;
    const char *reason;
};

static const mt_field daily_col[] = {
    {.name = "day", MT_DAY_AT(daily_row, day), .doc = "local delivery day of the area"},
    {.name = "area", MT_TEXT_AT(daily_row, area), .doc = "bidding zone"},
    {.name = "production_mwh",
     MT_REAL_AT(daily_row, production),
     .unit = MT_UNIT_MWH,
     .doc = "all types together, load and exchange never"},
    {.name = "price",
     MT_REAL_AT(daily_row, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean of the day-ahead prices over time, in the currency asked for; empty: not published"},
    {.name = "decision",
     MT_CHOICE_AT(daily_row, decision),
     .choice = decision_name,
     .doc = "BUY: cheaper and more production than the window; AVOID: both reversed; empty: see reason"},
    {.name = "mean_price",
     MT_REAL_AT(daily_row, mean_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "of the window's days"},
    {.name = "mean_production_mwh",
     MT_REAL_AT(daily_row, mean_production),
     .unit = MT_UNIT_MWH,
     .doc = "of the window's days"},
    {.name = "window_days",
     MT_INT_AT(daily_row, window_days),
     .unit = MT_UNIT_COUNT,
     .doc = "complete days that were compared with"},
    {.name = "window_from", MT_DAY_AT(daily_row, window_from), .doc = "the first of them"},
    {.name = "window_to", MT_DAY_AT(daily_row, window_to), .doc = "the last of them"},
    {.name = "hours",
     MT_REAL_AT(daily_row, hours),
     .unit = MT_UNIT_HOUR,
     .doc = "of the day that price and production cover"},
    {.name = "price_source", MT_TEXT_AT(daily_row, price_source), .doc = "who gave the price"},
    {.name = "production_source", MT_TEXT_AT(daily_row, production_source), .doc = "who gave the production"},
    {.name = "basis",
     MT_CHOICE_AT(daily_row, basis),
     .choice = basis_name,
     .doc = "production is measured, or a forecast"},
    {.name = "forecast_age",
     MT_REAL_AT(daily_row, forecast_age),
     .unit = MT_UNIT_HOUR,
     .doc = "since the forecast was last renewed; empty: measured"},
    {.name = "looks_ahead",
     MT_BOOL_AT(daily_row, looks_ahead),
     .doc = "the window holds days that were not known on that day"},
    {.name = "day_hours", MT_REAL_AT(daily_row, day_hours), .unit = MT_UNIT_HOUR, .doc = "23, 24 or 25"},
    {.name = "reason", MT_TEXT_AT(daily_row, reason), .doc = "why there is no decision; empty: there is one"},
    {.name = NULL}};

struct totals {
    const char *area, *zone, *currency;
    int window;
    bool looks_ahead;
    int64_t days;
    double production, mean_price, mean_production;
    int64_t decided, buy, avoid, monitor, incomplete, forecasts;
    mt_day first, last;
    const char *note;
};

#define TOTAL_FIELDS                                                                                         \
    {.name = "days",                                                                                         \
     MT_INT_AT(totals, days),                                                                                \
     .unit = MT_UNIT_COUNT,                                                                                  \
     .doc = "complete measured days with a price"},                                                          \
        {.name = "production_mwh",                                                                           \
         MT_REAL_AT(totals, production),                                                                     \
         .unit = MT_UNIT_MWH,                                                                                \
         .doc = "of these days together"},                                                                   \
        {.name = "mean_price",                                                                               \
         MT_REAL_AT(totals, mean_price),                                                                     \
         .unit = MT_UNIT_MONEY_PER_MWH,                                                                      \
         .doc = "mean of their daily prices"},                                                               \
        {.name = "mean_production_mwh",                                                                      \
         MT_REAL_AT(totals, mean_production),                                                                \
         .unit = MT_UNIT_MWH,                                                                                \
         .doc = "of such a day"},                                                                            \
        {.name = "decided",                                                                                  \
         MT_INT_AT(totals, decided),                                                                         \
         .unit = MT_UNIT_COUNT,                                                                              \
         .doc = "days with a decision, forecast ones too"},                                                  \
        {.name = "buy", MT_INT_AT(totals, buy), .unit = MT_UNIT_COUNT, .doc = "BUY days"},                   \
        {.name = "avoid", MT_INT_AT(totals, avoid), .unit = MT_UNIT_COUNT, .doc = "AVOID days"},             \
        {.name = "monitor", MT_INT_AT(totals, monitor), .unit = MT_UNIT_COUNT, .doc = "MONITOR days"},       \
        {.name = "incomplete",                                                                               \
         MT_INT_AT(totals, incomplete),                                                                      \
         .unit = MT_UNIT_COUNT,                                                                              \
         .doc = "measured days that lack hours; in no total and no window"},                                 \
    {                                                                                                        \
        .name = "forecasts", MT_INT_AT(totals, forecasts), .unit = MT_UNIT_COUNT,                            \
        .doc = "days whose production is a forecast; in no total"                                            \
    }

static const mt_field daily_head[] = {
    {.name = "area", MT_TEXT_AT(totals, area), .doc = "bidding zone"},
    {.name = "zone", MT_TEXT_AT(totals, zone), .doc = "time zone of the days"},
    {.name = "currency", MT_TEXT_AT(totals, currency), .doc = "of the prices, per MWh"},
    {.name = "window",
     MT_CHOICE_AT(totals, window),
     .choice = mt_decision_window_choice,
     .doc = "what a day is compared with"},
    {.name = "looks_ahead",
     MT_BOOL_AT(totals, looks_ahead),
     .doc = "decisions use days that were not known yet"},
    TOTAL_FIELDS,
    {.name = "note", MT_TEXT_AT(totals, note), .doc = "what the store does not hold"},
    {.name = NULL}};

static struct totals sum_up(const mt_area_days *d, const struct mt_decision_args *args)
{
    mt_decision_totals t;
    mt_decision_totals_of(&t, d->day, d->decision, d->n);
    return (struct totals){.area = d->area,
                           .zone = mt_zone_name(d->zone),
                           .currency = args->currency,
                           .window = args->window,
                           .looks_ahead = d->rule.window == MT_WINDOW_ALL,
                           .days = (int64_t)t.days,
                           .production = t.production_mwh,
                           .mean_price = t.mean_price,
                           .mean_production = t.mean_production_mwh,
                           .decided = (int64_t)t.decided,
                           .buy = (int64_t)t.word[MT_DECISION_BUY],
                           .avoid = (int64_t)t.word[MT_DECISION_AVOID],
                           .monitor = (int64_t)t.word[MT_DECISION_MONITOR],
                           .incomplete = (int64_t)t.incomplete,
                           .forecasts = (int64_t)t.forecasts,
                           .first = d->n ? d->day[0].day : MT_DAY_NONE,
                           .last = d->n ? d->day[d->n - 1].day : MT_DAY_NONE,
                           .note = d->note};
}

static struct daily_row make_row(const mt_area_days *d, size_t k)
{
    const mt_delivery_day *day = &d->day[k];
    const mt_decision *c = &d->decision[k];
    bool aged = day->forecast && day->production.known_at != MT_TIME_NONE;
    return (struct daily_row){
        .day = day->day,
        .area = d->area,
        .production = day->production.value,
        .price = day->price.value,
        .decision = c->word,
        .mean_price = c->mean_price,
        .mean_production = c->mean_production_mwh,
        .window_days = (int64_t)c->window_days,
        .window_from = c->window_from,
        .window_to = c->window_to,
        .hours = fmin(day->price.hours, day->production.hours),
        .price_source = day->price.source,
        .production_source = day->production.source,
        .basis = day->forecast,
        .forecast_age = aged ? (double)(d->asked_at - day->production.known_at) / (double)MT_US_HOUR : NAN,
        .looks_ahead = c->looks_ahead,
        .day_hours = day->hours,
        .reason = c->reason == MT_DECIDED ? NULL : mt_decision_reason_text(c->reason)};
}

static mt_code daily_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_decision_args *a = args;
    mt_area_days d;
    mt_emit *emit;
    MT_TRY(mt_area_days_read(cx, world, &d, a, a->area));
    struct totals head = sum_up(&d, a);
    MT_TRY(mt_emit_begin(cx, &emit, out, "decision.daily", daily_col, daily_head, &head));
    for (size_t k = 0; k < d.n; k++) {
        struct daily_row row = make_row(&d, k);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static const char daily_doc[] =
    "Joins the mean day-ahead price and the production of each local delivery day of the area (23, 24 or "
    "25 hours), by the time of delivery. BUY where the price is below and the production above the mean of "
    "the window, AVOID where both are reversed, else MONITOR, strictly. The window is the complete days "
    "among the 30 calendar days before, at least 7 of them; --window all compares with all days of the range "
    "and so looks ahead. The window is of the values that stand, however late they came, which suits history "
    "that was loaded at once; with --known when-known a day of the window counts only if all its values were "
    "known before the decided day began, and with the values that it had then. A day that lacks hours gets "
    "no decision and enters no window. After the measured "
    "days production forecasts are used, with source and age: against earlier days' forecasts, or, where "
    "these are too few, against measured production of the same types. Production is the sum of the types "
    "of one source; where several sources have a day, the one with the most hours is used and named.";

const mt_op mt_op_decision_daily = {
    .name = "decision.daily",
    .summary = "buy, avoid or monitor, day by day, from price and production of an area",
    .doc = daily_doc,
    .example = "--area DK2",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_decision_args),
    .arg = daily_arg,
    .col = daily_col,
    .head = daily_head,
    .run = daily_run,
};

static const mt_field summary_arg[] = {
    {.name = "area",
     MT_TEXT_AT(mt_decision_args, area),
     .doc = "bidding zones with commas between; missing: all that have production"},
    MT_ARG_DECISION_RULE,
    MT_ARG_DECISION_KNOWN,
    MT_ARG_DECISION_RANGE,
    AS_OF,
    {.name = NULL}};

static const mt_field summary_col[] = {
    {.name = "area", MT_TEXT_AT(totals, area), .doc = "bidding zone"},
    TOTAL_FIELDS,
    {.name = "first", MT_DAY_AT(totals, first), .doc = "first day"},
    {.name = "last", MT_DAY_AT(totals, last), .doc = "last day"},
    {.name = "looks_ahead",
     MT_BOOL_AT(totals, looks_ahead),
     .doc = "decisions use days that were not known yet"},
    {.name = "note", MT_TEXT_AT(totals, note), .doc = "what the store does not hold"},
    {.name = NULL}};

static mt_code put_area(mt_ctx *cx, const mt_world *world, const struct mt_decision_args *a, const char *area,
                        mt_emit *emit)
{
    mt_area_days d;
    MT_TRY(mt_area_days_read(cx, world, &d, a, area));
    struct totals row = sum_up(&d, a);
    return mt_emit_put(emit, &row);
}

static mt_code put_given(mt_ctx *cx, const mt_world *world, const struct mt_decision_args *a, mt_emit *emit)
{
    for (const char *at = a->area; *at;) {
        const char *area;
        size_t length = strcspn(at, ",");
        MT_TRY(mt_text_copy(cx, &area, mt_text_trim((mt_text){at, length})));
        MT_TRY(put_area(cx, world, a, area, emit));
        at += length;
        at += *at == ',';
    }
    return MT_OK;
}

static mt_code read_table(mt_ctx *cx, mt_table **out, const mt_world *world, const struct mt_decision_args *a)
{
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    mt_store *store;
    mt_sink *sink;
    filter.kind = "production";
    filter.source = a->source;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_series_list(cx, store, &filter, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code put_all(mt_ctx *cx, const mt_world *world, const struct mt_decision_args *a, mt_emit *emit)
{
    mt_table *table;
    mt_text last = {NULL, 0};
    MT_TRY(read_table(cx, &table, world, a));
    int column = mt_table_column(table, "area");
    for (size_t k = 0; k < table->n; k++) {
        const char *area;
        mt_value v = mt_table_get(table, k, column);
        bool again =
            last.at && v.as.text.length == last.length && memcmp(v.as.text.at, last.at, last.length) == 0;
        if (!v.present || again) continue;
        last = v.as.text;
        MT_TRY(mt_text_copy(cx, &area, v.as.text));
        if (!a->zone && !mt_area_find(area)) { /* a plant, a device: it has no delivery day of its own */
            mt_log(cx, MT_LOG_INFO, "left out: \"%s\" is no bidding zone; --zone gives it a clock", area);
            continue;
        }
        MT_TRY(put_area(cx, world, a, area, emit));
    }
    return MT_OK;
}

static mt_code summary_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_decision_args *a = args;
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, out, "decision.summary", summary_col, NULL, NULL));
    MT_TRY(a->area ? put_given(cx, world, a, emit) : put_all(cx, world, a, emit));
    return mt_emit_end(emit);
}

const mt_op mt_op_decision_summary = {
    .name = "decision.summary",
    .summary = "totals of each area: days, production, mean price, how often buy, avoid and monitor",
    .doc = "The sums of decision.daily, one row an area.",
    .example = "--area DK1,DK2 --window all",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_decision_args),
    .arg = summary_arg,
    .col = summary_col,
    .run = summary_run,
};
