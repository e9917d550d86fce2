/* Trades of the continuous market around the auction's price, one delivery day at a time.
 *
 * Purpose   Feeds price indices and trade files of the private/public form.
 * Units     As in terms/trade.h: micro-euro per MWh on the 0.01 grid; Wh, 0.1 MW times the hours of delivery.
 * Shapes    Products: every hour and every quarter of the local delivery day. Trades are in order of
 *           execution; their ids are digits, unique over areas and days. Numbers of trades are Poisson, more
 *           for evening products. Executions lie between 15:00 (quarters 16:00) on the day before and five
 *           minutes before delivery, denser towards the end. The middle price walks from the auction's price
 *           to a level that differs by forecast errors; trades stand half a spread beside it, and the spread
 *           widens towards delivery.
 * Errors    Those of mt_sim_rule_check and mt_sim_day_fill.
 * Ownership Trades and ids live in cx; a caller that goes through many days marks and resets its arena a day.
 * Cost      About 2 ms a day plus 60 ns a trade.
 * Source    Product set and lead times: EPEX SPOT continuous intraday market in Germany, as publicly
 *           described.
 */
#ifndef MT_SIMULATE_TRADES_H
#define MT_SIMULATE_TRADES_H

#include "simulate/stack.h"
#include "terms/trade.h"

MT_BEGIN_DECLS

MT_API MT_MUST_USE mt_code mt_sim_trades(mt_ctx *cx, mt_trade **out, size_t *n, const mt_sim_rule *rule,
                                         mt_day delivery_day);

MT_END_DECLS
#endif
