/* Scenarios of more and less supply, cleared like the auction itself. */
#include "market/impact.h"

#include "num/wide.h"

#include <math.h>
#include <string.h>

#define KEPT_OF_ALL 20 /* a shortage as large as the supply leaves one part in so many */

struct scenario {
    const mt_bid *bid;
    size_t n;
    int64_t applied; /* Wh of supply, signed */
};

static int64_t sum_sells(const mt_bid *bid, size_t n, size_t *count)
{
    int64_t sum = 0;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].side != MT_SELL) continue;
        sum += bid[i].volume;
        ++*count;
    }
    return sum;
}

static int32_t lowest_tick(const mt_bid *bid, size_t n, bool sells_only)
{
    int32_t lowest = INT32_MAX;
    for (size_t i = 0; i < n; i++) {
        if ((bid[i].side == MT_SELL || !sells_only) && bid[i].tick < lowest) lowest = bid[i].tick;
    }
    return lowest;
}

static int32_t price_of_more(const mt_bid *bid, size_t n, const mt_clear_rule *rule, const mt_shift *shift)
{
    if (shift->price == MT_SHIFT_TICK) return shift->tick;
    int32_t lowest = lowest_tick(bid, n, true);
    if (shift->price == MT_SHIFT_TENTH) return lowest > 0 ? (int32_t)mt_muldiv_round(lowest, 1, 10) : lowest;
    return rule->has_floor ? rule->floor : lowest_tick(bid, n, false);
}

/* Signed Wh of the shift for `total` offered. */
static mt_code shift_volume(mt_ctx *cx, int64_t *out, const mt_shift *shift, int64_t total)
{
    double change = shift->percent / 100 * (double)total;
    if (shift->volume_wh) {
        *out = shift->volume_wh;
        return MT_OK;
    }
    if (!(shift->percent >= -100) || !(fabs(change) < 4e18)) {
        return mt_fail(cx, MT_E_SHAPE, "a shift of %g %%; supply can fall by 100 %% at most", shift->percent);
    }
    *out = llround(change);
    return MT_OK;
}

/* Every sell's volume times part / whole; small ones vanish. */
static size_t scale_sells(mt_bid *bid, size_t n, int64_t part, int64_t whole, int64_t least)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        mt_bid b = bid[i];
        if (b.side == MT_SELL) {
            b.volume = mt_muldiv_round(b.volume, part, whole);
            if (b.volume < least) continue;
        }
        bid[k++] = b;
    }
    return k;
}

/* Makes the scenario's bids. */
static mt_code apply_shift(mt_ctx *cx, struct scenario *out, const mt_bid *bid, size_t n,
                           const mt_clear_rule *rule, const mt_shift *shift)
{
    size_t sells, k = n;
    int64_t total = sum_sells(bid, n, &sells), volume = 0;
    mt_bid *to;
    MT_TRY(mt_ctx_alloc(cx, &to, n + 1, sizeof *to));
    if (n) memcpy(to, bid, n * sizeof *to);
    if (sells) MT_TRY(shift_volume(cx, &volume, shift, total));
    if (volume > 0) {
        to[k++] = (mt_bid){.tick = price_of_more(bid, n, rule, shift), .side = MT_SELL, .volume = volume};
    } else if (volume < 0 && volume > -total) {
        k = scale_sells(to, n, total + volume, total, shift->least_wh);
    } else if (volume < 0) {
        k = scale_sells(to, n, 1, KEPT_OF_ALL, shift->least_wh);
    }
    size_t left;
    *out = (struct scenario){.bid = to, .n = k, .applied = sum_sells(to, k, &left) - total};
    return MT_OK;
}

static double price_of(const mt_clearing *c, const mt_clear_rule *rule)
{
    return mt_tick_money(c->price, rule->tick_micro);
}

/* Counted in ticks, so that 62.03 - 57.89 is 4.14 and nothing beside it. */
static double price_change(const mt_clearing *to, const mt_clearing *from, const mt_clear_rule *rule)
{
    if (to->price == MT_TICK_NONE || from->price == MT_TICK_NONE) return NAN;
    return (double)(((int64_t)to->price - from->price) * rule->tick_micro) / 1e6;
}

