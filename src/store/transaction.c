/* Transactions and the rows merged in them: mt_tx_… and mt_batch_… of the door. */
#include "store/clock.h"
#include "store/inside.h"
#include "store/merge.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sink of mt_tx_merge and mt_batch_merge: turns the given columns into the stored types, stages them, and
 * merges them at finish where it stands in a transaction. */
struct merge_sink {
    mt_sink sink;
    struct merge_sink *next; /* of a batch */
    mt_store *store;
    mt_conn *conn;
    mt_tx *tx; /* NULL: staged for a later transaction */
    const mt_merge_plan *plan;
    mt_merge_counts *counts;
    mt_stage_table *stage;
    const char **column; /* of the stage: the given ones, then the number where keys may come twice */
    size_t n_given, n;
    mt_type *given;
    mt_column *col; /* the chunk as it is staged */
    void **scratch; /* converted values of a column */
    size_t room;    /* rows in each scratch */
    uint64_t rows;
    bool finished;
    bool twice; /* keys with several versions */
};

struct mt_batch {
    mt_store *store;
    mt_conn *conn;
    struct merge_sink *first, **last;
    mt_batch_note *note;
    int64_t staged_us;
    mt_write_fn *fn;
    void *arg;
};

/* True when values of type `given` go into a column that holds `stored`. */
static bool type_fits(mt_type given, mt_type stored)
{
    switch (stored) {
    case MT_INT:
        return given == MT_INT || given == MT_MICRO || given == MT_SPAN;
    case MT_REAL:
        return given == MT_REAL || given == MT_MICRO || given == MT_INT;
    case MT_TEXT:
        return given == MT_TEXT || given == MT_CHOICE;
    default:
        return given == stored;
    }
}

static mt_code fail_shape(mt_ctx *cx)
{
    char sentence[MT_ERR_TEXT_MAX];
    snprintf(sentence, sizeof sentence, "%s", cx->err);
    return mt_fail(cx, MT_E_SHAPE, "%s", sentence);
}

static mt_code check_plan(mt_ctx *cx, const mt_merge_plan *plan, const mt_schema *schema)
{
    if (!plan->version) return MT_OK;
    if (!plan->history || plan->n_fixed || plan->replace)
        return mt_fail(cx, MT_E_BUG, "the merge plan of %s has versions, but no history or fixed columns",
                       plan->table);
    if (mt_field_find(schema->col, plan->version)) return MT_OK;
    return mt_fail(cx, MT_E_SHAPE, "rows for %s come without the column %s that orders their versions",
                   plan->table, plan->version);
}

static mt_code check_columns(mt_ctx *cx, const struct merge_sink *m, const mt_schema *schema)
{
    MT_TRY(check_plan(cx, m->plan, schema));
    for (size_t k = 0; k < schema->n_col; k++) {
        if (mt_name_fixed(m->plan, schema->col[k].name))
            return mt_fail(cx, MT_E_SHAPE, "column %s of %s is given in the rows and as a fixed value",
                           schema->col[k].name, m->plan->table);
    }
    for (const char *const *key = m->plan->key; *key; key++) {
        if (mt_name_fixed(m->plan, *key) || mt_field_find(schema->col, *key)) continue;
        return mt_fail(cx, MT_E_SHAPE, "rows for %s come without the column %s that identifies them",
                       m->plan->table, *key);
    }
    return MT_OK;
}

/* The last of a key's rows counts, or of those of one version. */
static bool numbers_rows(const mt_merge_plan *plan)
{
    return !plan->distinct || plan->version;
}

static mt_code name_columns(mt_ctx *cx, struct merge_sink *m, const mt_schema *schema)
{
    m->n_given = schema->n_col;
    m->n = schema->n_col + numbers_rows(m->plan);
    MT_TRY(MT_NEW(cx, &m->column, m->n));
    MT_TRY(MT_NEW(cx, &m->given, m->n));
    MT_TRY(MT_NEW(cx, &m->col, m->n));
    m->scratch = calloc(m->n, sizeof *m->scratch);
    if (!m->scratch) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", m->plan->table);
    for (size_t k = 0; k < schema->n_col; k++) {
        MT_TRY(mt_text_copy(cx, &m->column[k], mt_text_of(schema->col[k].name)));
        m->given[k] = schema->col[k].type;
    }
    if (numbers_rows(m->plan)) m->column[schema->n_col] = MT_STAGE_NUMBER;
    return MT_OK;
}

