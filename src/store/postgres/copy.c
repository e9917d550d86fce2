/* Rows into a PostgreSQL table with COPY in its binary form. */
#include "store/postgres/copy.h"

#include "store/plain_text.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 1 << 20, HEADER = 19 };

#define EPOCH_2000_US  ((int64_t)946684800 * 1000000)
#define EPOCH_2000_DAY 10957

static const char header[HEADER] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

struct mt_pg_copy {
    mt_pg *pg;
    const mt_type *type;
    size_t n_col;
    char table[96];
    char *at; /* the buffer */
    size_t used, room;
};

mt_code mt_pg_copy_open(mt_ctx *cx, mt_pg_copy **out, mt_pg *pg, const char *table, const mt_type *type,
                        size_t n)
{
    mt_pg_copy *copy = calloc(1, sizeof *copy);
    if (copy) copy->at = malloc(BUFFER);
    if (!copy || !copy->at) {
        free(copy);
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", table);
    }
    copy->pg = pg;
    copy->type = type;
    copy->n_col = n;
    copy->room = BUFFER;
    snprintf(copy->table, sizeof copy->table, "%s", table);
    *out = copy;
    return MT_OK;
}

void mt_pg_copy_close(mt_pg_copy *copy)
{
    if (!copy) return;
    free(copy->at);
    free(copy);
}

static mt_code fail_send(mt_ctx *cx, mt_pg_copy *copy)
{
    mt_code code = mt_pg_fail(cx, copy->pg, NULL);
    mt_pg_drain(copy->pg, false);
    return code;
}

static mt_code end_copy(mt_ctx *cx, mt_pg_copy *copy)
{
    if (copy->pg->pq->PQputCopyEnd(copy->pg->conn, NULL) != 1) return fail_send(cx, copy);
    for (;;) {
        PGresult *result;
        MT_TRY(mt_pg_next(cx, copy->pg, &result));
        if (!result) return MT_OK;
        copy->pg->pq->PQclear(result);
    }
}

/* One COPY with what the buffer holds. */
static mt_code flush(mt_ctx *cx, mt_pg_copy *copy)
{
    static const char trailer[2] = {'\377', '\377'};
    char sql[160];
    PGresult *result;
    const mt_libpq_api *pq = copy->pg->pq;
    PGconn *conn = copy->pg->conn;
    if (!copy->used) return MT_OK;
    snprintf(sql, sizeof sql, "COPY %s FROM STDIN (FORMAT binary)", copy->table);
    MT_TRY(mt_pg_send(cx, copy->pg, &(mt_pg_statement){.sql = sql}, MT_PG_WHOLE));
    MT_TRY(mt_pg_next(cx, copy->pg, &result));
    pq->PQclear(result);
    if (pq->PQputCopyData(conn, header, HEADER) != 1 ||
        pq->PQputCopyData(conn, copy->at, (int)copy->used) != 1 ||
        pq->PQputCopyData(conn, trailer, sizeof trailer) != 1)
        return fail_send(cx, copy);
    copy->used = 0;
    return end_copy(cx, copy);
}

static mt_code make_room(mt_ctx *cx, mt_pg_copy *copy, size_t n)
{
    if (copy->used + n <= copy->room) return MT_OK;
    MT_TRY(flush(cx, copy));
    if (n <= copy->room) return MT_OK;
    char *grown = n > ((size_t)1 << 30) ? NULL : realloc(copy->at, n);
    if (!grown) return mt_fail(cx, MT_E_TOO_LARGE, "a row of %zu bytes is too large for %s", n, copy->table);
    copy->at = grown;
    copy->room = n;
    return MT_OK;
}

static void put(mt_pg_copy *copy, const void *from, size_t n)
{
    if (n) memcpy(copy->at + copy->used, from, n);
    copy->used += n;
}

static void put_16(mt_pg_copy *copy, int16_t value)
{
    uint16_t big = htobe16((uint16_t)value);
    put(copy, &big, sizeof big);
}

static void put_32(mt_pg_copy *copy, int32_t value)
{
    uint32_t big = htobe32((uint32_t)value);
    put(copy, &big, sizeof big);
}

static void put_64(mt_pg_copy *copy, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    put_32(copy, 8);
    put(copy, &big, sizeof big);
}

static void put_real(mt_pg_copy *copy, double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value)) {
        put_32(copy, -1);
    } else {
        put_64(copy, bits);
    }
}

static void put_value(mt_pg_copy *copy, mt_type type, const mt_column *column, size_t i)
{
    if (!mt_column_has(column, i)) {
        put_32(copy, -1);
        return;
    }
    switch (type) {
    case MT_BOOL:
        put_32(copy, 1);
        put(copy, (const uint8_t *)column->data + i, 1);
        break;
    case MT_REAL:
        put_real(copy, ((const double *)column->data)[i]);
        break;
    case MT_TEXT: {
        mt_text text = ((const mt_text *)column->data)[i];
        put_32(copy, (int32_t)text.length);
        put(copy, text.at, text.length);
        break;
    }
    case MT_TIME:
        put_64(copy, ((const int64_t *)column->data)[i] - EPOCH_2000_US);
        break;
    case MT_DAY:
        put_32(copy, 4);
        put_32(copy, ((const int32_t *)column->data)[i] - EPOCH_2000_DAY);
        break;
    default:
        put_64(copy, ((const int64_t *)column->data)[i]);
        break;
    }
}

/* The bytes row i will take at most; its texts are checked on the way. */
static mt_code row_bytes(mt_ctx *cx, const mt_pg_copy *copy, const mt_chunk *chunk, size_t i, size_t *out)
{
    size_t n = 2 + 12 * copy->n_col;
    for (size_t k = 0; k < copy->n_col; k++) {
        if (copy->type[k] != MT_TEXT || !mt_column_has(&chunk->col[k], i)) continue;
        mt_text text = ((const mt_text *)chunk->col[k].data)[i];
        if (!mt_plain_text_is(text)) return mt_plain_text_fail(cx, copy->table);
        n += text.length;
    }
    *out = n;
    return MT_OK;
}

mt_code mt_pg_copy_push(mt_ctx *cx, mt_pg_copy *copy, const mt_chunk *chunk)
{
    for (size_t i = 0; i < chunk->n; i++) {
        size_t n = 0;
        MT_TRY(row_bytes(cx, copy, chunk, i, &n));
        MT_TRY(make_room(cx, copy, n));
        put_16(copy, (int16_t)copy->n_col);
        for (size_t k = 0; k < copy->n_col; k++) put_value(copy, copy->type[k], &chunk->col[k], i);
    }
    return MT_OK;
}

mt_code mt_pg_copy_finish(mt_ctx *cx, mt_pg_copy *copy)
{
    return flush(cx, copy);
}
