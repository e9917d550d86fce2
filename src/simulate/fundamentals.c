/* One delivery day of an area: weather, renewable power, load, fuel and outages, period by period. */
#include "simulate/fundamentals.h"
#include "base/holiday.h"
#include "num/portable.h"

#include <string.h>

MT_SAME_BITS

enum { QUARTER_MINUTES = 15, WEEKDAY_SATURDAY = 6 };

static const mt_time quarter = QUARTER_MINUTES * MT_US_MINUTE;

/* Load at each local hour, 1 = the mean over all weeks; the form is that of Central European load curves. */
static const double load_workday[25] = {
    0.85, 0.81, 0.79, 0.79, 0.81, 0.87, 0.98, 1.09, 1.14, 1.15, 1.15, 1.16, 1.15,
    1.13, 1.11, 1.10, 1.11, 1.15, 1.19, 1.18, 1.12, 1.05, 0.99, 0.91, 0.85,
};
static const double load_saturday[25] = {
    0.84, 0.80, 0.77, 0.75, 0.76, 0.77, 0.81, 0.87, 0.94, 0.99, 1.01, 1.02, 1.00,
    0.97, 0.94, 0.93, 0.95, 1.01, 1.05, 1.05, 1.00, 0.95, 0.91, 0.86, 0.82,
};
static const double load_sunday[25] = {
    0.79, 0.75, 0.72, 0.70, 0.70, 0.70, 0.72, 0.75, 0.80, 0.86, 0.89, 0.91, 0.90,
    0.86, 0.83, 0.82, 0.85, 0.92, 1.00, 1.01, 0.97, 0.92, 0.88, 0.82, 0.79,
};

/* One instant before averaging. */
struct moment {
    mt_sim_weather weather;
    double solar_mw, onshore_mw, offshore_mw, load_mw;
};

/* What is made once a UTC day while walking through the quarters. */
struct drift {
    mt_sim_sky sky;
    double load[MT_SIM_MARKS];
};

static void make_drift(struct drift *out, const mt_sim_rule *rule, mt_day utc_day)
{
    mt_rng stream = mt_sim_stream(rule, MT_SIM_SERIES_LOAD);
    mt_sim_sky_make(&out->sky, rule, utc_day);
    mt_sim_noise_hours(out->load, &stream, utc_day, 8.0);
}

double mt_sim_wind_share(double wind_100m_m_s)
{
    /* Many sites: no sharp start, rated power is never reached everywhere, storms switch some off. */
    double v3 = wind_100m_m_s * wind_100m_m_s * wind_100m_m_s;
    double share = 0.92 * v3 / (v3 + 880.0);
    if (wind_100m_m_s > 21.0) share *= 1.0 - (wind_100m_m_s - 21.0) / 9.0;
    return share > 0.0 ? share : 0.0;
}

static double solar_share(const mt_sim_weather *weather)
{
    double cell_c = weather->temperature_c + 0.028 * weather->radiation_w_m2;
    double heat = 1.0 - 0.004 * (cell_c > 25.0 ? cell_c - 25.0 : 0.0);
    return weather->radiation_w_m2 / 1000.0 * 0.82 * heat;
}

static double load_shape(const double *shape, int32_t local_s)
{
    int hour = local_s / 3600;
    double part = (local_s % 3600) / 3600.0;
    return shape[hour] + (shape[hour + 1] - shape[hour]) * part;
}

/* MW of all consumers; `shape` is that of the kind of day. */
static double load_at(const mt_sim_rule *rule, const double *shape, int32_t local_s, double temperature_c,
                      double noise)
{
    const mt_sim_area *area = mt_sim_area_at(rule->area);
    double cold = temperature_c < 15.0 ? 15.0 - temperature_c : 0.0;
    double hot = temperature_c > 22.0 ? temperature_c - 22.0 : 0.0;
    double base = area->load_mw * load_shape(shape, local_s) * (1.0 + 0.013 * noise);
    return (base + area->heating_mw_k * cold + area->cooling_mw_k * hot) * rule->load_factor;
}

static struct moment moment_at(const struct drift *drift, const mt_sim_rule *rule, const double *shape,
                               mt_time t)
{
    const mt_sim_area *area = mt_sim_area_at(rule->area);
    struct moment out = {.weather = mt_sim_weather_at(&drift->sky, rule, t)};
    mt_time local = t + mt_sim_offset_s(rule, t) * MT_US_SECOND;
    int32_t local_s = (int32_t)((local - mt_time_floor(local, MT_US_DAY)) / MT_US_SECOND);
    double hours = (double)(t - drift->sky.day * MT_US_DAY) / 3600e6;
    int hour = (int)hours;
    double noise = drift->load[hour] + (drift->load[hour + 1] - drift->load[hour]) * (hours - hour);
    double wind = out.weather.wind_100m_m_s;
    out.solar_mw = area->installed_mw[MT_SIM_SOLAR] * solar_share(&out.weather) * rule->solar_factor;
    out.onshore_mw = area->installed_mw[MT_SIM_ONSHORE] * mt_sim_wind_share(wind) * rule->wind_factor;
    out.offshore_mw =
        area->installed_mw[MT_SIM_OFFSHORE] * mt_sim_wind_share(1.45 * wind) * rule->wind_factor;
    out.load_mw = load_at(rule, shape, local_s, out.weather.temperature_c, noise);
    return out;
}

