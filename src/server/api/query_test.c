/* Tests of queries, bodies and media types: what a request says before it is understood. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "server/api/query.h"

#include <string.h>

static void query__undoes_escapes(void **state)
{
    mt_given *given;
    size_t n;
    assert_int_equal(mt_query_parse(*state, &given, &n, "a-b=1%202+3&&flag&c=%C3%A4=%26&d="), MT_OK);
    assert_int_equal(n, 4);
    assert_string_equal(given[0].name, "a_b");
    assert_string_equal(given[0].value, "1 2 3");
    assert_string_equal(given[1].value, "yes");
    assert_string_equal(mt_query_value(given, n, "c"), "\xc3\xa4=&");
    assert_string_equal(mt_query_value(given, n, "d"), "");
    assert_null(mt_query_value(given, n, "e"));
}

static void query__refuses_what_is_no_text(void **state)
{
    static const char *const wrong[] = {"a=%", "a=%2", "a=%zz", "a=%00", "%00=a", "a=%ff", "a=%c3"};
    mt_given *given;
    size_t n;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        assert_int_equal(mt_query_parse(*state, &given, &n, wrong[k]), MT_E_INPUT);
    const char *part;
    assert_int_equal(mt_query_path_part(*state, &part, mt_text_of("a%2Fb")), MT_E_INPUT);
    assert_int_equal(mt_query_path_part(*state, &part, mt_text_of("a+b%20c")), MT_OK);
    assert_string_equal(part, "a+b c"); /* a plus is a plus in a path */
}

static void query__has_an_end(void **state)
{
    char many[4 * MT_QUERY_MAX + 8] = "";
    mt_given *given;
    size_t n;
    for (int k = 0; k < MT_QUERY_MAX; k++) memcpy(many + 4 * k, "a=1&", 5);
    assert_int_equal(mt_query_parse(*state, &given, &n, many), MT_OK);
    assert_int_equal(n, MT_QUERY_MAX);
    memcpy(many + 4 * (size_t)MT_QUERY_MAX, "b", 2);
    assert_int_equal(mt_query_parse(*state, &given, &n, many), MT_E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query__undoes_escapes),
        cmocka_unit_test(query__refuses_what_is_no_text),
        cmocka_unit_test(query__has_an_end),
    };
    return cmocka_run_group_tests(tests, ctx_case_open, ctx_case_close);
}
