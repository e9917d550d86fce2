/* Cutting by time, folding exactly, converting once. */
#include "market/series/normalise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/wide.h"

#define RATE_DAY_SHIFT (2 * MT_US_HOUR)

/* A period that is being filled. */
struct bucket {
    mt_time start, end;
    mt_wide sum; /* energy, or price x time */
    mt_micro last;
    mt_time covered;
};

struct work {
    mt_ctx *cx;
    const mt_normal_options *options;
    mt_normal_value *row;
    size_t n, room;
    struct bucket bucket;
};

struct known_rate {
    mt_fx_rate rate;
    mt_time known_at;
};

static int by_currency_and_day(const void *a, const void *b)
{
    const mt_fx_rate *x = a, *y = b;
    int order = strcmp(x->currency, y->currency);
    return order ? order : (x->day > y->day) - (x->day < y->day);
}

static int by_rate_and_known(const void *a, const void *b)
{
    const struct known_rate *x = a, *y = b;
    int order = by_currency_and_day(&x->rate, &y->rate);
    return order ? order : (x->known_at > y->known_at) - (x->known_at < y->known_at);
}

/* The place of the last rate of `currency` not after `day`, or n. */
static size_t find_rate(mt_fx_table table, const char *currency, mt_day day)
{
    size_t low = 0, high = table.n;
    mt_fx_rate wanted = {currency, day, 0};
    while (low < high) { /* the first one that lies behind */
        size_t middle = low + (high - low) / 2;
        if (by_currency_and_day(&table.at[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low && strcmp(table.at[low - 1].currency, currency) == 0 ? low - 1 : table.n;
}

static mt_code rate_of(mt_ctx *cx, mt_micro *per_eur, mt_day *of, mt_fx_table table, const char *currency,
                       mt_day day)
{
    char text[MT_TIME_TEXT_MAX], last[MT_TIME_TEXT_MAX];
    size_t k = find_rate(table, currency, day);
    mt_day_text(day, text);
    if (strcmp(currency, "EUR") == 0) {
        *per_eur = MT_MICRO_ONE;
        return MT_OK;
    }
    if (k == table.n)
        return mt_fail(cx, MT_E_ABSENT, "no exchange rate of %s for %s or a day before it; fetch the ECB's",
                       currency, text);
    mt_day_text(table.at[k].day, last);
    if (day - table.at[k].day > MT_FX_AGE_MAX)
        return mt_fail(cx, MT_E_ABSENT,
                       "no exchange rate of %s within %d days before %s; the last one is of %s", currency,
                       MT_FX_AGE_MAX, text, last);
    *per_eur = table.at[k].per_eur;
    if (table.at[k].day < *of) *of = table.at[k].day;
    return MT_OK;
}

/* The latest known of each currency and day, in place; the rest falls behind *n. */
static size_t keep_latest(struct known_rate *known, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool again = i + 1 < n && by_currency_and_day(&known[i].rate, &known[i + 1].rate) == 0;
        if (!again) known[kept++] = known[i];
    }
    return kept;
}

static mt_code collect_rates(mt_ctx *cx, struct known_rate *known, size_t *n_known,
                             const mt_observation *value, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const mt_observation *v = &value[i];
        if (strcmp(v->kind, "fx_rate") != 0 || isnan(v->value)) continue;
        if (!(v->value >= 1e-6) || v->value > 1e9)
            return mt_fail(cx, MT_E_INPUT, "an exchange rate of %g %s for one EUR", v->value, v->area);
        mt_day day = (mt_day)(mt_time_floor(v->start + RATE_DAY_SHIFT, MT_US_DAY) / MT_US_DAY);
        known[k++] = (struct known_rate){{v->area, day, (mt_micro)llround(v->value * 1e6)}, v->known_at};
    }
    *n_known = k;
    return MT_OK;
}

mt_code mt_fx_table_of(mt_ctx *cx, mt_fx_table *out, const mt_observation *value, size_t n)
{
    mt_fx_rate *rate;
    struct known_rate *known;
    size_t k = 0;
    MT_TRY(MT_NEW(cx, &rate, n));
    MT_TRY(MT_NEW(cx, &known, n));
    MT_TRY(collect_rates(cx, known, &k, value, n));
    if (k) qsort(known, k, sizeof *known, by_rate_and_known);
    k = keep_latest(known, k);
    for (size_t i = 0; i < k; i++) rate[i] = known[i].rate;
    *out = (mt_fx_table){rate, k};
    return MT_OK;
}

mt_code mt_fx_quote_of(mt_ctx *cx, mt_fx_quote *out, mt_fx_table table, const char *from, const char *to,
                       mt_day day)
{
    mt_fx_quote quote = {MT_MICRO_ONE, MT_MICRO_ONE, day};
    if (strcmp(from, to) != 0) {
        MT_TRY(rate_of(cx, &quote.from_per_eur, &quote.day, table, from, day));
        MT_TRY(rate_of(cx, &quote.to_per_eur, &quote.day, table, to, day));
    }
    *out = quote;
    return MT_OK;
}

bool mt_fx_convert(mt_micro amount, const mt_fx_quote *quote, mt_micro *out)
{
    mt_wide product = (mt_wide)amount * quote->to_per_eur, half = quote->from_per_eur / 2;
    mt_wide result = (product >= 0 ? product + half : product - half) / quote->from_per_eur;
    if (result >= INT64_MAX || result <= -INT64_MAX) return false;
    *out = (mt_micro)result;
    return true;
}

static mt_code check_options(mt_ctx *cx, const mt_normal_options *o)
{
    char text[MT_TIME_TEXT_MAX];
    if (o->step == 0 || o->step == MT_US_DAY || mt_step_valid(o->step)) return MT_OK;
    mt_span_text(o->step, text);
    return mt_fail(cx, MT_E_INPUT, "step: %s is no market time unit; 5min, 15min, 30min, 1h or 1d is wanted",
                   text);
}

static void open_bucket(struct work *w, const mt_series_value *v, mt_time t)
{
    const mt_normal_options *o = w->options;
    struct bucket *b = &w->bucket;
    *b = (struct bucket){.last = MT_MICRO_NONE};
    if (o->step == MT_US_DAY) {
        mt_day day = mt_day_at(o->zone, t);
        b->start = mt_day_start(o->zone, day);
        b->end = mt_day_start(o->zone, day + 1);
    } else {
        b->start = o->step ? mt_time_floor(t, o->step) : v->start;
        b->end = b->start + (o->step ? o->step : v->step);
    }
}

/* Energy of the value's first `span`, so that pieces between cuts add up to the whole. */
static mt_wide energy_until(const mt_series_value *v, mt_time span)
{
    return mt_muldiv_round(v->value, span, v->step);
}

static void add_piece(struct work *w, const mt_series_value *v, mt_time from, mt_time to)
{
    struct bucket *b = &w->bucket;
    if (v->value == MT_MICRO_NONE) return;
    b->covered += to - from;
    b->last = v->value;
    if (w->options->fold == MT_FOLD_SUM)
        b->sum += energy_until(v, to - v->start) - energy_until(v, from - v->start);
    else
        b->sum += (mt_wide)v->value * (to - from);
}

static mt_micro fold_bucket(const struct work *w)
{
    const struct bucket *b = &w->bucket;
    mt_wide half = b->covered / 2;
    if (b->covered < b->end - b->start) return MT_MICRO_NONE;
    if (w->options->fold == MT_FOLD_LAST) return b->last;
    if (w->options->fold == MT_FOLD_SUM) return (mt_micro)b->sum;
    return (mt_micro)((b->sum >= 0 ? b->sum + half : b->sum - half) / b->covered);
}

static mt_code convert_row(struct work *w, mt_normal_value *row)
{
    const mt_normal_options *o = w->options;
    mt_day day = mt_day_at(o->zone, row->start);
    const char *to = o->to_currency ? o->to_currency : o->place->currency;
    row->quote = (mt_fx_quote){MT_MICRO_ONE, MT_MICRO_ONE, day};
    row->open = mt_marketplace_open(o->place, mt_zone_civil(o->zone, row->start).hour);
    if (!o->currency) return MT_OK;
    MT_TRY(mt_fx_quote_of(w->cx, &row->quote, o->fx, o->currency, to, day));
    row->rate_age_days = day - row->quote.day;
    if (row->value != MT_MICRO_NONE && !mt_fx_convert(row->value, &row->quote, &row->value))
        return mt_fail(w->cx, MT_E_INPUT, "a value in %s is too large to be turned into %s", o->currency, to);
    return MT_OK;
}

static mt_code close_bucket(struct work *w)
{
    const struct bucket *b = &w->bucket;
    mt_normal_value row = {.start = b->start, .step = b->end - b->start, .covered = b->covered};
    if (b->end == b->start) return MT_OK;
    MT_TRY(mt_ctx_grow(w->cx, &w->row, w->n, &w->room, sizeof *w->row));
    row.value = fold_bucket(w);
    MT_TRY(convert_row(w, &row));
    w->row[w->n++] = row;
    return MT_OK;
}

static mt_code check_value(mt_ctx *cx, const mt_series_value *v, mt_time before)
{
    char at[MT_TIME_TEXT_MAX];
    mt_time_text(v->start, at);
    if (v->step <= 0)
        return mt_fail(cx, MT_E_SHAPE, "the value at %s has no step; it cannot be laid on a grid", at);
    if (before != MT_TIME_NONE && v->start < before)
        return mt_fail(cx, MT_E_SHAPE, "the value at %s begins before the one before it ends", at);
    return MT_OK;
}

/* Cuts one value at the buckets' edges. */
static mt_code lay_value(struct work *w, const mt_series_value *v)
{
    mt_time end = v->start + v->step;
    for (mt_time from = v->start; from < end;) {
        if (w->bucket.end <= from) {
            MT_TRY(close_bucket(w));
            open_bucket(w, v, from);
        }
        mt_time to = w->bucket.end < end ? w->bucket.end : end;
        add_piece(w, v, from, to);
        from = to;
    }
    return MT_OK;
}

mt_code mt_normalise(mt_ctx *cx, mt_normal_value **out, size_t *n_out, const mt_series_value *value, size_t n,
                     const mt_normal_options *options)
{
    struct work w = {.cx = cx, .options = options, .bucket = {.start = INT64_MIN, .end = INT64_MIN}};
    mt_time before = MT_TIME_NONE;
    MT_TRY(check_options(cx, options));
    for (size_t i = 0; i < n; i++) {
        MT_TRY(check_value(cx, &value[i], before));
        MT_TRY(lay_value(&w, &value[i]));
        before = value[i].start + value[i].step;
    }
    MT_TRY(close_bucket(&w));
    *out = w.row;
    *n_out = w.n;
    return MT_OK;
}
