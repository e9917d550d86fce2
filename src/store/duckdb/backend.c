/* The embedded engine as a backend of the store: one file, one process, one writer. */
#include "store/list.h"

#include "store/duckdb/append.h"
#include "store/duckdb/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_MEMORY ((uint64_t)1 << 30)

struct database {
    mt_duck *duck;
    mt_duck_options options; /* to open again after a backup */
    char *path;              /* NULL: in memory */
    char *temp_dir;
    char *library;
};

struct connection {
    mt_conn base;
    mt_duck_link link;
};

struct stage {
    mt_stage_table table;
    mt_duck_link link;
    mt_duck_append *append;
    const char *catalog;
    char short_name[48];
    bool made;
};

static const char *const prefixes[] = {"duckdb:", NULL};

static mt_duck_link link_of(mt_conn *conn)
{
    return ((struct connection *)conn)->link;
}

/* "PATH.spill" beside the file keeps spilled data on the disk that was chosen for the store. */
static char *spill_dir(const char *path, const char *temp_dir, const void *unique)
{
    char text[4200];
    if (temp_dir || !path) {
        snprintf(text, sizeof text, "%s/merit-spill-%ld-%p", temp_dir ? temp_dir : "/tmp", (long)getpid(),
                 unique);
    } else {
        snprintf(text, sizeof text, "%s.spill", path);
    }
    return strdup(text);
}

static void close_database(void *db)
{
    struct database *d = db;
    if (!d) return;
    mt_duck_close(d->duck);
    if (d->temp_dir) rmdir(d->temp_dir);
    free(d->path);
    free(d->temp_dir);
    free(d->library);
    free(d);
}

static mt_code check_path(mt_ctx *cx, const char *path, bool read_only)
{
    struct stat st;
    if (!*path)
        return mt_fail(cx, MT_E_INPUT, "the store's url names no file: write duckdb:PATH or duckdb::memory:");
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return mt_fail(cx, MT_E_INPUT, "the store %s is a folder: name a file in it", path);
    if (read_only && access(path, F_OK) != 0)
        return mt_fail(cx, MT_E_ABSENT, "there is no store %s: a write creates it", path);
    return MT_OK;
}

static mt_code open_database(mt_ctx *cx, void **db, const mt_store_options *o)
{
    const char *path = o->url + strlen("duckdb:");
    bool memory = strcmp(path, ":memory:") == 0;
    if (!memory) MT_TRY(check_path(cx, path, o->read_only));
    struct database *d = calloc(1, sizeof *d);
    if (d) d->path = memory ? NULL : strdup(path);
    if (d) d->temp_dir = spill_dir(d->path, o->temp_dir, d);
    if (d && o->library) d->library = strdup(o->library);
    if (!d || !d->temp_dir || (!memory && !d->path)) {
        close_database(d);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out while the store was opened");
    }
    d->options = (mt_duck_options){
        .path = d->path,
        .read_only = o->read_only && !memory,
        .wait_us = o->wait_us,
        .threads = o->threads ? o->threads : 2,
        .memory_bytes = o->memory_bytes ? o->memory_bytes : DEFAULT_MEMORY,
        .temp_dir = d->temp_dir,
        .library = d->library,
    };
    mt_code code = mt_duck_open(cx, &d->duck, &d->options);
    if (code != MT_OK) {
        close_database(d);
        return code;
    }
    *db = d;
    return MT_OK;
}

static mt_code copy_bytes(mt_ctx *cx, int to, int from, const char *path)
{
    for (;;) {
        MT_TRY(mt_ctx_check(cx));
        ssize_t n = copy_file_range(from, NULL, to, NULL, (size_t)1 << 26, 0);
        if (n == 0) break;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            return mt_fail(cx, MT_E_IO, "the store's backup %s cannot be written: %s", path, strerror(errno));
    }
    if (fsync(to) == 0) return MT_OK;
    return mt_fail(cx, MT_E_IO, "the store's backup %s cannot be synced: %s", path, strerror(errno));
}

