/* Parting and summing trades: most deliveries are one quarter or four, most products fit 64 bits. */
#include "vpp/trade_fold.h"

/* Within these bounds price x Wh fits 64 bits. */
#define SMALL_PRICE ((int64_t)1 << 35) /* 34,359 EUR/MWh */
#define SMALL_WH    ((int64_t)1 << 27) /* 134 MWh */

/* True: the delivery is a number of whole quarters of the grid's; *n of them. */
static bool count_quarters(const mt_trade *t, mt_grid grid, int64_t *n)
{
    mt_time length, since;
    if (t->delivery_start == MT_TIME_NONE || t->delivery_end <= t->delivery_start) return false;
    if (__builtin_sub_overflow(t->delivery_end, t->delivery_start, &length)) return false;
    if (__builtin_sub_overflow(t->delivery_start, grid.start, &since)) return false;
    if (length == MT_QUARTER)
        *n = 1;
    else if (length == MT_US_HOUR)
        *n = 4;
    else if (length % MT_QUARTER == 0)
        *n = length / MT_QUARTER;
    else
        return false;
    return since % MT_QUARTER == 0;
}

bool mt_trade_parts_of(mt_trade_parts *out, const mt_trade *t, mt_grid grid)
{
    int64_t n;
    if (t->energy_wh <= 0 || t->price == MT_MICRO_NONE || !count_quarters(t, grid, &n)) return false;
    out->first = (ptrdiff_t)((t->delivery_start - grid.start) / MT_QUARTER);
    out->n = n;
    out->each = n == 1 ? t->energy_wh : n == 4 ? t->energy_wh >> 2 : t->energy_wh / n;
    out->extra = t->energy_wh - out->each * n;
    return true;
}

int64_t mt_trade_ueur(int64_t wh, mt_micro price)
{
    if (price < -SMALL_PRICE || price > SMALL_PRICE || wh > SMALL_WH || wh < -SMALL_WH)
        return mt_ueur_of(wh, price);
    int64_t product = wh * price;
    return (product + (product < 0 ? -500000 : 500000)) / 1000000;
}

mt_code mt_trade_fold_init(mt_ctx *cx, mt_trade_fold *out, mt_grid grid)
{
    mt_trade_fold fold = {.grid = grid};
    if (grid.step != MT_QUARTER)
        return mt_fail(cx, MT_E_SHAPE, "trades are folded into quarters, not into steps of %lld us",
                       (long long)grid.step);
    MT_TRY(mt_ctx_alloc(cx, &fold.quarter, grid.n, sizeof *fold.quarter));
    *out = fold;
    return MT_OK;
}

/* True: the sum left 64 bits. */
static bool add_to(int64_t *sum, int64_t value)
{
    return __builtin_add_overflow(*sum, value, sum);
}

static bool add_part(mt_trade_sums *q, const mt_trade *t, int64_t wh)
{
    bool sold = t->side == MT_SELL;
    q->money += (mt_wide)t->price * wh;
    q->count++;
    bool over = add_to(sold ? &q->sold_wh : &q->bought_wh, wh);
    return add_to(sold ? &q->sold_ueur : &q->bought_ueur, mt_trade_ueur(wh, t->price)) || over;
}

static void add_trade(mt_trade_fold *fold, const mt_trade *t)
{
    mt_trade_parts p;
    if (!mt_trade_parts_of(&p, t, fold->grid)) {
        if (fold->bad++ == 0) fold->first_bad = *t, fold->first_bad.id = NULL;
        return;
    }
    fold->trades++;
    fold->hourly += p.n == 4;
    fold->quarterly += p.n == 1;
    int64_t from = p.first < 0 ? -(int64_t)p.first : 0, until = (int64_t)fold->grid.n - p.first;
    if (until > p.n) until = p.n;
    for (int64_t k = from; k < until; k++) {
        int64_t wh = p.each + (k < p.extra);
        if (wh > 0) fold->overflow = add_part(&fold->quarter[p.first + k], t, wh) || fold->overflow;
    }
}

void mt_trade_fold_add(mt_trade_fold *fold, const mt_trade *trade, size_t n)
{
    for (size_t k = 0; k < n; k++) add_trade(fold, &trade[k]);
}

static bool merge_quarter(mt_trade_sums *a, const mt_trade_sums *b)
{
    a->money += b->money;
    a->count += b->count;
    bool over = add_to(&a->bought_wh, b->bought_wh);
    over = add_to(&a->sold_wh, b->sold_wh) || over;
    over = add_to(&a->bought_ueur, b->bought_ueur) || over;
    return add_to(&a->sold_ueur, b->sold_ueur) || over;
}

void mt_trade_fold_merge(mt_trade_fold *into, const mt_trade_fold *from)
{
    for (size_t k = 0; k < into->grid.n; k++)
        into->overflow = merge_quarter(&into->quarter[k], &from->quarter[k]) || into->overflow;
    if (into->bad == 0) into->first_bad = from->first_bad;
    into->trades += from->trades;
    into->hourly += from->hourly;
    into->quarterly += from->quarterly;
    into->bad += from->bad;
    into->overflow = into->overflow || from->overflow;
}

mt_micro mt_trade_vwap(const mt_trade_sums *sums)
{
    mt_wide energy = (mt_wide)sums->bought_wh + sums->sold_wh;
    if (energy <= 0) return MT_MICRO_NONE;
    mt_wide half = energy / 2;
    return (mt_micro)((sums->money + (sums->money < 0 ? -half : half)) / energy);
}