static mt_code merge_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct merge_sink *m = (struct merge_sink *)sink;
    MT_TRY(check_columns(cx, m, schema));
    MT_TRY(name_columns(cx, m, schema));
    mt_staging staging = {
        .table = m->plan->table,
        .column = m->column,
        .n = m->n,
        .in_transaction = m->tx != NULL,
        .serial = atomic_fetch_add((_Atomic uint64_t *)&m->store->serial, 1),
        .number = numbers_rows(m->plan) ? MT_STAGE_NUMBER : NULL,
    };
    mt_code code = m->store->backend->stage(cx, m->conn, &m->stage, &staging);
    if (code == MT_E_INPUT) return fail_shape(cx);
    MT_TRY(code);
    for (size_t k = 0; k < m->n_given; k++) {
        if (type_fits(m->given[k], m->stage->stored[k])) continue;
        return mt_fail(cx, MT_E_SHAPE, "column %s of %s holds %s, the rows bring %s", m->column[k],
                       m->plan->table, mt_type_name(m->stage->stored[k]), mt_type_name(m->given[k]));
    }
    return MT_OK;
}

static mt_code make_room(mt_ctx *cx, struct merge_sink *m, size_t n)
{
    if (n <= m->room) return MT_OK;
    for (size_t k = 0; k < m->n; k++) {
        free(m->scratch[k]);
        m->scratch[k] = NULL;
        bool made = k >= m->n_given || (m->stage->stored[k] == MT_REAL && m->given[k] != MT_REAL);
        if (!made) continue;
        m->scratch[k] = malloc(n * sizeof(int64_t));
        if (!m->scratch[k]) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", m->plan->table);
    }
    m->room = n;
    return MT_OK;
}

/* Integers and millionths as reals; values under a missing bit may be anything. */
static const void *to_reals(double *out, const int64_t *from, mt_type given, size_t n)
{
    double divisor = given == MT_MICRO ? 1e6 : 1;
    for (size_t i = 0; i < n; i++) out[i] = (double)from[i] / divisor;
    return out;
}

static mt_code check_key(mt_ctx *cx, const struct merge_sink *m, size_t k, const mt_chunk *chunk)
{
    if (!chunk->col[k].valid) return MT_OK;
    bool version = m->plan->version && strcmp(m->plan->version, m->column[k]) == 0;
    if (!version && !mt_name_in(m->plan->key, m->column[k])) return MT_OK;
    for (size_t i = 0; i < chunk->n; i++)
        if (!mt_column_has(&chunk->col[k], i))
            return mt_fail(cx, MT_E_INPUT, "row %llu for %s has no %s, which identifies it",
                           (unsigned long long)(m->rows + i + 1), m->plan->table, m->column[k]);
    return MT_OK;
}

static mt_code merge_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct merge_sink *m = (struct merge_sink *)sink;
    MT_TRY(mt_ctx_check(cx));
    MT_TRY(make_room(cx, m, chunk->n));
    for (size_t k = 0; k < m->n_given; k++) {
        MT_TRY(check_key(cx, m, k, chunk));
        m->col[k] = chunk->col[k];
        if (m->scratch[k])
            m->col[k].data = to_reals(m->scratch[k], chunk->col[k].data, m->given[k], chunk->n);
    }
    if (m->n > m->n_given) {
        int64_t *number = m->scratch[m->n_given];
        for (size_t i = 0; i < chunk->n; i++) number[i] = (int64_t)(m->rows + i);
        m->col[m->n_given] = (mt_column){number, NULL};
    }
    mt_chunk staged = {chunk->n, m->col};
    MT_TRY(m->store->backend->stage_push(cx, m->stage, &staged));
    m->rows += chunk->n;
    return MT_OK;
}

static mt_merge merge_of(const struct merge_sink *m)
{
    return (mt_merge){m->plan, m->stage, m->column, m->n, m->twice};
}

