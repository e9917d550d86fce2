/* Means, medians and quantiles of plain numbers.
 *
 * Purpose   The few figures every summary prints: count, mean, minimum, maximum, median, standard
 *           deviation.
 * Units     Those of the values.
 * Shapes    n values in any order; NaN means missing and is left out. With no value left every figure is
 *           NaN, count 0.
 * Errors    MT_E_INPUT q outside 0 … 1; MT_E_MEMORY.
 * Cost      mt_stats_of and mt_quantile sort a copy: O(n log n), n doubles of scratch, given back.
 * Source    Quantiles by linear interpolation between order statistics at (n-1)q: Hyndman and Fan (1996),
 *           definition 7, the default of R, numpy and pandas. Sums after Neumaier (1974), so the order of
 *           values does not matter much.
 */
#ifndef MT_NUM_STATS_H
#define MT_NUM_STATS_H

#include "base/ctx.h"

MT_BEGIN_DECLS

typedef struct mt_stats {
    size_t n; /* present values */
    double mean, min, max, median;
    double sd; /* of a sample, divisor n - 1; NaN below two values */
} mt_stats;

MT_API MT_MUST_USE mt_code mt_stats_of(mt_ctx *cx, mt_stats *out, const double *value, size_t n);
MT_API MT_MUST_USE mt_code mt_quantile(mt_ctx *cx, double *out, const double *value, size_t n, double q);

/* The quantile of values that are sorted and without NaN; NaN when n is 0. */
MT_API double mt_quantile_sorted(const double *sorted, size_t n, double q);

/* The mean of the present values; NaN when there is none. */
MT_API double mt_mean(const double *value, size_t n);

MT_END_DECLS
#endif
