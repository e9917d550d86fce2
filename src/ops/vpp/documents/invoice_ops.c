/* Documents from settlements: vpp.invoice issues them, vpp.resettle says what would differ, vpp.correct
 * cancels and issues anew. */
#include "ops/rights.h"
#include "ops/vpp/delivered.h"
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/documents/document_rows.h"
#include "ops/vpp/documents/standing.h"
#include "formats/document/invoice_json.h"
#include "ops/vpp/settlements.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/invoice/document.h"

#include <string.h>

/* clang-format off */
#define ARG_CONTRACT \
    {.name = "contract", MT_TEXT_AT(mt_desk_args, contract), \
     .doc = "only this contract; missing: all of them"}
#define ARG_PAPER \
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

static const mt_field invoice_arg[] = {
    MT_ARG_DESK_DATA,
    ARG_CONTRACT,
    ARG_PAPER,
    {.name = "draft", MT_BOOL_AT(mt_desk_args, draft), .doc = "no numbers, nothing stored"},
    MT_ARG_DESK_RULES,
    {.name = NULL}};

/* One walk over the settlements. */
struct billing {
    const mt_world *world;
    const struct mt_desk_args *args;
    mt_emit *emit;
    mt_store *store;      /* NULL: drafts */
    mt_standing standing; /* what stands for the days, when there is a store */
    mt_paper *paper;
    mt_day issued;
    bool nameless; /* the files name no issuer: documents stay drafts */
    int64_t faults, differs, flawed, documents, contracts;
};

static mt_code put_fault(struct billing *b, const mt_settlement *s, const char *fault)
{
    const struct mt_document_row row = {.contract = s->contract->contract_id,
                                        .asset = s->contract->asset_id,
                                        .version = INT64_MIN,
                                        .status = "error",
                                        .from = s->from,
                                        .until = s->until,
                                        .issued = MT_DAY_NONE,
                                        .due = MT_DAY_NONE,
                                        .net = MT_MICRO_NONE,
                                        .vat = MT_MICRO_NONE,
                                        .gross = MT_MICRO_NONE,
                                        .quarters = s->quarters,
                                        .missing = s->gaps,
                                        .fault = fault};
    b->faults++;
    return mt_emit_put(b->emit, &row);
}

/* Documents are kept by contract, so a contract is one plant's: the other that has its name, or NULL. */
static const mt_desk_asset *find_twin(const mt_desk *desk, const mt_settlement *s)
{
    for (size_t k = 0; k < desk->n_asset; k++) {
        const mt_desk_asset *asset = &desk->asset[k];
        for (size_t c = 0; asset != s->asset && c < asset->n_contract; c++) {
            if (strcmp(asset->contract[c]->contract_id, s->contract->contract_id) == 0) return asset;
        }
    }
    return NULL;
}

static bool is_own_plant(const mt_desk *desk, const mt_settlement *s)
{
    const char *owner = s->contract->owner_id ? s->contract->owner_id : s->asset->owner_id;
    return owner && desk->issuer && desk->issuer->party_id && strcmp(owner, desk->issuer->party_id) == 0;
}

/* Why a contract cannot be billed; NULL: it can. */
static mt_code find_fault(mt_ctx *cx, const char **out, const mt_portfolio *p, const mt_settlement *s)
{
    const mt_desk_asset *twin = s->fault ? NULL : find_twin(p->desk, s);
    *out = s->fault;
    if (!s->fault && is_own_plant(p->desk, s))
        return mt_text_format(cx, out, "contract %s: its owner_id is the issuer, and nobody bills himself",
                              s->contract->contract_id);
    if (!twin) return MT_OK;
    return mt_text_format(cx, out,
                          "contract %s stands for %s and %s: documents are kept by contract, so each plant "
                          "needs a contract_id of its own",
                          s->contract->contract_id, s->asset->asset_id, twin->asset_id);
}

static mt_code draft_documents(mt_ctx *cx, const struct billing *b, const mt_portfolio *p,
                               const mt_settlement *s, mt_invoice **out, size_t *n)
{
    const mt_document_options options = {.size = sizeof options,
                                         .issued = b->issued,
                                         .due_days = (int)b->args->due_days,
                                         .from = p->first,
                                         .until = p->last};
    return mt_documents(cx, out, n, p->desk, s, &options);
}

static bool is_wanted(const struct billing *b, const mt_settlement *s)
{
    return !b->args->contract || strcmp(b->args->contract, s->contract->contract_id) == 0;
}

