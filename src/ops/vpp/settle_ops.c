/* What contracts are owed: vpp.settle (a row a contract), vpp.settled (a row a quarter hour). */
#include "ops/vpp/delivered.h"
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/settlements.h"
#include "ops/vpp/vpp_ops.h"

#include <string.h>

static const mt_field settle_arg[] = {MT_ARG_DESK_DATA,
                                      {.name = "contract",
                                       MT_TEXT_AT(mt_desk_args, contract),
                                       .doc = "only this contract; missing: all of them"},
                                      MT_ARG_DESK_RULES,
                                      {.name = NULL}};

struct settle_row {
    const char *contract, *asset, *price_model, *fee_model;
    mt_day from, until;
    int64_t quarters, gaps, infeed, paid, payout, fee, redispatch_wh, redispatch, curtailed, curtailment,
        premium;
    const char *fault;
};

static const mt_field settle_col[] = {
    {.name = "contract_id", MT_TEXT_AT(settle_row, contract), .doc = "the contract"},
    {.name = "asset_id", MT_TEXT_AT(settle_row, asset), .doc = "its plant"},
    {.name = "price_model", MT_TEXT_AT(settle_row, price_model), .doc = "what infeed is paid by"},
    {.name = "fee_model", MT_TEXT_AT(settle_row, fee_model), .doc = "what the trader takes"},
    {.name = "from", MT_DAY_AT(settle_row, from), .doc = "first settled day of the contract"},
    {.name = "until", MT_DAY_AT(settle_row, until), .doc = "last settled day, included"},
    {.name = "quarters", MT_INT_AT(settle_row, quarters), .unit = MT_UNIT_COUNT, .doc = "of these days"},
    {.name = "gaps",
     MT_INT_AT(settle_row, gaps),
     .unit = MT_UNIT_COUNT,
     .doc = "of them without any infeed value"},
    {.name = "infeed_wh", MT_INT_AT(settle_row, infeed), .unit = MT_UNIT_WH, .doc = "best of infeed"},
    {.name = "paid_wh",
     MT_INT_AT(settle_row, paid),
     .unit = MT_UNIT_WH,
     .doc = "without quarters below zero"},
    {.name = "payout_eur", MT_MICRO_AT(settle_row, payout), .unit = MT_UNIT_EUR, .doc = "for infeed"},
    {.name = "fee_eur", MT_MICRO_AT(settle_row, fee), .unit = MT_UNIT_EUR, .doc = "the trader's"},
    {.name = "redispatch_wh",
     MT_INT_AT(settle_row, redispatch_wh),
     .unit = MT_UNIT_WH,
     .doc = "lost to redispatch"},
    {.name = "redispatch_eur",
     MT_MICRO_AT(settle_row, redispatch),
     .unit = MT_UNIT_EUR,
     .doc = "owed for it"},
    {.name = "curtailed_wh",
     MT_INT_AT(settle_row, curtailed),
     .unit = MT_UNIT_WH,
     .doc = "stopped by the trader for the market"},
    {.name = "curtailment_eur",
     MT_MICRO_AT(settle_row, curtailment),
     .unit = MT_UNIT_EUR,
     .doc = "owed for it"},
    {.name = "premium_eur",
     MT_MICRO_AT(settle_row, premium),
     .unit = MT_UNIT_EUR,
     .doc = "market premium, a statement: the grid operator pays it"},
    {.name = "fault", MT_TEXT_AT(settle_row, fault), .doc = "why it cannot be priced; empty: it is"},
    {.name = NULL}};

static bool is_wanted(const struct mt_desk_args *a, const mt_settlement *s)
{
    return !a->contract || strcmp(a->contract, s->contract->contract_id) == 0;
}

static mt_code put_settlement(mt_emit *emit, const mt_settlement *s)
{
    const struct settle_row row = {.contract = s->contract->contract_id,
                                   .asset = s->contract->asset_id,
                                   .price_model = mt_price_model_word[s->contract->price_model],
                                   .fee_model = mt_fee_model_word[s->contract->fee_model],
                                   .from = s->from,
                                   .until = s->until,
                                   .quarters = s->quarters,
                                   .gaps = s->gaps,
                                   .infeed = s->infeed_wh,
                                   .paid = s->paid_wh,
                                   .payout = s->payout_ueur,
                                   .fee = s->fee_ueur,
                                   .redispatch_wh = s->redispatch_wh,
                                   .redispatch = s->redispatch_ueur,
                                   .curtailed = s->curtailed_wh,
                                   .curtailment = s->curtailment_ueur,
                                   .premium = s->premium_ueur,
                                   .fault = s->fault};
    return mt_emit_put(emit, &row);
}

struct settling {
    mt_emit *emit;
    const struct mt_desk_args *args;
    int faults, n;
};

static mt_code take_settlement(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct settling *w = arg;
    (void)cx;
    (void)p;
    if (!is_wanted(w->args, s)) return MT_OK;
    w->n++;
    w->faults += s->fault != NULL;
    return put_settlement(w->emit, s);
}

static mt_code check_contract(mt_ctx *cx, const struct settling *w)
{
    if (w->args->contract && !w->n)
        return mt_fail(cx, MT_E_ABSENT, "there is no contract %s of yours in these days", w->args->contract);
    return w->faults ? mt_fail(cx, MT_FINDINGS, "contracts that cannot be priced: %d", w->faults) : MT_OK;
}

