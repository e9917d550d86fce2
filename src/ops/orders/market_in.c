/* From arguments to a sealed book and a rule. */
#include "ops/orders/market_in.h"

#include "base/calendar.h"

#include <math.h>
#include <string.h>

const char *const mt_policy_name[] = {"quarantine", "fill-median", NULL};
const char *const mt_curve_choice[] = {"matched", "offered", NULL};

#define RULE_NAME(symbol, name) name,
const char *const mt_price_rule_choice[] = {MT_PRICE_RULE_LIST(RULE_NAME) NULL};

const mt_field mt_market_head_field[] = {
    {.name = "source", MT_TEXT_AT(mt_market_head, source), .doc = "where the orders came from"},
    {.name = "currency", MT_TEXT_AT(mt_market_head, currency), .doc = "of prices and welfare, ISO 4217"},
    {.name = "period", MT_SPAN_AT(mt_market_head, period), .doc = "length of a delivery period"},
    {.name = "tick", MT_MICRO_AT(mt_market_head, tick), .unit = MT_UNIT_MONEY_PER_MWH, .doc = "price step"},
    {.name = "policy", MT_TEXT_AT(mt_market_head, policy), .doc = "what happened to incomplete rows"},
    {.name = "price_rule",
     MT_TEXT_AT(mt_market_head, price_rule),
     .doc = "price where a whole interval clears"},
    {.name = "orders", MT_INT_AT(mt_market_head, orders), .unit = MT_UNIT_COUNT, .doc = "orders taken"},
    {.name = "quarantined",
     MT_INT_AT(mt_market_head, quarantined),
     .unit = MT_UNIT_COUNT,
     .doc = "rows put aside"},
    {.name = "off_tick",
     MT_INT_AT(mt_market_head, off_tick),
     .unit = MT_UNIT_COUNT,
     .doc = "rows put aside for a price between ticks"},
    {.name = "area", MT_TEXT_AT(mt_market_head, area), .doc = "what part of a curve file was read"},
    {.name = "published_unit",
     MT_TEXT_AT(mt_market_head, published_unit),
     .doc = "of prices in a curve file"},
    {.name = "published_factor",
     MT_INT_AT(mt_market_head, published_factor),
     .unit = MT_UNIT_ONE,
     .doc = "price here = published price times this, exactly"},
    {.name = "note", MT_TEXT_AT(mt_market_head, note), .doc = "what the reader decided about the file"},
    {.name = NULL}};

mt_code mt_market_orders(mt_ctx *cx, const mt_world *world, mt_orders **out,
                         const struct mt_market_args *args, bool twice)
{
    mt_orders_request request = {.input = &args->orders,
                                 .form =
                                     args->format < 1 ? MT_ORDERS_AUTO : (int)mt_orders_form(args->format),
                                 .curve = args->curve < 0 ? 0 : args->curve,
                                 .area = args->area,
                                 .twice = twice};
    return mt_orders_open(cx, world, out, &request);
}

mt_code mt_market_quality(mt_ctx *cx, mt_orders *orders, mt_quality **out)
{
    mt_order_source source;
    MT_TRY(mt_orders_source(cx, orders, &source));
    MT_TRY(mt_quality_new(cx, out));
    return mt_quality_fill(cx, *out, &source);
}

mt_code mt_market_clean(mt_ctx *cx, mt_orders *orders, const struct mt_market_args *args,
                        mt_order_source *out, mt_cleaning *cleaning)
{
    mt_order_source *source; /* the filter keeps its address */
    mt_quality *quality;
    MT_TRY(MT_NEW(cx, &source, 1));
    if (args->policy == MT_POLICY_FILL_MEDIAN) {
        MT_TRY(mt_market_quality(cx, orders, &quality));
        MT_TRY(mt_clean_fill_from(cx, &cleaning->fill, quality));
        MT_TRY(mt_orders_source(cx, orders, source));
        return mt_clean_fill_median(cx, out, source, &cleaning->fill, cleaning->bad, cleaning->arg,
                                    &cleaning->counts);
    }
    MT_TRY(mt_orders_source(cx, orders, source));
    return mt_clean_quarantine(cx, out, source, cleaning->bad, cleaning->arg, &cleaning->counts);
}

static mt_code to_tick(mt_ctx *cx, const char *name, mt_micro price, mt_micro tick, bool *has, int32_t *out)
{
    char text[32], step[32];
    *has = price != MT_MICRO_NONE;
    if (!*has) return MT_OK;
    if (price % tick == 0 && price / tick <= INT32_MAX && price / tick > INT32_MIN) {
        *out = (int32_t)(price / tick);
        return MT_OK;
    }
    mt_micro_text(price, 0, text);
    mt_micro_text(tick, 0, step);
    return mt_fail(cx, MT_E_INPUT, "%s: %s is no multiple of the tick %s", name, text, step);
}

static mt_code check_bounds(mt_ctx *cx, mt_micro floor, mt_micro cap)
{
    char low[32], high[32];
    if (floor == MT_MICRO_NONE || cap == MT_MICRO_NONE || floor <= cap) return MT_OK;
    mt_micro_text(floor, 2, low);
    mt_micro_text(cap, 2, high);
    return mt_fail(cx, MT_E_INPUT, "floor: %s lies above the cap %s", low, high);
}

