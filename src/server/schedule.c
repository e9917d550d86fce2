/* One thread that looks at the clock, and a job for each run. */
#include "server/schedule.h"

#include "io/out.h"
#include "ops/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_MS = 250, STATE_MAX = 1 << 20 };

#define RETRY_FIRST MT_US_MINUTE
#define RETRY_MOST  MT_US_HOUR

enum state { NEVER, RUNNING, DONE, FINDINGS, FAILED };

static const char *const state_word[] = {"never", "running", "done", "findings", "failed"};

struct entry {
    mt_schedule *schedule;
    const mt_schedule_entry *plan;
    mt_job job;
    mt_ctx cx;
    bool busy; /* from submit until the job is over */
    enum state state;
    mt_time next; /* MT_TIME_NONE: never again */
    mt_time started, finished;
    mt_time well; /* when the last run began that ended well; of cron also when it was first seen */
    int64_t rows, runs, skipped;
    mt_time patience; /* until a run that failed is tried again, before its next time; 0: none failed */
    char message[MT_ERR_TEXT_MAX];
    mt_metric *shown_runs, *shown_failed, *shown_skipped, *shown_rows, *shown_last;
};

struct mt_schedule {
    mt_schedule_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool started, stopping;
    struct entry *entry;
};

/* --- what is remembered ------------------------------------------------------------------------------ */

static mt_code write_state(mt_ctx *cx, const mt_schedule *schedule)
{
    mt_json_writer json;
    mt_out *out;
    MT_TRY(mt_out_file(cx, &out, schedule->options.state_path));
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    mt_json_object(&json);
    mt_json_key(&json, "last");
    mt_json_object(&json);
    for (size_t k = 0; k < schedule->options.n; k++) {
        if (schedule->entry[k].well == MT_TIME_NONE) continue;
        mt_json_key(&json, schedule->options.entry[k].text);
        mt_json_int(&json, schedule->entry[k].well);
    }
    mt_json_end(&json);
    mt_json_end(&json);
    mt_code code = mt_json_done(&json);
    if (code == MT_OK) code = mt_out_finish(cx, out);
    mt_out_close(out);
    return code;
}

/* Called with the lock held, or before there is a thread. */
static void remember(mt_schedule *schedule)
{
    mt_ctx cx;
    if (!schedule->options.state_path) return;
    mt_ctx_init(&cx, NULL);
    if (write_state(&cx, schedule) != MT_OK && schedule->options.log)
        schedule->options.log(schedule->options.log_arg, MT_LOG_WARN, cx.err);
    mt_ctx_close(&cx);
}

/* --- one run ----------------------------------------------------------------------------------------- */

/* Rows are counted; nobody reads them. */
struct counter {
    mt_sink sink;
    int64_t rows;
};

static mt_code count_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink;
    (void)cx;
    (void)schema;
    return MT_OK;
}

static mt_code count_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    ((struct counter *)sink)->rows += (int64_t)chunk->n;
    return mt_ctx_check(cx);
}

static mt_code count_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void count_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops counter_ops = {count_schema, count_rows, count_finish, count_close};

static mt_code open_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    (void)arg;
    if (name[0] != '@')
        return mt_fail(cx, MT_E_INPUT, "a scheduled run reads stored data sets, @NAME, no files");
    out->fd = -1;
    return mt_text_copy(cx, &out->name, mt_text_of(name));
}

static mt_code name_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    (void)arg;
    return mt_text_copy(cx, &out->path, mt_text_of(path)); /* written by who wrote the configuration */
}

static mt_code run_op(mt_ctx *cx, const struct entry *entry, int64_t *rows)
{
    const mt_schedule_entry *plan = entry->plan;
    const mt_world *world = entry->schedule->options.site->world;
    const mt_opener opener = {open_input, name_output, NULL};
    struct counter counter = {.sink.ops = &counter_ops};
    void *args;
    MT_TRY(mt_op_args(cx, plan->op, plan->given, plan->n_given, &opener, &args));
    mt_code code = mt_op_run(cx, plan->op, world, args, &counter.sink);
    *rows = counter.rows;
    return code;
}

