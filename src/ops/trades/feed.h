/* Own trades of the store as a desk takes them, beside those of its files.
 *
 * Purpose   Trades that were added, imported or confirmed live count in vpp.trading and the balance as if
 *           they had come in a file of private trades.
 * Units     As terms/trade.h: cents and MW become micro-EUR/MWh and Wh.
 * Shapes    Trades whose delivery touches [from, until), by delivery; one origin, "store/trades". No trades:
 *           no origin. Of trades with one number in files and here the desk counts one.
 * Errors    Those of the store and the taker.
 * Ownership Borrowed by the taker for the call.
 */
#ifndef MT_OPS_TRADES_FEED_H
#define MT_OPS_TRADES_FEED_H

#include "store/store.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_trades_feed(mt_ctx *cx, mt_store *store, const mt_vpp_taker *taker, mt_time from,
                                   mt_time until);

MT_END_DECLS
#endif
