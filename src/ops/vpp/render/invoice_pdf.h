/* A document of account as a PDF made for a customer's eye.
 *
 * Purpose   Sender and recipient, what was supplied, how it is priced and taxed, what is paid to whom and
 *           when, and an appendix that shows the infeed and names its sources. With the XML of the same
 *           document inside it is a ZUGFeRD / Factur-X invoice.
 * Units     See terms/vpp/invoice.h; shown as euros, percent and the unit of the line.
 * Shapes    PDF/A-3b on A4. A draft says that it is one. Who issues (the buyer of a self-billed document)
 *           stands at the top and the foot; the other is addressed.
 * Time      `created` goes into the file; nothing asks a clock, so the same document is the same bytes.
 * Errors    MT_E_ABSENT  a library or the font is missing (when the press is opened);  MT_E_INPUT  XML
 *           without a profile;  what mt_out_write says.
 * Ownership Everything is borrowed for the call; `out` is not finished. The arena is reset at the end.
 * Cost      About 6 ms a document with one press for all of them.
 * Source    Sec. 14 (4) UStG (what an invoice must say), DIN 5008 form B (where the address stands).
 * Example   merit vpp invoice --data DIR --month 2025-06 --form pdf --into DIR
 */
#ifndef MT_OPS_VPP_RENDER_INVOICE_PDF_H
#define MT_OPS_VPP_RENDER_INVOICE_PDF_H

#include "io/out.h"
#include "io/pdf/press.h"
#include "ops/vpp/render/infeed_view.h"
#include "ops/vpp/render/words.h"

MT_BEGIN_DECLS

typedef struct mt_invoice_pdf_options {
    size_t size; /* sizeof(mt_invoice_pdf_options) */
    mt_language language;
    mt_time created;              /* MT_TIME_NONE: the day of issue */
    const mt_contract *contract;  /* how it is priced, in the reader's language; NULL: the line's own words */
    const mt_infeed_view *infeed; /* for the appendix; NULL: none */
    mt_text xml;                  /* mt_cii_write with MT_PROFILE_EN16931; at NULL: none is embedded */
    const char *profile;          /* of the XML, for the metadata; NULL: "EN 16931" */
} mt_invoice_pdf_options;

MT_MUST_USE mt_code mt_invoice_pdf(mt_ctx *cx, mt_press *press, mt_out *out, const mt_invoice *invoice,
                                   const mt_invoice_pdf_options *options);

MT_END_DECLS
#endif
