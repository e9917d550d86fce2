/* The market report: one page with key figures, charts and tables of a cleared market.
 *
 * Purpose   What a person looks at after a run, instead of reading files.
 * Errors    What the charts and the page say; nothing is written then.
 */
#ifndef MT_OPS_MARKET_MARKET_REPORT_H
#define MT_OPS_MARKET_MARKET_REPORT_H

#include "io/out.h"
#include "ops/market/scenarios.h"

MT_BEGIN_DECLS

typedef struct mt_market_report {
    mt_market *market;
    const mt_period_view *view; /* market->n of them */
    const mt_quality_report *quality;
    const struct mt_market_args *args;
    mt_time made_at;
} mt_market_report;

/* Writes the page into `out`, which is not finished. */
MT_MUST_USE mt_code mt_market_report_write(mt_ctx *cx, mt_out *out, const mt_market_report *report);

MT_END_DECLS
#endif
