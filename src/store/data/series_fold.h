/* Values of series brought to buckets of equal length while the rows go by.
 *
 * Purpose   An engine that runs in this process hands over rows faster than it groups them: its hash of two
 *           keys costs a row more than everything here.
 * Shapes    Rows of series_id, start, value in any order -> place (1, 2, … of the id), start of the bucket,
 *           n, mean, sum, min, max, by place and start. Missing values are counted nowhere; a bucket of
 *           nothing else has n 0. Rows of other series are passed over.
 * Errors    MT_E_TOO_LARGE  more than MT_FOLD_MAX buckets, or rows in so wild an order that as many pieces of
 *           buckets would have to be kept.
 * Ownership mt_series_fold_open/_close; its sink is released with it.
 * Cost      A look-up and four additions a row; 48 bytes a bucket.
 */
#ifndef MT_STORE_DATA_SERIES_FOLD_H
#define MT_STORE_DATA_SERIES_FOLD_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

enum { MT_FOLD_MAX = 1 << 20 };

typedef struct mt_series_fold mt_series_fold;

MT_MUST_USE mt_code mt_series_fold_open(mt_ctx *cx, mt_series_fold **out, const int64_t *id, size_t n,
                                        int64_t bucket_us);
void mt_series_fold_close(mt_series_fold *fold); /* NULL allowed */

mt_sink *mt_series_fold_sink(mt_series_fold *fold);

/* After the sink's finish: schema, rows, finish. */
MT_MUST_USE mt_code mt_series_fold_send(mt_ctx *cx, mt_series_fold *fold, mt_sink *sink);

MT_END_DECLS
#endif
