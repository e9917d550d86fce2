/* Halves go away from zero, and what is missing stays so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/exact.h"

static void exact__rounds_halves_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(mt_wh_of_kw(2000), 1); /* 0.002 kW for a quarter hour is half a Wh */
    assert_int_equal(mt_wh_of_kw(-2000), -1);
    assert_int_equal(mt_wh_of_kw(1999), 0);
    assert_int_equal(mt_ueur_of(5, 100000), 1);
    assert_int_equal(mt_ueur_of(-5, 100000), -1);
    assert_int_equal(mt_cent_of_ueur(-5000), -1);
    assert_int_equal(mt_cent_of_ueur(4999), 0);
}

static void exact__multiplies_beyond_64_bits(void **state)
{
    (void)state;
    /* 9 TWh at 100,000 EUR/MWh is 900 G EUR: the product of the integers has 85 bits. */
    assert_true(mt_ueur_of(9000000000000, 100000000000) == 900000000000000000);
    assert_int_equal(mt_micro_percent_of(1000000, 19000000), 190000);
}

static void exact__rounds_a_product_of_three_once(void **state)
{
    (void)state;
    /* 1 Wh at 0.5 EUR/MWh is 0.5 micro-EUR, of which 90 % are 0.45: rounded in two steps it would be 1. */
    assert_int_equal(mt_ueur_percent_of(1, 500000, 90000000), 0);
    assert_int_equal(mt_ueur_percent_of(-1, 500000, 100000000), -1);
    /* 4 MW x 3 EUR/MW x 96 of 2880 quarters = 0.40 EUR */
    assert_int_equal(mt_exact_ratio3(4000000, 3000000, 96, 2880 * INT64_C(1000000)), 400000);
    assert_int_equal(mt_wh_of_w(1088001), 272000);
    assert_int_equal(mt_wh_of_w(2), 1);
}

static void exact__has_no_result_where_it_does_not_fit(void **state)
{
    (void)state;
    assert_true(mt_exact_ratio(INT64_MAX, 2, 1) == INT64_MIN);
    assert_true(mt_exact_ratio(INT64_MAX, 2, 2) == INT64_MAX);
    assert_true(mt_exact_ratio3(INT64_MAX, INT64_MAX, 8, 1) == INT64_MIN);
    assert_true(mt_exact_sum(INT64_MAX, 1) == INT64_MIN);
    assert_true(mt_exact_sum(1, MT_WH_NONE) == MT_WH_NONE);
    assert_int_equal(mt_exact_sum(-3, 1), -2);
    assert_true(mt_exact_difference(1, MT_WH_NONE) == MT_WH_NONE);
    assert_int_equal(mt_exact_difference(-3, 1), -4);
}

static void exact__keeps_what_is_missing(void **state)
{
    (void)state;
    assert_true(mt_wh_of_kw(MT_MICRO_NONE) == MT_WH_NONE);
    assert_true(mt_ueur_of(MT_WH_NONE, 1) == MT_MICRO_NONE);
    assert_true(mt_ueur_of(1, MT_MICRO_NONE) == MT_MICRO_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact__rounds_halves_away_from_zero),
        cmocka_unit_test(exact__multiplies_beyond_64_bits),
        cmocka_unit_test(exact__rounds_a_product_of_three_once),
        cmocka_unit_test(exact__has_no_result_where_it_does_not_fit),
        cmocka_unit_test(exact__keeps_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
