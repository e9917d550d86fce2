/* Documents of columns, in one pass over the windows of a file. */
#include "formats/vpp/json/column_document.h"

#include "formats/vpp/columns.h"
#include "io/json.h"
#include "io/utf8.h"

#include <string.h>

enum { NUMBER_ROOM = 64, WORD_ROOM = 8, LIST_MAX = MT_COLUMNS_MAX };

#define EIGHT_BLANKS 0x2020202020202020u

/* The place in a file. */
struct cursor {
    mt_ctx *cx;
    mt_bytes *bytes;
    const char *window, *at, *end;
    uint64_t passed; /* bytes before the window */
    bool last;
};

static mt_code fail_here(const struct cursor *c, const char *what)
{
    return mt_fail(c->cx, MT_E_INPUT, "%s byte %llu: %s", mt_bytes_name(c->bytes),
                   (unsigned long long)(c->passed + (uint64_t)(c->at - c->window) + 1), what);
}

static mt_code refill(struct cursor *c)
{
    size_t n, consumed = (size_t)(c->at - c->window);
    MT_TRY(mt_bytes_next(c->cx, c->bytes, consumed, &c->window, &n, &c->last));
    c->passed += consumed;
    c->at = c->window;
    c->end = c->window + n;
    return MT_OK;
}

