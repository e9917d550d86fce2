/* A statement's parameters written into its text as literals, for commands of the server that take none.
 *
 * Purpose   COPY (SELECT …) TO STDOUT is the server's fastest way out, and knows no parameters.
 * Shapes    Each $k outside of quotes and comments becomes CAST('…' AS its type). Literals are right whatever
 *           standard_conforming_strings is: a backslash makes an E'' string with all of them doubled.
 * Errors    *out NULL: the text has something that is not looked through (E'' strings, dollar quotes, a
 *           number beyond n); it is then to be asked in another way.
 * Ownership The text lives in cx.
 */
#ifndef MT_STORE_POSTGRES_INLINE_H
#define MT_STORE_POSTGRES_INLINE_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef struct mt_pg_literal {
    const char *value; /* NULL: missing */
    const char *type;  /* in SQL: "BIGINT" */
} mt_pg_literal;

MT_MUST_USE mt_code mt_pg_inline(mt_ctx *cx, const char **out, const char *sql, const mt_pg_literal *literal,
                                 size_t n);

MT_END_DECLS
#endif
