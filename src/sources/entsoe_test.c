/* ENTSO-E: curves without gaps, several resolutions in one document, archives of outages, refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/entsoe/"

static const testing_question asked = {&mt_source_entsoe, "DE-LU", "2025-10-14T22:00Z", "2025-10-15T22:00Z"};

/* Curve A03: positions 1, 5 and 96 are given, 96 quarters are meant. */
static void entsoe__fills_what_a_variable_block_leaves_out(void **state)
{
    static const testing_route routes[] = {
        {.match =
             "/api[?]documentType=A44&in_Domain=10Y1001A1001A82H&out_Domain=10Y1001A1001A82H&periodStart="
             "202510142200&periodEnd=202510152200*",
         .type = "text/xml",
         .file = FILES "prices_a03.xml"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "DayAheadPrices", "DE_LU", "2025-10-14T22:00Z", "2025-10-15T22:00Z");
    assert_int_equal(testing_rows(rows, "spot_price", "DE-LU", ""), 96);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:45Z") == 10.5);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T23:00Z") == -3.25);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-15T21:30Z") == -3.25);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-15T21:45Z") == 80);
    /* Another auction, in hours, of the same document: A01 says nothing about what is not there. */
    assert_int_equal(testing_rows(rows, "spot_price", "DE-LU", "sequence 2"), 2);
    mt_value unit = mt_table_get(rows, 0, mt_table_column(rows, "unit"));
    assert_true(mt_text_equal(unit.as.text, "EUR/MWh"));
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "known_at")).as.integer,
                     testing_time("2025-10-14T11:00Z"));
    assert_int_equal(testing_hits(t.server, "*&securityToken=*s3cret-k3y-of-the-test"), 1);
    assert_null(strstr(t.log, "s3cret-k3y"));
    testing_end(&t);
}

static void entsoe__keeps_days_of_23_and_25_hours(void **state)
{
    static const testing_route routes[] = {
        {.match = "*periodStart=202410262200*", .type = "text/xml", .file = FILES "prices_autumn.xml"},
        {.match = "*periodStart=202503292300*", .type = "text/xml", .file = FILES "prices_spring.xml"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "DayAheadPrices", NULL, "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(rows->n, 25);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2024-10-27T00:00Z") == 3);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2024-10-27T01:00Z") == 4);
    assert_true(
        mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "payload")).as.text, "{\"revision\":2}"));
    rows = testing_fetch(&t, "DayAheadPrices", NULL, "2025-03-29T23:00Z", "2025-03-30T22:00Z");
    assert_int_equal(rows->n, 23);
    testing_end(&t);
}

/* 0, 0, 400, 400 MW in quarters are 200 MWh; what a pumped storage takes is no production. */
static void entsoe__turns_power_into_energy_by_type(void **state)
{
    static const testing_route routes[] = {
        {.match = "*documentType=A75&processType=A16&in_Domain=10Y1001A1001A82H&*",
         .file = FILES "generation.xml"},
        {.match = "*documentType=A65&processType=A16&outBiddingZone_Domain=*", .file = FILES "load.xml"},
        {.match = "*documentType=A69&processType=A01*", .file = FILES "forecast.xml"},
        {.match = "*documentType=A69&processType=A40*", .file = FILES "forecast.xml"},
        {.match = "*documentType=A68&processType=A33*", .file = FILES "capacity.xml"},
        {0}};
    const char *from = "2025-10-14T22:00Z", *to = "2025-10-14T23:00Z";
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "ActualGeneration", "DE-LU", from, to);
    assert_int_equal(testing_rows(rows, "production", "DE-LU", "Solar"), 4);
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-10-14T22:15Z") == 0);
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-10-14T22:45Z") == 100);
    assert_true(testing_value(rows, "production", "DE-LU", "Energy storage", "2025-10-14T22:30Z") == 10);
    assert_true(testing_value(rows, "production", "DE-LU", "Wind Onshore", from) == 1000);
    assert_true(testing_value(rows, "production", "DE-LU", "Hydro Pumped Storage", from) == 25);
    assert_true(testing_value(rows, "plant_consumption", "DE-LU", "Hydro Pumped Storage", from) == 60);
    rows = testing_fetch(&t, "ActualLoad", "DE-LU", from, to);
    assert_true(testing_value(rows, "load", "DE-LU", "", "2025-10-14T22:45Z") == 13000);
    rows = testing_fetch(&t, "WindSolarForecast", "DE-LU", from, to);
    assert_int_equal(testing_rows(rows, "production_forecast", "DE-LU", "Wind Offshore"), 4);
    rows = testing_fetch(&t, "WindSolarForecastIntraday", "DE-LU", from, to);
    assert_int_equal(testing_rows(rows, "production_forecast", "DE-LU", "Wind Offshore intraday"), 4);
    rows = testing_fetch(&t, "InstalledCapacity", "DE-LU", from, to);
    assert_true(testing_value(rows, "capacity", "DE-LU", "Solar", "2024-12-31T23:00Z") == 98000);
    testing_end(&t);
}

