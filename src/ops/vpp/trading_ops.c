/* What was traded and earned: vpp.trading. */
#include "formats/vpp/name.h"
#include "ops/vpp/desk_rows.h"
#include "ops/vpp/vpp_ops.h"
#include "vpp/trading.h"

static const char *const by_word[] = {"quarter", "hour", "trader", "strategy", "all", NULL};

static const mt_field trading_arg[] = {
    MT_ARG_DESK_DATA,
    {.name = "by",
     MT_CHOICE_AT(mt_desk_args, by),
     .choice = by_word,
     .fallback = "quarter",
     .doc = "what a row is: a quarter hour, an hour, a trader, a strategy, or all"},
    MT_ARG_DESK_RULES,
    {.name = NULL}};

struct trading_row {
    mt_time start;
    const char *group;
    int64_t trades, bought, sold, net, cash, vwap, day_ahead, market, mark;
    const char *unit;
};

static const mt_field trading_col[] = {
    {.name = "delivery_start", MT_TIME_AT(trading_row, start), .doc = "of the quarter or hour"},
    {.name = "group",
     MT_TEXT_AT(trading_row, group),
     .doc = "trader or strategy; empty: by time, or not told"},
    {.name = "trades",
     MT_INT_AT(trading_row, trades),
     .unit = MT_UNIT_COUNT,
     .doc = "that touch it; an hourly trade touches four quarters"},
    {.name = "bought_wh", MT_INT_AT(trading_row, bought), .unit = MT_UNIT_WH, .doc = "bought volume"},
    {.name = "sold_wh", MT_INT_AT(trading_row, sold), .unit = MT_UNIT_WH, .doc = "sold volume"},
    {.name = "net_wh", MT_INT_AT(trading_row, net), .unit = MT_UNIT_WH, .doc = "sold less bought"},
    {.name = "cash_eur", MT_MICRO_AT(trading_row, cash), .unit = MT_UNIT_EUR, .doc = "sales less purchases"},
    {.name = "vwap_eur_mwh",
     MT_MICRO_AT(trading_row, vwap),
     .unit = MT_UNIT_EUR_PER_MWH,
     .doc = "volume-weighted mean price of buys and sells alike"},
    {.name = "against_day_ahead_eur",
     MT_MICRO_AT(trading_row, day_ahead),
     .unit = MT_UNIT_EUR,
     .doc = "better than at the day-ahead price; empty: none was delivered"},
    {.name = "against_market_eur",
     MT_MICRO_AT(trading_row, market),
     .unit = MT_UNIT_EUR,
     .doc = "better than at the intraday index, else the public VWAP"},
    {.name = "mark_eur",
     MT_MICRO_AT(trading_row, mark),
     .unit = MT_UNIT_EUR,
     .doc = "what closing the net volume at that reference would bring"},
    {.name = "volume_unit",
     MT_TEXT_AT(trading_row, unit),
     .doc = "of the volumes: as the caller said, else the file"},
    {.name = NULL}};

/* The unit that the newest file of own trades was read in, by what the quality report tells of it. */
static const char *volume_unit(const mt_desk *desk, const struct mt_desk_args *a)
{
    const char *unit = mt_desk_volume_choice[a->volume_unit];
    for (size_t k = 0; k < desk->n_finding && a->volume_unit == 0; k++) {
        const mt_finding *f = &desk->finding[k];
        if (f->kind != MT_F_UNIT || !f->file || !f->asset_id) continue;
        if (mt_vpp_name_read(mt_text_of(f->file)).kind == MT_VPP_PRIVATE_TRADES) unit = f->asset_id;
    }
    return unit;
}

static mt_code put_trading(mt_ctx *cx, mt_emit *emit, const mt_portfolio *p, const struct mt_desk_args *a)
{
    const mt_trading_row *r;
    const char *unit = volume_unit(p->desk, a);
    size_t n;
    MT_TRY(mt_trading(cx, &r, &n, p->desk, (mt_trading_by)a->by));
    for (size_t k = 0; k < n; k++) {
        const struct trading_row row = {.start = r[k].start,
                                        .group = r[k].group,
                                        .trades = r[k].trades,
                                        .bought = r[k].bought_wh,
                                        .sold = r[k].sold_wh,
                                        .net = r[k].net_wh,
                                        .cash = r[k].cash_ueur,
                                        .vwap = r[k].vwap,
                                        .day_ahead = r[k].against_day_ahead_ueur,
                                        .market = r[k].against_market_ueur,
                                        .mark = r[k].mark_ueur,
                                        .unit = unit};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return MT_OK;
}

static mt_code trading_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    return mt_desk_rows(cx, world, &mt_op_vpp_trading, args, out, put_trading);
}

const mt_op mt_op_vpp_trading = {
    .name = "vpp.trading",
    .summary = "cash, volumes, VWAP and profit of own trades by quarter, hour, trader or strategy",
    .doc = "Profit stands in named columns: cash, against day-ahead, against the market, and the mark of the "
           "open volume. Hourly trades are four quarters of the same power.",
    .example = "--data tests/data/portfolio --day 2025-06-08 --by hour",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .desk = MT_DESK_TRADER | MT_DESK_RISK,
    .args_size = sizeof(struct mt_desk_args),
    .arg = trading_arg,
    .col = trading_col,
    .run = trading_run,
};
