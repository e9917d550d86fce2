/* Settlements into documents: lines rounded once, VAT once a category, kinds that must not share a paper
 * apart.
 *
 * Purpose   Makes the self-billed document, the service invoice, the damages and the claim to the grid
 *           operator of one settlement, as drafts without numbers; makes the cancellation of one.
 * Units     See terms/vpp/invoice.h.
 * Shapes    Documents of no lines are not made; a settlement with a fault has none. Lines: infeed; fee (a
 *           negative quantity when the fee reduces the price, in the service invoice else); redispatch (in
 *           the self-billed document when energy was supplied, else in the damages); curtailment. The
 *           sign of a line sits on its quantity: it is that of its net.
 * Errors    MT_E_INPUT  settled days outside of the service period; what total.h refuses;
 *           MT_E_CONFLICT  a cancellation of a draft or of a cancellation, a re-issue of something else.
 * Ownership Results live in cx; texts are those of the desk.
 * Source    EN 16931 BR-DEC-23, BR-CO-10, BR-CO-17, BR-27; BR-O-02 and BR-O-11 (category O alone, without VAT
 *           numbers). VAT: docs/guides/vpp.md, "Documents".
 * Example   merit vpp invoice --data DIR --month 2025-06
 */
#ifndef MT_VPP_INVOICE_DOCUMENT_H
#define MT_VPP_INVOICE_DOCUMENT_H

#include "terms/vpp/invoice.h"
#include "vpp/invoice/settle.h"
#include "vpp/invoice/total.h"

MT_BEGIN_DECLS

typedef struct mt_document_options {
    size_t size; /* sizeof(mt_document_options) */
    mt_day issued;
    int due_days;                 /* 0: 14 */
    mt_day from, until;           /* service period asked for; cut to the settled days, which lie in it */
    const char *grid_operator_id; /* party that claims go to; NULL: "grid_operator" */
} mt_document_options;

MT_API MT_MUST_USE mt_code mt_documents(mt_ctx *cx, mt_invoice **out, size_t *n, const mt_desk *desk,
                                        const mt_settlement *settlement, const mt_document_options *options);

/* All signs turned, the reason as its note; the version is the document's. */
MT_API MT_MUST_USE mt_code mt_document_cancel(mt_ctx *cx, mt_invoice *out, const mt_invoice *document,
                                              mt_day issued, const char *reason);

/* Makes a draft the version after `former`: same contract, kind and first day. */
MT_API MT_MUST_USE mt_code mt_document_reissue(mt_ctx *cx, mt_invoice *next, const mt_invoice *former);

MT_END_DECLS
#endif
