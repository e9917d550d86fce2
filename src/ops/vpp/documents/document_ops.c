/* Documents that were issued: vpp.documents lists them, vpp.document writes one again, vpp.void ends one. */
#include "formats/document/invoice_json.h"
#include "ops/rights.h"
#include "ops/vpp/desk_args.h"
#include "ops/vpp/documents/document_rows.h"
#include "ops/vpp/documents/stored.h"
#include "ops/vpp/vpp_ops.h"

/* --- vpp.documents ----------------------------------------------------------------------------------- */

static const mt_field list_arg[] = {MT_ARG_STORED, {.name = NULL}};

struct list_row {
    const char *number, *kind, *status, *issuer, *contract, *asset, *owner;
    int64_t version;
    mt_day from, until, issued;
    int64_t net, vat, gross;
    const char *cancels, *reason;
    mt_time stored_at;
};

static const mt_field list_col[] = {
    {.name = "number", MT_TEXT_AT(list_row, number), .doc = "unique for its issuer"},
    {.name = "kind", MT_TEXT_AT(list_row, kind), .doc = "of document"},
    {.name = "status", MT_TEXT_AT(list_row, status), .doc = "issued, void or cancelled"},
    {.name = "issuer", MT_TEXT_AT(list_row, issuer), .doc = "party that issued it"},
    {.name = "contract_id", MT_TEXT_AT(list_row, contract), .doc = "the contract"},
    {.name = "asset_id", MT_TEXT_AT(list_row, asset), .doc = "its plant"},
    {.name = "owner_id", MT_TEXT_AT(list_row, owner), .doc = "the other party"},
    {.name = "version", MT_INT_AT(list_row, version), .doc = "of the contract's documents for the period"},
    {.name = "period_from", MT_DAY_AT(list_row, from), .doc = "first day of supply"},
    {.name = "period_until", MT_DAY_AT(list_row, until), .doc = "last day, included"},
    {.name = "issued", MT_DAY_AT(list_row, issued), .doc = "its date"},
    {.name = "net_eur", MT_MICRO_AT(list_row, net), .unit = MT_UNIT_EUR, .doc = "sum of the rounded lines"},
    {.name = "vat_eur", MT_MICRO_AT(list_row, vat), .unit = MT_UNIT_EUR, .doc = "value added tax"},
    {.name = "gross_eur", MT_MICRO_AT(list_row, gross), .unit = MT_UNIT_EUR, .doc = "to be paid"},
    {.name = "cancels", MT_TEXT_AT(list_row, cancels), .doc = "number of the document that it cancels"},
    {.name = "void_reason", MT_TEXT_AT(list_row, reason), .doc = "why the number is void"},
    {.name = "stored_at", MT_TIME_AT(list_row, stored_at), .doc = "when its number was taken"},
    {.name = NULL}};

static struct list_row row_of(const mt_stored_document *d)
{
    return (struct list_row){.number = d->number,
                             .kind = mt_document_name(d->draft.kind),
                             .status = mt_document_status_word[d->status],
                             .issuer = d->draft.issuer,
                             .contract = d->draft.contract_id,
                             .asset = d->draft.asset_id,
                             .owner = d->draft.owner_id,
                             .version = d->version,
                             .from = d->draft.from,
                             .until = d->draft.until,
                             .issued = d->draft.issued,
                             .net = d->draft.net_cent * 10000,
                             .vat = d->draft.vat_cent * 10000,
                             .gross = d->draft.gross_cent * 10000,
                             .cancels = d->draft.cancels,
                             .reason = d->void_reason,
                             .stored_at = d->stored_at};
}

static mt_code list_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const mt_stored_document *document;
    size_t n;
    mt_emit *emit;
    MT_TRY(mt_stored_list(cx, world, args, &document, &n));
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.documents", list_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const struct list_row row = row_of(&document[k]);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_vpp_documents = {
    .name = "vpp.documents",
    .summary = "the documents that were issued, cancelled or made void",
    .example = "--month 2025-06",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK | MT_DESK_OWNER,
    .args_size = sizeof(struct mt_desk_args),
    .arg = list_arg,
    .col = list_col,
    .run = list_run,
};

/* --- vpp.document ------------------------------------------------------------------------------------ */

#define ARG_NUMBER                                                                                           \
    {                                                                                                        \
        .name = "number", MT_TEXT_AT(mt_desk_args, number), .required = true, .doc = "of the document"       \
    }

static const mt_field one_arg[] = {
    ARG_NUMBER,
    {.name = "into", MT_OUTPUT_AT(mt_desk_args, into), .required = true, .doc = "folder for its files"},
    {.name = "forms",
     MT_TEXT_AT(mt_desk_args, forms),
     .fallback = "json,pdf,ubl,cii",
     .doc = "json, pdf (ZUGFeRD), ubl and cii (XRechnung)"},
    {.name = "language",
     MT_CHOICE_AT(mt_desk_args, language),
     .choice = mt_language_word,
     .fallback = "de",
     .doc = "of the PDF"},
    {.name = NULL}};

static mt_code one_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    mt_issued issued = {.status = NULL};
    mt_stored_document stored;
    mt_paper *paper = NULL;
    unsigned forms;
    mt_code code;
    MT_TRY(mt_paper_forms(cx, &forms, a->forms));
    MT_TRY(mt_stored_read(cx, world, a->number, &stored, &issued.document));
    issued.status = mt_document_status_word[stored.status];
    MT_TRY_OUT(mt_paper_open(cx, &paper, a->into.path, forms, (mt_language)a->language));
    MT_TRY_OUT(mt_paper_write(cx, paper, &issued.document, NULL, &issued.told));
    const struct mt_document_row row = mt_document_row_of(&issued);
    MT_TRY_OUT(mt_emit_one(cx, out, "vpp.document", mt_document_col, &row));
out:
    mt_paper_close(paper);
    return code;
}

const mt_op mt_op_vpp_document = {
    .name = "vpp.document",
    .summary = "one stored document as files again: JSON, PDF, e-invoices",
    .example = "--number GS-2025-000001 --into out/documents",
    .effect = MT_WRITE,
    .role = MT_VIEWER,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK | MT_DESK_OWNER,
    .args_size = sizeof(struct mt_desk_args),
    .arg = one_arg,
    .col = mt_document_col,
    .run = one_run,
};

/* --- vpp.void ---------------------------------------------------------------------------------------- */

static const mt_field void_arg[] = {ARG_NUMBER,
                                    {.name = "reason",
                                     MT_TEXT_AT(mt_desk_args, reason),
                                     .required = true,
                                     .doc = "why; it stays with the number"},
                                    {.name = NULL}};

static mt_code void_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    mt_store *store;
    mt_stored_document stored;
    mt_invoice document;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_document_store_void(cx, store, NULL, a->number, a->reason));
    MT_TRY(mt_stored_read(cx, world, a->number, &stored, &document));
    const struct list_row row = row_of(&stored);
    return mt_emit_one(cx, out, "vpp.void", list_col, &row);
}

const mt_op mt_op_vpp_void = {
    .name = "vpp.void",
    .summary = "makes a document's number void: it stays taken, with the reason",
    .doc = "For a document that never left the house. One that did is cancelled: vpp.correct.",
    .example = "--number GS-2025-000001 --reason \"printed by mistake\"",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES,
    .args_size = sizeof(struct mt_desk_args),
    .arg = void_arg,
    .col = list_col,
    .run = void_run,
};
