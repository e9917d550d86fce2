/* One DuckDB instance: opened, configured, closed.
 *
 * Purpose   The embedded store and the Parquet engine both stand on it.
 * Errors    MT_E_BUSY  the file is held by another process (named);  MT_E_IO  it cannot be opened or is no
 *           store.
 * Ownership mt_duck_open/_close; connections are closed before.
 * Threads   An instance is shared; a connection is one thread's at a time.
 */
#ifndef MT_STORE_DUCKDB_INSTANCE_H
#define MT_STORE_DUCKDB_INSTANCE_H

#include "store/duckdb/api.h"

MT_BEGIN_DECLS

typedef struct mt_duck_options {
    const char *path; /* NULL: in memory */
    bool read_only;
    int64_t wait_us; /* not negative */
    int threads;
    uint64_t memory_bytes;
    const char *temp_dir; /* where the engine may spill */
    const char *library;
    bool files; /* statements may read and write files (the Parquet engine) */
} mt_duck_options;

typedef struct mt_duck {
    mt_duckdb_api api;
    duckdb_database database;
    int owner; /* descriptor of the lock file, or -1 */
} mt_duck;

/* With `files` false a database "stage" in memory is attached, external access is off and the
 * configuration locked. */
MT_MUST_USE mt_code mt_duck_open(mt_ctx *cx, mt_duck **out, const mt_duck_options *options);
void mt_duck_close(mt_duck *duck); /* NULL allowed */

/* Closes the file and opens it again with the lock of its owner kept, so that nobody comes in between. */
void mt_duck_pause(mt_duck *duck);
MT_MUST_USE mt_code mt_duck_resume(mt_ctx *cx, mt_duck *duck, const mt_duck_options *options);

MT_MUST_USE mt_code mt_duck_connect(mt_ctx *cx, mt_duck *duck, duckdb_connection *out);

/* Turns the engine's words into a failure: the code from their kind, the first paragraph as one sentence. */
mt_code mt_duck_fail(mt_ctx *cx, const char *message);

MT_END_DECLS
#endif
