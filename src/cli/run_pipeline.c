/* `merit pipeline …`: run one, list them, show one. */
#include "cli/owned.h"

#include "base/rows/emit.h"
#include "pipeline/load.h"

#include <stdio.h>
#include <string.h>

/* A name that is not found may be right, and its folder elsewhere. */
static mt_code tell_folders(mt_ctx *cx, const char *const *folder, size_t n)
{
    const char *what, *where = "";
    MT_TRY(mt_text_copy(cx, &what, mt_text_of(cx->err)));
    for (size_t k = 0; k < n; k++)
        MT_TRY(mt_text_format(cx, &where, "%s%s%s", where, k ? ", " : "", folder[k]));
    return mt_fail(cx, MT_E_ABSENT, "%s; looked in %s (MERIT_HOME names another place)", what, where);
}

static mt_code load_plan(mt_program *program, const mt_plan **out, const char *const *word, size_t n_word)
{
    const char *folder[MT_FOLDERS_MAX];
    size_t n;
    MT_TRY(mt_program_folders(program, "pipelines", folder, &n));
    if (n_word != 1)
        return mt_fail(program->cx, MT_E_INPUT, "name one pipeline, e.g. merit pipeline run market");
    mt_code code = mt_pipeline_load(program->cx, out, word[0], folder, n);
    return code == MT_E_ABSENT ? tell_folders(program->cx, folder, n) : code;
}

/* Options of the verb are taken out of the given arguments; the rest are the pipeline's own. */
static mt_code split_options(mt_program *program, const char **folder, bool *fresh, mt_given **own, size_t *n)
{
    const mt_command *command = program->command;
    static const mt_field fresh_field = {.name = "fresh", .type = MT_BOOL};
    *folder = NULL;
    *fresh = false;
    *n = 0;
    MT_TRY(MT_NEW(program->cx, own, command->n_given + 1));
    for (size_t k = 0; k < command->n_given; k++) {
        const mt_given *given = &command->given[k];
        if (strcmp(given->name, "out") == 0)
            *folder = given->value;
        else if (strcmp(given->name, "fresh") == 0)
            MT_TRY(mt_field_set(program->cx, &fresh_field, fresh, given->value));
        else
            (*own)[(*n)++] = *given;
    }
    if (*folder) return MT_OK;
    return mt_fail(program->cx, MT_E_INPUT, "pipeline run needs --out (the folder for its files)");
}

struct task_row {
    const char *task, *status, *note;
    int64_t rows;
    double started_ms, wall_ms;
};

static const mt_field task_col[] = {
    {.name = "task", MT_TEXT_AT(task_row, task), .doc = "name in the pipeline file"},
    {.name = "status", MT_TEXT_AT(task_row, status), .doc = "done, findings, kept, failed or stopped"},
    {.name = "rows", MT_INT_AT(task_row, rows), .unit = MT_UNIT_COUNT, .doc = "of all its results"},
    {.name = "started_ms", MT_REAL_AT(task_row, started_ms), .doc = "since the run started, milliseconds"},
    {.name = "wall_ms", MT_REAL_AT(task_row, wall_ms), .doc = "milliseconds"},
    {.name = "note", MT_TEXT_AT(task_row, note), .doc = "why it failed or was stopped, else what it does"},
    {.name = NULL}};

