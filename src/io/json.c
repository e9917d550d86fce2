/* JSON in: yajl's events become a tree in the arena. */
#include "io/json.h"

#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct reader {
    mt_ctx *cx;
    mt_code code;           /* of a failure in a callback */
    yajl_handle yajl;
    mt_json *top;
    mt_json *open[MT_JSON_DEPTH_MAX + 1]; /* arrays and objects around the place */
    mt_json *last[MT_JSON_DEPTH_MAX + 1]; /* youngest child of each */
    int depth;
    const char *name;       /* of the member to come */
};

/* 0 stops yajl; the caller then looks at reader->code. */
static int refuse(struct reader *reader, mt_code code)
{
    reader->code = code;
    return 0;
}

static int add(struct reader *reader, mt_json_kind kind, mt_json **out)
{
    mt_json *value;
    mt_code code = MT_NEW(reader->cx, &value, 1);
    if (code != MT_OK) return refuse(reader, code);
    value->kind = kind;
    value->name = reader->name;
    reader->name = NULL;
    if (reader->depth == 0) {
        reader->top = value;
    } else {
        mt_json *parent = reader->open[reader->depth], **last = &reader->last[reader->depth];
        if (*last) {
            (*last)->next = value;
        } else {
            parent->first = value;
        }
        *last = value;
        parent->count++;
    }
    *out = value;
    return 1;
}

static int add_text(struct reader *reader, mt_json_kind kind, mt_text text, mt_json **out)
{
    const char *copy;
    if (!add(reader, kind, out)) return 0;
    mt_code code = mt_text_copy(reader->cx, &copy, text);
    if (code != MT_OK) return refuse(reader, code);
    (*out)->text = (mt_text){copy, text.length};
    return 1;
}

static int on_null(void *arg)
{
    mt_json *value;
    return add(arg, MT_JSON_NULL, &value);
}

static int on_bool(void *arg, int boolean)
{
    mt_json *value;
    if (!add(arg, MT_JSON_BOOL, &value)) return 0;
    value->boolean = boolean != 0;
    return 1;
}

static int on_number(void *arg, const char *at, size_t n)
{
    struct reader *reader = arg;
    mt_json *value;
    if (!add_text(reader, MT_JSON_NUMBER, (mt_text){at, n}, &value)) return 0;
    if (mt_real_parse(at, n, &value->real)) return 1;
    int shown = n < 40 ? (int)n : 40;
    return refuse(reader, mt_fail(reader->cx, MT_E_INPUT, "the number %.*s%s is too large or too long",
                                  shown, at, n > 40 ? "…" : ""));
}

static int on_string(void *arg, const unsigned char *at, size_t n)
{
    mt_json *value;
    return add_text(arg, MT_JSON_STRING, (mt_text){(const char *)at, n}, &value);
}

static int on_key(void *arg, const unsigned char *at, size_t n)
{
    struct reader *reader = arg;
    if (memchr(at, 0, n))
        return refuse(reader, mt_fail(reader->cx, MT_E_INPUT, "a name contains a 0 character"));
    mt_code code = mt_text_copy(reader->cx, &reader->name, (mt_text){(const char *)at, n});
    return code == MT_OK ? 1 : refuse(reader, code);
}

static int on_open(struct reader *reader, mt_json_kind kind)
{
    mt_json *value;
    if (reader->depth == MT_JSON_DEPTH_MAX) {
        return refuse(reader,
                      mt_fail(reader->cx, MT_E_TOO_LARGE, "deeper than %d levels", MT_JSON_DEPTH_MAX));
    }
    if (!add(reader, kind, &value)) return 0;
    reader->depth++;
    reader->open[reader->depth] = value;
    reader->last[reader->depth] = NULL;
    return 1;
}

static int on_object(void *arg)
{
    return on_open(arg, MT_JSON_OBJECT);
}

static int on_array(void *arg)
{
    return on_open(arg, MT_JSON_ARRAY);
}

static int on_close(void *arg)
{
    ((struct reader *)arg)->depth--;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null, .yajl_boolean = on_bool, .yajl_number = on_number, .yajl_string = on_string,
    .yajl_map_key = on_key, .yajl_start_map = on_object, .yajl_end_map = on_close,
    .yajl_start_array = on_array, .yajl_end_array = on_close,
};

/* "NAME, line 3, column 14" of a byte in the document; columns count bytes from 1. */
static mt_code locate(mt_ctx *cx, const char *name, const char *bytes, size_t at)
{
    size_t line = 1, start = 0;
    for (size_t k = 0; k < at; k++) {
        if (bytes[k] != '\n') continue;
        line++;
        start = k + 1;
    }
    return mt_fail_at(cx, "%s, line %zu, column %zu", name, line, at - start + 1);
}

