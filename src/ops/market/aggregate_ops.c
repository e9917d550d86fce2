/* Operations on what was offered and wanted: market.aggregate, market.activity. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"
#include "market/aggregate.h"
#include "num/stats.h"
#include "ops/market/clearing_rows.h"

#include <math.h>

static const mt_field aggregate_arg[] = {MT_ARG_ORDERS, MT_ARG_PERIOD, MT_ARG_POLICY, MT_ARG_RULE,
                                         MT_ARG_END};

static const char *const side_name[] = {"sell", "buy", NULL};

struct aggregate_row {
    mt_time start;
    int side;
    int64_t count;
    double mean_price, min_price, max_price, volume, mean_volume, vwap, market_spread;
};

static const mt_field aggregate_col[] = {
    {.name = "start", MT_TIME_AT(aggregate_row, start), .doc = "start of the delivery period, UTC"},
    {.name = "side", MT_CHOICE_AT(aggregate_row, side), .choice = side_name, .doc = "of the orders"},
    {.name = "count", MT_INT_AT(aggregate_row, count), .unit = MT_UNIT_COUNT, .doc = "orders"},
    {.name = "mean_price",
     MT_REAL_AT(aggregate_row, mean_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "plain mean"},
    {.name = "min_price",
     MT_REAL_AT(aggregate_row, min_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest limit"},
    {.name = "max_price",
     MT_REAL_AT(aggregate_row, max_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest limit"},
    {.name = "volume", MT_REAL_AT(aggregate_row, volume), .unit = MT_UNIT_MWH, .doc = "sum"},
    {.name = "mean_volume", MT_REAL_AT(aggregate_row, mean_volume), .unit = MT_UNIT_MWH, .doc = "plain mean"},
    {.name = "vwap",
     MT_REAL_AT(aggregate_row, vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "limits weighted by volume"},
    {.name = "market_spread",
     MT_REAL_AT(aggregate_row, market_spread),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean buy price minus mean sell price of the period"},
    {.name = NULL}};

static mt_code emit_sides(mt_ctx *cx, mt_market *market, mt_sink *out)
{
    mt_emit *emit;
    mt_period period;
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.aggregate", aggregate_col, mt_market_head_field,
                         &market->head));
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, &period, NULL));
        mt_aggregate a = mt_aggregate_of(period.bid, period.n, market->rule.tick_micro);
        for (int side = MT_BUY; side >= MT_SELL; side--) {
            const mt_side_figures *f = &a.side[side];
            struct aggregate_row row = {period.start, side,         (int64_t)f->n, f->price_mean,
                                        f->price_min, f->price_max, f->volume_sum, f->volume_mean,
                                        f->vwap,      a.spread};
            if (f->n) MT_TRY(mt_emit_put(emit, &row));
        }
    }
    return mt_emit_end(emit);
}

static mt_code aggregate_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, args));
    mt_code code = emit_sides(cx, market, out);
    mt_market_close(market);
    return code;
}

const mt_op mt_op_market_aggregate = {
    .name = "market.aggregate",
    .summary = "counts, prices and volumes of buys and sells, period by period",
    .example = "--orders tests/data/orders.csv --period 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = aggregate_arg,
    .col = aggregate_col,
    .head = mt_market_head_field,
    .run = aggregate_run,
};

struct activity_row {
    int64_t periods, periods_with_both_sides, buys, sells;
    double buy_volume, sell_volume, mean_buy_vwap, mean_sell_vwap, mean_market_spread, mean_orders_per_period;
};

static const mt_field activity_col[] = {
    {.name = "periods",
     MT_INT_AT(activity_row, periods),
     .unit = MT_UNIT_COUNT,
     .doc = "from the first to the last order"},
    {.name = "periods_with_both_sides",
     MT_INT_AT(activity_row, periods_with_both_sides),
     .unit = MT_UNIT_COUNT,
     .doc = "with buys and sells"},
    {.name = "buys", MT_INT_AT(activity_row, buys), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sells", MT_INT_AT(activity_row, sells), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "buy_volume", MT_REAL_AT(activity_row, buy_volume), .unit = MT_UNIT_MWH, .doc = "wanted"},
    {.name = "sell_volume", MT_REAL_AT(activity_row, sell_volume), .unit = MT_UNIT_MWH, .doc = "offered"},
    {.name = "mean_orders_per_period",
     MT_REAL_AT(activity_row, mean_orders_per_period),
     .unit = MT_UNIT_COUNT,
     .doc = "over all periods"},
    {.name = "mean_buy_vwap",
     MT_REAL_AT(activity_row, mean_buy_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean over periods with both sides"},
    {.name = "mean_sell_vwap",
     MT_REAL_AT(activity_row, mean_sell_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean over periods with both sides"},
    {.name = "mean_market_spread",
     MT_REAL_AT(activity_row, mean_market_spread),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean over periods with both sides"},
    {.name = NULL}};

/* Figures of the periods with both sides; the others hold NaN and are left out of the means. */
static mt_code collect(mt_ctx *cx, mt_market *market, struct activity_row *row, double *series[3])
{
    mt_period period;
    *row = (struct activity_row){.periods = (int64_t)market->n};
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, &period, NULL));
        mt_aggregate a = mt_aggregate_of(period.bid, period.n, market->rule.tick_micro);
        bool both = a.side[MT_BUY].n && a.side[MT_SELL].n;
        row->buys += (int64_t)a.side[MT_BUY].n;
        row->sells += (int64_t)a.side[MT_SELL].n;
        if (a.side[MT_BUY].n) row->buy_volume += a.side[MT_BUY].volume_sum;
        if (a.side[MT_SELL].n) row->sell_volume += a.side[MT_SELL].volume_sum;
        row->periods_with_both_sides += both;
        series[0][k] = both ? a.side[MT_BUY].vwap : NAN;
        series[1][k] = both ? a.side[MT_SELL].vwap : NAN;
        series[2][k] = both ? a.spread : NAN;
    }
    return MT_OK;
}

static mt_code emit_activity(mt_ctx *cx, mt_market *market, mt_sink *out)
{
    struct activity_row row;
    double *series[3];
    for (int k = 0; k < 3; k++) MT_TRY(MT_NEW(cx, &series[k], market->n + 1));
    MT_TRY(collect(cx, market, &row, series));
    row.mean_buy_vwap = mt_mean(series[0], market->n);
    row.mean_sell_vwap = mt_mean(series[1], market->n);
    row.mean_market_spread = mt_mean(series[2], market->n);
    row.mean_orders_per_period = market->n ? (double)(row.buys + row.sells) / (double)market->n : NAN;
    return mt_emit_one(cx, out, "market.activity", activity_col, &row);
}

static mt_code activity_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, args));
    mt_code code = emit_activity(cx, market, out);
    mt_market_close(market);
    return code;
}

const mt_op mt_op_market_activity = {
    .name = "market.activity",
    .summary = "the whole of what was offered and wanted, in one row",
    .example = "--orders tests/data/orders.csv --period 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = aggregate_arg,
    .col = activity_col,
    .run = activity_run,
};
