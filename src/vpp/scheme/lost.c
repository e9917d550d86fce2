/* Lost energy by the three rules, and the table of plant factors. */
#include "vpp/scheme/lost.h"

#include "vpp/plant/wind_power.h"

#include <math.h>

/* Times in minutes of the day, UTC+1 all year. */
static const struct {
    bool summer; /* 1 March to 31 October */
    int from, until;
    mt_micro factor;
} plant_factor[] = {
    {true, 6 * 60, 9 * 60, 245600},    {true, 9 * 60, 15 * 60, 618900},
    {true, 15 * 60, 19 * 60, 245600},  {false, 9 * 60, 10 * 60, 279600},
    {false, 10 * 60, 14 * 60, 503000}, {false, 14 * 60, 16 * 60 + 45, 279600},
};

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t capacity_w_at(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    if (!asset->capacity_by_day) return asset->capacity_w;
    return asset->capacity_by_day[mt_desk_day_index(desk, quarter)];
}

static int64_t limit(const mt_lost_input *in, int64_t wh, size_t quarter)
{
    return mt_limit_to_capacity(in->desk, in->asset, wh, quarter);
}

static mt_micro setpoint_at(const mt_lost_input *in, size_t quarter)
{
    mt_micro setpoint = in->asset->setpoint_kw ? in->asset->setpoint_kw[quarter] : MT_MICRO_NONE;
    return setpoint == MT_MICRO_NONE ? 0 : setpoint;
}

/* What is lost of an energy that was expected. */
static mt_lost less_setpoint(const mt_lost_input *in, mt_lost_rule rule, int64_t expected_wh, size_t quarter)
{
    mt_lost lost = {.rule = rule, .expected_wh = expected_wh, .wh = MT_WH_NONE};
    if (expected_wh != MT_WH_NONE)
        lost.wh = most_of(0, mt_exact_difference(expected_wh, mt_wh_of_kw(setpoint_at(in, quarter))));
    return lost;
}

static mt_lost by_forecast(const mt_lost_input *in, size_t quarter)
{
    return less_setpoint(in, MT_LOST_FORECAST, limit(in, in->latest[quarter].wh, quarter), quarter);
}

/* Powers are subtracted in billionths of a kW, so that there is one rounding. */
static mt_lost by_factor(const mt_lost_input *in, size_t quarter)
{
    const mt_micro factor = mt_solar_plant_factor(in->desk->grid.start + (mt_time)quarter * MT_QUARTER);
    const int64_t nano_kw = mt_exact_ratio(factor, capacity_w_at(in->desk, in->asset, quarter), 1);
    const int64_t setpoint = mt_exact_ratio(setpoint_at(in, quarter), 1000, 1);
    if (nano_kw == INT64_MIN || setpoint == INT64_MIN) return by_forecast(in, quarter);
    return (mt_lost){.rule = MT_LOST_FLAT,
                     .expected_wh = mt_exact_ratio(nano_kw, 250, 1000000000),
                     .wh = most_of(0, mt_exact_ratio(nano_kw - setpoint, 250, 1000000000))};
}

static int64_t infeed_before(const mt_lost_input *in, size_t before)
{
    return before == SIZE_MAX ? MT_WH_NONE : in->infeed[before].wh;
}

static mt_lost by_power_before(const mt_lost_input *in, size_t quarter, size_t before)
{
    const int64_t wh = infeed_before(in, before);
    if (wh == MT_WH_NONE) return by_forecast(in, quarter);
    return less_setpoint(in, MT_LOST_FLAT, limit(in, wh, quarter), quarter);
}

/* The measure of the weather by which power goes, in exact millionths; missing: INT64_MIN. */
static int64_t weather_at(const mt_lost_input *in, size_t quarter)
{
    const mt_weather_value *weather = &in->asset->weather[quarter];
    const double value = in->technology == MT_SOLAR ? weather->irradiance_w_m2
                                                    : mt_wind_plant_share(in->asset->plant, weather);
    const double scale = in->technology == MT_SOLAR ? 1e6 : 1e12; /* curves have no last decimal */
    return value >= 0 && value < 1e5 ? (int64_t)llround(value * scale) : INT64_MIN;
}

static mt_lost by_weather(const mt_lost_input *in, size_t quarter, size_t before)
{
    const int64_t wh = infeed_before(in, before);
    if (wh == MT_WH_NONE || !in->asset->weather) return by_forecast(in, quarter);
    const int64_t then = weather_at(in, before), now = weather_at(in, quarter);
    if (then == INT64_MIN || then == 0 || now == INT64_MIN) return by_forecast(in, quarter);
    return less_setpoint(in, MT_LOST_WEATHER, limit(in, mt_exact_ratio(wh, now, then), quarter), quarter);
}

mt_lost mt_lost_at(const mt_lost_input *input, mt_lost_rule rule, size_t quarter, size_t before)
{
    if (rule == MT_LOST_WEATHER) return by_weather(input, quarter, before);
    if (rule == MT_LOST_FORECAST) return by_forecast(input, quarter);
    return input->technology == MT_SOLAR ? by_factor(input, quarter)
                                         : by_power_before(input, quarter, before);
}

int64_t mt_capacity_wh(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    return mt_wh_of_w(capacity_w_at(desk, asset, quarter));
}

int64_t mt_limit_to_capacity(const mt_desk *desk, const mt_desk_asset *asset, int64_t wh, size_t quarter)
{
    const int64_t most = mt_capacity_wh(desk, asset, quarter);
    return most != MT_WH_NONE && wh > most ? most : wh;
}

mt_micro mt_solar_plant_factor(mt_time quarter_start)
{
    const mt_civil local = mt_time_civil(quarter_start + MT_US_HOUR);
    const bool summer = local.month >= 3 && local.month <= 10;
    const int minute = local.hour * 60 + local.minute;
    for (size_t k = 0; k < sizeof plant_factor / sizeof *plant_factor; k++) {
        if (plant_factor[k].summer == summer && minute >= plant_factor[k].from &&
            minute < plant_factor[k].until)
            return plant_factor[k].factor;
    }
    return 0;
}
