/* What documents become at the bank and in the books: vpp.pay (SEPA), vpp.book (DATEV). */
#include "base/rows/emit.h"
#include "formats/document/datev.h"
#include "formats/document/pain001.h"
#include "ops/vpp/documents/issue.h"
#include "ops/vpp/documents/stored.h"
#include "ops/vpp/vpp_ops.h"
#include "store/data/payment_store.h"

#include <string.h>

static const mt_party *find_issuer(const mt_invoice *const *document, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const mt_party *issuer = mt_issue_issuer(document[k]);
        if (issuer->party_id) return issuer;
    }
    return NULL;
}

static mt_code no_documents(mt_ctx *cx)
{
    return mt_fail(cx, MT_E_ABSENT, "no issued document is stored for this; issue some with vpp invoice");
}

/* --- vpp.pay ----------------------------------------------------------------------------------------- */

static const mt_field pay_arg[] = {
    MT_ARG_STORED,
    {.name = "into",
     MT_OUTPUT_AT(mt_desk_args, into),
     .required = true,
     .doc = "SEPA credit transfer, pain.001.001.09 as XML"},
    {.name = "earliest",
     MT_DAY_AT(mt_desk_args, issued),
     .doc = "no payment before; missing: the days due stand"},
    {.name = "again", MT_BOOL_AT(mt_desk_args, again), .doc = "also what was paid before: its file was lost"},
    {.name = NULL}};

struct pay_row {
    const char *number, *payee, *iban;
    mt_day due;
    int64_t amount;
    const char *status, *reason;
};

static const mt_field pay_col[] = {
    {.name = "number", MT_TEXT_AT(pay_row, number), .doc = "of the document"},
    {.name = "payee", MT_TEXT_AT(pay_row, payee), .doc = "who is paid"},
    {.name = "iban", MT_TEXT_AT(pay_row, iban), .doc = "account of the payee"},
    {.name = "due", MT_DAY_AT(pay_row, due), .doc = "to be paid by"},
    {.name = "amount_eur",
     MT_MICRO_AT(pay_row, amount),
     .unit = MT_UNIT_EUR,
     .doc = "gross, less what was paid in its place"},
    {.name = "status", MT_TEXT_AT(pay_row, status), .doc = "paid: in the file; left: see reason"},
    {.name = "reason", MT_TEXT_AT(pay_row, reason), .doc = "why it is not in the file, or not in full"},
    {.name = NULL}};

/* One run: what could be paid, and what of that is still to be paid. */
struct paying {
    mt_store *store;
    mt_pain001_options options;
    mt_pain001_result result; /* of all that are no cancellations */
    const mt_invoice **candidate;
    mt_payment *payment; /* of each candidate */
    size_t n;
};

static const char *reason_of(const mt_pain001_result *result, const mt_invoice *document)
{
    for (size_t k = 0; k < result->n_left; k++) {
        if (result->left[k].invoice == document) return result->left[k].reason;
    }
    return NULL;
}

/* What a cancellation gives back is no payment: the document that it cancels is left out with it. */
static mt_code explain_cancellation(mt_ctx *cx, const char **out, const mt_invoice *document)
{
    const char *other = document->cancels ? document->cancels : "a document";
    return mt_text_format(
        cx, out,
        "it cancels %s, which is left out too; if that was paid and nothing takes its place, offset it",
        other);
}

static void write_day(mt_time at, char day[16])
{
    mt_day_text(mt_day_of(1970, 1, 1) + (mt_day)(at / MT_US_DAY), day);
}

