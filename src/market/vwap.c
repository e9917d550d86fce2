/* Prices of continuous trades by period: exact sums, divided once. */
#include "market/vwap.h"

#include "num/wide.h"

#include <math.h>

struct period {
    mt_wide money; /* micro-currency x Wh / MWh */
    int64_t energy;
    int64_t trades;
    mt_micro min, max;
};

struct mt_vwap {
    mt_grid grid;
    uint64_t seen; /* trades, for sentences */
    struct period *period;
};

static mt_code check_trade(mt_ctx *cx, const mt_vwap *v, const mt_trade *t)
{
    unsigned long long number = (unsigned long long)v->seen + 1;
    const char *id = t->id ? t->id : "-";
    if (t->energy_wh <= 0) {
        return mt_fail(cx, MT_E_INPUT, "trade %llu (id %s) has an energy of %lld Wh; it must be more than 0",
                       number, id, (long long)t->energy_wh);
    }
    if (t->price == MT_MICRO_NONE)
        return mt_fail(cx, MT_E_INPUT, "trade %llu (id %s) has no price", number, id);
    if (t->delivery_start == MT_TIME_NONE || t->delivery_end <= t->delivery_start) {
        return mt_fail(cx, MT_E_INPUT, "trade %llu (id %s): its delivery does not end after it starts",
                       number, id);
    }
    mt_time end = v->grid.start + (mt_time)v->grid.n * v->grid.step;
    if (t->delivery_start < v->grid.start || t->delivery_end > end) {
        char from[MT_TIME_TEXT_MAX], to[MT_TIME_TEXT_MAX], first[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
        mt_time_text(t->delivery_start, from);
        mt_time_text(t->delivery_end, to);
        mt_time_text(v->grid.start, first);
        mt_time_text(end, last);
        return mt_fail(cx, MT_E_SHAPE, "trade %llu (id %s) delivers from %s to %s, outside of %s to %s",
                       number, id, from, to, first, last);
    }
    return MT_OK;
}

static mt_code add_part(mt_ctx *cx, struct period *p, mt_micro price, int64_t energy)
{
    if (p->energy > INT64_MAX - energy) {
        return mt_fail(cx, MT_E_INPUT, "the energy traded in one period exceeds %lld Wh",
                       (long long)INT64_MAX);
    }
    if (p->trades == 0 || price < p->min) p->min = price;
    if (p->trades == 0 || price > p->max) p->max = price;
    p->money += (mt_wide)price * energy;
    p->energy += energy;
    p->trades++;
    return MT_OK;
}

/* A period's part is the energy up to its end, rounded, less the energy up to its start: so the parts add
 * up. */
static mt_code add_trade(mt_ctx *cx, mt_vwap *v, const mt_trade *t)
{
    mt_time length = t->delivery_end - t->delivery_start;
    size_t k = (size_t)((t->delivery_start - v->grid.start) / v->grid.step);
    for (int64_t given = 0; given < t->energy_wh; k++) {
        mt_time until = v->grid.start + (mt_time)(k + 1) * v->grid.step - t->delivery_start;
        int64_t upto = until >= length ? t->energy_wh : mt_muldiv_round(t->energy_wh, until, length);
        if (upto > given) MT_TRY(add_part(cx, &v->period[k], t->price, upto - given));
        given = upto;
    }
    return MT_OK;
}

static mt_vwap_row row_of(const struct period *p, mt_time start)
{
    mt_vwap_row row = {.start = start, .price = NAN, .price_min = NAN, .price_max = NAN};
    if (p->trades == 0) return row;
    row.price = (double)p->money / (double)p->energy / 1e6;
    row.price_min = (double)p->min / 1e6;
    row.price_max = (double)p->max / 1e6;
    row.energy_wh = p->energy;
    row.trades = p->trades;
    return row;
}

mt_code mt_vwap_new(mt_ctx *cx, mt_vwap **out, mt_grid grid)
{
    mt_vwap *v;
    if (grid.step <= 0) return mt_fail(cx, MT_E_SHAPE, "a grid with steps of %lld us", (long long)grid.step);
    MT_TRY(MT_NEW(cx, &v, 1));
    v->grid = grid;
    MT_TRY(mt_ctx_alloc(cx, &v->period, grid.n, sizeof *v->period));
    *out = v;
    return MT_OK;
}

mt_code mt_vwap_add(mt_ctx *cx, mt_vwap *v, const mt_trade *trade, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        MT_TRY(check_trade(cx, v, &trade[i]));
        MT_TRY(add_trade(cx, v, &trade[i]));
        v->seen++;
    }
    return MT_OK;
}

mt_code mt_vwap_rows(mt_ctx *cx, const mt_vwap_row **out, const mt_vwap *v)
{
    mt_vwap_row *row;
    MT_TRY(mt_ctx_alloc(cx, &row, v->grid.n, sizeof *row));
    for (size_t k = 0; k < v->grid.n; k++)
        row[k] = row_of(&v->period[k], v->grid.start + (mt_time)k * v->grid.step);
    *out = row;
    return MT_OK;
}

mt_code mt_vwap_of(mt_ctx *cx, const mt_vwap_row **out, const mt_trade *trade, size_t n, mt_grid grid)
{
    mt_vwap *v;
    MT_TRY(mt_vwap_new(cx, &v, grid));
    MT_TRY(mt_vwap_add(cx, v, trade, n));
    return mt_vwap_rows(cx, out, v);
}
