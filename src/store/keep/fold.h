/* Values of one series in order of time, gathered into buckets.
 *
 * Shapes    Rows of start, value, known_at by start.
 * Ownership mt_fold_open/_close; the buckets are the fold's.
 */
#ifndef MT_STORE_KEEP_FOLD_H
#define MT_STORE_KEEP_FOLD_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef struct mt_fold_bucket {
    mt_time start, known_at;          /* the latest of its rows */
    uint64_t rows, n;                 /* n: those with a value */
    double sum, lost, min, max, last; /* lost: what rounding took from the sum */
    bool stays;
} mt_fold_bucket;

typedef struct mt_fold_sink {
    mt_sink sink;
    mt_time step;
    mt_fold_bucket *at;
    size_t n, room;
} mt_fold_sink;

void mt_fold_open(mt_fold_sink *out, mt_time step);
void mt_fold_close(mt_fold_sink *fold);

mt_time mt_fold_floor(mt_time t, mt_time step); /* the multiple of step at or before t */

MT_END_DECLS
#endif
