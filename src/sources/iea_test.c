/* IEA: a file of months, of this machine or of an address, text or workbook. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "sources/list.h"
#include "sources/testing.h"

#define FILES "tests/http/iea/"

static const testing_question asked = {&mt_source_iea, NULL, "2024-01-01", "2025-01-01"};

#define COAL "Coal, Peat and Manufactured Gases"

static mt_table *fetch_file(testing *t, const char *file, bool scheme)
{
    static const testing_route none[] = {{0}};
    char here[512], url[700];
    testing_begin(t, &mt_source_iea, none);
    assert_non_null(getcwd(here, sizeof here));
    snprintf(url, sizeof url, "%s%s/" FILES "%s", scheme ? "file://" : "", here, file);
    t->call.base_url = url;
    mt_table *rows = testing_fetch(t, "monthly", NULL, "2024-01-01", "2025-01-01");
    assert_int_equal(t->pages, 0);
    return rows;
}

static void check_rows(const mt_table *rows)
{
    static const char *const january = "2024-01-01";
    assert_int_equal(rows->n, 11); /* the remark is no value */
    assert_true(testing_value(rows, "production", "Germany", "Wind", january) == 14567250);
    assert_true(testing_value(rows, "production", "Germany", COAL, january) == 10001000);
    assert_int_equal(testing_rows(rows, "production", "Germany", NULL), 3); /* sums are another kind */
    assert_true(testing_value(rows, "net_generation", "Germany", "Electricity", january) == 45000000);
    assert_int_equal(testing_rows(rows, "net_generation", "Germany", NULL), 2);
    assert_true(testing_value(rows, "exchange", "Germany", "import", january) == 5500000);
    assert_true(testing_value(rows, "exchange", "Germany", "export", january) == -6000125);
    assert_true(testing_value(rows, "end_use", "Germany", "", january) == 42399875);
    assert_int_equal(testing_rows(rows, "storage_use", "Germany", "pumped storage"), 1);
    assert_true(isnan(testing_value(rows, "storage_use", "Germany", NULL, january)));
    assert_true(testing_value(rows, "production", "T\xC3\xBCrkiye", "Hydro", "2024-02-01") == 6500000);
    for (size_t k = 0; k < rows->n; k++) {
        int64_t start = mt_table_get(rows, k, mt_table_column(rows, "start")).as.integer;
        int64_t days = start == testing_time(january) ? 31 : 29;
        assert_int_equal(mt_table_get(rows, k, mt_table_column(rows, "step_us")).as.integer,
                         days * MT_US_DAY);
    }
}

static void iea__reads_a_file_with_titles_before_its_header(void **state)
{
    testing t;
    (void)state;
    check_rows(fetch_file(&t, "monthly.csv", true));
    assert_non_null(strstr(t.log, "1 rows of other balances"));
    testing_end(&t);
}

static void iea__reads_other_spellings_of_months_and_letters(void **state)
{
    testing t;
    (void)state;
    check_rows(fetch_file(&t, "latin.csv", false));
    testing_end(&t);
}

static void iea__reads_a_workbook(void **state)
{
    testing t;
    (void)state;
    check_rows(fetch_file(&t, "monthly.xlsx", true));
    testing_end(&t);
}

static void iea__takes_an_address_and_one_country(void **state)
{
    static const testing_route routes[] = {{.match = "/", .file = FILES "monthly.csv"}, {0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_iea, routes);
    mt_table *rows = testing_fetch(&t, "monthly", "germany", "2024-01-01", "2025-01-01");
    assert_int_equal(rows->n, 10);
    assert_int_equal(testing_fetch(&t, "monthly", "Germany", "2023-01-01", "2024-01-01")->n, 0);
    testing_end(&t);
}

static void iea__pushes_nothing_of_a_broken_file(void **state)
{
    static const testing_route half[] = {{.match = "*", .file = FILES "monthly.csv", .way = TESTING_HALF},
                                         {0}};
    static const testing_route html[] = {{.match = "*", .type = "text/html", .body = "<html>no</html>"}, {0}};
    static const testing_route value[] = {{.match = "*", .file = FILES "bad_value.csv"}, {0}};
    static const testing_route unit[] = {{.match = "*", .file = FILES "bad_unit.csv"}, {0}};
    static const testing_route month[] = {{.match = "*", .file = FILES "bad_month.csv"}, {0}};
    static const testing_route book[] = {{.match = "*", .file = "tests/http/worldbank/no_table.xlsx"}, {0}};
    (void)state;
    testing_refuse(&asked, half, "monthly", MT_E_REMOTE, "iea");
    testing_refuse(&asked, html, "monthly", MT_E_REMOTE, "--url file:///PATH");
    testing_refuse(&asked, value, "monthly", MT_E_REMOTE, "line 2: a number was expected, not \"lots\"");
    testing_refuse(&asked, unit, "monthly", MT_E_REMOTE, "line 2: the unit GWh was expected, not \"TWh\"");
    testing_refuse(&asked, month, "monthly", MT_E_REMOTE,
                   "a month such as January 2024 was expected, not \"Brumaire 2024\"");
    testing_refuse(&asked, book, "monthly", MT_E_REMOTE, "a table with Country");
}

static void iea__says_which_file_is_not_there(void **state)
{
    static const testing_route none[] = {{0}};
    testing t;
    (void)state;
    testing_begin(&t, &mt_source_iea, none);
    mt_source_query query = {.dataset = t.source->dataset, .from = 0, .to = MT_US_DAY};
    t.call.base_url = "file:///nowhere/a%20file.csv";
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_IO);
    assert_non_null(strstr(t.cx.err, "cannot open /nowhere/a file.csv"));
    t.call.base_url = "/tmp";
    assert_int_equal(testing_try(&t, NULL, &query), MT_E_INPUT);
    testing_end(&t);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(iea__reads_a_file_with_titles_before_its_header),
        cmocka_unit_test(iea__reads_other_spellings_of_months_and_letters),
        cmocka_unit_test(iea__reads_a_workbook),
        cmocka_unit_test(iea__takes_an_address_and_one_country),
        cmocka_unit_test(iea__pushes_nothing_of_a_broken_file),
        cmocka_unit_test(iea__says_which_file_is_not_there),
    };
    return cmocka_run_group_tests_name("iea", test, NULL, NULL);
}
