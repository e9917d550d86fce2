/* Workers that take jobs from a ring. */
#include "base/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct job {
    mt_job_fn *fn;
    void *arg;
};

struct worker {
    mt_pool *pool;
    pthread_t thread;
    int index;
};

struct mt_pool {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct worker *worker;
    struct job *ring;
    int workers, started;
    int queue_max, queued, next;
    bool closing;
};

/* Waits for a job; false when the pool is closing and nothing is left. */
static bool take_job(mt_pool *pool, struct job *out)
{
    pthread_mutex_lock(&pool->lock);
    while (!pool->queued && !pool->closing) pthread_cond_wait(&pool->changed, &pool->lock);
    bool found = pool->queued > 0;
    if (found) {
        *out = pool->ring[pool->next];
        pool->next = (pool->next + 1) % pool->queue_max;
        pool->queued--;
    }
    pthread_mutex_unlock(&pool->lock);
    return found;
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct job job;
    while (take_job(worker->pool, &job)) job.fn(job.arg, worker->index);
    return NULL;
}

static bool start_workers(mt_pool *pool)
{
    for (int k = 0; k < pool->workers; k++) {
        pool->worker[k] = (struct worker){.pool = pool, .index = k};
        if (pthread_create(&pool->worker[k].thread, NULL, work, &pool->worker[k])) return false;
        pool->started++;
    }
    return true;
}

mt_code mt_pool_open(mt_ctx *cx, mt_pool **out, int workers, int queue_max)
{
    if (workers < 1 || queue_max < 1)
        return mt_fail(cx, MT_E_INPUT, "a pool needs at least one worker and one place");
    mt_pool *pool = calloc(1, sizeof *pool);
    if (pool) pool->worker = calloc((size_t)workers, sizeof *pool->worker);
    if (pool) pool->ring = calloc((size_t)queue_max, sizeof *pool->ring);
    if (!pool || !pool->worker || !pool->ring) {
        if (pool) free(pool->worker);
        if (pool) free(pool->ring);
        free(pool);
        return mt_fail(cx, MT_E_MEMORY, "no memory for a pool of %d workers", workers);
    }
    pool->workers = workers;
    pool->queue_max = queue_max;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->changed, NULL);
    if (!start_workers(pool)) {
        mt_pool_close(pool);
        return mt_fail(cx, MT_E_FAILED, "the system starts no more threads (%d wanted)", workers);
    }
    *out = pool;
    return MT_OK;
}

void mt_pool_close(mt_pool *pool)
{
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    for (int k = 0; k < pool->started; k++) pthread_join(pool->worker[k].thread, NULL);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->ring);
    free(pool->worker);
    free(pool);
}

mt_code mt_pool_submit(mt_ctx *cx, mt_pool *pool, mt_job_fn *fn, void *arg)
{
    pthread_mutex_lock(&pool->lock);
    bool full = pool->queued == pool->queue_max;
    if (!full) {
        pool->ring[(pool->next + pool->queued) % pool->queue_max] = (struct job){fn, arg};
        pool->queued++;
        pthread_cond_signal(&pool->changed);
    }
    pthread_mutex_unlock(&pool->lock);
    return full ? mt_fail(cx, MT_E_BUSY, "all %d places in the queue are taken", pool->queue_max) : MT_OK;
}

int mt_pool_workers(const mt_pool *pool)
{
    return pool->workers;
}
