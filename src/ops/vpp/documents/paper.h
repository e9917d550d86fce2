/* A document of account as the files its readers want: JSON, PDF, e-invoices.
 *
 * Purpose   Writes one document in every form asked for, each whole or not at all, and checks an e-invoice
 *           before it is left behind: one that breaks a rule of EN 16931 is not written, and the rule is
 *           told.
 * Shapes    FOLDER/NUMBER.json, NUMBER.pdf (PDF/A-3 with the CII inside: ZUGFeRD), NUMBER_ubl.xml,
 *           NUMBER_cii.xml (XRechnung). A draft is called DRAFT_CONTRACT_KIND_DAY and has no XML,
 *           because an e-invoice needs a number.
 * Errors    Those of writing; a rule that does not hold is no error but told in `told`.
 * Ownership mt_paper_open/_close; texts of `told` live in cx.
 * Threads   One paper, one thread.
 * Cost      About 10 ms a document in all forms; 40 ms once for the first PDF.
 */
#ifndef MT_OPS_VPP_DOCUMENTS_PAPER_H
#define MT_OPS_VPP_DOCUMENTS_PAPER_H

#include "ops/vpp/render/invoice_pdf.h"

MT_BEGIN_DECLS

enum { MT_PAPER_JSON = 1, MT_PAPER_PDF = 2, MT_PAPER_UBL = 4, MT_PAPER_CII = 8 };

/* "json,pdf" into bits; MT_E_INPUT with the known words. */
MT_MUST_USE mt_code mt_paper_forms(mt_ctx *cx, unsigned *out, const char *text);

typedef struct mt_paper mt_paper;

typedef struct mt_paper_told {
    const char *name;     /* of the files, without ending */
    const char *files;    /* "json pdf ubl cii": what was written */
    const char *einvoice; /* "valid"; the first rule that does not hold; NULL: none was asked for */
} mt_paper_told;

/* folder NULL: nothing is written, the e-invoice is checked all the same. */
MT_MUST_USE mt_code mt_paper_open(mt_ctx *cx, mt_paper **out, const char *folder, unsigned forms,
                                  mt_language language);
void mt_paper_close(mt_paper *paper); /* NULL allowed */

/* What the PDF can show besides the document. */
typedef struct mt_paper_about {
    const mt_infeed_view *infeed; /* for the appendix; NULL: none */
    const mt_contract *contract;  /* how it prices, in the reader's language; NULL: the lines' own words */
} mt_paper_about;

/* `about` NULL: nothing besides. */
MT_MUST_USE mt_code mt_paper_write(mt_ctx *cx, mt_paper *paper, const mt_invoice *invoice,
                                   const mt_paper_about *about, mt_paper_told *told);

MT_END_DECLS
#endif
