/* regelleistung.net: workbooks of tenders; blocks and quarters of local days, also of clock changes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/regelleistung/"

static const testing_question asked = {&mt_source_regelleistung, NULL, "2025-06-09T22:00Z",
                                       "2025-06-10T22:00Z"};

#define OVERVIEW "/apps/cpp-publisher/api/v1/download/tenders/resultsoverview[?]date="

static const testing_route all[] = {
    {.match = OVERVIEW "2025-06-10&exportFormat=xlsx&market=CAPACITY&productTypes=FCR",
     .file = FILES "fcr.xlsx"},
    {.match = OVERVIEW "2024-10-27&exportFormat=xlsx&market=CAPACITY&productTypes=aFRR",
     .file = FILES "afrr_autumn.xlsx"},
    {.match = OVERVIEW "2025-03-30&exportFormat=xlsx&market=ENERGY&productTypes=aFRR",
     .file = FILES "afrr_energy_spring.xlsx"},
    {.match = "*", .file = FILES "empty.xlsx"},
    {0}};

static void regelleistung__gives_the_settled_price_of_each_block(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_regelleistung, all);
    mt_table *rows = testing_fetch(&t, "fcr-capacity", NULL, "2025-06-09T22:00Z", "2025-06-10T22:00Z");
    /* six blocks; the second tender had no result */
    assert_int_equal(testing_rows(rows, "reserve_price", "DE-LU", "FCR NEGPOS"), 6);
    assert_true(testing_value(rows, "reserve_price", "DE-LU", "FCR NEGPOS", "2025-06-10T02:00Z") == 41.5);
    assert_true(testing_value(rows, "reserve_power", "DE-LU", "FCR NEGPOS demand", "2025-06-09T22:00Z") ==
                564);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 4 * MT_US_HOUR);
    rows = testing_fetch(&t, "fcr-capacity", "AT", "2025-06-09T22:00Z", "2025-06-10T22:00Z");
    assert_true(testing_value(rows, "reserve_price", "AT", "FCR NEGPOS", "2025-06-10T02:00Z") == 50.25);
    testing_end(&t);
}

/* The first block of the autumn day has five hours. */
static void regelleistung__stretches_the_block_in_which_the_clock_changes(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_regelleistung, all);
    mt_table *rows = testing_fetch(&t, "afrr-capacity", NULL, "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(testing_rows(rows, "reserve_price", "DE-LU", "aFRR POS marginal"), 6);
    assert_true(testing_value(rows, "reserve_price", "DE-LU", "aFRR NEG average", "2024-10-27T03:00Z") ==
                2.5);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 5 * MT_US_HOUR);
    assert_true(testing_value(rows, "reserve_power", "DE-LU", "aFRR POS offered", "2024-10-26T22:00Z") ==
                2000);
    testing_end(&t);
}

static void regelleistung__counts_the_quarters_of_the_spring_day(void **state)
{
    static const testing_route many[] = {{.match = "*", .file = FILES "afrr_energy_too_many.xlsx"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_regelleistung, all);
    mt_table *rows = testing_fetch(&t, "afrr-energy", NULL, "2025-03-29T23:00Z", "2025-03-30T22:00Z");
    assert_int_equal(testing_rows(rows, "reserve_price", "DE-LU", "aFRR POS energy average"), 92);
    assert_true(
        testing_value(rows, "reserve_price", "DE-LU", "aFRR POS energy average", "2025-03-30T21:45Z") == 92);
    testing_end(&t);
    testing_refuse(&asked, many, "afrr-energy", MT_E_REMOTE, "the product is POS_093");
}

static void regelleistung__asks_day_by_day(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_regelleistung, all);
    assert_int_equal(testing_fetch(&t, "mfrr-energy", NULL, "2025-06-01T22:00Z", "2025-06-04T22:00Z")->n, 0);
    assert_int_equal(t.pages, 3); /* not published: an empty sheet is an empty answer */
    assert_int_equal(testing_hits(t.server, "*date=2025-06-04*mFRR"), 1);
    testing_end(&t);
}

static void regelleistung__leaves_out_yesterdays_data_and_says_so(void **state)
{
    static const testing_route old[] = {{.match = "*", .file = FILES "afrr_autumn.xlsx"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_regelleistung, old);
    assert_int_equal(testing_fetch(&t, "afrr-capacity", NULL, "2025-06-09T22:00Z", "2025-06-10T22:00Z")->n,
                     0);
    assert_non_null(strstr(t.log, "none lies inside"));
    testing_end(&t);
}

static void regelleistung__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "fcr.xlsx", .way = TESTING_HALF}, {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>x</html>"}, {0}};
    static const testing_route error[] = {{.match = "*", .body = "{\"message\":\"no\"}"}, {0}};
    static const testing_route cut[] = {{.match = "*", .body = "PK\003\004and no more"}, {0}};
    static const testing_route other[] = {{.match = "*", .file = FILES "other_columns.xlsx"}, {0}};
    static const testing_route words[] = {{.match = "*", .file = FILES "words.xlsx"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "fcr-capacity", MT_E_REMOTE, "regelleistung");
    testing_refuse(&asked, html, "fcr-capacity", MT_E_REMOTE,
                   "a workbook (.xlsx) was expected, but the answer is an HTML page");
    testing_refuse(&asked, error, "fcr-capacity", MT_E_REMOTE, "something else: \"{\"message\"");
    testing_refuse(&asked, cut, "fcr-capacity", MT_E_REMOTE, "no whole zip archive");
    testing_refuse(&asked, other, "fcr-capacity", MT_E_REMOTE,
                   "values of GERMANY were expected; the sheet begins with \"NAME\"");
    testing_refuse(&asked, words, "fcr-capacity", MT_E_REMOTE,
                   "row 2: a number was expected, but the cell is \"cheap\"");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(regelleistung__gives_the_settled_price_of_each_block),
        cmocka_unit_test(regelleistung__stretches_the_block_in_which_the_clock_changes),
        cmocka_unit_test(regelleistung__counts_the_quarters_of_the_spring_day),
        cmocka_unit_test(regelleistung__asks_day_by_day),
        cmocka_unit_test(regelleistung__leaves_out_yesterdays_data_and_says_so),
        cmocka_unit_test(regelleistung__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("regelleistung", test, NULL, NULL);
}
