/* XML in: events, text, attributes, and every way in which a document may try to cost or reach more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx_case.h"
#include "io/xml.h"

/* Reads to the end or to the failure; `trace` gets "+name", "-name=text". */
static mt_code walk(mt_ctx *cx, mt_text bytes, char *trace, size_t room)
{
    mt_xml *xml;
    mt_xml_event event = MT_XML_OPEN;
    size_t used = 0;
    mt_code code = mt_xml_open(cx, &xml, "doc", bytes);
    if (code != MT_OK) return code;
    while (code == MT_OK && event != MT_XML_END) {
        code = mt_xml_next(cx, xml, &event);
        if (code != MT_OK || event == MT_XML_END || !trace) continue;
        const char *mark = event == MT_XML_OPEN ? "+" : "-";
        const char *text = event == MT_XML_CLOSE ? mt_xml_text(xml).at : "";
        used += (size_t)snprintf(trace + used, room - used, "%s%s%s%s ", mark, mt_xml_name(xml),
                                 *text ? "=" : "", text);
    }
    mt_xml_close(xml);
    return code;
}

static void refuse(mt_ctx *cx, const char *bytes, mt_code wanted, const char *says)
{
    assert_int_equal(walk(cx, mt_text_of(bytes), NULL, 0), wanted);
    if (!strstr(cx->err, says)) fail_msg("\"%s\" does not say \"%s\"", cx->err, says);
}

static void xml__gives_elements_and_their_text_in_order(void **state)
{
    char trace[400];
    const char *doc = "<?xml version=\"1.0\"?><!-- hi --><p:a xmlns:p='urn:x'><b>1</b><c/><b>2 &lt; "
                      "&#51;</b><d><![CDATA[<x>]]></d></p:a>";
    assert_int_equal(walk(*state, mt_text_of(doc), trace, sizeof trace), MT_OK);
    assert_string_equal(trace, "+a +b -b=1 +c -c +b -b=2 < 3 +d -d=<x> -a ");
}

static void xml__tells_attributes_parents_and_depth(void **state)
{
    mt_ctx *cx = *state;
    mt_xml *xml;
    mt_xml_event event;
    mt_text value;
    const char *doc = "<a><b x='1' n:y='two &amp; three' xmlns:n='u'><c/></b></a>";
    assert_int_equal(mt_xml_open(cx, &xml, "doc", mt_text_of(doc)), MT_OK);
    for (int k = 0; k < 2; k++) assert_int_equal(mt_xml_next(cx, xml, &event), MT_OK);
    assert_true(mt_xml_is(xml, "b"));
    assert_true(mt_xml_attribute(xml, "y", &value));
    assert_true(mt_text_equal(value, "two & three"));
    assert_true(mt_xml_attribute(xml, "x", &value));
    assert_true(mt_text_equal(value, "1"));
    assert_false(mt_xml_attribute(xml, "z", &value));
    assert_int_equal(mt_xml_next(cx, xml, &event), MT_OK);
    assert_int_equal(event, MT_XML_OPEN);
    assert_int_equal(mt_xml_depth(xml), 3);
    assert_string_equal(mt_xml_above(xml, 1), "b");
    assert_string_equal(mt_xml_above(xml, 2), "a");
    assert_string_equal(mt_xml_above(xml, 3), "");
    mt_xml_close(xml);
}

static void xml__reads_no_entity_from_anywhere(void **state)
{
    refuse(*state, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", MT_E_INPUT,
           "document type declaration");
    refuse(*state, "<?xml version='1.0'?>\n<!-- <r> --><!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>",
           MT_E_INPUT, "document type declaration");
    refuse(*state, "<a>&nothing;</a>", MT_E_INPUT, "line 1");
}

static void xml__does_not_laugh_a_billion_times(void **state)
{
    refuse(*state,
           "<!DOCTYPE l [<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
           "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]><l>&c;</l>",
           MT_E_INPUT, "document type declaration");
}

/* In UTF-16 the words are not seen in advance; the library's own node tells. */
static void xml__finds_a_declaration_in_another_encoding_too(void **state)
{
    const char *doc = "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>";
    char wide[256] = {(char)0xFF, (char)0xFE};
    size_t n = strlen(doc);
    for (size_t k = 0; k < n; k++) wide[2 + 2 * k] = doc[k];
    assert_int_equal(walk(*state, (mt_text){wide, 2 + 2 * n}, NULL, 0), MT_E_INPUT);
}

