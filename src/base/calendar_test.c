/* Tests of delivery days: 23, 24 and 25 hours, periods both ways, days that a clock skips. */
#include "base/calendar.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/ctx_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const mt_time QUARTER = 15 * MT_US_MINUTE;

static void calendar__cuts_days_into_92_96_and_100_quarters(void **state)
{
    mt_ctx *cx = *state;
    static const char *const name[] = {"Europe/Berlin", "Europe/Copenhagen", "Europe/London",
                                       "Europe/Madrid"};
    static const struct { int month, day, hours; } row[] = {{3, 29, 24}, {3, 30, 23}, {3, 31, 24},
                                                            {10, 25, 24}, {10, 26, 25}, {10, 27, 24}};
    static const mt_time step[] = {5 * MT_US_MINUTE, 15 * MT_US_MINUTE, 30 * MT_US_MINUTE, MT_US_HOUR};
    for (size_t z = 0; z < COUNT(name); z++) {
        const mt_zone *zone = case_zone(cx, name[z]);
        for (size_t k = 0; k < COUNT(row); k++) {
            mt_day day = mt_day_of(2025, row[k].month, row[k].day);
            assert_int_equal(mt_day_hours(zone, day), row[k].hours);
            for (size_t s = 0; s < COUNT(step); s++) {
                mt_grid grid;
                assert_int_equal(mt_day_grid(cx, &grid, zone, day, step[s]), MT_OK);
                assert_int_equal(grid.n, row[k].hours * MT_US_HOUR / step[s]);
                assert_int_equal(grid.start, mt_day_start(zone, day));
                assert_int_equal(grid.start + (mt_time)grid.n * grid.step, mt_day_start(zone, day + 1));
            }
        }
    }
    const mt_zone *berlin = case_zone(cx, "Europe/Berlin");
    assert_int_equal(mt_day_start(berlin, mt_day_of(2025, 6, 8)), case_at("2025-06-07T22:00Z"));
    const mt_zone *london = case_zone(cx, "Europe/London");
    assert_int_equal(mt_day_start(london, mt_day_of(2025, 1, 8)), case_at("2025-01-08T00:00Z"));
}

static void calendar__numbers_periods_in_order_of_time(void **state)
{
    mt_ctx *cx = *state;
    const mt_zone *berlin = case_zone(cx, "Europe/Berlin");
    static const struct { const char *instant; int period; } row[] = {
        {"2025-10-25T22:00Z", 1},  {"2025-10-26T00:00Z", 9},           {"2025-10-26T00:59:59Z", 12},
        {"2025-10-26T01:00Z", 13}, {"2025-10-26T22:59:59.999999Z", 100}, {"2025-10-26T23:00Z", 1},
        {"2025-03-29T23:00Z", 1},  {"2025-03-30T01:00Z", 9},           {"2025-03-30T21:45Z", 92},
    };
    for (size_t k = 0; k < COUNT(row); k++) {
        int period = 0;
        mt_time t = case_at(row[k].instant);
        mt_time back = 0;
        assert_int_equal(mt_day_period(cx, &period, berlin, t, QUARTER), MT_OK);
        assert_int_equal(period, row[k].period);
        assert_int_equal(mt_day_instant(cx, &back, berlin, mt_day_at(berlin, t), period, QUARTER), MT_OK);
        assert_int_equal(back, mt_time_floor(t, QUARTER));
    }
}

static void calendar__names_a_period_the_day_does_not_have(void **state)
{
    mt_ctx *cx = *state;
    const mt_zone *berlin = case_zone(cx, "Europe/Berlin");
    mt_time t = 42;
    assert_int_equal(mt_day_instant(cx, &t, berlin, mt_day_of(2025, 3, 30), 93, QUARTER), MT_E_ABSENT);
    assert_string_equal(cx->err,
                        "2025-03-30 in Europe/Berlin has no period 93; right would be 1 to 92 at 15min each");
    assert_int_equal(mt_day_instant(cx, &t, berlin, mt_day_of(2025, 3, 30), 0, QUARTER), MT_E_ABSENT);
    assert_int_equal(mt_day_instant(cx, &t, berlin, mt_day_of(2025, 3, 30), 1, 7), MT_E_INPUT);
    assert_string_equal(cx->err, "7us is no market time unit; right would be 5, 15, 30 or 60 minutes");
    assert_int_equal(mt_day_instant(cx, &t, berlin, MT_DAY_NONE, 1, QUARTER), MT_E_INPUT);
    int period;
    assert_int_equal(mt_day_period(cx, &period, berlin, MT_TIME_NONE, QUARTER), MT_E_INPUT);
    assert_int_equal(t, 42);
    assert_int_equal(mt_day_at(berlin, MT_TIME_NONE), MT_DAY_NONE);
}

