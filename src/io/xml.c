/* XML in, through libxml2's text reader, which is loaded when it is first needed. */
#include "io/xml.h"

#include "io/bytes.h"
#include "io/library.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
#define XML_LIST(X)                                                                                    \
    X(xmlReaderForMemory) X(xmlFreeTextReader) X(xmlTextReaderRead) X(xmlTextReaderNodeType)           \
    X(xmlTextReaderDepth) X(xmlTextReaderConstLocalName) X(xmlTextReaderConstValue)                    \
    X(xmlTextReaderIsEmptyElement) X(xmlTextReaderMoveToFirstAttribute)                                \
    X(xmlTextReaderMoveToNextAttribute) X(xmlTextReaderMoveToElement)                                  \
    X(xmlTextReaderGetParserLineNumber) X(xmlTextReaderSetStructuredErrorHandler)
/* clang-format on */

struct xml_api {
    XML_LIST(MT_LIBRARY_MEMBER)
};

static const mt_library_symbol symbols[] = {
#define XML_ROW(name) {#name, offsetof(struct xml_api, name)},
    XML_LIST(XML_ROW)
#undef XML_ROW
};

static const mt_library library = {"libxml2.so.2", "the XML library", "an XML document or a workbook",
                                   "libxml2",      symbols,           sizeof symbols / sizeof *symbols};

enum { FAULT_MAX = 200 };

struct mt_xml {
    struct xml_api api;
    void *handle;
    xmlTextReaderPtr reader;
    const char *name; /* of the document */
    const char *open[MT_XML_DEPTH_MAX + 1];
    int depth;   /* elements that are open */
    int at;      /* the level of the element of the last event */
    bool closes; /* an empty element was opened: its close comes next */
    bool rooted;
    char *text;
    size_t length, room;
    char fault[FAULT_MAX]; /* what the library said first */
    int fault_line;
};

/* Keeps the first error and prints nothing. */
static void keep_fault(void *arg, xmlErrorPtr error)
{
    mt_xml *xml = arg;
    if (xml->fault[0] || !error || !error->message || error->level < XML_ERR_ERROR) return;
    size_t n = strcspn(error->message, "\n");
    if (n >= FAULT_MAX) n = FAULT_MAX - 1;
    memcpy(xml->fault, error->message, n);
    xml->fault_line = error->line;
}

/* Before the library sees it, because it would read the declarations inside first. */
static bool has_doctype(mt_text bytes)
{
    static const char word[] = "<!DOCTYPE";
    const char *at = bytes.at, *end = bytes.at + bytes.length;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        size_t left = (size_t)(end - at);
        if (left >= sizeof word - 1 && memcmp(at, word, sizeof word - 1) == 0) return true;
        if (left > 1 && at[1] != '?' && at[1] != '!') return false; /* the root: none may follow */
        at++;
    }
    return false;
}

static mt_code refuse_doctype(mt_ctx *cx, const char *name)
{
    return mt_fail(cx, MT_E_INPUT, "%s has a document type declaration: documents with one are not read",
                   name);
}

mt_code mt_xml_open(mt_ctx *cx, mt_xml **out, const char *name, mt_text bytes)
{
    mt_code code = MT_OK;
    mt_xml *xml = NULL;
    if (bytes.length == 0) return mt_fail(cx, MT_E_INPUT, "%s is empty, an XML document was expected", name);
    if (bytes.length > MT_XML_BYTES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: %zu bytes of XML, at most %d are read", name, bytes.length,
                       MT_XML_BYTES_MAX);
    if (has_doctype(bytes)) return refuse_doctype(cx, name);
    xml = calloc(1, sizeof *xml);
    if (!xml) return mt_fail(cx, MT_E_MEMORY, "no memory to read %s", name);
    xml->name = name;
    MT_TRY_OUT(mt_library_load(cx, &xml->handle, &xml->api, &library));
    xml->reader = xml->api.xmlReaderForMemory(bytes.at, (int)bytes.length, NULL, NULL,
                                              XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR |
                                                  XML_PARSE_NOWARNING);
    if (!xml->reader) MT_TRY_OUT(mt_fail(cx, MT_E_MEMORY, "no memory to read %s", name));
    xml->api.xmlTextReaderSetStructuredErrorHandler(xml->reader, keep_fault, xml);
    *out = xml;
    xml = NULL;
out:
    mt_xml_close(xml);
    return code;
}

void mt_xml_close(mt_xml *xml)
{
    if (!xml) return;
    if (xml->reader) xml->api.xmlFreeTextReader(xml->reader);
    mt_library_unload(xml->handle);
    free(xml->text);
    free(xml);
}

