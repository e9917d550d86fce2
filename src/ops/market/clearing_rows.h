/* The row of a cleared period, as operations, reports and the store see it.
 *
 * Units     Prices in money per MWh, volumes in MWh; NaN where there is none.
 */
#ifndef MT_OPS_MARKET_CLEARING_ROWS_H
#define MT_OPS_MARKET_CLEARING_ROWS_H

#include "ops/orders/market_in.h"

MT_BEGIN_DECLS

typedef struct mt_clearing_row {
    mt_time start;
    double price, price_low, price_high, volume, offered, wanted;
    int64_t buys, sells;
    double best_bid, best_ask, welfare, efficiency;
    int status; /* mt_clear_status */
} mt_clearing_row;

extern const mt_field mt_clearing_col[];
extern const char *const mt_clear_status_choice[];

double mt_mwh(int64_t wh);
void mt_clearing_row_of(mt_clearing_row *row, mt_time start, const mt_clearing *c, mt_micro tick);

/* All periods of a market, in cx. */
MT_MUST_USE mt_code mt_clearing_rows(mt_ctx *cx, mt_market *market, mt_clearing_row **out /* market->n */);

MT_END_DECLS
#endif
