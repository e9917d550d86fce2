/* Tests of the faults' names: every one has its own, and a sentence. */
#include "terms/order.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void order__every_fault_has_a_name_and_a_sentence(void **state)
{
    (void)state;
    for (int k = 0; k < MT_ORDER_FAULT_COUNT; k++) {
        assert_true(strlen(mt_order_fault_text((mt_order_fault)k)) > 10);
        for (int other = 0; other < k; other++)
            assert_string_not_equal(mt_order_fault_name((mt_order_fault)k),
                                    mt_order_fault_name((mt_order_fault)other));
    }
    assert_string_equal(mt_order_fault_name(MT_FAULT_PRICE_MISSING), "price_missing");
    assert_string_equal(mt_order_fault_text(MT_FAULT_ROW_LONG), "the row is longer than a row may be");
}

static void order__an_unknown_fault_is_said_to_be_unknown(void **state)
{
    (void)state;
    assert_string_equal(mt_order_fault_name(MT_ORDER_FAULT_COUNT), "unknown");
    assert_string_equal(mt_order_fault_text((mt_order_fault)999), "the fault is unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order__every_fault_has_a_name_and_a_sentence),
        cmocka_unit_test(order__an_unknown_fault_is_said_to_be_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
