/* The operation market.accept: what each order of a cleared period gets. */
#include "ops/orders/market_in.h"

#include "base/rows/emit.h"
#include "market/allocation.h"
#include "ops/market/clearing_rows.h"

#include <string.h>

struct accept_args {
    struct mt_market_args market; /* first, so that the shared arguments fit */
    int share;
};

static const char *const share_name[] = {"pro-rata", "time", NULL}; /* in the order of mt_share */
static const char *const side_name[] = {"sell", "buy", NULL};

static const mt_field accept_arg[] = {
    {.name = "start",
     MT_TIME_AT(mt_market_args, start),
     .required = true,
     .doc = "start of the delivery period, with an offset"},
    {.name = "share",
     MT_CHOICE_AT(accept_args, share),
     .choice = share_name,
     .fallback = "pro-rata",
     .doc = "who gets the rest at the clearing price: all in proportion, or the earliest first"},
    MT_ARG_ORDERS,
    MT_ARG_PERIOD,
    MT_ARG_POLICY,
    MT_ARG_RULE,
    MT_ARG_END};

struct accept_row {
    mt_time time;
    int side;
    double price, volume, accepted;
};

static const mt_field accept_col[] = {
    {.name = "time", MT_TIME_AT(accept_row, time), .doc = "of the order, UTC"},
    {.name = "side", MT_CHOICE_AT(accept_row, side), .choice = side_name, .doc = "of the order"},
    {.name = "price", MT_REAL_AT(accept_row, price), .unit = MT_UNIT_MONEY_PER_MWH, .doc = "limit"},
    {.name = "volume", MT_REAL_AT(accept_row, volume), .unit = MT_UNIT_MWH, .doc = "asked for"},
    {.name = "accepted", MT_REAL_AT(accept_row, accepted), .unit = MT_UNIT_MWH, .doc = "got"},
    {.name = NULL}};

/* The orders of one period with their times, which the book does not keep. */
struct picked {
    mt_bid *bid;
    mt_time *time;
    size_t n;
};

static void pick_batch(struct picked *picked, const mt_order_batch *batch, const mt_market *market,
                       mt_time start)
{
    for (size_t i = 0; i < batch->n; i++) {
        if (mt_time_floor(batch->time[i], market->head.period) != start) continue;
        if (batch->price[i] % market->rule.tick_micro) continue; /* put aside by the book as well */
        picked->time[picked->n] = batch->time[i];
        picked->bid[picked->n++] =
            (mt_bid){(int32_t)(batch->price[i] / market->rule.tick_micro), batch->side[i], batch->volume[i]};
    }
}

static mt_code pick_orders(mt_ctx *cx, mt_orders *orders, const mt_market *market,
                           const struct mt_market_args *args, struct picked *picked)
{
    mt_order_source source;
    mt_order_batch batch;
    mt_cleaning cleaning = {.bad = NULL};
    size_t room = picked->n;
    MT_TRY(MT_NEW(cx, &picked->bid, room + 1));
    MT_TRY(MT_NEW(cx, &picked->time, room + 1));
    picked->n = 0;
    MT_TRY(mt_market_clean(cx, orders, args, &source, &cleaning));
    do {
        MT_TRY(source.next(source.self, cx, &batch));
        pick_batch(picked, &batch, market, args->start);
        MT_TRY(mt_ctx_check(cx));
    } while (batch.n && picked->n < room);
    return MT_OK;
}

static mt_code find_start(mt_ctx *cx, mt_market *market, mt_time start, size_t *n)
{
    char text[MT_TIME_TEXT_MAX];
    mt_period period;
    for (size_t k = 0; k < market->n; k++) {
        MT_TRY(mt_market_period(cx, market, k, &period, NULL));
        *n = period.n;
        if (period.start == start) return MT_OK;
    }
    mt_time_text(start, text);
    return mt_fail(cx, MT_E_ABSENT, "start: no delivery period of %s starts at %s", market->head.source,
                   text);
}

static mt_code accept(mt_ctx *cx, mt_orders *orders, mt_market *market, const struct accept_args *a,
                      mt_sink *out)
{
    struct picked picked = {.n = 0};
    mt_clearing clearing;
    int64_t *got;
    mt_emit *emit;
    MT_TRY(find_start(cx, market, a->market.start, &picked.n));
    MT_TRY(pick_orders(cx, orders, market, &a->market, &picked));
    MT_TRY(mt_clear(cx, &clearing, picked.bid, picked.n, &market->rule));
    MT_TRY(MT_NEW(cx, &got, picked.n + 1));
    mt_allocation allocation = {picked.bid,    picked.time, picked.n,
                                &market->rule, &clearing,   (mt_share)a->share};
    MT_TRY(mt_allocate(cx, got, &allocation));
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.accept", accept_col, mt_market_head_field, &market->head));
    for (size_t i = 0; i < picked.n; i++) {
        struct accept_row row = {picked.time[i], (int)picked.bid[i].side,
                                 mt_tick_money(picked.bid[i].tick, market->rule.tick_micro),
                                 mt_mwh(picked.bid[i].volume), mt_mwh(got[i])};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code accept_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct accept_args *a = args;
    mt_market *market = NULL;
    mt_orders *orders;
    MT_TRY(mt_market_orders(cx, world, &orders, &a->market, true));
    mt_code code = mt_market_from(cx, orders, &market, &a->market);
    if (code == MT_OK) code = accept(cx, orders, market, a, out);
    mt_market_close(market);
    mt_orders_close(orders);
    return code;
}

const mt_op mt_op_market_accept = {
    .name = "market.accept",
    .summary = "what each order of a cleared period gets",
    .doc =
        "Orders better than the clearing price get all they asked for. Those at the price share what is "
        "left, in proportion to their volumes or by time; both sides add up to the volume traded, to the "
        "Wh.",
    .example = "--orders tests/data/orders.csv --start 2025-06-01T10:00:00Z",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct accept_args),
    .arg = accept_arg,
    .col = accept_col,
    .head = mt_market_head_field,
    .run = accept_run,
};
