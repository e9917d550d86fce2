/* Chunks copied into columns that grow. */
#include "base/rows/table.h"

#include <math.h>
#include <string.h>

struct table_sink {
    mt_sink sink;
    mt_ctx *cx;
    mt_table *table;
    size_t room, max_rows;
    char **data;
    uint64_t **valid;
};

static mt_code copy_text(mt_ctx *cx, const char **out, const char *text)
{
    *out = NULL;
    return text ? mt_text_copy(cx, out, mt_text_of(text)) : MT_OK;
}

/* Names and documents are copied, so that the table outlives a schema made on the fly. */
static mt_code copy_fields(mt_ctx *cx, const mt_field **out, const mt_field *field, size_t n)
{
    mt_field *copy;
    MT_TRY(MT_NEW(cx, &copy, n + 1));
    for (size_t k = 0; k < n; k++) {
        copy[k] = field[k];
        MT_TRY(copy_text(cx, &copy[k].name, field[k].name));
        MT_TRY(copy_text(cx, &copy[k].doc, field[k].doc));
    }
    *out = copy;
    return MT_OK;
}

static mt_code copy_value(mt_ctx *cx, mt_type type, mt_value *value)
{
    if (!value->present || (type != MT_TEXT && type != MT_CHOICE)) return MT_OK;
    const char *text;
    MT_TRY(mt_text_copy(cx, &text, value->as.text));
    value->as.text.at = text;
    return MT_OK;
}

static mt_code copy_head(struct table_sink *self, const mt_schema *schema)
{
    size_t n = mt_field_count(schema->head);
    mt_value *head;
    if (!n) return MT_OK;
    MT_TRY(copy_fields(self->cx, &self->table->schema.head, schema->head, n));
    MT_TRY(MT_NEW(self->cx, &head, n));
    for (size_t k = 0; k < n; k++) {
        head[k] = mt_field_get(&schema->head[k], schema->head_row);
        MT_TRY(copy_value(self->cx, schema->head[k].type, &head[k]));
    }
    self->table->head = head;
    return MT_OK;
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct table_sink *self = (struct table_sink *)sink;
    (void)cx;
    mt_table *table = self->table;
    table->schema = (mt_schema){.n_col = schema->n_col};
    MT_TRY(copy_text(self->cx, &table->schema.name, schema->name));
    MT_TRY(copy_fields(self->cx, &table->schema.col, schema->col, schema->n_col));
    MT_TRY(copy_head(self, schema));
    MT_TRY(MT_NEW(self->cx, &table->col, schema->n_col));
    MT_TRY(MT_NEW(self->cx, &self->data, schema->n_col));
    return MT_NEW(self->cx, &self->valid, schema->n_col);
}

static mt_code grow_column(struct table_sink *self, size_t k, size_t room)
{
    size_t bytes = mt_type_bytes(self->table->schema.col[k].type), n = self->table->n;
    char *data;
    uint64_t *valid;
    MT_TRY(mt_ctx_alloc(self->cx, &data, room, bytes));
    MT_TRY(MT_NEW(self->cx, &valid, room / 64));
    if (n) {
        memcpy(data, self->data[k], n * bytes);
        memcpy(valid, self->valid[k], (n + 63) / 64 * 8);
    }
    self->data[k] = data;
    self->valid[k] = valid;
    self->table->col[k] = (mt_column){.data = data, .valid = valid};
    return MT_OK;
}

static mt_code make_room(struct table_sink *self, size_t more)
{
    size_t need = self->table->n + more, room = self->room ? self->room : 64;
    if (self->max_rows && need > self->max_rows) {
        return mt_fail(self->cx, MT_E_TOO_LARGE, "%s has more than %zu rows", self->table->schema.name,
                       self->max_rows);
    }
    if (need <= self->room) return MT_OK;
    while (room < need) room *= 2;
    for (size_t k = 0; k < self->table->schema.n_col; k++) MT_TRY(grow_column(self, k, room));
    self->room = room;
    return MT_OK;
}