static mt_code emit_report(mt_ctx *cx, mt_sink *sink, const mt_run_report *report)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "pipeline.run", task_col, NULL, NULL));
    for (size_t k = 0; k < report->n; k++) {
        const mt_task_report *task = &report->task[k];
        bool ran = task->started_us >= 0;
        struct task_row row = {.task = task->task->name,
                               .status = mt_task_status_word(task->status),
                               .note = task->text ? task->text : task->task->doc,
                               .rows = INT64_MIN};
        mt_field_clear(&task_col[3], &row); /* times are missing for tasks that never started */
        row.status = mt_task_status_word(task->status);
        row.note = task->text ? task->text : task->task->doc;
        if (ran)
            row.started_ms = (double)(task->started_us / 10) / 100,
            row.wall_ms = (double)(task->wall_us / 10) / 100;
        if (ran && task->status != MT_TASK_KEPT) row.rows = (int64_t)task->rows;
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code show_report(mt_program *program, const mt_run_report *report)
{
    mt_ctx *cx = program->cx;
    mt_result_place place;
    mt_result *result;
    MT_TRY(mt_program_place(program, &place));
    MT_TRY(mt_result_open(cx, program->world, &result, &place));
    mt_code code = emit_report(cx, mt_result_sink(result), report);
    mt_result_close(result, code);
    return code;
}

static void say_where(const mt_program *program, const mt_run_report *report, const char *folder)
{
    if (program->command->quiet) return;
    fprintf(stderr, "%zu done, %zu kept, %zu failed, %zu stopped in %.0f ms. The files are in %s\n",
            report->count[MT_TASK_DONE] + report->count[MT_TASK_FINDINGS], report->count[MT_TASK_KEPT],
            report->count[MT_TASK_FAILED], report->count[MT_TASK_STOPPED], (double)report->wall_us / 1000,
            folder);
}

mt_code mt_program_run_pipeline(mt_program *program, const char *const *word, size_t n_word)
{
    mt_ctx *cx = program->cx;
    const mt_plan *plan;
    const char *folder, *store;
    mt_given *own;
    mt_run_report report;
    mt_run_options options = {.size = sizeof options, .watch = mt_progress_tasks, .arg = program->progress};
    MT_TRY(load_plan(program, &plan, word, n_word));
    MT_TRY(split_options(program, &folder, &options.fresh, &own, &options.n_value));
    MT_TRY(mt_text_format(cx, &store, "duckdb:%s/merit.duckdb", folder));
    MT_TRY(mt_program_world(program, store, false));
    MT_TRY(mt_owned_check(program));
    options.folder = folder;
    options.value = own;
    mt_code code = mt_pipeline_run(cx, program->world, plan, &options, &report);
    if (!report.n) return code;
    char sentence[MT_ERR_TEXT_MAX];
    snprintf(sentence, sizeof sentence, "%s", cx->err);
    mt_progress_pause(program->progress);
    mt_code shown = show_report(program, &report);
    if (shown == MT_OK) say_where(program, &report, folder);
    if (code == MT_OK || shown != MT_OK) return shown;
    return code == MT_FINDINGS ? code : mt_fail(cx, code, "%s", sentence);
}

struct plan_row {
    const char *pipeline, *summary, *options;
    int64_t tasks;
};

static const mt_field plan_col[] = {
    {.name = "pipeline", MT_TEXT_AT(plan_row, pipeline), .doc = "name to run it by"},
    {.name = "tasks", MT_INT_AT(plan_row, tasks), .unit = MT_UNIT_COUNT, .doc = "number of tasks"},
    {.name = "options", MT_TEXT_AT(plan_row, options), .doc = "its options, with their fallbacks"},
    {.name = "summary", MT_TEXT_AT(plan_row, summary), .doc = "what it does"},
    {.name = NULL}};

static mt_code describe_options(mt_ctx *cx, const char **out, const mt_plan *plan)
{
    *out = "";
    for (size_t k = 0; k < plan->n_option; k++) {
        const mt_plan_option *option = &plan->option[k];
        MT_TRY(mt_text_format(cx, out, "%s%s--%s%s%s", *out, k ? " " : "", option->name,
                              option->fallback ? "=" : "", option->fallback ? option->fallback : ""));
    }
    return MT_OK;
}

static mt_code emit_plans(mt_ctx *cx, mt_sink *sink, const mt_plan *const *plan, size_t n)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "pipeline.list", plan_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        struct plan_row row = {plan[k]->name, plan[k]->doc, NULL, (int64_t)plan[k]->n_task};
        MT_TRY(describe_options(cx, &row.options, plan[k]));
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

struct step_row {
    const char *task, *needs, *operation, *file, *summary;
};

static const mt_field step_col[] = {
    {.name = "task", MT_TEXT_AT(step_row, task), .doc = "name in the pipeline file"},
    {.name = "needs", MT_TEXT_AT(step_row, needs), .doc = "tasks that have to be done before"},
    {.name = "operation", MT_TEXT_AT(step_row, operation), .doc = "what the step runs"},
    {.name = "file", MT_TEXT_AT(step_row, file), .doc = "where its rows go"},
    {.name = "summary", MT_TEXT_AT(step_row, summary), .doc = "what the task is for"},
    {.name = NULL}};

static mt_code list_needs(mt_ctx *cx, const char **out, const mt_plan *plan, const mt_plan_task *task)
{
    *out = task->after_all ? "after all" : NULL;
    for (size_t k = 0; k < task->n_need; k++) {
        MT_TRY(
            mt_text_format(cx, out, "%s%s%s", k ? *out : "", k ? ", " : "", plan->task[task->need[k]].name));
    }
    return MT_OK;
}

static mt_code emit_steps(mt_ctx *cx, mt_sink *sink, const mt_plan *plan)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "pipeline.show", step_col, NULL, NULL));
    for (size_t t = 0; t < plan->n_task; t++) {
        const mt_plan_task *task = &plan->task[t];
        for (size_t s = 0; s < task->n_step; s++) {
            struct step_row row = {.operation = task->step[s].op->name, .file = task->step[s].target};
            if (s == 0) row.task = task->name, row.summary = task->doc;
            if (s == 0) MT_TRY(list_needs(cx, &row.needs, plan, task));
            MT_TRY(mt_emit_put(emit, &row));
        }
    }
    return mt_emit_end(emit);
}

mt_code mt_program_list_pipelines(mt_program *program, const char *const *word, size_t n_word)
{
    const char *folder[MT_FOLDERS_MAX];
    const mt_plan **plan;
    size_t n, n_folder;
    mt_result *result;
    mt_result_place place;
    (void)word;
    (void)n_word;
    MT_TRY(mt_program_folders(program, "pipelines", folder, &n_folder));
    MT_TRY(mt_pipeline_list(program->cx, &plan, &n, folder, n_folder));
    MT_TRY(mt_program_world(program, NULL, true));
    MT_TRY(mt_program_place(program, &place));
    MT_TRY(mt_result_open(program->cx, program->world, &result, &place));
    mt_code code = emit_plans(program->cx, mt_result_sink(result), (const mt_plan *const *)plan, n);
    mt_result_close(result, code);
    return code;
}

mt_code mt_program_show_pipeline(mt_program *program, const char *const *word, size_t n_word)
{
    const mt_plan *plan;
    mt_result *result;
    mt_result_place place;
    MT_TRY(load_plan(program, &plan, word, n_word));
    MT_TRY(mt_program_world(program, NULL, true));
    MT_TRY(mt_program_place(program, &place));
    MT_TRY(mt_result_open(program->cx, program->world, &result, &place));
    mt_code code = emit_steps(program->cx, mt_result_sink(result), plan);
    mt_result_close(result, code);
    return code;
}
