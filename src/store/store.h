/* The door to the store: an embedded file or a database server, one way of asking.
 *
 * Purpose   Reads stream typed rows into a sink; writes are transactions; batches of rows are merged, never
 *           doubled.
 * Shapes    One SQL text serves every engine, in the subset of store/sql.md. Result columns come as MT_INT
 *           (all integers), MT_REAL, MT_MICRO (decimals of at most six places), MT_TEXT, MT_BOOL, MT_TIME,
 *           MT_DAY.
 * Time      TIMESTAMPTZ is mt_time: microseconds UTC. Sessions run in UTC.
 * Errors    MT_E_INPUT  unknown kind of url (lists the known), a statement or value that is wrong;  MT_E_BUSY
 *           another process holds the embedded file (named), or the queue of writes is full;
 *           MT_E_CONFLICT  a constraint;  MT_E_DENIED  a write to a store opened read-only;  MT_E_IO  file or
 *           server failed;  also MT_E_DEADLINE and MT_E_CANCELLED of the context, within about 20 ms.
 * Ownership mt_store_open/_close; close when no call is running. Sinks are the caller's: they get schema,
 *           rows and finish, and are closed by the caller.
 * Threads   A store may be used by many threads at once, each with its own context: a read takes a connection
 *           of its own; the writes of an embedded store go through one writer thread that commits groups
 *           (what has queued up, at most 20 ms or 50,000 rows). A call returns after its own group's commit.
 *           When one write of a group fails, the group is rolled back and each of its writes is run again in
 *           a transaction of its own.
 * Cost      A read ends in the engine before the sink sees its first row (spool.h): 1 MiB of memory, then an
 *           unlinked file; no cursor stays open for a slow reader.
 */
#ifndef MT_STORE_STORE_H
#define MT_STORE_STORE_H

#include "store/request.h"

MT_BEGIN_DECLS

typedef struct mt_store mt_store;
typedef struct mt_tx mt_tx;       /* a transaction, inside mt_write_fn */
typedef struct mt_batch mt_batch; /* rows prepared for a transaction */

/* Opens, waits for a holder, and brings the store's tables up to this program's version (schema/). A store
 * written by a newer program is refused. */
MT_MUST_USE mt_code mt_store_open(mt_ctx *cx, mt_store **out, const mt_store_options *options);
void mt_store_close(mt_store *store); /* NULL allowed */

const char *mt_store_engine(const mt_store *store); /* "duckdb", "postgres" */
mt_time mt_store_now(const mt_store *store);        /* the clock of its options */
const char *mt_store_temp_dir(const mt_store *store);

/* One SELECT. */
MT_MUST_USE mt_code mt_store_query(mt_ctx *cx, mt_store *store, const char *sql, const mt_param *param,
                                   size_t n, mt_sink *sink);

/* A user's own text: one SELECT, WITH, VALUES, TABLE, FROM, EXPLAIN, SHOW, DESCRIBE or SUMMARIZE, in a
 * read-only transaction, without access to files or network and with the engine's settings locked. Columns of
 * other types come as text. */
MT_MUST_USE mt_code mt_store_sql(mt_ctx *cx, mt_store *store, const char *sql, mt_sink *sink);

/* One transaction: everything `fn` does through `tx`, or nothing. `fn` may run on another thread while the
 * caller waits, and may be run again from its start after a rollback: it must not use up its input, and must
 * call no other function of the store than those with a `tx`. */
typedef mt_code mt_write_fn(mt_ctx *cx, mt_tx *tx, void *arg);
MT_MUST_USE mt_code mt_store_write(mt_ctx *cx, mt_store *store, mt_write_fn *fn, void *arg);

MT_MUST_USE mt_code mt_tx_exec(mt_ctx *cx, mt_tx *tx, uint64_t *changed /* NULL allowed */, const char *sql,
                               const mt_param *param, size_t n);
MT_MUST_USE mt_code mt_tx_query(mt_ctx *cx, mt_tx *tx, const char *sql, const mt_param *param, size_t n,
                                mt_sink *sink);
mt_time mt_tx_now(const mt_tx *tx);

/* A sink whose rows are merged into plan->table at finish; *counts is written then. Columns are matched by
 * name; a column the table lacks is MT_E_SHAPE; a column of the table that is not given stays NULL in new
 * rows. Close the sink before `fn` returns. The same rows twice change nothing. */
MT_MUST_USE mt_code mt_tx_merge(mt_ctx *cx, mt_tx *tx, mt_sink **sink, mt_merge_counts *counts,
                                const mt_merge_plan *plan);

/* The same for rows from a slow or one-way source: they are staged outside of any transaction, and the commit
 * merges all of them, then runs `fn` (NULL: nothing more), in one transaction. The sinks are closed before
 * the commit; counts are written by it; plans and counts are borrowed until mt_batch_close. Nothing is left
 * behind without a commit. */
MT_MUST_USE mt_code mt_batch_open(mt_ctx *cx, mt_batch **out, mt_store *store);
MT_MUST_USE mt_code mt_batch_merge(mt_ctx *cx, mt_batch *batch, mt_sink **sink, mt_merge_counts *counts,
                                   const mt_merge_plan *plan);
MT_MUST_USE mt_code mt_batch_commit(mt_ctx *cx, mt_batch *batch, mt_write_fn *fn, void *arg);
void mt_batch_close(mt_batch *batch); /* NULL allowed */

MT_END_DECLS
#endif
