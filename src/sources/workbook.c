/* A workbook of which another sheet than the first is wanted: the archive gets another list of its parts. */
#include "sources/workbook.h"

#include "io/xml.h"
#include "io/zip.h"

#include <string.h>

enum { HEAD_BYTES = 30, LIST_BYTES = 46, END_BYTES = 22, NAMES_MAX = 300 };

static const char PART[] = "xl/workbook.xml";

/* What the list of sheets says. */
struct sheets {
    const char *id; /* of the wanted one */
    size_t at;      /* its place, from 0 */
    char names[NAMES_MAX];
};

/* An archive being written behind the bytes of the old one. */
struct writer {
    char *at;
    size_t n;
};

static void put(struct writer *w, const void *bytes, size_t n)
{
    if (n) memcpy(w->at + w->n, bytes, n);
    w->n += n;
}

/* `n` bytes, the lowest first. */
static void put_number(struct writer *w, uint32_t value, int n)
{
    for (int k = 0; k < n; k++) w->at[w->n++] = (char)(unsigned char)(value >> (8 * k));
}

static uint32_t checksum(mt_text data)
{
    uint32_t sum = 0xFFFFFFFF;
    for (size_t k = 0; k < data.length; k++) {
        sum ^= (unsigned char)data.at[k];
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
    }
    return ~sum;
}

static void note_name(struct sheets *sheets, mt_text name)
{
    size_t used = strlen(sheets->names);
    if (used + name.length + 3 > NAMES_MAX) return;
    if (used) memcpy(sheets->names + used, ", ", 2), used += 2;
    memcpy(sheets->names + used, name.at, name.length);
    sheets->names[used + name.length] = 0;
}

static mt_code scan_sheets(mt_ctx *cx, mt_xml *xml, const char *wanted, struct sheets *out)
{
    mt_xml_event event = MT_XML_OPEN;
    mt_text value;
    size_t at = 0;
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event != MT_XML_OPEN || !mt_xml_is(xml, "sheet")) continue;
        if (!mt_xml_attribute(xml, "name", &value)) value = (mt_text){"", 0};
        bool is = mt_text_equal_nocase(value, wanted);
        note_name(out, value);
        if (is && !out->id && mt_xml_attribute(xml, "id", &value)) {
            MT_TRY(mt_text_copy(cx, &out->id, value));
            out->at = at;
        }
        at++;
    }
    return MT_OK;
}

static mt_code find_sheet(mt_ctx *cx, mt_zip *zip, const char *name, const char *wanted, struct sheets *out)
{
    mt_text list;
    mt_xml *xml;
    const mt_zip_entry *entry = mt_zip_find(zip, PART);
    if (!entry) return mt_fail(cx, MT_E_INPUT, "%s is no workbook: it has no part %s", name, PART);
    MT_TRY(mt_zip_read(cx, zip, entry, &list));
    MT_TRY(mt_xml_open(cx, &xml, PART, list));
    mt_code code = scan_sheets(cx, xml, wanted, out);
    mt_xml_close(xml);
    if (code != MT_OK || out->id) return code;
    return mt_fail(cx, MT_E_INPUT, "%s has no sheet \"%s\"; it has %s", name, wanted,
                   *out->names ? out->names : "none");
}

/* What stands both before an entry and in the list: from the version needed to the length of the name. */
static void put_facts(struct writer *w, const mt_zip_entry *entry)
{
    put_number(w, 20, 2);
    put_number(w, entry->flags, 2);
    put_number(w, entry->method, 2);
    put_number(w, 0, 4); /* when it was changed */
    put_number(w, entry->checksum, 4);
    put_number(w, entry->packed, 4);
    put_number(w, entry->size, 4);
    put_number(w, (uint32_t)strlen(entry->name), 2);
    put_number(w, 0, 2); /* no more facts */
}

static void put_listed(struct writer *w, const mt_zip_entry *entry)
{
    put(w, "PK\001\002", 4);
    put_number(w, 20, 2);
    put_facts(w, entry);
    put_number(w, 0, 2); /* no comment */
    put_number(w, 0, 2); /* the first volume */
    put_number(w, 0, 2);
    put_number(w, 0, 4);
    put_number(w, entry->offset, 4);
    put(w, entry->name, strlen(entry->name));
}

static void put_end(struct writer *w, size_t n, size_t list)
{
    put(w, "PK\005\006", 4);
    put_number(w, 0, 4);
    put_number(w, (uint32_t)n, 2);
    put_number(w, (uint32_t)n, 2);
    put_number(w, (uint32_t)(w->n - 12 - list), 4);
    put_number(w, (uint32_t)list, 4);
    put_number(w, 0, 2);
}

/* The old bytes, a new list of sheets behind them, and a list of parts in which it replaces the old one. */
static mt_code rewrite(mt_ctx *cx, mt_text *out, mt_zip *zip, mt_text bytes, const char *sheets)
{
    size_t n, room = bytes.length + HEAD_BYTES + sizeof PART + strlen(sheets) + END_BYTES;
    const mt_zip_entry *entry = mt_zip_entries(zip, &n);
    mt_text text = mt_text_of(sheets);
    mt_zip_entry own = {.name = PART,
                        .size = (uint32_t)text.length,
                        .packed = (uint32_t)text.length,
                        .checksum = checksum(text),
                        .offset = (uint32_t)bytes.length};
    struct writer w = {0};
    for (size_t k = 0; k < n; k++) room += LIST_BYTES + strlen(entry[k].name);
    MT_TRY(MT_NEW(cx, &w.at, room));
    put(&w, bytes.at, bytes.length);
    put(&w, "PK\003\004", 4);
    put_facts(&w, &own);
    put(&w, PART, strlen(PART));
    put(&w, text.at, text.length);
    size_t list = w.n;
    for (size_t k = 0; k < n; k++) put_listed(&w, strcmp(entry[k].name, PART) == 0 ? &own : &entry[k]);
    put_end(&w, n, list);
    *out = (mt_text){w.at, w.n};
    return MT_OK;
}

mt_code mt_workbook_sheet(mt_ctx *cx, mt_text *out, const char *name, mt_text bytes, const char *sheet)
{
    mt_zip *zip;
    struct sheets sheets = {0};
    const char *list;
    if (!mt_zip_is(bytes)) return mt_fail(cx, MT_E_INPUT, "%s is no workbook (.xlsx)", name);
    if (bytes.length > MT_ZIP_TOTAL_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s has more than %d bytes", name, MT_ZIP_TOTAL_MAX);
    MT_TRY(mt_zip_open(cx, &zip, name, bytes));
    MT_TRY(find_sheet(cx, zip, name, sheet, &sheets));
    *out = bytes;
    if (sheets.at == 0) return MT_OK;
    for (const char *c = sheets.id; *c; c++)
        if (strchr("<>&\"", *c)) return mt_fail(cx, MT_E_INPUT, "%s has a sheet with a strange id", name);
    MT_TRY(mt_text_format(cx, &list, "<workbook><sheets><sheet name=\"1\" id=\"%s\"/></sheets></workbook>",
                          sheets.id));
    return rewrite(cx, out, zip, bytes, list);
}
