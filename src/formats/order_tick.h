/* One order tick of a live market, from its JSON message.
 *
 * Purpose   What a message of an order stream means.
 * Units     price in currency per MWh, volume in MWh, as decimals of at most six places: exact.
 * Shapes    {"id", "start" (or "delivery_start", "time"), "side", "price", "volume", "action"?}. side: buy or
 *           sell; action: add (where none is given), change, cancel. A cancel needs id and start only. The
 *           period of the tick is the one of `period` in which start lies.
 * Errors    None of the code but memory: *fault says in a sentence why the message is no tick, NULL when it
 *           is one.
 * Ownership The id is borrowed from the message's tree, in cx.
 */
#ifndef MT_FORMATS_ORDER_TICK_H
#define MT_FORMATS_ORDER_TICK_H

#include "terms/order.h"

MT_BEGIN_DECLS

typedef enum mt_tick_action { MT_TICK_ADD, MT_TICK_CHANGE, MT_TICK_CANCEL } mt_tick_action;

typedef struct mt_order_tick {
    mt_tick_action action;
    mt_text id;
    mt_time start;
    mt_side side;
    mt_micro price;
    int64_t volume_wh;
} mt_order_tick;

MT_MUST_USE mt_code mt_order_tick_read(mt_ctx *cx, mt_order_tick *out, const char **fault, mt_text message,
                                       mt_time period);

MT_END_DECLS
#endif
