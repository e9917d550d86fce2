/* What each order of a cleared auction gets.
 *
 * Purpose   Turns one price and one volume into a quantity for every bid, exactly.
 * Units     Wh.
 * Shapes    got[i] belongs to bid[i]. Sells below `low` and buys above it get all they asked for; bids at
 *           `low` share the rest of the volume: `pro_rata` in proportion to their volumes, `time` in order
 *           of time. The accepted sells and the accepted buys both add up to c->volume to the last Wh.
 *           Without a trade every share is 0.
 * Rule      Pro rata rounds down and gives the missing Wh one by one to the largest remainders; equal
 *           remainders go by the larger volume, then by the earlier row. `time` ties go to the earlier row;
 *           without times rows are in order.
 * Errors    MT_E_SHAPE the clearing is not one of these bids under this rule; MT_E_MEMORY.
 * Ownership `got` is the caller's, n elements; scratch is given back.
 * Cost      O(n + m log m) for m bids at the margin.
 * Source    Largest-remainder method (Hare quota); pro rata at the margin as observed in the Italian market
 *           since 2025.
 */
#ifndef MT_MARKET_ALLOCATION_H
#define MT_MARKET_ALLOCATION_H

#include "market/clearing.h"

MT_BEGIN_DECLS

typedef enum mt_share { MT_SHARE_PRO_RATA, MT_SHARE_TIME } mt_share;

/* What was cleared: the bids and rule of mt_clear, and its result. `time` is used by MT_SHARE_TIME; NULL:
 * row order. */
typedef struct mt_allocation {
    const mt_bid *bid;
    const mt_time *time;
    size_t n;
    const mt_clear_rule *rule;
    const mt_clearing *clearing;
    mt_share share;
} mt_allocation;

MT_API MT_MUST_USE mt_code mt_allocate(mt_ctx *cx, int64_t *got, const mt_allocation *allocation);

MT_END_DECLS
#endif
