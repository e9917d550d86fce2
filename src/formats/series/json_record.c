/* One flat JSON object, taken apart in one pass without a tree. */
#include "formats/series/json_record.h"

#include "formats/series/value_text.h"
#include "io/utf8.h"

#include <string.h>

#define ONES  0x0101010101010101u
#define HIGHS 0x8080808080808080u

struct scan {
    const char *at, *end;
    const char *fault; /* set where a step returns false */
};

static bool refuse(struct scan *scan, const char *fault)
{
    scan->fault = fault;
    return false;
}

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

/* The next byte that is no blank, or 0 at the end. */
static char peek(struct scan *scan)
{
    if (scan->at<scan->end && * scan->at> ' ') return *scan->at;
    skip_blanks(scan);
    return scan->at < scan->end ? *scan->at : '\0';
}

/* Goes over bytes that mean themselves in a string, eight at a time. */
static void skip_plain(struct scan *scan)
{
    while (scan->end - scan->at >= 8) {
        uint64_t word, quote, back;
        memcpy(&word, scan->at, 8);
        quote = word ^ ONES * '"';
        back = word ^ ONES * '\\';
        uint64_t special = (quote - ONES) & ~quote;
        special |= (back - ONES) & ~back;
        special |= (word - ONES * 0x20) & ~word;
        if (((special | word) & HIGHS) != 0) break;
        scan->at += 8;
    }
    while (scan->at < scan->end && (unsigned char)*scan->at >= 0x20 && (unsigned char)*scan->at < 0x80 &&
           *scan->at != '"' && *scan->at != '\\')
        scan->at++;
}

static bool read_hex(const char *at, const char *end, uint32_t *out)
{
    uint32_t point = 0;
    if (end - at < 4) return false;
    for (int k = 0; k < 4; k++) {
        char c = at[k], low = (char)(c | 0x20);
        bool digit = c >= '0' && c <= '9', letter = low >= 'a' && low <= 'f';
        if (!digit && !letter) return false;
        point = point << 4 | (uint32_t)(digit ? c - '0' : low - 'a' + 10);
    }
    *out = point;
    return true;
}

static bool is_surrogate(uint32_t point, uint32_t first)
{
    return point >= first && point < first + 0x400;
}

/* The code point of "\u…" at `at` (behind the u), two of them where they make one; 0 when it is none. */
static uint32_t read_unicode(const char *at, const char *end, size_t *took)
{
    uint32_t point, low;
    *took = 4;
    if (!read_hex(at, end, &point) || is_surrogate(point, 0xDC00)) return 0;
    if (!is_surrogate(point, 0xD800)) return point;
    if (end - at < 10 || at[4] != '\\' || at[5] != 'u' || !read_hex(at + 6, end, &low)) return 0;
    if (!is_surrogate(low, 0xDC00)) return 0;
    *took = 10;
    return 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
}

/* A backslash and what belongs to it. */
static bool step_escape(struct scan *scan)
{
    size_t took;
    if (scan->end - scan->at < 2) return refuse(scan, "a text has no end");
    char c = scan->at[1];
    if (c == 'u') {
        if (read_unicode(scan->at + 2, scan->end, &took) == 0)
            return refuse(scan, "\\u names no character that a text may hold");
        scan->at += 2 + took;
        return true;
    }
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL)
        return refuse(scan, "an escape that JSON does not know");
    scan->at += 2;
    return true;
}

static bool step_wide(struct scan *scan)
{
    size_t took;
    int well = 1;
    (void)mt_utf8_next(scan->at, (size_t)(scan->end - scan->at), &took, &well);
    if (!well) return refuse(scan, "bytes that are no UTF-8");
    scan->at += took;
    return true;
}

