/* EEX auctions: a report a year, prices at their local day, known since the auction. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/eex_auctions/"

static const testing_question asked = {&mt_source_eex_auctions, NULL, "2024-10-01", "2024-11-01"};

#define PATH "/eex/eua-auction-report/emission-spot-primary-market-auction-report-"

static const testing_route years[] = {{.match = PATH "2024-data.xlsx", .file = FILES "2024.xlsx"},
                                      {.match = PATH "2025-data.xlsx", .file = FILES "2025.xlsx"},
                                      {0}};

/* 2024-10-28 starts at 23:00Z the evening before (winter), its auction is at 10:00Z; 10-25 is summer. */
static void eex_auctions__puts_a_price_at_its_local_day(void **state)
{
    static const char *const eu = "Auction 4. Period CAP3 EU", *const de = "Auction 4. Period DE";
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eex_auctions, years);
    mt_table *rows = testing_fetch(&t, "auctions", NULL, "2024-10-01", "2024-11-01");
    assert_int_equal(rows->n, 3); /* that which was called off has no price */
    assert_true(testing_value(rows, "co2_price", "EUA", eu, "2024-10-27T23:00Z") == 66.5);
    assert_true(testing_value(rows, "co2_price", "EUA", de, "2024-10-24T22:00Z") == 65.72);
    assert_int_equal(testing_rows(rows, "co2_price", "EUAA", NULL), 1);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "known_at")).as.integer,
                     testing_time("2024-10-28T10:00Z"));
    mt_text payload = mt_table_get(rows, 0, mt_table_column(rows, "payload")).as.text;
    assert_true(mt_text_equal(payload, "{\"volume_t\":2463000,\"cover_ratio\":1.94}"));
    testing_end(&t);
}

static void eex_auctions__asks_for_the_report_of_each_year(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eex_auctions, years);
    mt_table *rows = testing_fetch(&t, "auctions", "eua", "2024-06-01", "2025-06-01");
    assert_int_equal(t.pages, 2);
    assert_int_equal(rows->n, 3);
    testing_end(&t);
}

static void eex_auctions__reads_an_archive_of_reports(void **state)
{
    static const testing_route routes[] = {{.match = "/old.zip", .file = FILES "archive.zip"}, {0}};
    testing t;
    char url[128];
    (void)state;
    testing_begin(&t, &mt_source_eex_auctions, routes);
    snprintf(url, sizeof url, "%s/old.zip", t.server->url);
    t.call.base_url = url;
    assert_int_equal(testing_fetch(&t, "auctions", NULL, "2020-01-01", "2025-06-01")->n, 4);
    assert_int_equal(t.pages, 1);
    testing_end(&t);
}

/* No auction yet in this year is no failure; a report that was there once is. */
static void eex_auctions__tells_a_missing_report_from_one_to_come(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eex_auctions, none);
    assert_int_equal(testing_fetch(&t, "auctions", NULL, "2025-01-01", "2025-01-03")->n, 0);
    testing_end(&t);
    testing_refuse(&asked, none, "auctions", MT_E_ABSENT,
                   "the report of 2024 is not there; past years are in an archive");
}

static void eex_auctions__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "2024.xlsx", .way = TESTING_HALF}, {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route value[] = {{.match = "*", .file = FILES "bad_value.xlsx"}, {0}};
    static const testing_route table[] = {{.match = "*", .file = FILES "no_table.xlsx"}, {0}};
    static const testing_route other[] = {{.match = "*", .file = "tests/http/worldbank/monthly.xlsx"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "auctions", MT_E_REMOTE, "eex_auctions");
    testing_refuse(&asked, html, "auctions", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, value, "auctions", MT_E_REMOTE, "the price should be a number, but is \"sixty\"");
    testing_refuse(&asked, table, "auctions", MT_E_REMOTE,
                   "Date, Auction Name and Auction Price was expected");
    testing_refuse(&asked, other, "auctions", MT_E_REMOTE, "no sheet \"Primary Market Auction\"");
}

static void eex_auctions__says_which_allowances_there_are(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eex_auctions, none);
    mt_source_query query = {.dataset = t.source->dataset, .area = "UKA", .from = 0, .to = MT_US_DAY};
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_ABSENT);
    assert_non_null(strstr(t.cx.err, "EUA and EUAA, not of UKA"));
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(eex_auctions__puts_a_price_at_its_local_day),
        cmocka_unit_test(eex_auctions__asks_for_the_report_of_each_year),
        cmocka_unit_test(eex_auctions__reads_an_archive_of_reports),
        cmocka_unit_test(eex_auctions__tells_a_missing_report_from_one_to_come),
        cmocka_unit_test(eex_auctions__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(eex_auctions__says_which_allowances_there_are),
    };
    return cmocka_run_group_tests_name("eex_auctions", test, NULL, NULL);
}
