/* A turbine's curve and the wind at its hub. */
#include "vpp/plant/wind_power.h"

#include <math.h>

static const double cut_in = 3, rated = 12, cut_out = 25;

double mt_wind_share(double v)
{
    if (isnan(v)) return NAN;
    if (v < cut_in || v >= cut_out) return 0;
    if (v >= rated) return 1;
    double least = cut_in * cut_in * cut_in;
    return (v * v * v - least) / (rated * rated * rated - least);
}

double mt_wind_at_hub_m_s(double wind_m_s, double height_m, double hub_m, bool at_sea)
{
    bool told = height_m > 0 && hub_m > 0; /* false for NaN */
    return told ? wind_m_s * pow(hub_m / height_m, at_sea ? 0.11 : 1.0 / 7) : wind_m_s;
}

double mt_wind_plant_share(const mt_plant *plant, const mt_weather_value *w)
{
    double hub = plant ? plant->hub_height_m : NAN;
    bool at_sea = plant && plant->technology == MT_WIND_OFFSHORE;
    return mt_wind_share(mt_wind_at_hub_m_s(w->wind_m_s, w->wind_height_m, hub, at_sea));
}

mt_micro mt_wind_power_kw(const mt_plant *plant, int64_t capacity_w, const mt_weather_value *weather)
{
    double share = mt_wind_plant_share(plant, weather);
    if (isnan(share) || capacity_w == MT_MICRO_NONE) return MT_MICRO_NONE;
    return (mt_micro)llround(share * (double)capacity_w) * 1000;
}
