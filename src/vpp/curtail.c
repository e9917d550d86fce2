/* Stop prices by premium, and what stopping took. */
#include "vpp/curtail.h"

#include "vpp/invoice/pricing.h"

static mt_micro stop_price_at(const mt_desk *desk, const mt_desk_asset *asset, const mt_contract *contract,
                              size_t quarter)
{
    if (!contract || contract->scheme != MT_SCHEME_PREMIUM) return 0;
    mt_micro premium = mt_premium_at(desk, asset, contract, quarter);
    return premium == MT_MICRO_NONE ? MT_MICRO_NONE : -premium;
}

static bool is_measured(const mt_infeed_quarter *infeed)
{
    return infeed->source == MT_INFEED_METER || infeed->source == MT_INFEED_LIVE;
}

static int64_t curtailed_of(const mt_curtail_quarter *row, const mt_infeed_quarter *infeed)
{
    if (!row->stop || !is_measured(infeed)) return 0;
    if (row->expected_wh == MT_WH_NONE) return MT_WH_NONE;
    const int64_t less = infeed->wh > 0 ? row->expected_wh - infeed->wh : row->expected_wh;
    return less > 0 ? less : 0;
}

static int64_t compensation_of(const mt_desk *desk, const mt_contract *contract, int64_t curtailed_wh,
                               size_t quarter)
{
    if (curtailed_wh == 0 || !contract) return 0;
    const mt_micro percent = contract->curtail_percent;
    if (percent == MT_MICRO_NONE || percent == 0) return 0; /* nothing was agreed */
    return mt_ueur_percent_of(curtailed_wh, mt_contract_price_at(desk, contract, quarter), percent);
}

mt_code mt_curtail(mt_ctx *cx, const mt_curtail_quarter **out, const mt_desk *desk,
                   const mt_desk_asset *asset, const mt_infeed_quarter *infeed,
                   const mt_redispatch_quarter *redispatch)
{
    mt_curtail_quarter *row;
    const mt_forecast_quarter *tradeable;
    MT_TRY(MT_NEW(cx, &row, desk->grid.n));
    MT_TRY(mt_forecast_choose(cx, &tradeable, desk, asset, MT_FORECAST_TRADEABLE, MT_TIME_NONE));
    for (size_t q = 0; q < desk->grid.n; q++) {
        const mt_contract *contract = mt_desk_contract_at(desk, asset, q);
        row[q].stop_price = stop_price_at(desk, asset, contract, q);
        row[q].price = mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, q);
        row[q].stop = row[q].price != MT_MICRO_NONE && row[q].stop_price != MT_MICRO_NONE &&
                      row[q].price < row[q].stop_price && !(redispatch && redispatch[q].redispatched);
        row[q].expected_wh = mt_limit_to_capacity(desk, asset, tradeable[q].wh, q);
        row[q].curtailed_wh = curtailed_of(&row[q], &infeed[q]);
        row[q].compensation_ueur = compensation_of(desk, contract, row[q].curtailed_wh, q);
    }
    *out = row;
    return MT_OK;
}
