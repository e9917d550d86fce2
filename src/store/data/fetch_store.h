/* How far each source's data sets were fetched, so that the next fetch goes on from there.
 *
 * Purpose   Rows and the state of their fetch are saved in one transaction: inside mt_store_write, or as the
 *           function of mt_batch_commit (mt_fetch_store_commit).
 * Shapes    Table `fetch_state`: source, dataset, area ("" where a data set has none), fetched_to, state,
 *           updated_at; one row for the first three.
 * Time      fetched_to: everything before this moment (UTC) was fetched.
 * Missing   fetched_to MT_TIME_NONE, state NULL.
 */
#ifndef MT_STORE_DATA_FETCH_STORE_H
#define MT_STORE_DATA_FETCH_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_fetch_key {
    const char *source, *dataset, *area;
} mt_fetch_key;

typedef struct mt_fetch_state {
    mt_time fetched_to;
    const char *state;  /* the source's own words: a page, a tag, a token of its paging */
    mt_time updated_at; /* by the store's clock; saving ignores it */
} mt_fetch_state;

/* All members missing where nothing was saved. The text lives in cx. */
MT_MUST_USE mt_code mt_fetch_store_read(mt_ctx *cx, mt_fetch_state *out, mt_store *store,
                                        const mt_fetch_key *key);

MT_MUST_USE mt_code mt_fetch_store_save(mt_ctx *cx, mt_tx *tx, const mt_fetch_key *key,
                                        const mt_fetch_state *state);

/* The same as an mt_write_fn; `arg` is an mt_fetch_saving. */
typedef struct mt_fetch_saving {
    mt_fetch_key key;
    mt_fetch_state state;
} mt_fetch_saving;
MT_MUST_USE mt_code mt_fetch_store_commit(mt_ctx *cx, mt_tx *tx, void *arg);

/* Columns of fetch_state, ordered. */
MT_MUST_USE mt_code mt_fetch_store_list(mt_ctx *cx, mt_store *store, mt_sink *sink);

MT_END_DECLS
#endif