static void calendar__refuses_a_day_that_is_no_whole_number_of_units(void **state)
{
    mt_ctx *cx = *state;
    const mt_zone *zone = case_zone(cx, "Australia/Lord_Howe");
    mt_day day = mt_day_of(2025, 4, 6); /* 24 hours and a half */
    mt_grid grid;
    assert_int_equal(mt_day_hours(zone, day), 24);
    assert_int_equal(mt_day_grid(cx, &grid, zone, day, MT_US_HOUR), MT_E_SHAPE);
    assert_non_null(strstr(cx->err, "1470min"));
    assert_int_equal(mt_day_grid(cx, &grid, zone, day, 30 * MT_US_MINUTE), MT_OK);
    assert_int_equal(grid.n, 49);
}

static void calendar__begins_a_day_where_the_clock_skips_midnight(void **state)
{
    const mt_zone *cairo = case_zone(*state, "Africa/Cairo"); /* 2024-04-26: 00:00 becomes 01:00 */
    assert_int_equal(mt_day_start(cairo, mt_day_of(2024, 4, 26)), case_at("2024-04-25T22:00Z"));
    assert_int_equal(mt_day_hours(cairo, mt_day_of(2024, 4, 26)), 23);
    const mt_zone *apia = case_zone(*state, "Pacific/Apia"); /* there was no 2011-12-30 */
    assert_int_equal(mt_day_hours(apia, mt_day_of(2011, 12, 30)), 0);
    assert_int_equal(mt_day_start(apia, mt_day_of(2011, 12, 31)), case_at("2011-12-30T10:00Z"));
    assert_int_equal(mt_day_at(apia, case_at("2011-12-30T10:00Z")), mt_day_of(2011, 12, 31));
}

static void calendar__days_join_without_gap_or_overlap(void **state)
{
    mt_ctx *cx = *state;
    static const char *const name[] = {"Europe/Berlin",        "Europe/London",    "Atlantic/Azores",
                                       "America/Scoresbysund", "America/Santiago", "America/St_Johns",
                                       "Pacific/Apia",         "Africa/Cairo",     "America/Sao_Paulo",
                                       "Asia/Beirut"};
    for (size_t z = 0; z < COUNT(name); z++) {
        const mt_zone *zone = case_zone(cx, name[z]);
        for (mt_day day = mt_day_of(1985, 1, 1); day < mt_day_of(2045, 1, 1); day++) {
            mt_time start = mt_day_start(zone, day);
            mt_time end = mt_day_start(zone, day + 1);
            if (start == end) continue;
            if (start > end || mt_day_at(zone, start) != day || mt_day_at(zone, end - 1) != day) {
                char text[MT_TIME_TEXT_MAX];
                mt_day_text(day, text);
                fail_msg("%s %s", name[z], text);
            }
        }
    }
}

static void calendar__finds_the_grid_period_of_an_instant(void **state)
{
    (void)state;
    mt_grid grid = {.start = 1000 * MT_US_HOUR, .step = MT_US_HOUR, .n = 3};
    assert_int_equal(mt_grid_index(grid, grid.start - 1), -1);
    assert_int_equal(mt_grid_index(grid, grid.start), 0);
    assert_int_equal(mt_grid_index(grid, grid.start + 3 * MT_US_HOUR - 1), 2);
    assert_int_equal(mt_grid_index(grid, grid.start + 3 * MT_US_HOUR), -1);
    assert_int_equal(mt_grid_index(grid, MT_TIME_NONE), -1);
    assert_int_equal(mt_grid_index(grid, INT64_MAX), -1);
    assert_int_equal(mt_grid_index((mt_grid){-MT_US_HOUR, MT_US_HOUR, 2}, -1), 0);
    assert_int_equal(mt_grid_index((mt_grid){MT_TIME_NONE, MT_US_HOUR, 2}, INT64_MAX), -1);
    assert_int_equal(mt_grid_index((mt_grid){0}, 0), -1);
}

static void calendar__knows_the_market_time_units(void **state)
{
    (void)state;
    for (int minute = -1; minute <= 120; minute++) {
        bool expected = minute == 5 || minute == 15 || minute == 30 || minute == 60;
        assert_int_equal(mt_step_valid(minute * MT_US_MINUTE), expected);
    }
    assert_false(mt_step_valid(5 * MT_US_MINUTE + 1));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(calendar__cuts_days_into_92_96_and_100_quarters),
        IN_CONTEXT(calendar__numbers_periods_in_order_of_time),
        IN_CONTEXT(calendar__names_a_period_the_day_does_not_have),
        IN_CONTEXT(calendar__refuses_a_day_that_is_no_whole_number_of_units),
        IN_CONTEXT(calendar__begins_a_day_where_the_clock_skips_midnight),
        IN_CONTEXT(calendar__days_join_without_gap_or_overlap),
        IN_CONTEXT(calendar__finds_the_grid_period_of_an_instant),
        IN_CONTEXT(calendar__knows_the_market_time_units),
    };
    return cmocka_run_group_tests_name("calendar", test, NULL, NULL);
}
