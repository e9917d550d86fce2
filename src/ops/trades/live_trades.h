/* Trade confirmations of a stream into the store, each exactly once.
 *
 * Purpose   What `merit stream consume URL --trades` runs.
 * Shapes    A message is {"trade_confirmation": {…}}, see entry.h. The same confirmation again changes
 *           nothing; another trade under a number that is taken, and what is none, becomes a dead letter.
 * Ownership mt_live_trades_open/_close; the consumer borrows it.
 * Cost      A question and a statement a message; a desk has some hundred a minute.
 */
#ifndef MT_OPS_TRADES_LIVE_TRADES_H
#define MT_OPS_TRADES_LIVE_TRADES_H

#include "ingest/consume.h"

MT_BEGIN_DECLS

typedef struct mt_live_trades mt_live_trades;

MT_MUST_USE mt_code mt_live_trades_open(mt_ctx *cx, mt_live_trades **out, mt_store *store);
void mt_live_trades_close(mt_live_trades *trades); /* NULL allowed */

mt_consumer mt_live_trades_consumer(mt_live_trades *trades);

/* Of all committed batches. */
mt_merge_counts mt_live_trades_counts(const mt_live_trades *trades);

MT_END_DECLS
#endif