static mt_code explain_payment(mt_ctx *cx, const char **out, const mt_payment *payment)
{
    char day[16];
    *out = NULL;
    switch (payment->fate) {
    case MT_PAYMENT_TAKEN:
        return payment->other ? mt_text_format(cx, out, "less what was paid as %s", payment->other) : MT_OK;
    case MT_PAYMENT_BEFORE:
        write_day(payment->paid_at, day);
        return mt_text_format(cx, out, "paid by %s on %s; --again pays it once more", payment->message_id,
                              day);
    case MT_PAYMENT_BY_HAND:
        return mt_text_format(cx, out, "its predecessor %s was paid: settle the difference by hand",
                              payment->other);
    case MT_PAYMENT_COVERED:
        return mt_text_format(cx, out,
                              payment->amount_cent
                                  ? "its predecessor %s was paid more than this: collect or offset it"
                                  : "its predecessor %s was paid, and nothing more is owed",
                              payment->other);
    case MT_PAYMENT_GONE:
        break;
    }
    *out = "it was cancelled or made void meanwhile";
    return MT_OK;
}

static mt_code put_payment(mt_ctx *cx, mt_emit *emit, const mt_invoice *d, const struct paying *p,
                           const mt_payment *payment)
{
    const char *reason = reason_of(&p->result, d);
    struct pay_row row = {d->number, d->seller.name, d->seller.iban, d->due, d->gross_cent * 10000, "left",
                          NULL};
    if (d->kind == MT_DOC_CORRECTION) MT_TRY(explain_cancellation(cx, &reason, d));
    if (payment) {
        MT_TRY(explain_payment(cx, &reason, payment));
        row.amount = payment->amount_cent * 10000;
        if (payment->fate == MT_PAYMENT_TAKEN) row.status = "paid";
    }
    row.reason = reason;
    return mt_emit_put(emit, &row);
}

/* Candidates stand in the order of the documents. */
static mt_code put_payments(mt_ctx *cx, mt_sink *out, const mt_invoice *const *document, size_t n,
                            const struct paying *p)
{
    mt_emit *emit;
    size_t next = 0;
    MT_TRY(mt_emit_begin(cx, &emit, out, "vpp.pay", pay_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const bool could = next < p->n && p->candidate[next] == document[k];
        MT_TRY(put_payment(cx, emit, document[k], p, could ? &p->payment[next] : NULL));
        if (could) next++;
    }
    return mt_emit_end(emit);
}

static mt_code make_options(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *a,
                            const mt_party *debtor, mt_pain001_options *out)
{
    char day[16];
    const char *id;
    mt_time now = mt_world_now(world);
    if (!debtor) return mt_fail(cx, MT_E_INPUT, "the documents name no issuer; see crm/parties.json");
    write_day(now, day);
    MT_TRY(mt_text_format(cx, &id, "PAY-%s-%lld", day, (long long)(now / MT_US_SECOND % 86400)));
    *out = (mt_pain001_options){
        .size = sizeof *out, .debtor = debtor, .message_id = id, .created = now, .earliest = a->issued};
    return MT_OK;
}

/* What a payment file of all documents would hold: written to nowhere. */
static mt_code find_candidates(mt_ctx *cx, struct paying *p, const mt_invoice *const *document, size_t all)
{
    const mt_invoice **list;
    mt_out *nowhere = NULL;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &list, all + 1));
    MT_TRY(MT_NEW(cx, &p->candidate, all + 1));
    MT_TRY(MT_NEW(cx, &p->payment, all + 1));
    for (size_t k = 0; k < all; k++)
        if (document[k]->kind != MT_DOC_CORRECTION) list[n++] = document[k];
    MT_TRY(mt_out_memory(cx, &nowhere));
    mt_code code = mt_pain001_write(cx, nowhere, &p->result, list, n, &p->options);
    mt_out_close(nowhere);
    MT_TRY(code);
    for (size_t k = 0; k < n; k++) {
        if (reason_of(&p->result, list[k])) continue;
        p->payment[p->n] = (mt_payment){.issuer = mt_issue_issuer(list[k])->party_id,
                                        .number = list[k]->number,
                                        .gross_cent = list[k]->gross_cent};
        p->candidate[p->n++] = list[k];
    }
    return MT_OK;
}

