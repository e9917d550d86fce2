/* What issuing, correcting and listing documents have in common: one walk over the settlements.
 *
 * Purpose   The frame of vpp.invoice, vpp.correct and vpp.resettle: arguments, the walk, rows of
 *           documents and of contracts that cannot be billed, and the findings that end it.
 * Errors    MT_E_ABSENT  the contract asked for is not there;  MT_FINDINGS  something could not be
 *           billed, differs, lacks quarters or has no valid e-invoice;  those of the desk, the store and
 *           paper.
 * Ownership Everything is borrowed for the walk.
 */
#ifndef MT_OPS_VPP_DOCUMENTS_BILLING_H
#define MT_OPS_VPP_DOCUMENTS_BILLING_H

#include "ops/vpp/desk_args.h"
#include "ops/vpp/documents/document_rows.h"
#include "ops/vpp/documents/standing.h"
#include "ops/vpp/settlements.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_ARG_CONTRACT \
    {.name = "contract", MT_TEXT_AT(mt_desk_args, contract), \
     .doc = "only this contract; missing: all of them"}
#define MT_ARG_PAPER \
    {.name = "into", MT_OUTPUT_AT(mt_desk_args, into), \
     .doc = "folder for the documents; missing: none is written"}, \
    {.name = "forms", MT_TEXT_AT(mt_desk_args, forms), .fallback = "json,pdf,ubl,cii", \
     .doc = "of the documents: json, pdf (ZUGFeRD), ubl and cii (XRechnung)"}, \
    {.name = "language", MT_CHOICE_AT(mt_desk_args, language), .choice = mt_language_word, .fallback = "de", \
     .doc = "of the PDFs"}, \
    {.name = "issued", MT_DAY_AT(mt_desk_args, issued), .doc = "date of the documents; missing: today"}, \
    {.name = "due_days", MT_INT_AT(mt_desk_args, due_days), .unit = MT_UNIT_COUNT, .fallback = "14", \
     .doc = "days until payment"}
/* clang-format on */

/* One walk over the settlements. */
struct mt_billing {
    const mt_world *world;
    const struct mt_desk_args *args;
    mt_emit *emit;
    mt_store *store;      /* NULL: drafts */
    mt_standing standing; /* what stands for the days, when there is a store */
    mt_paper *paper;
    mt_day issued;
    bool nameless; /* the files name no issuer: documents stay drafts */
    int64_t faults, differs, flawed, lacking, documents, contracts;
};

/* What an operation does with each settlement, and with what stands when all are seen (NULL: nothing). */
struct mt_billing_steps {
    mt_settlement_fn *each;
    mt_code (*last)(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p);
    bool issues; /* new numbers: of an issuer that is named */
};

/* The row of a contract that cannot be billed. */
MT_MUST_USE mt_code mt_billing_fault(struct mt_billing *b, const mt_settlement *s, const char *fault);
/* Why a contract cannot be billed; NULL: it can. */
MT_MUST_USE mt_code mt_billing_find_fault(mt_ctx *cx, const char **out, const mt_portfolio *p,
                                          const mt_settlement *s);
MT_MUST_USE mt_code mt_billing_drafts(mt_ctx *cx, const struct mt_billing *b, const mt_portfolio *p,
                                      const mt_settlement *s, mt_invoice **out, size_t *n);
bool mt_billing_wants(const struct mt_billing *b, const mt_settlement *s);
/* The rows of documents. */
MT_MUST_USE mt_code mt_billing_put(struct mt_billing *b, const mt_issued *issued, size_t n);
MT_MUST_USE mt_code mt_billing_tell_period(mt_ctx *cx, const char **out, const mt_standing_document *other,
                                           const char *then);
/* The row of a draft that another document of other days stands in the way of. */
MT_MUST_USE mt_code mt_billing_overlap(mt_ctx *cx, struct mt_billing *b, const mt_invoice *draft,
                                       const mt_standing_document *other);
/* Days until payment are 1 to 365. */
MT_MUST_USE mt_code mt_billing_check_due(mt_ctx *cx, const struct mt_desk_args *a);
/* What op->run of the three does. */
MT_MUST_USE mt_code mt_billing_run(mt_ctx *cx, const mt_world *world, const mt_op *op, const void *args,
                                   mt_sink *out, bool stored, const struct mt_billing_steps *steps);

MT_END_DECLS
#endif
