/* Lines to cents, unit prices, VAT and totals of a document.
 *
 * Purpose   For whoever builds lines: kind, quantity, exact amount, category and rate are given, the rest
 *           is found here.
 * Units     See terms/vpp/invoice.h.
 * Shapes    A unit price has the fewest decimals, 2 to 10, with which quantity x price rounds to the net.
 * Errors    MT_E_INPUT  an amount without a quantity, an amount or price that does not fit, category O
 *           beside another, more categories and rates than a document holds.
 * Cost      O(lines).
 * Source    EN 16931 BR-DEC-23 (two decimals), BR-CO-10 (sums of rounded lines), BR-CO-17 (VAT once a
 *           category), BR-27 (no negative price), BR-O-11. UStG sec. 12, 28 (rates).
 */
#ifndef MT_VPP_INVOICE_TOTAL_H
#define MT_VPP_INVOICE_TOTAL_H

#include "base/ctx.h"
#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

MT_API MT_MUST_USE mt_code mt_invoice_total(mt_ctx *cx, mt_invoice *document);

/* The rate of standard VAT in Germany on that day, micro-percent (a table with validity). */
MT_API int64_t mt_vat_standard_rate(mt_day day);

MT_END_DECLS
#endif