/* What came from outside may be over soon: nobody wants to wait a day for it. Called with the lock held. */
static void try_sooner(struct entry *entry, mt_code code, mt_time now)
{
    bool outside = code == MT_E_REMOTE || code == MT_E_IO || code == MT_E_BUSY || code == MT_E_LIMIT ||
                   code == MT_E_DEADLINE || code == MT_E_FAILED;
    if (!outside) {
        entry->patience = 0;
        return;
    }
    entry->patience = !entry->patience ? RETRY_FIRST : 2 * entry->patience;
    if (entry->patience > RETRY_MOST) entry->patience = RETRY_MOST;
    if (entry->next == MT_TIME_NONE || entry->next > now + entry->patience)
        entry->next = now + entry->patience;
}

static void keep_end(struct entry *entry, mt_code code, int64_t rows)
{
    mt_schedule *schedule = entry->schedule;
    mt_time now = mt_world_now(schedule->options.site->world);
    bool good = code == MT_OK || code == MT_FINDINGS;
    pthread_mutex_lock(&schedule->lock);
    entry->state = code == MT_OK ? DONE : code == MT_FINDINGS ? FINDINGS : FAILED;
    entry->finished = now;
    try_sooner(entry, code, now);
    if (good) entry->well = entry->started;
    if (good) remember(schedule);
    entry->rows = rows;
    snprintf(entry->message, sizeof entry->message, "%s", good ? "" : entry->cx.err);
    pthread_mutex_unlock(&schedule->lock);
    mt_metric_add(good ? entry->shown_runs : entry->shown_failed, 1);
    mt_metric_add(entry->shown_rows, (double)rows);
    if (good) mt_metric_set(entry->shown_last, (double)now * 1e-6);
    if (!good) mt_log(&entry->cx, MT_LOG_ERROR, "%s: %s", entry->plan->text, entry->message);
}

static struct entry *entry_of(mt_job *job)
{
    return (struct entry *)(void *)((char *)job - offsetof(struct entry, job));
}

static void run_job(mt_job *job)
{
    struct entry *entry = entry_of(job);
    int64_t rows = 0;
    mt_code code = run_op(&entry->cx, entry, &rows);
    if (entry->plan->op->effect == MT_WRITE) mt_site_changed(entry->schedule->options.site);
    keep_end(entry, code, rows);
}

static void end_job(mt_job *job)
{
    struct entry *entry = entry_of(job);
    mt_schedule *schedule = entry->schedule;
    pthread_mutex_lock(&schedule->lock);
    mt_ctx_close(&entry->cx);
    entry->busy = false;
    pthread_cond_broadcast(&schedule->changed);
    pthread_mutex_unlock(&schedule->lock);
}

/* --- what was remembered ------------------------------------------------------------------------------ */

/* A state that is absent or damaged is no state. */
static const mt_json *read_state(mt_ctx *cx, const char *path)
{
    const mt_json *top = NULL;
    char *bytes;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || mt_ctx_alloc(cx, &bytes, STATE_MAX, 1) != MT_OK) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    ssize_t n = read(fd, bytes, STATE_MAX);
    close(fd);
    if (n <= 0 || mt_json_read(cx, &top, path, bytes, (size_t)n) != MT_OK) {
        mt_ctx_forgive(cx);
        return NULL;
    }
    return mt_json_member(top, "last");
}

/* The first moment of an entry: at once when a run was missed. */
static mt_time first_due(mt_ctx *cx, const mt_schedule_entry *plan, const mt_json *last, mt_time now)
{
    int64_t before;
    if (!last || !mt_json_member(last, plan->text))
        return plan->due.every ? now : mt_due_next(&plan->due, now);
    if (mt_json_get_int(cx, &before, last, plan->text) != MT_OK || before > now) {
        mt_ctx_forgive(cx);
        return mt_due_next(&plan->due, now);
    }
    return mt_due_next(&plan->due, before); /* in the past: missed */
}

/* --- the clock --------------------------------------------------------------------------------------- */

static int64_t clock_of(void *arg)
{
    return mt_site_now_us(((struct entry *)arg)->schedule->options.site);
}

