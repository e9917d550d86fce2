/* Tests of Energi Data Service against answers of its form (tests/http/energidataservice/SOURCE.txt). */
#include "sources/list.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/testing.h"

#define RECORDED "tests/http/energidataservice/"

static void begin(testing *t, const testing_route *routes)
{
    testing_begin(t, &mt_source_energidataservice, routes);
}

static mt_code try_june(testing *t, const char *dataset, const char *area, mt_table **rows)
{
    mt_source_query query = {
        .area = area, .from = testing_time("2024-06-01"), .to = testing_time("2024-06-02")};
    mt_ctx_forgive(&t->cx);
    assert_int_equal(mt_source_dataset_find(&t->cx, &query.dataset, t->source, dataset), MT_OK);
    return testing_try(t, rows, &query);
}

/* 2024-10-27 in Denmark has 25 hours: HourDK 02:00 comes twice, HourUTC 00:00 and 01:00 tell them apart. */
static void energidataservice__gives_both_hours_of_an_autumn_night(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices[?]start=2024-10-26T22:00&end=2024-10-27T23:00&timezone=UTC*",
         .file = RECORDED "elspot_autumn.json"},
        {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    mt_table *rows = testing_fetch(&t, "prices", NULL, "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(rows->n, 49); /* 50 records, one without a price */
    assert_int_equal(testing_rows(rows, "spot_price", "DK1", ""), 25);
    /* the answer's prices rise by one an hour, from 40 in DK1 and 140 in DK2; one hour is negative */
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2024-10-26T22:00Z"), 40, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2024-10-27T00:00Z"), 42, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2024-10-27T01:00Z"), -12.5, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK2", "", "2024-10-27T01:00Z"), 143, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2024-10-27T22:00Z"), 64, 0);
    testing_end(&t);
}

static void energidataservice__never_makes_a_missing_price_zero(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices*", .file = RECORDED "elspot_autumn.json"}, {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    mt_table *rows = testing_fetch(&t, "Elspotprices", "DK1,DK2", "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(testing_rows(rows, "spot_price", "DK1", ""), 25);
    assert_int_equal(testing_rows(rows, "spot_price", "DK2", ""), 24); /* null at 02:00Z: nothing was said */
    assert_true(isnan(testing_value(rows, "spot_price", "DK2", "", "2024-10-27T02:00Z")));
    testing_end(&t);
}

static void energidataservice__has_23_hours_in_spring(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices[?]start=2025-03-29T23:00&end=2025-03-30T22:00&timezone=UTC*",
         .file = RECORDED "elspot_spring.json"},
        {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    mt_table *rows = testing_fetch(&t, "prices", "DK1", "2025-03-29T23:00Z", "2025-03-30T22:00Z");
    assert_int_equal(testing_rows(rows, "spot_price", "DK1", ""), 23);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2025-03-30T00:00Z"), 41, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2025-03-30T01:00Z"), 42, 0);
    testing_end(&t);
}

/* Hours end and quarters start with the first of October 2025, Danish time. */
static void energidataservice__asks_both_datasets_over_the_cut(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices[?]start=2025-09-30T20:00&end=2025-09-30T22:00&*",
         .file = RECORDED "elspot_last_hours.json"},
        {.match = "/dataset/DayAheadPrices[?]start=2025-09-30T22:00&end=2025-10-01T00:00&*",
         .file = RECORDED "day_ahead_first_quarters.json"},
        {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    mt_table *rows = testing_fetch(&t, NULL, NULL, "2025-09-30T20:00Z", "2025-10-01T00:00Z");
    assert_int_equal(testing_rows(rows, "spot_price", "DK1", ""), 2 + 8);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2025-09-30T21:00Z"), 41, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK1", "", "2025-09-30T22:00Z"), 80, 0);
    assert_float_equal(testing_value(rows, "spot_price", "DK2", "", "2025-09-30T22:15Z"), 180.25, 0);
    int step = mt_table_column(rows, "step_us");
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, step).as.integer, k < 4 ? MT_US_HOUR : 15 * MT_US_MINUTE);
    assert_int_equal(t.pages, 2);
    testing_end(&t);
}

static const testing_route three_pages[] = {{.match = "*offset=0&*", .file = RECORDED "page_1.json"},
                                            {.match = "*offset=2&*", .file = RECORDED "page_2.json"},
                                            {.match = "*offset=4&*", .file = RECORDED "page_3.json"},
                                            {0}};

static void energidataservice__reads_every_page_in_the_order_of_the_key(void **state)
{
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, three_pages);
    if (try_june(&t, "Elspotprices", "DK1", &rows) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(rows->n, 5);
    assert_int_equal(t.pages, 3);
    assert_int_equal(testing_hits(t.server, "*&sort=HourUTC%2CPriceArea&*"), 3);
    assert_int_equal(testing_hits(t.server, "*&filter=%7B%22PriceArea%22%3A%5B%22DK1%22%5D%7D"), 3);
    testing_end(&t);
}

