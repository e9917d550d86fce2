/* Tests of described values: set, get, clear and print, for every type, with the sentence of every refusal.
 */
#include "base/rows/field.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct all {
    char before;
    bool flag;
    int64_t count;
    double price;
    mt_micro amount;
    const char *name;
    mt_time start;
    mt_day day;
    mt_time length;
    int side;
    mt_input orders;
    mt_output out;
    char after;
};

static const char *const side[] = {"buy", "sell", NULL};
static const mt_field all_field[] = {
    {.name = "flag", MT_BOOL_AT(all, flag), .doc = "a flag"},
    {.name = "count", MT_INT_AT(all, count), .doc = "a count"},
    {.name = "price", MT_REAL_AT(all, price), .unit = MT_UNIT_EUR_PER_MWH, .doc = "a price"},
    {.name = "amount", MT_MICRO_AT(all, amount), .unit = MT_UNIT_EUR, .doc = "an amount"},
    {.name = "name", MT_TEXT_AT(all, name), .doc = "a name"},
    {.name = "start", MT_TIME_AT(all, start), .doc = "an instant"},
    {.name = "day", MT_DAY_AT(all, day), .doc = "a day"},
    {.name = "length", MT_SPAN_AT(all, length), .doc = "a duration"},
    {.name = "side", MT_CHOICE_AT(all, side), .choice = side, .doc = "a side"},
    {.name = "orders", MT_INPUT_AT(all, orders), .doc = "a file"},
    {.name = "out", MT_OUTPUT_AT(all, out), .doc = "a folder"},
    {0}};

static const mt_field *find(const char *name)
{
    const mt_field *field = mt_field_find(all_field, name);
    assert_non_null(field);
    return field;
}

static void field__a_table_ends_with_a_row_without_a_name(void **state)
{
    (void)state;
    assert_int_equal(mt_field_count(all_field), 11);
    assert_int_equal(mt_field_count(NULL), 0);
    assert_ptr_equal(mt_field_find(all_field, "price"), &all_field[2]);
    assert_null(mt_field_find(all_field, "Price"));
    assert_null(mt_field_find(all_field, ""));
    assert_null(mt_field_find(NULL, "price"));
}

static void field__clear_makes_every_member_missing(void **state)
{
    (void)state;
    struct all row;
    memset(&row, 0x55, sizeof row);
    row.flag = true;
    mt_field_clear(all_field, &row);
    for (size_t k = 1; k < mt_field_count(all_field); k++) {
        if (mt_field_get(&all_field[k], &row).present) fail_msg("%s is not missing", all_field[k].name);
    }
    mt_value flag = mt_field_get(find("flag"), &row);
    assert_true(flag.present); /* a boolean is never missing, it is false */
    assert_false(flag.as.boolean);
    assert_int_equal(row.orders.fd, -1);
    assert_int_equal(row.before, 0x55); /* nothing beside the members is touched */
    assert_int_equal(row.after, 0x55);
    mt_field_clear(NULL, &row);
}

/* text -> member -> text; NULL: the same text. */
static void field__what_is_set_is_got_and_printed(void **state)
{
    (void)state;
    static const struct {
        const char *field, *text, *back;
    } row[] = {
        {"flag", "yes", "true"},
        {"flag", "TRUE", "true"},
        {"flag", "1", "true"},
        {"flag", "no", "false"},
        {"flag", "False", "false"},
        {"flag", "0", "false"},
        {"count", "-7", NULL},
        {"count", "9223372036854775807", NULL},
        {"count", "-9223372036854775807", NULL},
        {"price", "62.03", NULL},
        {"price", "-500", NULL},
        {"price", "0.30000000000000004", NULL},
        {"amount", "62.030000", "62.03"},
        {"amount", "-0.000001", NULL},
        {"name", "Dün kirk", NULL},
        {"name", "", NULL},
        {"start", "2024-01-01 00:02:22+01:00", "2023-12-31T23:02:22Z"},
        {"start", "2025-06-08T10:00:00.5Z", "2025-06-08T10:00:00.500000Z"},
        {"day", "2025-06-08", NULL},
        {"day", "20250608", "2025-06-08"},
        {"day", "0001-01-01", NULL},
        {"length", "15min", NULL},
        {"length", "PT60M", "1h"},
        {"side", "buy", NULL},
        {"side", "SELL", "sell"},
    };
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < COUNT(row); k++) {
        struct all all;
        const char *text = NULL;
        const mt_field *field = find(row[k].field);
        mt_field_clear(all_field, &all);
        if (mt_field_set(&cx, field, &all, row[k].text) != MT_OK) fail_msg("%s", cx.err);
        mt_value value = mt_field_get(field, &all);
        assert_true(value.present);
        assert_int_equal(mt_value_text(&cx, &text, field->type, value), MT_OK);
        assert_string_equal(text, row[k].back ? row[k].back : row[k].text);
        for (size_t j = 1; j < mt_field_count(all_field); j++) { /* and no other member was touched */
            if (&all_field[j] != field) assert_false(mt_field_get(&all_field[j], &all).present);
        }
    }
    mt_ctx_close(&cx);
}

