/* Sums of an asset's quarters, and the portfolio's as sums of sums. */
#include "vpp/report.h"

#include <math.h>

#include "vpp/scheme/lost.h"

#define KW_OF_WH 0.004 /* in a quarter hour */

/* What a row is made from; a portfolio's is the sum of its assets'. */
typedef struct tally {
    int64_t wh, worth_ueur, worth_wh; /* worth: of quarters with a price */
    int64_t with_infeed, priced, unpriced;
    double possible_wh;               /* capacity in quarters with infeed */
    double all_wh, outage_wh;         /* capacity in all quarters where outages are told */
    double error_kw, signed_error_kw; /* sums over `errors` quarters */
    int64_t errors, quarters;
    int64_t from[MT_INFEED_SOURCES];
    bool has_capacity;
} tally;

typedef struct pair {
    int64_t measured_wh, forecast_wh, assets;
} pair;

typedef struct run {
    const mt_desk *desk;
    const mt_infeed_quarter **infeed;
    const mt_redispatch_quarter **redispatch;
    pair *pair; /* by quarter, over the portfolio */
    tally all;
    mt_report_row *row;
    const int64_t *payout, *fee;
} run;

static mt_micro reference_at(const mt_desk *desk, size_t quarter)
{
    if (desk->price[MT_PRICE_OF_DAY_AHEAD].price)
        return mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, quarter);
    return mt_desk_vwap_at(desk, quarter);
}

static const char *reference_name(const mt_desk *desk)
{
    if (desk->price[MT_PRICE_OF_DAY_AHEAD].price) return "day_ahead";
    return desk->all.trades > 0 ? "public_vwap" : NULL;
}

static double capacity_wh(const mt_desk *desk, const mt_desk_asset *asset, size_t quarter)
{
    const int64_t wh = mt_capacity_wh(desk, asset, quarter);
    return wh == MT_WH_NONE ? NAN : (double)wh;
}

static void count_worth(tally *t, const mt_desk *desk, int64_t wh, size_t quarter)
{
    const int64_t worth = mt_ueur_of(wh, reference_at(desk, quarter));
    t->wh = mt_exact_sum(t->wh, wh);
    t->with_infeed++;
    if (worth == MT_MICRO_NONE) {
        t->unpriced++;
        return;
    }
    t->priced++;
    t->worth_wh = mt_exact_sum(t->worth_wh, wh);
    t->worth_ueur = mt_exact_sum(t->worth_ueur, worth);
}

static void count_outage(tally *t, const mt_desk_asset *asset, double capacity, size_t quarter)
{
    if (!asset->outage_kw || isnan(capacity)) return;
    const int64_t wh = mt_wh_of_kw(asset->outage_kw[quarter]);
    t->all_wh += capacity;
    if (wh != MT_WH_NONE) t->outage_wh += fmin((double)wh, capacity);
}

static void count_infeed(tally *t, const mt_desk *desk, const mt_desk_asset *asset,
                         const mt_infeed_quarter *infeed)
{
    t->has_capacity = true;
    for (size_t q = 0; q < desk->grid.n; q++) {
        const double capacity = capacity_wh(desk, asset, q);
        t->quarters++;
        t->from[infeed[q].source]++;
        t->has_capacity &= !isnan(capacity);
        count_outage(t, asset, capacity, q);
        if (infeed[q].wh == MT_WH_NONE) continue;
        t->possible_wh += capacity;
        count_worth(t, desk, infeed[q].wh, q);
    }
}

