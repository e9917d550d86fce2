/* Reference pages in Markdown. */
#include "face/reference.h"
#include "face/page.h"
#include "io/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char commands_page[] = "commands", errors_page[] = "errors", units_page[] = "units",
                  index_page[] = "README";

/* Prose with its `code` left alone; what would be Markdown or HTML elsewhere is shown as it is. A cell has no
 * end of line and no bar. */
static void put_prose(mt_page *page, const char *text, bool is_cell)
{
    char one[2] = {0};
    bool in_code = false;
    for (; *text; text++) {
        one[0] = *text;
        if (*text == '`') in_code = !in_code;
        if (*text == '|' && is_cell) mt_page_put(page, "\\|");
        else if (*text == '\n' && is_cell) mt_page_put(page, " ");
        else if (*text == '<' && !in_code) mt_page_put(page, "&lt;");
        else if (*text == '&' && !in_code) mt_page_put(page, "&amp;");
        else if ((*text == '*' || *text == '\\' || *text == '[') && !in_code)
            mt_page_format(page, "\\%c", *text);
        else mt_page_put(page, one);
    }
}

static void put_cell(mt_page *page, const char *text)
{
    mt_page_put(page, text[0] ? " " : "");
    put_prose(page, text, true);
    mt_page_put(page, " |");
}

static void put_code_cell(mt_page *page, const char *text)
{
    if (!text[0]) {
        mt_page_put(page, " |");
        return;
    }
    mt_page_put(page, " `");
    for (; *text; text++) mt_page_format(page, *text == '|' ? "\\%c" : "%c", *text);
    mt_page_put(page, "` |");
}

/* "market time unit: mid, low or high" */
static mt_code describe_field(mt_ctx *cx, const char **out, const mt_field *field)
{
    const char *choices, *doc = field->doc ? field->doc : "";
    MT_TRY(mt_face_choices(cx, &choices, field));
    return mt_text_format(cx, out, "%s%s%s", doc, choices[0] ? ": " : "", choices);
}

static mt_code put_argument(mt_page *page, const mt_field *field)
{
    const char *typed, *text;
    MT_TRY(mt_face_typed(page->cx, &typed, field->name));
    MT_TRY(mt_text_format(page->cx, &typed, "--%s", typed));
    MT_TRY(describe_field(page->cx, &text, field));
    mt_page_put(page, "|");
    put_code_cell(page, typed);
    put_cell(page, mt_type_name(field->type));
    put_cell(page, mt_unit_text(field->unit));
    if (field->required) mt_page_put(page, " required |");
    else put_code_cell(page, field->fallback ? field->fallback : "");
    put_cell(page, text);
    mt_page_put(page, "\n");
    return page->code;
}

static mt_code put_arguments(mt_page *page, const char *title, const mt_field *field)
{
    if (!mt_field_count(field)) return page->code;
    mt_page_format(page, "\n| %s | type | unit | default | meaning |\n|---|---|---|---|---|\n", title);
    for (; field->name; field++) MT_TRY(put_argument(page, field));
    return page->code;
}

static mt_code put_columns(mt_page *page, const char *title, const mt_field *field)
{
    const char *text;
    if (!mt_field_count(field)) return page->code;
    mt_page_format(page, "\n| %s | type | unit | meaning |\n|---|---|---|---|\n", title);
    for (; field->name; field++) {
        MT_TRY(describe_field(page->cx, &text, field));
        mt_page_put(page, "|");
        put_code_cell(page, field->name);
        put_cell(page, mt_type_name(field->type));
        put_cell(page, mt_unit_text(field->unit));
        put_cell(page, text);
        mt_page_put(page, "\n");
    }
    return page->code;
}

static mt_code put_results(mt_page *page, const mt_op *op)
{
    MT_TRY(put_columns(page, "head", op->head));
    if (!op->col) mt_page_put(page, "\nColumns: those the request asks for.\n");
    MT_TRY(put_columns(page, "column", op->col));
    mt_page_format(page, "\nIn a pipeline: `%s`. %s Role: %s.\n", op->name,
                   op->effect == MT_WRITE ? "Changes the store or writes files." : "Changes nothing.",
                   mt_role_name(op->role));
    return page->code;
}

