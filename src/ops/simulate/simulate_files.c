/* One function a file, and the table of them. */
#include "ops/simulate/simulate_files.h"

#include "base/rows/emit.h"
#include "io/sinks/csv.h"
#include "io/out.h"
#include "simulate/flaw.h"
#include "simulate/fundamentals.h"
#include "simulate/orders.h"
#include "simulate/trades.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "2024-01-01 00:02:22+01:00". */
static size_t put_local(char *to, mt_time t, int32_t offset_s)
{
    mt_civil c = mt_time_civil(t + offset_s * MT_US_SECOND);
    unsigned offset = (unsigned)(offset_s < 0 ? -offset_s : offset_s) / 60;
    return (size_t)snprintf(to, 64, "%04d-%02d-%02d %02d:%02d:%02d%c%02u:%02u", c.year, c.month, c.day,
                            c.hour, c.minute, c.second, offset_s < 0 ? '-' : '+', offset / 60 % 100,
                            offset % 60);
}

/* One row of the order file: right values, but for the field that the flaw names. */
static size_t put_order(char *row, const mt_sim_rule *rule, const mt_order_batch *batch, size_t i,
                        mt_sim_flaw flaw)
{
    mt_side side = (mt_side)batch->side[i];
    mt_sim_field_name field = mt_sim_flaw_field(flaw);
    const char *wrong = mt_sim_flaw_text(flaw, side);
    char time[64], price[32], volume[32];
    put_local(time, batch->time[i], mt_sim_offset_s(rule, batch->time[i]));
    mt_micro_text(batch->price[i], 2, price);
    mt_micro_text(batch->volume[i], 1, volume);
    return (size_t)snprintf(row, 256, "%s,%s,%s,%s\n", field == MT_SIM_FIELD_TIME ? wrong : time,
                            field == MT_SIM_FIELD_PRICE ? wrong : price,
                            field == MT_SIM_FIELD_VOLUME ? wrong : volume,
                            field == MT_SIM_FIELD_SIDE ? wrong
                            : side == MT_BUY           ? "buy"
                                                       : "sell");
}

static mt_code write_orders(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    mt_order_source source;
    mt_order_batch batch;
    char row[256];
    MT_TRY(mt_sim_orders(cx, &source, rule));
    MT_TRY(mt_out_text(cx, out, "Timestamp,Price,Volume,Sell_Buy\n"));
    do {
        MT_TRY(source.next(source.self, cx, &batch));
        for (size_t i = 0; i < batch.n; i++) {
            size_t n = put_order(row, rule, &batch, i, mt_sim_flaw_at(rule, (uint64_t)*rows));
            MT_TRY(mt_out_write(cx, out, row, n));
            ++*rows;
        }
        mt_ctx_progress(cx, "orders", (uint64_t)*rows, 0, "rows");
        MT_TRY(mt_ctx_check(cx));
    } while (batch.n);
    return MT_OK;
}

static mt_code write_trade(mt_ctx *cx, mt_out *out, const mt_trade *trade)
{
    char start[64], end[64], executed[64], price[32], volume[32];
    put_local(start, trade->delivery_start, 0);
    put_local(end, trade->delivery_end, 0);
    put_local(executed, trade->execution_time, 0);
    mt_micro_text(trade->price, 2, price);
    mt_micro_text(trade->energy_wh, 1, volume);
    return mt_out_format(cx, out, "%s;%s;%s;%s;%s;%s;EUR;%s;MWH\n", trade->id ? trade->id : "",
                         trade->side == MT_BUY ? "BUY" : "SELL", start, end, executed, price, volume);
}

/* The layout of an exchange's trade files: a comment, then a header with semicolons. */
static mt_code write_trades(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    MT_TRY(mt_out_format(cx, out, "# Public Trades - %s - simulated, seed %" PRIu64 ";;;;;;;;\n",
                         mt_sim_area_at(rule->area)->name, rule->seed));
    MT_TRY(mt_out_text(
        cx, out, "TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n"));
    for (int64_t day = 0; day < rule->days; day++) {
        mt_mark mark = mt_arena_mark(&cx->arena);
        mt_trade *trade;
        size_t n;
        MT_TRY(mt_sim_trades(cx, &trade, &n, rule, rule->first_day + (mt_day)day));
        for (size_t k = 0; k < n; k++) MT_TRY(write_trade(cx, out, &trade[k]));
        *rows += (int64_t)n;
        mt_arena_reset(&cx->arena, mark);
        MT_TRY(mt_ctx_check(cx));
    }
    return MT_OK;
}

