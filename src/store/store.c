/* The door to the store: an embedded file or a database server, one way of asking. */
#include "store/store.h"

#include "store/data/series_known.h"
#include "store/inside.h"
#include "store/list.h"
#include "store/migrate.h"
#include "store/spool.h"
#include "store/writer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define DEFAULT_WAIT_US ((int64_t)10000000)

static const mt_backend *const backends[] = {
#define BACKEND_ROW(symbol) &symbol,
    MT_BACKEND_LIST(BACKEND_ROW)
#undef BACKEND_ROW
};

static const mt_migration *const migrations[] = {
#define MIGRATION_ROW(symbol) &symbol,
    MT_MIGRATION_LIST(MIGRATION_ROW)
#undef MIGRATION_ROW
};

/* First words of a text that only reads. */
static const char *const reading[] = {"SELECT",  "WITH", "VALUES",   "TABLE",     "FROM",
                                      "EXPLAIN", "SHOW", "DESCRIBE", "SUMMARIZE", NULL};

enum { BACKENDS = sizeof backends / sizeof *backends, MIGRATIONS = sizeof migrations / sizeof *migrations };

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static mt_code find_backend(mt_ctx *cx, const mt_backend **out, const char *url)
{
    const char *forms = "";
    for (int k = 0; k < BACKENDS; k++) {
        for (const char *const *prefix = backends[k]->prefix; *prefix; prefix++) {
            if (!starts_with(url, *prefix)) continue;
            *out = backends[k];
            return MT_OK;
        }
        MT_TRY(mt_text_format(cx, &forms, "%s%s%s", forms, k ? ", " : "", backends[k]->form));
    }
    int scheme = (int)strcspn(url, ":"); /* what follows may hold a password */
    return mt_fail(cx, MT_E_INPUT, "%.*s: is no kind of store that is known; right would be one of: %s",
                   scheme, url, forms);
}

static void free_store(mt_store *store)
{
    mt_series_known_forget(store);
    pthread_mutex_destroy(&store->lock);
    free((void *)(uintptr_t)store->options.url);
    free((void *)(uintptr_t)store->options.temp_dir);
    free(store);
}

static char *copy_or_null(const char *text)
{
    return text ? strdup(text) : NULL;
}

static mt_code make_store(mt_ctx *cx, mt_store **out, const mt_store_options *options,
                          const mt_backend *backend)
{
    mt_store *store = calloc(1, sizeof *store);
    if (!store) return mt_fail(cx, MT_E_MEMORY, "memory ran out while the store was opened");
    pthread_mutex_init(&store->lock, NULL);
    store->backend = backend;
    size_t known = options->size && options->size < sizeof *options ? options->size : sizeof *options;
    memcpy(&store->options, options, known);
    store->options.url = strdup(options->url);
    store->options.temp_dir = copy_or_null(store->options.temp_dir);
    if (!store->options.wait_us) store->options.wait_us = DEFAULT_WAIT_US;
    if (store->options.wait_us < 0) store->options.wait_us = 0;
    if (!store->options.url) {
        free_store(store);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out while the store was opened");
    }
    *out = store;
    return MT_OK;
}

mt_code mt_store_open_with(mt_ctx *cx, mt_store **out, const mt_store_options *options,
                           const mt_migration *const *migration, size_t n)
{
    const mt_backend *backend = NULL;
    mt_store *store = NULL;
    if (!options->url) return mt_fail(cx, MT_E_INPUT, "no store is named: give its url, as in duckdb:PATH");
    MT_TRY(find_backend(cx, &backend, options->url));
    MT_TRY(make_store(cx, &store, options, backend));
    mt_code code = backend->open(cx, &store->db, &store->options);
    if (code == MT_OK) code = mt_migrate(cx, store, migration, n);
    if (code == MT_OK) {
        *out = store;
    } else {
        mt_store_close(store);
    }
    return code;
}

mt_code mt_store_open(mt_ctx *cx, mt_store **out, const mt_store_options *options)
{
    return mt_store_open_with(cx, out, options, migrations, MIGRATIONS);
}

void mt_store_close(mt_store *store)
{
    if (!store) return;
    mt_writer_close(store->writer);
    while (store->idle) {
        mt_conn *next = store->idle->next;
        store->backend->disconnect(store->idle);
        store->idle = next;
    }
    if (store->db) store->backend->close(store->db);
    free_store(store);
}

const char *mt_store_engine(const mt_store *store)
{
    return store->backend->name;
}

const char *mt_store_temp_dir(const mt_store *store)
{
    return store->options.temp_dir;
}

mt_time mt_store_now(const mt_store *store)
{
    if (store->options.now) return store->options.now(store->options.now_arg);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (mt_time)now.tv_sec * MT_US_SECOND + now.tv_nsec / 1000;
}

static mt_conn *take_idle(mt_store *store)
{
    pthread_mutex_lock(&store->lock);
    mt_conn *conn = store->idle;
    if (conn) {
        store->idle = conn->next;
        store->n_idle--;
    }
    pthread_mutex_unlock(&store->lock);
    return conn;
}

