/* When the grid operator cut which plant, by a table. */
#include "simulate/vpp/readings.h"

#include <string.h>

enum { OFF = -1, PART = 30, LITTLE = 8 };

/* clang-format off */
/* A measure of each day, in minutes from 00:00 UTC; the setpoint in percent of the capacity. Most fall into
 * the low prices of noon, some before or after them, where a premium is owed. */
static const struct measure {
    const char *asset_id;
    int from, until, setpoint, revision;
} measure[] = {
    {"WND-DE-003", 615, 675, OFF, 0},
    {"SOL-DE-9901", 630, 690, OFF, 0},      {"WND-DE-9902", 585, 645, OFF, 0},
    {"SOL-DE-9903", 660, 720, PART, 0},     {"WND-DE-9904", 600, 630, LITTLE, 0},
    {"SOL-DE-9905", 615, 705, OFF, 0},      {"WND-DE-9906", 1050, 1110, 2, 0},
    {"SOL-DE-9907", 375, 420, OFF, 0},      {"WND-DE-9908", 1065, 1110, OFF, 0},
    {"SOL-DE-9909", 600, 660, PART, 0},     {"WND-DE-9910", 600, 615, OFF, 0},
    {"SOL-DE-9911", 570, 630, PART, 0},     {"WND-DE-9912", 630, 690, OFF, 0},
    {"OFF-DE-9913", 615, 660, LITTLE, 0},   {"SOL-DE-9915", 660, 690, OFF, 0},
    {"SOL-DE-9916", 660, 705, PART, 0},     {"WND-DE-9934", 780, 810, OFF, 0},
    {"WND-DE-9947", 600, 660, LITTLE, 0},   {"WND-DE-9947", 630, 645, LITTLE, 1},
    {"SOL-DE-9948", 660, 690, OFF, 0},
};
/* clang-format on */

/* When a trader stops a plant because prices are low: no flag tells of it. */
static const struct stop {
    const char *asset_id;
    int from, until;
} stop[] = {{"SOL-DE-9909", 720, 810}, {"WND-DE-9906", 720, 780}, {"SOL-DE-9916", 735, 825}};

static const mt_time quarter = 15 * MT_US_MINUTE;

static const struct measure *find_measure(const mt_sim_asset *asset, int revision)
{
    for (size_t k = 0; k < sizeof measure / sizeof *measure; k++) {
        if (measure[k].revision == revision && !strcmp(measure[k].asset_id, asset->plant.asset_id))
            return &measure[k];
    }
    return NULL;
}

/* A second file tells the whole measure again and takes quarters back; a plant of the trap has a quarter
 * after its measure that is told to be none. */
mt_code mt_sim_redispatch(mt_ctx *cx, mt_redispatch_value **out, size_t *n, const mt_sim_asset *asset,
                          mt_day day, int revision)
{
    const struct measure *m = find_measure(asset, 0), *back = find_measure(asset, revision);
    mt_redispatch_value *value;
    *n = 0;
    if (!back) return MT_OK;
    bool trapped = asset->traps >> MT_TRAP_REDISPATCH & 1;
    size_t quarters = (size_t)(m->until - m->from) / 15, count = quarters + trapped;
    MT_TRY(MT_NEW(cx, &value, count));
    for (size_t k = 0; k < count; k++) {
        mt_time start = day * MT_US_DAY + m->from * MT_US_MINUTE + (mt_time)k * quarter;
        value[k] = (mt_redispatch_value){.start = start,
                                         .end = start + quarter,
                                         .redispatched = k < quarters,
                                         .setpoint_kw = MT_MICRO_NONE};
        int minute = m->from + (int)k * 15;
        if (revision && minute >= back->from && minute < back->until) value[k].redispatched = false;
        if (m->setpoint >= 0 && value[k].redispatched)
            value[k].setpoint_kw = asset->plant.capacity_w / 100 * m->setpoint * 1000;
    }
    *out = value;
    *n = count;
    return MT_OK;
}

mt_sim_limit mt_sim_limit_of(const mt_sim_asset *asset)
{
    const struct measure *m = find_measure(asset, 0), *back = find_measure(asset, 1);
    mt_sim_limit out = {0};
    for (size_t k = 0; k < sizeof stop / sizeof *stop; k++) {
        if (!strcmp(stop[k].asset_id, asset->plant.asset_id))
            out.stop_from = stop[k].from, out.stop_until = stop[k].until;
    }
    if (asset->rests_at_night) out.rest_from = 15, out.rest_until = 120;
    if (!m) return out;
    out.from = m->from;
    out.until = m->until;
    out.setpoint_kw = m->setpoint < 0 ? 0.0 : (double)asset->plant.capacity_w / 1e5 * m->setpoint;
    if (back) out.back_from = back->from, out.back_until = back->until;
    return out;
}

double mt_sim_limited_kw(const mt_sim_limit *limit, mt_time t, double kw)
{
    int minute = (int)(t % MT_US_DAY / MT_US_MINUTE);
    bool cut = minute >= limit->from && minute < limit->until;
    if (minute >= limit->back_from && minute < limit->back_until) cut = false;
    if (minute >= limit->stop_from && minute < limit->stop_until) return 0.0;
    if (minute >= limit->rest_from && minute < limit->rest_until) return 0.0;
    return cut && kw > limit->setpoint_kw ? limit->setpoint_kw : kw;
}
