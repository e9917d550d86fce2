/* DuckDB result chunks as column chunks of the house.
 *
 * Purpose   Most types are borrowed as they lie; the rest is widened into the context's arena.
 * Missing   NaN and infinite instants become missing.
 */
#ifndef MT_STORE_DUCKDB_READ_H
#define MT_STORE_DUCKDB_READ_H

#include "base/rows/sink.h"
#include "store/duckdb/instance.h"

MT_BEGIN_DECLS

/* How one column is read. */
typedef struct mt_duck_column {
    duckdb_type type; /* of a decimal: the integer it is stored in */
    mt_type as;
    int scale; /* decimals: digits after the point; else -1 */
} mt_duck_column;

/* False when the type has no place among ours. Destroys nothing. */
bool mt_duck_column_of(const mt_duckdb_api *api, duckdb_logical_type type, mt_duck_column *out);

/* Column k of the chunk; scratch lives in cx. */
MT_MUST_USE mt_code mt_duck_read(mt_ctx *cx, const mt_duckdb_api *api, mt_column *out,
                                 const mt_duck_column *column, const char *name, duckdb_vector vector,
                                 size_t n);

MT_END_DECLS
#endif