static mt_code add_text(mt_ctx *cx, mt_xml *xml)
{
    const char *text = (const char *)xml->api.xmlTextReaderConstValue(xml->reader);
    size_t n = text ? strlen(text) : 0;
    if (xml->length + n > MT_XML_TEXT_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s, line %llu: more than %d bytes of text in one element",
                       xml->name, (unsigned long long)mt_xml_line(xml), MT_XML_TEXT_MAX);
    if (xml->length + n + 1 > xml->room) {
        size_t room = (xml->length + n) * 2 + 64;
        char *grown = realloc(xml->text, room);
        if (!grown) return mt_fail(cx, MT_E_MEMORY, "no memory to read %s", xml->name);
        xml->text = grown;
        xml->room = room;
    }
    if (n) memcpy(xml->text + xml->length, text, n);
    xml->length += n;
    xml->text[xml->length] = '\0';
    return MT_OK;
}

static void drop_text(mt_xml *xml)
{
    xml->length = 0;
    if (xml->text) xml->text[0] = '\0';
}

static mt_code open_element(mt_ctx *cx, mt_xml *xml)
{
    if (xml->depth == MT_XML_DEPTH_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s, line %llu: deeper than %d levels", xml->name,
                       (unsigned long long)mt_xml_line(xml), MT_XML_DEPTH_MAX);
    const char *name = (const char *)xml->api.xmlTextReaderConstLocalName(xml->reader);
    xml->open[++xml->depth] = name ? name : "";
    xml->at = xml->depth;
    xml->rooted = true;
    xml->closes = xml->api.xmlTextReaderIsEmptyElement(xml->reader) == 1;
    drop_text(xml);
    return MT_OK;
}

static void close_element(mt_xml *xml)
{
    xml->at = xml->depth;
    xml->depth--;
    xml->closes = false;
}

static mt_code fail_broken(mt_ctx *cx, const mt_xml *xml)
{
    uint64_t line = xml->fault_line > 0 ? (uint64_t)xml->fault_line : mt_xml_line(xml);
    return mt_fail(cx, MT_E_INPUT, "%s, line %llu: not valid XML: %s", xml->name, (unsigned long long)line,
                   xml->fault[0] ? xml->fault : "it stops in the middle");
}

/* What one node of the document means; *told when it is an event. */
static mt_code take_node(mt_ctx *cx, mt_xml *xml, mt_xml_event *event, bool *told)
{
    switch (xml->api.xmlTextReaderNodeType(xml->reader)) {
    case XML_READER_TYPE_ELEMENT:
        *told = true;
        *event = MT_XML_OPEN;
        return open_element(cx, xml);
    case XML_READER_TYPE_END_ELEMENT:
        *told = true;
        *event = MT_XML_CLOSE;
        close_element(xml);
        return MT_OK;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_WHITESPACE:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        return add_text(cx, xml);
    case XML_READER_TYPE_DOCUMENT_TYPE:
        return refuse_doctype(cx, xml->name);
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return mt_fail(cx, MT_E_INPUT, "%s, line %llu: an entity that the document does not explain",
                       xml->name, (unsigned long long)mt_xml_line(xml));
    default:
        return MT_OK;
    }
}

mt_code mt_xml_next(mt_ctx *cx, mt_xml *xml, mt_xml_event *event)
{
    bool told = false;
    if (xml->closes) {
        close_element(xml);
        *event = MT_XML_CLOSE;
        return MT_OK;
    }
    if (xml->at > xml->depth) drop_text(xml); /* what follows a close is another text */
    while (!told) {
        int status = xml->api.xmlTextReaderRead(xml->reader);
        if (status < 0 || xml->fault[0]) return fail_broken(cx, xml);
        if (status == 0) {
            if (!xml->rooted || xml->depth > 0) return fail_broken(cx, xml);
            *event = MT_XML_END;
            xml->at = 0;
            return MT_OK;
        }
        MT_TRY(take_node(cx, xml, event, &told));
    }
    return MT_OK;
}

const char *mt_xml_name(const mt_xml *xml)
{
    return xml->at > 0 ? xml->open[xml->at] : "";
}

mt_text mt_xml_text(const mt_xml *xml)
{
    return (mt_text){xml->text ? xml->text : "", xml->length};
}

bool mt_xml_is(const mt_xml *xml, const char *name)
{
    return strcmp(mt_xml_name(xml), name) == 0;
}

const char *mt_xml_above(const mt_xml *xml, int up)
{
    int level = xml->at - up;
    return level > 0 ? xml->open[level] : "";
}

int mt_xml_depth(const mt_xml *xml)
{
    return xml->at;
}

uint64_t mt_xml_line(const mt_xml *xml)
{
    int line = xml->api.xmlTextReaderGetParserLineNumber(xml->reader);
    return line > 0 ? (uint64_t)line : 0;
}