static void xml__says_where_a_broken_document_breaks(void **state)
{
    refuse(*state, "<a>\n<b>\n</a>", MT_E_INPUT, "doc, line 3: not valid XML");
    refuse(*state, "<a><b>1</b>", MT_E_INPUT, "not valid XML");
    refuse(*state, "<a/><b/>", MT_E_INPUT, "not valid XML");
    refuse(*state, "no XML at all", MT_E_INPUT, "not valid XML");
    refuse(*state, "", MT_E_INPUT, "empty");
    refuse(*state, "   ", MT_E_INPUT, "not valid XML");
}

static void xml__bounds_depth_and_text(void **state)
{
    size_t n = MT_XML_TEXT_MAX + 100;
    char *doc = malloc(n + 20);
    assert_non_null(doc);
    doc[0] = '\0';
    for (int k = 0; k <= MT_XML_DEPTH_MAX; k++) memcpy(doc + 3 * k, "<a>", 4);
    refuse(*state, doc, MT_E_TOO_LARGE, "deeper than 64");
    memcpy(doc, "<a>", 3);
    memset(doc + 3, 'x', n);
    memcpy(doc + 3 + n, "</a>", 5);
    refuse(*state, doc, MT_E_TOO_LARGE, "bytes of text");
    free(doc);
}

/* A schema of two files in a folder of the test's own. */
static const char *write_schema(mt_ctx *cx, const char *folder, const char *name, const char *text)
{
    const char *path = NULL;
    assert_int_equal(mt_text_format(cx, &path, "%s/%s", folder, name), MT_OK);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

#define SCHEMA "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"

static void xml__checks_a_document_against_a_schema_of_several_files(void **state)
{
    mt_ctx *cx = *state;
    mt_xml_breaches found;
    char folder[] = "/tmp/merit_xml_XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *part = write_schema(cx, folder, "part.xsd",
                                    SCHEMA "<xs:simpleType name='price'><xs:restriction base='xs:decimal'>"
                                           "<xs:minInclusive value='0'/></xs:restriction></xs:simpleType>"
                                           "</xs:schema>");
    const char *all = write_schema(cx, folder, "all.xsd",
                                   SCHEMA "<xs:include schemaLocation='part.xsd'/>"
                                          "<xs:element name='p' type='price'/></xs:schema>");
    const char *net = write_schema(
        cx, folder, "net.xsd", SCHEMA "<xs:include schemaLocation='http://127.0.0.1:1/x.xsd'/></xs:schema>");
    assert_int_equal(mt_xml_validate(cx, &found, "doc", mt_text_of("<p>1.5</p>"), all), MT_OK);
    assert_int_equal(found.n, 0);
    assert_int_equal(mt_xml_validate(cx, &found, "doc", mt_text_of("\n<p>-1</p>"), all), MT_OK);
    assert_true(found.n > 0);
    assert_int_equal(found.at[0].line, 2);
    assert_non_null(strstr(found.at[0].sentence, "'-1'"));
    assert_int_equal(mt_xml_validate(cx, &found, "doc", mt_text_of("<p>1</p>"), net), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "only files are followed"));
    assert_int_equal(mt_xml_validate(cx, &found, "doc", mt_text_of("<!DOCTYPE p><p>1</p>"), all), MT_E_INPUT);
    assert_int_equal(remove(part), 0);
    assert_int_equal(mt_xml_validate(cx, &found, "doc", mt_text_of("<p>1</p>"), all), MT_E_IO);
    assert_non_null(strstr(cx->err, "part.xsd cannot be read"));
    assert_true(remove(all) == 0 && remove(net) == 0 && remove(folder) == 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(xml__gives_elements_and_their_text_in_order),
        IN_CONTEXT(xml__tells_attributes_parents_and_depth),
        IN_CONTEXT(xml__reads_no_entity_from_anywhere),
        IN_CONTEXT(xml__does_not_laugh_a_billion_times),
        IN_CONTEXT(xml__finds_a_declaration_in_another_encoding_too),
        IN_CONTEXT(xml__says_where_a_broken_document_breaks),
        IN_CONTEXT(xml__bounds_depth_and_text),
        IN_CONTEXT(xml__checks_a_document_against_a_schema_of_several_files),
    };
    return cmocka_run_group_tests_name("xml", test, NULL, NULL);
}