static mt_code put_issued(struct billing *b, const mt_issued *issued, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const struct mt_document_row row = mt_document_row_of(&issued[k]);
        b->documents++;
        b->differs += strcmp(issued[k].status, "differs") == 0;
        b->flawed += issued[k].told.einvoice && strcmp(issued[k].told.einvoice, "valid") != 0;
        MT_TRY(mt_emit_put(b->emit, &row));
    }
    return MT_OK;
}

static mt_code tell_period(mt_ctx *cx, const char **out, const mt_standing_document *other, const char *then)
{
    char from[MT_TIME_TEXT_MAX], until[MT_TIME_TEXT_MAX];
    mt_day_text(other->stored.draft.from, from);
    mt_day_text(other->stored.draft.until, until);
    return mt_text_format(cx, out, "%s stands for %s to %s%s", other->stored.number, from, until, then);
}

/* Nothing is billed twice: a document of other days that shares some with the draft stands in its way. */
static mt_code put_overlap(mt_ctx *cx, struct billing *b, const mt_invoice *draft,
                           const mt_standing_document *other)
{
    const mt_issued refused = {.document = *draft, .status = "overlaps", .told = {.files = ""}};
    struct mt_document_row row = mt_document_row_of(&refused);
    row.version = INT64_MIN;
    row.number = other->stored.number;
    MT_TRY(tell_period(cx, &row.fault, other,
                       ", days of this period: ask for other days, or let vpp correct replace it"));
    b->differs++;
    return mt_emit_put(b->emit, &row);
}

/* Leaves those drafts that nothing stands in the way of. */
static mt_code sift_drafts(mt_ctx *cx, struct billing *b, mt_invoice *draft, size_t *n)
{
    size_t kept = 0;
    for (size_t k = 0; k < *n; k++) {
        const mt_standing_document *other = NULL;
        if (!mt_standing_answer(&b->standing, &draft[k]))
            other = mt_standing_overlap(&b->standing, NULL, &draft[k]);
        if (other)
            MT_TRY(put_overlap(cx, b, &draft[k], other));
        else
            draft[kept++] = draft[k];
    }
    *n = kept;
    return MT_OK;
}

static mt_code bill(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct billing *b = arg;
    mt_infeed_view view;
    mt_issued *issued;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!is_wanted(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(find_fault(cx, &fault, p, s));
    if (fault) return put_fault(b, s, fault);
    MT_TRY(draft_documents(cx, b, p, s, &draft, &n));
    MT_TRY(sift_drafts(cx, b, draft, &n));
    MT_TRY(mt_infeed_view_settled(cx, &view, s, p->desk->grid, p->zone));
    const mt_issuing to = {b->store, b->paper, {&view, s->contract}};
    MT_TRY(mt_issue(cx, &to, draft, n, &issued));
    return put_issued(b, issued, n);
}

static mt_code check_due(mt_ctx *cx, const struct mt_desk_args *a)
{
    if (a->due_days >= 1 && a->due_days <= 365) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "due_days is %lld; days until payment, 1 to 365, were expected",
                   (long long)a->due_days);
}

/* Today is a day of the delivery zone. */
static mt_code start_billing(mt_ctx *cx, struct billing *b, const mt_world *world,
                             const struct mt_desk_args *args)
{
    const mt_zone *zone;
    unsigned forms;
    *b = (struct billing){.world = world, .args = args, .issued = args->issued};
    MT_TRY(mt_zone_read(cx, &zone, args->zone, NULL));
    if (b->issued == MT_DAY_NONE) b->issued = mt_day_at(zone, mt_world_now(world));
    MT_TRY(mt_paper_forms(cx, &forms, args->forms ? args->forms : ""));
    return mt_paper_open(cx, &b->paper, args->into.path, forms, (mt_language)args->language);
}

static mt_code end_billing(mt_ctx *cx, const struct billing *b)
{
    if (b->args->contract && !b->contracts)
        return mt_fail(cx, MT_E_ABSENT, "there is no contract %s of yours in these days", b->args->contract);
    if (b->nameless)
        return mt_fail(cx, MT_FINDINGS,
                       "no issuer is named in crm/parties.json: documents stay drafts without a number");
    if (!b->faults && !b->differs && !b->flawed) return MT_OK;
    return mt_fail(cx, MT_FINDINGS,
                   "contracts that cannot be billed: %lld, documents that differ from what stands: %lld, "
                   "documents whose e-invoice would not be valid: %lld",
                   (long long)b->faults, (long long)b->differs, (long long)b->flawed);
}

