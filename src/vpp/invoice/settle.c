/* A contract's days, one quarter after the other, into exact sums. */
#include "vpp/invoice/settle.h"

#include <stdlib.h>
#include <string.h>

#include "vpp/invoice/pricing.h"

/* The first quarter that cannot be priced, and how many there are. */
typedef struct lack {
    const char *what; /* NULL: nothing is missing */
    size_t quarter;
    size_t last; /* that was counted: price and fee of one quarter may lack the same */
    int64_t count;
} lack;

typedef struct job {
    const mt_desk *desk;
    const mt_settle_input *in;
    const mt_contract *contract;
    mt_settlement *sum;
    mt_settled_quarter *quarter; /* [0] is the desk's quarter sum->first */
    lack lack;
    bool too_large; /* an amount left what can be counted */
} job;

static size_t quarter_of_day(const mt_desk *desk, mt_day day)
{
    mt_time start = mt_day_start(desk->options.zone, day);
    size_t quarter = start <= desk->grid.start ? 0 : (size_t)((start - desk->grid.start) / MT_QUARTER);
    return quarter < desk->grid.n ? quarter : desk->grid.n;
}

static bool same_prices(const mt_contract *a, const mt_contract *b)
{
    return a->price_model == b->price_model && a->price == b->price && a->spread == b->spread &&
           a->price_percent == b->price_percent && a->floor == b->floor && a->cap == b->cap &&
           a->curtail_percent == b->curtail_percent && a->value_applied == b->value_applied;
}

static bool same_fees(const mt_contract *a, const mt_contract *b)
{
    return a->fee_model == b->fee_model && a->fee == b->fee && a->fee_percent == b->fee_percent &&
           a->fee_form == b->fee_form && a->capacity_w == b->capacity_w;
}

/* Pieces of a contract that another one interrupts are one contract. A file may also give new terms under
 * an old name: those are two. */
static bool is_piece(const mt_contract *a, const mt_contract *b)
{
    return a == b || (strcmp(a->contract_id, b->contract_id) == 0 && same_prices(a, b) && same_fees(a, b) &&
                      a->technology == b->technology && a->scheme == b->scheme && a->vat == b->vat &&
                      a->energy_credit == b->energy_credit && a->lost_rule == b->lost_rule);
}

static bool owns_day(const job *j, mt_day day)
{
    const size_t quarter = quarter_of_day(j->desk, day);
    if (quarter >= j->desk->grid.n) return false;
    const mt_contract *contract = mt_desk_contract_at(j->desk, j->in->asset, quarter);
    return contract && is_piece(contract, j->contract);
}

/* Remembers what a quarter lacks; NULL: a field of the contract, which is named before this. */
static void lacks(job *j, const char *what, size_t quarter)
{
    if (!what) return;
    if (!j->lack.what) j->lack = (lack){.what = what, .quarter = quarter, .last = SIZE_MAX};
    if (strcmp(j->lack.what, what) != 0 || j->lack.last == quarter) return;
    j->lack.last = quarter;
    j->lack.count++;
}

/* What is missing stays out of a sum. */
static void add(int64_t *sum, int64_t value)
{
    if (value != INT64_MIN) *sum = mt_exact_sum(*sum, value);
}

static void pay_infeed(job *j, mt_settled_quarter *row, size_t quarter)
{
    row->price = mt_contract_price_at(j->desk, j->contract, quarter);
    row->payout_ueur = row->paid_wh == 0 ? 0 : mt_ueur_of(row->paid_wh, row->price);
    if (row->paid_wh > 0 && row->price == MT_MICRO_NONE)
        lacks(j, mt_contract_price_source(j->contract), quarter);
}

/* Fees that go by energy; a capacity's is put there by its month. */
static void take_fee(job *j, mt_settled_quarter *row, size_t quarter)
{
    const mt_contract *contract = j->contract;
    if (contract->fee_model == MT_FEE_AS_PRODUCED) row->fee_ueur = mt_ueur_of(row->paid_wh, contract->fee);
    if (contract->fee_model != MT_FEE_PERCENT || row->paid_wh == 0) return;
    const mt_micro vwap = mt_desk_vwap_at(j->desk, quarter);
    row->fee_ueur = mt_ueur_percent_of(row->paid_wh, vwap, contract->fee_percent);
    if (vwap == MT_MICRO_NONE) lacks(j, "public VWAP", quarter);
}

