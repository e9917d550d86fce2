/* Which documents were paid, by which payment file: so that a bank does not pay one twice.
 *
 * Purpose   Documents are taken for a payment file before it is written, in one transaction with the decision
 *           which of them are still to be paid; they are released when the file cannot be written.
 * Units     Cents of EUR.
 * Shapes    Table `document_payment`: issuer, number, message_id, amount_cent, paid_at; unique by issuer and
 *           number. What was paid for other documents of the same contract, kind and period (cancelled or
 *           void since) is taken off the amount; a paid one of other days that overlap leaves the difference
 *           to a person.
 * Errors    Those of the store.
 * Ownership Texts that are told live in cx.
 * Threads   Of processes that take one document at once, one gets it. A document that is being taken cannot
 *           be cancelled meanwhile.
 * Cost      Three statements a document.
 */
#ifndef MT_STORE_DATA_PAYMENT_STORE_H
#define MT_STORE_DATA_PAYMENT_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef enum mt_payment_fate {
    MT_PAYMENT_TAKEN,
    MT_PAYMENT_BEFORE,  /* it was paid: see message_id, paid_at */
    MT_PAYMENT_GONE,    /* it does not stand any more */
    MT_PAYMENT_BY_HAND, /* `other` was paid for days that it shares with this one */
    MT_PAYMENT_COVERED  /* `other` was paid in its place; amount_cent is 0 or negative */
} mt_payment_fate;

typedef struct mt_payment {
    const char *issuer, *number; /* given */
    int64_t gross_cent;          /* given */
    mt_payment_fate fate;
    int64_t amount_cent; /* gross less what was paid in its place before */
    const char *other;   /* number of a document that was paid in its place; NULL: none */
    /* How it was paid itself before; message_id NULL: it was not. */
    const char *message_id;
    int64_t before_cent;
    mt_time paid_at;
} mt_payment;

/* All of them or, on failure, none. `again`: also those that were paid before. */
MT_MUST_USE mt_code mt_payment_store_take(mt_ctx *cx, mt_store *store, mt_payment *payment, size_t n,
                                          const char *message_id, bool again);

/* What this message has taken is as it was before. */
MT_MUST_USE mt_code mt_payment_store_release(mt_ctx *cx, mt_store *store, const mt_payment *payment, size_t n,
                                             const char *message_id);

MT_END_DECLS
#endif