struct state_row {
    mt_time start;
    double load, solar, onshore, offshore, residual, outage;
    double temperature, wind_10, wind_100, gust, cloud, radiation;
};

static const mt_field fundamentals_col[] = {{.name = "start", MT_TIME_AT(state_row, start)},
                                            {.name = "load_mw", MT_REAL_AT(state_row, load)},
                                            {.name = "solar_mw", MT_REAL_AT(state_row, solar)},
                                            {.name = "wind_onshore_mw", MT_REAL_AT(state_row, onshore)},
                                            {.name = "wind_offshore_mw", MT_REAL_AT(state_row, offshore)},
                                            {.name = "residual_load_mw", MT_REAL_AT(state_row, residual)},
                                            {.name = "outage_mw", MT_REAL_AT(state_row, outage)},
                                            {.name = NULL}};

static const mt_field weather_col[] = {{.name = "start", MT_TIME_AT(state_row, start)},
                                       {.name = "temperature_2m_c", MT_REAL_AT(state_row, temperature)},
                                       {.name = "wind_10m_m_s", MT_REAL_AT(state_row, wind_10)},
                                       {.name = "wind_100m_m_s", MT_REAL_AT(state_row, wind_100)},
                                       {.name = "gust_10m_m_s", MT_REAL_AT(state_row, gust)},
                                       {.name = "cloud_share", MT_REAL_AT(state_row, cloud)},
                                       {.name = "radiation_w_m2", MT_REAL_AT(state_row, radiation)},
                                       {.name = NULL}};

static struct state_row describe_state(const mt_sim_state *state)
{
    double residual = state->load_mw - state->solar_mw - state->onshore_mw - state->offshore_mw;
    const mt_sim_weather *weather = &state->weather;
    return (struct state_row){.start = state->start,
                              .load = state->load_mw,
                              .solar = state->solar_mw,
                              .onshore = state->onshore_mw,
                              .offshore = state->offshore_mw,
                              .residual = (double)(int64_t)(residual * 10 + (residual < 0 ? -0.5 : 0.5)) / 10,
                              .outage = state->outage_mw,
                              .temperature = weather->temperature_c,
                              .wind_10 = weather->wind_10m_m_s,
                              .wind_100 = weather->wind_100m_m_s,
                              .gust = weather->gust_10m_m_s,
                              .cloud = weather->cloud_share,
                              .radiation = weather->radiation_w_m2};
}

static mt_code write_states(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows,
                            const mt_field *col)
{
    mt_sim_day *day;
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(mt_csv_sink(cx, &sink, out, NULL));
    MT_TRY(mt_emit_begin(cx, &emit, sink, "fundamentals", col, NULL, NULL));
    MT_TRY(mt_sim_day_new(cx, &day, rule));
    for (int64_t d = 0; d < rule->days; d++) {
        MT_TRY(mt_sim_day_fill(cx, day, rule->first_day + (mt_day)d));
        for (size_t k = 0; k < day->n; k++) {
            struct state_row row = describe_state(&day->state[k]);
            MT_TRY(mt_emit_put(emit, &row));
        }
        *rows += (int64_t)day->n;
    }
    return mt_emit_end(emit);
}

static mt_code write_fundamentals(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    return write_states(cx, out, rule, rows, fundamentals_col);
}

static mt_code write_weather(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    return write_states(cx, out, rule, rows, weather_col);
}

struct fuel_row {
    mt_day day;
    mt_sim_fuel fuel;
};

static const mt_field fuel_col[] = {{.name = "day", MT_DAY_AT(fuel_row, day)},
                                    {.name = "gas_eur_mwh", MT_REAL_AT(fuel_row, fuel.gas_eur_mwh)},
                                    {.name = "coal_eur_mwh", MT_REAL_AT(fuel_row, fuel.coal_eur_mwh)},
                                    {.name = "oil_eur_mwh", MT_REAL_AT(fuel_row, fuel.oil_eur_mwh)},
                                    {.name = "carbon_eur_t", MT_REAL_AT(fuel_row, fuel.carbon_eur_t)},
                                    {.name = NULL}};

