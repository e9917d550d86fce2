/* What fuel prices must keep: a level, limits, a common Europe and scenario factors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "simulate/fuel.h"

static void fuel__stays_around_its_level(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    double gas = 0.0, carbon = 0.0, move = 0.0, last = 0.0;
    int n = 1500;
    for (int i = 0; i < n; i++) {
        mt_sim_fuel fuel = mt_sim_fuel_on(&rule, 15000 + 3 * i);
        assert_true(fuel.gas_eur_mwh > 12.0 && fuel.gas_eur_mwh < 90.0);
        gas += fuel.gas_eur_mwh / n;
        carbon += fuel.carbon_eur_t / n;
        if (i) move += fabs(fuel.gas_eur_mwh - last) / n;
        last = fuel.gas_eur_mwh;
    }
    assert_true(fabs(gas - 34.0) < 3.0 && fabs(carbon - 68.0) < 3.0);
    assert_true(move > 0.3 && move < 4.0); /* three days apart */
}

static void fuel__is_the_same_in_all_areas(void **state)
{
    (void)state;
    mt_sim_rule de = mt_sim_rule_default(), es = de;
    es.area = 5;
    mt_sim_fuel a = mt_sim_fuel_on(&de, 20000), b = mt_sim_fuel_on(&es, 20000);
    assert_memory_equal(&a, &b, sizeof a);
}

static void fuel__factors_scale_prices(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default(), dear = rule;
    dear.gas_factor = 2.0;
    dear.carbon_factor = 0.0;
    mt_sim_fuel a = mt_sim_fuel_on(&rule, 20000), b = mt_sim_fuel_on(&dear, 20000);
    assert_true(fabs(b.gas_eur_mwh - 2.0 * a.gas_eur_mwh) <= 0.0101);
    assert_true(b.carbon_eur_t == 0.0 && b.coal_eur_mwh == a.coal_eur_mwh);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(fuel__stays_around_its_level),
        cmocka_unit_test(fuel__is_the_same_in_all_areas),
        cmocka_unit_test(fuel__factors_scale_prices),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
