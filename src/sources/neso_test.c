/* NESO: tables of its portal, page by page; what is no success is no data. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/neso/"

static const testing_question asked = {&mt_source_neso, NULL, "2025-06-09T23:00Z", "2025-06-10T23:00Z"};

static const testing_route all[] = {
    {.match = "*f93d1835-75bc-43e5-84ad-12472b180a98*", .file = FILES "mix.json"},
    {.match = "*177f6fa4-ae49-4182-81ea-0c6b35f26ca6*", .file = FILES "demand.json"},
    {.match = "*db6c038f-98af-4570-ab60-24d71ebd0ae5*", .file = FILES "embedded.json"},
    {0}};

static void neso__gives_the_mix_as_energy(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_neso, all);
    mt_table *rows = testing_fetch(&t, "generation-mix", "GB", "2025-06-09T23:00Z", "2025-06-10T23:00Z");
    assert_int_equal(rows->n, 2 * 12);
    assert_true(testing_value(rows, "production", "GB", "Gas", "2025-06-09T23:30Z") == 1000);
    assert_true(isnan(testing_value(rows, "production", "GB", "Solar", "2025-06-09T23:30Z")));
    assert_true(testing_value(rows, "emission", "GB", "", "2025-06-09T23:00Z") == 1000); /* no energy */
    assert_int_equal(testing_hits(t.server, "*%22DATETIME%22%20%3E%3D%20%272025-06-09T23%3A00%3A00%27*"), 1);
    testing_end(&t);
}

static void neso__counts_settlement_periods_of_clock_changes(void **state)
{
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_neso, all);
    mt_table *rows = testing_fetch(&t, "demand", NULL, "2024-10-26T23:00Z", "2024-10-28T00:00Z");
    assert_int_equal(testing_rows(rows, "load", "GB", ""), 49);
    assert_int_equal(testing_rows(rows, "load_forecast", "GB", ""), 1); /* marked so by the table */
    assert_true(testing_value(rows, "load", "GB", "", "2024-10-27T23:00Z") == 10000);
    rows = testing_fetch(&t, "embedded-forecast", NULL, "2025-03-30T00:00Z", "2025-03-30T23:00Z");
    assert_int_equal(testing_rows(rows, "production_forecast", "GB", "Wind embedded"), 46);
    assert_true(testing_value(rows, "production_forecast", "GB", "Wind embedded", "2025-03-30T22:30Z") ==
                750);
    testing_end(&t);
}

static char *full_page(void)
{
    size_t room = 5000 * 120 + 200, n;
    char *text = malloc(room);
    assert_non_null(text);
    n = (size_t)snprintf(text, room, "{\"success\":true,\"result\":{\"records\":[");
    for (int k = 0; k < 5000; k++)
        n += (size_t)snprintf(text + n, room - n,
                              "%s{\"SETTLEMENT_DATE\":\"2025-06-10\",\"SETTLEMENT_PERIOD\":%d,\"ND\":%d}",
                              k ? "," : "", 1 + k % 48, k);
    (void)snprintf(text + n, room - n, "]}}");
    return text;
}

/* A full page has another behind it; limits of rate are kept between them. */
static void neso__asks_for_pages_until_one_is_not_full(void **state)
{
    char *body = full_page();
    const testing_route routes[] = {{.match = "*OFFSET%200", .body = body},
                                    {.match = "*OFFSET%205000", .body = body},
                                    {.match = "*OFFSET%2010000", .file = FILES "empty.json"},
                                    {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_neso, routes);
    t.speed = 400;
    mt_table *rows = testing_fetch(&t, "demand", NULL, "2025-06-09T23:00Z", "2025-06-10T23:00Z");
    assert_int_equal(rows->n, 10000);
    assert_int_equal(t.pages, 3);
    testing_end(&t);
    free(body);
}

static void neso__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "mix.json", .way = TESTING_HALF}, {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>x</html>"}, {0}};
    static const testing_route error[] = {{.match = "*", .file = FILES "error.json"}, {0}};
    static const testing_route other[] = {
        {.match = "*", .body = "{\"success\":true,\"result\":{\"records\":[{\"DATETIME\":\"soon\"}]}}"}, {0}};
    (void)state;
    testing_refuse(&asked, html, "generation-mix", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, error, "generation-mix", MT_E_REMOTE, "\"success\": true was expected");
    testing_refuse(&asked, other, "generation-mix", MT_E_REMOTE, "\"DATETIME\" should be an instant");
    testing_refuse(&asked, half, "generation-mix", MT_E_REMOTE, "neso");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(neso__gives_the_mix_as_energy),
        cmocka_unit_test(neso__counts_settlement_periods_of_clock_changes),
        cmocka_unit_test(neso__asks_for_pages_until_one_is_not_full),
        cmocka_unit_test(neso__pushes_nothing_of_a_broken_answer),
    };
    return cmocka_run_group_tests_name("neso", test, NULL, NULL);
}
