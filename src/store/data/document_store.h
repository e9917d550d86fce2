/* Documents of account: stored once, numbered without a double, never changed.
 *
 * Purpose   A settlement becomes a document with a number of its issuer's range; asked for again it is the
 *           same document, and what was settled differently later is said, not overwritten: a correction
 *           cancels and issues anew. A number once taken stays taken.
 * Units     Cents. Days are local and both inside.
 * Shapes    Tables `document` (unique by issuer and number; and by kind, contract, period and version) and
 *           `document_range`. Numbers are "GS-2025-000001": prefix of the kind, year of `issued`, counted
 *           from 1 in each range (issuer, year, kind), taken in the transaction that stores the document, so
 *           a failed one leaves no hole.
 *           The document that stands for (issuer, contract, period, kind) is the one with status "issued". A
 *           draft with its digest is unchanged; with another one it differs and is not stored. Where none
 *           stands for the period, but one of the same issuer, contract and kind does for some of its days,
 *           the draft differs from that one; else it is stored as the next version, counted over all
 *           issuers. A draft that names what it `cancels` is stored in any case and takes that document's
 *           place away: put before the new draft in the same call it makes a correction, both or neither.
 *           One call is one transaction; its drafts are looked at in their order.
 * Errors    MT_E_INPUT     a draft without issuer, contract or period; a void without a reason;
 *           MT_E_ABSENT    no such number;
 *           MT_E_CONFLICT  what is to be cancelled or made void does not stand (any more), or the same number
 *           of several issuers is meant;  what the body's writer says.
 * Ownership Results live in cx. Drafts are borrowed for the call.
 * Threads   Any number of processes may put at once: the table and the ranges are locked from the first look
 *           at what stands to the commit, so calls come one after another.
 * Cost      A few statements a call, its rows staged together: 2,000 documents of 6 kB take 0.3 s, embedded.
 */
#ifndef MT_STORE_DATA_DOCUMENT_STORE_H
#define MT_STORE_DATA_DOCUMENT_STORE_H

#include "store/store.h"
#include "terms/vpp/invoice.h"

MT_BEGIN_DECLS

/* X(symbol, word in the store) */
#define MT_DOCUMENT_STATUS_LIST(X)                                                                           \
    X(MT_DOCUMENT_ISSUED, "issued")                                                                          \
    X(MT_DOCUMENT_VOID, "void")                                                                              \
    X(MT_DOCUMENT_CANCELLED, "cancelled")
#define MT_DOCUMENT_STATUS_SYMBOL(symbol, word) symbol,
typedef enum mt_document_status {
    MT_DOCUMENT_STATUS_LIST(MT_DOCUMENT_STATUS_SYMBOL) MT_DOCUMENT_STATUSES
} mt_document_status;
#undef MT_DOCUMENT_STATUS_SYMBOL

extern const char *const mt_document_status_word[]; /* by status, ending with NULL */

/* What identifies a document, and what lists show of it. */
typedef struct mt_document_draft {
    mt_document_kind kind;
    const char *issuer;
    const char *contract_id;
    const char *asset_id, *owner_id; /* NULL: none */
    mt_day from, until;
    mt_day issued;
    int64_t net_cent, vat_cent, gross_cent;
    const char *digest;  /* of what was settled; NULL: none, equal to no other */
    const char *cancels; /* number of the issuer's standing document that this one cancels; NULL: none */
} mt_document_draft;

typedef enum mt_document_fate {
    MT_DOCUMENT_STORED,
    MT_DOCUMENT_UNCHANGED, /* stood already: its number */
    MT_DOCUMENT_DIFFERS    /* another one stands, for the period or some of its days: its number; nothing was
                            * stored of this draft */
} mt_document_fate;

typedef struct mt_document_put {
    mt_document_fate fate;
    const char *number;
    int64_t version;
} mt_document_put;

/* Writes the body of draft k, now that its number is known; *body lives in cx. Called inside the transaction,
 * perhaps on another thread while the caller waits, and perhaps again: it uses nothing up and calls nothing
 * of the store. */
typedef mt_code mt_document_body_fn(mt_ctx *cx, void *arg, size_t k, const char *number, int64_t version,
                                    mt_text *body);

/* put[0 … n-1] is written on success. */
MT_MUST_USE mt_code mt_document_store_put(mt_ctx *cx, mt_store *store, mt_document_put *put,
                                          const mt_document_draft *draft, size_t n, mt_document_body_fn *body,
                                          void *arg);

/* The number stays, with its reason; the settlement may be issued again. A cancellation cannot be void. */
MT_MUST_USE mt_code mt_document_store_void(mt_ctx *cx, mt_store *store, const char *issuer /* NULL: any */,
                                           const char *number, const char *reason);

typedef struct mt_stored_document {
    mt_document_draft draft; /* texts that were not given are NULL */
    const char *number;
    int64_t version;
    mt_document_status status;
    const char *void_reason;
    mt_time stored_at;
} mt_stored_document;

/* What is asked for; NULL, MT_DAY_NONE and -1 ask for anything. */
typedef struct mt_document_filter {
    const char *issuer, *contract_id, *asset_id, *owner_id;
    const char *number;
    int kind, status;   /* mt_document_kind, mt_document_status */
    mt_day from, until; /* periods that touch these days */
    bool (*sees)(void *arg, const char *asset_id, const char *owner_id); /* NULL: all */
    void *arg;
} mt_document_filter;

static inline mt_document_filter mt_document_filter_all(void)
{
    mt_document_filter filter;
    memset(&filter, 0, sizeof filter);
    filter.kind = filter.status = -1;
    filter.from = filter.until = MT_DAY_NONE;
    return filter;
}

/* By issuer, contract, period, kind and version. */
MT_MUST_USE mt_code mt_document_store_list(mt_ctx *cx, mt_store *store, const mt_stored_document **out,
                                           size_t *n, const mt_document_filter *filter);

/* The one that stands for a draft's issuer, contract, period and kind; *out NULL: none does. */
MT_MUST_USE mt_code mt_document_store_standing(mt_ctx *cx, mt_store *store, const mt_stored_document **out,
                                               const mt_document_draft *draft);

/* One document and its body. `issuer` NULL: MT_E_CONFLICT when several have the number. */
MT_MUST_USE mt_code mt_document_store_get(mt_ctx *cx, mt_store *store, mt_stored_document *out, mt_text *body,
                                          const char *issuer, const char *number);

MT_END_DECLS
#endif
