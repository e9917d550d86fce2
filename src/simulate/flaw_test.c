/* What flaws must keep: the promised share, nothing without one, texts for the field they name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "simulate/flaw.h"

enum { ROWS = 200000 };

static void flaw__share_is_kept_and_a_quarter_is_harmless(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    int count[MT_SIM_FLAW_COUNT] = {0}, harmless = 0;
    rule.flaw_share = 0.05;
    for (uint64_t row = 0; row < ROWS; row++) {
        mt_sim_flaw flaw = mt_sim_flaw_at(&rule, row);
        count[flaw]++;
        harmless += flaw != MT_SIM_FLAW_NONE && mt_sim_flaw_harmless(flaw);
    }
    double flawed = ROWS - count[MT_SIM_FLAW_NONE];
    assert_true(fabs(flawed / ROWS - 0.05) < 0.003);
    assert_true(fabs(harmless / flawed - 0.25) < 0.02);
    for (int i = 0; i < MT_SIM_FLAW_COUNT; i++) assert_true(count[i] > 0);
}

static void flaw__none_without_a_share(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    for (uint64_t row = 0; row < 1000; row++) assert_int_equal(mt_sim_flaw_at(&rule, row), MT_SIM_FLAW_NONE);
    rule.flaw_share = 1.0;
    for (uint64_t row = 0; row < 1000; row++)
        assert_int_not_equal(mt_sim_flaw_at(&rule, row), MT_SIM_FLAW_NONE);
}

static void flaw__names_its_field_and_text(void **state)
{
    (void)state;
    assert_int_equal(mt_sim_flaw_field(MT_SIM_FLAW_NONE), MT_SIM_FIELD_NONE);
    assert_int_equal(mt_sim_flaw_field(MT_SIM_FLAW_PRICE_BLANK), MT_SIM_FIELD_PRICE);
    assert_string_equal(mt_sim_flaw_text(MT_SIM_FLAW_PRICE_BLANK, MT_BUY), "");
    assert_string_equal(mt_sim_flaw_text(MT_SIM_FLAW_SIDE_TITLE, MT_SELL), "Sell");
    assert_string_equal(mt_sim_flaw_text(MT_SIM_FLAW_SIDE_WORD, MT_BUY), "purchase");
    assert_string_equal(mt_sim_flaw_name(MT_SIM_FLAW_TIME_BLANK), "time_blank");
}

static void flaw__depends_on_seed_and_area(void **state)
{
    (void)state;
    mt_sim_rule a = mt_sim_rule_default(), b;
    int same[2] = {0};
    a.flaw_share = 0.5;
    for (uint64_t row = 0; row < 1000; row++) {
        b = a, b.seed++;
        same[0] += mt_sim_flaw_at(&a, row) == mt_sim_flaw_at(&b, row);
        b = a, b.area++;
        same[1] += mt_sim_flaw_at(&a, row) == mt_sim_flaw_at(&b, row);
    }
    assert_true(same[0] < 500 && same[1] < 500);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(flaw__share_is_kept_and_a_quarter_is_harmless),
        cmocka_unit_test(flaw__none_without_a_share),
        cmocka_unit_test(flaw__names_its_field_and_text),
        cmocka_unit_test(flaw__depends_on_seed_and_area),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
