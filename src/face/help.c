/* Help for people at a terminal. */
#include "face/help.h"
#include "face/page.h"

#include <string.h>

enum { PAIR_COLUMN_MOST = 34 };

static int greater(int a, int b)
{
    return a > b ? a : b;
}

/* Where the second column starts, so that most names fit before it. */
static int place_column(int widest)
{
    return widest + 4 > PAIR_COLUMN_MOST ? PAIR_COLUMN_MOST : widest + 4;
}

/* An option as it is typed: name "--price-rule", value "CHOICE"; and what is to be known of it. */
struct option {
    const char *name, *value, *text;
};

/* "rule of the price; mid, low or high [default: mid]" */
static mt_code describe_option(mt_ctx *cx, const char **out, const mt_field *field)
{
    const char *choices, *text = field->doc ? field->doc : "";
    const char *unit = mt_unit_text(field->unit);
    MT_TRY(mt_face_choices(cx, &choices, field));
    if (choices[0]) MT_TRY(mt_text_format(cx, &text, "%s: %s", text, choices));
    if (unit[0]) MT_TRY(mt_text_format(cx, &text, "%s [%s]", text, unit));
    if (field->required) MT_TRY(mt_text_format(cx, &text, "%s [required]", text));
    if (field->fallback) MT_TRY(mt_text_format(cx, &text, "%s [default: %s]", text, field->fallback));
    *out = text;
    return MT_OK;
}

static mt_code make_option(mt_ctx *cx, struct option *out, const mt_field *field)
{
    const char *typed;
    MT_TRY(mt_face_typed(cx, &typed, field->name));
    MT_TRY(mt_text_format(cx, &out->name, "--%s", typed));
    out->value = mt_face_placeholder(field->type);
    return describe_option(cx, &out->text, field);
}

/* A column or a scalar of the head: its type and unit stand where an option has its value. */
static mt_code make_column(mt_ctx *cx, struct option *out, const mt_field *field)
{
    const char *unit = mt_unit_text(field->unit), *choices, *doc = field->doc ? field->doc : "";
    MT_TRY(mt_face_choices(cx, &choices, field));
    out->name = field->name;
    out->value = unit[0] ? unit : mt_type_name(field->type);
    return mt_text_format(cx, &out->text, "%s%s%s", doc, choices[0] ? ": " : "", choices);
}

/* Types and units stand under each other; names are ASCII. */
static mt_code align_names(mt_ctx *cx, struct option *option, size_t n)
{
    int widest = 0;
    for (size_t k = 0; k < n; k++) widest = greater(widest, mt_page_columns(option[k].name));
    for (size_t k = 0; k < n; k++)
        MT_TRY(mt_text_format(cx, &option[k].name, "%-*s", widest + 1, option[k].name));
    return MT_OK;
}

static mt_code put_fields(mt_page *page, const char *heading, const mt_field *field, bool are_columns)
{
    size_t n = mt_field_count(field);
    struct option *option;
    int widest = 0;
    if (!n) return page->code;
    MT_TRY(MT_NEW(page->cx, &option, n));
    for (size_t k = 0; k < n; k++) {
        MT_TRY((are_columns ? make_column : make_option)(page->cx, &option[k], &field[k]));
    }
    if (are_columns) MT_TRY(align_names(page->cx, option, n));
    for (size_t k = 0; k < n; k++) {
        int value = mt_page_columns(option[k].value);
        widest = greater(widest, mt_page_columns(option[k].name) + (value ? value + 1 : 0));
    }
    mt_page_heading(page, heading);
    for (size_t k = 0; k < n; k++) {
        mt_page_pair(page, place_column(widest), option[k].name, option[k].value, option[k].text);
    }
    return page->code;
}

/* What is to be known before an operation is used; nothing of one that reads and that everybody may use. */
static mt_code put_permission(mt_page *page, const mt_op *op)
{
    const char *text = op->effect == MT_WRITE ? "Changes the store or writes files." : "";
    const char *between = text[0] ? " " : "";
    if (op->role != MT_VIEWER) {
        MT_TRY(
            mt_text_format(page->cx, &text, "%s%sNeeds the role %s.", text, between, mt_role_name(op->role)));
    }
    if (text[0]) mt_page_put(page, "\n");
    mt_page_paragraphs(page, 0, text);
    return page->code;
}

static mt_code put_results(mt_page *page, const mt_op *op)
{
    MT_TRY(put_fields(page, "HEAD", op->head, true));
    if (op->col) return put_fields(page, "COLUMNS", op->col, true);
    mt_page_heading(page, "COLUMNS");
    mt_page_put(page, "  those the request asks for\n");
    return page->code;
}

static mt_code put_example(mt_page *page, const mt_entry *entry)
{
    const char *example;
    MT_TRY(mt_face_example(page->cx, &example, entry));
    if (!example) return MT_OK;
    mt_page_heading(page, "EXAMPLE");
    mt_page_format(page, "  %s\n", example);
    return page->code;
}

