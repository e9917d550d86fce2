/* A workbook of which another sheet than the first is wanted: it is the first of what is given. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "io/seed_case.h"
#include "io/xlsx_read.h"
#include "sources/workbook.h"

/* The first cell of the sheet. */
static void check_first(mt_ctx *cx, mt_text bytes, const char *wanted)
{
    mt_xlsx *xlsx;
    mt_xlsx_row row;
    assert_int_equal(mt_xlsx_open(cx, &xlsx, "book", bytes), MT_OK);
    assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_true(row.n > 0 && mt_text_equal(row.cell[0], wanted));
    mt_xlsx_close(xlsx);
}

static void workbook__puts_the_named_sheet_first(void **state)
{
    mt_ctx cx;
    mt_text out, again;
    (void)state;
    mt_ctx_init(&cx, NULL);
    mt_text bytes = seed_load(&cx, "tests/http/worldbank/monthly.xlsx");
    check_first(&cx, bytes, "x");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", bytes, "Monthly Indices"), MT_OK);
    check_first(&cx, out, "Energy");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", bytes, "monthly prices"), MT_OK);
    check_first(&cx, out, "World Bank Commodity Price Data (The Pink Sheet)");
    assert_int_equal(mt_workbook_sheet(&cx, &again, "book", out, "1"), MT_OK); /* it is a workbook again */
    mt_ctx_close(&cx);
}

static void workbook__gives_its_own_bytes_where_the_sheet_is_first(void **state)
{
    mt_ctx cx;
    mt_text out;
    (void)state;
    mt_ctx_init(&cx, NULL);
    mt_text bytes = seed_load(&cx, "tests/http/worldbank/monthly.xlsx");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", bytes, "AFOSHEET"), MT_OK);
    assert_ptr_equal(out.at, bytes.at);
    mt_ctx_close(&cx);
}

static void workbook__says_which_sheets_there_are(void **state)
{
    mt_ctx cx;
    mt_text out;
    (void)state;
    mt_ctx_init(&cx, NULL);
    mt_text bytes = seed_load(&cx, "tests/http/worldbank/monthly.xlsx");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", bytes, "Prices"), MT_E_INPUT);
    assert_string_equal(cx.err,
                        "book has no sheet \"Prices\"; it has AFOSHEET, Monthly Prices, Monthly Indices");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", (mt_text){"text", 4}, "x"), MT_E_INPUT);
    bytes = seed_load(&cx, "tests/http/eex_auctions/archive.zip");
    assert_int_equal(mt_workbook_sheet(&cx, &out, "book", bytes, "x"), MT_E_INPUT);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(workbook__puts_the_named_sheet_first),
        cmocka_unit_test(workbook__gives_its_own_bytes_where_the_sheet_is_first),
        cmocka_unit_test(workbook__says_which_sheets_there_are),
    };
    return cmocka_run_group_tests_name("workbook", test, NULL, NULL);
}
