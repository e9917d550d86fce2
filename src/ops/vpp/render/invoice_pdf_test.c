/* What a printed document of account promises: what the law wants to be said, in both languages, embedded
 * fonts, the XML inside, PDF/A-3b. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/cii.h"
#include "ops/vpp/render/invoice_pdf.h"
#include "ops/vpp/render/pdf_case.h"
#include "ops/vpp/render/terms_of.h"

static mt_text printed(const mt_invoice *invoice, mt_language language, const mt_infeed_view *infeed,
                       const char *xml)
{
    mt_invoice_pdf_options options = {.size = sizeof options,
                                      .language = language,
                                      .created = MT_TIME_NONE,
                                      .infeed = infeed,
                                      .xml = {xml, xml ? strlen(xml) : 0}};
    mt_out *out = NULL;
    char *bytes = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    if (mt_invoice_pdf(&ctx_case, press_case, out, invoice, &options) != MT_OK) fail_msg("%s", ctx_case.err);
    mt_text text = mt_out_bytes(out);
    assert_int_equal(MT_NEW(&ctx_case, &bytes, text.length), MT_OK);
    memcpy(bytes, text.at, text.length);
    mt_out_close(out);
    return (mt_text){bytes, text.length};
}

/* Two days of June 2025 in quarters: metered, then live, one missing. */
static mt_infeed_view view(size_t days)
{
    mt_settled_quarter *quarter = NULL;
    mt_infeed_view infeed;
    size_t n = days * 96;
    mt_grid grid = {case_at("2025-05-31T22:00:00Z"), 15 * MT_US_MINUTE, n + 4};
    assert_int_equal(MT_NEW(&ctx_case, &quarter, n), MT_OK);
    for (size_t k = 0; k < n; k++)
        quarter[k] =
            (mt_settled_quarter){.infeed_wh = 250000, .source = k < 96 ? MT_INFEED_METER : MT_INFEED_LIVE};
    quarter[1] = (mt_settled_quarter){.infeed_wh = MT_WH_NONE, .source = MT_INFEED_GAP};
    mt_settlement settlement = {.first = 0, .n = n, .quarter = quarter};
    assert_int_equal(
        mt_infeed_view_settled(&ctx_case, &infeed, &settlement, grid, case_zone(&ctx_case, "Europe/Berlin")),
        MT_OK);
    return infeed;
}

static void invoice_pdf__says_what_a_gutschrift_must(void **state)
{
    static const char *const words[] = {"Gutschrift",
                                        "GS-2025-S-000042",
                                        "03.07.2025",
                                        "01.–30.06.2025",
                                        "Merit Handels AG · Deichweg 1 · 25813 Husum",
                                        "Windpark Müller & Söhne <Nord> GmbH",
                                        "3.360,5 MWh",
                                        "83,1234",
                                        "10,0000000001",
                                        "−8.401,25",
                                        "Umsatzsteuer 19 % (271.054,94 €)",
                                        "322.555,38 €",
                                        "DE89 3704 0044 0532 0130 00",
                                        "USt-IdNr. DE987654321",
                                        "§ 14 Abs. 2 UStG",
                                        "1/1",
                                        NULL};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    mt_text pdf = printed(invoice, MT_GERMAN, NULL, NULL);
    char *text = ask_poppler(pdf, "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
    expect_fonts(pdf);
}

static void invoice_pdf__speaks_english_and_gives_the_reason_of_no_tax(void **state)
{
    static const char *const words[] = {"Invoice",
                                        "RE-2025-AE-000042",
                                        "1–30 June 2025",
                                        "3,360.5 MWh",
                                        "Reverse charge",
                                        "the recipient owes the tax",
                                        "271,054.94 €",
                                        "Please transfer the amount to our account by 17 July 2025.",
                                        "Your reference",
                                        "04011000-12345-03",
                                        NULL};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SERVICE, MT_VAT_AE);
    char *text = ask_poppler(printed(invoice, MT_ENGLISH, NULL, NULL), "pdftotext", "-layout");
    expect_words(text, words);
    assert_null(strstr(text, "Gutschrift"));
    free(text);
}

static void invoice_pdf__of_a_cancellation_comes_from_whoever_made_out_the_document(void **state)
{
    static const char *const words[] = {"Stornierung",
                                        "Storniert",
                                        "GS-2025-000041",
                                        "Merit Handels AG · Deichweg 1",
                                        "−3.360,5 MWh",
                                        "Der Betrag wird mit dem stornierten Beleg verrechnet.",
                                        NULL};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_CORRECTION, MT_VAT_S);
    char *text = ask_poppler(printed(invoice, MT_GERMAN, NULL, NULL), "pdftotext", "-layout");
    expect_words(text, words);
    assert_null(strstr(text, "DE89 3704")); /* nothing is transferred to the recipient */
    free(text);
}