static mt_code put_entry(mt_page *page, const mt_face *face, const mt_entry *entry)
{
    const char *usage;
    MT_TRY(mt_face_usage(page->cx, &usage, entry, face->common != NULL));
    mt_page_title(page, "merit ", entry->command);
    mt_page_format(page, ": %s\n", entry->summary);
    if (entry->doc) {
        mt_page_put(page, "\n");
        mt_page_paragraphs(page, 0, entry->doc);
    }
    if (entry->op) MT_TRY(put_permission(page, entry->op));
    mt_page_heading(page, "USAGE");
    mt_page_format(page, "  %s\n", usage);
    MT_TRY(put_fields(page, entry->op ? "ARGUMENTS" : "OPTIONS", entry->option, false));
    if (entry->op) MT_TRY(put_results(page, entry->op));
    MT_TRY(put_example(page, entry));
    if (face->common) mt_page_put(page, "\n`merit help` lists the options of every command.\n");
    return page->code;
}

/* A catalog of one command. */
static mt_code put_single(mt_ctx *cx, mt_out *out, const mt_face *face, const mt_face *single,
                          mt_help_style style)
{
    mt_catalog catalog;
    mt_page page = mt_page_open(cx, out, style.width, style.colour);
    MT_TRY(mt_catalog_make(cx, &catalog, single));
    return put_entry(&page, face, &catalog.entry[0]);
}

static void put_hint(mt_page *page, const char *command)
{
    mt_page_format(page, "\n`merit %s --help` shows arguments, columns and an example.\n", command);
}

/* "pipeline run NAME" */
static mt_code name_command(mt_ctx *cx, const char **out, const mt_entry *entry)
{
    *out = entry->command;
    return entry->positional ? mt_text_format(cx, out, "%s %s", entry->command, entry->positional) : MT_OK;
}

static mt_code measure_commands(mt_ctx *cx, const mt_catalog *catalog, int *widest)
{
    const char *name;
    *widest = 0;
    for (size_t k = 0; k < catalog->n; k++) {
        MT_TRY(name_command(cx, &name, &catalog->entry[k]));
        *widest = greater(*widest, mt_page_columns(name));
    }
    return MT_OK;
}

static bool is_of(const mt_entry *entry, const char *noun)
{
    return noun ? entry->word && strcmp(entry->noun, noun) == 0 : !entry->word;
}

/* The commands of a noun; those of one word when `noun` is NULL. */
static mt_code put_commands(mt_page *page, const mt_catalog *catalog, const char *noun, int widest)
{
    const char *name;
    bool first = true;
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        if (!is_of(entry, noun)) continue;
        if (first) mt_page_heading(page, noun ? noun : catalog->n_noun ? "more" : "commands");
        first = false;
        MT_TRY(name_command(page->cx, &name, entry));
        mt_page_pair(page, place_column(widest), name, "", entry->summary);
    }
    return page->code;
}

mt_code mt_help_overview(mt_ctx *cx, mt_out *out, const mt_face *face, mt_help_style style)
{
    mt_catalog catalog;
    int widest;
    mt_page page = mt_page_open(cx, out, style.width, style.colour);
    MT_TRY(mt_catalog_make(cx, &catalog, face));
    MT_TRY(measure_commands(cx, &catalog, &widest));
    mt_page_title(&page, face->version ? "merit " : "merit", face->version ? face->version : "");
    mt_page_format(&page, ": %s\n", MT_FACE_PURPOSE);
    mt_page_heading(&page, "USAGE");
    mt_page_put(&page, "  merit NOUN VERB [--argument VALUE]...\n");
    for (size_t k = 0; k < catalog.n_noun; k++)
        MT_TRY(put_commands(&page, &catalog, catalog.noun[k], widest));
    MT_TRY(put_commands(&page, &catalog, NULL, widest));
    MT_TRY(put_fields(&page, "OPTIONS OF EVERY COMMAND", face->common, false));
    if (catalog.n) put_hint(&page, catalog.entry[0].command);
    return page.code;
}

mt_code mt_help_op(mt_ctx *cx, mt_out *out, const mt_face *face, const mt_op *op, mt_help_style style)
{
    const mt_face single = {.op = &op, .n_op = 1};
    return put_single(cx, out, face, &single, style);
}

mt_code mt_help_verb(mt_ctx *cx, mt_out *out, const mt_face *face, const mt_verb *verb, mt_help_style style)
{
    const mt_verb table[] = {*verb, {.name = NULL}};
    const mt_face single = {.verb = table};
    return put_single(cx, out, face, &single, style);
}

