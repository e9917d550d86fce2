/* XML out: groups that wait, leaves that are left out, texts that stay texts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "formats/document/xml_write.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void begin(mt_xml_writer *xml, mt_out **out)
{
    assert_int_equal(mt_out_memory(&ctx_case, out), MT_OK);
    mt_xml_start(&ctx_case, xml, *out);
}

static void end_with(mt_xml_writer *xml, mt_out *out, const char *wanted)
{
    assert_int_equal(mt_xml_done(xml), MT_OK);
    mt_text bytes = mt_out_bytes(out);
    assert_int_equal(bytes.length, strlen(wanted));
    assert_memory_equal(bytes.at, wanted, bytes.length);
    mt_out_close(out);
}

static void xml_write__leaves_out_what_has_no_content(void **state)
{
    mt_xml_writer xml;
    mt_out *out;
    (void)state;
    begin(&xml, &out);
    mt_xml_group(&xml, "r", "x=\"1\"");
    mt_xml_group(&xml, "none", NULL);
    mt_xml_leaf(&xml, "empty", "");
    mt_xml_leaf(&xml, "missing", NULL);
    mt_xml_leaf_day(&xml, "never", MT_DAY_NONE);
    mt_xml_end(&xml);
    mt_xml_group(&xml, "kept", NULL);
    mt_xml_keep(&xml);
    mt_xml_end(&xml);
    mt_xml_group(&xml, "g", NULL);
    mt_xml_leaf_int(&xml, "n", -7);
    mt_xml_end(&xml);
    mt_xml_end(&xml);
    end_with(&xml, out, HEAD "<r x=\"1\">\n  <kept>\n  </kept>\n  <g>\n    <n>-7</n>\n  </g>\n</r>\n");
}

static void xml_write__escapes_texts_and_attributes(void **state)
{
    mt_xml_writer xml;
    mt_out *out;
    (void)state;
    begin(&xml, &out);
    mt_xml_group(&xml, "r", NULL);
    mt_xml_leaf_with(&xml, "a", "b", "\"<&", "</a>&");
    mt_xml_empty_with(&xml, "e", (const char *const[]){"v", ">\x02", "w", "2", NULL});
    mt_xml_end(&xml);
    end_with(&xml, out,
             HEAD "<r>\n  <a b=\"&quot;&lt;&amp;\">&lt;/a&gt;&amp;</a>\n"
                  "  <e v=\"&gt;\xEF\xBF\xBD\" w=\"2\"/>\n</r>\n");
}

static void xml_write__tells_what_was_not_ended(void **state)
{
    mt_xml_writer xml;
    mt_out *out;
    (void)state;
    begin(&xml, &out);
    mt_xml_group(&xml, "r", NULL);
    assert_int_equal(mt_xml_done(&xml), MT_E_BUG);
    mt_xml_end(&xml);
    mt_xml_end(&xml);
    assert_int_equal(mt_xml_done(&xml), MT_E_BUG);
    mt_out_close(out);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(xml_write__leaves_out_what_has_no_content),
        IN_CONTEXT(xml_write__escapes_texts_and_attributes),
        IN_CONTEXT(xml_write__tells_what_was_not_ended),
    };
    return cmocka_run_group_tests_name("xml_write", test, NULL, NULL);
}
