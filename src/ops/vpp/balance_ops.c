/* Deviations and what they cost: vpp.imbalance by quarter, vpp.imbalance_total. */
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/imbalance.h"

static const char *const against_word[] = {"sold", "latest", "tradeable", NULL};

/* clang-format off */
#define ARG_AGAINST \
    {.name = "against", MT_CHOICE_AT(mt_desk_args, against), .choice = against_word, .fallback = "sold", \
     .doc = "what infeed is held against: what was sold (the portfolio's trades, an asset's own schedule), " \
            "the latest forecast, or the latest tradeable one"}
/* clang-format on */

static const mt_field imbalance_arg[] = {
    MT_ARG_DESK_DATA,
    MT_ARG_DESK_ASSET,
    {.name = "portfolio", MT_BOOL_AT(mt_desk_args, portfolio), .doc = "netted over all assets"},
    ARG_AGAINST,
    MT_ARG_DESK_RULES,
    {.name = NULL}};

static const char *const final_word[] = {"estimate", "final", NULL};

struct imbalance_row {
    mt_time start;
    const char *asset;
    int64_t measured, credited, bought, sold, imbalance;
    int64_t price;
    int final;
    int64_t cash, penalty;
};

static const mt_field imbalance_col[] = {
    {.name = "delivery_start", MT_TIME_AT(imbalance_row, start), .doc = "of the quarter hour"},
    {.name = "asset_id", MT_TEXT_AT(imbalance_row, asset), .doc = "portfolio: netted over its assets"},
    {.name = "measured_wh", MT_INT_AT(imbalance_row, measured), .unit = MT_UNIT_WH, .doc = "best of infeed"},
    {.name = "credited_wh",
     MT_INT_AT(imbalance_row, credited),
     .unit = MT_UNIT_WH,
     .doc = "redispatched energy that the grid operator balances"},
    {.name = "bought_wh", MT_INT_AT(imbalance_row, bought), .unit = MT_UNIT_WH, .doc = "by trades"},
    {.name = "sold_wh",
     MT_INT_AT(imbalance_row, sold),
     .unit = MT_UNIT_WH,
     .doc = "by trades or by schedule"},
    {.name = "imbalance_wh",
     MT_INT_AT(imbalance_row, imbalance),
     .unit = MT_UNIT_WH,
     .doc = "measured + credited + bought - sold; + is long; empty: infeed or schedule is missing"},
    {.name = "price_eur_mwh",
     MT_MICRO_AT(imbalance_row, price),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "of a short or a long group, by the sign"},
    {.name = "price_is",
     MT_CHOICE_AT(imbalance_row, final),
     .choice = final_word,
     .doc = "the final price, or its estimate; empty: none"},
    {.name = "cash_eur",
     MT_MICRO_AT(imbalance_row, cash),
     .unit = MT_UNIT_EUR,
     .doc = "imbalance x price: + is received, - is paid"},
    {.name = "penalty_eur",
     MT_MICRO_AT(imbalance_row, penalty),
     .unit = MT_UNIT_EUR,
     .doc = "the view in which every deviation costs: |cash|"},
    {.name = NULL}};

static mt_code put_quarters(mt_emit *emit, const mt_portfolio *p, const mt_imbalance_quarter *q,
                            const char *asset)
{
    for (size_t t = 0; t < p->desk->grid.n; t++) {
        const struct imbalance_row row = {.start = mt_portfolio_time(p, t),
                                          .asset = asset,
                                          .measured = q[t].measured_wh,
                                          .credited = q[t].credited_wh,
                                          .bought = q[t].bought_wh,
                                          .sold = q[t].sold_wh,
                                          .imbalance = q[t].imbalance_wh,
                                          .price = q[t].price,
                                          .final = q[t].price == MT_MICRO_NONE ? -1 : q[t].final,
                                          .cash = q[t].cash_ueur,
                                          .penalty = q[t].penalty_ueur};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code balance_asset(mt_ctx *cx, const mt_portfolio *p, const struct mt_desk_args *a,
                             const mt_desk_asset *asset, const mt_imbalance_quarter **out)
{
    mt_asset_view view;
    MT_TRY(mt_portfolio_view(cx, p, &view, asset));
    return mt_imbalance_asset(cx, out, p->desk, asset, view.infeed, view.redispatch, (mt_against)a->against);
}

static mt_code balance_portfolio(mt_ctx *cx, const mt_portfolio *p, const struct mt_desk_args *a,
                                 const mt_imbalance_quarter **out)
{
    mt_portfolio_views all;
    MT_TRY(mt_portfolio_all(cx, p, &all));
    return mt_imbalance_portfolio(cx, out, p->desk, all.infeed, all.redispatch, (mt_against)a->against);
}

static mt_code put_asset(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                         const mt_desk_asset *asset)
{
    const mt_imbalance_quarter *q;
    MT_TRY(balance_asset(cx, p, a, asset, &q));
    return put_quarters(emit, p, q, asset->asset_id);
}

static mt_code put_imbalance(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_imbalance_quarter *q;
    if (!a->portfolio) return mt_desk_each_asset(cx, emit, p, a, put_asset);
    MT_TRY(balance_portfolio(cx, p, a, &q));
    return put_quarters(emit, p, q, "portfolio");
}

static mt_code imbalance_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_imbalance, args, out, put_imbalance);
}

