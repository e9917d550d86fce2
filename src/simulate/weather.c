/* The sky over a bidding zone: temperature, wind, cloud and sunshine. */
#include "simulate/weather.h"
#include "num/portable.h"

#include <math.h>

MT_SAME_BITS

/* How long each deviation lasts, and how much all areas have in common: they correlate by its square. */
static const struct deviation {
    mt_sim_series series;
    size_t offset;
    double memory_h, common;
} deviation[] = {
    {MT_SIM_SERIES_WIND_EAST, offsetof(mt_sim_sky, east), 42.0, 0.75},
    {MT_SIM_SERIES_WIND_NORTH, offsetof(mt_sim_sky, north), 36.0, 0.75},
    {MT_SIM_SERIES_EDDY, offsetof(mt_sim_sky, eddy), 4.0, 0.2},
    {MT_SIM_SERIES_WARMTH, offsetof(mt_sim_sky, warmth), 70.0, 0.75},
    {MT_SIM_SERIES_CLOUD, offsetof(mt_sim_sky, cloud), 14.0, 0.6},
    {MT_SIM_SERIES_GUST, offsetof(mt_sim_sky, gust), 2.0, 0.0},
};

static const double day_us = 86400e6;
static const double year_days = 365.2425;
static const double profile_10m = 0.631;    /* (10/100)^0.2 */
static const double prevailing_west = 0.75; /* mean of the eastward component, in deviations */
static const double speed_scale = 0.70;     /* brings the mean length of the two components to 1 */

void mt_sim_sky_make(mt_sim_sky *out, const mt_sim_rule *rule, mt_day utc_day)
{
    out->day = utc_day;
    for (size_t i = 0; i < sizeof deviation / sizeof *deviation; i++) {
        const struct deviation *d = &deviation[i];
        double *mark = (double *)(void *)((char *)out + d->offset);
        mt_rng own = mt_sim_stream(rule, d->series);
        mt_sim_noise_hours(mark, &own, utc_day, d->memory_h);
        if (d->common <= 0.0) continue;
        double shared[MT_SIM_MARKS];
        mt_rng common = mt_sim_stream_common(rule, d->series);
        mt_sim_noise_hours(shared, &common, utc_day, d->memory_h);
        double alone = sqrt(1.0 - d->common * d->common);
        for (int h = 0; h < MT_SIM_MARKS; h++) mark[h] = d->common * shared[h] + alone * mark[h];
    }
}

/* Days since 1 January of a mean year, as turns of the sun's circle. */
static double year_turns(mt_time t)
{
    double days = (double)t / day_us - 0.5; /* 1970-01-01 is the start of a year */
    return days / year_days;
}

double mt_sim_sun_height(double latitude, double longitude, mt_time t)
{
    double year = year_turns(t);
    double c1 = mt_portable_cos_turns(year), s1 = mt_portable_sin_turns(year);
    double c2 = mt_portable_cos_turns(2.0 * year), s2 = mt_portable_sin_turns(2.0 * year);
    double declination =
        0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2;               /* radians */
    double equation = 0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2; /* radians */
    const double turn = 6.283185307179586;
    double noon = (double)(t - mt_time_floor(t, MT_US_DAY)) / day_us - 0.5;
    double hour_angle = noon + longitude / 360.0 + equation / turn;
    double lat = latitude / 360.0, dec = declination / turn;
    return mt_portable_sin_turns(lat) * mt_portable_sin_turns(dec) +
           mt_portable_cos_turns(lat) * mt_portable_cos_turns(dec) * mt_portable_cos_turns(hour_angle);
}

double mt_sim_clear_sky_w_m2(double sun_height)
{
    if (sun_height <= 0.01) return 0.0;
    return 1098.0 * sun_height * mt_portable_exp(-0.057 / sun_height);
}

static double between(const double *mark, int hour, double part)
{
    return mark[hour] + (mark[hour + 1] - mark[hour]) * part;
}

static double power_34_tenths(double x)
{
    return x > 1e-6 ? mt_portable_exp(3.4 * mt_portable_log(x)) : 0.0;
}

mt_sim_weather mt_sim_weather_at(const mt_sim_sky *sky, const mt_sim_rule *rule, mt_time t)
{
    const mt_sim_area *area = mt_sim_area_at(rule->area);
    double hours = (double)(t - sky->day * MT_US_DAY) / 3600e6;
    int hour = hours >= 24.0 ? 23 : (int)hours;
    double part = hours - hour;
    double winter = mt_portable_cos_turns(year_turns(t) - 0.045); /* +1 in mid-January, -1 in mid-July */
    double solar_hour = hours + area->longitude / 15.0;
    mt_sim_weather out;

    double logit = area->cloud + 0.45 * winter + 1.15 * between(sky->cloud, hour, part);
    out.cloud_share = 1.0 / (1.0 + mt_portable_exp(-logit));
    out.radiation_w_m2 = mt_sim_clear_sky_w_m2(mt_sim_sun_height(area->latitude, area->longitude, t)) *
                         (1.0 - 0.75 * power_34_tenths(out.cloud_share));

    double swing = area->diurnal_c * (1.15 - 0.7 * out.cloud_share) * (1.0 - 0.35 * winter);
    out.temperature_c = area->temperature_c - area->season_c * winter +
                        3.3 * between(sky->warmth, hour, part) +
                        swing * mt_portable_cos_turns((solar_hour - 15.0) / 24.0);

    double east = prevailing_west + between(sky->east, hour, part), north = between(sky->north, hour, part);
    double speed = speed_scale * sqrt(east * east + north * north);
    double gusty = between(sky->eddy, hour, part);
    out.wind_100m_m_s = area->wind_m_s * (1.0 + 0.17 * winter) * speed * mt_portable_exp(0.12 * gusty);
    out.wind_10m_m_s = out.wind_100m_m_s * profile_10m;
    double burst = between(sky->gust, hour, part);
    out.gust_10m_m_s = out.wind_10m_m_s * (1.45 + 0.12 * (burst < -2.5 ? -2.5 : burst));
    return out;
}
