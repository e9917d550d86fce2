/* A document of account as UBL 2.1 Invoice, the first of the two syntaxes of EN 16931.
 *
 * Purpose   The XRechnung that a customer's portal takes.
 * Units     Amounts in the document's currency with two decimals, quantities and prices exact.
 * Shapes    One element `Invoice`, also for cancellations (384): UBL's credit note is not used, because signs
 *           sit on quantities. Category O has no VAT identifiers and no rate on its lines. The last day of
 *           the period is told as the day of delivery.
 * Errors    MT_E_INPUT as in formats/document/amount.h; those of `out`. What a party lacks is left out here
 *           and found by formats/document/en16931_check.h.
 * Ownership `out` is borrowed and not finished.
 * Source    EN 16931-3-2 (binding to UBL); XRechnung 3.0; OASIS UBL 2.1.
 * Example   merit vpp invoice --data DIR --month 2025-06 --form ubl --into DIR
 */
#ifndef MT_FORMATS_DOCUMENT_UBL_H
#define MT_FORMATS_DOCUMENT_UBL_H

#include "formats/document/amount.h"
#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_ubl_write(mt_ctx *cx, mt_out *out, const mt_invoice *invoice,
                                 const char *profile /* MT_PROFILE_XRECHNUNG */);

MT_END_DECLS
#endif
