/* Tests of instants and days: arithmetic against a calendar counted day by day, text both ways. */
#include "base/time.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void time__days_follow_the_gregorian_calendar(void **state)
{
    (void)state;
    /* 0001-01-01, a Monday, is day -719162; the days of 9999 years are counted here one by one. */
    mt_day day = -719162;
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int d = 1; d <= 31 && mt_date_valid(year, month, d); d++, day++) {
                mt_date back = mt_day_date(day);
                bool same = back.year == year && back.month == month && back.day == d;
                same = same && mt_day_of(year, month, d) == day;
                if (!same || mt_day_weekday(day) != (day + 719162) % 7 + 1)
                    fail_msg("%04d-%02d-%02d", year, month, d);
            }
        }
    }
    assert_int_equal(day, 2932897); /* 10000-01-01 */
    assert_int_equal(mt_day_of(1970, 1, 1), 0);
    assert_int_equal(mt_day_of(2000, 2, 29), 11016);
    assert_int_equal(mt_day_weekday(mt_day_of(2024, 1, 1)), 1);
    assert_int_equal(mt_day_weekday(mt_day_of(1969, 12, 28)), 7);
}

static void time__invalid_dates_are_known(void **state)
{
    (void)state;
    static const mt_date wrong[] = {{0, 1, 1},     {10000, 1, 1}, {2024, 0, 1},  {2024, 13, 1},
                                    {2024, 1, 0},  {2024, 1, 32},  {2023, 2, 29}, {1900, 2, 29},
                                    {2024, 4, 31}, {2024, 2, 30}};
    for (size_t k = 0; k < COUNT(wrong); k++)
        assert_false(mt_date_valid(wrong[k].year, wrong[k].month, wrong[k].day));
    assert_true(mt_date_valid(2000, 2, 29));
    assert_true(mt_date_valid(2024, 2, 29));
}

static void time__civil_and_instant_are_inverse(void **state)
{
    (void)state;
    static const mt_time some[] = {0, -1, 1, -MT_US_DAY, -MT_US_DAY - 1, 1718000000123456, -62135596800000000,
                                   253402300799999999};
    for (size_t k = 0; k < COUNT(some); k++) assert_int_equal(mt_time_of(mt_time_civil(some[k])), some[k]);
    mt_civil c = mt_time_civil(-1);
    assert_int_equal(c.year, 1969);
    assert_int_equal(c.second, 59);
    assert_int_equal(c.micro, 999999);
}

static void time__floor_goes_down_before_1970_too(void **state)
{
    (void)state;
    assert_int_equal(mt_time_floor(-1, MT_US_HOUR), -MT_US_HOUR);
    assert_int_equal(mt_time_floor(-MT_US_HOUR, MT_US_HOUR), -MT_US_HOUR);
    assert_int_equal(mt_time_floor(MT_US_HOUR - 1, MT_US_HOUR), 0);
    assert_int_equal(mt_time_floor(MT_US_HOUR, MT_US_HOUR), MT_US_HOUR);
    assert_int_equal(mt_time_floor(MT_TIME_NONE, MT_US_HOUR), MT_TIME_NONE);
    assert_int_equal(mt_time_floor(MT_TIME_NONE + 1, MT_US_HOUR), MT_TIME_NONE);
}

static void time__reads_rfc_3339_and_its_relatives(void **state)
{
    (void)state;
    static const struct { const char *text; bool offset; const char *utc; } row[] = {
        {"2024-01-01 00:02:22+01:00", true, "2023-12-31T23:02:22Z"},
        {"2024-01-01T00:02Z", true, "2024-01-01T00:02:00Z"},
        {"2024-01-01t00:02z", true, "2024-01-01T00:02:00Z"},
        {"2024-01-01T00:02:03", false, "2024-01-01T00:02:03Z"},
        {"2024-02-29 12:00", false, "2024-02-29T12:00:00Z"},
        {"2024-01-01T00:02:22.123456+0100", true, "2023-12-31T23:02:22.123456Z"},
        {"2024-01-01T00:02:22.5-03", true, "2024-01-01T03:02:22.500000Z"},
        {"2024-01-01T00:02:22.123456789Z", true, "2024-01-01T00:02:22.123456Z"},
        {"2024-06-01T00:00:00+05:45", true, "2024-05-31T18:15:00Z"},
        {"2024-06-01T00:00:00-00:00", true, "2024-06-01T00:00:00Z"},
        {"2024-06-01T00:00:00+15:59", true, "2024-05-31T08:01:00Z"},
        {"0001-01-01T00:00:00Z", true, "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999Z", true, "9999-12-31T23:59:59.999999Z"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        mt_time t;
        bool offset;
        char back[MT_TIME_TEXT_MAX];
        if (!mt_time_parse(row[k].text, strlen(row[k].text), &t, &offset))
            fail_msg("refused: %s", row[k].text);
        assert_int_equal(mt_time_text(t, back), strlen(row[k].utc));
        assert_string_equal(back, row[k].utc);
        assert_int_equal(offset, row[k].offset);
    }
}

static void time__refuses_what_is_no_instant(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "2024", "2024-01-01", "2024-02-30 00:00", "2023-02-29T00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60Z", "2024-01-01T00:00:60Z", "0000-01-01T00:00Z", "2024-1-01T00:00Z",
        "2024-01-01T0:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00+16:00", "2024-01-01T00:00:00+1", "2024-01-01T00:00:00+01:",
        "2024-01-01T00:00:00+01:0", "2024-01-01T00:00:00+01:60", "2024-01-01T00:00:00 +01:00",
        "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+010000", " 2024-01-01T00:00Z",
        "2024-01-01T00:00Z ", "2024-01-01x00:00", "2024-01-01T00:00:5", "2024-01-01T-1:00",
        "24-01-01T00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
        "2024-01-01T00:00:00UTC", "+024-01-01T00:00Z",
    };
    for (size_t k = 0; k < COUNT(wrong); k++) {
        mt_time t = 42;
        bool offset = true;
        if (mt_time_parse(wrong[k], strlen(wrong[k]), &t, &offset)) fail_msg("accepted: %s", wrong[k]);
        assert_int_equal(t, 42);
        assert_true(offset);
    }
}

