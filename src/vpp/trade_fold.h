/* Trades folded into the quarters of their delivery: exact sums, and nothing of a trade kept.
 *
 * Purpose   The one place that parts a trade into quarters, for the desk and for whoever counts trades.
 * Units     Wh, micro-EUR, micro-EUR/MWh.
 * Shapes    A delivery of several quarters is parted evenly; Wh that do not part evenly go to the first
 *           quarters, one each. Money of a part is its price x Wh, rounded once. Parts outside the grid are
 *           left out. A trade without a side counts as bought (its VWAP is the same).
 * Errors    None: trades that cannot be (no positive energy, no price, a delivery that does not lie on
 *           quarters) are counted in `bad`, the first of them shown; sums that leave int64 set `overflow`.
 * Ownership The sums live in the context of mt_trade_fold_init. Trades are borrowed for the call.
 * Threads   One fold, one thread; mt_trade_fold_merge brings folds of one grid together.
 * Cost      About 10 ns a trade-quarter; 56 bytes a quarter.
 * Source    docs/guides/vpp.md, "Trades".
 */
#ifndef MT_VPP_TRADE_FOLD_H
#define MT_VPP_TRADE_FOLD_H

#include "base/calendar.h"
#include "num/wide.h"
#include "terms/trade.h"
#include "vpp/exact.h"

MT_BEGIN_DECLS

/* One quarter. */
typedef struct mt_trade_sums {
    mt_wide money; /* sum of price x Wh of all, unrounded: for VWAP */
    int64_t bought_wh, sold_wh;
    int64_t bought_ueur, sold_ueur;
    int64_t count;
} mt_trade_sums;

typedef struct mt_trade_fold {
    mt_grid grid; /* step: a quarter */
    mt_trade_sums *quarter;
    int64_t trades, hourly, quarterly; /* good ones, also outside the grid */
    int64_t bad;
    mt_trade first_bad; /* its id is borrowed: NULL */
    bool overflow;
} mt_trade_fold;

/* How one trade is parted: quarter first + k has each + (k < extra) Wh. */
typedef struct mt_trade_parts {
    ptrdiff_t first; /* of the grid; may lie outside */
    int64_t n, each, extra;
} mt_trade_parts;

/* False: the trade cannot be parted into quarters. */
MT_API bool mt_trade_parts_of(mt_trade_parts *out, const mt_trade *trade, mt_grid grid);
/* Money of energy at a price, as mt_ueur_of; fast where the product fits 64 bits. */
MT_API int64_t mt_trade_ueur(int64_t wh, mt_micro price);

MT_API MT_MUST_USE mt_code mt_trade_fold_init(mt_ctx *cx, mt_trade_fold *out, mt_grid grid);
MT_API void mt_trade_fold_add(mt_trade_fold *fold, const mt_trade *trade, size_t n);
MT_API void mt_trade_fold_merge(mt_trade_fold *into, const mt_trade_fold *from);

/* round(money / energy); MT_MICRO_NONE without energy. */
MT_API mt_micro mt_trade_vwap(const mt_trade_sums *sums);

MT_END_DECLS
#endif
