/* Operations that keep a store safe: store.backup, store.restore, store.verify, store.migrate. */
#include "base/rows/emit.h"
#include "ops/world.h"
#include "store/keep/backup.h"
#include "store/keep/check.h"
#include "store/schema/schema.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define ONE(migration) +1
enum { VERSION = 0 MT_MIGRATION_LIST(ONE) }; /* of the tables of a store that is made now */
#undef ONE

struct keep_args {
    mt_output into;
    const char *from;
};

struct kept_row {
    const char *table;
    int64_t rows;
    const char *sum, *state;
};

static const mt_field kept_col[] = {
    {.name = "table", MT_TEXT_AT(kept_row, table), .doc = "of the store"},
    {.name = "rows", MT_INT_AT(kept_row, rows), .unit = MT_UNIT_COUNT, .doc = "in it"},
    {.name = "sum",
     MT_TEXT_AT(kept_row, sum),
     .doc = "of its rows, in whatever order; equal rows, equal sum"},
    {.name = "state", MT_TEXT_AT(kept_row, state), .doc = "saved, restored, equal or different"},
    {.name = NULL}};

struct kept_head {
    const char *engine;
    int64_t version;
    mt_time made_at;
};

static const mt_field kept_head_field[] = {
    {.name = "engine", MT_TEXT_AT(kept_head, engine), .doc = "of the store the rows come from"},
    {.name = "version", MT_INT_AT(kept_head, version), .unit = MT_UNIT_COUNT, .doc = "of its tables"},
    {.name = "made_at", MT_TIME_AT(kept_head, made_at), .doc = "UTC"},
    {.name = NULL}};

static mt_code emit_tables(mt_ctx *cx, const char *name, const mt_kept *kept, const char *state, mt_sink *out)
{
    mt_emit *emit;
    struct kept_head head = {kept->engine, kept->version, kept->made_at};
    MT_TRY(mt_emit_begin(cx, &emit, out, name, kept_col, kept_head_field, &head));
    for (size_t k = 0; k < kept->n; k++) {
        const mt_kept_table *table = &kept->table[k];
        struct kept_row row = {table->name, (int64_t)table->sum.rows, NULL, state};
        MT_TRY(mt_text_format(cx, &row.sum, "%016" PRIx64, table->sum.sum));
        if (!state) row.state = mt_kept_equal(table) ? "equal" : "different";
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static const mt_field backup_arg[] = {
    {.name = "into",
     MT_OUTPUT_AT(keep_args, into),
     .required = true,
     .doc = "folder, new or empty: one Parquet file a table and a manifest"},
    {.name = NULL}};

static mt_code backup_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct keep_args *a = args;
    mt_store *store;
    mt_engine *engine;
    mt_kept kept;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_world_engine(cx, world, &engine));
    MT_TRY(mt_backup_write(cx, &kept, store, engine, a->into.path));
    return emit_tables(cx, "store.backup", &kept, "saved", out);
}

const mt_op mt_op_store_backup = {
    .name = "store.backup",
    .summary = "the whole store as a folder of Parquet files, as of one moment",
    .doc =
        "Others may write meanwhile. `merit store verify --from FOLDER` reads the files again and compares "
        "them with the manifest; `merit store restore` brings them into an empty store of either engine.",
    .example = "--into out/backup",
    .effect = MT_READ,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct keep_args),
    .words = "into",
    .arg = backup_arg,
    .col = kept_col,
    .head = kept_head_field,
    .run = backup_run,
};

static const mt_field restore_arg[] = {{.name = "from",
                                        MT_TEXT_AT(keep_args, from),
                                        .local = true,
                                        .required = true,
                                        .doc = "folder of a backup"},
                                       {.name = NULL}};

/* A store that is not there yet is only made for a backup that is whole: a bad one leaves nothing behind. */
static mt_code check_backup(mt_ctx *cx, const mt_world *world, mt_engine *engine, const char *folder)
{
    const char *url = mt_world_settings(world)->store_url;
    mt_kept kept;
    if (!url || strncmp(url, "duckdb:", 7) != 0 || access(url + 7, F_OK) == 0) return MT_OK;
    MT_TRY(mt_backup_read(cx, &kept, engine, folder));
    if (kept.version != VERSION)
        return mt_fail(cx, MT_E_CONFLICT,
                       "%s is a backup of version %" PRId64 " of the tables, this program makes version %d: "
                       "restore with the merit that made it, then open it with the newer one",
                       folder, kept.version, VERSION);
    for (size_t k = 0; k < kept.n; k++) {
        const mt_kept_table *table = &kept.table[k];
        if (mt_kept_equal(table)) continue;
        if (table->fault) return mt_fail(cx, MT_E_INPUT, "%s", table->fault);
        return mt_fail(cx, MT_E_INPUT,
                       "%s/%s.parquet is damaged: %" PRIu64 " rows with another sum than the %" PRIu64
                       " of the manifest",
                       folder, table->name, table->sum.rows, table->expected.rows);
    }
    return MT_OK;
}

static mt_code restore_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct keep_args *a = args;
    mt_store *store;
    mt_engine *engine;
    mt_kept kept;
    MT_TRY(mt_world_engine(cx, world, &engine));
    MT_TRY(check_backup(cx, world, engine, a->from));
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_backup_restore(cx, &kept, store, engine, a->from));
    return emit_tables(cx, "store.restore", &kept, "restored", out);
}

