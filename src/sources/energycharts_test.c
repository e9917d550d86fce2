/* Energy-Charts: prices, production by type without shares, forecasts, capacity, frequency. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/energycharts/"

static const testing_question asked = {&mt_source_energycharts, NULL, "2025-10-14T22:00Z",
                                       "2025-10-15T22:00Z"};

static const testing_route all[] = {
    {.match = "/price[?]bzn=DE-LU&start=2025-10-14T22:00Z&*", .file = FILES "price.json"},
    {.match = "/price[?]*start=2024-10-26T22:00Z&*", .file = FILES "price_autumn.json"},
    {.match = "/price*", .file = FILES "price_empty.json"},
    {.match = "/public_power[?]country=de&*", .file = FILES "public_power.json"},
    {.match = "/public_power_forecast*type=solar&*", .file = FILES "forecast_solar.json"},
    {.match = "/public_power_forecast*type=wind_onshore&*", .file = FILES "forecast_wind_onshore.json"},
    {.match = "/public_power_forecast*type=wind_offshore&*", .file = FILES "forecast_wind_offshore.json"},
    {.match = "/public_power_forecast*type=load&*", .file = FILES "forecast_load.json"},
    {.match = "/installed_power[?]country=de&time_step=yearly", .file = FILES "installed.json"},
    {.match = "/frequency[?]region=DE-Freiburg&*", .file = FILES "frequency.json"},
    {0}};

static const char *const from = "2025-10-14T22:00Z", *const to = "2025-10-15T22:00Z";

static void energycharts__gives_prices_with_their_unit(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, all);
    mt_table *rows = testing_fetch(&t, "price", "DE-LU", from, to);
    assert_int_equal(rows->n, 8);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:30Z") == -3);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:45Z") == 0);
    assert_true(isnan(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T23:00Z")));
    assert_true(mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "unit")).as.text, "EUR/MWh"));
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 15 * MT_US_MINUTE);
    assert_non_null(strstr(t.log, "CC BY 4.0 (creativecommons.org")); /* the licence is told */
    rows = testing_fetch(&t, "price", "DE-LU", "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(rows->n, 25);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, MT_US_HOUR);
    testing_end(&t);
}

static void energycharts__tells_production_from_load_and_pumping(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, all);
    mt_table *rows = testing_fetch(&t, "public_power", "DE", from, to);
    assert_int_equal(rows->n, 5 * 4); /* shares and the residual load are left out */
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-10-14T22:30Z") == 1);
    assert_true(isnan(testing_value(rows, "production", "DE-LU", "Solar", "2025-10-14T22:45Z")));
    assert_true(testing_value(rows, "load", "DE-LU", "", from) == 10000);
    assert_true(testing_value(rows, "exchange", "DE-LU", "", from) == -250);
    assert_true(testing_value(rows, "plant_consumption", "DE-LU", "Hydro pumped storage consumption", from) ==
                40); /* told as -40 */
    rows = testing_fetch(&t, "public_power_forecast", "DE", from, to);
    assert_int_equal(rows->n, 8);
    assert_true(testing_value(rows, "production_forecast", "DE-LU", "wind_onshore", "2025-10-14T22:15Z") ==
                50);
    assert_true(testing_value(rows, "load_forecast", "DE-LU", "", "2025-10-14T22:15Z") == 11000);
    testing_end(&t);
}

static void energycharts__gives_capacity_by_year_and_frequency_by_second(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, all);
    mt_table *rows = testing_fetch(&t, "installed_power", "DE", "2024-01-01", "2026-01-01");
    assert_int_equal(rows->n, 2);
    assert_true(testing_value(rows, "capacity", "DE-LU", "Solar, DC", "2023-12-31T23:00Z") == 98500);
    assert_true(isnan(testing_value(rows, "capacity", "DE-LU", "Solar, DC", "2024-12-31T23:00Z")));
    rows = testing_fetch(&t, "frequency", NULL, from, to);
    assert_int_equal(testing_rows(rows, "frequency", "DE-Freiburg", ""), 3);
    testing_end(&t);
}

