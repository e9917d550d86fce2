/* What to simulate: seed, area, days, resolution, sizes and scenario. */
#include "simulate/rule.h"
#include "base/calendar.h"

#include <stddef.h>

enum {
    COMMON_KEY = 0
}; /* areas have the keys 1 … n, so that a new row at the end of the table moves nothing */

static const struct {
    const char *name;
    size_t offset;
    double low, high;
} real_member[] = {
    {"trades per product", offsetof(mt_sim_rule, trades_per_product), 0.0, 10000.0},
    {"flaw share", offsetof(mt_sim_rule, flaw_share), 0.0, 1.0},
    {"gas factor", offsetof(mt_sim_rule, gas_factor), 0.0, 100.0},
    {"coal factor", offsetof(mt_sim_rule, coal_factor), 0.0, 100.0},
    {"carbon factor", offsetof(mt_sim_rule, carbon_factor), 0.0, 100.0},
    {"load factor", offsetof(mt_sim_rule, load_factor), 0.0, 100.0},
    {"wind factor", offsetof(mt_sim_rule, wind_factor), 0.0, 100.0},
    {"solar factor", offsetof(mt_sim_rule, solar_factor), 0.0, 100.0},
};

mt_sim_rule mt_sim_rule_default(void)
{
    return (mt_sim_rule){
        .size = sizeof(mt_sim_rule),
        .seed = 1,
        .first_day = mt_day_of(2025, 6, 1),
        .days = 10,
        .step = MT_US_HOUR,
        .orders_per_period = 200,
        .trades_per_product = 40.0,
        .gas_factor = 1.0,
        .coal_factor = 1.0,
        .carbon_factor = 1.0,
        .load_factor = 1.0,
        .wind_factor = 1.0,
        .solar_factor = 1.0,
    };
}

static mt_code check_whole(mt_ctx *cx, const char *name, int64_t value, int64_t low, int64_t high)
{
    if (value >= low && value <= high) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "simulation: %s is %lld; it must lie between %lld and %lld", name,
                   (long long)value, (long long)low, (long long)high);
}

mt_code mt_sim_rule_check(mt_ctx *cx, const mt_sim_rule *rule)
{
    if (rule->size != sizeof *rule)
        return mt_fail(cx, MT_E_BUG, "simulation: the rule's size member is not set");
    MT_TRY(check_whole(cx, "area index", (int64_t)rule->area, 0, (int64_t)mt_sim_area_count() - 1));
    MT_TRY(check_whole(cx, "number of days", rule->days, 1, 36525));
    MT_TRY(check_whole(cx, "first day (counted from 1970-01-01)", rule->first_day, mt_day_of(1970, 1, 1),
                       mt_day_of(2170, 1, 1)));
    MT_TRY(check_whole(cx, "number of orders per period", rule->orders_per_period, 2, 100000000));
    int64_t minutes = rule->step / MT_US_MINUTE;
    if (rule->step % MT_US_MINUTE || (minutes != 15 && minutes != 30 && minutes != 60)) {
        return mt_fail(cx, MT_E_INPUT, "simulation: the period is %lld s; it must be 15, 30 or 60 minutes",
                       (long long)(rule->step / MT_US_SECOND));
    }
    for (size_t i = 0; i < sizeof real_member / sizeof *real_member; i++) {
        double value = *(const double *)(const void *)((const char *)rule + real_member[i].offset);
        if (value >= real_member[i].low && value <= real_member[i].high) continue;
        return mt_fail(cx, MT_E_INPUT, "simulation: %s is %g; it must lie between %g and %g",
                       real_member[i].name, value, real_member[i].low, real_member[i].high);
    }
    return MT_OK;
}

mt_time mt_sim_day_start(const mt_sim_rule *rule, mt_day day)
{
    if (rule->clock) return mt_day_start(rule->clock, day);
    return day * MT_US_DAY - mt_sim_area_at(rule->area)->standard_offset_s * MT_US_SECOND;
}

int32_t mt_sim_offset_s(const mt_sim_rule *rule, mt_time t)
{
    return rule->clock ? mt_zone_offset_s(rule->clock, t) : mt_sim_area_at(rule->area)->standard_offset_s;
}

static mt_rng stream_of(const mt_sim_rule *rule, mt_sim_series series, uint64_t place)
{
    mt_rng root = mt_rng_new(rule->seed);
    mt_rng of_series = mt_rng_split(&root, (uint64_t)series);
    return mt_rng_split(&of_series, place);
}

mt_rng mt_sim_stream(const mt_sim_rule *rule, mt_sim_series series)
{
    return stream_of(rule, series, (uint64_t)rule->area + 1);
}

mt_rng mt_sim_stream_common(const mt_sim_rule *rule, mt_sim_series series)
{
    return stream_of(rule, series, COMMON_KEY);
}
