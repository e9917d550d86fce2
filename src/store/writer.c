/* The one thread that writes to an embedded store. */
#include "store/writer.h"

#include "store/clock.h"

#include <stdlib.h>
#include <time.h>

enum { GROUP_US = 20000, GROUP_ROWS = 50000, LOOK_MS = 20 };

enum state { QUEUED, RUNNING, DONE };

/* A write, on its caller's stack; `state`, `next` and `code` are guarded by the writer's lock. */
struct job {
    struct job *next;
    mt_ctx *cx;
    mt_write_fn *fn;
    void *arg;
    int64_t staged_us;
    enum state state;
    mt_code code;
    pthread_cond_t done;
};

struct list {
    struct job *first, **last;
    int n;
};

struct mt_writer {
    mt_store *store;
    mt_tx tx;
    mt_ctx cx; /* for BEGIN and COMMIT */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct list queue;
    int queue_max;
    bool stopping;
};

static void list_clear(struct list *list)
{
    list->first = NULL;
    list->last = &list->first;
    list->n = 0;
}

static void list_add(struct list *list, struct job *job)
{
    job->next = NULL;
    *list->last = job;
    list->last = &job->next;
    list->n++;
}

static struct job *list_take(struct list *list)
{
    struct job *job = list->first;
    list->first = job->next;
    if (!list->first) list->last = &list->first;
    list->n--;
    return job;
}

static bool list_remove(struct list *list, struct job *job)
{
    for (struct job **at = &list->first; *at; at = &(*at)->next) {
        if (*at != job) continue;
        *at = job->next;
        if (list->last == &job->next) list->last = at;
        list->n--;
        return true;
    }
    return false;
}

/* The next write for a group that began at begin_us; NULL: none that may join. Rows staged after the group's
 * first look at the staging database are invisible to it, so such a write waits for the next group. */
static struct job *next_job(mt_writer *writer, int64_t begin_us)
{
    struct job *job = NULL;
    pthread_mutex_lock(&writer->lock);
    bool full = writer->tx.rows >= GROUP_ROWS || mt_clock_monotonic_us() - begin_us >= GROUP_US;
    if (!full && writer->queue.first && writer->queue.first->staged_us < begin_us) {
        job = list_take(&writer->queue);
        job->state = RUNNING;
    }
    pthread_mutex_unlock(&writer->lock);
    return job;
}

/* The failure of a BEGIN or COMMIT, told to the caller of one write. */
static void tell(mt_writer *writer, struct job *job, mt_code code)
{
    job->code = code;
    if (code != MT_OK) mt_fail(job->cx, code, "%s", writer->cx.err);
}

static mt_code run_job(mt_writer *writer, struct job *job)
{
    job->code = job->fn(job->cx, &writer->tx, job->arg);
    return job->code;
}

static void run_alone(mt_writer *writer, struct job *job)
{
    mt_code code = mt_tx_begin(&writer->cx, &writer->tx);
    if (code != MT_OK) {
        tell(writer, job, code);
        return;
    }
    mt_ctx_forgive(job->cx);
    if (run_job(writer, job) != MT_OK) {
        mt_tx_rollback(&writer->tx);
        return;
    }
    code = mt_tx_commit(&writer->cx, &writer->tx);
    tell(writer, job, code);
    if (code != MT_OK) mt_tx_rollback(&writer->tx);
}

/* Runs writes until the group is full or one fails. False: the transaction must be undone. */
static bool fill_group(mt_writer *writer, struct list *group, int64_t begin_us)
{
    for (;;) {
        struct job *job = next_job(writer, begin_us);
        if (!job) return true;
        list_add(group, job);
        if (run_job(writer, job) != MT_OK) return false;
    }
}

static void wake(mt_writer *writer, struct list *group)
{
    pthread_mutex_lock(&writer->lock);
    while (group->first) { /* a job is gone as soon as its caller wakes */
        struct job *job = list_take(group);
        job->state = DONE;
        pthread_cond_signal(&job->done);
    }
    pthread_mutex_unlock(&writer->lock);
}

