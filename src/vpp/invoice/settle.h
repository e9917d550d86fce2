/* What a contract is owed for a period, quarter by quarter, exactly.
 *
 * Purpose   Applies price and fee models, floor and cap, redispatch and curtailment to a desk's
 *           quarters; the sums are what invoice lines are made from, and what an auditor can add up again.
 * Units     Wh, micro-EUR, micro-EUR/MWh; half away from zero, once a quarter.
 * Shapes    One settlement a contract that has a day of the desk; quarters of the desk's grid from `first`
 *           on, n of them, by local days. A contract that another interrupts is one settlement: the
 *           quarters between say `other` and count nowhere. Negative infeed is paid as zero. A capacity
 *           fee is parted so that the quarters of a month add up to the month's rounded amount.
 * Missing   A quarter without infeed has no payout and no fee by energy; what is missing is not in the sums.
 * Errors    A contract that cannot be priced is no error of the call: `fault` holds one sentence that
 *           names the field or the price, and its sums are missing.
 * Ownership Results live in cx.
 * Cost      O(quarters) a contract.
 * Source    docs/guides/vpp.md, "Settlement of a contract".
 * Example   merit vpp settle --data DIR --day 2025-06-08
 */
#ifndef MT_VPP_INVOICE_SETTLE_H
#define MT_VPP_INVOICE_SETTLE_H

#include "vpp/curtail.h"

MT_BEGIN_DECLS

typedef struct mt_settled_quarter {
    int64_t infeed_wh; /* as balanced */
    int64_t paid_wh;   /* max(0, infeed) */
    mt_micro price;    /* by the model, after floor and cap; only quarters that are paid need one */
    int64_t payout_ueur;
    int64_t fee_ueur; /* positive: the trader's */
    int64_t redispatch_wh, redispatch_ueur;
    int64_t curtailed_wh, curtailment_ueur;
    mt_infeed_source source;
    int32_t origin;
    bool other; /* of another contract of the asset */
} mt_settled_quarter;

typedef struct mt_settlement {
    const mt_contract *contract;
    const mt_desk_asset *asset;
    const char *fault; /* NULL: priced */
    mt_finding_kind fault_kind;
    size_t first, n; /* quarters of the desk's grid */
    mt_day from, until;
    const mt_settled_quarter *quarter;
    const mt_redispatch_quarter *redispatch; /* of the grid; NULL: none */
    int64_t quarters;                        /* of the contract */
    int64_t gaps;                            /* of them without delivered infeed */
    int64_t infeed_wh, paid_wh, payout_ueur, fee_ueur;
    int64_t fee_capacity_micro; /* MW x share of the month, in millionths; of a capacity fee */
    int64_t redispatch_wh, redispatch_ueur;
    int64_t curtailed_wh, curtailment_ueur;
    int64_t premium_ueur; /* a statement, never payable; MT_MICRO_NONE: not known, or of no such scheme */
} mt_settlement;

/* Every contract of the desk, by contract_id. infeed[k], redispatch[k], curtail[k] of desk->asset[k]; the
 * last two may be NULL, or hold NULL for an asset without. */
MT_API MT_MUST_USE mt_code mt_settle(mt_ctx *cx, const mt_settlement **out, size_t *n, const mt_desk *desk,
                                     const mt_infeed_quarter *const *infeed,
                                     const mt_redispatch_quarter *const *redispatch,
                                     const mt_curtail_quarter *const *curtail);

/* What is known of one asset's quarters; the last two may be NULL. */
typedef struct mt_settle_input {
    const mt_desk_asset *asset;
    const mt_infeed_quarter *infeed;
    const mt_redispatch_quarter *redispatch;
    const mt_curtail_quarter *curtail;
} mt_settle_input;

/* The contracts of one asset, in their order: for large portfolios, asset by asset. */
MT_API MT_MUST_USE mt_code mt_settle_asset(mt_ctx *cx, const mt_settlement **out, size_t *n,
                                           const mt_desk *desk, const mt_settle_input *input);

MT_END_DECLS
#endif