/* Sec. 14 (4) no. 2 UStG: the supplier's number, which in a Gutschrift is the recipient's. */
static void invoice_pdf__names_the_tax_number_of_a_supplier_without_a_vat_number(void **state)
{
    static const char *const words[] = {"Ihre Steuernummer", "15/123/45678", "Kleinunternehmer", "Steuerfrei",
                                        NULL};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_E);
    invoice->seller.vat_id = NULL;
    invoice->buyer.tax_number = NULL;
    char *text = ask_poppler(printed(invoice, MT_GERMAN, NULL, NULL), "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
}

static void invoice_pdf__without_a_number_is_a_draft(void **state)
{
    static const char *const words[] = {"Entwurf", NULL};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    invoice->number = NULL;
    invoice->issued = invoice->due = MT_DAY_NONE;
    invoice->buyer = invoice->seller = (mt_party){.name = "Nobody"};
    char *text = ask_poppler(printed(invoice, MT_GERMAN, NULL, NULL), "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
}

static void invoice_pdf__repeats_the_head_of_a_long_table(void **state)
{
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    mt_invoice_line line = invoice->line[0];
    assert_int_equal(MT_NEW(&ctx_case, &invoice->line, 60), MT_OK);
    for (size_t k = 0; k < 60; k++) invoice->line[k] = line;
    invoice->n_line = 60;
    char *text = ask_poppler(printed(invoice, MT_GERMAN, NULL, NULL), "pdftotext", "-layout");
    assert_int_equal(judge_count(text, "Einzelpreis"), 3);
    assert_non_null(strstr(text, "4/4"));
    free(text);
}

static void invoice_pdf__shows_infeed_and_sources_in_an_appendix(void **state)
{
    static const char *const words[] = {"Anlage: Einspeisung und Quellen",
                                        "Einspeisung je Tag",
                                        "Abrechnungsmessung",
                                        "Live-Werte",
                                        "metering/a.csv",
                                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                        "2.790",
                                        "2/2",
                                        NULL};
    mt_invoice_source source = {"metering/a.csv",
                                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 2790};
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    mt_infeed_view infeed = view(5);
    invoice->source = &source;
    invoice->n_source = 1;
    char *text = ask_poppler(printed(invoice, MT_GERMAN, &infeed, NULL), "pdftotext", "-layout");
    expect_words(text, words);
    assert_null(strstr(text, "Prognose")); /* no quarter came from one */
    free(text);
}

static void invoice_pdf__says_how_a_contract_prices_in_the_readers_language(void **state)
{
    static const char *const german[] = {"Monatsmarktwert Wind an Land − 2,50 €/MWh, mindestens 0,00 €/MWh",
                                         "Betrag je MW und Monat", NULL};
    mt_contract contract = {.technology = MT_WIND,
                            .price_model = MT_PRICE_MARKET_VALUE,
                            .price = MT_MICRO_NONE,
                            .spread = -2500000,
                            .floor = 0,
                            .cap = MT_MICRO_NONE,
                            .fee_model = MT_FEE_CAPACITY};
    const char *text;
    (void)state;
    need_poppler();
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    mt_invoice_pdf_options options = {
        .size = sizeof options, .language = MT_GERMAN, .created = MT_TIME_NONE, .contract = &contract};
    mt_out *out = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    assert_int_equal(mt_invoice_pdf(&ctx_case, press_case, out, invoice, &options), MT_OK);
    char *said = ask_poppler(mt_out_bytes(out), "pdftotext", NULL);
    for (char *c = said; *c; c++) *c = *c == '\n' ? ' ' : *c; /* the line may wrap */
    expect_words(said, german);
    free(said);
    mt_out_close(out);
    contract.price_model = MT_PRICE_PERCENT;
    contract.price_percent = 97500000;
    contract.floor = MT_MICRO_NONE;
    assert_int_equal(mt_terms_of(&ctx_case, &text, MT_ENGLISH, &contract, MT_LINE_INFEED), MT_OK);
    assert_string_equal(text, "97.5 % of the market price of each quarter hour");
    contract.price_percent = MT_MICRO_NONE; /* what a contract lacks is not invented */
    assert_int_equal(mt_terms_of(&ctx_case, &text, MT_ENGLISH, &contract, MT_LINE_INFEED), MT_OK);
    assert_null(text);
}

static void infeed_view__adds_up_days_and_keeps_quarters(void **state)
{
    (void)state;
    mt_infeed_view days = view(5), quarters = view(2);
    assert_true(days.by_day && !quarters.by_day);
    assert_int_equal(days.n, 5);
    assert_int_equal(quarters.n, 192);
    assert_true(days.mwh[MT_INFEED_METER][0] > 23.749 &&
                days.mwh[MT_INFEED_METER][0] < 23.751); /* 95 x 0.25 */
    assert_true(days.mwh[MT_INFEED_LIVE][4] > 23.999 && days.mwh[MT_INFEED_LIVE][4] < 24.001);
    assert_true(quarters.mwh[MT_INFEED_METER][1] == 0 && quarters.mwh[MT_INFEED_METER][2] == 0.25);
    assert_true(days.time[1] - days.time[0] == MT_US_DAY);
}

static void invoice_pdf__gives_equal_bytes_for_equal_documents(void **state)
{
    (void)state;
    if (!press_case) skip();
    mt_infeed_view infeed = view(2);
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_DAMAGES, MT_VAT_O);
    mt_text a = printed(invoice, MT_GERMAN, &infeed, "<a/>"),
            b = printed(invoice, MT_ENGLISH, &infeed, "<a/>");
    mt_text c = printed(invoice, MT_GERMAN, &infeed, "<a/>");
    assert_true(a.length != b.length || memcmp(a.at, b.at, a.length) != 0);
    assert_int_equal(a.length, c.length);
    assert_memory_equal(a.at, c.at, a.length);
}

