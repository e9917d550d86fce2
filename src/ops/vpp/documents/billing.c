/* The walk, its rows and its end. */
#include "ops/vpp/documents/billing.h"

#include "ops/rights.h"
#include "ops/vpp/delivered.h"
#include "vpp/invoice/document.h"

#include <string.h>

mt_code mt_billing_fault(struct mt_billing *b, const mt_settlement *s, const char *fault)
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
mt_code mt_billing_find_fault(mt_ctx *cx, const char **out, const mt_portfolio *p, const mt_settlement *s)
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

mt_code mt_billing_drafts(mt_ctx *cx, const struct mt_billing *b, const mt_portfolio *p,
                          const mt_settlement *s, mt_invoice **out, size_t *n)
{
    const mt_document_options options = {.size = sizeof options,
                                         .issued = b->issued,
                                         .due_days = (int)b->args->due_days,
                                         .from = p->first,
                                         .until = p->last};
    return mt_documents(cx, out, n, p->desk, s, &options);
}

bool mt_billing_wants(const struct mt_billing *b, const mt_settlement *s)
{
    return !b->args->contract || strcmp(b->args->contract, s->contract->contract_id) == 0;
}

mt_code mt_billing_put(struct mt_billing *b, const mt_issued *issued, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const struct mt_document_row row = mt_document_row_of(&issued[k]);
        b->documents++;
        b->differs += strcmp(issued[k].status, "differs") == 0;
        b->lacking += issued[k].document.quarters_missing > 0;
        b->flawed += issued[k].told.einvoice && strcmp(issued[k].told.einvoice, "valid") != 0;
        MT_TRY(mt_emit_put(b->emit, &row));
    }
    return MT_OK;
}

mt_code mt_billing_tell_period(mt_ctx *cx, const char **out, const mt_standing_document *other,
                               const char *then)
{
    char from[MT_TIME_TEXT_MAX], until[MT_TIME_TEXT_MAX];
    mt_day_text(other->stored.draft.from, from);
    mt_day_text(other->stored.draft.until, until);
    return mt_text_format(cx, out, "%s stands for %s to %s%s", other->stored.number, from, until, then);
}

/* Nothing is billed twice: a document of other days that shares some with the draft stands in its way. */
mt_code mt_billing_overlap(mt_ctx *cx, struct mt_billing *b, const mt_invoice *draft,
                           const mt_standing_document *other)
{
    const mt_issued refused = {.document = *draft, .status = "overlaps", .told = {.files = ""}};
    struct mt_document_row row = mt_document_row_of(&refused);
    row.version = INT64_MIN;
    row.number = other->stored.number;
    MT_TRY(mt_billing_tell_period(
        cx, &row.fault, other, ", days of this period: ask for other days, or let vpp correct replace it"));
    b->differs++;
    return mt_emit_put(b->emit, &row);
}

/* Today is a day of the delivery zone. */
static mt_code start_billing(mt_ctx *cx, struct mt_billing *b, const mt_world *world,
                             const struct mt_desk_args *args)
{
    const mt_zone *zone;
    unsigned forms;
    *b = (struct mt_billing){.world = world, .args = args, .issued = args->issued};
    MT_TRY(mt_zone_read(cx, &zone, args->zone, NULL));
    if (b->issued == MT_DAY_NONE) b->issued = mt_day_at(zone, mt_world_now(world));
    MT_TRY(mt_paper_forms(cx, &forms, args->forms ? args->forms : ""));
    return mt_paper_open(cx, &b->paper, args->into.path, forms, (mt_language)args->language);
}

static mt_code end_billing(mt_ctx *cx, const struct mt_billing *b)
{
    if (b->args->contract && !b->contracts)
        return mt_fail(cx, MT_E_ABSENT, "there is no contract %s of yours in these days", b->args->contract);
    if (b->nameless)
        return mt_fail(cx, MT_FINDINGS,
                       "no issuer is named in crm/parties.json: documents stay drafts without a number");
    if (!b->faults && !b->differs && !b->flawed && !b->lacking) return MT_OK;
    return mt_fail(cx, MT_FINDINGS,
                   "contracts that cannot be billed: %lld, documents that differ from what stands: %lld, "
                   "documents whose e-invoice would not be valid: %lld, documents that lack quarters: %lld",
                   (long long)b->faults, (long long)b->differs, (long long)b->flawed, (long long)b->lacking);
}

/* A number that is taken stays taken: none is for a document that does not say who issues it. */
static void check_issuer(struct mt_billing *b, const mt_portfolio *p)
{
    const mt_party *issuer = p->desk->issuer;
    if (!b->store || (issuer && issuer->name)) return;
    b->nameless = true;
    b->store = NULL;
}

static mt_code check_days(mt_ctx *cx, const struct mt_billing *b, const mt_portfolio *p)
{
    MT_TRY(mt_check_delivered(cx, p));
    return b->store ? mt_check_over(cx, p, mt_day_at(p->zone, mt_world_now(b->world))) : MT_OK;
}

/* The frame of the three operations. */
mt_code mt_billing_run(mt_ctx *cx, const mt_world *world, const mt_op *op, const void *args, mt_sink *out,
                       bool stored, const struct mt_billing_steps *steps)
{
    struct mt_billing b;
    mt_portfolio portfolio = {.desk = NULL};
    mt_code code, found = MT_OK;
    MT_TRY(start_billing(cx, &b, world, args));
    if (stored) MT_TRY_OUT(mt_world_store(cx, world, &b.store));
    if (stored) MT_TRY_OUT(mt_standing_read(cx, &b.standing, world, args));
    MT_TRY_OUT(mt_portfolio_open(cx, world, &portfolio, args));
    MT_TRY_OUT(check_days(cx, &b, &portfolio));
    if (steps->issues) check_issuer(&b, &portfolio);
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

mt_code mt_billing_check_due(mt_ctx *cx, const struct mt_desk_args *a)
{
    if (a->due_days >= 1 && a->due_days <= 365) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "due_days is %lld; days until payment, 1 to 365, were expected",
                   (long long)a->due_days);
}
