/* Column chunks into a DuckDB table, the fast way.
 *
 * Purpose   The engine's appender fed with whole vectors.
 * Shapes    The chunk's columns are the table's, in order, each in the type the table's column stands for.
 * Missing   NaN becomes NULL.
 * Errors    MT_E_SHAPE  the table's columns are others;  MT_E_INPUT  text that is not UTF-8 or holds a zero
 *           byte.
 * Ownership mt_duck_append_open/_close. Close without finish leaves the table with some of the rows: drop it.
 */
#ifndef MT_STORE_DUCKDB_APPEND_H
#define MT_STORE_DUCKDB_APPEND_H

#include "store/duckdb/run.h"

MT_BEGIN_DECLS

typedef struct mt_duck_append mt_duck_append;

MT_MUST_USE mt_code mt_duck_append_open(mt_ctx *cx, mt_duck_append **out, mt_duck_link link,
                                        const char *catalog, const char *table, size_t n_col);
/* What the table's column k holds: MT_INT, MT_REAL, MT_MICRO (decimal(18,6)), MT_TEXT, MT_BOOL, MT_TIME,
 * MT_DAY; MT_TYPE_COUNT for any other. */
mt_type mt_duck_append_type(const mt_duck_append *append, size_t k);
MT_MUST_USE mt_code mt_duck_append_push(mt_ctx *cx, mt_duck_append *append, const mt_chunk *chunk);
MT_MUST_USE mt_code mt_duck_append_finish(mt_ctx *cx, mt_duck_append *append);
void mt_duck_append_close(mt_duck_append *append); /* NULL allowed */

MT_END_DECLS
#endif
