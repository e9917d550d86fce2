/* The common frame of the desk's operations: open the portfolio, let one function write its rows, close it.
 *
 * Purpose   An operation of the desk is its columns and a function that puts rows.
 * Ownership The emitter and the portfolio are the function's to use during the call.
 */
#ifndef MT_OPS_VPP_DESK_ROWS_H
#define MT_OPS_VPP_DESK_ROWS_H

#include "base/rows/emit.h"
#include "ops/vpp/portfolio.h"

#include <math.h>

MT_BEGIN_DECLS

typedef mt_code mt_desk_put(mt_ctx *cx, mt_emit *emit, const mt_portfolio *portfolio,
                            const struct mt_desk_args *args);

/* What op->run of such an operation does. */
MT_MUST_USE mt_code mt_desk_rows(mt_ctx *cx, const mt_world *world, const mt_op *op, const void *args,
                                 mt_sink *out, mt_desk_put *put);

/* Calls `put` for each asset that is asked for, with a context of its own that is emptied after each. */
typedef mt_code mt_desk_put_asset(mt_ctx *cx, mt_emit *emit, const mt_portfolio *portfolio,
                                  const struct mt_desk_args *args, const mt_desk_asset *asset);
MT_MUST_USE mt_code mt_desk_each_asset(mt_ctx *cx, mt_emit *emit, const mt_portfolio *portfolio,
                                       const struct mt_desk_args *args, mt_desk_put_asset *put);

static inline double mt_kwh_of_wh(int64_t wh)
{
    return wh == MT_WH_NONE ? NAN : (double)wh / 1e3;
}

static inline double mt_mw_of_w(int64_t w)
{
    return w == MT_MICRO_NONE ? NAN : (double)w / 1e6;
}

MT_END_DECLS
#endif
