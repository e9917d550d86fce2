/* XML out: groups wait until something is written into them. */
#include "formats/document/xml_write.h"

#include "base/text.h"
#include "io/page/markup.h"

#include <inttypes.h>
#include <stdio.h>

static void keep_code(mt_xml_writer *xml, mt_code code)
{
    if (xml->code == MT_OK) xml->code = code;
}

static void put(mt_xml_writer *xml, const char *text)
{
    if (xml->code == MT_OK) keep_code(xml, mt_out_text(xml->cx, xml->out, text));
}

static void put_escaped(mt_xml_writer *xml, const char *text)
{
    if (xml->code == MT_OK) keep_code(xml, mt_markup_text(xml->cx, xml->out, mt_text_of(text)));
}

static void put_line(mt_xml_writer *xml, int level)
{
    put(xml, "\n");
    for (int k = 0; k < level; k++) put(xml, "  ");
}

/* The tags of the groups that wait. */
static void put_waiting(mt_xml_writer *xml)
{
    for (; xml->written < xml->depth; xml->written++) {
        const char *constant = xml->constant[xml->written];
        put_line(xml, xml->written);
        put(xml, "<");
        put(xml, xml->name[xml->written]);
        if (constant) put(xml, " ");
        if (constant) put(xml, constant);
        put(xml, ">");
    }
}

void mt_xml_start(mt_ctx *cx, mt_xml_writer *xml, mt_out *out)
{
    *xml = (mt_xml_writer){.cx = cx, .out = out};
    put(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void mt_xml_group(mt_xml_writer *xml, const char *name, const char *constant)
{
    if (xml->code != MT_OK) return;
    if (xml->depth == MT_XML_WRITER_DEPTH_MAX) {
        xml->code =
            mt_fail(xml->cx, MT_E_BUG, "%s stands deeper than %d levels", name, MT_XML_WRITER_DEPTH_MAX);
        return;
    }
    xml->name[xml->depth] = name;
    xml->constant[xml->depth++] = constant;
}

void mt_xml_keep(mt_xml_writer *xml)
{
    put_waiting(xml);
}

void mt_xml_end(mt_xml_writer *xml)
{
    if (xml->code != MT_OK) return;
    if (xml->depth == 0) {
        xml->code = mt_fail(xml->cx, MT_E_BUG, "an element of XML is ended that was not begun");
        return;
    }
    xml->depth--;
    if (xml->written <= xml->depth) return;
    xml->written--;
    put_line(xml, xml->depth);
    put(xml, "</");
    put(xml, xml->name[xml->depth]);
    put(xml, ">");
    if (xml->depth == 0) put(xml, "\n");
}

static void put_attribute(mt_xml_writer *xml, const char *name, const char *value)
{
    put(xml, " ");
    put(xml, name);
    put(xml, "=\"");
    put_escaped(xml, value);
    put(xml, "\"");
}

void mt_xml_empty_with(mt_xml_writer *xml, const char *name, const char *const *attribute)
{
    put_waiting(xml);
    put_line(xml, xml->depth);
    put(xml, "<");
    put(xml, name);
    for (; attribute[0]; attribute += 2) put_attribute(xml, attribute[0], attribute[1]);
    put(xml, "/>");
}

void mt_xml_leaf_with(mt_xml_writer *xml, const char *name, const char *attribute, const char *value,
                      const char *text)
{
    if (!text || !*text) return;
    put_waiting(xml);
    put_line(xml, xml->depth);
    put(xml, "<");
    put(xml, name);
    if (attribute && value && *value) put_attribute(xml, attribute, value);
    put(xml, ">");
    put_escaped(xml, text);
    put(xml, "</");
    put(xml, name);
    put(xml, ">");
}

void mt_xml_leaf(mt_xml_writer *xml, const char *name, const char *text)
{
    mt_xml_leaf_with(xml, name, NULL, NULL, text);
}

void mt_xml_leaf_day(mt_xml_writer *xml, const char *name, mt_day day)
{
    char text[MT_TIME_TEXT_MAX];
    if (day == MT_DAY_NONE) return;
    (void)mt_day_text(day, text);
    mt_xml_leaf(xml, name, text);
}

void mt_xml_leaf_int(mt_xml_writer *xml, const char *name, int64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    mt_xml_leaf(xml, name, text);
}

mt_code mt_xml_done(const mt_xml_writer *xml)
{
    if (xml->code == MT_OK && xml->depth > 0)
        return mt_fail(xml->cx, MT_E_BUG, "the element %s of XML is not ended", xml->name[xml->depth - 1]);
    return xml->code;
}
