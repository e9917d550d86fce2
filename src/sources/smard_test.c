/* SMARD: an index of weekly files, of which the needed ones are read; what is to come stands as null. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/smard/"

static const testing_question asked = {&mt_source_smard, NULL, "2025-10-14T22:00Z", "2025-10-15T22:00Z"};

static const char *const from = "2025-10-14T22:00Z", *const to = "2025-10-15T22:00Z";

static void smard__reads_only_the_files_that_hold_the_span(void **state)
{
    static const testing_route routes[] = {
        {.match = "/app/chart_data/4169/DE/index_quarterhour.json", .file = FILES "index.json"},
        {.match = "/app/chart_data/4169/DE/4169_DE_quarterhour_1760306400000.json",
         .file = FILES "price.json"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, routes);
    mt_table *rows = testing_fetch(&t, "price", "DE-LU", from, to);
    assert_int_equal(t.pages, 2);
    assert_int_equal(rows->n, 5);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:15Z") == -2.25);
    assert_true(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:30Z") == 0);
    assert_true(isnan(testing_value(rows, "spot_price", "DE-LU", "", "2025-10-14T22:45Z")));
    testing_end(&t);
}

static void smard__keeps_the_hundred_quarters_of_the_autumn_day(void **state)
{
    static const testing_route routes[] = {
        {.match = "*index*", .file = FILES "index_autumn.json"},
        {.match = "*_1729461600000.json", .file = FILES "price_autumn.json"},
        {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, routes);
    mt_table *rows = testing_fetch(&t, "price", NULL, "2024-10-26T22:00Z", "2024-10-27T23:00Z");
    assert_int_equal(testing_rows(rows, "spot_price", "DE-LU", ""), 100);
    testing_end(&t);
}

/* Two weeks are two files a series; one series a type. */
static void smard__gives_generation_by_type_over_several_files(void **state)
{
    static const testing_route routes[] = {{.match = "*/index_quarterhour.json", .file = FILES "index.json"},
                                           {.match = "*/4068_DE-LU_*", .file = FILES "solar.json"},
                                           {.match = "*_DE-LU_quarterhour_*", .body = "{\"series\":[]}"},
                                           {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, routes);
    mt_table *rows = testing_fetch(&t, "generation", "DE-LU", "2025-10-10", "2025-10-16");
    assert_int_equal(t.pages, 12 * 3);
    assert_true(testing_value(rows, "production", "DE-LU", "Solar", "2025-10-14T22:15Z") == 1.25);
    testing_end(&t);
}

static void smard__does_not_push_what_is_still_to_come(void **state)
{
    static const testing_route routes[] = {
        {.match = "*index*", .file = FILES "index.json"}, {.match = "*", .file = FILES "price.json"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, routes);
    t.call.now = testing_time("2025-10-14T22:20Z");
    mt_table *rows = testing_fetch(&t, "price", "DE-LU", from, to);
    assert_int_equal(rows->n, 4); /* the empty quarter lies ahead of that moment */
    testing_end(&t);
}

static void smard__gives_nothing_where_no_file_is(void **state)
{
    static const testing_route routes[] = {{.match = "*", .body = "{\"timestamps\":[]}"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, routes);
    assert_int_equal(testing_fetch(&t, "load", "DE-LU", from, to)->n, 0);
    testing_end(&t);
}

static void smard__pushes_nothing_of_a_broken_answer(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "index.json", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>404</html>"},
                                         {0}};
    static const testing_route types[] = {{.match = "*index*", .file = FILES "index.json"},
                                          {.match = "*", .file = FILES "bad_types.json"},
                                          {0}};
    static const testing_route order[] = {{.match = "*index*", .file = FILES "bad_index.json"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "price", MT_E_REMOTE, "smard");
    testing_refuse(&asked, html, "price", MT_E_REMOTE, "HTML page");
    testing_refuse(&asked, types, "price", MT_E_REMOTE, "pairs of milliseconds and a value");
    testing_refuse(&asked, order, "price", MT_E_REMOTE, "should ascend");
}

static void smard__says_which_area_it_lacks(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_smard, none);
    mt_source_query query = {.dataset = t.source->dataset, .area = "PT", .from = 0, .to = MT_US_DAY};
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_ABSENT);
    assert_non_null(strstr(t.cx.err, "no price of PT"));
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(smard__reads_only_the_files_that_hold_the_span),
        cmocka_unit_test(smard__keeps_the_hundred_quarters_of_the_autumn_day),
        cmocka_unit_test(smard__gives_generation_by_type_over_several_files),
        cmocka_unit_test(smard__does_not_push_what_is_still_to_come),
        cmocka_unit_test(smard__gives_nothing_where_no_file_is),
        cmocka_unit_test(smard__pushes_nothing_of_a_broken_answer),
        cmocka_unit_test(smard__says_which_area_it_lacks),
    };
    return cmocka_run_group_tests_name("smard", test, NULL, NULL);
}
