/* The manual page in man(7). */
#include "face/man.h"
#include "face/page.h"
#include "io/utf8.h"

#include <string.h>

enum { LINE_COLUMNS = 72 }; /* of the source; the formatter fills lines itself */

/* What a character is called where the formatter would read it as a command or turn it into another. */
static const char *name_character(uint32_t point)
{
    switch (point) {
    case '\\': return "\\e";
    case '-': return "\\-";
    case '\'': return "\\(aq";
    case '`': return "\\(ga";
    case '^': return "\\(ha";
    case '~': return "\\(ti";
    case '"': return "\\(dq";
    default: return NULL;
    }
}

/* `n` bytes that mean only themselves, wherever they stand: also at the start of a line or in a macro's
 * argument. */
static void put_bytes(mt_page *page, const char *text, size_t n)
{
    int well = 1;
    if (n && (text[0] == '.' || text[0] == '\'')) mt_page_put(page, "\\&");
    for (size_t took; n > 0; text += took, n -= took) {
        uint32_t point = mt_utf8_next(text, n, &took, &well);
        const char *name = name_character(point);
        if (name) mt_page_put(page, name);
        else if (point < 32 || point == 127) mt_page_put(page, " ");
        else if (point > 127) mt_page_format(page, "\\[u%04X]", point);
        else mt_page_format(page, "%c", (char)point);
    }
}

static void put_text(mt_page *page, const char *text)
{
    put_bytes(page, text, strlen(text));
}

/* A text on lines of its own; an empty line begins a paragraph. */
static void put_prose(mt_page *page, const char *text)
{
    size_t column = 0;
    while (*text) {
        size_t n = strcspn(text, " \n");
        if (column && column + 1 + n > LINE_COLUMNS) {
            mt_page_put(page, "\n");
            column = 0;
        }
        if (column && n) mt_page_put(page, " ");
        put_bytes(page, text, n);
        column += n + (column && n);
        text += n;
        if (strncmp(text, "\n\n", 2) == 0) {
            mt_page_put(page, "\n.PP\n");
            column = 0;
        }
        text += strspn(text, " \n");
    }
    mt_page_put(page, "\n");
}

static void put_section(mt_page *page, const char *macro, const char *title)
{
    mt_page_format(page, ".%s \"", macro);
    put_text(page, title);
    mt_page_put(page, "\"\n");
}

/* The tag of a list's item: bold name, italic value. */
static void put_tag(mt_page *page, const char *name, const char *value)
{
    mt_page_put(page, ".TP\n\\fB");
    put_text(page, name);
    mt_page_put(page, "\\fR");
    if (value[0]) {
        mt_page_put(page, " \\fI");
        put_text(page, value);
        mt_page_put(page, "\\fR");
    }
    mt_page_put(page, "\n");
}

static mt_code put_option(mt_page *page, const mt_field *field)
{
    mt_ctx *cx = page->cx;
    const char *typed, *choices, *unit = mt_unit_text(field->unit), *text = field->doc ? field->doc : "";
    MT_TRY(mt_face_typed(cx, &typed, field->name));
    MT_TRY(mt_text_format(cx, &typed, "--%s", typed));
    MT_TRY(mt_face_choices(cx, &choices, field));
    if (choices[0]) MT_TRY(mt_text_format(cx, &text, "%s: %s", text, choices));
    if (unit[0]) MT_TRY(mt_text_format(cx, &text, "%s (in %s)", text, unit));
    if (field->required) MT_TRY(mt_text_format(cx, &text, "%s (required)", text));
    if (field->fallback) MT_TRY(mt_text_format(cx, &text, "%s (default: %s)", text, field->fallback));
    put_tag(page, typed, mt_face_placeholder(field->type));
    put_prose(page, text);
    return page->code;
}

static mt_code put_options(mt_page *page, const mt_field *field)
{
    for (; field && field->name; field++) MT_TRY(put_option(page, field));
    return page->code;
}

static mt_code put_columns(mt_page *page, const char *title, const mt_field *field)
{
    if (!mt_field_count(field)) return page->code;
    mt_page_format(page, ".PP\n%s:\n", title);
    for (; field->name; field++) {
        const char *unit = mt_unit_text(field->unit), *text;
        MT_TRY(mt_face_choices(page->cx, &text, field));
        MT_TRY(mt_text_format(page->cx, &text, "%s%s%s", field->doc ? field->doc : "", text[0] ? ": " : "",
                              text));
        put_tag(page, field->name, unit[0] ? unit : mt_type_name(field->type));
        put_prose(page, text);
    }
    return page->code;
}

