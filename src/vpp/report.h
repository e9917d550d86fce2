/* The performance of an asset and of the portfolio over the desk's days.
 *
 * Purpose   One row an asset and one for the portfolio, from the same quarters that were settled.
 * Units     As named: Wh, micro-EUR, micro-EUR/MWh, shares of 1.
 * Shapes    Rows by asset_id, the portfolio last. Quarters that are gaps count in no sum; forecast errors
 *           are measured where infeed is (metering or live) and the quarter was not redispatched. The
 *           portfolio's error is that of the sums of the assets that are measured and forecast.
 *           Margin of the portfolio = cash of trades + imbalance (against what was sold) + fees - payouts -
 *           compensation of curtailment; of an asset the same with its revenue for the trades and its
 *           imbalance against the tradeable forecast. Redispatch passes through: what the owner gets is
 *           claimed from the grid operator. The market premium is no part of it.
 * Missing   MT_WH_NONE, MT_MICRO_NONE, NaN where nothing was delivered to tell from; never 0. The margin is
 *           missing while a payout is (`not_priced`). A price that is missing in some quarters leaves those
 *           out of revenue, capture and imbalance (`unpriced`).
 * Ownership Results live in cx.
 * Cost      O(assets x quarters); holds the infeed of all assets.
 * Source    capture price = sum(price x volume) / sum(volume); capture rate = capture price / mean price;
 *           nMAE = MAE / installed power; availability = 1 - outage capacity-hours / all.
 * Example   merit vpp report --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_REPORT_H
#define MT_VPP_REPORT_H

#include "vpp/curtail.h"
#include "vpp/imbalance.h"

MT_BEGIN_DECLS

typedef struct mt_report_row {
    const char *asset_id; /* NULL: the portfolio */
    int64_t capacity_w, energy_wh;
    double capacity_factor; /* of the quarters that have infeed */
    mt_micro capture_price, base_price;
    double capture_rate;
    int64_t revenue_ueur;          /* energy at the day-ahead price, else at the public VWAP */
    const char *revenue_price;     /* which of them: "day_ahead", "public_vwap"; NULL: none */
    int64_t unpriced;              /* quarters of energy without that price */
    int64_t trading_ueur;          /* cash of trades; portfolio only */
    int64_t payout_ueur, fee_ueur; /* by contract; missing: not priced */
    int32_t not_priced;            /* assets with a contract but without a payout */
    int64_t imbalance_wh, imbalance_ueur,
        penalty_ueur; /* against the latest tradeable forecast; portfolio: sold */
    int64_t lost_wh, redispatch_ueur;
    int64_t curtailed_wh, curtailment_ueur;
    int64_t margin_ueur;
    double availability;
    double mae_kw, bias_kw, nmae;       /* of the latest tradeable forecast; bias = forecast - measured */
    double share_of[MT_INFEED_SOURCES]; /* of the quarters */
} mt_report_row;

/* payout_ueur, fee_ueur: by desk->asset, MT_MICRO_NONE where not priced; NULL: none is known. n =
   n_asset + 1. */
MT_API MT_MUST_USE mt_code mt_report(mt_ctx *cx, const mt_report_row **out, size_t *n, const mt_desk *desk,
                                     const int64_t *payout_ueur, const int64_t *fee_ueur);

MT_END_DECLS
#endif
