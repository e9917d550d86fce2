/* A document written as JSON and read again is the same document. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/invoice_case.h"
#include "formats/document/invoice_json.h"

static mt_code write_json(mt_ctx *cx, mt_out *out, const mt_invoice *invoice, const char *profile)
{
    (void)profile;
    return mt_invoice_json(cx, out, invoice, MT_JSON_PRETTY);
}

static void say(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("\"%s\" is not in %s", words, text);
}

static void invoice_json__says_every_amount_exactly(void **state)
{
    const char *text =
        case_written(*state, write_json, case_invoice(*state, MT_DOC_SELF_BILLED, MT_VAT_S), "");
    say(text, "\"kind\": \"infeed\"");
    say(text, "\"quantity\": -3360.5");
    say(text, "\"unit_net\": \"83.1234\"");
    say(text, "\"unit_net\": \"10.0000000001\"");
    say(text, "\"net\": 279336.19");
    say(text, "\"vat_category\": \"S\"");
    say(text, "\"vat\": 53073.88"); /* 279,336.19 x 19 % = 53,073.8761 */
    say(text, "\"gross\": 332410.07");
    say(text, "\"from\": \"2025-06-01\"");
}

static void invoice_json__reads_what_it_wrote(void **state)
{
    for (int kind = 0; kind < MT_DOCUMENT_KINDS; kind++) {
        for (int category = 0; category < MT_VAT_CATEGORIES; category++) {
            mt_invoice read;
            mt_invoice *made = case_invoice(*state, (mt_document_kind)kind, (mt_vat_category)category);
            const char *first = case_written(*state, write_json, made, "");
            if (mt_invoice_json_read(*state, &read, "a.json", mt_text_of(first)) != MT_OK)
                fail_msg("%s", ((mt_ctx *)*state)->err);
            assert_int_equal(read.kind, kind);
            assert_int_equal(read.n_line, made->n_line);
            assert_true(read.gross_cent == made->gross_cent);
            assert_int_equal(read.line[2].unit_net_decimals, 10);
            assert_string_equal(case_written(*state, write_json, &read, ""), first);
        }
    }
}

static void invoice_json__refuses_what_is_no_document(void **state)
{
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"kind\": \"letter\"}",
        "{\"kind\": \"self_billed\", \"lines\": 3}",
        "{\"kind\": \"self_billed\", \"lines\": [{\"kind\": \"infeed\", \"vat_category\": \"S\"}]}",
        "{\"kind\": \"self_billed\", \"lines\": [], \"vat\": [{\"category\": \"Q\"}]}",
        "{\"kind\": \"self_billed\", \"issued\": \"soon\", \"lines\": [], \"vat\": []}"};
    mt_invoice read;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(mt_invoice_json_read(*state, &read, "bad.json", mt_text_of(bad[k])), MT_E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONTEXT(invoice_json__says_every_amount_exactly),
        IN_CONTEXT(invoice_json__reads_what_it_wrote),
        IN_CONTEXT(invoice_json__refuses_what_is_no_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
