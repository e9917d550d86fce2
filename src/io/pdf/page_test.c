/* What documents promise: pages that number themselves, tables that go on, any text, equal bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "io/pdf/pdf_case.h"

static void page__begins_another_page_when_one_is_full(void **state)
{
    mt_pdf pdf;
    (void)state;
    NEEDS_PRESS();
    open_case(&pdf);
    for (int k = 0; k < 160; k++) mt_pdf_text(&pdf, MT_LETTER_TEXT, "One line of many.");
    assert_int_equal(pdf.sheet.n_page, 3); /* 10.5 points a line, some 680 a page */
    mt_text bytes = printed_case(&pdf);
    assert_memory_equal(bytes.at, "%PDF-1.", 7);
    assert_int_equal(count_case(bytes, "/Type /Page %"), 3);
}

static void page__goes_on_with_a_table_on_the_next_page(void **state)
{
    static const mt_pdf_column column[] = {{"Quarter", MT_ALIGN_LEFT, true}, {"Wh", MT_ALIGN_RIGHT, false}};
    static const char *const cell[] = {"2025-06-08 00:00", "12,345"};
    mt_pdf_row row[200];
    mt_pdf pdf;
    (void)state;
    NEEDS_PRESS();
    for (int k = 0; k < 200; k++) row[k] = (mt_pdf_row){.cell = cell, .below = k % 2 ? "metered" : NULL};
    open_case(&pdf);
    mt_pdf_heading(&pdf, "Quarters");
    mt_pdf_table(&pdf, column, 2, row, 200);
    assert_true(pdf.sheet.n_page >= 5 && pdf.sheet.n_page <= 9);
    assert_true(pdf.y <= pdf.bottom + 5);
    (void)printed_case(&pdf);
}

static void page__wraps_what_is_wider_than_its_column(void **state)
{
    static const mt_pdf_column column[] = {{"Text", MT_ALIGN_LEFT, true}, {"EUR", MT_ALIGN_RIGHT, false}};
    const char *const narrow[] = {"short", "1.00"};
    const char *const wide[] = {"a text of very many words that never fits into one line of a page, however "
                                "small its letters are, and so it goes on and on and on until it ends",
                                NULL};
    mt_pdf pdf;
    (void)state;
    NEEDS_PRESS();
    open_case(&pdf);
    double from = pdf.y;
    mt_pdf_table(&pdf, column, 2, &(mt_pdf_row){.cell = narrow}, 1);
    double short_height = pdf.y - from;
    from = pdf.y;
    mt_pdf_table(&pdf, column, 2, &(mt_pdf_row){.cell = wide}, 1);
    assert_true(pdf.y - from > short_height + 8); /* one line more at least */
    (void)printed_case(&pdf);
}

static void page__keeps_a_heading_with_what_follows(void **state)
{
    mt_pdf pdf;
    (void)state;
    NEEDS_PRESS();
    open_case(&pdf);
    mt_pdf_text(&pdf, MT_LETTER_TEXT, "first");
    pdf.y = pdf.bottom - 40;
    mt_pdf_heading(&pdf, "Heading");
    assert_int_equal(pdf.sheet.n_page, 2);
    (void)printed_case(&pdf);
}

static void page__takes_texts_that_are_no_utf8(void **state)
{
    mt_pdf pdf;
    (void)state;
    NEEDS_PRESS();
    open_case(&pdf);
    mt_pdf_text(&pdf, MT_LETTER_TEXT, "a\xFF\xC3z\x01\ttab");
    mt_pdf_text(&pdf, MT_LETTER_TEXT, NULL);
    mt_pdf_text(&pdf, MT_LETTER_TEXT, "");
    mt_pdf_tiles(&pdf, &(mt_pdf_fact){.label = "Energy", .unit = "MWh"}, 1);
    mt_pdf_facts(&pdf, &(mt_pdf_fact){.label = "Number", .value = "1"}, 1);
    assert_int_equal(pdf.sheet.n_page, 1);
    (void)printed_case(&pdf);
}

