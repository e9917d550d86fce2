/* Imbalance: what was fed in and bought less what was sold or promised, and what it costs.
 *
 * Purpose   Per asset against a forecast or its own schedule, and netted over the portfolio against trades.
 * Units     Wh, + is long; micro-EUR, + is received; micro-EUR/MWh.
 * Shapes    One entry a quarter. I = measured + credited + bought - sold. An asset buys nothing. In the
 *           portfolio an asset is left out of both sides of a quarter where its infeed, its credited
 *           energy or the forecast it is held against is missing.
 * Missing   MT_WH_NONE where infeed or schedule is missing, and in a portfolio's quarter where every asset
 *           is left out or no trades were delivered; cash MT_MICRO_NONE without a price. final false: the
 *           estimate stood in.
 * Ownership Results live in cx.
 * Source    reBAP: price for a short group where I < 0, else for a long one; cash to the balancing group =
 *           I x price, for all four combinations of signs.
 * Example   merit vpp imbalance --data DIR --day 2025-06-08 --against sold
 */
#ifndef MT_VPP_IMBALANCE_H
#define MT_VPP_IMBALANCE_H

#include "vpp/redispatch.h"

MT_BEGIN_DECLS

typedef enum mt_against { MT_AGAINST_SOLD, MT_AGAINST_LATEST, MT_AGAINST_TRADEABLE } mt_against;

typedef struct mt_imbalance_quarter {
    int64_t measured_wh, credited_wh, bought_wh, sold_wh; /* sold: or the schedule it is held against */
    int64_t imbalance_wh;
    mt_micro price;
    bool final;
    int64_t cash_ueur;
    int64_t penalty_ueur; /* |cash|: the view in which every deviation costs */
    int32_t assets;       /* that count in it */
    int32_t left_out;     /* assets of the portfolio that do not */
} mt_imbalance_quarter;

MT_API MT_MUST_USE mt_code mt_imbalance_asset(mt_ctx *cx, const mt_imbalance_quarter **out,
                                              const mt_desk *desk, const mt_desk_asset *asset,
                                              const mt_infeed_quarter *infeed,
                                              const mt_redispatch_quarter *redispatch, mt_against against);

/* infeed[k], redispatch[k] of desk->asset[k]. Against sold: the desk's own trades; else the sum of
 * forecasts. */
MT_API MT_MUST_USE mt_code mt_imbalance_portfolio(mt_ctx *cx, const mt_imbalance_quarter **out,
                                                  const mt_desk *desk, const mt_infeed_quarter *const *infeed,
                                                  const mt_redispatch_quarter *const *redispatch,
                                                  mt_against against);

typedef struct mt_imbalance_sum {
    int64_t imbalance_wh, long_wh, short_wh; /* imbalance = long + short; short is not positive */
    int64_t cash_ueur, penalty_ueur;
    int64_t quarters;            /* with an imbalance */
    int64_t estimated, unpriced; /* of them */
    double estimated_share;      /* of the priced energy |I|; NaN: none is priced */
} mt_imbalance_sum;

MT_API mt_imbalance_sum mt_imbalance_total(const mt_imbalance_quarter *quarter, size_t n);

MT_END_DECLS
#endif
