/* How often each integer value was seen: exact quantiles of a column that is never held in memory.
 *
 * Purpose   Medians, quartiles and outlier bounds of millions of rows, fed value by value; prices and
 *           volumes repeat, so memory grows with the number of different values and not with the rows.
 * Units     Those of the values; quantiles come as double because they may lie between two values.
 * Shapes    n values -> at most n distinct ones. Quantiles are null (NaN) while nothing was added.
 * Errors    MT_E_MEMORY; MT_E_TOO_LARGE more distinct values than MT_TALLY_MAX (the sentence says how
 *           many).
 * Ownership The tally lives in cx; the arena must not be reset to a mark older than its last mt_tally_add.
 * Cost      O(1) an addition; 16 to 64 bytes a distinct value. mt_tally_quantile sorts once after the last
 *           addition: O(d log d) for d distinct values.
 * Source    Hyndman and Fan (1996), definition 7: linear interpolation at (n-1)q, as numpy and pandas do by
 *           default.
 */
#ifndef MT_NUM_TALLY_H
#define MT_NUM_TALLY_H

#include "base/ctx.h"

MT_BEGIN_DECLS

enum { MT_TALLY_MAX = 1 << 25 };

typedef struct mt_tally mt_tally;

/* What an interval of values holds. */
typedef struct mt_tally_count {
    uint64_t below, inside, above;
} mt_tally_count;

MT_API MT_MUST_USE mt_code mt_tally_new(mt_ctx *cx, mt_tally **out);

/* Adds `value` `times` times; times 0 changes nothing. INT64_MIN is no value: MT_E_INPUT. */
MT_API MT_MUST_USE mt_code mt_tally_add(mt_ctx *cx, mt_tally *tally, int64_t value, uint64_t times);

/* Adds all that `from` holds. */
MT_API MT_MUST_USE mt_code mt_tally_merge(mt_ctx *cx, mt_tally *tally, const mt_tally *from);

MT_API uint64_t mt_tally_n(const mt_tally *tally);
MT_API size_t mt_tally_distinct(const mt_tally *tally);

/* q in 0 … 1. */
MT_API MT_MUST_USE mt_code mt_tally_quantile(mt_ctx *cx, double *out, mt_tally *tally, double q);

/* Values below `low`, in [low, high], above `high`. */
MT_API mt_tally_count mt_tally_split(const mt_tally *tally, double low, double high);

MT_END_DECLS
#endif
