/* Trades counted: folded into quarters, a group after another, then added up as asked for. */
#include "vpp/trading.h"

#include "vpp/trade_fold.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 4 }; /* quarters */

/* One quarter of one group. */
struct cell {
    mt_trade_sums sums;
    int64_t day_ahead, market; /* micro-EUR; MT_MICRO_NONE: a part lacks its reference */
};

struct counting {
    const mt_desk *desk;
    struct cell *cell; /* by quarter */
    int64_t *by_hour;  /* trades touching each hour of the grid */
    int64_t trades;
    mt_trading_row *row;
    size_t n, room;
};

/* a + b; missing when one of them is, or when the sum leaves 64 bits (which `volume` sums then show too). */
static void add(int64_t *a, int64_t b)
{
    *a = mt_exact_sum(*a, b);
}

static mt_micro market_price(const mt_desk *desk, size_t quarter)
{
    mt_micro index = mt_desk_price_at(desk, MT_PRICE_OF_INDEX, quarter);
    return index != MT_MICRO_NONE ? index : mt_desk_vwap_at(desk, quarter);
}

/* (price - reference) x Wh of a sale, its negative of a purchase; missing without a reference. */
static int64_t against(const mt_trade *t, int64_t wh, mt_micro reference)
{
    mt_micro difference;
    if (reference == MT_MICRO_NONE || __builtin_sub_overflow(t->price, reference, &difference))
        return MT_MICRO_NONE;
    int64_t ueur = mt_trade_ueur(wh, difference);
    return ueur == MT_MICRO_NONE ? ueur : t->side == MT_SELL ? ueur : -ueur;
}

static void add_part(struct counting *c, const mt_trade *t, size_t quarter, int64_t wh)
{
    struct cell *cell = &c->cell[quarter];
    mt_trade_sums *s = &cell->sums;
    int64_t ueur = mt_trade_ueur(wh, t->price);
    s->count++;
    s->money += (mt_wide)t->price * wh;
    add(t->side == MT_SELL ? &s->sold_wh : &s->bought_wh, wh);
    add(t->side == MT_SELL ? &s->sold_ueur : &s->bought_ueur, ueur);
    add(&cell->day_ahead, against(t, wh, mt_desk_price_at(c->desk, MT_PRICE_OF_DAY_AHEAD, quarter)));
    add(&cell->market, against(t, wh, market_price(c->desk, quarter)));
}

static mt_code fail_trade(mt_ctx *cx, const mt_trade *t)
{
    return mt_fail(
        cx, MT_E_INPUT,
        "trade %s cannot be counted: it needs a price, energy above 0 and a delivery of whole quarters",
        t->id ? t->id : "without a number");
}

static mt_code add_trade(mt_ctx *cx, struct counting *c, const mt_trade *t)
{
    mt_trade_parts p;
    const mt_grid grid = c->desk->grid;
    ptrdiff_t last_hour = -1;
    if (!mt_trade_parts_of(&p, t, grid)) return fail_trade(cx, t);
    for (int64_t k = p.first < 0 ? -(int64_t)p.first : 0; k < p.n; k++) {
        ptrdiff_t quarter = p.first + (ptrdiff_t)k, hour = quarter / HOUR;
        int64_t wh = p.each + (k < p.extra);
        if (quarter >= (ptrdiff_t)grid.n) break;
        if (wh == 0) continue;
        add_part(c, t, (size_t)quarter, wh);
        if (hour == last_hour) continue;
        c->trades += last_hour < 0;
        c->by_hour[hour]++;
        last_hour = hour;
    }
    return MT_OK;
}

static void clear(struct counting *c)
{
    memset(c->cell, 0, c->desk->grid.n * sizeof *c->cell);
    memset(c->by_hour, 0, (c->desk->grid.n / HOUR + 1) * sizeof *c->by_hour);
    c->trades = 0;
}

/* --- rows -------------------------------------------------------------------------------------------- */

/* What the quarters from `first` to `until` (not included) come to. */
static mt_code sum_quarters(mt_ctx *cx, const struct counting *c, mt_trading_row *row, size_t first,
                            size_t until)
{
    mt_trade_sums total = {0};
    for (size_t q = first; q < until; q++) {
        const struct cell *cell = &c->cell[q];
        const mt_trade_sums *s = &cell->sums;
        if (s->count == 0) continue;
        total.money += s->money;
        add(&row->bought_wh, s->bought_wh);
        add(&row->sold_wh, s->sold_wh);
        add(&row->bought_ueur, s->bought_ueur);
        add(&row->sold_ueur, s->sold_ueur);
        add(&row->against_day_ahead_ueur, cell->day_ahead);
        add(&row->against_market_ueur, cell->market);
        mt_micro price = market_price(c->desk, q);
        int64_t open =
            mt_exact_difference(s->bought_wh, s->sold_wh); /* closing it: buying back what was sold */
        add(&row->mark_ueur, price == MT_MICRO_NONE ? price : mt_ueur_of(open, price));
    }
    row->net_wh = mt_exact_difference(row->sold_wh, row->bought_wh);
    row->cash_ueur = mt_exact_difference(row->sold_ueur, row->bought_ueur);
    if (row->net_wh == MT_WH_NONE || row->cash_ueur == MT_MICRO_NONE || row->sold_wh == MT_WH_NONE ||
        row->bought_wh == MT_WH_NONE)
        return mt_fail(cx, MT_E_INPUT, "the trades add up to more than 64 bits hold");
    total.bought_wh = row->bought_wh;
    total.sold_wh = row->sold_wh;
    row->vwap = mt_trade_vwap(&total);
    return MT_OK;
}

