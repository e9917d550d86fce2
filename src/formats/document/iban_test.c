/* Account numbers: the examples of the registry, and each way in which one is mistyped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "formats/document/iban.h"

/* Examples of the SWIFT IBAN registry. */
static const char *const valid[] = {
    "DE89370400440532013000", "GB29NWBK60161331926819",          "NL91ABNA0417164300",
    "AT611904300234573201",   "MT84MALT011000012345MTLCAST001S", "NO9386011117947"};

static void iban__takes_the_examples_of_the_registry(void **state)
{
    char iban[MT_IBAN_MAX];
    (void)state;
    for (size_t k = 0; k < sizeof valid / sizeof *valid; k++) {
        assert_true(mt_iban_read(valid[k], iban));
        assert_string_equal(iban, valid[k]);
    }
    assert_true(mt_iban_read("de89 3704 0044 0532 0130 00", iban));
    assert_string_equal(iban, valid[0]);
}

static void iban__finds_every_wrong_digit_and_every_exchanged_pair(void **state)
{
    char iban[MT_IBAN_MAX], wrong[MT_IBAN_MAX];
    (void)state;
    for (size_t k = 2; k < strlen(valid[0]); k++) {
        (void)strcpy(wrong, valid[0]);
        wrong[k] = wrong[k] == '9' ? '0' : (char)(wrong[k] + 1);
        assert_false(mt_iban_read(wrong, iban));
        (void)strcpy(wrong, valid[0]);
        if (k + 1 >= strlen(valid[0]) || wrong[k] == wrong[k + 1]) continue;
        wrong[k] = valid[0][k + 1];
        wrong[k + 1] = valid[0][k];
        assert_false(mt_iban_read(wrong, iban));
    }
}

static void iban__refuses_what_has_not_its_shape(void **state)
{
    static const char *const bad[] = {"",
                                      "DE",
                                      "DE89",
                                      "8937040044053201300",
                                      "DE8937040044053201300!",
                                      "DE893704004405320130001234567890123456",
                                      "D189370400440532013000"};
    char iban[MT_IBAN_MAX] = "x";
    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) assert_false(mt_iban_read(bad[k], iban));
    assert_false(mt_iban_read(NULL, iban));
    assert_string_equal(iban, "");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(iban__takes_the_examples_of_the_registry),
        cmocka_unit_test(iban__finds_every_wrong_digit_and_every_exchanged_pair),
        cmocka_unit_test(iban__refuses_what_has_not_its_shape),
    };
    return cmocka_run_group_tests_name("iban", test, NULL, NULL);
}