static void page__prints_equal_bytes_for_equal_documents(void **state)
{
    mt_text bytes[2];
    (void)state;
    NEEDS_PRESS();
    for (int k = 0; k < 2; k++) {
        mt_pdf pdf;
        open_case(&pdf);
        mt_pdf_text(&pdf, MT_LETTER_TITLE, "Title \xC3\xA4\xE2\x82\xAC");
        mt_pdf_text(&pdf, MT_LETTER_TEXT, k ? "same" : "same");
        bytes[k] = printed_case(&pdf);
        if (k == 0) { /* another document in between changes nothing */
            open_case(&pdf);
            mt_pdf_text(&pdf, MT_LETTER_CODE, "other letters");
            (void)printed_case(&pdf);
        }
    }
    assert_int_equal(bytes[0].length, bytes[1].length);
    assert_memory_equal(bytes[0].at, bytes[1].at, bytes[0].length);
    assert_int_equal(count_case(bytes[0], "20250703063000"), 1);
}

static void page__tells_when_memory_runs_out(void **state)
{
    mt_pdf pdf;
    mt_out *out = NULL;
    (void)state;
    NEEDS_PRESS();
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    for (uint64_t k = 1; k < 24; k++) { /* the k-th allocation and all later ones fail */
        ctx_case.arena.fail_at = ctx_case.arena.allocations + k;
        open_case(&pdf);
        for (int i = 0; i < 20; i++) mt_pdf_text(&pdf, MT_LETTER_TEXT, "text");
        assert_int_equal(mt_pdf_close(&pdf, out), MT_E_MEMORY);
        ctx_case.arena.fail_at = 0;
    }
    mt_out_close(out);
}

struct worker {
    pthread_t thread;
    mt_ctx cx;
    mt_code code;
    mt_out *out; /* of the last document */
};

static mt_code draw_some(mt_ctx *cx, struct worker *worker, mt_press *press)
{
    for (int k = 0; k < 20; k++) {
        const mt_pdf_options options = {.size = sizeof options, .about = {.title = "t", .language = "de"}};
        mt_pdf pdf;
        mt_out_close(worker->out);
        worker->out = NULL;
        mt_pdf_open(cx, &pdf, press, &options);
        for (int i = 0; i < 20; i++) mt_pdf_text(&pdf, MT_LETTER_STRONG, "Text \xE2\x82\xAC");
        mt_code code = mt_out_memory(cx, &worker->out);
        if (code != MT_OK)
            mt_pdf_abandon(&pdf);
        else
            code = mt_pdf_close(&pdf, worker->out);
        if (code != MT_OK) return code;
    }
    return MT_OK;
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    mt_press *press = NULL;
    worker->code = mt_press_open(&worker->cx, &press);
    if (worker->code == MT_OK) worker->code = draw_some(&worker->cx, worker, press);
    mt_press_close(press);
    return NULL;
}

static void press__works_beside_another(void **state)
{
    struct worker worker[3];
    (void)state;
    NEEDS_PRESS();
    memset(worker, 0, sizeof worker);
    for (int k = 0; k < 3; k++) {
        mt_ctx_init(&worker[k].cx, NULL);
        assert_int_equal(pthread_create(&worker[k].thread, NULL, work, &worker[k]), 0);
    }
    for (int k = 0; k < 3; k++) assert_int_equal(pthread_join(worker[k].thread, NULL), 0);
    mt_text first = mt_out_bytes(worker[0].out);
    for (int k = 0; k < 3; k++) {
        mt_text bytes = mt_out_bytes(worker[k].out);
        assert_int_equal(worker[k].code, MT_OK);
        assert_int_equal(bytes.length, first.length);
        assert_memory_equal(bytes.at, first.at, first.length);
    }
    for (int k = 0; k < 3; k++) {
        mt_out_close(worker[k].out);
        mt_ctx_close(&worker[k].cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PRESS(page__begins_another_page_when_one_is_full),
        ON_PRESS(page__goes_on_with_a_table_on_the_next_page),
        ON_PRESS(page__wraps_what_is_wider_than_its_column),
        ON_PRESS(page__keeps_a_heading_with_what_follows),
        ON_PRESS(page__takes_texts_that_are_no_utf8),
        ON_PRESS(page__prints_equal_bytes_for_equal_documents),
        ON_PRESS(page__tells_when_memory_runs_out),
        ON_PRESS(press__works_beside_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