/* What the amount of a redispatched quarter lacks. */
static const char *compensation_lack(const job *j, size_t quarter)
{
    switch (j->in->redispatch[quarter].scheme) {
    case MT_SCHEME_FEED_IN_TARIFF:
        return "value_applied of the contract";
    case MT_SCHEME_PREMIUM:
        return mt_premium_lack(j->desk, j->in->asset, j->contract, quarter);
    default:
        return "compensation price of the grid operator";
    }
}

static void pay_redispatch(job *j, mt_settled_quarter *row, size_t quarter)
{
    if (!j->in->redispatch || !j->in->redispatch[quarter].redispatched) return;
    const mt_redispatch_quarter *redispatch = &j->in->redispatch[quarter];
    row->redispatch_wh = redispatch->lost_wh;
    row->redispatch_ueur = redispatch->payout_ueur;
    if (redispatch->lost_wh == MT_WH_NONE)
        lacks(j, "forecast of redispatched energy", quarter);
    else if (redispatch->payout_ueur == MT_MICRO_NONE)
        lacks(j, compensation_lack(j, quarter), quarter);
}

static void pay_curtailment(job *j, mt_settled_quarter *row, size_t quarter)
{
    if (!j->in->curtail) return;
    row->curtailed_wh = j->in->curtail[quarter].curtailed_wh;
    row->curtailment_ueur = j->in->curtail[quarter].compensation_ueur;
    if (row->curtailed_wh > 0 && row->curtailment_ueur == MT_MICRO_NONE)
        lacks(j, mt_contract_price_source(j->contract), quarter);
}

static void state_premium(job *j, const mt_settled_quarter *row, size_t quarter)
{
    if (j->sum->premium_ueur == MT_MICRO_NONE || row->paid_wh <= 0) return;
    mt_micro premium = mt_premium_at(j->desk, j->in->asset, j->contract, quarter);
    j->sum->premium_ueur = mt_exact_sum(j->sum->premium_ueur, mt_ueur_of(row->paid_wh, premium));
}

/* What a model says is good for plans and balances; nobody delivered it, and nobody is paid for it. */
static bool is_delivered(const mt_infeed_quarter *infeed)
{
    return infeed->wh != MT_WH_NONE && infeed->source != MT_INFEED_MODEL;
}

static void settle_quarter(job *j, size_t quarter)
{
    mt_settled_quarter *row = &j->quarter[quarter - j->sum->first];
    const mt_infeed_quarter *infeed = &j->in->infeed[quarter];
    row->infeed_wh = is_delivered(infeed) ? infeed->wh : MT_WH_NONE;
    row->source = infeed->source;
    row->origin = infeed->origin;
    if (row->infeed_wh == MT_WH_NONE) {
        j->sum->gaps++;
        row->paid_wh = MT_WH_NONE;
        row->price = row->payout_ueur = MT_MICRO_NONE;
        if (j->contract->fee_model != MT_FEE_NONE) row->fee_ueur = MT_MICRO_NONE;
    } else {
        row->paid_wh = infeed->wh > 0 ? infeed->wh : 0;
        pay_infeed(j, row, quarter);
        take_fee(j, row, quarter);
    }
    pay_redispatch(j, row, quarter);
    pay_curtailment(j, row, quarter);
    state_premium(j, row, quarter);
}

/* A month's fee for the first `done` of its quarters that are the contract's. */
static int64_t capacity_fee(const mt_contract *contract, int64_t done, int64_t of_month)
{
    return mt_exact_ratio3(contract->capacity_w, contract->fee, done, of_month * MT_MICRO_ONE);
}

static int64_t quarters_of_month(const mt_zone *zone, mt_date date)
{
    mt_day next = date.month == 12 ? mt_day_of(date.year + 1, 1, 1) : mt_day_of(date.year, date.month + 1, 1);
    mt_day first = mt_day_of(date.year, date.month, 1);
    return (mt_day_start(zone, next) - mt_day_start(zone, first)) / MT_QUARTER;
}

