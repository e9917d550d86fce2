/* Cells between commas. */
#include "io/sinks/csv.h"

#include <string.h>

#include "io/sinks/cell.h"
#include "io/sinks/head.h"

struct csv_sink {
    mt_sink sink;
    mt_out *out;
    mt_out *head;
    mt_schema schema;
};

static bool needs_quotes(mt_text text)
{
    for (size_t k = 0; k < text.length; k++) {
        unsigned char c = (unsigned char)text.at[k];
        if (c == ',' || c == '"' || c < ' ') return true;
    }
    return text.length == 0; /* an empty text, unlike a null */
}

static mt_code write_quoted(mt_ctx *cx, mt_out *out, mt_text text)
{
    MT_TRY(mt_out_write(cx, out, "\"", 1));
    while (text.length > 0) {
        const char *quote = memchr(text.at, '"', text.length);
        size_t n = quote ? (size_t)(quote - text.at) + 1 : text.length;
        MT_TRY(mt_out_write(cx, out, text.at, n));
        if (quote) MT_TRY(mt_out_write(cx, out, "\"", 1));
        text.at += n;
        text.length -= n;
    }
    return mt_out_write(cx, out, "\"", 1);
}

static mt_code write_text(mt_ctx *cx, mt_out *out, mt_text text)
{
    return needs_quotes(text) ? write_quoted(cx, out, text) : mt_out_write(cx, out, text.at, text.length);
}

/* The cell and the mark that follows it, in one write where it is short. */
static mt_code write_cell(mt_ctx *cx, mt_out *out, mt_type type, mt_value value, char mark)
{
    char text[MT_CELL_MAX + 1];
    size_t n = 0;
    if (mt_cell_has(type, value)) {
        if (mt_cell_is_text(type)) {
            MT_TRY(write_text(cx, out, value.as.text));
        } else {
            n = mt_cell_exact(type, value, text);
        }
    }
    text[n] = mark;
    return mt_out_write(cx, out, text, n + 1);
}

static char mark_after(const mt_schema *schema, size_t column)
{
    return column + 1 == schema->n_col ? '\n' : ',';
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct csv_sink *self = (struct csv_sink *)sink;
    self->schema = *schema;
    MT_TRY(mt_head_lines(cx, self->head, schema));
    for (size_t k = 0; k < schema->n_col; k++) {
        char mark = mark_after(schema, k);
        MT_TRY(write_text(cx, self->out, mt_text_of(schema->col[k].name)));
        MT_TRY(mt_out_write(cx, self->out, &mark, 1));
    }
    return MT_OK;
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct csv_sink *self = (struct csv_sink *)sink;
    const mt_schema *schema = &self->schema;
    for (size_t i = 0; i < chunk->n; i++) {
        for (size_t k = 0; k < schema->n_col; k++) {
            mt_type type = schema->col[k].type;
            MT_TRY(write_cell(cx, self->out, type, mt_column_get(&chunk->col[k], type, i),
                              mark_after(schema, k)));
        }
    }
    return MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_out_finish(cx, ((struct csv_sink *)sink)->out);
}

static void release(mt_sink *sink)
{
    (void)sink; /* it lives in the context */
}

static const mt_sink_ops csv_ops = {take_schema, take_rows, finish, release};

mt_code mt_csv_sink(mt_ctx *cx, mt_sink **sink, mt_out *out, const mt_csv_options *options)
{
    struct csv_sink *self;
    MT_TRY(MT_NEW(cx, &self, 1));
    self->sink.ops = &csv_ops;
    self->out = out;
    self->head = options ? options->head : NULL;
    if (self->head) mt_out_after(out, self->head);
    *sink = &self->sink;
    return MT_OK;
}
