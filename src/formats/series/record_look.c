/* What the beginning of a file of records shows: names of a header, of a first object, or a first line. */
#include "formats/header.h"
#include "formats/series/json_record.h"
#include "formats/series/observation_row.h"
#include "formats/series/open_meteo.h"
#include "formats/series/record_file.h"
#include "formats/series/record_json.h"

#include <string.h>

enum { HEADER_LINES = 4, NAME_MAX = 128, LINE_MAX_BYTES = 16 << 10 };

static const struct {
    const char *name;
} layouts[MT_LAYOUT_COUNT] = {
#define LAYOUT_ROW(symbol, name, meaning) [symbol] = {name},
    MT_LAYOUT_LIST(LAYOUT_ROW)
#undef LAYOUT_ROW
};

/* The names of a header or of an object, copied so that each ends with 0. */
struct names {
    const char *at[MT_RECORD_FIELDS_MAX];
    char text[MT_RECORD_FIELDS_MAX][NAME_MAX];
    size_t n;
};

static void add_name(struct names *names, mt_text name)
{
    if (names->n == MT_RECORD_FIELDS_MAX) return;
    name = mt_text_trim(name);
    if (name.length >= NAME_MAX) name.length = NAME_MAX - 1;
    memcpy(names->text[names->n], name.at, name.length);
    names->text[names->n][name.length] = '\0';
    names->at[names->n] = names->text[names->n];
    names->n++;
}

/* The dataset of which most fields are there, among those that have all they need. */
static const mt_mapping *find_mapping(const struct names *names)
{
    size_t n, best_score = 0;
    const mt_mapping *all = mt_mappings(&n), *best = NULL;
    for (size_t k = 0; k < n; k++) {
        bool enough;
        size_t score = mt_mapping_score(&all[k], names->at, names->n, &enough);
        if (!enough || score <= best_score) continue;
        best = &all[k];
        best_score = score;
    }
    return best;
}

static bool judge_names(mt_record_look *out, const struct names *names)
{
    if (mt_observed_is(names->at, names->n)) out->layout = MT_LAYOUT_OBSERVATIONS;
    if (!out->json && mt_open_meteo_is(names->at, names->n)) out->layout = MT_LAYOUT_OPEN_METEO;
    out->as = layouts[out->layout].name;
    if (out->as != NULL) return true;
    out->mapping = find_mapping(names);
    if (out->mapping != NULL) out->as = out->mapping->name;
    return out->mapping != NULL;
}

/* An answer without records still says which dataset it is of. */
static void look_at_empty(mt_record_look *out, mt_text window)
{
    static const char key[] = "\"dataset\":";
    char name[NAME_MAX];
    const char *end = window.at + window.length, *at = memmem(window.at, window.length, key, sizeof key - 1);
    if (at == NULL) return;
    for (at += sizeof key - 1; at < end && (*at == ' ' || *at == '"'); at++) {
    }
    const char *quote = memchr(at, '"', (size_t)(end - at));
    if (quote == NULL || quote - at >= NAME_MAX) return;
    memcpy(name, at, (size_t)(quote - at));
    name[quote - at] = '\0';
    out->mapping = mt_mapping_find(name);
    if (out->mapping != NULL) out->as = out->mapping->name;
}

static void look_at_json(mt_record_look *out, struct names *names, mt_json_record *record, mt_text window,
                         bool last)
{
    mt_record_json json;
    mt_json_piece piece;
    mt_record_json_init(&json, NULL);
    json.at = window.at;
    json.n = window.length;
    json.last = last;
    out->json = true;
    mt_take took = mt_record_json_take(&json, &piece);
    if (took == MT_TAKE_END && !json.cut) look_at_empty(out, window);
    if (took != MT_TAKE_RECORD || piece.fault != NULL) return;
    if (!mt_json_record_read(record, piece.text)) return;
    for (size_t k = 0; k < record->n; k++) add_name(names, record->field[k].name);
    (void)judge_names(out, names);
}

