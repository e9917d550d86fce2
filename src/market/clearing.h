/* The clearing of one auction: the price at which supply meets demand, and how much is traded there.
 *
 * Purpose   The kernel below every clearing, scenario and curve: exact integers in, exact integers out.
 * Units     Prices in ticks (rule.tick_micro says how much a tick is); volume in Wh; welfare in money (EUR
 *           when prices are in EUR/MWh).
 * Shapes    n bids in any order; the result does not depend on the order. Bids with volume 0 are counted in
 *           `buys` and `sells` and do nothing else. Missing ticks are MT_TICK_NONE, missing reals NaN.
 * Rule      S(p) is the supply at p or less, D(p) the demand at p or more, D+(p) the demand above p. low =
 *           the smallest tick with S(low) >= D+(low). high = low, but where S(low) == D+(low) every tick up
 *           to the next one at which a curve changes clears as well: that tick is high. volume =
 *           min(S(low), D(low)), the most that can be traded. price = low, high, their mid-point rounded to
 *           the tick half away from zero, or the highest accepted sell. That last rule is kept for markets
 *           that publish it and to compare with systems that do: where a partly filled buy sets the price
 *           it lies below low, and more is wanted there than offered.
 * Bounds    With a cap, demand above it counts as demand at it and low is at most the cap; where less is
 *           offered up to the cap than is wanted there: price = cap, status curtailed_demand. The mirror
 *           image at the floor.
 *           Where nothing at all is offered up to the cap, or wanted down to the floor, nothing trades:
 *           no_cross.
 * No trade  Volume 0, price missing; low and high show the open interval: the best bid and the best ask
 *           (missing where that side is empty). Neither side has volume: no_supply.
 * Errors    MT_E_INPUT a volume is negative, a side is neither, a tick is MT_TICK_NONE, a side's volumes
 *           exceed int64, the floor lies above the cap, tick_micro is not positive (the sentence names the
 *           bid or the bound).
 * Ownership Bids are borrowed; scratch is given back.
 * Threads   Any number side by side, one context each.
 * Cost      O(n): about one pass at the speed of memory (crossing.h); where the interval is open one pass
 *           more. Scratch n/8 bids, at least 64 KiB or n bids; with bounds that some bid exceeds, a copy of
 *           the bids.
 * Source    EUPHEMIA public description (price and volume indeterminacy, curtailment); the rule for `low`
 *           reproduces the published system prices of JEPX; OMEL before market coupling published the last
 *           accepted sell.
 * Example   merit market clear --orders orders.csv --period 1h --price-rule mid
 */
#ifndef MT_MARKET_CLEARING_H
#define MT_MARKET_CLEARING_H

#include "base/ctx.h"
#include "terms/order.h"

MT_BEGIN_DECLS

#define MT_TICK_NONE INT32_MIN

typedef struct mt_bid {
    int32_t tick;   /* limit price: the least a sell wants, the most a buy pays */
    uint32_t side;  /* MT_SELL or MT_BUY */
    int64_t volume; /* Wh, >= 0 */
} mt_bid;

/* X(symbol, name) */
/* clang-format off */
#define MT_PRICE_RULE_LIST(X)             \
    X(MT_PRICE_MID, "mid")                \
    X(MT_PRICE_LOW, "low")                \
    X(MT_PRICE_HIGH, "high")              \
    X(MT_PRICE_LAST_SELL, "last-sell")

#define MT_CLEAR_STATUS_LIST(X)               \
    X(MT_CLEARED, "cleared")                  \
    X(MT_NO_SUPPLY, "no_supply")              \
    X(MT_NO_DEMAND, "no_demand")              \
    X(MT_NO_CROSS, "no_cross")                \
    X(MT_CURTAILED_DEMAND, "curtailed_demand") \
    X(MT_CURTAILED_SUPPLY, "curtailed_supply")
/* clang-format on */

#define MT_CLEARING_SYMBOL(symbol, name) symbol,
typedef enum mt_price_rule { MT_PRICE_RULE_LIST(MT_CLEARING_SYMBOL) MT_PRICE_RULE_COUNT } mt_price_rule;
typedef enum mt_clear_status {
    MT_CLEAR_STATUS_LIST(MT_CLEARING_SYMBOL) MT_CLEAR_STATUS_COUNT
} mt_clear_status;
#undef MT_CLEARING_SYMBOL

typedef struct mt_clear_rule {
    size_t size; /* sizeof(mt_clear_rule), so that the struct may grow */
    mt_price_rule price;
    mt_micro tick_micro; /* one tick in micro-currency per MWh: 10,000 is 0.01 */
    bool has_floor, has_cap;
    int32_t floor, cap; /* ticks */
} mt_clear_rule;

typedef struct mt_clearing {
    mt_clear_status status;
    int32_t price;       /* tick; MT_TICK_NONE without a trade */
    int32_t low, high;   /* the interval of prices that clear; without a trade best bid and best ask */
    int32_t best_bid;    /* highest buy, after the bounds; MT_TICK_NONE where there is none */
    int32_t best_ask;    /* lowest sell, likewise */
    int64_t volume;      /* Wh traded */
    int64_t offered;     /* Wh of all sells */
    int64_t wanted;      /* Wh of all buys */
    size_t sells, buys;  /* bids */
    int64_t sells_below; /* Wh of sells below low, accepted in full; the rest of `volume` is shared at low */
    int64_t buys_above;  /* Wh of buys above low, likewise */
    double welfare;      /* value to buyers minus cost to sellers, at their limits; 0 without a trade */
    double efficiency;   /* volume / max(offered, wanted); NaN where a side is empty */
} mt_clearing;

MT_API const char *mt_price_rule_name(mt_price_rule rule);       /* "mid" */
MT_API const char *mt_clear_status_name(mt_clear_status status); /* "cleared" */
MT_API const char *const *mt_price_rule_names(void);             /* in order, then NULL: for choices */
MT_API const char *const *mt_clear_status_names(void);

/* Mid-point, no bounds, the given tick. */
MT_API mt_clear_rule mt_clear_rule_default(mt_micro tick_micro);

MT_API MT_MUST_USE mt_code mt_clear(mt_ctx *cx, mt_clearing *out, const mt_bid *bid, size_t n,
                                    const mt_clear_rule *rule);

/* The bid's tick as the bounds make it: a buy above the cap stands at the cap, a sell below the floor at
 * the floor. */
static inline int32_t mt_bid_tick(const mt_clear_rule *rule, mt_bid bid)
{
    if (bid.side == MT_BUY) return rule->has_cap && bid.tick > rule->cap ? rule->cap : bid.tick;
    return rule->has_floor && bid.tick < rule->floor ? rule->floor : bid.tick;
}

/* Ticks as money per MWh; NaN for MT_TICK_NONE. */
MT_API double mt_tick_money(int32_t tick, mt_micro tick_micro);

MT_END_DECLS
#endif
