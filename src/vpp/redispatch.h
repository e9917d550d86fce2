/* Redispatch: energy that was not fed in because the grid operator said so, and what is owed for it.
 *
 * Purpose   Lost energy by quarter, its credit to the balancing group, and the compensation by scheme; the
 *           claim to the grid operator is a document made from it.
 * Units     Wh, micro-EUR, micro-EUR/MWh.
 * Shapes    One entry a quarter of the grid; lost_wh 0 in quarters that were not redispatched.
 * Missing   MT_WH_NONE where the rule's inputs are missing; money MT_MICRO_NONE where its price is.
 * Ownership Results live in cx.
 * Source    Federal network agency BK6-23-241 (lost work by forecast, flat and weather rules; plant factors
 *           of solar); EEG Annex 1 (premium), sec. 51 (negative prices). See docs/guides/vpp.md.
 * Example   merit vpp redispatch --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_REDISPATCH_H
#define MT_VPP_REDISPATCH_H

#include "vpp/infeed.h"

MT_BEGIN_DECLS

typedef struct mt_redispatch_quarter {
    bool redispatched;
    mt_micro setpoint_kw;
    int64_t forecast_wh; /* what it would have fed in by the rule's input */
    int64_t lost_wh;
    int64_t credited_wh; /* to the balancing group */
    mt_micro price;      /* by which it is compensated */
    int64_t payout_ueur;
    bool negative_period; /* no premium in it */
    mt_scheme scheme;
    mt_lost_rule rule;
    int32_t origin; /* of the flag */
} mt_redispatch_quarter;

MT_API MT_MUST_USE mt_code mt_redispatch(mt_ctx *cx, const mt_redispatch_quarter **out, const mt_desk *desk,
                                         const mt_desk_asset *asset, const mt_infeed_quarter *infeed);

/* The general sum: additional expenses + lost revenue - saved expenses; may be negative. micro-EUR. */
MT_API int64_t mt_redispatch_claim_ueur(int64_t lost_wh, mt_micro value_ct_kwh, int64_t additional_ueur,
                                        int64_t saved_ueur);
/* (lost - balanced) x price: correction of a balance made by forecast. */
MT_API int64_t mt_redispatch_correction_ueur(int64_t lost_wh, int64_t balanced_wh, mt_micro price);
/* Plant factor of solar, in micro; local time UTC+1 all year. */
MT_API mt_micro mt_solar_plant_factor(mt_time quarter_start);
/* max(0, applied - market value), micro-ct/kWh. */
MT_API mt_micro mt_market_premium(mt_micro applied_ct_kwh, mt_micro market_value_ct_kwh);
/* Months' or years' value for a plant of that commissioning day, MT_MICRO_NONE when it was not
   delivered. */
MT_API mt_micro mt_desk_market_value(const mt_desk *desk, mt_technology technology, mt_day day, bool of_year);
/* True: the quarter lies in a period whose negative day-ahead prices suspend the premium of a plant
 * commissioned on that day (sec. 51 EEG of its year). */
MT_API bool mt_negative_period(const mt_desk *desk, mt_day commissioned, size_t quarter);

MT_END_DECLS
#endif
