/* What happens to the price when there is more or less cheap supply.
 *
 * Purpose   Re-clears an auction with more and with less renewable supply; sensitivity and merit-order
 *           effect from that.
 * Units     Wh, ticks; prices and sensitivities as doubles in money per MWh and money per MWh per GW.
 * Rule      More supply x > 0 is one more sell of x, priced at a tenth of the lowest sell (the earlier
 *           system's rule, rounded to the tick; at the lowest sell itself where that is not above 0), at the
 *           floor, or at a given tick. Less supply x < 0 multiplies every sell's volume by (T - |x|) / T
 *           for T offered, rounded to the Wh; where |x| >= T a twentieth of each stays; sells that
 *           then lie below `least_wh` are dropped. An auction without any sell is left alone: nothing is
 *           invented for it.
 * Missing   Prices without a trade are NaN, and what is computed from them.
 * Errors    MT_E_INPUT as mt_clear; MT_E_SHAPE a percentage below -100; MT_E_MEMORY.
 * Ownership Bids of a scenario live in cx; mt_impact_of gives its scratch back.
 * Cost      A copy of the bids and a clearing each.
 * Source    Merit-order effect: Sensfuss, Ragwitz, Genoese (2008), Energy Policy 36(8).
 * Example   merit market impact --orders orders.csv --shift 2000
 */
#ifndef MT_MARKET_IMPACT_H
#define MT_MARKET_IMPACT_H

#include "market/clearing.h"

MT_BEGIN_DECLS

typedef enum mt_shift_price {
    MT_SHIFT_TENTH, /* a tenth of the lowest sell */
    MT_SHIFT_FLOOR, /* the rule's floor; without one, the lowest bid of either side */
    MT_SHIFT_TICK   /* `tick` below */
} mt_shift_price;

typedef struct mt_shift {
    int64_t volume_wh;    /* more supply than 0, or less */
    double percent;       /* of what is offered; used where volume_wh is 0 */
    mt_shift_price price; /* of more supply */
    int32_t tick;
    int64_t least_wh; /* scaled sells smaller than this are dropped */
} mt_shift;

/* A shift by that much; MT_SHIFT_TENTH, no sell dropped, however small (the earlier system dropped those
 * below 1 MWh, so that its result depended on how finely a book is cut). */
MT_API mt_shift mt_shift_of(int64_t volume_wh);

/* The bids of the scenario. */
MT_API MT_MUST_USE mt_code mt_shift_bids(mt_ctx *cx, const mt_bid **out, size_t *n_out, const mt_bid *bid,
                                         size_t n, const mt_clear_rule *rule, const mt_shift *shift);

typedef struct mt_impact {
    mt_clearing base, scenario;
    double base_price, scenario_price; /* money per MWh */
    double change;                     /* scenario minus base */
    double change_percent;             /* of the base's size: signed as the change; NaN where that is 0 */
    double shift_mwh;                  /* of supply, signed, as applied */
} mt_impact;

MT_API MT_MUST_USE mt_code mt_impact_of(mt_ctx *cx, mt_impact *out, const mt_bid *bid, size_t n,
                                        const mt_clear_rule *rule, const mt_shift *shift);

/* Money per MWh for each GW of supply, to both sides: `more` is the change when 1 GW is added at the lowest
 * price there is, `less` the change per GW when 1 GW of demand is added at the highest, with its sign
 * turned (so both are <= 0). */
typedef struct mt_sensitivity {
    double more, less;
} mt_sensitivity;

MT_API MT_MUST_USE mt_code mt_sensitivity_of(mt_ctx *cx, mt_sensitivity *out, const mt_bid *bid, size_t n,
                                             const mt_clear_rule *rule, mt_time step);

/* The price without some supply minus the price with it, and what that is worth to consumers. */
typedef struct mt_merit_effect {
    double price_without, price_with;
    double effect;   /* without - with: how much the supply lowers the price */
    double consumer; /* effect x volume traded with it, money */
    double specific; /* consumer effect for each MWh of that supply */
} mt_merit_effect;

/* `with` and `without` are two clearings of one period, `supply_mwh` what distinguishes them. */
MT_API mt_merit_effect mt_merit_effect_of(const mt_clearing *with, const mt_clearing *without,
                                          mt_micro tick_micro, double supply_mwh);

MT_END_DECLS
#endif
