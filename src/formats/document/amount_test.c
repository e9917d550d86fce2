/* Decimals of documents. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "formats/document/amount.h"

static void show(int64_t value, int decimals, int least, const char *wanted)
{
    char text[MT_AMOUNT_TEXT_MAX];
    assert_int_equal(mt_amount_text(value, decimals, least, text), strlen(wanted));
    assert_string_equal(text, wanted);
}

static void amount__writes_every_digit_and_no_zero_too_many(void **state)
{
    (void)state;
    show(-840125, 2, 2, "-8401.25");
    show(-5, 2, 2, "-0.05");
    show(100, 2, 2, "1.00");
    show(100, 2, 0, "1");
    show(100000000001, 10, 2, "10.0000000001");
    show(3360500000, 6, 0, "3360.5");
    show(7, 0, 0, "7");
    show(INT64_MIN, 18, 0, "-9.223372036854775808");
    show(0, 6, 2, "0.00");
}

int main(void)
{
    const struct CMUnitTest test[] = {cmocka_unit_test(amount__writes_every_digit_and_no_zero_too_many)};
    return cmocka_run_group_tests_name("amount", test, NULL, NULL);
}