/* An empty result is right, but nobody should take it for an empty market. */
static void warn_of_nothing(mt_ctx *cx, const mt_market *market, const mt_orders *orders)
{
    const mt_clean_counts *counts = &market->cleaning.counts;
    if (counts->rows_in == 0 || counts->rows_out > 0) return;
    mt_log(cx, MT_LOG_WARN, "%s: none of its %llu rows is an order; merit data quarantine says why",
           mt_orders_name(orders), (unsigned long long)counts->rows_in);
}

/* The rule's bounds; an exchange's own floor and cap hold where none is given. */
static mt_code make_rule(mt_ctx *cx, mt_market *market, const struct mt_market_args *args,
                         const mt_curve_info *info)
{
    mt_clear_rule *rule = &market->rule;
    mt_micro tick = mt_book_tick(market->book), floor = args->floor, cap = args->cap;
    *rule = mt_clear_rule_default(tick);
    if (info && floor == MT_MICRO_NONE) floor = info->floor;
    if (info && cap == MT_MICRO_NONE) cap = info->cap;
    if (args->price_rule >= 0)
        rule->price = (mt_price_rule)args->price_rule;
    else if (info)
        rule->price = (mt_price_rule)info->price_rule;
    MT_TRY(check_bounds(cx, floor, cap));
    MT_TRY(to_tick(cx, "floor", floor, tick, &rule->has_floor, &rule->floor));
    return to_tick(cx, "cap", cap, tick, &rule->has_cap, &rule->cap);
}

static void fill_head(mt_market *market, const mt_orders *orders, const struct mt_market_args *args,
                      const mt_curve_info *info, mt_time step)
{
    const mt_clean_counts *counts = &market->cleaning.counts;
    market->head = (struct mt_market_head){.source = mt_orders_name(orders),
                                           .currency = info ? info->currency : "EUR",
                                           .policy = mt_policy_name[args->policy < 0 ? 0 : args->policy],
                                           .price_rule = mt_price_rule_name(market->rule.price),
                                           .note = info ? info->note : NULL,
                                           .period = step,
                                           .tick = market->rule.tick_micro,
                                           .orders = (int64_t)mt_book_orders(market->book),
                                           .quarantined = (int64_t)(counts->rows_in - counts->rows_out),
                                           .off_tick = (int64_t)mt_book_off_tick(market->book),
                                           .area = info ? info->area : NULL,
                                           .published_unit = info ? info->published_unit : NULL,
                                           .published_factor = info ? info->published_factor : INT64_MIN};
}

static mt_code fill_book(mt_ctx *cx, mt_market *market, mt_orders *orders, const struct mt_market_args *args)
{
    mt_order_source source;
    MT_TRY(mt_market_clean(cx, orders, args, &source, &market->cleaning));
    const mt_curve_info *info = mt_orders_curve(orders);
    mt_time step = args->period > 0 ? args->period : info && info->period > 0 ? info->period : MT_US_HOUR;
    if (!mt_step_valid(step))
        return mt_fail(cx, MT_E_INPUT, "period: a delivery period has 5, 15, 30 or 60 minutes");
    if (args->tick != MT_MICRO_NONE && args->tick <= 0)
        return mt_fail(cx, MT_E_INPUT, "tick: a price step is above 0");
    mt_micro tick = args->tick != MT_MICRO_NONE ? args->tick : info && info->tick > 0 ? info->tick : 0;
    mt_book_options options = {.size = sizeof options, .step = step, .tick = tick};
    MT_TRY(mt_book_new(cx, &market->book, &options));
    MT_TRY(mt_book_fill(cx, market->book, &source));
    info = mt_orders_curve(orders);
    MT_TRY(make_rule(cx, market, args, info));
    market->n = mt_book_periods(market->book);
    fill_head(market, orders, args, info, step);
    warn_of_nothing(cx, market, orders);
    return MT_OK;
}

mt_code mt_market_from(mt_ctx *cx, mt_orders *orders, mt_market **out, const struct mt_market_args *args)
{
    mt_market *market;
    MT_TRY(MT_NEW(cx, &market, 1));
    mt_ctx_init(&market->scratch, NULL);
    mt_arena_raw(&market->scratch.arena, 1); /* a first block that stays */
    market->mark = mt_arena_mark(&market->scratch.arena);
    mt_code code = fill_book(cx, market, orders, args);
    if (code != MT_OK)
        mt_market_close(market);
    else
        *out = market;
    return code;
}

mt_code mt_market_open(mt_ctx *cx, const mt_world *world, mt_market **out, const struct mt_market_args *args)
{
    mt_orders *orders;
    MT_TRY(mt_market_orders(cx, world, &orders, args, args->policy == MT_POLICY_FILL_MEDIAN));
    mt_code code = mt_market_from(cx, orders, out, args);
    mt_orders_close(orders);
    return code;
}

void mt_market_close(mt_market *market)
{
    if (market) mt_ctx_close(&market->scratch);
}

mt_code mt_market_period(mt_ctx *cx, mt_market *market, size_t k, mt_period *period, mt_clearing *clearing)
{
    mt_arena_reset(&market->scratch.arena, market->mark);
    mt_code code = mt_book_period(&market->scratch, period, market->book, k);
    if (code == MT_OK && clearing)
        code = mt_clear(&market->scratch, clearing, period->bid, period->n, &market->rule);
    return code == MT_OK ? mt_ctx_check(cx) : mt_fail(cx, code, "%s", market->scratch.err);
}
