/* Open-Meteo: weather in UTC, radiation at the start of its hour, places by zone or degrees. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/openmeteo/"

static const testing_question asked = {&mt_source_openmeteo, "DK1", "2025-11-20", "2025-11-21"};

static const testing_route forecast[] = {{.match = "/v1/forecast*", .file = FILES "forecast.json"}, {0}};

/* 48 hours are in the answer; the hour of radiation that ends at midnight is the last of the day before. */
static void openmeteo__puts_each_quantity_at_the_start_of_its_hour(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, forecast);
    mt_table *rows = testing_fetch(&t, "forecast", "DK_1", "2025-11-20", "2025-11-21");
    assert_int_equal(testing_rows(rows, "weather_forecast", "DK1", "temperature_2m"), 24);
    assert_int_equal(testing_rows(rows, "weather_forecast", "DK1", "shortwave_radiation"), 24);
    assert_int_equal(testing_rows(rows, NULL, NULL, "snowfall"), 0); /* not in the answer */
    assert_true(testing_value(rows, NULL, "DK1", "temperature_2m", "2025-11-20T01:00Z") == 7.6);
    assert_true(testing_value(rows, NULL, "DK1", "shortwave_radiation", "2025-11-20T01:00Z") == 20);
    assert_true(testing_value(rows, NULL, "DK1", "shortwave_radiation", "2025-11-20T23:00Z") == 240);
    assert_true(isnan(testing_value(rows, NULL, "DK1", "temperature_2m", "2025-11-20T03:00Z")));
    assert_true(testing_saw(t.server, "start_date=2025-11-20&end_date=2025-11-21&timezone=UTC"));
    assert_true(testing_saw(t.server, "wind_speed_unit=ms"));
    testing_end(&t);
}

static void openmeteo__spells_units_in_plain_letters(void **state)
{
    testing t;
    size_t degrees = 0, watts = 0;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, forecast);
    mt_table *rows = testing_fetch(&t, "forecast", "DK1", "2025-11-20", "2025-11-21");
    for (size_t k = 0; k < rows->n; k++) {
        mt_text unit = mt_table_get(rows, k, mt_table_column(rows, "unit")).as.text;
        degrees += mt_text_equal(unit, "degC");
        watts += mt_text_equal(unit, "W/m2");
    }
    assert_int_equal(degrees, 24);
    assert_int_equal(watts, 24);
    testing_end(&t);
}

/* A local autumn day is 25 hours of UTC. */
static void openmeteo__gives_the_archive_of_a_place_in_degrees(void **state)
{
    static const testing_route routes[] = {
        {.match = "/v1/archive?latitude=55.68&longitude=12.57&*", .file = FILES "archive.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, routes);
    mt_table *rows = testing_fetch(&t, "archive", "55.68, 12.57", "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(testing_rows(rows, "weather", "55.68,12.57", "cloud_cover"), 25);
    testing_end(&t);
}

static void openmeteo__asks_for_long_spans_in_pieces(void **state)
{
    static const testing_route routes[] = {{.match = "/v1/archive*", .file = FILES "archive.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, routes);
    mt_table *rows = testing_fetch(&t, "archive", "DK1", "2023-06-01", "2025-06-01");
    assert_int_equal(t.pages, 2);
    assert_int_equal(testing_rows(rows, "weather", "DK1", "cloud_cover"), 72);
    testing_end(&t);
}

/* What lies behind the last day that may be asked for is not asked for: it would be refused. */
static void openmeteo__asks_for_no_day_that_cannot_be_known(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, forecast);
    (void)testing_fetch(&t, "forecast", "DK1", "2025-11-20", "2025-12-18");
    assert_true(testing_saw(t.server, "end_date=2025-12-05"));
    assert_int_equal(testing_fetch(&t, "archive", "DK1", "2025-12-01", "2025-12-02")->n, 0);
    assert_int_equal(t.pages, 1);
    testing_end(&t);
}

static void openmeteo__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "forecast.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route types[] = {{.match = "*", .file = FILES "bad_types.json"}, {0}};
    static const testing_route less[] = {{.match = "*", .file = FILES "short.json"}, {0}};
    static const testing_route error[] = {{.match = "*", .status = 400, .file = FILES "error.json"}, {0}};
    static const testing_route said[] = {{.match = "*", .file = FILES "error.json"}, {0}};
    static const testing_route empty[] = {{.match = "*", .body = "{}"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "forecast", MT_E_REMOTE, "openmeteo");
    testing_refuse(&asked, html, "forecast", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, types, "forecast", MT_E_REMOTE, "\"temperature_2m\" should be a number");
    testing_refuse(&asked, less, "forecast", MT_E_REMOTE, "\"cloud_cover\" has 23 values for 24 times");
    testing_refuse(&asked, error, "forecast", MT_E_INPUT, "out of allowed range");
    testing_refuse(&asked, said, "forecast", MT_E_INPUT, "out of allowed range");
    testing_refuse(&asked, empty, "forecast", MT_E_REMOTE, "\"time\" should be a JSON array");
}

static void openmeteo__says_what_a_place_is(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_openmeteo, none);
    mt_source_query query = {.dataset = t.source->dataset, .area = "95,0", .from = 0, .to = MT_US_DAY};
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_INPUT);
    assert_non_null(strstr(t.cx.err, "LATITUDE,LONGITUDE"));
    query.area = "DK9";
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_ABSENT);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(openmeteo__puts_each_quantity_at_the_start_of_its_hour),
        cmocka_unit_test(openmeteo__spells_units_in_plain_letters),
        cmocka_unit_test(openmeteo__gives_the_archive_of_a_place_in_degrees),
        cmocka_unit_test(openmeteo__asks_for_long_spans_in_pieces),
        cmocka_unit_test(openmeteo__asks_for_no_day_that_cannot_be_known),
        cmocka_unit_test(openmeteo__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(openmeteo__says_what_a_place_is),
    };
    return cmocka_run_group_tests_name("openmeteo", test, NULL, NULL);
}
