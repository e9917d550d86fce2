/* Adds up both sides of a balancing group and prices the difference. */
#include "vpp/imbalance.h"

#include <math.h>

static mt_forecast_choice choice_of(mt_against against)
{
    return against == MT_AGAINST_LATEST ? MT_FORECAST_LATEST : MT_FORECAST_TRADEABLE;
}

/* The final price of the group's side, else the estimate. */
static void price_quarter(const mt_desk *desk, mt_imbalance_quarter *row, size_t quarter)
{
    row->imbalance_wh = mt_exact_sum(mt_exact_sum(row->measured_wh, row->credited_wh), row->bought_wh);
    row->imbalance_wh = mt_exact_difference(row->imbalance_wh, row->sold_wh);
    row->price = row->cash_ueur = row->penalty_ueur = MT_MICRO_NONE;
    if (row->imbalance_wh == MT_WH_NONE) return;
    row->price =
        mt_desk_price_at(desk, row->imbalance_wh < 0 ? MT_PRICE_OF_SHORT : MT_PRICE_OF_LONG, quarter);
    row->final = row->price != MT_MICRO_NONE;
    if (!row->final) row->price = mt_desk_price_at(desk, MT_PRICE_OF_ESTIMATE, quarter);
    row->cash_ueur = mt_ueur_of(row->imbalance_wh, row->price);
    row->penalty_ueur =
        row->cash_ueur < 0 && row->cash_ueur != MT_MICRO_NONE ? -row->cash_ueur : row->cash_ueur;
}

/* What one asset is held against: its own schedule or forecasts. NULL: nothing was delivered. */
typedef struct schedule {
    const int64_t *sold_wh;
    const mt_forecast_quarter *forecast;
} schedule;

static mt_code find_schedule(mt_ctx *cx, schedule *out, const mt_desk *desk, const mt_desk_asset *asset,
                             mt_against against)
{
    *out = (schedule){0};
    if (against == MT_AGAINST_SOLD)
        out->sold_wh = asset->sold_wh;
    else
        MT_TRY(mt_forecast_choose(cx, &out->forecast, desk, asset, choice_of(against), MT_TIME_NONE));
    return MT_OK;
}

static int64_t scheduled_wh(const schedule *s, size_t quarter)
{
    if (s->forecast) return s->forecast[quarter].wh;
    return s->sold_wh ? s->sold_wh[quarter] : MT_WH_NONE;
}

static int64_t credited_at(const mt_redispatch_quarter *redispatch, size_t quarter)
{
    return redispatch ? redispatch[quarter].credited_wh : 0;
}

mt_code mt_imbalance_asset(mt_ctx *cx, const mt_imbalance_quarter **out, const mt_desk *desk,
                           const mt_desk_asset *asset, const mt_infeed_quarter *infeed,
                           const mt_redispatch_quarter *redispatch, mt_against against)
{
    mt_imbalance_quarter *row;
    schedule held;
    MT_TRY(MT_NEW(cx, &row, desk->grid.n));
    MT_TRY(find_schedule(cx, &held, desk, asset, against));
    for (size_t q = 0; q < desk->grid.n; q++) {
        row[q].measured_wh = infeed[q].wh;
        row[q].credited_wh = credited_at(redispatch, q);
        row[q].sold_wh = scheduled_wh(&held, q);
        price_quarter(desk, &row[q], q);
        row[q].assets = row[q].imbalance_wh != MT_WH_NONE;
        row[q].left_out = !row[q].assets;
    }
    *out = row;
    return MT_OK;
}

/* An asset counts in a quarter with all it has, or not at all. `held` NULL: trades stand for schedules. */
static void add_asset(mt_imbalance_quarter *row, size_t n, const schedule *held,
                      const mt_infeed_quarter *infeed, const mt_redispatch_quarter *redispatch)
{
    for (size_t q = 0; q < n; q++) {
        const int64_t credited = credited_at(redispatch, q), sold = held ? scheduled_wh(held, q) : 0;
        if (infeed[q].wh == MT_WH_NONE || credited == MT_WH_NONE || sold == MT_WH_NONE) {
            row[q].left_out++;
            continue;
        }
        row[q].assets++;
        row[q].measured_wh = mt_exact_sum(row[q].measured_wh, infeed[q].wh);
        row[q].credited_wh = mt_exact_sum(row[q].credited_wh, credited);
        row[q].sold_wh = mt_exact_sum(row[q].sold_wh, sold);
    }
}

static void add_trades(mt_imbalance_quarter *row, const mt_desk *desk)
{
    const mt_desk_trades *own = &desk->own;
    const bool told = own->trades > 0 && own->bought_wh && own->sold_wh;
    for (size_t q = 0; q < desk->grid.n; q++) {
        row[q].bought_wh = told ? own->bought_wh[q] : MT_WH_NONE;
        row[q].sold_wh = told ? own->sold_wh[q] : MT_WH_NONE;
    }
}

mt_code mt_imbalance_portfolio(mt_ctx *cx, const mt_imbalance_quarter **out, const mt_desk *desk,
                               const mt_infeed_quarter *const *infeed,
                               const mt_redispatch_quarter *const *redispatch, mt_against against)
{
    mt_imbalance_quarter *row;
    const bool by_trades = against == MT_AGAINST_SOLD;
    MT_TRY(MT_NEW(cx, &row, desk->grid.n));
    for (size_t k = 0; k < desk->n_asset; k++) {
        schedule held;
        if (!by_trades) MT_TRY(find_schedule(cx, &held, desk, &desk->asset[k], against));
        add_asset(row, desk->grid.n, by_trades ? NULL : &held, infeed[k], redispatch ? redispatch[k] : NULL);
    }
    if (by_trades) add_trades(row, desk);
    for (size_t q = 0; q < desk->grid.n; q++) {
        if (row[q].assets == 0) row[q].measured_wh = MT_WH_NONE;
        price_quarter(desk, &row[q], q);
    }
    *out = row;
    return MT_OK;
}

mt_imbalance_sum mt_imbalance_total(const mt_imbalance_quarter *quarter, size_t n)
{
    mt_imbalance_sum sum = {.estimated_share = NAN};
    double estimated = 0, priced = 0;
    for (size_t q = 0; q < n; q++) {
        const int64_t wh = quarter[q].imbalance_wh;
        if (wh == MT_WH_NONE) continue;
        sum.quarters++;
        sum.imbalance_wh = mt_exact_sum(sum.imbalance_wh, wh);
        if (wh < 0) sum.short_wh = mt_exact_sum(sum.short_wh, wh);
        if (wh > 0) sum.long_wh = mt_exact_sum(sum.long_wh, wh);
        if (quarter[q].cash_ueur == MT_MICRO_NONE) {
            sum.unpriced++;
            continue;
        }
        sum.cash_ueur = mt_exact_sum(sum.cash_ueur, quarter[q].cash_ueur);
        sum.penalty_ueur = mt_exact_sum(sum.penalty_ueur, quarter[q].penalty_ueur);
        sum.estimated += !quarter[q].final;
        priced += fabs((double)wh);
        if (!quarter[q].final) estimated += fabs((double)wh);
    }
    if (priced > 0) sum.estimated_share = estimated / priced;
    return sum;
}
