/* Tests of the worker pool: nothing accepted is lost, nothing is accepted that has no place. */
#include "base/pool.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <pthread.h>
#include <string.h>
#include <cmocka.h>

enum { WORKERS = 3 };

/* A gate that jobs wait at, so that a test decides when a worker is free again. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting;
    bool open;
};

static void wait_at_gate(void *arg, int worker)
{
    struct gate *gate = arg;
    (void)worker;
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open) pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void wait_for_workers(struct gate *gate, int n)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->waiting < n) pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

#define GATE {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER}

static void add_one(void *arg, int worker)
{
    (void)worker;
    __atomic_fetch_add((int *)arg, 1, __ATOMIC_RELAXED);
}

/* One slot a worker, written without a lock: safe only if no two jobs run under one index. */
struct tally {
    int64_t of_worker[WORKERS];
    int outside;
};

static void count_worker(void *arg, int worker)
{
    struct tally *tally = arg;
    if (worker < 0 || worker >= WORKERS) {
        __atomic_fetch_add(&tally->outside, 1, __ATOMIC_RELAXED);
    } else {
        tally->of_worker[worker]++;
    }
}

static void pool__runs_every_job_once(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool;
    int done = 0, accepted = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, WORKERS, 64), MT_OK);
    assert_int_equal(mt_pool_workers(pool), WORKERS);
    while (accepted < 5000) {
        mt_code code = mt_pool_submit(&cx, pool, add_one, &done);
        assert_true(code == MT_OK || code == MT_E_BUSY);
        accepted += code == MT_OK;
    }
    mt_pool_close(pool);
    assert_int_equal(done, 5000);
    mt_ctx_close(&cx);
}

static void pool__tells_each_job_its_worker(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool;
    struct tally tally = {0};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, WORKERS, 16), MT_OK);
    for (int k = 0; k < 3000;) k += mt_pool_submit(&cx, pool, count_worker, &tally) == MT_OK;
    mt_pool_close(pool);
    int64_t sum = 0;
    for (int k = 0; k < WORKERS; k++) sum += tally.of_worker[k];
    assert_int_equal(sum, 3000);
    assert_int_equal(tally.outside, 0);
    mt_ctx_close(&cx);
}

static void pool__a_full_queue_refuses_at_once(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool;
    struct gate gate = GATE;
    int done = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, 2, 3), MT_OK);
    for (int k = 0; k < 2; k++) assert_int_equal(mt_pool_submit(&cx, pool, wait_at_gate, &gate), MT_OK);
    wait_for_workers(&gate, 2); /* both workers are taken: what follows has to wait in the queue */
    for (int k = 0; k < 3; k++) assert_int_equal(mt_pool_submit(&cx, pool, add_one, &done), MT_OK);
    assert_int_equal(mt_pool_submit(&cx, pool, add_one, &done), MT_E_BUSY);
    assert_string_equal(cx.err, "all 3 places in the queue are taken");
    open_gate(&gate);
    while (mt_pool_submit(&cx, pool, add_one, &done) == MT_E_BUSY) {
    }
    mt_pool_close(pool);
    assert_int_equal(done, 4);
    mt_ctx_close(&cx);
}

static void *close_pool(void *pool)
{
    mt_pool_close(pool);
    return NULL;
}

static void pool__close_finishes_what_was_accepted(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool;
    struct gate gate = GATE;
    pthread_t closer;
    int done = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, 1, 100), MT_OK);
    assert_int_equal(mt_pool_submit(&cx, pool, wait_at_gate, &gate), MT_OK);
    wait_for_workers(&gate, 1);
    for (int k = 0; k < 100; k++) assert_int_equal(mt_pool_submit(&cx, pool, add_one, &done), MT_OK);
    assert_int_equal(pthread_create(&closer, NULL, close_pool, pool), 0);
    assert_int_equal(__atomic_load_n(&done, __ATOMIC_RELAXED), 0); /* the only worker waits at the gate */
    open_gate(&gate);
    assert_int_equal(pthread_join(closer, NULL), 0);
    assert_int_equal(done, 100);
    mt_ctx_close(&cx);
}

struct submitter {
    mt_pool *pool;
    int *done;
};

static void *submit_many(void *arg)
{
    struct submitter *self = arg;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (int k = 0; k < 1000;) k += mt_pool_submit(&cx, self->pool, add_one, self->done) == MT_OK;
    mt_ctx_close(&cx);
    return NULL;
}

static void pool__many_threads_may_submit(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool;
    pthread_t thread[4];
    int done = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, 2, 8), MT_OK);
    struct submitter self = {pool, &done};
    for (int k = 0; k < 4; k++) assert_int_equal(pthread_create(&thread[k], NULL, submit_many, &self), 0);
    for (int k = 0; k < 4; k++) assert_int_equal(pthread_join(thread[k], NULL), 0);
    mt_pool_close(pool);
    assert_int_equal(done, 4000);
    mt_ctx_close(&cx);
}

static void pool__needs_a_worker_and_a_place(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_pool *pool = NULL;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pool_open(&cx, &pool, 0, 1), MT_E_INPUT);
    assert_int_equal(mt_pool_open(&cx, &pool, 1, 0), MT_E_INPUT);
    assert_int_equal(mt_pool_open(&cx, &pool, -1, -1), MT_E_INPUT);
    assert_null(pool);
    assert_int_equal(mt_pool_open(&cx, &pool, 1, 1), MT_OK);
    mt_pool_close(pool); /* never used */
    mt_pool_close(NULL);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(pool__runs_every_job_once),
        cmocka_unit_test(pool__tells_each_job_its_worker),
        cmocka_unit_test(pool__a_full_queue_refuses_at_once),
        cmocka_unit_test(pool__close_finishes_what_was_accepted),
        cmocka_unit_test(pool__many_threads_may_submit),
        cmocka_unit_test(pool__needs_a_worker_and_a_place),
    };
    return cmocka_run_group_tests_name("pool", test, NULL, NULL);
}
