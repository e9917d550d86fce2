/* The forecasts of an asset, version by version; where none was delivered, one a day from a model. */
#include "vpp/desk/maker.h"

#include "vpp/plant/model_forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_versions(const void *a, const void *b)
{
    const mt_raw *x = *(mt_raw *const *)a, *y = *(mt_raw *const *)b;
    return (x->version > y->version) - (x->version < y->version);
}

/* One version's values on quarters; n 0: none of them has a place. */
static mt_code lay_version(mt_laying *l, const mt_raw *raw, mt_micro *kw, mt_desk_forecast *out)
{
    const mt_forecast_value *v = raw->value;
    mt_desk_maker *m = l->m;
    size_t first = l->grid.n, last = 0;
    mt_micro *power;
    for (size_t k = 0; k < raw->n; k++) {
        const mt_price_value value = {v[k].start, v[k].end, v[k].power_kw};
        size_t from, end;
        if (value.price == MT_MICRO_NONE || !mt_laying_place(l, &value, &from, &end)) continue;
        for (size_t q = from; q < end; q++) kw[q] = v[k].power_kw, l->stamp[q] = l->file;
        if (from < first) first = from;
        if (end > last) last = end;
    }
    size_t n = first < last ? last - first : 0;
    *out = (mt_desk_forecast){.version = raw->version,
                              .start = l->grid.start + (mt_time)first * MT_QUARTER,
                              .step = MT_QUARTER,
                              .n = n,
                              .origin = m->origin[raw->origin].shown};
    if (n == 0) return MT_OK;
    MT_TRY(mt_ctx_alloc(&m->own, &power, n, sizeof *power));
    for (size_t q = 0; q < n; q++) power[q] = l->stamp[first + q] == l->file ? kw[first + q] : MT_MICRO_NONE;
    out->power_kw = power;
    return MT_OK;
}

static mt_code lay_versions(mt_desk_maker *m, mt_asset_work *w, mt_raw **raw, size_t n)
{
    mt_laying l;
    mt_micro *kw;
    mt_desk_forecast *list;
    MT_TRY(mt_laying_open(m, &l));
    MT_TRY(mt_ctx_alloc(&m->scratch, &kw, m->desk.grid.n, sizeof *kw));
    MT_TRY(mt_ctx_alloc(&m->own, &list, n, sizeof *list));
    w->asset->forecast = list;
    for (size_t k = 0; k < n; k++) {
        mt_desk_forecast *to = &list[w->asset->n_forecast];
        mt_laying_begin(&l);
        MT_TRY(lay_version(&l, raw[k], kw, to));
        MT_TRY(mt_laying_end(&l, raw[k], w->asset->asset_id));
        w->asset->n_forecast += to->n > 0;
    }
    return MT_OK;
}

/* ---- models */

/* What was measured: meters before and in the range, else live points that cover enough. */
static mt_code gather_measured(mt_desk_maker *m, const mt_asset_work *w, int64_t **out, size_t *n)
{
    const mt_desk_asset *a = w->asset;
    size_t before = MT_HISTORY / MT_QUARTER;
    mt_grid window = {m->desk.grid.start - MT_HISTORY, MT_QUARTER, before};
    int64_t *wh;
    *n = before + m->desk.grid.n;
    MT_TRY(mt_ctx_alloc(&m->scratch, &wh, *n, sizeof *wh));
    mt_desk_history(m, w, window, wh);
    for (size_t q = 0; q < m->desk.grid.n; q++) wh[before + q] = mt_desk_measured_wh(&m->desk, a, q);
    *out = wh;
    return MT_OK;
}

static mt_technology technology_of(const mt_asset_work *w, mt_day day)
{
    const mt_contract *c = mt_contract_near(w, day);
    return w->asset->plant ? w->asset->plant->technology : c ? c->technology : MT_WIND;
}

static bool has_values(const mt_micro *kw, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (kw[k] != MT_MICRO_NONE) return true;
    }
    return false;
}

static mt_code model_day(mt_desk_maker *m, const mt_asset_work *w, mt_model_plant plant, size_t day)
{
    size_t from = m->day_at[day];
    mt_grid grid = {m->desk.grid.start + (mt_time)from * MT_QUARTER, MT_QUARTER, m->day_at[day + 1] - from};
    mt_desk_forecast *list = (mt_desk_forecast *)w->asset->forecast;
    const mt_micro *kw;
    plant.capacity_w = w->asset->capacity_by_day[day];
    plant.weather = w->asset->weather ? w->asset->weather + from : NULL;
    MT_TRY(mt_model_forecast(&m->own, &kw, &plant, grid));
    if (!has_values(kw, grid.n)) return MT_OK;
    list[w->asset->n_forecast++] = (mt_desk_forecast){.version = mt_model_version(grid),
                                                      .start = grid.start,
                                                      .step = MT_QUARTER,
                                                      .n = grid.n,
                                                      .power_kw = kw,
                                                      .origin = -1,
                                                      .modelled = true};
    return MT_OK;
}

static mt_code make_model(mt_desk_maker *m, mt_asset_work *w)
{
    mt_desk_forecast *list;
    int64_t *measured;
    mt_model_plant plant = {.plant = w->asset->plant,
                            .technology = technology_of(w, m->desk.options.last),
                            .measured_from = m->desk.grid.start - MT_HISTORY};
    MT_TRY(gather_measured(m, w, &measured, &plant.n_measured));
    plant.measured_wh = measured;
    MT_TRY(mt_ctx_alloc(&m->own, &list, m->n_days, sizeof *list));
    w->asset->forecast = list;
    for (size_t d = 0; d < m->n_days; d++) MT_TRY(model_day(m, w, plant, d));
    if (w->asset->n_forecast == 0) return MT_OK;
    mt_finding f = {.kind = MT_F_MODEL_FORECAST,
                    .asset_id = w->asset->asset_id,
                    .time = list[0].start,
                    .value = NAN,
                    .count = (int64_t)w->asset->n_forecast};
    return mt_maker_find(m, &f, "no forecast of %s was delivered: those of %zu days are made from a model",
                         w->asset->asset_id, w->asset->n_forecast);
}

mt_code mt_desk_forecasts(mt_desk_maker *m, mt_asset_work *w)
{
    mt_mark mark = mt_arena_mark(&m->scratch.arena);
    mt_raw *const *raw;
    mt_raw **by;
    size_t n = mt_maker_range(m, MT_RAW_FORECAST, w->asset->asset_id, &raw);
    MT_TRY(mt_ctx_alloc(&m->scratch, &by, n, sizeof *by));
    for (size_t k = 0; k < n; k++) by[k] = raw[k];
    qsort(by, n, sizeof *by, compare_versions);
    if (n) MT_TRY(lay_versions(m, w, by, n));
    if (w->asset->n_forecast == 0) MT_TRY(make_model(m, w));
    mt_arena_reset(&m->scratch.arena, mark);
    return MT_OK;
}
