/* What to simulate: seed, area, days, resolution, sizes and scenario.
 *
 * Purpose   The one argument of every room here. Equal rules give equal rows on every machine.
 * Units     step in microseconds; factors multiply the model's own values (1 = unchanged).
 * Shapes    Days are local delivery days of the area (23, 24 or 25 hours) when `clock` is given; without it
 *           every day has 24 hours of the area's standard time. step is 15, 30 or 60 minutes.
 * Time      A day depends on seed, area and date only: a longer run is a continuation of a shorter one, a run
 *           that starts later gives the same days, and no area's rows depend on another area being simulated.
 * Errors    MT_E_INPUT  a member lies outside its range; the sentence names it, its value and the range.
 * Ownership `clock` is borrowed and must outlive what is made from the rule.
 */
#ifndef MT_SIMULATE_RULE_H
#define MT_SIMULATE_RULE_H

#include "base/zone.h"
#include "num/rng.h"
#include "simulate/area.h"

MT_BEGIN_DECLS

typedef struct mt_sim_rule {
    size_t size; /* sizeof(mt_sim_rule), so that the struct may grow */
    uint64_t seed;
    size_t area;          /* index into area.h's table */
    const mt_zone *clock; /* zone of mt_sim_area.clock; NULL: standard time all year */
    mt_day first_day;     /* local delivery day */
    int64_t days;
    mt_time step;              /* of fundamentals, weather and order books */
    int64_t orders_per_period; /* both sides together, 2 … 100 million */
    double trades_per_product; /* mean number of trades of one hour's or quarter's delivery, 0 … 10,000 */
    double flaw_share;         /* of order rows written with a flaw, 0 … 1; see flaw.h */
    double gas_factor, coal_factor, carbon_factor;
    double load_factor, wind_factor, solar_factor;
} mt_sim_rule;

enum { MT_SIM_PERIODS_MAX = 100 }; /* quarters of a 25-hour day */

/* Seed 1, DE, 2025-06-01, ten days, hours, 200 orders a period, 40 trades a product, no flaws, factors 1. */
MT_API mt_sim_rule mt_sim_rule_default(void);
MT_API MT_MUST_USE mt_code mt_sim_rule_check(mt_ctx *cx, const mt_sim_rule *rule);

MT_API mt_time mt_sim_day_start(const mt_sim_rule *rule, mt_day day); /* first instant of the delivery day */
MT_API int32_t mt_sim_offset_s(const mt_sim_rule *rule, mt_time t);   /* local clock east of UTC at t */

/* The rooms' streams; each gets its own, so that none shifts another. */
typedef enum mt_sim_series {
    MT_SIM_SERIES_WIND_EAST,
    MT_SIM_SERIES_WIND_NORTH,
    MT_SIM_SERIES_EDDY,
    MT_SIM_SERIES_WARMTH,
    MT_SIM_SERIES_CLOUD,
    MT_SIM_SERIES_LOAD,
    MT_SIM_SERIES_GAS,
    MT_SIM_SERIES_COAL,
    MT_SIM_SERIES_CARBON,
    MT_SIM_SERIES_OUTAGE,
    MT_SIM_SERIES_ORDER,
    MT_SIM_SERIES_TRADE,
    MT_SIM_SERIES_FLAW,
    MT_SIM_SERIES_GUST
} mt_sim_series;

/* The stream of one series in the rule's area, or the one that all areas share. */
MT_API mt_rng mt_sim_stream(const mt_sim_rule *rule, mt_sim_series series);
MT_API mt_rng mt_sim_stream_common(const mt_sim_rule *rule, mt_sim_series series);

MT_END_DECLS
#endif
