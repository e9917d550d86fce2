/* What a rule must keep: sensible defaults, refusals that name the value, local days of 23 to 25 hours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "simulate/rule.h"

static void refuse(mt_sim_rule rule, const char *part)
{
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_sim_rule_check(&cx, &rule), MT_E_INPUT);
    assert_non_null(strstr(cx.err, part));
    mt_ctx_close(&cx);
}

static void rule__default_is_valid(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_sim_rule_check(&cx, &rule), MT_OK);
    mt_ctx_close(&cx);
}

static void rule__refuses_what_lies_outside(void **state)
{
    (void)state;
    mt_sim_rule good = mt_sim_rule_default(), bad;
    bad = good, bad.area = 999, refuse(bad, "area index is 999");
    bad = good, bad.days = 0, refuse(bad, "number of days is 0");
    bad = good, bad.first_day = -5, refuse(bad, "first day");
    bad = good, bad.step = 20 * MT_US_MINUTE, refuse(bad, "15, 30 or 60 minutes");
    bad = good, bad.orders_per_period = 1, refuse(bad, "orders per period is 1");
    bad = good, bad.flaw_share = 1.5, refuse(bad, "flaw share is 1.5");
    bad = good, bad.gas_factor = -1.0, refuse(bad, "gas factor is -1");
    bad = good, bad.wind_factor = NAN, refuse(bad, "wind factor");
}

static double hours_of(const mt_sim_rule *rule, mt_day day)
{
    return (double)(mt_sim_day_start(rule, day + 1) - mt_sim_day_start(rule, day)) / 3600e6;
}

static void rule__days_are_local_days(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_ctx_init(&cx, NULL);
    assert_true(hours_of(&rule, mt_day_of(2025, 3, 30)) == 24.0); /* no clock: standard time */
    assert_int_equal(mt_zone_read(&cx, &rule.clock, "Europe/Berlin", NULL), MT_OK);
    assert_true(hours_of(&rule, mt_day_of(2025, 3, 30)) == 23.0);
    assert_true(hours_of(&rule, mt_day_of(2025, 10, 26)) == 25.0);
    assert_true(mt_sim_day_start(&rule, mt_day_of(2025, 6, 1)) ==
                mt_day_of(2025, 6, 1) * MT_US_DAY - 2 * MT_US_HOUR);
    mt_ctx_close(&cx);
}

static void rule__streams_differ_by_seed_area_and_series(void **state)
{
    (void)state;
    mt_sim_rule a = mt_sim_rule_default(), b = a, c = a;
    b.seed = 2;
    c.area = 1;
    mt_rng of[5] = {mt_sim_stream(&a, MT_SIM_SERIES_GAS), mt_sim_stream(&b, MT_SIM_SERIES_GAS),
                    mt_sim_stream(&c, MT_SIM_SERIES_GAS), mt_sim_stream(&a, MT_SIM_SERIES_COAL),
                    mt_sim_stream_common(&a, MT_SIM_SERIES_GAS)};
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < i; j++) assert_true(of[i].s[0] != of[j].s[0]);
    }
    mt_rng common_a = mt_sim_stream_common(&a, MT_SIM_SERIES_GAS),
           common_c = mt_sim_stream_common(&c, MT_SIM_SERIES_GAS);
    assert_memory_equal(&common_a, &common_c, sizeof common_a);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(rule__default_is_valid),
        cmocka_unit_test(rule__refuses_what_lies_outside),
        cmocka_unit_test(rule__days_are_local_days),
        cmocka_unit_test(rule__streams_differ_by_seed_area_and_series),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