/* At least n bytes in the window, or all there are. */
static mt_code need(struct cursor *c, ptrdiff_t n)
{
    while (c->end - c->at < n && !c->last) MT_TRY(refill(c));
    return MT_OK;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool is_eight_blanks(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word == EIGHT_BLANKS;
}

static mt_code pass_blanks(struct cursor *c)
{
    for (;;) {
        const char *at = c->at, *end = c->end;
        while (at < end && is_blank(*at)) {
            at++;
            while (end - at >= 8 && is_eight_blanks(at)) at += 8;
        }
        c->at = at;
        if (at < end || c->last) return MT_OK;
        MT_TRY(refill(c));
    }
}

/* Whether the next character that is no blank is that one; then it is passed. */
static mt_code take(struct cursor *c, char wanted, bool *taken)
{
    MT_TRY(pass_blanks(c));
    *taken = c->at < c->end && *c->at == wanted;
    c->at += *taken;
    return MT_OK;
}

static mt_code expect(struct cursor *c, char wanted, const char *what)
{
    bool taken;
    MT_TRY(take(c, wanted, &taken));
    return taken ? MT_OK : fail_here(c, what);
}

/* Behind an element: true at the end of its array or object. */
static mt_code pass_comma(struct cursor *c, char closer, bool *end)
{
    bool comma;
    MT_TRY(take(c, ',', &comma));
    *end = !comma;
    return comma ? MT_OK : expect(c, closer, "expected a comma or the end of an array or object");
}

/* The length of a text with its quotes, 0 where it does not end in the window. */
static size_t text_length(const struct cursor *c)
{
    for (const char *at = c->at + 1; at < c->end; at++) {
        if (*at == '"') return (size_t)(at + 1 - c->at);
        if (*at == '\\') at++;
    }
    return 0;
}

static mt_code read_text(struct cursor *c, const char **out)
{
    const mt_json *tree;
    MT_TRY(pass_blanks(c));
    MT_TRY(need(c, MT_COLUMN_NAME_MAX + 2));
    if (c->at == c->end || *c->at != '"') return fail_here(c, "expected a text in quotes");
    size_t n = text_length(c);
    if (n == 0 || n > MT_COLUMN_NAME_MAX + 2) return fail_here(c, "a text has no end within 255 bytes");
    MT_TRY(mt_json_read(c->cx, &tree, mt_bytes_name(c->bytes), c->at, n));
    if (memchr(tree->text.at, 0, tree->text.length) != NULL)
        return fail_here(c, "a text has a zero character");
    *out = tree->text.at;
    c->at += n;
    return MT_OK;
}

static mt_code skip_text(struct cursor *c)
{
    for (c->at++;; c->at++) {
        MT_TRY(need(c, 2));
        if (c->at == c->end) return fail_here(c, "a text has no end");
        if (*c->at == '"') break;
        if (*c->at == '\\') c->at++;
        if (c->at >= c->end) return fail_here(c, "a text has no end");
    }
    c->at++;
    return MT_OK;
}

/* Passes a value that nobody asks for, in bounded memory. */
static mt_code skip_value(struct cursor *c)
{
    int64_t depth = 0;
    MT_TRY(pass_blanks(c));
    do {
        MT_TRY(need(c, 1));
        if (c->at == c->end) return fail_here(c, "the document ends inside a value");
        char at = *c->at;
        bool opens = at == '[' || at == '{', closes = at == ']' || at == '}', parts = at == ',' || at == ':';
        if (depth == 0 && (closes || parts)) return MT_OK;
        depth += opens - closes;
        if (at == '"') {
            MT_TRY(skip_text(c));
        } else {
            c->at++;
        }
    } while (depth > 0 || (c->at < c->end && *c->at != ',' && *c->at != '}' && *c->at != ']') ||
             (c->at == c->end && !c->last));
    return MT_OK;
}

/* A text; anything else is passed over. */
static mt_code read_any_text(struct cursor *c, const char **out)
{
    MT_TRY(pass_blanks(c));
    bool text = c->at < c->end && *c->at == '"';
    return text ? read_text(c, out) : skip_value(c);
}

static mt_code read_key(struct cursor *c, mt_column_document *out)
{
    const char *name, *entity = NULL;
    bool end;
    MT_TRY(expect(c, '{', "expected the key as an object"));
    MT_TRY(take(c, '}', &end));
    while (!end) {
        const char **to = NULL;
        MT_TRY(read_text(c, &name));
        MT_TRY(expect(c, ':', "expected a colon"));
        if (strcmp(name, MT_VPP_KEY_ASSET_ID) == 0) to = &out->asset_id;
        if (strcmp(name, MT_VPP_KEY_ENTITY_ID) == 0) to = &entity;
        if (strcmp(name, MT_VPP_KEY_TYPE_ID) == 0) to = &out->type_id;
        MT_TRY(to != NULL ? read_any_text(c, to) : skip_value(c));
        MT_TRY(pass_comma(c, '}', &end));
    }
    if (out->asset_id == NULL) out->asset_id = entity;
    return MT_OK;
}

static mt_code read_list(struct cursor *c, const char **list, size_t *n)
{
    bool end;
    MT_TRY(expect(c, '[', "expected a list of texts"));
    MT_TRY(take(c, ']', &end));
    for (*n = 0; !end; ++*n) {
        if (*n == LIST_MAX) return fail_here(c, "more than 16 columns");
        MT_TRY(read_text(c, &list[*n]));
        MT_TRY(pass_comma(c, ']', &end));
    }
    return MT_OK;
}

/* null and NaN. */
static mt_code read_missing(struct cursor *c)
{
    static const char *const word[] = {"null", "NaN"};
    for (size_t k = 0; k < 2; k++) {
        size_t n = strlen(word[k]);
        if ((size_t)(c->end - c->at) < n || memcmp(c->at, word[k], n) != 0) continue;
        c->at += n;
        return MT_OK;
    }
    return fail_here(c, "a value is no number that fits");
}

static mt_code read_value(struct cursor *c, int places, int64_t *out)
{
    for (;;) {
        const char *behind = mt_vpp_number(c->at, c->end, '.', places, out);
        if (behind == NULL) break;
        if (behind < c->end || c->last) {
            c->at = behind;
            return MT_OK;
        }
        MT_TRY(refill(c));
    }
    *out = MT_MICRO_NONE;
    return read_missing(c);
}

static mt_code read_column(struct cursor *c, mt_number_column *column, int places)
{
    bool end;
    MT_TRY(expect(c, '[', "expected a column as a list of numbers"));
    MT_TRY(take(c, ']', &end));
    while (!end) {
        MT_TRY(pass_blanks(c));
        MT_TRY(need(c, NUMBER_ROOM));
        if (column->n == MT_COLUMN_VALUES_MAX)
            return mt_fail(c->cx, MT_E_TOO_LARGE, "%s has more than %d values in a column",
                           mt_bytes_name(c->bytes), MT_COLUMN_VALUES_MAX);
        MT_TRY(mt_ctx_grow(c->cx, &column->value, column->n, &column->room, sizeof *column->value));
        MT_TRY(read_value(c, places, &column->value[column->n++]));
        MT_TRY(pass_comma(c, ']', &end));
    }
    return MT_OK;
}

/* Decimals that are kept of a column of power, so that it comes out in millionths of kW. */
static int places_of(const char *unit, bool *in_kw)
{
    const mt_vpp_scale *scale = unit != NULL ? mt_vpp_scale_find(mt_text_of(unit), mt_vpp_power_kw) : NULL;
    *in_kw = scale != NULL;
    if (scale == NULL) return MT_VPP_PLACES;
    if (scale->over == 1000) return MT_VPP_PLACES - 3;
    *in_kw = scale->times <= 1000;
    return scale->times == 1000 ? MT_VPP_PLACES + 3 : MT_VPP_PLACES;
}

/* What stands beside the columns. */
struct names {
    const char *id[LIST_MAX], *unit[LIST_MAX];
    size_t n_id, n_unit;
    bool seen[4];
};

static mt_code read_values(struct cursor *c, const struct names *names, mt_column_document *out)
{
    bool end;
    MT_TRY(expect(c, '[', "expected values as a list of columns"));
    MT_TRY(take(c, ']', &end));
    while (!end) {
        if (out->n_column == MT_COLUMNS_MAX) return fail_here(c, "more than 16 columns");
        size_t k = out->n_column++;
        mt_number_column *column = &out->column[k];
        int places = places_of(k < names->n_unit ? names->unit[k] : NULL, &column->in_kw);
        MT_TRY(read_column(c, column, places));
        MT_TRY(pass_comma(c, ']', &end));
    }
    return MT_OK;
}

static mt_code read_member(struct cursor *c, struct names *names, mt_column_document *out)
{
    static const char *const member[4] = {MT_VPP_KEY_KEY, MT_VPP_KEY_COLUMN_IDS, MT_VPP_KEY_UNITS,
                                          MT_VPP_KEY_VALUES};
    const char *name;
    size_t k = 0;
    MT_TRY(read_text(c, &name));
    MT_TRY(expect(c, ':', "expected a colon"));
    while (k < 4 && strcmp(name, member[k]) != 0) k++;
    if (k == 4) return skip_value(c);
    if (names->seen[k]) return fail_here(c, "a member stands twice");
    names->seen[k] = true;
    if (k == 0) return read_key(c, out);
    if (k == 1) return read_list(c, names->id, &names->n_id);
    if (k == 2) return read_list(c, names->unit, &names->n_unit);
    return read_values(c, names, out);
}

static mt_code join_names(const struct cursor *c, const struct names *names, mt_column_document *out)
{
    const char *file = mt_bytes_name(c->bytes);
    if (!names->seen[1] || !names->seen[3])
        return mt_fail(c->cx, MT_E_INPUT, "%s has no %s; expected key, column_ids, units, values", file,
                       names->seen[1] ? MT_VPP_KEY_VALUES : MT_VPP_KEY_COLUMN_IDS);
    if (names->n_id != out->n_column)
        return mt_fail(c->cx, MT_E_SHAPE, "%s names %zu columns and has %zu", file, names->n_id,
                       out->n_column);
    for (size_t k = 0; k < out->n_column; k++) {
        out->column[k].id = names->id[k];
        out->column[k].unit = k < names->n_unit ? names->unit[k] : NULL;
        if (out->column[k].n != out->column[0].n)
            return mt_fail(c->cx, MT_E_SHAPE,
                           "%s: column \"%s\" has %zu values, \"%s\" %zu; expected as many", file,
                           names->id[k], out->column[k].n, names->id[0], out->column[0].n);
    }
    out->n = out->n_column > 0 ? out->column[0].n : 0;
    return MT_OK;
}

mt_code mt_column_document_read(mt_ctx *cx, mt_column_document *out, mt_bytes *bytes)
{
    struct cursor c = {.cx = cx, .bytes = bytes};
    struct names names = {.n_id = 0};
    bool end;
    *out = (mt_column_document){.n = 0};
    MT_TRY(refill(&c));
    if (c.end - c.at >= 3 && memcmp(c.at, "\xEF\xBB\xBF", 3) == 0) c.at += 3;
    MT_TRY(expect(&c, '{', "expected a JSON object"));
    MT_TRY(take(&c, '}', &end));
    while (!end) {
        MT_TRY(read_member(&c, &names, out));
        MT_TRY(pass_comma(&c, '}', &end));
    }
    MT_TRY(pass_blanks(&c));
    if (c.at < c.end) return fail_here(&c, "something stands behind the document");
    return join_names(&c, &names, out);
}

mt_number_column *mt_column_find(mt_column_document *document, const char *id, const char *other)
{
    for (size_t k = 0; k < document->n_column; k++) {
        const char *name = document->column[k].id;
        if (strcmp(name, id) == 0 || (other != NULL && strcmp(name, other) == 0)) return &document->column[k];
    }
    return NULL;
}

mt_code mt_column_to_kw(mt_ctx *cx, mt_number_column *column, const char *file)
{
    if (column->in_kw || column->unit == NULL) return MT_OK;
    const mt_vpp_scale *scale = mt_vpp_scale_find(mt_text_of(column->unit), mt_vpp_power_kw);
    if (scale == NULL)
        return mt_fail(cx, MT_E_UNIT, "%s: column \"%s\" is in \"%s\"; expected kW, MW or W", file,
                       column->id, column->unit);
    for (size_t k = 0; k < column->n; k++) {
        mt_micro *value = &column->value[k];
        if (*value != MT_MICRO_NONE && !mt_vpp_scale_apply(scale, value)) *value = MT_MICRO_NONE;
    }
    column->in_kw = true;
    return MT_OK;
}
