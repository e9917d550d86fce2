/* The parts of a document of account, from its head to its appendix, each put on the page that is open.
 *
 * Purpose   invoice_pdf.c says in which order; this room how each looks.
 * Errors    MT_E_MEMORY; the page remembers its own.
 */
#ifndef MT_OPS_VPP_RENDER_INVOICE_PARTS_H
#define MT_OPS_VPP_RENDER_INVOICE_PARTS_H

#include "io/pdf/page.h"
#include "ops/vpp/render/invoice_pdf.h"

MT_BEGIN_DECLS

typedef struct mt_invoice_sheet {
    mt_pdf pdf;
    const mt_invoice *invoice;
    const mt_invoice_pdf_options *options;
    const mt_party *sender, *receiver;
    bool by_buyer; /* the buyer makes out the document */
    const char *title, *number, *period;
} mt_invoice_sheet;

MT_MUST_USE mt_code mt_invoice_footer(mt_ctx *cx, const mt_invoice_sheet *sheet, const char *column[4],
                                      size_t *n);
MT_MUST_USE mt_code mt_invoice_put_head(mt_ctx *cx, mt_invoice_sheet *sheet);
MT_MUST_USE mt_code mt_invoice_put_lines(mt_ctx *cx, mt_invoice_sheet *sheet);
MT_MUST_USE mt_code mt_invoice_put_sums(mt_ctx *cx, mt_invoice_sheet *sheet);
MT_MUST_USE mt_code mt_invoice_put_payment(mt_ctx *cx, mt_invoice_sheet *sheet);
MT_MUST_USE mt_code mt_invoice_put_notes(mt_ctx *cx, mt_invoice_sheet *sheet);
MT_MUST_USE mt_code mt_invoice_put_appendix(mt_ctx *cx, mt_invoice_sheet *sheet);

/* "279.336,19 €"; other currencies by their code. */
MT_MUST_USE mt_code mt_invoice_money(mt_ctx *cx, const char **out, const mt_invoice_sheet *sheet,
                                     int64_t cent);

MT_END_DECLS
#endif
