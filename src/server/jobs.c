/* A list of what is at work, around the pools. */
#include "server/jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { TAKING_IN_LEAST = 2 };

struct mt_jobs {
    mt_pool *pool[MT_LANES];
    pthread_mutex_t lock;
    pthread_cond_t idle;
    mt_job *first;
    int active;
    mt_metric *shown_active, *refused;
};

static void lock_jobs(mt_jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
}

static void unlock_jobs(mt_jobs *jobs)
{
    pthread_mutex_unlock(&jobs->lock);
}

static void close_pools(mt_jobs *jobs)
{
    for (int k = 0; k < MT_LANES; k++) {
        if (jobs->pool[k]) mt_pool_close(jobs->pool[k]);
    }
}

mt_code mt_jobs_open(mt_ctx *cx, mt_jobs **out, int workers, int queue_max, mt_metrics *metrics)
{
    mt_jobs *jobs = calloc(1, sizeof *jobs);
    pthread_condattr_t how;
    if (!jobs) return mt_fail(cx, MT_E_MEMORY, "no memory for the server's jobs");
    int taking_in = workers / 2 < TAKING_IN_LEAST ? TAKING_IN_LEAST : workers / 2;
    mt_code code = mt_pool_open(cx, &jobs->pool[MT_LANE_ASK], workers, queue_max);
    if (code == MT_OK) code = mt_pool_open(cx, &jobs->pool[MT_LANE_TAKE_IN], taking_in, queue_max);
    if (code != MT_OK) {
        close_pools(jobs);
        free(jobs);
        return code;
    }
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->idle, &how);
    pthread_condattr_destroy(&how);
    jobs->shown_active =
        mt_metric_gauge(metrics, "merit_jobs_active", "Requests that wait for a worker or run", NULL);
    jobs->refused = mt_metric_counter(metrics, "merit_jobs_refused_total",
                                      "Requests refused because the queue was full", NULL);
    *out = jobs;
    return MT_OK;
}

void mt_jobs_close(mt_jobs *jobs)
{
    if (!jobs) return;
    close_pools(jobs);
    pthread_cond_destroy(&jobs->idle);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

/* Called with the lock held. */
static void link_job(mt_jobs *jobs, mt_job *job)
{
    job->jobs = jobs;
    job->active = true;
    job->previous = NULL;
    job->next = jobs->first;
    if (jobs->first) jobs->first->previous = job;
    jobs->first = job;
    jobs->active++;
    mt_metric_set(jobs->shown_active, jobs->active);
}

/* Called with the lock held. */
static void unlink_job(mt_jobs *jobs, mt_job *job)
{
    if (job->previous) job->previous->next = job->next;
    if (job->next) job->next->previous = job->previous;
    if (jobs->first == job) jobs->first = job->next;
    job->active = false;
}

/* Called with the lock held, when the job may be gone already. */
static void count_off(mt_jobs *jobs)
{
    jobs->active--;
    mt_metric_set(jobs->shown_active, jobs->active);
    if (!jobs->active) pthread_cond_broadcast(&jobs->idle);
}

static void work(void *arg, int worker)
{
    mt_job *job = arg;
    mt_jobs *jobs = job->jobs;
    (void)worker;
    job->run(job);
    lock_jobs(jobs);
    unlink_job(jobs, job);
    unlock_jobs(jobs);
    job->end(job);
    lock_jobs(jobs);
    count_off(jobs);
    unlock_jobs(jobs);
}

mt_code mt_jobs_submit(mt_ctx *cx, mt_jobs *jobs, mt_job *job)
{
    lock_jobs(jobs);
    link_job(jobs, job);
    unlock_jobs(jobs);
    mt_code code = mt_pool_submit(cx, jobs->pool[job->lane], work, job);
    if (code == MT_OK) return code;
    lock_jobs(jobs);
    unlink_job(jobs, job);
    count_off(jobs);
    unlock_jobs(jobs);
    mt_metric_add(jobs->refused, 1);
    return code;
}

void mt_jobs_cancel(mt_jobs *jobs, mt_job *job)
{
    lock_jobs(jobs);
    if (job->active) mt_ctx_cancel(job->cx);
    unlock_jobs(jobs);
}

void mt_jobs_cancel_all(mt_jobs *jobs)
{
    lock_jobs(jobs);
    for (mt_job *job = jobs->first; job; job = job->next) mt_ctx_cancel(job->cx);
    unlock_jobs(jobs);
}

int mt_jobs_active(mt_jobs *jobs)
{
    lock_jobs(jobs);
    int active = jobs->active;
    unlock_jobs(jobs);
    return active;
}

bool mt_jobs_idle(mt_jobs *jobs, int64_t wait_us)
{
    struct timespec until;
    int late = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_us / 1000000;
    until.tv_nsec += wait_us % 1000000 * 1000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    lock_jobs(jobs);
    while (jobs->active && !late) late = pthread_cond_timedwait(&jobs->idle, &jobs->lock, &until);
    bool idle = jobs->active == 0;
    unlock_jobs(jobs);
    return idle;
}