static void energidataservice__starts_over_when_the_total_changes(void **state)
{
    static const testing_route routes[] = {
        {.match = "*offset=0&*", .file = RECORDED "page_1.json"},
        {.match = "*offset=2&*", .file = RECORDED "page_2_of_more.json", .times = 1},
        {.match = "*offset=2&*", .file = RECORDED "page_2.json"},
        {.match = "*offset=4&*", .file = RECORDED "page_3.json"},
        {0}};
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, routes);
    if (try_june(&t, "Elspotprices", "DK1", &rows) != MT_OK) fail_msg("%s", t.cx.err);
    assert_int_equal(rows->n, 5); /* none twice */
    assert_int_equal(testing_hits(t.server, "*offset=0&*"), 2);
    testing_end(&t);
}

static void energidataservice__gives_up_where_the_total_never_stands_still(void **state)
{
    static const testing_route routes[] = {{.match = "*offset=0&*", .file = RECORDED "page_1.json"},
                                           {.match = "*offset=2&*", .file = RECORDED "page_2_of_more.json"},
                                           {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    assert_int_equal(try_june(&t, "Elspotprices", "DK1", NULL), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "the number of records changed between pages"));
    testing_end(&t);
}

static void energidataservice__says_when_records_are_missing(void **state)
{
    static const testing_route routes[] = {
        {.match = "*offset=0&*", .file = RECORDED "page_1.json"},
        {.match = "*offset=2&*", .body = "{\"total\":5,\"dataset\":\"Elspotprices\",\"records\":[]}"},
        {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    assert_int_equal(try_june(&t, "Elspotprices", "DK1", NULL), MT_E_REMOTE);
    assert_non_null(strstr(t.cx.err, "5 records are told and 2 came"));
    testing_end(&t);
}

/* Each row: what is answered, and the words of the refusal. */
static void energidataservice__pushes_nothing_of_a_broken_answer(void **state)
{
    static const struct {
        const char *body, *words;
    } broken[] = {
        {"<html><body>Service unavailable</body></html>", "no whole JSON document"},
        {"", "no whole JSON document"},
        {"[1,2,3]", "no whole JSON document"},
        {"{\"total\":1,\"records\":{\"a\":1}}", "no whole JSON document"},
        {"{\"total\":1,\"dataset\":\"Elspotprices\",\"records\":[{\"HourUTC\":\"2024-06-01T00:00:00\",\"Pri",
         "no whole JSON document"},
        {"{\"dataset\":\"Elspotprices\",\"records\":[]}", "names no total"},
        {"{\"total\":\"many\",\"dataset\":\"Elspotprices\",\"records\":[]}", "names no total"},
        {"{\"total\":1,\"dataset\":\"CO2Emis\",\"records\":[]}", "is of the dataset CO2Emis"},
        {"{\"total\":1,\"records\":[{\"HourUTC\":\"soon\",\"PriceArea\":\"DK1\",\"SpotPriceEUR\":1}]}",
         "1 of 1 records cannot be read"},
        {"{\"total\":1,\"records\":[{\"HourUTC\":\"2024-06-01T00:00:00\",\"PriceArea\":\"DK1\","
         "\"SpotPriceEUR\":\"cheap\"}]}",
         "1 of 1 records cannot be read"},
        {"{\"total\":1,\"records\":[7]}", "1 of 1 records cannot be read"},
        {"{\"total\":1,\"records\":[{\"HourUTC\":\"2024-05-31T00:00:00\",\"PriceArea\":\"DK1\","
         "\"SpotPriceEUR\":1}]}",
         "answers with other times"}, /* yesterday's data */
    };
    (void)state;
    for (size_t k = 0; k < sizeof broken / sizeof *broken; k++) {
        testing_route routes[] = {
            {.match = "/dataset/*", .body = broken[k].body, .type = k ? NULL : "text/html"}, {0}};
        testing t;
        begin(&t, routes);
        assert_int_equal(try_june(&t, "Elspotprices", "DK1", NULL), MT_E_REMOTE);
        if (!strstr(t.cx.err, broken[k].words) || !strstr(t.cx.err, "energidataservice"))
            fail_msg("%s: %s", broken[k].body, t.cx.err);
        testing_end(&t);
    }
}

static void energidataservice__takes_an_empty_answer_as_no_news(void **state)
{
    static const testing_route routes[] = {{.match = "/dataset/*", .file = RECORDED "none.json"}, {0}};
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, routes);
    assert_int_equal(try_june(&t, "Elspotprices", "DK1", &rows), MT_OK);
    assert_int_equal(rows->n, 0);
    testing_end(&t);
}

/* "All" and "Total" are each plant once; "125%" and "200%" are the same production again. */
static void energidataservice__counts_declared_production_once(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/DeclarationProduction*", .file = RECORDED "declaration.json"}, {0}};
    testing t;
    mt_table *rows;
    double sum = 0;
    (void)state;
    begin(&t, routes);
    if (try_june(&t, "DeclarationProduction", NULL, &rows) != MT_OK) fail_msg("%s", t.cx.err);
    for (size_t k = 0; k < rows->n; k++) sum += mt_table_real(rows, k, mt_table_column(rows, "value"));
    assert_int_equal(testing_rows(rows, "production", "DK1", NULL), 3);
    assert_float_equal(sum, 1200.5 + 640.25 + 90.0, 1e-9);
    testing_end(&t);
}

/* 1,500 MW for a minute are 25 MWh. */
static void energidataservice__turns_power_of_a_minute_into_energy(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/PowerSystemRightNow*", .file = RECORDED "right_now.json"}, {0}};
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, routes);
    if (try_june(&t, "PowerSystemRightNow", NULL, &rows) != MT_OK) fail_msg("%s", t.cx.err);
    assert_float_equal(testing_value(rows, "production", "DK", "SolarPower", "2024-06-01T10:01Z"), 25, 1e-9);
    assert_float_equal(testing_value(rows, "emission", "DK", "", "2024-06-01T10:01Z"), 63, 1e-9);
    assert_int_equal(testing_hits(t.server, "*filter=*"), 0);
    testing_end(&t);
}

static void energidataservice__keeps_the_moment_of_a_forecast(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Forecasts_Hour*", .file = RECORDED "forecasts.json"}, {0}};
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, routes);
    if (try_june(&t, "Forecasts_Hour", "DK1", &rows) != MT_OK) fail_msg("%s", t.cx.err);
    assert_float_equal(testing_value(rows, "production_forecast", "DK1", "Solar", "2024-06-01T10:00Z"), 651,
                       0);
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "known_at")).as.integer,
                         testing_time("2024-06-01T09:45Z"));
    testing_end(&t);
}

