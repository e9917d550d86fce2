/* Tests of the cells of a portfolio's files. */
#include "formats/vpp/cell.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"

static mt_micro read_decimal(const char *text, char mark)
{
    mt_micro value = -77;
    mt_vpp_found found = mt_vpp_decimal(mt_text_of(text), &mark, &value);
    if (found == MT_VPP_MISSING) return MT_MICRO_NONE;
    return found == MT_VPP_RIGHT ? value : -77;
}

static void cell__decimals_round_half_away_from_zero_at_the_sixth_place(void **state)
{
    (void)state;
    assert_int_equal(read_decimal("0.0000005", 0), 1);
    assert_int_equal(read_decimal("-0.0000005", 0), -1);
    assert_int_equal(read_decimal("0.00000049999999999999999999", 0), 0);
    assert_int_equal(read_decimal("1.9999995", 0), 2000000);
    assert_int_equal(read_decimal("0.30000000000000004", 0), 300000);
    assert_int_equal(read_decimal("1.749369600e12", 0), 1749369600000000000);
    assert_int_equal(read_decimal("5e-07", 0), 1);
    assert_int_equal(read_decimal("4.9e-07", 0), 0);
    assert_int_equal(read_decimal("12e3", 0), 12000000000);
    assert_int_equal(read_decimal("-138.86", 0), -138860000);
    assert_int_equal(read_decimal("0", 0), 0);
    assert_int_equal(read_decimal("1749369600000.0", 0), 1749369600000000000); /* 19 digits, the short way */
    assert_int_equal(read_decimal("-1749369600000.1234565", 0), -1749369600000123457);
    assert_int_equal(read_decimal("9223372036854.775807", 0), INT64_MAX);
    assert_int_equal(read_decimal("000000000000000000000000001.5", 0), 1500000);
}

static void cell__refuses_what_is_no_number(void **state)
{
    (void)state;
    static const char *const bad[] = {"x",
                                      "1.2.3",
                                      "--1",
                                      "1e",
                                      ".",
                                      "+",
                                      "1 2",
                                      "0x10",
                                      "inf",
                                      "1e40",
                                      "9300000000000",
                                      "1_000",
                                      "9223372036854.7758075",
                                      "9999999999999",
                                      "12,5.3",
                                      "1.23.456,7",
                                      "1234.567,8",
                                      ",1.5"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        if (read_decimal(bad[k], 0) != -77) fail_msg("%s", bad[k]);
    }
}

static void cell__german_numbers_have_commas_and_perhaps_points(void **state)
{
    (void)state;
    assert_int_equal(read_decimal("87,11", ','), 87110000);
    assert_int_equal(read_decimal("-1.234.567,5", 0), -1234567500000);
    assert_int_equal(read_decimal("87.11", ','), -77); /* the file has commas */
    assert_int_equal(read_decimal("87", ','), 87000000);
}

static void cell__missing_words_are_missing_never_zero(void **state)
{
    (void)state;
    static const char *const missing[] = {"", "  ", "N.A.", "N.E.", "n/a", "NaN", "null", "-"};
    for (size_t k = 0; k < sizeof missing / sizeof *missing; k++)
        assert_int_equal(read_decimal(missing[k], 0), MT_MICRO_NONE);
}

static void cell__instants_end_with_utc_or_an_offset(void **state)
{
    (void)state;
    mt_time t = 0;
    mt_time midnight = case_at("2025-06-08T00:00:00Z");
    assert_int_equal(mt_vpp_instant(mt_text_of("2025-06-08 00:00:00.000000 UTC"), false, &t), MT_VPP_RIGHT);
    assert_int_equal(t, midnight);
    assert_int_equal(mt_vpp_instant(mt_text_of("2025-06-08T02:00:00+02:00"), false, &t), MT_VPP_RIGHT);
    assert_int_equal(t, midnight);
    assert_int_equal(mt_vpp_instant(mt_text_of("2025-06-08 00:00"), true, &t), MT_VPP_RIGHT);
    assert_int_equal(t, midnight);
    assert_int_equal(mt_vpp_instant(mt_text_of("2025-06-08 00:00"), false, &t), MT_VPP_WRONG);
    assert_int_equal(mt_vpp_instant(mt_text_of("2025-06-31 00:00 UTC"), false, &t), MT_VPP_WRONG);
    assert_int_equal(mt_vpp_instant(mt_text_of(""), true, &t), MT_VPP_MISSING);
}

