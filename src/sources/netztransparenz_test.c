/* netztransparenz: sign-in, German tables, both hours of the autumn night, months. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/netztransparenz/"
#define TOKEN                                                                                                \
    {                                                                                                        \
        .match = "/users/connect/token", .file = FILES "token.json"                                          \
    }

static const testing_question asked = {&mt_source_netztransparenz, NULL, "2025-06-08T00:00Z",
                                       "2025-06-09T00:00Z"};

static const char *const from = "2025-06-08T00:00Z", *const to = "2025-06-09T00:00Z";

static const testing_route all[] = {
    TOKEN,
    {.match = "/api/v1/data/NrvSaldo/reBAP/Qualitaetsgesichert/2025-06-08T00:00:00/2025-06-09T00:00:00",
     .type = "text/csv",
     .file = FILES "rebap.csv"},
    {.match = "/api/v1/data/NrvSaldo/reBAP/Qualitaetsgesichert/2024-10-26T22:00:00/*",
     .file = FILES "rebap_autumn.csv"},
    {.match = "/api/v1/data/NrvSaldo/NRVSaldo/Betrieblich/*", .file = FILES "nrv.csv"},
    {.match = "/api/v1/data/Spotmarktpreise/*", .file = FILES "spot.csv"},
    {.match = "/api/v1/data/marktpraemie/1/2025/1/2025", .file = FILES "months.csv"},
    {.match = "*", .file = FILES "empty.csv"},
    {0}};

static void netztransparenz__signs_in_and_carries_the_token(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, all);
    mt_table *rows = testing_fetch(&t, "reBAP", NULL, from, to);
    assert_int_equal(rows->n, 8);
    assert_true(
        testing_saw(t.server, "grant_type=client_credentials&client_id=test&client_secret=s3cret-k3y"));
    assert_true(testing_saw(t.server, "Authorization: Bearer eyJ.test.token"));
    assert_null(strstr(t.log, "s3cret-k3y"));
    assert_null(strstr(t.log, "eyJ.test"));
    testing_end(&t);
}

static void netztransparenz__reads_german_numbers_and_keeps_the_missing_missing(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, all);
    mt_table *rows = testing_fetch(&t, "reBAP", "DE-LU", from, to);
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "short", from) == 87.11);
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "short", "2025-06-08T00:15Z") == -1234.5);
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "long", "2025-06-08T00:15Z") == 12);
    assert_true(isnan(testing_value(rows, "imbalance_price", "DE-LU", "short", "2025-06-08T00:30Z")));
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "long", "2025-06-08T23:45Z") == 103.97);
    rows = testing_fetch(&t, "NrvSaldoOperational", NULL, from, to);
    assert_true(testing_value(rows, "balance", "DE-LU", "operational", from) == 285.634); /* long */
    rows = testing_fetch(&t, "SpotPrices", NULL, from, to);
    assert_true(fabs(testing_value(rows, "spot_price", "DE-LU", "", "2025-06-08T13:00Z") + 45.23) < 1e-9);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, MT_US_HOUR);
    testing_end(&t);
}

/* MESZ and MEZ tell the two hours from 02:00 apart: 100 quarters, each with its own value. */
static void netztransparenz__keeps_both_hours_of_the_autumn_night(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, all);
    mt_table *rows = testing_fetch(&t, "reBAP", NULL, "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(testing_rows(rows, "imbalance_price", "DE-LU", "short"), 100);
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "short", "2024-10-27T00:00Z") == 8);
    assert_true(testing_value(rows, "imbalance_price", "DE-LU", "short", "2024-10-27T01:00Z") == 12);
    testing_end(&t);
}

/* A period that ends with the change of clocks is not an hour or a day longer: "bis" has a zone of its own,
 * written or not. */
static void netztransparenz__ends_periods_by_the_clocks_of_their_end(void **state)
{
    static const testing_route change[] = {
        TOKEN,
        {.match = "*/Spotmarktpreise/2024-03-31*",
         .body = "Datum;von;Zeitzone von;bis;Zeitzone bis;Spotmarktpreis in ct/kWh\n"
                 "31.03.2024;01:00;MEZ;03:00;MESZ;1,0\n31.03.2024;03:00;MESZ;04:00;MESZ;2,0\n"},
        {.match = "*/Spotmarktpreise/*",
         .body = "Datum;von;Zeitzone von;bis;Zeitzone bis;Spotmarktpreis in ct/kWh\n"
                 "27.10.2024;02:00;MESZ;02:00;MEZ;1,0\n27.10.2024;02:00;MEZ;03:00;MEZ;2,0\n"
                 "27.10.2024;23:00;MEZ;00:00;MEZ;3,0\n"},
        {.match = "*/reBAP/*",
         .body = "Datum;Zeitzone;von;bis;reBAP unterdeckt;reBAP ueberdeckt\n"
                 "27.10.2024;MESZ;02:45;02:00;1,0;1,0\n27.10.2024;MEZ;02:00;02:15;2,0;2,0\n"
                 "27.10.2024;MEZ;23:45;00:00;3,0;3,0\n31.03.2024;MEZ;01:45;03:00;4,0;4,0\n"},
        {.match = "*", .body = "Datum;Zeitzone;von;bis;Deutschland\n27.10.2024;MEZ;04:00;06:00;1,0\n"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, change);
    mt_table *rows = testing_fetch(&t, "SpotPrices", NULL, "2024-03-31T00:00Z", "2024-04-01T00:00Z");
    assert_int_equal(rows->n, 2);
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer, MT_US_HOUR);
    rows = testing_fetch(&t, "SpotPrices", NULL, "2024-10-27T00:00Z", "2024-10-28T00:00Z");
    assert_int_equal(rows->n, 3);
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer, MT_US_HOUR);
    rows = testing_fetch(&t, "reBAP", NULL, "2024-10-27T00:00Z", "2024-10-28T00:00Z");
    assert_int_equal(rows->n, 6);
    for (size_t k = 0; k < rows->n; k++)
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer,
                         15 * MT_US_MINUTE);
    testing_end(&t);
    testing_refuse(&asked, change, "NrvSaldo", MT_E_REMOTE, "a period of 15, 30 or 60 minutes was expected");
}

