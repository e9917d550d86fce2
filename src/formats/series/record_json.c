/* Records of a JSON file, one after another, from windows of bytes. */
#include "formats/series/record_json.h"

#include "formats/series/json_record.h"

#include <string.h>

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    return at;
}

/* Consumes up to `to` and counts the lines. */
static void move_to(mt_record_json *json, const char *to)
{
    const char *from = json->at + json->pos;
    for (const char *k = from; (k = memchr(k, '\n', (size_t)(to - k))) != NULL; k++) json->line++;
    json->pos = (size_t)(to - json->at);
}

/* More bytes could change the answer, and may be had. */
static bool can_wait(const mt_record_json *json)
{
    return !json->last && json->n - json->pos < MT_BYTES_WINDOW;
}

/* One character further: quotes hide brackets. What a backslash hides is not given. */
static inline void follow(char c, bool *quoted, size_t *depth)
{
    if (c == '"')
        *quoted = !*quoted;
    else if (!*quoted && (c == '{' || c == '['))
        ++*depth;
    else if (!*quoted && (c == '}' || c == ']') && *depth > 0)
        --*depth;
}

/* Behind the brackets that open at `at`, or NULL when they do not close. */
static const char *close_brackets(const char *at, const char *end)
{
    size_t depth = 0;
    bool quoted = false;
    for (; at < end; at++) {
        if (quoted && *at == '\\') {
            at++;
            continue;
        }
        follow(*at, &quoted, &depth);
        if (depth == 0) return at + 1;
    }
    return NULL;
}

static bool is_key(const char *at, const char *end, const char *name)
{
    size_t n = strlen(name);
    return (size_t)(end - at) > n + 1 && at[0] == '"' && memcmp(at + 1, name, n) == 0 && at[n + 1] == '"';
}

/* Behind the key and its colon that begin at `at`, or NULL when they are not whole. */
static const char *skip_key(const char *at, const char *end)
{
    at = mt_json_skip(at, end);
    if (at == NULL) return NULL;
    at = skip_blanks(at, end);
    return at < end && *at == ':' ? skip_blanks(at + 1, end) : NULL;
}

/* A list of objects, or an empty one, begins at `at`. */
static bool opens_list(const char *at, const char *end)
{
    if (at == end || *at != '[') return false;
    at = skip_blanks(at + 1, end);
    return at < end && (*at == '{' || *at == ']');
}

/* Looks through the members of the object at `at` for the list of records; *list is where it opens, *behind
 * where the object ends. false: neither is in the window. "result" is looked into, once. */
static bool find_list(const char *at, const char *end, bool inner, const char **list, const char **behind)
{
    *list = *behind = NULL;
    for (at = skip_blanks(at + 1, end); at < end && *at != '}'; at = skip_blanks(at, end)) {
        const char *key = at;
        if ((at = skip_key(at, end)) == NULL) return false;
        bool wanted = is_key(key, end, "records") || is_key(key, end, "data");
        if (wanted && opens_list(at, end)) {
            *list = at;
            return true;
        }
        if (!inner && at < end && *at == '{' && is_key(key, end, "result")) {
            if (!find_list(at, end, true, list, behind)) return false;
            if (*list != NULL) return true;
        }
        if ((at = mt_json_skip(at, end)) == NULL) return false;
        at = skip_blanks(at, end);
        at += at < end && *at == ',';
    }
    *behind = at < end ? at + 1 : NULL;
    return at < end;
}

/* An object that fills a line begins lines of objects. */
static mt_json_form judge_object(const char *first, const char *behind, const char *end)
{
    if (memchr(first, '\n', (size_t)(behind - first)) != NULL) return MT_JSON_FORM_VALUES;
    while (behind < end && (*behind == ' ' || *behind == '\t' || *behind == '\r')) behind++;
    return behind == end || *behind == '\n' ? MT_JSON_FORM_LINES : MT_JSON_FORM_VALUES;
}

/* How many objects are open where the list begins; all before it is whole. */
static size_t depth_of(const char *at, const char *list)
{
    size_t depth = 0;
    bool quoted = false;
    for (; at < list; at++) {
        if (quoted && *at == '\\')
            at++;
        else
            follow(*at, &quoted, &depth);
    }
    return depth;
}

/* Which form the file has; false: more bytes are needed to tell. */
static bool judge_form(mt_record_json *json)
{
    const char *end = json->at + json->n, *at = json->at + json->pos, *list, *behind;
    if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
    at = skip_blanks(at, end);
    if (at == end && can_wait(json)) return false;
    json->form = MT_JSON_FORM_LINES;
    move_to(json, at);
    if (at == end) return true;
    if (*at == '[') {
        json->form = MT_JSON_FORM_LIST;
        move_to(json, at + 1);
    } else if (*at == '{') {
        bool found = find_list(at, end, false, &list, &behind);
        if (!found && can_wait(json)) {
            json->form = MT_JSON_FORM_UNKNOWN;
            return false;
        }
        if (found && list != NULL) {
            json->form = MT_JSON_FORM_LIST;
            json->depth = depth_of(at, list);
            move_to(json, list + 1);
        } else if (found) {
            json->form = judge_object(at, behind, end);
        }
    }
    return true;
}

