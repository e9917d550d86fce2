/* German tables: numbers with a comma, days, and clock times with their own zone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "sources/german_table.h"

static void german_table__splits_lines_and_cells(void **state)
{
    mt_german_table table;
    (void)state;
    assert_true(mt_german_open(&table, mt_text_of("\xEF\xBB\xBF"
                                                  "a;b c;d\r\n\r\n1; 2 ;3\r\n4\n5;6;7;8")));
    assert_int_equal(table.n_column, 3);
    assert_int_equal(mt_german_column(&table, "b c"), 1);
    assert_int_equal(mt_german_column(&table, "B C"), -1);
    assert_true(mt_german_next(&table));
    assert_int_equal(table.line, 3);
    assert_true(mt_text_equal(table.cell[1], "2"));
    assert_true(mt_german_next(&table));
    assert_true(mt_text_equal(table.cell[0], "4"));
    assert_int_equal(table.cell[2].length, 0);
    assert_true(mt_german_next(&table));
    assert_true(mt_text_equal(table.cell[2], "7"));
    assert_false(mt_german_next(&table));
    assert_false(mt_german_open(&table, mt_text_of("<html>")));
    assert_false(mt_german_open(&table, mt_text_of("")));
}

static void german_table__reads_numbers_without_guessing(void **state)
{
    static const struct {
        const char *text;
        double value;
    } right[] = {
        {"87,11", 87.11}, {"-45,30", -45.3}, {"0", 0}, {"1.234,5", 1234.5}, {"-12.345.678,9", -12345678.9}};
    static const char *const missing[] = {"", "-", "N.A.", "N.E."};
    static const char *const wrong[] = {"87.11", "1.234",    "1.23,4", "1,2,3",
                                        "x",     "12,3 EUR", ".5,0",   "1..234,0"};
    double value;
    (void)state;
    for (size_t k = 0; k < sizeof right / sizeof *right; k++) {
        assert_true(mt_german_real(mt_text_of(right[k].text), &value));
        assert_true(value == right[k].value);
    }
    for (size_t k = 0; k < sizeof missing / sizeof *missing; k++) {
        value = 0;
        assert_true(mt_german_real(mt_text_of(missing[k]), &value));
        assert_true(isnan(value));
    }
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        if (mt_german_real(mt_text_of(wrong[k]), &value)) fail_msg("%s was read as %g", wrong[k], value);
}

static void german_table__tells_the_hours_of_the_autumn_night_apart(void **state)
{
    const mt_text day = mt_text_of("27.10.2024"), clock = mt_text_of("02:30");
    mt_time summer, winter, utc;
    (void)state;
    assert_true(mt_german_time(day, clock, mt_text_of("MESZ"), &summer));
    assert_true(mt_german_time(day, clock, mt_text_of("MEZ"), &winter));
    assert_true(mt_german_time(day, mt_text_of("00:30"), mt_text_of("UTC"), &utc));
    assert_int_equal(summer, utc);
    assert_int_equal(winter - summer, MT_US_HOUR);
    assert_false(mt_german_time(day, clock, mt_text_of("Berlin"), &utc));
    assert_false(mt_german_time(mt_text_of("31.02.2024"), clock, mt_text_of("UTC"), &utc));
    assert_false(mt_german_time(day, mt_text_of("24:00"), mt_text_of("UTC"), &utc));
    assert_false(mt_german_time(mt_text_of("2024-10-27"), clock, mt_text_of("UTC"), &utc));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(german_table__splits_lines_and_cells),
        cmocka_unit_test(german_table__reads_numbers_without_guessing),
        cmocka_unit_test(german_table__tells_the_hours_of_the_autumn_night_apart),
    };
    return cmocka_run_group_tests_name("german_table", test, NULL, NULL);
}
