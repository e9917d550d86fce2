/* The supply curve and the demand curve of one auction.
 *
 * Purpose   What is drawn when somebody asks how a price came about.
 * Units     Ticks and Wh.
 * Shapes    One point for each tick at which a bid with volume stands, ascending. supply = S(p), what is
 *           offered at p or less; demand = D(p), what is wanted at p or more. Between two points supply
 *           stays at the left one's value and demand at the right one's.
 * Errors    MT_E_INPUT as mt_clear for impossible bids; MT_E_MEMORY.
 * Ownership The points live in cx.
 * Cost      O(n), a radix sort; 24 bytes a bid, and 32 of scratch that are given back.
 * Example   merit market curve --orders orders.csv --start 2024-01-01T00:00Z
 */
#ifndef MT_MARKET_CURVE_H
#define MT_MARKET_CURVE_H

#include "market/clearing.h"

MT_BEGIN_DECLS

typedef struct mt_curve_point {
    int32_t tick;
    int64_t supply; /* Wh at this tick or less */
    int64_t demand; /* Wh at this tick or more */
} mt_curve_point;

MT_API MT_MUST_USE mt_code mt_curve(mt_ctx *cx, const mt_curve_point **out, size_t *n_out, const mt_bid *bid,
                                    size_t n);

MT_END_DECLS
#endif
