/* The re-settlement list: vpp.resettle says which documents would come out differently now. */
#include "formats/document/invoice_json.h"
#include "ops/vpp/documents/billing.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/invoice/document.h"

#include <string.h>

static const mt_field resettle_arg[] = {MT_ARG_DESK_DATA, MT_ARG_CONTRACT, MT_ARG_DESK_RULES, {.name = NULL}};

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

static mt_code compare(mt_ctx *cx, struct mt_billing *b, const mt_invoice *draft)
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
static mt_code put_recut(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p, const mt_invoice *draft)
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
    MT_TRY(mt_billing_tell_period(cx, &row.cause, other, ""));
    b->differs++;
    return mt_emit_put(b->emit, &row);
}

/* Documents that stand for the days and that no settlement gives any more. */
static mt_code list_forgotten(mt_ctx *cx, struct mt_billing *b, const mt_portfolio *p)
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
    struct mt_billing *b = arg;
    mt_invoice *draft;
    const char *fault;
    size_t n;
    if (!mt_billing_wants(b, s)) return MT_OK;
    b->contracts++;
    MT_TRY(mt_billing_find_fault(cx, &fault, p, s));
    if (fault) return mt_standing_blame(&b->standing, s->contract->contract_id, fault);
    MT_TRY(mt_billing_drafts(cx, b, p, s, &draft, &n));
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
    const struct mt_billing_steps steps = {resettle, list_forgotten, false};
    return mt_billing_run(cx, world, &mt_op_vpp_resettle, args, out, true, &steps);
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