static mt_code copy_file(mt_ctx *cx, const char *from, const char *to)
{
    char part[4300];
    snprintf(part, sizeof part, "%s.part", to);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    mt_code code = in < 0 || out < 0
                       ? mt_fail(cx, MT_E_IO, "the store's backup %s cannot be made: %s", to, strerror(errno))
                       : copy_bytes(cx, out, in, to);
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    if (code == MT_OK && rename(part, to) != 0)
        code = mt_fail(cx, MT_E_IO, "the store's backup %s cannot be named: %s", to, strerror(errno));
    if (code != MT_OK) unlink(part);
    return code;
}

/* What stands in a journal would be missing in the copy. */
static mt_code check_journal(mt_ctx *cx, const char *path)
{
    char journal[4200];
    struct stat st;
    snprintf(journal, sizeof journal, "%s.wal", path);
    if (lstat(journal, &st) != 0) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT,
                   "the store %s cannot be copied before its tables are changed: closing it left the journal "
                   "%s; end what else reads the store and open it again",
                   path, journal);
}

/* The file can only be copied while the engine does not have it open; closing it also empties its journal.
 * The owner's lock stays, so that nobody writes to the store between. */
static mt_code back_up(mt_ctx *cx, void *db, const char *suffix)
{
    struct database *d = db;
    if (!d->path) return MT_OK;
    char copy[4200];
    snprintf(copy, sizeof copy, "%s.%s", d->path, suffix);
    mt_duck_pause(d->duck);
    MT_TRY(check_journal(cx, d->path));
    MT_TRY(copy_file(cx, d->path, copy));
    mt_log(cx, MT_LOG_INFO, "the store was copied to %s before its tables are changed", copy);
    return mt_duck_resume(cx, d->duck, &d->options);
}

static mt_code connect_duck(mt_ctx *cx, void *db, mt_conn **out)
{
    struct database *d = db;
    struct connection *conn = calloc(1, sizeof *conn);
    if (!conn) return mt_fail(cx, MT_E_MEMORY, "memory ran out for a connection to the store");
    conn->base.backend = &mt_backend_duckdb;
    conn->link.duck = d->duck;
    mt_code code = mt_duck_connect(cx, d->duck, &conn->link.connection);
    if (code == MT_OK) {
        *out = &conn->base;
    } else {
        free(conn);
    }
    return code;
}

static void disconnect(mt_conn *conn)
{
    struct connection *c = (struct connection *)conn;
    c->link.duck->api.duckdb_disconnect(&c->link.connection);
    free(c);
}

static mt_code exec(mt_ctx *cx, mt_conn *conn, uint64_t *changed, const char *sql, const mt_param *param,
                    size_t n)
{
    return mt_duck_exec(cx, link_of(conn), changed, sql, param, n);
}

static mt_code query(mt_ctx *cx, mt_conn *conn, const char *sql, const mt_param *param, size_t n,
                     bool any_type, mt_sink *sink)
{
    return mt_duck_query(cx, link_of(conn), sql, param, n, any_type, sink);
}

static mt_code begin_reading(mt_ctx *cx, mt_conn *conn, bool guest)
{
    (void)guest; /* no connection reaches files */
    return exec(cx, conn, NULL, "BEGIN TRANSACTION READ ONLY", NULL, 0);
}

/* Division of integers rounds towards zero, so all are made positive first. */
static mt_code bucket_sql(mt_ctx *cx, const char **key, const char **start, int64_t bucket_us)
{
    int64_t shift = (int64_t)4000000000000000000 / bucket_us * bucket_us;
    MT_TRY(mt_text_format(cx, key, "(epoch_us(moment) + %" PRId64 ") // %" PRId64, shift, bucket_us));
    return mt_text_format(cx, start, "make_timestamptz(bucket * %" PRId64 " - %" PRId64 ")", bucket_us,
                          shift);
}

static mt_code lock_table(mt_ctx *cx, mt_conn *conn, const char *table)
{
    (void)cx;
    (void)conn;
    (void)table;
    return MT_OK; /* there is one writer */
}

/* Inside a transaction the rows wait in a temporary table of the connection: a transaction sees another
 * database only as it was when it first looked at it. Outside, in the database "stage", which the writer's
 * connection can read. */
