/* The low-precision solar position of the Astronomical Almanac. */
#include "market/series/sun.h"

#include <math.h>

#define DEGREE         0.017453292519943295
#define SOLAR_CONSTANT 1361.0 /* W/m2 */
#define TWILIGHT_DEG   (-6.0) /* civil: some light comes from the sky */

static double in_turn(double degrees)
{
    return degrees - 360 * floor(degrees / 360);
}

double mt_sun_height_deg(double latitude, double longitude, mt_time t)
{
    double day = (double)(t - mt_day_of(2000, 1, 1) * MT_US_DAY) / (double)MT_US_DAY - 0.5; /* from noon */
    double mean = in_turn(280.460 + 0.9856474 * day), anomaly = in_turn(357.528 + 0.9856003 * day) * DEGREE;
    double ecliptic = (mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly)) * DEGREE;
    double tilt = (23.439 - 0.0000004 * day) * DEGREE;
    double declination = asin(sin(tilt) * sin(ecliptic));
    double ascension = atan2(cos(tilt) * sin(ecliptic), cos(ecliptic));
    double sidereal = in_turn(280.46061837 + 360.98564736629 * day + longitude) * DEGREE;
    double hour = sidereal - ascension, phi = latitude * DEGREE;
    double height = sin(phi) * sin(declination) + cos(phi) * cos(declination) * cos(hour);
    return asin(height) / DEGREE;
}

double mt_sun_highest_deg(double latitude, double longitude, mt_time start, mt_time step)
{
    mt_time end = start + step;
    double highest = mt_sun_height_deg(latitude, longitude, end);
    for (mt_time t = start; t < end; t += 10 * MT_US_MINUTE) {
        double height = mt_sun_height_deg(latitude, longitude, t);
        if (height > highest) highest = height;
    }
    return highest;
}

double mt_sun_most_w_m2(double height_deg)
{
    if (height_deg < TWILIGHT_DEG) return 0;
    double up = sin(height_deg * DEGREE);
    return (up > 0 ? 1.2 * SOLAR_CONSTANT * pow(up, 1.2) : 0) + 50;
}
