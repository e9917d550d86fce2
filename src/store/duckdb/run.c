/* One statement on a DuckDB connection: prepared, bound, run in small steps, read. */
#include "store/duckdb/run.h"

#include "store/duckdb/read.h"
#include "store/plain_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A statement under way; everything that must be released. */
struct run {
    const mt_duckdb_api *api;
    duckdb_connection connection;
    duckdb_prepared_statement prepared;
    duckdb_pending_result pending;
    duckdb_result result;
    bool has_result;
};

static void release(struct run *run)
{
    if (run->has_result) run->api->duckdb_destroy_result(&run->result);
    if (run->pending) run->api->duckdb_destroy_pending(&run->pending);
    if (run->prepared) run->api->duckdb_destroy_prepare(&run->prepared);
    run->has_result = false;
}

static void interrupt(void *arg)
{
    struct run *run = arg;
    run->api->duckdb_interrupt(run->connection);
}

static mt_code prepare(mt_ctx *cx, struct run *run, const char *sql)
{
    if (run->api->duckdb_prepare(run->connection, sql, &run->prepared) == DuckDBSuccess) return MT_OK;
    const char *message = run->api->duckdb_prepare_error(run->prepared);
    return mt_duck_fail(cx, message);
}

static duckdb_state bind_one(const mt_duckdb_api *api, duckdb_prepared_statement prepared, idx_t k,
                             const mt_param *param)
{
    const mt_value *value = &param->value;
    if (!value->present) return api->duckdb_bind_null(prepared, k);
    switch (param->type) {
    case MT_BOOL:
        return api->duckdb_bind_boolean(prepared, k, value->as.boolean);
    case MT_REAL:
        return api->duckdb_bind_double(prepared, k, value->as.real);
    case MT_TEXT:
    case MT_CHOICE:
        return api->duckdb_bind_varchar_length(prepared, k, value->as.text.at, value->as.text.length);
    case MT_TIME: {
        duckdb_timestamp time = {value->as.integer};
        return api->duckdb_bind_timestamp_tz(prepared, k, time);
    }
    case MT_DAY: {
        duckdb_date date = {(int32_t)value->as.integer};
        return api->duckdb_bind_date(prepared, k, date);
    }
    default:
        return api->duckdb_bind_int64(prepared, k, value->as.integer);
    }
}

static mt_code bind_all(mt_ctx *cx, struct run *run, const mt_param *param, size_t n)
{
    idx_t wanted = run->api->duckdb_nparams(run->prepared);
    if (wanted != n)
        return mt_fail(cx, MT_E_INPUT, "the statement has %u parameters, %zu were given", (unsigned)wanted,
                       n);
    for (size_t k = 0; k < n; k++) {
        bool text = param[k].type == MT_TEXT || param[k].type == MT_CHOICE;
        if (text && param[k].value.present && !mt_plain_text_is(param[k].value.as.text)) {
            char name[32];
            snprintf(name, sizeof name, "parameter $%zu", k + 1);
            return mt_plain_text_fail(cx, name);
        }
        if (bind_one(run->api, run->prepared, k + 1, &param[k]) != DuckDBSuccess)
            return mt_fail(cx, MT_E_INPUT, "parameter $%zu cannot be bound as %s", k + 1,
                           mt_type_name(param[k].type));
    }
    return MT_OK;
}

/* Small steps on this thread; other threads of the engine work beside it. */
static mt_code run_pending(mt_ctx *cx, struct run *run)
{
    const mt_duckdb_api *api = run->api;
    long pause_ns = 20000;
    for (;;) {
        duckdb_pending_state state = api->duckdb_pending_execute_task(run->pending);
        if (state == DUCKDB_PENDING_RESULT_READY) return MT_OK;
        if (state == DUCKDB_PENDING_ERROR) return mt_duck_fail(cx, api->duckdb_pending_error(run->pending));
        mt_code code = mt_ctx_check(cx);
        if (code != MT_OK) {
            api->duckdb_interrupt(run->connection);
            return code;
        }
        if (state != DUCKDB_PENDING_NO_TASKS_AVAILABLE) continue;
        struct timespec pause = {0, pause_ns};
        nanosleep(&pause, NULL);
        if (pause_ns < 1000000) pause_ns *= 2;
    }
}