static void field__a_refusal_says_what_would_be_right_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *field, *text, *sentence;
    } row[] = {
        {"flag", "maybe", "flag: \"maybe\" is not yes or no"},
        {"flag", "", "flag: \"\" is not yes or no"},
        {"count", "7.5", "count: \"7.5\" is not a whole number"},
        {"count", "9223372036854775808", "count: \"9223372036854775808\" is not a whole number"},
        {"count", "-9223372036854775808", "count: \"-9223372036854775808\" is not a whole number"},
        {"price", "12,5", "price: \"12,5\" is not a decimal number with a point in EUR/MWh"},
        {"price", "NaN", "price: \"NaN\" is not a decimal number with a point in EUR/MWh"},
        {"price", "1e999", "price: \"1e999\" is not a decimal number with a point in EUR/MWh"},
        {"amount", "0.0000001",
         "amount: \"0.0000001\" is not a decimal number with a point and at most six decimals in EUR"},
        {"start", "2024-01-01 00:02:22",
         "start: \"2024-01-01 00:02:22\" is not a time with an offset, e.g. 2025-06-08T10:00:00Z"},
        {"start", "now", "start: \"now\" is not a time with an offset, e.g. 2025-06-08T10:00:00Z"},
        {"day", "2025-02-29", "day: \"2025-02-29\" is not a day, e.g. 2025-06-08"},
        {"length", "15 minutes", "length: \"15 minutes\" is not a duration, e.g. 30s, 15min, 1h or 7d"},
        {"side", "sel", "side: \"sel\" is not one of buy, sell; did you mean sell?"},
        {"side", "hold", "side: \"hold\" is not one of buy, sell"},
        {"side", "", "side: \"\" is not one of buy, sell"},
    };
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < COUNT(row); k++) {
        struct all all, before;
        memset(&all, 0, sizeof all);
        mt_field_clear(all_field, &all);
        before = all;
        assert_int_equal(mt_field_set(&cx, find(row[k].field), &all, row[k].text), MT_E_INPUT);
        assert_string_equal(cx.err, row[k].sentence);
        assert_memory_equal(&all, &before, sizeof all);
    }
    mt_ctx_close(&cx);
}

static void field__files_are_left_to_the_face(void **state)
{
    (void)state;
    mt_ctx cx;
    struct all all;
    mt_ctx_init(&cx, NULL);
    mt_field_clear(all_field, &all);
    assert_int_equal(mt_field_set(&cx, find("orders"), &all, "x.csv"), MT_E_BUG);
    assert_int_equal(mt_field_set(&cx, find("out"), &all, "x"), MT_E_BUG);
    all.orders = (mt_input){"x.csv", 3};
    all.out = (mt_output){"y"};
    assert_true(mt_text_equal(mt_field_get(find("orders"), &all).as.text, "x.csv"));
    assert_true(mt_text_equal(mt_field_get(find("out"), &all).as.text, "y"));
    mt_ctx_close(&cx);
}

