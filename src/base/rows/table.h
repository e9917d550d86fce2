/* Rows kept in memory, column by column.
 *
 * Purpose   The sink behind every caller that wants to look at a result: tests, reports, joins of small
 *           tables.
 * Shapes    n rows of the schema's columns; `col[k]` is a whole column in one piece, as in a chunk.
 * Errors    MT_E_TOO_LARGE when more than max_rows are pushed.
 * Ownership Table, schema and texts are copied into cx and live as long as it does.
 */
#ifndef MT_BASE_ROWS_TABLE_H
#define MT_BASE_ROWS_TABLE_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef struct mt_table {
    mt_schema schema;
    size_t n;
    mt_column *col;       /* complete after finish */
    const mt_value *head; /* one a head field */
} mt_table;

/* A sink that fills *out; max_rows 0 means no limit. */
MT_API MT_MUST_USE mt_code mt_table_sink(mt_ctx *cx, mt_sink **sink, mt_table **out, size_t max_rows);

/* The index of the column with that name, or -1. */
MT_API int mt_table_column(const mt_table *table, const char *name);
MT_API mt_value mt_table_get(const mt_table *table, size_t row, int column);

/* A present real (or integer, or decimal) as double; NaN when missing or not a number. */
MT_API double mt_table_real(const mt_table *table, size_t row, int column);

/* Sends the whole table into another sink: schema, one push, finish. */
MT_API MT_MUST_USE mt_code mt_table_send(mt_ctx *cx, const mt_table *table, mt_sink *sink);

MT_END_DECLS
#endif
