/* Parquet files: any result as one file, and back. */
#include "store/parquet/parquet.h"

#include "store/duckdb/append.h"
#include "store/parquet/engine.h"
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Types of a file's columns; NULL: arguments only. */
static const char *const sql_type[MT_TYPE_COUNT] = {
    [MT_BOOL] = "BOOLEAN",   [MT_INT] = "BIGINT",       [MT_REAL] = "DOUBLE", [MT_MICRO] = "DECIMAL(18,6)",
    [MT_TEXT] = "VARCHAR",   [MT_TIME] = "TIMESTAMPTZ", [MT_DAY] = "DATE",    [MT_SPAN] = "BIGINT",
    [MT_CHOICE] = "VARCHAR",
};

struct parquet_sink {
    mt_sink sink;
    mt_engine *engine;
    mt_duck_link link;
    mt_duck_append *append;
    const mt_schema *schema;
    mt_schema kept;
    bool made;
    char table[48];
    char *path;
};

static mt_code exec(mt_ctx *cx, struct parquet_sink *p, const char *sql)
{
    return mt_duck_exec(cx, p->link, NULL, sql, NULL, 0);
}

mt_code mt_engine_quote(mt_ctx *cx, const char **out, const char *text, char quote)
{
    size_t n = strlen(text);
    char *made;
    MT_TRY(mt_ctx_alloc(cx, &made, 2 * n + 3, 1));
    char *to = made;
    *to++ = quote;
    for (; *text; text++) {
        if (*text == quote) *to++ = quote;
        *to++ = *text;
    }
    *to++ = quote;
    *out = made;
    return MT_OK;
}

static mt_code create_table(mt_ctx *cx, struct parquet_sink *p, const mt_schema *schema)
{
    const char *list = "", *sql;
    for (size_t k = 0; k < schema->n_col; k++) {
        const char *name, *type = sql_type[schema->col[k].type];
        if (!type)
            return mt_fail(cx, MT_E_INPUT, "column %s of %s has no place in a Parquet file",
                           schema->col[k].name, schema->name);
        MT_TRY(mt_engine_quote(cx, &name, schema->col[k].name, '"'));
        MT_TRY(mt_text_format(cx, &list, "%s%s%s %s", list, k ? ", " : "", name, type));
    }
    MT_TRY(mt_text_format(cx, &sql, "CREATE TABLE %s (%s)", p->table, list));
    MT_TRY(exec(cx, p, sql));
    p->made = true;
    return MT_OK;
}

static mt_code sink_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct parquet_sink *p = (struct parquet_sink *)sink;
    p->kept = *schema;
    p->schema = &p->kept;
    MT_TRY(create_table(cx, p, schema));
    return mt_duck_append_open(cx, &p->append, p->link, NULL, p->table, schema->n_col);
}

static mt_code sink_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct parquet_sink *p = (struct parquet_sink *)sink;
    MT_TRY(mt_ctx_check(cx));
    return mt_duck_append_push(cx, p->append, chunk);
}

/* Adds one entry "KEY: 'VALUE'" of the file's metadata. */
static mt_code add_entry(mt_ctx *cx, const char **list, const char *kind, const char *name, const char *value)
{
    const char *key, *quoted;
    if (!value || !*value) return MT_OK;
    MT_TRY(mt_text_format(cx, &key, "merit.%s%s%s", kind, *name ? "." : "", name));
    MT_TRY(mt_engine_quote(cx, &key, key, '"'));
    MT_TRY(mt_engine_quote(cx, &quoted, value, '\''));
    return mt_text_format(cx, list, "%s%s%s: %s", *list, **list ? ", " : "", key, quoted);
}

mt_code mt_engine_metadata(mt_ctx *cx, const char **out, const mt_schema *schema)
{
    *out = "";
    MT_TRY(add_entry(cx, out, "name", "", schema->name));
    for (size_t k = 0; k < schema->n_col; k++) {
        const mt_field *field = &schema->col[k];
        MT_TRY(add_entry(cx, out, "unit", field->name, mt_unit_text(field->unit)));
        MT_TRY(add_entry(cx, out, "doc", field->name, field->doc));
    }
    for (const mt_field *field = schema->head; field && field->name; field++) {
        const char *text;
        MT_TRY(mt_value_text(cx, &text, field->type, mt_field_get(field, schema->head_row)));
        MT_TRY(add_entry(cx, out, "head", field->name, text));
    }
    return MT_OK;
}

static mt_code fail_path(mt_ctx *cx, const char *path, const char *what)
{
    return mt_fail(cx, MT_E_IO, "%s cannot be %s: %s", path, what, strerror(errno));
}

/* The folder's entry is synced too, so that the name survives a power loss. */
static mt_code sync_path(mt_ctx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_path(cx, path, "synced");
    int failed = fsync(fd);
    close(fd);
    return failed ? fail_path(cx, path, "synced") : MT_OK;
}

static mt_code sync_folder(mt_ctx *cx, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = ".";
    if (slash) MT_TRY(mt_text_format(cx, &folder, "%.*s", slash == path ? 1 : (int)(slash - path), path));
    return sync_path(cx, folder);
}

mt_code mt_engine_copy(mt_ctx *cx, mt_duck_link link, const char *select, const char *metadata,
                       const char *path)
{
    const char *part, *quoted, *sql;
    MT_TRY(mt_text_format(cx, &part, "%s.part-%ld", path, (long)getpid()));
    MT_TRY(mt_engine_quote(cx, &quoted, part, '\''));
    MT_TRY(mt_text_format(cx, &sql, "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd%s%s%s)", select,
                          quoted, *metadata ? ", KV_METADATA {" : "", metadata, *metadata ? "}" : ""));
    mt_code code = mt_duck_exec(cx, link, NULL, sql, NULL, 0);
    if (code != MT_OK) mt_fail_at(cx, "%s cannot be written", path);
    if (code == MT_OK) code = sync_path(cx, part);
    if (code == MT_OK && rename(part, path) != 0) code = fail_path(cx, path, "named");
    if (code == MT_OK) return sync_folder(cx, path);
    unlink(part);
    return code;
}

static mt_code sink_finish(mt_sink *sink, mt_ctx *cx)
{
    struct parquet_sink *p = (struct parquet_sink *)sink;
    const char *metadata, *select;
    MT_TRY(mt_duck_append_finish(cx, p->append));
    MT_TRY(mt_engine_metadata(cx, &metadata, p->schema));
    MT_TRY(mt_text_format(cx, &select, "FROM %s", p->table));
    return mt_engine_copy(cx, p->link, select, metadata, p->path);
}

static void sink_close(mt_sink *sink)
{
    struct parquet_sink *p = (struct parquet_sink *)sink;
    mt_duck_append_close(p->append);
    if (p->made) mt_engine_drop(p->link, p->table);
    mt_engine_disconnect(p->link);
    free(p->path);
    free(p);
}

static const mt_sink_ops sink_ops = {sink_schema, sink_push, sink_finish, sink_close};

mt_code mt_parquet_sink(mt_ctx *cx, mt_sink **out, mt_engine *engine, const char *path)
{
    struct parquet_sink *p = calloc(1, sizeof *p);
    if (p) p->path = strdup(path);
    if (!p || !p->path) {
        free(p);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for %s", path);
    }
    p->sink.ops = &sink_ops;
    p->engine = engine;
    mt_engine_table(engine, p->table, sizeof p->table);
    mt_code code = mt_engine_connect(cx, engine, &p->link);
    if (code == MT_OK) {
        *out = &p->sink;
    } else {
        free(p->path);
        free(p);
    }
    return code;
}
