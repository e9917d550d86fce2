/* Marketplaces: the three built in, a user's own, and the sentences for bad lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "terms/marketplace.h"

#include <string.h>

static void marketplace__has_the_three_of_the_roadmap(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_marketplace *m;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_marketplace_get(&cx, &m, mt_marketplaces_known(), "uk"), MT_OK);
    assert_string_equal(m->currency, "GBP");
    assert_string_equal(m->zone, "Europe/London");
    assert_int_equal(m->from_hour, 7);
    assert_int_equal(m->to_hour, 23);
    assert_int_equal(mt_marketplace_get(&cx, &m, mt_marketplaces_known(), "Germany"), MT_OK);
    assert_true(mt_marketplace_open(m, 6) && mt_marketplace_open(m, 21));
    assert_false(mt_marketplace_open(m, 5) || mt_marketplace_open(m, 22));
    assert_int_equal(mt_marketplace_get(&cx, &m, mt_marketplaces_known(), "nordpol"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "nordpool"));
    mt_ctx_close(&cx);
}

static void marketplace__reads_one_entry_a_line_before_the_built_in_ones(void **state)
{
    (void)state;
    static const char text[] = "# mine\n\nnight CHF Europe/Zurich 22-6 # over midnight\r\n"
                               "germany EUR Europe/Berlin 8 20\n";
    mt_ctx cx;
    mt_marketplaces all;
    const mt_marketplace *m;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_marketplaces_read(&cx, &all, "mine.txt", mt_text_of(text)), MT_OK);
    assert_int_equal(all.n, 5);
    assert_int_equal(mt_marketplace_get(&cx, &m, all, "night"), MT_OK);
    assert_true(mt_marketplace_open(m, 23) && mt_marketplace_open(m, 0) && mt_marketplace_open(m, 5));
    assert_false(mt_marketplace_open(m, 6) || mt_marketplace_open(m, 21));
    assert_int_equal(mt_marketplace_get(&cx, &m, all, "germany"), MT_OK);
    assert_int_equal(m->from_hour, 8);
    mt_ctx_close(&cx);
}

static void marketplace__names_file_line_and_word_of_a_bad_entry(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {{"\na EUR Europe/Berlin", "line 2"},  {"a eur Europe/Berlin 6-22", "eur"},
               {"a EUR Europe/Berlin 6", "\"6\""},   {"a EUR Europe/Berlin 6-25", "6-25"},
               {"a EUR Europe/Berlin 6-6", "6-6"},   {"a EUR Europe/Berlin 6 22 x", "6 words"},
               {"a EUR Europe/Berlin -1-5", "-1-5"}, {"a EUR Europe/Berlin 24-3", "24-3"}};
    mt_ctx cx;
    mt_marketplaces all;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(mt_marketplaces_read(&cx, &all, "mine.txt", mt_text_of(bad[k].text)), MT_E_INPUT);
        if (!strstr(cx.err, bad[k].says)) fail_msg("\"%s\" gives: %s", bad[k].text, cx.err);
        assert_non_null(strstr(cx.err, "mine.txt, line"));
    }
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(marketplace__has_the_three_of_the_roadmap),
        cmocka_unit_test(marketplace__reads_one_entry_a_line_before_the_built_in_ones),
        cmocka_unit_test(marketplace__names_file_line_and_word_of_a_bad_entry),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
