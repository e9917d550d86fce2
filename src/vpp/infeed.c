/* The first of meter, live points and forecast that is there. */
#include "vpp/infeed.h"

#define INFEED_ROW(symbol, name, quality) {name, quality},
static const struct {
    const char *name, *quality;
} source[] = {MT_INFEED_LIST(INFEED_ROW)};

const char *mt_infeed_source_name(mt_infeed_source s)
{
    return source[s].name;
}

const char *mt_infeed_source_quality(mt_infeed_source s)
{
    return source[s].quality;
}

static mt_time version_of(const mt_desk *desk, int32_t origin)
{
    return origin < 0 ? MT_TIME_NONE : desk->origin[origin].version;
}

static mt_infeed_quarter from_meter(const mt_desk *desk, const mt_desk_asset *a, size_t q)
{
    int32_t origin = a->meter_origin[q];
    return (mt_infeed_quarter){.wh = a->meter_wh[q],
                               .source = MT_INFEED_METER,
                               .version = version_of(desk, origin),
                               .origin = origin};
}

static mt_infeed_quarter from_live(const mt_desk *desk, const mt_desk_asset *a, size_t q)
{
    int32_t origin = a->live[q].origin;
    return (mt_infeed_quarter){
        .wh = a->live[q].wh, .source = MT_INFEED_LIVE, .version = version_of(desk, origin), .origin = origin};
}

/* At most the capacity; in a redispatched quarter at most the setpoint, 0 when none was given. */
static mt_infeed_quarter from_forecast(const mt_desk *desk, const mt_desk_asset *a, size_t q,
                                       const mt_forecast_quarter *f)
{
    mt_infeed_quarter out = {.wh = f->wh,
                             .source = f->modelled ? MT_INFEED_MODEL : MT_INFEED_FORECAST,
                             .version = f->version,
                             .origin = f->origin};
    int64_t capacity_w = a->capacity_by_day[mt_desk_day_index(desk, q)];
    if (capacity_w != MT_MICRO_NONE) {
        int64_t most = mt_exact_ratio(capacity_w, 1, 4);
        if (out.wh > most) out.wh = most;
    }
    if (a->redispatched && a->redispatched[q]) {
        mt_micro setpoint = a->setpoint_kw[q];
        int64_t most = setpoint == MT_MICRO_NONE ? 0 : mt_wh_of_kw(setpoint);
        out.limited = out.wh > most;
        if (out.limited) out.wh = most;
    }
    return out;
}

static mt_infeed_quarter best_of(const mt_desk *desk, const mt_desk_asset *a, size_t q,
                                 const mt_forecast_quarter *f)
{
    if (a->meter_wh && a->meter_wh[q] != MT_WH_NONE) return from_meter(desk, a, q);
    if (mt_desk_live_counts(desk, a, q)) return from_live(desk, a, q);
    if (f->wh != MT_WH_NONE) return from_forecast(desk, a, q, f);
    return (mt_infeed_quarter){
        .wh = MT_WH_NONE, .source = MT_INFEED_GAP, .version = MT_TIME_NONE, .origin = -1};
}

mt_code mt_infeed(mt_ctx *cx, const mt_infeed_quarter **out, const mt_desk *desk, const mt_desk_asset *asset)
{
    const mt_forecast_quarter *latest;
    mt_infeed_quarter *quarter;
    MT_TRY(mt_ctx_alloc(cx, &quarter, desk->grid.n, sizeof *quarter));
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_forecast_choose(cx, &latest, desk, asset, MT_FORECAST_LATEST, MT_TIME_NONE));
    for (size_t q = 0; q < desk->grid.n; q++) {
        quarter[q] = best_of(desk, asset, q, &latest[q]);
        if (asset->live) quarter[q].live_share = (float)asset->live[q].good_ms / 900000;
    }
    mt_arena_reset(&cx->arena, mark);
    *out = quarter;
    return MT_OK;
}

mt_code mt_infeed_portfolio(mt_ctx *cx, const mt_infeed_sum **out, const mt_desk *desk,
                            const mt_infeed_quarter *const *infeed)
{
    mt_infeed_sum *sum;
    MT_TRY(mt_ctx_alloc(cx, &sum, desk->grid.n, sizeof *sum));
    for (size_t q = 0; q < desk->grid.n; q++) sum[q].wh = MT_WH_NONE;
    for (size_t k = 0; k < desk->n_asset; k++) {
        for (size_t q = 0; q < desk->grid.n; q++) {
            const mt_infeed_quarter *one = &infeed[k][q];
            sum[q].assets_of[one->source]++;
            if (one->wh == MT_WH_NONE) continue;
            sum[q].wh = sum[q].wh == MT_WH_NONE ? one->wh : sum[q].wh + one->wh;
            sum[q].wh_of[one->source] += one->wh;
        }
    }
    *out = sum;
    return MT_OK;
}
