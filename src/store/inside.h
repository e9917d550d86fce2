/* What the rooms behind the store's door share: the store's own struct, its connections, its transaction.
 *
 * Purpose   Nothing outside this folder includes it.
 * Threads   `lock` guards idle, n_idle, writer and known; the rest is constant after the opening.
 */
#ifndef MT_STORE_INSIDE_H
#define MT_STORE_INSIDE_H

#include <pthread.h>

#include "store/backend.h"
#include "store/schema/schema.h"
#include "store/store.h"

MT_BEGIN_DECLS

enum { MT_STORE_IDLE_MAX = 16 };

typedef struct mt_writer mt_writer;
typedef struct mt_series_known mt_series_known; /* data/series_known.h */

struct mt_store {
    const mt_backend *backend;
    void *db;
    mt_store_options options; /* texts are the store's own */
    pthread_mutex_t lock;
    mt_conn *idle;
    int n_idle;
    mt_writer *writer; /* of an engine with one writer; opened with the first write */
    uint64_t serial;   /* atomic; of staged tables */
    mt_series_known *known;
};

struct mt_tx {
    mt_store *store;
    mt_conn *conn;
    uint64_t rows; /* written so far */
};

/* A connection of one's own, and back. */
MT_MUST_USE mt_code mt_store_take(mt_ctx *cx, mt_store *store, mt_conn **out);
void mt_store_give(mt_store *store, mt_conn *conn); /* NULL allowed */

/* As mt_store_open, with other migrations: for tests of upgrades. */
MT_MUST_USE mt_code mt_store_open_with(mt_ctx *cx, mt_store **out, const mt_store_options *options,
                                       const mt_migration *const *migration, size_t n);

/* As mt_store_write; rows staged before `staged_us` (monotonic clock) must be visible to the transaction;
 * 0: none. */
MT_MUST_USE mt_code mt_store_commit(mt_ctx *cx, mt_store *store, mt_write_fn *fn, void *arg,
                                    int64_t staged_us);

/* What somebody learns from a batch: told when its transaction is durable, released with the batch. */
typedef struct mt_batch_note {
    struct mt_batch_note *next;
    void (*committed)(struct mt_batch_note *note, mt_store *store);
    void (*release)(struct mt_batch_note *note);
} mt_batch_note;

void mt_batch_add_note(mt_batch *batch, mt_batch_note *note); /* the batch's from now on */
mt_store *mt_batch_store(const mt_batch *batch);

/* BEGIN, fn, COMMIT; or ROLLBACK and fn's code. */
MT_MUST_USE mt_code mt_tx_run(mt_ctx *cx, mt_tx *tx, mt_write_fn *fn, void *arg);
MT_MUST_USE mt_code mt_tx_retry(mt_ctx *cx, mt_tx *tx, mt_write_fn *fn,
                                void *arg); /* thrice on MT_E_CONFLICT */
MT_MUST_USE mt_code mt_tx_begin(mt_ctx *cx, mt_tx *tx);
MT_MUST_USE mt_code mt_tx_commit(mt_ctx *cx, mt_tx *tx);
void mt_tx_rollback(mt_tx *tx); /* marks the connection as broken when even that fails */

MT_END_DECLS
#endif
