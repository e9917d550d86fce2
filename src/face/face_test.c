/* Tests of the list of commands: order, names as they are typed, usage lines. */
#include "face/demo_case.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void face__commands_stand_by_noun_operations_first_single_words_last(void **state)
{
    (void)state;
    static const char *const command[] = {"market clear",        "market vwap",  "market curve",
                                          "data quality-report", "pipeline run", "sql",
                                          "completion",          "help"};
    mt_ctx cx;
    mt_catalog catalog;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_catalog_make(&cx, &catalog, &demo_face), MT_OK);
    assert_int_equal(catalog.n, 8);
    for (size_t k = 0; k < 8; k++) assert_string_equal(catalog.entry[k].command, command[k]);
    assert_int_equal(catalog.n_noun, 3);
    assert_string_equal(catalog.noun[0], "market");
    assert_string_equal(catalog.noun[1], "data");
    assert_string_equal(catalog.noun[2], "pipeline");
    assert_string_equal(catalog.entry[3].noun, "data");
    assert_string_equal(catalog.entry[3].word, "quality-report");
    assert_ptr_equal(catalog.entry[3].op, &demo_quality);
    assert_null(catalog.entry[5].word);
    assert_string_equal(catalog.entry[5].noun, "sql");
    mt_ctx_close(&cx);
}

static void face__a_command_is_found_as_typed_and_as_named(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_catalog catalog;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_catalog_make(&cx, &catalog, &demo_face), MT_OK);
    assert_ptr_equal(mt_catalog_find(&catalog, "market clear")->op, &demo_clear);
    assert_ptr_equal(mt_catalog_find(&catalog, "market.clear")->op, &demo_clear);
    assert_ptr_equal(mt_catalog_find(&catalog, "data.quality_report")->op, &demo_quality);
    assert_string_equal(mt_catalog_find(&catalog, "sql")->command, "sql");
    assert_null(mt_catalog_find(&catalog, "market"));
    assert_null(mt_catalog_find(&catalog, ""));
    assert_true(mt_catalog_has_noun(&catalog, "pipeline"));
    assert_false(mt_catalog_has_noun(&catalog, "sql")); /* a command, no group of them */
    mt_ctx_close(&cx);
}

static void face__without_tables_there_is_nothing(void **state)
{
    (void)state;
    const mt_face empty = {0};
    mt_ctx cx;
    mt_catalog catalog;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_catalog_make(&cx, &catalog, &empty), MT_OK);
    assert_int_equal(catalog.n, 0);
    assert_int_equal(catalog.n_noun, 0);
    mt_ctx_close(&cx);
}

static void face__usage_names_what_is_required(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_catalog catalog;
    const char *text;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_catalog_make(&cx, &catalog, &demo_face), MT_OK);
    assert_int_equal(mt_face_usage(&cx, &text, &catalog.entry[0], false), MT_OK);
    assert_string_equal(text, "merit market clear --orders FILE [options]");
    assert_int_equal(mt_face_usage(&cx, &text, &catalog.entry[1], false), MT_OK);
    assert_string_equal(text, "merit market vwap");
    assert_int_equal(mt_face_usage(&cx, &text, &catalog.entry[1], true), MT_OK);
    assert_string_equal(text, "merit market vwap [options]");
    assert_int_equal(mt_face_usage(&cx, &text, &catalog.entry[4], false), MT_OK);
    assert_string_equal(text, "merit pipeline run NAME --out TEXT [options]");
    mt_ctx_close(&cx);
}

static void face__examples_are_whole_commands(void **state)
{
    (void)state;
    const mt_entry none = {.command = "market clear"};
    mt_ctx cx;
    mt_catalog catalog;
    const char *text;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_catalog_make(&cx, &catalog, &demo_face), MT_OK);
    assert_int_equal(mt_face_example(&cx, &text, &catalog.entry[0]), MT_OK);
    assert_string_equal(text, "merit market clear --orders tests/orders.csv --period 15min");
    assert_int_equal(mt_face_example(&cx, &text, &catalog.entry[1]), MT_OK);
    assert_string_equal(text, "merit market vwap");
    assert_int_equal(mt_face_example(&cx, &text, &none), MT_OK);
    assert_null(text);
    mt_ctx_close(&cx);
}

static void face__choices_read_as_a_sentence(void **state)
{
    (void)state;
    static const char *const one[] = {"only", NULL}, *const two[] = {"buy", "sell", NULL};
    mt_field field = {.name = "side", .type = MT_CHOICE, .choice = demo_rule};
    mt_ctx cx;
    const char *text;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_face_choices(&cx, &text, &field), MT_OK);
    assert_string_equal(text, "mid, low, high or last-sell");
    field.choice = two;
    assert_int_equal(mt_face_choices(&cx, &text, &field), MT_OK);
    assert_string_equal(text, "buy or sell");
    field.choice = one;
    assert_int_equal(mt_face_choices(&cx, &text, &field), MT_OK);
    assert_string_equal(text, "only");
    field.type = MT_INT;
    assert_int_equal(mt_face_choices(&cx, &text, &field), MT_OK);
    assert_string_equal(text, "");
    mt_ctx_close(&cx);
}

static void face__every_type_and_role_can_be_named(void **state)
{
    (void)state;
    for (int k = 0; k < MT_TYPE_COUNT; k++) {
        assert_true(strlen(mt_face_form((mt_type)k)) > 4);
        assert_int_equal(mt_face_placeholder((mt_type)k)[0] == 0, k == MT_BOOL);
    }
    for (int k = MT_VIEWER; k <= MT_ADMIN; k++) assert_true(strlen(mt_role_name((mt_role)k)) > 4);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(face__commands_stand_by_noun_operations_first_single_words_last),
        cmocka_unit_test(face__a_command_is_found_as_typed_and_as_named),
        cmocka_unit_test(face__without_tables_there_is_nothing),
        cmocka_unit_test(face__usage_names_what_is_required),
        cmocka_unit_test(face__examples_are_whole_commands),
        cmocka_unit_test(face__choices_read_as_a_sentence),
        cmocka_unit_test(face__every_type_and_role_can_be_named),
    };
    return cmocka_run_group_tests_name("face", test, NULL, NULL);
}
