/* Trades of a continuous market.
 *
 * Purpose   The noun that trade files, the store and the price indices share.
 * Units     price: micro-currency per MWh; energy: Wh of the whole delivery (a file that gives power says
 *           so and its reader multiplies by the hours of delivery); times UTC.
 * Shapes    delivery_end > delivery_start. side is seen from the file's owner; MT_SIDE_NONE where the file
 *           has none.
 */
#ifndef MT_TERMS_TRADE_H
#define MT_TERMS_TRADE_H

#include "terms/order.h"

MT_BEGIN_DECLS

typedef struct mt_trade {
    mt_time delivery_start;
    mt_time delivery_end;
    mt_time execution_time;
    mt_micro price;
    int64_t energy_wh;
    mt_side side;
    const char *id;                /* NULL: none */
    const char *trader, *strategy; /* NULL: none */
} mt_trade;

MT_END_DECLS
#endif
