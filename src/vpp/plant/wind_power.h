/* The power of a wind plant at a wind speed.
 *
 * Purpose   Stands in for a forecast nobody delivered, and scales what was lost to redispatch.
 * Units     m/s, m, shares of the capacity, micro-kW.
 * Missing   NaN in, NaN (or MT_MICRO_NONE) out. Without a hub height the wind is taken as it was told.
 * Threads   Pure functions.
 * Source    Curve: 0 below 3 and from 25 m/s on, (v^3 - 3^3) / (12^3 - 3^3) up to 12 m/s, full power between
 *           (Carrillo et al. 2013, Renewable and Sustainable Energy Reviews 21, cubic model). Height: power
 *           law, exponent 1/7 on land and 0.11 at sea (Hsu, Meindl, Gilhousen 1994, J. Appl. Meteorology 33).
 */
#ifndef MT_VPP_PLANT_WIND_POWER_H
#define MT_VPP_PLANT_WIND_POWER_H

#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

MT_API double mt_wind_share(double wind_m_s); /* of the capacity, 0 to 1 */
/* The wind at `hub_m` when it was `wind_m_s` at `height_m`. */
MT_API double mt_wind_at_hub_m_s(double wind_m_s, double height_m, double hub_m, bool at_sea);
/* The share of the capacity that this plant gives in that weather. `plant` NULL: nothing is known of it. */
MT_API double mt_wind_plant_share(const mt_plant *plant, const mt_weather_value *weather);
MT_API mt_micro mt_wind_power_kw(const mt_plant *plant, int64_t capacity_w, const mt_weather_value *weather);

MT_END_DECLS
#endif
