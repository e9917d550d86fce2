/* UBL: what the document says, word by word, and what independent judges say of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/ubl.h"
#include "formats/document/validator_case.h"

static const char *write_case(mt_ctx *cx, mt_document_kind kind, mt_vat_category category)
{
    return case_written(cx, mt_ubl_write, case_invoice(cx, kind, category), MT_PROFILE_XRECHNUNG);
}

static void say(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("\"%s\" is not in %s", words, text);
}

static void ubl__keeps_the_sign_on_the_quantity_and_every_decimal(void **state)
{
    const char *text = write_case(*state, MT_DOC_SELF_BILLED, MT_VAT_S);
    say(text, "<cbc:InvoicedQuantity unitCode=\"MWH\">-3360.5</cbc:InvoicedQuantity>");
    say(text, "<cbc:LineExtensionAmount currencyID=\"EUR\">-8401.25</cbc:LineExtensionAmount>");
    say(text, "<cbc:PriceAmount currencyID=\"EUR\">2.5</cbc:PriceAmount>");
    say(text, "<cbc:PriceAmount currencyID=\"EUR\">10.0000000001</cbc:PriceAmount>");
    say(text, "<cbc:InvoicedQuantity unitCode=\"MAW\">12.000004</cbc:InvoicedQuantity>");
    assert_null(strstr(text, "<cbc:PriceAmount currencyID=\"EUR\">-"));
}

static void ubl__says_gutschrift_where_the_buyer_issues(void **state)
{
    say(write_case(*state, MT_DOC_SELF_BILLED, MT_VAT_S), "<cbc:InvoiceTypeCode>389</cbc:InvoiceTypeCode>");
    say(write_case(*state, MT_DOC_SELF_BILLED, MT_VAT_S), "Gutschrift. Infeed of June 2025</cbc:Note>");
    say(write_case(*state, MT_DOC_SERVICE, MT_VAT_S), "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>");
    assert_null(strstr(write_case(*state, MT_DOC_SERVICE, MT_VAT_S), "Gutschrift"));
}

static void ubl__escapes_what_would_end_an_element(void **state)
{
    const char *text = write_case(*state, MT_DOC_SELF_BILLED, MT_VAT_S);
    say(text, "Infeed &quot;North&quot; &amp; &lt;South&gt;");
    say(text, "M\xC3\xBCller &amp; S\xC3\xB6hne &lt;Nord&gt; GmbH");
    mt_invoice *invoice = case_invoice(*state, MT_DOC_SERVICE, MT_VAT_S);
    invoice->note = "a\x01"
                    "b\xFF"
                    "c";
    say(case_written(*state, mt_ubl_write, invoice, MT_PROFILE_XRECHNUNG), "a\xEF\xBF\xBD"
                                                                           "b\xEF\xBF\xBD"
                                                                           "c");
}

static void ubl__names_the_document_that_a_cancellation_cancels(void **state)
{
    const char *text = write_case(*state, MT_DOC_CORRECTION, MT_VAT_AE);
    say(text, "<cbc:InvoiceTypeCode>384</cbc:InvoiceTypeCode>");
    say(text, "<cbc:ID>GS-2025-000041</cbc:ID>");
    say(text, "<cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode>");
}

static void ubl__tells_no_vat_identifier_outside_of_the_vat(void **state)
{
    assert_null(strstr(write_case(*state, MT_DOC_DAMAGES, MT_VAT_O), "DE123456789"));
    say(write_case(*state, MT_DOC_DAMAGES, MT_VAT_E), "DE123456789");
}

static void ubl__refuses_drafts_and_negative_prices(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out = NULL;
    mt_invoice *invoice = case_invoice(cx, MT_DOC_SERVICE, MT_VAT_S);
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    invoice->line[1].unit_net = -1;
    assert_int_equal(mt_ubl_write(cx, out, invoice, MT_PROFILE_XRECHNUNG), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "line 2: the unit price is negative"));
    invoice->number = NULL;
    assert_int_equal(mt_ubl_write(cx, out, invoice, MT_PROFILE_XRECHNUNG), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "draft"));
    mt_out_close(out);
}

static void ubl__every_kind_and_category_passes_the_published_rules(void **state)
{
    judge_by_rules(*state, "data/einvoice/en16931/EN16931-UBL-validation.xslt", mt_ubl_write,
                   MT_PROFILE_XRECHNUNG);
}

static void ubl__every_kind_and_category_keeps_the_schema(void **state)
{
    judge_by_schema(*state, mt_ubl_write, MT_PROFILE_XRECHNUNG, judge_fetched(*state, "schema"));
}

static void ubl__every_kind_and_category_passes_mustang(void **state)
{
    judge_by_mustang(*state, mt_ubl_write, MT_PROFILE_XRECHNUNG);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(ubl__keeps_the_sign_on_the_quantity_and_every_decimal),
        IN_CONTEXT(ubl__says_gutschrift_where_the_buyer_issues),
        IN_CONTEXT(ubl__escapes_what_would_end_an_element),
        IN_CONTEXT(ubl__names_the_document_that_a_cancellation_cancels),
        IN_CONTEXT(ubl__tells_no_vat_identifier_outside_of_the_vat),
        IN_CONTEXT(ubl__refuses_drafts_and_negative_prices),
        IN_CONTEXT(ubl__every_kind_and_category_passes_the_published_rules),
        IN_CONTEXT(ubl__every_kind_and_category_keeps_the_schema),
        IN_CONTEXT(ubl__every_kind_and_category_passes_mustang),
    };
    return cmocka_run_group_tests_name("ubl", test, NULL, NULL);
}
