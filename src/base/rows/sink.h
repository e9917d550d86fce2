/* Where rows go: typed column chunks flow into a sink, whatever stands behind it.
 *
 * Purpose   One road for ten rows and a hundred million: files, terminals, stores, answers and tests are
 *           all sinks.
 * Shapes    Calls come in this order: schema once, push any number of times (n >= 1), finish once; then
 *           close. After a failed call only close may follow. close without finish leaves nothing behind (a
 *           temporary file vanishes).
 * Missing   A column's validity bits: bit i of word i/64 is 1 where value i is present; NULL means all
 *           present. The value under a 0 bit is unspecified.
 * Ownership A chunk and its texts are borrowed until push returns; a sink copies what it keeps. The
 * schema's fields and
 *           the head's values are borrowed until finish or close.
 * Threads   One sink, one thread.
 */
#ifndef MT_BASE_ROWS_SINK_H
#define MT_BASE_ROWS_SINK_H

#include "base/rows/field.h"

MT_BEGIN_DECLS

enum { MT_CHUNK_ROWS = 2048 }; /* the usual chunk; any n is allowed */

typedef struct mt_schema {
    const char *name;    /* "market.clear"; a sheet, a table, a document title */
    const mt_field *col; /* ends with a row without a name */
    size_t n_col;
    const mt_field *head; /* NULL: no head; scalars known before the first row */
    const void *head_row; /* the struct the head's fields point into */
} mt_schema;

typedef struct mt_column {
    const void *data;      /* n values of the column's type, see MT_TYPE_LIST */
    const uint64_t *valid; /* NULL: all present */
} mt_column;

typedef struct mt_chunk {
    size_t n;
    const mt_column *col; /* schema->n_col of them */
} mt_chunk;

struct mt_sink;

/* What a sink can do; every member is set. */
typedef struct mt_sink_ops {
    mt_code (*schema)(struct mt_sink *sink, mt_ctx *cx, const mt_schema *schema);
    mt_code (*push)(struct mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk);
    mt_code (*finish)(struct mt_sink *sink, mt_ctx *cx); /* all rows are in: make them durable and visible */
    void (*close)(struct mt_sink *sink);                 /* release; never fails */
} mt_sink_ops;

/* First member of every sink's own struct. */
typedef struct mt_sink {
    const mt_sink_ops *ops;
} mt_sink;

MT_API MT_MUST_USE mt_code mt_sink_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema);
MT_API MT_MUST_USE mt_code mt_sink_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk);
MT_API MT_MUST_USE mt_code mt_sink_finish(mt_sink *sink, mt_ctx *cx);
MT_API void mt_sink_close(mt_sink *sink); /* NULL allowed */

static inline bool mt_column_has(const mt_column *column, size_t i)
{
    return !column->valid || (column->valid[i / 64] >> (i % 64) & 1);
}

/* The value in row i of a column of `type`; text is borrowed from the chunk. */
MT_API mt_value mt_column_get(const mt_column *column, mt_type type, size_t i);

MT_END_DECLS
#endif