static mt_code execute(mt_ctx *cx, struct run *run, bool streaming)
{
    const mt_duckdb_api *api = run->api;
    duckdb_state state = streaming ? api->duckdb_pending_prepared_streaming(run->prepared, &run->pending)
                                   : api->duckdb_pending_prepared(run->prepared, &run->pending);
    if (state != DuckDBSuccess) return mt_duck_fail(cx, api->duckdb_pending_error(run->pending));
    MT_TRY(run_pending(cx, run));
    run->has_result = true;
    if (api->duckdb_execute_pending(run->pending, &run->result) == DuckDBSuccess) return MT_OK;
    return mt_duck_fail(cx, api->duckdb_result_error(&run->result));
}

/* Prepare to execute, with the engine's ears open for a cancel. */
typedef mt_code body_fn(mt_ctx *cx, struct run *run, void *arg);

static mt_code under_cancel(mt_ctx *cx, struct run *run, body_fn *body, void *arg)
{
    MT_TRY(mt_ctx_check(cx));
    MT_TRY(mt_ctx_on_cancel(cx, interrupt, run));
    mt_code code = body(cx, run, arg);
    mt_ctx_off_cancel(cx, interrupt, run);
    release(run);
    return code;
}

struct request {
    const char *sql;
    const mt_param *param;
    size_t n;
    bool any_type;
    mt_sink *sink;
    uint64_t *changed;
};

static mt_code exec_body(mt_ctx *cx, struct run *run, void *arg)
{
    struct request *request = arg;
    MT_TRY(prepare(cx, run, request->sql));
    MT_TRY(bind_all(cx, run, request->param, request->n));
    MT_TRY(execute(cx, run, false));
    if (request->changed) *request->changed = run->api->duckdb_rows_changed(&run->result);
    return MT_OK;
}

/* Text without blanks and semicolons at its end, so that it can stand in brackets. */
static int trimmed_length(const char *sql)
{
    size_t n = strlen(sql);
    while (n && strchr(" \t\r\n;", sql[n - 1])) n--;
    return (int)n;
}

static bool column_known(const struct run *run, idx_t k)
{
    mt_duck_column column;
    duckdb_logical_type type = run->api->duckdb_prepared_statement_column_logical_type(run->prepared, k);
    bool known = mt_duck_column_of(run->api, type, &column);
    run->api->duckdb_destroy_logical_type(&type);
    return known;
}

/* *out: the statement with columns of foreign types cast to text, or the statement itself. */
static mt_code cast_foreign(mt_ctx *cx, struct run *run, const char **out, const char *sql)
{
    idx_t n = run->api->duckdb_prepared_statement_column_count(run->prepared);
    const char *list = "", *names = "";
    bool all_known = true;
    for (idx_t k = 0; k < n; k++) {
        bool known = column_known(run, k);
        all_known = all_known && known;
        const char *comma = k ? ", " : "";
        MT_TRY(mt_text_format(cx, &list, known ? "%s%sc%u" : "%s%sCAST(c%u AS VARCHAR)", list, comma,
                              (unsigned)k));
        MT_TRY(mt_text_format(cx, &names, "%s%sc%u", names, comma, (unsigned)k));
    }
    *out = sql;
    if (all_known) return MT_OK;
    return mt_text_format(cx, out, "SELECT %s FROM (%.*s\n) AS q(%s)", list, trimmed_length(sql), sql, names);
}

/* The names a result will have, before a rewrite loses them. */
static mt_code keep_names(mt_ctx *cx, struct run *run, const char ***out)
{
    idx_t n = run->api->duckdb_prepared_statement_column_count(run->prepared);
    const char **name;
    MT_TRY(MT_NEW(cx, &name, (size_t)n + 1));
    for (idx_t k = 0; k < n; k++) {
        const char *given = run->api->duckdb_prepared_statement_column_name(run->prepared, k);
        mt_code code = mt_text_copy(cx, &name[k], mt_text_of(given ? given : ""));
        run->api->duckdb_free((void *)(uintptr_t)given);
        MT_TRY(code);
    }
    *out = name;
    return MT_OK;
}

static mt_code prepare_any_type(mt_ctx *cx, struct run *run, const char ***name, const char *sql)
{
    MT_TRY(keep_names(cx, run, name));
    const char *rewritten;
    MT_TRY(cast_foreign(cx, run, &rewritten, sql));
    if (rewritten == sql) return MT_OK;
    run->api->duckdb_destroy_prepare(&run->prepared);
    return prepare(cx, run, rewritten);
}

