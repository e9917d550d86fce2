/* Rows set aside: in memory while they are few, in an unlinked file when they are many.
 *
 * Purpose   A producer that must not wait for a slow reader (a database cursor, an answer being sent) writes
 *           here first.
 * Shapes    Chunks come back as they were pushed.
 * Errors    MT_E_IO when the temporary file cannot be written;  MT_E_MEMORY.
 * Ownership mt_spool_open/_close. The schema's fields are borrowed until mt_spool_close, chunks are copied.
 * Closing the
 *           sink releases nothing.
 * Cost      1 MiB of memory, one copy in, one out; the largest chunk in memory when read.
 */
#ifndef MT_STORE_SPOOL_H
#define MT_STORE_SPOOL_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef struct mt_spool mt_spool;

enum { MT_SPOOL_MEMORY = 1 << 20 };

MT_MUST_USE mt_code mt_spool_open(mt_ctx *cx, mt_spool **out, const char *temp_dir /* NULL: /tmp */);
void mt_spool_close(mt_spool *spool); /* NULL allowed */

mt_sink *mt_spool_sink(mt_spool *spool);
const mt_schema *mt_spool_schema(const mt_spool *spool); /* after the sink got it */
uint64_t mt_spool_rows(const mt_spool *spool);
bool mt_spool_in_file(const mt_spool *spool);

/* After finish: the next chunk, borrowed until the next call; n == 0 at the end. Rewind starts again. */
MT_MUST_USE mt_code mt_spool_next(mt_ctx *cx, mt_spool *spool, mt_chunk *out);
void mt_spool_rewind(mt_spool *spool);

/* All that is still to come into another sink under that schema: schema, rows, finish. */
MT_MUST_USE mt_code mt_spool_pour(mt_ctx *cx, mt_spool *spool, const mt_schema *schema, mt_sink *sink);

/* Everything from the start, under its own. */
MT_MUST_USE mt_code mt_spool_send(mt_ctx *cx, mt_spool *spool, mt_sink *sink);

MT_END_DECLS
#endif
