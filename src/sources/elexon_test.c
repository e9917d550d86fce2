/* Elexon: half-hours of settlement in days of 46, 48 and 50; prices without a trade are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/elexon/"

static const testing_question asked = {&mt_source_elexon, NULL, "2025-06-09T23:00Z", "2025-06-10T23:00Z"};

static const char *const from = "2025-06-09T23:00Z", *const to = "2025-06-10T23:00Z";

static const testing_route all[] = {
    {.match = "/bmrs/api/v1/balancing/pricing/market-index[?]from=2025-06-09T23:00Z&to=2025-06-10T23:00Z*",
     .file = FILES "market_index.json"},
    {.match = "/bmrs/api/v1/balancing/settlement/system-prices/2025-06-10[?]*",
     .file = FILES "system_prices.json"},
    {.match = "/bmrs/api/v1/balancing/settlement/system-prices/2024-10-27[?]*",
     .file = FILES "system_autumn.json"},
    {.match = "/bmrs/api/v1/balancing/settlement/system-prices/2025-03-30[?]*",
     .file = FILES "system_spring.json"},
    {.match = "/bmrs/api/v1/generation/actual/per-type[?]*", .file = FILES "per_type.json"},
    {.match = "/bmrs/api/v1/demand/outturn[?]settlementDateFrom=2025-06-10&settlementDateTo=2025-06-10*",
     .file = FILES "demand.json"},
    {.match = "/bmrs/api/v1/forecast/generation/wind-and-solar/day-ahead[?]*day%20ahead*",
     .file = FILES "forecast.json"},
    {.match = "*market-index*", .file = FILES "empty.json"},
    {0}};

static void elexon__takes_a_price_without_a_trade_as_missing(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, all);
    mt_table *rows = testing_fetch(&t, "market-index", "GB", from, to);
    assert_int_equal(rows->n, 3);
    assert_true(testing_value(rows, "intraday_price", "GB", "APXMIDP", "2025-06-09T23:30Z") == -4.5);
    assert_true(isnan(testing_value(rows, "intraday_price", "GB", "N2EXMIDP", from)));
    assert_true(mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "unit")).as.text, "GBP/MWh"));
    testing_end(&t);
}

static void elexon__gives_imbalance_with_short_negative(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, all);
    mt_table *rows = testing_fetch(&t, "system-prices", NULL, from, to);
    assert_true(testing_value(rows, "imbalance_price", "GB", "short", from) == 70.5);
    assert_true(testing_value(rows, "imbalance_price", "GB", "long", from) == 70.5);
    assert_true(testing_value(rows, "balance", "GB", "", from) == -120.5);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "known_at")).as.integer,
                     testing_time("2025-06-10T00:20Z"));
    testing_end(&t);
}

/* Both 01:00 of the autumn night are there: periods 3 to 6 of 50; the spring day has 46. */
static void elexon__counts_settlement_periods_of_clock_changes(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, all);
    mt_table *rows = testing_fetch(&t, "system-prices", NULL, "2024-10-26T23:00Z", "2024-10-28T00:00Z");
    assert_int_equal(testing_rows(rows, "imbalance_price", "GB", "short"), 50);
    assert_true(testing_value(rows, "imbalance_price", "GB", "short", "2024-10-27T00:00Z") == 3);
    assert_true(testing_value(rows, "imbalance_price", "GB", "short", "2024-10-27T01:00Z") == 5);
    assert_true(testing_value(rows, "imbalance_price", "GB", "short", "2024-10-27T23:30Z") == 50);
    rows = testing_fetch(&t, "system-prices", NULL, "2025-03-30T00:00Z", "2025-03-30T23:00Z");
    assert_int_equal(testing_rows(rows, "imbalance_price", "GB", "short"), 46);
    assert_int_equal(t.pages, 2); /* a day a page, also of 23 and 25 hours */
    testing_end(&t);
}

static void elexon__gives_energy_of_generation_demand_and_forecast(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, all);
    mt_table *rows = testing_fetch(&t, "generation-per-type", NULL, from, to);
    assert_true(testing_value(rows, "production", "GB", "Wind Onshore", from) == 500.5);
    rows = testing_fetch(&t, "demand-outturn", NULL, from, to);
    assert_true(testing_value(rows, "load", "GB", "", from) == 11000);
    rows = testing_fetch(&t, "wind-and-solar-forecast", NULL, from, to);
    assert_int_equal(rows->n, 1); /* the day-ahead one alone */
    assert_true(testing_value(rows, "production_forecast", "GB", "Wind Offshore", from) == 1500);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "known_at")).as.integer,
                     testing_time("2025-06-09T16:15Z"));
    testing_end(&t);
}

static void elexon__cuts_long_spans_at_a_week(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, all);
    assert_int_equal(testing_fetch(&t, "market-index", NULL, "2025-01-01", "2025-01-20")->n, 0);
    assert_int_equal(t.pages, 3);
    assert_int_equal(testing_hits(t.server, "*from=2025-01-15T00:00Z&to=2025-01-20T00:00Z*"), 1);
    testing_end(&t);
}

static void elexon__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "per_type.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>x</html>"}, {0}};
    static const testing_route period[] = {{.match = "*", .file = FILES "system_bad_period.json"}, {0}};
    static const testing_route error[] = {{.match = "*", .status = 400, .file = FILES "error.json"}, {0}};
    static const testing_route other[] = {{.match = "*", .body = "{\"data\":{}}"}, {0}};
    static const testing_route types[] = {
        {.match = "*", .body = "{\"data\":[{\"settlementDate\":20250610,\"settlementPeriod\":1}]}"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "generation-per-type", MT_E_REMOTE, "elexon");
    testing_refuse(&asked, html, "market-index", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, period, "system-prices", MT_E_REMOTE, "2025-03-30 has no settlement period 47");
    testing_refuse(&asked, error, "market-index", MT_E_INPUT, "validation errors");
    testing_refuse(&asked, other, "market-index", MT_E_REMOTE,
                   "\"data\" should be a JSON array, but is a JSON object");
    testing_refuse(&asked, types, "market-index", MT_E_REMOTE,
                   "\"settlementDate\" should be a text, but is a number");
}

static void elexon__leaves_out_yesterdays_data_and_says_so(void **state)
{
    static const testing_route old[] = {{.match = "*", .file = FILES "system_autumn.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_elexon, old);
    assert_int_equal(testing_fetch(&t, "system-prices", NULL, from, to)->n, 0);
    assert_non_null(strstr(t.log, "none lies inside"));
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(elexon__takes_a_price_without_a_trade_as_missing),
        cmocka_unit_test(elexon__gives_imbalance_with_short_negative),
        cmocka_unit_test(elexon__counts_settlement_periods_of_clock_changes),
        cmocka_unit_test(elexon__gives_energy_of_generation_demand_and_forecast),
        cmocka_unit_test(elexon__cuts_long_spans_at_a_week),
        cmocka_unit_test(elexon__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(elexon__leaves_out_yesterdays_data_and_says_so),
    };
    return cmocka_run_group_tests_name("elexon", test, NULL, NULL);
}
