/* Unavailable plants: forced outages and planned overhauls.
 *
 * Purpose   Takes units out of the merit order, and lists what an outage file would list.
 * Shapes    Per plant and day at most one outage begins. Forced: Poisson arrivals, lognormal length (mean 40
 *           h, at most 20 days), on average 85 % of the unit. Planned: one overhaul in 13 months on average,
 *           more often in spring and autumn than in winter, 8 to 20 days, the whole unit. Starts and ends on
 *           full quarters; a longer period takes the state at its start.
 * Time      Depends on seed, area and day only.
 * Cost      O(plants x (days + MT_SIM_OUTAGE_DAYS)); about 3 ns each.
 * Source    The order of magnitude of forced outage rates follows VGB/ENTSO-E availability statistics (a few
 *           percent).
 */
#ifndef MT_SIMULATE_OUTAGE_H
#define MT_SIMULATE_OUTAGE_H

#include "simulate/plant.h"

MT_BEGIN_DECLS

enum { MT_SIM_OUTAGE_DAYS = 20 }; /* no outage lasts longer */

typedef struct mt_sim_outage {
    size_t plant;       /* index into the area's plants */
    mt_time start, end; /* UTC */
    double unavailable_mw;
    bool planned;
} mt_sim_outage;

/* The outages that overlap [from, to), by plant, then by start. */
MT_API MT_MUST_USE mt_code mt_sim_outages(mt_ctx *cx, mt_sim_outage **out, size_t *n, const mt_sim_rule *rule,
                                          mt_time from, mt_time to);

/* Unavailable MW of each plant at each instant start + i * step: lost[i * n_plants + k], 0 … capacity. */
MT_API void mt_sim_outage_fill(double *lost, const mt_sim_rule *rule, const mt_sim_plant *plant,
                               size_t n_plants, mt_time start, mt_time step, size_t n);

MT_END_DECLS
#endif
