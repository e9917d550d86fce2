/* Workbooks in: a zip archive of XML documents, of which three matter. */
#include "io/xlsx_read.h"

#include "io/xml.h"
#include "io/zip.h"

#include <math.h>
#include <string.h>

enum { STRINGS_MAX = 4 << 20 };

struct mt_xlsx {
    const char *name;
    mt_zip *zip;
    mt_xml *sheet;
    mt_text *shared;
    size_t n_shared, room_shared;
    mt_text cell[MT_XLSX_COLUMNS];
    mt_ctx row_cx; /* memory of one row; its errors are passed on */
    uint64_t row;  /* the number of the last */
    bool ended;
};

/* One cell while it is read. */
struct cell {
    size_t column;
    char type; /* 's' shared, 'i' inline, 't' text, 'n' number, 'b' boolean, 'e' error */
    mt_text text;
};

static mt_code open_part(mt_ctx *cx, mt_xlsx *xlsx, mt_xml **out, const char *part)
{
    mt_text bytes;
    const mt_zip_entry *entry = mt_zip_find(xlsx->zip, part);
    if (!entry) return mt_fail(cx, MT_E_INPUT, "%s is no workbook: it has no part %s", xlsx->name, part);
    MT_TRY(mt_zip_read(cx, xlsx->zip, entry, &bytes));
    mt_code code = mt_xml_open(cx, out, entry->name, bytes);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "%s", xlsx->name);
}

/* The first element with that name, or with `id` the one whose attribute Id is that. */
static mt_code find_attribute(mt_ctx *cx, mt_xml *xml, const char *element, const char *id,
                              const char *wanted, const char **out)
{
    mt_xml_event event = MT_XML_OPEN;
    mt_text value;
    *out = NULL;
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event != MT_XML_OPEN || !mt_xml_is(xml, element)) continue;
        if (id && (!mt_xml_attribute(xml, "Id", &value) || !mt_text_equal(value, id))) continue;
        if (mt_xml_attribute(xml, wanted, &value)) return mt_text_copy(cx, out, value);
    }
    return MT_OK;
}

static mt_code look_into(mt_ctx *cx, mt_xlsx *xlsx, const char *part, const char *const want[3],
                         const char **out)
{
    mt_xml *xml;
    MT_TRY(open_part(cx, xlsx, &xml, part));
    mt_code code = find_attribute(cx, xml, want[0], want[1], want[2], out);
    mt_xml_close(xml);
    return code;
}

/* The part of the first sheet: the workbook names a relation, the relation names the part. */
static mt_code find_sheet(mt_ctx *cx, mt_xlsx *xlsx, const char **out)
{
    const char *id, *target;
    MT_TRY(look_into(cx, xlsx, "xl/workbook.xml", (const char *const[]){"sheet", NULL, "id"}, &id));
    if (!id) return mt_fail(cx, MT_E_INPUT, "%s is a workbook without a sheet", xlsx->name);
    MT_TRY(look_into(cx, xlsx, "xl/_rels/workbook.xml.rels",
                     (const char *const[]){"Relationship", id, "Target"}, &target));
    if (!target) return mt_fail(cx, MT_E_INPUT, "%s does not say where its first sheet is", xlsx->name);
    if (*target == '/') return mt_text_format(cx, out, "%s", target + 1);
    return mt_text_format(cx, out, "xl/%s", target);
}

