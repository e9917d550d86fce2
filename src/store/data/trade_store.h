/* Own trades as the trades API has them: one by its number, once.
 *
 * Purpose   A trade that was told twice is one trade; another one under the same number is refused, not
 *           taken over.
 * Units     Cents per MWh, whole MW over one local hour: cents x MW is the money of a trade in cents.
 * Shapes    Table `desk_trade`, unique by id.
 * Errors    Those of store.h.
 * Ownership Results live in cx; trades are borrowed for the call.
 * Cost      A trade by itself a statement or two; thousands are staged together.
 */
#ifndef MT_STORE_DATA_TRADE_STORE_H
#define MT_STORE_DATA_TRADE_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_stored_trade {
    const char *id;
    int64_t price_cent, quantity_mw;
    const char *direction; /* "buy", "sell" */
    mt_day delivery_day;
    const char *delivery_hour; /* "08-09"; "02-03A" and "02-03B" where it comes twice */
    mt_time delivery_start, delivery_end;
    const char *trader_id;
    const char *strategy; /* NULL: none */
    mt_time execution_time;
    const char *source; /* where it came from; takes no part in comparing; NULL: not known */
} mt_stored_trade;

extern const mt_field mt_stored_trade_col[]; /* with documents, for operations */

/* X(symbol, word) */
#define MT_TRADE_FATE_LIST(X)                                                                                \
    X(MT_TRADE_NEW, "new")                                                                                   \
    X(MT_TRADE_UNCHANGED, "unchanged")                                                                       \
    X(MT_TRADE_DIFFERS, "duplicate")
#define MT_TRADE_FATE_SYMBOL(symbol, word) symbol,
typedef enum mt_trade_fate { MT_TRADE_FATE_LIST(MT_TRADE_FATE_SYMBOL) MT_TRADE_FATES } mt_trade_fate;
#undef MT_TRADE_FATE_SYMBOL

extern const char *const mt_trade_fate_word[]; /* by fate, ending with NULL */

/* fate[k] is written for each; a DIFFERS stores nothing of that trade. One transaction, but pieces of 64
 * trades where a number is taken on a day that the call does not touch; done again after a failure nothing
 * doubles. */
MT_MUST_USE mt_code mt_trade_store_put(mt_ctx *cx, mt_store *store, mt_trade_fate *fate,
                                       const mt_stored_trade *trade, size_t n);

/* Inside a transaction. Of more than 64 trades a number that is taken on such a day is MT_E_CONFLICT. */
MT_MUST_USE mt_code mt_trade_store_put_tx(mt_ctx *cx, mt_tx *tx, mt_trade_fate *fate,
                                          const mt_stored_trade *trade, size_t n);

/* *out NULL: no such trade. */
MT_MUST_USE mt_code mt_trade_store_get(mt_ctx *cx, mt_store *store, const mt_stored_trade **out,
                                       const char *id);

/* Texts may be missing on both sides; `source` is not compared. */
bool mt_stored_trade_same(const mt_stored_trade *a, const mt_stored_trade *b);

/* What is asked for; NULL and MT_DAY_NONE ask for anything. */
typedef struct mt_trade_filter {
    const char *trader_id, *strategy;
    mt_day from, until; /* delivery days */
} mt_trade_filter;

/* By delivery, then id. */
MT_MUST_USE mt_code mt_trade_store_list(mt_ctx *cx, mt_store *store, const mt_stored_trade **out, size_t *n,
                                        const mt_trade_filter *filter);

MT_END_DECLS
#endif
