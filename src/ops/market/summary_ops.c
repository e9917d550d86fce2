/* Operations that sum a market up: market.analysis, market.summary, market.statistics. */
#include "ops/market/scenarios.h"

#include "base/rows/emit.h"
#include "num/stats.h"

#include <math.h>

static const mt_field analysis_arg[] = {MT_ARG_ORDERS, MT_ARG_PERIOD, MT_ARG_POLICY, MT_ARG_RULE, MT_ARG_END};

struct analysis_row {
    int64_t periods, cleared, negative, curtailed;
    double success, price_mean, price_min, price_max, price_median, price_sd, volume, volume_mean, efficiency,
        spread, welfare;
    mt_time first, last;
};

static const mt_field analysis_col[] = {
    {.name = "first_period", MT_TIME_AT(analysis_row, first), .doc = "start of the first period, UTC"},
    {.name = "last_period", MT_TIME_AT(analysis_row, last), .doc = "start of the last period, UTC"},
    {.name = "periods", MT_INT_AT(analysis_row, periods), .unit = MT_UNIT_COUNT, .doc = "from first to last"},
    {.name = "cleared",
     MT_INT_AT(analysis_row, cleared),
     .unit = MT_UNIT_COUNT,
     .doc = "periods with a price"},
    {.name = "success_rate",
     MT_REAL_AT(analysis_row, success),
     .unit = MT_UNIT_PERCENT,
     .doc = "cleared of all periods"},
    {.name = "price_mean",
     MT_REAL_AT(analysis_row, price_mean),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "plain mean of prices"},
    {.name = "price_min",
     MT_REAL_AT(analysis_row, price_min),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest price"},
    {.name = "price_max",
     MT_REAL_AT(analysis_row, price_max),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest price"},
    {.name = "price_median",
     MT_REAL_AT(analysis_row, price_median),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "median price"},
    {.name = "price_sd",
     MT_REAL_AT(analysis_row, price_sd),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "standard deviation"},
    {.name = "negative_prices",
     MT_INT_AT(analysis_row, negative),
     .unit = MT_UNIT_COUNT,
     .doc = "periods with a price below 0"},
    {.name = "curtailed",
     MT_INT_AT(analysis_row, curtailed),
     .unit = MT_UNIT_COUNT,
     .doc = "periods at cap or floor"},
    {.name = "volume", MT_REAL_AT(analysis_row, volume), .unit = MT_UNIT_MWH, .doc = "traded, all periods"},
    {.name = "volume_mean",
     MT_REAL_AT(analysis_row, volume_mean),
     .unit = MT_UNIT_MWH,
     .doc = "over cleared periods"},
    {.name = "efficiency_mean",
     MT_REAL_AT(analysis_row, efficiency),
     .unit = MT_UNIT_ONE,
     .doc = "over cleared periods"},
    {.name = "bid_ask_spread_mean",
     MT_REAL_AT(analysis_row, spread),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "best bid minus best ask, over cleared periods"},
    {.name = "welfare", MT_REAL_AT(analysis_row, welfare), .unit = MT_UNIT_MONEY, .doc = "all periods"},
    {.name = NULL}};

static void count_period(struct analysis_row *row, const mt_clearing_row *c)
{
    row->curtailed += c->status == MT_CURTAILED_DEMAND || c->status == MT_CURTAILED_SUPPLY;
    if (isnan(c->price)) return;
    row->cleared++;
    row->negative += c->price < 0;
    row->volume += c->volume;
    row->welfare += c->welfare;
}

static mt_code analyse(mt_ctx *cx, struct analysis_row *row, const mt_clearing_row *c, size_t n)
{
    double *price, *efficiency, *spread;
    mt_stats stats;
    *row = (struct analysis_row){.periods = (int64_t)n,
                                 .first = n ? c[0].start : MT_TIME_NONE,
                                 .last = n ? c[n - 1].start : MT_TIME_NONE};
    MT_TRY(MT_NEW(cx, &price, n + 1));
    MT_TRY(MT_NEW(cx, &efficiency, n + 1));
    MT_TRY(MT_NEW(cx, &spread, n + 1));
    for (size_t k = 0; k < n; k++) {
        bool cleared = !isnan(c[k].price);
        count_period(row, &c[k]);
        price[k] = c[k].price;
        efficiency[k] = cleared ? c[k].efficiency : NAN;
        spread[k] = cleared ? c[k].best_bid - c[k].best_ask : NAN;
    }
    MT_TRY(mt_stats_of(cx, &stats, price, n));
    row->price_mean = stats.mean, row->price_min = stats.min, row->price_max = stats.max;
    row->price_median = stats.median, row->price_sd = stats.sd;
    row->efficiency = mt_mean(efficiency, n);
    row->spread = mt_mean(spread, n);
    row->success = n ? 100.0 * (double)row->cleared / (double)n : NAN;
    row->volume_mean = row->cleared ? row->volume / (double)row->cleared : NAN;
    return MT_OK;
}

static mt_code analysis_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market = NULL;
    mt_clearing_row *row;
    struct analysis_row result;
    mt_code code;
    MT_TRY_OUT(mt_market_open(cx, world, &market, args));
    MT_TRY_OUT(mt_clearing_rows(cx, market, &row));
    MT_TRY_OUT(analyse(cx, &result, row, market->n));
    MT_TRY_OUT(mt_emit_one(cx, out, "market.analysis", analysis_col, &result));
out:
    mt_market_close(market);
    return code;
}

const mt_op mt_op_market_analysis = {
    .name = "market.analysis",
    .summary = "how well a market cleared, in one row",
    .example = "--orders tests/data/orders.csv --period 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = analysis_arg,
    .col = analysis_col,
    .run = analysis_run,
};

static const mt_field summary_arg[] = {MT_ARG_ORDERS, MT_ARG_PERIOD, MT_ARG_POLICY,
                                       MT_ARG_SHIFT,  MT_ARG_RULE,   MT_ARG_END};

struct summary_row {
    mt_time hour;
    int64_t buy_count, sell_count;
    double buy_avg, sell_avg, buy_volume, sell_volume, buy_vwap, sell_vwap, spread, price, high, low;
};

static const mt_field summary_col[] = {
    {.name = "hour", MT_TIME_AT(summary_row, hour), .doc = "start of the delivery period, UTC"},
    {.name = "buy_count", MT_INT_AT(summary_row, buy_count), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sell_count", MT_INT_AT(summary_row, sell_count), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "buy_avg_price",
     MT_REAL_AT(summary_row, buy_avg),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "plain mean of buys"},
    {.name = "sell_avg_price",
     MT_REAL_AT(summary_row, sell_avg),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "plain mean of sells"},
    {.name = "buy_total_volume", MT_REAL_AT(summary_row, buy_volume), .unit = MT_UNIT_MWH, .doc = "wanted"},
    {.name = "sell_total_volume",
     MT_REAL_AT(summary_row, sell_volume),
     .unit = MT_UNIT_MWH,
     .doc = "offered"},
    {.name = "buy_vwap",
     MT_REAL_AT(summary_row, buy_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "buys weighted by volume"},
    {.name = "sell_vwap",
     MT_REAL_AT(summary_row, sell_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "sells weighted by volume"},
    {.name = "market_spread",
     MT_REAL_AT(summary_row, spread),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "buy mean minus sell mean"},
    {.name = "equilibrium_price",
     MT_REAL_AT(summary_row, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "null: no trade"},
    {.name = "equilibrium_price_high_renewables",
     MT_REAL_AT(summary_row, high),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with more supply"},
    {.name = "equilibrium_price_low_renewables",
     MT_REAL_AT(summary_row, low),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with less supply"},
    {.name = NULL}};

/* Means carry the two decimals of the summary; prices are on the tick already. */
static double round2(double value)
{
    return isnan(value) ? value : round(value * 100) / 100;
}

static mt_code emit_summary(mt_ctx *cx, mt_market *market, const mt_period_view *view, mt_sink *out)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.summary", summary_col, mt_market_head_field, &market->head));
    for (size_t k = 0; k < market->n; k++) {
        const mt_side_figures *buy = &view[k].aggregate.side[MT_BUY],
                              *sell = &view[k].aggregate.side[MT_SELL];
        struct summary_row row = {view[k].base.start,
                                  (int64_t)buy->n,
                                  (int64_t)sell->n,
                                  round2(buy->price_mean),
                                  round2(sell->price_mean),
                                  round2(buy->volume_sum),
                                  round2(sell->volume_sum),
                                  round2(buy->vwap),
                                  round2(sell->vwap),
                                  round2(view[k].aggregate.spread),
                                  view[k].base.price,
                                  view[k].impact[MT_SCENARIO_MORE].scenario_price,
                                  view[k].impact[MT_SCENARIO_LESS].scenario_price};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

struct statistics_row {
    int64_t periods, cleared, buys, sells;
    double volume_both, spread, buy_vwap, sell_vwap, price, high, low, volume;
};

static const mt_field statistics_col[] = {
    {.name = "periods",
     MT_INT_AT(statistics_row, periods),
     .unit = MT_UNIT_COUNT,
     .doc = "from first to last"},
    {.name = "cleared",
     MT_INT_AT(statistics_row, cleared),
     .unit = MT_UNIT_COUNT,
     .doc = "periods with a price; the rest is over these"},
    {.name = "buys", MT_INT_AT(statistics_row, buys), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sells", MT_INT_AT(statistics_row, sells), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "volume_both_sides",
     MT_REAL_AT(statistics_row, volume_both),
     .unit = MT_UNIT_MWH,
     .doc = "offered plus wanted"},
    {.name = "volume_traded", MT_REAL_AT(statistics_row, volume), .unit = MT_UNIT_MWH, .doc = "traded"},
    {.name = "market_spread_mean",
     MT_REAL_AT(statistics_row, spread),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = "buy_vwap_mean",
     MT_REAL_AT(statistics_row, buy_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = "sell_vwap_mean",
     MT_REAL_AT(statistics_row, sell_vwap),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = "equilibrium_price_mean",
     MT_REAL_AT(statistics_row, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = "equilibrium_price_high_renewables_mean",
     MT_REAL_AT(statistics_row, high),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = "equilibrium_price_low_renewables_mean",
     MT_REAL_AT(statistics_row, low),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean"},
    {.name = NULL}};

enum { SERIES = 6 };

static void pick(const mt_period_view *view, double out[SERIES])
{
    out[0] = view->aggregate.spread;
    out[1] = view->aggregate.side[MT_BUY].vwap;
    out[2] = view->aggregate.side[MT_SELL].vwap;
    out[3] = view->base.price;
    out[4] = view->impact[MT_SCENARIO_MORE].scenario_price;
    out[5] = view->impact[MT_SCENARIO_LESS].scenario_price;
}

static mt_code emit_statistics(mt_ctx *cx, mt_market *market, const mt_period_view *view, mt_sink *out)
{
    struct statistics_row row = {.periods = (int64_t)market->n};
    double *series[SERIES], value[SERIES];
    size_t n = 0;
    for (int s = 0; s < SERIES; s++) MT_TRY(MT_NEW(cx, &series[s], market->n + 1));
    for (size_t k = 0; k < market->n; k++) {
        if (isnan(view[k].base.price)) continue;
        pick(&view[k], value);
        for (int s = 0; s < SERIES; s++) series[s][n] = value[s];
        row.buys += view[k].base.buys;
        row.sells += view[k].base.sells;
        row.volume_both += view[k].base.offered + view[k].base.wanted;
        row.volume += view[k].base.volume;
        n++;
    }
    row.cleared = (int64_t)n;
    row.spread = mt_mean(series[0], n), row.buy_vwap = mt_mean(series[1], n),
    row.sell_vwap = mt_mean(series[2], n);
    row.price = mt_mean(series[3], n), row.high = mt_mean(series[4], n), row.low = mt_mean(series[5], n);
    return mt_emit_one(cx, out, "market.statistics", statistics_col, &row);
}

static mt_code
view_and_emit(mt_ctx *cx, const mt_world *world, const struct mt_market_args *args, mt_sink *out,
              mt_code (*emit)(mt_ctx *cx, mt_market *market, const mt_period_view *view, mt_sink *out))
{
    mt_market *market = NULL;
    mt_period_view *view;
    mt_code code;
    MT_TRY_OUT(mt_market_open(cx, world, &market, args));
    MT_TRY_OUT(mt_period_views(cx, market, args, &view));
    MT_TRY_OUT(emit(cx, market, view, out));
out:
    mt_market_close(market);
    return code;
}

static mt_code summary_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return view_and_emit(cx, world, args, out, emit_summary);
}

static mt_code statistics_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return view_and_emit(cx, world, args, out, emit_statistics);
}

const mt_op mt_op_market_summary = {
    .name = "market.summary",
    .summary = "orders, averages and prices of all scenarios side by side, period by period",
    .example = "--orders tests/data/orders.csv --shift-mwh 2000",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = summary_arg,
    .col = summary_col,
    .head = mt_market_head_field,
    .run = summary_run,
};

const mt_op mt_op_market_statistics = {
    .name = "market.statistics",
    .summary = "means of the summary over all cleared periods, in one row",
    .example = "--orders tests/data/orders.csv --shift-mwh 2000",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = summary_arg,
    .col = statistics_col,
    .run = statistics_run,
};
