/* Rows into a PostgreSQL table with COPY in its binary form.
 *
 * Purpose   Chunks are packed into a buffer; each full buffer is one COPY, so that several tables of one
 *           connection can be filled in turn.
 * Source    PostgreSQL 15 documentation, COPY, section "Binary Format"; times count microseconds since
 *           2000-01-01.
 */
#ifndef MT_STORE_POSTGRES_COPY_H
#define MT_STORE_POSTGRES_COPY_H

#include "store/postgres/link.h"

MT_BEGIN_DECLS

typedef struct mt_pg_copy mt_pg_copy;

/* `table` in SQL; `type` of its n columns (MT_INT, MT_REAL, MT_TEXT, MT_BOOL, MT_TIME, MT_DAY), borrowed. */
MT_MUST_USE mt_code mt_pg_copy_open(mt_ctx *cx, mt_pg_copy **out, mt_pg *pg, const char *table,
                                    const mt_type *type, size_t n);
MT_MUST_USE mt_code mt_pg_copy_push(mt_ctx *cx, mt_pg_copy *copy, const mt_chunk *chunk);
MT_MUST_USE mt_code mt_pg_copy_finish(mt_ctx *cx, mt_pg_copy *copy);
void mt_pg_copy_close(mt_pg_copy *copy); /* NULL allowed */

MT_END_DECLS
#endif
