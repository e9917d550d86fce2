/* Every period of a market cleared as it is, with more and with less renewable supply.
 *
 * Purpose   What impact, summary, report and store have in common.
 * Units     money per MWh, MWh; NaN where there is no price.
 */
#ifndef MT_OPS_MARKET_SCENARIOS_H
#define MT_OPS_MARKET_SCENARIOS_H

#include "market/aggregate.h"
#include "market/impact.h"
#include "ops/market/clearing_rows.h"

MT_BEGIN_DECLS

enum { MT_SCENARIO_MORE, MT_SCENARIO_LESS, MT_SCENARIOS };

extern const char *const mt_scenario_name[]; /* "high_renewables", "low_renewables"; ends with NULL */

typedef struct mt_period_view {
    mt_clearing_row base;
    mt_aggregate aggregate;
    mt_impact impact[MT_SCENARIOS];
    mt_sensitivity sensitivity;
} mt_period_view;

/* One view a period, in cx. */
MT_MUST_USE mt_code mt_period_views(mt_ctx *cx, mt_market *market, const struct mt_market_args *args,
                                    mt_period_view **out);

/* Figures of one scenario over all periods. */
typedef struct mt_scenario_figures {
    int scenario;
    int64_t periods;
    double shift_mwh, mean_base_price, mean_price, mean_change, mean_change_percent, largest_fall,
        largest_rise;
    double merit_order_effect, consumer_effect, specific_effect;
} mt_scenario_figures;

MT_MUST_USE mt_code mt_scenario_figures_of(mt_ctx *cx, mt_scenario_figures *out, const mt_period_view *view,
                                           size_t n, int scenario, mt_micro tick);

MT_END_DECLS
#endif
