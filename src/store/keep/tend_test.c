/* Tending conserves energy: wherever it is stopped, whatever fails, and beside a writer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/keep/keep_case.h"

#include <pthread.h>
#include <stdatomic.h>

/* --- energy is conserved: values are 64ths, so that every order of adding gives the same sum --- */

enum { LONG = 96 * 80 }; /* quarters of eighty days: parts of four windows */

static uint64_t step_of(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Some missing, some negative, gaps of hours and of days. The sum is returned. */
static double fill_wild(testing *t, uint64_t seed, const char *area, size_t n)
{
    double sum = 0, *value;
    keep_must(t, MT_NEW(&t->cx, &value, n));
    for (size_t at = 0; at < n;) {
        size_t run = 1 + step_of(&seed) % 300;
        if (run > n - at) run = n - at;
        for (size_t k = 0; k < run; k++) {
            uint64_t x = step_of(&seed);
            value[k] = x % 11 == 0 ? NAN : ((double)(x % 100000) - 20000) / 64;
            if (!isnan(value[k])) sum += value[k];
        }
        keep_put(t, &(struct keep_given){"production", area, QUARTER, DAY0 + (mt_time)at * QUARTER, QUARTER,
                                         0, value, run});
        at += run + (step_of(&seed) % 4 ? step_of(&seed) % 9 : step_of(&seed) % 500);
    }
    return sum;
}

static double stored_sum(testing *t)
{
    return mt_table_real(
        testing_query(t, "SELECT sum(value) AS sum FROM observations WHERE kind = 'production'", NULL, 0), 0,
        0);
}

struct stopping {
    mt_ctx *cx;
    int left;
};

static void stop_at(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct stopping *s = arg;
    (void)what;
    (void)done;
    (void)total;
    (void)unit;
    if (s->left-- == 0) mt_ctx_cancel(s->cx);
}

/* Cancelled at the k-th window; true: it came to its end. */
static bool tend_stopped(testing *t, int k)
{
    mt_ctx cx;
    mt_tended *row;
    size_t n;
    struct stopping stopping = {&cx, k};
    mt_ctx_options options = {.size = sizeof options, .progress = stop_at, .arg = &stopping};
    mt_ctx_init(&cx, &options);
    mt_code code = mt_tend(&cx, &row, &n, t->store, NOW, false);
    mt_ctx_close(&cx);
    assert_true(code == MT_OK || code == MT_E_CANCELLED);
    return code == MT_OK;
}

static void tend__conserves_energy_wherever_it_is_stopped(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 1, "DK1", LONG) + fill_wild(t, 2, "DK2", LONG);
    mt_tended *row;
    keep_policy(t, "production", 3 * MT_US_DAY, MT_US_HOUR);
    assert_true(stored_sum(t) == sum);
    int64_t before = testing_count(t, "SELECT count(*) FROM observation");
    int stops = 0;
    while (!tend_stopped(t, 1)) { /* one window each time */
        stops++;
        assert_true(stored_sum(t) == sum);
        int64_t now = testing_count(t, "SELECT count(*) FROM observation");
        assert_true(now < before); /* and every time something is done */
        before = now;
        keep_check(t);
        assert_true(stops < 20);
    }
    assert_int_equal(stops, 7); /* of two series in four windows each */
    assert_true(stored_sum(t) == sum);
    assert_int_equal(keep_tend(t, &row, false), 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
    keep_policy(t, "production", 2 * MT_US_DAY, MT_US_DAY); /* and coarser still */
    keep_tend(t, &row, false);
    assert_true(stored_sum(t) == sum);
}

/* Memory that ends after `left` allocations. */
static void *counted_alloc(void *arg, size_t bytes)
{
    int *left = arg;
    return (*left)-- > 0 ? malloc(bytes) : NULL;
}

static void counted_free(void *arg, void *at, size_t bytes)
{
    (void)arg;
    (void)bytes;
    free(at);
}

static void tend__conserves_energy_when_an_allocation_fails(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 3, "DK1", 96 * 4);
    int allocations = 0;
    keep_policy(t, "production", MT_US_DAY, MT_US_HOUR);
    for (mt_code code = MT_E_MEMORY; code != MT_OK; allocations++) {
        mt_ctx cx;
        mt_tended *row;
        size_t n;
        int left = allocations;
        mt_ctx_options options = {.size = sizeof options, .allocator = {counted_alloc, counted_free, &left}};
        mt_ctx_init(&cx, &options);
        code = mt_tend(&cx, &row, &n, t->store, NOW, false);
        mt_ctx_close(&cx);
        if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
        assert_true(stored_sum(t) == sum);
        assert_true(allocations < 2000);
    }
    print_message("%d allocations failed, one after another\n", allocations - 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
}

/* A clock that reaches the deadline when it is looked at for the k-th time. */
static int64_t counted_clock(void *arg)
{
    int *left = arg;
    return (*left)-- > 0 ? 0 : 2;
}

static mt_code tend_until(testing *t, int looks)
{
    mt_ctx cx;
    mt_tended *row;
    size_t n;
    mt_ctx_options options = {
        .size = sizeof options, .monotonic_us = counted_clock, .deadline_us = 1, .arg = &looks};
    mt_ctx_init(&cx, &options);
    mt_code code = mt_tend(&cx, &row, &n, t->store, NOW, false);
    mt_ctx_close(&cx);
    return code;
}

static void tend__conserves_energy_when_its_time_runs_out_anywhere(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 5, "DK1", 96 * 4);
    int looks = 0;
    keep_policy(t, "production", MT_US_DAY, MT_US_HOUR);
    for (mt_code code = MT_E_DEADLINE; code != MT_OK; looks++) {
        code = tend_until(t, looks);
        if (code != MT_OK) assert_int_equal(code, MT_E_DEADLINE);
        assert_true(stored_sum(t) == sum);
        assert_true(looks < 2000);
    }
    print_message("stopped at %d places\n", looks - 1);
    assert_true(looks > 10);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
    keep_check(t);
}

