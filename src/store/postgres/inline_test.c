/* Tests of parameters written into a statement: where they stand, where they do not, nothing gets out of its
 * quotes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/postgres/inline.h"

#include <string.h>

static const mt_pg_literal one = {"x", "TEXT"};

static void check(const char *sql, const mt_pg_literal *literal, size_t n, const char *expected)
{
    mt_ctx cx;
    const char *out;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_pg_inline(&cx, &out, sql, literal, n), MT_OK);
    if (expected) {
        assert_non_null(out);
        assert_string_equal(out, expected);
    } else {
        assert_null(out);
    }
    mt_ctx_close(&cx);
}

static void inline__writes_values_with_their_types(void **state)
{
    (void)state;
    const mt_pg_literal two[] = {{"-7", "BIGINT"}, {NULL, "TIMESTAMPTZ"}};
    check("SELECT $2, a - $1, $1", two, 2,
          "SELECT CAST(NULL AS TIMESTAMPTZ), a - CAST('-7' AS BIGINT), CAST('-7' AS BIGINT)");
    check("", NULL, 0, "");
}

static void inline__leaves_quotes_comments_and_names_alone(void **state)
{
    (void)state;
    check("SELECT '$1 it''s $1', \"$1\", a$1, $1", &one, 1,
          "SELECT '$1 it''s $1', \"$1\", a$1, CAST('x' AS TEXT)");
    check("SELECT 1 -- $1\n, $1 /* $1 /* $1 */ $1 */", &one, 1,
          "SELECT 1 -- $1\n, CAST('x' AS TEXT) /* $1 /* $1 */ $1 */");
    check("SELECT 1 - $1", &one, 1, "SELECT 1 - CAST('x' AS TEXT)");
}

static void inline__keeps_quotes_inside_a_value(void **state)
{
    (void)state;
    const mt_pg_literal quote = {"a'); DROP TABLE x; --", "TEXT"}, slash = {"\\'; --", "TEXT"};
    check("SELECT $1", &quote, 1, "SELECT CAST('a''); DROP TABLE x; --' AS TEXT)");
    check("SELECT $1", &slash, 1, "SELECT CAST( E'\\\\''; --' AS TEXT)");
}

static void inline__gives_up_where_it_would_have_to_guess(void **state)
{
    (void)state;
    check("SELECT E'\\'$1', $1", &one, 1, NULL);
    check("SELECT $tag$ $1 $tag$", &one, 1, NULL);
    check("SELECT U&\"$1\", $1", &one, 1, NULL);
    check("SELECT U&'$1', $1", &one, 1, NULL);
    check("SELECT $2", &one, 1, NULL);
    check("SELECT $99999999999999999999", &one, 1, NULL);
    check("SELECT 'open", &one, 1, NULL);
    check("SELECT \"open", &one, 1, NULL);
    check("SELECT /* open /* */", &one, 1, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inline__writes_values_with_their_types),
        cmocka_unit_test(inline__leaves_quotes_comments_and_names_alone),
        cmocka_unit_test(inline__keeps_quotes_inside_a_value),
        cmocka_unit_test(inline__gives_up_where_it_would_have_to_guess),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
