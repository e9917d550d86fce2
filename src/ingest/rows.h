/* Observations one by one into a sink's columns, without a copy of the names.
 *
 * Purpose   The store finds a series again by the addresses of its names; so names are borrowed until their
 *           chunk is pushed, as readers of feeds promise. Payloads are copied: they die earlier.
 * Ownership mt_rows_open/_close; the buffers are used again by every batch.
 */
#ifndef MT_INGEST_ROWS_H
#define MT_INGEST_ROWS_H

#include "base/rows/sink.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

typedef struct mt_rows mt_rows;

MT_MUST_USE mt_code mt_rows_open(mt_ctx *cx, mt_rows **out);
void mt_rows_close(mt_rows *rows); /* NULL allowed */

/* Sends the schema; what an earlier batch left is forgotten. */
MT_MUST_USE mt_code mt_rows_begin(mt_ctx *cx, mt_rows *rows, mt_sink *sink);
MT_MUST_USE mt_code mt_rows_put(mt_ctx *cx, mt_rows *rows, mt_sink *sink, const mt_observation *row);
MT_MUST_USE mt_code mt_rows_push(mt_ctx *cx, mt_rows *rows, mt_sink *sink); /* the last ones */

MT_END_DECLS
#endif
