/* Open, put, close. */
#include "ops/vpp/desk_rows.h"

mt_code mt_desk_rows(mt_ctx *cx, const mt_world *world, const mt_op *op, const void *args, mt_sink *out,
                     mt_desk_put *put)
{
    mt_portfolio portfolio = {.desk = NULL};
    mt_emit *emit;
    mt_code code, found = MT_OK;
    MT_TRY_OUT(mt_portfolio_open(cx, world, &portfolio, args));
    MT_TRY_OUT(mt_emit_begin(cx, &emit, out, op->name, op->col, NULL, NULL));
    found = put(cx, emit, &portfolio, args);
    code = found == MT_FINDINGS ? MT_OK : found;
    if (code == MT_OK) code = mt_emit_end(emit);
    if (code == MT_OK) code = found;
out:
    mt_portfolio_close(&portfolio);
    return code;
}

mt_code mt_desk_each_asset(mt_ctx *cx, mt_emit *emit, const mt_portfolio *portfolio,
                           const struct mt_desk_args *args, mt_desk_put_asset *put)
{
    const mt_desk_asset *asset;
    size_t n;
    mt_ctx work; /* what an asset needs goes with it; what the sink keeps does not */
    mt_code code = MT_OK;
    MT_TRY(mt_portfolio_pick(cx, portfolio, args->asset, &asset, &n));
    mt_ctx_init(&work, &cx->options);
    for (size_t k = 0; k < n && code == MT_OK; k++) {
        mt_mark mark = mt_arena_mark(&work.arena);
        code = put(&work, emit, portfolio, args, &asset[k]);
        mt_arena_reset(&work.arena, mark);
        if (code == MT_OK) MT_TRY_OUT(mt_ctx_check(cx));
    }
    if (code != MT_OK && cx->code == MT_OK) code = mt_fail(cx, code, "%s", work.err);
out:
    mt_ctx_close(&work);
    return code;
}
