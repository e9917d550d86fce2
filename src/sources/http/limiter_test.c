/* Tests of the limits of rate, on a clock of their own. */
#include "sources/http/limiter.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

enum { MANY = 4000 };

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

typedef struct rule {
    double rate;
    int burst, window_max;
    mt_time window;
} rule;

static const rule rules[] = {
    {0, 0, 40, 10 * MT_US_SECOND}, /* Energi Data Service */
    {0, 0, 1, MT_US_SECOND},
    {100.0 / 60, 10, 0, 0},         /* Flatpeak */
    {1000.0 / 3600, 1, 0, 0},       /* NREL */
    {7, 3, 0, 0},                   /* an interval that is no whole number */
    {5, 20, 30, 10 * MT_US_SECOND}, /* both at once */
    {0.5, 2, 3, MT_US_SECOND},
};

/* Moments given to requests that come in fits and starts. */
static void run_requests(const rule *r, uint64_t seed, mt_time at[MANY])
{
    mt_ctx cx;
    mt_limiter limiter;
    mt_time now = -5 * MT_US_SECOND; /* a clock may start anywhere */
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_limiter_init(&cx, &limiter, r->rate, r->burst, r->window_max, r->window), MT_OK);
    for (int k = 0; k < MANY; k++) {
        uint64_t chance = draw(&seed) % 100;
        if (chance < 20) now += (mt_time)(draw(&seed) % (uint64_t)MT_US_SECOND);
        if (chance == 99) now += (mt_time)(draw(&seed) % (uint64_t)(30 * MT_US_SECOND));
        assert_true(mt_limiter_take(&limiter, now, INT64_MAX, &at[k]));
        assert_true(at[k] >= now);
        assert_true(k == 0 || at[k] >= at[k - 1]); /* who asks first starts first */
    }
    mt_limiter_close(&limiter);
    mt_ctx_close(&cx);
}

/* In [at[k], at[k] + window) at most window_max, for every k: then in every window. */
static void check_window(const rule *r, const mt_time at[MANY])
{
    for (int k = 0; r->window_max && k + r->window_max < MANY; k++)
        assert_true(at[k + r->window_max] - at[k] >= r->window);
}

/* From at[k] to at[i] at most burst + rate x time. */
static void check_bucket(const rule *r, const mt_time at[MANY])
{
    for (int k = 0; r->rate > 0 && k < MANY; k++) {
        for (int i = k; i < MANY && i < k + 200; i++)
            assert_true(i - k + 1 <= r->burst + r->rate * (double)(at[i] - at[k]) / 1e6 + 1e-6);
    }
}

static void limiter__never_gives_more_than_allowed_in_any_window(void **state)
{
    static mt_time at[MANY];
    (void)state;
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        for (uint64_t seed = 1; seed <= 5; seed++) {
            run_requests(&rules[k], seed, at);
            check_window(&rules[k], at);
            check_bucket(&rules[k], at);
        }
    }
}

/* Nothing is wasted either: asked without pause, n requests take just as long as the limit demands. */
static void limiter__gives_all_that_is_allowed(void **state)
{
    mt_ctx cx;
    mt_limiter limiter;
    mt_time at = 0;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_limiter_init(&cx, &limiter, 0, 0, 40, 10 * MT_US_SECOND), MT_OK);
    for (int k = 0; k < 81; k++) assert_true(mt_limiter_take(&limiter, 0, INT64_MAX, &at));
    assert_int_equal(at, 20 * MT_US_SECOND); /* 40 at 0 s, 40 at 10 s, the next at 20 s */
    mt_limiter_close(&limiter);
    assert_int_equal(mt_limiter_init(&cx, &limiter, 2, 5, 0, 0), MT_OK);
    for (int k = 0; k < 25; k++) assert_true(mt_limiter_take(&limiter, 0, INT64_MAX, &at));
    assert_int_equal(at, 10 * MT_US_SECOND); /* 5 at once, then two a second */
    mt_limiter_close(&limiter);
    mt_ctx_close(&cx);
}

static void limiter__starves_nobody(void **state)
{
    mt_ctx cx;
    mt_limiter limiter;
    mt_time patient, greedy = 0;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_limiter_init(&cx, &limiter, 1, 1, 0, 0), MT_OK);
    for (int k = 0; k < 3; k++) assert_true(mt_limiter_take(&limiter, 0, INT64_MAX, &greedy));
    assert_true(mt_limiter_take(&limiter, 0, INT64_MAX, &patient));
    for (int k = 0; k < 100; k++) assert_true(mt_limiter_take(&limiter, 0, INT64_MAX, &greedy));
    assert_int_equal(patient, 3 * MT_US_SECOND); /* as booked, whatever others ask later */
    assert_true(greedy > patient);
    mt_limiter_close(&limiter);
    mt_ctx_close(&cx);
}

static void limiter__books_nothing_for_who_cannot_wait(void **state)
{
    mt_ctx cx;
    mt_limiter limiter;
    mt_time at;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_limiter_init(&cx, &limiter, 1, 1, 0, 0), MT_OK);
    assert_true(mt_limiter_take(&limiter, 0, 0, &at));
    for (int k = 0; k < 10; k++) {
        assert_false(mt_limiter_take(&limiter, 0, 999999, &at));
        assert_int_equal(at, MT_US_SECOND);
    }
    assert_true(mt_limiter_take(&limiter, 0, MT_US_SECOND, &at));
    mt_limiter_close(&limiter);
    mt_ctx_close(&cx);
}

static void limiter__is_silent_for_as_long_as_the_provider_asks(void **state)
{
    mt_ctx cx;
    mt_limiter limiter;
    mt_time at;
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_limiter_init(&cx, &limiter, 0, 0, 0, 0), MT_OK);
    assert_true(mt_limiter_take(&limiter, 5, INT64_MAX, &at));
    assert_int_equal(at, 5); /* no limit */
    mt_limiter_pause(&limiter, 100);
    mt_limiter_pause(&limiter, 50); /* an earlier end does not shorten it */
    assert_true(mt_limiter_take(&limiter, 6, INT64_MAX, &at));
    assert_int_equal(at, 100);
    mt_limiter_close(&limiter);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limiter__never_gives_more_than_allowed_in_any_window),
        cmocka_unit_test(limiter__gives_all_that_is_allowed),
        cmocka_unit_test(limiter__starves_nobody),
        cmocka_unit_test(limiter__books_nothing_for_who_cannot_wait),
        cmocka_unit_test(limiter__is_silent_for_as_long_as_the_provider_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
