/* What cells promise: exact text is the same as the house's own, only faster; shown text is what printf
 * would round. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/sinks/cell.h"

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static mt_value real(double value)
{
    return (mt_value){.present = true, .as.real = value};
}

static void expect_same(double value)
{
    char ours[MT_CELL_MAX], theirs[MT_CELL_MAX];
    size_t n = mt_cell_real(value, ours), m = mt_real_text(value, theirs);
    if (n != m || strcmp(ours, theirs) != 0) fail_msg("%a: %s, expected %s", value, ours, theirs);
}

static void cell__writes_reals_as_the_house_does(void **state)
{
    (void)state;
    const double some[] = {0,
                           -0.0,
                           1,
                           -1,
                           0.1,
                           0.5,
                           1.0 / 3,
                           2.0 / 3,
                           62.03,
                           1e-4,
                           1.5e-4,
                           9.9999e-5,
                           1e-5,
                           123456.789012,
                           1e14,
                           1e15,
                           1e16,
                           999999999999999,
                           999999999.999999,
                           0.1 + 0.2,
                           4.35,
                           2.675,
                           1.005,
                           5e-324,
                           DBL_MAX,
                           DBL_MIN,
                           4503599627370496,
                           0.0009765625,
                           0.99999999999999989,
                           9.9999999999999982};
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) expect_same(some[k]);
    uint64_t seed = 7;
    for (int k = 0; k < 200000; k++) {
        uint64_t bits = next_random(&seed);
        double any, price = (double)(int64_t)(bits >> 20) / (double)(1 + (bits & 0xFFFFF));
        memcpy(&any, &bits, sizeof any);
        if (isfinite(any)) expect_same(any);
        expect_same(price);
        expect_same((double)(int32_t)bits / 100);
        expect_same((double)(bits >> 11) * 0x1p-53);
        expect_same(nextafter((double)(int32_t)bits / 1000, 1e300));
    }
}

static void cell__shows_what_printf_would_round(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int k = 0; k < 200000; k++) {
        uint64_t bits = next_random(&seed);
        double value = (double)(int64_t)bits / (double)(UINT64_C(1) << (bits % 60));
        if (k % 3 == 0) value = (double)(int32_t)bits / 8; /* many ties */
        mt_cell_style style = {.needed = (int)(bits >> 40) % 7, .largest = 50};
        char ours[MT_CELL_MAX], theirs[400];
        if (fabs(value) >= 1e12) continue;
        int places = mt_cell_places(&style, MT_REAL);
        mt_cell_shown(&style, MT_REAL, real(value), ours);
        snprintf(theirs, sizeof theirs, "%.*f", places, value);
        if (theirs[0] == '-' && strspn(theirs, "-0.") == strlen(theirs))
            memmove(theirs, theirs + 1, strlen(theirs));
        assert_string_equal(ours, theirs);
    }
}

static void cell__gives_a_column_five_digits_and_two_decimals(void **state)
{
    (void)state;
    const struct { double a, b; const char *text;
    } some[] = {{62.0288889, 25.81, "62.029"},
                {3.7458333, 1, "3.7458"},
                {0.4272128, 0.1, "0.42721"},
                {797689, 12, "797689"},
                {748375.123, 1, "748375.12"},
                {62, 25, "62"},
                {25.5, 1, "25.5"},
                {0.00001234567, 0, "1.234567e-05"},
                {1e20, 2, "1e+20"}};
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        mt_cell_style style = {0};
        char text[MT_CELL_MAX];
        mt_cell_look(&style, MT_REAL, real(some[k].a));
        mt_cell_look(&style, MT_REAL, real(some[k].b));
        mt_cell_look(&style, MT_REAL, real(NAN));
        mt_cell_shown(&style, MT_REAL, real(some[k].a), text);
        assert_string_equal(text, some[k].text);
    }
}

static void cell__writes_decimals_exactly(void **state)
{
    (void)state;
    const int64_t some[] = {0,      1,  -1, 62030000, 1000000, -1000000, 120, INT64_MAX, INT64_MIN + 1,
                            100000, -99};
    for (size_t k = 0; k < sizeof some / sizeof some[0]; k++) {
        char ours[MT_CELL_MAX], theirs[MT_CELL_MAX];
        mt_cell_exact(MT_MICRO, (mt_value){.present = true, .as.integer = some[k]}, ours);
        mt_micro_text(some[k], 0, theirs);
        assert_string_equal(ours, theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cell__writes_reals_as_the_house_does),
        cmocka_unit_test(cell__shows_what_printf_would_round),
        cmocka_unit_test(cell__gives_a_column_five_digits_and_two_decimals),
        cmocka_unit_test(cell__writes_decimals_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
