/* What the JSON room promises: trees with places in their errors, documents with exact numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx_case.h"
#include "io/json.h"

static mt_code read_text(mt_ctx *cx, const mt_json **out, const char *text)
{
    return mt_json_read(cx, out, "state.json", text, strlen(text));
}

static void json__reads_every_kind_of_value(void **state)
{
    mt_ctx *cx = *state;
    const mt_json *top, *list;
    const char *text;
    int64_t whole;
    double real;
    bool yes;
    assert_int_equal(
        read_text(cx, &top,
                  "\xEF\xBB\xBF{\"a\":[1,-2.5e3,null,{\"b\":[]}],\"t\":\"x\\u00e9\\n\",\"yes\":true,"
                  "\"big\":9223372036854775807,\"far\":\"-9223372036854775808\"}"),
        MT_OK);
    assert_int_equal(top->count, 5);
    assert_int_equal(mt_json_get_array(cx, &list, top, "a"), MT_OK);
    assert_int_equal(list->count, 4);
    assert_true(mt_json_element(list, 1)->real == -2500);
    assert_int_equal(mt_json_element(list, 2)->kind, MT_JSON_NULL);
    assert_int_equal(mt_json_member(mt_json_element(list, 3), "b")->count, 0);
    assert_null(mt_json_element(list, 4));
    assert_null(mt_json_member(list, "b"));
    assert_null(mt_json_member(NULL, "b"));
    assert_int_equal(mt_json_get_text(cx, &text, top, "t"), MT_OK);
    assert_string_equal(text, "xé\n");
    assert_int_equal(mt_json_get_bool(cx, &yes, top, "yes"), MT_OK);
    assert_true(yes);
    assert_int_equal(mt_json_get_int(cx, &whole, top, "big"), MT_OK);
    assert_true(whole == INT64_MAX);
    assert_int_equal(mt_json_get_int(cx, &whole, top, "far"), MT_OK);
    assert_true(whole == INT64_MIN);
    assert_int_equal(mt_json_get_real(cx, &real, top, "big"), MT_OK);
}

static void json__names_line_and_column_of_a_mistake(void **state)
{
    mt_ctx *cx = *state;
    const mt_json *top;
    assert_int_equal(read_text(cx, &top, "{\n  \"a\": 1,\n  \"b\": tru,\n}"), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "state.json, line 3, column 1"));
    assert_non_null(strstr(cx->err, "not valid JSON"));
    assert_int_equal(read_text(cx, &top, "[1, 2"), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "line 1, column 5"));
    assert_int_equal(read_text(cx, &top, "[1] x"), MT_E_INPUT);
    assert_int_equal(read_text(cx, &top, ""), MT_E_INPUT);
    assert_int_equal(read_text(cx, &top, " \n"), MT_E_INPUT);
    assert_int_equal(read_text(cx, &top, "[1e999]"), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "1e999 is too large"));
    assert_int_equal(read_text(cx, &top, "{\"a\\u0000b\":1}"), MT_E_INPUT);
    assert_int_equal(read_text(cx, &top, "[\"\xff\"]"), MT_E_INPUT);
}

static void json__refuses_what_is_too_deep_or_too_large(void **state)
{
    mt_ctx *cx = *state;
    const mt_json *top;
    char deep[2 * MT_JSON_DEPTH_MAX + 8] = "";
    memset(deep, '[', MT_JSON_DEPTH_MAX);
    memset(deep + MT_JSON_DEPTH_MAX, ']', MT_JSON_DEPTH_MAX);
    assert_int_equal(read_text(cx, &top, deep), MT_OK);
    memset(deep, '[', MT_JSON_DEPTH_MAX + 1);
    assert_int_equal(read_text(cx, &top, deep), MT_E_TOO_LARGE);
    assert_non_null(strstr(cx->err, "deeper than 64 levels"));
    size_t n = (size_t)MT_JSON_BYTES_MAX + 1;
    char *large = malloc(n);
    memset(large, ' ', n);
    assert_int_equal(mt_json_read(cx, &top, "x", large, n), MT_E_TOO_LARGE);
    free(large);
}

static void json__says_which_member_is_missing_or_of_another_kind(void **state)
{
    mt_ctx *cx = *state;
    const mt_json *top;
    const char *text;
    int64_t whole;
    assert_int_equal(read_text(cx, &top, "{\"n\": 1.5, \"z\": \"a\\u0000b\"}"), MT_OK);
    assert_int_equal(mt_json_get_text(cx, &text, top, "name"), MT_E_INPUT);
    assert_string_equal(cx->err, "the member \"name\" is missing, a text was expected");
    assert_int_equal(mt_json_get_text(cx, &text, top, "n"), MT_E_INPUT);
    assert_string_equal(cx->err, "the member \"n\" is a number, a text was expected");
    assert_int_equal(mt_json_get_int(cx, &whole, top, "n"), MT_E_INPUT);
    assert_string_equal(cx->err, "the member \"n\" is 1.5, a whole number was expected");
    assert_int_equal(mt_json_get_text(cx, &text, top, "z"), MT_E_INPUT);
}

static void write_sample(mt_json_writer *json)
{
    mt_json_object(json);
    mt_json_key(json, "text");
    mt_json_text(json, "q\"\\\n\x01\x7F\xff é<&>");
    mt_json_key(json, "none");
    mt_json_text(json, NULL);
    mt_json_key(json, "numbers");
    mt_json_array(json);
    mt_json_int(json, ((int64_t)1 << 53) - 1);
    mt_json_int(json, (int64_t)1 << 53);
    mt_json_int(json, INT64_MIN);
    mt_json_real(json, NAN);
    mt_json_real(json, -INFINITY);
    mt_json_real(json, 0.1);
    mt_json_bool(json, false);
    mt_json_end(json);
    mt_json_key(json, "empty");
    mt_json_object(json);
    mt_json_end(json);
    mt_json_end(json);
}

static void json__writes_compact_and_pretty(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out;
    mt_json_writer json;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    write_sample(&json);
    assert_int_equal(mt_json_done(&json), MT_OK);
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    write_sample(&json);
    assert_int_equal(mt_json_done(&json), MT_OK);
    assert_int_equal(mt_out_write(cx, out, "", 1), MT_OK);
    assert_string_equal(mt_out_bytes(out).at,
                        "{\"text\":\"q\\\"\\\\\\n\\u0001\\u007f\xEF\xBF\xBD "
                        "é<&>\",\"none\":null,\"numbers\":[9007199254740991,"
                        "\"9007199254740992\",\"-9223372036854775808\",null,null,0.1,false],\"empty\":{}}\n"
                        "{\n"
                        "  \"text\": \"q\\\"\\\\\\n\\u0001\\u007f\xEF\xBF\xBD é<&>\",\n"
                        "  \"none\": null,\n"
                        "  \"numbers\": [\n"
                        "    9007199254740991,\n"
                        "    \"9007199254740992\",\n"
                        "    \"-9223372036854775808\",\n"
                        "    null,\n"
                        "    null,\n"
                        "    0.1,\n"
                        "    false\n"
                        "  ],\n"
                        "  \"empty\": {}\n"
                        "}\n");
    mt_out_close(out);
}

static void json__reads_back_what_it_wrote(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out;
    mt_json_writer json;
    const mt_json *top;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    mt_json_open(cx, &json, out, MT_JSON_PRETTY);
    write_sample(&json);
    assert_int_equal(mt_json_done(&json), MT_OK);
    mt_text text = mt_out_bytes(out);
    assert_int_equal(mt_json_read(cx, &top, "own", text.at, text.length), MT_OK);
    assert_int_equal(mt_json_member(top, "numbers")->count, 7);
    mt_out_close(out);
}

static void json__notices_levels_that_do_not_match(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out;
    mt_json_writer json;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    mt_json_object(&json);
    assert_int_equal(mt_json_done(&json), MT_E_BUG);
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    mt_json_end(&json);
    assert_int_equal(mt_json_done(&json), MT_E_BUG);
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    for (int k = 0; k <= MT_JSON_DEPTH_MAX; k++) mt_json_array(&json);
    assert_int_equal(mt_json_done(&json), MT_E_BUG);
    mt_out_close(out);
}

static void json__survives_the_failure_of_every_allocation(void **state)
{
    (void)state;
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code != MT_OK; k++) {
        mt_ctx cx;
        const mt_json *top;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = read_text(&cx, &top, "{\"a\":[1,\"x\",{\"b\":true}],\"c\":null}");
        if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
        mt_ctx_close(&cx);
        assert_true(k < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(json__reads_every_kind_of_value),
        IN_CONTEXT(json__names_line_and_column_of_a_mistake),
        IN_CONTEXT(json__refuses_what_is_too_deep_or_too_large),
        IN_CONTEXT(json__says_which_member_is_missing_or_of_another_kind),
        IN_CONTEXT(json__writes_compact_and_pretty),
        IN_CONTEXT(json__reads_back_what_it_wrote),
        IN_CONTEXT(json__notices_levels_that_do_not_match),
        cmocka_unit_test(json__survives_the_failure_of_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
