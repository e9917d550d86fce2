/* Asset after asset. */
#include "ops/vpp/settlements.h"

static mt_code settle_one(mt_ctx *cx, const mt_portfolio *portfolio, const mt_desk_asset *asset,
                          mt_settlement_fn *take, void *arg)
{
    mt_asset_view view;
    const mt_settlement *settlement;
    size_t n;
    MT_TRY(mt_portfolio_view(cx, portfolio, &view, asset));
    const mt_settle_input input = {asset, view.infeed, view.redispatch, view.curtail};
    MT_TRY(mt_settle_asset(cx, &settlement, &n, portfolio->desk, &input));
    for (size_t k = 0; k < n; k++) MT_TRY(take(cx, arg, portfolio, &settlement[k]));
    return MT_OK;
}

mt_code mt_settlements(mt_ctx *cx, const mt_portfolio *portfolio, mt_settlement_fn *take, void *arg)
{
    const mt_desk *desk = portfolio->desk;
    mt_code code = MT_OK;
    mt_ctx work;
    mt_ctx_init(&work, &cx->options);
    for (size_t k = 0; k < desk->n_asset && code == MT_OK; k++) {
        mt_mark mark = mt_arena_mark(&work.arena);
        mt_ctx_progress(cx, "settlement", k, desk->n_asset, "assets");
        code = settle_one(&work, portfolio, &desk->asset[k], take, arg);
        mt_arena_reset(&work.arena, mark);
        if (code == MT_OK) MT_TRY_OUT(mt_ctx_check(cx));
    }
    if (code != MT_OK && cx->code == MT_OK) code = mt_fail(cx, code, "%s", work.err);
out:
    mt_ctx_close(&work);
    return code;
}
