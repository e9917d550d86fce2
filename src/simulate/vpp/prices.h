/* The prices around a simulated portfolio: auction, continuous market, imbalance, redispatch, market values.
 *
 * Units     Micro-EUR/MWh on a grid of cents; market values micro-ct/kWh on a grid of thousandths.
 * Shapes    Quarters of UTC from six local days before the first day to five after the last.
 * Missing   MT_MICRO_NONE: the final imbalance price of ten quarters of each UTC day (02:00 to 03:30 and
 *           17:30 to 18:00, both inside), and what the trap missing_price takes away.
 * Ownership Prices live in cx and are constant.
 * Source    The auction's price is where the curves of simulate/stack.h cross. The imbalance price follows
 *           the continuous market with a sign and a size of its own.
 */
#ifndef MT_SIMULATE_VPP_PRICES_H
#define MT_SIMULATE_VPP_PRICES_H

#include "simulate/vpp/portfolio_rule.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

typedef struct mt_sim_prices {
    const mt_sim_vpp_rule *rule;
    mt_time start;
    size_t n;
    mt_micro *day_ahead;  /* of the quarter; the same in an hour before 2025-10-01 */
    mt_micro *continuous; /* where trades happen */
    mt_micro *final, *estimate, *compensation;
} mt_sim_prices;

MT_API MT_MUST_USE mt_code mt_sim_prices_new(mt_ctx *cx, mt_sim_prices *out, const mt_sim_vpp_rule *rule);
MT_API mt_micro mt_sim_price_at(const mt_sim_prices *prices, const mt_micro *of, mt_time quarter);

/* Months from January of the year before to that of the last day, and both years (month 0). */
MT_API MT_MUST_USE mt_code mt_sim_market_values(mt_ctx *cx, mt_market_value **out, size_t *n,
                                                const mt_sim_vpp_rule *rule);

MT_END_DECLS
#endif
