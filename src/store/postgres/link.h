/* One PostgreSQL connection: statements sent, awaited with the context's cancel flag and deadline, answers
 * read.
 *
 * Purpose   Shared by the rooms of this folder; the only ones that see libpq.
 * Errors    By SQLSTATE: class 22, 42 MT_E_INPUT; 23, 40 MT_E_CONFLICT; 25, 42501 MT_E_DENIED; 53 MT_E_BUSY;
 *           08, 57, 58 and 40003 (nobody knows whether it was done) MT_E_IO; else MT_E_FAILED.
 * Threads   One connection, one thread. A cancel is seen within 20 ms, then sent to the server.
 */
#ifndef MT_STORE_POSTGRES_LINK_H
#define MT_STORE_POSTGRES_LINK_H

#include "store/backend.h"
#include "store/postgres/api.h"

MT_BEGIN_DECLS

typedef struct mt_pg {
    mt_conn base;
    const mt_libpq_api *pq; /* the database's */
    PGconn *conn;
    bool reading; /* the transaction is one that only reads */
} mt_pg;

typedef struct mt_pg_statement {
    const char *sql;
    const mt_param *param;
    size_t n;
} mt_pg_statement;

/* How a statement's result comes. */
typedef enum mt_pg_form { MT_PG_WHOLE, MT_PG_TEXT_ROWS, MT_PG_BINARY_ROWS } mt_pg_form;

/* Sends a statement; its answers are taken with mt_pg_next. */
MT_MUST_USE mt_code mt_pg_send(mt_ctx *cx, mt_pg *pg, const mt_pg_statement *statement, mt_pg_form form);

/* Has it understood, not run; the answer that mt_pg_next takes then describes its columns. */
MT_MUST_USE mt_code mt_pg_prepare(mt_ctx *cx, mt_pg *pg, const mt_pg_statement *statement);

/* Its text with the values of its parameters (inline.h); *out NULL where that cannot be had. */
MT_MUST_USE mt_code mt_pg_text_with_values(mt_ctx *cx, const char **out, const mt_pg_statement *statement);

/* The next answer; *out NULL after the last. A failed one becomes the returned code, and the rest is read
 * away. */
MT_MUST_USE mt_code mt_pg_next(mt_ctx *cx, mt_pg *pg, PGresult **out);

/* Reads away what is still to come; cancels it first where `stop`. */
void mt_pg_drain(mt_pg *pg, bool stop);

/* A whole statement without rows. */
MT_MUST_USE mt_code mt_pg_exec(mt_ctx *cx, mt_pg *pg, uint64_t *changed, const char *sql,
                               const mt_param *param, size_t n);

/* Waits until the connection can be read, or written where `writing`. */
MT_MUST_USE mt_code mt_pg_wait(mt_ctx *cx, mt_pg *pg, bool writing);

mt_code mt_pg_fail(mt_ctx *cx, mt_pg *pg, const PGresult *result);

MT_END_DECLS
#endif