/* Goes behind the newline of a line too long to be read; false: it is not in this window. */
static bool skip_rest(mt_record_json *json)
{
    const char *from = json->at + json->pos, *newline = memchr(from, '\n', json->n - json->pos);
    json->skipping = newline == NULL;
    move_to(json, newline != NULL ? newline + 1 : json->at + json->n);
    return newline != NULL;
}

static mt_text cut_raw(const char *at, const char *end)
{
    size_t n = (size_t)(end - at);
    return (mt_text){at, n < MT_RECORD_RAW ? n : MT_RECORD_RAW};
}

static mt_take take_line(mt_record_json *json, mt_json_piece *out)
{
    for (;;) {
        if (json->skipping && !skip_rest(json)) return json->last ? MT_TAKE_END : MT_TAKE_MORE;
        const char *at = json->at + json->pos, *end = json->at + json->n;
        if (at == end) return json->last ? MT_TAKE_END : MT_TAKE_MORE;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL && can_wait(json)) return MT_TAKE_MORE;
        *out = (mt_json_piece){.line = json->line};
        json->skipping = newline == NULL && !json->last;
        const char *behind = newline != NULL ? newline : end;
        out->text = json->skipping ? cut_raw(at, end) : (mt_text){at, (size_t)(behind - at)};
        if (json->skipping) {
            out->fault = "the line is longer than 4 MiB";
            return MT_TAKE_RECORD;
        }
        move_to(json, newline != NULL ? newline + 1 : end);
        if (skip_blanks(at, behind) != behind) return MT_TAKE_RECORD;
    }
}

static mt_take end_with(mt_record_json *json, mt_json_piece *out, const char *fault)
{
    const char *at = json->at + json->pos;
    *out = (mt_json_piece){.text = cut_raw(at, json->at + json->n), .line = json->line, .fault = fault};
    json->form = MT_JSON_FORM_ENDED;
    return MT_TAKE_RECORD;
}

/* Behind a value that is no object and no array: up to what may follow it. */
static const char *close_scalar(const char *at, const char *end)
{
    const char *behind = mt_json_skip(at, end);
    if (behind != NULL) return behind;
    for (behind = at + 1; behind < end && *behind != ',' && *behind != ']' && *behind != '\n';) behind++;
    return behind < end ? behind : NULL;
}

static mt_take end_at(mt_record_json *json, bool cut)
{
    json->form = MT_JSON_FORM_ENDED;
    json->cut = cut;
    return MT_TAKE_END;
}

/* Behind the list: the objects around it have to close, else the file is half of a document. */
static mt_take take_tail(mt_record_json *json)
{
    const char *at = json->at + json->pos, *end = json->at + json->n;
    for (; at < end && json->depth > 0; at++) {
        if (json->quoted && *at == '\\') {
            if (at + 1 == end && !json->last) break; /* with what it hides */
            at++;
        } else {
            follow(*at, &json->quoted, &json->depth);
        }
    }
    move_to(json, at < end ? at : end);
    if (json->depth > 0 && !json->last) return MT_TAKE_MORE;
    return end_at(json, json->depth > 0);
}

static mt_take take_value(mt_record_json *json, mt_json_piece *out)
{
    const char *end = json->at + json->n, *at = json->at + json->pos;
    for (at = skip_blanks(at, end); at < end && *at == ',';) at = skip_blanks(at + 1, end);
    move_to(json, at);
    bool is_list = json->form == MT_JSON_FORM_LIST;
    if (at == end) {
        if (!json->last) return MT_TAKE_MORE;
        return end_at(json, is_list);
    }
    if (is_list && *at == ']') {
        json->form = MT_JSON_FORM_TAIL;
        move_to(json, at + 1);
        return take_tail(json);
    }
    bool brackets = *at == '{' || *at == '[';
    const char *behind = brackets ? close_brackets(at, end) : close_scalar(at, end);
    if (behind == NULL && can_wait(json)) return MT_TAKE_MORE;
    if (behind == NULL && json->last && (is_list || brackets)) return end_at(json, true);
    if (behind == NULL)
        return end_with(json, out,
                        json->last ? "the file ends inside a record" : "a record is longer than 4 MiB");
    *out = (mt_json_piece){.text = {at, (size_t)(behind - at)}, .line = json->line};
    move_to(json, behind);
    return MT_TAKE_RECORD;
}

void mt_record_json_init(mt_record_json *json, mt_bytes *bytes)
{
    *json = (mt_record_json){.bytes = bytes, .at = "", .line = 1};
}

mt_take mt_record_json_take(mt_record_json *json, mt_json_piece *out)
{
    if (json->form == MT_JSON_FORM_UNKNOWN && !judge_form(json)) return MT_TAKE_MORE;
    if (json->form == MT_JSON_FORM_ENDED) return MT_TAKE_END;
    if (json->form == MT_JSON_FORM_TAIL) return take_tail(json);
    return json->form == MT_JSON_FORM_LINES ? take_line(json, out) : take_value(json, out);
}

mt_code mt_record_json_refill(mt_ctx *cx, mt_record_json *json)
{
    MT_TRY(mt_bytes_next(cx, json->bytes, json->pos, &json->at, &json->n, &json->last));
    json->pos = 0;
    mt_ctx_progress(cx, "reading", mt_bytes_read(json->bytes), mt_bytes_total(json->bytes), "bytes");
    return MT_OK;
}
