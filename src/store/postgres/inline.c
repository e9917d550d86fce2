/* A statement's parameters written into its text as literals, for commands of the server that take none. */
#include "store/postgres/inline.h"

#include <ctype.h>
#include <string.h>

/* Text that grows in a context. */
struct buffer {
    mt_ctx *cx;
    char *at;
    size_t used, room;
};

static mt_code put(struct buffer *b, const char *from, size_t n)
{
    if (b->used + n + 1 > b->room) {
        size_t room = 2 * (b->used + n) + 256;
        char *grown;
        MT_TRY(mt_ctx_alloc(b->cx, &grown, room, 1));
        if (b->used) memcpy(grown, b->at, b->used);
        b->at = grown;
        b->room = room;
    }
    memcpy(b->at + b->used, from, n);
    b->used += n;
    b->at[b->used] = 0;
    return MT_OK;
}

static mt_code put_word(struct buffer *b, const char *word)
{
    return put(b, word, strlen(word));
}

static mt_code put_literal(struct buffer *b, const mt_pg_literal *literal)
{
    MT_TRY(put_word(b, "CAST("));
    if (!literal->value) {
        MT_TRY(put_word(b, "NULL"));
    } else {
        MT_TRY(put_word(b, strchr(literal->value, '\\') ? " E'" : "'"));
        for (const char *c = literal->value; *c; c++) {
            if (*c == '\'' || *c == '\\') MT_TRY(put(b, c, 1));
            MT_TRY(put(b, c, 1));
        }
        MT_TRY(put_word(b, "'"));
    }
    MT_TRY(put_word(b, " AS "));
    MT_TRY(put_word(b, literal->type));
    return put_word(b, ")");
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

/* Behind a quoted text or name; NULL when it does not end. A doubled quote only begins the next one. */
static const char *past_quote(const char *c)
{
    const char *end = strchr(c + 1, *c);
    return end ? end + 1 : NULL;
}

static const char *past_comment(const char *c)
{
    if (c[0] == '-') return c + strcspn(c, "\n");
    int depth = 0;
    for (; *c; c++) {
        if (c[0] == '/' && c[1] == '*') {
            depth++;
            c++;
        } else if (c[0] == '*' && c[1] == '/') {
            c++;
            if (--depth == 0) return c + 1;
        }
    }
    return NULL;
}

static const char *past_word(const char *c)
{
    while (is_word(*c)) c++;
    return *c == '\'' ? NULL : c; /* E'', U&'' and their like */
}

/* Behind the piece that begins at c, which is no parameter; NULL: it is not understood. */
static const char *past_piece(const char *c)
{
    if (*c == '\'' || *c == '"') return past_quote(c);
    if ((c[0] == '-' && c[1] == '-') || (c[0] == '/' && c[1] == '*')) return past_comment(c);
    if (*c == '$' || (*c == '&' && (c[1] == '\'' || c[1] == '"'))) return NULL;
    return is_word(*c) ? past_word(c) : c + 1;
}

mt_code mt_pg_inline(mt_ctx *cx, const char **out, const char *sql, const mt_pg_literal *literal, size_t n)
{
    struct buffer b = {.cx = cx};
    *out = NULL;
    MT_TRY(put(&b, "", 0));
    for (const char *c = sql; *c;) {
        if (*c == '$' && isdigit((unsigned char)c[1])) {
            size_t k = 0;
            for (c++; isdigit((unsigned char)*c); c++) k = k < 1000 ? 10 * k + (size_t)(*c - '0') : k;
            if (k < 1 || k > n) return MT_OK;
            MT_TRY(put_literal(&b, &literal[k - 1]));
            continue;
        }
        const char *end = past_piece(c);
        if (!end) return MT_OK;
        MT_TRY(put(&b, c, (size_t)(end - c)));
        c = end;
    }
    *out = b.at;
    return MT_OK;
}