/* Sums that rounding could spoil: 2^53, a thousand ones, -2^53. */
static void tend__adds_small_values_beside_large_ones(void **state)
{
    testing *t = *state;
    double value[3600];
    mt_tended *row;
    for (int k = 0; k < 3600; k++) value[k] = 1;
    value[0] = 9007199254740992;
    value[3599] = -9007199254740992;
    keep_put(t, &(struct keep_given){"production", "DK1", MT_US_SECOND, DAY0, MT_US_SECOND, 0, value, 3600});
    keep_policy(t, "production", MT_US_DAY, MT_US_HOUR);
    keep_tend(t, &row, false);
    keep_check_value(keep_values(t, "production"), 0, MT_US_HOUR, DAY0, 3598);
}

static void tend__told_to_change_nothing_says_what_it_would_do(void **state)
{
    testing *t = *state;
    mt_tended *told, *done;
    fill_wild(t, 4, "DK1", 96 * 40);
    keep_put(
        t, &(struct keep_given){"production", "DK1", QUARTER, DAY0, QUARTER, NOW, (const double[]){1, 2}, 2});
    keep_policy(t, "production", MT_US_DAY, MT_US_HOUR);
    int64_t before = testing_count(t, "SELECT count(*) FROM observation");
    assert_int_equal(keep_tend(t, &told, true), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), before);
    assert_int_equal(keep_tend(t, &done, false), 1);
    assert_memory_equal(&told->done, &done->done, sizeof told->done);
    assert_true(told->from == done->from && told->to == done->to && done->done.removed > done->done.rolled);
}

/* --- beside a writer --- */

struct writer {
    testing *t;
    _Atomic int stop;
    int hours;
    mt_code code;
};

static void *write_hours(void *arg)
{
    struct writer *w = arg;
    const double four[] = {0.25, 0.5, 1, 2};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (; !w->stop && w->code == MT_OK; w->hours++) {
        mt_mark mark = mt_arena_mark(&cx.arena);
        w->code = keep_put_rows(&cx, w->t->store,
                                &(struct keep_given){"production", "DK1", QUARTER,
                                                     DAY0 + w->hours % 48 * MT_US_HOUR, QUARTER,
                                                     DAY0 + w->hours, four, 4});
        mt_arena_reset(&cx.arena, mark);
        if (w->hours == 400) break;
    }
    if (w->code != MT_OK) print_error("%s\n", cx.err);
    mt_ctx_close(&cx);
    return NULL;
}

static void tend__loses_nothing_beside_a_writer(void **state)
{
    testing *t = *state;
    pthread_t thread;
    struct writer writer = {.t = t};
    mt_tended *row;
    keep_policy(t, "production", MT_US_DAY, MT_US_HOUR);
    assert_int_equal(pthread_create(&thread, NULL, write_hours, &writer), 0);
    for (int k = 0; k < 60; k++) keep_tend(t, &row, false);
    writer.stop = 1;
    pthread_join(thread, NULL);
    assert_int_equal(writer.code, MT_OK);
    keep_tend(t, &row, false);
    int hours = writer.hours < 48 ? writer.hours : 48;
    print_message("%d hours written meanwhile\n", writer.hours);
    assert_true(stored_sum(t) == 3.75 * hours);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), hours);
    keep_check(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tend__conserves_energy_wherever_it_is_stopped, keep_clear),
        cmocka_unit_test_setup(tend__conserves_energy_when_an_allocation_fails, keep_clear),
        cmocka_unit_test_setup(tend__conserves_energy_when_its_time_runs_out_anywhere, keep_clear),
        cmocka_unit_test_setup(tend__adds_small_values_beside_large_ones, keep_clear),
        cmocka_unit_test_setup(tend__told_to_change_nothing_says_what_it_would_do, keep_clear),
        cmocka_unit_test_setup(tend__loses_nothing_beside_a_writer, keep_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "tend");
}
