/* What noise must keep: mean 0, variance 1, the promised memory, no seam at midnight. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "simulate/noise.h"

enum { DAYS = 3000 };

static void noise__is_standard_with_its_memory(void **state)
{
    (void)state;
    mt_rng stream = mt_rng_new(4);
    double sum = 0.0, squares = 0.0, lagged = 0.0, mark[MT_SIM_MARKS];
    for (mt_day day = 0; day < DAYS; day++) {
        mt_sim_noise_hours(mark, &stream, day, 10.0);
        sum += mark[3];
        squares += mark[3] * mark[3];
        lagged += mark[3] * mark[13];
    }
    assert_true(fabs(sum / DAYS) < 0.08);
    assert_true(fabs(squares / DAYS - 1.0) < 0.12);
    assert_true(fabs(lagged / squares - exp(-1.0)) < 0.07);
}

static void noise__goes_on_over_midnight(void **state)
{
    (void)state;
    mt_rng stream = mt_rng_new(5);
    double today[MT_SIM_MARKS], tomorrow[MT_SIM_MARKS];
    for (mt_day day = 20000; day < 20050; day++) {
        mt_sim_noise_hours(today, &stream, day, 30.0);
        mt_sim_noise_hours(tomorrow, &stream, day + 1, 30.0);
        assert_true(fabs(today[24] - tomorrow[0]) < 0.01);
    }
}

static void noise__a_day_value_is_standard_too(void **state)
{
    (void)state;
    mt_rng stream = mt_rng_new(6);
    double squares = 0.0, lagged = 0.0;
    for (mt_day day = 0; day < DAYS; day++) {
        double x = mt_sim_noise_day(&stream, day, 5.0);
        squares += x * x;
        lagged += x * mt_sim_noise_day(&stream, day + 5, 5.0);
    }
    assert_true(fabs(squares / DAYS - 1.0) < 0.15);
    assert_true(fabs(lagged / squares - exp(-1.0)) < 0.1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(noise__is_standard_with_its_memory),
        cmocka_unit_test(noise__goes_on_over_midnight),
        cmocka_unit_test(noise__a_day_value_is_standard_too),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
