/* A document of account as UN/CEFACT Cross Industry Invoice (D16B), the second syntax of EN 16931.
 *
 * Purpose   The XML of an XRechnung in CII, and what stands inside a ZUGFeRD or Factur-X PDF.
 * Units     Amounts in the document's currency with two decimals, quantities and prices exact.
 * Shapes    One element `CrossIndustryInvoice`; days as YYYYMMDD (format 102).
 * Errors    MT_E_INPUT as in formats/document/amount.h; those of `out`.
 * Ownership `out` is borrowed and not finished; mt_out_memory gives the bytes for embedding.
 * Source    EN 16931-3-3 (binding to CII D16B); XRechnung 3.0; ZUGFeRD 2.3 / Factur-X 1.0, profile EN 16931.
 * Example   merit vpp invoice --data DIR --month 2025-06 --form cii --into DIR
 */
#ifndef MT_FORMATS_DOCUMENT_CII_H
#define MT_FORMATS_DOCUMENT_CII_H

#include "formats/document/amount.h"
#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_cii_write(mt_ctx *cx, mt_out *out, const mt_invoice *invoice,
                                 const char *profile /* MT_PROFILE_XRECHNUNG or MT_PROFILE_EN16931 */);

MT_END_DECLS
#endif
