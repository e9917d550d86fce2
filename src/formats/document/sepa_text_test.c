/* SEPA characters: what stays, what loses its marks, what is cut. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/sepa_text.h"

static void become(const char *text, const char *wanted)
{
    char out[64];
    mt_sepa_text(text, out, sizeof out);
    assert_string_equal(out, wanted);
    assert_true(mt_sepa_is_text(out));
}

static void sepa_text__keeps_what_banks_take(void **state)
{
    (void)state;
    become("Az09 /-?:().,'+", "Az09 /-?:().,'+");
    assert_false(mt_sepa_is_text("a&b"));
    assert_false(mt_sepa_is_text("a\tb"));
}

static void sepa_text__spells_letters_without_their_marks(void **state)
{
    (void)state;
    become("M\xC3\xBCller & S\xC3\xB6hne \xC3\x84g Stra\xC3\x9F"
           "e",
           "Mueller + Soehne Aeg Strasse");
    become("\xC5\x81\xC3\xB3"
           "d\xC5\xBA \xC5\xBDi\xC5\xBE"
           "ek \xC3\x9Eor \xC5\x93uvre",
           "Lodz Zizek Thor oeuvre");
    become("50 \xE2\x82\xAC \xE2\x80\x93 <x>", "50 . - .x.");
    become("\xD0\x9A\xFF", "..");
}

static void sepa_text__cuts_between_characters(void **state)
{
    char out[4];
    (void)state;
    mt_sepa_text("ab\xC3\xBC"
                 "c",
                 out, sizeof out);
    assert_string_equal(out, "ab");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sepa_text__keeps_what_banks_take),
        cmocka_unit_test(sepa_text__spells_letters_without_their_marks),
        cmocka_unit_test(sepa_text__cuts_between_characters),
    };
    return cmocka_run_group_tests_name("sepa_text", test, NULL, NULL);
}
