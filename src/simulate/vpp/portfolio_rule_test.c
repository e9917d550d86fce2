/* What a portfolio's rule must keep: names of traps, ranges, streams of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "simulate/vpp/portfolio_case.h"

static void portfolio_rule__traps_are_read_by_name(void **state)
{
    mt_ctx *cx = *state;
    uint64_t traps;
    assert_int_equal(mt_sim_traps_read(cx, &traps, "none"), MT_OK);
    assert_int_equal(traps, 0);
    assert_int_equal(mt_sim_traps_read(cx, &traps, "late_file, overlap"), MT_OK);
    assert_int_equal(traps, UINT64_C(1) << MT_TRAP_LATE_FILE | UINT64_C(1) << MT_TRAP_OVERLAP);
    assert_int_equal(mt_sim_traps_read(cx, &traps, "all"), MT_OK);
    for (int k = 0; k < MT_SIM_TRAPS; k++) {
        uint64_t one;
        assert_true(traps >> k & 1);
        assert_int_equal(mt_sim_traps_read(cx, &one, mt_sim_trap_name((mt_sim_trap)k)), MT_OK);
        assert_int_equal(one, UINT64_C(1) << k);
        assert_true(strlen(mt_sim_trap_meaning((mt_sim_trap)k)) > 10);
    }
}

static void portfolio_rule__an_unknown_trap_is_refused_with_the_nearest(void **state)
{
    mt_ctx *cx = *state;
    uint64_t traps = 7;
    assert_int_equal(mt_sim_traps_read(cx, &traps, "late_file,overlapp"), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "\"overlapp\""));
    assert_non_null(strstr(cx->err, "did you mean \"overlap\""));
    assert_int_equal(traps, 7);
}

static void portfolio_rule__members_outside_their_range_are_named(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule rule = rule_case(cx, "2025-06-08", "none");
    rule.assets = 4;
    assert_int_equal(mt_sim_vpp_rule_check(cx, &rule), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "assets is 4"));
    rule.assets = 5;
    rule.versions = 97;
    assert_int_equal(mt_sim_vpp_rule_check(cx, &rule), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "versions is 97"));
}

static void portfolio_rule__streams_differ_by_subject_and_day(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "none");
    mt_rng a = mt_sim_vpp_stream(&rule, MT_SIM_VPP_GUST, 1, 20000),
           b = mt_sim_vpp_stream(&rule, MT_SIM_VPP_GUST, 1, 20001),
           c = mt_sim_vpp_stream(&rule, MT_SIM_VPP_GUST, 2, 20000),
           d = mt_sim_vpp_stream(&rule, MT_SIM_VPP_PLANT, 1, 20000);
    uint64_t first = mt_rng_next(&a);
    assert_true(first != mt_rng_next(&b) && first != mt_rng_next(&c) && first != mt_rng_next(&d));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(portfolio_rule__traps_are_read_by_name),
        IN_CONTEXT(portfolio_rule__an_unknown_trap_is_refused_with_the_nearest),
        IN_CONTEXT(portfolio_rule__members_outside_their_range_are_named),
        IN_CONTEXT(portfolio_rule__streams_differ_by_subject_and_day),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
