/* Forecasts and infeed by quarter: vpp.forecast, vpp.forecast_errors, vpp.infeed, vpp.infeed_portfolio. */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"

/* --- vpp.forecast ------------------------------------------------------------------------------------ */

static const char *const choose_word[] = {"latest", "tradeable", "as-of", NULL};

static const mt_field forecast_arg[] = {
    MT_ARG_DESK_DATA,
    MT_ARG_DESK_ASSET,
    {.name = "choose",
     MT_CHOICE_AT(mt_desk_args, choose),
     .choice = choose_word,
     .fallback = "latest",
     .doc =
         "which version counts for a quarter: the latest, the latest that could still be traded 15 minutes "
         "before delivery, or the latest as of the moment --as_of"},
    {.name = "portfolio", MT_BOOL_AT(mt_desk_args, portfolio), .doc = "the sum of all assets"},
    MT_ARG_DESK_RULES,
    {.name = NULL}};

struct forecast_row {
    mt_time start;
    const char *asset;
    double energy, power;
    mt_time version;
    int64_t assets;
    const char *origin, *file;
};

static const mt_field forecast_col[] = {
    {.name = "delivery_start", MT_TIME_AT(forecast_row, start), .doc = "of the quarter hour"},
    {.name = "asset_id", MT_TEXT_AT(forecast_row, asset), .doc = "portfolio: the sum of its assets"},
    {.name = "energy_kwh",
     MT_REAL_AT(forecast_row, energy),
     .unit = MT_UNIT_KWH,
     .doc = "expected; empty: no version reaches the quarter"},
    {.name = "power_kw", MT_REAL_AT(forecast_row, power), .unit = MT_UNIT_KW, .doc = "its mean"},
    {.name = "version",
     MT_TIME_AT(forecast_row, version),
     .doc = "when it was made; of a portfolio the oldest that counts"},
    {.name = "assets",
     MT_INT_AT(forecast_row, assets),
     .unit = MT_UNIT_COUNT,
     .doc = "that have a value in the quarter"},
    {.name = "origin", MT_TEXT_AT(forecast_row, origin), .doc = "delivered, or modelled by the desk"},
    {.name = "file", MT_TEXT_AT(forecast_row, file), .doc = "where it was delivered"},
    {.name = NULL}};

static mt_code put_forecast(mt_emit *emit, const mt_portfolio *p, const mt_forecast_quarter *q,
                            const char *asset)
{
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        bool there = q[t].wh != MT_WH_NONE;
        const struct forecast_row row = {.start = mt_portfolio_time(p, t),
                                         .asset = asset,
                                         .energy = mt_kwh_of_wh(q[t].wh),
                                         .power = mt_kwh_of_wh(q[t].wh) * 4,
                                         .version = q[t].version,
                                         .assets = q[t].assets,
                                         .origin = !there          ? NULL
                                                   : q[t].modelled ? "modelled"
                                                                   : "delivered",
                                         .file = mt_portfolio_file(p, q[t].origin)};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_asset_forecast(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p,
                                  const struct mt_desk_args *a, const mt_desk_asset *asset)
{
    const mt_forecast_quarter *q;
    MT_TRY(mt_forecast_choose(cx, &q, p->desk, asset, (mt_forecast_choice)a->choose, a->as_of));
    return put_forecast(emit, p, q, asset->asset_id);
}

static mt_code put_forecasts(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_forecast_quarter *q;
    if (!a->portfolio) return mt_desk_each_asset(cx, emit, p, a, put_asset_forecast);
    MT_TRY(mt_forecast_portfolio(cx, &q, p->desk, (mt_forecast_choice)a->choose, a->as_of));
    return put_forecast(emit, p, q, "portfolio");
}

static mt_code forecast_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_forecast, args, out, put_forecasts);
}

const mt_op mt_op_vpp_forecast = {
    .name = "vpp.forecast",
    .summary = "expected infeed by quarter hour: the latest version, the latest tradeable, or as of a moment",
    .doc =
        "Every delivered version is kept. Where no forecast was delivered for an asset, one is made from a "
        "model of the plant and says so in `origin`.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --choose tradeable",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = forecast_arg,
    .col = forecast_col,
    .run = forecast_run,
};

/* --- vpp.forecast_errors ----------------------------------------------------------------------------- */

static const mt_field error_arg[] = {MT_ARG_DESK_DATA,
                                     MT_ARG_DESK_ASSET,
                                     {.name = "lead_step",
                                      MT_SPAN_AT(mt_desk_args, lead_step),
                                      .fallback = "1h",
                                      .doc = "errors are told by lead time in such steps"},
                                     MT_ARG_DESK_RULES,
                                     {.name = NULL}};

