/* The trades API as operations: trade.add, trade.list, trade.report, trade.pnl. */
#include "ops/trades/entry.h"

#include "base/rows/emit.h"
#include "ops/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CENT_MICRO 10000 /* micro-EUR */

#define ZONE_ARG(T)                                                                                          \
    {                                                                                                        \
        .name = "zone", MT_TEXT_AT(T, zone), .fallback = "Europe/Berlin",                                    \
        .doc = "time zone of the delivery hours"                                                             \
    }

/* --- trade.add --------------------------------------------------------------------------------------- */

struct add_args {
    const char *id, *price, *quantity, *direction, *delivery_day, *delivery_hour, *trader_id;
    const char *execution_time, *strategy, *zone;
    bool idempotent;
};

static const mt_field add_arg[] = {
    {.name = "id", MT_TEXT_AT(add_args, id), .required = true, .doc = "of the trade, unlike any other"},
    {.name = "price", MT_TEXT_AT(add_args, price), .required = true, .doc = "whole euro-cents per MWh"},
    {.name = "quantity", MT_TEXT_AT(add_args, quantity), .required = true, .doc = "whole MW"},
    {.name = "direction", MT_TEXT_AT(add_args, direction), .required = true, .doc = "buy or sell"},
    {.name = "delivery_day", MT_TEXT_AT(add_args, delivery_day), .required = true, .doc = "local day"},
    {.name = "delivery_hour",
     MT_TEXT_AT(add_args, delivery_hour),
     .required = true,
     .doc = "08-09; where an hour comes twice 02-03A or 02-03B"},
    {.name = "trader_id", MT_TEXT_AT(add_args, trader_id), .required = true, .doc = "who traded"},
    {.name = "execution_time", MT_TEXT_AT(add_args, execution_time), .doc = "of the trade; missing: now"},
    {.name = "strategy", MT_TEXT_AT(add_args, strategy), .doc = "that it was made for"},
    {.name = "idempotent",
     MT_BOOL_AT(add_args, idempotent),
     .doc = "the trade may be there already: what is not given is not compared"},
    ZONE_ARG(add_args),
    {.name = NULL}};

struct add_row {
    int status;
    mt_stored_trade t;
};

#define STORED_AT(type_, C, member)                                                                          \
    .type = type_, .offset = offsetof(struct add_row, t) + MT_MEMBER_AT(mt_stored_trade, member, C)

static const mt_field add_col[] = {
    {.name = "status",
     MT_CHOICE_AT(add_row, status),
     .choice = mt_trade_fate_word,
     .doc = "new, or unchanged: it was there already"},
    {.name = "id", STORED_AT(MT_TEXT, const char *, id), .doc = "of the trade"},
    {.name = "delivery_start", STORED_AT(MT_TIME, int64_t, delivery_start), .doc = "of its hour, UTC"},
    {.name = "execution_time", STORED_AT(MT_TIME, int64_t, execution_time), .doc = "of the trade, UTC"},
    {.name = NULL}};

static mt_code read_args(mt_ctx *cx, const struct add_args *a, mt_time now, mt_stored_trade *out)
{
    const mt_zone *zone;
    const char *fault;
    char moment[MT_TIME_TEXT_MAX];
    MT_TRY(mt_zone_read(cx, &zone, a->zone, NULL));
    mt_time_text(now, moment);
    const mt_text field[MT_ENTRY_FIELDS] = {
        [MT_ENTRY_ID] = mt_text_of(a->id),
        [MT_ENTRY_PRICE] = mt_text_of(a->price),
        [MT_ENTRY_QUANTITY] = mt_text_of(a->quantity),
        [MT_ENTRY_DIRECTION] = mt_text_of(a->direction),
        [MT_ENTRY_DAY] = mt_text_of(a->delivery_day),
        [MT_ENTRY_HOUR] = mt_text_of(a->delivery_hour),
        [MT_ENTRY_TRADER] = mt_text_of(a->trader_id),
        [MT_ENTRY_EXECUTED] = mt_text_of(a->execution_time ? a->execution_time : moment),
        [MT_ENTRY_STRATEGY] = mt_text_of(a->strategy ? a->strategy : ""),
    };
    MT_TRY(mt_entry_read(cx, out, &fault, field, zone));
    if (fault) return mt_fail(cx, MT_E_INPUT, "%s", fault);
    out->source = "trade.add";
    return MT_OK;
}

/* What the caller did not say is as it is stored. */
static mt_code adopt(mt_ctx *cx, mt_store *store, const struct add_args *a, mt_stored_trade *trade)
{
    const mt_stored_trade *stored;
    if (!a->idempotent) return MT_OK;
    MT_TRY(mt_trade_store_get(cx, store, &stored, trade->id));
    if (stored && !a->execution_time) trade->execution_time = stored->execution_time;
    if (stored && !a->strategy) trade->strategy = stored->strategy;
    return MT_OK;
}