static mt_code put_example(mt_page *page, const mt_entry *entry)
{
    const char *example;
    MT_TRY(mt_face_example(page->cx, &example, entry));
    if (!example) return page->code;
    mt_page_put(page, ".PP\nExample:\n.PP\n.nf\n.RS 4\n");
    put_text(page, example);
    mt_page_put(page, "\n.RE\n.fi\n");
    return page->code;
}

static mt_code put_entry(mt_page *page, const mt_face *face, const mt_entry *entry)
{
    const char *usage;
    MT_TRY(mt_face_usage(page->cx, &usage, entry, face->common != NULL));
    put_section(page, "SS", usage);
    put_prose(page, entry->summary);
    if (entry->doc) {
        mt_page_put(page, ".PP\n");
        put_prose(page, entry->doc);
    }
    MT_TRY(put_options(page, entry->option));
    if (entry->op) {
        MT_TRY(put_columns(page, "Head", entry->op->head));
        MT_TRY(put_columns(page, "Columns", entry->op->col));
    }
    return put_example(page, entry);
}

/* The meanings of all codes that end the program with this status. */
static mt_code join_meanings(mt_ctx *cx, const char **out, int exit_status)
{
    const char *text = "";
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        if (mt_code_exit((mt_code)k) != exit_status) continue;
        MT_TRY(mt_text_format(cx, &text, "%s%s%s", text, text[0] ? "; " : "", mt_code_meaning((mt_code)k)));
    }
    *out = text;
    return MT_OK;
}

static mt_code put_statuses(mt_page *page)
{
    bool told[256] = {false};
    mt_page_put(page, ".SH \"EXIT STATUS\"\n");
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        int exit_status = mt_code_exit((mt_code)k);
        const char *status, *meanings;
        if (told[exit_status & 255]) continue;
        told[exit_status & 255] = true;
        MT_TRY(mt_text_format(page->cx, &status, "%d", exit_status));
        MT_TRY(join_meanings(page->cx, &meanings, exit_status));
        put_tag(page, status, "");
        put_prose(page, meanings);
    }
    return page->code;
}

static void put_values(mt_page *page)
{
    mt_page_put(page, ".SH \"HOW VALUES ARE WRITTEN\"\n");
    for (int k = 0; k < MT_TYPE_COUNT; k++) {
        const char *placeholder = mt_face_placeholder((mt_type)k);
        put_tag(page, mt_type_name((mt_type)k), placeholder);
        put_prose(page, mt_face_form((mt_type)k));
    }
}

static void put_variables(mt_page *page, const mt_variable *variable)
{
    if (!variable) return;
    mt_page_put(page, ".SH ENVIRONMENT\n");
    for (; variable->name; variable++) {
        put_tag(page, variable->name, variable->value);
        put_prose(page, variable->doc);
    }
}

mt_code mt_man(mt_ctx *cx, mt_out *out, const mt_face *face)
{
    mt_catalog catalog;
    mt_page page = mt_page_open(cx, out, 0, false);
    MT_TRY(mt_catalog_make(cx, &catalog, face));
    mt_page_put(&page, ".\\\" Made from the tables by `merit docs man`: change those, not this.\n");
    mt_page_format(&page, ".TH MERIT 1 \"\" \"Merit %s\" \"User Commands\"\n",
                   face->version ? face->version : "");
    mt_page_put(&page, ".SH NAME\nmerit \\- ");
    put_prose(&page, MT_FACE_PURPOSE);
    mt_page_put(&page, ".SH SYNOPSIS\n.B merit\n.I NOUN VERB\n[\\fB\\-\\-\\fIargument VALUE\\fR]...\n");
    mt_page_put(&page,
                ".SH DESCRIPTION\nResults go to standard output, messages and progress to standard error.\n"
                "Standard output is one valid document or nothing.\n");
    mt_page_put(&page, ".SH COMMANDS\n");
    for (size_t k = 0; k < catalog.n; k++) MT_TRY(put_entry(&page, face, &catalog.entry[k]));
    if (mt_field_count(face->common)) mt_page_put(&page, ".SH OPTIONS\nEvery command takes these.\n");
    MT_TRY(put_options(&page, face->common));
    put_variables(&page, face->variable);
    put_values(&page);
    return put_statuses(&page);
}