struct error_row {
    const char *asset;
    double lead;
    int64_t n;
    double mae, rmse, bias, nmae;
};

static const mt_field error_col[] = {
    {.name = "asset_id", MT_TEXT_AT(error_row, asset), .doc = "the plant"},
    {.name = "lead_h",
     MT_REAL_AT(error_row, lead),
     .unit = MT_UNIT_HOUR,
     .doc = "from the version to the delivery, from this on to the next row's"},
    {.name = "n", MT_INT_AT(error_row, n), .unit = MT_UNIT_COUNT, .doc = "quarters of versions compared"},
    {.name = "mae_kw", MT_REAL_AT(error_row, mae), .unit = MT_UNIT_KW, .doc = "mean absolute error"},
    {.name = "rmse_kw", MT_REAL_AT(error_row, rmse), .unit = MT_UNIT_KW, .doc = "root mean square error"},
    {.name = "bias_kw",
     MT_REAL_AT(error_row, bias),
     .unit = MT_UNIT_KW,
     .doc = "mean of forecast less measured"},
    {.name = "nmae", MT_REAL_AT(error_row, nmae), .unit = MT_UNIT_ONE, .doc = "mae by capacity"},
    {.name = NULL}};

static mt_code put_asset_errors(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p,
                                const struct mt_desk_args *a, const mt_desk_asset *asset)
{
    const mt_forecast_error *e;
    size_t n;
    MT_TRY(mt_forecast_errors(cx, &e, &n, p->desk, asset, a->lead_step));
    for (size_t k = 0; k < n; k++) {
        double lead = (double)e[k].lead / (double)MT_US_HOUR;
        const struct error_row row = {asset->asset_id, lead,         e[k].n,   e[k].mae_kw,
                                      e[k].rmse_kw,    e[k].bias_kw, e[k].nmae};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_errors(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return mt_desk_each_asset(cx, emit, p, a, put_asset_errors);
}

static mt_code errors_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_forecast_errors, args, out, put_errors);
}

const mt_op mt_op_vpp_forecast_errors = {
    .name = "vpp.forecast_errors",
    .summary = "how wrong the forecasts were, by lead time, against what was measured",
    .example = "--data tests/data/portfolio --day 2025-06-08 --lead_step 6h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_STAFF,
    .args_size = sizeof(struct mt_desk_args),
    .arg = error_arg,
    .col = error_col,
    .run = errors_run,
};

/* --- vpp.infeed -------------------------------------------------------------------------------------- */

static const mt_field infeed_arg[] = {MT_ARG_DESK_DATA, MT_ARG_DESK_ASSET, MT_ARG_DESK_RULES, {.name = NULL}};

struct infeed_row {
    mt_time start;
    const char *asset;
    int64_t wh;
    const char *source, *quality;
    bool limited;
    double live_share;
    mt_time version;
    const char *file;
};

static const mt_field infeed_col[] = {
    {.name = "delivery_start", MT_TIME_AT(infeed_row, start), .doc = "of the quarter hour"},
    {.name = "asset_id", MT_TEXT_AT(infeed_row, asset), .doc = "the plant"},
    {.name = "energy_wh", MT_INT_AT(infeed_row, wh), .unit = MT_UNIT_WH, .doc = "fed in; empty: a gap"},
    {.name = "source", MT_TEXT_AT(infeed_row, source), .doc = "metering, live, forecast, model or gap"},
    {.name = "quality", MT_TEXT_AT(infeed_row, quality), .doc = "final, measured, estimated or missing"},
    {.name = "limited", MT_BOOL_AT(infeed_row, limited), .doc = "a forecast cut by a redispatch setpoint"},
    {.name = "live_share",
     MT_REAL_AT(infeed_row, live_share),
     .unit = MT_UNIT_ONE,
     .doc = "of the quarter that good live points cover"},
    {.name = "version", MT_TIME_AT(infeed_row, version), .doc = "of the forecast or the file"},
    {.name = "file", MT_TEXT_AT(infeed_row, file), .doc = "where the value was delivered"},
    {.name = NULL}};

