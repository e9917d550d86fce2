/* Clearing each period under each scenario, and the figures over all of them. */
#include "ops/market/scenarios.h"

#include "num/stats.h"

#include <math.h>

const char *const mt_scenario_name[] = {"high_renewables", "low_renewables", NULL};

#define SHIFT_FALLBACK_MWH 2000.0

static mt_code make_shift(mt_ctx *cx, mt_shift *out, const struct mt_market_args *args, int scenario)
{
    double sign = scenario == MT_SCENARIO_MORE ? 1 : -1;
    double mwh = isnan(args->shift_mwh) ? SHIFT_FALLBACK_MWH : args->shift_mwh;
    bool percent = !isnan(args->shift_percent);
    if (percent && !isnan(args->shift_mwh))
        return mt_fail(cx, MT_E_INPUT, "give shift_mwh or shift_percent, not both");
    if (!(mwh > 0 && mwh <= 1e7))
        return mt_fail(cx, MT_E_INPUT, "shift_mwh: %g MWh is not above 0 and at most 1e7", mwh);
    if (percent && !(args->shift_percent > 0 && args->shift_percent <= 100)) {
        return mt_fail(cx, MT_E_INPUT, "shift_percent: %g %% is not above 0 and at most 100",
                       args->shift_percent);
    }
    *out = mt_shift_of(percent ? 0 : (int64_t)llround(sign * mwh * 1e6));
    if (percent) out->percent = sign * args->shift_percent;
    return MT_OK;
}

/* The scratch of the market is reset for the next period, so everything of one period is done here. */
static mt_code view_period(mt_ctx *cx, mt_market *market, size_t k, const mt_shift *shift,
                           mt_period_view *out)
{
    mt_period period;
    mt_clearing base;
    mt_ctx *scratch = &market->scratch;
    MT_TRY(mt_market_period(cx, market, k, &period, &base));
    mt_clearing_row_of(&out->base, period.start, &base, market->rule.tick_micro);
    out->aggregate = mt_aggregate_of(period.bid, period.n, market->rule.tick_micro);
    mt_code code = mt_sensitivity_of(scratch, &out->sensitivity, period.bid, period.n, &market->rule,
                                     market->head.period);
    for (int s = 0; s < MT_SCENARIOS && code == MT_OK; s++) {
        code = mt_impact_of(scratch, &out->impact[s], period.bid, period.n, &market->rule, &shift[s]);
    }
    return code == MT_OK ? MT_OK : mt_fail(cx, code, "%s", scratch->err);
}

mt_code mt_period_views(mt_ctx *cx, mt_market *market, const struct mt_market_args *args,
                        mt_period_view **out)
{
    mt_shift shift[MT_SCENARIOS];
    for (int s = 0; s < MT_SCENARIOS; s++) MT_TRY(make_shift(cx, &shift[s], args, s));
    MT_TRY(MT_NEW(cx, out, market->n + 1));
    for (size_t k = 0; k < market->n; k++) MT_TRY(view_period(cx, market, k, shift, &(*out)[k]));
    return MT_OK;
}

/* The effect of supply between the two states of a scenario, seen from the one with more of it. */
static void add_effect(mt_scenario_figures *f, const mt_impact *impact, int scenario, mt_micro tick,
                       double *supply)
{
    bool more = scenario == MT_SCENARIO_MORE;
    const mt_clearing *with = more ? &impact->scenario : &impact->base,
                      *without = more ? &impact->base : &impact->scenario;
    mt_merit_effect effect = mt_merit_effect_of(with, without, tick, fabs(impact->shift_mwh));
    if (isnan(effect.effect)) return;
    f->merit_order_effect += effect.effect;
    f->consumer_effect += effect.consumer;
    *supply += fabs(impact->shift_mwh);
    f->periods++;
}

mt_code mt_scenario_figures_of(mt_ctx *cx, mt_scenario_figures *out, const mt_period_view *view, size_t n,
                               int scenario, mt_micro tick)
{
    double *series[4], supply = 0;
    mt_stats stats[4];
    *out = (mt_scenario_figures){.scenario = scenario};
    for (int k = 0; k < 4; k++) MT_TRY(MT_NEW(cx, &series[k], n + 1));
    for (size_t k = 0; k < n; k++) {
        const mt_impact *impact = &view[k].impact[scenario];
        bool both = !isnan(impact->change);
        series[0][k] = both ? impact->base_price : NAN;
        series[1][k] = both ? impact->scenario_price : NAN;
        series[2][k] = impact->change;
        series[3][k] = impact->change_percent;
        add_effect(out, impact, scenario, tick, &supply);
    }
    for (int k = 0; k < 4; k++) MT_TRY(mt_stats_of(cx, &stats[k], series[k], n));
    out->mean_base_price = stats[0].mean;
    out->mean_price = stats[1].mean;
    out->mean_change = stats[2].mean;
    out->largest_fall = stats[2].min < 0 ? stats[2].min : 0;
    out->largest_rise = stats[2].max > 0 ? stats[2].max : 0;
    out->mean_change_percent = stats[3].mean;
    out->shift_mwh =
        out->periods ? (scenario == MT_SCENARIO_MORE ? supply : -supply) / (double)out->periods : NAN;
    out->merit_order_effect = out->periods ? out->merit_order_effect / (double)out->periods : NAN;
    out->specific_effect = supply > 0 ? out->consumer_effect / supply : NAN;
    return MT_OK;
}
