/* Documents that take another's place: its cancellation and its next version. */
#include "vpp/invoice/document.h"

#include <string.h>

static void turn_signs(mt_invoice *document)
{
    for (size_t k = 0; k < document->n_line; k++) {
        mt_invoice_line *line = &document->line[k];
        line->quantity_micro = -line->quantity_micro;
        line->exact_ueur = -line->exact_ueur;
        line->net_cent = -line->net_cent;
        line->rounding_ueur = -line->rounding_ueur;
    }
    for (size_t k = 0; k < document->n_vat; k++) {
        document->vat[k].taxable_cent = -document->vat[k].taxable_cent;
        document->vat[k].vat_cent = -document->vat[k].vat_cent;
    }
    document->net_cent = -document->net_cent;
    document->vat_cent = -document->vat_cent;
    document->gross_cent = -document->gross_cent;
}

mt_code mt_document_cancel(mt_ctx *cx, mt_invoice *out, const mt_invoice *document, mt_day issued,
                           const char *reason)
{
    mt_invoice turned = *document;
    if (!document->number)
        return mt_fail(cx, MT_E_CONFLICT,
                       "the %s of contract %s is a draft without a number: it is not cancelled but left",
                       mt_document_name(document->kind), document->contract_id);
    if (document->kind == MT_DOC_CORRECTION)
        return mt_fail(cx, MT_E_CONFLICT, "%s is a cancellation itself: issue a new version instead",
                       document->number);
    MT_TRY(MT_NEW(cx, &turned.line, document->n_line));
    if (document->n_line) memcpy(turned.line, document->line, document->n_line * sizeof *turned.line);
    turn_signs(&turned);
    turned.kind = MT_DOC_CORRECTION;
    turned.number = NULL;
    turned.cancels = document->number;
    turned.issued = turned.due = issued;
    turned.note = reason;
    *out = turned;
    return MT_OK;
}

mt_code mt_document_reissue(mt_ctx *cx, mt_invoice *next, const mt_invoice *former)
{
    if (next->kind != former->kind || next->from != former->from ||
        strcmp(next->contract_id, former->contract_id) != 0)
        return mt_fail(cx, MT_E_CONFLICT, "the %s of contract %s is no new version of the %s of contract %s",
                       mt_document_name(next->kind), next->contract_id, mt_document_name(former->kind),
                       former->contract_id);
    next->version = former->version + 1;
    return MT_OK;
}
