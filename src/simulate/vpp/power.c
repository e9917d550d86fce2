/* From the area's weather to one plant's power. */
#include "simulate/vpp/power.h"

#include "num/portable.h"

#include <math.h>

MT_SAME_BITS

enum { MARKS_OF_DAY = 96, DAYS_BEFORE = 1, DAYS_AFTER = 4, MINUTES_OF_MARK = 15 };

static const mt_time mark_us = 15 * MT_US_MINUTE;
static const double gust_keeps = 0.93, cloud_keeps = 0.9; /* of a minute's deviation in the next */
static const double gust_size = 0.07;

mt_code mt_sim_air_new(mt_ctx *cx, mt_sim_air *out, const mt_sim_vpp_rule *rule)
{
    mt_sim_sky sky;
    mt_day first = rule->market.first_day - DAYS_BEFORE - 1;
    size_t days = (size_t)rule->market.days + DAYS_BEFORE + DAYS_AFTER + 1;
    *out = (mt_sim_air){.rule = rule, .start = first * MT_US_DAY, .n = days * MARKS_OF_DAY};
    MT_TRY(MT_NEW(cx, &out->wind_m_s, out->n));
    MT_TRY(MT_NEW(cx, &out->cloud_share, out->n));
    MT_TRY(MT_NEW(cx, &out->temperature_c, out->n));
    for (size_t k = 0; k < out->n; k++) {
        if (k % MARKS_OF_DAY == 0) mt_sim_sky_make(&sky, &rule->market, first + (mt_day)(k / MARKS_OF_DAY));
        mt_sim_weather w = mt_sim_weather_at(&sky, &rule->market, out->start + (mt_time)k * mark_us);
        out->wind_m_s[k] = w.wind_100m_m_s * rule->market.wind_factor;
        out->cloud_share[k] = w.cloud_share;
        out->temperature_c[k] = w.temperature_c;
    }
    return MT_OK;
}

/* A value between marks, at the plant's own time. */
static double read_mark(const mt_sim_air *air, const double *mark, const mt_sim_asset *asset, double marks)
{
    double at = marks - asset->drift_quarters;
    if (at < 0.0) at = 0.0;
    if (at > (double)(air->n - 2)) at = (double)(air->n - 2);
    size_t k = (size_t)at;
    double part = at - (double)k;
    return mark[k] + (mark[k + 1] - mark[k]) * part;
}

static double cloud_cut(double share)
{
    return share > 1e-6 ? 0.75 * mt_portable_exp(3.4 * mt_portable_log(share)) : 0.0;
}

static double radiation_at(const mt_sim_air *air, const mt_sim_asset *asset, mt_time t, double marks)
{
    double sun = mt_sim_sun_height(asset->plant.latitude, asset->plant.longitude, t);
    if (sun < asset->horizon) return 0.0;
    double cloud = read_mark(air, air->cloud_share, asset, marks);
    return mt_sim_clear_sky_w_m2(sun) * (1.0 - cloud_cut(cloud)) * air->rule->market.solar_factor;
}

static double share_of_sun(double radiation_w_m2, double temperature_c)
{
    double cell = temperature_c + 0.028 * radiation_w_m2;
    double loss = cell > 25.0 ? 0.004 * (cell - 25.0) : 0.0;
    double share = 1.04 * radiation_w_m2 / 1000.0 * (1.0 - loss);
    return share < 1.0 ? share : 1.0;
}

static double share_of_wind(double wind_m_s)
{
    const double low = 3.0, rated = 12.5, high = 25.0;
    if (wind_m_s <= low || wind_m_s >= high) return 0.0;
    if (wind_m_s >= rated) return 1.0;
    return (wind_m_s * wind_m_s * wind_m_s - low * low * low) / (rated * rated * rated - low * low * low);
}

static double hub_factor(const mt_sim_asset *asset)
{
    return asset->site * mt_portable_exp(0.2 * mt_portable_log(asset->plant.hub_height_m / 100.0));
}

/* Sun or wind at the marks; what lies between is a straight line. */
struct marks {
    bool solar;
    double hub, capacity_kw, now, next, cloud, temperature;
};