static void log_of(void *arg, mt_log_level level, const char *text)
{
    const mt_schedule_options *options = &((struct entry *)arg)->schedule->options;
    if (options->log) options->log(options->log_arg, level, text);
}

/* Called with the lock held. A full queue is asked again at the next look. */
static bool start_run(struct entry *entry, mt_time now)
{
    mt_ctx_options options = {.size = sizeof options, .log = log_of, .monotonic_us = clock_of, .arg = entry};
    mt_ctx own;
    mt_ctx_init(&entry->cx, &options);
    mt_ctx_init(&own, NULL);
    entry->job = (mt_job){.cx = &entry->cx, .run = run_job, .end = end_job};
    entry->busy = true;
    entry->state = RUNNING;
    entry->started = now;
    entry->runs++;
    bool taken = mt_jobs_submit(&own, entry->schedule->options.site->jobs, &entry->job) == MT_OK;
    if (!taken) {
        entry->busy = false;
        entry->runs--;
        entry->state = FAILED;
        snprintf(entry->message, sizeof entry->message, "%s", own.err);
        mt_ctx_close(&entry->cx);
    }
    mt_ctx_close(&own);
    return taken;
}

/* Called with the lock held. */
static void look(mt_schedule *schedule, mt_time now)
{
    for (size_t k = 0; k < schedule->options.n; k++) {
        struct entry *entry = &schedule->entry[k];
        if (entry->next == MT_TIME_NONE || entry->next > now) continue;
        if (entry->busy) {
            entry->skipped++;
            mt_metric_add(entry->shown_skipped, 1);
        } else if (!start_run(entry, now)) {
            continue;
        }
        entry->next = mt_due_next(&entry->plan->due, now);
    }
}

static void *keep_looking(void *arg)
{
    mt_schedule *schedule = arg;
    struct timespec until;
    pthread_mutex_lock(&schedule->lock);
    while (!schedule->stopping) {
        look(schedule, mt_world_now(schedule->options.site->world));
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)SLICE_MS * 1000000;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&schedule->changed, &schedule->lock, &until);
    }
    pthread_mutex_unlock(&schedule->lock);
    return NULL;
}

static mt_code make_metrics(mt_ctx *cx, struct entry *entry, mt_metrics *metrics)
{
    const char *label;
    MT_TRY(mt_metric_label(cx, &label, "entry", entry->plan->text));
    entry->shown_runs =
        mt_metric_counter(metrics, "merit_schedule_runs_total", "Runs that ended well", label);
    entry->shown_failed =
        mt_metric_counter(metrics, "merit_schedule_failures_total", "Runs that failed", label);
    entry->shown_skipped = mt_metric_counter(metrics, "merit_schedule_skipped_total",
                                             "Times that were due while the run before still ran", label);
    entry->shown_rows = mt_metric_counter(metrics, "merit_schedule_rows_total", "Rows of all results", label);
    entry->shown_last = mt_metric_gauge(metrics, "merit_schedule_last_success_timestamp_seconds",
                                        "End of the last run that ended well", label);
    return MT_OK;
}

static mt_code make_entries(mt_ctx *cx, mt_schedule *schedule)
{
    const mt_schedule_options *options = &schedule->options;
    const mt_json *last = read_state(cx, options->state_path);
    mt_time now = mt_world_now(options->site->world);
    for (size_t k = 0; k < options->n; k++) {
        struct entry *entry = &schedule->entry[k];
        *entry = (struct entry){.schedule = schedule, .plan = &options->entry[k]};
        entry->started = entry->finished = entry->well = MT_TIME_NONE;
        entry->rows = INT64_MIN;
        entry->next = first_due(cx, entry->plan, last, now);
        if (last && mt_json_member(last, entry->plan->text) &&
            mt_json_get_int(cx, &entry->well, last, entry->plan->text) != MT_OK)
            mt_ctx_forgive(cx);
        else
            entry->started = entry->well;
        if (entry->well == MT_TIME_NONE && !entry->plan->due.every) entry->well = now;
        MT_TRY(make_metrics(cx, entry, options->site->metrics));
    }
    return MT_OK;
}

