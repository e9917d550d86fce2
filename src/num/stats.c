/* Means, medians and quantiles of plain numbers. */
#include "num/stats.h"

#include <math.h>
#include <stdlib.h>

/* A sum with the rounding error of each addition kept aside. */
struct neumaier {
    double sum, error;
};

static void add_exactly(struct neumaier *s, double x)
{
    double t = s->sum + x;
    s->error += fabs(s->sum) >= fabs(x) ? (s->sum - t) + x : (x - t) + s->sum;
    s->sum = t;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The present values in ascending order, in the arena. */
static mt_code sort_present(mt_ctx *cx, double **out, size_t *n_out, const double *value, size_t n)
{
    double *sorted;
    size_t k = 0;
    MT_TRY(mt_ctx_alloc(cx, &sorted, n, sizeof *sorted));
    for (size_t i = 0; i < n; i++) {
        if (!isnan(value[i])) sorted[k++] = value[i];
    }
    if (k) qsort(sorted, k, sizeof *sorted, compare);
    *out = sorted;
    *n_out = k;
    return MT_OK;
}

static double deviation(const double *value, size_t n, double mean)
{
    struct neumaier s = {0, 0};
    if (n < 2) return NAN;
    for (size_t i = 0; i < n; i++) add_exactly(&s, (value[i] - mean) * (value[i] - mean));
    return sqrt((s.sum + s.error) / (double)(n - 1));
}

double mt_mean(const double *value, size_t n)
{
    struct neumaier s = {0, 0};
    size_t present = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(value[i])) continue;
        add_exactly(&s, value[i]);
        present++;
    }
    return present ? (s.sum + s.error) / (double)present : NAN;
}

double mt_quantile_sorted(const double *sorted, size_t n, double q)
{
    if (n == 0) return NAN;
    double at = (double)(n - 1) * q;
    size_t k = (size_t)at;
    if (k + 1 >= n) return sorted[n - 1];
    double part = at - (double)k;
    return part > 0 ? sorted[k] + (sorted[k + 1] - sorted[k]) * part : sorted[k];
}

mt_code mt_quantile(mt_ctx *cx, double *out, const double *value, size_t n, double q)
{
    if (!(q >= 0 && q <= 1)) return mt_fail(cx, MT_E_INPUT, "quantile %g; a quantile lies from 0 to 1", q);
    mt_mark mark = mt_arena_mark(&cx->arena);
    double *sorted;
    size_t present;
    MT_TRY(sort_present(cx, &sorted, &present, value, n));
    *out = mt_quantile_sorted(sorted, present, q);
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}

mt_code mt_stats_of(mt_ctx *cx, mt_stats *out, const double *value, size_t n)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    double *sorted;
    size_t k;
    MT_TRY(sort_present(cx, &sorted, &k, value, n));
    double mean = mt_mean(sorted, k);
    *out = (mt_stats){.n = k,
                      .mean = mean,
                      .min = k ? sorted[0] : NAN,
                      .max = k ? sorted[k - 1] : NAN,
                      .median = mt_quantile_sorted(sorted, k, 0.5),
                      .sd = deviation(sorted, k, mean)};
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}
