/* Escapes undone, byte by byte. */
#include "server/api/query.h"

#include "io/utf8.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The byte at text.at[*k], which is moved behind it; -1: a broken escape or a zero byte. */
static int take_byte(mt_text text, size_t *k, bool plus)
{
    char c = text.at[(*k)++];
    if (c == '+' && plus) return ' ';
    if (c != '%') return c ? (unsigned char)c : -1;
    int high = *k < text.length ? hex_digit(text.at[*k]) : -1;
    int low = *k + 1 < text.length ? hex_digit(text.at[*k + 1]) : -1;
    *k += 2;
    return high < 0 || low < 0 || (!high && !low) ? -1 : high * 16 + low;
}

static bool is_utf8(const char *at, size_t n)
{
    int well = 1;
    size_t took;
    for (size_t k = 0; k < n && well; k += took) mt_utf8_next(at + k, n - k, &took, &well);
    return well;
}

static mt_code undo(mt_ctx *cx, char **out, mt_text text, bool plus)
{
    char *to;
    size_t n = 0;
    MT_TRY(mt_ctx_alloc(cx, &to, text.length + 1, 1));
    for (size_t k = 0; k < text.length;) {
        int byte = take_byte(text, &k, plus);
        if (byte < 0)
            return mt_fail(cx, MT_E_INPUT,
                           "a %% in the address is not followed by two digits 0-9, A-F that "
                           "give a character");
        to[n++] = (char)byte;
    }
    if (!is_utf8(to, n)) return mt_fail(cx, MT_E_INPUT, "the address holds bytes that are no UTF-8");
    *out = to;
    return MT_OK;
}

static mt_code take_pair(mt_ctx *cx, mt_given *out, mt_text pair)
{
    const char *mark = memchr(pair.at, '=', pair.length);
    mt_text name = {pair.at, mark ? (size_t)(mark - pair.at) : pair.length};
    char *text, *value = NULL;
    MT_TRY(undo(cx, &text, name, true));
    if (mark) MT_TRY(undo(cx, &value, (mt_text){mark + 1, pair.length - name.length - 1}, true));
    for (char *c = text; *c; c++) *c = *c == '-' ? '_' : *c;
    *out = (mt_given){text, value ? value : "yes"};
    return MT_OK;
}

mt_code mt_query_parse(mt_ctx *cx, mt_given **out, size_t *n, const char *query)
{
    MT_TRY(MT_NEW(cx, out, MT_QUERY_MAX));
    *n = 0;
    while (*query) {
        size_t length = strcspn(query, "&");
        if (*n == MT_QUERY_MAX)
            return mt_fail(cx, MT_E_INPUT, "an address has at most %d arguments", MT_QUERY_MAX);
        if (length) MT_TRY(take_pair(cx, &(*out)[(*n)++], (mt_text){query, length}));
        query += length + (query[length] == '&');
    }
    return MT_OK;
}

mt_code mt_query_path_part(mt_ctx *cx, const char **out, mt_text part)
{
    char *text;
    MT_TRY(undo(cx, &text, part, false));
    if (strchr(text, '/')) return mt_fail(cx, MT_E_INPUT, "a slash is hidden in a part of the path");
    *out = text;
    return MT_OK;
}

const char *mt_query_value(const mt_given *given, size_t n, const char *name)
{
    for (size_t k = 0; k < n; k++) {
        if (strcmp(given[k].name, name) == 0) return given[k].value;
    }
    return NULL;
}
