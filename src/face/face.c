/* The tables of operations and verbs made one list. */
#include "face/face.h"

#include <string.h>

/* By type: what stands behind the option, and how the value is written. */
static const struct {
    const char *placeholder;
    const char *form;
} type_row[MT_TYPE_COUNT] = {
    [MT_BOOL] = {"", "yes or no; alone it means yes"},
    [MT_INT] = {"N", "a whole number, 42"},
    [MT_REAL] = {"NUMBER", "a number with a decimal point, -3.5 or 1e6"},
    [MT_MICRO] = {"NUMBER", "an exact number of at most six decimals, 62.03"},
    [MT_TEXT] = {"TEXT", "any text"},
    [MT_TIME] = {"TIME", "an instant with its offset, 2025-06-08T10:00:00Z"},
    [MT_DAY] = {"DAY", "a day, 2025-06-08"},
    [MT_SPAN] = {"DURATION", "a length of time, 15min, 1h, 7d or PT15M"},
    [MT_CHOICE] = {"CHOICE", "one word of a list"},
    [MT_INPUT] = {"FILE", "a file, or - for standard input"},
    [MT_OUTPUT] = {"PATH", "a file or folder to be written"},
    [MT_INPUTS] = {"FILE", "a file; may be given many times"},
};

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

mt_code mt_face_typed(mt_ctx *cx, const char **out, const char *name)
{
    const char *copy;
    MT_TRY(mt_text_copy(cx, &copy, mt_text_of(name)));
    for (char *c = (char *)(uintptr_t)copy; *c; c++) *c = *c == '_' ? '-' : *c == '.' ? ' ' : *c;
    *out = copy;
    return MT_OK;
}

/* Cuts "market clear" into noun and word. */
static mt_code cut_command(mt_ctx *cx, mt_entry *entry)
{
    const char *blank = strchr(entry->command, ' ');
    entry->noun = entry->command;
    if (!blank) return MT_OK;
    entry->word = blank + 1;
    return mt_text_copy(cx, &entry->noun, (mt_text){entry->command, (size_t)(blank - entry->command)});
}

/* "FILE …" or the argument's name in capitals. */
static mt_code name_words(mt_ctx *cx, const char **out, const mt_op *op)
{
    const mt_field *field = op->words ? mt_field_find(op->arg, op->words) : NULL;
    *out = NULL;
    if (!field) return MT_OK;
    if (field->type == MT_INPUTS) return mt_text_copy(cx, out, mt_text_of("FILE ..."));
    MT_TRY(mt_text_copy(cx, out, mt_text_of(field->name)));
    for (char *c = (char *)(uintptr_t)*out; *c; c++) *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    return MT_OK;
}

static mt_code enter_op(mt_ctx *cx, mt_entry *out, const mt_op *op)
{
    *out = (mt_entry){
        .summary = op->summary, .doc = op->doc, .example = op->example, .option = op->arg, .op = op};
    out->words = op->words;
    MT_TRY(name_words(cx, &out->positional, op));
    MT_TRY(mt_face_typed(cx, &out->command, op->name));
    return cut_command(cx, out);
}

static mt_code enter_process(mt_ctx *cx, mt_entry *out, const mt_verb *verb)
{
    const mt_op *op = verb->process;
    *out = (mt_entry){.command = verb->name,
                      .summary = op->summary,
                      .doc = op->doc,
                      .example = op->example,
                      .option = op->arg};
    out->words = op->words;
    MT_TRY(name_words(cx, &out->positional, op));
    return cut_command(cx, out);
}

static mt_code enter_verb(mt_ctx *cx, mt_entry *out, const mt_verb *verb)
{
    if (verb->process) return enter_process(cx, out, verb);
    *out = (mt_entry){.command = verb->name,
                      .positional = verb->positional,
                      .summary = verb->summary,
                      .doc = verb->doc,
                      .example = verb->example,
                      .option = verb->option};
    return cut_command(cx, out);
}