/* A number that is taken stays taken: none is for a document that does not say who issues it. */
static void check_issuer(struct billing *b, const mt_portfolio *p)
{
    const mt_party *issuer = p->desk->issuer;
    if (!b->store || (issuer && issuer->name)) return;
    b->nameless = true;
    b->store = NULL;
}

static mt_code check_days(mt_ctx *cx, const struct billing *b, const mt_portfolio *p)
{
    MT_TRY(mt_check_delivered(cx, p));
    return b->store ? mt_check_over(cx, p, mt_day_at(p->zone, mt_world_now(b->world))) : MT_OK;
}

/* What an operation does with each settlement, and with what stands when all are seen (NULL: nothing). */
struct billing_steps {
    mt_settlement_fn *each;
    mt_code (*last)(mt_ctx *cx, struct billing *b, const mt_portfolio *p);
};

/* The frame of the three operations. */
static mt_code run_billing(mt_ctx *cx, const mt_world *world, const mt_op *op, const void *args, mt_sink *out,
                           bool stored, const struct billing_steps *steps)
{
    struct billing b;
    mt_portfolio portfolio = {.desk = NULL};
    mt_code code, found = MT_OK;
    MT_TRY(start_billing(cx, &b, world, args));
    if (stored) MT_TRY_OUT(mt_world_store(cx, world, &b.store));
    if (stored) MT_TRY_OUT(mt_standing_read(cx, &b.standing, world, args));
    MT_TRY_OUT(mt_portfolio_open(cx, world, &portfolio, args));
    MT_TRY_OUT(check_days(cx, &b, &portfolio));
    if (steps->each == bill) check_issuer(&b, &portfolio);
    MT_TRY_OUT(mt_emit_begin(cx, &b.emit, out, op->name, op->col, NULL, NULL));
    MT_TRY_OUT(mt_settlements(cx, &portfolio, steps->each, &b));
    if (steps->last) MT_TRY_OUT(steps->last(cx, &b, &portfolio));
    found = end_billing(cx, &b);
    code = found == MT_FINDINGS ? MT_OK : found;
    if (code == MT_OK) code = mt_emit_end(b.emit);
    if (code == MT_OK) code = found;
out:
    mt_portfolio_close(&portfolio);
    mt_paper_close(b.paper);
    return code;
}

static bool has_store(const mt_world *world)
{
    const char *url = mt_world_settings(world)->store_url;
    return url && strcmp(url, "none") != 0;
}

static mt_code invoice_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const struct billing_steps steps = {bill, NULL};
    MT_TRY(check_due(cx, a));
    return run_billing(cx, world, &mt_op_vpp_invoice, args, out, !a->draft && has_store(world), &steps);
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
           "something could not be billed, differs, or has no valid e-invoice.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --issued 2025-06-20 --into out/documents",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES,
    .args_size = sizeof(struct mt_desk_args),
    .arg = invoice_arg,
    .col = mt_document_col,
    .run = invoice_run,
};

/* --- vpp.correct ------------------------------------------------------------------------------------- */

static const mt_field correct_arg[] = {MT_ARG_DESK_DATA,
                                       ARG_CONTRACT,
                                       {.name = "reason",
                                        MT_TEXT_AT(mt_desk_args, reason),
                                        .required = true,
                                        .doc = "why, for the cancellation: the customer reads it"},
                                       ARG_PAPER,
                                       MT_ARG_DESK_RULES,
                                       {.name = NULL}};

static mt_code cancel_one(mt_ctx *cx, const struct billing *b, mt_invoice *out,
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
static mt_code replace(mt_ctx *cx, struct billing *b, const mt_portfolio *p, const mt_invoice *draft,
                       const mt_issuing *to)
{
    mt_invoice *batch;
    mt_issued *issued;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &batch, b->standing.n + 1));
    mt_standing_document *other = mt_standing_overlap(&b->standing, NULL, draft);
    for (; other; other = mt_standing_overlap(&b->standing, other, draft)) {
        if (!mt_standing_inside(other, p->first, p->last)) return put_overlap(cx, b, draft, other);
        MT_TRY(cancel_one(cx, b, &batch[n++], other));
    }
    if (!n) return MT_OK;
    batch[n++] = *draft;
    MT_TRY(mt_issue(cx, to, batch, n, &issued));
    while ((other = mt_standing_overlap(&b->standing, NULL, draft))) other->answered = true;
    return put_issued(b, issued, n);
}

