/* Which forecast counts: the latest, the latest that could still be traded, the one known at a moment.
 *
 * Purpose   Chooses among the versions of a desk's forecasts, sums them to a portfolio, measures their
 *           errors by lead time, and makes one from a model where none was delivered.
 * Units     Wh of the quarter; errors in W of mean power; lead time in microseconds from version to
 *           delivery.
 * Shapes    A choice gives one entry a quarter of the desk's grid. latest: the greatest version not
 *           later than the delivery's start; tradeable: not later than 15 minutes before it; as_of M:
 *           not later than M. A value counts for every quarter of its step. A version without a value
 *           for the quarter does not count for it.
 * Missing   wh MT_WH_NONE, version MT_TIME_NONE: no version reaches the quarter. A portfolio's quarter
 *           is the sum of the assets that have one; `assets` says of how many.
 * Errors    MT_E_INPUT  as_of without a moment.
 * Ownership Results live in cx.
 * Cost      O(quarters x log versions) an asset.
 * Source    Files of route-to-market desks: the latest version of delivery start t has version t.
 * Example   merit vpp forecast --data DIR --day 2025-06-08 --choose tradeable
 */
#ifndef MT_VPP_FORECAST_H
#define MT_VPP_FORECAST_H

#include "vpp/desk.h"

MT_BEGIN_DECLS

typedef enum mt_forecast_choice {
    MT_FORECAST_LATEST,
    MT_FORECAST_TRADEABLE,
    MT_FORECAST_AS_OF
} mt_forecast_choice;

typedef struct mt_forecast_quarter {
    int64_t wh;
    mt_time version;
    int32_t origin;
    int32_t assets; /* of a portfolio; 1 of an asset that has a value */
    bool modelled;
} mt_forecast_quarter;

MT_API MT_MUST_USE mt_code mt_forecast_choose(mt_ctx *cx, const mt_forecast_quarter **out,
                                              const mt_desk *desk, const mt_desk_asset *asset,
                                              mt_forecast_choice choice, mt_time as_of);
MT_API MT_MUST_USE mt_code mt_forecast_portfolio(mt_ctx *cx, const mt_forecast_quarter **out,
                                                 const mt_desk *desk, mt_forecast_choice choice,
                                                 mt_time as_of);

/* Error of every version against what was measured (meter, else live), by lead time in steps of `step`. */
typedef struct mt_forecast_error {
    mt_time lead; /* from this on, to the next row's */
    int64_t n;
    double mae_kw, rmse_kw, bias_kw; /* bias = mean(forecast - measured) */
    double nmae;                     /* mae / capacity; NaN: no capacity */
} mt_forecast_error;

MT_API MT_MUST_USE mt_code mt_forecast_errors(mt_ctx *cx, const mt_forecast_error **out, size_t *n,
                                              const mt_desk *desk, const mt_desk_asset *asset, mt_time step);

MT_END_DECLS
#endif