static mt_code start(mt_ctx *cx, mt_schedule *schedule)
{
    pthread_condattr_t how;
    pthread_mutex_init(&schedule->lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&schedule->changed, &how);
    pthread_condattr_destroy(&how);
    MT_TRY(make_entries(cx, schedule));
    remember(schedule);
    if (pthread_create(&schedule->thread, NULL, keep_looking, schedule) != 0)
        return mt_fail(cx, MT_E_FAILED, "the system starts no thread for the schedule");
    schedule->started = true;
    return MT_OK;
}

mt_code mt_schedule_open(mt_ctx *cx, mt_schedule **out, const mt_schedule_options *options)
{
    mt_schedule *schedule = calloc(1, sizeof *schedule);
    if (schedule) schedule->entry = calloc(options->n + 1, sizeof *schedule->entry);
    if (!schedule || !schedule->entry) {
        free(schedule);
        return mt_fail(cx, MT_E_MEMORY, "no memory for a schedule of %zu entries", options->n);
    }
    schedule->options = *options;
    mt_code code = start(cx, schedule);
    if (code != MT_OK)
        mt_schedule_close(schedule);
    else
        *out = schedule;
    return code;
}

void mt_schedule_stop(mt_schedule *schedule)
{
    if (!schedule || !schedule->started) return;
    pthread_mutex_lock(&schedule->lock);
    schedule->stopping = true;
    pthread_cond_broadcast(&schedule->changed);
    pthread_mutex_unlock(&schedule->lock);
    pthread_join(schedule->thread, NULL);
    schedule->started = false;
}

void mt_schedule_close(mt_schedule *schedule)
{
    if (!schedule) return;
    mt_schedule_stop(schedule);
    for (size_t k = 0; k < schedule->options.n; k++) {
        struct entry *entry = &schedule->entry[k];
        pthread_mutex_lock(&schedule->lock);
        bool busy = entry->busy;
        pthread_mutex_unlock(&schedule->lock);
        if (busy) mt_jobs_cancel(schedule->options.site->jobs, &entry->job);
        pthread_mutex_lock(&schedule->lock);
        while (entry->busy) pthread_cond_wait(&schedule->changed, &schedule->lock);
        pthread_mutex_unlock(&schedule->lock);
    }
    pthread_cond_destroy(&schedule->changed);
    pthread_mutex_destroy(&schedule->lock);
    free(schedule->entry);
    free(schedule);
}

static void tell_time(mt_json_writer *json, const char *name, mt_time t)
{
    mt_json_key(json, name);
    mt_json_value(json, MT_TIME, (mt_value){.present = t != MT_TIME_NONE, .as.integer = t});
}

static void tell_count(mt_json_writer *json, const char *name, int64_t n)
{
    mt_json_key(json, name);
    mt_json_value(json, MT_INT, (mt_value){.present = n != INT64_MIN, .as.integer = n});
}

void mt_schedule_tell(mt_schedule *schedule, mt_json_writer *json)
{
    mt_json_object(json);
    mt_json_key(json, "entries");
    mt_json_array(json);
    if (schedule) pthread_mutex_lock(&schedule->lock);
    for (size_t k = 0; schedule && k < schedule->options.n; k++) {
        const struct entry *entry = &schedule->entry[k];
        mt_json_object(json);
        mt_json_key(json, "entry"), mt_json_text(json, entry->plan->text);
        mt_json_key(json, "operation"), mt_json_text(json, entry->plan->op->name);
        mt_json_key(json, "state"), mt_json_text(json, state_word[entry->state]);
        tell_time(json, "next", entry->next);
        tell_time(json, "started", entry->started);
        tell_time(json, "finished", entry->finished);
        tell_count(json, "rows", entry->rows);
        tell_count(json, "runs", entry->runs);
        tell_count(json, "skipped", entry->skipped);
        mt_json_key(json, "message"), mt_json_text(json, entry->message[0] ? entry->message : NULL);
        mt_json_end(json);
    }
    if (schedule) pthread_mutex_unlock(&schedule->lock);
    mt_json_end(json);
    mt_json_end(json);
}
