/* The report's rows with what contracts were owed: for the table and for the pages made of it.
 *
 * Purpose   vpp.report and vpp.page show the same numbers.
 * Shapes    One row an asset and the portfolio last, as vpp/report.h says.
 * Ownership Rows live in cx.
 */
#ifndef MT_OPS_VPP_PERFORMANCE_H
#define MT_OPS_VPP_PERFORMANCE_H

#include "ops/vpp/portfolio.h"
#include "ops/world.h"
#include "vpp/report.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_performance(mt_ctx *cx, const mt_portfolio *portfolio, const mt_report_row **out,
                                   size_t *n);

/* The same for the owner of the assets: what the trader earns or loses with them (imbalance, trading,
 * margin) is missing. */
MT_MUST_USE mt_code mt_performance_of_owner(mt_ctx *cx, const mt_portfolio *portfolio,
                                            const mt_report_row **out, size_t *n);

/* Whether the caller is an owner. */
bool mt_performance_is_owners(const mt_world *world);

MT_END_DECLS
#endif
