/* A whole store as a folder of files, and back: into the same engine or another. */
#include "store/keep/backup.h"

#include "base/rows/table.h"
#include "io/folder.h"
#include "store/keep/manifest.h"
#include "store/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* schema_version says what the tables look like; it is written by the migrations of whoever opens a store. */
#define TABLES                                                                                               \
    "SELECT table_name FROM information_schema.tables AS t WHERE table_schema = current_schema() AND "       \
    "table_catalog = current_database() AND table_type = 'BASE TABLE' AND table_name <> 'schema_version'"
#define BY_NAME " ORDER BY table_name NULLS LAST"

/* A part of a partitioned table is read with the whole. */
#define NO_PARTS                                                                                             \
    " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = "   \
    "i.inhrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relname = t.table_name " \
    "AND n.nspname = t.table_schema)"

#define NEEDED_COLUMN                                                                                        \
    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND "          \
    "table_catalog = current_database() AND table_name = $1 AND is_nullable = 'NO' ORDER BY "                \
    "ordinal_position NULLS LAST LIMIT 1"

static mt_code ask(mt_ctx *cx, mt_table **out, mt_snapshot *snapshot, const char *sql, const char *name)
{
    mt_sink *sink;
    mt_param param = mt_param_text(name);
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_snapshot_query(cx, snapshot, sql, &param, name ? 1 : 0, sink);
    mt_sink_close(sink);
    return code;
}

/* Which tables there are, and their version; sums are not yet known. */
static mt_code look(mt_ctx *cx, mt_kept *out, mt_store *store, mt_snapshot *snapshot)
{
    mt_table *names, *version;
    bool server = strcmp(mt_store_engine(store), "postgres") == 0;
    MT_TRY(ask(cx, &names, snapshot, server ? TABLES NO_PARTS BY_NAME : TABLES BY_NAME, NULL));
    MT_TRY(ask(cx, &version, snapshot, "SELECT max(number) AS number FROM schema_version", NULL));
    *out = (mt_kept){.version = mt_table_get(version, 0, 0).as.integer,
                     .engine = mt_store_engine(store),
                     .made_at = mt_store_now(store),
                     .n = names->n};
    MT_TRY(MT_NEW(cx, &out->table, names->n + 1));
    for (size_t k = 0; k < names->n; k++) {
        MT_TRY(mt_text_copy(cx, &out->table[k].name, mt_table_get(names, k, 0).as.text));
        out->table[k].expected.rows = UINT64_MAX;
    }
    return MT_OK;
}

/* Reads one table through the sum into `inner`. */
static mt_code read_table(mt_ctx *cx, mt_kept_table *table, mt_snapshot *snapshot, mt_sink *inner)
{
    const char *sql;
    mt_sink *sink;
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_text_format(cx, &sql, "SELECT * FROM \"%s\"", table->name));
    MT_TRY(mt_sum_sink(cx, &sink, &table->sum, inner));
    mt_code code = mt_snapshot_query(cx, snapshot, sql, NULL, 0, sink);
    mt_sink_close(sink);
    mt_arena_reset(&cx->arena, mark);
    return code;
}

mt_code mt_store_sums(mt_ctx *cx, mt_kept *out, mt_store *store)
{
    mt_snapshot *snapshot;
    MT_TRY(mt_snapshot_open(cx, &snapshot, store));
    mt_code code = look(cx, out, store, snapshot);
    for (size_t k = 0; code == MT_OK && k < out->n; k++) {
        mt_ctx_progress(cx, "tables", k, out->n, "tables");
        code = read_table(cx, &out->table[k], snapshot, NULL);
    }
    mt_snapshot_close(snapshot);
    return code;
}

/* An empty folder, made where there is none. */
static mt_code make_folder(mt_ctx *cx, const char *path)
{
    bool empty = true;
    MT_TRY(mt_folder_make(cx, path));
    DIR *folder = opendir(path);
    if (!folder) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    for (struct dirent *entry; empty && (entry = readdir(folder)) != NULL;)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(folder);
    if (empty) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT, "%s: holds something already; a backup needs a folder of its own",
                   path);
}

