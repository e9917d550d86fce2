/* A portfolio as operations need it: its desk, made once from a folder or from the store, and the views
 * on it.
 *
 * Purpose   Operations name their arguments; this room finds the files, reads them, keeps the desk for
 *           the next operation that asks for the same, and computes infeed, redispatch and curtailment
 *           an asset at a time.
 * Shapes    The desk is kept by folder, days, rules, caller and the size and time of every file: a file
 *           that comes or changes makes a new one.
 * Errors    MT_E_INPUT  no day, a month that is none, an unknown asset (with the nearest);  MT_E_ABSENT
 *           no such folder, nothing for these days;  MT_E_DENIED  the asset is not the caller's;  what
 *           reading says.
 * Ownership mt_portfolio_open/_close; the desk is shared with other operations and constant. Views live
 *           in cx.
 * Threads   Many operations may hold one portfolio.
 */
#ifndef MT_OPS_VPP_PORTFOLIO_H
#define MT_OPS_VPP_PORTFOLIO_H

#include "ops/vpp/desk_args.h"
#include "ops/world.h"
#include "vpp/curtail.h"
#include "vpp/invoice/settle.h"

MT_BEGIN_DECLS

typedef struct mt_portfolio {
    const mt_desk *desk;
    const mt_zone *zone;
    mt_day first, last;
    struct mt_portfolio_kept *kept;
} mt_portfolio;

MT_MUST_USE mt_code mt_portfolio_open(mt_ctx *cx, const mt_world *world, mt_portfolio *out,
                                      const struct mt_desk_args *args);
void mt_portfolio_close(mt_portfolio *portfolio); /* one that was never opened is allowed, zeroed */

/* First and last day of "2025-06". */
MT_MUST_USE mt_code mt_portfolio_month(mt_ctx *cx, const char *text, mt_day *first, mt_day *last);

/* What the desk's rooms say of one asset. */
typedef struct mt_asset_view {
    const mt_desk_asset *asset;
    const mt_infeed_quarter *infeed;
    const mt_redispatch_quarter *redispatch;
    const mt_curtail_quarter *curtail;
} mt_asset_view;

MT_MUST_USE mt_code mt_portfolio_view(mt_ctx *cx, const mt_portfolio *portfolio, mt_asset_view *out,
                                      const mt_desk_asset *asset);

/* The views of all assets as the portfolio's rooms want them. */
typedef struct mt_portfolio_views {
    const mt_infeed_quarter **infeed;
    const mt_redispatch_quarter **redispatch;
    const mt_curtail_quarter **curtail;
} mt_portfolio_views;

MT_MUST_USE mt_code mt_portfolio_all(mt_ctx *cx, const mt_portfolio *portfolio, mt_portfolio_views *out);

/* The assets that the arguments ask for: first..n of desk->asset. */
MT_MUST_USE mt_code mt_portfolio_pick(mt_ctx *cx, const mt_portfolio *portfolio, const char *name,
                                      const mt_desk_asset **out, size_t *n);

/* The file a value came from, or NULL. */
const char *mt_portfolio_file(const mt_portfolio *portfolio, int origin);

static inline mt_time mt_portfolio_time(const mt_portfolio *portfolio, size_t quarter)
{
    return portfolio->desk->grid.start + (mt_time)quarter * portfolio->desk->grid.step;
}

MT_END_DECLS
#endif
