/* Brings the tables of a store up to the version of this program. */
#include "store/migrate.h"

#include "base/rows/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HAS_TABLE                                                                                            \
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() "                  \
    "AND table_name = 'schema_version'"

static mt_code ask_number(mt_ctx *cx, mt_conn *conn, int64_t *out, const char *sql)
{
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = conn->backend->query(cx, conn, sql, NULL, 0, false, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    mt_value value = mt_table_get(table, 0, 0);
    *out = value.present ? value.as.integer : 0;
    return MT_OK;
}

/* 0: a store without tables. */
static mt_code ask_version(mt_ctx *cx, mt_conn *conn, int64_t *out)
{
    int64_t tables = 0;
    *out = 0;
    MT_TRY(ask_number(cx, conn, &tables, HAS_TABLE));
    return tables ? ask_number(cx, conn, out, "SELECT max(number) FROM schema_version") : MT_OK;
}

static mt_code stored_version(mt_ctx *cx, mt_store *store, int64_t *out)
{
    mt_conn *conn;
    MT_TRY(mt_store_take(cx, store, &conn));
    mt_code code = ask_version(cx, conn, out);
    mt_store_give(store, conn);
    return code;
}

/* Another process may have been quicker: then its version stands and nothing is done. */
static mt_code run_steps(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_migration *migration = arg;
    const mt_backend *backend = tx->store->backend;
    int64_t version = 0;
    MT_TRY(backend->lock_table(cx, tx->conn, "schema_version"));
    MT_TRY(ask_version(cx, tx->conn, &version));
    if (version >= migration->number) return MT_OK;
    for (const mt_migration_step *step = migration->step; step->sql; step++) {
        if (step->engine && strcmp(step->engine, backend->name) != 0) continue;
        MT_TRY(mt_tx_exec(cx, tx, NULL, step->sql, NULL, 0));
    }
    const mt_param row[] = {
        mt_param_int(migration->number),
        mt_param_text(migration->name),
        mt_param_time(mt_store_now(tx->store)),
    };
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO schema_version (number, name, applied_at) VALUES ($1, $2, $3)", row, 3);
}

static mt_code run_one(mt_ctx *cx, mt_store *store, const mt_migration *migration)
{
    mt_tx tx = {store, NULL, 0};
    MT_TRY(mt_store_take(cx, store, &tx.conn));
    mt_code code = mt_tx_run(cx, &tx, run_steps, (void *)(uintptr_t)migration);
    mt_store_give(store, tx.conn);
    if (code == MT_OK) return MT_OK;
    return mt_fail_at(cx, "migration %d (%s) of the store failed and was undone", migration->number,
                      migration->name);
}

static void drop_idle(mt_store *store)
{
    while (store->idle) {
        mt_conn *next = store->idle->next;
        store->backend->disconnect(store->idle);
        store->idle = next;
    }
    store->n_idle = 0;
}

static mt_code upgrade(mt_ctx *cx, mt_store *store, int64_t from, const mt_migration *const *migration,
                       size_t n)
{
    if (from > 0) {
        char suffix[32];
        snprintf(suffix, sizeof suffix, "before-%03d", migration[from]->number);
        drop_idle(store);
        MT_TRY(store->backend->backup(cx, store->db, suffix));
    }
    for (size_t k = (size_t)from; k < n; k++) {
        if (from > 0)
            mt_log(cx, MT_LOG_INFO, "the store goes to version %d (%s)", migration[k]->number,
                   migration[k]->name);
        MT_TRY(run_one(cx, store, migration[k]));
    }
    return MT_OK;
}

mt_code mt_migrate(mt_ctx *cx, mt_store *store, const mt_migration *const *migration, size_t n)
{
    int64_t version;
    MT_TRY(stored_version(cx, store, &version));
    if (version > (int64_t)n)
        return mt_fail(cx, MT_E_CONFLICT,
                       "the store has version %" PRId64 ", this program knows up to %zu: use a newer merit",
                       version, n);
    if (version == (int64_t)n) return MT_OK;
    if (store->options.read_only)
        return mt_fail(cx, MT_E_CONFLICT,
                       "the store has version %" PRId64 " and needs %zu: open it once for writing", version,
                       n);
    return upgrade(cx, store, version, migration, n);
}
