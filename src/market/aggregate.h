/* Plain figures of the orders of a period, side by side.
 *
 * Purpose   Counts, prices and volumes of buys and sells before any clearing.
 * Units     Prices money per MWh, volumes MWh.
 * Shapes    Figures of a side without orders are NaN, its count 0. vwap weighs with the volumes above 0,
 *           NaN without any. spread = mean buy price - mean sell price, NaN where a side is empty.
 * Threads   Pure; any number.
 * Cost      O(n), exact sums, each figure rounded once.
 * Example   merit market aggregate --orders orders.csv --period 1h
 */
#ifndef MT_MARKET_AGGREGATE_H
#define MT_MARKET_AGGREGATE_H

#include "market/clearing.h"

MT_BEGIN_DECLS

typedef struct mt_side_figures {
    size_t n;
    double price_mean, price_min, price_max;
    double volume_sum, volume_mean;
    double vwap;
} mt_side_figures;

typedef struct mt_aggregate {
    mt_side_figures side[2]; /* MT_SELL, MT_BUY */
    double spread;
} mt_aggregate;

MT_API mt_aggregate mt_aggregate_of(const mt_bid *bid, size_t n, mt_micro tick_micro);

MT_END_DECLS
#endif