bool mt_xml_attribute(mt_xml *xml, const char *name, mt_text *out)
{
    bool found = false;
    int more = xml->api.xmlTextReaderMoveToFirstAttribute(xml->reader);
    for (; more == 1 && !found; more = xml->api.xmlTextReaderMoveToNextAttribute(xml->reader)) {
        const char *local = (const char *)xml->api.xmlTextReaderConstLocalName(xml->reader);
        const char *value;
        if (!local || strcmp(local, name) != 0) continue;
        value = (const char *)xml->api.xmlTextReaderConstValue(xml->reader);
        *out = mt_text_of(value ? value : "");
        found = true;
        break;
    }
    (void)xml->api.xmlTextReaderMoveToElement(xml->reader);
    return found;
}

/* --- schemas --- */

/* clang-format off */
#define SCHEMA_LIST(X)                                                                                 \
    X(xmlReadMemory) X(xmlFreeDoc) X(xmlSchemaNewParserCtxt) X(xmlSchemaFreeParserCtxt)                \
    X(xmlSchemaSetParserStructuredErrors) X(xmlSchemaParse) X(xmlSchemaFree) X(xmlSchemaNewValidCtxt)  \
    X(xmlSchemaFreeValidCtxt) X(xmlSchemaSetValidStructuredErrors) X(xmlSchemaValidateDoc)
/* clang-format on */

struct schema_api {
    SCHEMA_LIST(MT_LIBRARY_MEMBER)
};

static const mt_library_symbol schema_symbols[] = {
#define SCHEMA_ROW(name) {#name, offsetof(struct schema_api, name)},
    SCHEMA_LIST(SCHEMA_ROW)
#undef SCHEMA_ROW
};

static const mt_library schema_library = {
    "libxml2.so.2", "the XML library", "a check against an XML schema",
    "libxml2",      schema_symbols,    sizeof schema_symbols / sizeof *schema_symbols};

/* The files of a schema, found one from the other. */
struct schema_files {
    const char **path;
    size_t n, room;
};

static mt_code add_file(mt_ctx *cx, struct schema_files *files, const char *path)
{
    for (size_t k = 0; k < files->n; k++)
        if (strcmp(files->path[k], path) == 0) return MT_OK;
    if (files->n == MT_XML_SCHEMA_FILES_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: a schema of more than %d files", files->path[0],
                       MT_XML_SCHEMA_FILES_MAX);
    MT_TRY(mt_ctx_grow(cx, &files->path, files->n, &files->room, sizeof *files->path));
    files->path[files->n++] = path;
    return MT_OK;
}

/* What stands at the attribute of an import: beside the file, and never elsewhere than on this machine. */
static mt_code follow(mt_ctx *cx, struct schema_files *files, const char *from, mt_text location)
{
    const char *path = NULL, *slash = strrchr(from, '/');
    int folder = slash && location.at[0] != '/' ? (int)(slash - from) + 1 : 0;
    if (strstr(location.at, "://"))
        return mt_fail(cx, MT_E_INPUT, "the schema %s is read from %s: only files are followed", from,
                       location.at);
    MT_TRY(mt_text_format(cx, &path, "%.*s%s", folder, from, location.at));
    return add_file(cx, files, path);
}

static mt_code look_for_imports(mt_ctx *cx, struct schema_files *files, const char *path, mt_xml *xml)
{
    mt_xml_event event;
    mt_text value;
    for (;;) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event == MT_XML_END) return MT_OK;
        if (event != MT_XML_OPEN) continue;
        if (mt_xml_attribute(xml, "base", &value) && strstr(value.at, "://"))
            return mt_fail(cx, MT_E_INPUT, "the schema %s moves its base to %s", path, value.at);
        if (!mt_xml_is(xml, "import") && !mt_xml_is(xml, "include") && !mt_xml_is(xml, "redefine")) continue;
        if (mt_xml_attribute(xml, "schemaLocation", &value)) MT_TRY(follow(cx, files, path, value));
    }
}

static mt_code look_into(mt_ctx *cx, struct schema_files *files, const char *path, mt_bytes *bytes)
{
    mt_xml *xml = NULL;
    mt_text text = {NULL, 0};
    bool last = false;
    while (!last) MT_TRY(mt_bytes_next(cx, bytes, 0, &text.at, &text.length, &last));
    MT_TRY(mt_xml_open(cx, &xml, path, text));
    mt_code code = look_for_imports(cx, files, path, xml);
    mt_xml_close(xml);
    return code;
}

static mt_code look_into_file(mt_ctx *cx, struct schema_files *files, const char *path)
{
    mt_bytes *bytes = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "the schema %s cannot be read: %s", path, strerror(errno));
    mt_code code = mt_bytes_open(cx, &bytes, &(mt_input){path, fd});
    if (code == MT_OK) code = look_into(cx, files, path, bytes);
    mt_bytes_close(bytes);
    (void)close(fd);
    return code;
}

