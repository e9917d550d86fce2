/* A statement's rows from PostgreSQL as column chunks. */
#include "store/postgres/read.h"

#include "store/postgres/rows.h"

#include <ctype.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SMALL_ROWS = 2000, HEADER = 19 };

static const char header[HEADER + 1] = "PGCOPY\n\377\r\n\0";

/* First words of what COPY takes in brackets. */
static const char *const copied[] = {"SELECT", "WITH", "VALUES", "TABLE", NULL};

struct columns {
    mt_field *field;
    mt_pg_column *type;
    size_t n;
    bool all_known;
};

static mt_code describe(mt_ctx *cx, struct columns *out, mt_pg *pg, const PGresult *result, bool any_type)
{
    out->n = (size_t)pg->pq->PQnfields(result);
    out->all_known = true;
    MT_TRY(MT_NEW(cx, &out->field, out->n + 1));
    MT_TRY(MT_NEW(cx, &out->type, out->n + 1));
    for (size_t k = 0; k < out->n; k++) {
        int at = (int)k;
        MT_TRY(mt_text_copy(cx, &out->field[k].name, mt_text_of(pg->pq->PQfname(result, at))));
        if (!mt_pg_column_of(&out->type[k], pg->pq->PQftype(result, at), pg->pq->PQfmod(result, at)))
            out->all_known = false;
        out->field[k].type = out->type[k].as;
        if (!out->all_known && !any_type)
            return mt_fail(cx, MT_E_INPUT,
                           "column %s has a type that is none of ours: cast it to TEXT or DOUBLE",
                           out->field[k].name);
    }
    return MT_OK;
}

/* --- row by row --- */

static mt_code take_result(mt_ctx *cx, mt_pg *pg, mt_pg_rows *rows, const PGresult *result, bool any_type)
{
    const mt_libpq_api *pq = pg->pq;
    if (!rows->col) {
        struct columns columns;
        MT_TRY(describe(cx, &columns, pg, result, any_type));
        MT_TRY(mt_pg_rows_begin(cx, rows, columns.field, columns.type, columns.n));
    }
    for (int row = 0; row < pq->PQntuples(result); row++) {
        for (int k = 0; k < (int)rows->schema.n_col; k++) {
            const char *bytes = pq->PQgetisnull(result, row, k) ? NULL : pq->PQgetvalue(result, row, k);
            MT_TRY(mt_pg_rows_put(cx, rows, (size_t)k, bytes, (size_t)pq->PQgetlength(result, row, k)));
        }
        MT_TRY(mt_pg_rows_next(cx, rows));
    }
    return MT_OK;
}

static mt_code take_results(mt_ctx *cx, mt_pg *pg, mt_pg_rows *rows, bool any_type)
{
    for (;;) {
        PGresult *result;
        MT_TRY(mt_pg_next(cx, pg, &result));
        if (!result) return mt_pg_rows_end(cx, rows);
        mt_code code = take_result(cx, pg, rows, result, any_type);
        pg->pq->PQclear(result);
        if (code == MT_OK) continue;
        mt_pg_drain(pg, true);
        return code;
    }
}

/* --- COPY --- */

static uint32_t get_32(const char *at)
{
    uint32_t big;
    memcpy(&big, at, sizeof big);
    return be32toh(big);
}

static mt_code fail_copy(mt_ctx *cx)
{
    return mt_fail(cx, MT_E_IO, "the store's server sent rows of another form than it had said");
}

/* One message is one row; the first has the header before it, the last is the end mark alone. */
static mt_code take_row(mt_ctx *cx, mt_pg_rows *rows, const char *at, size_t n)
{
    const char *end = at + n;
    if (n < 2) return fail_copy(cx);
    int16_t fields = (int16_t)((uint8_t)at[0] << 8 | (uint8_t)at[1]);
    if (fields == -1) return MT_OK;
    if ((size_t)fields != rows->schema.n_col) return fail_copy(cx);
    at += 2;
    for (size_t k = 0; k < rows->schema.n_col; k++) {
        if (end - at < 4) return fail_copy(cx);
        int32_t length = (int32_t)get_32(at);
        at += 4;
        if (length > end - at) return fail_copy(cx);
        MT_TRY(mt_pg_rows_put(cx, rows, k, length < 0 ? NULL : at, length < 0 ? 0 : (size_t)length));
        at += length < 0 ? 0 : length;
    }
    return mt_pg_rows_next(cx, rows);
}

static mt_code take_message(mt_ctx *cx, mt_pg_rows *rows, const char *at, size_t n, bool *begun)
{
    if (!*begun) {
        if (n < HEADER || memcmp(at, header, HEADER) != 0) return fail_copy(cx);
        *begun = true;
        at += HEADER;
        n -= HEADER;
    }
    return n ? take_row(cx, rows, at, n) : MT_OK;
}