static void run_group(mt_writer *writer)
{
    struct list group;
    list_clear(&group);
    mt_code begun = mt_tx_begin(&writer->cx, &writer->tx);
    int64_t begin_us = mt_clock_monotonic_us();
    bool whole = begun == MT_OK && fill_group(writer, &group, begin_us);
    if (begun != MT_OK) { /* the first in the queue hears why */
        struct job *job = next_job(writer, begin_us);
        if (job) list_add(&group, job);
        if (job) tell(writer, job, begun);
    } else if (whole && mt_tx_commit(&writer->cx, &writer->tx) == MT_OK) {
        /* all are acknowledged */
    } else {
        mt_tx_rollback(&writer->tx);
        bool lone = group.n == 1;
        if (lone && whole) tell(writer, group.first, writer->cx.code);
        for (struct job *job = group.first; job && !lone; job = job->next) run_alone(writer, job);
    }
    wake(writer, &group);
}

static bool wait_work(mt_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->queue.first && !writer->stopping) pthread_cond_wait(&writer->work, &writer->lock);
    bool any = writer->queue.first != NULL;
    pthread_mutex_unlock(&writer->lock);
    return any;
}

static void *write_all(void *arg)
{
    mt_writer *writer = arg;
    while (wait_work(writer)) {
        mt_mark mark = mt_arena_mark(&writer->cx.arena);
        mt_ctx_forgive(&writer->cx);
        run_group(writer);
        mt_arena_reset(&writer->cx.arena, mark);
    }
    return NULL;
}

static void release(mt_writer *writer)
{
    if (writer->tx.conn) writer->store->backend->disconnect(writer->tx.conn);
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->work);
    mt_ctx_close(&writer->cx);
    free(writer);
}

mt_code mt_writer_open(mt_ctx *cx, mt_writer **out, mt_store *store)
{
    mt_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the store's writer");
    writer->store = writer->tx.store = store;
    writer->queue_max = store->options.queue_max ? store->options.queue_max : 1024;
    list_clear(&writer->queue);
    mt_ctx_init(&writer->cx, NULL);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->work, NULL);
    mt_code code = store->backend->connect(cx, store->db, &writer->tx.conn);
    if (code == MT_OK && pthread_create(&writer->thread, NULL, write_all, writer) != 0)
        code = mt_fail(cx, MT_E_FAILED, "no thread can be started for the store's writer");
    if (code == MT_OK) {
        *out = writer;
    } else {
        release(writer);
    }
    return code;
}

void mt_writer_close(mt_writer *writer)
{
    if (!writer) return;
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    release(writer);
}

/* With the lock held: until done, or until the context says stop while the write still stands in the
 * queue. */
static mt_code await(mt_ctx *cx, mt_writer *writer, struct job *job)
{
    while (job->state != DONE) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (job->state == RUNNING) { /* the context is the writer's now */
            pthread_cond_wait(&job->done, &writer->lock);
            continue;
        }
        pthread_cond_timedwait(&job->done, &writer->lock, &until);
        if (job->state != QUEUED) continue;
        mt_code code = mt_ctx_check(cx);
        if (code != MT_OK && list_remove(&writer->queue, job)) return code;
    }
    return job->code;
}

mt_code mt_writer_run(mt_ctx *cx, mt_writer *writer, mt_write_fn *fn, void *arg, int64_t staged_us)
{
    struct job job = {.cx = cx, .fn = fn, .arg = arg, .staged_us = staged_us, .state = QUEUED};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&job.done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    mt_code code;
    pthread_mutex_lock(&writer->lock);
    if (writer->queue.n >= writer->queue_max) {
        code = mt_fail(cx, MT_E_BUSY, "%d writes wait for the store already: try again in a moment",
                       writer->queue.n);
    } else {
        list_add(&writer->queue, &job);
        pthread_cond_signal(&writer->work);
        code = await(cx, writer, &job);
    }
    pthread_mutex_unlock(&writer->lock);
    pthread_cond_destroy(&job.done);
    return code;
}
