/* Rows as comma-separated values.
 *
 * Purpose   The sink behind --output csv and every .csv file.
 * Shapes    A header with the column names, one record a row, LF at the end of each. Times RFC 3339 in UTC,
 *           days YYYY-MM-DD, reals in the shortest text that reads back as the same number, decimals exactly.
 * Missing   Null is an empty field, an empty text is "" in quotes: the two differ. NaN is written as null.
 * Units     Not in the file; the head goes to `head` as lines "name: value unit" before the rows.
 * Ownership The sink lives in cx and owns nothing: close it, then `out`. finish finishes `out` (and `head`).
 * Source    RFC 4180, but for LF instead of CRLF. Bytes that are no UTF-8 are passed on as they are.
 */
#ifndef MT_IO_SINKS_CSV_H
#define MT_IO_SINKS_CSV_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

typedef struct mt_csv_options {
    size_t size;
    mt_out *head; /* NULL: the head is dropped */
} mt_csv_options;

MT_MUST_USE mt_code mt_csv_sink(mt_ctx *cx, mt_sink **sink, mt_out *out,
                                const mt_csv_options *options /* NULL allowed */);

MT_END_DECLS
#endif
