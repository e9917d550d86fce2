/* The thermal plants of an area: units with an efficiency, a cost and a must-run part. */
#include "simulate/plant.h"
#include "num/portable.h"

#include <stdio.h>

MT_SAME_BITS

/* clang-format off */
static const struct kind {
    size_t fuel; /* offset of the price in mt_sim_fuel */
    double carbon_t_mwh, best, worst, variable_eur_mwh, unit_mw, must_run, must_run_eur_mwh, failures, markup;
} kind[MT_SIM_THERMAL_COUNT] = {
#define FUEL(member) offsetof(mt_sim_fuel, member)
    /*                   fuel                   t/MWh  best  worst  var  unit  must  at     fail  markup */
    [MT_SIM_NUCLEAR] = { FUEL(uranium_eur_mwh), 0.000, 0.35, 0.32,  4.0, 1100, 0.45, -28.0, 2.0, 3.0 },
    [MT_SIM_LIGNITE] = { FUEL(lignite_eur_mwh), 0.400, 0.43, 0.33,  3.0,  600, 0.32, -48.0, 5.0, 0.0 },
    [MT_SIM_COAL]    = { FUEL(coal_eur_mwh),    0.340, 0.45, 0.35,  3.0,  500, 0.16, -24.0, 5.0, 0.0 },
    [MT_SIM_CCGT]    = { FUEL(gas_eur_mwh),     0.202, 0.60, 0.47,  2.5,  420, 0.12, -12.0, 4.0, 0.0 },
    [MT_SIM_OCGT]    = { FUEL(gas_eur_mwh),     0.202, 0.41, 0.30,  5.0,  150, 0.00,   0.0, 6.0, 1.4 },
    [MT_SIM_OIL]     = { FUEL(oil_eur_mwh),     0.267, 0.38, 0.28,  6.0,  150, 0.00,   0.0, 6.0, 2.2 },
#undef FUEL
};
/* clang-format on */

static size_t unit_count(const mt_sim_area *area, int tech)
{
    if (area->installed_mw[tech] <= 0.0) return 0;
    size_t n = (size_t)(area->installed_mw[tech] / kind[tech].unit_mw + 0.5);
    return n ? n : 1;
}

static void fill_units(mt_sim_plant *plant, size_t n, const mt_sim_area *area, int tech)
{
    const struct kind *k = &kind[tech];
    for (size_t i = 0; i < n; i++) {
        double place = n > 1 ? (double)i / (double)(n - 1) : 0.0;
        plant[i] = (mt_sim_plant){
            .tech = (mt_sim_tech)tech,
            .capacity_mw = area->installed_mw[tech] / (double)n,
            .efficiency = k->best + (k->worst - k->best) * place,
            .must_run_share = k->must_run,
            .must_run_eur_mwh = k->must_run_eur_mwh * (0.4 + 1.2 * place),
            .failures_per_year = k->failures,
            .markup = k->markup * place * place,
        };
        snprintf(plant[i].name, sizeof plant[i].name, "%s-%s-%02zu", area->name,
                 mt_sim_tech_name((mt_sim_tech)tech), i + 1);
    }
}

mt_code mt_sim_plants(mt_ctx *cx, mt_sim_plant **out, size_t *n, const mt_sim_rule *rule)
{
    const mt_sim_area *area = mt_sim_area_at(rule->area);
    size_t total = 0;
    for (int tech = 0; tech < MT_SIM_THERMAL_COUNT; tech++) total += unit_count(area, tech);
    if (total > MT_SIM_PLANTS_MAX)
        return mt_fail(cx, MT_E_BUG, "area %s has %zu plants, more than fit", area->name, total);
    mt_sim_plant *plant;
    MT_TRY(MT_NEW(cx, &plant, total));
    size_t at = 0;
    for (int tech = 0; tech < MT_SIM_THERMAL_COUNT; tech++) {
        size_t units = unit_count(area, tech);
        fill_units(plant + at, units, area, tech);
        at += units;
    }
    *out = plant;
    *n = total;
    return MT_OK;
}

double mt_sim_plant_cost_eur_mwh(const mt_sim_plant *plant, const mt_sim_fuel *fuel)
{
    const struct kind *k = &kind[plant->tech];
    double heat = *(const double *)(const void *)((const char *)fuel + k->fuel);
    double cost = (heat + k->carbon_t_mwh * fuel->carbon_eur_t) / plant->efficiency + k->variable_eur_mwh;
    return cost * (1.0 + plant->markup);
}
