/* Observations sorted into series, each ascending by start; inside of market/series only.
 *
 * Purpose   What every check of a series starts with.
 * Shapes    Two bodies of observations may be given: the first is what is looked at (`fresh`), the second
 *           what stands beside it. Versions of one start stand together: the others before the fresh ones,
 *           among these the one known last behind.
 * Ownership Points live in cx and borrow the observations.
 * Cost      O(n log n).
 */
#ifndef MT_MARKET_SERIES_SERIES_POINTS_H
#define MT_MARKET_SERIES_SERIES_POINTS_H

#include "base/ctx.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

typedef struct mt_point {
    const mt_observation *of;
    size_t row; /* in its body */
    bool fresh;
} mt_point;

typedef struct mt_points {
    const mt_observation *name; /* kind, area, detail, unit, step and source hold for all */
    mt_point *at;
    size_t n;
} mt_points;

MT_MUST_USE mt_code mt_points_group(mt_ctx *cx, mt_points **out, size_t *n_out, const mt_observation *fresh,
                                    size_t n_fresh, const mt_observation *beside, size_t n_beside);

/* Keeps the last version of each start that has a value. */
void mt_points_thin(mt_points *points);

/* The place of that start, or -1; thinned points only. */
ptrdiff_t mt_points_find(const mt_points *points, mt_time start);

MT_END_DECLS
#endif
