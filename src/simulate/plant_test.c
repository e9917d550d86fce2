/* What plants must keep: the installed capacity, unique names, and costs that follow the formula. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "simulate/plant.h"

static void plant__units_add_up_to_the_installed_capacity(void **state)
{
    (void)state;
    for (size_t area = 0; area < mt_sim_area_count(); area++) {
        mt_ctx cx;
        mt_sim_plant *plant;
        size_t n;
        double sum[MT_SIM_TECH_COUNT] = {0};
        mt_sim_rule rule = mt_sim_rule_default();
        rule.area = area;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_sim_plants(&cx, &plant, &n, &rule), MT_OK);
        for (size_t i = 0; i < n; i++) {
            sum[plant[i].tech] += plant[i].capacity_mw;
            for (size_t j = 0; j < i; j++) assert_string_not_equal(plant[i].name, plant[j].name);
        }
        for (int tech = 0; tech < MT_SIM_THERMAL_COUNT; tech++) {
            assert_true(fabs(sum[tech] - mt_sim_area_at(area)->installed_mw[tech]) < 1e-6);
        }
        mt_ctx_close(&cx);
    }
}

/* (30 + 0.202 x 70) / 0.60 + 2.5 = 76.0667 EUR/MWh, by hand. */
static void plant__cost_is_fuel_carbon_and_the_rest(void **state)
{
    (void)state;
    mt_sim_plant plant = {.tech = MT_SIM_CCGT, .efficiency = 0.60};
    mt_sim_fuel fuel = {.gas_eur_mwh = 30.0, .coal_eur_mwh = 14.0, .carbon_eur_t = 70.0};
    assert_true(fabs(mt_sim_plant_cost_eur_mwh(&plant, &fuel) - 76.0666666667) < 1e-9);
    plant.efficiency = 0.47;
    assert_true(mt_sim_plant_cost_eur_mwh(&plant, &fuel) > 76.07);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(plant__units_add_up_to_the_installed_capacity),
        cmocka_unit_test(plant__cost_is_fuel_carbon_and_the_rest),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
