/* Settlements into documents: lines rounded once, VAT once a category, kinds that must not share a paper
 * apart.
 *
 * Purpose   Makes the self-billed document, the service invoice, the damages and the claim to the grid
 *           operator of one settlement, as drafts without numbers; makes the cancellation of one.
 * Units     See terms/vpp/invoice.h.
 * Shapes    Documents of no lines are not made. Lines: infeed; fee (a negative quantity when the fee
 *           reduces the price, in the service invoice else); redispatch (in the self-billed document
 *           when energy was supplied, else in the damages); curtailment.
 * Errors    MT_E_INPUT  an amount leaves what cents can hold.
 * Ownership Results live in cx; texts are those of the desk.
 * Source    EN 16931 BR-DEC-23, BR-CO-10, BR-CO-17, BR-27; BR-O-11 (category O alone).
 * Example   merit vpp invoice --data DIR --month 2025-06
 */
#ifndef MT_VPP_INVOICE_DOCUMENT_H
#define MT_VPP_INVOICE_DOCUMENT_H

#include "terms/vpp/invoice.h"
#include "vpp/invoice/settle.h"

MT_BEGIN_DECLS

typedef struct mt_document_options {
    size_t size; /* sizeof(mt_document_options) */
    mt_day issued;
    int due_days;       /* 0: 14 */
    mt_day from, until; /* service period asked for; cut to the contract */
} mt_document_options;

MT_API MT_MUST_USE mt_code mt_documents(mt_ctx *cx, mt_invoice **out, size_t *n, const mt_desk *desk,
                                        const mt_settlement *settlement, const mt_document_options *options);

/* All signs turned, the reason as its note. */
MT_API MT_MUST_USE mt_code mt_document_cancel(mt_ctx *cx, mt_invoice *out, const mt_invoice *document,
                                              mt_day issued, const char *reason);

/* Rounds, finds the unit price and its decimals, sums up: for whoever builds lines. */
MT_API MT_MUST_USE mt_code mt_invoice_total(mt_ctx *cx, mt_invoice *document);
/* The rate of standard VAT on that day (a table with validity). */
MT_API int64_t mt_vat_standard_rate(mt_day day);

MT_END_DECLS
#endif
