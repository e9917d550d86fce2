/* Versions of values, cut down to what was known at the beginning of a day. */
#include "ops/series/known_days.h"

#include <stdlib.h>
#include <string.h>

static int compare_periods(const mt_observation *a, const mt_observation *b)
{
    int order = (a->start > b->start) - (a->start < b->start);
    if (!order) order = (a->step > b->step) - (a->step < b->step);
    if (!order) order = strcmp(a->detail, b->detail);
    if (!order) order = strcmp(a->source, b->source);
    return order ? order : strcmp(a->unit, b->unit);
}

static int compare_versions(const void *left, const void *right)
{
    const mt_observation *a = left, *b = right;
    int order = compare_periods(a, b);
    return order ? order : (a->known_at > b->known_at) - (a->known_at < b->known_at);
}

mt_code mt_known_order(mt_ctx *cx, mt_series_in *values)
{
    mt_observation *at;
    if (!values->n) return MT_OK;
    MT_TRY(MT_NEW(cx, &at, values->n));
    memcpy(at, values->at, values->n * sizeof *at);
    qsort(at, values->n, sizeof *at, compare_versions);
    values->at = at;
    return MT_OK;
}

/* The first that starts at `t` or later. */
static size_t find_start(mt_series_in values, mt_time t)
{
    size_t low = 0, high = values.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values.at[middle].start < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of each period in [from, before) the last version that was known before `before`. */
static mt_code cut(mt_ctx *cx, mt_series_in *out, mt_series_in values, mt_time from, mt_time before)
{
    mt_observation *at;
    size_t first = find_start(values, from), end = find_start(values, before), n = 0;
    MT_TRY(MT_NEW(cx, &at, end - first));
    for (size_t i = first; i < end; i++) {
        if (values.at[i].known_at >= before) continue;
        bool newer = n && compare_periods(&at[n - 1], &values.at[i]) == 0;
        n -= newer;
        at[n++] = values.at[i];
    }
    *out = (mt_series_in){at, n};
    return MT_OK;
}

mt_code mt_known_before(mt_ctx *cx, mt_known_values *out, const mt_known_values *values, mt_day day, int days)
{
    mt_time from = mt_day_start(values->zone, day - days), before = mt_day_start(values->zone, day);
    out->zone = values->zone;
    MT_TRY(cut(cx, &out->price, values->price, from, before));
    MT_TRY(cut(cx, &out->production, values->production, from, before));
    return cut(cx, &out->forecast, values->forecast, from, before);
}

/* Of another feed nothing can be said. */
static bool lacks_series(const mt_day_value *known, const mt_day_value *standing)
{
    return known->source && standing->source && known->step == standing->step &&
           strcmp(known->source, standing->source) == 0 && known->details < standing->details;
}

void mt_known_drop_partial(mt_delivery_day *day, size_t n, const mt_delivery_day *standing, size_t n_standing)
{
    for (size_t k = 0; k < n; k++) {
        if (!n_standing || day[k].day < standing->day) continue;
        size_t at = (size_t)(day[k].day - standing->day);
        if (at >= n_standing) continue;
        if (lacks_series(&day[k].price, &standing[at].price)) day[k].price.hours = 0;
        if (lacks_series(&day[k].production, &standing[at].production)) day[k].production.hours = 0;
    }
}