static void count_errors(run *r, tally *t, const mt_infeed_quarter *infeed,
                         const mt_redispatch_quarter *redispatch, const mt_forecast_quarter *forecast)
{
    for (size_t q = 0; q < r->desk->grid.n; q++) {
        const bool measured = infeed[q].source == MT_INFEED_METER || infeed[q].source == MT_INFEED_LIVE;
        if (!measured || forecast[q].wh == MT_WH_NONE || (redispatch && redispatch[q].redispatched)) continue;
        const double error_kw = (double)(forecast[q].wh - infeed[q].wh) * KW_OF_WH;
        t->error_kw += fabs(error_kw);
        t->signed_error_kw += error_kw;
        t->errors++;
        r->pair[q].measured_wh += infeed[q].wh;
        r->pair[q].forecast_wh += forecast[q].wh;
        r->pair[q].assets++;
    }
}

static void add_tally(tally *sum, const tally *t)
{
    sum->wh = mt_exact_sum(sum->wh, t->wh);
    sum->worth_ueur = mt_exact_sum(sum->worth_ueur, t->worth_ueur);
    sum->worth_wh = mt_exact_sum(sum->worth_wh, t->worth_wh);
    sum->with_infeed += t->with_infeed;
    sum->priced += t->priced;
    sum->unpriced += t->unpriced;
    sum->quarters += t->quarters;
    sum->possible_wh += t->possible_wh;
    sum->all_wh += t->all_wh;
    sum->outage_wh += t->outage_wh;
    for (size_t k = 0; k < MT_INFEED_SOURCES; k++) sum->from[k] += t->from[k];
    sum->has_capacity &= t->has_capacity;
}

static mt_micro base_price(const mt_desk *desk)
{
    int64_t sum = 0, n = 0;
    for (size_t q = 0; q < desk->grid.n; q++) {
        const mt_micro price = reference_at(desk, q);
        if (price == MT_MICRO_NONE) continue;
        sum = mt_exact_sum(sum, price);
        n++;
    }
    return n ? mt_exact_ratio(sum, 1, n) : MT_MICRO_NONE;
}

static double ratio(double numerator, double denominator)
{
    return denominator > 0 ? numerator / denominator : NAN;
}

/* capacity_w stands in the row. */
static void write_tally(const mt_desk *desk, mt_report_row *row, const tally *t)
{
    row->energy_wh = t->with_infeed ? t->wh : MT_WH_NONE;
    row->capacity_factor = t->has_capacity && t->with_infeed ? ratio((double)t->wh, t->possible_wh) : NAN;
    row->revenue_price = reference_name(desk);
    row->revenue_ueur = t->priced ? t->worth_ueur : MT_MICRO_NONE;
    row->unpriced = t->unpriced;
    row->base_price = base_price(desk);
    row->capture_price =
        t->worth_wh > 0 ? mt_exact_ratio(row->revenue_ueur, MT_MICRO_ONE, t->worth_wh) : MT_MICRO_NONE;
    row->capture_rate = row->capture_price == MT_MICRO_NONE || row->base_price == MT_MICRO_NONE
                            ? NAN
                            : ratio((double)row->capture_price, (double)row->base_price);
    row->availability = t->all_wh > 0 ? 1 - t->outage_wh / t->all_wh : NAN;
    row->mae_kw = ratio(t->error_kw, (double)t->errors);
    row->bias_kw = ratio(t->signed_error_kw, (double)t->errors);
    row->nmae = row->capacity_w > 0 ? row->mae_kw * 1000 / (double)row->capacity_w : NAN;
    for (size_t k = 0; k < MT_INFEED_SOURCES; k++)
        row->share_of[k] = ratio((double)t->from[k], (double)t->quarters);
}

static void write_imbalance(mt_report_row *row, mt_imbalance_sum sum)
{
    const bool priced = sum.quarters > sum.unpriced;
    row->imbalance_wh = sum.quarters ? sum.imbalance_wh : MT_WH_NONE;
    row->imbalance_ueur = priced ? sum.cash_ueur : MT_MICRO_NONE;
    row->penalty_ueur = priced ? sum.penalty_ueur : MT_MICRO_NONE;
}

