/* What a simulated plant's meters and live feed say, with their gaps and lies, and when the grid operator
 * cut it.
 *
 * Units     Micro-kW: live points on a grid of 0.1 kW, meters of 0.001 kW.
 * Shapes    Live points: each minute of the local day but a few (gaps of 120, 180, 240 s); a solar plant
 *           reads a little below zero in the dark. Meters: the quarters of a UTC day. In a redispatched
 *           quarter a plant feeds in its setpoint at most. Traps of the plant alter its own records only.
 * Ownership Records live in cx; live points are overwritten by the next day.
 */
#ifndef MT_SIMULATE_VPP_READINGS_H
#define MT_SIMULATE_VPP_READINGS_H

#include "simulate/vpp/power.h"
#include "terms/vpp/feed.h"

MT_BEGIN_DECLS

enum { MT_SIM_LIVE_MAX = 25 * 60 + 8 };

typedef struct mt_sim_live {
    size_t n;
    mt_time time[MT_SIM_LIVE_MAX];
    mt_micro power_kw[MT_SIM_LIVE_MAX], quality[MT_SIM_LIVE_MAX];
    double kw[MT_SIM_LIVE_MAX];
} mt_sim_live;

MT_API void mt_sim_live_day(mt_sim_live *out, const mt_sim_air *air, const mt_sim_asset *asset, mt_day day);

MT_API MT_MUST_USE mt_code mt_sim_meter_day(mt_ctx *cx, mt_meter_value **out, size_t *n,
                                            const mt_sim_air *air, const mt_sim_asset *asset, mt_day utc_day);

/* The flags of a day in the order of files: revision 0, and 1 for a second file that disagrees. n 0: none. */
MT_API MT_MUST_USE mt_code mt_sim_redispatch(mt_ctx *cx, mt_redispatch_value **out, size_t *n,
                                             const mt_sim_asset *asset, mt_day day, int revision);

/* What measures leave of an asset's power, minutes from 00:00 UTC of each day. */
typedef struct mt_sim_limit {
    int from, until;           /* until 0: none */
    int back_from, back_until; /* taken back in between */
    int stop_from, stop_until; /* stopped by the trader */
    int rest_from, rest_until; /* stands still at night */
    double setpoint_kw;
} mt_sim_limit;
MT_API mt_sim_limit mt_sim_limit_of(const mt_sim_asset *asset);
MT_API double mt_sim_limited_kw(const mt_sim_limit *limit, mt_time t, double kw);

MT_END_DECLS
#endif
