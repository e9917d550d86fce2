/* Tests of the server's binary values: numbers as they were, what is missing, what is damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/postgres/decode.h"

#include <math.h>
#include <string.h>

enum {
    NUMERIC = 1700,
    FLOAT8 = 701,
    INT8 = 20,
    TIMESTAMPTZ = 1184,
    DATE = 1082,
    BOOL = 16,
    DECIMAL_12_2 = 12 << 16 | 6
};

static mt_pg_column column_of(Oid oid, int modifier)
{
    mt_pg_column column;
    assert_true(mt_pg_column_of(&column, oid, modifier));
    return column;
}

/* The send function's form: digits of base 10,000, weight of the first, sign, places. */
static double numeric(const char *bytes, size_t n)
{
    const mt_pg_column column = column_of(NUMERIC, -1);
    double out = -1;
    assert_int_equal(mt_pg_decode(&column, &out, 0, bytes, n), MT_PG_VALUE);
    return out;
}

static void decode__reads_decimals_as_the_nearest_double(void **state)
{
    (void)state;
    assert_true(numeric("\0\0\0\0\0\0\0\0", 8) == 0);
    assert_true(numeric("\0\2\0\0\0\0\0\1\0\3\3\350", 12) == 3.1);     /* 3, 1000 */
    assert_true(numeric("\0\1\377\377\100\0\0\4\0\1", 10) == -0.0001); /* weight -1 */
    assert_true(numeric("\0\1\0\2\0\0\0\0\0\7", 10) == 7e8);           /* weight 2 */
    assert_true(isinf(numeric("\0\0\0\0\320\0\0\0", 8)));              /* Infinity */
    assert_true(numeric("\0\0\0\0\360\0\0\0", 8) < 0);                 /* -Infinity */
}

static void decode__keeps_six_places_exact(void **state)
{
    (void)state;
    const mt_pg_column column = column_of(NUMERIC, DECIMAL_12_2);
    int64_t out = 0;
    assert_int_equal(column.as, MT_MICRO);
    /* -62.03 */
    assert_int_equal(mt_pg_decode(&column, &out, 0, "\0\2\0\0\100\0\0\2\0\76\1\54", 12), MT_PG_VALUE);
    assert_int_equal(out, -62030000);
    /* 0.000001: one digit, a hundred of the second place behind the point */
    assert_int_equal(mt_pg_decode(&column, &out, 0, "\0\1\377\376\0\0\0\6\0\144", 10), MT_PG_VALUE);
    assert_int_equal(out, 1);
    /* 999999999999.999999, the most that has eighteen digits */
    assert_int_equal(mt_pg_decode(&column, &out, 0, "\0\5\0\2\0\0\0\6\47\17\47\17\47\17\47\17\46\254", 18),
                     MT_PG_VALUE);
    assert_true(out == INT64_C(999999999999999999));
    assert_int_equal(mt_pg_decode(&column, &out, 0, "\0\1\0\7\0\0\0\0\0\1", 10), MT_PG_TOO_LARGE);
}

static void decode__finds_what_is_missing(void **state)
{
    (void)state;
    const mt_pg_column real = column_of(FLOAT8, -1), decimal = column_of(NUMERIC, -1),
                       time = column_of(TIMESTAMPTZ, -1), day = column_of(DATE, -1);
    int64_t out;
    assert_int_equal(mt_pg_decode(&real, &out, 0, "\177\370\0\0\0\0\0\0", 8), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode(&decimal, &out, 0, "\0\0\0\0\300\0\0\0", 8), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode(&time, &out, 0, "\177\377\377\377\377\377\377\377", 8), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode(&time, &out, 0, "\200\0\0\0\0\0\0\0", 8), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode(&day, &out, 0, "\177\377\377\377", 4), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode_text(&time, &out, 0, "-infinity", 9), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode_text(&day, &out, 0, "infinity", 8), MT_PG_MISSING);
    assert_int_equal(mt_pg_decode_text(&real, &out, 0, "NaN", 3), MT_PG_MISSING);
}

static void decode__refuses_damaged_and_unbearable_values(void **state)
{
    (void)state;
    static const Oid oid[] = {NUMERIC, FLOAT8, INT8, TIMESTAMPTZ, DATE, BOOL};
    int64_t out;
    for (size_t k = 0; k < sizeof oid / sizeof *oid; k++) {
        const mt_pg_column column = column_of(oid[k], -1);
        assert_int_equal(mt_pg_decode(&column, &out, 0, "\0\1\2", 3), MT_PG_DAMAGED);
    }
    const mt_pg_column decimal = column_of(NUMERIC, -1), time = column_of(TIMESTAMPTZ, -1);
    assert_int_equal(mt_pg_decode(&decimal, &out, 0, "\0\7\0\0\0\0\0\0\0\1", 10), MT_PG_DAMAGED);
    assert_int_equal(mt_pg_decode(&decimal, &out, 0, "\377\377\0\0\0\0\0\0", 8), MT_PG_DAMAGED);
    /* the server's greatest moment: year 294276 */
    assert_int_equal(mt_pg_decode(&time, &out, 0, "\177\377\377\372\123\172\277\377", 8), MT_PG_TOO_LARGE);
}

static void decode__does_not_know_foreign_types(void **state)
{
    (void)state;
    mt_pg_column column;
    assert_false(mt_pg_column_of(&column, 3802, -1)); /* jsonb */
    assert_int_equal(column.as, MT_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__reads_decimals_as_the_nearest_double),
        cmocka_unit_test(decode__keeps_six_places_exact),
        cmocka_unit_test(decode__finds_what_is_missing),
        cmocka_unit_test(decode__refuses_damaged_and_unbearable_values),
        cmocka_unit_test(decode__does_not_know_foreign_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