static void add_moment(struct moment *sum, const struct moment *m)
{
    sum->weather.temperature_c += m->weather.temperature_c;
    sum->weather.wind_10m_m_s += m->weather.wind_10m_m_s;
    sum->weather.wind_100m_m_s += m->weather.wind_100m_m_s;
    if (m->weather.gust_10m_m_s > sum->weather.gust_10m_m_s)
        sum->weather.gust_10m_m_s = m->weather.gust_10m_m_s;
    sum->weather.cloud_share += m->weather.cloud_share;
    sum->weather.radiation_w_m2 += m->weather.radiation_w_m2;
    sum->solar_mw += m->solar_mw;
    sum->onshore_mw += m->onshore_mw;
    sum->offshore_mw += m->offshore_mw;
    sum->load_mw += m->load_mw;
}

/* The mean of n moments, rounded; a gust is the strongest of them. */
static void put_state(mt_sim_state *out, const struct moment *sum, int n)
{
    out->weather.temperature_c = mt_portable_round(sum->weather.temperature_c / n, 10.0);
    out->weather.wind_10m_m_s = mt_portable_round(sum->weather.wind_10m_m_s / n, 10.0);
    out->weather.wind_100m_m_s = mt_portable_round(sum->weather.wind_100m_m_s / n, 10.0);
    out->weather.gust_10m_m_s = mt_portable_round(sum->weather.gust_10m_m_s, 10.0);
    out->weather.cloud_share = mt_portable_round(sum->weather.cloud_share / n, 100.0);
    out->weather.radiation_w_m2 = mt_portable_round(sum->weather.radiation_w_m2 / n, 10.0);
    out->solar_mw = mt_portable_round(sum->solar_mw / n, 10.0);
    out->onshore_mw = mt_portable_round(sum->onshore_mw / n, 10.0);
    out->offshore_mw = mt_portable_round(sum->offshore_mw / n, 10.0);
    out->load_mw = mt_portable_round(sum->load_mw / n, 10.0);
}

static mt_code shape_of_day(mt_ctx *cx, const double **out, const mt_sim_rule *rule, mt_day day)
{
    const char *holiday = NULL;
    MT_TRY(mt_holiday_on(cx, &holiday, mt_sim_area_at(rule->area)->country, NULL, day));
    int weekday = mt_day_weekday(day);
    *out = weekday < WEEKDAY_SATURDAY    ? load_workday
           : weekday == WEEKDAY_SATURDAY ? load_saturday
                                         : load_sunday;
    if (holiday) *out = load_sunday;
    return MT_OK;
}

static void fill_states(mt_sim_day *day, const double *shape, mt_time start)
{
    const mt_sim_rule *rule = day->rule;
    mt_sim_fuel fuel = mt_sim_fuel_on(rule, day->day);
    int quarters = (int)(rule->step / quarter);
    struct drift drift;
    drift.sky.day = MT_DAY_NONE;
    for (size_t i = 0; i < day->n; i++) {
        struct moment sum = {0};
        mt_sim_state *state = &day->state[i];
        state->start = start + (mt_time)i * rule->step;
        state->fuel = fuel;
        for (int q = 0; q < quarters; q++) {
            mt_time t = state->start + q * quarter + quarter / 2;
            mt_day utc_day = (mt_day)(mt_time_floor(t, MT_US_DAY) / MT_US_DAY);
            if (drift.sky.day != utc_day) make_drift(&drift, rule, utc_day);
            struct moment moment = moment_at(&drift, rule, shape, t);
            add_moment(&sum, &moment);
        }
        put_state(state, &sum, quarters);
    }
}

static void fill_outages(mt_sim_day *day)
{
    mt_sim_outage_fill(day->lost_mw, day->rule, day->plant, day->n_plants, day->state[0].start,
                       day->rule->step, day->n);
    for (size_t i = 0; i < day->n; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < day->n_plants; k++) sum += day->lost_mw[i * day->n_plants + k];
        day->state[i].outage_mw = mt_portable_round(sum, 10.0);
    }
}

mt_code mt_sim_day_new(mt_ctx *cx, mt_sim_day **out, const mt_sim_rule *rule)
{
    MT_TRY(mt_sim_rule_check(cx, rule));
    mt_sim_day *day;
    mt_sim_plant *plant;
    MT_TRY(MT_NEW(cx, &day, 1));
    MT_TRY(mt_sim_plants(cx, &plant, &day->n_plants, rule));
    MT_TRY(MT_NEW(cx, &day->lost_mw, MT_SIM_PERIODS_MAX * day->n_plants));
    day->plant = plant;
    day->rule = rule;
    *out = day;
    return MT_OK;
}

mt_code mt_sim_day_fill(mt_ctx *cx, mt_sim_day *day, mt_day delivery_day)
{
    const mt_sim_rule *rule = day->rule;
    const double *shape;
    MT_TRY(shape_of_day(cx, &shape, rule, delivery_day));
    mt_time start = mt_sim_day_start(rule, delivery_day);
    mt_time length = mt_sim_day_start(rule, delivery_day + 1) - start;
    if (length <= 0 || length % rule->step || length / rule->step > MT_SIM_PERIODS_MAX) {
        return mt_fail(cx, MT_E_SHAPE,
                       "simulation: the delivery day has %lld minutes, which is no whole number of periods",
                       (long long)(length / MT_US_MINUTE));
    }
    day->day = delivery_day;
    day->n = (size_t)(length / rule->step);
    fill_states(day, shape, start);
    fill_outages(day);
    return MT_OK;
}

mt_code mt_sim_fundamentals(mt_ctx *cx, mt_sim_state **out, size_t *n, const mt_sim_rule *rule,
                            mt_day delivery_day)
{
    mt_sim_day *day;
    MT_TRY(mt_sim_day_new(cx, &day, rule));
    MT_TRY(mt_sim_day_fill(cx, day, delivery_day));
    *out = day->state;
    *n = day->n;
    return MT_OK;
}