static mt_code put_entry(mt_page *page, const mt_face *face, const mt_entry *entry)
{
    const char *usage, *example;
    MT_TRY(mt_face_usage(page->cx, &usage, entry, face->common != NULL));
    MT_TRY(mt_face_example(page->cx, &example, entry));
    mt_page_format(page, "\n## %s\n\n", entry->command);
    put_prose(page, entry->summary, false);
    mt_page_put(page, "\n");
    if (entry->doc) {
        mt_page_put(page, "\n");
        put_prose(page, entry->doc, false);
        mt_page_put(page, "\n");
    }
    mt_page_format(page, "\n```sh\n%s\n```\n", usage);
    MT_TRY(put_arguments(page, entry->op ? "argument" : "option", entry->option));
    if (entry->op) MT_TRY(put_results(page, entry->op));
    if (example) mt_page_format(page, "\nExample:\n\n```sh\n%s\n```\n", example);
    return page->code;
}

/* What a page is made of: it writes everything below the mark. */
struct sheet {
    const mt_face *face;
    const mt_catalog *catalog;
    const char *name; /* of the page, without .md */
};

static mt_code fill_noun(mt_page *page, const struct sheet *sheet)
{
    mt_page_format(page, "# %s\n", sheet->name);
    for (size_t k = 0; k < sheet->catalog->n; k++) {
        const mt_entry *entry = &sheet->catalog->entry[k];
        if (entry->op && strcmp(entry->noun, sheet->name) == 0) MT_TRY(put_entry(page, sheet->face, entry));
    }
    return page->code;
}

static mt_code fill_commands(mt_page *page, const struct sheet *sheet)
{
    mt_page_put(page, "# Commands that are no operation\n\n"
                      "They run the program itself, so they have no columns and no place in a pipeline.\n");
    for (size_t k = 0; k < sheet->catalog->n; k++) {
        if (!sheet->catalog->entry[k].op) MT_TRY(put_entry(page, sheet->face, &sheet->catalog->entry[k]));
    }
    return page->code;
}

static mt_code fill_errors(mt_page *page, const struct sheet *sheet)
{
    (void)sheet;
    mt_page_put(page,
                "# Errors\n\nEvery failure has one code; the exit status of the program and the status of an "
                "HTTP answer follow from it.\n\n| code | exit | HTTP | meaning |\n|---|--:|--:|---|\n");
    for (int k = 0; k < MT_CODE_COUNT; k++) {
        mt_code code = (mt_code)k;
        mt_page_put(page, "|");
        put_code_cell(page, mt_code_name(code));
        mt_page_format(page, " %d | %d |", mt_code_exit(code), mt_code_http(code));
        put_cell(page, mt_code_meaning(code));
        mt_page_put(page, "\n");
    }
    return page->code;
}

static mt_code fill_units(mt_page *page, const struct sheet *sheet)
{
    (void)sheet;
    mt_page_put(page, "# Units and values\n\n## Units\n\n| unit | meaning |\n|---|---|\n");
    for (int k = MT_UNIT_NONE + 1; k < MT_UNIT_TOTAL; k++) {
        mt_page_put(page, "|");
        put_code_cell(page, mt_unit_text((mt_unit)k));
        put_cell(page, mt_unit_meaning((mt_unit)k));
        mt_page_put(page, "\n");
    }
    mt_page_put(page, "\n## How values are written\n\n| type | on the command line |\n|---|---|\n");
    for (int k = 0; k < MT_TYPE_COUNT; k++) {
        mt_page_put(page, "|");
        put_cell(page, mt_type_name((mt_type)k));
        put_cell(page, mt_face_form((mt_type)k));
        mt_page_put(page, "\n");
    }
    mt_page_put(page,
                "\nA missing value is an empty cell in a table or CSV and `null` in JSON; it is never 0.\n");
    return page->code;
}

/* "market clear" -> "market-clear", as headings become anchors. */
static mt_code make_anchor(mt_ctx *cx, const char **out, const char *command)
{
    const char *copy;
    MT_TRY(mt_text_copy(cx, &copy, mt_text_of(command)));
    for (char *c = (char *)(uintptr_t)copy; *c; c++) *c = *c == ' ' ? '-' : *c;
    *out = copy;
    return MT_OK;
}

static void put_variables(mt_page *page, const mt_variable *variable)
{
    if (!variable) return;
    mt_page_put(page, "\n## Environment\n\n| variable | meaning |\n|---|---|\n");
    for (; variable->name; variable++) {
        mt_page_put(page, "|");
        put_code_cell(page, variable->name);
        put_cell(page, variable->doc);
        mt_page_put(page, "\n");
    }
}

