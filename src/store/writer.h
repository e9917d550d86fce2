/* The one thread that writes to an embedded store.
 *
 * Purpose   Takes what is queued, runs it in one transaction (at most 20 ms or 50,000 rows), commits, wakes
 *           the callers. When one write fails the group is rolled back and each of its writes runs again
 *           alone, because the engine knows no savepoints.
 * Errors    MT_E_BUSY  the queue is full;  else what the write or its commit says.
 * Ownership mt_writer_open/_close; close waits for what was accepted.
 * Threads   mt_writer_run from any number of threads.
 */
#ifndef MT_STORE_WRITER_H
#define MT_STORE_WRITER_H

#include "store/inside.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_writer_open(mt_ctx *cx, mt_writer **out, mt_store *store);
void mt_writer_close(mt_writer *writer); /* NULL allowed */

/* Returns after the commit of the group that held this write. While it waits in the queue it can be
 * cancelled; then the statements of `fn` look at the context. */
MT_MUST_USE mt_code mt_writer_run(mt_ctx *cx, mt_writer *writer, mt_write_fn *fn, void *arg,
                                  int64_t staged_us);

MT_END_DECLS
#endif
