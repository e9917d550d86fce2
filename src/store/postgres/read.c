/* A statement's rows from PostgreSQL as column chunks. */
#include "store/postgres/read.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct known {
    Oid oid; /* pg_type */
    mt_type as;
};

static const struct known known[] = {
    {16, MT_BOOL},  {20, MT_INT},    {21, MT_INT},    {23, MT_INT},    {26, MT_INT},    {700, MT_REAL},
    {701, MT_REAL}, {1700, MT_REAL}, {25, MT_TEXT},   {1043, MT_TEXT}, {1042, MT_TEXT}, {19, MT_TEXT},
    {18, MT_TEXT},  {705, MT_TEXT},  {1184, MT_TIME}, {1114, MT_TIME}, {1082, MT_DAY},
};

/* Rows being gathered into a chunk. */
struct reader {
    mt_ctx scratch; /* texts of the chunk */
    mt_schema schema;
    size_t n;
    mt_column *col;
    void **data;
    uint64_t **valid;
    mt_sink *sink;
    const mt_libpq_api *pq;
};

/* A decimal of at most 18 digits when it has six places is exact; the server packs precision and scale in
 * `modifier`. */
static mt_type type_of_numeric(int modifier)
{
    if (modifier < 4) return MT_REAL;
    int precision = (modifier - 4) >> 16, scale = (modifier - 4) & 0x7ff;
    return scale <= 6 && precision <= 12 + scale ? MT_MICRO : MT_REAL;
}

static bool column_type(const struct reader *r, const PGresult *result, int column, mt_type *out)
{
    Oid oid = r->pq->PQftype(result, column);
    *out = MT_TEXT;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (known[k].oid != oid) continue;
        *out = oid == 1700 ? type_of_numeric(r->pq->PQfmod(result, column)) : known[k].as;
        return true;
    }
    return false;
}

static mt_code make_columns(mt_ctx *cx, struct reader *r)
{
    size_t words = (MT_CHUNK_ROWS + 63) / 64;
    MT_TRY(MT_NEW(cx, &r->col, r->schema.n_col + 1));
    MT_TRY(MT_NEW(cx, &r->data, r->schema.n_col + 1));
    MT_TRY(MT_NEW(cx, &r->valid, r->schema.n_col + 1));
    for (size_t k = 0; k < r->schema.n_col; k++) {
        MT_TRY(mt_ctx_alloc(cx, &r->data[k], MT_CHUNK_ROWS, mt_type_bytes(r->schema.col[k].type)));
        MT_TRY(MT_NEW(cx, &r->valid[k], words));
        r->col[k] = (mt_column){r->data[k], r->valid[k]};
    }
    return MT_OK;
}

static mt_code describe(mt_ctx *cx, struct reader *r, const PGresult *result, bool any_type)
{
    size_t n = (size_t)r->pq->PQnfields(result);
    mt_field *field;
    MT_TRY(MT_NEW(cx, &field, n + 1));
    for (size_t k = 0; k < n; k++) {
        MT_TRY(mt_text_copy(cx, &field[k].name, mt_text_of(r->pq->PQfname(result, (int)k))));
        if (!column_type(r, result, (int)k, &field[k].type) && !any_type)
            return mt_fail(cx, MT_E_INPUT,
                           "column %s has a type that is none of ours: cast it to TEXT or DOUBLE",
                           field[k].name);
    }
    r->schema = (mt_schema){.name = "rows", .col = field, .n_col = n};
    MT_TRY(make_columns(cx, r));
    return mt_sink_schema(r->sink, cx, &r->schema);
}

static bool read_time(const char *text, size_t length, int64_t *out, bool *present)
{
    bool has_offset;
    *present = text[0] != 'i' && text[0] != '-'; /* infinity, -infinity */
    return !*present || mt_time_parse(text, length, out, &has_offset);
}