/* The price when one more bid takes part. */
static mt_code clear_with(mt_ctx *cx, double *price, const mt_bid *bid, size_t n, const mt_clear_rule *rule,
                          mt_bid more)
{
    mt_clearing c;
    mt_bid *all;
    MT_TRY(mt_ctx_alloc(cx, &all, n + 1, sizeof *all));
    if (n) memcpy(all, bid, n * sizeof *all);
    all[n] = more;
    MT_TRY(mt_clear(cx, &c, all, n + 1, rule));
    *price = price_of(&c, rule);
    return MT_OK;
}

static int32_t highest_tick(const mt_bid *bid, size_t n)
{
    int32_t highest = MT_TICK_NONE;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].tick > highest) highest = bid[i].tick;
    }
    return highest;
}

mt_shift mt_shift_of(int64_t volume_wh)
{
    return (mt_shift){.volume_wh = volume_wh, .price = MT_SHIFT_TENTH};
}

mt_code mt_shift_bids(mt_ctx *cx, const mt_bid **out, size_t *n_out, const mt_bid *bid, size_t n,
                      const mt_clear_rule *rule, const mt_shift *shift)
{
    mt_clearing base; /* refuses impossible bids */
    struct scenario s;
    MT_TRY(mt_clear(cx, &base, bid, n, rule));
    MT_TRY(apply_shift(cx, &s, bid, n, rule, shift));
    *out = s.bid;
    *n_out = s.n;
    return MT_OK;
}

mt_code mt_impact_of(mt_ctx *cx, mt_impact *out, const mt_bid *bid, size_t n, const mt_clear_rule *rule,
                     const mt_shift *shift)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = MT_OK;
    mt_impact i;
    struct scenario s;
    MT_TRY_OUT(mt_clear(cx, &i.base, bid, n, rule));
    MT_TRY_OUT(apply_shift(cx, &s, bid, n, rule, shift));
    MT_TRY_OUT(mt_clear(cx, &i.scenario, s.bid, s.n, rule));
    i.base_price = price_of(&i.base, rule);
    i.scenario_price = price_of(&i.scenario, rule);
    i.change = price_change(&i.scenario, &i.base, rule);
    i.change_percent = i.base_price != 0 ? i.change / fabs(i.base_price) * 100 : NAN;
    i.shift_mwh = (double)s.applied / 1e6;
    *out = i;
out:
    mt_arena_reset(&cx->arena, mark);
    return code;
}

mt_code mt_sensitivity_of(mt_ctx *cx, mt_sensitivity *out, const mt_bid *bid, size_t n,
                          const mt_clear_rule *rule, mt_time step)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = MT_OK;
    mt_clearing base;
    mt_sensitivity s = {NAN, NAN};
    double base_price, with_supply, with_demand;
    int64_t gigawatt = mt_muldiv_round(INT64_C(1000000000), step, MT_US_HOUR);
    MT_TRY_OUT(mt_clear(cx, &base, bid, n, rule));
    if (base.volume > 0) {
        int32_t lowest = rule->has_floor ? rule->floor : lowest_tick(bid, n, false);
        int32_t highest = rule->has_cap ? rule->cap : highest_tick(bid, n);
        base_price = price_of(&base, rule);
        MT_TRY_OUT(clear_with(cx, &with_supply, bid, n, rule, (mt_bid){lowest, MT_SELL, gigawatt}));
        MT_TRY_OUT(clear_with(cx, &with_demand, bid, n, rule, (mt_bid){highest, MT_BUY, gigawatt}));
        s = (mt_sensitivity){.more = with_supply - base_price, .less = base_price - with_demand};
    }
    *out = s;
out:
    mt_arena_reset(&cx->arena, mark);
    return code;
}

mt_merit_effect mt_merit_effect_of(const mt_clearing *with, const mt_clearing *without, mt_micro tick_micro,
                                   double supply_mwh)
{
    mt_merit_effect m = {.price_without = mt_tick_money(without->price, tick_micro),
                         .price_with = mt_tick_money(with->price, tick_micro)};
    m.effect = m.price_without - m.price_with;
    m.consumer = m.effect * ((double)with->volume / 1e6);
    m.specific = supply_mwh > 0 ? m.consumer / supply_mwh : NAN;
    return m;
}