static mt_code run_merge(mt_ctx *cx, struct merge_sink *m, mt_conn *conn, uint64_t *rows)
{
    mt_merge merge = merge_of(m);
    mt_merge_counts counts = {.given = m->rows};
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = mt_merge_run(cx, conn, &merge, &counts);
    mt_arena_reset(&cx->arena, mark);
    MT_TRY(code);
    *rows += counts.added + counts.changed + counts.removed;
    if (m->counts) *m->counts = counts;
    return MT_OK;
}

static mt_code merge_finish(mt_sink *sink, mt_ctx *cx)
{
    struct merge_sink *m = (struct merge_sink *)sink;
    mt_merge merge = merge_of(m);
    MT_TRY(m->store->backend->stage_finish(cx, m->stage));
    if (!m->plan->distinct && m->rows > 1) MT_TRY(mt_merge_distinct(cx, m->conn, &merge, &m->twice));
    m->finished = true;
    return m->tx ? run_merge(cx, m, m->conn, &m->tx->rows) : MT_OK;
}

static void release(struct merge_sink *m)
{
    if (m->stage) m->store->backend->stage_close(m->stage);
    for (size_t k = 0; m->scratch && k < m->n; k++) free(m->scratch[k]);
    free(m->scratch);
    free(m);
}

static void merge_close(mt_sink *sink)
{
    struct merge_sink *m = (struct merge_sink *)sink;
    if (m->tx) release(m); /* else the batch does it */
}

static const mt_sink_ops merge_ops = {merge_schema, merge_push, merge_finish, merge_close};

static mt_code open_sink(mt_ctx *cx, struct merge_sink **out, mt_store *store, mt_conn *conn,
                         const mt_merge_plan *plan)
{
    struct merge_sink *m = calloc(1, sizeof *m);
    if (!m) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", plan->table);
    m->sink.ops = &merge_ops;
    m->store = store;
    m->conn = conn;
    m->plan = plan;
    *out = m;
    return MT_OK;
}

mt_code mt_tx_begin(mt_ctx *cx, mt_tx *tx)
{
    tx->rows = 0;
    return tx->conn->backend->exec(cx, tx->conn, NULL, "BEGIN", NULL, 0);
}

mt_code mt_tx_commit(mt_ctx *cx, mt_tx *tx)
{
    return tx->conn->backend->exec(cx, tx->conn, NULL, "COMMIT", NULL, 0);
}

void mt_tx_rollback(mt_tx *tx)
{
    mt_ctx cx; /* the caller's may be cancelled, and keeps its sentence */
    mt_ctx_init(&cx, NULL);
    if (tx->conn->backend->exec(&cx, tx->conn, NULL, "ROLLBACK", NULL, 0) != MT_OK) tx->conn->broken = true;
    mt_ctx_close(&cx);
}

mt_code mt_tx_run(mt_ctx *cx, mt_tx *tx, mt_write_fn *fn, void *arg)
{
    MT_TRY(mt_tx_begin(cx, tx));
    mt_code code = fn(cx, tx, arg);
    if (code == MT_OK) code = mt_tx_commit(cx, tx);
    if (code != MT_OK) mt_tx_rollback(tx);
    return code;
}

/* A server's transaction may lose against another one; it is then tried again. */
mt_code mt_tx_retry(mt_ctx *cx, mt_tx *tx, mt_write_fn *fn, void *arg)
{
    for (int attempt = 1;; attempt++) {
        mt_code code = mt_tx_run(cx, tx, fn, arg);
        if (code != MT_E_CONFLICT || attempt == 3 || tx->conn->broken) return code;
        mt_ctx_forgive(cx);
    }
}

mt_code mt_tx_exec(mt_ctx *cx, mt_tx *tx, uint64_t *changed, const char *sql, const mt_param *param, size_t n)
{
    uint64_t rows = 0;
    MT_TRY(tx->conn->backend->exec(cx, tx->conn, &rows, sql, param, n));
    tx->rows += rows;
    if (changed) *changed = rows;
    return MT_OK;
}

mt_code mt_tx_query(mt_ctx *cx, mt_tx *tx, const char *sql, const mt_param *param, size_t n, mt_sink *sink)
{
    return tx->conn->backend->query(cx, tx->conn, sql, param, n, false, sink);
}

