/* The days of one area as the store knows them, with their decisions; and the arguments that ask for them.
 *
 * Purpose   What decision.daily, decision.summary and decision.score have in common.
 * Shapes    Measured days join prices and production. A day after them, or one whose measurements are not
 *           complete, stands on the forecast where there is one; its window is of earlier days' forecasts,
 *           or, where these are too few, of measured days of the same types ("Onshore Wind" is the type of
 *           "OnshoreWindPower"). Rows are the days that have a production of either kind and a price, and
 *           forecast days without a price too.
 *           Windows are of the values that stand (or stood at as_of), however late they were known; with
 *           MT_KNOWN_WHEN_KNOWN of those that were known before the decided day began (known_days.h).
 *           What the store does not hold is no error: `note` says it.
 * Errors    MT_E_ABSENT  no such bidding zone;  MT_E_INPUT  a window that cannot be.
 * Ownership Everything lives in cx.
 */
#ifndef MT_OPS_SERIES_AREA_DAYS_H
#define MT_OPS_SERIES_AREA_DAYS_H

#include "market/series/decision.h"
#include "ops/series/series_in.h"

MT_BEGIN_DECLS

struct mt_decision_args {
    const char *area, *source, *currency, *zone, *as_of;
    mt_day from, to;
    int window;
    int64_t days, minimum;
    mt_time lead;
    int knowledge;
    int known;
};

/* When the days of a window count as known: at once after their delivery, or when the store knew them. */
enum { MT_KNOWN_AT_ONCE, MT_KNOWN_WHEN_KNOWN };

/* clang-format off */
#define MT_ARG_DECISION_RULE \
    {.name = "window", MT_CHOICE_AT(mt_decision_args, window), .choice = mt_decision_window_choice, \
     .fallback = "previous", .doc = "days to compare with: those before, or all, which looks ahead"}, \
    {.name = "days", MT_INT_AT(mt_decision_args, days), .unit = MT_UNIT_COUNT, .fallback = "30", \
     .doc = "calendar days of the window before a day"}, \
    {.name = "minimum", MT_INT_AT(mt_decision_args, minimum), .unit = MT_UNIT_COUNT, .fallback = "7", \
     .doc = "complete days that the window must hold"}
#define MT_ARG_DECISION_KNOWN \
    {.name = "known", MT_CHOICE_AT(mt_decision_args, known), .choice = mt_decision_known_choice, \
     .fallback = "at-once", .doc = "window days count at-once after delivery, as suits history that was " \
     "loaded later, or when-known: as known before the decided day began"}
#define MT_ARG_DECISION_RANGE \
    {.name = "from", MT_DAY_AT(mt_decision_args, from), .doc = "first local day; missing: of all"}, \
    {.name = "until", MT_DAY_AT(mt_decision_args, to), .doc = "last local day, included; missing: of all"}, \
    {.name = "source", MT_TEXT_AT(mt_decision_args, source), .doc = "only values of this source"}, \
    {.name = "currency", MT_TEXT_AT(mt_decision_args, currency), .fallback = "EUR", \
     .doc = "of the prices that are used"}, \
    {.name = "zone", MT_TEXT_AT(mt_decision_args, zone), \
     .doc = "time zone of the days; missing: the area's"}
/* clang-format on */

extern const char *const mt_decision_window_choice[];
extern const char *const mt_decision_known_choice[];

typedef struct mt_area_days {
    const char *area; /* as stored */
    const mt_zone *zone;
    mt_decision_rule rule;
    mt_delivery_day *measured; /* price and measured production, ascending */
    size_t n_measured;
    mt_delivery_day *day; /* rows of the answer */
    mt_decision *decision;
    size_t n;
    mt_time asked_at; /* as_of or now: ages count from it */
    const char *note; /* what is missing; NULL: nothing */
} mt_area_days;

MT_MUST_USE mt_code mt_area_days_read(mt_ctx *cx, const mt_world *world, mt_area_days *out,
                                      const struct mt_decision_args *args, const char *area);

/* Forecasts of earlier days and measured days of the same types, to decide a forecast day by. */
typedef struct mt_forecast_window {
    const mt_delivery_day *said, *alike; /* ascending */
    size_t n_said, n_alike;
} mt_forecast_window;

void mt_decide_forecast(mt_decision *out, const mt_decision_rule *rule, const mt_delivery_day *day,
                        const mt_forecast_window *window);

/* Measured days of the types that the forecasts have; none where they do not match. */
MT_MUST_USE mt_code mt_area_days_alike(mt_ctx *cx, const mt_delivery_day **out, size_t *n,
                                       mt_series_in production, mt_series_in forecast,
                                       const mt_day_values *price, const mt_zone *zone);

MT_MUST_USE mt_code mt_area_days_rule(mt_ctx *cx, mt_decision_rule *out, const struct mt_decision_args *args);

/* Zone of the area, or as given; the values of a kind, read by the name given or the zone's own. */
MT_MUST_USE mt_code mt_area_days_zone(mt_ctx *cx, const mt_zone **out, const struct mt_decision_args *args,
                                      const char *area);
MT_MUST_USE mt_code mt_area_days_values(mt_ctx *cx, const mt_world *world, mt_series_in *out,
                                        const struct mt_decision_args *args, const char *area,
                                        const char *kind, bool versions);

MT_END_DECLS
#endif
