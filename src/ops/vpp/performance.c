/* Settlements summed by asset, then the report. */
#include "ops/vpp/performance.h"

#include "ops/rights.h"
#include "ops/vpp/settlements.h"

struct owed {
    int64_t *payout, *fee; /* by desk->asset */
};

/* An asset of several contracts, of which one cannot be priced, has no payout. */
static void add_to(int64_t *sum, bool first, int64_t amount)
{
    if (amount == MT_MICRO_NONE || (!first && *sum == MT_MICRO_NONE))
        *sum = MT_MICRO_NONE;
    else
        *sum = first ? amount : *sum + amount;
}

static mt_code take_owed(mt_ctx *cx, void *arg, const mt_portfolio *portfolio, const mt_settlement *s)
{
    struct owed *owed = arg;
    size_t k = (size_t)(s->asset - portfolio->desk->asset);
    bool first = s->contract == s->asset->contract[0];
    (void)cx;
    add_to(&owed->payout[k], first, s->fault ? MT_MICRO_NONE : s->payout_ueur);
    add_to(&owed->fee[k], first, s->fault ? MT_MICRO_NONE : s->fee_ueur);
    return MT_OK;
}

mt_code mt_performance(mt_ctx *cx, const mt_portfolio *portfolio, const mt_report_row **out, size_t *n)
{
    struct owed owed;
    size_t assets = portfolio->desk->n_asset;
    MT_TRY(MT_NEW(cx, &owed.payout, assets + 1));
    MT_TRY(MT_NEW(cx, &owed.fee, assets + 1));
    for (size_t k = 0; k < assets; k++) owed.payout[k] = owed.fee[k] = MT_MICRO_NONE;
    MT_TRY(mt_settlements(cx, portfolio, take_owed, &owed));
    return mt_report(cx, out, n, portfolio->desk, owed.payout, owed.fee);
}

mt_code mt_performance_of_owner(mt_ctx *cx, const mt_portfolio *portfolio, const mt_report_row **out,
                                size_t *n)
{
    const mt_report_row *all;
    mt_report_row *row;
    MT_TRY(mt_performance(cx, portfolio, &all, n));
    MT_TRY(MT_NEW(cx, &row, *n + 1));
    for (size_t k = 0; k < *n; k++) {
        row[k] = all[k];
        row[k].imbalance_wh = MT_WH_NONE;
        row[k].imbalance_ueur = row[k].penalty_ueur = MT_MICRO_NONE;
        row[k].trading_ueur = row[k].margin_ueur = MT_MICRO_NONE;
    }
    *out = row;
    return MT_OK;
}

bool mt_performance_is_owners(const mt_world *world)
{
    const mt_rights *rights = mt_world_settings(world)->rights;
    return rights && rights->role == MT_DESK_OWNER;
}
