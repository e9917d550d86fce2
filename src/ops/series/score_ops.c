/* Decisions held against what came: decision.score. */
#include "base/op.h"
#include "base/rows/emit.h"
#include "ops/series/area_days.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const knowledge_name[] = {"known", "standing", NULL};
static const char *const decision_name[] = {"BUY", "AVOID", "MONITOR", NULL};
static const char *const hit_name[] = {"no", "yes", NULL};

enum { AS_KNOWN };

static const mt_field score_arg[] = {
    {.name = "area",
     MT_TEXT_AT(mt_decision_args, area),
     .required = true,
     .doc = "bidding zone: its name, an alias or its EIC"},
    MT_ARG_DECISION_RULE,
    MT_ARG_DECISION_RANGE,
    {.name = "lead",
     MT_SPAN_AT(mt_decision_args, lead),
     .fallback = "0s",
     .doc = "decisions were made so long before the start of the day"},
    {.name = "knowledge",
     MT_CHOICE_AT(mt_decision_args, knowledge),
     .choice = knowledge_name,
     .fallback = "known",
     .doc = "forecasts as they were known then, or as they stand (loaded later, so not proven)"},
    {.name = NULL}};

struct score_row {
    mt_day day;
    const char *area;
    int said, came, hit;
    double price, production, forecast, forecast_lead;
    const char *reason;
};

static const mt_field score_col[] = {
    {.name = "day", MT_DAY_AT(score_row, day), .doc = "settled local delivery day"},
    {.name = "area", MT_TEXT_AT(score_row, area), .doc = "bidding zone"},
    {.name = "said",
     MT_CHOICE_AT(score_row, said),
     .choice = decision_name,
     .doc = "the decision from the forecast before the day; empty: see reason"},
    {.name = "came",
     MT_CHOICE_AT(score_row, came),
     .choice = decision_name,
     .doc = "what the day's own measurements give by the same rule"},
    {.name = "hit", MT_CHOICE_AT(score_row, hit), .choice = hit_name, .doc = "the same"},
    {.name = "price", MT_REAL_AT(score_row, price), .unit = MT_UNIT_MONEY_PER_MWH, .doc = "mean of the day"},
    {.name = "production_mwh", MT_REAL_AT(score_row, production), .unit = MT_UNIT_MWH, .doc = "measured"},
    {.name = "forecast_mwh",
     MT_REAL_AT(score_row, forecast),
     .unit = MT_UNIT_MWH,
     .doc = "said before, of the types that are forecast"},
    {.name = "forecast_lead",
     MT_REAL_AT(score_row, forecast_lead),
     .unit = MT_UNIT_HOUR,
     .doc = "from the forecast's moment to the start of the day"},
    {.name = "reason", MT_TEXT_AT(score_row, reason), .doc = "why nothing was said"},
    {.name = NULL}};

struct score_head {
    const char *area;
    int64_t settled, said, hits;
    double hit_rate;
    int64_t buys, avoids;
    double mean_price, buy_price, price_advantage, avoid_price, avoid_cost;
};

