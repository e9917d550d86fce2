/* World Bank: columns by their names on a sheet that is not the first, units by their row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/worldbank/"

static const testing_question asked = {&mt_source_worldbank, NULL, "2025-01-01", "2025-06-01"};

static const testing_route monthly[] = {
    {.match = "/en/doc/*/CMO-Historical-Data-Monthly.xlsx", .file = FILES "monthly.xlsx"}, {0}};

/* 13.1 USD/MMBtu / 0.29307107 = 44.69905542 USD/MWh (bc). */
static void worldbank__finds_columns_and_units_by_their_names(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_worldbank, monthly);
    mt_table *rows = testing_fetch(&t, "monthly", NULL, "2025-03-01", "2025-05-01");
    assert_int_equal(rows->n, 12); /* six prices of two months; no index, no cocoa */
    assert_true(testing_value(rows, "fuel_price", "Crude oil, Brent", "", "2025-03-01") == 72.6);
    assert_true(testing_value(rows, "fuel_price", "Coal, South African", "", "2025-03-01") == 90.2);
    assert_true(isnan(testing_value(rows, "fuel_price", "Coal, South African", "", "2025-04-01")));
    double gas = testing_value(rows, "fuel_price", "Natural gas, Europe", "", "2025-03-01");
    assert_true(fabs(gas - 44.69905542) < 1e-6);
    testing_end(&t);
}

static void worldbank__gives_months_of_their_length(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_worldbank, monthly);
    mt_table *rows = testing_fetch(&t, "monthly", "Coal", "2025-04-01", "2025-05-01");
    assert_int_equal(rows->n, 2);
    for (size_t k = 0; k < rows->n; k++) {
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer, 30 * MT_US_DAY);
        assert_true(mt_text_equal(mt_table_get(rows, k, mt_table_column(rows, "unit")).as.text, "USD/t"));
    }
    testing_end(&t);
}

static void worldbank__takes_the_whole_address_of_a_newer_file(void **state)
{
    static const testing_route routes[] = {{.match = "/other/new.xlsx", .file = FILES "monthly.xlsx"}, {0}};
    testing t;
    char url[128];
    (void)state;
    testing_begin(&t, &mt_source_worldbank, routes);
    snprintf(url, sizeof url, "%s/other/new.xlsx", t.server->url);
    t.call.base_url = url;
    assert_int_equal(testing_fetch(&t, "monthly", "Natural gas", "2025-04-01", "2025-05-01")->n, 2);
    testing_end(&t);
}

static void worldbank__gives_nothing_of_months_that_are_not_there(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_worldbank, monthly);
    assert_int_equal(testing_fetch(&t, "monthly", NULL, "2025-05-01", "2025-06-01")->n, 0);
    testing_end(&t);
}

static void worldbank__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "monthly.xlsx", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route value[] = {{.match = "*", .file = FILES "bad_value.xlsx"}, {0}};
    static const testing_route unit[] = {{.match = "*", .file = FILES "bad_unit.xlsx"}, {0}};
    static const testing_route sheet[] = {{.match = "*", .file = FILES "other_sheet.xlsx"}, {0}};
    static const testing_route table[] = {{.match = "*", .file = FILES "no_table.xlsx"}, {0}};
    static const testing_route zip[] = {{.match = "*", .body = "PK\003\004 and nothing else"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "monthly", MT_E_REMOTE, "worldbank");
    testing_refuse(&asked, html, "monthly", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, value, "monthly", MT_E_REMOTE,
                   "Natural gas, US should be a number, but is \"cheap\"");
    testing_refuse(&asked, unit, "monthly", MT_E_REMOTE,
                   "was expected for Crude oil, Brent, not \"(EUR/bbl)\"");
    testing_refuse(&asked, sheet, "monthly", MT_E_REMOTE,
                   "no sheet \"Monthly Prices\"; it has Annual Prices, Notes");
    testing_refuse(&asked, table, "monthly", MT_E_REMOTE, "months such as 2024M01 was expected");
    testing_refuse(&asked, zip, "monthly", MT_E_REMOTE, "a workbook was expected");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(worldbank__finds_columns_and_units_by_their_names),
        cmocka_unit_test(worldbank__gives_months_of_their_length),
        cmocka_unit_test(worldbank__takes_the_whole_address_of_a_newer_file),
        cmocka_unit_test(worldbank__gives_nothing_of_months_that_are_not_there),
        cmocka_unit_test(worldbank__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("worldbank", test, NULL, NULL);
}
