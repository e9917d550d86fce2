/* Live books: the orders that stand, and what each period was cleared at.
 *
 * Purpose   A process that starts again has its books back, exactly as of the position it had read to.
 * Units     See schema/v003_live.c.
 * Shapes    Tables live_order (unique by topic, period_us, start, id; standing false: cancelled) and
 *           live_clearing (unique by topic, period_us, start).
 * Ownership Texts are borrowed until the sink's push returns.
 */
#ifndef MT_STORE_DATA_LIVE_STORE_H
#define MT_STORE_DATA_LIVE_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_stored_live_order {
    const char *topic;
    int64_t period_us;
    mt_time start;
    const char *id;
    const char *side; /* "buy", "sell" */
    int64_t price_micro, volume_wh;
    bool standing;
} mt_stored_live_order;

typedef struct mt_stored_live_clearing {
    const char *topic;
    int64_t period_us;
    mt_time start, cleared_at;
    int64_t orders;
    double price, volume;
    const char *status;
    double price_more, price_less;
} mt_stored_live_clearing;

extern const mt_field mt_live_order_col[];
extern const mt_field mt_live_clearing_col[];

/* Sinks for rows of the two tables, as a part of the batch's transaction. */
MT_MUST_USE mt_code mt_live_order_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts);
MT_MUST_USE mt_code mt_live_clearing_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out,
                                           mt_merge_counts *counts);

/* One row, changed or added inside a transaction: for the few ticks of a live batch quicker than staging. */
MT_MUST_USE mt_code mt_live_order_put(mt_ctx *cx, mt_tx *tx, const mt_stored_live_order *row);
MT_MUST_USE mt_code mt_live_clearing_put(mt_ctx *cx, mt_tx *tx, const mt_stored_live_clearing *row);

/* The standing orders of one period: id, side, price_micro, volume_wh. */
MT_MUST_USE mt_code mt_live_order_read(mt_ctx *cx, mt_store *store, const char *topic, mt_time period,
                                       mt_time start, mt_sink *sink);

/* Columns of live_clearing by topic, period, start; `topic` NULL: all; newest `limit`. */
MT_MUST_USE mt_code mt_live_clearing_read(mt_ctx *cx, mt_store *store, const char *topic, int64_t limit,
                                          mt_sink *sink);

MT_END_DECLS
#endif
