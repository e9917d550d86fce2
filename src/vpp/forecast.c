/* Choosing among versions: the greatest that is not too late and has a value. */
#include "vpp/forecast.h"

#include <math.h>

static int64_t wh_at(const mt_desk_forecast *f, mt_time t)
{
    if (t < f->start) return MT_WH_NONE;
    size_t k = (size_t)((t - f->start) / f->step);
    return k < f->n ? mt_wh_of_kw(f->power_kw[k]) : MT_WH_NONE;
}

/* How many versions are not later than `limit`. */
static size_t count_until(const mt_desk_asset *asset, mt_time limit)
{
    size_t low = 0, high = asset->n_forecast;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (asset->forecast[middle].version <= limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static mt_forecast_quarter choose(const mt_desk_asset *asset, mt_time t, mt_time limit)
{
    for (size_t k = count_until(asset, limit); k > 0; k--) {
        const mt_desk_forecast *f = &asset->forecast[k - 1];
        int64_t wh = wh_at(f, t);
        if (wh != MT_WH_NONE) return (mt_forecast_quarter){wh, f->version, f->origin, 1, f->modelled};
    }
    return (mt_forecast_quarter){MT_WH_NONE, MT_TIME_NONE, -1, 0, false};
}

static mt_time limit_of(mt_forecast_choice choice, mt_time t, mt_time as_of)
{
    if (choice == MT_FORECAST_AS_OF) return as_of;
    return choice == MT_FORECAST_TRADEABLE ? t - 15 * MT_US_MINUTE : t;
}

static mt_code check(mt_ctx *cx, mt_forecast_choice choice, mt_time as_of)
{
    if (choice != MT_FORECAST_AS_OF || as_of != MT_TIME_NONE) return MT_OK;
    return mt_fail(cx, MT_E_INPUT,
                   "a forecast as of a moment needs the moment, for example "
                   "2025-06-08T10:00:00Z");
}

mt_code mt_forecast_choose(mt_ctx *cx, const mt_forecast_quarter **out, const mt_desk *desk,
                           const mt_desk_asset *asset, mt_forecast_choice choice, mt_time as_of)
{
    mt_forecast_quarter *quarter;
    MT_TRY(check(cx, choice, as_of));
    MT_TRY(mt_ctx_alloc(cx, &quarter, desk->grid.n, sizeof *quarter));
    for (size_t q = 0; q < desk->grid.n; q++) {
        mt_time t = desk->grid.start + (mt_time)q * MT_QUARTER;
        quarter[q] = choose(asset, t, limit_of(choice, t, as_of));
    }
    *out = quarter;
    return MT_OK;
}

/* The newest version and the files' origin tell where a sum comes from: only when there is one. */
static void add_asset(mt_forecast_quarter *sum, const mt_forecast_quarter *one)
{
    if (one->wh == MT_WH_NONE) return;
    bool first = sum->assets == 0;
    sum->wh = first ? one->wh : sum->wh + one->wh;
    sum->version = first || one->version > sum->version ? one->version : sum->version;
    sum->origin = first || sum->origin == one->origin ? one->origin : -1;
    sum->modelled = sum->modelled || one->modelled;
    sum->assets++;
}

mt_code mt_forecast_portfolio(mt_ctx *cx, const mt_forecast_quarter **out, const mt_desk *desk,
                              mt_forecast_choice choice, mt_time as_of)
{
    mt_forecast_quarter *sum;
    MT_TRY(check(cx, choice, as_of));
    MT_TRY(mt_ctx_alloc(cx, &sum, desk->grid.n, sizeof *sum));
    for (size_t q = 0; q < desk->grid.n; q++)
        sum[q] = (mt_forecast_quarter){MT_WH_NONE, MT_TIME_NONE, -1, 0, false};
    for (size_t k = 0; k < desk->n_asset; k++) {
        for (size_t q = 0; q < desk->grid.n; q++) {
            mt_time t = desk->grid.start + (mt_time)q * MT_QUARTER;
            mt_forecast_quarter one = choose(&desk->asset[k], t, limit_of(choice, t, as_of));
            add_asset(&sum[q], &one);
        }
    }
    *out = sum;
    return MT_OK;
}

/* ---- errors */

/* Sums of one lead time. */
typedef struct bin {
    int64_t n;
    double sum, absolute, square; /* kW */
} bin;

static size_t lead_of(const mt_desk *desk, const mt_desk_forecast *f, size_t q, mt_time step)
{
    return (size_t)((desk->grid.start + (mt_time)q * MT_QUARTER - f->version) / step);
}

/* The first quarter of the grid that is not before the version. */
static size_t first_after(const mt_desk *desk, mt_time version)
{
    mt_time since = version - desk->grid.start;
    return since <= 0 ? 0 : (size_t)((since + MT_QUARTER - 1) / MT_QUARTER);
}

static void add_errors(bin *of, const mt_desk *desk, const mt_desk_asset *asset, const mt_desk_forecast *f,
                       mt_time step)
{
    for (size_t q = first_after(desk, f->version); q < desk->grid.n; q++) {
        int64_t wh = wh_at(f, desk->grid.start + (mt_time)q * MT_QUARTER);
        int64_t measured = mt_desk_measured_wh(desk, asset, q);
        if (wh == MT_WH_NONE || measured == MT_WH_NONE) continue;
        double error_kw = (double)(wh - measured) * 4 / 1000;
        bin *b = &of[lead_of(desk, f, q, step)];
        b->n++;
        b->sum += error_kw;
        b->absolute += fabs(error_kw);
        b->square += error_kw * error_kw;
    }
}

static mt_forecast_error error_of(const bin *b, mt_time lead, int64_t capacity_w)
{
    double n = (double)b->n;
    mt_forecast_error e = {.lead = lead, .n = b->n, .mae_kw = b->absolute / n, .bias_kw = b->sum / n};
    e.rmse_kw = sqrt(b->square / n);
    e.nmae = capacity_w == MT_MICRO_NONE ? NAN : e.mae_kw / ((double)capacity_w / 1000);
    return e;
}

static size_t count_bins(const mt_desk *desk, const mt_desk_asset *asset, mt_time step)
{
    size_t most = 0;
    for (size_t k = 0; k < asset->n_forecast; k++) {
        const mt_desk_forecast *f = &asset->forecast[k];
        mt_time end = desk->grid.start + (mt_time)desk->grid.n * MT_QUARTER;
        if (f->version < end) {
            size_t n = lead_of(desk, f, desk->grid.n - 1, step) + 1;
            most = n > most ? n : most;
        }
    }
    return most;
}

mt_code mt_forecast_errors(mt_ctx *cx, const mt_forecast_error **out, size_t *n, const mt_desk *desk,
                           const mt_desk_asset *asset, mt_time step)
{
    enum { BINS_MAX = 100000 };
    bin *of;
    mt_forecast_error *row;
    size_t rows = 0;
    if (step <= 0) return mt_fail(cx, MT_E_INPUT, "lead times in steps of %lld us", (long long)step);
    size_t bins = count_bins(desk, asset, step);
    if (bins > BINS_MAX)
        return mt_fail(cx, MT_E_INPUT, "%zu lead times of %s; right would be at most %d, by a longer step",
                       bins, asset->asset_id, BINS_MAX);
    MT_TRY(mt_ctx_alloc(cx, &of, bins, sizeof *of));
    for (size_t k = 0; k < asset->n_forecast; k++) add_errors(of, desk, asset, &asset->forecast[k], step);
    MT_TRY(mt_ctx_alloc(cx, &row, bins, sizeof *row));
    for (size_t k = 0; k < bins; k++) {
        if (of[k].n) row[rows++] = error_of(&of[k], (mt_time)k * step, asset->capacity_w);
    }
    *out = row;
    *n = rows;
    return MT_OK;
}