/* The days of one month that are the contract's; `day` goes on to the next month. */
static void take_month(job *j, mt_day *day)
{
    const mt_date month = mt_day_date(*day);
    const int64_t of_month = quarters_of_month(j->desk->options.zone, month);
    int64_t done = 0;
    for (; *day <= j->sum->until && mt_day_date(*day).month == month.month; ++*day) {
        if (!owns_day(j, *day)) continue;
        const size_t end = quarter_of_day(j->desk, *day + 1);
        for (size_t q = quarter_of_day(j->desk, *day); q < end; q++, done++) {
            int64_t before = capacity_fee(j->contract, done, of_month);
            int64_t after = capacity_fee(j->contract, done + 1, of_month);
            j->quarter[q - j->sum->first].fee_ueur = mt_exact_difference(after, before);
        }
    }
    add(&j->sum->fee_capacity_micro, mt_exact_ratio(j->contract->capacity_w, done, of_month));
}

static void take_capacity_fee(job *j)
{
    if (j->contract->fee_model != MT_FEE_CAPACITY) return;
    for (mt_day day = j->sum->from; day <= j->sum->until;) take_month(j, &day);
}

/* What has its price and no amount. */
static bool has_no_amount(const mt_settled_quarter *row)
{
    const bool of_infeed = row->payout_ueur == MT_MICRO_NONE || row->fee_ueur == MT_MICRO_NONE;
    return (row->paid_wh != MT_WH_NONE && of_infeed) ||
           (row->redispatch_wh != MT_WH_NONE && row->redispatch_ueur == MT_MICRO_NONE) ||
           (row->curtailed_wh != MT_WH_NONE && row->curtailment_ueur == MT_MICRO_NONE);
}

static void sum_up(job *j)
{
    mt_settlement *sum = j->sum;
    for (size_t k = 0; k < sum->n; k++) {
        const mt_settled_quarter *row = &j->quarter[k];
        if (row->other) continue;
        j->too_large |= has_no_amount(row);
        add(&sum->infeed_wh, row->infeed_wh);
        add(&sum->paid_wh, row->paid_wh);
        add(&sum->payout_ueur, row->payout_ueur);
        add(&sum->fee_ueur, row->fee_ueur);
        add(&sum->redispatch_wh, row->redispatch_wh);
        add(&sum->redispatch_ueur, row->redispatch_ueur);
        add(&sum->curtailed_wh, row->curtailed_wh);
        add(&sum->curtailment_ueur, row->curtailment_ueur);
    }
    j->too_large |= sum->payout_ueur == INT64_MIN || sum->fee_ueur == INT64_MIN ||
                    sum->paid_wh == INT64_MIN || sum->redispatch_ueur == INT64_MIN ||
                    sum->curtailment_ueur == INT64_MIN;
}

static void forget_sums(mt_settlement *sum)
{
    sum->infeed_wh = sum->paid_wh = sum->redispatch_wh = sum->curtailed_wh = MT_WH_NONE;
    sum->payout_ueur = sum->fee_ueur = sum->redispatch_ueur = sum->curtailment_ueur = MT_MICRO_NONE;
    sum->fee_capacity_micro = sum->premium_ueur = MT_MICRO_NONE;
}

/* One sentence for what the market or the forecasts lack. */
static mt_code find_fault(mt_ctx *cx, job *j)
{
    mt_settlement *sum = j->sum;
    char at[MT_TIME_TEXT_MAX];
    sum->fault_kind = MT_F_INCOMPLETE;
    MT_TRY(mt_contract_fault(cx, &sum->fault, j->contract));
    if (!sum->fault && j->lack.what) {
        mt_time_text(j->desk->grid.start + (mt_time)j->lack.quarter * MT_QUARTER, at);
        sum->fault_kind = MT_F_NO_PRICE;
        MT_TRY(mt_text_format(cx, &sum->fault, "contract %s: no %s for the quarter of %s (%lld in all)",
                              j->contract->contract_id, j->lack.what, at, (long long)j->lack.count));
    }
    if (!sum->fault && j->too_large)
        MT_TRY(mt_text_format(cx, &sum->fault,
                              "contract %s: its amounts are too large to be counted in micro-euro",
                              j->contract->contract_id));
    if (sum->fault) forget_sums(sum);
    return MT_OK;
}