static mt_code write_file(mt_ctx *cx, const struct paying *p, const char *path, const mt_invoice *const *due,
                          size_t n)
{
    mt_out *file = NULL;
    mt_pain001_result written;
    mt_code code;
    MT_TRY_OUT(mt_out_file(cx, &file, path));
    MT_TRY_OUT(mt_pain001_write(cx, file, &written, due, n, &p->options));
    if (written.paid != n) {
        code = mt_fail(cx, MT_E_BUG, "%zu of %zu documents that were taken are not in the file",
                       n - written.paid, n);
        goto out;
    }
    MT_TRY_OUT(mt_out_finish(cx, file));
out:
    mt_out_close(file);
    return code;
}

/* With a context of its own: the caller's may be over, and keeps its sentence. */
static mt_code give_back(mt_ctx *cx, const struct paying *p, mt_code why)
{
    mt_ctx own;
    mt_ctx_init(&own, NULL);
    mt_code code = mt_payment_store_release(&own, p->store, p->payment, p->n, p->options.message_id);
    if (code != MT_OK)
        why = mt_fail(cx, why,
                      "the payment file was not written, yet its documents are marked as paid by %s "
                      "(%s); pay them with --again",
                      p->options.message_id, own.err);
    mt_ctx_close(&own);
    return why;
}

/* Only what was taken, each with what is still owed. Nothing to pay: no file. */
static mt_code pay_taken(mt_ctx *cx, const struct paying *p, const char *path)
{
    mt_invoice *copy;
    const mt_invoice **due;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &copy, p->n + 1));
    MT_TRY(MT_NEW(cx, &due, p->n + 1));
    for (size_t k = 0; k < p->n; k++) {
        if (p->payment[k].fate != MT_PAYMENT_TAKEN) continue;
        copy[n] = *p->candidate[k];
        copy[n].gross_cent = p->payment[k].amount_cent;
        due[n] = &copy[n];
        n++;
    }
    return n ? write_file(cx, p, path, due, n) : MT_OK;
}

static mt_code pay_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const mt_invoice *const *document;
    struct paying p = {.n = 0};
    size_t n;
    MT_TRY(mt_world_store(cx, world, &p.store));
    MT_TRY(mt_stored_standing(cx, world, args, false, &document, &n));
    if (!n) return no_documents(cx);
    MT_TRY(make_options(cx, world, a, find_issuer(document, n), &p.options));
    MT_TRY(find_candidates(cx, &p, document, n));
    MT_TRY(mt_payment_store_take(cx, p.store, p.payment, p.n, p.options.message_id, a->again));
    mt_code code = pay_taken(cx, &p, a->into.path);
    if (code != MT_OK) return give_back(cx, &p, code);
    return put_payments(cx, out, document, n, &p);
}

const mt_op mt_op_vpp_pay = {
    .name = "vpp.pay",
    .summary = "the payment file of documents that stand: a SEPA credit transfer for the bank",
    .doc = "Each payable document is one payment with its number as end-to-end identification. What "
           "cannot be paid is told with the reason: another payer, nothing to pay, an account that cannot "
           "be, a cancellation. A document is paid once: the store keeps which file paid it, and a second "
           "call leaves it out, unless --again says that the file was lost. What was paid for a document "
           "that this one takes the place of is taken off; where the days were cut otherwise, the "
           "difference is left to a person. With nothing to pay any more no file is written.",
    .example = "--month 2025-06 --into out/payments.xml",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS,
    .args_size = sizeof(struct mt_desk_args),
    .arg = pay_arg,
    .col = pay_col,
    .run = pay_run,
};

/* --- vpp.book ---------------------------------------------------------------------------------------- */

