/* Tests of the unit list: each row can be named and told from the others. */
#include "base/unit.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void unit__texts_are_those_of_headers_and_documents(void **state)
{
    (void)state;
    assert_string_equal(mt_unit_text(MT_UNIT_NONE), "");
    assert_string_equal(mt_unit_text(MT_UNIT_EUR_PER_MWH), "EUR/MWh");
    assert_string_equal(mt_unit_text(MT_UNIT_MWH), "MWh");
    assert_string_equal(mt_unit_meaning(MT_UNIT_EUR_PER_MWH), "price of energy");
}

static void unit__no_two_rows_share_a_text(void **state)
{
    (void)state;
    for (int k = 0; k < MT_UNIT_TOTAL; k++) {
        assert_true(strlen(mt_unit_meaning((mt_unit)k)) > 0);
        for (int j = 0; j < k; j++)
            assert_string_not_equal(mt_unit_text((mt_unit)k), mt_unit_text((mt_unit)j));
    }
}

static void unit__a_unit_outside_the_list_is_none(void **state)
{
    (void)state;
    assert_string_equal(mt_unit_text((mt_unit)MT_UNIT_TOTAL), "");
    assert_string_equal(mt_unit_text((mt_unit)-1), "");
    assert_string_equal(mt_unit_meaning((mt_unit)100000), "no unit");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(unit__texts_are_those_of_headers_and_documents),
        cmocka_unit_test(unit__no_two_rows_share_a_text),
        cmocka_unit_test(unit__a_unit_outside_the_list_is_none),
    };
    return cmocka_run_group_tests_name("unit", test, NULL, NULL);
}
