/* ECB: rates of working days, known at four in the afternoon, the short file for recent days. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/ecb/"

static const testing_question asked = {&mt_source_ecb, NULL, "2024-01-01", "2024-02-01"};

static const testing_route both[] = {
    {.match = "/stats/eurofxref/eurofxref-hist.xml", .file = FILES "hist.xml"},
    {.match = "/stats/eurofxref/eurofxref-hist-90d.xml", .file = FILES "hist90.xml"},
    {0}};

static void ecb__gives_the_rates_of_the_asked_days(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_ecb, both);
    mt_table *rows = testing_fetch(&t, "reference_rates", NULL, "2024-01-02", "2024-01-04");
    assert_int_equal(rows->n, 6);
    assert_true(testing_value(rows, "fx_rate", "USD", "", "2024-01-03") == 1.0919);
    assert_true(testing_value(rows, "fx_rate", "DKK", "", "2024-01-02") == 7.4574);
    testing_end(&t);
}

/* Published at 16:00 of Frankfurt: 15:00 UTC in winter, 14:00 UTC in summer. */
static void ecb__knows_a_rate_since_four_in_the_afternoon(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_ecb, both);
    mt_table *rows = testing_fetch(&t, "reference_rates", "USD", "2023-06-30", "2024-01-03");
    assert_int_equal(rows->n, 2);
    for (size_t k = 0; k < rows->n; k++) {
        int64_t start = mt_table_get(rows, k, mt_table_column(rows, "start")).as.integer;
        int64_t known = mt_table_get(rows, k, mt_table_column(rows, "known_at")).as.integer;
        bool summer = start == testing_time("2023-06-30");
        assert_int_equal(known - start, (summer ? 14 : 15) * MT_US_HOUR);
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer, MT_US_DAY);
    }
    testing_end(&t);
}

static void ecb__takes_the_short_file_for_recent_days(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_ecb, both);
    mt_table *rows = testing_fetch(&t, "reference_rates", "sek, USD", "2025-11-13", "2025-11-20");
    assert_int_equal(rows->n, 4);
    assert_int_equal(testing_hits(t.server, "*-90d.xml"), 1);
    assert_int_equal(testing_hits(t.server, "*eurofxref-hist.xml"), 0);
    testing_end(&t);
}

static void ecb__gives_nothing_for_a_weekend(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_ecb, both);
    assert_int_equal(testing_fetch(&t, "reference_rates", NULL, "2024-01-06", "2024-01-08")->n, 0);
    testing_end(&t);
}

static void ecb__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "hist.xml", .way = TESTING_HALF}, {0}};
    static const testing_route cut[] = {
        {.match = "*", .body = "<?xml version=\"1.0\"?><Cube><Cube time=\"2024-01-04\"><Cube currency=\"U"},
        {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route rate[] = {{.match = "*", .file = FILES "bad_rate.xml"}, {0}};
    static const testing_route day[] = {{.match = "*", .file = FILES "bad_day.xml"}, {0}};
    static const testing_route none[] = {{.match = "*", .file = FILES "no_days.xml"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "reference_rates", MT_E_REMOTE, "ecb");
    testing_refuse(&asked, cut, "reference_rates", MT_E_REMOTE, "a document of rates was expected");
    testing_refuse(&asked, html, "reference_rates", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, rate, "reference_rates", MT_E_REMOTE,
                   "a currency such as USD with a positive rate");
    testing_refuse(&asked, day, "reference_rates", MT_E_REMOTE,
                   "a day such as 2024-01-02 was expected, not yesterday");
    testing_refuse(&asked, none, "reference_rates", MT_E_REMOTE, "days and their rates");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(ecb__gives_the_rates_of_the_asked_days),
        cmocka_unit_test(ecb__knows_a_rate_since_four_in_the_afternoon),
        cmocka_unit_test(ecb__takes_the_short_file_for_recent_days),
        cmocka_unit_test(ecb__gives_nothing_for_a_weekend),
        cmocka_unit_test(ecb__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("ecb", test, NULL, NULL);
}
