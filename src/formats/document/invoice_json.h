/* A document of account as JSON: what programs read, and what the store keeps of it.
 *
 * Purpose   Writes every field of a document, and reads it back to the same document: a PDF, an e-invoice, a
 *           payment or a cancellation can be made from what was stored.
 * Units     Amounts in EUR with two decimals, exact sums with six; quantities and rates as they are.
 * Shapes    {number, kind, version, contract_id, period {from, until}, lines [{kind, quantity, unit,
 *           unit_net, net, vat_category, …}], vat [...], totals {net, vat, gross},
 *           sources [...], seller {…}, buyer {…}}. A line's own vat and gross inform; VAT is rounded once a
 *           category, in `vat`.
 * Errors    Reading: MT_E_INPUT names the member that is missing or wrong. Writing: those of `out`.
 * Ownership What is read lives in cx.
 */
#ifndef MT_FORMATS_DOCUMENT_INVOICE_JSON_H
#define MT_FORMATS_DOCUMENT_INVOICE_JSON_H

#include "io/json.h"
#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_invoice_json(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, mt_json_look look);
MT_MUST_USE mt_code mt_invoice_json_read(mt_ctx *cx, mt_invoice *out, const char *name, mt_text json);

MT_END_DECLS
#endif
