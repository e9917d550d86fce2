/* CII: what the document says, and what independent judges say of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/cii.h"
#include "formats/document/validator_case.h"

static void say(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("\"%s\" is not in %s", words, text);
}

static void cii__says_the_same_as_the_document(void **state)
{
    const char *text = case_written(*state, mt_cii_write, case_invoice(*state, MT_DOC_SELF_BILLED, MT_VAT_S),
                                    MT_PROFILE_EN16931);
    say(text, "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>");
    say(text, "<ram:TypeCode>389</ram:TypeCode>");
    say(text, "<ram:Content>Gutschrift. Infeed of June 2025</ram:Content>");
    say(text, "<udt:DateTimeString format=\"102\">20250703</udt:DateTimeString>");
    say(text, "<ram:BilledQuantity unitCode=\"MWH\">-3360.5</ram:BilledQuantity>");
    say(text, "<ram:ChargeAmount>10.0000000001</ram:ChargeAmount>");
    say(text, "<ram:IBANID>DE89370400440532013000</ram:IBANID>");
    /* 271054.94 net, 51500.44 VAT (19 % is 51500.4386), as the lines of the case say */
    say(text, "<ram:TaxTotalAmount currencyID=\"EUR\">51500.44</ram:TaxTotalAmount>");
    say(text, "<ram:DuePayableAmount>322555.38</ram:DuePayableAmount>");
}

static void cii__tells_how_to_pay_where_no_day_is_told(void **state)
{
    mt_invoice *invoice = case_invoice(*state, MT_DOC_SERVICE, MT_VAT_S);
    invoice->due = MT_DAY_NONE;
    invoice->seller.iban = NULL;
    const char *text = case_written(*state, mt_cii_write, invoice, MT_PROFILE_EN16931);
    say(text, "<ram:Description>Payable upon receipt</ram:Description>");
    say(text, "<ram:TypeCode>1</ram:TypeCode>");
    assert_null(strstr(text, "CreditorFinancialAccount"));
}

static void cii__every_kind_and_category_passes_the_published_rules(void **state)
{
    judge_by_rules(*state, "data/einvoice/en16931/EN16931-CII-validation.xslt", mt_cii_write,
                   MT_PROFILE_EN16931);
}

static void cii__every_kind_and_category_keeps_the_schema(void **state)
{
    judge_by_schema(*state, mt_cii_write, MT_PROFILE_EN16931,
                    judge_shared(*state, "data/einvoice/cii_xsd/CII/uncefact/data/standard/"
                                         "CrossIndustryInvoice_100pD16B.xsd"));
}

static void cii__every_kind_and_category_passes_mustang(void **state)
{
    judge_by_mustang(*state, mt_cii_write, MT_PROFILE_XRECHNUNG);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(cii__says_the_same_as_the_document),
        IN_CONTEXT(cii__tells_how_to_pay_where_no_day_is_told),
        IN_CONTEXT(cii__every_kind_and_category_passes_the_published_rules),
        IN_CONTEXT(cii__every_kind_and_category_keeps_the_schema),
        IN_CONTEXT(cii__every_kind_and_category_passes_mustang),
    };
    return cmocka_run_group_tests_name("cii", test, NULL, NULL);
}
