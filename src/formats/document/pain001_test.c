/* SEPA credit transfers: who is paid, who is left out and why, and what ISO's schema says of the file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/pain001.h"
#include "formats/document/validator_case.h"

enum { DOCUMENTS = 9 };

static mt_pain001_options options_of(const mt_invoice *invoice)
{
    return (mt_pain001_options){.size = sizeof(mt_pain001_options),
                                .debtor = &invoice->buyer,
                                .message_id = "PAY-2025-06-1",
                                .created = case_at("2025-07-04T08:30:15Z"),
                                .earliest = MT_DAY_NONE};
}

static mt_invoice *numbered(mt_ctx *cx, mt_document_kind kind, const char *number)
{
    mt_invoice *invoice = case_invoice(cx, kind, MT_VAT_S);
    invoice->number = number;
    return invoice;
}

/* Two that are paid, on two days, and one for each reason against. */
static void make_documents(mt_ctx *cx, const mt_invoice *list[DOCUMENTS])
{
    mt_invoice *of[DOCUMENTS];
    for (int k = 0; k < DOCUMENTS; k++) {
        const char *number = NULL;
        assert_int_equal(mt_text_format(cx, &number, "GS-2025-%06d", k), MT_OK);
        of[k] = numbered(cx, k == 2 ? MT_DOC_CORRECTION : MT_DOC_SELF_BILLED, number);
        list[k] = of[k];
    }
    of[1]->due = mt_day_of(2025, 7, 10);
    of[1]->gross_cent = 5;
    of[3]->seller.iban = "DE89370400440532013001";
    of[4]->buyer.party_id = "another";
    of[5]->number = NULL;
    of[6]->gross_cent = 0;
    of[7]->number = of[0]->number;
    of[8]->currency = "CHF";
}

static const char *write_all(mt_ctx *cx, mt_pain001_result *result, const mt_invoice *const *list,
                             int version)
{
    mt_out *out = NULL;
    const char *text = NULL;
    mt_pain001_options options = options_of(list[0]);
    options.version = version;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    if (mt_pain001_write(cx, out, result, list, DOCUMENTS, &options) != MT_OK) fail_msg("%s", cx->err);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

static void pain001__pays_what_is_owed_and_says_why_not_the_rest(void **state)
{
    static const char *const reasons[] = {"negative",    "IBAN",        "another party", "draft",
                                          "amount is 0", "came before", "not in EUR"};
    mt_pain001_result result;
    const mt_invoice *list[DOCUMENTS];
    make_documents(*state, list);
    const char *text = write_all(*state, &result, list, 9);
    assert_int_equal(result.paid, 2);
    assert_int_equal(result.sum_cent, 32255538 + 5);
    assert_int_equal(result.n_left, 7);
    for (int k = 0; k < 7; k++) {
        assert_ptr_equal(result.left[k].invoice, list[k + 2]);
        assert_non_null(strstr(result.left[k].reason, reasons[k]));
    }
    assert_int_equal(judge_count(text, "<CdtTrfTxInf>"), 2);
    assert_int_equal(judge_count(text, "<PmtInf>"), 2);
    assert_non_null(strstr(text, "<CtrlSum>322555.43</CtrlSum>"));
    assert_non_null(strstr(text, "<EndToEndId>GS-2025-000000</EndToEndId>"));
    assert_non_null(strstr(text, "<InstdAmt Ccy=\"EUR\">0.05</InstdAmt>"));
    assert_true(strstr(text, "2025-07-10") < strstr(text, "2025-07-17")); /* blocks in the order of days */
}

static void pain001__writes_names_in_the_characters_of_the_sepa(void **state)
{
    mt_pain001_result result;
    const mt_invoice *list[DOCUMENTS];
    make_documents(*state, list);
    const char *text = write_all(*state, &result, list, 9);
    assert_non_null(strstr(text, "<Nm>Windpark Mueller + Soehne .Nord. GmbH</Nm>"));
}

static void pain001__keeps_the_schemas_of_iso_20022(void **state)
{
    static const int versions[] = {3, 9};
    mt_ctx *cx = *state;
    const char *folder = judge_fetched(cx, "pain");
    const mt_invoice *list[DOCUMENTS];
    make_documents(cx, list);
    for (int k = 0; k < 2; k++)
        for (int bank = 0; bank < 2; bank++) {
            mt_pain001_result result;
            mt_xml_breaches found;
            const char *schema = NULL;
            if (bank) ((mt_invoice *)(uintptr_t)list[0])->buyer.bic = NULL; /* whose bank is not told */
            if (bank) ((mt_invoice *)(uintptr_t)list[0])->seller.bic = NULL;
            const char *text = write_all(cx, &result, list, versions[k]);
            assert_int_equal(mt_text_format(cx, &schema, "%s/pain.001.001.%02d.xsd", folder, versions[k]),
                             MT_OK);
            if (mt_xml_validate(cx, &found, "payments", mt_text_of(text), schema) != MT_OK)
                fail_msg("%s", cx->err);
            if (found.n > 0) fail_msg("line %d: %s", (int)found.at[0].line, found.at[0].sentence);
        }
}

static void pain001__writes_nothing_without_a_payment_or_an_account(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out = NULL;
    mt_pain001_result result;
    mt_invoice *invoice = case_invoice(cx, MT_DOC_CORRECTION, MT_VAT_S);
    const mt_invoice *list[] = {invoice};
    mt_pain001_options options = options_of(invoice);
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    assert_int_equal(mt_pain001_write(cx, out, &result, list, 1, &options), MT_E_ABSENT);
    assert_non_null(strstr(cx->err, "none of 1 documents can be paid: of the first its amount is negative"));
    options.message_id = "/no";
    assert_int_equal(mt_pain001_write(cx, out, &result, list, 1, &options), MT_E_INPUT);
    invoice->buyer.iban = "DE00";
    assert_int_equal(mt_pain001_write(cx, out, &result, list, 1, &options), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "IBAN \"DE00\""));
    assert_int_equal(mt_out_bytes(out).length, 0);
    mt_out_close(out);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(pain001__pays_what_is_owed_and_says_why_not_the_rest),
        IN_CONTEXT(pain001__writes_names_in_the_characters_of_the_sepa),
        IN_CONTEXT(pain001__keeps_the_schemas_of_iso_20022),
        IN_CONTEXT(pain001__writes_nothing_without_a_payment_or_an_account),
    };
    return cmocka_run_group_tests_name("pain001", test, NULL, NULL);
}
