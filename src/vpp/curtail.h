/* When an asset should stop by itself: stop prices and the energy the trader curtailed.
 *
 * Purpose   The stop price of an asset is minus its expected market premium (0 in periods whose negative
 *           prices suspend the premium, and for plants without one): below it every MWh loses money.
 *           Curtailment for the market stays apart from redispatch; its compensation follows the contract.
 * Units     micro-EUR/MWh, Wh, micro-EUR.
 * Shapes    One entry a quarter. Energy counts as curtailed only where infeed was measured (metering or
 *           live): a forecast that stands in for infeed is paid as infeed.
 * Missing   stop_price MT_MICRO_NONE: a premium is asked for but not known; price: no day-ahead price; then
 *           nothing is to stop. curtailed_wh MT_WH_NONE where it was to stop but nothing was forecast.
 *           compensation_ueur MT_MICRO_NONE where energy was curtailed and its price is missing; 0 on days
 *           without a contract.
 * Ownership Results live in cx.
 * Source    EEG Annex 1 and sec. 51. docs/guides/vpp.md, "Curtailment".
 * Example   merit vpp curtail --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_CURTAIL_H
#define MT_VPP_CURTAIL_H

#include "vpp/redispatch.h"

MT_BEGIN_DECLS

typedef struct mt_curtail_quarter {
    mt_micro stop_price, price; /* day-ahead */
    bool stop;                  /* price < stop_price and not redispatched */
    int64_t expected_wh;        /* latest tradeable forecast, at most the capacity */
    int64_t curtailed_wh;       /* expected less infeed where it was to stop, at least 0 */
    int64_t compensation_ueur;  /* to the owner, by contract */
} mt_curtail_quarter;

MT_API MT_MUST_USE mt_code mt_curtail(mt_ctx *cx, const mt_curtail_quarter **out, const mt_desk *desk,
                                      const mt_desk_asset *asset, const mt_infeed_quarter *infeed,
                                      const mt_redispatch_quarter *redispatch);

MT_END_DECLS
#endif
