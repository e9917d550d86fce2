/* Stored series as an array of observations, for operations that look at them as a whole.
 *
 * Shapes    In the order of store/data/series_store.h. Equal neighbouring names have equal addresses.
 *           Payloads are left out.
 * Errors    MT_E_TOO_LARGE more than MT_SERIES_IN_MAX values; those of the store.
 * Ownership Everything lives in cx.
 * Cost      80 bytes a value, and again as much while it grows.
 */
#ifndef MT_OPS_SERIES_SERIES_IN_H
#define MT_OPS_SERIES_SERIES_IN_H

#include "ops/world.h"
#include "store/data/series_store.h"

MT_BEGIN_DECLS

enum { MT_SERIES_IN_MAX = 8000000 };

typedef struct mt_series_in {
    const mt_observation *at;
    size_t n;
} mt_series_in;

/* `versions`: every value that was ever known; else what stands, or stood at filter->as_of. */
MT_MUST_USE mt_code mt_series_in_read(mt_ctx *cx, const mt_world *world, mt_series_in *out,
                                      const mt_series_filter *filter, bool versions);

/* The distinct areas of these values, in order of appearance. */
MT_MUST_USE mt_code mt_series_in_areas(mt_ctx *cx, const char *const **out, size_t *n, mt_series_in values);

/* The values of one area. */
MT_MUST_USE mt_code mt_series_in_area(mt_ctx *cx, mt_series_in *out, mt_series_in values, const char *area);

MT_END_DECLS
#endif
