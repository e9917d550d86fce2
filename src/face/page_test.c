/* Tests of the layout of text: lines break at words, columns line up, and the first failure is kept. */
#include "face/page.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct sheet {
    mt_ctx cx;
    mt_out *out;
    mt_page page;
};

static void open_sheet(struct sheet *sheet, int width, bool colour)
{
    mt_ctx_init(&sheet->cx, NULL);
    assert_int_equal(mt_out_memory(&sheet->cx, &sheet->out), MT_OK);
    sheet->page = mt_page_open(&sheet->cx, sheet->out, width, colour);
}

static void check_and_close(struct sheet *sheet, const char *expected)
{
    assert_int_equal(sheet->page.code, MT_OK);
    mt_text text = mt_out_bytes(sheet->out);
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.at, expected, text.length);
    mt_out_close(sheet->out);
    mt_ctx_close(&sheet->cx);
}

static void page__paragraphs_break_at_words(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 40, false);
    mt_page_paragraphs(&sheet.page, 2,
                       "a line of exactly forty columns is good\nbut not  more\n\nthe next one");
    check_and_close(&sheet, "  a line of exactly forty columns is\n"
                            "  good but not more\n"
                            "\n"
                            "  the next one\n");
}

static void page__the_last_column_is_used(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 40, false);
    mt_page_paragraphs(&sheet.page, 0,
                       "1234567890 1234567890 1234567890 1234567 1234567890 1234567890 1234567890 12345678");
    check_and_close(&sheet, "1234567890 1234567890 1234567890 1234567\n"
                            "1234567890 1234567890 1234567890\n"
                            "12345678\n");
}

static void page__a_word_wider_than_the_line_stands_alone(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 40, false);
    mt_page_paragraphs(&sheet.page, 0,
                       "see https://example.org/a/path/that/is/longer/than/the/line for more");
    check_and_close(&sheet, "see\nhttps://example.org/a/path/that/is/longer/than/the/line\nfor more\n");
}

static void page__columns_are_those_of_the_terminal(void **state)
{
    (void)state;
    assert_int_equal(mt_page_columns(""), 0);
    assert_int_equal(mt_page_columns("Zürich…"), 7);
    assert_int_equal(mt_page_columns("電力"), 4);
    struct sheet sheet;
    open_sheet(&sheet, 40, false);
    mt_page_pair(&sheet.page, 12, "zürich", "", "ä ö ü");
    mt_page_pair(&sheet.page, 12, "genf", "N", "x");
    check_and_close(&sheet, "  zürich    ä ö ü\n"
                            "  genf N    x\n");
}

static void page__the_second_column_goes_on_below_itself(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 40, false);
    mt_page_pair(&sheet.page, 16, "--period", "X", "one two three four five six seven");
    mt_page_pair(&sheet.page, 16, "--a-name-that-is-wide", "X", "one two");
    mt_page_pair(&sheet.page, 16, "--bare", "", "");
    check_and_close(&sheet, "  --period X    one two three four five\n"
                            "                six seven\n"
                            "  --a-name-that-is-wide X\n"
                            "                one two\n"
                            "  --bare\n");
}

static void page__headings_are_capital_and_stand_apart(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, false);
    mt_page_title(&sheet.page, "merit ", "market");
    mt_page_heading(&sheet.page, "more");
    check_and_close(&sheet, "merit market\nMORE\n");
}

static void page__colour_is_switched_off_again(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, true);
    mt_page_heading(&sheet.page, "more");
    mt_page_pair(&sheet.page, 9, "--a", "N", "text");
    check_and_close(&sheet, "\n\033[1mMORE\033[0m\n  \033[1;36m--a\033[0m \033[36mN\033[0m  text\n");
}

static void page__width_stays_within_what_reads_well(void **state)
{
    (void)state;
    assert_int_equal(mt_page_open(NULL, NULL, 0, false).width, MT_PAGE_WIDTH);
    assert_int_equal(mt_page_open(NULL, NULL, -5, false).width, MT_PAGE_WIDTH);
    assert_int_equal(mt_page_open(NULL, NULL, 10, false).width, MT_PAGE_WIDTH_LEAST);
    assert_int_equal(mt_page_open(NULL, NULL, 300, false).width, MT_PAGE_WIDTH_MOST);
    assert_int_equal(mt_page_open(NULL, NULL, 72, false).width, 72);
}

static void page__the_first_failure_is_kept(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, false);
    mt_page_put(&sheet.page, "before\n");
    sheet.cx.arena.fail_at = sheet.cx.arena.allocations + 1;
    mt_page_format(&sheet.page, "%d\n", 1);
    assert_int_equal(sheet.page.code, MT_E_MEMORY);
    sheet.cx.arena.fail_at = 0;
    mt_page_put(&sheet.page, "after\n");
    mt_page_pair(&sheet.page, 8, "a", "b", "c");
    assert_int_equal(sheet.page.code, MT_E_MEMORY);
    sheet.page.code = MT_OK;
    check_and_close(&sheet, "before\n");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(page__paragraphs_break_at_words),
        cmocka_unit_test(page__the_last_column_is_used),
        cmocka_unit_test(page__a_word_wider_than_the_line_stands_alone),
        cmocka_unit_test(page__columns_are_those_of_the_terminal),
        cmocka_unit_test(page__the_second_column_goes_on_below_itself),
        cmocka_unit_test(page__headings_are_capital_and_stand_apart),
        cmocka_unit_test(page__colour_is_switched_off_again),
        cmocka_unit_test(page__width_stays_within_what_reads_well),
        cmocka_unit_test(page__the_first_failure_is_kept),
    };
    return cmocka_run_group_tests_name("page", test, NULL, NULL);
}
