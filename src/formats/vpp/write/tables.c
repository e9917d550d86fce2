/* Tables of a portfolio, a row a line. */
#include "formats/vpp/write/tables.h"

#include "formats/vpp/columns.h"
#include "formats/vpp/write/put.h"

#include <math.h>

enum { ROW_ROOM = 1024, NAME_MAX = 200 };

/* ids and e-mails come from elsewhere: no longer than a row has room for */
static char *put_name(char *to, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n > NAME_MAX) n = NAME_MAX;
    if (n) memcpy(to, text, n);
    return to + n;
}

static char *put_next(char *to, mt_micro value, int places)
{
    return mt_put_micro(mt_put_char(to, ','), value, places);
}

static char *put_share(char *to, double value)
{
    return isnan(value) ? to : mt_put_micro(to, (mt_micro)(value * 1e3 + (value < 0 ? -0.5 : 0.5)) * 1000, 1);
}

static char *put_contract(char *to, const mt_contract *c)
{
    mt_micro capacity_mw = c->capacity_w == MT_MICRO_NONE ? MT_MICRO_NONE : c->capacity_w;
    to = mt_put_char(put_name(to, c->contract_id), ',');
    to = mt_put_char(put_name(to, c->asset_id), ',');
    to = mt_put_char(put_name(to, c->metering_point_id), ',');
    to = mt_put_char(mt_put_micro(to, capacity_mw, c->technology == MT_SOLAR ? 3 : 1), ',');
    to = mt_put_char(mt_put_text(to, mt_technology_word(c->technology)), ',');
    to = mt_put_char(mt_put_day(to, c->begin), ',');
    to = mt_put_char(mt_put_day(to, c->end), ',');
    to = mt_put_text(to, mt_price_model_word[c->price_model]);
    to = mt_put_char(put_next(to, c->price, 1), ',');
    to = mt_put_text(to, mt_fee_model_word[c->fee_model]);
    to = put_next(to, c->fee, 1);
    to = mt_put_char(put_next(to, c->fee_percent, 1), ',');
    return put_name(to, c->email);
}

static char *put_more(char *to, const mt_contract *c)
{
    to = put_next(to, c->spread, 1);
    to = put_next(to, c->price_percent, 1);
    to = put_next(to, c->floor, 1);
    to = mt_put_char(put_next(to, c->cap, 1), ',');
    to = mt_put_char(mt_put_text(to, mt_fee_form_word[c->fee_form]), ',');
    to = mt_put_char(put_name(to, c->owner_id), ',');
    to = mt_put_text(to, mt_scheme_word[c->scheme]);
    to = put_next(to, c->value_applied, 1);
    to = mt_put_text(to, c->energy_credit ? ",yes," : ",no,");
    to = mt_put_text(to, mt_lost_rule_word[c->lost_rule]);
    to = mt_put_char(put_next(to, c->curtail_percent, 1), ',');
    return mt_put_text(to, mt_vat_rule_word[c->vat]);
}

