/* Tests of the tally: quantiles equal those of the sorted values themselves, whatever was added how often. */
#include "num/tally.h"

#include "num/stats.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ x >> 29;
}

static void tally__quantiles_are_those_of_the_values(void **state)
{
    (void)state;
    enum { N = 5000 };
    static double value[N];
    uint64_t seed = 3;
    for (int round = 0; round < 20; round++) {
        mt_ctx cx;
        mt_tally *t;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_tally_new(&cx, &t), MT_OK);
        uint64_t range = (uint64_t)1 << (round + 1);
        size_t n = 1 + next_random(&seed) % N;
        for (size_t i = 0; i < n; i++) {
            int64_t v = (int64_t)(next_random(&seed) % range) - (int64_t)(range / 3);
            value[i] = (double)v;
            assert_int_equal(mt_tally_add(&cx, t, v, 1), MT_OK);
        }
        assert_int_equal(mt_tally_n(t), n);
        for (double q = 0; q <= 1; q += 0.125) {
            double a, b;
            assert_int_equal(mt_tally_quantile(&cx, &a, t, q), MT_OK);
            assert_int_equal(mt_quantile(&cx, &b, value, n, q), MT_OK);
            assert_true(a == b);
        }
        mt_ctx_close(&cx);
    }
}

static void tally__counts_repeated_values(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_tally *t;
    double q;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_tally_new(&cx, &t), MT_OK);
    assert_int_equal(mt_tally_quantile(&cx, &q, t, 0.5), MT_OK);
    assert_true(isnan(q));
    assert_int_equal(mt_tally_add(&cx, t, 10, 3), MT_OK);
    assert_int_equal(mt_tally_add(&cx, t, -5, 1), MT_OK);
    assert_int_equal(mt_tally_add(&cx, t, 7, 0), MT_OK);
    assert_int_equal(mt_tally_quantile(&cx, &q, t, 0.5), MT_OK);
    assert_true(q == 10);
    assert_int_equal(mt_tally_add(&cx, t, 20, 4), MT_OK); /* after a quantile: sorted anew */
    assert_int_equal(mt_tally_quantile(&cx, &q, t, 0.5), MT_OK);
    assert_true(q == 15);
    assert_int_equal(mt_tally_n(t), 8);
    assert_int_equal(mt_tally_distinct(t), 3);
    mt_tally_count c = mt_tally_split(t, -5, 10);
    assert_true(c.below == 0 && c.inside == 4 && c.above == 4);
    c = mt_tally_split(t, -4.5, 30);
    assert_true(c.below == 1 && c.inside == 7 && c.above == 0);
    assert_int_equal(mt_tally_add(&cx, t, INT64_MIN, 1), MT_E_INPUT);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(tally__quantiles_are_those_of_the_values),
        cmocka_unit_test(tally__counts_repeated_values),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
