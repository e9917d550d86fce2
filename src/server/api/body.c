/* Unpacking within bounds, and one pass over brackets and quotes. */
#include "server/api/body.h"

#include "io/unpack.h"

#include <string.h>

enum { FIRST_ROOM = 64 << 10 };

struct rest {
    mt_text body;
    size_t at;
};

static mt_code pull(mt_ctx *cx, void *self, char *to, size_t n, size_t *got)
{
    struct rest *rest = self;
    size_t left = rest->body.length - rest->at;
    (void)cx;
    *got = n < left ? n : left;
    memcpy(to, rest->body.at + rest->at, *got);
    rest->at += *got;
    return MT_OK;
}

/* Room doubles; one byte more than allowed is asked for, so that too much shows. */
static mt_code read_all(mt_ctx *cx, mt_unpack *unpack, mt_text *out, size_t most)
{
    size_t room = FIRST_ROOM, used = 0, got = 1;
    char *bytes = mt_arena_raw(&cx->arena, room);
    while (bytes && got) {
        if (used == room) {
            char *more = mt_arena_raw(&cx->arena, room * 2);
            if (more) memcpy(more, bytes, used);
            bytes = more;
            room *= 2;
            continue;
        }
        MT_TRY(mt_unpack_read(cx, unpack, bytes + used, room - used, &got));
        used += got;
        if (used > most)
            return mt_fail(cx, MT_E_TOO_LARGE,
                           "unpacked the body is larger than the %zu bytes this server "
                           "takes",
                           most);
    }
    if (!bytes) return mt_fail(cx, MT_E_MEMORY, "no memory to unpack a body");
    *out = (mt_text){bytes, used};
    return MT_OK;
}

mt_code mt_body_unpack(mt_ctx *cx, mt_text *out, mt_text body, const char *encoding, size_t most)
{
    struct rest rest = {.body = body, .at = body.length < MT_UNPACK_MAGIC ? body.length : MT_UNPACK_MAGIC};
    mt_unpack *unpack = NULL;
    bool packed = encoding && *encoding && strcasecmp(encoding, "identity") != 0;
    *out = body;
    if (!packed) return MT_OK;
    if (strcasecmp(encoding, "gzip") != 0 && strcasecmp(encoding, "x-gzip") != 0 &&
        strcasecmp(encoding, "zstd") != 0)
        return mt_fail(cx, MT_E_INPUT, "Content-Encoding \"%.40s\" is not read here: gzip, zstd or none",
                       encoding);
    mt_unpack_input input = {"the body", pull, &rest};
    mt_code code = mt_unpack_open(cx, &unpack, input, body.at, rest.at);
    if (code == MT_OK && !unpack)
        code = mt_fail(cx, MT_E_INPUT, "the body is not packed as its Content-Encoding says");
    if (code == MT_OK) code = read_all(cx, unpack, out, most);
    mt_unpack_close(unpack);
    if (code != MT_E_IO) return code;
    return mt_fail(cx, MT_E_INPUT, "%s", cx->err); /* damaged by who sent it */
}

mt_code mt_body_plain(mt_ctx *cx, mt_text *out, const mt_exchange *x)
{
    return mt_body_unpack(cx, out, mt_exchange_body(x), mt_exchange_header(x, "content-encoding"),
                          mt_exchange_body_max(x));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the string that starts at `k`; body.length when it does not end. */
static size_t skip_string(mt_text body, size_t k)
{
    for (k++; k < body.length && body.at[k] != '"'; k++) k += body.at[k] == '\\';
    return k < body.length ? k + 1 : body.length;
}

/* Behind the value that starts at `k`: brackets counted, strings skipped. */
static mt_code skip_value(mt_ctx *cx, mt_text body, size_t *k, bool in_array)
{
    size_t depth = 0, start = *k;
    while (*k < body.length) {
        char c = body.at[*k];
        bool closes = c == '}' || c == ']';
        if (depth == 0 && (is_blank(c) || (in_array && (c == ',' || c == ']')))) break;
        if (closes && depth == 0) break;
        if (c == '"') {
            *k = skip_string(body, *k);
        } else {
            depth = depth + (c == '{' || c == '[') - closes;
            ++*k;
        }
        if (depth == 0 && (closes || c == '"')) break;
    }
    if (depth || *k == start)
        return mt_fail(cx, MT_E_INPUT, "byte %zu of the body starts a JSON value that has no end", start + 1);
    return MT_OK;
}

struct values {
    mt_text *at;
    size_t n, room;
};

static mt_code add_value(mt_ctx *cx, struct values *values, mt_text value)
{
    if (values->n == MT_BODY_VALUES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "more than %d messages in one body", MT_BODY_VALUES_MAX);
    if (values->n == values->room) {
        mt_text *more;
        values->room = values->room ? 2 * values->room : 64;
        MT_TRY(MT_NEW(cx, &more, values->room));
        if (values->n) memcpy(more, values->at, values->n * sizeof *more);
        values->at = more;
    }
    values->at[values->n++] = value;
    return MT_OK;
}

static void skip_blanks(mt_text body, size_t *k)
{
    while (*k < body.length && is_blank(body.at[*k])) ++*k;
}

/* Elements up to the bracket that closes the array; then nothing but blanks may follow. */
static mt_code take_elements(mt_ctx *cx, struct values *values, mt_text body, size_t k)
{
    bool more = true;
    skip_blanks(body, &k);
    if (k < body.length && body.at[k] == ']') more = false, k++;
    while (more) {
        size_t from = k;
        MT_TRY(skip_value(cx, body, &k, true));
        MT_TRY(add_value(cx, values, (mt_text){body.at + from, k - from}));
        skip_blanks(body, &k);
        char c = k < body.length ? body.at[k++] : 0;
        if (c != ',' && c != ']')
            return mt_fail(cx, MT_E_INPUT, "byte %zu of the body: \",\" or \"]\" of the array is missing", k);
        more = c == ',';
        skip_blanks(body, &k);
    }
    skip_blanks(body, &k);
    if (k < body.length) return mt_fail(cx, MT_E_INPUT, "byte %zu of the body follows its array", k + 1);
    return MT_OK;
}

mt_code mt_body_values(mt_ctx *cx, mt_text **out, size_t *n, mt_text body)
{
    struct values values = {.n = 0};
    size_t k = 0;
    skip_blanks(body, &k);
    if (k < body.length && body.at[k] == '[') {
        MT_TRY(take_elements(cx, &values, body, k + 1));
    } else {
        while (k < body.length) {
            size_t from = k;
            MT_TRY(skip_value(cx, body, &k, false));
            MT_TRY(add_value(cx, &values, (mt_text){body.at + from, k - from}));
            skip_blanks(body, &k);
        }
    }
    *out = values.at;
    *n = values.n;
    return MT_OK;
}