mt_code mt_vpp_write_contracts(mt_ctx *cx, mt_out *out, const mt_contract *contract, size_t n, bool more)
{
    char row[2 * ROW_ROOM];
    MT_TRY(mt_out_text(cx, out,
                       more ? MT_VPP_HEADER_CONTRACTS "," MT_VPP_HEADER_CONTRACTS_MORE "\n"
                            : MT_VPP_HEADER_CONTRACTS "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = put_contract(row, &contract[k]);
        if (more) to = put_more(to, &contract[k]);
        to = mt_put_char(to, '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_meter(mt_ctx *cx, mt_out *out, const char *metering_point, const mt_meter_value *value,
                           size_t n, bool megawatts)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_format(cx, out, MT_VPP_COL_START ",%s%s\n", metering_point,
                         megawatts ? MT_VPP_METER_UNIT_MW : MT_VPP_METER_UNIT_KW));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_text(mt_put_moment(row, value[k].start, ' '), ".000000 UTC,");
        mt_micro power = value[k].power_kw;
        if (megawatts && power != MT_MICRO_NONE) power /= 1000;
        to = mt_put_char(mt_put_micro(to, power, 1), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_redispatch(mt_ctx *cx, mt_out *out, const mt_redispatch_value *value, size_t n)
{
    char row[ROW_ROOM];
    bool setpoints = false;
    for (size_t k = 0; k < n; k++) setpoints = setpoints || value[k].setpoint_kw != MT_MICRO_NONE;
    MT_TRY(mt_out_text(cx, out,
                       setpoints ? MT_VPP_HEADER_REDISPATCH "," MT_VPP_COL_SETPOINT "\n"
                                 : MT_VPP_HEADER_REDISPATCH "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_text(mt_put_moment(row, value[k].start, 'T'), "Z,");
        to = mt_put_text(mt_put_moment(to, value[k].end, 'T'), "Z,");
        to = mt_put_char(to, value[k].redispatched ? '1' : '0');
        if (setpoints) to = put_next(to, value[k].setpoint_kw, 1);
        to = mt_put_char(to, '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_prices(mt_ctx *cx, mt_out *out, const mt_price_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_PRICES "\n"));
    for (size_t k = 0; k < n; k++) {
        if (value[k].price == MT_MICRO_NONE) continue;
        char *to = mt_put_text(mt_put_moment(row, value[k].start, ' '), ".000000 UTC,");
        to = mt_put_text(mt_put_moment(to, value[k].end, ' '), ".000000 UTC");
        to = mt_put_char(put_next(to, value[k].price, 1), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

/* "08.06.2025;UTC;00:00;00:15;": a day's last quarter ends at 00:00. */
static char *put_local_quarter(char *to, const mt_price_value *value, const mt_zone *clock)
{
    mt_civil from = clock ? mt_zone_civil(clock, value->start) : mt_time_civil(value->start);
    mt_civil until = clock ? mt_zone_civil(clock, value->end) : mt_time_civil(value->end);
    to = mt_put_char(mt_put_digits(to, from.day, 2), '.');
    to = mt_put_char(mt_put_digits(to, from.month, 2), '.');
    to = mt_put_text(mt_put_digits(to, from.year, 4), clock ? ";CET;" : ";UTC;");
    to = mt_put_char(mt_put_digits(to, from.hour, 2), ':');
    to = mt_put_char(mt_put_digits(to, from.minute, 2), ';');
    to = mt_put_char(mt_put_digits(to, until.hour, 2), ':');
    return mt_put_char(mt_put_digits(to, until.minute, 2), ';');
}

mt_code mt_vpp_write_rebap(mt_ctx *cx, mt_out *out, const mt_price_value *shorts, const mt_price_value *longs,
                           size_t n, const mt_zone *clock)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_REBAP "\n"));
    for (size_t k = 0; k < n; k++) {
        if (shorts[k].price == MT_MICRO_NONE) continue;
        char *to =
            mt_put_text(put_local_quarter(row, &shorts[k], clock), "reBAP;Qualitätsgesichert;EUR/MWh;");
        to = mt_put_char(mt_put_decimal(to, shorts[k].price, 2, ','), ';');
        to = mt_put_char(mt_put_decimal(to, longs[k].price, 2, ','), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_estimate(mt_ctx *cx, mt_out *out, const mt_price_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_ESTIMATE "\n"));
    for (size_t k = 0; k < n; k++) {
        if (value[k].price == MT_MICRO_NONE) continue;
        char *to = mt_put_text(put_local_quarter(row, &value[k], NULL), "AEP-Schätzer;Schätzung;EUR/MWh;");
        to = mt_put_text(mt_put_decimal(to, value[k].price, 2, ','), ";0\n");
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_market_values(mt_ctx *cx, mt_out *out, const mt_market_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_MARKET_VALUES "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_digits(row, value[k].year, 4);
        if (value[k].month) to = mt_put_digits(mt_put_char(to, '-'), value[k].month, 2);
        to = mt_put_text(mt_put_char(to, ','), mt_technology_word(value[k].technology));
        to = mt_put_char(put_next(to, value[k].value_ct_kwh, 3), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_trades_head(mt_ctx *cx, mt_out *out, const mt_vpp_trades_look *look)
{
    char text[MT_TIME_TEXT_MAX];
    mt_day_text(look->day, text);
    return mt_out_format(cx, out, "# %s Trades - %s - simulated;;;;;;;;\n%s\n", look->kind, text,
                         look->traders ? MT_VPP_HEADER_TRADES ";" MT_VPP_HEADER_TRADES_MORE
                                       : MT_VPP_HEADER_TRADES);
}

/* "2025-06-07 15:03:44.509000+00:00": microseconds where there are some. */
static char *put_execution(char *to, mt_time t)
{
    if (t == MT_TIME_NONE) return to;
    to = mt_put_moment(to, t, ' ');
    int64_t micro = t - mt_time_floor(t, MT_US_SECOND);
    if (micro) to = mt_put_digits(mt_put_char(to, '.'), micro, 6);
    return mt_put_text(to, "+00:00;");
}

static char *put_trade(char *to, const mt_trade *trade, bool megawatts)
{
    int64_t hours_us = trade->delivery_end - trade->delivery_start;
    mt_micro volume = trade->energy_wh;
    if (megawatts) volume = (mt_micro)((double)volume * (double)MT_US_HOUR / (double)hours_us + 0.5);
    to = mt_put_char(put_name(to, trade->id), ';');
    to = mt_put_text(to, trade->side == MT_BUY ? "BUY;" : trade->side == MT_SELL ? "SELL;" : ";");
    to = mt_put_text(mt_put_moment(to, trade->delivery_start, ' '), "+00:00;");
    to = mt_put_text(mt_put_moment(to, trade->delivery_end, ' '), "+00:00;");
    to = put_execution(to, trade->execution_time);
    to = mt_put_text(mt_put_micro(to, trade->price, 1), ";EUR;");
    return mt_put_text(mt_put_micro(to, volume, 1), megawatts ? ";MW" : ";MWH");
}

mt_code mt_vpp_write_trades(mt_ctx *cx, mt_out *out, const mt_vpp_trades_look *look, const mt_trade *trade,
                            size_t n)
{
    char row[ROW_ROOM];
    for (size_t k = 0; k < n; k++) {
        char *to = put_trade(row, &trade[k], look->megawatts && k % look->megawatts == 0);
        if (look->traders) {
            to = put_name(mt_put_char(to, ';'), trade[k].trader);
            to = put_name(mt_put_char(to, ';'), trade[k].strategy);
        }
        to = mt_put_char(to, '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_schedule(mt_ctx *cx, mt_out *out, const mt_forecast_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_SCHEDULE "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_text(mt_put_moment(row, value[k].start, ' '), ".000000 UTC");
        to = mt_put_char(put_next(to, value[k].power_kw, 1), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_outage(mt_ctx *cx, mt_out *out, const mt_outage_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_OUTAGE "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_text(mt_put_moment(row, value[k].start, ' '), ".000000 UTC,");
        to = mt_put_text(mt_put_moment(to, value[k].end, ' '), ".000000 UTC");
        to = mt_put_char(put_next(to, value[k].power_kw, 1), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}

mt_code mt_vpp_write_weather(mt_ctx *cx, mt_out *out, const mt_weather_value *value, size_t n)
{
    char row[ROW_ROOM];
    MT_TRY(mt_out_text(cx, out, MT_VPP_HEADER_WEATHER "\n"));
    for (size_t k = 0; k < n; k++) {
        char *to = mt_put_text(mt_put_moment(row, value[k].start, ' '), ".000000 UTC,");
        to = mt_put_text(mt_put_moment(to, value[k].end, ' '), ".000000 UTC,");
        to = mt_put_char(put_share(to, value[k].irradiance_w_m2), ',');
        to = mt_put_char(put_share(to, value[k].wind_m_s), ',');
        to = mt_put_char(put_share(to, value[k].wind_height_m), ',');
        to = mt_put_char(put_share(to, value[k].temperature_c), ',');
        to = mt_put_char(put_share(to, value[k].cloud_share), '\n');
        MT_TRY(mt_out_write(cx, out, row, (size_t)(to - row)));
    }
    return MT_OK;
}