static mt_code add_shared(mt_ctx *cx, mt_xlsx *xlsx, mt_text text)
{
    if (xlsx->n_shared == STRINGS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s has more than %d texts", xlsx->name, STRINGS_MAX);
    MT_TRY(mt_ctx_grow(cx, &xlsx->shared, xlsx->n_shared, &xlsx->room_shared, sizeof *xlsx->shared));
    xlsx->shared[xlsx->n_shared++] = text;
    return MT_OK;
}

/* Puts `more` behind `text`, in cx. */
static mt_code append(mt_ctx *cx, mt_text *text, mt_text more)
{
    const char *joined;
    if (text->length + more.length > MT_XML_TEXT_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "more than %d bytes of text in one cell", MT_XML_TEXT_MAX);
    if (!text->at) {
        MT_TRY(mt_text_copy(cx, &joined, more));
    } else {
        MT_TRY(
            mt_text_format(cx, &joined, "%.*s%.*s", (int)text->length, text->at, (int)more.length, more.at));
    }
    *text = (mt_text){joined, text->length + more.length};
    return MT_OK;
}

/* <si><t>…</t></si>, or several runs <r><t>…</t></r>; the reading aid <rPh> is not part of the text. */
static mt_code take_strings(mt_ctx *cx, mt_xlsx *xlsx, mt_xml *xml)
{
    mt_xml_event event = MT_XML_OPEN;
    mt_text text = {NULL, 0};
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event == MT_XML_OPEN && mt_xml_is(xml, "si")) text = (mt_text){NULL, 0};
        if (event != MT_XML_CLOSE) continue;
        if (mt_xml_is(xml, "t") && strcmp(mt_xml_above(xml, 1), "rPh") != 0)
            MT_TRY(append(cx, &text, mt_xml_text(xml)));
        if (mt_xml_is(xml, "si")) MT_TRY(add_shared(cx, xlsx, text));
    }
    return MT_OK;
}

static mt_code read_strings(mt_ctx *cx, mt_xlsx *xlsx)
{
    mt_xml *xml;
    if (!mt_zip_find(xlsx->zip, "xl/sharedStrings.xml")) return MT_OK;
    MT_TRY(open_part(cx, xlsx, &xml, "xl/sharedStrings.xml"));
    mt_code code = take_strings(cx, xlsx, xml);
    mt_xml_close(xml);
    return code;
}

mt_code mt_xlsx_open(mt_ctx *cx, mt_xlsx **out, const char *name, mt_text bytes)
{
    mt_xlsx *xlsx;
    const char *sheet;
    if (!mt_zip_is(bytes)) return mt_fail(cx, MT_E_INPUT, "%s is no workbook (.xlsx)", name);
    MT_TRY(MT_NEW(cx, &xlsx, 1));
    xlsx->name = name;
    MT_TRY(mt_zip_open(cx, &xlsx->zip, name, bytes));
    MT_TRY(find_sheet(cx, xlsx, &sheet));
    MT_TRY(read_strings(cx, xlsx));
    MT_TRY(open_part(cx, xlsx, &xlsx->sheet, sheet));
    mt_ctx_init(&xlsx->row_cx, &cx->options);
    *out = xlsx;
    return MT_OK;
}

void mt_xlsx_close(mt_xlsx *xlsx)
{
    if (!xlsx) return;
    mt_xml_close(xlsx->sheet);
    mt_ctx_close(&xlsx->row_cx);
}

/* "BC12" is column 54. */
static bool read_column(mt_text reference, size_t *out)
{
    size_t column = 0, k = 0;
    for (; k < reference.length && reference.at[k] >= 'A' && reference.at[k] <= 'Z' && k < 4; k++)
        column = column * 26 + (size_t)(reference.at[k] - 'A' + 1);
    if (k == 0 || column > MT_XLSX_COLUMNS) return false;
    *out = column - 1;
    return true;
}

static mt_code begin_cell(mt_ctx *cx, mt_xlsx *xlsx, struct cell *cell, size_t after)
{
    mt_text text;
    *cell = (struct cell){.column = after, .type = 'n'};
    if (mt_xml_attribute(xlsx->sheet, "r", &text) ? !read_column(text, &cell->column)
                                                  : after >= MT_XLSX_COLUMNS)
        return mt_fail(cx, MT_E_INPUT, "%s, line %llu: a cell without a column from A to IV", xlsx->name,
                       (unsigned long long)mt_xml_line(xlsx->sheet));
    if (!mt_xml_attribute(xlsx->sheet, "t", &text)) return MT_OK;
    if (mt_text_equal(text, "s")) cell->type = 's';
    if (mt_text_equal(text, "inlineStr")) cell->type = 'i';
    if (mt_text_equal(text, "str") || mt_text_equal(text, "d")) cell->type = 't';
    if (mt_text_equal(text, "e")) cell->type = 'e';
    if (mt_text_equal(text, "b")) cell->type = 'b';
    return MT_OK;
}

