/* Tests of bodies: unpacked within bounds, cut into values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "server/api/body.h"

#include <string.h>

/* printf 'hello\n' | gzip -n, by gzip 1.12 */
static const char hello[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00\x20\x30"
                            "\x3a\x36\x06\x00\x00\x00";

static void body__is_unpacked_as_its_encoding_says(void **state)
{
    mt_text out;
    mt_text packed = {hello, sizeof hello - 1};
    assert_int_equal(mt_body_unpack(*state, &out, packed, "gzip", 100), MT_OK);
    assert_true(mt_text_equal(out, "hello\n"));
    assert_int_equal(mt_body_unpack(*state, &out, mt_text_of("plain"), NULL, 100), MT_OK);
    assert_true(mt_text_equal(out, "plain"));
    assert_int_equal(mt_body_unpack(*state, &out, mt_text_of("plain"), "gzip", 100), MT_E_INPUT);
    assert_int_equal(mt_body_unpack(*state, &out, mt_text_of("plain"), "br", 100), MT_E_INPUT);
    packed.length -= 4; /* cut */
    assert_int_equal(mt_body_unpack(*state, &out, packed, "gzip", 100), MT_E_INPUT);
}

static void body__that_grows_too_large_is_refused(void **state)
{
    mt_text out, packed = {hello, sizeof hello - 1};
    assert_int_equal(mt_body_unpack(*state, &out, packed, "gzip", 5), MT_E_TOO_LARGE);
    assert_int_equal(mt_body_unpack(*state, &out, packed, "gzip", 6), MT_OK);
}

static void expect_values(mt_ctx *cx, const char *body, size_t n, const char *last)
{
    mt_text *value;
    size_t got;
    if (mt_body_values(cx, &value, &got, mt_text_of(body)) != MT_OK) fail_msg("%s: %s", body, cx->err);
    assert_int_equal(got, n);
    if (n) assert_true(mt_text_equal(value[n - 1], last));
}

static void body__gives_an_object_an_array_or_lines(void **state)
{
    expect_values(*state, " {\"a\":[1,{}]} ", 1, "{\"a\":[1,{}]}");
    expect_values(*state, "{\"a\":1}\n{\"b\":\"}\\\"{\"}\n", 2, "{\"b\":\"}\\\"{\"}");
    expect_values(*state, "[ {\"a\":1} , 2, \"x,]\" ]", 3, "\"x,]\"");
    expect_values(*state, "[]", 0, NULL);
    expect_values(*state, "", 0, NULL);
    expect_values(*state, "1 2", 2, "2");
}

static void body__refuses_brackets_that_do_not_close(void **state)
{
    static const char *const wrong[] = {"{", "[", "[1", "[1,", "[1,]", "[1 2]", "{\"a", "}", "[1]]", "[,]"};
    mt_text *value;
    size_t n;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        if (mt_body_values(*state, &value, &n, mt_text_of(wrong[k])) != MT_E_INPUT) fail_msg("%s", wrong[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(body__is_unpacked_as_its_encoding_says),
        cmocka_unit_test(body__that_grows_too_large_is_refused),
        cmocka_unit_test(body__gives_an_object_an_array_or_lines),
        cmocka_unit_test(body__refuses_brackets_that_do_not_close),
    };
    return cmocka_run_group_tests(tests, ctx_case_open, ctx_case_close);
}
