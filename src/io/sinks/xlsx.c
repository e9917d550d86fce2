/* Worksheets through libxlsxwriter, streamed row by row. */
#include "io/sinks/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "io/sinks/cell.h"
#include "io/utf8.h"

#define EXACT_MAX  (((int64_t)1 << 53) - 1)
#define EPOCH_DAY  25569   /* 1970-01-01 as a serial day */
#define FIRST_DAY  (-25508) /* 1900-03-01: before it, spreadsheets disagree about the calendar */

enum { COLUMNS_MAX = 16384, TEXT_MAX = 32767, PIPE_BYTES = 64 << 10, SHEET_NAME_MAX = 31 };

struct xlsx_sink {
    mt_sink sink;
    mt_out *out;
    mt_schema schema;
    const char *folder;
    char path[4096];        /* of the temporary workbook; "" once it is gone */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold, *instant, *day;
    uint32_t n;             /* rows so far, without the header */
    char *text;             /* scratch for one cell, grows */
    size_t room;
};

static mt_code explain(mt_ctx *cx, const struct xlsx_sink *self, lxw_error error)
{
    if (error == LXW_NO_ERROR) return MT_OK;
    const char *name = mt_out_name(self->out);
    switch (error) {
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return mt_fail(cx, MT_E_MEMORY, "no memory for the workbook %s", name);
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
        return mt_fail(cx, MT_E_TOO_LARGE, "%s, row %u: a text is longer than the %d characters of a cell",
                       name, self->n + 1, TEXT_MAX);
    default: return mt_fail(cx, MT_E_IO, "cannot write %s: %s", name, lxw_strerror(error));
    }
}

/* A zero-terminated copy that a spreadsheet accepts: well-formed, without controls but tab and newline. */
static mt_code clean(mt_ctx *cx, struct xlsx_sink *self, mt_text text)
{
    size_t need = text.length * 3 + 1, n = 0;
    if (need > self->room) {
        char *larger = realloc(self->text, need * 2);
        if (!larger) return mt_fail(cx, MT_E_MEMORY, "no memory for a cell of %zu bytes", text.length);
        self->text = larger;
        self->room = need * 2;
    }
    for (size_t k = 0; k < text.length;) {
        size_t took;
        int well = 1;
        uint32_t point = mt_utf8_next(text.at + k, text.length - k, &took, &well);
        bool control = (point < 0x20 && point != '\t' && point != '\n' && point != '\r') || point == 0x7F;
        n += mt_utf8_put(control || point == 0xFFFE || point == 0xFFFF ? MT_UTF8_REPLACEMENT : point,
                         self->text + n);
        k += took;
    }
    self->text[n] = 0;
    return MT_OK;
}

static mt_code put_text(mt_ctx *cx, struct xlsx_sink *self, lxw_row_t row, lxw_col_t column, mt_text text)
{
    MT_TRY(clean(cx, self, text));
    return explain(cx, self, worksheet_write_string(self->sheet, row, column, self->text, NULL));
}

static mt_code put_number(mt_ctx *cx, struct xlsx_sink *self, lxw_row_t row, lxw_col_t column, double number,
                          lxw_format *format)
{
    return explain(cx, self, worksheet_write_number(self->sheet, row, column, number, format));
}

static bool fits_number(mt_type type, mt_value value)
{
    switch (type) {
    case MT_INT:
    case MT_MICRO: return value.as.integer >= -EXACT_MAX && value.as.integer <= EXACT_MAX;
    case MT_TIME: return value.as.integer >= FIRST_DAY * MT_US_DAY;
    case MT_DAY: return value.as.integer >= FIRST_DAY;
    case MT_REAL: return true;
    default: return false;
    }
}

