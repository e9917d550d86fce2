/* Row objects, whole document or line by line. */
#include "io/sinks/json_rows.h"

#include <string.h>

#include "io/json.h"

struct json_sink {
    mt_sink sink;
    mt_out *out;
    mt_schema schema;
    mt_json_writer json;
};

static bool has_head(const mt_schema *schema)
{
    return mt_field_count(schema->head) > 0;
}

static void write_units(mt_json_writer *json, const char *key, const mt_field *field)
{
    bool any = false;
    for (; field && field->name; field++) {
        if (field->unit == MT_UNIT_NONE) continue;
        if (!any) {
            mt_json_key(json, key);
            mt_json_object(json);
        }
        any = true;
        mt_json_key(json, field->name);
        mt_json_text(json, mt_unit_text(field->unit));
    }
    if (any) mt_json_end(json);
}

static void write_row(mt_json_writer *json, const mt_schema *schema, const mt_chunk *chunk, size_t i)
{
    mt_json_object(json);
    for (size_t k = 0; k < schema->n_col; k++) {
        mt_type type = schema->col[k].type;
        mt_json_key(json, schema->col[k].name);
        mt_json_value(json, type, mt_column_get(&chunk->col[k], type, i));
    }
    mt_json_end(json);
}

static mt_code start_document(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct json_sink *self = (struct json_sink *)sink;
    mt_json_writer *json = &self->json;
    self->schema = *schema;
    mt_json_open(cx, json, self->out, MT_JSON_COMPACT);
    mt_json_object(json);
    mt_json_key(json, "name");
    mt_json_text(json, schema->name);
    if (has_head(schema)) {
        mt_json_key(json, "head");
        mt_json_fields(json, schema->head, schema->head_row);
        write_units(json, "head_units", schema->head);
    }
    write_units(json, "units", schema->col);
    mt_json_key(json, "rows");
    mt_json_array(json);
    return json->code;
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct json_sink *self = (struct json_sink *)sink;
    self->json.cx = cx;
    for (size_t i = 0; i < chunk->n; i++) {
        mt_json_break(&self->json);
        write_row(&self->json, &self->schema, chunk, i);
    }
    return self->json.code;
}

static mt_code finish_document(mt_sink *sink, mt_ctx *cx)
{
    struct json_sink *self = (struct json_sink *)sink;
    self->json.cx = cx;
    mt_json_end(&self->json);
    mt_json_end(&self->json);
    MT_TRY(mt_json_done(&self->json));
    return mt_out_finish(cx, self->out);
}

static mt_code start_lines(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct json_sink *self = (struct json_sink *)sink;
    mt_json_writer *json = &self->json;
    self->schema = *schema;
    if (!has_head(schema)) return MT_OK;
    mt_json_open(cx, json, self->out, MT_JSON_COMPACT);
    mt_json_object(json);
    mt_json_key(json, "head");
    mt_json_fields(json, schema->head, schema->head_row);
    mt_json_end(json);
    return mt_json_done(json);
}

static mt_code take_lines(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct json_sink *self = (struct json_sink *)sink;
    for (size_t i = 0; i < chunk->n; i++) {
        mt_json_open(cx, &self->json, self->out, MT_JSON_COMPACT);
        write_row(&self->json, &self->schema, chunk, i);
        MT_TRY(mt_json_done(&self->json));
    }
    return MT_OK;
}

static mt_code finish_lines(mt_sink *sink, mt_ctx *cx)
{
    return mt_out_finish(cx, ((struct json_sink *)sink)->out);
}

static void release(mt_sink *sink)
{
    (void)sink; /* it lives in the context */
}

static const mt_sink_ops json_ops = {start_document, take_rows, finish_document, release};
static const mt_sink_ops ndjson_ops = {start_lines, take_lines, finish_lines, release};

static mt_code make_sink(mt_ctx *cx, mt_sink **sink, mt_out *out, const mt_sink_ops *ops)
{
    struct json_sink *self;
    MT_TRY(MT_NEW(cx, &self, 1));
    self->sink.ops = ops;
    self->out = out;
    *sink = &self->sink;
    return MT_OK;
}

mt_code mt_json_sink(mt_ctx *cx, mt_sink **sink, mt_out *out)
{
    return make_sink(cx, sink, out, &json_ops);
}

mt_code mt_ndjson_sink(mt_ctx *cx, mt_sink **sink, mt_out *out)
{
    return make_sink(cx, sink, out, &ndjson_ops);
}

void mt_ndjson_fail(mt_ctx *cx, mt_out *out)
{
    char sentence[MT_ERR_TEXT_MAX];
    mt_code reason = cx->code;
    mt_json_writer json;
    if (!mt_out_sent(out)) return;
    memcpy(sentence, cx->err, sizeof sentence);
    mt_json_open(cx, &json, out, MT_JSON_COMPACT);
    mt_json_object(&json);
    mt_json_key(&json, "error");
    mt_json_object(&json);
    mt_json_key(&json, "code");
    mt_json_text(&json, mt_code_name(reason));
    mt_json_key(&json, "text");
    mt_json_text(&json, sentence);
    mt_json_end(&json);
    mt_json_end(&json);
    mt_code code = mt_json_done(&json);
    if (code == MT_OK) code = mt_out_finish(cx, out);
    (void)code; /* the first failure is the one to tell */
    memcpy(cx->err, sentence, sizeof sentence);
    cx->code = reason;
}
