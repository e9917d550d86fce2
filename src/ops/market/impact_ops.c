/* Operations on renewable supply: market.impact, market.sensitivity. */
#include "ops/market/scenarios.h"

#include "base/rows/emit.h"
#include "num/stats.h"

#include <math.h>

static const mt_field impact_arg[] = {MT_ARG_ORDERS, MT_ARG_PERIOD, MT_ARG_POLICY,
                                      MT_ARG_SHIFT,  MT_ARG_RULE,   MT_ARG_END};

struct impact_row {
    mt_time start;
    int scenario, status;
    double shift, base_price, price, change, change_percent, base_volume, volume, more, less;
};

static const mt_field impact_col[] = {
    {.name = "start", MT_TIME_AT(impact_row, start), .doc = "start of the delivery period, UTC"},
    {.name = "scenario",
     MT_CHOICE_AT(impact_row, scenario),
     .choice = mt_scenario_name,
     .doc = "more or less supply than there was"},
    {.name = "shift",
     MT_REAL_AT(impact_row, shift),
     .unit = MT_UNIT_MWH,
     .doc = "supply added (above 0) or taken away"},
    {.name = "base_price",
     MT_REAL_AT(impact_row, base_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "as it is"},
    {.name = "price", MT_REAL_AT(impact_row, price), .unit = MT_UNIT_MONEY_PER_MWH, .doc = "in the scenario"},
    {.name = "change",
     MT_REAL_AT(impact_row, change),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "price minus base price"},
    {.name = "change_percent",
     MT_REAL_AT(impact_row, change_percent),
     .unit = MT_UNIT_PERCENT,
     .doc = "of the size of the base price"},
    {.name = "base_volume",
     MT_REAL_AT(impact_row, base_volume),
     .unit = MT_UNIT_MWH,
     .doc = "traded as it is"},
    {.name = "volume", MT_REAL_AT(impact_row, volume), .unit = MT_UNIT_MWH, .doc = "traded in the scenario"},
    {.name = "status",
     MT_CHOICE_AT(impact_row, status),
     .choice = mt_clear_status_choice,
     .doc = "of the scenario"},
    {.name = "sensitivity_more",
     MT_REAL_AT(impact_row, more),
     .unit = MT_UNIT_EUR_PER_MWH_GW,
     .doc = "price change for one more GW of supply"},
    {.name = "sensitivity_less",
     MT_REAL_AT(impact_row, less),
     .unit = MT_UNIT_EUR_PER_MWH_GW,
     .doc = "the same to the other side: one GW of supply less"},
    {.name = NULL}};

static mt_code emit_impacts(mt_ctx *cx, mt_market *market, const struct mt_market_args *args, mt_sink *out)
{
    mt_emit *emit;
    mt_period_view *view;
    MT_TRY(mt_period_views(cx, market, args, &view));
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.impact", impact_col, mt_market_head_field, &market->head));
    for (size_t k = 0; k < market->n; k++) {
        for (int s = 0; s < MT_SCENARIOS; s++) {
            const mt_impact *i = &view[k].impact[s];
            struct impact_row row = {view[k].base.start,
                                     s,
                                     (int)i->scenario.status,
                                     i->shift_mwh,
                                     i->base_price,
                                     i->scenario_price,
                                     i->change,
                                     i->change_percent,
                                     mt_mwh(i->base.volume),
                                     mt_mwh(i->scenario.volume),
                                     view[k].sensitivity.more,
                                     view[k].sensitivity.less};
            MT_TRY(mt_emit_put(emit, &row));
        }
    }
    return mt_emit_end(emit);
}

static mt_code impact_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, args));
    mt_code code = emit_impacts(cx, market, args, out);
    mt_market_close(market);
    return code;
}

static const char impact_doc[] =
    "More supply is one more sell at a tenth of the lowest sell's price (at that price where it is not "
    "above 0). Less supply scales every sell down in proportion; where more is taken than there is, a "
    "twentieth stays. Sensitivity is the price change for one GW at the lowest price (more) and for one "
    "GW of additional demand at any price (less, sign turned).";

const mt_op mt_op_market_impact = {
    .name = "market.impact",
    .summary = "prices with more and with less renewable supply, period by period",
    .doc = impact_doc,
    .example = "--orders tests/data/orders.csv --shift-mwh 2000",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = impact_arg,
    .col = impact_col,
    .head = mt_market_head_field,
    .run = impact_run,
};

