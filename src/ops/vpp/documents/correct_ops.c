/* Corrections: vpp.correct cancels documents that a new settlement differs from, and issues anew. */
#include "formats/document/invoice_json.h"
#include "ops/vpp/documents/billing.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/invoice/document.h"

static const mt_field correct_arg[] = {MT_ARG_DESK_DATA,
                                       MT_ARG_CONTRACT,
                                       {.name = "reason",
                                        MT_TEXT_AT(mt_desk_args, reason),
                                        .required = true,
                                        .doc = "why, for the cancellation: the customer reads it"},
                                       MT_ARG_PAPER,
                                       MT_ARG_DESK_RULES,
                                       {.name = NULL}};

static mt_code cancel_one(mt_ctx *cx, const struct mt_billing *b, mt_invoice *out,
                          const mt_standing_document *document)
{
    mt_stored_document stored;
    mt_text body;
    mt_invoice former;
    const char *number = document->stored.number;
    MT_TRY(mt_document_store_get(cx, b->store, &stored, &body, document->stored.draft.issuer, number));
    MT_TRY(mt_invoice_json_read(cx, &former, number, body));
    return mt_document_cancel(cx, out, &former, b->issued, b->args->reason);
}

/* Cancels what stands for other cuts of the draft's days and issues the draft, all or nothing. */
static mt_code replace(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p, const mt_invoice *draft,
                       const mt_issuing *to)
{
    mt_invoice *batch;
    mt_issued *issued;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &batch, b->standing.n + 1));
    mt_standing_document *other = mt_standing_overlap(&b->standing, NULL, draft);
    for (; other; other = mt_standing_overlap(&b->standing, other, draft)) {
        if (!mt_standing_inside(other, p->first, p->last)) return mt_billing_overlap(cx, b, draft, other);
        MT_TRY(cancel_one(cx, b, &batch[n++], other));
    }
    if (!n) return MT_OK;
    batch[n++] = *draft;
    MT_TRY(mt_issue(cx, to, batch, n, &issued));
    while ((other = mt_standing_overlap(&b->standing, NULL, draft))) other->answered = true;
    return mt_billing_put(b, issued, n);
}

/* What is owed no more is cancelled; what cannot be priced now stays. */
static mt_code cancel_forgotten(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p)
{
    for (size_t k = 0; k < b->standing.n; k++) {
        const mt_standing_document *document = &b->standing.document[k];
        mt_invoice cancel;
        mt_issued *issued;
        if (document->answered || document->fault || !mt_standing_inside(document, p->first, p->last))
            continue;
        b->contracts++;
        MT_TRY(cancel_one(cx, b, &cancel, document));
        const mt_issuing to = {.store = b->store, .paper = b->paper};
        MT_TRY(mt_issue(cx, &to, &cancel, 1, &issued));
        MT_TRY(mt_billing_put(b, issued, 1));
    }
    return MT_OK;
}

static mt_code correct_one(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p, mt_invoice *draft,
                           const mt_issuing *to)
{
    mt_issued *issued;
    size_t done;
    if (!mt_standing_answer(&b->standing, draft)) return replace(cx, b, p, draft, to);
    MT_TRY(mt_issue_instead(cx, to, draft, b->args->reason, &issued, &done));
    return mt_billing_put(b, issued, done);
}

static mt_code correct(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct mt_billing *b = arg;
    mt_infeed_view view;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!mt_billing_wants(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(mt_billing_find_fault(cx, &fault, p, s));
    if (fault) {
        MT_TRY(mt_standing_blame(&b->standing, s->contract->contract_id, fault));
        return mt_billing_fault(b, s, fault);
    }
    MT_TRY(mt_billing_drafts(cx, b, p, s, &draft, &n));
    MT_TRY(mt_infeed_view_settled(cx, &view, s, p->desk->grid, p->zone));
    const mt_issuing to = {b->store, b->paper, {&view, s->contract}};
    for (size_t k = 0; k < n; k++) MT_TRY(correct_one(cx, b, p, &draft[k], &to));
    return MT_OK;
}

static mt_code correct_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_billing_steps steps = {correct, cancel_forgotten, false};
    MT_TRY(mt_billing_check_due(cx, args));
    return mt_billing_run(cx, world, &mt_op_vpp_correct, args, out, true, &steps);
}

const mt_op mt_op_vpp_correct = {
    .name = "vpp.correct",
    .summary = "cancels documents that a new settlement differs from, and issues them anew",
    .doc =
        "Each correction is a cancellation of what stands, with the reason, and the next version, both in "
        "one transaction. Documents that are the same stay. A document whose days are cut otherwise now is "
        "cancelled for the new ones; one for which nothing is owed any more is cancelled alone.",
    .example =
        "--data tests/data/portfolio --day 2025-06-08 --contract CON1_SOL-DE-001 --reason \"late metering\"",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES,
    .args_size = sizeof(struct mt_desk_args),
    .arg = correct_arg,
    .col = mt_document_col,
    .run = correct_run,
};
