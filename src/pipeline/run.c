/* The order of tasks: who is ready, who has to stop, who runs on which worker. */
#include "pipeline/run.h"

#include "base/pool.h"
#include "io/out.h"
#include "ops/files.h"
#include "ops/orders/kept_input.h"
#include "ops/run_log.h"
#include "pipeline/state.h"
#include "pipeline/step.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define STATUS_WORD(symbol, word) word,
static const char *const status_word[] = {MT_TASK_STATUS_LIST(STATUS_WORD)};

const char *mt_task_status_word(mt_task_status status)
{
    return status_word[status];
}

struct run;

/* One task's context while it runs, and the sentence it leaves. */
struct job {
    struct run *run;
    size_t task;
    mt_ctx cx;
    bool active;
    char err[MT_ERR_TEXT_MAX];
};

struct run {
    mt_ctx *cx;
    const mt_plan *plan;
    const mt_run_options *options;
    mt_run_report *report;
    mt_step_place place;
    mt_given *value;
    mt_pool *pool;
    struct job *job;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool cancelled;
    int64_t started_us;
};

static int64_t now_us(const struct run *run)
{
    const mt_ctx_options *options = &run->cx->options;
    return options->monotonic_us ? options->monotonic_us(options->arg) : 0;
}

/* Called with the lock held. */
static void set_status(struct run *run, size_t task, mt_task_status status)
{
    mt_task_report *report = &run->report->task[task];
    run->report->count[report->status]--;
    run->report->count[status]++;
    report->status = status;
    if (run->options->watch) run->options->watch(run->options->arg, run->report, task);
}