static mt_code add_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct add_args *a = args;
    mt_stored_trade trade;
    mt_trade_fate fate = MT_TRADE_NEW;
    mt_store *store;
    MT_TRY(read_args(cx, a, mt_world_now(world), &trade));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(adopt(cx, store, a, &trade));
    MT_TRY(mt_trade_store_put(cx, store, &fate, &trade, 1));
    if (fate == MT_TRADE_DIFFERS)
        return mt_fail(cx, MT_E_CONFLICT, "there is another trade %s already: trade list shows it", trade.id);
    const struct add_row row = {(int)fate, trade};
    return mt_emit_one(cx, out, "trade.add", add_col, &row);
}

const mt_op mt_op_trade_add = {
    .name = "trade.add",
    .summary = "store one trade of an hour",
    .doc = "The same trade told twice is one trade. Another trade under a number that is taken is refused.",
    .example =
        "--id 7 --price 8129 --quantity 5 --direction sell --delivery-day 2025-06-08 --delivery-hour 08-09 "
        "--trader-id ann --execution-time 2025-06-07T15:03:44Z",
    .effect = MT_WRITE,
    .role = MT_TRADER,
    .desk = MT_DESK_TRADER,
    .args_size = sizeof(struct add_args),
    .arg = add_arg,
    .col = add_col,
    .run = add_run,
};

/* --- trade.list -------------------------------------------------------------------------------------- */

struct list_args {
    const char *trader_id, *strategy, *zone;
    mt_day delivery_day, until;
};

static const mt_field list_arg[] = {
    {.name = "trader_id", MT_TEXT_AT(list_args, trader_id), .doc = "only trades of this trader"},
    {.name = "delivery_day", MT_DAY_AT(list_args, delivery_day), .doc = "only this local day"},
    {.name = "until", MT_DAY_AT(list_args, until), .doc = "last local day, included; missing: the day alone"},
    {.name = "strategy", MT_TEXT_AT(list_args, strategy), .doc = "only trades made for it"},
    {.name = NULL}};

static mt_code find_trades(mt_ctx *cx, const mt_world *world, const struct list_args *a,
                           const mt_stored_trade **out, size_t *n)
{
    mt_store *store;
    const mt_trade_filter filter = {a->trader_id, a->strategy, a->delivery_day,
                                    a->until == MT_DAY_NONE ? a->delivery_day : a->until};
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_trade_store_list(cx, store, out, n, &filter);
}

static mt_code list_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const mt_stored_trade *trade;
    size_t n;
    mt_emit *emit;
    MT_TRY(find_trades(cx, world, args, &trade, &n));
    MT_TRY(mt_emit_begin(cx, &emit, out, "trade.list", mt_stored_trade_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_emit_put(emit, &trade[k]));
    return mt_emit_end(emit);
}

const mt_op mt_op_trade_list = {
    .name = "trade.list",
    .summary = "own trades of the store, by delivery",
    .example = "--delivery-day 2025-06-08 --trader-id ann",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_RISK,
    .args_size = sizeof(struct list_args),
    .arg = list_arg,
    .col = mt_stored_trade_col,
    .run = list_run,
};

/* --- trade.report ------------------------------------------------------------------------------------ */

struct sums {
    int64_t trades, buy_mw, sell_mw, cents;
};

struct report_row {
    const char *hour;
    int64_t trades, buy_mw, sell_mw;
    mt_micro pnl;
};

static const mt_field report_arg[] = {
    {.name = "delivery_day", MT_DAY_AT(list_args, delivery_day), .required = true, .doc = "local day"},
    {.name = "trader_id", MT_TEXT_AT(list_args, trader_id), .doc = "only trades of this trader"},
    {.name = "strategy", MT_TEXT_AT(list_args, strategy), .doc = "only trades made for it"},
    ZONE_ARG(list_args),
    {.name = NULL}};

static const mt_field report_col[] = {
    {.name = "hour",
     MT_TEXT_AT(report_row, hour),
     .doc = "08-09, of the delivery day; the last row is total"},
    {.name = "trades", MT_INT_AT(report_row, trades), .unit = MT_UNIT_COUNT, .doc = "in the hour"},
    {.name = "total_buy", MT_INT_AT(report_row, buy_mw), .unit = MT_UNIT_MW, .doc = "bought"},
    {.name = "total_sell", MT_INT_AT(report_row, sell_mw), .unit = MT_UNIT_MW, .doc = "sold"},
    {.name = "pnl",
     MT_MICRO_AT(report_row, pnl),
     .unit = MT_UNIT_EUR,
     .doc = "what sales brought less what purchases cost"},
    {.name = NULL}};

/* False: a sum leaves 64 bits. */
static bool add_trade(struct sums *sums, const mt_stored_trade *t)
{
    bool sells = strcmp(t->direction, "sell") == 0;
    int64_t cents = t->price_cent * t->quantity_mw; /* bounded by the entry's rules */
    sums->trades++;
    int64_t *volume = sells ? &sums->sell_mw : &sums->buy_mw;
    if (__builtin_add_overflow(*volume, t->quantity_mw, volume)) return false;
    return !__builtin_add_overflow(sums->cents, sells ? cents : -cents, &sums->cents);
}