static const mt_field score_head[] = {
    {.name = "area", MT_TEXT_AT(score_head, area), .doc = "bidding zone"},
    {.name = "settled", MT_INT_AT(score_head, settled), .unit = MT_UNIT_COUNT, .doc = "days with an outcome"},
    {.name = "said",
     MT_INT_AT(score_head, said),
     .unit = MT_UNIT_COUNT,
     .doc = "of them with a decision from a forecast"},
    {.name = "hits", MT_INT_AT(score_head, hits), .unit = MT_UNIT_COUNT, .doc = "where that came"},
    {.name = "hit_rate", MT_REAL_AT(score_head, hit_rate), .unit = MT_UNIT_PERCENT, .doc = "hits of said"},
    {.name = "buys",
     MT_INT_AT(score_head, buys),
     .unit = MT_UNIT_COUNT,
     .doc = "BUY days: as said, else as measured"},
    {.name = "avoids", MT_INT_AT(score_head, avoids), .unit = MT_UNIT_COUNT, .doc = "AVOID days likewise"},
    {.name = "mean_price",
     MT_REAL_AT(score_head, mean_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "of all settled days, weighted by production"},
    {.name = "buy_price",
     MT_REAL_AT(score_head, buy_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "of the BUY days likewise"},
    {.name = "price_advantage",
     MT_REAL_AT(score_head, price_advantage),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean_price minus buy_price: what a MWh of BUY days was cheaper"},
    {.name = "avoid_price",
     MT_REAL_AT(score_head, avoid_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "of the AVOID days"},
    {.name = "avoid_cost",
     MT_REAL_AT(score_head, avoid_cost),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "avoid_price minus mean_price: what a MWh of AVOID days was dearer"},
    {.name = NULL}};

struct scoring {
    mt_area_days days;
    mt_day_values price;
    mt_forecast_window window;
    size_t n;
    mt_settled_day *settled;
    struct score_row *row;
};

static int by_series_and_time(const void *left, const void *right)
{
    const mt_observation *a = left, *b = right;
    int order = strcmp(a->detail, b->detail);
    if (!order) order = strcmp(a->source, b->source);
    if (!order) order = strcmp(a->unit, b->unit);
    if (!order) order = (a->step > b->step) - (a->step < b->step);
    if (!order) order = (a->start > b->start) - (a->start < b->start);
    return order ? order : (a->known_at > b->known_at) - (a->known_at < b->known_at);
}

static bool same_period(const mt_observation *a, const mt_observation *b)
{
    return a->start == b->start && a->step == b->step && strcmp(a->detail, b->detail) == 0 &&
           strcmp(a->source, b->source) == 0 && strcmp(a->unit, b->unit) == 0;
}

/* Of each period the forecast known last before its day began (minus the lead), or the last there is. */
static mt_code keep_said(mt_ctx *cx, mt_series_in *out, mt_series_in versions, const mt_zone *zone,
                         const struct mt_decision_args *args)
{
    mt_observation *at;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &at, versions.n));
    if (versions.n) memcpy(at, versions.at, versions.n * sizeof *at);
    if (versions.n) qsort(at, versions.n, sizeof *at, by_series_and_time);
    mt_day day = MT_DAY_NONE;
    mt_time begin = 0, end = 0;
    for (size_t i = 0; i < versions.n; i++) {
        mt_observation v = at[i];
        if (day == MT_DAY_NONE || v.start < begin || v.start >= end) {
            day = mt_day_at(zone, v.start);
            begin = mt_day_start(zone, day);
            end = mt_day_start(zone, day + 1);
        }
        if (args->knowledge == AS_KNOWN && v.known_at > begin - args->lead) continue;
        bool newer = n && same_period(&at[n - 1], &v);
        at[n - newer] = v;
        n += !newer;
    }
    *out = (mt_series_in){at, n};
    return MT_OK;
}

static mt_code read_all(mt_ctx *cx, const mt_world *world, struct scoring *s,
                        const struct mt_decision_args *args)
{
    mt_series_in price, production, versions, said;
    mt_day_values forecast;
    mt_delivery_day *day;
    MT_TRY(mt_area_days_read(cx, world, &s->days, args, args->area));
    const mt_zone *zone = s->days.zone;
    MT_TRY(mt_area_days_values(cx, world, &price, args, args->area, "spot_price", false));
    MT_TRY(mt_area_days_values(cx, world, &production, args, args->area, "production", false));
    MT_TRY(mt_area_days_values(cx, world, &versions, args, args->area, "production_forecast", true));
    MT_TRY(keep_said(cx, &said, versions, zone, args));
    MT_TRY(mt_day_values_of(cx, &s->price, price.at, price.n, zone, "spot_price", NULL));
    MT_TRY(mt_day_values_of(cx, &forecast, said.at, said.n, zone, "production_forecast", NULL));
    MT_TRY(mt_delivery_days(cx, &day, &s->window.n_said, &s->price, &forecast, zone));
    s->window.said = day;
    if (!forecast.n) s->window.n_said = 0;
    return mt_area_days_alike(cx, &s->window.alike, &s->window.n_alike, production, said, &s->price, zone);
}

static const mt_delivery_day *said_of(const struct scoring *s, mt_day day)
{
    const mt_delivery_day *first = s->window.said;
    if (s->window.n_said == 0 || day < first->day || (size_t)(day - first->day) >= s->window.n_said)
        return NULL;
    const mt_delivery_day *found = &first[day - first->day];
    return found->production.hours > 0 ? found : NULL;
}

/* One settled day: the outcome, and what the forecast said. */
static void settle(struct scoring *s, const mt_delivery_day *day)
{
    mt_decision came, said = {.word = MT_DECISION_NONE};
    const mt_delivery_day *forecast = said_of(s, day->day);
    mt_decide(&came, &s->days.rule, day, s->days.measured, s->days.n_measured);
    if (forecast) mt_decide_forecast(&said, &s->days.rule, forecast, &s->window);
    bool both = came.word != MT_DECISION_NONE && said.word != MT_DECISION_NONE;
    const char *reason =
        forecast ? mt_decision_reason_text(said.reason) : "no forecast was known before the day";
    s->row[s->n] = (struct score_row){.day = day->day,
                                      .area = s->days.area,
                                      .said = said.word,
                                      .came = came.word,
                                      .hit = both ? said.word == came.word : -1,
                                      .price = day->price.value,
                                      .production = day->production.value,
                                      .forecast = forecast ? forecast->production.value : NAN,
                                      .forecast_lead = NAN,
                                      .reason = said.word == MT_DECISION_NONE ? reason : NULL};
    if (forecast && forecast->production.known_at != MT_TIME_NONE)
        s->row[s->n].forecast_lead =
            (double)(mt_day_start(s->days.zone, day->day) - forecast->production.known_at) /
            (double)MT_US_HOUR;
    s->settled[s->n++] = (mt_settled_day){said.word, both ? said.word : came.word, came.word,
                                          day->price.value, day->production.value};
}

static struct score_head make_head(const struct scoring *s)
{
    mt_decision_score c;
    mt_decision_score_of(&c, s->settled, s->n);
    return (struct score_head){.area = s->days.area,
                               .settled = (int64_t)c.settled,
                               .said = (int64_t)c.said,
                               .hits = (int64_t)c.hits,
                               .hit_rate = 100 * c.hit_rate,
                               .buys = (int64_t)c.buys,
                               .avoids = (int64_t)c.avoids,
                               .mean_price = c.mean_price,
                               .buy_price = c.buy_price,
                               .price_advantage = c.price_advantage,
                               .avoid_price = c.avoid_price,
                               .avoid_cost = c.avoid_cost};
}

static mt_code score_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_decision_args *a = args;
    struct scoring s = {.n = 0};
    mt_emit *emit;
    MT_TRY(read_all(cx, world, &s, a));
    MT_TRY(MT_NEW(cx, &s.settled, s.days.n));
    MT_TRY(MT_NEW(cx, &s.row, s.days.n));
    for (size_t k = 0; k < s.days.n; k++) {
        const mt_delivery_day *day = &s.days.day[k];
        if (!day->forecast && mt_delivery_day_complete(day)) settle(&s, day);
    }
    struct score_head head = make_head(&s);
    MT_TRY(mt_emit_begin(cx, &emit, out, "decision.score", score_col, score_head, &head));
    for (size_t k = 0; k < s.n; k++) MT_TRY(mt_emit_put(emit, &s.row[k]));
    return mt_emit_end(emit);
}

static const char score_doc[] =
    "Settled days are complete measured days with a price. For each, the decision that production forecasts "
    "gave before the day is held against what the day's own measurements give by the same rule. hit_rate "
    "counts only days for which a forecast was known before: a decision from a day's own measurements "
    "cannot miss. Prices are those of the day-ahead auction and count as known beforehand. price_advantage "
    "is what a MWh of the BUY days was cheaper than one of all settled days, each day weighted by its "
    "production.";

const mt_op mt_op_decision_score = {
    .name = "decision.score",
    .summary = "how often decisions made from forecasts came true, and what they were worth",
    .doc = score_doc,
    .example = "--area DK2",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_decision_args),
    .arg = score_arg,
    .col = score_col,
    .head = score_head,
    .run = score_run,
};
