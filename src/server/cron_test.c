/* Tests of what is due when, also on the two nights of the year. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/cron.h"

#include <string.h>

struct fixture {
    mt_ctx cx;
    const mt_zone *berlin;
};

static int set_up(void **state)
{
    static struct fixture f;
    mt_ctx_init(&f.cx, NULL);
    *state = &f;
    return mt_zone_read(&f.cx, &f.berlin, "Europe/Berlin", NULL) == MT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    mt_ctx_close(&((struct fixture *)*state)->cx);
    return 0;
}

static mt_time at(const char *text)
{
    mt_time t;
    bool offset;
    assert_true(mt_time_parse(text, strlen(text), &t, &offset));
    return t;
}

static void expect_next(const mt_due *due, const char *after, const char *next)
{
    char text[MT_TIME_TEXT_MAX];
    mt_time_text(mt_due_next(due, at(after)), text);
    assert_string_equal(text, next);
}

static mt_due cron(struct fixture *f, const char *expression)
{
    mt_due due;
    if (mt_due_cron(&f->cx, &due, expression, f->berlin) != MT_OK) fail_msg("%s", f->cx.err);
    return due;
}

static void cron__every_is_counted_from_1970_with_its_offset(void **state)
{
    struct fixture *f = *state;
    mt_due due;
    assert_int_equal(mt_due_every(&f->cx, &due, "15min", "2min"), MT_OK);
    expect_next(&due, "2025-06-08T10:00:00Z", "2025-06-08T10:02:00Z");
    expect_next(&due, "2025-06-08T10:02:00Z", "2025-06-08T10:17:00Z");
    expect_next(&due, "2025-06-08T23:59:59Z", "2025-06-09T00:02:00Z");
    assert_int_equal(mt_due_every(&f->cx, &due, "15min", "15min"), MT_E_INPUT);
    assert_int_equal(mt_due_every(&f->cx, &due, "0s", NULL), MT_E_INPUT);
    assert_int_equal(mt_due_every(&f->cx, &due, "100000000d", NULL), MT_E_INPUT);
    assert_int_equal(mt_due_every(&f->cx, &due, "often", NULL), MT_E_INPUT);
}

static void cron__reads_lists_ranges_steps_and_names(void **state)
{
    struct fixture *f = *state;
    mt_due due = cron(f, "5,*/20 6-8/2 1-7 jan,JUL *");
    expect_next(&due, "2025-06-08T10:00:00Z", "2025-07-01T04:00:00Z"); /* 06:00 CEST */
    expect_next(&due, "2025-07-01T04:00:00Z", "2025-07-01T04:05:00Z");
    expect_next(&due, "2025-07-01T04:05:00Z", "2025-07-01T04:20:00Z");
    expect_next(&due, "2025-07-01T04:40:00Z", "2025-07-01T06:00:00Z");
}

/* POSIX: where both days are given, either is enough. 13 June 2025 is a Friday. */
static void cron__takes_either_day_where_both_are_given(void **state)
{
    struct fixture *f = *state;
    mt_due due = cron(f, "0 12 10 * fri");
    expect_next(&due, "2025-06-09T00:00:00Z", "2025-06-10T10:00:00Z");
    expect_next(&due, "2025-06-10T12:00:00Z", "2025-06-13T10:00:00Z");
    due = cron(f, "0 12 * * 7"); /* Sunday has two numbers */
    expect_next(&due, "2025-06-09T00:00:00Z", "2025-06-15T10:00:00Z");
    due = cron(f, "0 12 * * 5-7");
    expect_next(&due, "2025-06-14T12:00:00Z", "2025-06-15T10:00:00Z");
}

/* On 30 March 2025 the clock of Berlin goes from 02:00 CET to 03:00 CEST, at 01:00 UTC. */
static void cron__runs_what_falls_into_the_spring_gap_at_its_end(void **state)
{
    struct fixture *f = *state;
    mt_due due = cron(f, "30 2 * * *");
    expect_next(&due, "2025-03-29T12:00:00Z", "2025-03-30T01:00:00Z");
    expect_next(&due, "2025-03-30T01:00:00Z", "2025-03-31T00:30:00Z");
    due = cron(f, "*/15 * * * *"); /* follows the time that passes */
    expect_next(&due, "2025-03-30T00:45:00Z", "2025-03-30T01:00:00Z");
}

/* On 26 October 2025 the clock goes from 03:00 CEST to 02:00 CET, at 01:00 UTC. */
static void cron__runs_nothing_twice_in_the_autumn_night(void **state)
{
    struct fixture *f = *state;
    mt_due due = cron(f, "30 2 * * *");
    expect_next(&due, "2025-10-25T12:00:00Z", "2025-10-26T00:30:00Z");
    expect_next(&due, "2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z");
    due = cron(f, "30 * * * *"); /* every hour that passes, both of them */
    expect_next(&due, "2025-10-26T00:00:00Z", "2025-10-26T00:30:00Z");
    expect_next(&due, "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z");
}

static void cron__finds_leap_days_and_gives_up_on_days_that_never_come(void **state)
{
    struct fixture *f = *state;
    mt_due due = cron(f, "0 0 29 2 *");
    expect_next(&due, "2025-01-01T00:00:00Z", "2028-02-28T23:00:00Z");
    due = cron(f, "0 0 30 2 *");
    assert_true(mt_due_next(&due, at("2025-01-01T00:00:00Z")) == MT_TIME_NONE);
}

static void cron__names_the_wrong_field(void **state)
{
    static const struct {
        const char *text, *named;
    } wrong[] = {{"60 * * * *", "minute"},      {"* 24 * * *", "hour"},
                 {"* * 0 * *", "day of month"}, {"* * * 13 *", "month"},
                 {"* * * * 8", "day of week"},  {"*/0 * * * *", "minute"},
                 {"5-1 * * * *", "minute"},     {"* * * *", "five"},
                 {"* * * * * *", "five"},       {"", "five"},
                 {"1, * * * *", "minute"},      {"x * * * *", "minute"}};
    struct fixture *f = *state;
    mt_due due;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(mt_due_cron(&f->cx, &due, wrong[k].text, f->berlin), MT_E_INPUT);
        if (!strstr(f->cx.err, wrong[k].named)) fail_msg("%s: %s", wrong[k].text, f->cx.err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cron__every_is_counted_from_1970_with_its_offset),
        cmocka_unit_test(cron__reads_lists_ranges_steps_and_names),
        cmocka_unit_test(cron__takes_either_day_where_both_are_given),
        cmocka_unit_test(cron__runs_what_falls_into_the_spring_gap_at_its_end),
        cmocka_unit_test(cron__runs_nothing_twice_in_the_autumn_night),
        cmocka_unit_test(cron__finds_leap_days_and_gives_up_on_days_that_never_come),
        cmocka_unit_test(cron__names_the_wrong_field),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
