/* Tests of summaries and quantiles, against figures of numpy and against exact cases. */
#include "num/stats.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void stats__summary_leaves_missing_values_out(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_stats s;
    mt_ctx_init(&cx, NULL);
    const double value[] = {3, NAN, 1, 2, 10};
    assert_int_equal(mt_stats_of(&cx, &s, value, COUNT(value)), MT_OK);
    assert_int_equal(s.n, 4);
    assert_true(s.mean == 4 && s.min == 1 && s.max == 10 && s.median == 2.5);
    assert_true(fabs(s.sd - sqrt(50.0 / 3)) < 1e-14);
    assert_int_equal(mt_stats_of(&cx, &s, value + 1, 1), MT_OK);
    assert_true(s.n == 0 && isnan(s.mean) && isnan(s.min) && isnan(s.max) && isnan(s.median) && isnan(s.sd));
    assert_int_equal(mt_stats_of(&cx, &s, value, 1), MT_OK);
    assert_true(s.mean == 3 && isnan(s.sd));
    mt_ctx_close(&cx);
}

static void stats__quantiles_interpolate_between_order_statistics(void **state)
{
    (void)state;
    mt_ctx cx;
    double q;
    mt_ctx_init(&cx, NULL);
    /* numpy.quantile([7, 15, 36, 39, 40, 41], [.25, .5, .75, .1]) = 20.25, 37.5, 39.75, 11.0 */
    const double value[] = {40, 7, 41, 15, 39, 36}, at[] = {0.25, 0.5, 0.75, 0.1, 0, 1};
    const double right[] = {20.25, 37.5, 39.75, 11, 7, 41};
    for (size_t k = 0; k < COUNT(at); k++) {
        assert_int_equal(mt_quantile(&cx, &q, value, COUNT(value), at[k]), MT_OK);
        assert_true(fabs(q - right[k]) < 1e-12);
    }
    assert_int_equal(mt_quantile(&cx, &q, value, COUNT(value), 1.5), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "1.5"));
    assert_int_equal(mt_quantile(&cx, &q, value, COUNT(value), NAN), MT_E_INPUT);
    mt_ctx_close(&cx);
}

static void stats__mean_keeps_small_values_beside_large_ones(void **state)
{
    (void)state;
    const double value[] = {1e16, 1, -1e16, 1, 1, 1};
    assert_true(mt_mean(value, COUNT(value)) == 4.0 / 6);
    assert_true(isnan(mt_mean(NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(stats__summary_leaves_missing_values_out),
        cmocka_unit_test(stats__quantiles_interpolate_between_order_statistics),
        cmocka_unit_test(stats__mean_keeps_small_values_beside_large_ones),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