/* A string whose first quote stands at the place. */
static bool read_string(struct scan *scan, mt_text *out, bool *escaped)
{
    const char *first = ++scan->at;
    *escaped = false;
    for (;;) {
        skip_plain(scan);
        if (scan->at == scan->end) return refuse(scan, "a text has no end");
        if (*scan->at == '"') break;
        if ((unsigned char)*scan->at < 0x20) return refuse(scan, "a control character inside a text");
        bool escape = *scan->at == '\\';
        if (!(escape ? step_escape(scan) : step_wide(scan))) return false;
        *escaped = *escaped || escape;
    }
    *out = (mt_text){first, (size_t)(scan->at - first)};
    scan->at++;
    return true;
}

static bool read_word(struct scan *scan, const char *word, mt_token token, mt_token *out)
{
    size_t n = strlen(word);
    if ((size_t)(scan->end - scan->at) < n || memcmp(scan->at, word, n) != 0)
        return refuse(scan, "a word that JSON does not know");
    scan->at += n;
    *out = token;
    return true;
}

static bool read_number(struct scan *scan, double *out)
{
    const char *behind = scan->at;
    mt_number number = mt_number_scan(scan->at, scan->end, '.', &behind, out);
    if (number == MT_NUMBER_HUGE) return refuse(scan, "a number that is too large or too long");
    if (number != MT_NUMBER_JSON) return refuse(scan, "neither a value nor a number as JSON writes it");
    scan->at = behind;
    return true;
}

/* Any value but an array or an object. */
static bool read_scalar(struct scan *scan, mt_record_field *field)
{
    const char *first = scan->at;
    bool read;
    switch (*first) {
    case '"':
        field->token = MT_TOKEN_STRING;
        return read_string(scan, &field->value, &field->value_escaped);
    case 'n':
        read = read_word(scan, "null", MT_TOKEN_NULL, &field->token);
        break;
    case 't':
        read = read_word(scan, "true", MT_TOKEN_TRUE, &field->token);
        break;
    case 'f':
        read = read_word(scan, "false", MT_TOKEN_FALSE, &field->token);
        break;
    default:
        field->token = MT_TOKEN_NUMBER;
        read = read_number(scan, &field->real);
        break;
    }
    field->value = (mt_text){first, (size_t)(scan->at - first)};
    return read;
}

/* The way through arrays and objects inside each other: bit k of `object` tells what level k is. */
struct walk {
    uint64_t object;
    unsigned depth;
};

static bool is_in_object(const struct walk *walk)
{
    return (walk->object >> (walk->depth - 1) & 1) != 0;
}

static bool read_key(struct scan *scan, mt_text *name, bool *escaped)
{
    if (peek(scan) != '"') return refuse(scan, "a name in quotes is expected");
    if (!read_string(scan, name, escaped)) return false;
    if (peek(scan) != ':') return refuse(scan, "a colon is expected behind a name");
    scan->at++;
    return true;
}

static bool enter(struct scan *scan, struct walk *walk)
{
    uint64_t object = *scan->at == '{';
    if (walk->depth == MT_RECORD_DEPTH) return refuse(scan, "more than 64 levels");
    walk->object = (walk->object & ~((uint64_t)1 << walk->depth)) | object << walk->depth;
    walk->depth++;
    scan->at++;
    return true;
}

/* Behind a value: closes what ends there and stands before the next value, or at depth 0. */
static bool leave(struct scan *scan, struct walk *walk)
{
    mt_text name;
    bool escaped;
    while (walk->depth > 0) {
        char c = peek(scan);
        if (c == ',') {
            scan->at++;
            return !is_in_object(walk) || read_key(scan, &name, &escaped);
        }
        if (c != (is_in_object(walk) ? '}' : ']'))
            return refuse(scan, c == '\0' ? "an array or an object has no end" : "a comma is expected");
        scan->at++;
        walk->depth--;
    }
    return true;
}

