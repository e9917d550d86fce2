/* A statement's rows from PostgreSQL as column chunks.
 *
 * Purpose   What may be large comes by COPY in the server's binary form, once the server has told the
 *           columns' types; what is small, or asked inside a writing transaction, row by row in one exchange.
 * Missing   NaN and infinite instants become missing. Types that are none of ours come as text (`any_type`)
 *           or are refused.
 * Cost      A large read takes two exchanges more than a small one, and a fraction of the time a row.
 */
#ifndef MT_STORE_POSTGRES_READ_H
#define MT_STORE_POSTGRES_READ_H

#include "store/postgres/link.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_pg_query(mt_ctx *cx, mt_pg *pg, const char *sql, const mt_param *param, size_t n,
                                bool any_type, mt_sink *sink);

MT_END_DECLS
#endif