static mt_code put_sums(mt_ctx *cx, mt_emit *emit, const char *hour, const struct sums *sums)
{
    struct report_row row = {hour, sums->trades, sums->buy_mw, sums->sell_mw, 0};
    if (__builtin_mul_overflow(sums->cents, CENT_MICRO, &row.pnl))
        return mt_fail(cx, MT_E_INPUT, "the trades of hour %s add up to more than 64 bits hold", hour);
    return mt_emit_put(emit, &row);
}

static mt_code put_hours(mt_ctx *cx, mt_emit *emit, const mt_zone *zone, mt_grid grid,
                         const mt_stored_trade *trade, size_t n)
{
    struct sums total = {0};
    size_t k = 0;
    for (size_t h = 0; h < grid.n; h++) {
        struct sums sums = {0};
        char name[8];
        mt_time start = grid.start + (mt_time)h * grid.step;
        mt_entry_hour_name(name, start, zone);
        for (; k < n && trade[k].delivery_start == start; k++) {
            if (!add_trade(&sums, &trade[k]) || !add_trade(&total, &trade[k]))
                return mt_fail(cx, MT_E_INPUT, "the trades up to hour %s add up to more than 64 bits hold",
                               name);
        }
        MT_TRY(put_sums(cx, emit, name, &sums));
    }
    return put_sums(cx, emit, "total", &total);
}

static mt_code report_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct list_args *a = args;
    struct list_args asked = *a;
    const mt_stored_trade *trade;
    const mt_zone *zone;
    mt_grid grid;
    size_t n;
    mt_emit *emit;
    asked.until = MT_DAY_NONE; /* a report is of one day */
    MT_TRY(mt_zone_read(cx, &zone, a->zone, NULL));
    MT_TRY(mt_day_grid(cx, &grid, zone, a->delivery_day, MT_US_HOUR));
    MT_TRY(find_trades(cx, world, &asked, &trade, &n));
    MT_TRY(mt_emit_begin(cx, &emit, out, "trade.report", report_col, NULL, NULL));
    MT_TRY(put_hours(cx, emit, zone, grid, trade, n));
    return mt_emit_end(emit);
}

const mt_op mt_op_trade_report = {
    .name = "trade.report",
    .summary = "trades, volumes and profit by hour of a delivery day, and their total",
    .doc = "Every hour of the day has a row, 23 or 25 of them when the clocks change.",
    .example = "--delivery-day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_RISK,
    .args_size = sizeof(struct list_args),
    .arg = report_arg,
    .col = report_col,
    .run = report_run,
};

/* --- trade.pnl --------------------------------------------------------------------------------------- */

struct pnl_row {
    const char *strategy;
    int64_t trades;
    mt_micro pnl;
};

static const mt_field pnl_arg[] = {
    {.name = "strategy",
     MT_TEXT_AT(list_args, strategy),
     .required = true,
     .doc = "an unknown one has made 0"},
    {.name = "delivery_day", MT_DAY_AT(list_args, delivery_day), .doc = "only this local day"},
    {.name = "until", MT_DAY_AT(list_args, until), .doc = "last local day, included; missing: the day alone"},
    {.name = "trader_id", MT_TEXT_AT(list_args, trader_id), .doc = "only trades of this trader"},
    {.name = NULL}};

static const mt_field pnl_col[] = {
    {.name = "strategy", MT_TEXT_AT(pnl_row, strategy), .doc = "that was asked for"},
    {.name = "trades", MT_INT_AT(pnl_row, trades), .unit = MT_UNIT_COUNT, .doc = "made for it"},
    {.name = "pnl",
     MT_MICRO_AT(pnl_row, pnl),
     .unit = MT_UNIT_EUR,
     .doc = "what sales brought less what purchases cost"},
    {.name = NULL}};

static mt_code pnl_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct list_args *a = args;
    const mt_stored_trade *trade;
    struct sums sums = {0};
    size_t n;
    bool fits = true;
    MT_TRY(find_trades(cx, world, a, &trade, &n));
    for (size_t k = 0; k < n && fits; k++) fits = add_trade(&sums, &trade[k]);
    struct pnl_row row = {a->strategy, sums.trades, 0};
    if (!fits || __builtin_mul_overflow(sums.cents, CENT_MICRO, &row.pnl))
        return mt_fail(cx, MT_E_INPUT, "the trades of %s add up to more than 64 bits hold", a->strategy);
    return mt_emit_one(cx, out, "trade.pnl", pnl_col, &row);
}

const mt_op mt_op_trade_pnl = {
    .name = "trade.pnl",
    .summary = "what the trades of a strategy brought",
    .example = "--strategy swing",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_RISK,
    .args_size = sizeof(struct list_args),
    .arg = pnl_arg,
    .col = pnl_col,
    .run = pnl_run,
};