static bool look_at_header(mt_record_look *out, struct names *names, mt_text line)
{
    for (const char *d = ",;\t|"; *d != '\0'; d++) {
        mt_text field[MT_RECORD_FIELDS];
        mt_records records = {.at = line.at, .n = line.length, .last = true, .delimiter = *d, .line = 1};
        mt_record record;
        if (mt_records_take(&records, field, MT_RECORD_FIELDS, &record) != MT_TAKE_RECORD || record.n < 2)
            continue;
        names->n = 0;
        for (size_t k = 0; k < record.n && k < MT_RECORD_FIELDS; k++) add_name(names, field[k]);
        if (judge_names(out, names)) return true;
    }
    return false;
}

/* A first line that gives observations and no fault. */
static mt_code look_at_line(mt_ctx *cx, mt_record_look *out, mt_text line)
{
    mt_lines *lines;
    mt_line_batch batch = {.n = 0};
    mt_mark mark = mt_arena_mark(&cx->arena);
    MT_TRY(mt_lines_open(cx, &lines, ""));
    mt_lines_text(lines, line, MT_LINE_NS, 0);
    mt_code code = mt_lines_next(cx, lines, &batch);
    /* The precision is not known here, so a time that is too late for it is no reason against. */
    bool is = code == MT_OK && batch.n > 0 && batch.n_fault == 0;
    mt_lines_close(lines);
    mt_arena_reset(&cx->arena, mark);
    if (is) *out = (mt_record_look){.as = layouts[MT_LAYOUT_LINES].name, .layout = MT_LAYOUT_LINES};
    return code;
}

static mt_text next_line(const char **at, const char *end)
{
    const char *newline = memchr(*at, '\n', (size_t)(end - *at)), *begin = *at;
    mt_text line = {begin, (size_t)((newline != NULL ? newline : end) - begin)};
    *at = newline != NULL ? newline + 1 : end;
    if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
    return line;
}

/* A comment or a blank line says nothing about what follows. */
static bool says_nothing(mt_text line)
{
    mt_text trimmed = mt_text_trim(line);
    return trimmed.length == 0 || trimmed.at[0] == '#';
}

static mt_code look_at_text(mt_ctx *cx, mt_record_look *out, struct names *names, mt_text window)
{
    const char *at = window.at, *end = window.at + window.length;
    mt_text first = {NULL, 0};
    for (int k = 0; k < HEADER_LINES && at < end;) {
        mt_text line = next_line(&at, end);
        if (says_nothing(line)) continue;
        if (first.at == NULL) first = line;
        k++;
        if (look_at_header(out, names, line)) return MT_OK;
    }
    bool plain = first.at != NULL && first.length <= LINE_MAX_BYTES;
    return plain ? look_at_line(cx, out, first) : MT_OK;
}

mt_code mt_record_look_at(mt_ctx *cx, mt_record_look *out, mt_text window, bool last)
{
    struct names *names;
    mt_json_record *record;
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_record_look look = {.as = NULL};
    size_t k = window.length >= 3 && memcmp(window.at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    mt_text rest = {window.at + k, window.length - k};
    MT_TRY(MT_NEW(cx, &names, 1));
    MT_TRY(MT_NEW(cx, &record, 1));
    while (k < window.length && strchr(" \t\r\n", window.at[k]) != NULL && window.at[k] != '\0') k++;
    mt_code code = MT_OK;
    if (k < window.length && (window.at[k] == '{' || window.at[k] == '['))
        look_at_json(&look, names, record, window, last);
    else
        code = look_at_text(cx, &look, names, rest);
    mt_arena_reset(&cx->arena, mark);
    if (code == MT_OK) *out = look;
    return code;
}

mt_record_look mt_record_look_of(const char *name)
{
    const mt_mapping *mapping = mt_mapping_find(name);
    if (mapping != NULL) return (mt_record_look){.as = mapping->name, .mapping = mapping};
    for (int k = MT_LAYOUT_MAPPED + 1; k < MT_LAYOUT_COUNT; k++)
        if (strcmp(layouts[k].name, name) == 0)
            return (mt_record_look){.as = layouts[k].name, .layout = (mt_layout)k};
    return (mt_record_look){.as = NULL};
}
