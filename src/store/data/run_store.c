/* Pipeline runs as rows of the store: who asks sees them without the scheduler. */
#include "store/data/run_store.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"

#define RUN_COLUMNS "id, pipeline, input, state, started_at, finished_at, message"

static const mt_field run_col[] = {
    {.name = "id", MT_TEXT_AT(mt_stored_run, id)},
    {.name = "pipeline", MT_TEXT_AT(mt_stored_run, pipeline)},
    {.name = "input", MT_TEXT_AT(mt_stored_run, input)},
    {.name = "state", MT_TEXT_AT(mt_stored_run, state)},
    {.name = "started_at", MT_TIME_AT(mt_stored_run, started_at)},
    {.name = "finished_at", MT_TIME_AT(mt_stored_run, finished_at)},
    {.name = "message", MT_TEXT_AT(mt_stored_run, message)},
    {.name = NULL},
};

static const mt_field task_col[] = {
    {.name = "task", MT_TEXT_AT(mt_stored_task, task)},
    {.name = "place", MT_INT_AT(mt_stored_task, place)},
    {.name = "state", MT_TEXT_AT(mt_stored_task, state)},
    {.name = "started_at", MT_TIME_AT(mt_stored_task, started_at)},
    {.name = "finished_at", MT_TIME_AT(mt_stored_task, finished_at)},
    {.name = "rows_out", MT_INT_AT(mt_stored_task, rows_out)},
    {.name = "message", MT_TEXT_AT(mt_stored_task, message)},
    {.name = NULL},
};

static const char *const run_key[] = {"id", NULL};
static const char *const task_key[] = {"run_id", "task", NULL};

struct saving {
    const mt_stored_run *run;
    const mt_stored_task *task;
    size_t n;
};

/* n structs of `size` bytes into the plan's table. */
static mt_code merge_structs(mt_ctx *cx, mt_tx *tx, const mt_merge_plan *plan, const mt_field *col,
                             const void *row, size_t size, size_t n)
{
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(mt_tx_merge(cx, tx, &sink, NULL, plan));
    mt_code code = mt_emit_begin(cx, &emit, sink, plan->table, col, NULL, NULL);
    for (size_t k = 0; k < n && code == MT_OK; k++) code = mt_emit_put(emit, (const char *)row + k * size);
    if (code == MT_OK) code = mt_emit_end(emit);
    mt_sink_close(sink);
    return code;
}

static mt_code save_both(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct saving *s = arg;
    mt_fixed run_id = {"run_id", mt_param_text(s->run->id)};
    mt_merge_plan run_plan = {.table = "pipeline_run", .key = run_key, .distinct = true};
    mt_merge_plan task_plan = {.table = "pipeline_task",
                               .key = task_key,
                               .fixed = &run_id,
                               .n_fixed = 1,
                               .distinct = true,
                               .replace = true};
    MT_TRY(merge_structs(cx, tx, &run_plan, run_col, s->run, sizeof *s->run, 1));
    return merge_structs(cx, tx, &task_plan, task_col, s->task, sizeof *s->task, s->n);
}

mt_code mt_run_store_save(mt_ctx *cx, mt_store *store, const mt_stored_run *run, const mt_stored_task *task,
                          size_t n)
{
    struct saving saving = {run, task, n};
    return mt_store_write(cx, store, save_both, &saving);
}

static mt_code text_at(mt_ctx *cx, const char **out, const mt_table *table, int column)
{
    mt_value value = mt_table_get(table, 0, column);
    *out = NULL;
    return value.present ? mt_text_copy(cx, out, value.as.text) : MT_OK;
}

mt_code mt_run_store_last(mt_ctx *cx, mt_stored_run *out, mt_store *store, const char *pipeline)
{
    mt_sink *sink;
    mt_table *table;
    mt_stored_run run = {0};
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = mt_run_store_list(cx, store, pipeline, 1, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    if (!table->n) return mt_fail(cx, MT_E_ABSENT, "the pipeline %s has not run yet", pipeline);
    MT_TRY(text_at(cx, &run.id, table, 0));
    MT_TRY(text_at(cx, &run.pipeline, table, 1));
    MT_TRY(text_at(cx, &run.input, table, 2));
    MT_TRY(text_at(cx, &run.state, table, 3));
    MT_TRY(text_at(cx, &run.message, table, 6));
    run.started_at = mt_table_get(table, 0, 4).as.integer;
    mt_value finished = mt_table_get(table, 0, 5);
    run.finished_at = finished.present ? finished.as.integer : MT_TIME_NONE;
    *out = run;
    return MT_OK;
}

mt_code mt_run_store_list(mt_ctx *cx, mt_store *store, const char *pipeline, int64_t limit, mt_sink *sink)
{
    const mt_param param[] = {mt_param_text(pipeline), mt_param_int(limit)};
    return mt_store_query(cx, store,
                          "SELECT " RUN_COLUMNS " FROM pipeline_run WHERE CAST($1 AS TEXT) IS NULL OR "
                          "pipeline = $1 ORDER BY started_at DESC NULLS LAST, id DESC NULLS LAST LIMIT $2",
                          param, 2, sink);
}

mt_code mt_run_store_tasks(mt_ctx *cx, mt_store *store, const char *run_id, mt_sink *sink)
{
    const mt_param param = mt_param_text(run_id);
    return mt_store_query(cx, store,
                          "SELECT task, place, state, started_at, finished_at, rows_out, message FROM "
                          "pipeline_task WHERE run_id = $1 ORDER BY place NULLS LAST, task NULLS LAST",
                          &param, 1, sink);
}