/* The next message; *n -1: there is none any more. */
static mt_code next_message(mt_ctx *cx, mt_pg *pg, char **out, int *n)
{
    while ((*n = pg->pq->PQgetCopyData(pg->conn, out, 1)) == 0) {
        MT_TRY(mt_pg_wait(cx, pg, false));
        if (!pg->pq->PQconsumeInput(pg->conn)) return mt_pg_fail(cx, pg, NULL);
    }
    return *n == -2 ? mt_pg_fail(cx, pg, NULL) : MT_OK;
}

static mt_code take_messages(mt_ctx *cx, mt_pg *pg, mt_pg_rows *rows)
{
    bool begun = false;
    for (;;) {
        char *message = NULL;
        int n;
        MT_TRY(next_message(cx, pg, &message, &n));
        if (n < 0) return MT_OK;
        mt_code code = take_message(cx, rows, message, (size_t)n, &begun);
        pg->pq->PQfreemem(message);
        MT_TRY(code);
    }
}

static mt_code take_copy(mt_ctx *cx, mt_pg *pg, mt_pg_rows *rows, const struct columns *columns)
{
    PGresult *result;
    MT_TRY(mt_pg_next(cx, pg, &result));
    ExecStatusType status = pg->pq->PQresultStatus(result);
    pg->pq->PQclear(result);
    mt_code code = status == PGRES_COPY_OUT
                       ? mt_pg_rows_begin(cx, rows, columns->field, columns->type, columns->n)
                       : fail_copy(cx);
    if (code == MT_OK) code = take_messages(cx, pg, rows);
    if (code != MT_OK) {
        mt_pg_drain(pg, true);
        return code;
    }
    do { /* an error on the way comes now */
        MT_TRY(mt_pg_next(cx, pg, &result));
        pg->pq->PQclear(result);
    } while (result);
    return mt_pg_rows_end(cx, rows);
}

/* --- which way --- */

/* "… LIMIT 24" with a number that is small. */
static bool ends_small(const char *sql)
{
    size_t n = strlen(sql), from;
    while (n && isspace((unsigned char)sql[n - 1])) n--;
    for (from = n; from && isdigit((unsigned char)sql[from - 1]);) from--;
    if (from == n || from < 6 || strncasecmp(sql + from - 6, "LIMIT ", 6) != 0) return false;
    return strtol(sql + from, NULL, 10) <= SMALL_ROWS;
}

static bool may_copy(const mt_pg *pg, const char *sql)
{
    bool writing = pg->pq->PQtransactionStatus(pg->conn) != PQTRANS_IDLE && !pg->reading;
    size_t n = strspn(sql, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for (const char *const *word = copied; *word && !writing; word++)
        if (strlen(*word) == n && strncasecmp(sql, *word, n) == 0) return !ends_small(sql);
    return false;
}

/* What the server says of the statement's columns. That it takes the whole text as one statement also says
 * that the text can stand in brackets. */
static mt_code ask_columns(mt_ctx *cx, struct columns *out, mt_pg *pg, const struct mt_pg_statement *s,
                           bool any_type)
{
    PGresult *result;
    MT_TRY(mt_pg_prepare(cx, pg, s));
    MT_TRY(mt_pg_next(cx, pg, &result));
    mt_code code = describe(cx, out, pg, result, any_type);
    pg->pq->PQclear(result);
    mt_pg_drain(pg, false);
    return code;
}

static mt_code query_rows(mt_ctx *cx, mt_pg *pg, const struct mt_pg_statement *s, bool any_type,
                          mt_sink *sink)
{
    mt_pg_rows rows;
    MT_TRY(mt_pg_send(cx, pg, s, any_type ? MT_PG_TEXT_ROWS : MT_PG_BINARY_ROWS));
    mt_pg_rows_init(&rows, sink, !any_type);
    mt_code code = take_results(cx, pg, &rows, any_type);
    mt_pg_rows_close(&rows);
    return code;
}

static mt_code query_copy(mt_ctx *cx, mt_pg *pg, const char *text, const struct columns *columns,
                          mt_sink *sink)
{
    mt_pg_rows rows;
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql, "COPY (%s\n) TO STDOUT (FORMAT binary)", text));
    MT_TRY(mt_pg_send(cx, pg, &(mt_pg_statement){.sql = sql}, MT_PG_WHOLE));
    mt_pg_rows_init(&rows, sink, true);
    mt_code code = take_copy(cx, pg, &rows, columns);
    mt_pg_rows_close(&rows);
    return code;
}

mt_code mt_pg_query(mt_ctx *cx, mt_pg *pg, const char *sql, const mt_param *param, size_t n, bool any_type,
                    mt_sink *sink)
{
    const mt_pg_statement s = {sql, param, n};
    const char *text = NULL;
    struct columns columns;
    if (may_copy(pg, sql)) MT_TRY(mt_pg_text_with_values(cx, &text, &s));
    if (!text) return query_rows(cx, pg, &s, any_type, sink);
    MT_TRY(ask_columns(cx, &columns, pg, &s, any_type));
    if (!columns.all_known || strchr(sql, ';')) return query_rows(cx, pg, &s, any_type, sink);
    return query_copy(cx, pg, text, &columns, sink);
}
