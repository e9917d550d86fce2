/* What a PDF for archives promises: metadata, colours, attachment, identifier, equal bytes. Whether it is
 * PDF/A-3 is judged by an outside validator in ops/vpp/render. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/pdf/pdf_case.h"

static const char invoice[] = "<rsm:CrossIndustryInvoice/>\n";

static mt_text drawn(void)
{
    mt_pdf pdf;
    open_case(&pdf);
    mt_pdf_text(&pdf, MT_LETTER_TITLE, "Gutschrift \xE2\x82\xAC \xE2\x88\x92 1"); /* glyphs beyond Latin-1 */
    return printed_case(&pdf);
}

static mt_code pack(mt_text pdf, const mt_pdf_attachment *attachment, mt_text *bytes)
{
    mt_pdf_archive_options options = {
        .size = sizeof options, .about = about_case(), .attachment = attachment};
    mt_out *out = NULL;
    const char *copy = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    mt_code code = mt_pdf_archive(&ctx_case, press_case, out, pdf, &options);
    *bytes = mt_out_bytes(out);
    if (code == MT_OK) assert_int_equal(mt_text_copy(&ctx_case, &copy, *bytes), MT_OK);
    bytes->at = copy;
    mt_out_close(out);
    return code;
}

static const mt_pdf_attachment attachment = {.name = "factur-x.xml",
                                             .media_type = "text/xml",
                                             .description = "Rechnungsdaten",
                                             .relationship = "Alternative",
                                             .profile = "EN 16931",
                                             .bytes = {invoice, sizeof invoice - 1}};

static void archive__says_what_it_is_and_what_is_inside(void **state)
{
    mt_text bytes;
    (void)state;
    NEEDS_PRESS();
    assert_int_equal(pack(drawn(), &attachment, &bytes), MT_OK);
    assert_memory_equal(bytes.at, "%PDF-1.7\n", 9);
    static const char *const once[] = {
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:Version>1.0</fx:Version>",
        "<rdf:li>M\xC3\xBCller &amp; &lt;S\xC3\xB6hne&gt;</rdf:li>",
        "<xmp:CreateDate>2025-07-03T06:30:00Z</xmp:CreateDate>",
        "/AFRelationship /Alternative",
        "/Subtype /text#2Fxml",
        "/S /GTS_PDFA1",
        "/Lang (de)",
        "/CreationDate (D:20250703063000Z)",
    };
    for (size_t k = 0; k < sizeof once / sizeof *once; k++) {
        if (count_case(bytes, once[k]) != 1) fail_msg("%s", once[k]);
    }
    assert_true(count_case(bytes, "/CIDToGIDMap /Identity") >= 1);
    assert_int_equal(count_case(bytes, "/S /Transparency"), 0);
    assert_int_equal(count_case(bytes, "/JavaScript"), 0);
    assert_int_equal(count_case(bytes, "/ID [<"), 1);
}

static void archive__without_an_invoice_speaks_of_none(void **state)
{
    mt_text bytes;
    (void)state;
    NEEDS_PRESS();
    assert_int_equal(pack(drawn(), NULL, &bytes), MT_OK);
    assert_int_equal(count_case(bytes, "factur-x"), 0);
    assert_int_equal(count_case(bytes, "/EmbeddedFiles"), 0);
    assert_int_equal(count_case(bytes, "<pdfaid:part>3</pdfaid:part>"), 1);
}

static void archive__packs_equal_bytes_for_equal_documents(void **state)
{
    mt_text a, b, c;
    mt_pdf_attachment other = attachment;
    (void)state;
    NEEDS_PRESS();
    other.bytes.length--;
    assert_int_equal(pack(drawn(), &attachment, &a), MT_OK);
    assert_int_equal(pack(drawn(), &attachment, &b), MT_OK);
    assert_int_equal(pack(drawn(), &other, &c), MT_OK);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.at, b.at, a.length);
    assert_true(c.length != a.length || memcmp(a.at, c.at, a.length) != 0);
}

static void archive__refuses_what_is_no_pdf(void **state)
{
    mt_text bytes;
    (void)state;
    NEEDS_PRESS();
    assert_int_equal(pack(mt_text_of("%PDF-1.4 and then nothing"), NULL, &bytes), MT_E_INPUT);
    assert_non_null(strstr(ctx_case.err, "cannot be read"));
}

static void archive__refuses_a_media_type_that_is_none(void **state)
{
    mt_pdf_attachment wrong = attachment;
    mt_text bytes;
    (void)state;
    NEEDS_PRESS();
    wrong.media_type = "xml";
    assert_int_equal(pack(drawn(), &wrong, &bytes), MT_E_INPUT);
    assert_non_null(strstr(ctx_case.err, "\"xml\" is no media type"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PRESS(archive__says_what_it_is_and_what_is_inside),
        ON_PRESS(archive__without_an_invoice_speaks_of_none),
        ON_PRESS(archive__packs_equal_bytes_for_equal_documents),
        ON_PRESS(archive__refuses_what_is_no_pdf),
        ON_PRESS(archive__refuses_a_media_type_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