mt_time mt_tx_now(const mt_tx *tx)
{
    return mt_store_now(tx->store);
}

mt_code mt_tx_merge(mt_ctx *cx, mt_tx *tx, mt_sink **sink, mt_merge_counts *counts, const mt_merge_plan *plan)
{
    struct merge_sink *m = NULL;
    MT_TRY(open_sink(cx, &m, tx->store, tx->conn, plan));
    m->tx = tx;
    m->counts = counts;
    *sink = &m->sink;
    return MT_OK;
}

mt_code mt_batch_open(mt_ctx *cx, mt_batch **out, mt_store *store)
{
    if (store->options.read_only)
        return mt_fail(cx, MT_E_DENIED, "the store was opened read-only: nothing can be written to it");
    mt_batch *batch = calloc(1, sizeof *batch);
    if (!batch) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of the store");
    batch->store = store;
    batch->last = &batch->first;
    mt_code code = mt_store_take(cx, store, &batch->conn);
    if (code == MT_OK) {
        *out = batch;
    } else {
        free(batch);
    }
    return code;
}

mt_code mt_batch_merge(mt_ctx *cx, mt_batch *batch, mt_sink **sink, mt_merge_counts *counts,
                       const mt_merge_plan *plan)
{
    struct merge_sink *m = NULL;
    MT_TRY(open_sink(cx, &m, batch->store, batch->conn, plan));
    m->counts = counts;
    *batch->last = m;
    batch->last = &m->next;
    *sink = &m->sink;
    return MT_OK;
}

/* In one order everywhere, so that no two transactions wait for each other. */
static mt_code lock_tables(mt_ctx *cx, mt_batch *batch, mt_conn *conn)
{
    for (const char *last = ""; last;) {
        const char *next = NULL;
        for (struct merge_sink *m = batch->first; m; m = m->next)
            if (m->rows && strcmp(m->plan->table, last) > 0 && (!next || strcmp(m->plan->table, next) < 0))
                next = m->plan->table;
        if (next) MT_TRY(conn->backend->lock_table(cx, conn, next));
        last = next;
    }
    return MT_OK;
}

static mt_code commit_batch(mt_ctx *cx, mt_tx *tx, void *arg)
{
    mt_batch *batch = arg;
    if (batch->first && batch->first->next) MT_TRY(lock_tables(cx, batch, tx->conn));
    for (struct merge_sink *m = batch->first; m; m = m->next) MT_TRY(run_merge(cx, m, tx->conn, &tx->rows));
    return batch->fn ? batch->fn(cx, tx, batch->arg) : MT_OK;
}

void mt_batch_add_note(mt_batch *batch, mt_batch_note *note)
{
    note->next = batch->note;
    batch->note = note;
}

mt_store *mt_batch_store(const mt_batch *batch)
{
    return batch->store;
}

static mt_code commit(mt_ctx *cx, mt_batch *batch)
{
    if (batch->store->backend->one_writer)
        return mt_store_commit(cx, batch->store, commit_batch, batch, mt_clock_monotonic_us());
    mt_tx tx = {batch->store, batch->conn, 0}; /* the staged rows are this connection's */
    return mt_tx_retry(cx, &tx, commit_batch, batch);
}

mt_code mt_batch_commit(mt_ctx *cx, mt_batch *batch, mt_write_fn *fn, void *arg)
{
    for (struct merge_sink *m = batch->first; m; m = m->next)
        if (!m->finished)
            return mt_fail(cx, MT_E_BUG, "rows for %s were not finished before the commit", m->plan->table);
    batch->fn = fn;
    batch->arg = arg;
    MT_TRY(commit(cx, batch));
    for (mt_batch_note *note = batch->note; note; note = note->next) note->committed(note, batch->store);
    return MT_OK;
}

void mt_batch_close(mt_batch *batch)
{
    if (!batch) return;
    for (struct merge_sink *m = batch->first, *next; m; m = next) {
        next = m->next;
        release(m);
    }
    for (mt_batch_note *note = batch->note, *after; note; note = after) {
        after = note->next;
        note->release(note);
    }
    mt_store_give(batch->store, batch->conn);
    free(batch);
}