static mt_code end_cell(mt_ctx *cx, mt_xlsx *xlsx, struct cell *cell)
{
    int64_t index;
    mt_text text = mt_text_trim(cell->text);
    if (cell->type == 'e' || text.length == 0) return MT_OK;
    if (cell->type == 's') {
        if (!mt_int_parse(text.at, text.length, &index) || index < 0 || (size_t)index >= xlsx->n_shared)
            return mt_fail(cx, MT_E_INPUT, "%s, line %llu: the text number %.*s is not in the workbook",
                           xlsx->name, (unsigned long long)mt_xml_line(xlsx->sheet), (int)text.length,
                           text.at);
        text = xlsx->shared[index];
        if (text.length == 0) return MT_OK;
    }
    xlsx->cell[cell->column] = text;
    return MT_OK;
}

/* The cells of the row that was just opened, to its end. */
static mt_code read_row(mt_ctx *cx, mt_xlsx *xlsx, mt_xlsx_row *out)
{
    mt_xml *xml = xlsx->sheet;
    mt_xml_event event;
    struct cell cell = {0};
    size_t next = 0;
    for (;;) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event == MT_XML_END) return mt_fail(cx, MT_E_INPUT, "%s: a row has no end", xlsx->name);
        if (event == MT_XML_OPEN && mt_xml_is(xml, "c")) MT_TRY(begin_cell(cx, xlsx, &cell, next));
        if (event != MT_XML_CLOSE) continue;
        bool is_value = mt_xml_is(xml, "v") || (cell.type == 'i' && mt_xml_is(xml, "t"));
        if (is_value && append(&xlsx->row_cx, &cell.text, mt_xml_text(xml)) != MT_OK)
            return mt_fail(cx, xlsx->row_cx.code, "%s: %s", xlsx->name, xlsx->row_cx.err);
        if (mt_xml_is(xml, "c")) {
            MT_TRY(end_cell(cx, xlsx, &cell));
            next = cell.column + 1;
            if (next > out->n) out->n = next;
        }
        if (mt_xml_is(xml, "row")) return MT_OK;
    }
}

static void clear_row(mt_xlsx *xlsx)
{
    mt_arena_reset(&xlsx->row_cx.arena, (mt_mark){0});
    for (size_t k = 0; k < MT_XLSX_COLUMNS; k++) xlsx->cell[k] = (mt_text){NULL, 0};
}

mt_code mt_xlsx_next(mt_ctx *cx, mt_xlsx *xlsx, mt_xlsx_row *out)
{
    mt_xml_event event;
    mt_text number;
    int64_t row;
    while (!xlsx->ended) {
        MT_TRY(mt_xml_next(cx, xlsx->sheet, &event));
        xlsx->ended = event == MT_XML_END;
        if (event != MT_XML_OPEN || !mt_xml_is(xlsx->sheet, "row")) continue;
        xlsx->row++;
        if (mt_xml_attribute(xlsx->sheet, "r", &number) && mt_int_parse(number.at, number.length, &row) &&
            row > 0)
            xlsx->row = (uint64_t)row;
        *out = (mt_xlsx_row){.cell = xlsx->cell, .row = xlsx->row};
        clear_row(xlsx);
        MT_TRY(read_row(cx, xlsx, out));
        if (out->n) return MT_OK;
    }
    *out = (mt_xlsx_row){.cell = xlsx->cell};
    return MT_OK;
}

bool mt_xlsx_time(mt_text cell, mt_time *out)
{
    double days;
    bool has_offset;
    mt_day day;
    if (!cell.at) return false;
    if (mt_real_parse(cell.at, cell.length, &days)) {
        /* Day 1 is 1900-01-01 and 1900 wrongly a leap year: right from March 1900 on. Whole seconds. */
        if (!(days >= 61 && days < 2958466)) return false;
        *out = (mt_time)llround((days - 25569) * 86400) * MT_US_SECOND;
        return true;
    }
    if (mt_day_parse(cell.at, cell.length, &day)) {
        *out = (mt_time)day * MT_US_DAY;
        return true;
    }
    return mt_time_parse(cell.at, cell.length, out, &has_offset);
}
