/* Forecasts of a simulated plant that come closer to the truth as the moment comes closer.
 *
 * Units     Micro-kW on a grid of 0.001 kW, never below zero nor above the capacity.
 * Shapes    A version holds 193 quarters, from its own moment to 48 hours later, both inside. Error of a
 *           quarter: its own deviation, an Ornstein-Uhlenbeck path over quarters, times a size that grows
 *           with lead time, plus a little noise of the version. A forecast knows nothing of redispatch.
 * Ownership The plant's truth is an arena value made once for all versions of a range of days.
 */
#ifndef MT_SIMULATE_VPP_OUTLOOK_H
#define MT_SIMULATE_VPP_OUTLOOK_H

#include "simulate/vpp/power.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

enum { MT_SIM_OUTLOOK_QUARTERS = 193 };

typedef struct mt_sim_outlook {
    const mt_sim_air *air;
    const mt_sim_asset *asset;
    mt_time start;
    size_t n;
    double *kw, *deviation; /* of quarters from `start` on */
} mt_sim_outlook;

MT_API MT_MUST_USE mt_code mt_sim_outlook_new(mt_ctx *cx, mt_sim_outlook *out, const mt_sim_air *air,
                                              const mt_sim_asset *asset);

/* The version of that moment, a quarter of the simulated days. */
MT_API void mt_sim_outlook_at(mt_forecast_value out[MT_SIM_OUTLOOK_QUARTERS], const mt_sim_outlook *outlook,
                              mt_time version);

MT_END_DECLS
#endif
