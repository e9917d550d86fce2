/* What the portable functions must keep: they agree with libm to a few units in the last place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "num/portable.h"
#include "num/rng.h"

enum { MANY = 200000 };

static void portable__agrees_with_libm(void **state)
{
    (void)state;
    const double turn = 6.283185307179586;
    mt_rng rng = mt_rng_new(21);
    for (int i = 0; i < MANY; i++) {
        double x = 1400.0 * (mt_rng_uniform(&rng) - 0.5);
        assert_true(fabs(mt_portable_exp(x) / exp(x) - 1.0) < 4e-15);
        double y = mt_rng_lognormal(&rng, 1.0, 20.0);
        assert_true(fabs(mt_portable_log(y) - log(y)) < 4e-15 * (1.0 + fabs(log(y))));
        double t = 4.0 * (mt_rng_uniform(&rng) - 0.5);
        assert_true(fabs(mt_portable_sin_turns(t) - sin(turn * t)) < 4e-15);
        assert_true(fabs(mt_portable_cos_turns(t) - cos(turn * t)) < 4e-15);
    }
}

static void portable__rounds_half_away_from_zero(void **state)
{
    (void)state;
    assert_true(mt_portable_round(2.5, 1.0) == 3.0 && mt_portable_round(-2.5, 1.0) == -3.0);
    assert_true(mt_portable_round(12.344, 100.0) == 12.34 && mt_portable_round(-0.06, 10.0) == -0.1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(portable__agrees_with_libm),
        cmocka_unit_test(portable__rounds_half_away_from_zero),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
