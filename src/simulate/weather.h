/* The sky over a bidding zone: temperature, wind, cloud and sunshine.
 *
 * Purpose   Drives wind and solar power and the weather's share of load; also written as a weather file of
 *           its own.
 * Units     Celsius, m/s, share of the sky 0 … 1, W/m2 on a horizontal plane. Heights as in common weather
 *           files: temperature at 2 m, wind at 10 and 100 m, gusts at 10 m.
 * Shapes    One sky holds one UTC day; an instant of that day is read from it, linear between hour marks.
 * Time      A sky depends on seed, area and day only. Areas share part of their deviations (one weather over
 *           Europe).
 * Source    Solar position: J. Spencer (1971), Fourier series. Clear sky: B. Haurwitz, J. Meteorology 2
 *           (1945). Clouds: F. Kasten, G. Czeplak, Solar Energy 24 (1980), 1 - 0.75 c^3.4. Wind speed as the
 *           length of two normal components, the origin of the Rayleigh law; wind profile exponent 0.2.
 */
#ifndef MT_SIMULATE_WEATHER_H
#define MT_SIMULATE_WEATHER_H

#include "simulate/noise.h"
#include "simulate/rule.h"

MT_BEGIN_DECLS

typedef struct mt_sim_weather {
    double temperature_c;
    double wind_10m_m_s, wind_100m_m_s, gust_10m_m_s;
    double cloud_share;
    double radiation_w_m2;
} mt_sim_weather;

/* Deviations of one UTC day at its hour marks. */
typedef struct mt_sim_sky {
    mt_day day;
    double east[MT_SIM_MARKS], north[MT_SIM_MARKS], eddy[MT_SIM_MARKS], warmth[MT_SIM_MARKS],
        cloud[MT_SIM_MARKS];
    double gust[MT_SIM_MARKS];
} mt_sim_sky;

MT_API void mt_sim_sky_make(mt_sim_sky *out, const mt_sim_rule *rule, mt_day utc_day);

/* The weather at an instant of the sky's day. */
MT_API mt_sim_weather mt_sim_weather_at(const mt_sim_sky *sky, const mt_sim_rule *rule, mt_time t);

/* Sine of the sun's height above the horizon (negative at night), and the irradiance of a clear sky there. */
MT_API double mt_sim_sun_height(double latitude, double longitude, mt_time t);
MT_API double mt_sim_clear_sky_w_m2(double sun_height);

MT_END_DECLS
#endif
