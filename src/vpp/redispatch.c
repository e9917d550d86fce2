/* Walks the measures of an asset and prices what they cost it. */
#include "vpp/redispatch.h"

typedef struct measure {
    mt_lost_input input;
    const mt_contract *contract; /* NULL: none on that day */
    size_t before;               /* last quarter before it; SIZE_MAX: outside of the grid */
} measure;

static void clear_rows(mt_redispatch_quarter *row, size_t n)
{
    for (size_t q = 0; q < n; q++) {
        row[q].origin = -1;
        row[q].forecast_wh = MT_WH_NONE;
        row[q].setpoint_kw = row[q].price = MT_MICRO_NONE;
    }
}

static bool has_measure(const mt_desk_asset *asset, size_t n)
{
    for (size_t q = 0; asset->redispatched && q < n; q++) {
        if (asset->redispatched[q]) return true;
    }
    return false;
}

static mt_technology technology_of(const mt_desk_asset *asset, const mt_contract *contract)
{
    if (contract) return contract->technology;
    return asset->plant ? asset->plant->technology : MT_WIND;
}

static mt_micro price_of(const measure *m, mt_redispatch_quarter *row, size_t quarter)
{
    const mt_desk *desk = m->input.desk;
    const mt_plant *plant = m->input.asset->plant;
    switch (row->scheme) {
    case MT_SCHEME_FEED_IN_TARIFF:
        return mt_eur_mwh_of_ct_kwh(m->contract->value_applied);
    case MT_SCHEME_PREMIUM:
        row->negative_period = plant && mt_negative_period(desk, plant->commissioned, quarter);
        return mt_premium_at(desk, m->input.asset, m->contract, quarter);
    default:
        return mt_desk_price_at(desk, MT_PRICE_OF_COMPENSATION, quarter);
    }
}

static void fill_row(const measure *m, mt_redispatch_quarter *row, size_t quarter)
{
    const mt_desk_asset *asset = m->input.asset;
    const mt_lost lost =
        mt_lost_at(&m->input, m->contract ? m->contract->lost_rule : MT_LOST_FORECAST, quarter, m->before);
    row->redispatched = true;
    row->scheme = m->contract ? m->contract->scheme : MT_SCHEME_TRANSITIONAL;
    row->rule = lost.rule;
    row->origin = asset->redispatch_origin ? asset->redispatch_origin[quarter] : -1;
    row->setpoint_kw = asset->setpoint_kw ? asset->setpoint_kw[quarter] : MT_MICRO_NONE;
    if (row->setpoint_kw == MT_MICRO_NONE) row->setpoint_kw = 0;
    row->forecast_wh = lost.expected_wh;
    row->lost_wh = lost.wh;
    row->credited_wh = m->contract && m->contract->energy_credit ? lost.wh : 0;
    row->price = price_of(m, row, quarter);
    row->payout_ueur = lost.wh == 0 ? 0 : mt_ueur_of(lost.wh, row->price);
}

mt_code mt_redispatch(mt_ctx *cx, const mt_redispatch_quarter **out, const mt_desk *desk,
                      const mt_desk_asset *asset, const mt_infeed_quarter *infeed)
{
    mt_redispatch_quarter *row;
    measure m = {.input = {.desk = desk, .asset = asset, .infeed = infeed}, .before = SIZE_MAX};
    MT_TRY(MT_NEW(cx, &row, desk->grid.n));
    clear_rows(row, desk->grid.n);
    const bool any = has_measure(asset, desk->grid.n);
    if (any) MT_TRY(mt_forecast_choose(cx, &m.input.latest, desk, asset, MT_FORECAST_LATEST, MT_TIME_NONE));
    for (size_t q = 0; any && q < desk->grid.n; q++) {
        if (!asset->redispatched[q]) {
            m.before = q;
            continue;
        }
        m.contract = mt_desk_contract_at(desk, asset, q);
        m.input.technology = technology_of(asset, m.contract);
        fill_row(&m, &row[q], q);
    }
    *out = row;
    return MT_OK;
}

int64_t mt_redispatch_claim_ueur(int64_t lost_wh, mt_micro value_ct_kwh, int64_t additional_ueur,
                                 int64_t saved_ueur)
{
    const int64_t revenue = mt_ueur_of(lost_wh, mt_eur_mwh_of_ct_kwh(value_ct_kwh));
    return mt_exact_difference(mt_exact_sum(revenue, additional_ueur), saved_ueur);
}

int64_t mt_redispatch_correction_ueur(int64_t lost_wh, int64_t balanced_wh, mt_micro price)
{
    return mt_ueur_of(mt_exact_difference(lost_wh, balanced_wh), price);
}