/* The k-th allocation and all later ones fail, for many k: the code says so, and nothing is left behind. */
static void invoice_pdf__tells_when_memory_runs_out(void **state)
{
    (void)state;
    if (!press_case) skip();
    mt_infeed_view infeed = view(5);
    mt_invoice *invoice = case_invoice(&ctx_case, MT_DOC_SELF_BILLED, MT_VAT_S);
    mt_invoice_pdf_options options = {
        .size = sizeof options, .created = MT_TIME_NONE, .infeed = &infeed, .xml = mt_text_of("<a/>")};
    mt_code code = MT_E_MEMORY;
    uint64_t k = 1, failed = 0;
    for (; code == MT_E_MEMORY; k += 3) {
        mt_out *out = NULL;
        mt_mark mark = mt_arena_mark(&ctx_case.arena);
        assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
        ctx_case.arena.fail_at = ctx_case.arena.allocations + k;
        code = mt_invoice_pdf(&ctx_case, press_case, out, invoice, &options);
        ctx_case.arena.fail_at = 0;
        failed += code == MT_E_MEMORY;
        mt_out_close(out);
        mt_arena_reset(&ctx_case.arena, mark);
    }
    assert_int_equal(code, MT_OK);
    assert_true(failed > 50);
}

/* One JVM for all: a kind and a category each. */
static void invoice_pdf__with_its_xml_is_zugferd_to_an_outside_judge(void **state)
{
    static const judge_pair pair[] = {{MT_DOC_SELF_BILLED, MT_VAT_S},
                                      {MT_DOC_SERVICE, MT_VAT_AE},
                                      {MT_DOC_DAMAGES, MT_VAT_O},
                                      {MT_DOC_CORRECTION, MT_VAT_E}};
    const char *folder = judge_folder(&ctx_case), *name;
    (void)state;
    if (!press_case) skip();
    mt_infeed_view infeed = view(5);
    for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) {
        mt_invoice *invoice = case_invoice(&ctx_case, pair[k].kind, pair[k].category);
        const char *xml = case_written(&ctx_case, mt_cii_write, invoice, MT_PROFILE_EN16931);
        assert_int_equal(mt_text_format(&ctx_case, &name, "%s.pdf", invoice->number), MT_OK);
        save_bytes(judge_path(&ctx_case, folder, name),
                   printed(invoice, k % 2 ? MT_ENGLISH : MT_GERMAN, k ? &infeed : NULL, xml));
    }
    judge_invoices(folder, sizeof pair / sizeof *pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PRESS(invoice_pdf__says_what_a_gutschrift_must),
        ON_PRESS(invoice_pdf__speaks_english_and_gives_the_reason_of_no_tax),
        ON_PRESS(invoice_pdf__of_a_cancellation_comes_from_whoever_made_out_the_document),
        ON_PRESS(invoice_pdf__names_the_tax_number_of_a_supplier_without_a_vat_number),
        ON_PRESS(invoice_pdf__without_a_number_is_a_draft),
        ON_PRESS(invoice_pdf__repeats_the_head_of_a_long_table),
        ON_PRESS(invoice_pdf__shows_infeed_and_sources_in_an_appendix),
        ON_PRESS(invoice_pdf__says_how_a_contract_prices_in_the_readers_language),
        ON_PRESS(infeed_view__adds_up_days_and_keeps_quarters),
        ON_PRESS(invoice_pdf__gives_equal_bytes_for_equal_documents),
        ON_PRESS(invoice_pdf__tells_when_memory_runs_out),
        ON_PRESS(invoice_pdf__with_its_xml_is_zugferd_to_an_outside_judge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