static mt_code fill_index(mt_page *page, const struct sheet *sheet)
{
    const char *anchor;
    mt_page_format(page, "# Reference\n\nMerit: %s.\n\n| command | what it does |\n|---|---|\n",
                   MT_FACE_PURPOSE);
    for (size_t k = 0; k < sheet->catalog->n; k++) {
        const mt_entry *entry = &sheet->catalog->entry[k];
        MT_TRY(make_anchor(page->cx, &anchor, entry->command));
        mt_page_format(page, "| [`merit %s`](%s.md#%s) |", entry->command,
                       entry->op ? entry->noun : commands_page, anchor);
        put_cell(page, entry->summary);
        mt_page_put(page, "\n");
    }
    if (mt_field_count(sheet->face->common)) mt_page_put(page, "\n## Options of every command\n");
    MT_TRY(put_arguments(page, "option", sheet->face->common));
    put_variables(page, sheet->face->variable);
    mt_page_put(page, "\nSee also: [errors and exit statuses](errors.md), [units and values](units.md).\n");
    return page->code;
}

static mt_code write_page(mt_ctx *cx, const char *folder, const struct sheet *sheet,
                          mt_code (*fill)(mt_page *page, const struct sheet *sheet))
{
    const char *path;
    mt_out *out = NULL;
    mt_code code;
    MT_TRY(mt_text_format(cx, &path, "%s/%s.md", folder, sheet->name));
    MT_TRY(mt_out_file(cx, &out, path));
    mt_page page = mt_page_open(cx, out, 0, false);
    mt_page_put(&page, MT_REFERENCE_MARK "\n");
    MT_TRY_OUT(fill(&page, sheet));
    MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

static bool has_page(const mt_catalog *catalog, const char *noun)
{
    for (size_t k = 0; k < catalog->n; k++) {
        if (catalog->entry[k].op && strcmp(catalog->entry[k].noun, noun) == 0) return true;
    }
    return false;
}

static bool is_fixed(const char *name)
{
    const char *const fixed[] = {commands_page, errors_page, units_page, index_page};
    for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++) {
        if (strcasecmp(name, fixed[k]) == 0) return true;
    }
    return false;
}

static mt_code write_pages(mt_ctx *cx, const char *folder, struct sheet sheet)
{
    for (size_t k = 0; k < sheet.catalog->n_noun; k++) {
        sheet.name = sheet.catalog->noun[k];
        if (!has_page(sheet.catalog, sheet.name)) continue;
        if (is_fixed(sheet.name)) {
            return mt_fail(cx, MT_E_INPUT, "the page of the noun \"%s\" would overwrite another page",
                           sheet.name);
        }
        MT_TRY(write_page(cx, folder, &sheet, fill_noun));
    }
    sheet.name = commands_page;
    MT_TRY(write_page(cx, folder, &sheet, fill_commands));
    sheet.name = errors_page;
    MT_TRY(write_page(cx, folder, &sheet, fill_errors));
    sheet.name = units_page;
    MT_TRY(write_page(cx, folder, &sheet, fill_units));
    sheet.name = index_page;
    return write_page(cx, folder, &sheet, fill_index);
}

static bool carries_mark(int folder, const char *name)
{
    char start[sizeof MT_REFERENCE_MARK - 1];
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    ssize_t n = read(fd, start, sizeof start);
    close(fd);
    return n == (ssize_t)sizeof start && memcmp(start, MT_REFERENCE_MARK, sizeof start) == 0;
}

static bool is_current(const mt_catalog *catalog, const char *file)
{
    char name[256];
    size_t n = strlen(file);
    if (n < 4 || n >= sizeof name || strcmp(file + n - 3, ".md") != 0) return true; /* none of ours */
    memcpy(name, file, n - 3);
    name[n - 3] = 0;
    return is_fixed(name) || has_page(catalog, name);
}

/* Pages of nouns that are gone. */
static mt_code remove_old(mt_ctx *cx, const char *path, const mt_catalog *catalog)
{
    mt_code code = MT_OK;
    DIR *folder = opendir(path);
    if (!folder) return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", path, strerror(errno));
    for (struct dirent *entry; code == MT_OK && (entry = readdir(folder)) != NULL;) {
        if (is_current(catalog, entry->d_name) || !carries_mark(dirfd(folder), entry->d_name)) continue;
        if (unlinkat(dirfd(folder), entry->d_name, 0) != 0) {
            code = mt_fail(cx, MT_E_IO, "%s/%s: cannot be removed: %s", path, entry->d_name, strerror(errno));
        }
    }
    closedir(folder);
    return code;
}

mt_code mt_reference(mt_ctx *cx, const mt_face *face, const char *folder)
{
    mt_catalog catalog;
    MT_TRY(mt_catalog_make(cx, &catalog, face));
    MT_TRY(mt_folder_make(cx, folder));
    MT_TRY(write_pages(cx, folder, (struct sheet){.face = face, .catalog = &catalog}));
    return remove_old(cx, folder, &catalog);
}
