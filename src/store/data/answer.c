/* A small answer of the store as structs: the way back from columns to members. */
#include "store/data/answer.h"

#include <string.h>

static mt_code set_member(mt_ctx *cx, const mt_field *field, void *row, mt_value value)
{
    char *at = (char *)row + field->offset;
    const char *text;
    mt_day day = (mt_day)value.as.integer;
    switch (field->type) {
    case MT_TEXT:
        MT_TRY(mt_text_copy(cx, &text, value.as.text));
        memcpy(at, &text, sizeof text);
        return MT_OK;
    case MT_REAL:
        memcpy(at, &value.as.real, sizeof value.as.real);
        return MT_OK;
    case MT_BOOL:
        memcpy(at, &value.as.boolean, sizeof value.as.boolean);
        return MT_OK;
    case MT_DAY:
        memcpy(at, &day, sizeof day);
        return MT_OK;
    default:
        memcpy(at, &value.as.integer, sizeof value.as.integer);
        return MT_OK;
    }
}

static mt_code make_structs(mt_ctx *cx, void *out, const mt_table *table, const mt_field *field, size_t size)
{
    char *row = NULL;
    if (table->n) MT_TRY(mt_ctx_alloc(cx, &row, table->n, size));
    for (size_t k = 0; k < table->n; k++) mt_field_clear(field, row + k * size);
    for (const mt_field *f = field; f->name; f++) {
        int column = mt_table_column(table, f->name);
        for (size_t k = 0; column >= 0 && k < table->n; k++) {
            mt_value value = mt_table_get(table, k, column);
            if (value.present) MT_TRY(set_member(cx, f, row + k * size, value));
        }
    }
    memcpy(out, &row, sizeof row);
    return MT_OK;
}

mt_code mt_answer_read(mt_ctx *cx, void *out, size_t *n, mt_store *store, const mt_asked *asked,
                       const mt_field *field, size_t size)
{
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code = mt_store_query(cx, store, asked->sql, asked->param, asked->n, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    MT_TRY(make_structs(cx, out, table, field, size));
    *n = table->n;
    return MT_OK;
}

mt_code mt_answer_read_tx(mt_ctx *cx, void *out, size_t *n, mt_tx *tx, const mt_asked *asked,
                          const mt_field *field, size_t size)
{
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code = mt_tx_query(cx, tx, asked->sql, asked->param, asked->n, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    MT_TRY(make_structs(cx, out, table, field, size));
    *n = table->n;
    return MT_OK;
}
