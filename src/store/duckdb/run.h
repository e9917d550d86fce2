/* One statement on a DuckDB connection: prepared, bound, run in small steps, read.
 *
 * Purpose   Between two steps the context's cancel flag and deadline are looked at; a cancel from another
 *           thread also interrupts the engine at once.
 * Shapes    Results come in the column types of store.h; 128-bit integers must fit 64 bits.
 */
#ifndef MT_STORE_DUCKDB_RUN_H
#define MT_STORE_DUCKDB_RUN_H

#include "store/duckdb/instance.h"
#include "store/request.h"

MT_BEGIN_DECLS

typedef struct mt_duck_link {
    mt_duck *duck;
    duckdb_connection connection;
} mt_duck_link;

MT_MUST_USE mt_code mt_duck_exec(mt_ctx *cx, mt_duck_link link, uint64_t *changed, const char *sql,
                                 const mt_param *param, size_t n);

/* Schema, rows and finish into the sink, which must be quick: the statement stays open meanwhile. */
MT_MUST_USE mt_code mt_duck_query(mt_ctx *cx, mt_duck_link link, const char *sql, const mt_param *param,
                                  size_t n, bool any_type, mt_sink *sink);

MT_END_DECLS
#endif