static mt_code put_noun(mt_ctx *cx, mt_out *out, const mt_catalog *catalog, const char *noun,
                        mt_help_style style)
{
    int widest = 0;
    const char *name, *any = noun;
    mt_page page = mt_page_open(cx, out, style.width, style.colour);
    for (size_t k = 0; k < catalog->n; k++) {
        if (!is_of(&catalog->entry[k], noun)) continue;
        MT_TRY(name_command(cx, &name, &catalog->entry[k]));
        widest = greater(widest, mt_page_columns(name));
        if (any == noun) any = catalog->entry[k].command;
    }
    mt_page_title(&page, "merit ", noun);
    mt_page_put(&page, " VERB [--argument VALUE]...\n");
    MT_TRY(put_commands(&page, catalog, noun, widest));
    put_hint(&page, any);
    return page.code;
}

static mt_code join_words(mt_ctx *cx, const char **out, const char *const *word, size_t n)
{
    const char *text = "";
    for (size_t k = 0; k < n; k++) MT_TRY(mt_text_format(cx, &text, "%s%s%s", text, k ? " " : "", word[k]));
    *out = text;
    return MT_OK;
}

/* Of a known noun: its command whose last word is nearest. */
static mt_code find_nearest_of(mt_ctx *cx, const mt_catalog *catalog, const char *noun, const char *word,
                               const char **out)
{
    const char **candidate, **command;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &candidate, catalog->n));
    MT_TRY(MT_NEW(cx, &command, catalog->n));
    for (size_t k = 0; k < catalog->n; k++) {
        if (!is_of(&catalog->entry[k], noun)) continue;
        candidate[n] = catalog->entry[k].word;
        command[n++] = catalog->entry[k].command;
    }
    int found = mt_text_nearest(word, candidate, n);
    *out = found < 0 ? NULL : command[found];
    return MT_OK;
}

/* Of all: the command or noun that is nearest, or the command whose last word is. */
static mt_code find_nearest(mt_ctx *cx, const mt_catalog *catalog, const char *typed, const char **out)
{
    const char **candidate;
    size_t n = 0;
    MT_TRY(MT_NEW(cx, &candidate, 2 * catalog->n + catalog->n_noun));
    for (size_t k = 0; k < catalog->n_noun; k++) candidate[n++] = catalog->noun[k];
    for (size_t k = 0; k < catalog->n; k++) candidate[n++] = catalog->entry[k].command;
    size_t whole = n;
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        candidate[n++] = entry->word ? entry->word : entry->command;
    }
    int found = mt_text_nearest(typed, candidate, n);
    if (found < 0) *out = NULL;
    else if ((size_t)found < whole) *out = candidate[found];
    else *out = catalog->entry[(size_t)found - whole].command;
    return MT_OK;
}

static mt_code refuse_unknown(mt_ctx *cx, const mt_catalog *catalog, const char *const *word, size_t n)
{
    const char *typed, *nearest;
    bool is_noun = n > 0 && mt_catalog_has_noun(catalog, word[0]);
    MT_TRY(join_words(cx, &typed, word, n < 2 ? n : 2));
    if (is_noun && n > 1) MT_TRY(find_nearest_of(cx, catalog, word[0], word[1], &nearest));
    else MT_TRY(find_nearest(cx, catalog, typed, &nearest));
    if (nearest) {
        return mt_fail(cx, MT_E_ABSENT, "there is no command \"%s\"; did you mean \"merit %s\"?", typed,
                       nearest);
    }
    if (is_noun) {
        return mt_fail(cx, MT_E_ABSENT, "there is no command \"%s\"; `merit help %s` lists those of %s",
                       typed, word[0], word[0]);
    }
    return mt_fail(cx, MT_E_ABSENT, "there is no command \"%s\"; `merit help` lists them all", typed);
}

mt_code mt_help_topic(mt_ctx *cx, mt_out *out, const mt_face *face, const char *const *word, size_t n,
                      mt_help_style style)
{
    mt_catalog catalog;
    const char *typed;
    if (!n) return mt_help_overview(cx, out, face, style);
    MT_TRY(mt_catalog_make(cx, &catalog, face));
    MT_TRY(join_words(cx, &typed, word, n));
    const mt_entry *entry = mt_catalog_find(&catalog, typed);
    if (entry) {
        mt_page page = mt_page_open(cx, out, style.width, style.colour);
        return put_entry(&page, face, entry);
    }
    if (n == 1 && mt_catalog_has_noun(&catalog, typed)) return put_noun(cx, out, &catalog, typed, style);
    return refuse_unknown(cx, &catalog, word, n);
}

mt_code mt_help_noun(mt_ctx *cx, mt_out *out, const mt_face *face, const char *noun, mt_help_style style)
{
    return mt_help_topic(cx, out, face, &noun, 1, style);
}

mt_code mt_help_unknown(mt_ctx *cx, const mt_face *face, const char *const *word, size_t n)
{
    mt_catalog catalog;
    MT_TRY(mt_catalog_make(cx, &catalog, face));
    return refuse_unknown(cx, &catalog, word, n);
}
