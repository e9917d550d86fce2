/* Flatpeak: signs in, gives prices per MWh and keeps those per kWh, periods with their offsets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/flatpeak/"

static const testing_question asked = {&mt_source_flatpeak, "loc_1", "2024-10-26T23:00Z",
                                       "2024-10-27T23:00Z"};

#define LOGIN                                                                                                \
    {                                                                                                        \
        .match = "/login", .file = FILES "login.json"                                                        \
    }

/* Both hours called 01:00 of the British autumn night, told by their offsets. */
static void flatpeak__gives_prices_per_MWh_and_keeps_those_per_kWh(void **state)
{
    static const testing_route routes[] = {
        LOGIN, {.match = "/tariffs/rates/loc_1?direction=IMPORT&*", .file = FILES "rates.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_flatpeak, routes);
    mt_table *rows = testing_fetch(&t, "import", "loc_1", "2024-10-26T23:00Z", "2024-10-27T23:00Z");
    assert_int_equal(rows->n, 4);
    assert_true(fabs(testing_value(rows, "tariff", "loc_1", "import", "2024-10-26T23:00Z") - 234.5) < 1e-9);
    assert_true(fabs(testing_value(rows, "tariff", "loc_1", "import", "2024-10-27T00:00Z") - 190) < 1e-9);
    assert_true(fabs(testing_value(rows, "tariff", "loc_1", "import", "2024-10-27T01:00Z") + 12) < 1e-9);
    assert_true(isnan(testing_value(rows, "tariff", "loc_1", "import", "2024-10-27T02:00Z")));
    assert_true(mt_text_equal(mt_table_get(rows, 0, mt_table_column(rows, "unit")).as.text, "GBP/MWh"));
    mt_text payload = mt_table_get(rows, 0, mt_table_column(rows, "payload")).as.text;
    assert_true(mt_text_equal(
        payload, "{\"price\":\"0.2345\",\"unit\":\"kWh\",\"currency\":\"GBP\",\"confidence\":1}"));
    assert_int_equal(mt_table_get(rows, 3, mt_table_column(rows, "step_us")).as.integer, 30 * MT_US_MINUTE);
    assert_true(testing_saw(t.server, "Authorization: Basic dGVzdDpzM2NyZXQtazN5LW9mLXRoZS10ZXN0"));
    assert_true(testing_saw(t.server, "Authorization: Bearer t0ken-of-the-test"));
    assert_true(testing_saw(t.server, "start_time=2024-10-26T23:00:00Z&end_time=2024-10-27T23:00:00Z"));
    assert_null(strstr(t.log, "t0ken-of-the-test"));
    testing_end(&t);
}

static void flatpeak__asks_for_export_and_long_spans_in_pieces(void **state)
{
    static const testing_route routes[] = {
        LOGIN, {.match = "/tariffs/rates/loc_1?direction=EXPORT&*", .file = FILES "empty.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_flatpeak, routes);
    assert_int_equal(testing_fetch(&t, "export", "loc_1", "2024-10-01", "2024-10-11")->n, 0);
    assert_int_equal(testing_hits(t.server, "/login"), 1);
    assert_int_equal(testing_hits(t.server, "/tariffs*"), 2);
    testing_end(&t);
}

static void flatpeak__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {
        LOGIN, {.match = "*", .file = FILES "rates.json", .way = TESTING_HALF}, {0}};
    static const testing_route html[] = {
        LOGIN, {.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route rate[] = {LOGIN, {.match = "*", .file = FILES "bad_rate.json"}, {0}};
    static const testing_route span[] = {LOGIN, {.match = "*", .file = FILES "bad_span.json"}, {0}};
    static const testing_route none[] = {LOGIN, {.match = "*", .file = FILES "no_tariff.json"}, {0}};
    static const testing_route token[] = {{.match = "*", .body = "{\"object\":\"token\"}"}, {0}};
    static const testing_route error[] = {
        LOGIN, {.match = "*", .status = 422, .body = "{\"error\":\"location not found\"}"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "import", MT_E_REMOTE, "flatpeak");
    testing_refuse(&asked, html, "import", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, rate, "import", MT_E_REMOTE, "\"rate\" should be a number or null");
    testing_refuse(&asked, span, "import", MT_E_REMOTE, "\"valid_to\" should be after \"valid_from\"");
    testing_refuse(&asked, none, "import", MT_E_REMOTE, "\"tariff\" with its \"rate\"");
    testing_refuse(&asked, token, "import", MT_E_REMOTE, "\"bearer_token\" should be a text");
    testing_refuse(&asked, error, "import", MT_E_INPUT, "location not found");
}

static void flatpeak__says_what_its_key_is(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_flatpeak, none);
    mt_source_query query = {.dataset = t.source->dataset, .area = "loc_1", .from = 0, .to = MT_US_DAY};
    t.call.key = "only-a-secret";
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_AUTH);
    assert_non_null(strstr(t.cx.err, "FLATPEAK_KEY should hold \"id:secret\""));
    assert_null(strstr(t.cx.err, "only-a-secret"));
    query.area = NULL;
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_INPUT);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(flatpeak__gives_prices_per_MWh_and_keeps_those_per_kWh),
        cmocka_unit_test(flatpeak__asks_for_export_and_long_spans_in_pieces),
        cmocka_unit_test(flatpeak__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(flatpeak__says_what_its_key_is),
    };
    return cmocka_run_group_tests_name("flatpeak", test, NULL, NULL);
}