/* First and last day of the desk that are the contract's; false: none. */
static bool find_days(job *j)
{
    mt_settlement *sum = j->sum;
    sum->from = sum->until = MT_DAY_NONE;
    for (mt_day day = j->desk->options.first; day <= j->desk->options.last; day++) {
        if (!owns_day(j, day)) continue;
        if (sum->from == MT_DAY_NONE) sum->from = day;
        sum->until = day;
    }
    if (sum->from == MT_DAY_NONE) return false;
    sum->first = quarter_of_day(j->desk, sum->from);
    sum->n = quarter_of_day(j->desk, sum->until + 1) - sum->first;
    return true;
}

static mt_code settle_contract(mt_ctx *cx, job *j)
{
    mt_settlement *sum = j->sum;
    MT_TRY(MT_NEW(cx, &j->quarter, sum->n));
    sum->contract = j->contract;
    sum->asset = j->in->asset;
    sum->redispatch = j->in->redispatch;
    sum->quarter = j->quarter;
    if (j->contract->scheme != MT_SCHEME_PREMIUM) sum->premium_ueur = MT_MICRO_NONE;
    for (mt_day day = sum->from; day <= sum->until; day++) {
        const bool own = owns_day(j, day);
        const size_t end = quarter_of_day(j->desk, day + 1);
        for (size_t q = quarter_of_day(j->desk, day); q < end; q++) {
            sum->quarters += own;
            if (own)
                settle_quarter(j, q);
            else
                j->quarter[q - sum->first].other = true;
        }
    }
    take_capacity_fee(j);
    sum_up(j);
    return find_fault(cx, j);
}

/* Settled with an earlier piece. */
static bool is_done(const mt_desk_asset *asset, size_t k)
{
    for (size_t earlier = 0; earlier < k; earlier++) {
        if (is_piece(asset->contract[earlier], asset->contract[k])) return true;
    }
    return false;
}

mt_code mt_settle_asset(mt_ctx *cx, const mt_settlement **out, size_t *n, const mt_desk *desk,
                        const mt_settle_input *input)
{
    mt_settlement *sum;
    size_t count = 0;
    MT_TRY(MT_NEW(cx, &sum, input->asset->n_contract));
    for (size_t k = 0; k < input->asset->n_contract; k++) {
        job j = {.desk = desk, .in = input, .contract = input->asset->contract[k], .sum = &sum[count]};
        if (is_done(input->asset, k) || !find_days(&j)) continue;
        MT_TRY(settle_contract(cx, &j));
        count++;
    }
    *out = sum;
    *n = count;
    return MT_OK;
}

static int by_contract(const void *a, const void *b)
{
    const mt_settlement *x = a, *y = b;
    int order = strcmp(x->contract->contract_id, y->contract->contract_id);
    if (order == 0) order = strcmp(x->asset->asset_id, y->asset->asset_id);
    return order ? order : (x->first > y->first) - (x->first < y->first);
}

mt_code mt_settle(mt_ctx *cx, const mt_settlement **out, size_t *n, const mt_desk *desk,
                  const mt_infeed_quarter *const *infeed, const mt_redispatch_quarter *const *redispatch,
                  const mt_curtail_quarter *const *curtail)
{
    mt_settlement *all;
    size_t count = 0, room = 0;
    for (size_t k = 0; k < desk->n_asset; k++) room += desk->asset[k].n_contract;
    MT_TRY(MT_NEW(cx, &all, room));
    for (size_t k = 0; k < desk->n_asset; k++) {
        const mt_settlement *some;
        size_t found;
        const mt_settle_input input = {.asset = &desk->asset[k],
                                       .infeed = infeed[k],
                                       .redispatch = redispatch ? redispatch[k] : NULL,
                                       .curtail = curtail ? curtail[k] : NULL};
        MT_TRY(mt_settle_asset(cx, &some, &found, desk, &input));
        if (found) memcpy(&all[count], some, found * sizeof *all);
        count += found;
    }
    if (count > 1) qsort(all, count, sizeof *all, by_contract);
    *out = all;
    *n = count;
    return MT_OK;
}
