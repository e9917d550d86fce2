/* Tests of the quality report: the reference file's published figures, gaps, doubled rows, empty input. */
#include "market/quality.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "market/order_case.h"

static struct test_orders orders;

static mt_quality_report report_of(struct test_orders *o)
{
    mt_ctx cx;
    mt_quality *q;
    mt_quality_report r = {0};
    mt_ctx_init(&cx, NULL);
    mt_order_source source = test_orders_source(o);
    if (mt_quality_new(&cx, &q) || mt_quality_fill(&cx, q, &source) || mt_quality_of(&cx, &r, q)) {
        fail_msg("%s", cx.err);
    }
    mt_ctx_close(&cx);
    return r;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9 * (1 + fabs(b));
}

/* Figures of the earlier system's quality report on the same file, read with pandas. */
static void quality__finds_what_is_known_of_the_reference_file(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_quality_report r = report_of(&orders);
    assert_int_equal(r.rows, 2975);
    assert_int_equal(r.buys, 1508);
    assert_int_equal(r.sells, 1467);
    assert_int_equal(r.price.missing, 59);
    assert_int_equal(r.volume.missing, 51);
    assert_int_equal(round(r.price.missing_percent * 100), 198);
    assert_int_equal(round(r.volume.missing_percent * 100), 171);
    assert_true(near(r.price.median, 61.11));
    assert_true(round(r.price.low * 100) == -1856);
    assert_int_equal(round(r.price.high * 100), 14055);
    assert_int_equal(r.price.outliers, 32);
    assert_int_equal(round(r.price.outliers_percent * 100), 108);
    assert_true(near(r.volume.low, -906) && near(r.volume.high, 2976));
    assert_int_equal(r.volume.outliers, 39);
    assert_int_equal(round(r.volume.outliers_percent * 100), 131);
    assert_int_equal(r.price_extreme, 32);
    assert_true(near(r.price.max, 4883.99));
    assert_int_equal(r.price.negative + r.volume.negative, 0);
    assert_int_equal(r.doubled, 0);
    assert_true(r.doubled_complete && r.passed);
    char first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    mt_time_text(r.first, first);
    mt_time_text(r.last, last);
    assert_string_equal(first, "2023-12-31T23:02:22Z");
    assert_string_equal(last, "2024-01-03T23:02:13Z");
    assert_int_equal(r.gaps, 0);
    assert_true(r.continuity_percent == 100);
}

static void quality__counts_gaps_in_time_whatever_the_order_of_rows(void **state)
{
    (void)state;
    static const int minute[] = {500, 0, 120, 121, 300, -400, 241, 122};
    orders.n = 0;
    orders.batch = 3;
    for (size_t k = 0; k < 8; k++) test_orders_add(&orders, minute[k] * MT_US_MINUTE, (mt_micro)k, 1, MT_BUY);
    mt_quality_report r = report_of(&orders);
    /* -400 … 0 and 300 … 500; 0 … 120 is exactly 120 minutes and no gap. */
    assert_int_equal(r.gaps, 2);
    assert_true(r.gap_minutes == 600 && r.longest_gap_minutes == 400);
    assert_true(near(r.continuity_percent, 300.0 / 900 * 100));
    assert_int_equal(r.first, -400 * MT_US_MINUTE);
}

static void quality__counts_doubled_rows_with_missing_values_alike(void **state)
{
    (void)state;
    orders.n = 0;
    orders.batch = 7;
    for (int round = 0; round < 3; round++) {
        for (int k = 0; k < 1000; k++) test_orders_add(&orders, k / 10, k % 10, k, k & 1);
        test_orders_add(&orders, MT_TIME_NONE, MT_MICRO_NONE, MT_MICRO_NONE, MT_SIDE_NONE);
    }
    test_orders_add(&orders, 0, 0, 0, MT_BUY); /* only the side differs */
    mt_quality_report r = report_of(&orders);
    assert_int_equal(r.doubled, 2002);
    assert_int_equal(r.time_missing, 3);
    assert_int_equal(r.side_missing, 3);
    assert_int_equal(r.price.missing, 3);
}

static void quality__fails_when_more_than_a_tenth_is_missing(void **state)
{
    (void)state;
    orders.n = 0;
    orders.batch = 100;
    for (int k = 0; k < 10; k++) test_orders_add(&orders, k, k ? 5 : MT_MICRO_NONE, 7, MT_BUY);
    assert_true(report_of(&orders).passed); /* exactly 10 % */
    test_orders_add(&orders, 77, MT_MICRO_NONE, -7, MT_BUY);
    mt_quality_report r = report_of(&orders);
    assert_false(r.passed);
    assert_int_equal(r.volume.negative, 1);
}

static void quality__of_nothing_is_missing_and_not_passed(void **state)
{
    (void)state;
    orders.n = 0;
    orders.batch = 1;
    mt_quality_report r = report_of(&orders);
    assert_false(r.passed);
    assert_true(isnan(r.price.median) && isnan(r.volume.high) && isnan(r.continuity_percent));
    assert_true(r.first == MT_TIME_NONE);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(quality__finds_what_is_known_of_the_reference_file),
        cmocka_unit_test(quality__counts_gaps_in_time_whatever_the_order_of_rows),
        cmocka_unit_test(quality__counts_doubled_rows_with_missing_values_alike),
        cmocka_unit_test(quality__fails_when_more_than_a_tenth_is_missing),
        cmocka_unit_test(quality__of_nothing_is_missing_and_not_passed),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