/* yajl's own sentence without its "parse error: " and its newline. */
static mt_code explain(mt_ctx *cx, struct reader *reader)
{
    unsigned char *said = yajl_get_error(reader->yajl, 0, NULL, 0);
    const char *text = said ? (const char *)said : "no JSON";
    const char *colon = strstr(text, ": ");
    if (colon) text = colon + 2;
    mt_code code = mt_fail(cx, MT_E_INPUT, "not valid JSON: %.*s", (int)strcspn(text, "\n"), text);
    if (said) yajl_free_error(reader->yajl, said);
    return code;
}

static mt_code parse(mt_ctx *cx, struct reader *reader, const char *name, mt_text text)
{
    yajl_status status = yajl_parse(reader->yajl, (const unsigned char *)text.at, text.length);
    size_t at = yajl_get_bytes_consumed(reader->yajl);
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(reader->yajl);
        at = text.length;
    }
    if (status == yajl_status_ok) return MT_OK;
    if (reader->code == MT_E_MEMORY) return reader->code;
    if (reader->code == MT_OK) (void)explain(cx, reader);
    return locate(cx, name, text.at, at ? at - 1 : 0);
}

mt_code mt_json_read(mt_ctx *cx, const mt_json **out, const char *name, const char *bytes, size_t n)
{
    struct reader reader = {.cx = cx};
    if (n > MT_JSON_BYTES_MAX) {
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: %zu bytes of JSON, at most %d are read", name, n,
                       MT_JSON_BYTES_MAX);
    }
    if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark is harmless */
        bytes += 3;
        n -= 3;
    }
    reader.yajl = yajl_alloc(&callbacks, NULL, &reader);
    if (!reader.yajl) return mt_fail(cx, MT_E_MEMORY, "no memory to read %s", name);
    mt_code code = parse(cx, &reader, name, (mt_text){bytes, n});
    yajl_free(reader.yajl);
    if (code != MT_OK) return code;
    if (!reader.top) return mt_fail(cx, MT_E_INPUT, "%s: empty, a JSON value was expected", name);
    *out = reader.top;
    return MT_OK;
}

const mt_json *mt_json_member(const mt_json *object, const char *name)
{
    if (!object || object->kind != MT_JSON_OBJECT) return NULL;
    const mt_json *member = object->first;
    while (member && strcmp(member->name, name) != 0) member = member->next;
    return member;
}

const mt_json *mt_json_element(const mt_json *array, size_t k)
{
    if (!array || array->kind != MT_JSON_ARRAY) return NULL;
    const mt_json *element = array->first;
    while (element && k-- > 0) element = element->next;
    return element;
}

static mt_code want(mt_ctx *cx, const mt_json **out, const mt_json *object, const char *name,
                    mt_json_kind kind)
{
    static const char *const word[] = {"null",   "true or false", "a number",
                                       "a text", "an array",      "an object"};
    const mt_json *member = mt_json_member(object, name);
    if (!member)
        return mt_fail(cx, MT_E_INPUT, "the member \"%s\" is missing, %s was expected", name, word[kind]);
    if (member->kind != kind) {
        return mt_fail(cx, MT_E_INPUT, "the member \"%s\" is %s, %s was expected", name, word[member->kind],
                       word[kind]);
    }
    *out = member;
    return MT_OK;
}

mt_code mt_json_get_text(mt_ctx *cx, const char **out, const mt_json *object, const char *name)
{
    const mt_json *member;
    MT_TRY(want(cx, &member, object, name, MT_JSON_STRING));
    if (strlen(member->text.at) != member->text.length) {
        return mt_fail(cx, MT_E_INPUT, "the member \"%s\" contains a 0 character", name);
    }
    *out = member->text.at;
    return MT_OK;
}

mt_code mt_json_get_int(mt_ctx *cx, int64_t *out, const mt_json *object, const char *name)
{
    const mt_json *member = mt_json_member(object, name);
    if (!member || member->kind != MT_JSON_STRING) MT_TRY(want(cx, &member, object, name, MT_JSON_NUMBER));
    if (!mt_int_parse(member->text.at, member->text.length, out)) {
        return mt_fail(cx, MT_E_INPUT, "the member \"%s\" is %.40s, a whole number was expected", name,
                       member->text.at);
    }
    return MT_OK;
}

mt_code mt_json_get_real(mt_ctx *cx, double *out, const mt_json *object, const char *name)
{
    const mt_json *member;
    MT_TRY(want(cx, &member, object, name, MT_JSON_NUMBER));
    *out = member->real;
    return MT_OK;
}

mt_code mt_json_get_bool(mt_ctx *cx, bool *out, const mt_json *object, const char *name)
{
    const mt_json *member;
    MT_TRY(want(cx, &member, object, name, MT_JSON_BOOL));
    *out = member->boolean;
    return MT_OK;
}

mt_code mt_json_get_array(mt_ctx *cx, const mt_json **out, const mt_json *object, const char *name)
{
    return want(cx, out, object, name, MT_JSON_ARRAY);
}

mt_code mt_json_get_object(mt_ctx *cx, const mt_json **out, const mt_json *object, const char *name)
{
    return want(cx, out, object, name, MT_JSON_OBJECT);
}
