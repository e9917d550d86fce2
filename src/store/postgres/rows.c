/* Rows that come from the server one by one, gathered into column chunks for a sink. */
#include "store/postgres/rows.h"

#include <string.h>

void mt_pg_rows_init(mt_pg_rows *rows, mt_sink *sink, bool binary)
{
    memset(rows, 0, sizeof *rows);
    rows->sink = sink;
    rows->binary = binary;
    mt_ctx_init(&rows->scratch, NULL);
}

void mt_pg_rows_close(mt_pg_rows *rows)
{
    mt_ctx_close(&rows->scratch);
}

mt_code mt_pg_rows_begin(mt_ctx *cx, mt_pg_rows *rows, const mt_field *field, const mt_pg_column *type,
                         size_t n_col)
{
    size_t words = (MT_CHUNK_ROWS + 63) / 64;
    mt_pg_column *types;
    MT_TRY(MT_NEW(cx, &rows->col, n_col + 1));
    MT_TRY(MT_NEW(cx, &rows->data, n_col + 1));
    MT_TRY(MT_NEW(cx, &rows->valid, n_col + 1));
    MT_TRY(MT_NEW(cx, &types, n_col + 1));
    if (n_col) memcpy(types, type, n_col * sizeof *type);
    rows->type = types;
    for (size_t k = 0; k < n_col; k++) {
        MT_TRY(mt_ctx_alloc(cx, &rows->data[k], MT_CHUNK_ROWS, mt_type_bytes(type[k].as)));
        MT_TRY(MT_NEW(cx, &rows->valid[k], words));
        rows->col[k] = (mt_column){rows->data[k], rows->valid[k]};
    }
    rows->schema = (mt_schema){.name = "rows", .col = field, .n_col = n_col};
    return mt_sink_schema(rows->sink, cx, &rows->schema);
}

static mt_code keep_text(mt_ctx *cx, mt_pg_rows *rows, mt_text *text)
{
    if (!text->length) {
        text->at = "";
        return MT_OK;
    }
    if (mt_text_copy(&rows->scratch, &text->at, *text) == MT_OK) return MT_OK;
    return mt_fail(cx, MT_E_MEMORY, "memory ran out for texts of the store's server");
}

static mt_code fail_value(mt_ctx *cx, const mt_pg_rows *rows, size_t k, mt_pg_decoded what)
{
    const char *name = rows->schema.col[k].name;
    if (what == MT_PG_DAMAGED)
        return mt_fail(cx, MT_E_IO, "the store's server sent a damaged value for column %s", name);
    return mt_fail(cx, MT_E_TOO_LARGE, "a value of column %s does not fit: cast it to TEXT", name);
}

mt_code mt_pg_rows_put(mt_ctx *cx, mt_pg_rows *rows, size_t k, const char *bytes, size_t n)
{
    uint64_t bit = (uint64_t)1 << (rows->n % 64), *word = &rows->valid[k][rows->n / 64];
    const mt_pg_column *type = &rows->type[k];
    *word &= ~bit;
    if (!bytes) return MT_OK;
    mt_pg_decoded what =
        (rows->binary ? mt_pg_decode : mt_pg_decode_text)(type, rows->data[k], rows->n, bytes, n);
    if (what == MT_PG_MISSING) return MT_OK;
    if (what != MT_PG_VALUE) return fail_value(cx, rows, k, what);
    *word |= bit;
    return type->as == MT_TEXT ? keep_text(cx, rows, &((mt_text *)rows->data[k])[rows->n]) : MT_OK;
}

static mt_code push(mt_ctx *cx, mt_pg_rows *rows)
{
    mt_chunk chunk = {rows->n, rows->col};
    mt_code code = rows->n ? mt_sink_push(rows->sink, cx, &chunk) : MT_OK;
    mt_arena_reset(&rows->scratch.arena, (mt_mark){0});
    rows->n = 0;
    return code;
}

mt_code mt_pg_rows_next(mt_ctx *cx, mt_pg_rows *rows)
{
    if (++rows->n < MT_CHUNK_ROWS) return MT_OK;
    MT_TRY(mt_ctx_check(cx));
    return push(cx, rows);
}

mt_code mt_pg_rows_end(mt_ctx *cx, mt_pg_rows *rows)
{
    MT_TRY(push(cx, rows));
    return mt_sink_finish(rows->sink, cx);
}
