/* The infeed of a period as charts show it: energy by source, by day or by quarter hour.
 *
 * Purpose   Turns quarters that were settled or summed into the few dozen bars of a chart.
 * Units     MWh of the period.
 * Shapes    At most MT_VIEW_QUARTER_DAYS days: quarter hours; else local days, of 23 to 25 hours.
 * Missing   A quarter without infeed adds nothing; a part without any value is 0.
 * Ownership Results live in cx.
 */
#ifndef MT_OPS_VPP_RENDER_INFEED_VIEW_H
#define MT_OPS_VPP_RENDER_INFEED_VIEW_H

#include "vpp/invoice/settle.h"

MT_BEGIN_DECLS

enum { MT_VIEW_QUARTER_DAYS = 3 };

typedef struct mt_infeed_view {
    const mt_zone *zone;
    bool by_day;
    const mt_time *time;
    size_t n;
    const double *mwh[MT_INFEED_SOURCES];
} mt_infeed_view;

/* grid: of the desk; zone: of its days. */
MT_MUST_USE mt_code mt_infeed_view_settled(mt_ctx *cx, mt_infeed_view *out, const mt_settlement *settlement,
                                           mt_grid grid, const mt_zone *zone);
MT_MUST_USE mt_code mt_infeed_view_sum(mt_ctx *cx, mt_infeed_view *out, const mt_infeed_sum *sum,
                                       mt_grid grid, const mt_zone *zone);

MT_END_DECLS
#endif
