/* What a report promises on paper and on a screen: the same figures, missing as missing, charts, both
 * languages, one self-contained page, PDF/A-3b. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ops/vpp/render/pdf_case.h"
#include "ops/vpp/render/report_case.h"
#include "ops/vpp/render/report_html.h"
#include "ops/vpp/render/report_pdf.h"

static mt_text kept(mt_out *out)
{
    mt_text text = mt_out_bytes(out);
    char *bytes = NULL;
    assert_int_equal(MT_NEW(&ctx_case, &bytes, text.length + 1), MT_OK);
    memcpy(bytes, text.at, text.length);
    mt_out_close(out);
    return (mt_text){bytes, text.length};
}

static mt_text as_pdf(const mt_report_input *input)
{
    mt_out *out = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    if (mt_report_pdf(&ctx_case, press_case, out, input) != MT_OK) fail_msg("%s", ctx_case.err);
    return kept(out);
}

static mt_text as_html(const mt_report_input *input)
{
    mt_out *out = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    if (mt_report_html(&ctx_case, out, input) != MT_OK) fail_msg("%s", ctx_case.err);
    return kept(out);
}

static void report_pdf__shows_figures_tables_and_charts(void **state)
{
    static const char *const words[] = {"Performance",
                                        "8 June 2025",
                                        "Merit Handels AG",
                                        "24.370 MWh",
                                        "1,492.34",
                                        "−94.25",
                                        "87.5 % of the mean price",
                                        "solar_alpha",
                                        "wind_<new>",
                                        "Infeed by source",
                                        "Metered",
                                        "Sun 8 Jun",
                                        "Day-ahead price",
                                        "Portfolio",
                                        "2/2",
                                        NULL};
    (void)state;
    need_poppler();
    mt_report_input input = report_case(&ctx_case, MT_ENGLISH, 1);
    mt_text pdf = as_pdf(&input);
    char *text = ask_poppler(pdf, "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
    expect_fonts(pdf);
}

static void report_pdf__speaks_german(void **state)
{
    static const char *const words[] = {
        "Leistungsbericht", "08.06.2025 – 07.07.2025", "24,370 MWh", "1.492,34",
        "Deckungsbeitrag",  "Abrechnungsmessung",      NULL};
    (void)state;
    need_poppler();
    mt_report_input input = report_case(&ctx_case, MT_GERMAN, 30);
    char *text = ask_poppler(as_pdf(&input), "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
}

static void report__says_what_its_figures_lack(void **state)
{
    static const char *const words[] = {"1 plant(s) have a contract but no payout",
                                        "1,234 quarter hours of infeed", NULL};
    (void)state;
    mt_report_input input = report_case(&ctx_case, MT_ENGLISH, 1);
    assert_null(strstr(as_html(&input).at, "have no price"));
    mt_report_row *row = (mt_report_row *)(uintptr_t)input.row;
    row[0].not_priced = 1;
    row[0].unpriced = 1234;
    expect_words(as_html(&input).at, words);
    need_poppler();
    char *text = ask_poppler(as_pdf(&input), "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
}

static void report_pdf__of_nothing_is_a_report(void **state)
{
    (void)state;
    need_poppler();
    const mt_report_input input = {.size = sizeof input,
                                   .created = MT_TIME_NONE,
                                   .first = mt_day_of(2025, 6, 8),
                                   .last = mt_day_of(2025, 6, 8)};
    static const char *const words[] = {"Performance", "8 June 2025", NULL};
    char *text = ask_poppler(as_pdf(&input), "pdftotext", "-layout");
    expect_words(text, words);
    free(text);
}

static void report_pdf__gives_equal_bytes_for_equal_reports(void **state)
{
    (void)state;
    if (!press_case) skip();
    mt_report_input input = report_case(&ctx_case, MT_GERMAN, 2);
    mt_text a = as_pdf(&input), b = as_pdf(&input);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.at, b.at, a.length);
}

static void report_html__is_one_page_with_charts_and_no_request(void **state)
{
    static const char *const words[] = {"<html lang=\"de\">",
                                        "Leistungsbericht 08.06.2025",
                                        "1.492,34",
                                        "wind_&lt;new&gt;",
                                        "class=\"mt-key mt-s2\" d=\"M",
                                        "Day-Ahead-Preis",
                                        ">8,123</td>",
                                        ">471,23</td>",
                                        NULL};
    (void)state;
    mt_report_input input = report_case(&ctx_case, MT_GERMAN, 1);
    const char *text = as_html(&input).at;
    expect_words(text, words);
    assert_int_equal(judge_count(text, "<svg class=\"mt-chart\""), 6); /* three, wide and narrow */
    assert_int_equal(judge_count(text, "http"), 1);                    /* http-equiv */
    assert_int_equal(judge_count(text, "<script"), 0);
    assert_int_equal(judge_count(text, "<table>"), MT_REPORT_TABLES);
    assert_true(judge_count(text, "<span class=\"null\">–</span>") >= 7); /* what was missing */
    assert_null(strstr(text, "nan"));
}

