/* What the tests of this folder share: a desk built from arrays.
 *
 * Purpose   Included by tests only, after cmocka.h. A desk of some days of Europe/Berlin; every call of a
 *           case_* function delivers one file, later calls later files (versions a minute apart, months
 *           before the range, so that all of them are known).
 * Units     KW(1.5), EUR(80.25), MW in capacities by W. Arrays start with the first quarter of the range;
 *           GAP in them is a missing value.
 * Example   case_desk d;
 *           case_open(&d, "2025-06-08", 1);
 *           mt_contract c = case_contract(&d, "WND", MT_WIND, 6600000);
 *           case_contracts(&d, &c, 1);
 *           case_meter(&d, "MP-WND", kw, 96);
 *           const mt_desk *desk = case_finish(&d);
 *           …
 *           case_close(&d);
 */
#ifndef MT_VPP_TESTING_H
#define MT_VPP_TESTING_H

#include "vpp/testing_desk.h"

/* Fixed price of 80 EUR/MWh without fee, open, from 2020-01-01 on; metering point MP-<asset>, contract
 * C-<asset>. Texts live in `d`. */
CASE_UNUSED static mt_contract case_contract(case_desk *d, const char *asset_id, mt_technology technology,
                                             int64_t capacity_w)
{
    mt_contract c = {.asset_id = asset_id,
                     .capacity_w = capacity_w,
                     .technology = technology,
                     .begin = mt_day_of(2020, 1, 1),
                     .end = MT_DAY_NONE,
                     .price = EUR(80),
                     .spread = MT_MICRO_NONE,
                     .price_percent = MT_MICRO_NONE,
                     .floor = MT_MICRO_NONE,
                     .cap = MT_MICRO_NONE,
                     .fee = MT_MICRO_NONE,
                     .fee_percent = MT_MICRO_NONE,
                     .value_applied = MT_MICRO_NONE,
                     .curtail_percent = MT_MICRO_NONE};
    case_ok(d, mt_text_format(&d->cx, &c.contract_id, "C-%s", asset_id));
    case_ok(d, mt_text_format(&d->cx, &c.metering_point_id, "MP-%s", asset_id));
    return c;
}

/* Several contracts make one file: the newest file counts as a whole. */
CASE_UNUSED static void case_contracts(case_desk *d, const mt_contract *contract, size_t n)
{
    int file = case_file_at(d, "contracts", d->files);
    for (size_t k = 0; k < n; k++) case_ok(d, d->taker->contract(&d->cx, d->taker->arg, file, &contract[k]));
}

/* South-facing or 120 m high, in the middle of Germany, commissioned 2024-01-01. */
CASE_UNUSED static mt_plant case_plant(const char *asset_id, mt_technology technology, int64_t capacity_w)
{
    return (mt_plant){.asset_id = asset_id,
                      .technology = technology,
                      .latitude = 51,
                      .longitude = 10,
                      .zone = "Europe/Berlin",
                      .capacity_w = capacity_w,
                      .turbines = INT64_MIN,
                      .hub_height_m = technology == MT_SOLAR ? NAN : 120,
                      .tilt_deg = technology == MT_SOLAR ? 30 : NAN,
                      .azimuth_deg = technology == MT_SOLAR ? 180 : NAN,
                      .commissioned = mt_day_of(2024, 1, 1)};
}

/* Several plants make one file of data sheets. */
CASE_UNUSED static void case_plants(case_desk *d, const mt_plant *plant, size_t n)
{
    int file = case_file_at(d, "technical_data", d->files);
    for (size_t k = 0; k < n; k++) case_ok(d, d->taker->plant(&d->cx, d->taker->arg, file, &plant[k]));
}

CASE_UNUSED static void case_party(case_desk *d, mt_party party, bool issuer)
{
    int file = case_file(d, "parties");
    case_ok(d, d->taker->party(&d->cx, d->taker->arg, file, &party, issuer));
}

CASE_UNUSED static void case_meter_in(case_desk *d, int file, const char *metering_point, const mt_micro *kw,
                                      size_t n)
{
    mt_meter_value value[CASE_QUARTERS_MAX];
    for (size_t k = 0; k < n; k++) value[k] = (mt_meter_value){case_quarter(d, (int)k), kw[k]};
    case_ok(d, d->taker->meter(&d->cx, d->taker->arg, file, metering_point, value, n));
}

CASE_UNUSED static void case_meter(case_desk *d, const char *metering_point, const mt_micro *kw, size_t n)
{
    case_meter_in(d, case_file(d, "final_production"), metering_point, kw, n);
}

