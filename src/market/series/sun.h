/* Where the sun stands, and the most it can give.
 *
 * Purpose   Solar values at night, or above a clear sky, are wrong whoever sends them.
 * Units     Degrees, north and east positive; W/m2 on a horizontal plane.
 * Errors    None. Height within 0.2 degrees for 1950 to 2050, without refraction.
 * Threads   Pure functions.
 * Cost      About 0.2 us a height.
 * Source    Position: Astronomical Almanac's low-precision formulas (Michalsky 1988, Solar Energy 40(3)).
 *           Most that can come down: C. Long, E. Dutton, "BSRN Global Network recommended QC tests" (2002),
 *           "extremely rare limits": 1.2 S cos(z)^1.2 + 50.
 */
#ifndef MT_MARKET_SERIES_SUN_H
#define MT_MARKET_SERIES_SUN_H

#include "base/time.h"

MT_BEGIN_DECLS

MT_API double mt_sun_height_deg(double latitude, double longitude, mt_time t);

/* The greatest height within [start, start + step]. */
MT_API double mt_sun_highest_deg(double latitude, double longitude, mt_time start, mt_time step);

/* The most that a minute's mean irradiance is at that height; 0 below 6 degrees under the horizon. */
MT_API double mt_sun_most_w_m2(double height_deg);

MT_END_DECLS
#endif
