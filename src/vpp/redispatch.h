/* Redispatch: energy that was not fed in because the grid operator said so, and what is owed for it.
 *
 * Purpose   Lost energy by quarter, its credit to the balancing group, and the compensation by scheme; the
 *           claim to the grid operator is a document made from it.
 * Units     Wh, micro-EUR, micro-EUR/MWh.
 * Shapes    One entry a quarter of the grid; lost_wh 0 in quarters that were not redispatched. On days
 *           without a contract: rule `forecast`, scheme `transitional`, no credit.
 * Missing   MT_WH_NONE where the rule's inputs are missing (forecast_wh also outside of measures); money
 *           MT_MICRO_NONE where something was lost and its price is missing.
 * Ownership Results live in cx.
 * Source    Federal network agency BK6-23-241 (lost work by forecast, flat and weather rules; plant factors
 *           of solar); EEG Annex 1 (premium), sec. 51 (negative prices). See docs/guides/vpp.md.
 * Example   merit vpp redispatch --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_REDISPATCH_H
#define MT_VPP_REDISPATCH_H

#include "vpp/scheme/lost.h"
#include "vpp/scheme/premium.h"

MT_BEGIN_DECLS

typedef struct mt_redispatch_quarter {
    bool redispatched;
    bool negative_period; /* no premium in it */
    mt_scheme scheme;
    mt_lost_rule rule; /* by which the lost energy was found */
    int32_t origin;    /* of the flag; -1: none */
    mt_micro setpoint_kw;
    int64_t forecast_wh; /* what it would have fed in by the rule's input */
    int64_t lost_wh;
    int64_t credited_wh; /* to the balancing group */
    mt_micro price;      /* by which it is compensated */
    int64_t payout_ueur;
} mt_redispatch_quarter;

MT_API MT_MUST_USE mt_code mt_redispatch(mt_ctx *cx, const mt_redispatch_quarter **out, const mt_desk *desk,
                                         const mt_desk_asset *asset, const mt_infeed_quarter *infeed);

/* The general sum: additional expenses + lost revenue - saved expenses; may be negative. micro-EUR. */
MT_API int64_t mt_redispatch_claim_ueur(int64_t lost_wh, mt_micro value_ct_kwh, int64_t additional_ueur,
                                        int64_t saved_ueur);
/* (lost - balanced) x price: correction of a balance made by forecast. */
MT_API int64_t mt_redispatch_correction_ueur(int64_t lost_wh, int64_t balanced_wh, mt_micro price);

MT_END_DECLS
#endif
