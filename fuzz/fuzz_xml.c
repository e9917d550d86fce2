/* Fuzzer of XML documents: opens and closes are balanced and within their depth, or there is a sentence.
 *
 * Shapes    Any bytes.
 */
#include "fuzz_input.h"

#include "io/xml.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code read_document(mt_ctx *cx, mt_xml *xml)
{
    mt_xml_event event = MT_XML_OPEN;
    mt_text value;
    int depth = 0;
    for (;;) {
        MT_TRY(mt_xml_next(cx, xml, &event));
        if (event == MT_XML_END) break;
        if (event == MT_XML_OPEN) DEMAND(++depth == mt_xml_depth(xml) && depth <= MT_XML_DEPTH_MAX);
        DEMAND(mt_xml_name(xml)[0] != '\0' && mt_xml_depth(xml) >= 1);
        DEMAND((depth == 1) == (mt_xml_above(xml, 1)[0] == '\0'));
        if (event == MT_XML_OPEN && mt_xml_attribute(xml, "r", &value))
            DEMAND(strlen(value.at) == value.length);
        if (event == MT_XML_CLOSE)
            DEMAND(depth-- > 0 && mt_xml_text(xml).at[mt_xml_text(xml).length] == '\0');
    }
    DEMAND(depth == 0);
    return MT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.fd = -1};
    mt_xml *xml;
    mt_ctx_init(&input.cx, NULL);
    mt_code code = mt_xml_open(&input.cx, &xml, "fuzz", (mt_text){(const char *)data, size});
    if (code == MT_OK) {
        code = read_document(&input.cx, xml);
        mt_xml_close(xml);
    }
    fuzz_check(&input, code);
    mt_ctx_close(&input.cx);
    return 0;
}