static void write_redispatch(mt_report_row *row, const mt_redispatch_quarter *redispatch, size_t n)
{
    for (size_t q = 0; redispatch && q < n; q++) {
        row->lost_wh = mt_exact_sum(row->lost_wh, redispatch[q].lost_wh);
        row->redispatch_ueur = mt_exact_sum(row->redispatch_ueur, redispatch[q].payout_ueur);
    }
}

static void write_curtailment(const mt_desk *desk, mt_report_row *row, const mt_curtail_quarter *curtail)
{
    for (size_t q = 0; q < desk->grid.n; q++) {
        row->curtailed_wh = mt_exact_sum(row->curtailed_wh, curtail[q].curtailed_wh);
        if (curtail[q].curtailed_wh != MT_WH_NONE)
            row->curtailment_ueur = mt_exact_sum(row->curtailment_ueur, curtail[q].compensation_ueur);
    }
    if (!desk->price[MT_PRICE_OF_DAY_AHEAD].price) row->curtailed_wh = MT_WH_NONE;
}

/* earned: cash of trades, or the worth of an asset's energy. */
static void write_margin(mt_report_row *row, int64_t earned_ueur)
{
    row->margin_ueur = MT_MICRO_NONE;
    if (row->not_priced || row->payout_ueur == MT_MICRO_NONE || row->curtailment_ueur == MT_MICRO_NONE)
        return;
    int64_t margin = mt_exact_sum(mt_exact_sum(earned_ueur, row->imbalance_ueur), row->fee_ueur);
    row->margin_ueur =
        mt_exact_difference(mt_exact_difference(margin, row->payout_ueur), row->curtailment_ueur);
}

static void write_contract(const run *r, mt_report_row *row, size_t k)
{
    row->payout_ueur = r->payout ? r->payout[k] : MT_MICRO_NONE;
    row->fee_ueur = r->fee ? r->fee[k] : MT_MICRO_NONE;
    row->not_priced = r->desk->asset[k].n_contract > 0 && row->payout_ueur == MT_MICRO_NONE;
}

static mt_code write_asset(mt_ctx *cx, run *r, size_t k)
{
    const mt_desk *desk = r->desk;
    const mt_desk_asset *asset = &desk->asset[k];
    mt_report_row *row = &r->row[k];
    const mt_curtail_quarter *curtail;
    const mt_imbalance_quarter *imbalance;
    const mt_forecast_quarter *forecast;
    tally t = {0};
    MT_TRY(mt_curtail(cx, &curtail, desk, asset, r->infeed[k], r->redispatch[k]));
    MT_TRY(mt_imbalance_asset(cx, &imbalance, desk, asset, r->infeed[k], r->redispatch[k],
                              MT_AGAINST_TRADEABLE));
    MT_TRY(mt_forecast_choose(cx, &forecast, desk, asset, MT_FORECAST_TRADEABLE, MT_TIME_NONE));
    count_infeed(&t, desk, asset, r->infeed[k]);
    count_errors(r, &t, r->infeed[k], r->redispatch[k], forecast);
    add_tally(&r->all, &t);
    row->asset_id = asset->asset_id;
    row->capacity_w = asset->capacity_w;
    row->trading_ueur = MT_MICRO_NONE;
    write_tally(desk, row, &t);
    write_contract(r, row, k);
    write_imbalance(row, mt_imbalance_total(imbalance, desk->grid.n));
    write_redispatch(row, r->redispatch[k], desk->grid.n);
    write_curtailment(desk, row, curtail);
    write_margin(row, row->revenue_ueur);
    return MT_OK;
}

/* Infeed stays for the portfolio; what else an asset needs is given back. */
static mt_code report_asset(mt_ctx *cx, run *r, size_t k)
{
    const mt_desk_asset *asset = &r->desk->asset[k];
    MT_TRY(mt_infeed(cx, &r->infeed[k], r->desk, asset));
    if (asset->redispatched) MT_TRY(mt_redispatch(cx, &r->redispatch[k], r->desk, asset, r->infeed[k]));
    const mt_mark mark = mt_arena_mark(&cx->arena);
    const mt_code code = write_asset(cx, r, k);
    mt_arena_reset(&cx->arena, mark);
    return code;
}