static mt_code make_table(mt_ctx *cx, struct stage *stage, const mt_staging *staging)
{
    const char *list = "";
    size_t own = staging->n - (staging->number != NULL);
    for (size_t k = 0; k < own; k++)
        MT_TRY(mt_text_format(cx, &list, "%s%s\"%s\"", list, k ? ", " : "", staging->column[k]));
    if (staging->number)
        MT_TRY(mt_text_format(cx, &list, "%s, CAST(0 AS BIGINT) AS \"%s\"", list, staging->number));
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql, "CREATE %sTABLE %s AS SELECT %s FROM \"%s\" WHERE false",
                          staging->in_transaction ? "TEMP " : "", stage->table.name, list, staging->table));
    MT_TRY(mt_duck_exec(cx, stage->link, NULL, sql, NULL, 0));
    stage->made = true;
    return MT_OK;
}

static mt_code open_stage(mt_ctx *cx, struct stage *stage, const mt_staging *staging)
{
    MT_TRY(make_table(cx, stage, staging));
    MT_TRY(
        mt_duck_append_open(cx, &stage->append, stage->link, stage->catalog, stage->short_name, staging->n));
    MT_TRY(MT_NEW(cx, &stage->table.stored, staging->n));
    for (size_t k = 0; k < staging->n; k++) {
        mt_type type = mt_duck_append_type(stage->append, k);
        if (type == MT_TYPE_COUNT || type == MT_MICRO)
            return mt_fail(cx, MT_E_SHAPE, "column %s of %s has a type that no rows can be merged into",
                           staging->column[k], staging->table);
        stage->table.stored[k] = type;
    }
    return MT_OK;
}

static void stage_close(mt_stage_table *table)
{
    struct stage *stage = (struct stage *)table;
    if (!stage) return;
    mt_duck_append_close(stage->append);
    if (stage->made) {
        mt_ctx cx; /* the caller's may be cancelled */
        char sql[160];
        mt_ctx_init(&cx, NULL);
        snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS %s", stage->table.name);
        if (mt_duck_exec(&cx, stage->link, NULL, sql, NULL, 0) != MT_OK) stage->made = false;
        mt_ctx_close(&cx);
    }
    free(stage);
}

static mt_code stage_open(mt_ctx *cx, mt_conn *conn, mt_stage_table **out, const mt_staging *staging)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", staging->table);
    stage->table.backend = &mt_backend_duckdb;
    stage->link = link_of(conn);
    stage->catalog = staging->in_transaction ? "temp" : "stage";
    snprintf(stage->short_name, sizeof stage->short_name, "s_%" PRIu64, staging->serial);
    snprintf(stage->table.name, sizeof stage->table.name, "%s.main.\"%s\"", stage->catalog,
             stage->short_name);
    mt_code code = open_stage(cx, stage, staging);
    if (code == MT_OK) {
        *out = &stage->table;
    } else {
        stage_close(&stage->table);
    }
    return code;
}

static mt_code stage_push(mt_ctx *cx, mt_stage_table *table, const mt_chunk *chunk)
{
    return mt_duck_append_push(cx, ((struct stage *)table)->append, chunk);
}

static mt_code stage_finish(mt_ctx *cx, mt_stage_table *table)
{
    struct stage *stage = (struct stage *)table;
    mt_code code = mt_duck_append_finish(cx, stage->append);
    mt_duck_append_close(stage->append);
    stage->append = NULL;
    return code;
}

const mt_backend mt_backend_duckdb = {
    .name = "duckdb",
    .prefix = prefixes,
    .form = "duckdb:PATH",
    .one_writer = true,
    .open = open_database,
    .close = close_database,
    .backup = back_up,
    .connect = connect_duck,
    .disconnect = disconnect,
    .exec = exec,
    .query = query,
    .begin_reading = begin_reading,
    .bucket = bucket_sql,
    .lock_table = lock_table,
    .stage = stage_open,
    .stage_push = stage_push,
    .stage_finish = stage_finish,
    .stage_close = stage_close,
};
