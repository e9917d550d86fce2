/* Operations on pipeline runs, and the room that records them: pipeline.runs, pipeline.tasks. */
#include "ops/run_log.h"

#include "store/data/run_store.h"

#include <string.h>
#include <unistd.h>

mt_code mt_run_log_save(mt_ctx *cx, const mt_world *world, const mt_run_log *log)
{
    const char *url = mt_world_settings(world)->store_url;
    mt_stored_task *task;
    mt_store *store;
    char started[MT_TIME_TEXT_MAX];
    mt_stored_run run = {.pipeline = log->pipeline,
                         .input = log->input,
                         .state = log->state,
                         .message = log->message,
                         .started_at = log->started_at,
                         .finished_at = log->finished_at};
    if (!url || strcmp(url, "none") == 0) return MT_OK;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(MT_NEW(cx, &task, log->n + 1));
    mt_time_text(log->started_at, started);
    MT_TRY(mt_text_format(cx, &run.id, "%s-%s-%ld", log->pipeline, started, (long)getpid()));
    for (size_t k = 0; k < log->n; k++) {
        const mt_run_log_task *from = &log->task[k];
        task[k] = (mt_stored_task){from->task,        (int64_t)k + 1, from->state,  from->started_at,
                                   from->finished_at, from->rows,     from->message};
    }
    return mt_run_store_save(cx, store, &run, task, log->n);
}

struct runs_args {
    const char *pipeline;
    int64_t limit;
};

static const mt_field runs_arg[] = {
    {.name = "pipeline", MT_TEXT_AT(runs_args, pipeline), .doc = "only runs of this one"},
    {.name = "limit",
     MT_INT_AT(runs_args, limit),
     .fallback = "20",
     .unit = MT_UNIT_COUNT,
     .doc = "at most as many"},
    {.name = NULL}};

static const mt_field runs_col[] = {
    {.name = "id", MT_TEXT_AT(mt_stored_run, id), .doc = "of the run"},
    {.name = "pipeline", MT_TEXT_AT(mt_stored_run, pipeline), .doc = "its name"},
    {.name = "input", MT_TEXT_AT(mt_stored_run, input), .doc = "what it ran on"},
    {.name = "state", MT_TEXT_AT(mt_stored_run, state), .doc = "done or failed"},
    {.name = "started_at", MT_TIME_AT(mt_stored_run, started_at), .doc = "UTC"},
    {.name = "finished_at", MT_TIME_AT(mt_stored_run, finished_at), .doc = "UTC"},
    {.name = "message", MT_TEXT_AT(mt_stored_run, message), .doc = "the sentence of a failure"},
    {.name = NULL}};

static mt_code runs_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct runs_args *a = args;
    mt_store *store;
    if (a->limit < 1) return mt_fail(cx, MT_E_INPUT, "limit: at least 1");
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_run_store_list(cx, store, a->pipeline, a->limit, out);
}

const mt_op mt_op_pipeline_runs = {
    .name = "pipeline.runs",
    .summary = "the last runs of pipelines, newest first",
    .example = "--limit 5",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct runs_args),
    .arg = runs_arg,
    .col = runs_col,
    .run = runs_run,
};

struct tasks_args {
    const char *run;
};

static const mt_field tasks_arg[] = {
    {.name = "run", MT_TEXT_AT(tasks_args, run), .required = true, .doc = "id of the run, see pipeline.runs"},
    {.name = NULL}};

static const mt_field tasks_col[] = {
    {.name = "task", MT_TEXT_AT(mt_stored_task, task), .doc = "its name"},
    {.name = "place",
     MT_INT_AT(mt_stored_task, place),
     .unit = MT_UNIT_COUNT,
     .doc = "in the pipeline, from 1"},
    {.name = "state", MT_TEXT_AT(mt_stored_task, state), .doc = "done, findings, kept, failed or stopped"},
    {.name = "started_at", MT_TIME_AT(mt_stored_task, started_at), .doc = "UTC"},
    {.name = "finished_at", MT_TIME_AT(mt_stored_task, finished_at), .doc = "UTC"},
    {.name = "rows_out",
     MT_INT_AT(mt_stored_task, rows_out),
     .unit = MT_UNIT_COUNT,
     .doc = "of all its results"},
    {.name = "message", MT_TEXT_AT(mt_stored_task, message), .doc = "the sentence of a failure"},
    {.name = NULL}};

static mt_code tasks_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct tasks_args *a = args;
    mt_store *store;
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_run_store_tasks(cx, store, a->run, out);
}

const mt_op mt_op_pipeline_tasks = {
    .name = "pipeline.tasks",
    .summary = "the tasks of one run",
    .example = "--run market-2025-06-20T12:00:00Z-1",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct tasks_args),
    .arg = tasks_arg,
    .col = tasks_col,
    .run = tasks_run,
};