const mt_op mt_op_store_restore = {
    .name = "store.restore",
    .summary = "a backup into an empty store, everything or nothing",
    .doc = "Every file is compared with the manifest before anything is committed. The backup may come from "
           "the other engine: this is how a store moves to a server and back.",
    .example = "out/backup",
    .effect = MT_WRITE,
    .role = MT_ADMIN,
    .args_size = sizeof(struct keep_args),
    .words = "from",
    .arg = restore_arg,
    .col = kept_col,
    .head = kept_head_field,
    .run = restore_run,
};

struct verified_row {
    const char *subject, *promise;
    int64_t rows, broken;
    const char *sum;
};

static const mt_field verified_col[] = {
    {.name = "subject", MT_TEXT_AT(verified_row, subject), .doc = "a table, or a file of the backup"},
    {.name = "promise", MT_TEXT_AT(verified_row, promise), .doc = "what must hold"},
    {.name = "rows", MT_INT_AT(verified_row, rows), .unit = MT_UNIT_COUNT, .doc = "looked at"},
    {.name = "broken",
     MT_INT_AT(verified_row, broken),
     .unit = MT_UNIT_COUNT,
     .doc = "rows or keys that break it; 0: it holds"},
    {.name = "sum", MT_TEXT_AT(verified_row, sum), .doc = "of the rows, see store.backup"},
    {.name = NULL}};

static const mt_field verify_arg[] = {
    {.name = "from",
     MT_TEXT_AT(keep_args, from),
     .local = true,
     .doc = "folder of a backup: its files against its manifest; without: the store itself"},
    {.name = NULL}};

static mt_code verify_backup(mt_ctx *cx, const mt_world *world, const char *from, mt_emit *emit,
                             int64_t *broken)
{
    mt_engine *engine;
    mt_kept kept;
    MT_TRY(mt_world_engine(cx, world, &engine));
    MT_TRY(mt_backup_read(cx, &kept, engine, from));
    for (size_t k = 0; k < kept.n; k++) {
        const mt_kept_table *table = &kept.table[k];
        struct verified_row row = {table->name, "holds the rows of the manifest", (int64_t)table->sum.rows,
                                   !mt_kept_equal(table), NULL};
        MT_TRY(mt_text_format(cx, &row.sum, "%016" PRIx64, table->sum.sum));
        if (table->fault) mt_log(cx, MT_LOG_WARN, "%s", table->fault);
        *broken += row.broken;
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code verify_store(mt_ctx *cx, const mt_world *world, mt_emit *emit, int64_t *broken)
{
    mt_store *store;
    mt_kept kept;
    mt_promise *promise;
    size_t n;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_store_sums(cx, &kept, store));
    MT_TRY(mt_store_check(cx, &promise, &n, store));
    for (size_t k = 0; k < kept.n; k++) {
        struct verified_row row = {kept.table[k].name, "can be read", (int64_t)kept.table[k].sum.rows, 0,
                                   NULL};
        MT_TRY(mt_text_format(cx, &row.sum, "%016" PRIx64, kept.table[k].sum.sum));
        MT_TRY(mt_emit_put(emit, &row));
    }
    for (size_t k = 0; k < n; k++) {
        struct verified_row row = {promise[k].table, promise[k].text, INT64_MIN, promise[k].broken, NULL};
        *broken += promise[k].broken;
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code verify_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct keep_args *a = args;
    mt_emit *emit;
    int64_t broken = 0;
    MT_TRY(mt_emit_begin(cx, &emit, out, "store.verify", verified_col, NULL, NULL));
    MT_TRY(a->from ? verify_backup(cx, world, a->from, emit, &broken)
                   : verify_store(cx, world, emit, &broken));
    MT_TRY(mt_emit_end(emit));
    return broken ? MT_FINDINGS : MT_OK;
}

const mt_op mt_op_store_verify = {
    .name = "store.verify",
    .summary = "read a store or a backup to the end and check what must hold",
    .doc = "Exit status 7 when something does not hold.",
    .example = "",
    .effect = MT_READ,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct keep_args),
    .arg = verify_arg,
    .col = verified_col,
    .run = verify_run,
};

struct version_row {
    int64_t number;
    const char *name;
    mt_time applied_at;
};

static const mt_field version_col[] = {
    {.name = "number", MT_INT_AT(version_row, number), .unit = MT_UNIT_COUNT, .doc = "of the migration"},
    {.name = "name", MT_TEXT_AT(version_row, name), .doc = "what it brought"},
    {.name = "applied_at", MT_TIME_AT(version_row, applied_at), .doc = "UTC"},
    {.name = NULL}};

static mt_code migrate_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_store *store;
    (void)args;
    MT_TRY(mt_world_store(cx, world, &store)); /* opening it for writing migrates it */
    return mt_store_query(cx, store,
                          "SELECT number, name, applied_at FROM schema_version ORDER BY number NULLS LAST",
                          NULL, 0, out);
}

const mt_op mt_op_store_migrate = {
    .name = "store.migrate",
    .summary = "bring the tables of the store up to this program, and list what was done",
    .doc = "Every command that writes does this by itself; an embedded store is copied to "
           "PATH.before-NNN first. A store of a newer program is refused.",
    .example = "",
    .effect = MT_WRITE,
    .role = MT_ADMIN,
    .col = version_col,
    .run = migrate_run,
};