static void read_marks(struct marks *m, const mt_sim_air *air, const mt_sim_asset *asset, mt_time mark)
{
    double marks = (double)((mark - air->start) / mark_us);
    m->temperature = read_mark(air, air->temperature_c, asset, marks);
    m->cloud = read_mark(air, air->cloud_share, asset, marks);
    if (m->solar) {
        m->now = radiation_at(air, asset, mark, marks);
        m->next = radiation_at(air, asset, mark + mark_us, marks + 1.0);
    } else {
        m->now = read_mark(air, air->wind_m_s, asset, marks) * m->hub;
        m->next = read_mark(air, air->wind_m_s, asset, marks + 1.0) * m->hub;
    }
}

static double power_at(const struct marks *m, const mt_sim_asset *asset, double part, double deviation)
{
    double value = m->now + (m->next - m->now) * part;
    if (m->solar) {
        double flicker = 1.0 + deviation * 0.55 * m->cloud * (1.0 - m->cloud);
        if (flicker < 0.15) flicker = 0.15;
        return m->capacity_kw * asset->site * share_of_sun(value * flicker, m->temperature);
    }
    return m->capacity_kw * share_of_wind(value * (1.0 + gust_size * deviation));
}

void mt_sim_power(double *kw, const mt_sim_air *air, const mt_sim_asset *asset, mt_time from, size_t minutes)
{
    struct marks m = {.solar = asset->plant.technology == MT_SOLAR,
                      .capacity_kw = (double)asset->plant.capacity_w / 1000.0};
    double keeps = m.solar ? cloud_keeps : gust_keeps, renews = sqrt(1.0 - keeps * keeps), deviation = 0.0;
    mt_time until = from + (mt_time)minutes * MT_US_MINUTE;
    mt_rng rng = {{0}};
    if (!m.solar) m.hub = hub_factor(asset);
    for (mt_time t = mt_time_floor(from, MT_US_DAY); t < until; t += MT_US_MINUTE) {
        if (t % MT_US_DAY == 0) {
            rng = mt_sim_vpp_stream(air->rule, MT_SIM_VPP_GUST, asset->key, (mt_day)(t / MT_US_DAY));
            deviation = mt_rng_normal(&rng);
        }
        deviation = keeps * deviation + renews * mt_rng_normal(&rng);
        if (t < from) continue;
        int minute = (int)(t % mark_us / MT_US_MINUTE);
        if (minute == 0 || t == from) read_marks(&m, air, asset, t - minute * MT_US_MINUTE);
        kw[(t - from) / MT_US_MINUTE] = power_at(&m, asset, (minute + 0.5) / MINUTES_OF_MARK, deviation);
    }
}

void mt_sim_power_quarters(double *kw, const mt_sim_air *air, const mt_sim_asset *asset, mt_time from,
                           size_t n)
{
    double minute[MARKS_OF_DAY * MINUTES_OF_MARK];
    for (size_t done = 0; done < n;) {
        size_t now = n - done < MARKS_OF_DAY ? n - done : MARKS_OF_DAY;
        mt_sim_power(minute, air, asset, from + (mt_time)done * mark_us, now * MINUTES_OF_MARK);
        for (size_t k = 0; k < now * MINUTES_OF_MARK; k++) {
            if (k % MINUTES_OF_MARK == 0) kw[done + k / MINUTES_OF_MARK] = 0.0;
            kw[done + k / MINUTES_OF_MARK] += minute[k] / MINUTES_OF_MARK;
        }
        done += now;
    }
}

mt_sim_site_weather mt_sim_weather_of(const mt_sim_air *air, const mt_sim_asset *asset, mt_time t)
{
    double marks = (double)(t - air->start) / (double)mark_us;
    return (mt_sim_site_weather){.radiation_w_m2 = radiation_at(air, asset, t, marks),
                                 .wind_m_s =
                                     read_mark(air, air->wind_m_s, asset, marks) *
                                     (asset->plant.technology == MT_SOLAR ? asset->site : hub_factor(asset)),
                                 .temperature_c = read_mark(air, air->temperature_c, asset, marks),
                                 .cloud_share = read_mark(air, air->cloud_share, asset, marks)};
}