static void energidataservice__keeps_load_apart_from_production(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/ElectricityBalanceNonv*", .file = RECORDED "balance.json"}, {0}};
    testing t;
    mt_table *rows;
    (void)state;
    begin(&t, routes);
    if (try_june(&t, "ElectricityBalanceNonv", "DK2", &rows) != MT_OK) fail_msg("%s", t.cx.err);
    assert_float_equal(testing_value(rows, "load", "DK2", "", "2024-06-01T10:00Z"), 1445.45, 0);
    assert_int_equal(testing_rows(rows, "exchange", "DK2", NULL) >= 3, 1);
    assert_float_equal(testing_value(rows, "production", "DK2", "Waste", "2024-06-01T10:00Z"), 52.88, 0);
    testing_end(&t);
}

static void energidataservice__names_the_area_that_was_meant(void **state)
{
    static const testing_route routes[] = {{0}};
    testing t;
    (void)state;
    begin(&t, routes);
    assert_int_equal(try_june(&t, "Elspotprices", "DK3", NULL), MT_E_ABSENT);
    assert_non_null(strstr(t.cx.err, "has no area DK3; did you mean DK1?"));
    assert_int_equal(try_june(&t, "Elspotprices", "DK1\",\"X", NULL), MT_E_ABSENT);
    assert_int_equal(testing_hits(t.server, "*"), 0);
    testing_end(&t);
}

/* A year of hours is more than one window; each is asked once and none twice. */
static void energidataservice__cuts_a_long_span_into_windows(void **state)
{
    static const testing_route routes[] = {{.match = "/dataset/*", .file = RECORDED "none.json"}, {0}};
    testing t;
    (void)state;
    begin(&t, routes);
    testing_fetch(&t, "Elspotprices", "DK1", "2023-01-01", "2024-01-01");
    assert_int_equal(t.pages, 4); /* 365 days in windows of 92 */
    assert_int_equal(testing_hits(t.server, "*start=2023-01-01T00:00&end=2023-04-03T00:00&*"), 1);
    assert_int_equal(testing_hits(t.server, "*start=2023-10-04T00:00&end=2024-01-01T00:00&*"), 1);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energidataservice__gives_both_hours_of_an_autumn_night),
        cmocka_unit_test(energidataservice__never_makes_a_missing_price_zero),
        cmocka_unit_test(energidataservice__has_23_hours_in_spring),
        cmocka_unit_test(energidataservice__asks_both_datasets_over_the_cut),
        cmocka_unit_test(energidataservice__reads_every_page_in_the_order_of_the_key),
        cmocka_unit_test(energidataservice__starts_over_when_the_total_changes),
        cmocka_unit_test(energidataservice__gives_up_where_the_total_never_stands_still),
        cmocka_unit_test(energidataservice__says_when_records_are_missing),
        cmocka_unit_test(energidataservice__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(energidataservice__takes_an_empty_answer_as_no_news),
        cmocka_unit_test(energidataservice__counts_declared_production_once),
        cmocka_unit_test(energidataservice__turns_power_of_a_minute_into_energy),
        cmocka_unit_test(energidataservice__keeps_the_moment_of_a_forecast),
        cmocka_unit_test(energidataservice__keeps_load_apart_from_production),
        cmocka_unit_test(energidataservice__names_the_area_that_was_meant),
        cmocka_unit_test(energidataservice__cuts_a_long_span_into_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