static mt_code write_fuel(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(mt_csv_sink(cx, &sink, out, NULL));
    MT_TRY(mt_emit_begin(cx, &emit, sink, "fuel", fuel_col, NULL, NULL));
    for (*rows = 0; *rows < rule->days; ++*rows) {
        struct fuel_row row = {.day = rule->first_day + (mt_day)*rows};
        row.fuel = mt_sim_fuel_on(rule, row.day);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

struct outage_row {
    const char *plant, *kind;
    mt_time start, end;
    double unavailable_mw;
};

static const mt_field outage_col[] = {{.name = "plant", MT_TEXT_AT(outage_row, plant)},
                                      {.name = "start", MT_TIME_AT(outage_row, start)},
                                      {.name = "end", MT_TIME_AT(outage_row, end)},
                                      {.name = "unavailable_mw", MT_REAL_AT(outage_row, unavailable_mw)},
                                      {.name = "kind", MT_TEXT_AT(outage_row, kind)},
                                      {.name = NULL}};

/* By start, so that a longer run continues a shorter one. */
static int by_start(const void *a, const void *b)
{
    const mt_sim_outage *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->plant < y->plant ? -1 : x->plant > y->plant;
}

static mt_code write_outages(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows)
{
    mt_sim_outage *outage;
    mt_sim_plant *plant;
    size_t n, n_plant;
    mt_sink *sink;
    mt_emit *emit;
    mt_time from = mt_sim_day_start(rule, rule->first_day),
            to = mt_sim_day_start(rule, rule->first_day + (mt_day)rule->days);
    MT_TRY(mt_sim_plants(cx, &plant, &n_plant, rule));
    MT_TRY(mt_sim_outages(cx, &outage, &n, rule, from, to));
    qsort(outage, n, sizeof *outage, by_start);
    MT_TRY(mt_csv_sink(cx, &sink, out, NULL));
    MT_TRY(mt_emit_begin(cx, &emit, sink, "outages", outage_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        struct outage_row row = {plant[outage[k].plant].name, outage[k].planned ? "planned" : "forced",
                                 outage[k].start, outage[k].end, outage[k].unavailable_mw};
        MT_TRY(mt_emit_put(emit, &row));
    }
    *rows = (int64_t)n;
    return mt_emit_end(emit);
}

struct file_kind {
    const char *name, *content;
    mt_code (*write)(mt_ctx *cx, mt_out *out, const mt_sim_rule *rule, int64_t *rows);
    bool finished; /* the sink finished the file */
};

static const struct file_kind file_kind[] = {
    {"orders.csv", "auction orders, local time with offset", write_orders, false},
    {"trades.csv", "continuous trades of hours and quarters", write_trades, false},
    {"fundamentals.csv", "load, solar, wind, residual load and outages by period", write_fundamentals, true},
    {"weather.csv", "temperature, wind, clouds and radiation by period", write_weather, true},
    {"fuel.csv", "gas, coal, oil and carbon prices by day", write_fuel, true},
    {"outages.csv", "plants out of order", write_outages, true}};

enum { KINDS = sizeof file_kind / sizeof *file_kind };

static mt_code write_file(mt_ctx *cx, mt_simulated_file *file, const struct file_kind *kind,
                          const mt_sim_rule *rule)
{
    mt_out *out = NULL;
    mt_code code;
    MT_TRY(mt_out_file(cx, &out, file->path));
    MT_TRY_OUT(kind->write(cx, out, rule, &file->rows));
    if (!kind->finished) MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

mt_code mt_simulate_files(mt_ctx *cx, mt_simulated_file **out, size_t *n, const mt_sim_rule *rule,
                          const char *folder)
{
    mt_simulated_file *file;
    MT_TRY(MT_NEW(cx, &file, KINDS));
    for (size_t k = 0; k < KINDS; k++) {
        file[k] =
            (mt_simulated_file){.zone = mt_sim_area_at(rule->area)->name, .content = file_kind[k].content};
        MT_TRY(mt_text_format(cx, &file[k].path, "%s/%s", folder, file_kind[k].name));
        MT_TRY(write_file(cx, &file[k], &file_kind[k], rule));
    }
    *out = file;
    *n = KINDS;
    return MT_OK;
}
