/* The thermal plants of an area: units with an efficiency, a cost and a must-run part.
 *
 * Purpose   Cuts the installed capacity of area.h into units, so that costs rise in steps and units can fail.
 * Units     MW; efficiency is electricity out per heat in; costs EUR per MWh of electricity.
 * Shapes    Units of one technology are equal in size; efficiency falls evenly from the best to the worst.
 *           Names are "DE-gas_ccgt-07", constant for an area.
 * Source    Efficiencies and emission factors (t CO2 per MWh of heat): typical figures of the German
 *           Environment Agency's and IPCC's lists, rounded; must-run shares and prices are this model's own,
 *           chosen so that negative prices appear about as often as in the years 2023 and 2024.
 */
#ifndef MT_SIMULATE_PLANT_H
#define MT_SIMULATE_PLANT_H

#include "simulate/fuel.h"

MT_BEGIN_DECLS

enum { MT_SIM_PLANTS_MAX = 256, MT_SIM_PLANT_NAME_MAX = 32 };

typedef struct mt_sim_plant {
    char name[MT_SIM_PLANT_NAME_MAX];
    mt_sim_tech tech;
    double capacity_mw;
    double efficiency;
    double must_run_share;   /* of what is available */
    double must_run_eur_mwh; /* price at which that part would rather stop */
    double failures_per_year;
    double markup; /* on cost, of plants that run a few hours a year */
} mt_sim_plant;

MT_API MT_MUST_USE mt_code mt_sim_plants(mt_ctx *cx, mt_sim_plant **out, size_t *n, const mt_sim_rule *rule);

/* Fuel, carbon and variable cost of one more MWh, with the markup. */
MT_API double mt_sim_plant_cost_eur_mwh(const mt_sim_plant *plant, const mt_sim_fuel *fuel);

MT_END_DECLS
#endif
