/* EIA: hours named by their ends, pages, numbers as texts, the price of gas per MWh. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/eia/"

static const testing_question asked = {&mt_source_eia, NULL, "2024-01-01", "2024-01-02"};

/* The hour that ends at 01:00 starts at midnight; interchange that flows out is negative exchange. */
static void eia__puts_an_hour_at_its_start(void **state)
{
    static const testing_route routes[] = {
        {.match = "/v2/electricity/rto/region-data/data/*respondent%5D%5B%5D=PJM&*",
         .file = FILES "region.json"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eia, routes);
    mt_table *rows = testing_fetch(&t, "region-data", "PJM", "2024-01-01", "2024-01-01T02:00Z");
    assert_int_equal(rows->n, 7);
    assert_true(testing_value(rows, "load", "PJM", "", "2024-01-01T00:00Z") == 88371);
    assert_true(testing_value(rows, "load_forecast", "PJM", "", "2024-01-01T00:00Z") == 89012);
    assert_true(testing_value(rows, "net_generation", "PJM", "", "2024-01-01T01:00Z") == -5);
    assert_true(testing_value(rows, "exchange", "PJM", "", "2024-01-01T00:00Z") == -4629);
    assert_true(testing_value(rows, "exchange", "PJM", "", "2024-01-01T01:00Z") == 12);
    assert_int_equal(testing_rows(rows, "load", "PJM", ""), 2);
    assert_true(isnan(testing_value(rows, "load", "PJM", "", "2024-01-01T01:00Z"))); /* null */
    assert_int_equal(testing_rows(rows, "load_forecast", "PJM", ""), 1);             /* not said: no row */
    assert_true(testing_saw(t.server, "start=2024-01-01T01&end=2024-01-01T02&offset=0&length=5000"));
    testing_end(&t);
}

static void eia__reads_page_after_page(void **state)
{
    static const testing_route routes[] = {
        {.match = "/v2/electricity/rto/fuel-type-data/*offset=0&*", .file = FILES "fuel_1.json"},
        {.match = "/v2/electricity/rto/fuel-type-data/*offset=2&*", .file = FILES "fuel_2.json"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eia, routes);
    mt_table *rows = testing_fetch(&t, "fuel-type-data", NULL, "2024-01-01", "2024-01-02");
    assert_int_equal(t.pages, 2);
    assert_int_equal(rows->n, 3);
    assert_true(testing_value(rows, "production", "US48", "Solar", "2024-01-01T00:00Z") == -120);
    assert_true(testing_value(rows, "production", "US48", "Wind", "2024-01-01T01:00Z") == 40000);
    testing_end(&t);
}

/* 2.58 USD/MMBtu / 0.29307107 MWh/MMBtu = 8.80332541 USD/MWh (bc). */
static void eia__gives_the_price_of_gas_per_MWh_and_keeps_what_was_told(void **state)
{
    static const testing_route routes[] = {
        {.match = "/v2/natural-gas/pri/fut/data/*", .file = FILES "gas.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eia, routes);
    mt_table *rows = testing_fetch(&t, "gas-spot", NULL, "2024-01-02", "2024-01-05");
    assert_int_equal(rows->n, 3);
    double value = testing_value(rows, "fuel_price", "Natural gas, Henry Hub", "", "2024-01-02");
    assert_true(fabs(value - 8.80332541) < 1e-7);
    assert_true(isnan(testing_value(rows, "fuel_price", NULL, NULL, "2024-01-04")));
    mt_text payload = mt_table_get(rows, 0, mt_table_column(rows, "payload")).as.text;
    assert_true(mt_text_equal(payload, "{\"value\":2.58,\"unit\":\"USD/MMBtu\"}"));
    assert_true(mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "unit")).as.text, "USD/MWh"));
    testing_end(&t);
}

static void eia__gives_nothing_where_nothing_is(void **state)
{
    static const testing_route routes[] = {{.match = "*", .file = FILES "empty.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_eia, routes);
    assert_int_equal(testing_fetch(&t, "region-data", "PJM", "2024-01-01", "2024-01-02")->n, 0);
    testing_end(&t);
}

static void eia__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "region.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route error[] = {{.match = "*", .file = FILES "error.json"}, {0}};
    static const testing_route period[] = {{.match = "*", .file = FILES "bad_period.json"}, {0}};
    static const testing_route value[] = {{.match = "*", .file = FILES "bad_value.json"}, {0}};
    static const testing_route unit[] = {{.match = "*", .file = FILES "bad_unit.json"}, {0}};
    static const testing_route less[] = {{.match = "*", .file = FILES "short.json"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "region-data", MT_E_REMOTE, "eia");
    testing_refuse(&asked, html, "region-data", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, error, "region-data", MT_E_INPUT, "An invalid api_key was supplied");
    testing_refuse(&asked, period, "region-data", MT_E_REMOTE, "a period such as 2024-01-01T00 was expected");
    testing_refuse(&asked, value, "region-data", MT_E_REMOTE, "\"value\" should be a number");
    testing_refuse(&asked, unit, "region-data", MT_E_REMOTE,
                   "megawatthours were expected, not in gigawatthours");
    testing_refuse(&asked, less, "region-data", MT_E_REMOTE, "9 records are told and 0 came");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(eia__puts_an_hour_at_its_start),
        cmocka_unit_test(eia__reads_page_after_page),
        cmocka_unit_test(eia__gives_the_price_of_gas_per_MWh_and_keeps_what_was_told),
        cmocka_unit_test(eia__gives_nothing_where_nothing_is),
        cmocka_unit_test(eia__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("eia", test, NULL, NULL);
}