/* What is owed no more is cancelled; what cannot be priced now stays. */
static mt_code cancel_forgotten(mt_ctx *cx, struct billing *b, const mt_portfolio *p)
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
        MT_TRY(put_issued(b, issued, 1));
    }
    return MT_OK;
}

static mt_code correct_one(mt_ctx *cx, struct billing *b, const mt_portfolio *p, mt_invoice *draft,
                           const mt_issuing *to)
{
    mt_issued *issued;
    size_t done;
    if (!mt_standing_answer(&b->standing, draft)) return replace(cx, b, p, draft, to);
    MT_TRY(mt_issue_instead(cx, to, draft, b->args->reason, &issued, &done));
    return put_issued(b, issued, done);
}

static mt_code correct(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct billing *b = arg;
    mt_infeed_view view;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!is_wanted(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(find_fault(cx, &fault, p, s));
    if (fault) {
        MT_TRY(mt_standing_blame(&b->standing, s->contract->contract_id, fault));
        return put_fault(b, s, fault);
    }
    MT_TRY(draft_documents(cx, b, p, s, &draft, &n));
    MT_TRY(mt_infeed_view_settled(cx, &view, s, p->desk->grid, p->zone));
    const mt_issuing to = {b->store, b->paper, {&view, s->contract}};
    for (size_t k = 0; k < n; k++) MT_TRY(correct_one(cx, b, p, &draft[k], &to));
    return MT_OK;
}

static mt_code correct_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct billing_steps steps = {correct, cancel_forgotten};
    MT_TRY(check_due(cx, args));
    return run_billing(cx, world, &mt_op_vpp_correct, args, out, true, &steps);
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

/* --- vpp.resettle ------------------------------------------------------------------------------------ */

static const mt_field resettle_arg[] = {MT_ARG_DESK_DATA, ARG_CONTRACT, MT_ARG_DESK_RULES, {.name = NULL}};

struct resettle_row {
    const char *contract, *asset, *kind, *number;
    int64_t version;
    mt_day from, until;
    int64_t before, now, difference;
    const char *cause;
};

static const mt_field resettle_col[] = {
    {.name = "contract_id", MT_TEXT_AT(resettle_row, contract), .doc = "the contract"},
    {.name = "asset_id", MT_TEXT_AT(resettle_row, asset), .doc = "its plant"},
    {.name = "kind", MT_TEXT_AT(resettle_row, kind), .doc = "of the document"},
    {.name = "number", MT_TEXT_AT(resettle_row, number), .doc = "of the document that stands"},
    {.name = "version", MT_INT_AT(resettle_row, version), .doc = "of it"},
    {.name = "period_from", MT_DAY_AT(resettle_row, from), .doc = "first day of supply"},
    {.name = "period_until", MT_DAY_AT(resettle_row, until), .doc = "last day, included"},
    {.name = "net_before_eur", MT_MICRO_AT(resettle_row, before), .unit = MT_UNIT_EUR, .doc = "as it stands"},
    {.name = "net_now_eur",
     MT_MICRO_AT(resettle_row, now),
     .unit = MT_UNIT_EUR,
     .doc = "as it would be settled now; empty: it cannot be priced"},
    {.name = "difference_eur",
     MT_MICRO_AT(resettle_row, difference),
     .unit = MT_UNIT_EUR,
     .doc = "now less before"},
    {.name = "cause",
     MT_TEXT_AT(resettle_row, cause),
     .doc = "files that came or changed since, why it cannot be priced, or what else has changed; empty: the "
            "same files, another contract or rule"},
    {.name = NULL}};

static bool has_source(const mt_invoice *document, const mt_invoice_source *source)
{
    for (size_t k = 0; k < document->n_source; k++) {
        const mt_invoice_source *other = &document->source[k];
        if (strcmp(other->name, source->name) != 0) continue;
        return !other->sha256 || !source->sha256 || strcmp(other->sha256, source->sha256) == 0;
    }
    return false;
}

static mt_code name_cause(mt_ctx *cx, const char **out, const mt_invoice *former, const mt_invoice *now)
{
    *out = "";
    for (size_t k = 0; k < now->n_source; k++) {
        if (has_source(former, &now->source[k])) continue;
        MT_TRY(mt_text_format(cx, out, "%s%s%s", *out, **out ? ", " : "", now->source[k].name));
    }
    return MT_OK;
}

static mt_code compare(mt_ctx *cx, struct billing *b, const mt_invoice *draft)
{
    mt_document_draft key;
    const mt_stored_document *standing;
    mt_stored_document stored;
    mt_text body;
    mt_invoice former;
    struct resettle_row row;
    MT_TRY(mt_issue_draft(cx, &key, draft));
    MT_TRY(mt_document_store_standing(cx, b->store, &standing, &key));
    if (!standing || (standing->draft.digest && strcmp(standing->draft.digest, key.digest) == 0))
        return MT_OK;
    MT_TRY(mt_document_store_get(cx, b->store, &stored, &body, key.issuer, standing->number));
    MT_TRY(mt_invoice_json_read(cx, &former, standing->number, body));
    row = (struct resettle_row){.contract = draft->contract_id,
                                .asset = draft->asset_id,
                                .kind = mt_document_name(draft->kind),
                                .number = standing->number,
                                .version = standing->version,
                                .from = draft->from,
                                .until = draft->until,
                                .before = former.net_cent * 10000,
                                .now = draft->net_cent * 10000,
                                .difference = (draft->net_cent - former.net_cent) * 10000};
    MT_TRY(name_cause(cx, &row.cause, &former, draft));
    b->differs++;
    return mt_emit_put(b->emit, &row);
}

/* A draft of days that stand cut otherwise: its documents follow with 0. */
static mt_code put_recut(mt_ctx *cx, struct billing *b, const mt_portfolio *p, const mt_invoice *draft)
{
    const mt_standing_document *other = mt_standing_overlap(&b->standing, NULL, draft);
    struct resettle_row row = {.contract = draft->contract_id,
                               .asset = draft->asset_id,
                               .kind = mt_document_name(draft->kind),
                               .version = INT64_MIN,
                               .from = draft->from,
                               .until = draft->until,
                               .now = draft->net_cent * 10000,
                               .difference = draft->net_cent * 10000};
    if (!other || !mt_standing_inside(other, p->first, p->last)) return MT_OK;
    MT_TRY(tell_period(cx, &row.cause, other, ""));
    b->differs++;
    return mt_emit_put(b->emit, &row);
}

/* Documents that stand for the days and that no settlement gives any more. */
static mt_code list_forgotten(mt_ctx *cx, struct billing *b, const mt_portfolio *p)
{
    (void)cx;
    for (size_t k = 0; k < b->standing.n; k++) {
        const mt_standing_document *document = &b->standing.document[k];
        const mt_document_draft *d = &document->stored.draft;
        if (document->answered || !mt_standing_inside(document, p->first, p->last)) continue;
        const struct resettle_row row = {
            .contract = d->contract_id,
            .asset = d->asset_id,
            .kind = mt_document_name(d->kind),
            .number = document->stored.number,
            .version = document->stored.version,
            .from = d->from,
            .until = d->until,
            .before = d->net_cent * 10000,
            .now = document->fault ? MT_MICRO_NONE : 0,
            .difference = document->fault ? MT_MICRO_NONE : -d->net_cent * 10000,
            .cause = document->fault ? document->fault : "nothing is owed by it any more for these days"};
        b->contracts++;
        b->differs++;
        MT_TRY(mt_emit_put(b->emit, &row));
    }
    return MT_OK;
}

static mt_code resettle(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct billing *b = arg;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!is_wanted(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(find_fault(cx, &fault, p, s));
    if (fault) return mt_standing_blame(&b->standing, s->contract->contract_id, fault);
    MT_TRY(draft_documents(cx, b, p, s, &draft, &n));
    for (size_t k = 0; k < n; k++) {
        if (mt_standing_answer(&b->standing, &draft[k]))
            MT_TRY(compare(cx, b, &draft[k]));
        else
            MT_TRY(put_recut(cx, b, p, &draft[k]));
    }
    return MT_OK;
}

static mt_code resettle_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct billing_steps steps = {resettle, list_forgotten};
    return run_billing(cx, world, &mt_op_vpp_resettle, args, out, true, &steps);
}

const mt_op mt_op_vpp_resettle = {
    .name = "vpp.resettle",
    .summary = "the re-settlement list: documents that would come out differently now, by how much, and why",
    .doc = "A late or changed file changes no document: it shows here, until vpp.correct is asked. So does a "
           "document for which nothing is owed any more, one of other days than the contract's now, and one "
           "whose contract cannot be priced any more. The status is 7 while the list is not empty.",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = resettle_arg,
    .col = resettle_col,
    .run = resettle_run,
};