const mt_op mt_op_vpp_imbalance = {
    .name = "vpp.imbalance",
    .summary = "deviation of each plant or of the netted portfolio by quarter hour, with its cash",
    .doc = "Prices are the final imbalance price of a short or a long group, else its estimate. Cash is "
           "signed; the penalty view, in which every deviation costs, is a column of its own.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --portfolio",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_OPERATIONS | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = imbalance_arg,
    .col = imbalance_col,
    .run = imbalance_run,
};

/* --- totals ------------------------------------------------------------------------------------------ */

static const mt_field total_arg[] = {MT_ARG_DESK_DATA, ARG_AGAINST, MT_ARG_DESK_RULES, {.name = NULL}};

struct total_row {
    const char *asset;
    int64_t imbalance, long_wh, short_wh, cash, penalty, quarters, estimated, unpriced;
    double share;
};

static const mt_field total_col[] = {
    {.name = "asset_id", MT_TEXT_AT(total_row, asset), .doc = "last: the netted portfolio"},
    {.name = "imbalance_wh",
     MT_INT_AT(total_row, imbalance),
     .unit = MT_UNIT_WH,
     .doc = "long less short; empty: no quarter has one"},
    {.name = "long_wh", MT_INT_AT(total_row, long_wh), .unit = MT_UNIT_WH, .doc = "of quarters too much"},
    {.name = "short_wh", MT_INT_AT(total_row, short_wh), .unit = MT_UNIT_WH, .doc = "of quarters too little"},
    {.name = "cash_eur", MT_MICRO_AT(total_row, cash), .unit = MT_UNIT_EUR, .doc = "+ is received"},
    {.name = "penalty_eur",
     MT_MICRO_AT(total_row, penalty),
     .unit = MT_UNIT_EUR,
     .doc = "every deviation costs"},
    {.name = "quarters", MT_INT_AT(total_row, quarters), .unit = MT_UNIT_COUNT, .doc = "with an imbalance"},
    {.name = "estimated",
     MT_INT_AT(total_row, estimated),
     .unit = MT_UNIT_COUNT,
     .doc = "of them priced by the estimate"},
    {.name = "unpriced",
     MT_INT_AT(total_row, unpriced),
     .unit = MT_UNIT_COUNT,
     .doc = "of them without price"},
    {.name = "estimated_share",
     MT_REAL_AT(total_row, share),
     .unit = MT_UNIT_ONE,
     .doc = "of the priced energy, without sign"},
    {.name = NULL}};

static mt_code put_sum(mt_emit *emit, const mt_portfolio *p, const mt_imbalance_quarter *q, const char *asset)
{
    mt_imbalance_sum s = mt_imbalance_total(q, p->desk->grid.n);
    if (s.quarters == 0)
        s.imbalance_wh = s.long_wh = s.short_wh = s.cash_ueur = s.penalty_ueur = MT_MICRO_NONE;
    const struct total_row row = {asset,          s.imbalance_wh, s.long_wh,   s.short_wh, s.cash_ueur,
                                  s.penalty_ueur, s.quarters,     s.estimated, s.unpriced, s.estimated_share};
    return mt_emit_put(emit, &row);
}

static mt_code put_asset_total(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a,
                               const mt_desk_asset *asset)
{
    const mt_imbalance_quarter *q;
    MT_TRY(balance_asset(cx, p, a, asset, &q));
    return put_sum(emit, p, q, asset->asset_id);
}

static mt_code put_totals(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_imbalance_quarter *q;
    MT_TRY(mt_desk_each_asset(cx, emit, p, a, put_asset_total));
    MT_TRY(balance_portfolio(cx, p, a, &q));
    return put_sum(emit, p, q, "portfolio");
}

static mt_code total_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_imbalance_total, args, out, put_totals);
}

const mt_op mt_op_vpp_imbalance_total = {
    .name = "vpp.imbalance_total",
    .summary = "deviations and their cash summed up, a row a plant and one for the netted portfolio",
    .example = "--data tests/data/portfolio --day 2025-06-08 --against tradeable",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_OPERATIONS | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = total_arg,
    .col = total_col,
    .run = total_run,
};