static bool read_real(const char *text, double *out, bool *present)
{
    char *end;
    *out = strtod(text, &end);
    *present = !isnan(*out);
    return !*end;
}

/* One value into row i of its column; false when the text is beyond what the column can hold. */
static bool put_value(struct reader *r, size_t k, const char *text, size_t length, bool *present)
{
    size_t i = r->n;
    *present = true;
    switch (r->schema.col[k].type) {
    case MT_BOOL:
        ((uint8_t *)r->data[k])[i] = text[0] == 't';
        return true;
    case MT_INT:
        return mt_int_parse(text, length, &((int64_t *)r->data[k])[i]);
    case MT_MICRO:
        return mt_micro_parse(text, length, &((int64_t *)r->data[k])[i]);
    case MT_REAL:
        return read_real(text, &((double *)r->data[k])[i], present);
    case MT_TIME:
        return read_time(text, length, &((int64_t *)r->data[k])[i], present);
    case MT_DAY:
        return mt_day_parse(text, length, &((int32_t *)r->data[k])[i]);
    default: {
        mt_text *out = &((mt_text *)r->data[k])[i];
        out->length = length;
        return mt_text_copy(&r->scratch, &out->at, (mt_text){text, length}) == MT_OK;
    }
    }
}

static mt_code put_row(mt_ctx *cx, struct reader *r, const PGresult *result, int row)
{
    for (size_t k = 0; k < r->schema.n_col; k++) {
        uint64_t bit = (uint64_t)1 << (r->n % 64);
        bool present = !r->pq->PQgetisnull(result, row, (int)k);
        const char *text = r->pq->PQgetvalue(result, row, (int)k);
        if (present && !put_value(r, k, text, (size_t)r->pq->PQgetlength(result, row, (int)k), &present))
            return mt_fail(cx, MT_E_TOO_LARGE, "%s of column %s does not fit: cast it to TEXT", text,
                           r->schema.col[k].name);
        r->valid[k][r->n / 64] = present ? r->valid[k][r->n / 64] | bit : r->valid[k][r->n / 64] & ~bit;
    }
    r->n++;
    return MT_OK;
}

static mt_code push(mt_ctx *cx, struct reader *r)
{
    mt_chunk chunk = {r->n, r->col};
    mt_code code = r->n ? mt_sink_push(r->sink, cx, &chunk) : MT_OK;
    mt_arena_reset(&r->scratch.arena, (mt_mark){0});
    r->n = 0;
    return code;
}

static mt_code take_result(mt_ctx *cx, struct reader *r, const PGresult *result, bool any_type)
{
    if (!r->schema.col) MT_TRY(describe(cx, r, result, any_type));
    for (int row = 0; row < r->pq->PQntuples(result); row++) {
        MT_TRY(put_row(cx, r, result, row));
        if (r->n == MT_CHUNK_ROWS) MT_TRY(push(cx, r));
    }
    return MT_OK;
}

static mt_code read_all(mt_ctx *cx, mt_pg *pg, struct reader *r, bool any_type)
{
    for (;;) {
        PGresult *result;
        MT_TRY(mt_pg_next(cx, pg, &result));
        if (!result) break;
        mt_code code = take_result(cx, r, result, any_type);
        r->pq->PQclear(result);
        if (code == MT_OK) continue;
        mt_pg_drain(pg, true);
        return code;
    }
    MT_TRY(push(cx, r));
    return mt_sink_finish(r->sink, cx);
}

mt_code mt_pg_query(mt_ctx *cx, mt_pg *pg, const char *sql, const mt_param *param, size_t n, bool any_type,
                    mt_sink *sink)
{
    struct reader r = {.sink = sink, .pq = pg->pq};
    MT_TRY(mt_pg_send(cx, pg, sql, param, n, true));
    mt_ctx_init(&r.scratch, NULL);
    mt_code code = read_all(cx, pg, &r, any_type);
    mt_ctx_close(&r.scratch);
    return code;
}