static void field__no_number_and_no_choice_are_missing(void **state)
{
    (void)state;
    static const double none[] = {NAN, INFINITY, -INFINITY};
    static const int outside[] = {-1, -2, 2, 3, 1000};
    struct all all;
    mt_field_clear(all_field, &all);
    for (size_t k = 0; k < COUNT(none); k++) {
        all.price = none[k];
        assert_false(mt_field_get(find("price"), &all).present);
    }
    for (size_t k = 0; k < COUNT(outside); k++) {
        all.side = outside[k];
        assert_false(mt_field_get(find("side"), &all).present);
    }
    all.price = 0; /* and 0 is a number */
    assert_true(mt_field_get(find("price"), &all).present);
}

static void field__texts_are_kept_in_the_context(void **state)
{
    (void)state;
    mt_ctx cx;
    struct all all;
    char given[] = "DK1";
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_field_set(&cx, find("name"), &all, given), MT_OK);
    given[0] = 'X';
    assert_string_equal(all.name, "DK1");
    mt_ctx_close(&cx);
}

static void field__a_long_list_of_choices_is_cut_not_overrun(void **state)
{
    (void)state;
    static char word[100][16];
    const char *choice[101] = {0};
    for (size_t k = 0; k < 100; k++) {
        snprintf(word[k], sizeof word[k], "choice_%03d", (int)k);
        choice[k] = word[k];
    }
    mt_field field = *find("side");
    field.choice = choice;
    struct all all = {.side = 1};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_field_set(&cx, &field, &all, "choice_0999"), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "; did you mean choice_099?"));
    assert_int_equal(all.side, 1);
    mt_ctx_close(&cx);
}

static void value__missing_is_an_empty_text_in_every_type(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (int type = 0; type < MT_TYPE_COUNT; type++) {
        const char *text = NULL;
        assert_int_equal(mt_value_text(&cx, &text, (mt_type)type, (mt_value){.present = false}), MT_OK);
        assert_string_equal(text, "");
    }
    mt_ctx_close(&cx);
}

static void value__lack_of_memory_is_told(void **state)
{
    (void)state;
    mt_ctx cx;
    const char *text = NULL;
    mt_ctx_init(&cx, NULL);
    cx.arena.fail_at = 1;
    assert_int_equal(mt_value_text(&cx, &text, MT_INT, (mt_value){.present = true, .as.integer = 1}),
                     MT_E_MEMORY);
    assert_null(text);
    mt_ctx_close(&cx);
}

static void type__every_type_has_a_name_and_a_width(void **state)
{
    (void)state;
    assert_string_equal(mt_type_name(MT_MICRO), "decimal");
    assert_int_equal(mt_type_bytes(MT_BOOL), 1);
    assert_int_equal(mt_type_bytes(MT_DAY), sizeof(mt_day));
    assert_int_equal(mt_type_bytes(MT_TEXT), sizeof(mt_text));
    assert_int_equal(mt_type_bytes(MT_CHOICE), sizeof(mt_text));
    assert_int_equal(mt_type_bytes(MT_REAL), sizeof(double));
    assert_int_equal(mt_type_bytes(MT_INPUT), 0); /* never a column */
    assert_int_equal(mt_type_bytes(MT_OUTPUT), 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(field__a_table_ends_with_a_row_without_a_name),
        cmocka_unit_test(field__clear_makes_every_member_missing),
        cmocka_unit_test(field__what_is_set_is_got_and_printed),
        cmocka_unit_test(field__a_refusal_says_what_would_be_right_and_changes_nothing),
        cmocka_unit_test(field__files_are_left_to_the_face),
        cmocka_unit_test(field__no_number_and_no_choice_are_missing),
        cmocka_unit_test(field__texts_are_kept_in_the_context),
        cmocka_unit_test(field__a_long_list_of_choices_is_cut_not_overrun),
        cmocka_unit_test(value__missing_is_an_empty_text_in_every_type),
        cmocka_unit_test(value__lack_of_memory_is_told),
        cmocka_unit_test(type__every_type_has_a_name_and_a_width),
    };
    return cmocka_run_group_tests_name("field", test, NULL, NULL);
}
