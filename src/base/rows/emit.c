/* Structs into column chunks. */
#include "base/rows/emit.h"

#include <string.h>

/* Texts of the chunk in hand. Columns hold offsets until the chunk is pushed, because the bytes move when
 * they grow. */
struct text_store {
    char *bytes;
    size_t used, room;
};

struct mt_emit {
    mt_ctx *cx;
    mt_sink *sink;
    mt_schema schema;
    mt_column *column;
    char **data; /* one array a column, MT_CHUNK_ROWS values */
    uint64_t **valid;
    size_t n;
    struct text_store text;
};

static mt_code make_column(mt_ctx *cx, mt_emit *emit, size_t k)
{
    const mt_field *field = &emit->schema.col[k];
    size_t bytes = mt_type_bytes(field->type);
    if (!bytes)
        return mt_fail(cx, MT_E_BUG, "%s: column %s has a type for arguments only", emit->schema.name,
                       field->name);
    MT_TRY(mt_ctx_alloc(cx, &emit->data[k], MT_CHUNK_ROWS, bytes));
    MT_TRY(MT_NEW(cx, &emit->valid[k], MT_CHUNK_ROWS / 64));
    emit->column[k] = (mt_column){.data = emit->data[k], .valid = emit->valid[k]};
    return MT_OK;
}

mt_code mt_emit_begin(mt_ctx *cx, mt_emit **out, mt_sink *sink, const char *name, const mt_field *col,
                      const mt_field *head, const void *head_row)
{
    mt_emit *emit;
    size_t n = mt_field_count(col);
    MT_TRY(MT_NEW(cx, &emit, 1));
    emit->cx = cx;
    emit->sink = sink;
    emit->schema = (mt_schema){.name = name, .col = col, .n_col = n, .head = head, .head_row = head_row};
    MT_TRY(MT_NEW(cx, &emit->column, n));
    MT_TRY(MT_NEW(cx, &emit->data, n));
    MT_TRY(MT_NEW(cx, &emit->valid, n));
    for (size_t k = 0; k < n; k++) MT_TRY(make_column(cx, emit, k));
    MT_TRY(mt_sink_schema(sink, cx, &emit->schema));
    *out = emit;
    return MT_OK;
}

static mt_code keep_text(mt_emit *emit, mt_text *out, mt_text text)
{
    struct text_store *store = &emit->text;
    if (store->room - store->used < text.length) {
        size_t room = (store->used + text.length) * 2 + 4096;
        char *bytes;
        MT_TRY(MT_NEW(emit->cx, &bytes, room));
        if (store->used) memcpy(bytes, store->bytes, store->used);
        store->bytes = bytes;
        store->room = room;
    }
    if (text.length) memcpy(store->bytes + store->used, text.at, text.length);
    *out = (mt_text){(const char *)(uintptr_t)store->used, text.length};
    store->used += text.length;
    return MT_OK;
}

static mt_code put_value(mt_emit *emit, size_t k, mt_value value)
{
    size_t i = emit->n;
    char *data = emit->data[k];
    if (!value.present) return MT_OK;
    switch (emit->schema.col[k].type) {
    case MT_BOOL:
        ((uint8_t *)data)[i] = value.as.boolean;
        break;
    case MT_REAL:
        ((double *)(void *)data)[i] = value.as.real;
        break;
    case MT_DAY:
        ((int32_t *)(void *)data)[i] = (int32_t)value.as.integer;
        break;
    case MT_TEXT:
    case MT_CHOICE:
        MT_TRY(keep_text(emit, &((mt_text *)(void *)data)[i], value.as.text));
        break;
    default:
        ((int64_t *)(void *)data)[i] = value.as.integer;
        break;
    }
    emit->valid[k][i / 64] |= (uint64_t)1 << (i % 64);
    return MT_OK;
}

/* Offsets become addresses, now that the bytes stay where they are. */
static void place_texts(mt_emit *emit, size_t k)
{
    mt_text *text = (mt_text *)(void *)emit->data[k];
    for (size_t i = 0; i < emit->n; i++) {
        if (!mt_column_has(&emit->column[k], i)) continue;
        text[i].at = text[i].length ? emit->text.bytes + (uintptr_t)text[i].at : "";
    }
}

static mt_code flush(mt_emit *emit)
{
    for (size_t k = 0; k < emit->schema.n_col; k++) {
        mt_type type = emit->schema.col[k].type;
        if (type == MT_TEXT || type == MT_CHOICE) place_texts(emit, k);
    }
    mt_chunk chunk = {.n = emit->n, .col = emit->column};
    MT_TRY(mt_sink_push(emit->sink, emit->cx, &chunk));
    for (size_t k = 0; k < emit->schema.n_col; k++) memset(emit->valid[k], 0, MT_CHUNK_ROWS / 8);
    emit->n = 0;
    emit->text.used = 0;
    return mt_ctx_check(emit->cx);
}

mt_code mt_emit_put(mt_emit *emit, const void *row)
{
    for (size_t k = 0; k < emit->schema.n_col; k++) {
        MT_TRY(put_value(emit, k, mt_field_get(&emit->schema.col[k], row)));
    }
    emit->n++;
    return emit->n == MT_CHUNK_ROWS ? flush(emit) : MT_OK;
}

mt_code mt_emit_flush(mt_emit *emit)
{
    return flush(emit);
}

mt_code mt_emit_end(mt_emit *emit)
{
    MT_TRY(flush(emit));
    return mt_sink_finish(emit->sink, emit->cx);
}

mt_code mt_emit_one(mt_ctx *cx, mt_sink *sink, const char *name, const mt_field *col, const void *row)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, name, col, NULL, NULL));
    MT_TRY(mt_emit_put(emit, row));
    return mt_emit_end(emit);
}