static mt_code take_value(struct table_sink *self, const mt_column *column, size_t k, size_t i)
{
    mt_type type = self->table->schema.col[k].type;
    size_t at = self->table->n + i, bytes = mt_type_bytes(type);
    mt_value value = mt_column_get(column, type, i);
    if (!value.present) return MT_OK;
    if (type == MT_TEXT || type == MT_CHOICE) {
        MT_TRY(copy_value(self->cx, type, &value));
        ((mt_text *)(void *)self->data[k])[at] = value.as.text;
    } else {
        memcpy(self->data[k] + at * bytes, (const char *)column->data + i * bytes, bytes);
    }
    self->valid[k][at / 64] |= (uint64_t)1 << (at % 64);
    return MT_OK;
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct table_sink *self = (struct table_sink *)sink;
    (void)cx;
    MT_TRY(make_room(self, chunk->n));
    for (size_t k = 0; k < self->table->schema.n_col; k++) {
        for (size_t i = 0; i < chunk->n; i++) MT_TRY(take_value(self, &chunk->col[k], k, i));
    }
    self->table->n += chunk->n;
    return MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void release(mt_sink *sink)
{
    (void)sink; /* all of it lives in the context */
}

static const mt_sink_ops table_ops = {take_schema, take_rows, finish, release};

mt_code mt_table_sink(mt_ctx *cx, mt_sink **sink, mt_table **out, size_t max_rows)
{
    struct table_sink *self;
    MT_TRY(MT_NEW(cx, &self, 1));
    MT_TRY(MT_NEW(cx, &self->table, 1));
    self->sink.ops = &table_ops;
    self->cx = cx;
    self->max_rows = max_rows;
    *sink = &self->sink;
    *out = self->table;
    return MT_OK;
}

int mt_table_column(const mt_table *table, const char *name)
{
    for (size_t k = 0; k < table->schema.n_col; k++) {
        if (strcmp(table->schema.col[k].name, name) == 0) return (int)k;
    }
    return -1;
}

mt_value mt_table_get(const mt_table *table, size_t row, int column)
{
    if (column < 0 || (size_t)column >= table->schema.n_col || row >= table->n)
        return (mt_value){.present = false};
    return mt_column_get(&table->col[column], table->schema.col[column].type, row);
}

double mt_table_real(const mt_table *table, size_t row, int column)
{
    mt_value value = mt_table_get(table, row, column);
    if (!value.present) return NAN;
    switch (table->schema.col[column].type) {
    case MT_REAL: return value.as.real;
    case MT_MICRO: return (double)value.as.integer / (double)MT_MICRO_ONE;
    case MT_INT: return (double)value.as.integer;
    default: return NAN;
    }
}

/* A head row made of the kept values again: fields whose members are the values in order. */
static mt_code rebuild_head(mt_ctx *cx, const mt_table *table, mt_schema *schema)
{
    size_t n = mt_field_count(table->schema.head);
    mt_field *field;
    struct slot { union { bool b; int64_t i; double r; mt_day d; const char *t; } as; } *slot;
    if (!n) return MT_OK;
    MT_TRY(MT_NEW(cx, &field, n + 1));
    MT_TRY(MT_NEW(cx, &slot, n));
    for (size_t k = 0; k < n; k++) {
        field[k] = table->schema.head[k];
        field[k].offset = k * sizeof *slot;
        if (field[k].type == MT_CHOICE) field[k].type = MT_TEXT;
    }
    mt_field_clear(field, slot);
    for (size_t k = 0; k < n; k++) {
        mt_value value = table->head[k];
        if (!value.present) continue;
        switch (field[k].type) {
        case MT_BOOL: slot[k].as.b = value.as.boolean; break;
        case MT_REAL: slot[k].as.r = value.as.real; break;
        case MT_DAY: slot[k].as.d = (mt_day)value.as.integer; break;
        case MT_TEXT: slot[k].as.t = value.as.text.at; break;
        default: slot[k].as.i = value.as.integer; break;
        }
    }
    schema->head = field;
    schema->head_row = slot;
    return MT_OK;
}

mt_code mt_table_send(mt_ctx *cx, const mt_table *table, mt_sink *sink)
{
    mt_schema schema = table->schema;
    MT_TRY(rebuild_head(cx, table, &schema));
    MT_TRY(mt_sink_schema(sink, cx, &schema));
    mt_chunk chunk = {.n = table->n, .col = table->col};
    MT_TRY(mt_sink_push(sink, cx, &chunk));
    return mt_sink_finish(sink, cx);
}
