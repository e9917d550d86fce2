/* One delivery day of an area: weather, renewable power, load, fuel and outages, period by period.
 *
 * Purpose   What order books, trades and the demo's forecasts are made from; each period is one row of a
 *           file.
 * Units     MW are means over the period; prices as in fuel.h. All values are rounded as a data provider
 *           would (0.1 MW, 0.1 C, 0.1 m/s, 0.01 of the sky, 0.1 W/m2).
 * Shapes    state[0 … n) are the periods of the local delivery day in order of time, n = hours x periods per
 *           hour. lost_mw[i * n_plants + k] is what plant k lacks in period i.
 * Errors    Those of mt_sim_rule_check;  MT_E_SHAPE  the day is no whole number of periods.
 * Ownership A day is an arena value with room for any delivery day; mt_sim_day_fill overwrites it, so one
 *           value serves a run of any length in flat memory. The rule is borrowed.
 * Cost      About 0.2 ms a fill.
 */
#ifndef MT_SIMULATE_FUNDAMENTALS_H
#define MT_SIMULATE_FUNDAMENTALS_H

#include "simulate/outage.h"
#include "simulate/weather.h"

MT_BEGIN_DECLS

typedef struct mt_sim_state {
    mt_time start;
    mt_sim_weather weather;
    mt_sim_fuel fuel;
    double solar_mw, onshore_mw, offshore_mw; /* before any curtailment */
    double load_mw;
    double outage_mw; /* sum of what the plants lack */
} mt_sim_state;

typedef struct mt_sim_day {
    const mt_sim_rule *rule;
    const mt_sim_plant *plant;
    size_t n_plants;
    mt_day day;
    size_t n;
    mt_sim_state state[MT_SIM_PERIODS_MAX];
    double *lost_mw;
} mt_sim_day;

MT_API MT_MUST_USE mt_code mt_sim_day_new(mt_ctx *cx, mt_sim_day **out, const mt_sim_rule *rule);
MT_API MT_MUST_USE mt_code mt_sim_day_fill(mt_ctx *cx, mt_sim_day *day, mt_day delivery_day);

/* The fundamentals of one delivery day as an array in cx. */
MT_API MT_MUST_USE mt_code mt_sim_fundamentals(mt_ctx *cx, mt_sim_state **out, size_t *n,
                                               const mt_sim_rule *rule, mt_day delivery_day);

/* Power of all turbines of an area at a wind speed, as a share of their capacity. */
MT_API double mt_sim_wind_share(double wind_100m_m_s);

MT_END_DECLS
#endif
