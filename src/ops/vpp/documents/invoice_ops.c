/* Documents from settlements: vpp.invoice issues them. */
#include "ops/vpp/documents/billing.h"
#include "ops/vpp/vpp_ops.h"

static const mt_field invoice_arg[] = {
    MT_ARG_DESK_DATA,
    MT_ARG_CONTRACT,
    MT_ARG_PAPER,
    {.name = "draft", MT_BOOL_AT(mt_desk_args, draft), .doc = "no numbers, nothing stored"},
    MT_ARG_DESK_RULES,
    {.name = NULL}};

/* Leaves those drafts that nothing stands in the way of. */
static mt_code sift_drafts(mt_ctx *cx, struct mt_billing *b, mt_invoice *draft, size_t *n)
{
    size_t kept = 0;
    for (size_t k = 0; k < *n; k++) {
        const mt_standing_document *other = NULL;
        if (!mt_standing_answer(&b->standing, &draft[k]))
            other = mt_standing_overlap(&b->standing, NULL, &draft[k]);
        if (other)
            MT_TRY(mt_billing_overlap(cx, b, &draft[k], other));
        else
            draft[kept++] = draft[k];
    }
    *n = kept;
    return MT_OK;
}

static mt_code bill(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct mt_billing *b = arg;
    mt_infeed_view view;
    mt_issued *issued;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!mt_billing_wants(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(mt_billing_find_fault(cx, &fault, p, s));
    if (fault) return mt_billing_fault(b, s, fault);
    MT_TRY(mt_billing_drafts(cx, b, p, s, &draft, &n));
    MT_TRY(sift_drafts(cx, b, draft, &n));
    MT_TRY(mt_infeed_view_settled(cx, &view, s, p->desk->grid, p->zone));
    const mt_issuing to = {b->store, b->paper, {&view, s->contract}};
    MT_TRY(mt_issue(cx, &to, draft, n, &issued));
    return mt_billing_put(b, issued, n);
}

static bool has_store(const mt_world *world)
{
    const char *url = mt_world_settings(world)->store_url;
    return url && strcmp(url, "none") != 0;
}

static mt_code invoice_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const struct mt_billing_steps steps = {bill, NULL, true};
    MT_TRY(mt_billing_check_due(cx, a));
    return mt_billing_run(cx, world, &mt_op_vpp_invoice, args, out, !a->draft && has_store(world), &steps);
}

const mt_op mt_op_vpp_invoice = {
    .name = "vpp.invoice",
    .summary = "issues the documents of contracts for a day or a month, numbered, stored and as files",
    .doc = "Self-billed documents, service invoices, damages and redispatch claims, each as JSON, PDF/A-3 "
           "with the e-invoice inside (ZUGFeRD) and XRechnung in UBL and CII. Numbers are taken in the "
           "transaction that stores the document. Asked for again, the same settlement gives the same "
           "document; another settlement is told (differs), and so is a document of other days that bills "
           "some of these already (overlaps): neither changes anything, see vpp.resettle and vpp.correct. A "
           "contract that cannot be priced is a row with its fault; the others go on. Without a store or an "
           "issuer's name (crm/parties.json), or with --draft, documents are drafts. The status is 7 when "
           "something could not be billed, differs, lacks quarters or has no valid e-invoice.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --issued 2025-06-20 --into out/documents",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES,
    .args_size = sizeof(struct mt_desk_args),
    .arg = invoice_arg,
    .col = mt_document_col,
    .run = invoice_run,
};
