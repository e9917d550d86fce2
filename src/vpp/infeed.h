/* Best of infeed: the one number of energy an asset fed in during a quarter hour, and where it comes from.
 *
 * Purpose   Takes the first that is there: final metering; live points that cover enough of the quarter;
 *           the latest forecast, limited by the redispatch setpoint (0 when switched off); else a gap.
 *           Never the greatest of several.
 * Units     Wh of the quarter; shares of 1.
 * Shapes    One entry a quarter of the desk's grid; a portfolio's entry sums its assets and counts its
 *           gaps.
 * Missing   wh MT_WH_NONE where source is MT_INFEED_GAP; of a portfolio where no asset has a value.
 * Ownership Results live in cx.
 * Cost      O(quarters) an asset.
 * Example   merit vpp infeed --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_INFEED_H
#define MT_VPP_INFEED_H

#include "vpp/forecast.h"

MT_BEGIN_DECLS

/* X(symbol, name, quality) */
#define MT_INFEED_LIST(X)                                                                                    \
    X(MT_INFEED_METER, "metering", "final")                                                                  \
    X(MT_INFEED_LIVE, "live", "measured")                                                                    \
    X(MT_INFEED_FORECAST, "forecast", "estimated")                                                           \
    X(MT_INFEED_MODEL, "model", "estimated")                                                                 \
    X(MT_INFEED_GAP, "gap", "missing")
#define MT_INFEED_SYMBOL(symbol, name, quality) symbol,
typedef enum mt_infeed_source { MT_INFEED_LIST(MT_INFEED_SYMBOL) MT_INFEED_SOURCES } mt_infeed_source;
#undef MT_INFEED_SYMBOL
MT_API const char *mt_infeed_source_name(mt_infeed_source source);
MT_API const char *mt_infeed_source_quality(mt_infeed_source source);

typedef struct mt_infeed_quarter {
    int64_t wh;
    mt_infeed_source source;
    bool limited;     /* a forecast cut by a setpoint */
    float live_share; /* of the quarter covered by good points; 0 without live points */
    mt_time version;  /* of the forecast, or of the file */
    int32_t origin;
} mt_infeed_quarter;

MT_API MT_MUST_USE mt_code mt_infeed(mt_ctx *cx, const mt_infeed_quarter **out, const mt_desk *desk,
                                     const mt_desk_asset *asset);

typedef struct mt_infeed_sum {
    int64_t wh;                       /* of those that have a value */
    int64_t wh_of[MT_INFEED_SOURCES]; /* parts by source */
    int32_t assets_of[MT_INFEED_SOURCES];
} mt_infeed_sum;

/* infeed[k]: what mt_infeed gave for desk->asset[k]. */
MT_API MT_MUST_USE mt_code mt_infeed_portfolio(mt_ctx *cx, const mt_infeed_sum **out, const mt_desk *desk,
                                               const mt_infeed_quarter *const *infeed);

MT_END_DECLS
#endif