static void count_portfolio_errors(run *r)
{
    for (size_t q = 0; q < r->desk->grid.n; q++) {
        if (r->pair[q].assets == 0) continue;
        const double error_kw = (double)(r->pair[q].forecast_wh - r->pair[q].measured_wh) * KW_OF_WH;
        r->all.error_kw += fabs(error_kw);
        r->all.signed_error_kw += error_kw;
        r->all.errors++;
    }
}

static void add_known(int64_t *sum, int64_t value)
{
    if (value == INT64_MIN) return;
    *sum = *sum == INT64_MIN ? value : mt_exact_sum(*sum, value);
}

static void sum_assets(const run *r, mt_report_row *all)
{
    all->payout_ueur = all->fee_ueur = MT_MICRO_NONE;
    for (size_t k = 0; k < r->desk->n_asset; k++) {
        const mt_report_row *row = &r->row[k];
        all->capacity_w = mt_exact_sum(all->capacity_w, row->capacity_w);
        all->lost_wh = mt_exact_sum(all->lost_wh, row->lost_wh);
        all->redispatch_ueur = mt_exact_sum(all->redispatch_ueur, row->redispatch_ueur);
        all->curtailed_wh = mt_exact_sum(all->curtailed_wh, row->curtailed_wh);
        all->curtailment_ueur = mt_exact_sum(all->curtailment_ueur, row->curtailment_ueur);
        all->not_priced += row->not_priced;
        add_known(&all->payout_ueur, row->payout_ueur);
        add_known(&all->fee_ueur, row->fee_ueur);
    }
}

static int64_t cash_of_trades(const mt_desk *desk)
{
    int64_t cash = 0;
    if (desk->own.trades == 0 || !desk->own.sold_ueur || !desk->own.bought_ueur) return MT_MICRO_NONE;
    for (size_t q = 0; q < desk->grid.n; q++) {
        cash = mt_exact_sum(cash, mt_exact_difference(desk->own.sold_ueur[q], desk->own.bought_ueur[q]));
    }
    return cash;
}

static mt_code report_portfolio(mt_ctx *cx, run *r)
{
    const mt_imbalance_quarter *imbalance;
    mt_report_row *row = &r->row[r->desk->n_asset];
    MT_TRY(mt_imbalance_portfolio(cx, &imbalance, r->desk, r->infeed, r->redispatch, MT_AGAINST_SOLD));
    count_portfolio_errors(r);
    sum_assets(r, row);
    write_tally(r->desk, row, &r->all);
    row->trading_ueur = cash_of_trades(r->desk);
    write_imbalance(row, mt_imbalance_total(imbalance, r->desk->grid.n));
    write_margin(row, row->trading_ueur);
    return MT_OK;
}

mt_code mt_report(mt_ctx *cx, const mt_report_row **out, size_t *n, const mt_desk *desk,
                  const int64_t *payout_ueur, const int64_t *fee_ueur)
{
    run r = {.desk = desk, .payout = payout_ueur, .fee = fee_ueur, .all = {.has_capacity = true}};
    MT_TRY(MT_NEW(cx, &r.row, desk->n_asset + 1));
    MT_TRY(MT_NEW(cx, &r.infeed, desk->n_asset));
    MT_TRY(MT_NEW(cx, &r.redispatch, desk->n_asset));
    MT_TRY(MT_NEW(cx, &r.pair, desk->grid.n));
    for (size_t k = 0; k < desk->n_asset; k++) MT_TRY(report_asset(cx, &r, k));
    MT_TRY(report_portfolio(cx, &r));
    *out = r.row;
    *n = desk->n_asset + 1;
    return MT_OK;
}
