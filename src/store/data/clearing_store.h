/* What was computed from a data set: clearings, aggregates and scenarios, stored as they come from their
 * operations.
 *
 * Purpose   A sink for the rows of market.clear, market.aggregate or market.impact; the table's columns have
 *           the names and units of the operation's.
 * Errors    MT_E_SHAPE  a column the table lacks.
 * Ownership The sink commits at finish and writes *counts; closing it before that stores nothing. The key's
 *           texts are borrowed until then.
 * Shapes    Stored rows of the same key that the new result does not have are removed: the result stands for
 *           the whole.
 */
#ifndef MT_STORE_DATA_CLEARING_STORE_H
#define MT_STORE_DATA_CLEARING_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

/* X(symbol, table, column beside start that tells rows apart, or NULL) */
#define MT_STORED_RESULT_LIST(X)                                                                             \
    X(MT_STORED_CLEARING, "clearing", NULL)                                                                  \
    X(MT_STORED_AGGREGATE, "aggregate", "side")                                                              \
    X(MT_STORED_IMPACT, "impact", "scenario")

#define MT_STORED_RESULT_SYMBOL(symbol, table, column) symbol,
typedef enum mt_stored_result {
    MT_STORED_RESULT_LIST(MT_STORED_RESULT_SYMBOL) MT_STORED_RESULT_COUNT
} mt_stored_result;
#undef MT_STORED_RESULT_SYMBOL

/* What a result was computed from, and how. */
typedef struct mt_result_key {
    const char *dataset;
    const char *policy;     /* "quarantine", "fill-median" */
    const char *price_rule; /* "mid"; NULL or "": the result knows none */
    mt_time period;         /* microseconds */
} mt_result_key;

MT_MUST_USE mt_code mt_clearing_store_sink(mt_ctx *cx, mt_sink **out,
                                           mt_merge_counts *counts /* NULL allowed */, mt_store *store,
                                           mt_stored_result kind, const mt_result_key *key);

/* Removes everything that was computed from the data set, under all keys: its rows are others now. */
MT_MUST_USE mt_code mt_clearing_store_forget(mt_ctx *cx, mt_tx *tx, const char *dataset);

/* The stored rows, by start: the key's columns, then the result's. */
MT_MUST_USE mt_code mt_clearing_store_read(mt_ctx *cx, mt_store *store, mt_stored_result kind,
                                           const mt_result_key *key, mt_sink *sink);

MT_END_DECLS
#endif
