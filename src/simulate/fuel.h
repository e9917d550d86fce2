/* Daily prices of fuels and carbon, one for all areas.
 *
 * Purpose   Sets the cost of thermal plants; a scenario factor of the rule scales each price.
 * Units     EUR per MWh of heat (lower heating value); EUR per tonne of carbon dioxide.
 * Shapes    exp of a mean-reverting process around a typical level, gas a little dearer in winter; coal and
 *           carbon follow gas in part. Rounded to 0.01.
 * Source    Levels of about 2024: TTF 34 EUR/MWh, API2 coal 110 USD/t, EU allowances 68 EUR/t, crude oil 80
 *           USD/bbl.
 */
#ifndef MT_SIMULATE_FUEL_H
#define MT_SIMULATE_FUEL_H

#include "simulate/rule.h"

MT_BEGIN_DECLS

typedef struct mt_sim_fuel {
    double gas_eur_mwh, coal_eur_mwh, oil_eur_mwh, lignite_eur_mwh, uranium_eur_mwh;
    double carbon_eur_t;
} mt_sim_fuel;

MT_API mt_sim_fuel mt_sim_fuel_on(const mt_sim_rule *rule, mt_day day);

MT_END_DECLS
#endif