static void report_view__takes_means_where_a_period_is_long(void **state)
{
    mt_report_view quarters, hours, days;
    (void)state;
    mt_report_input one = report_case(&ctx_case, MT_ENGLISH, 1),
                    month = report_case(&ctx_case, MT_ENGLISH, 30);
    mt_report_input half = report_case(&ctx_case, MT_ENGLISH, 180);
    assert_int_equal(mt_report_view_make(&ctx_case, &quarters, &one), MT_OK);
    assert_int_equal(mt_report_view_make(&ctx_case, &hours, &month), MT_OK);
    assert_int_equal(mt_report_view_make(&ctx_case, &days, &half), MT_OK);
    assert_int_equal(quarters.n_time, 96);
    assert_int_equal(hours.n_time, 720);
    assert_int_equal(days.n_time, 180);
    /* 200 kWh of a quarter are 0.8 MW, at night, in each of them */
    assert_true(fabs(quarters.infeed_mw[MT_INFEED_METER][0] - 0.8) < 1e-9);
    assert_true(fabs(hours.infeed_mw[MT_INFEED_METER][0] - 0.8) < 1e-9);
    assert_null(quarters.infeed_mw[MT_INFEED_FORECAST]);
    assert_true(isnan(quarters.price[50]) && !isnan(hours.price[12])); /* one quarter of four is missing */
    assert_string_equal(quarters.row[3].asset_id, "Portfolio");
}

static void report_view__leaves_cents_away_where_amounts_are_large(void **state)
{
    mt_report_view view;
    const char *text;
    (void)state;
    mt_report_input input = report_case(&ctx_case, MT_ENGLISH, 1);
    mt_report_row *row = (mt_report_row *)(uintptr_t)input.row;
    row[0].revenue_ueur = 1234567890000;
    assert_int_equal(mt_report_view_make(&ctx_case, &view, &input), MT_OK);
    assert_int_equal(mt_report_cell(&ctx_case, &text, &view, &mt_report_tables[1].col[1], &view.row[3]),
                     MT_OK);
    assert_string_equal(text, "1,234,568");
    assert_int_equal(mt_report_cell(&ctx_case, &text, &view, &mt_report_tables[1].col[2], &view.row[2]),
                     MT_OK);
    assert_null(text);
}

static void report_pdf__is_pdf_a_to_an_outside_judge(void **state)
{
    const char *folder = judge_folder(&ctx_case);
    (void)state;
    if (!press_case) skip();
    mt_report_input input = report_case(&ctx_case, MT_GERMAN, 30);
    save_bytes(judge_path(&ctx_case, folder, "report.pdf"), as_pdf(&input));
    judge_archive(folder, "report.pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PRESS(report_pdf__shows_figures_tables_and_charts),
        ON_PRESS(report_pdf__speaks_german),
        ON_PRESS(report__says_what_its_figures_lack),
        ON_PRESS(report_pdf__of_nothing_is_a_report),
        ON_PRESS(report_pdf__gives_equal_bytes_for_equal_reports),
        ON_PRESS(report_html__is_one_page_with_charts_and_no_request),
        ON_PRESS(report_view__takes_means_where_a_period_is_long),
        ON_PRESS(report_view__leaves_cents_away_where_amounts_are_large),
        ON_PRESS(report_pdf__is_pdf_a_to_an_outside_judge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