static void entsoe__asks_both_ways_across_a_border(void **state)
{
    static const testing_route routes[] = {
        {.match = "*A11&in_Domain=10YDK-1--------W&out_Domain=10Y1001A1001A82H*",
         .file = FILES "flow_in.xml"},
        {.match = "*A11&in_Domain=10Y1001A1001A82H&out_Domain=10YDK-1--------W*",
         .file = FILES "flow_out.xml"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    const char *from = "2025-10-14T22:00Z";
    mt_table *rows = testing_fetch(&t, "Flows", "DK1/DE-LU", from, "2025-10-14T23:00Z");
    assert_int_equal(rows->n, 2);
    assert_true(testing_value(rows, "exchange", "DK1", "from DE-LU", from) == 700);
    assert_true(testing_value(rows, "exchange", "DK1", "to DE-LU", from) == -50);
    testing_end(&t);
}

static void entsoe__reads_outages_from_an_archive(void **state)
{
    static const testing_route routes[] = {{.match = "*A80&BiddingZone_Domain=10Y1001A1001A82H*offset=0&*",
                                            .type = "application/zip",
                                            .file = FILES "outages.zip"},
                                           {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows =
        testing_fetch(&t, "GenerationOutages", "DE-LU", "2025-10-14T20:00Z", "2025-10-15T20:00Z");
    const char *first = "Block \"A\" #MSG-A", *gone = "Block B #MSG-B";
    /* 500 MW out for twelve hours (it began before the span), then 300 MW */
    assert_int_equal(testing_rows(rows, "outage", "DE-LU", first), 2);
    assert_true(testing_value(rows, "outage", "DE-LU", first, "2025-10-14T10:00Z") == 500);
    assert_true(testing_value(rows, "outage", "DE-LU", first, "2025-10-14T22:00Z") == 300);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 12 * MT_US_HOUR);
    assert_true(testing_value(rows, "outage", "DE-LU", gone, "2025-10-15T00:00Z") == 0); /* cancelled */
    mt_text payload = mt_table_get(rows, 2, mt_table_column(rows, "payload")).as.text;
    assert_non_null(memmem(payload.at, payload.length, "\"revision\":\"3\",\"status\":\"A09\"", 29));
    testing_end(&t);
}

static void entsoe__cuts_long_spans_at_a_year(void **state)
{
    static const testing_route routes[] = {{.match = "*", .type = "text/xml", .file = FILES "nothing.xml"},
                                           {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "DayAheadPrices", "FR", "2023-01-01", "2025-01-02");
    assert_int_equal(rows->n, 0);
    assert_int_equal(t.pages, 3); /* 365 + 365 + 2 days */
    assert_int_equal(testing_hits(t.server, "*periodStart=202301010000&periodEnd=202401010000*"), 1);
    assert_int_equal(testing_hits(t.server, "*periodStart=202412310000&periodEnd=202501020000*"), 1);
    testing_end(&t);
}

static void entsoe__takes_no_data_as_an_empty_answer(void **state)
{
    static const testing_route routes[] = {{.match = "*", .type = "text/xml", .file = FILES "nothing.xml"},
                                           {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "ActualLoad", "DE-LU", "2025-10-14T22:00Z", "2025-10-15T22:00Z");
    assert_int_equal(rows->n, 0);
    testing_end(&t);
}

static void entsoe__repeats_the_reason_of_a_refusal(void **state)
{
    static const testing_route no[] = {{.match = "*", .type = "text/xml", .file = FILES "refused.xml"}, {0}};
    static const testing_route key[] = {
        {.match = "*", .status = 401, .type = "text/html", .body = "Unauthorized"}, {0}};
    (void)state;
    testing_refuse(&asked, no, "DayAheadPrices", MT_E_INPUT,
                   "reason 999: The combination of [DocumentType=A44] is not valid");
    testing_refuse(&asked, key, "DayAheadPrices", MT_E_AUTH, "ENTSOE_TOKEN");
}

static void entsoe__leaves_out_yesterdays_data_and_says_so(void **state)
{
    static const testing_route routes[] = {{.match = "*", .file = FILES "prices_spring.xml"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    mt_table *rows = testing_fetch(&t, "DayAheadPrices", "DE-LU", "2025-10-14T22:00Z", "2025-10-15T22:00Z");
    assert_int_equal(rows->n, 0);
    assert_non_null(strstr(t.log, "23 values lie outside"));
    testing_end(&t);
}

static void entsoe__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "prices_a03.xml", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {
        {.match = "*", .type = "text/html", .body = "<!DOCTYPE html><html><body>Maintenance</body></html>"},
        {0}};
    static const testing_route json[] = {{.match = "*", .body = "{\"error\":\"x\"}"}, {0}};
    static const testing_route xxe[] = {
        {.match = "*",
         .type = "text/xml",
         .body = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"},
        {0}};
    static const testing_route other[] = {{.match = "*", .type = "text/xml", .body = "<a><b/></a>"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "DayAheadPrices", MT_E_REMOTE, "entsoe");
    testing_refuse(&asked, html, "DayAheadPrices", MT_E_REMOTE,
                   "the answer is an HTML page: \"<!DOCTYPE html><html><body>Maint");
    testing_refuse(&asked, json, "DayAheadPrices", MT_E_REMOTE, "a market document was expected");
    testing_refuse(&asked, xxe, "DayAheadPrices", MT_E_REMOTE, "document type declaration");
    testing_refuse(&asked, other, "DayAheadPrices", MT_E_REMOTE, "its root is a");
}

static void entsoe__needs_an_area_it_knows(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, none);
    mt_source_query query = {.dataset = t.source->dataset, .area = "Atlantis", .from = 0, .to = MT_US_DAY};
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_ABSENT);
    query.area = "DK1";
    assert_int_equal(mt_source_dataset_find(&t.cx, &query.dataset, t.source, "Flows"), MT_OK);
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_INPUT);
    assert_non_null(strstr(t.cx.err, "DK1/DE-LU"));
    assert_int_equal(t.pages, 0);
    testing_end(&t);
}

static void entsoe__checks_itself_with_one_question(void **state)
{
    static const testing_route routes[] = {{.match = "*A44*", .file = FILES "nothing.xml"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_entsoe, routes);
    assert_int_equal(mt_source_check(&t.cx, t.source, &t.call), MT_OK);
    assert_int_equal(t.pages, 1);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(entsoe__fills_what_a_variable_block_leaves_out),
        cmocka_unit_test(entsoe__keeps_days_of_23_and_25_hours),
        cmocka_unit_test(entsoe__turns_power_into_energy_by_type),
        cmocka_unit_test(entsoe__asks_both_ways_across_a_border),
        cmocka_unit_test(entsoe__reads_outages_from_an_archive),
        cmocka_unit_test(entsoe__cuts_long_spans_at_a_year),
        cmocka_unit_test(entsoe__takes_no_data_as_an_empty_answer),
        cmocka_unit_test(entsoe__repeats_the_reason_of_a_refusal),
        cmocka_unit_test(entsoe__leaves_out_yesterdays_data_and_says_so),
        cmocka_unit_test(entsoe__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(entsoe__needs_an_area_it_knows),
        cmocka_unit_test(entsoe__checks_itself_with_one_question),
    };
    return cmocka_run_group_tests_name("entsoe", test, NULL, NULL);
}