/* An array or an object that starts at the place. */
static bool skip_nested(struct scan *scan)
{
    struct walk walk = {0, 0};
    mt_record_field ignored;
    do {
        char c = peek(scan);
        if (c == '\0') return refuse(scan, "an array or an object has no end");
        bool opens = c == '{' || c == '[';
        if (opens && !enter(scan, &walk)) return false;
        if (opens && peek(scan) != (c == '{' ? '}' : ']')) {
            if (c == '{' && !read_key(scan, &ignored.name, &ignored.name_escaped)) return false;
            continue;
        }
        if (!opens && !read_scalar(scan, &ignored)) return false;
        if (!leave(scan, &walk)) return false;
    } while (walk.depth > 0);
    return true;
}

static bool read_value(struct scan *scan, mt_record_field *field)
{
    char c = peek(scan);
    const char *first = scan->at;
    if (c == '\0') return refuse(scan, "the record has no end");
    if (c != '{' && c != '[') return read_scalar(scan, field);
    field->token = MT_TOKEN_NESTED;
    bool read = skip_nested(scan);
    field->value = (mt_text){first, (size_t)(scan->at - first)};
    return read;
}

/* Names that are spelled alike; escapes are looked at by whoever compares them with other spellings. */
static bool is_twice(const mt_json_record *record, mt_text name)
{
    for (size_t k = 0; k < record->n; k++) {
        mt_text other = record->field[k].name;
        if (other.length == name.length && memcmp(other.at, name.at, name.length) == 0) return true;
    }
    return false;
}

static bool read_member(struct scan *scan, mt_json_record *record)
{
    if (record->n == MT_RECORD_FIELDS_MAX) return refuse(scan, "more than 256 members");
    mt_record_field *field = &record->field[record->n];
    field->value_escaped = false;
    if (!read_key(scan, &field->name, &field->name_escaped)) return false;
    if (is_twice(record, field->name)) return refuse(scan, "a name stands twice");
    if (!read_value(scan, field)) return false;
    record->n++;
    return true;
}

static bool read_members(struct scan *scan, mt_json_record *record)
{
    if (peek(scan) != '{') return refuse(scan, "an object is expected");
    scan->at++;
    if (peek(scan) == '}') {
        scan->at++;
        return true;
    }
    for (;;) {
        if (!read_member(scan, record)) return false;
        char c = peek(scan);
        if (c == '\0') return refuse(scan, "the record has no end");
        scan->at++;
        if (c == '}') return true;
        scan->at -= c != ',';
        if (c != ',') return refuse(scan, "a comma is expected");
    }
}

bool mt_json_record_read(mt_json_record *record, mt_text message)
{
    struct scan scan = {message.at, message.at + message.length, NULL};
    record->n = 0;
    record->fault = NULL;
    if (message.length >= 3 && memcmp(message.at, "\xEF\xBB\xBF", 3) == 0) scan.at += 3;
    bool read = read_members(&scan, record);
    if (read && peek(&scan) != '\0') read = refuse(&scan, "something follows the object");
    if (read && scan.at != scan.end) read = refuse(&scan, "a 0 character follows the object");
    record->fault = read ? NULL : scan.fault;
    record->at = (size_t)(scan.at - message.at) + 1;
    return read;
}

static size_t put_escape(mt_text raw, size_t *k, char *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    char c = raw.at[*k + 1];
    size_t took = 0;
    if (c == 'u') {
        uint32_t point = read_unicode(raw.at + *k + 2, raw.at + raw.length, &took);
        *k += 2 + took;
        return mt_utf8_put(point, out);
    }
    const char *known = strchr(from, c);
    *out = known != NULL ? to[known - from] : c;
    *k += 2;
    return 1;
}

size_t mt_json_unescape(mt_text raw, char *out)
{
    size_t n = 0;
    for (size_t k = 0; k < raw.length;) {
        if (raw.at[k] == '\\')
            n += put_escape(raw, &k, out + n);
        else
            out[n++] = raw.at[k++];
    }
    return n;
}

const char *mt_json_skip(const char *at, const char *end)
{
    struct scan scan = {at, end, NULL};
    mt_record_field ignored;
    return read_value(&scan, &ignored) ? scan.at : NULL;
}