/* The schema of a result, with `column` saying how each of its columns is read. */
static mt_code describe(mt_ctx *cx, struct run *run, mt_schema *schema, mt_duck_column **column,
                        const char **kept)
{
    const mt_duckdb_api *api = run->api;
    size_t n = (size_t)api->duckdb_column_count(&run->result);
    mt_field *field;
    MT_TRY(MT_NEW(cx, &field, n + 1));
    MT_TRY(MT_NEW(cx, column, n + 1));
    for (size_t k = 0; k < n; k++) {
        const char *name = kept ? kept[k] : api->duckdb_column_name(&run->result, k);
        MT_TRY(mt_text_copy(cx, &field[k].name, mt_text_of(name ? name : "")));
        duckdb_logical_type type = api->duckdb_column_logical_type(&run->result, k);
        bool known = mt_duck_column_of(api, type, &(*column)[k]);
        api->duckdb_destroy_logical_type(&type);
        if (!known)
            return mt_fail(cx, MT_E_INPUT,
                           "column %s has a type that is none of ours: cast it to TEXT or DOUBLE", name);
        field[k].type = (*column)[k].as;
    }
    schema->name = "rows";
    schema->col = field;
    schema->n_col = n;
    return MT_OK;
}

/* Scratch stands in a context of its own: the sink may keep what it makes in the caller's. */
static mt_code send_chunk(mt_ctx *cx, mt_ctx *scratch, struct run *run, duckdb_data_chunk data,
                          const mt_schema *schema, const mt_duck_column *column, mt_sink *sink)
{
    mt_column *col;
    MT_TRY(MT_NEW(scratch, &col, schema->n_col + 1));
    mt_chunk chunk = {(size_t)run->api->duckdb_data_chunk_get_size(data), col};
    for (size_t k = 0; k < schema->n_col; k++) {
        duckdb_vector vector = run->api->duckdb_data_chunk_get_vector(data, k);
        mt_code code =
            mt_duck_read(scratch, run->api, &col[k], &column[k], schema->col[k].name, vector, chunk.n);
        if (code != MT_OK) return mt_fail(cx, code, "%s", scratch->err);
    }
    return chunk.n ? mt_sink_push(sink, cx, &chunk) : MT_OK;
}

static mt_code send_rows(mt_ctx *cx, struct run *run, const mt_schema *schema, const mt_duck_column *column,
                         mt_sink *sink)
{
    const mt_duckdb_api *api = run->api;
    mt_ctx scratch;
    mt_code code = MT_OK;
    mt_ctx_init(&scratch, NULL);
    while (code == MT_OK && (code = mt_ctx_check(cx)) == MT_OK) {
        duckdb_data_chunk data = api->duckdb_fetch_chunk(run->result);
        if (!data) break;
        mt_mark mark = mt_arena_mark(&scratch.arena);
        code = send_chunk(cx, &scratch, run, data, schema, column, sink);
        mt_arena_reset(&scratch.arena, mark);
        api->duckdb_destroy_data_chunk(&data);
    }
    mt_ctx_close(&scratch);
    MT_TRY(code);
    const char *message = api->duckdb_result_error(&run->result);
    if (!message || !*message) return MT_OK;
    return mt_duck_fail(cx, message);
}

static mt_code query_body(mt_ctx *cx, struct run *run, void *arg)
{
    const struct request *request = arg;
    const char **name = NULL;
    mt_schema schema = {0};
    mt_duck_column *column;
    MT_TRY(prepare(cx, run, request->sql));
    if (request->any_type) MT_TRY(prepare_any_type(cx, run, &name, request->sql));
    MT_TRY(bind_all(cx, run, request->param, request->n));
    MT_TRY(execute(cx, run, true));
    MT_TRY(describe(cx, run, &schema, &column, name));
    MT_TRY(mt_sink_schema(request->sink, cx, &schema));
    MT_TRY(send_rows(cx, run, &schema, column, request->sink));
    return mt_sink_finish(request->sink, cx);
}

mt_code mt_duck_exec(mt_ctx *cx, mt_duck_link link, uint64_t *changed, const char *sql, const mt_param *param,
                     size_t n)
{
    struct run run = {.api = &link.duck->api, .connection = link.connection};
    struct request request = {.sql = sql, .param = param, .n = n, .changed = changed};
    return under_cancel(cx, &run, exec_body, &request);
}

mt_code mt_duck_query(mt_ctx *cx, mt_duck_link link, const char *sql, const mt_param *param, size_t n,
                      bool any_type, mt_sink *sink)
{
    struct run run = {.api = &link.duck->api, .connection = link.connection};
    struct request request = {.sql = sql, .param = param, .n = n, .any_type = any_type, .sink = sink};
    return under_cancel(cx, &run, query_body, &request);
}
