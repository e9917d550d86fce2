/* Order ticks in, prices out: a period is cleared again after each message that changes its book.
 *
 * Purpose   The live form of market.clear and market.impact: equal to the batch result to the last digit.
 * Units     As in market.clear; the shift in MW of renewable power over the whole period.
 * Shapes    A message is one order tick: {"id", "start" or "delivery_start", "side": "buy" or "sell",
 *           "price", "volume", "action"?: "add" (the default), "change" or "cancel"}. A tick again changes
 *           nothing. One row of output a period and batch: the state after its last tick.
 * Time      Prices are there within a millisecond of a tick (books of 10,000 orders); a row is pushed when
 *           it is durable, with both times beside it.
 * Errors    Those of ingest/consume.h. A tick that is none, or names an unknown order, is a dead letter.
 * Ownership Orders live in the table live_order, so that a process that starts again has its books back; a
 *           reader whose parts changed reads them from there again.
 *
 * All orders of a period must come in one partition (the period's start as the key of its messages does it).
 * One reader may have many partitions, but two readers of a group would each hold a part of such a book, and
 * the last to clear would be believed. A reader that sees one period in two of its partitions says so in the
 * log. That nobody else stores orders of a period is not asked at each batch: the count of 10,000 standing
 * orders takes 1.2 ms (embedded) to 3 ms (server), more than the clearing.
 */
#ifndef MT_OPS_STREAM_LIVE_CLEARING_H
#define MT_OPS_STREAM_LIVE_CLEARING_H

#include "ingest/consume.h"
#include "ops/world.h"

MT_BEGIN_DECLS

typedef struct mt_live_options {
    double shift_mw;
    mt_time period;
    const char *topics; /* with commas between; NULL: none (a file) */
} mt_live_options;

/* Until the context is cancelled or the stream ends; rows go to `out` as they are made. */
MT_MUST_USE mt_code mt_live_clearing(mt_ctx *cx, const mt_world *world, mt_consume_options *options,
                                     const mt_live_options *live, mt_sink *out);

MT_END_DECLS
#endif
