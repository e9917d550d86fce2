/* Daily prices of fuels and carbon, one for all areas. */
#include "simulate/fuel.h"
#include "num/portable.h"
#include "simulate/noise.h"

MT_SAME_BITS

static double deviation(const mt_sim_rule *rule, mt_sim_series series, mt_day day, double memory_d)
{
    mt_rng stream = mt_sim_stream_common(rule, series);
    return mt_sim_noise_day(&stream, day, memory_d);
}

static double price(double level, double spread, double z, double factor)
{
    return mt_portable_round(level * mt_portable_exp(spread * z - 0.5 * spread * spread) * factor, 100.0);
}

mt_sim_fuel mt_sim_fuel_on(const mt_sim_rule *rule, mt_day day)
{
    double gas = deviation(rule, MT_SIM_SERIES_GAS, day, 40.0);
    double coal = 0.5 * gas + 0.866 * deviation(rule, MT_SIM_SERIES_COAL, day, 60.0);
    double carbon = 0.4 * gas + 0.917 * deviation(rule, MT_SIM_SERIES_CARBON, day, 50.0);
    double winter = mt_portable_cos_turns(((double)day - 15.0) / 365.2425);
    return (mt_sim_fuel){
        .gas_eur_mwh = price(34.0 * (1.0 + 0.08 * winter), 0.17, gas, rule->gas_factor),
        .coal_eur_mwh = price(14.0, 0.12, coal, rule->coal_factor),
        .oil_eur_mwh = price(48.0, 0.10, coal, rule->gas_factor),
        .lignite_eur_mwh = price(5.5, 0.0, 0.0, rule->coal_factor),
        .uranium_eur_mwh = 3.0,
        .carbon_eur_t = price(68.0, 0.10, carbon, rule->carbon_factor),
    };
}
