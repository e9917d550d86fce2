/* The records of a JSON answer, one text after the other, and the members that stand beside them. */
#include "sources/listing.h"

#include <string.h>

enum { WORDS_SHOWN = 60 };

typedef struct reader {
    const char *at, *end;
} reader;

static void skip_blanks(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')) r->at++;
}

static bool take(reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

/* Behind the closing quote of the string that starts here. */
static bool skip_string(reader *r)
{
    if (!take(r, '"')) return false;
    while (r->at < r->end && *r->at != '"') {
        if ((unsigned char)*r->at < ' ') return false;
        r->at += *r->at == '\\' ? 2 : 1;
    }
    if (r->at >= r->end) return false;
    r->at++;
    return true;
}

/* A number, true, false or null: as far as its letters go. */
static bool skip_word(reader *r)
{
    const char *start = r->at;
    while (r->at < r->end &&
           (*r->at == '+' || *r->at == '-' || *r->at == '.' || (*r->at >= '0' && *r->at <= '9') ||
            (*r->at >= 'a' && *r->at <= 'z') || (*r->at >= 'A' && *r->at <= 'Z')))
        r->at++;
    return r->at > start;
}

static bool is_bracket(char c)
{
    return c == '{' || c == '[' || c == '}' || c == ']';
}

/* Brackets have to close in their order: `closer` holds those that are still to come. */
static bool take_bracket(reader *r, char closer[MT_LISTING_DEPTH_MAX], int *depth)
{
    char c = *r->at;
    if (c == '{' || c == '[') {
        if (*depth == MT_LISTING_DEPTH_MAX) return false;
        closer[(*depth)++] = c == '{' ? '}' : ']';
    } else {
        if (!*depth || closer[*depth - 1] != c) return false;
        --*depth;
    }
    r->at++;
    return true;
}

/* Behind the value that starts here. */
static bool skip_value(reader *r)
{
    char closer[MT_LISTING_DEPTH_MAX];
    int depth = 0;
    do {
        skip_blanks(r);
        if (r->at == r->end) return false;
        char c = *r->at;
        if (is_bracket(c)) {
            if (!take_bracket(r, closer, &depth)) return false;
        } else if (c == '"') {
            if (!skip_string(r)) return false;
        } else if (depth && (c == ',' || c == ':')) {
            r->at++;
        } else if (!skip_word(r)) {
            return false;
        }
    } while (depth);
    return true;
}

static bool read_member(reader *r, mt_listing *out)
{
    skip_blanks(r);
    const char *name = r->at;
    if (!skip_string(r)) return false;
    mt_text named = {name + 1, (size_t)(r->at - name) - 2};
    if (!take(r, ':')) return false;
    skip_blanks(r);
    const char *value = r->at;
    if (!skip_value(r)) return false;
    if (out->n_member == MT_LISTING_MEMBERS_MAX) return false;
    out->member[out->n_member].name = named;
    out->member[out->n_member].value = (mt_text){value, (size_t)(r->at - value)};
    out->n_member++;
    return true;
}

static bool read_object(reader *r, mt_listing *out)
{
    if (!take(r, '{')) return false;
    if (take(r, '}')) return true;
    do {
        if (!read_member(r, out)) return false;
    } while (take(r, ','));
    return take(r, '}');
}

/* Elements and commas in turn up to the bracket that ends the text. */
static bool is_array(mt_text value)
{
    reader r = {value.at, value.at + value.length};
    if (!take(&r, '[')) return false;
    if (take(&r, ']')) return true;
    do {
        if (!skip_value(&r)) return false;
    } while (take(&r, ','));
    return take(&r, ']');
}

static const mt_text *find_member(const mt_listing *listing, const char *name)
{
    for (size_t k = 0; k < listing->n_member; k++) {
        if (mt_text_equal(listing->member[k].name, name)) return &listing->member[k].value;
    }
    return NULL;
}

static bool read_document(mt_listing *out, mt_text document, const char *array)
{
    reader r = {document.at, document.at + document.length};
    mt_text value = document;
    if (array) {
        if (!read_object(&r, out)) return false;
        const mt_text *found = find_member(out, array);
        if (!found) return false;
        value = *found;
    } else {
        skip_blanks(&r);
        const char *start = r.at;
        if (!skip_value(&r)) return false;
        value = (mt_text){start, (size_t)(r.at - start)};
    }
    skip_blanks(&r);
    if (r.at != r.end || !is_array(value)) return false;
    out->rest = (mt_text){value.at + 1, value.length - 2};
    return true;
}

/* The first words, as they fit into a sentence. */
static void show(mt_text document, char *to)
{
    size_t n = 0;
    for (size_t k = 0; k < document.length && n < WORDS_SHOWN; k++) {
        unsigned char c = (unsigned char)document.at[k];
        if (c <= ' ' && (n == 0 || to[n - 1] == ' ')) continue;
        to[n++] = c <= ' ' ? ' ' : c < 127 ? (char)c : '?';
    }
    to[n] = 0;
}

mt_code mt_listing_open(mt_ctx *cx, mt_listing *out, const char *who, mt_text document, const char *array)
{
    mt_listing listing;
    char words[WORDS_SHOWN + 1];
    memset(&listing, 0, sizeof listing);
    if (document.at && read_document(&listing, document, array)) {
        *out = listing;
        return MT_OK;
    }
    show(document, words);
    return mt_fail(cx, MT_E_REMOTE,
                   "%s: the answer is no whole JSON document with an array%s%s; it starts with %s%s", who,
                   array ? " " : "", array ? array : "", *words ? words : "nothing",
                   document.length > WORDS_SHOWN ? " …" : "");
}

bool mt_listing_next(mt_listing *listing, mt_text *record)
{
    reader r = {listing->rest.at, listing->rest.at + listing->rest.length};
    skip_blanks(&r);
    const char *start = r.at;
    if (r.at == r.end || !skip_value(&r)) return false;
    *record = (mt_text){start, (size_t)(r.at - start)};
    take(&r, ',');
    listing->rest = (mt_text){r.at, (size_t)(r.end - r.at)};
    return true;
}

bool mt_listing_int(const mt_listing *listing, const char *name, int64_t *out)
{
    const mt_text *value = find_member(listing, name);
    return value && mt_int_parse(value->at, value->length, out);
}

bool mt_listing_text(const mt_listing *listing, const char *name, mt_text *out)
{
    const mt_text *value = find_member(listing, name);
    if (!value || value->length < 2 || value->at[0] != '"' || memchr(value->at, '\\', value->length))
        return false;
    *out = (mt_text){value->at + 1, value->length - 2};
    return true;
}
