/* Energy that was not fed in: vpp.redispatch (by the grid operator), vpp.curtail (by the trader). */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"

static const mt_field asset_arg[] = {MT_ARG_DESK_DATA, MT_ARG_DESK_ASSET, MT_ARG_DESK_RULES, {.name = NULL}};

/* --- vpp.redispatch ---------------------------------------------------------------------------------- */

struct redispatch_row {
    mt_time start;
    const char *asset;
    int64_t setpoint, forecast, infeed, lost, credited, price, payout;
    const char *scheme, *rule;
    bool suspended;
    const char *file;
};

static const mt_field redispatch_col[] = {
    {.name = "delivery_start", MT_TIME_AT(redispatch_row, start), .doc = "of the redispatched quarter hour"},
    {.name = "asset_id", MT_TEXT_AT(redispatch_row, asset), .doc = "the plant"},
    {.name = "setpoint_kw",
     MT_MICRO_AT(redispatch_row, setpoint),
     .unit = MT_UNIT_KW,
     .doc = "that was ordered; 0: switched off"},
    {.name = "forecast_wh",
     MT_INT_AT(redispatch_row, forecast),
     .unit = MT_UNIT_WH,
     .doc = "what it would have fed in, by the rule"},
    {.name = "infeed_wh", MT_INT_AT(redispatch_row, infeed), .unit = MT_UNIT_WH, .doc = "best of infeed"},
    {.name = "lost_wh",
     MT_INT_AT(redispatch_row, lost),
     .unit = MT_UNIT_WH,
     .doc = "less than without the order; empty: the rule's inputs are missing"},
    {.name = "credited_wh",
     MT_INT_AT(redispatch_row, credited),
     .unit = MT_UNIT_WH,
     .doc = "of it balanced by the grid operator"},
    {.name = "price_eur_mwh",
     MT_MICRO_AT(redispatch_row, price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "by which it is compensated; empty: none was delivered"},
    {.name = "payout_eur", MT_MICRO_AT(redispatch_row, payout), .unit = MT_UNIT_EUR, .doc = "lost x price"},
    {.name = "scheme", MT_TEXT_AT(redispatch_row, scheme), .doc = "who owes what"},
    {.name = "rule", MT_TEXT_AT(redispatch_row, rule), .doc = "how lost energy is found"},
    {.name = "premium_suspended",
     MT_BOOL_AT(redispatch_row, suspended),
     .doc = "in a run of negative prices that suspends the market premium"},
    {.name = "file", MT_TEXT_AT(redispatch_row, file), .doc = "where the order was delivered"},
    {.name = NULL}};

static mt_code put_redispatch(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                              const mt_desk_asset *asset)
{
    mt_asset_view view;
    (void)a;
    MT_TRY(mt_portfolio_view(cx, p, &view, asset));
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const mt_redispatch_quarter *q = &view.redispatch[t];
        if (!q->redispatched) continue;
        const struct redispatch_row row = {.start = mt_portfolio_time(p, t),
                                           .asset = asset->asset_id,
                                           .setpoint = q->setpoint_kw,
                                           .forecast = q->forecast_wh,
                                           .infeed = view.infeed[t].wh,
                                           .lost = q->lost_wh,
                                           .credited = q->credited_wh,
                                           .price = q->price,
                                           .payout = q->payout_ueur,
                                           .scheme = mt_scheme_word[q->scheme],
                                           .rule = mt_lost_rule_word[q->rule],
                                           .suspended = q->negative_period,
                                           .file = mt_portfolio_file(p, q->origin)};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_redispatches(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p,
                                const struct mt_desk_args *a)
{
    return mt_desk_each_asset(cx, emit, p, a, put_redispatch);
}

static mt_code redispatch_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_redispatch, args, out, put_redispatches);
}

const mt_op mt_op_vpp_redispatch = {
    .name = "vpp.redispatch",
    .summary = "redispatched quarter hours: setpoint, lost energy, credit and compensation",
    .doc = "The claim to the grid operator is made by vpp.invoice as a document of its own.",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = asset_arg,
    .col = redispatch_col,
    .run = redispatch_run,
};

/* --- vpp.curtail ------------------------------------------------------------------------------------- */

struct curtail_row {
    mt_time start;
    const char *asset;
    int64_t stop_price, price;
    bool stop;
    int64_t expected, infeed, curtailed, compensation;
};

static const mt_field curtail_col[] = {
    {.name = "delivery_start", MT_TIME_AT(curtail_row, start), .doc = "of the quarter hour"},
    {.name = "asset_id", MT_TEXT_AT(curtail_row, asset), .doc = "the plant"},
    {.name = "stop_price_eur_mwh",
     MT_MICRO_AT(curtail_row, stop_price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "below it a MWh fed in loses money: minus the expected market premium"},
    {.name = "price_eur_mwh",
     MT_MICRO_AT(curtail_row, price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "day-ahead; empty: none was delivered"},
    {.name = "stop", MT_BOOL_AT(curtail_row, stop), .doc = "the price is below, and nobody else stopped it"},
    {.name = "expected_wh",
     MT_INT_AT(curtail_row, expected),
     .unit = MT_UNIT_WH,
     .doc = "by the latest tradeable forecast"},
    {.name = "infeed_wh", MT_INT_AT(curtail_row, infeed), .unit = MT_UNIT_WH, .doc = "best of infeed"},
    {.name = "curtailed_wh",
     MT_INT_AT(curtail_row, curtailed),
     .unit = MT_UNIT_WH,
     .doc = "expected less infeed where it was to stop"},
    {.name = "compensation_eur",
     MT_MICRO_AT(curtail_row, compensation),
     .unit = MT_UNIT_EUR,
     .doc = "to the owner, by contract"},
    {.name = NULL}};

static mt_code put_curtail(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                           const mt_desk_asset *asset)
{
    mt_asset_view view;
    (void)a;
    MT_TRY(mt_portfolio_view(cx, p, &view, asset));
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const mt_curtail_quarter *q = &view.curtail[t];
        const struct curtail_row row = {
            mt_portfolio_time(p, t), asset->asset_id, q->stop_price,       q->price, q->stop, q->expected_wh,
            view.infeed[t].wh,       q->curtailed_wh, q->compensation_ueur};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code put_curtails(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    return mt_desk_each_asset(cx, emit, p, a, put_curtail);
}

static mt_code curtail_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_curtail, args, out, put_curtails);
}

const mt_op mt_op_vpp_curtail = {
    .name = "vpp.curtail",
    .summary = "the price below which each plant should stop, and what was curtailed for the market",
    .doc = "Curtailment for the market stays apart from redispatch: nobody else's order is in it.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --asset WND-DE-001",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_ALL,
    .args_size = sizeof(struct mt_desk_args),
    .arg = asset_arg,
    .col = curtail_col,
    .run = curtail_run,
};