static const mt_field book_arg[] = {
    MT_ARG_STORED,
    {.name = "into",
     MT_OUTPUT_AT(mt_desk_args, into),
     .required = true,
     .doc = "DATEV bookings (EXTF) as CSV"},
    {.name = "adviser",
     MT_INT_AT(mt_desk_args, adviser),
     .fallback = "1001",
     .doc = "number of the tax adviser, 1001 to 9999999"},
    {.name = "client", MT_INT_AT(mt_desk_args, client), .fallback = "1", .doc = "number of the client"},
    {.name = NULL}};

struct book_row {
    const char *path;
    int64_t documents, net;
};

static const mt_field book_col[] = {
    {.name = "path", MT_TEXT_AT(book_row, path), .doc = "of the file"},
    {.name = "documents", MT_INT_AT(book_row, documents), .unit = MT_UNIT_COUNT, .doc = "in it"},
    {.name = "net_eur", MT_MICRO_AT(book_row, net), .unit = MT_UNIT_EUR, .doc = "sum of their net amounts"},
    {.name = NULL}};

/* Accounts of the standard chart SKR 04: purchased goods and services, and revenue, by category of VAT. */
static const mt_datev_account expense[MT_VAT_CATEGORIES] = {[MT_VAT_S] = {"5400", NULL},
                                                            [MT_VAT_AE] = {"5925", NULL},
                                                            [MT_VAT_E] = {"5200", NULL},
                                                            [MT_VAT_O] = {"6969", NULL}};
static const mt_datev_account revenue[MT_VAT_CATEGORIES] = {[MT_VAT_S] = {"4400", NULL},
                                                            [MT_VAT_AE] = {"4337", NULL},
                                                            [MT_VAT_E] = {"4185", NULL},
                                                            [MT_VAT_O] = {"4970", NULL}};

static mt_code write_book(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *a,
                          const mt_invoice *const *document, size_t n)
{
    mt_out *file = NULL;
    mt_code code;
    const mt_party *issuer = find_issuer(document, n);
    mt_datev_options options = {.size = sizeof options,
                                .owner_id = issuer ? issuer->party_id : NULL,
                                .adviser = a->adviser,
                                .client = a->client,
                                .fiscal_year = mt_day_of(mt_day_date(document[0]->issued).year, 1, 1),
                                .account_digits = 4,
                                .created = mt_world_now(world),
                                .title = "Portfolio"};
    memcpy(options.expense, expense, sizeof expense);
    memcpy(options.revenue, revenue, sizeof revenue);
    MT_TRY_OUT(mt_out_file(cx, &file, a->into.path));
    MT_TRY_OUT(mt_datev_write(cx, file, document, n, &options));
    MT_TRY_OUT(mt_out_finish(cx, file));
out:
    mt_out_close(file);
    return code;
}

static mt_code book_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct mt_desk_args *a = args;
    const mt_invoice *const *document;
    struct book_row row = {.path = a->into.path};
    size_t n;
    MT_TRY(mt_stored_standing(cx, world, args, true, &document, &n));
    if (!n) return no_documents(cx);
    MT_TRY(write_book(cx, world, a, document, n));
    row.documents = (int64_t)n;
    for (size_t k = 0; k < n; k++) row.net += document[k]->net_cent * 10000;
    return mt_emit_one(cx, out, "vpp.book", book_col, &row);
}

const mt_op mt_op_vpp_book = {
    .name = "vpp.book",
    .summary = "the bookings of documents that were issued, as DATEV takes them",
    .doc = "One line a document and category of VAT, cancelled ones beside their cancellations, against the "
           "party's account (datev_account in parties.json), with the accounts of the standard chart SKR 04: "
           "5400 and 4400 at the standard rate, 5925 and 4337 reverse charge, 5200 and 4185 exempt, 6969 and "
           "4970 damages.",
    .example = "--month 2025-06 --into out/EXTF_Buchungsstapel.csv",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .desk = MT_DESK_OPERATIONS,
    .args_size = sizeof(struct mt_desk_args),
    .arg = book_arg,
    .col = book_col,
    .run = book_run,
};
