/* Where supply meets demand among unsorted bids; inside of market/ only.
 *
 * Purpose   The selection below the clearing rule: totals of all bids, the lowest tick that clears, what
 *           lies around it.
 * Units     As in sweep.h.
 * Shapes    n bids in any order; the result does not depend on the order.
 * Errors    MT_E_INPUT a bid that cannot be, or sums that exceed int64 (the sentence names the bid);
 *           MT_E_MEMORY.
 * Cost      O(n) expected: about one pass, found from a sample; each further pass narrows the ticks at
 *           least 32 times, so no input takes more than eight. Scratch n/8 bids, at least 64 KiB, given
 *           back by the caller's mark.
 * Source    Floyd and Rivest (1975), Expected time bounds for selection, CACM 18(3).
 */
#ifndef MT_MARKET_CROSSING_H
#define MT_MARKET_CROSSING_H

#include "market/sweep.h"

MT_BEGIN_DECLS

typedef struct mt_crossing {
    mt_sweep all;    /* totals, best bid and best ask of all bids */
    bool found;      /* some sell wants no more than some buy pays */
    int32_t low;     /* the smallest tick with S(low) >= D+(low) */
    mt_sweep around; /* window [low, low] */
} mt_crossing;

MT_MUST_USE mt_code mt_crossing_find(mt_ctx *cx, mt_crossing *out, const mt_bid *bid, size_t n);

MT_END_DECLS
#endif
