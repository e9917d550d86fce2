/* Operations that clear: market.clear, market.curve. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"
#include "market/curve.h"
#include "ops/market/clearing_rows.h"

#include <math.h>

#define CLEARING_ARGS MT_ARG_ORDERS, MT_ARG_PERIOD, MT_ARG_POLICY, MT_ARG_RULE

static const mt_field clear_arg[] = {CLEARING_ARGS, MT_ARG_END};

const mt_field mt_clearing_col[] = {
    {.name = "start", MT_TIME_AT(mt_clearing_row, start), .doc = "start of the delivery period, UTC"},
    {.name = "price",
     MT_REAL_AT(mt_clearing_row, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "null: no trade"},
    {.name = "price_low",
     MT_REAL_AT(mt_clearing_row, price_low),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest price that clears; without a trade the best bid"},
    {.name = "price_high",
     MT_REAL_AT(mt_clearing_row, price_high),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest price that clears; without a trade the best ask"},
    {.name = "volume", MT_REAL_AT(mt_clearing_row, volume), .unit = MT_UNIT_MWH, .doc = "traded"},
    {.name = "offered", MT_REAL_AT(mt_clearing_row, offered), .unit = MT_UNIT_MWH, .doc = "of all sells"},
    {.name = "wanted", MT_REAL_AT(mt_clearing_row, wanted), .unit = MT_UNIT_MWH, .doc = "of all buys"},
    {.name = "buys", MT_INT_AT(mt_clearing_row, buys), .unit = MT_UNIT_COUNT, .doc = "buy orders"},
    {.name = "sells", MT_INT_AT(mt_clearing_row, sells), .unit = MT_UNIT_COUNT, .doc = "sell orders"},
    {.name = "best_bid",
     MT_REAL_AT(mt_clearing_row, best_bid),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "highest buy"},
    {.name = "best_ask",
     MT_REAL_AT(mt_clearing_row, best_ask),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "lowest sell"},
    {.name = "welfare",
     MT_REAL_AT(mt_clearing_row, welfare),
     .unit = MT_UNIT_MONEY,
     .doc = "value to buyers minus cost to sellers, at their limits"},
    {.name = "efficiency",
     MT_REAL_AT(mt_clearing_row, efficiency),
     .unit = MT_UNIT_ONE,
     .doc = "volume traded over the larger of offered and wanted"},
    {.name = "status",
     MT_CHOICE_AT(mt_clearing_row, status),
     .choice = mt_clear_status_choice,
     .doc = "how the auction ended"},
    {.name = NULL}};

#define STATUS_NAME(symbol, name) name,
const char *const mt_clear_status_choice[] = {MT_CLEAR_STATUS_LIST(STATUS_NAME) NULL};

double mt_mwh(int64_t wh)
{
    return (double)wh / 1e6;
}

void mt_clearing_row_of(mt_clearing_row *row, mt_time start, const mt_clearing *c, mt_micro tick)
{
    *row = (mt_clearing_row){.start = start,
                             .price = mt_tick_money(c->price, tick),
                             .price_low = mt_tick_money(c->low, tick),
                             .price_high = mt_tick_money(c->high, tick),
                             .volume = mt_mwh(c->volume),
                             .offered = mt_mwh(c->offered),
                             .wanted = mt_mwh(c->wanted),
                             .buys = (int64_t)c->buys,
                             .sells = (int64_t)c->sells,
                             .best_bid = mt_tick_money(c->best_bid, tick),
                             .best_ask = mt_tick_money(c->best_ask, tick),
                             .welfare = c->welfare,
                             .efficiency = c->efficiency,
                             .status = (int)c->status};
}

mt_code mt_clearing_rows(mt_ctx *cx, mt_market *market, mt_clearing_row **out)
{
    mt_period period;
    mt_clearing clearing;
    MT_TRY(MT_NEW(cx, out, market->n + 1));
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, &period, &clearing));
        mt_clearing_row_of(&(*out)[k], period.start, &clearing, market->rule.tick_micro);
    }
    return MT_OK;
}

static mt_code emit_clearings(mt_ctx *cx, mt_market *market, mt_sink *out)
{
    mt_emit *emit;
    mt_period period;
    mt_clearing clearing;
    mt_clearing_row row;
    MT_TRY(
        mt_emit_begin(cx, &emit, out, "market.clear", mt_clearing_col, mt_market_head_field, &market->head));
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, &period, &clearing));
        mt_clearing_row_of(&row, period.start, &clearing, market->rule.tick_micro);
        MT_TRY(mt_emit_put(emit, &row));
        mt_ctx_progress(cx, "clearing", k + 1, market->n, "periods");
    }
    return mt_emit_end(emit);
}

static mt_code clear_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, args));
    mt_code code = emit_clearings(cx, market, out);
    mt_market_close(market);
    return code;
}

static const char clear_doc[] = "The price of a period is the smallest tick at which supply covers the "
                                "demand above it. Where supply equals that demand a whole interval "
                                "clears: price_low to price_high, and price_rule chooses a point of it. "
                                "The volume is the most that can be traded there. With a cap or a floor "
                                "the short side is served in full and the long side is "
                                "curtailed.\n\nPrices and volumes are exact integers inside, so the order "
                                "of rows changes nothing. Without a trade the price is null and the "
                                "volume 0.";

const mt_op mt_op_market_clear = {
    .name = "market.clear",
    .summary = "the price and volume at which supply meets demand, period by period",
    .doc = clear_doc,
    .example = "--orders tests/data/orders.csv --period 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = clear_arg,
    .col = mt_clearing_col,
    .head = mt_market_head_field,
    .run = clear_run,
};

static const mt_field curve_arg[] = {{.name = "start",
                                      MT_TIME_AT(mt_market_args, start),
                                      .doc = "start of the period; missing: the first one"},
                                     CLEARING_ARGS,
                                     MT_ARG_END};

struct curve_row {
    double price, supply, demand;
};

static const mt_field curve_col[] = {{.name = "price",
                                      MT_REAL_AT(curve_row, price),
                                      .unit = MT_UNIT_MONEY_PER_MWH,
                                      .doc = "a price at which an order stands"},
                                     {.name = "supply",
                                      MT_REAL_AT(curve_row, supply),
                                      .unit = MT_UNIT_MWH,
                                      .doc = "offered at this price or less"},
                                     {.name = "demand",
                                      MT_REAL_AT(curve_row, demand),
                                      .unit = MT_UNIT_MWH,
                                      .doc = "wanted at this price or more"},
                                     {.name = NULL}};

struct curve_head {
    mt_time start;
    const char *currency, *status;
    double price, volume;
};

static const mt_field curve_head[] = {
    {.name = "start", MT_TIME_AT(curve_head, start), .doc = "start of the period, UTC"},
    {.name = "currency", MT_TEXT_AT(curve_head, currency), .doc = "of prices, ISO 4217"},
    {.name = "status", MT_TEXT_AT(curve_head, status), .doc = "as in market.clear"},
    {.name = "price",
     MT_REAL_AT(curve_head, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "where the curves cross"},
    {.name = "volume", MT_REAL_AT(curve_head, volume), .unit = MT_UNIT_MWH, .doc = "traded there"},
    {.name = NULL}};

static mt_code find_period(mt_ctx *cx, mt_market *market, mt_time start, mt_period *period,
                           mt_clearing *clearing)
{
    char text[MT_TIME_TEXT_MAX];
    if (!market->n) return mt_fail(cx, MT_E_ABSENT, "%s holds no order", market->head.source);
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, period, NULL));
        if (start != MT_TIME_NONE && period->start != start) continue;
        return mt_market_period(cx, market, k, period, clearing);
    }
    mt_time_text(start, text);
    return mt_fail(cx, MT_E_ABSENT, "start: no delivery period of %s starts at %s", market->head.source,
                   text);
}

static mt_code emit_curve(mt_ctx *cx, mt_market *market, mt_time start, mt_sink *out)
{
    mt_period period;
    mt_clearing c;
    const mt_curve_point *point;
    size_t n;
    mt_emit *emit;
    mt_micro tick = market->rule.tick_micro;
    MT_TRY(find_period(cx, market, start, &period, &c));
    MT_TRY(mt_curve(cx, &point, &n, period.bid, period.n));
    struct curve_head head = {period.start, market->head.currency, mt_clear_status_name(c.status),
                              mt_tick_money(c.price, tick), mt_mwh(c.volume)};
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.curve", curve_col, curve_head, &head));
    for (size_t k = 0; k < n; k++) {
        struct curve_row row = {mt_tick_money(point[k].tick, tick), mt_mwh(point[k].supply),
                                mt_mwh(point[k].demand)};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code curve_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_market_args *a = args;
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, a));
    mt_code code = emit_curve(cx, market, a->start, out);
    mt_market_close(market);
    return code;
}

const mt_op mt_op_market_curve = {
    .name = "market.curve",
    .summary = "the supply and demand curves of one period, for plotting",
    .example = "--orders tests/data/orders.csv --start 2025-06-01T10:00:00Z",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = curve_arg,
    .col = curve_col,
    .head = curve_head,
    .run = curve_run,
};