static mt_code check_files(mt_ctx *cx, const char *schema)
{
    struct schema_files files = {.n = 0};
    MT_TRY(add_file(cx, &files, schema));
    for (size_t k = 0; k < files.n; k++) MT_TRY(look_into_file(cx, &files, files.path[k]));
    return MT_OK;
}

/* One validation; what the library says is kept as it is said. */
struct validation {
    struct schema_api api;
    void *handle;
    xmlSchemaParserCtxtPtr parser;
    xmlSchemaPtr schema;
    xmlSchemaValidCtxtPtr valid;
    xmlDocPtr doc;
    mt_ctx *cx;
    mt_xml_breaches *out;
    mt_code code; /* of memory that ran out inside a call of the library */
};

static void keep_breach(void *arg, xmlErrorPtr error)
{
    struct validation *of = arg;
    if (!error || !error->message || error->level < XML_ERR_ERROR || of->code != MT_OK) return;
    mt_text text = {error->message, strcspn(error->message, "\n")};
    if (of->out->n < MT_XML_BREACHES_MAX) {
        mt_xml_breach *breach = &of->out->at[of->out->n];
        breach->line = error->line > 0 ? (uint64_t)error->line : 0;
        of->code = mt_text_copy(of->cx, &breach->sentence, text);
    }
    of->out->n++;
}

static mt_code parse_schema(struct validation *of, const char *schema)
{
    of->parser = of->api.xmlSchemaNewParserCtxt(schema);
    if (!of->parser) return mt_fail(of->cx, MT_E_MEMORY, "no memory to read the schema %s", schema);
    of->api.xmlSchemaSetParserStructuredErrors(of->parser, keep_breach, of);
    of->schema = of->api.xmlSchemaParse(of->parser);
    MT_TRY(of->code);
    if (of->schema) return MT_OK;
    return mt_fail(of->cx, MT_E_INPUT, "%s, line %llu: no valid schema: %s", schema,
                   of->out->n ? (unsigned long long)of->out->at[0].line : 0ULL,
                   of->out->n ? of->out->at[0].sentence : "it cannot be read");
}

static mt_code validate(struct validation *of, const char *name, mt_text bytes, const char *schema)
{
    enum { QUIET = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING };
    MT_TRY(mt_library_load(of->cx, &of->handle, &of->api, &schema_library));
    MT_TRY(parse_schema(of, schema));
    of->out->n = 0;
    of->doc = of->api.xmlReadMemory(bytes.at, (int)bytes.length, NULL, NULL, QUIET);
    of->valid = of->api.xmlSchemaNewValidCtxt(of->schema);
    if (!of->doc || !of->valid) return mt_fail(of->cx, MT_E_MEMORY, "no memory to check %s", name);
    of->api.xmlSchemaSetValidStructuredErrors(of->valid, keep_breach, of);
    int status = of->api.xmlSchemaValidateDoc(of->valid, of->doc);
    MT_TRY(of->code);
    if (status < 0) return mt_fail(of->cx, MT_E_FAILED, "%s could not be checked against %s", name, schema);
    return MT_OK;
}

/* Reads the document once, so that all that mt_xml_open and mt_xml_next refuse is refused here too. */
static mt_code read_through(mt_ctx *cx, const char *name, mt_text bytes)
{
    mt_xml *xml = NULL;
    mt_xml_event event = MT_XML_OPEN;
    mt_code code = mt_xml_open(cx, &xml, name, bytes);
    while (code == MT_OK && event != MT_XML_END) code = mt_xml_next(cx, xml, &event);
    mt_xml_close(xml);
    return code;
}

mt_code mt_xml_validate(mt_ctx *cx, mt_xml_breaches *out, const char *name, mt_text bytes, const char *schema)
{
    mt_xml_breaches breaches = {NULL, 0};
    struct validation of = {.cx = cx, .out = &breaches, .code = MT_OK};
    MT_TRY(read_through(cx, name, bytes));
    MT_TRY(check_files(cx, schema));
    MT_TRY(MT_NEW(cx, &breaches.at, MT_XML_BREACHES_MAX));
    mt_code code = validate(&of, name, bytes, schema);
    if (of.valid) of.api.xmlSchemaFreeValidCtxt(of.valid);
    if (of.doc) of.api.xmlFreeDoc(of.doc);
    if (of.schema) of.api.xmlSchemaFree(of.schema);
    if (of.parser) of.api.xmlSchemaFreeParserCtxt(of.parser);
    mt_library_unload(of.handle);
    if (code == MT_OK) *out = breaches;
    return code;
}
