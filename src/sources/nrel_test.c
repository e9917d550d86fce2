/* NREL utility rates: three sectors of a place, of the year that the service tells. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/nrel/"

static const testing_question asked = {&mt_source_nrel, "39.74,-105.17", "2025-06-01", "2025-06-02"};

static void nrel__gives_the_rates_of_its_year_whatever_was_asked(void **state)
{
    static const testing_route routes[] = {
        {.match = "/api/utility_rates/v3.json?lat=39.74&lon=-105.17&api_key=*", .file = FILES "rates.json"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_nrel, routes);
    mt_table *rows = testing_fetch(&t, "utility_rates", "39.74, -105.17", "2025-06-01", "2025-06-02");
    assert_int_equal(rows->n, 3);
    double home = testing_value(rows, "tariff", "39.74, -105.17", "residential", "2012-01-01");
    assert_true(fabs(home - 110.5) < 1e-9);
    assert_true(isnan(testing_value(rows, "tariff", NULL, "industrial", "2012-01-01"))); /* "no data" */
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 366 * MT_US_DAY);
    mt_text payload = mt_table_get(rows, 0, mt_table_column(rows, "payload")).as.text;
    assert_true(mt_text_equal(payload, "{\"price\":\"0.1105\",\"unit\":\"kWh\",\"currency\":\"USD\","
                                       "\"supplier\":\"Public Service Co of Colorado\"}"));
    testing_end(&t);
}

static void nrel__takes_an_address(void **state)
{
    static const testing_route routes[] = {
        {.match = "/api/utility_rates/v3.json?address=Golden%2C%20CO&*", .file = FILES "empty.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_nrel, routes);
    assert_int_equal(testing_fetch(&t, "utility_rates", "Golden, CO", "2025-06-01", "2025-06-02")->n, 0);
    mt_source_query query = {.dataset = t.source->dataset, .from = 0, .to = MT_US_DAY};
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_INPUT);
    testing_end(&t);
}

static void nrel__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "rates.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route error[] = {{.match = "*", .file = FILES "error.json"}, {0}};
    static const testing_route types[] = {{.match = "*", .file = FILES "bad_types.json"}, {0}};
    static const testing_route limit[] = {
        {.match = "*", .status = 429, .headers = "Retry-After: 3600\r\n", .body = "OVER_RATE_LIMIT"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "utility_rates", MT_E_REMOTE, "nrel");
    testing_refuse(&asked, html, "utility_rates", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, error, "utility_rates", MT_E_INPUT, "'lat' must be between -90 and 90");
    testing_refuse(&asked, types, "utility_rates", MT_E_REMOTE, "\"residential\" should be a number");
    testing_refuse(&asked, limit, "utility_rates", MT_E_LIMIT, "nrel");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(nrel__gives_the_rates_of_its_year_whatever_was_asked),
        cmocka_unit_test(nrel__takes_an_address),
        cmocka_unit_test(nrel__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("nrel", test, NULL, NULL);
}
