/* Tests of exact products and commercial rounding. */
#include "base/money.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void money__halves_round_away_from_zero(void **state)
{
    (void)state;
    static const int64_t row[][3] = {
        {5, 10, 1},
        {-5, 10, -1},
        {4, 10, 0},
        {-4, 10, 0},
        {15, 10, 2},
        {25, 10, 3},
        {-25, 10, -3},
        {1, 3, 0},
        {2, 3, 1},
        {-2, 3, -1},
        {-1, 3, 0},
        {0, 7, 0},
        {7, 1, 7},
        {3, 2, 2},
        {-3, 2, -2},
        {1, INT64_MAX, 0},
        {INT64_MAX, 1, INT64_MAX},
        {INT64_MIN, 1, INT64_MIN},
        {INT64_MAX, INT64_MAX, 1},
        {INT64_MIN, INT64_MAX, -1},
        {INT64_MAX, 2, INT64_MAX / 2 + 1}, /* (2^63 - 1) / 2 ends in a half */
    };
    for (size_t k = 0; k < COUNT(row); k++) assert_int_equal(mt_div_round(row[k][0], row[k][1]), row[k][2]);
}

static void money__rounding_is_odd_and_never_off_by_more_than_half(void **state)
{
    (void)state;
    for (int64_t d = 1; d <= 37; d++) {
        for (int64_t n = -500; n <= 500; n++) {
            int64_t q = mt_div_round(n, d);
            assert_int_equal(mt_div_round(-n, d), -q);
            int64_t rest = n - q * d;
            assert_true(2 * rest <= d && 2 * rest >= -d);
        }
    }
}

static void money__price_times_energy_is_exact_to_the_micro_euro(void **state)
{
    (void)state;
    static const struct { int64_t price, energy, amount; } row[] = {
        {62030000, 1000000, 62030000},       /* 62.03 EUR/MWh x 1 MWh */
        {62030000, 250000, 15507500},        /* a quarter of it */
        {-500000000, 1000000, -500000000},   /* a negative price pays the consumer */
        {1, 500000, 1},                      /* half a micro-euro goes away from zero */
        {-1, 500000, -1},
        {1, 499999, 0},
        {62030000, 0, 0},
        {INT64_MAX, 1000000, INT64_MAX},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        int64_t amount = 42;
        assert_true(mt_money_of(row[k].price, row[k].energy, &amount));
        assert_int_equal(amount, row[k].amount);
    }
}

static void money__overflow_is_told_and_leaves_the_amount_alone(void **state)
{
    (void)state;
    int64_t amount = 42;
    assert_false(mt_money_of(INT64_MAX, 1000001, &amount));
    assert_false(mt_money_of(INT64_MIN, 1000001, &amount));
    assert_false(mt_money_of(INT64_MIN, -1000000, &amount));
    assert_false(mt_money_of(INT64_MIN, INT64_MIN, &amount));
    assert_int_equal(amount, 42);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(money__halves_round_away_from_zero),
        cmocka_unit_test(money__rounding_is_odd_and_never_off_by_more_than_half),
        cmocka_unit_test(money__price_times_energy_is_exact_to_the_micro_euro),
        cmocka_unit_test(money__overflow_is_told_and_leaves_the_amount_alone),
    };
    return cmocka_run_group_tests_name("money", test, NULL, NULL);
}