static mt_code put_asset_infeed(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p,
                                const struct mt_desk_args *a, const mt_desk_asset *asset)
{
    const mt_infeed_quarter *q;
    (void)a;
    MT_TRY(mt_infeed(cx, &q, p->desk, asset));
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const struct infeed_row row = {.start = mt_portfolio_time(p, t),
                                       .asset = asset->asset_id,
                                       .wh = q[t].wh,
                                       .source = mt_infeed_source_name(q[t].source),
                                       .quality = mt_infeed_source_quality(q[t].source),
                                       .limited = q[t].limited,
                                       .live_share = (double)q[t].live_share,
                                       .version = q[t].version,
                                       .file = mt_portfolio_file(p, q[t].origin)};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_infeed(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return mt_desk_each_asset(cx, emit, p, a, put_asset_infeed);
}

static mt_code infeed_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_infeed, args, out, put_infeed);
}

const mt_op mt_op_vpp_infeed = {
    .name = "vpp.infeed",
    .summary = "best of infeed: what each plant fed in by quarter hour, and where the number comes from",
    .doc =
        "The first that is there: final metering, live points that cover enough of the quarter, the latest "
        "forecast limited by the redispatch setpoint; else a gap, which is no zero.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --asset WND-DE-003",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = infeed_arg,
    .col = infeed_col,
    .run = infeed_run,
};

/* --- vpp.infeed_portfolio ---------------------------------------------------------------------------- */

static const mt_field portfolio_arg[] = {MT_ARG_DESK_DATA, MT_ARG_DESK_RULES, {.name = NULL}};

struct sum_row {
    mt_time start;
    int64_t wh, metering, live, forecast, model, gaps;
    double final, measured, estimated;
};

static const mt_field portfolio_col[] = {
    {.name = "delivery_start", MT_TIME_AT(sum_row, start), .doc = "of the quarter hour"},
    {.name = "energy_wh",
     MT_INT_AT(sum_row, wh),
     .unit = MT_UNIT_WH,
     .doc = "of the plants that have a value"},
    {.name = "metering_wh",
     MT_INT_AT(sum_row, metering),
     .unit = MT_UNIT_WH,
     .doc = "of it by final metering"},
    {.name = "live_wh", MT_INT_AT(sum_row, live), .unit = MT_UNIT_WH, .doc = "by live points"},
    {.name = "forecast_wh", MT_INT_AT(sum_row, forecast), .unit = MT_UNIT_WH, .doc = "by forecasts"},
    {.name = "model_wh", MT_INT_AT(sum_row, model), .unit = MT_UNIT_WH, .doc = "by models of the plants"},
    {.name = "share_final",
     MT_REAL_AT(sum_row, final),
     .unit = MT_UNIT_ONE,
     .doc = "of the plants, by metering"},
    {.name = "share_measured", MT_REAL_AT(sum_row, measured), .unit = MT_UNIT_ONE, .doc = "by live points"},
    {.name = "share_estimated",
     MT_REAL_AT(sum_row, estimated),
     .unit = MT_UNIT_ONE,
     .doc = "by forecast or model"},
    {.name = "gaps", MT_INT_AT(sum_row, gaps), .unit = MT_UNIT_COUNT, .doc = "plants without any value"},
    {.name = NULL}};

static struct sum_row sum_row_of(const mt_portfolio *p, const mt_infeed_sum *s, size_t t)
{
    double n = (double)p->desk->n_asset;
    int32_t estimated = s->assets_of[MT_INFEED_FORECAST] + s->assets_of[MT_INFEED_MODEL];
    int32_t gaps = s->assets_of[MT_INFEED_GAP];
    return (struct sum_row){.start = mt_portfolio_time(p, t),
                            .wh = gaps == (int32_t)p->desk->n_asset ? MT_WH_NONE : s->wh,
                            .metering = s->wh_of[MT_INFEED_METER],
                            .live = s->wh_of[MT_INFEED_LIVE],
                            .forecast = s->wh_of[MT_INFEED_FORECAST],
                            .model = s->wh_of[MT_INFEED_MODEL],
                            .final = s->assets_of[MT_INFEED_METER] / n,
                            .measured = s->assets_of[MT_INFEED_LIVE] / n,
                            .estimated = estimated / n,
                            .gaps = gaps};
}

static mt_code put_sums(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    mt_portfolio_views all;
    const mt_infeed_sum *sum;
    (void)a;
    MT_TRY(mt_portfolio_all(cx, p, &all));
    MT_TRY(mt_infeed_portfolio(cx, &sum, p->desk, all.infeed));
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const struct sum_row row = sum_row_of(p, &sum[t], t);
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code portfolio_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_infeed_portfolio, args, out, put_sums);
}

const mt_op mt_op_vpp_infeed_portfolio = {
    .name = "vpp.infeed_portfolio",
    .summary = "best of infeed of all plants together by quarter hour, with the share of each source",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = portfolio_arg,
    .col = portfolio_col,
    .run = portfolio_run,
};
