/* The power of a solar plant: from the sun's place, the plane of its panels, and the weather where there is
 * some.
 *
 * Purpose   Stands in for a forecast nobody delivered.
 * Units     W/m2; degrees as in terms/vpp/plant.h; micro-kW.
 * Missing   Irradiance NaN: a clear sky, less the clouds where their share is told. Temperature NaN: no
 *           derating. Tilt or azimuth NaN: 30 degrees, south. Tracking "single_axis": about a horizontal
 *           axis from north to south, to 60 degrees each way.
 * Threads   Pure functions.
 * Cost      About 1 us a quarter: three heights of the sun.
 * Source    Clear sky: Haurwitz (1945). Clouds: Kasten, Czeplak (1980), 1 - 0.75 c^3.4. Diffuse share: Erbs,
 *           Klein, Duffie (1982), Solar Energy 28. Tilted plane: Hay, Davies (1980). Cells: NOCT 45 C, -0.37
 *           % a degree; losses 14 % (Dobos, PVWatts version 5 manual, NREL 2014).
 */
#ifndef MT_VPP_PLANT_SOLAR_POWER_H
#define MT_VPP_PLANT_SOLAR_POWER_H

#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

/* Global irradiance of a clear sky on the horizontal. */
MT_API double mt_solar_clear_w_m2(double latitude, double longitude, mt_time t);
/* On the plane of the plant's panels, when `global` falls on the horizontal. */
MT_API double mt_solar_plane_w_m2(const mt_plant *plant, mt_time t, double global_w_m2);
/* Mean power of the quarter from `start`, at most the capacity. `weather` NULL: a clear sky. */
MT_API mt_micro mt_solar_power_kw(const mt_plant *plant, int64_t capacity_w, mt_time start,
                                  const mt_weather_value *weather);

MT_END_DECLS
#endif
