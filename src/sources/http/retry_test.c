/* Tests of what is tried again: statuses, waits, Retry-After in all its forms. */
#include "sources/http/retry.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* RFC 9110 section 5.6.7: the three forms of one moment. */
#define MOMENT ((mt_time)784111777 * MT_US_SECOND)

static void retry__tries_again_what_may_pass(void **state)
{
    static const int yes[] = {408, 425, 429, 500, 502, 503, 504},
                     no[] = {200, 304, 400, 401, 403, 404, 422, 501};
    (void)state;
    for (size_t k = 0; k < sizeof yes / sizeof *yes; k++) assert_true(mt_retry_status(yes[k]));
    for (size_t k = 0; k < sizeof no / sizeof *no; k++) assert_false(mt_retry_status(no[k]));
}

static void retry__waits_twice_as_long_each_time_up_to_a_minute(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int k = 0; k < 70; k++) {
        mt_time full = k < 6 ? MT_US_SECOND << k : 60 * MT_US_SECOND, least = INT64_MAX, most = 0;
        for (int i = 0; i < 500; i++) {
            mt_time wait = mt_retry_wait(MT_US_SECOND, k, &seed);
            least = wait < least ? wait : least;
            most = wait > most ? wait : most;
        }
        assert_true(least >= full / 2 && least < full / 10 * 6); /* the jitter uses its whole width */
        assert_true(most < full / 2 * 3 && most > full / 10 * 14);
    }
}

static void retry__reads_the_three_forms_of_a_date(void **state)
{
    static const char *const form[] = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                       "Sun Nov  6 08:49:37 1994"};
    mt_time t;
    (void)state;
    for (size_t k = 0; k < sizeof form / sizeof *form; k++) {
        t = 0;
        assert_true(mt_http_date_parse(mt_text_of(form[k]), MOMENT, &t));
        assert_int_equal(t, MOMENT);
    }
    /* two digits: more than 50 years ahead is the past */
    assert_true(mt_http_date_parse(mt_text_of("Sunday, 06-Nov-94 08:49:37 GMT"),
                                   mt_time_of((mt_civil){.year = 2026, .month = 1, .day = 1}), &t));
    assert_int_equal(t, MOMENT);
}

static void retry__refuses_what_is_no_date(void **state)
{
    static const char *const bad[] = {"",
                                      "soon",
                                      "Sun, 06 Nov 1994 08:49:37",
                                      "Sun, 31 Feb 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:37 GMT!",
                                      "Sun, 06 nov 1994 08:49:37 GMT",
                                      "Su, 06 Nov 1994 08:49:37 GMT",
                                      "Sun, 6 Nov 1994 08:49:37 GMT",
                                      "Sun Nov 6 08:49:37 1994",
                                      "Sunday, 06-Nov-1994 08:49:37 GMT",
                                      "Sun, 06 Nov 0000 08:49:37 GMT"};
    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        mt_time t = 42;
        if (mt_http_date_parse(mt_text_of(bad[k]), MOMENT, &t)) fail_msg("%s was taken", bad[k]);
        assert_int_equal(t, 42);
    }
}

static void retry__reads_retry_after(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
    } row[] = {{"120", 120},
               {" 7\t", 7},
               {"0", 0},
               {"Sun, 06 Nov 1994 08:50:37 GMT", 60},
               {"Sun, 06 Nov 1994 08:48:37 GMT", 0},
               {"99999999999999999999999", 100LL * 366 * 86400},
               {"-1", -1},
               {"1.5", -1},
               {"2 s", -1},
               {"", -1},
               {"later", -1}};
    (void)state;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        mt_time wait = -1 * MT_US_SECOND;
        assert_int_equal(mt_retry_after(mt_text_of(row[k].text), MOMENT, &wait), row[k].seconds >= 0);
        assert_int_equal(wait, row[k].seconds * MT_US_SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retry__tries_again_what_may_pass),
        cmocka_unit_test(retry__waits_twice_as_long_each_time_up_to_a_minute),
        cmocka_unit_test(retry__reads_the_three_forms_of_a_date),
        cmocka_unit_test(retry__refuses_what_is_no_date),
        cmocka_unit_test(retry__reads_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
