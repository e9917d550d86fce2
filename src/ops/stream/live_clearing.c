/* Order ticks in, prices out: a period is cleared again after each message that changes its book. */
#include "ops/stream/live_clearing.h"

#include "base/rows/emit.h"
#include "ops/stream/live_books.h"
#include "ops/stream/topics.h"
#include "store/data/live_store.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

struct live_row {
    mt_stored_live_clearing c;
    double change_more, change_less;
    int64_t ticks;
    double cleared_ms, durable_ms;
};

#define CLEARING_AT(type_, C, member)                                                                        \
    .type = type_, .offset = offsetof(struct live_row, c) + MT_MEMBER_AT(mt_stored_live_clearing, member, C)

static const mt_field live_col[] = {
    {.name = "topic", CLEARING_AT(MT_TEXT, const char *, topic), .doc = "of the order ticks"},
    {.name = "start", CLEARING_AT(MT_TIME, int64_t, start), .doc = "of the delivery period, UTC"},
    {.name = "cleared_at", CLEARING_AT(MT_TIME, int64_t, cleared_at), .doc = "after its last tick, UTC"},
    {.name = "ticks", MT_INT_AT(live_row, ticks), .unit = MT_UNIT_COUNT, .doc = "since the row before"},
    {.name = "orders",
     CLEARING_AT(MT_INT, int64_t, orders),
     .unit = MT_UNIT_COUNT,
     .doc = "that stand in the book"},
    {.name = "price",
     CLEARING_AT(MT_REAL, double, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "empty: nothing trades"},
    {.name = "volume", CLEARING_AT(MT_REAL, double, volume), .unit = MT_UNIT_MWH, .doc = "that trades"},
    {.name = "status", CLEARING_AT(MT_TEXT, const char *, status), .doc = "as in market.clear"},
    {.name = "price_more",
     CLEARING_AT(MT_REAL, double, price_more),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with more renewable supply"},
    {.name = "change_more",
     MT_REAL_AT(live_row, change_more),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "that price minus the price"},
    {.name = "price_less",
     CLEARING_AT(MT_REAL, double, price_less),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with less of it"},
    {.name = "change_less",
     MT_REAL_AT(live_row, change_less),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "that price minus the price"},
    {.name = "cleared_ms",
     MT_REAL_AT(live_row, cleared_ms),
     .unit = MT_UNIT_MILLISECOND,
     .doc = "from the batch in hand to its prices"},
    {.name = "durable_ms",
     MT_REAL_AT(live_row, durable_ms),
     .unit = MT_UNIT_MILLISECOND,
     .doc = "from the batch in hand to the prices on disk"},
    {.name = NULL}};

/* Up to here the rows of a batch are written one by one: a live batch is a tick or two, and setting up the
 * staging of many rows takes longer than writing few. */
enum { FEW = 64 };

/* One run. The rows of a batch wait until the batch is durable. */
struct live {
    const mt_world *world;
    mt_store *store;
    mt_live_books *books;
    mt_time period;
    int64_t shift_wh;
    mt_sink *orders, *results; /* of the batch */
    mt_merge_counts order_counts, result_counts;
    mt_stored_live_order *order; /* of the batch, one a tick that was used */
    size_t n_order;
    mt_stored_live_clearing *result;
    size_t n_result;
    int64_t received_us, cleared_us;
    mt_ctx own; /* of the output, longer than a batch */
    mt_emit *emit;
    mt_code failed; /* of the output */
    bool spread_told;
};

static double price_of(int32_t tick, mt_micro tick_micro)
{
    return tick == MT_TICK_NONE ? NAN : (double)((int64_t)tick * tick_micro) / (double)MT_MICRO_ONE;
}

static mt_code clear_period(const struct live *live, mt_live_period *period, struct live_row *row)
{
    mt_micro tick = mt_live_book_tick(period->book);
    mt_clear_rule rule = mt_clear_rule_default(tick);
    mt_shift more = mt_shift_of(live->shift_wh), less = mt_shift_of(-live->shift_wh);
    mt_impact up, down;
    MT_TRY(mt_live_book_impact(period->cx, &up, period->book, &rule, &more));
    MT_TRY(mt_live_book_impact(period->cx, &down, period->book, &rule, &less));
    *row = (struct live_row){.c = {.topic = period->topic,
                                   .period_us = live->period,
                                   .start = period->start,
                                   .cleared_at = mt_world_now(live->world),
                                   .orders = (int64_t)mt_live_book_orders(period->book),
                                   .price = price_of(up.base.price, tick),
                                   .volume = (double)up.base.volume / (double)MT_MICRO_ONE,
                                   .status = mt_clear_status_name(up.base.status),
                                   .price_more = up.scenario_price,
                                   .price_less = down.scenario_price},
                             .change_more = up.change,
                             .change_less = down.change,
                             .ticks = (int64_t)period->ticks};
    return MT_OK;
}

static mt_code keep_order(mt_ctx *cx, struct live *live, const mt_live_period *period,
                          const mt_order_tick *tick)
{
    mt_live_order order = {.side = MT_SIDE_NONE};
    bool standing = mt_live_book_find(period->book, tick->id, &order);
    mt_stored_live_order row = {.topic = period->topic,
                                .period_us = live->period,
                                .start = period->start,
                                .side = !standing              ? "none"
                                        : order.side == MT_BUY ? "buy"
                                                               : "sell",
                                .price_micro = standing ? order.price : 0,
                                .volume_wh = standing ? order.volume : 0,
                                .standing = standing};
    MT_TRY(mt_text_copy(cx, &row.id, tick->id));
    live->order[live->n_order++] = row;
    return MT_OK;
}

/* Of one reader's parts the books are whole; with the parts at two readers each would hold a half. */
static void watch_parts(mt_ctx *cx, struct live *live, mt_live_period *period, int64_t part)
{
    if (period->part < 0) period->part = part;
    if (period->part == part || live->spread_told) return;
    live->spread_told = true;
    mt_log(cx, MT_LOG_WARN,
           "orders of one period of %s come in the parts %lld and %lld: a second reader of the group would "
           "clear with a part of them; let the period be the key of its messages",
           period->topic, (long long)period->part, (long long)part);
}

static mt_code take_tick(mt_ctx *cx, struct live *live, const mt_message *message, const char **fault)
{
    mt_order_tick tick = {.id = {NULL, 0}};
    mt_live_period *period;
    MT_TRY(mt_order_tick_read(cx, &tick, fault, message->value, live->period));
    if (*fault) return MT_OK;
    MT_TRY(mt_live_books_apply(cx, live->books, &period, fault, message->topic.at, &tick));
    if (*fault) return MT_OK;
    watch_parts(cx, live, period, message->part);
    return keep_order(cx, live, period, &tick);
}

/* Every touched period once, after the batch's last tick of it. */
static mt_code take_results(mt_ctx *cx, struct live *live)
{
    mt_live_period *period;
    MT_TRY(MT_NEW(cx, &live->result, live->n_order + 1));
    for (size_t k = 0; (period = mt_live_books_at(live->books, k)) != NULL; k++) {
        struct live_row row;
        if (!period->ticks) continue;
        mt_code code = clear_period(live, period, &row);
        if (code != MT_OK) return mt_fail(cx, code, "%s", period->cx->err);
        live->result[live->n_result++] = row.c;
    }
    return MT_OK;
}

static mt_code stage_orders(mt_ctx *cx, struct live *live)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, live->orders, "live_order", mt_live_order_col, NULL, NULL));
    for (size_t k = 0; k < live->n_order; k++) MT_TRY(mt_emit_put(emit, &live->order[k]));
    return mt_emit_end(emit);
}

