/* What the workbook promises: real numbers and dates, a head of its own, the same bytes again, a limit that
 * is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>

#include "io/sinks/sink_case.h"
#include "io/sinks/xlsx.h"

static mt_code write_case(mt_ctx *cx, mt_out *out, size_t n, const char *temporary)
{
    mt_sink *sink;
    MT_TRY(mt_xlsx_sink(cx, &sink, out,
                        &(mt_xlsx_options){.size = sizeof(mt_xlsx_options), .temporary = temporary}));
    mt_code code = case_send(cx, sink, true, n);
    mt_sink_close(sink);
    return code;
}

/* The text of one member of the archive, by the unzip of Python, which every Debian build machine has. */
static char *read_member(const char *path, const char *member)
{
    char command[512];
    static char text[1 << 16];
    snprintf(command, sizeof command,
             "python3 -c \"import sys,zipfile; sys.stdout.buffer.write(zipfile.ZipFile('%s').read('%s'))\"",
             path, member);
    FILE *pipe = popen(command, "r");
    size_t n = pipe ? fread(text, 1, sizeof text - 1, pipe) : 0;
    text[n] = 0;
    if (pipe) pclose(pipe);
    return text;
}

static void expect_member(const char *path, const char *member, const char *part)
{
    const char *text = read_member(path, member);
    if (!strstr(text, part)) fail_msg("%s has no %s:\n%s", member, part, text);
}

static void xlsx__writes_real_numbers_and_dates(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    char folder[64], path[128];
    if (system("python3 -c 'import zipfile' 2>/dev/null") != 0) {
        print_message("python3 is needed to look into the archive\n");
        skip();
    }
    case_folder(folder);
    snprintf(path, sizeof path, "%s/x.xlsx", folder);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_file(&cx, &out, path), MT_OK);
    assert_int_equal(write_case(&cx, out, CASE_ROWS, NULL), MT_OK);
    mt_out_close(out);
    expect_member(path, "xl/workbook.xml",
                  "<sheet name=\"head\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"case.rows\"");
    expect_member(path, "xl/worksheets/sheet1.xml", ">DK1<");
    expect_member(path, "xl/worksheets/sheet1.xml", "total (MWh)");
    expect_member(path, "xl/worksheets/sheet2.xml", "start (UTC)");
    expect_member(path, "xl/worksheets/sheet2.xml", "price (EUR/MWh)");
    expect_member(path, "xl/worksheets/sheet2.xml", "state=\"frozen\"");
    expect_member(path, "xl/worksheets/sheet2.xml",
                  "<c r=\"A2\" s=\"2\"><v>45292.00164351852</v></c>"); /* 2024-01-01 = 45292 */
    expect_member(path, "xl/worksheets/sheet2.xml",
                  "<c r=\"B2\"><v>62.03</v></c><c r=\"C2\"><v>1125</v></c>");
    expect_member(path, "xl/worksheets/sheet2.xml", "<c r=\"F2\" s=\"3\"><v>45292</v></c>");
    expect_member(path, "xl/worksheets/sheet2.xml",
                  ">9223372036854775807<"); /* as text: a double cannot hold it */
    expect_member(path, "xl/worksheets/sheet2.xml", "&lt;&amp;&gt;é");
    expect_member(path, "xl/worksheets/sheet2.xml",
                  "c\xEF\xBF\xBD\xEF\xBF\xBD&lt;"); /* a control and a broken byte */
    mt_ctx_close(&cx);
    case_remove(folder);
}

static void xlsx__gives_the_same_bytes_for_the_same_rows(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out[2];
    mt_ctx_init(&cx, NULL);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(mt_out_memory(&cx, &out[k]), MT_OK);
        assert_int_equal(write_case(&cx, out[k], 100, NULL), MT_OK);
        if (k == 0) sleep(2); /* the clock of a zip archive has steps of two seconds */
    }
    assert_int_equal(mt_out_bytes(out[0]).length, mt_out_bytes(out[1]).length);
    assert_memory_equal(mt_out_bytes(out[0]).at, mt_out_bytes(out[1]).at, mt_out_bytes(out[0]).length);
    mt_out_close(out[0]);
    mt_out_close(out[1]);
    mt_ctx_close(&cx);
}

static void xlsx__refuses_more_rows_than_a_sheet_holds(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_sink *sink;
    static const mt_field one[] = {{.name = "n", MT_INT_AT(case_row, volume)}, {0}};
    const mt_schema schema = {.name = "case", .col = one, .n_col = 1};
    size_t n = MT_XLSX_ROWS_MAX;
    mt_ctx_init(&cx, NULL);
    uint64_t *valid = calloc(n / 64 + 1, 8);
    mt_column column = {.data = calloc(n, 8), .valid = valid};
    assert_int_equal(mt_out_file(&cx, &out, "/dev/null"), MT_OK);
    assert_int_equal(mt_xlsx_sink(&cx, &sink, out, NULL), MT_OK);
    assert_int_equal(mt_sink_schema(sink, &cx, &schema), MT_OK);
    assert_int_equal(mt_sink_push(sink, &cx, &(mt_chunk){.n = n, .col = &column}), MT_OK);
    assert_int_equal(mt_sink_push(sink, &cx, &(mt_chunk){.n = 1, .col = &column}), MT_E_TOO_LARGE);
    assert_non_null(strstr(cx.err, "more than 1048575 rows"));
    mt_sink_close(sink);
    mt_out_close(out);
    mt_ctx_close(&cx);
    free((void *)(uintptr_t)column.data);
    free(valid);
}

static void xlsx__leaves_no_temporary_file(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_sink *sink;
    char folder[64];
    case_folder(folder);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(write_case(&cx, out, 10, folder), MT_OK);
    mt_out_close(out);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_xlsx_sink(&cx, &sink, out,
                                  &(mt_xlsx_options){.size = sizeof(mt_xlsx_options), .temporary = folder}),
                     MT_OK);
    mt_emit *emit;
    assert_int_equal(mt_emit_begin(&cx, &emit, sink, "case", case_col, NULL, NULL), MT_OK);
    mt_sink_close(sink); /* an operation that fails before its first row */
    assert_int_equal(mt_out_bytes(out).length, 0);
    mt_out_close(out);
    mt_ctx_close(&cx);
    assert_int_equal(rmdir(folder), 0); /* it is empty */
}

static void xlsx__says_when_a_temporary_file_cannot_be_made(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(write_case(&cx, out, 1, "/nonexistent"), MT_E_IO);
    assert_non_null(strstr(cx.err, "/nonexistent: No such file or directory"));
    mt_out_close(out);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xlsx__writes_real_numbers_and_dates),
        cmocka_unit_test(xlsx__gives_the_same_bytes_for_the_same_rows),
        cmocka_unit_test(xlsx__refuses_more_rows_than_a_sheet_holds),
        cmocka_unit_test(xlsx__leaves_no_temporary_file),
        cmocka_unit_test(xlsx__says_when_a_temporary_file_cannot_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