static void netztransparenz__gives_market_values_by_local_month(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, all);
    mt_table *rows = testing_fetch(&t, "MarketValues", NULL, "2024-12-31T23:00Z", "2025-01-31T23:00Z");
    assert_int_equal(rows->n, 5);
    assert_true(fabs(testing_value(rows, "market_value", "DE-LU", "Solar", "2024-12-31T23:00Z") - 115.11) <
                1e-9);
    assert_int_equal(mt_table_get(rows, 0, mt_table_column(rows, "step_us")).as.integer, 31 * MT_US_DAY);
    testing_end(&t);
}

static void netztransparenz__cuts_long_spans_under_one_sign_in(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_netztransparenz, all);
    assert_int_equal(testing_fetch(&t, "NrvSaldo", NULL, "2025-01-01", "2025-07-05")->n, 0);
    assert_int_equal(testing_hits(t.server, "*NRVSaldo*"), 3); /* 92 + 92 + 1 days */
    assert_int_equal(testing_hits(t.server, "*token*"), 1);
    testing_end(&t);
}

static void netztransparenz__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {
        TOKEN, {.match = "*", .file = FILES "rebap.csv", .way = TESTING_HALF}, {0}};
    static const testing_route html[] = {
        TOKEN, {.match = "*", .type = "text/html", .body = "<html>x</html>"}, {0}};
    static const testing_route json[] = {TOKEN, {.match = "*", .body = "{\"a\":1;2}"}, {0}};
    static const testing_route point[] = {TOKEN, {.match = "*", .file = FILES "point.csv"}, {0}};
    static const testing_route zone[] = {TOKEN, {.match = "*", .file = FILES "zone.csv"}, {0}};
    static const testing_route column[] = {TOKEN, {.match = "*", .file = FILES "nrv.csv"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "reBAP", MT_E_REMOTE, "netztransparenz");
    testing_refuse(&asked, html, "reBAP", MT_E_REMOTE, "the answer is an HTML page");
    testing_refuse(&asked, json, "reBAP", MT_E_REMOTE, "a table with its day and clock times was expected");
    testing_refuse(&asked, point, "reBAP", MT_E_REMOTE, "line 2: a number with a decimal comma was expected");
    testing_refuse(&asked, zone, "reBAP", MT_E_REMOTE, "line 2: a day, its zone and two clock times");
    testing_refuse(&asked, column, "reBAP", MT_E_REMOTE, "the column \"reBAP unterdeckt\" is not there");
}

static void netztransparenz__says_that_the_client_is_refused(void **state)
{
    static const testing_route no[] = {
        {.match = "*", .status = 400, .body = "{\"error\":\"invalid_client\"}"}, {0}};
    testing t;
    (void)state;
    testing_refuse(&asked, no, "reBAP", MT_E_AUTH, "NETZTRANSPARENZ_CLIENT");
    testing_begin(&t, &mt_source_netztransparenz, all);
    t.call.key = "without-a-colon";
    assert_int_equal(mt_source_check(&t.cx, t.source, &t.call), MT_E_AUTH);
    assert_non_null(strstr(t.cx.err, "id:secret"));
    assert_null(strstr(t.cx.err, "without"));
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(netztransparenz__signs_in_and_carries_the_token),
        cmocka_unit_test(netztransparenz__reads_german_numbers_and_keeps_the_missing_missing),
        cmocka_unit_test(netztransparenz__keeps_both_hours_of_the_autumn_night),
        cmocka_unit_test(netztransparenz__ends_periods_by_the_clocks_of_their_end),
        cmocka_unit_test(netztransparenz__gives_market_values_by_local_month),
        cmocka_unit_test(netztransparenz__cuts_long_spans_under_one_sign_in),
        cmocka_unit_test(netztransparenz__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(netztransparenz__says_that_the_client_is_refused),
    };
    return cmocka_run_group_tests_name("netztransparenz", test, NULL, NULL);
}
