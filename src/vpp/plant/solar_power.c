/* Sun, sky, plane, cells. */
#include "vpp/plant/solar_power.h"

#include "market/series/sun.h"

#include <math.h>
#include <string.h>

#define DEGREE (3.14159265358979323846 / 180)

static const double solar_constant_w_m2 = 1361, ground_albedo = 0.2, losses = 0.14, derate_per_k = 0.0037,
                    nominal_cell_c = 45, most_turn_deg = 60, usual_tilt_deg = 30, south_deg = 180;

/* Towards the sun, or away from a panel: a unit vector. */
typedef struct direction {
    double east, north, up;
} direction;

/* The local north is the zenith of the place 90 degrees further north, the local east that of the place 90
 * degrees further east on the equator: so heights are all that is needed. */
static direction find_sun(double latitude, double longitude, mt_time t)
{
    return (direction){.east = sin(mt_sun_height_deg(0, longitude + 90, t) * DEGREE),
                       .north = sin(mt_sun_height_deg(latitude + 90, longitude, t) * DEGREE),
                       .up = sin(mt_sun_height_deg(latitude, longitude, t) * DEGREE)};
}

static double clear_w_m2(double up)
{
    return up > 0 ? 1098 * up * exp(-0.057 / up) : 0;
}

double mt_solar_clear_w_m2(double latitude, double longitude, mt_time t)
{
    return clear_w_m2(sin(mt_sun_height_deg(latitude, longitude, t) * DEGREE));
}

/* The share of the global irradiance that comes from the sky. */
static double diffuse_share(double clearness)
{
    double k = clearness;
    if (k <= 0.22) return 1 - 0.09 * k;
    if (k > 0.80) return 0.165;
    return 0.9511 - 0.1604 * k + 4.388 * k * k - 16.638 * k * k * k + 12.336 * k * k * k * k;
}

static double or_else(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static direction find_panel(const mt_plant *plant, direction sun)
{
    if (plant->tracking && strcmp(plant->tracking, "single_axis") == 0) {
        double turn = atan2(sun.east, sun.up), most = most_turn_deg * DEGREE;
        turn = turn > most ? most : turn < -most ? -most : turn;
        return (direction){sin(turn), 0, cos(turn)};
    }
    double tilt = or_else(plant->tilt_deg, usual_tilt_deg) * DEGREE;
    double azimuth = or_else(plant->azimuth_deg, south_deg) * DEGREE;
    return (direction){sin(tilt) * sin(azimuth), sin(tilt) * cos(azimuth), cos(tilt)};
}

static double plane_w_m2(const mt_plant *plant, direction sun, double global)
{
    /* Below half a degree the beam is as good as level, and its share of the horizontal tells nothing. */
    const double low = 0.0087;
    if (sun.up < low || !(global > 0)) return 0;
    direction panel = find_panel(plant, sun);
    double above = solar_constant_w_m2 * sun.up, clearness = global / above;
    double diffuse = global * diffuse_share(clearness < 1 ? clearness : 1);
    double direct = (global - diffuse) / sun.up; /* on a plane that faces the sun */
    double facing = sun.east * panel.east + sun.north * panel.north + sun.up * panel.up;
    if (facing < 0) facing = 0;
    double anisotropy = direct / solar_constant_w_m2;
    if (anisotropy > 1) anisotropy = 1;
    double sky = diffuse * (anisotropy * facing / sun.up + (1 - anisotropy) * (1 + panel.up) / 2);
    return direct * facing + sky + global * ground_albedo * (1 - panel.up) / 2;
}

double mt_solar_plane_w_m2(const mt_plant *plant, mt_time t, double global_w_m2)
{
    return plane_w_m2(plant, find_sun(plant->latitude, plant->longitude, t), global_w_m2);
}

static double global_w_m2(direction sun, const mt_weather_value *weather)
{
    double clear = clear_w_m2(sun.up);
    if (!weather) return clear;
    if (!isnan(weather->irradiance_w_m2)) return weather->irradiance_w_m2;
    double cloud = or_else(weather->cloud_share, 0);
    return clear * (1 - 0.75 * pow(cloud < 0 ? 0 : cloud > 1 ? 1 : cloud, 3.4));
}

mt_micro mt_solar_power_kw(const mt_plant *plant, int64_t capacity_w, mt_time start,
                           const mt_weather_value *weather)
{
    if (!plant || capacity_w == MT_MICRO_NONE || isnan(plant->latitude) || isnan(plant->longitude))
        return MT_MICRO_NONE;
    direction sun = find_sun(plant->latitude, plant->longitude, start + 450 * MT_US_SECOND);
    double plane = plane_w_m2(plant, sun, global_w_m2(sun, weather));
    double air_c = weather ? weather->temperature_c : NAN;
    double cell_c = isnan(air_c) ? 25 : air_c + (nominal_cell_c - 20) / 800 * plane;
    double share = plane / 1000 * (1 - losses) * (1 - derate_per_k * (cell_c - 25));
    share = share > 1 ? 1 : share < 0 ? 0 : share;
    return (mt_micro)llround(share * (double)capacity_w) * 1000;
}