static bool is_listed(const char *const *noun, size_t n, const char *name)
{
    for (size_t k = 0; k < n; k++) {
        if (same(noun[k], name)) return true;
    }
    return false;
}

/* Entries of one noun behind each other; those without a word at the end. */
static void group(const mt_entry *from, size_t n, const char *const *noun, size_t n_noun, mt_entry *to)
{
    for (size_t k = 0; k <= n_noun; k++) {
        for (size_t j = 0; j < n; j++) {
            bool here = k < n_noun ? from[j].word && same(from[j].noun, noun[k]) : !from[j].word;
            if (here) *to++ = from[j];
        }
    }
}

mt_code mt_catalog_make(mt_ctx *cx, mt_catalog *out, const mt_face *face)
{
    size_t n = 0, n_noun = 0, room = face->n_op;
    mt_entry *entry, *grouped;
    const char **noun;
    for (const mt_verb *verb = face->verb; verb && verb->name; verb++) room++;
    MT_TRY(MT_NEW(cx, &entry, room));
    MT_TRY(MT_NEW(cx, &grouped, room));
    MT_TRY(MT_NEW(cx, &noun, room));
    for (size_t k = 0; k < face->n_op; k++) MT_TRY(enter_op(cx, &entry[n++], face->op[k]));
    for (const mt_verb *verb = face->verb; verb && verb->name; verb++)
        MT_TRY(enter_verb(cx, &entry[n++], verb));
    for (size_t k = 0; k < n; k++) {
        if (entry[k].word && !is_listed(noun, n_noun, entry[k].noun)) noun[n_noun++] = entry[k].noun;
    }
    group(entry, n, noun, n_noun, grouped);
    *out = (mt_catalog){.entry = grouped, .n = n, .noun = noun, .n_noun = n_noun};
    return MT_OK;
}

const mt_entry *mt_catalog_find(const mt_catalog *catalog, const char *name)
{
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        if (same(entry->command, name) || (entry->op && same(entry->op->name, name))) return entry;
    }
    return NULL;
}

bool mt_catalog_has_noun(const mt_catalog *catalog, const char *noun)
{
    return is_listed(catalog->noun, catalog->n_noun, noun);
}

const char *mt_face_placeholder(mt_type type)
{
    return type_row[type].placeholder;
}

const char *mt_face_form(mt_type type)
{
    return type_row[type].form;
}

mt_code mt_face_choices(mt_ctx *cx, const char **out, const mt_field *field)
{
    const char *text = "";
    for (size_t k = 0; field->type == MT_CHOICE && field->choice[k]; k++) {
        const char *between = k == 0 ? "" : field->choice[k + 1] ? ", " : " or ";
        MT_TRY(mt_text_format(cx, &text, "%s%s%s", text, between, field->choice[k]));
    }
    *out = text;
    return MT_OK;
}

mt_code mt_face_usage(mt_ctx *cx, const char **out, const mt_entry *entry, bool has_more_options)
{
    const char *text, *name;
    MT_TRY(mt_text_format(cx, &text, "merit %s", entry->command));
    if (entry->positional) MT_TRY(mt_text_format(cx, &text, "%s %s", text, entry->positional));
    for (const mt_field *field = entry->option; field && field->name; field++) {
        if (entry->words && same(field->name, entry->words)) continue;
        if (!field->required) {
            has_more_options = true;
            continue;
        }
        MT_TRY(mt_face_typed(cx, &name, field->name));
        MT_TRY(mt_text_format(cx, &text, "%s --%s %s", text, name, mt_face_placeholder(field->type)));
    }
    return mt_text_format(cx, out, "%s%s", text, has_more_options ? " [options]" : "");
}

mt_code mt_face_example(mt_ctx *cx, const char **out, const mt_entry *entry)
{
    *out = NULL;
    if (!entry->example) return MT_OK;
    return mt_text_format(cx, out, "merit %s%s%s", entry->command, entry->example[0] ? " " : "",
                          entry->example);
}

const char *mt_role_name(mt_role role)
{
    static const char *const name[] = {"viewer", "trader", "operator", "admin"};
    return name[role];
}