static mt_code write_table(mt_ctx *cx, mt_kept_table *table, mt_snapshot *snapshot, mt_engine *engine,
                           const char *folder)
{
    const char *path;
    mt_sink *file;
    MT_TRY(mt_text_format(cx, &path, "%s/%s.parquet", folder, table->name));
    MT_TRY(mt_parquet_sink(cx, &file, engine, path));
    mt_code code = read_table(cx, table, snapshot, file);
    mt_sink_close(file);
    return code;
}

mt_code mt_backup_write(mt_ctx *cx, mt_kept *out, mt_store *store, mt_engine *engine, const char *folder)
{
    mt_snapshot *snapshot;
    mt_kept kept;
    MT_TRY(make_folder(cx, folder));
    MT_TRY(mt_snapshot_open(cx, &snapshot, store));
    mt_code code = look(cx, &kept, store, snapshot);
    for (size_t k = 0; code == MT_OK && k < kept.n; k++) {
        mt_ctx_progress(cx, "backup", k, kept.n, "tables");
        code = write_table(cx, &kept.table[k], snapshot, engine, folder);
    }
    mt_snapshot_close(snapshot);
    MT_TRY(code);
    MT_TRY(mt_manifest_write(cx, &kept, folder));
    *out = kept;
    return MT_OK;
}

static mt_code read_file(mt_ctx *cx, mt_kept_table *table, mt_engine *engine, const char *folder,
                         mt_sink *inner)
{
    const char *path;
    mt_sink *sink;
    MT_TRY(mt_text_format(cx, &path, "%s/%s.parquet", folder, table->name));
    MT_TRY(mt_sum_sink(cx, &sink, &table->sum, inner));
    mt_code code = mt_parquet_read(cx, engine, path, sink);
    mt_sink_close(sink);
    return code;
}

/* A damaged file is told with its table; the others are read all the same. */
static mt_code try_file(mt_ctx *cx, mt_kept_table *table, mt_engine *engine, const char *folder)
{
    mt_code code = read_file(cx, table, engine, folder, NULL);
    bool ours = code == MT_E_CANCELLED || code == MT_E_DEADLINE || code == MT_E_MEMORY || code == MT_E_BUG;
    if (code == MT_OK || ours) return code;
    MT_TRY(mt_text_copy(cx, &table->fault, mt_text_of(cx->err)));
    mt_ctx_forgive(cx);
    return MT_OK;
}

mt_code mt_backup_read(mt_ctx *cx, mt_kept *out, mt_engine *engine, const char *folder)
{
    mt_kept kept;
    MT_TRY(mt_manifest_read(cx, &kept, folder));
    for (size_t k = 0; k < kept.n; k++) {
        mt_ctx_progress(cx, "verify", k, kept.n, "tables");
        MT_TRY(try_file(cx, &kept.table[k], engine, folder));
    }
    *out = kept;
    return MT_OK;
}

/* A restore: what is staged, and what must stand in the store before it may be committed. */
struct restoring {
    mt_kept kept;
    mt_snapshot *snapshot;
    mt_batch *batch;
    mt_engine *engine;
    const char *folder;
};

static mt_code check_target(mt_ctx *cx, struct restoring *r, mt_store *store)
{
    mt_kept now;
    mt_table *rows;
    const char *sql;
    MT_TRY(look(cx, &now, store, r->snapshot));
    if (now.version != r->kept.version)
        return mt_fail(cx, MT_E_CONFLICT,
                       "%s is a backup of version %" PRId64 " of the tables, the store has version %" PRId64
                       ": restore with the merit that made it, then open it with the newer one",
                       r->folder, r->kept.version, now.version);
    for (size_t k = 0; k < now.n; k++) {
        MT_TRY(mt_text_format(cx, &sql, "SELECT 1 AS one FROM \"%s\" LIMIT 1", now.table[k].name));
        MT_TRY(ask(cx, &rows, r->snapshot, sql, NULL));
        if (rows->n)
            return mt_fail(cx, MT_E_CONFLICT,
                           "the store is not empty (its table %s has rows): restore into a new one",
                           now.table[k].name);
    }
    return MT_OK;
}