static void cancel_all(void *arg)
{
    struct run *run = arg;
    pthread_mutex_lock(&run->lock);
    run->cancelled = true;
    for (size_t k = 0; k < run->plan->n_task; k++) {
        if (run->job[k].active) mt_ctx_cancel(&run->job[k].cx);
    }
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

/* A worker's log line, in turn with the others' and with the task's name. */
static void log_from_task(void *arg, mt_log_level level, const char *text)
{
    struct job *job = arg;
    struct run *run = job->run;
    pthread_mutex_lock(&run->lock);
    mt_log(run->cx, level, "%s: %s", run->plan->task[job->task].name, text);
    pthread_mutex_unlock(&run->lock);
}

static int64_t clock_of_task(void *arg)
{
    return now_us(((struct job *)arg)->run);
}

static mt_code run_steps(mt_ctx *cx, struct run *run, const mt_plan_task *task, uint64_t *rows)
{
    mt_code found = MT_OK;
    for (size_t k = 0; k < task->n_step; k++) {
        MT_TRY(mt_ctx_check(cx));
        mt_code code = mt_step_run(cx, &run->place, &task->step[k], rows);
        if (code == MT_FINDINGS)
            found = code;
        else if (code != MT_OK)
            return code;
    }
    return found;
}

/* Keeps or runs the task; *status tells which. A check with findings is recorded with its files, but not
 * kept: it should say so again. */
static mt_code do_task(mt_ctx *cx, struct run *run, const mt_plan_task *task, mt_task_status *status,
                       uint64_t *rows)
{
    const char *fingerprint;
    const char *const *file;
    size_t n_file;
    MT_TRY(mt_step_fingerprint(cx, &run->place, task, &fingerprint));
    if (fingerprint && mt_state_kept(cx, run->place.state, task->name, fingerprint)) {
        *status = MT_TASK_KEPT;
        return MT_OK;
    }
    mt_code code = run_steps(cx, run, task, rows);
    if (code != MT_OK && code != MT_FINDINGS) return code;
    *status = code == MT_OK ? MT_TASK_DONE : MT_TASK_FINDINGS;
    MT_TRY(mt_step_files(cx, &run->place, task, &file, &n_file));
    return mt_state_record(cx, run->place.state, task->name, code == MT_OK ? fingerprint : NULL, file,
                           n_file);
}

static void end_task(struct job *job, mt_code code, mt_task_status status, uint64_t rows)
{
    struct run *run = job->run;
    mt_task_report *report = &run->report->task[job->task];
    pthread_mutex_lock(&run->lock);
    job->active = false;
    if (code != MT_OK) {
        snprintf(job->err, sizeof job->err, "%s", job->cx.err);
        report->text = job->err;
        status = code == MT_E_CANCELLED ? MT_TASK_STOPPED : MT_TASK_FAILED;
    }
    report->code = code;
    report->rows = rows;
    report->wall_us = now_us(run) - run->started_us - report->started_us;
    set_status(run, job->task, status);
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

static void run_job(void *arg, int worker)
{
    struct job *job = arg;
    struct run *run = job->run;
    mt_task_status status = MT_TASK_DONE;
    uint64_t rows = 0;
    (void)worker;
    mt_code code = do_task(&job->cx, run, &run->plan->task[job->task], &status, &rows);
    end_task(job, code, status, rows);
    mt_ctx_close(&job->cx);
}

/* Called with the lock held. */
static mt_code start_task(struct run *run, size_t task)
{
    struct job *job = &run->job[task];
    mt_ctx_options options = {.size = sizeof options,
                              .log = log_from_task,
                              .monotonic_us = clock_of_task,
                              .deadline_us = run->cx->options.deadline_us,
                              .arg = job};
    mt_ctx_init(&job->cx, &options);
    job->active = true;
    run->report->task[task].started_us = now_us(run) - run->started_us;
    set_status(run, task, MT_TASK_RUNNING);
    return mt_pool_submit(run->cx, run->pool, run_job, job);
}

static bool is_over(mt_task_status status)
{
    return status != MT_TASK_WAITING && status != MT_TASK_RUNNING;
}

static bool is_good(mt_task_status status)
{
    return status == MT_TASK_DONE || status == MT_TASK_KEPT || status == MT_TASK_FINDINGS;
}

enum readiness { READY, NOT_YET, NEVER };

/* Called with the lock held. */
static enum readiness judge_task(const struct run *run, size_t task)
{
    const mt_plan_task *plan = &run->plan->task[task];
    enum readiness judged = READY;
    if (run->cancelled) return NEVER;
    for (size_t k = 0; plan->after_all && k < run->plan->n_task; k++) {
        if (!run->plan->task[k].after_all && !is_over(run->report->task[k].status)) return NOT_YET;
    }
    for (size_t k = 0; k < plan->n_need; k++) {
        mt_task_status status = run->report->task[plan->need[k]].status;
        if (is_over(status) && !is_good(status)) return NEVER;
        if (!is_over(status)) judged = NOT_YET;
    }
    return judged;
}

static mt_code stop_task(struct run *run, size_t task)
{
    const mt_plan_task *plan = &run->plan->task[task];
    mt_task_report *report = &run->report->task[task];
    const char *why = "the run was cancelled";
    for (size_t k = 0; k < plan->n_need && !run->cancelled; k++) {
        const mt_task_report *need = &run->report->task[plan->need[k]];
        if (!is_over(need->status) || is_good(need->status)) continue;
        MT_TRY(mt_text_format(run->cx, &why, "needs %s, which %s", need->task->name,
                              need->status == MT_TASK_FAILED ? "failed" : "was stopped"));
    }
    report->text = why;
    set_status(run, task, MT_TASK_STOPPED);
    return MT_OK;
}

/* What $failed stands for, set before the tasks that run after all. */
static void count_failures(struct run *run)
{
    size_t failed = run->report->count[MT_TASK_FAILED] + run->report->count[MT_TASK_STOPPED];
    char *text = (char *)run->value[run->options->n_value + 1].value;
    snprintf(text, 24, "%zu", failed);
}

/* One look at every waiting task; *moved when any was started or stopped. Called with the lock held. */
static mt_code look_around(struct run *run, bool *moved)
{
    for (size_t k = 0; k < run->plan->n_task; k++) {
        if (run->report->task[k].status != MT_TASK_WAITING) continue;
        enum readiness judged = judge_task(run, k);
        if (judged == NOT_YET) continue;
        *moved = true;
        if (judged == NEVER) {
            MT_TRY(stop_task(run, k));
            continue;
        }
        if (run->plan->task[k].after_all && !run->report->count[MT_TASK_RUNNING]) count_failures(run);
        MT_TRY(start_task(run, k));
    }
    return MT_OK;
}

static mt_code run_all(struct run *run)
{
    mt_code code = MT_OK;
    pthread_mutex_lock(&run->lock);
    for (;;) {
        bool moved = false;
        if (code == MT_OK) code = look_around(run, &moved);
        if (moved && code == MT_OK) continue;
        if (!run->report->count[MT_TASK_RUNNING]) break;
        pthread_cond_wait(&run->changed, &run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    return code;
}

static mt_code check_value(mt_ctx *cx, const mt_plan *plan, const mt_given *given)
{
    const char *known[64];
    size_t n = 0;
    for (; n < plan->n_option && n < 64; n++) known[n] = plan->option[n].name;
    for (size_t k = 0; k < n; k++) {
        if (strcmp(known[k], given->name) == 0) return MT_OK;
    }
    int nearest = mt_text_nearest(given->name, known, n);
    return mt_fail(cx, MT_E_INPUT, "pipeline %s has no option \"%s\"%s%s", plan->name, given->name,
                   nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : known[nearest]);
}

static mt_code copy_input(mt_ctx *cx, const mt_input *from, mt_out *to)
{
    char bytes[1 << 16];
    size_t n;
    do {
        MT_TRY(mt_input_read(cx, from, bytes, sizeof bytes, &n));
        MT_TRY(mt_out_write(cx, to, bytes, n));
    } while (n);
    return mt_out_finish(cx, to);
}

/* Can tasks read it one after the other? Not standard input, a pipe or a device. */
static bool is_passing(const char *value)
{
    struct stat about;
    if (strcmp(value, "-") == 0) return true;
    return stat(value, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

/* What can be read once becomes a file of the output folder. */
static mt_code keep_passing(mt_ctx *cx, const char **value, const char *folder, const char *option)
{
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_input from;
    mt_out *out = NULL;
    const char *path;
    mt_code code;
    MT_TRY_OUT(mt_text_format(cx, &path, "%s/.merit/%s.input", folder, option));
    MT_TRY_OUT(opener.input(cx, opener.arg, &from, *value));
    MT_TRY_OUT(mt_out_file(cx, &out, path));
    MT_TRY_OUT(copy_input(cx, &from, out));
    *value = path;
out:
    mt_out_close(out);
    mt_files_close(&files);
    return code;
}

/* The given options, then fallbacks; "out" and "failed" last. */
static mt_code fill_values(struct run *run)
{
    const mt_plan *plan = run->plan;
    const mt_run_options *options = run->options;
    size_t n = 0;
    char *failed;
    MT_TRY(MT_NEW(run->cx, &run->value, options->n_value + plan->n_option + 2));
    MT_TRY(MT_NEW(run->cx, &failed, 24));
    snprintf(failed, 24, "0");
    for (size_t k = 0; k < options->n_value; k++) {
        MT_TRY(check_value(run->cx, plan, &options->value[k]));
        run->value[n] = options->value[k];
        if (is_passing(run->value[n].value)) {
            MT_TRY(keep_passing(run->cx, &run->value[n].value, options->folder, run->value[n].name));
        }
        n++;
    }
    run->value[n++] = (mt_given){"out", options->folder};
    run->value[n++] = (mt_given){"failed", failed};
    for (size_t k = 0; k < plan->n_option; k++) {
        bool given = false;
        for (size_t i = 0; i < options->n_value && !given; i++)
            given = strcmp(options->value[i].name, plan->option[k].name) == 0;
        if (given) continue;
        if (!plan->option[k].fallback) {
            return mt_fail(run->cx, MT_E_INPUT, "pipeline %s needs --%s (%s)", plan->name,
                           plan->option[k].name, plan->option[k].doc);
        }
        run->value[n++] = (mt_given){plan->option[k].name, plan->option[k].fallback};
    }
    run->place.value = run->value;
    run->place.n_value = n;
    return MT_OK;
}

/* A value that an operation will not take is told before anything runs. */
static mt_code check_steps(struct run *run)
{
    for (size_t t = 0; t < run->plan->n_task; t++) {
        const mt_plan_task *task = &run->plan->task[t];
        for (size_t s = 0; s < task->n_step; s++) MT_TRY(mt_step_check(run->cx, &run->place, &task->step[s]));
    }
    return MT_OK;
}

static mt_code make_report(struct run *run)
{
    size_t n = run->plan->n_task;
    MT_TRY(MT_NEW(run->cx, &run->report->task, n));
    MT_TRY(MT_NEW(run->cx, &run->job, n));
    run->report->n = n;
    run->report->count[MT_TASK_WAITING] = n;
    for (size_t k = 0; k < n; k++) {
        run->report->task[k] = (mt_task_report){.task = &run->plan->task[k], .started_us = -1};
        run->job[k].run = run;
        run->job[k].task = k;
    }
    return MT_OK;
}

/* The first failure of the run becomes the caller's. */
static mt_code tell_failure(struct run *run)
{
    for (size_t k = 0; k < run->report->n; k++) {
        const mt_task_report *task = &run->report->task[k];
        if (task->status == MT_TASK_FAILED)
            return mt_fail(run->cx, task->code, "task %s: %s", task->task->name, task->text);
    }
    if (run->cancelled) return mt_fail(run->cx, MT_E_CANCELLED, "the run was cancelled");
    return run->report->count[MT_TASK_FINDINGS] ? MT_FINDINGS : MT_OK;
}

/* Monotonic moments of the run as times of day; -1 stays missing. */
static mt_time moment(mt_time started_at, int64_t since_us)
{
    return since_us < 0 ? MT_TIME_NONE : started_at + since_us;
}

/* The value of the option that the step reads from, or NULL. */
static const char *input_of(const struct run *run, const mt_plan_step *step)
{
    for (size_t k = 0; k < step->n_given; k++) {
        const mt_field *field = mt_field_find(step->op->arg, step->given[k].name);
        if (!field || field->type != MT_INPUT) continue;
        for (size_t v = 0; step->given[k].value[0] == '$' && v < run->place.n_value; v++) {
            if (strcmp(run->place.value[v].name, step->given[k].value + 1) == 0)
                return run->place.value[v].value;
        }
    }
    return NULL;
}

/* What the run was about: the first input of its steps that is an option. */
static const char *find_input(const struct run *run)
{
    const char *found = NULL;
    for (size_t t = 0; t < run->plan->n_task; t++) {
        const mt_plan_task *task = &run->plan->task[t];
        for (size_t s = 0; s < task->n_step && !found; s++) found = input_of(run, &task->step[s]);
    }
    return found;
}

/* How it went, into the store. A store that cannot be written is told, but is no failure of the tasks. */
static void record_run(struct run *run, mt_code code, mt_time started_at)
{
    const mt_run_report *report = run->report;
    mt_run_log log = {.pipeline = run->plan->name,
                      .state = code == MT_OK || code == MT_FINDINGS ? "done" : "failed",
                      .started_at = started_at,
                      .message = code == MT_OK || code == MT_FINDINGS ? NULL : run->cx->err,
                      .n = report->n};
    mt_run_log_task *task = NULL;
    mt_ctx own;
    mt_ctx_init(&own, NULL); /* the caller's context keeps its sentence */
    log.finished_at = started_at + now_us(run) - run->started_us;
    log.input = find_input(run);
    mt_code saved = MT_NEW(&own, &task, report->n + 1);
    for (size_t k = 0; saved == MT_OK && k < report->n; k++) {
        const mt_task_report *from = &report->task[k];
        bool ran = from->started_us >= 0;
        task[k] = (mt_run_log_task){from->task->name,
                                    mt_task_status_word(from->status),
                                    from->text,
                                    moment(started_at, from->started_us),
                                    moment(started_at, ran ? from->started_us + from->wall_us : -1),
                                    ran ? (int64_t)from->rows : INT64_MIN};
    }
    log.task = task;
    if (saved == MT_OK) saved = mt_run_log_save(&own, run->place.world, &log);
    if (saved != MT_OK) mt_log(run->cx, MT_LOG_WARN, "the run is not recorded: %s", own.err);
    mt_ctx_close(&own);
}

mt_code mt_pipeline_run(mt_ctx *cx, const mt_world *world, const mt_plan *plan, const mt_run_options *options,
                        mt_run_report *report)
{
    struct run run = {.cx = cx,
                      .plan = plan,
                      .options = options,
                      .report = report,
                      .place = {.world = world, .folder = options->folder}};
    int workers = mt_world_settings(world)->workers;
    bool watched = false;
    mt_code code;
    *report = (mt_run_report){.n = 0};
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.changed, NULL);
    run.started_us = now_us(&run);
    mt_time started_at = mt_world_now(world);
    MT_TRY_OUT(mt_state_open(cx, &run.place.state, options->folder, plan->name, options->fresh));
    MT_TRY_OUT(fill_values(&run));
    MT_TRY_OUT(check_steps(&run));
    MT_TRY_OUT(make_report(&run));
    MT_TRY_OUT(mt_pool_open(cx, &run.pool, workers < 1 ? 1 : workers, MT_PLAN_TASKS_MAX));
    MT_TRY_OUT(mt_ctx_on_cancel(cx, cancel_all, &run));
    watched = true;
    MT_TRY_OUT(run_all(&run));
    MT_TRY_OUT(tell_failure(&run));
out:
    if (watched) mt_ctx_off_cancel(cx, cancel_all, &run);
    mt_pool_close(run.pool);
    if (run.pool) record_run(&run, code, started_at);
    mt_state_close(run.place.state);
    report->wall_us = now_us(&run) - run.started_us;
    pthread_cond_destroy(&run.changed);
    pthread_mutex_destroy(&run.lock);
    return code;
}
