/* What a plant physically feeds in, minute by minute, from the area's weather.
 *
 * Purpose   The one truth behind meters, live points and forecasts of a simulated plant.
 * Units     kW, mean over the minute, never below zero.
 * Shapes    The air of a portfolio holds the area's weather at quarter marks from a day before the first day
 *           to four days after the last; a plant sees it earlier or later by its longitude, stronger or
 *           weaker by its site, with gusts or clouds of its own.
 * Time      Chance starts anew each UTC day, so a longer run continues a shorter one.
 * Ownership The air lives in cx and is constant.
 * Cost      About 20 ns a minute.
 * Source    Solar: horizontal radiation of weather.h, 0.4 % less for each kelvin of the cell above 25.
 *           Wind: cube law between 3 and 12.5 m/s, profile exponent 0.2. Gusts: Ornstein-Uhlenbeck by minute.
 */
#ifndef MT_SIMULATE_VPP_POWER_H
#define MT_SIMULATE_VPP_POWER_H

#include "simulate/vpp/portfolio.h"
#include "simulate/weather.h"

MT_BEGIN_DECLS

typedef struct mt_sim_air {
    const mt_sim_vpp_rule *rule;
    mt_time start; /* of mark 0; marks stand a quarter apart */
    size_t n;
    double *wind_m_s, *cloud_share, *temperature_c;
} mt_sim_air;

MT_API MT_MUST_USE mt_code mt_sim_air_new(mt_ctx *cx, mt_sim_air *out, const mt_sim_vpp_rule *rule);

/* kw[k]: the minute from `from` + k minutes on; whole minutes inside the air. */
MT_API void mt_sim_power(double *kw, const mt_sim_air *air, const mt_sim_asset *asset, mt_time from,
                         size_t minutes);

/* Mean power of n quarters from `from` on. */
MT_API void mt_sim_power_quarters(double *kw, const mt_sim_air *air, const mt_sim_asset *asset, mt_time from,
                                  size_t n);

/* The weather at the plant in the middle of a quarter: radiation on the horizontal, wind at its hub. */
typedef struct mt_sim_site_weather {
    double radiation_w_m2, wind_m_s, temperature_c, cloud_share;
} mt_sim_site_weather;
MT_API mt_sim_site_weather mt_sim_weather_of(const mt_sim_air *air, const mt_sim_asset *asset, mt_time t);

MT_END_DECLS
#endif
