/* Workbooks in: cells of every kind stand in their columns; our own writer's books are read back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/ctx_case.h"
#include "base/rows/emit.h"
#include "io/seed_case.h"
#include "io/sinks/xlsx.h"
#include "io/xlsx_read.h"

static void xlsx_read__puts_every_cell_into_its_column(void **state)
{
    mt_ctx *cx = *state;
    mt_xlsx *xlsx;
    mt_xlsx_row row;
    assert_int_equal(mt_xlsx_open(cx, &xlsx, "book", seed_read(cx, "xlsx_read", "plain")), MT_OK);
    assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_int_equal(row.row, 1);
    assert_int_equal(row.n, 3);
    assert_true(mt_text_equal(row.cell[0], "NAME"));
    assert_null(row.cell[1].at);
    assert_true(mt_text_equal(row.cell[2], "inline"));
    assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_int_equal(row.row, 5);
    assert_int_equal(row.n, 6);
    assert_true(mt_text_equal(row.cell[0], "two runs"));
    assert_true(mt_text_equal(row.cell[1], "45658.25"));
    assert_null(row.cell[2].at); /* an error is missing, never 0 */
    assert_true(mt_text_equal(row.cell[3], "formula"));
    assert_null(row.cell[4].at);
    assert_true(mt_text_equal(row.cell[5], "1"));
    assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_int_equal(row.n, 0);
    mt_xlsx_close(xlsx);
}

static mt_code read_all(mt_ctx *cx, const char *name)
{
    mt_xlsx *xlsx;
    mt_xlsx_row row;
    mt_code code = mt_xlsx_open(cx, &xlsx, name, seed_read(cx, "xlsx_read", name));
    if (code != MT_OK) return code;
    do {
        code = mt_xlsx_next(cx, xlsx, &row);
    } while (code == MT_OK && row.n);
    mt_xlsx_close(xlsx);
    return code;
}

static void xlsx_read__refuses_what_is_no_workbook(void **state)
{
    static const char *const bad[] = {"no_strings",  "no_sheet",   "bad_index",
                                      "no_workbook", "far_column", "entities"};
    mt_ctx *cx = *state;
    mt_xlsx *xlsx;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(read_all(cx, bad[k]), MT_E_INPUT);
        assert_non_null(strstr(cx->err, bad[k]));
    }
    assert_int_equal(mt_xlsx_open(cx, &xlsx, "page", mt_text_of("<html>")), MT_E_INPUT);
}

/* 2025-01-01 is day 45658 of the calendar of workbooks (ECMA-376, 18.17.4.1). */
static void xlsx_read__turns_numbers_of_days_into_instants(void **state)
{
    mt_time t;
    (void)state;
    mt_time day = (mt_time)mt_day_of(2025, 1, 1) * MT_US_DAY;
    assert_true(mt_xlsx_time(mt_text_of("45658.25"), &t));
    assert_int_equal(t, day + 6 * MT_US_HOUR);
    assert_true(mt_xlsx_time(mt_text_of("2025-01-01"), &t));
    assert_int_equal(t, day);
    assert_true(mt_xlsx_time(mt_text_of("2025-01-01 04:00"), &t));
    assert_int_equal(t, day + 4 * MT_US_HOUR);
    assert_false(mt_xlsx_time(mt_text_of("-"), &t));
    assert_false(mt_xlsx_time(mt_text_of("1e300"), &t));
    assert_false(mt_xlsx_time((mt_text){NULL, 0}, &t));
}

struct line {
    const char *name;
    double value;
};

static const mt_field line_col[] = {{.name = "name", MT_TEXT_AT(line, name), .doc = "n"},
                                    {.name = "value", MT_REAL_AT(line, value), .doc = "v"},
                                    {0}};

static void xlsx_read__reads_what_our_own_writer_wrote(void **state)
{
    mt_ctx *cx = *state;
    mt_out *out;
    mt_sink *sink;
    mt_emit *emit;
    mt_xlsx *xlsx;
    mt_xlsx_row row;
    assert_int_equal(mt_out_memory(cx, &out), MT_OK);
    assert_int_equal(mt_xlsx_sink(cx, &sink, out, NULL), MT_OK);
    assert_int_equal(mt_emit_begin(cx, &emit, sink, "test", line_col, NULL, NULL), MT_OK);
    assert_int_equal(mt_emit_put(emit, &(struct line){"Müller & Co", -12.5}), MT_OK);
    assert_int_equal(mt_emit_put(emit, &(struct line){"none", NAN}), MT_OK);
    assert_int_equal(mt_emit_end(emit), MT_OK);
    assert_int_equal(mt_xlsx_open(cx, &xlsx, "own", mt_out_bytes(out)), MT_OK);
    for (int k = 0; k < 2; k++) assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_true(mt_text_equal(row.cell[0], "Müller & Co"));
    assert_true(mt_text_equal(row.cell[1], "-12.5"));
    assert_int_equal(mt_xlsx_next(cx, xlsx, &row), MT_OK);
    assert_true(mt_text_equal(row.cell[0], "none"));
    assert_true(row.n < 2 || !row.cell[1].at);
    mt_xlsx_close(xlsx);
    mt_sink_close(sink);
    mt_out_close(out);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(xlsx_read__puts_every_cell_into_its_column),
        IN_CONTEXT(xlsx_read__refuses_what_is_no_workbook),
        IN_CONTEXT(xlsx_read__turns_numbers_of_days_into_instants),
        IN_CONTEXT(xlsx_read__reads_what_our_own_writer_wrote),
    };
    return cmocka_run_group_tests_name("xlsx_read", test, NULL, NULL);
}
