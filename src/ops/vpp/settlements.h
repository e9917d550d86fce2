/* Every contract's settlement, one asset at a time, so that a thousand plants need the memory of one.
 *
 * Purpose   Walks the assets, settles their contracts and hands each settlement over.
 * Shapes    By asset, then contract. The taker gets a context of its own, emptied after each asset: what it
 *           keeps must live elsewhere.
 * Ownership Settlements are borrowed for the call.
 */
#ifndef MT_OPS_VPP_SETTLEMENTS_H
#define MT_OPS_VPP_SETTLEMENTS_H

#include "ops/vpp/portfolio.h"

MT_BEGIN_DECLS

typedef mt_code mt_settlement_fn(mt_ctx *cx, void *arg, const mt_portfolio *portfolio,
                                 const mt_settlement *settlement);

MT_MUST_USE mt_code mt_settlements(mt_ctx *cx, const mt_portfolio *portfolio, mt_settlement_fn *take,
                                   void *arg);

MT_END_DECLS
#endif