static mt_code put_value(mt_ctx *cx, struct xlsx_sink *self, lxw_row_t row, lxw_col_t column, mt_type type,
                         mt_value value)
{
    char text[MT_CELL_MAX];
    if (!mt_cell_has(type, value)) return MT_OK;
    if (mt_cell_is_text(type)) return put_text(cx, self, row, column, value.as.text);
    if (type == MT_BOOL) {
        return explain(cx, self, worksheet_write_boolean(self->sheet, row, column, value.as.boolean, NULL));
    }
    if (!fits_number(type, value)) {
        size_t n = mt_cell_exact(type, value, text);
        return put_text(cx, self, row, column, (mt_text){text, n});
    }
    switch (type) {
    case MT_REAL: return put_number(cx, self, row, column, value.as.real, NULL);
    case MT_MICRO: return put_number(cx, self, row, column, (double)value.as.integer / 1e6, NULL);
    case MT_DAY: return put_number(cx, self, row, column, (double)(value.as.integer + EPOCH_DAY), self->day);
    case MT_TIME:
        return put_number(cx, self, row, column, (double)value.as.integer / (double)MT_US_DAY + EPOCH_DAY,
                          self->instant);
    default: return put_number(cx, self, row, column, (double)value.as.integer, NULL);
    }
}

/* "price (EUR/MWh)", "start (UTC)". */
static mt_code put_title(mt_ctx *cx, struct xlsx_sink *self, lxw_row_t row, lxw_col_t column,
                         const mt_field *field)
{
    const char *unit = field->type == MT_TIME ? "UTC" : mt_cell_unit(field->unit);
    const char *title;
    MT_TRY(mt_text_format(cx, &title, unit[0] ? "%s (%s)" : "%s%s", field->name, unit));
    MT_TRY(clean(cx, self, mt_text_of(title)));
    return explain(cx, self, worksheet_write_string(self->sheet, row, column, self->text, self->bold));
}

static double width_of(const mt_field *field)
{
    size_t title = strlen(field->name) + strlen(mt_cell_unit(field->unit)) + 4;
    size_t value = field->type == MT_TIME ? 20 : field->type == MT_TEXT ? 24 : 12;
    return (double)(title > value ? title : value);
}

/* Sheet names have 31 characters at most and none of []:*?/\ */
static mt_code add_sheet(mt_ctx *cx, struct xlsx_sink *self, const char *name)
{
    char safe[SHEET_NAME_MAX + 1];
    size_t n = 0;
    for (; name && name[n] && n < SHEET_NAME_MAX; n++) {
        unsigned char c = (unsigned char)name[n];
        safe[n] = c < ' ' || c > '~' || strchr("[]:*?/\\'", c) ? '_' : name[n];
    }
    safe[n] = 0;
    self->sheet = workbook_add_worksheet(self->book, n ? safe : "rows");
    if (!self->sheet)
        return mt_fail(cx, MT_E_FAILED, "%s: no sheet called \"%s\" can be made", mt_out_name(self->out),
                       safe);
    return MT_OK;
}

static mt_code write_head(mt_ctx *cx, struct xlsx_sink *self, const mt_schema *schema)
{
    lxw_row_t row = 0;
    if (!mt_field_count(schema->head)) return MT_OK;
    MT_TRY(add_sheet(cx, self, "head"));
    worksheet_set_column(self->sheet, 0, 1, 28, NULL);
    for (const mt_field *field = schema->head; field->name; field++, row++) {
        MT_TRY(put_title(cx, self, row, 0, field));
        MT_TRY(put_value(cx, self, row, 1, field->type, mt_field_get(field, schema->head_row)));
    }
    return MT_OK;
}

static mt_code write_header(mt_ctx *cx, struct xlsx_sink *self, const mt_schema *schema)
{
    bool named_head = mt_field_count(schema->head) && schema->name && strcmp(schema->name, "head") == 0;
    MT_TRY(add_sheet(cx, self, named_head ? "rows" : schema->name));
    for (size_t k = 0; k < schema->n_col; k++) {
        worksheet_set_column(self->sheet, (lxw_col_t)k, (lxw_col_t)k, width_of(&schema->col[k]), NULL);
        MT_TRY(put_title(cx, self, 0, (lxw_col_t)k, &schema->col[k]));
    }
    worksheet_freeze_panes(self->sheet, 1, 0);
    worksheet_activate(self->sheet); /* the rows are what one wants to see first */
    return MT_OK;
}

static mt_code make_temporary(mt_ctx *cx, struct xlsx_sink *self)
{
    int n = snprintf(self->path, sizeof self->path, "%s/merit-XXXXXX.xlsx", self->folder);
    int fd = n < (int)sizeof self->path ? mkstemps(self->path, 5) : -1;
    if (fd < 0) {
        self->path[0] = 0;
        return mt_fail(cx, MT_E_IO, "no temporary file can be made in %s: %s", self->folder, strerror(errno));
    }
    close(fd);
    return MT_OK;
}

