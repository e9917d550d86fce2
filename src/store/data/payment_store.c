/* Documents are locked one after another, judged by what was paid in their place, and marked. */
#include "store/data/payment_store.h"

#include "store/data/answer.h"

#include <string.h>

struct taking {
    mt_payment *payment;
    size_t n;
    const char *message_id;
    bool again;
};

/* What was paid for a document, or for one that shares contract, kind and days with it. */
struct paid_row {
    const char *number, *message_id;
    int64_t amount_cent;
    mt_time paid_at;
    bool same_period;
};

static const mt_field paid_field[] = {{.name = "number", MT_TEXT_AT(paid_row, number)},
                                      {.name = "message_id", MT_TEXT_AT(paid_row, message_id)},
                                      {.name = "amount_cent", MT_INT_AT(paid_row, amount_cent)},
                                      {.name = "paid_at", MT_TIME_AT(paid_row, paid_at)},
                                      {.name = "same_period", MT_BOOL_AT(paid_row, same_period)},
                                      {.name = NULL}};

#define PAID                                                                                                 \
    "SELECT o.number, p.message_id, p.amount_cent, p.paid_at, (o.period_from = d.period_from AND "           \
    "o.period_until = d.period_until) AS same_period FROM document d JOIN document o ON o.issuer = "         \
    "d.issuer AND o.kind = d.kind AND o.contract_id = d.contract_id AND o.period_from <= d.period_until "    \
    "AND o.period_until >= d.period_from JOIN document_payment p ON p.issuer = o.issuer AND p.number = "     \
    "o.number WHERE d.issuer = $1 AND d.number = $2 ORDER BY o.number NULLS LAST"

/* Held until the transaction ends: nobody else takes or cancels it. */
static mt_code lock(mt_ctx *cx, mt_tx *tx, const mt_payment *payment, bool *stands)
{
    uint64_t changed = 0;
    const mt_param param[] = {mt_param_text(payment->issuer), mt_param_text(payment->number)};
    MT_TRY(mt_tx_exec(cx, tx, &changed,
                      "UPDATE document SET status = status WHERE issuer = $1 AND number = $2 AND status = "
                      "'issued'",
                      param, 2));
    *stands = changed == 1;
    return MT_OK;
}

static void judge(mt_payment *payment, const struct paid_row *row, size_t n, bool again)
{
    bool by_hand = false;
    for (size_t k = 0; k < n; k++) {
        if (strcmp(row[k].number, payment->number) == 0) {
            payment->message_id = row[k].message_id;
            payment->before_cent = row[k].amount_cent;
            payment->paid_at = row[k].paid_at;
            continue;
        }
        if (!by_hand) payment->other = row[k].number;
        if (!row[k].same_period) by_hand = true;
        payment->amount_cent -= row[k].same_period ? row[k].amount_cent : 0;
    }
    payment->fate = payment->message_id && !again                 ? MT_PAYMENT_BEFORE
                    : by_hand && !payment->message_id             ? MT_PAYMENT_BY_HAND
                    : payment->other && payment->amount_cent <= 0 ? MT_PAYMENT_COVERED
                                                                  : MT_PAYMENT_TAKEN;
}

static mt_code mark(mt_ctx *cx, mt_tx *tx, const mt_payment *payment, const char *message_id)
{
    const mt_param param[] = {mt_param_text(payment->issuer), mt_param_text(payment->number),
                              mt_param_text(message_id), mt_param_int(payment->amount_cent),
                              mt_param_time(mt_tx_now(tx))};
    return mt_tx_exec(cx, tx, NULL,
                      payment->message_id
                          ? "UPDATE document_payment SET message_id = $3, amount_cent = $4, paid_at = $5 "
                            "WHERE issuer = $1 AND number = $2"
                          : "INSERT INTO document_payment (issuer, number, message_id, amount_cent, paid_at) "
                            "VALUES ($1, $2, $3, $4, $5)",
                      param, 5);
}

static mt_code take_one(mt_ctx *cx, mt_tx *tx, const struct taking *t, mt_payment *payment)
{
    struct paid_row *row;
    size_t n;
    bool stands;
    const mt_param param[] = {mt_param_text(payment->issuer), mt_param_text(payment->number)};
    const mt_asked asked = {PAID, param, 2};
    *payment = (mt_payment){.issuer = payment->issuer,
                            .number = payment->number,
                            .gross_cent = payment->gross_cent,
                            .fate = MT_PAYMENT_GONE,
                            .amount_cent = payment->gross_cent,
                            .paid_at = MT_TIME_NONE};
    MT_TRY(lock(cx, tx, payment, &stands));
    if (!stands) return MT_OK;
    MT_TRY(mt_answer_read_tx(cx, &row, &n, tx, &asked, paid_field, sizeof *row));
    judge(payment, row, n, t->again);
    return payment->fate == MT_PAYMENT_TAKEN ? mark(cx, tx, payment, t->message_id) : MT_OK;
}

static mt_code take(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct taking *t = arg;
    for (size_t k = 0; k < t->n; k++) MT_TRY(take_one(cx, tx, t, &t->payment[k]));
    return MT_OK;
}

mt_code mt_payment_store_take(mt_ctx *cx, mt_store *store, mt_payment *payment, size_t n,
                              const char *message_id, bool again)
{
    struct taking t = {payment, n, message_id, again};
    return n ? mt_store_write(cx, store, take, &t) : MT_OK;
}

struct releasing {
    const mt_payment *payment;
    size_t n;
    const char *message_id;
};

static mt_code release_one(mt_ctx *cx, mt_tx *tx, const mt_payment *payment, const char *message_id)
{
    const mt_param param[] = {mt_param_text(payment->issuer),     mt_param_text(payment->number),
                              mt_param_text(message_id),          mt_param_text(payment->message_id),
                              mt_param_int(payment->before_cent), mt_param_time(payment->paid_at)};
    if (!payment->message_id)
        return mt_tx_exec(
            cx, tx, NULL,
            "DELETE FROM document_payment WHERE issuer = $1 AND number = $2 AND message_id = $3", param, 3);
    return mt_tx_exec(cx, tx, NULL,
                      "UPDATE document_payment SET message_id = $4, amount_cent = $5, paid_at = $6 WHERE "
                      "issuer = $1 AND number = $2 AND message_id = $3",
                      param, 6);
}

static mt_code release(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct releasing *r = arg;
    for (size_t k = 0; k < r->n; k++)
        if (r->payment[k].fate == MT_PAYMENT_TAKEN)
            MT_TRY(release_one(cx, tx, &r->payment[k], r->message_id));
    return MT_OK;
}

mt_code mt_payment_store_release(mt_ctx *cx, mt_store *store, const mt_payment *payment, size_t n,
                                 const char *message_id)
{
    struct releasing r = {payment, n, message_id};
    return mt_store_write(cx, store, release, &r);
}