static mt_code put_settlements(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    struct settling w = {.emit = emit, .args = a};
    MT_TRY(mt_check_delivered(cx, p));
    MT_TRY(mt_settlements(cx, p, take_settlement, &w));
    return check_contract(cx, &w);
}

static mt_code settle_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_settle, args, out, put_settlements);
}

const mt_op mt_op_vpp_settle = {
    .name = "vpp.settle",
    .summary = "what each contract is owed for the days: infeed, payout, fee, redispatch, curtailment",
    .doc = "Amounts are exact sums of quarter hours, before any rounding to cents. A contract that cannot be "
           "priced has a fault that names the field or the price; the status is then 7.",
    .example = "--data tests/data/portfolio --day 2025-06-08",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK | MT_DESK_OWNER,
    .args_size = sizeof(struct mt_desk_args),
    .arg = settle_arg,
    .col = settle_col,
    .run = settle_run,
};

/* --- by quarter -------------------------------------------------------------------------------------- */

struct settled_row {
    mt_time start;
    const char *contract, *asset;
    int64_t infeed, paid, price, payout, fee, redispatch_wh, redispatch, curtailed, curtailment;
    const char *source, *file;
};

static const mt_field settled_col[] = {
    {.name = "delivery_start", MT_TIME_AT(settled_row, start), .doc = "of the quarter hour"},
    {.name = "contract_id", MT_TEXT_AT(settled_row, contract), .doc = "the contract"},
    {.name = "asset_id", MT_TEXT_AT(settled_row, asset), .doc = "its plant"},
    {.name = "infeed_wh", MT_INT_AT(settled_row, infeed), .unit = MT_UNIT_WH, .doc = "best of infeed"},
    {.name = "paid_wh", MT_INT_AT(settled_row, paid), .unit = MT_UNIT_WH, .doc = "at least 0"},
    {.name = "price_eur_mwh",
     MT_MICRO_AT(settled_row, price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "by the price model, after floor and cap"},
    {.name = "payout_eur", MT_MICRO_AT(settled_row, payout), .unit = MT_UNIT_EUR, .doc = "paid x price"},
    {.name = "fee_eur",
     MT_MICRO_AT(settled_row, fee),
     .unit = MT_UNIT_EUR,
     .doc = "the trader's, by quarter"},
    {.name = "redispatch_wh", MT_INT_AT(settled_row, redispatch_wh), .unit = MT_UNIT_WH, .doc = "lost"},
    {.name = "redispatch_eur",
     MT_MICRO_AT(settled_row, redispatch),
     .unit = MT_UNIT_EUR,
     .doc = "owed for it"},
    {.name = "curtailed_wh", MT_INT_AT(settled_row, curtailed), .unit = MT_UNIT_WH, .doc = "for the market"},
    {.name = "curtailment_eur",
     MT_MICRO_AT(settled_row, curtailment),
     .unit = MT_UNIT_EUR,
     .doc = "owed for it"},
    {.name = "source", MT_TEXT_AT(settled_row, source), .doc = "of the infeed"},
    {.name = "file", MT_TEXT_AT(settled_row, file), .doc = "where it was delivered"},
    {.name = NULL}};

static mt_code take_quarters(mt_ctx *cx, void *arg, const mt_portfolio *p, const mt_settlement *s)
{
    struct settling *w = arg;
    (void)cx;
    if (!is_wanted(w->args, s)) return MT_OK;
    w->n++;
    w->faults += s->fault != NULL;
    for (size_t t = 0; t < s->n; t++) {
        const mt_settled_quarter *q = &s->quarter[t];
        if (q->other) continue;
        const struct settled_row row = {.start = mt_portfolio_time(p, s->first + t),
                                        .contract = s->contract->contract_id,
                                        .asset = s->contract->asset_id,
                                        .infeed = q->infeed_wh,
                                        .paid = q->paid_wh,
                                        .price = q->price,
                                        .payout = q->payout_ueur,
                                        .fee = q->fee_ueur,
                                        .redispatch_wh = q->redispatch_wh,
                                        .redispatch = q->redispatch_ueur,
                                        .curtailed = q->curtailed_wh,
                                        .curtailment = q->curtailment_ueur,
                                        .source = mt_infeed_source_name(q->source),
                                        .file = mt_portfolio_file(p, q->origin)};
        MT_TRY(mt_emit_put(w->emit, &row));
    }
    return MT_OK;
}

static mt_code put_settled(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    struct settling w = {.emit = emit, .args = a};
    MT_TRY(mt_check_delivered(cx, p));
    MT_TRY(mt_settlements(cx, p, take_quarters, &w));
    return check_contract(cx, &w);
}

static mt_code settled_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_settled, args, out, put_settled);
}

const mt_op mt_op_vpp_settled = {
    .name = "vpp.settled",
    .summary = "the settlement of contracts quarter hour by quarter hour, with the file each value came from",
    .example = "--data tests/data/portfolio --day 2025-06-08 --contract CON1_SOL-DE-002",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK | MT_DESK_OWNER,
    .args_size = sizeof(struct mt_desk_args),
    .arg = settle_arg,
    .col = settled_col,
    .run = settled_run,
};
