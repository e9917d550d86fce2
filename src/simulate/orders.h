/* Order books cut from the merit order: an endless-looking source of batches in flat memory.
 *
 * Purpose   Gives every reader of orders a market of any size: a file writer, the clearing, a load test.
 * Units     Prices on the 0.01 EUR/MWh grid, volumes on the 0.1 MWh grid, in the integers of terms/order.h.
 * Shapes    Exactly orders_per_period rows a period, half of them buys (the odd one sells), days and periods
 *           in order, times ascending inside the period on whole seconds. No row has a fault. The curves of
 *           stack.h are split: an order's volume is its slice of the curve, its price the curve's price there
 *           plus noise of 1.5 % + 0.3 EUR; orders at the price limits stay there. Slices are finer where the
 *           price is set. The sum of a side's volumes is the curve's energy to 0.1 MWh, unless there are more
 *           orders than tenths of a MWh: then every order has 0.1 MWh at least.
 * Errors    Those of mt_sim_rule_check.
 * Ownership The source lives in cx; a batch is borrowed until the next call. `rule` is copied.
 * Cost      About 50 ns an order plus 20 us a period; about 0.8 MB in all, whatever the number of orders.
 * Example   MT_TRY(mt_sim_orders(cx, &source, &rule));
 *           do { MT_TRY(source.next(source.self, cx, &batch)); … } while (batch.n);
 */
#ifndef MT_SIMULATE_ORDERS_H
#define MT_SIMULATE_ORDERS_H

#include "simulate/stack.h"
#include "terms/order.h"

MT_BEGIN_DECLS

MT_API MT_MUST_USE mt_code mt_sim_orders(mt_ctx *cx, mt_order_source *out, const mt_sim_rule *rule);

MT_END_DECLS
#endif
