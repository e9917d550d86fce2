/* The performance of plants and portfolio: vpp.report. */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/performance.h"
#include "ops/vpp/vpp_ops.h"

static const mt_field report_arg[] = {MT_ARG_DESK_DATA, MT_ARG_DESK_RULES, {.name = NULL}};

struct report_row {
    const char *asset;
    double capacity, capacity_factor;
    int64_t energy; /* Wh: millionths of MWh */
    int64_t capture, base;
    double capture_rate;
    int64_t revenue;
    const char *revenue_price;
    int64_t unpriced, trading, payout, fee, imbalance_wh, imbalance, penalty, lost_wh, redispatch,
        curtailed_wh, curtailment, margin;
    double availability, mae, bias, nmae, metering, live, forecast, model, gap;
};

/* clang-format off */
#define EUR(n, m, d)  {.name = n, MT_MICRO_AT(report_row, m), .unit = MT_UNIT_EUR, .doc = d}
#define WH(n, m, d)   {.name = n, MT_INT_AT(report_row, m), .unit = MT_UNIT_WH, .doc = d}
#define ONE(n, m, d)  {.name = n, MT_REAL_AT(report_row, m), .unit = MT_UNIT_ONE, .doc = d}
#define KW(n, m, d)   {.name = n, MT_REAL_AT(report_row, m), .unit = MT_UNIT_KW, .doc = d}
#define PER_MWH(n, m, d) {.name = n, MT_MICRO_AT(report_row, m), .unit = MT_UNIT_EUR_PER_MWH, .doc = d}

static const mt_field report_col[] = {
    {.name = "asset_id", MT_TEXT_AT(report_row, asset), .doc = "last: the portfolio"},
    {.name = "capacity_mw", MT_REAL_AT(report_row, capacity), .unit = MT_UNIT_MW, .doc = "installed"},
    {.name = "energy_mwh", MT_MICRO_AT(report_row, energy), .unit = MT_UNIT_MWH, .doc = "best of infeed"},
    ONE("capacity_factor", capacity_factor, "energy by what full power would have given"),
    PER_MWH("capture_price_eur_mwh", capture, "mean price, weighted by its own energy"),
    PER_MWH("base_price_eur_mwh", base, "mean price over the quarter hours"),
    ONE("capture_rate", capture_rate, "capture by base"),
    EUR("revenue_eur", revenue, "energy at the price that revenue_price names"),
    {.name = "revenue_price", MT_TEXT_AT(report_row, revenue_price), .doc = "day_ahead, else public_vwap"},
    {.name = "unpriced", MT_INT_AT(report_row, unpriced), .unit = MT_UNIT_COUNT,
     .doc = "quarter hours of energy without that price"},
    EUR("trading_eur", trading, "cash of trades, of the portfolio"),
    EUR("payout_eur", payout, "to owners for infeed; empty: not priced"),
    EUR("fee_eur", fee, "from owners"),
    WH("imbalance_wh", imbalance_wh, "against the tradeable forecast, of the portfolio against trades"),
    EUR("imbalance_eur", imbalance, "its cash: + is received"),
    EUR("penalty_eur", penalty, "the view in which every deviation costs"),
    WH("lost_wh", lost_wh, "to redispatch"),
    EUR("redispatch_eur", redispatch, "compensation for it"),
    WH("curtailed_wh", curtailed_wh, "by the trader for the market"),
    EUR("curtailment_eur", curtailment, "compensation for it"),
    EUR("margin_eur", margin,
        "cash of trades (of a plant its revenue) + imbalance + fees - payouts - curtailment"),
    ONE("availability", availability, "1 less outage capacity-hours by all; empty: none was delivered"),
    KW("mae_kw", mae, "mean absolute error of the tradeable forecast"),
    KW("bias_kw", bias, "mean of forecast less measured"),
    ONE("nmae", nmae, "mae by capacity"),
    ONE("share_metering", metering, "of the quarter hours from final metering"),
    ONE("share_live", live, "of them from live points"),
    ONE("share_forecast", forecast, "of them from forecasts"),
    ONE("share_model", model, "of them from a model of the plant"),
    ONE("share_gap", gap, "of them without any value"),
    {.name = NULL}};
/* clang-format on */

static mt_code put_row(mt_emit *emit, const mt_report_row *r)
{
    const struct report_row row = {.asset = r->asset_id ? r->asset_id : "portfolio",
                                   .capacity = mt_mw_of_w(r->capacity_w),
                                   .energy = r->energy_wh,
                                   .capacity_factor = r->capacity_factor,
                                   .capture = r->capture_price,
                                   .base = r->base_price,
                                   .capture_rate = r->capture_rate,
                                   .revenue = r->revenue_ueur,
                                   .revenue_price = r->revenue_price,
                                   .unpriced = r->unpriced,
                                   .trading = r->trading_ueur,
                                   .payout = r->payout_ueur,
                                   .fee = r->fee_ueur,
                                   .imbalance_wh = r->imbalance_wh,
                                   .imbalance = r->imbalance_ueur,
                                   .penalty = r->penalty_ueur,
                                   .lost_wh = r->lost_wh,
                                   .redispatch = r->redispatch_ueur,
                                   .curtailed_wh = r->curtailed_wh,
                                   .curtailment = r->curtailment_ueur,
                                   .margin = r->margin_ueur,
                                   .availability = r->availability,
                                   .mae = r->mae_kw,
                                   .bias = r->bias_kw,
                                   .nmae = r->nmae,
                                   .metering = r->share_of[MT_INFEED_METER],
                                   .live = r->share_of[MT_INFEED_LIVE],
                                   .forecast = r->share_of[MT_INFEED_FORECAST],
                                   .model = r->share_of[MT_INFEED_MODEL],
                                   .gap = r->share_of[MT_INFEED_GAP]};
    return mt_emit_put(emit, &row);
}

static mt_code put_report(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_report_row *row;
    size_t n;
    (void)a;
    MT_TRY(mt_performance(cx, p, &row, &n));
    for (size_t k = 0; k < n; k++) MT_TRY(put_row(emit, &row[k]));
    return MT_OK;
}

static mt_code put_owners_report(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p,
                                 const struct mt_desk_args *a)
{
    const mt_report_row *row;
    size_t n;
    (void)a;
    MT_TRY(mt_performance_of_owner(cx, p, &row, &n));
    for (size_t k = 0; k < n; k++) MT_TRY(put_row(emit, &row[k]));
    return MT_OK;
}

static mt_code report_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_report, args, out,
                        mt_performance_is_owners(world) ? put_owners_report : put_report);
}

const mt_op mt_op_vpp_report = {
    .name = "vpp.report",
    .summary =
        "the performance of every plant and of the portfolio: energy, prices, money, forecasts, sources",
    .doc =
        "One row a plant and the portfolio last. Every number comes from the quarter hours that were "
        "settled; what was not delivered is empty, never 0. An owner does not see what the trader earns with "
        "the plants: imbalance, trading and margin are empty. vpp.page makes a page of it.",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = report_arg,
    .col = report_col,
    .run = report_run,
};
