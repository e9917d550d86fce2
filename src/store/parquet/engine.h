/* The in-memory engine behind the Parquet rooms: connections, scratch tables, one file written safely.
 *
 * Purpose   Shared by parquet.c, parquet_read.c and parquet_partition.c; nothing outside this folder includes
 *           it.
 */
#ifndef MT_STORE_PARQUET_ENGINE_H
#define MT_STORE_PARQUET_ENGINE_H

#include "store/duckdb/run.h"
#include "store/parquet/parquet.h"

MT_BEGIN_DECLS

struct mt_engine {
    mt_duck *duck;
    uint64_t tables; /* atomic; made so far */
    char spill[600]; /* folder for what does not fit the memory */
    char temp_dir[512];
};

MT_MUST_USE mt_code mt_engine_connect(mt_ctx *cx, mt_engine *engine, mt_duck_link *out);
void mt_engine_disconnect(mt_duck_link link);

/* A name for a scratch table that no other has; dropped without a word when it is gone already. */
void mt_engine_table(mt_engine *engine, char *out, size_t size);
void mt_engine_drop(mt_duck_link link, const char *table);

/* The text in quotes, those inside it doubled. */
MT_MUST_USE mt_code mt_engine_quote(mt_ctx *cx, const char **out, const char *text, char quote);

/* The entries of a file's key-value metadata for a schema. */
MT_MUST_USE mt_code mt_engine_metadata(mt_ctx *cx, const char **out, const mt_schema *schema);

/* The rows of a SELECT as a Parquet file: temporary name, sync, rename, sync of the folder. */
MT_MUST_USE mt_code mt_engine_copy(mt_ctx *cx, mt_duck_link link, const char *select, const char *metadata,
                                   const char *path);

MT_END_DECLS
#endif
