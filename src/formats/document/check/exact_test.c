/* Exact decimals: what is read, how it is rounded, and that nothing wraps around. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/check/exact.h"

static void show(mt_exact a, const char *wanted)
{
    char text[MT_EXACT_TEXT_MAX];
    assert_true(a.there);
    assert_string_equal(mt_exact_text(a, text), wanted);
}

static mt_exact of(const char *text)
{
    return mt_exact_of(text);
}

static void exact__reads_decimals_and_nothing_else(void **state)
{
    static const char *const bad[] = {"",      "-",  ".",   "1e3", "1,5",
                                      "1.2.3", " 1", "0x1", "NaN", "1000000000000000000"};
    (void)state;
    show(of("-12.3400"), "-12.34");
    show(of("+7"), "7.00");
    show(of(".5"), "0.50");
    show(of("00000000000000000000001"), "1.00");
    show(of("0.00000000005"), "0.0000000001"); /* the eleventh place is rounded */
    show(of("0.000000000049"), "0.00");
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) assert_false(of(bad[k]).there);
    assert_false(of(NULL).there);
}

static void exact__rounds_half_away_from_zero_once(void **state)
{
    (void)state;
    show(mt_exact_round(of("1.005"), 2), "1.01");
    show(mt_exact_round(of("-1.005"), 2), "-1.01");
    show(mt_exact_round(of("1.00499"), 2), "1.00");
    show(mt_exact_div(of("10"), of("3")), "3.3333333333");
    show(mt_exact_div(of("-10"), of("-4")), "2.50");
    show(mt_exact_mul(of("-3360.5"), of("2.5")), "-8401.25");
}

static void exact__is_missing_rather_than_wrong(void **state)
{
    mt_exact huge = of("999999999999999999"), none = of("x");
    (void)state;
    assert_false(mt_exact_mul(huge, huge).there);
    assert_false(mt_exact_div(of("1"), of("0")).there);
    assert_false(mt_exact_add(of("1"), none).there);
    assert_false(mt_exact_equal(none, none));
    assert_int_equal(mt_exact_sign(none), 0);
    assert_false(mt_exact_near(of("1"), none, of("5")));
    show(mt_exact_sub(huge, huge), "0.00");
    show(mt_exact_or(none, of("3")), "3.00");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(exact__reads_decimals_and_nothing_else),
        cmocka_unit_test(exact__rounds_half_away_from_zero_once),
        cmocka_unit_test(exact__is_missing_rather_than_wrong),
    };
    return cmocka_run_group_tests_name("exact", test, NULL, NULL);
}
