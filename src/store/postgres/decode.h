/* One value of a statement's result, from the bytes that the server sends into a column of a chunk.
 *
 * Purpose   The server's binary form costs both sides a fraction of what text costs; text is for a user's own
 *           statement, whose types may be any.
 * Missing   NaN and infinite instants and days become missing.
 * Source    PostgreSQL 15, src/backend/utils/adt: the send functions of the types; times count microseconds,
 *           days count days since 2000-01-01.
 */
#ifndef MT_STORE_POSTGRES_DECODE_H
#define MT_STORE_POSTGRES_DECODE_H

#include "base/rows/sink.h"
#include "store/postgres/api.h"

MT_BEGIN_DECLS

typedef struct mt_pg_column {
    Oid oid; /* pg_type */
    mt_type as;
} mt_pg_column;

typedef enum mt_pg_decoded {
    MT_PG_VALUE,
    MT_PG_MISSING,
    MT_PG_TOO_LARGE, /* beyond what the column can hold */
    MT_PG_DAMAGED    /* no value of this type has such bytes */
} mt_pg_decoded;

/* False: a type that is none of ours; it is to be read as text. */
bool mt_pg_column_of(mt_pg_column *out, Oid oid, int modifier);

/* Into place i of `data`. Texts are borrowed from `bytes`. */
mt_pg_decoded mt_pg_decode(const mt_pg_column *column, void *data, size_t i, const char *bytes, size_t n);
mt_pg_decoded mt_pg_decode_text(const mt_pg_column *column, void *data, size_t i, const char *text, size_t n);

MT_END_DECLS
#endif