static void time__every_beginning_of_a_text_is_read_within_its_length(void **state)
{
    (void)state;
    static const char whole[] = "2024-01-01 00:02:22.123456+01:00";
    for (size_t n = 0; n < sizeof whole; n++) {
        char *part = test_malloc(n + 1); /* an overrun is seen by cmocka's guard and by the sanitizers */
        memcpy(part, whole, n);
        mt_time t;
        mt_day d;
        bool offset;
        bool valid = n == 16 || n == 19 || (n >= 21 && n <= 26) || n == 29 || n == 32;
        assert_int_equal(mt_time_parse(part, n, &t, &offset), valid);
        assert_int_equal(mt_day_parse(part, n, &d), n == 10);
        test_free(part);
    }
}

static void time__reads_days_in_both_forms(void **state)
{
    (void)state;
    mt_day day = 7;
    assert_true(mt_day_parse("2025-06-08", 10, &day));
    assert_int_equal(day, mt_day_of(2025, 6, 8));
    assert_true(mt_day_parse("20240229", 8, &day));
    assert_int_equal(day, mt_day_of(2024, 2, 29));
    static const char *const wrong[] = {"",           "2024-02-30", "20240230",   "2024-2-3",
                                        "2024/02/03", "00000101",   "2024-02-031"};
    for (size_t k = 0; k < COUNT(wrong); k++) assert_false(mt_day_parse(wrong[k], strlen(wrong[k]), &day));
    assert_int_equal(day, mt_day_of(2024, 2, 29));
}

static void time__writes_missing_as_nothing(void **state)
{
    (void)state;
    char text[MT_TIME_TEXT_MAX] = "x";
    assert_int_equal(mt_time_text(MT_TIME_NONE, text), 0);
    assert_string_equal(text, "");
    assert_int_equal(mt_time_text(INT64_MAX, text), 0);
    assert_int_equal(mt_day_text(MT_DAY_NONE, text), 0);
    assert_int_equal(mt_day_text(mt_day_of(2024, 2, 29), text), 10);
    assert_string_equal(text, "2024-02-29");
}

static void time__reads_and_writes_spans(void **state)
{
    (void)state;
    static const struct { const char *text; mt_time us; const char *back; } row[] = {
        {"15min", 15 * MT_US_MINUTE, "15min"},
        {"60min", MT_US_HOUR, "1h"},
        {"1h", MT_US_HOUR, "1h"},
        {"30s", 30 * MT_US_SECOND, "30s"},
        {"2d", 2 * MT_US_DAY, "2d"},
        {"PT15M", 15 * MT_US_MINUTE, "15min"},
        {"PT1H", MT_US_HOUR, "1h"},
        {"P1D", MT_US_DAY, "1d"},
        {"90min", 90 * MT_US_MINUTE, "90min"},
        {"P1DT12H", 36 * MT_US_HOUR, "36h"},
        {"0s", 0, "0s"},
        {"250ms", 250000, "250ms"},
        {"PT1H30M", 90 * MT_US_MINUTE, "90min"},
        {"7us", 7, "7us"},
        {"PT0S", 0, "0s"},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        mt_time us;
        char back[MT_TIME_TEXT_MAX];
        if (!mt_span_parse(row[k].text, strlen(row[k].text), &us)) fail_msg("refused: %s", row[k].text);
        assert_int_equal(us, row[k].us);
        assert_int_equal(mt_span_text(us, back), strlen(row[k].back));
        assert_string_equal(back, row[k].back);
    }
    char text[MT_TIME_TEXT_MAX];
    mt_span_text(-MT_US_HOUR, text);
    assert_string_equal(text, "-1h");
    mt_span_text(INT64_MAX, text);
    assert_string_equal(text, "9223372036854775807us");
    assert_int_equal(mt_span_text(MT_TIME_NONE, text), 0);
}

static void time__refuses_what_is_no_span(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "15", "min", "15m", "15 min", "-1h", "1.5h", "P", "PT", "P1DT", "PT1D", "P1H", "P1D1D",
        "PTH", "PT1M1H", "P1M", "PTT1H", "1H", "1hx", "PT1", "PT1H ", "99999999999999999999s",
        "9223372036854775807d", "P99999999999D", "PT1HT1M",
    };
    for (size_t k = 0; k < COUNT(wrong); k++) {
        mt_time us = 42;
        if (mt_span_parse(wrong[k], strlen(wrong[k]), &us)) fail_msg("accepted: %s", wrong[k]);
        assert_int_equal(us, 42);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(time__days_follow_the_gregorian_calendar),
        cmocka_unit_test(time__invalid_dates_are_known),
        cmocka_unit_test(time__civil_and_instant_are_inverse),
        cmocka_unit_test(time__floor_goes_down_before_1970_too),
        cmocka_unit_test(time__reads_rfc_3339_and_its_relatives),
        cmocka_unit_test(time__refuses_what_is_no_instant),
        cmocka_unit_test(time__every_beginning_of_a_text_is_read_within_its_length),
        cmocka_unit_test(time__reads_days_in_both_forms),
        cmocka_unit_test(time__writes_missing_as_nothing),
        cmocka_unit_test(time__reads_and_writes_spans),
        cmocka_unit_test(time__refuses_what_is_no_span),
    };
    return cmocka_run_group_tests_name("time", test, NULL, NULL);
}
