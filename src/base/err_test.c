/* Tests of the error list: every failure has a status of its own kind in both worlds. */
#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void err__exit_and_http_status_stay_what_scripts_rely_on(void **state)
{
    (void)state;
    /* Written down again by hand: changing a status breaks callers, so it must be changed in two places. */
    static const struct { mt_code code; int exit_status, http_status; const char *name; } row[] = {
        {MT_OK, 0, 200, "MT_OK"},
        {MT_E_FAILED, 1, 500, "MT_E_FAILED"},
        {MT_E_INPUT, 2, 400, "MT_E_INPUT"},
        {MT_E_UNIT, 2, 400, "MT_E_UNIT"},
        {MT_E_SHAPE, 2, 400, "MT_E_SHAPE"},
        {MT_E_DENIED, 3, 403, "MT_E_DENIED"},
        {MT_E_ABSENT, 4, 404, "MT_E_ABSENT"},
        {MT_E_CONFLICT, 5, 409, "MT_E_CONFLICT"},
        {MT_E_INFEASIBLE, 6, 422, "MT_E_INFEASIBLE"},
        {MT_FINDINGS, 7, 200, "MT_FINDINGS"},
        {MT_E_AUTH, 8, 401, "MT_E_AUTH"},
        {MT_E_LIMIT, 9, 429, "MT_E_LIMIT"},
        {MT_E_TOO_LARGE, 10, 413, "MT_E_TOO_LARGE"},
        {MT_E_BUSY, 11, 503, "MT_E_BUSY"},
        {MT_E_DEADLINE, 12, 504, "MT_E_DEADLINE"},
        {MT_E_IO, 13, 500, "MT_E_IO"},
        {MT_E_REMOTE, 14, 502, "MT_E_REMOTE"},
        {MT_E_MEMORY, 15, 500, "MT_E_MEMORY"},
        {MT_E_CANCELLED, 130, 499, "MT_E_CANCELLED"},
        {MT_E_BUG, 70, 500, "MT_E_BUG"},
    };
    assert_int_equal(COUNT(row), MT_CODE_COUNT);
    for (size_t k = 0; k < COUNT(row); k++) {
        assert_int_equal(row[k].code, (int)k);
        assert_int_equal(mt_code_exit(row[k].code), row[k].exit_status);
        assert_int_equal(mt_code_http(row[k].code), row[k].http_status);
        assert_string_equal(mt_code_name(row[k].code), row[k].name);
    }
}

static void err__only_success_exits_with_0(void **state)
{
    (void)state;
    for (int k = 1; k < MT_CODE_COUNT; k++) {
        assert_in_range(mt_code_exit((mt_code)k), 1, 255);
        if (k != MT_FINDINGS) assert_in_range(mt_code_http((mt_code)k), 400, 599);
    }
}

static void err__every_row_says_what_it_means(void **state)
{
    (void)state;
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        size_t n = strlen(mt_code_meaning((mt_code)k));
        assert_in_range(n, 4, 80);
        assert_int_not_equal(mt_code_meaning((mt_code)k)[n - 1], '.');
        for (int j = 0; j < k; j++) {
            assert_string_not_equal(mt_code_meaning((mt_code)k), mt_code_meaning((mt_code)j));
        }
    }
}

static void err__a_code_outside_the_list_is_a_bug(void **state)
{
    (void)state;
    assert_string_equal(mt_code_name((mt_code)MT_CODE_COUNT), "MT_E_BUG");
    assert_int_equal(mt_code_exit((mt_code)1000000), 70);
    assert_int_equal(mt_code_http((mt_code)-1), 500);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(err__exit_and_http_status_stay_what_scripts_rely_on),
        cmocka_unit_test(err__only_success_exits_with_0),
        cmocka_unit_test(err__every_row_says_what_it_means),
        cmocka_unit_test(err__a_code_outside_the_list_is_a_bug),
    };
    return cmocka_run_group_tests_name("err", test, NULL, NULL);
}