/* Nothing is stored there, so any column that is never missing may stand for the key. */
static mt_code stage_table(mt_ctx *cx, struct restoring *r, mt_kept_table *table)
{
    mt_merge_plan *plan;
    const char **key;
    mt_table *needed;
    mt_sink *sink = NULL;
    mt_code code;
    MT_TRY(ask(cx, &needed, r->snapshot, NEEDED_COLUMN, table->name));
    if (!needed->n)
        return mt_fail(cx, MT_E_CONFLICT, "the store has no table %s, which the backup holds", table->name);
    MT_TRY(MT_NEW(cx, &plan, 1));
    MT_TRY(MT_NEW(cx, &key, 2));
    MT_TRY(mt_text_copy(cx, &key[0], mt_table_get(needed, 0, 0).as.text));
    *plan = (mt_merge_plan){.table = table->name, .key = key, .distinct = true};
    MT_TRY_OUT(mt_batch_merge(cx, r->batch, &sink, NULL, plan));
    MT_TRY_OUT(read_file(cx, table, r->engine, r->folder, sink));
out:
    mt_sink_close(sink);
    if (code != MT_OK || mt_kept_equal(table)) return code;
    return mt_fail(cx, MT_E_INPUT,
                   "%s/%s.parquet is damaged: %" PRIu64 " rows with another sum than the %" PRIu64
                   " of the manifest",
                   r->folder, table->name, table->sum.rows, table->expected.rows);
}

/* In the transaction: somebody who wrote meanwhile makes the numbers differ. */
static mt_code check_rows(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct restoring *r = arg;
    for (size_t k = 0; k < r->kept.n; k++) {
        const mt_kept_table *table = &r->kept.table[k];
        const char *sql;
        mt_table *rows;
        mt_sink *sink;
        MT_TRY(mt_text_format(cx, &sql, "SELECT count(*) AS n FROM \"%s\"", table->name));
        MT_TRY(mt_table_sink(cx, &sink, &rows, 1));
        mt_code code = mt_tx_query(cx, tx, sql, NULL, 0, sink);
        mt_sink_close(sink);
        MT_TRY(code);
        if ((uint64_t)mt_table_get(rows, 0, 0).as.integer != table->expected.rows)
            return mt_fail(cx, MT_E_CONFLICT, "somebody wrote to %s during the restore: nothing was stored",
                           table->name);
    }
    return MT_OK;
}

static mt_code stage_all(mt_ctx *cx, struct restoring *r, mt_store *store)
{
    MT_TRY(mt_snapshot_open(cx, &r->snapshot, store));
    MT_TRY(check_target(cx, r, store));
    MT_TRY(mt_batch_open(cx, &r->batch, store));
    for (size_t k = 0; k < r->kept.n; k++) {
        mt_ctx_progress(cx, "restore", k, r->kept.n, "tables");
        MT_TRY(stage_table(cx, r, &r->kept.table[k]));
    }
    mt_snapshot_close(r->snapshot); /* before the transaction, which it would hold up */
    r->snapshot = NULL;
    return mt_batch_commit(cx, r->batch, check_rows, r);
}

mt_code mt_backup_restore(mt_ctx *cx, mt_kept *out, mt_store *store, mt_engine *engine, const char *folder)
{
    struct restoring r = {.engine = engine, .folder = folder};
    MT_TRY(mt_manifest_read(cx, &r.kept, folder));
    mt_code code = stage_all(cx, &r, store);
    mt_snapshot_close(r.snapshot);
    mt_batch_close(r.batch);
    if (code == MT_OK) *out = r.kept;
    return code;
}