static void cell__days_come_in_three_forms(void **state)
{
    (void)state;
    mt_day day = 0, wanted = mt_day_of(2025, 6, 8);
    static const char *const same[] = {"2025-06-08", "20250608", "08.06.2025", "2025-06-08T12:00:00Z"};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        assert_int_equal(mt_vpp_day(mt_text_of(same[k]), &day), MT_VPP_RIGHT);
        assert_int_equal(day, wanted);
    }
    assert_int_equal(mt_vpp_day(mt_text_of("31.06.2025"), &day), MT_VPP_WRONG);
    assert_int_equal(mt_vpp_day(mt_text_of("8.6.2025"), &day), MT_VPP_WRONG);
}

static void cell__small_numbers_of_time_are_seconds_and_none_lies_in_1970(void **state)
{
    (void)state;
    bool seconds = false;
    mt_time t = case_at("2025-06-08T10:15:00Z");
    assert_int_equal(mt_vpp_number_time(1749377700000 * MT_MICRO_ONE, &seconds), t);
    assert_false(seconds);
    assert_int_equal(mt_vpp_number_time(1749377700 * MT_MICRO_ONE, &seconds), t);
    assert_true(seconds);
    assert_int_equal(mt_vpp_number_time(0, &seconds), MT_TIME_NONE);
    assert_int_equal(mt_vpp_number_time(86400 * MT_MICRO_ONE, &seconds), MT_TIME_NONE);
    assert_int_equal(mt_vpp_number_time(-1749377700 * MT_MICRO_ONE, &seconds), MT_TIME_NONE);
    assert_int_equal(mt_vpp_number_time(9000000000000 * MT_MICRO_ONE, &seconds), MT_TIME_NONE);
    assert_int_equal(mt_vpp_number_time(MT_MICRO_NONE, &seconds), MT_TIME_NONE);
}

static void cell__units_stand_in_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const mt_vpp_scale *scale;
        mt_micro in, out;
    } same[] = {
        {"capacity(MW)", mt_vpp_power_w, 1088000, 1088000},
        {"capacity (kW)", mt_vpp_power_w, 1088000000, 1088000},
        {"capacity", mt_vpp_power_w, 1088000, 1088000},
        {"price(EUR/MWh)", mt_vpp_eur_mwh, 5, 5},
        {"price [\xE2\x82\xAC/MWh]", mt_vpp_eur_mwh, 5, 5},
        {"price(ct/kWh)", mt_vpp_eur_mwh, 5, 50},
        {"price__euro_per_mwh_", mt_vpp_eur_mwh, 5, 5},
        {"value__ct_per_kwh_", mt_vpp_ct_kwh, 5, 5},
        {"setpoint_kw", mt_vpp_power_kw, 5, 5},
        {"setpoint_mw", mt_vpp_power_kw, 5, 5000},
        {"fee_percent(%)", mt_vpp_percent, 5, 5},
        {"MP-SOL-001__kw_", mt_vpp_quarter_kw, 5, 5},
        {"MP-SOL-001__kwh_", mt_vpp_quarter_kw, 5, 20},
        {"MP-SOL-001__mwh_", mt_vpp_quarter_kw, 5, 20000},
        {"MP-SOL-001__wh_", mt_vpp_quarter_kw, -125, -1}, /* -0.5 away from zero */
    };
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        bool stated;
        mt_micro value = same[k].in;
        const mt_vpp_scale *scale = mt_vpp_scale_of(mt_text_of(same[k].name), same[k].scale, &stated);
        if (scale == NULL) fail_msg("%s", same[k].name);
        assert_true(mt_vpp_scale_apply(scale, &value));
        if (value != same[k].out) fail_msg("%s: %lld", same[k].name, (long long)value);
    }
    bool stated;
    assert_null(mt_vpp_scale_of(mt_text_of("price(USD/MWh)"), mt_vpp_eur_mwh, &stated));
    mt_micro huge = INT64_MAX / 2;
    assert_false(mt_vpp_scale_apply(&mt_vpp_power_kw[2], &huge));
    mt_text name = mt_vpp_name_of(mt_text_of("MP-SOL-001__kw_"));
    assert_true(mt_text_equal(name, "MP-SOL-001"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(cell__decimals_round_half_away_from_zero_at_the_sixth_place),
        IN_CONTEXT(cell__refuses_what_is_no_number),
        IN_CONTEXT(cell__german_numbers_have_commas_and_perhaps_points),
        IN_CONTEXT(cell__missing_words_are_missing_never_zero),
        IN_CONTEXT(cell__instants_end_with_utc_or_an_offset),
        IN_CONTEXT(cell__days_come_in_three_forms),
        IN_CONTEXT(cell__small_numbers_of_time_are_seconds_and_none_lies_in_1970),
        IN_CONTEXT(cell__units_stand_in_names),
    };
    return cmocka_run_group_tests_name("vpp cell", test, NULL, NULL);
}