static mt_code put_row(mt_ctx *cx, struct counting *c, const char *group, size_t first, size_t until)
{
    mt_trading_row row = {.start = c->desk->grid.start + (mt_time)first * MT_QUARTER, .group = group};
    if (until - first == 1)
        row.trades = c->cell[first].sums.count;
    else if (until - first == HOUR)
        row.trades = c->by_hour[first / HOUR];
    else
        row.trades = c->trades, row.start = MT_TIME_NONE;
    if (row.trades == 0) return MT_OK;
    MT_TRY(sum_quarters(cx, c, &row, first, until));
    MT_TRY(mt_ctx_grow(cx, &c->row, c->n, &c->room, sizeof row));
    c->row[c->n++] = row;
    return MT_OK;
}

static mt_code put_steps(mt_ctx *cx, struct counting *c, size_t step)
{
    size_t n = c->desk->grid.n;
    for (size_t q = 0; q < n; q += step) MT_TRY(put_row(cx, c, NULL, q, q + step < n ? q + step : n));
    return MT_OK;
}

/* --- groups ------------------------------------------------------------------------------------------ */

struct member {
    const char *group;
    const mt_trade *trade;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = strcmp(x->group, y->group);
    return order ? order : (x->trade > y->trade) - (x->trade < y->trade);
}

static const char *group_of(const mt_trade *t, mt_trading_by by)
{
    const char *group = by == MT_BY_TRADER ? t->trader : t->strategy;
    return group ? group : "";
}

static mt_code put_groups(mt_ctx *cx, struct counting *c, mt_trading_by by)
{
    struct member *member;
    const mt_desk_trades *own = &c->desk->own;
    MT_TRY(MT_NEW(cx, &member, own->n + 1));
    for (size_t k = 0; k < own->n; k++)
        member[k] = (struct member){group_of(&own->trade[k], by), &own->trade[k]};
    qsort(member, own->n, sizeof *member, compare_members);
    for (size_t k = 0; k < own->n;) {
        const char *group = member[k].group;
        MT_TRY(mt_ctx_check(cx));
        clear(c);
        for (; k < own->n && strcmp(member[k].group, group) == 0; k++)
            MT_TRY(add_trade(cx, c, member[k].trade));
        MT_TRY(put_row(cx, c, group, 0, c->desk->grid.n));
    }
    return MT_OK;
}

static mt_code open_counting(mt_ctx *cx, struct counting *c, const mt_desk *desk)
{
    *c = (struct counting){.desk = desk};
    MT_TRY(MT_NEW(cx, &c->cell, desk->grid.n));
    return MT_NEW(cx, &c->by_hour, desk->grid.n / HOUR + 1);
}

mt_code mt_trading(mt_ctx *cx, const mt_trading_row **out, size_t *n, const mt_desk *desk, mt_trading_by by)
{
    struct counting c;
    MT_TRY(open_counting(cx, &c, desk));
    if (by == MT_BY_TRADER || by == MT_BY_STRATEGY) {
        MT_TRY(put_groups(cx, &c, by));
    } else {
        for (size_t k = 0; k < desk->own.n; k++) MT_TRY(add_trade(cx, &c, &desk->own.trade[k]));
        size_t step = by == MT_BY_QUARTER ? 1 : by == MT_BY_HOUR ? HOUR : desk->grid.n;
        MT_TRY(put_steps(cx, &c, step));
    }
    *out = c.row;
    *n = c.n;
    return MT_OK;
}

mt_code mt_trading_of(mt_ctx *cx, mt_trading_row *out, const mt_desk *desk, mt_trading_by by,
                      const char *group)
{
    struct counting c;
    MT_TRY(open_counting(cx, &c, desk));
    for (size_t k = 0; k < desk->own.n; k++) {
        const mt_trade *t = &desk->own.trade[k];
        if (strcmp(group_of(t, by), group) == 0) MT_TRY(add_trade(cx, &c, t));
    }
    MT_TRY(put_row(cx, &c, group, 0, desk->grid.n));
    *out = c.n ? c.row[0] : (mt_trading_row){.start = MT_TIME_NONE, .group = group, .vwap = MT_MICRO_NONE};
    return MT_OK;
}
