/* Was anything delivered for the days that are to be settled?
 *
 * Purpose   A day that was mistyped has contracts, but no meter, live point, forecast, trade or price: to
 *           settle it would be to invoice a model of the plants.
 * Errors    MT_E_ABSENT  nothing of the days was delivered;  MT_E_INPUT  their last day is not over.
 */
#ifndef MT_OPS_VPP_DELIVERED_H
#define MT_OPS_VPP_DELIVERED_H

#include "ops/vpp/portfolio.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_check_delivered(mt_ctx *cx, const mt_portfolio *portfolio);

/* For documents that get a number. `today` is a day of the delivery zone. */
MT_MUST_USE mt_code mt_check_over(mt_ctx *cx, const mt_portfolio *portfolio, mt_day today);

MT_END_DECLS
#endif