/* A good point a minute, of the power of its quarter; none in a quarter of GAP. */
CASE_UNUSED static void case_live(case_desk *d, const char *asset_id, const mt_micro *kw, size_t n)
{
    int file = case_file(d, "live");
    for (size_t k = 0; k < n; k++) {
        mt_time time[15];
        mt_micro power[15];
        for (int p = 0; p < 15; p++) {
            time[p] = case_quarter(d, (int)k) + p * MT_US_MINUTE;
            power[p] = kw[k];
        }
        const mt_live_points points = {15, time, power, NULL};
        if (kw[k] != GAP) case_ok(d, d->taker->live(&d->cx, d->taker->arg, file, asset_id, &points));
    }
}

/* A version of a forecast: version MT_TIME_NONE: a day before the range. */
CASE_UNUSED static void case_forecast(case_desk *d, const char *asset_id, mt_time version, const mt_micro *kw,
                                      size_t n)
{
    mt_forecast_value value[CASE_QUARTERS_MAX];
    int file = case_file(d, "forecast");
    if (version == MT_TIME_NONE) version = d->start - MT_US_DAY;
    for (size_t k = 0; k < n; k++)
        value[k] = (mt_forecast_value){case_quarter(d, (int)k), case_quarter(d, (int)k + 1), kw[k]};
    case_ok(d, d->taker->forecast(&d->cx, d->taker->arg, file, asset_id, version, value, n));
}

/* What was sold of the asset. */
CASE_UNUSED static void case_schedule(case_desk *d, const char *asset_id, const mt_micro *kw, size_t n)
{
    mt_forecast_value value[CASE_QUARTERS_MAX];
    int file = case_file(d, "schedule");
    for (size_t k = 0; k < n; k++)
        value[k] = (mt_forecast_value){case_quarter(d, (int)k), case_quarter(d, (int)k + 1), kw[k]};
    case_ok(d, d->taker->schedule(&d->cx, d->taker->arg, file, asset_id, value, n));
}

/* Quarters from … to - 1 are redispatched to the setpoint (GAP: switched off). */
CASE_UNUSED static void case_redispatch(case_desk *d, const char *metering_point, int from, int to,
                                        mt_micro setpoint_kw)
{
    const mt_redispatch_value value = {case_quarter(d, from), case_quarter(d, to), true, setpoint_kw};
    int file = case_file(d, "redispatch_flag");
    case_ok(d, d->taker->redispatch(&d->cx, d->taker->arg, file, metering_point, &value, 1));
}

CASE_UNUSED static void case_price(case_desk *d, mt_vpp_price kind, const mt_micro *price, size_t n)
{
    mt_price_value value[CASE_QUARTERS_MAX];
    int file = case_file(d, "price");
    for (size_t k = 0; k < n; k++)
        value[k] = (mt_price_value){case_quarter(d, (int)k), case_quarter(d, (int)k + 1), price[k]};
    case_ok(d, d->taker->price(&d->cx, d->taker->arg, file, kind, value, n));
}

/* Month 0: of the year. */
CASE_UNUSED static void case_market_value(case_desk *d, int year, int month, mt_technology technology,
                                          mt_micro ct_kwh)
{
    const mt_market_value value = {year, month, technology, ct_kwh};
    int file = case_file(d, "market_values");
    case_ok(d, d->taker->market_value(&d->cx, d->taker->arg, file, &value, 1));
}

CASE_UNUSED static void case_outage(case_desk *d, const char *asset_id, int from, int to, mt_micro kw)
{
    const mt_outage_value value = {case_quarter(d, from), case_quarter(d, to), kw};
    int file = case_file(d, "outage");
    case_ok(d, d->taker->outage(&d->cx, d->taker->arg, file, asset_id, &value, 1));
}

/* Quarters from … to - 1; NaN: not told. */
CASE_UNUSED static void case_weather(case_desk *d, const char *asset_id, int from, int to,
                                     double irradiance_w_m2, double wind_m_s)
{
    const mt_weather_value value = {
        case_quarter(d, from), case_quarter(d, to), irradiance_w_m2, wind_m_s, 120, NAN, NAN};
    int file = case_file(d, "weather");
    case_ok(d, d->taker->weather(&d->cx, d->taker->arg, file, asset_id, &value, 1));
}

/* A trade over the quarters from … to - 1. */
CASE_UNUSED static mt_trade case_trade(const case_desk *d, mt_side side, int from, int to, mt_micro price,
                                       int64_t energy_wh)
{
    return (mt_trade){.delivery_start = case_quarter(d, from),
                      .delivery_end = case_quarter(d, to),
                      .execution_time = d->start - MT_US_HOUR,
                      .price = price,
                      .energy_wh = energy_wh,
                      .side = side};
}

CASE_UNUSED static void case_trades(case_desk *d, bool is_public, const mt_trade *trade, size_t n)
{
    int file = case_file(d, is_public ? "Public_Trades" : "Private_Trades");
    case_ok(d, d->taker->trades(&d->cx, d->taker->arg, file, is_public, trade, n));
}

#endif