static mt_code stage_results(mt_ctx *cx, struct live *live)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, live->results, "live_clearing", mt_live_clearing_col, NULL, NULL));
    for (size_t k = 0; k < live->n_result; k++) MT_TRY(mt_emit_put(emit, &live->result[k]));
    return mt_emit_end(emit);
}

static void close_sinks(struct live *live)
{
    mt_sink_close(live->orders);
    mt_sink_close(live->results);
    live->orders = live->results = NULL;
}

static mt_code stage(mt_ctx *cx, struct live *live, mt_batch *batch)
{
    MT_TRY(mt_live_order_merge(cx, batch, &live->orders, &live->order_counts));
    MT_TRY(mt_live_clearing_merge(cx, batch, &live->results, &live->result_counts));
    MT_TRY(stage_orders(cx, live));
    MT_TRY(stage_results(cx, live));
    close_sinks(live);
    return MT_OK;
}

static mt_code take(mt_ctx *cx, void *arg, mt_batch *batch, const mt_message *message, size_t n,
                    const char **fault)
{
    struct live *live = arg;
    live->received_us = mt_world_settings(live->world)->monotonic_us(NULL);
    live->n_order = live->n_result = 0;
    MT_TRY(MT_NEW(cx, &live->order, n));
    for (size_t k = 0; k < n; k++) MT_TRY(take_tick(cx, live, &message[k], &fault[k]));
    MT_TRY(take_results(cx, live));
    live->cleared_us = mt_world_settings(live->world)->monotonic_us(NULL);
    return live->n_order > FEW ? stage(cx, live, batch) : MT_OK;
}