static mt_code make_book(mt_ctx *cx, struct xlsx_sink *self)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)(uintptr_t)self->folder,
                                    .use_zip64 = LXW_FALSE};
    lxw_doc_properties properties = {.created = 946684800}; /* 2000-01-01: the same rows, the same bytes */
    MT_TRY(make_temporary(cx, self));
    self->book = workbook_new_opt(self->path, &options);
    if (!self->book) return mt_fail(cx, MT_E_MEMORY, "no memory for the workbook %s", mt_out_name(self->out));
    MT_TRY(explain(cx, self, workbook_set_properties(self->book, &properties)));
    self->bold = workbook_add_format(self->book);
    self->instant = workbook_add_format(self->book);
    self->day = workbook_add_format(self->book);
    if (!self->bold || !self->instant || !self->day) return explain(cx, self, LXW_ERROR_MEMORY_MALLOC_FAILED);
    format_set_bold(self->bold);
    format_set_num_format(self->instant, "yyyy-mm-dd hh:mm:ss");
    format_set_num_format(self->day, "yyyy-mm-dd");
    return MT_OK;
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct xlsx_sink *self = (struct xlsx_sink *)sink;
    self->schema = *schema;
    if (schema->n_col > COLUMNS_MAX) {
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: %zu columns, a sheet has at most %d", mt_out_name(self->out),
                       schema->n_col, COLUMNS_MAX);
    }
    MT_TRY(make_book(cx, self));
    MT_TRY(write_head(cx, self, schema));
    return write_header(cx, self, schema);
}

static mt_code take_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct xlsx_sink *self = (struct xlsx_sink *)sink;
    if (chunk->n > (size_t)(MT_XLSX_ROWS_MAX - self->n)) {
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "%s: more than %d rows, as many as a sheet holds; csv or parquet takes them all",
                       mt_out_name(self->out), MT_XLSX_ROWS_MAX);
    }
    for (size_t i = 0; i < chunk->n; i++) {
        self->n++;
        for (size_t k = 0; k < self->schema.n_col; k++) {
            mt_type type = self->schema.col[k].type;
            MT_TRY(put_value(cx, self, self->n, (lxw_col_t)k, type, mt_column_get(&chunk->col[k], type, i)));
        }
    }
    return MT_OK;
}

static mt_code copy_file(mt_ctx *cx, struct xlsx_sink *self, FILE *from)
{
    char bytes[PIPE_BYTES];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, from)) > 0) MT_TRY(mt_out_write(cx, self->out, bytes, n));
    return ferror(from) ? mt_fail(cx, MT_E_IO, "cannot read back %s: %s", self->path, strerror(errno))
                        : MT_OK;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    struct xlsx_sink *self = (struct xlsx_sink *)sink;
    lxw_workbook *book = self->book;
    self->book = NULL; /* freed by the next line, whatever it returns */
    MT_TRY(explain(cx, self, workbook_close(book)));
    FILE *from = fopen(self->path, "rbe");
    if (!from) return mt_fail(cx, MT_E_IO, "cannot read back %s: %s", self->path, strerror(errno));
    mt_code code = copy_file(cx, self, from);
    fclose(from);
    return code == MT_OK ? mt_out_finish(cx, self->out) : code;
}

static void release(mt_sink *sink)
{
    struct xlsx_sink *self = (struct xlsx_sink *)sink;
    if (self->book) lxw_workbook_free(self->book);
    if (self->path[0]) unlink(self->path);
    free(self->text);
    self->book = NULL;
    self->path[0] = 0;
    self->text = NULL;
}

static const mt_sink_ops xlsx_ops = {take_schema, take_rows, finish, release};

mt_code mt_xlsx_sink(mt_ctx *cx, mt_sink **sink, mt_out *out, const mt_xlsx_options *options)
{
    struct xlsx_sink *self;
    MT_TRY(MT_NEW(cx, &self, 1));
    self->sink.ops = &xlsx_ops;
    self->out = out;
    self->folder = options && options->temporary ? options->temporary : "/tmp";
    *sink = &self->sink;
    return MT_OK;
}
