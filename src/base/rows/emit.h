/* Plain structs in, column chunks out: how an operation writes its rows.
 *
 * Purpose   An operation fills one struct a row and puts it; chunks of MT_CHUNK_ROWS are pushed when full.
 * Missing   The members' missing values (field.h) become nulls.
 * Ownership Texts are copied when put, so they may die right after. The emitter lives in cx; the sink is
 * borrowed.
 * Cost      O(columns) a row; one chunk of scratch.
 * Example   MT_TRY(mt_emit_begin(cx, &emit, out, "market.vwap", vwap_col, NULL, NULL));
 *           MT_TRY(mt_emit_put(emit, &row));   … once a row
 *           return mt_emit_end(emit);
 */
#ifndef MT_BASE_ROWS_EMIT_H
#define MT_BASE_ROWS_EMIT_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef struct mt_emit mt_emit;

/* `head` and `head_row` may be NULL. Sends the schema to the sink. */
MT_API MT_MUST_USE mt_code mt_emit_begin(mt_ctx *cx, mt_emit **out, mt_sink *sink, const char *name,
                                         const mt_field *col, const mt_field *head, const void *head_row);
MT_API MT_MUST_USE mt_code mt_emit_put(mt_emit *emit, const void *row);
MT_API MT_MUST_USE mt_code mt_emit_flush(mt_emit *emit); /* pushes what was put, for those who wait for it */
MT_API MT_MUST_USE mt_code mt_emit_end(mt_emit *emit);   /* pushes the last chunk and finishes the sink */

/* A result that is one row: begin, put, end. */
MT_API MT_MUST_USE mt_code mt_emit_one(mt_ctx *cx, mt_sink *sink, const char *name, const mt_field *col,
                                       const void *row);

MT_END_DECLS
#endif