mt_code mt_store_take(mt_ctx *cx, mt_store *store, mt_conn **out)
{
    mt_conn *conn = take_idle(store);
    for (; conn && store->backend->alive && !store->backend->alive(conn); conn = take_idle(store))
        store->backend->disconnect(conn); /* its server was restarted meanwhile */
    if (!conn) return store->backend->connect(cx, store->db, out);
    *out = conn;
    return MT_OK;
}

void mt_store_give(mt_store *store, mt_conn *conn)
{
    if (!conn) return;
    pthread_mutex_lock(&store->lock);
    bool keep = !conn->broken && store->n_idle < MT_STORE_IDLE_MAX;
    if (keep) {
        conn->next = store->idle;
        store->idle = conn;
        store->n_idle++;
    }
    pthread_mutex_unlock(&store->lock);
    if (!keep) store->backend->disconnect(conn);
}

/* A statement to be read to its end. */
struct reading {
    const char *sql;
    const mt_param *param;
    size_t n;
    bool guest;
};

static mt_code read_guest(mt_ctx *cx, mt_conn *conn, const struct reading *r, mt_sink *sink)
{
    mt_tx tx = {.conn = conn};
    MT_TRY(conn->backend->begin_reading(cx, conn, true));
    mt_code code = conn->backend->query(cx, conn, r->sql, NULL, 0, true, sink);
    mt_tx_rollback(&tx);
    return code;
}

static mt_code read_into(mt_ctx *cx, mt_store *store, const struct reading *r, mt_sink *sink)
{
    mt_conn *conn;
    MT_TRY(mt_store_take(cx, store, &conn));
    mt_code code = r->guest ? read_guest(cx, conn, r, sink)
                            : conn->backend->query(cx, conn, r->sql, r->param, r->n, false, sink);
    mt_store_give(store, conn);
    return code;
}

/* Into a spool first, then sent on: the engine never waits for the sink. */
static mt_code read_spooled(mt_ctx *cx, mt_store *store, const struct reading *r, mt_sink *sink)
{
    mt_spool *spool;
    MT_TRY(mt_spool_open(cx, &spool, store->options.temp_dir));
    mt_code code = read_into(cx, store, r, mt_spool_sink(spool));
    if (code == MT_OK) code = mt_spool_send(cx, spool, sink);
    mt_spool_close(spool);
    return code;
}

mt_code mt_store_query(mt_ctx *cx, mt_store *store, const char *sql, const mt_param *param, size_t n,
                       mt_sink *sink)
{
    struct reading r = {.sql = sql, .param = param, .n = n};
    return read_spooled(cx, store, &r, sink);
}

/* Past blanks, comments and opening brackets. */
static const char *first_word(const char *sql)
{
    for (;;) {
        while (isspace((unsigned char)*sql) || *sql == '(') sql++;
        const char *end = NULL;
        if (starts_with(sql, "--")) end = strchr(sql, '\n');
        if (starts_with(sql, "/*")) end = strstr(sql + 2, "*/");
        if (!end) return sql;
        sql = end + (*end == '*' ? 2 : 1);
    }
}

static mt_code check_reading(mt_ctx *cx, const char *sql)
{
    const char *word = first_word(sql);
    size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (const char *const *known = reading; *known; known++)
        if (strlen(*known) == n && strncasecmp(word, *known, n) == 0) return MT_OK;
    if (!n) return mt_fail(cx, MT_E_INPUT, "the statement is empty: write a SELECT");
    return mt_fail(cx, MT_E_DENIED,
                   "a statement that starts with %.*s is not allowed here: only reading is, as in SELECT",
                   (int)n, word);
}

mt_code mt_store_sql(mt_ctx *cx, mt_store *store, const char *sql, mt_sink *sink)
{
    MT_TRY(check_reading(cx, sql));
    struct reading r = {.sql = sql, .guest = true};
    return read_spooled(cx, store, &r, sink);
}

static mt_code find_writer(mt_ctx *cx, mt_store *store, mt_writer **out)
{
    mt_code code = MT_OK;
    pthread_mutex_lock(&store->lock);
    if (!store->writer) code = mt_writer_open(cx, &store->writer, store);
    *out = store->writer;
    pthread_mutex_unlock(&store->lock);
    return code;
}

mt_code mt_store_commit(mt_ctx *cx, mt_store *store, mt_write_fn *fn, void *arg, int64_t staged_us)
{
    if (store->options.read_only)
        return mt_fail(cx, MT_E_DENIED, "the store was opened read-only: nothing can be written to it");
    if (store->backend->one_writer) {
        mt_writer *writer;
        MT_TRY(find_writer(cx, store, &writer));
        return mt_writer_run(cx, writer, fn, arg, staged_us);
    }
    mt_tx tx = {.store = store};
    MT_TRY(mt_store_take(cx, store, &tx.conn));
    mt_code code = mt_tx_retry(cx, &tx, fn, arg);
    mt_store_give(store, tx.conn);
    return code;
}

mt_code mt_store_write(mt_ctx *cx, mt_store *store, mt_write_fn *fn, void *arg)
{
    return mt_store_commit(cx, store, fn, arg, 0);
}
