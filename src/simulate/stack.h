/* The two curves of a period: a merit order of supply and a demand that hardly bends.
 *
 * Purpose   Turns fundamentals into steps of price and power, from which order books and curve files are cut,
 *           and tells where they cross: the price the simulated auction is built around.
 * Units     EUR/MWh on the 0.01 grid, MW on the 0.1 grid.
 * Shapes    supply ascends, demand descends in price; equal prices are merged. Both hold at least one step
 *           each at the price limits of the European coupling, -500 and +4000, as its curves must.
 * Ownership A stack is an arena value with room for every period of its day; mt_sim_stack_fill overwrites it.
 * Cost      About 10 us a period.
 * Source    Merit order: short-run marginal cost = (fuel + emission factor x carbon) / efficiency + variable
 *           cost. Price limits: harmonised maximum and minimum clearing prices of the Single Day-Ahead
 *           Coupling.
 */
#ifndef MT_SIMULATE_STACK_H
#define MT_SIMULATE_STACK_H

#include "simulate/fundamentals.h"

MT_BEGIN_DECLS

#define MT_SIM_PRICE_FLOOR (-500.0)
#define MT_SIM_PRICE_CAP   4000.0

enum { MT_SIM_STEPS_MAX = 2 * MT_SIM_PLANTS_MAX + 128 };

typedef struct mt_sim_step {
    double price_eur_mwh;
    double power_mw;
} mt_sim_step;

typedef struct mt_sim_stack {
    size_t n_supply, n_demand;
    mt_sim_step supply[MT_SIM_STEPS_MAX];
    mt_sim_step demand[MT_SIM_STEPS_MAX];
    mt_sim_step scratch[MT_SIM_STEPS_MAX];
} mt_sim_stack;

MT_API MT_MUST_USE mt_code mt_sim_stack_new(mt_ctx *cx, mt_sim_stack **out);

/* The curves of period `period` of a filled day. */
MT_API void mt_sim_stack_fill(mt_sim_stack *stack, const mt_sim_day *day, size_t period);

/* The lowest price at which supply covers the demand above it. */
MT_API double mt_sim_stack_price_eur_mwh(const mt_sim_stack *stack);

MT_END_DECLS
#endif
