/* JSON out: commas, indents and escapes. */
#include "io/json.h"

#include <math.h>
#include <string.h>

#include "io/sinks/cell.h"
#include "io/utf8.h"

#define EXACT_MAX (((int64_t)1 << 53) - 1)

static void put(mt_json_writer *json, const char *at, size_t n)
{
    if (json->code == MT_OK) json->code = mt_out_write(json->cx, json->out, at, n);
}

static void put_text(mt_json_writer *json, const char *text)
{
    put(json, text, strlen(text));
}

static void put_indent(mt_json_writer *json)
{
    put(json, "\n", 1);
    for (int k = 0; k < json->depth; k++) put(json, "  ", 2);
}

/* What stands before a value or a key: a comma after a sibling, and the place on the line. */
static void put_gap(mt_json_writer *json)
{
    if (json->named) {
        json->named = false;
        return;
    }
    if (json->filled[json->depth]) put(json, ",", 1);
    json->filled[json->depth] = true;
    if (json->look == MT_JSON_PRETTY && json->depth > 0) put_indent(json);
}

static void put_escape(mt_json_writer *json, unsigned char c)
{
    static const char digit[] = "0123456789abcdef";
    char code[6] = {'\\', 'u', '0', '0', digit[c >> 4], digit[c & 15]};
    switch (c) {
    case '"': put(json, "\\\"", 2); break;
    case '\\': put(json, "\\\\", 2); break;
    case '\n': put(json, "\\n", 2); break;
    case '\r': put(json, "\\r", 2); break;
    case '\t': put(json, "\\t", 2); break;
    default: put(json, code, 6); break;
    }
}

/* One character that does not stand as it is, or that mt_utf8_plain stops at for the sake of other
 * languages. */
static size_t put_character(mt_json_writer *json, const char *at, size_t n)
{
    size_t took;
    int well = 1;
    char bytes[4];
    uint32_t point = mt_utf8_next(at, n, &took, &well);
    if (point < 0x20 || point == 0x7F || point == '"' || point == '\\') {
        put_escape(json, (unsigned char)point);
    } else {
        put(json, bytes, mt_utf8_put(point, bytes));
    }
    return took;
}

static void put_string(mt_json_writer *json, mt_text text)
{
    put(json, "\"", 1);
    while (text.length > 0 && json->code == MT_OK) {
        size_t n = mt_utf8_plain(text.at, text.length);
        put(json, text.at, n);
        if (n < text.length) n += put_character(json, text.at + n, text.length - n);
        text.at += n;
        text.length -= n;
    }
    put(json, "\"", 1);
}

static void open_level(mt_json_writer *json, const char *mark, char closer)
{
    put_gap(json);
    put(json, mark, 1);
    if (json->code == MT_OK && json->depth == MT_JSON_DEPTH_MAX) {
        json->code = mt_fail(json->cx, MT_E_BUG, "%s: JSON deeper than %d levels", mt_out_name(json->out),
                             json->depth);
    }
    if (json->code != MT_OK) return;
    json->depth++;
    json->closer[json->depth] = closer;
    json->filled[json->depth] = false;
}

void mt_json_open(mt_ctx *cx, mt_json_writer *json, mt_out *out, mt_json_look look)
{
    *json = (mt_json_writer){.cx = cx, .out = out, .look = look};
}

void mt_json_object(mt_json_writer *json)
{
    open_level(json, "{", '}');
}

void mt_json_array(mt_json_writer *json)
{
    open_level(json, "[", ']');
}

void mt_json_end(mt_json_writer *json)
{
    if (json->code != MT_OK) return;
    if (json->depth == 0 || json->named) {
        json->code =
            mt_fail(json->cx, MT_E_BUG, "%s: a JSON level ends that is not open", mt_out_name(json->out));
        return;
    }
    char closer = json->closer[json->depth];
    bool filled = json->filled[json->depth];
    json->depth--;
    if (filled && json->look == MT_JSON_PRETTY) put_indent(json);
    put(json, &closer, 1);
}

void mt_json_key(mt_json_writer *json, const char *name)
{
    put_gap(json);
    put_string(json, mt_text_of(name));
    put(json, json->look == MT_JSON_PRETTY ? ": " : ":", json->look == MT_JSON_PRETTY ? 2 : 1);
    json->named = true;
}

void mt_json_null(mt_json_writer *json)
{
    put_gap(json);
    put(json, "null", 4);
}

void mt_json_bool(mt_json_writer *json, bool value)
{
    mt_json_value(json, MT_BOOL, (mt_value){.present = true, .as.boolean = value});
}

void mt_json_int(mt_json_writer *json, int64_t value)
{
    mt_json_value(json, MT_INT, (mt_value){.present = true, .as.integer = value});
}

void mt_json_real(mt_json_writer *json, double value)
{
    mt_json_value(json, MT_REAL, (mt_value){.present = true, .as.real = value});
}

void mt_json_text(mt_json_writer *json, const char *text)
{
    mt_json_value(json, MT_TEXT,
                  (mt_value){.present = text != NULL, .as.text = text ? mt_text_of(text) : (mt_text){0}});
}

/* Numbers as numbers where every reader gets them exactly. */
static bool stands_bare(mt_type type, mt_value value)
{
    if (type == MT_BOOL || type == MT_REAL) return true;
    bool exact = value.as.integer >= -EXACT_MAX && value.as.integer <= EXACT_MAX;
    return (type == MT_INT || type == MT_MICRO) && exact;
}

void mt_json_value(mt_json_writer *json, mt_type type, mt_value value)
{
    char text[MT_CELL_MAX + 2];
    if (!mt_cell_has(type, value)) {
        mt_json_null(json);
        return;
    }
    put_gap(json);
    if (mt_cell_is_text(type)) {
        put_string(json, value.as.text);
        return;
    }
    size_t n = mt_cell_exact(type, value, text + 1);
    if (stands_bare(type, value)) {
        put(json, text + 1, n);
    } else {
        text[0] = text[n + 1] = '"';
        put(json, text, n + 2);
    }
}

void mt_json_fields(mt_json_writer *json, const mt_field *field, const void *row)
{
    mt_json_object(json);
    for (; field && field->name; field++) {
        mt_json_key(json, field->name);
        mt_json_value(json, field->type, mt_field_get(field, row));
    }
    mt_json_end(json);
}

void mt_json_break(mt_json_writer *json)
{
    if (json->look == MT_JSON_PRETTY) return;
    bool filled = json->filled[json->depth];
    put_text(json, filled ? ",\n" : "\n");
    json->filled[json->depth] = false; /* the comma stands already */
}

mt_code mt_json_done(mt_json_writer *json)
{
    if (json->code == MT_OK && (json->depth || json->named)) {
        json->code = mt_fail(json->cx, MT_E_BUG, "%s: a JSON level is still open", mt_out_name(json->out));
    }
    put(json, "\n", 1);
    return json->code;
}
