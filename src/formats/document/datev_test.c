/* DATEV: the lines as the format describes them, the sides of bookings, and what cannot be booked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "formats/document/datev.h"
#include "formats/document/invoice_case.h"

static mt_datev_options options_of(void)
{
    mt_datev_options options = {.size = sizeof options,
                                .owner_id = "trader-1",
                                .adviser = 1001,
                                .client = 42,
                                .fiscal_year = mt_day_of(2025, 1, 1),
                                .account_digits = 4,
                                .created = case_at("2025-07-04T08:30:15.123Z"),
                                .title = "Juni \"2025\" \xE2\x82\xAC"};
    for (int k = 0; k < MT_VAT_CATEGORIES; k++) {
        options.expense[k] = (mt_datev_account){"5400", k == MT_VAT_AE ? "94" : "9"};
        options.revenue[k] = (mt_datev_account){"8400", NULL};
    }
    return options;
}

static const char *write_one(mt_ctx *cx, const mt_invoice *invoice)
{
    mt_out *out = NULL;
    const char *text = NULL;
    mt_datev_options options = options_of();
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    if (mt_datev_write(cx, out, &invoice, 1, &options) != MT_OK) fail_msg("%s", cx->err);
    assert_int_equal(mt_text_copy(cx, &text, mt_out_bytes(out)), MT_OK);
    mt_out_close(out);
    return text;
}

/* Fields of a line: separators outside of quotes. */
static size_t fields_of(const char *line)
{
    size_t n = 1;
    bool quoted = false;
    for (; *line && *line != '\r'; line++) {
        if (*line == '"') quoted = !quoted;
        if (*line == ';' && !quoted) n++;
    }
    return n;
}

static const char *line_of(const char *text, int number)
{
    for (; number > 1; number--) text = strchr(text, '\n') + 1;
    return text;
}

static void datev__has_31_head_fields_and_125_columns(void **state)
{
    const char *text = write_one(*state, case_invoice(*state, MT_DOC_SELF_BILLED, MT_VAT_S));
    assert_int_equal(fields_of(line_of(text, 1)), 31);
    assert_int_equal(fields_of(line_of(text, 2)), 125);
    assert_int_equal(fields_of(line_of(text, 3)), 125);
    assert_string_equal(line_of(text, 4), "");
    assert_non_null(
        strstr(text, "\"EXTF\";700;21;\"Buchungsstapel\";13;20250704083015123;;\"RE\";\"\";\"\";1001;42;"
                     "20250101;4;20250703;20250703;\"Juni \"\"2025\"\" \x80\";"));
    assert_non_null(strstr(line_of(text, 2), "Gegenkonto (ohne BU-Schl\xFCssel);"));
}

static void datev__books_purchases_and_sales_on_their_sides(void **state)
{
    const char *text = write_one(*state, case_invoice(*state, MT_DOC_SELF_BILLED, MT_VAT_S));
    const char *bought = "322555,38;\"S\";\"EUR\";;;;5400;70001;\"9\";0307;\"GS-2025-S-000042\";\"170725\";;"
                         "\"Windpark M\xFCller & S\xF6hne <Nord> GmbH\";";
    assert_memory_equal(line_of(text, 3), bought, strlen(bought));
    mt_invoice *sale = case_invoice(*state, MT_DOC_SERVICE, MT_VAT_S);
    mt_party owner = sale->buyer;
    sale->buyer = sale->seller;
    sale->seller = owner;
    const char *sold = "322555,38;\"S\";\"EUR\";;;;70001;8400;\"\";0307;\"RE-2025-S-000042\";";
    assert_memory_equal(line_of(write_one(*state, sale), 3), sold, strlen(sold));
}

static void datev__turns_the_side_of_a_cancellation(void **state)
{
    const char *text = write_one(*state, case_invoice(*state, MT_DOC_CORRECTION, MT_VAT_AE));
    const char *line = "271054,94;\"H\";\"EUR\";;;;5400;70001;\"94\";";
    assert_memory_equal(line_of(text, 3), line, strlen(line));
    assert_non_null(strstr(line_of(text, 3), ";0;30062025;;17072025;"));
}

static void refuse(mt_ctx *cx, const mt_invoice *invoice, const char *says)
{
    mt_out *out = NULL;
    mt_datev_options options = options_of();
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    assert_int_equal(mt_datev_write(cx, out, &invoice, 1, &options), MT_E_INPUT);
    if (!strstr(cx->err, says)) fail_msg("%s", cx->err);
    assert_int_equal(mt_out_bytes(out).length, 0);
    mt_out_close(out);
}

static void datev__refuses_what_cannot_be_booked(void **state)
{
    mt_invoice *invoice = case_invoice(*state, MT_DOC_SELF_BILLED, MT_VAT_S), whole = *invoice;
    invoice->seller.datev_account = NULL;
    refuse(*state, invoice, "has no account in the books");
    *invoice = whole;
    invoice->issued = mt_day_of(2026, 1, 1);
    refuse(*state, invoice, "outside of the fiscal year");
    *invoice = whole;
    invoice->buyer.party_id = "another";
    refuse(*state, invoice, "is of others than trader-1");
    *invoice = whole;
    invoice->number = NULL;
    refuse(*state, invoice, "a draft");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(datev__has_31_head_fields_and_125_columns),
        IN_CONTEXT(datev__books_purchases_and_sales_on_their_sides),
        IN_CONTEXT(datev__turns_the_side_of_a_cancellation),
        IN_CONTEXT(datev__refuses_what_cannot_be_booked),
    };
    return cmocka_run_group_tests_name("datev", test, NULL, NULL);
}