struct sensitivity_row {
    mt_scenario_figures figures;
    double sensitivity;
};

static const mt_field sensitivity_col[] = {
    {.name = "scenario",
     MT_CHOICE_AT(sensitivity_row, figures.scenario),
     .choice = mt_scenario_name,
     .doc = "more or less supply than there was"},
    {.name = "shift",
     MT_REAL_AT(sensitivity_row, figures.shift_mwh),
     .unit = MT_UNIT_MWH,
     .doc = "mean supply added or taken"},
    {.name = "periods",
     MT_INT_AT(sensitivity_row, figures.periods),
     .unit = MT_UNIT_COUNT,
     .doc = "with a price in both states"},
    {.name = "mean_base_price",
     MT_REAL_AT(sensitivity_row, figures.mean_base_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "as it is"},
    {.name = "mean_price",
     MT_REAL_AT(sensitivity_row, figures.mean_price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "in the scenario"},
    {.name = "mean_change",
     MT_REAL_AT(sensitivity_row, figures.mean_change),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "scenario minus base"},
    {.name = "mean_change_percent",
     MT_REAL_AT(sensitivity_row, figures.mean_change_percent),
     .unit = MT_UNIT_PERCENT,
     .doc = "mean of the periods' percentages"},
    {.name = "largest_fall",
     MT_REAL_AT(sensitivity_row, figures.largest_fall),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "0: no price fell"},
    {.name = "largest_rise",
     MT_REAL_AT(sensitivity_row, figures.largest_rise),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "0: no price rose"},
    {.name = "sensitivity",
     MT_REAL_AT(sensitivity_row, sensitivity),
     .unit = MT_UNIT_EUR_PER_MWH_GW,
     .doc = "mean price change for one GW more (high) or less (low)"},
    {.name = "merit_order_effect",
     MT_REAL_AT(sensitivity_row, figures.merit_order_effect),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "mean of price without the shifted supply minus price with it"},
    {.name = "consumer_effect",
     MT_REAL_AT(sensitivity_row, figures.consumer_effect),
     .unit = MT_UNIT_MONEY,
     .doc = "that effect times the volume traded, summed"},
    {.name = "specific_effect",
     MT_REAL_AT(sensitivity_row, figures.specific_effect),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "consumer effect for each MWh of the shifted supply"},
    {.name = NULL}};

static mt_code mean_sensitivity(mt_ctx *cx, double *out, const mt_period_view *view, size_t n, int scenario)
{
    double *value;
    MT_TRY(MT_NEW(cx, &value, n + 1));
    for (size_t k = 0; k < n; k++)
        value[k] = scenario == MT_SCENARIO_MORE ? view[k].sensitivity.more : view[k].sensitivity.less;
    *out = mt_mean(value, n);
    return MT_OK;
}

static mt_code emit_figures(mt_ctx *cx, mt_market *market, const struct mt_market_args *args, mt_sink *out)
{
    mt_emit *emit;
    mt_period_view *view;
    MT_TRY(mt_period_views(cx, market, args, &view));
    MT_TRY(mt_emit_begin(cx, &emit, out, "market.sensitivity", sensitivity_col, mt_market_head_field,
                         &market->head));
    for (int s = 0; s < MT_SCENARIOS; s++) {
        struct sensitivity_row row;
        MT_TRY(mt_scenario_figures_of(cx, &row.figures, view, market->n, s, market->rule.tick_micro));
        MT_TRY(mean_sensitivity(cx, &row.sensitivity, view, market->n, s));
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

static mt_code sensitivity_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_market *market;
    MT_TRY(mt_market_open(cx, world, &market, args));
    mt_code code = emit_figures(cx, market, args, out);
    mt_market_close(market);
    return code;
}

const mt_op mt_op_market_sensitivity = {
    .name = "market.sensitivity",
    .summary = "what more and less renewable supply does to the mean price, and to consumers",
    .doc = impact_doc,
    .example = "--orders tests/data/orders.csv --shift-mwh 2000",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct mt_market_args),
    .arg = impact_arg,
    .col = sensitivity_col,
    .head = mt_market_head_field,
    .run = sensitivity_run,
};