static mt_code commit(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct live *live = arg;
    if (live->n_order > FEW) return MT_OK;
    for (size_t k = 0; k < live->n_order; k++) MT_TRY(mt_live_order_put(cx, tx, &live->order[k]));
    for (size_t k = 0; k < live->n_result; k++) MT_TRY(mt_live_clearing_put(cx, tx, &live->result[k]));
    return MT_OK;
}

static mt_code show(struct live *live)
{
    mt_live_period *period;
    int64_t now = mt_world_settings(live->world)->monotonic_us(NULL);
    for (size_t k = 0; (period = mt_live_books_at(live->books, k)) != NULL; k++) {
        struct live_row row;
        if (!period->ticks) continue;
        MT_TRY(clear_period(live, period, &row));
        row.cleared_ms = (double)(live->cleared_us - live->received_us) / 1000;
        row.durable_ms = (double)(now - live->received_us) / 1000;
        period->ticks = 0;
        MT_TRY(mt_emit_put(live->emit, &row));
    }
    return mt_emit_flush(live->emit);
}

/* What is dropped or will come again has changed the books already: they are read from the store again. */
static void done(mt_ctx *cx, void *arg, bool ok)
{
    struct live *live = arg;
    (void)cx;
    close_sinks(live);
    if (!ok)
        mt_live_books_forget(live->books);
    else if (live->failed == MT_OK)
        live->failed = show(live);
}

static void forget_books(mt_ctx *cx, void *arg)
{
    (void)cx;
    mt_live_books_forget(((struct live *)arg)->books);
}

static mt_code run(mt_ctx *cx, struct live *live, mt_consume_options *options, mt_sink *out)
{
    mt_consume_counts counts;
    MT_TRY(mt_live_books_open(cx, &live->books, live->store, live->period));
    mt_code code = mt_emit_begin(&live->own, &live->emit, out, "stream.consume", live_col, NULL, NULL);
    if (code != MT_OK) return mt_fail(cx, code, "%s", live->own.err);
    options->consumer = (mt_consumer){
        .take = take, .commit = commit, .done = done, .arg = live, .parts_changed = forget_books};
    MT_TRY(mt_consume(cx, options, &counts));
    code = live->failed != MT_OK ? live->failed : mt_emit_end(live->emit);
    return code == MT_OK ? MT_OK : mt_fail(cx, code, "%s", live->own.err);
}

mt_code mt_live_clearing(mt_ctx *cx, const mt_world *world, mt_consume_options *options,
                         const mt_live_options *given, mt_sink *out)
{
    double wh = given->shift_mw * (double)given->period / (double)MT_US_HOUR * 1e6;
    struct live live = {.world = world, .store = options->store, .period = given->period};
    if (!(fabs(wh) < (double)MT_VOLUME_BOUND_WH))
        return mt_fail(cx, MT_E_INPUT, "--shift-mw %g is no power that a period can have", given->shift_mw);
    live.shift_wh = (int64_t)llround(fabs(wh));
    MT_TRY(mt_topics_split(cx, &options->stream.topic, &options->stream.n_topic, given->topics));
    mt_ctx_init(&live.own, NULL);
    mt_code code = run(cx, &live, options, out);
    mt_live_books_close(live.books);
    mt_ctx_close(&live.own);
    return code;
}
