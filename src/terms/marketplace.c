/* Marketplaces: the built-in table and the reader of a user's own. */
#include "terms/marketplace.h"

#include <string.h>

static const mt_marketplace known[] = {
    {"germany", "EUR", "Europe/Berlin", 6, 22},
    {"uk", "GBP", "Europe/London", 7, 23},
    {"nordpool", "EUR", "Europe/Oslo", 0, 24},
};

enum { KNOWN = sizeof known / sizeof *known, WORDS_MAX = 6 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The words of a line before '#'; one more than WORDS_MAX is not counted. */
static size_t split_words(mt_text line, mt_text word[WORDS_MAX])
{
    size_t n = 0, i = 0;
    while (i < line.length && n < WORDS_MAX) {
        while (i < line.length && is_blank(line.at[i])) i++;
        if (i == line.length || line.at[i] == '#') break;
        size_t start = i;
        while (i < line.length && !is_blank(line.at[i]) && line.at[i] != '#') i++;
        word[n++] = (mt_text){line.at + start, i - start};
    }
    return n;
}

static bool read_hour(mt_text text, int *out)
{
    int64_t hour;
    if (!mt_int_parse(text.at, text.length, &hour) || hour < 0 || hour > 24) return false;
    *out = (int)hour;
    return true;
}

/* "6-22" or "6" "22". */
static bool read_hours(const mt_text *word, size_t n, mt_marketplace *out)
{
    mt_text from = word[0], to = n == 2 ? word[1] : word[0];
    if (n == 1) {
        const char *dash = memchr(from.at, '-', from.length);
        if (!dash) return false;
        to = (mt_text){dash + 1, from.length - (size_t)(dash - from.at) - 1};
        from.length = (size_t)(dash - from.at);
    }
    return read_hour(from, &out->from_hour) && read_hour(to, &out->to_hour) &&
           out->from_hour != out->to_hour && out->from_hour < 24;
}

static bool is_currency(mt_text text)
{
    for (size_t k = 0; k < text.length; k++)
        if (text.at[k] < 'A' || text.at[k] > 'Z') return false;
    return text.length == 3;
}

static mt_code read_row(mt_ctx *cx, mt_marketplace *out, mt_text line, const char *name, size_t number)
{
    mt_text word[WORDS_MAX];
    size_t n = split_words(line, word);
    if (n != 4 && n != 5)
        return mt_fail(cx, MT_E_INPUT,
                       "%s, line %zu: %zu words; \"NAME CURRENCY ZONE FROM-TO\" is wanted, as in \"germany "
                       "EUR Europe/Berlin 6-22\"",
                       name, number, n);
    if (!is_currency(word[1]))
        return mt_fail(cx, MT_E_INPUT,
                       "%s, line %zu: \"%.*s\" is no currency; three capital letters are wanted", name,
                       number, (int)(word[1].length > 20 ? 20 : word[1].length), word[1].at);
    if (!read_hours(word + 3, n - 3, out))
        return mt_fail(cx, MT_E_INPUT,
                       "%s, line %zu: \"%.*s\" are no hours of trading; whole hours like 6-22 or 0-24 are "
                       "wanted",
                       name, number, (int)(word[3].length > 20 ? 20 : word[3].length), word[3].at);
    MT_TRY(mt_text_copy(cx, &out->name, word[0]));
    MT_TRY(mt_text_copy(cx, &out->currency, word[1]));
    return mt_text_copy(cx, &out->zone, word[2]);
}

/* Cuts the next line off `text`. */
static mt_text next_line(mt_text *text)
{
    const char *end = memchr(text->at, '\n', text->length);
    size_t length = end ? (size_t)(end - text->at) : text->length;
    mt_text line = {text->at, length};
    text->at += length + (end != NULL);
    text->length -= length + (end != NULL);
    return line;
}

mt_marketplaces mt_marketplaces_known(void)
{
    return (mt_marketplaces){known, KNOWN};
}

mt_code mt_marketplaces_read(mt_ctx *cx, mt_marketplaces *out, const char *name, mt_text text)
{
    mt_marketplace *row;
    mt_text word[WORDS_MAX];
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &row, MT_MARKETPLACES_MAX + KNOWN));
    for (size_t number = 1; text.length; number++) {
        mt_text line = next_line(&text);
        if (split_words(line, word) == 0) continue;
        if (n == MT_MARKETPLACES_MAX)
            return mt_fail(cx, MT_E_TOO_LARGE, "%s, line %zu: more than %d marketplaces", name, number,
                           MT_MARKETPLACES_MAX);
        MT_TRY(read_row(cx, &row[n++], line, name, number));
    }
    memcpy(row + n, known, sizeof known);
    *out = (mt_marketplaces){row, n + KNOWN};
    return MT_OK;
}

mt_code mt_marketplace_get(mt_ctx *cx, const mt_marketplace **out, mt_marketplaces from, const char *name)
{
    const char **all;
    for (size_t k = 0; k < from.n; k++) {
        if (!mt_text_equal_nocase(mt_text_of(name), from.at[k].name)) continue;
        *out = &from.at[k];
        return MT_OK;
    }
    MT_TRY(MT_NEW(cx, &all, from.n));
    for (size_t k = 0; k < from.n; k++) all[k] = from.at[k].name;
    int near = mt_text_nearest(name, all, from.n);
    if (near < 0)
        return mt_fail(cx, MT_E_ABSENT,
                       "no marketplace is called \"%.40s\"; germany, uk, nordpool and those of the file are",
                       name);
    return mt_fail(cx, MT_E_ABSENT, "no marketplace is called \"%.40s\"; did you mean %s?", name, all[near]);
}

bool mt_marketplace_open(const mt_marketplace *place, int hour)
{
    if (place->from_hour < place->to_hour) return hour >= place->from_hour && hour < place->to_hour;
    return hour >= place->from_hour || hour < place->to_hour;
}
