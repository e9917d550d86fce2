/* The clearing rule on top of the crossing: interval, price, volume, status, welfare. */
#include "market/clearing.h"
#include "market/crossing.h"

#include <math.h>

#define CLEARING_NAME(symbol, name) name,
static const char *const price_rule_name[] = {MT_PRICE_RULE_LIST(CLEARING_NAME) NULL};
static const char *const status_name[] = {MT_CLEAR_STATUS_LIST(CLEARING_NAME) NULL};

static mt_code check_rule(mt_ctx *cx, const mt_clear_rule *rule)
{
    if (rule->tick_micro <= 0) {
        return mt_fail(cx, MT_E_INPUT, "a tick of %lld millionths; a tick is more than 0",
                       (long long)rule->tick_micro);
    }
    if (rule->has_floor && rule->has_cap && rule->floor > rule->cap) {
        return mt_fail(cx, MT_E_INPUT, "the price floor, tick %d, lies above the price cap, tick %d",
                       rule->floor, rule->cap);
    }
    if ((unsigned)rule->price >= MT_PRICE_RULE_COUNT) {
        return mt_fail(cx, MT_E_INPUT, "price rule %d is unknown; mid, low, high and last-sell are",
                       (int)rule->price);
    }
    return MT_OK;
}

/* The crossing of the bids as the bounds make them: of a copy where one lies outside. */
static mt_code find_bounded(mt_ctx *cx, mt_crossing *out, const mt_bid **bid, size_t n,
                            const mt_clear_rule *rule)
{
    MT_TRY(mt_crossing_find(cx, out, *bid, n));
    bool above = rule->has_cap && out->all.best_bid > rule->cap;
    bool below = rule->has_floor && out->all.best_ask < rule->floor;
    if (!above && !below) return MT_OK;
    mt_bid *copy;
    MT_TRY(MT_NEW(cx, &copy, n));
    for (size_t i = 0; i < n; i++) {
        copy[i] = (*bid)[i];
        copy[i].tick = mt_bid_tick(rule, (*bid)[i]);
    }
    *bid = copy;
    return mt_crossing_find(cx, out, copy, n);
}

static mt_clearing totals_of(const mt_sweep *all, size_t n)
{
    bool has_bid = all->wanted > 0, has_ask = all->offered > 0;
    int32_t best_bid = has_bid ? all->best_bid : MT_TICK_NONE,
            best_ask = has_ask ? all->best_ask : MT_TICK_NONE;
    return (mt_clearing){
        .status = !has_ask   ? MT_NO_SUPPLY
                  : !has_bid ? MT_NO_DEMAND
                             : MT_NO_CROSS,
        .price = MT_TICK_NONE,
        .low = best_bid,
        .high = best_ask,
        .best_bid = best_bid,
        .best_ask = best_ask,
        .offered = (int64_t)all->offered,
        .wanted = (int64_t)all->wanted,
        .sells = n - all->buys,
        .buys = all->buys,
        .efficiency = has_ask && has_bid ? 0 : NAN,
    };
}

/* The next tick above `low` at which a curve changes. There is one where the interval is open: the buys in
 * the money. */
static int32_t next_tick(const mt_bid *bid, size_t n, int32_t low)
{
    int32_t next = INT32_MAX;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].tick > low && bid[i].tick < next && bid[i].volume > 0) next = bid[i].tick;
    }
    return next;
}

/* The highest accepted sell; at `low` itself only where sells there trade. */
static int32_t last_sell(const mt_bid *bid, size_t n, const mt_clearing *c)
{
    int32_t last = MT_TICK_NONE;
    if (c->volume > c->sells_below) return c->low;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].side == MT_SELL && bid[i].tick < c->low && bid[i].tick > last && bid[i].volume > 0)
            last = bid[i].tick;
    }
    return last;
}

static int32_t choose_price(const mt_clearing *c, mt_price_rule rule, const mt_bid *bid, size_t n)
{
    int64_t sum = (int64_t)c->low + c->high;
    switch (rule) {
    case MT_PRICE_LOW:
        return c->low;
    case MT_PRICE_HIGH:
        return c->high;
    case MT_PRICE_LAST_SELL:
        return last_sell(bid, n, c);
    default:
        return (int32_t)((sum >= 0 ? sum + 1 : sum - 1) / 2);
    }
}

static mt_clear_status status_of(const mt_clear_rule *rule, int32_t low, uint64_t supply, uint64_t demand)
{
    if (rule->has_cap && low == rule->cap && demand > supply) return MT_CURTAILED_DEMAND;
    if (rule->has_floor && low == rule->floor && supply > demand) return MT_CURTAILED_SUPPLY;
    return MT_CLEARED;
}

static void fill_trade(mt_clearing *c, const mt_clear_rule *rule, const mt_crossing *x, const mt_bid *bid,
                       size_t n)
{
    const mt_sweep *around = &x->around;
    uint64_t supply = around->sells_below + around->sells_in, demand = around->buys_above + around->buys_in;
    c->low = x->low;
    c->high = supply == around->buys_above ? next_tick(bid, n, x->low) : x->low;
    c->volume = (int64_t)(supply < demand ? supply : demand);
    c->sells_below = (int64_t)around->sells_below;
    c->buys_above = (int64_t)around->buys_above;
    c->status = status_of(rule, x->low, supply, demand);
    c->price = choose_price(c, rule->price, bid, n);
    /* At `low` accepted sells and buys differ by what those in the money differ, with the other sign. */
    mt_wide value = around->value + (mt_wide)x->low * (c->sells_below - c->buys_above);
    c->welfare = (double)value * ((double)rule->tick_micro / 1e6) / 1e6;
    c->efficiency = (double)c->volume / (double)(c->offered > c->wanted ? c->offered : c->wanted);
}

const char *mt_price_rule_name(mt_price_rule rule)
{
    return (unsigned)rule < MT_PRICE_RULE_COUNT ? price_rule_name[rule] : "unknown";
}

const char *mt_clear_status_name(mt_clear_status status)
{
    return (unsigned)status < MT_CLEAR_STATUS_COUNT ? status_name[status] : "unknown";
}

const char *const *mt_price_rule_names(void)
{
    return price_rule_name;
}

const char *const *mt_clear_status_names(void)
{
    return status_name;
}

mt_clear_rule mt_clear_rule_default(mt_micro tick_micro)
{
    return (mt_clear_rule){.size = sizeof(mt_clear_rule), .price = MT_PRICE_MID, .tick_micro = tick_micro};
}

double mt_tick_money(int32_t tick, mt_micro tick_micro)
{
    return tick == MT_TICK_NONE ? NAN : (double)(tick * tick_micro) / 1e6;
}

mt_code mt_clear(mt_ctx *cx, mt_clearing *out, const mt_bid *bid, size_t n, const mt_clear_rule *rule)
{
    mt_crossing crossing;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = MT_OK;
    MT_TRY_OUT(check_rule(cx, rule));
    MT_TRY_OUT(find_bounded(cx, &crossing, &bid, n, rule));
    mt_clearing result = totals_of(&crossing.all, n);
    if (crossing.found) fill_trade(&result, rule, &crossing, bid, n);
    *out = result;
out:
    mt_arena_reset(&cx->arena, mark);
    return code;
}