/* From 2025-10-01 (22:00Z the day before) on prices and loads are told by quarters. */
static void energycharts__keeps_hours_before_the_change_to_quarters(void **state)
{
    static const testing_route change[] = {
        {.match = "/price*",
         .body = "{\"license_info\":\"\",\"unix_seconds\":[1759258800,1759262400,1759266000,1759269600,"
                 "1759270500,1759271400,1759272300],\"price\":[1,2,3,4,5,6,7],\"unit\":\"EUR / MWh\"}"},
        {.match = "/public_power*",
         .body = "{\"unix_seconds\":[1759258800,1759262400,1759266000,1759269600,1759270500,1759271400,"
                 "1759272300],\"production_types\":[{\"name\":\"Solar\",\"data\":[100,100,100,100,100,"
                 "100,100]}]}"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, change);
    mt_table *rows = testing_fetch(&t, "price", "DE-LU", "2025-09-30T19:00Z", "2025-09-30T23:00Z");
    int column = mt_table_column(rows, "step_us");
    assert_int_equal(rows->n, 7);
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, column).as.integer, k < 3 ? MT_US_HOUR : 15 * MT_US_MINUTE);
    rows = testing_fetch(&t, "public_power", "DE", "2025-09-30T19:00Z", "2025-09-30T23:00Z");
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-09-30T21:00Z") == 100);
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-09-30T22:00Z") == 25);
    testing_end(&t);
}

static void energycharts__cuts_long_spans(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, all);
    mt_table *rows = testing_fetch(&t, "price", "FR", "2025-01-01", "2025-07-05");
    assert_int_equal(rows->n, 0);
    assert_int_equal(t.pages, 3); /* 92 + 92 + 1 days */
    assert_int_equal(testing_hits(t.server, "*start=2025-07-04T00:00Z&end=2025-07-05T00:00Z"), 1);
    testing_end(&t);
}

static void energycharts__leaves_out_yesterdays_data_and_says_so(void **state)
{
    static const testing_route old[] = {{.match = "*", .file = FILES "price_autumn.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_energycharts, old);
    assert_int_equal(testing_fetch(&t, "price", "DE-LU", from, to)->n, 0);
    assert_non_null(strstr(t.log, "25 values lie outside"));
    testing_end(&t);
}

static void energycharts__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "price.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>busy</html>"},
                                         {0}};
    static const testing_route cut[] = {{.match = "*", .body = "{\"unix_seconds\":[1760479200"}, {0}};
    static const testing_route uneven[] = {{.match = "*", .file = FILES "price_uneven.json"}, {0}};
    static const testing_route types[] = {{.match = "*", .file = FILES "price_types.json"}, {0}};
    static const testing_route error[] = {
        {.match = "*", .status = 404, .body = "{\"detail\":\"no content available\"}"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "price", MT_E_REMOTE, "energycharts");
    testing_refuse(&asked, html, "price", MT_E_REMOTE,
                   "a JSON object was expected, but the answer is an HTML page");
    testing_refuse(&asked, cut, "price", MT_E_REMOTE, "energycharts, price: a JSON object was expected");
    testing_refuse(&asked, uneven, "price", MT_E_REMOTE, "has 3 elements, \"price\" has 2");
    testing_refuse(&asked, types, "price", MT_E_REMOTE,
                   "\"price\" should be a number or null, but is a text");
    testing_refuse(&asked, error, "price", MT_E_ABSENT, "no content available");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(energycharts__gives_prices_with_their_unit),
        cmocka_unit_test(energycharts__tells_production_from_load_and_pumping),
        cmocka_unit_test(energycharts__gives_capacity_by_year_and_frequency_by_second),
        cmocka_unit_test(energycharts__keeps_hours_before_the_change_to_quarters),
        cmocka_unit_test(energycharts__cuts_long_spans),
        cmocka_unit_test(energycharts__leaves_out_yesterdays_data_and_says_so),
        cmocka_unit_test(energycharts__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("energycharts", test, NULL, NULL);
}
