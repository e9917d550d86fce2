/* What a contract's infeed is paid by in a quarter, and what it lacks to be priced.
 *
 * Purpose   The price model with floor and cap, for settlements and for the compensation of curtailment.
 * Units     micro-EUR/MWh.
 * Missing   MT_MICRO_NONE where the contract or the market lacks what the model needs.
 * Ownership Texts live in cx or are constant.
 * Source    docs/guides/vpp.md, "Settlement of a contract".
 * Example   merit vpp settle --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_INVOICE_PRICING_H
#define MT_VPP_INVOICE_PRICING_H

#include "vpp/scheme/premium.h"

MT_BEGIN_DECLS

/* The price of the quarter by the model, then floor and cap. */
MT_API mt_micro mt_contract_price_at(const mt_desk *desk, const mt_contract *contract, size_t quarter);

/* What of the market the price model needs, as people say it; NULL: nothing. */
MT_API const char *mt_contract_price_source(const mt_contract *contract);

/* One sentence that names the fields its models need and the contract lacks; NULL: it has them all. */
MT_API MT_MUST_USE mt_code mt_contract_fault(mt_ctx *cx, const char **out, const mt_contract *contract);

MT_END_DECLS
#endif
