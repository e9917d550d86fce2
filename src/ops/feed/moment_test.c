/* Tests of moments as people type them. */
#include "ops/feed/moment.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static mt_time at(int year, int month, int day, int hour)
{
    return mt_time_of((mt_civil){year, month, day, hour, 0, 0, 0});
}

static void moment__days_are_local_and_distances_in_days_survive_a_clock_change(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_zone *zone;
    mt_time out, now = at(2024, 10, 28, 12);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_zone_read(&cx, &zone, "Europe/Copenhagen", NULL), MT_OK);
    static const struct {
        const char *text;
        int month, day, hour;
    } good[] = {{"2024-10-27", 10, 26, 22},
                {"2024-10-28", 10, 27, 23},
                {"today", 10, 27, 23},
                {"today-1d", 10, 26, 22},
                {"tomorrow", 10, 28, 23},
                {"now-2h", 10, 28, 10},
                {"2024-10-27T00:00+02:00", 10, 26, 22},
                {"now", 10, 28, 12}};
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_int_equal(mt_moment_parse(&cx, &out, "from", good[k].text, now, zone), MT_OK);
        assert_int_equal(out, at(2024, good[k].month, good[k].day, good[k].hour));
    }
    assert_int_equal(mt_moment_parse(&cx, &out, "from", NULL, now, zone), MT_OK);
    assert_true(out == MT_TIME_NONE);
    mt_ctx_close(&cx);
}

/* Copenhagen's 27 October 2024 has 25 hours: from 22:00Z to 23:00Z of the next day. */
static void moment__a_span_includes_its_last_day_and_not_its_last_moment(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_zone *zone;
    mt_time from, until, now = at(2024, 10, 27, 12);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_zone_read(&cx, &zone, "Europe/Copenhagen", NULL), MT_OK);
    static const struct {
        const char *text;
        int day, hour;
    } end[] = {{"2024-10-27", 27, 23},      {"today", 27, 23}, {"tomorrow", 28, 23},
               {"tomorrow-1d", 27, 23},     {"now", 27, 12},   {"today+6h", 27, 4},
               {"2024-10-27T09:00Z", 27, 9}};
    for (size_t k = 0; k < sizeof end / sizeof *end; k++) {
        assert_int_equal(mt_moment_span(&cx, &from, &until, "2024-10-27", end[k].text, now, zone), MT_OK);
        assert_int_equal(from, at(2024, 10, 26, 22));
        assert_int_equal(until, at(2024, 10, end[k].day, end[k].hour));
    }
    assert_int_equal(mt_moment_span(&cx, &from, &until, NULL, NULL, now, zone), MT_OK);
    assert_true(from == MT_TIME_NONE && until == MT_TIME_NONE);
    assert_int_equal(mt_moment_span(&cx, &from, &until, "today", "2024-10-26", now, zone), MT_E_INPUT);
    assert_string_equal(cx.err, "from 2024-10-26T22:00:00Z is not before until 2024-10-26T22:00:00Z");
    mt_ctx_close(&cx);
}

static void moment__what_is_no_moment_is_refused_with_the_forms(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "yesterdayish", "2024-13-01", "2024-10-27T00:00", "now-", "now2d"};
    mt_ctx cx;
    mt_time out;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(mt_moment_parse(&cx, &out, "from", bad[k], 0, NULL), MT_E_INPUT);
        assert_non_null(strstr(cx.err, "from \""));
    }
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moment__days_are_local_and_distances_in_days_survive_a_clock_change),
        cmocka_unit_test(moment__a_span_includes_its_last_day_and_not_its_last_moment),
        cmocka_unit_test(moment__what_is_no_moment_is_refused_with_the_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
