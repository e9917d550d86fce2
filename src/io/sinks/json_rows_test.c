/* What the JSON sinks promise: one document or one line a row, exact numbers, an error line when half was
 * sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "io/json.h"
#include "io/sinks/json_rows.h"
#include "io/sinks/sink_case.h"

typedef mt_code make_fn(mt_ctx *cx, mt_sink **sink, mt_out *out);

static mt_code write_case(mt_ctx *cx, make_fn *make, mt_out *out, bool head, size_t n)
{
    mt_sink *sink;
    MT_TRY(make(cx, &sink, out));
    mt_code code = case_send(cx, sink, head, n);
    mt_sink_close(sink);
    return code;
}

static void expect(make_fn *make, bool head, size_t n, const char *expected)
{
    mt_ctx cx;
    mt_out *out;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(write_case(&cx, make, out, head, n), MT_OK);
    assert_int_equal(mt_out_bytes(out).length, strlen(expected));
    assert_memory_equal(mt_out_bytes(out).at, expected, strlen(expected));
    mt_out_close(out);
    mt_ctx_close(&cx);
}

#define ROW_1                                                                                              \
    "{\"start\":\"2024-01-01T00:02:22Z\",\"price\":62.03,\"volume\":1125,\"amount\":62.03,\"note\":"       \
    "\"plain\","                                                                                           \
    "\"day\":\"2024-01-01\",\"firm\":true,\"side\":\"buy\"}"
#define ROW_2                                                                                              \
    "{\"start\":null,\"price\":null,\"volume\":null,\"amount\":null,\"note\":null,\"day\":null,\"firm\":"  \
    "false,"                                                                                               \
    "\"side\":null}"
#define ROW_3 "{\"start\":\"1970-01-01T00:00:00Z\",\"price\":-0.5,\"volume\":\"9223372036854775807\"," \
              "\"amount\":-0.000001,\"note\":\"\",\"day\":\"1970-01-01\",\"firm\":false,\"side\":\"sell\"}"
#define ROW_4                                                                                              \
    "{\"start\":\"2024-01-01T00:02:22.123456Z\",\"price\":1e+300,\"volume\":\"-9223372036854775807\","     \
    "\"amount\":\"9000000000000.000001\",\"note\":\"a,\\\"b\\\"\\nc\\u0001\xEF\xBF\xBD<&>é\","            \
    "\"day\":\"1969-12-31\",\"firm\":true,\"side\":\"buy\"}"
#define UNITS "\"units\":{\"price\":\"EUR/MWh\",\"volume\":\"Wh\",\"amount\":\"EUR\"}"

static void json_rows__makes_one_document(void **state)
{
    (void)state;
    expect(mt_json_sink, false, CASE_ROWS,
           "{\"name\":\"case.rows\"," UNITS ",\"rows\":[\n" ROW_1 ",\n" ROW_2 ",\n" ROW_3 ",\n" ROW_4
           "]}\n");
    expect(mt_json_sink, false, 0, "{\"name\":\"case.rows\"," UNITS ",\"rows\":[]}\n");
}

static void json_rows__puts_the_head_first(void **state)
{
    (void)state;
    expect(mt_json_sink, true, 1, "{\"name\":\"case.rows\",\"head\":{\"zone\":\"DK1\",\"total\":12.5},"
                                  "\"head_units\":{\"total\":\"MWh\"}," UNITS ",\"rows\":[\n" ROW_1 "]}\n");
    expect(mt_ndjson_sink, true, 1, "{\"head\":{\"zone\":\"DK1\",\"total\":12.5}}\n" ROW_1 "\n");
}

static void json_rows__makes_one_line_a_row(void **state)
{
    (void)state;
    expect(mt_ndjson_sink, false, CASE_ROWS, ROW_1 "\n" ROW_2 "\n" ROW_3 "\n" ROW_4 "\n");
    expect(mt_ndjson_sink, false, 0, "");
}

static void json_rows__are_read_back_as_json(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    const mt_json *top;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(write_case(&cx, mt_json_sink, out, true, 5000), MT_OK);
    assert_int_equal(mt_json_read(&cx, &top, "rows", mt_out_bytes(out).at, mt_out_bytes(out).length), MT_OK);
    assert_int_equal(mt_json_member(top, "rows")->count, 5000);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

/* Rows go to a file until n of them are in, then the operation fails. */
static size_t fail_after(size_t n, char *text, size_t room)
{
    mt_ctx cx;
    mt_out *out;
    mt_sink *sink;
    mt_emit *emit;
    char path[] = "/tmp/merit-test-XXXXXX";
    int fd = mkstemp(path);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_fd(&cx, &out, fd, "stdout"), MT_OK);
    assert_int_equal(mt_ndjson_sink(&cx, &sink, out), MT_OK);
    assert_int_equal(mt_emit_begin(&cx, &emit, sink, "case", case_col, NULL, NULL), MT_OK);
    for (size_t i = 0; i < n; i++) assert_int_equal(mt_emit_put(emit, &case_row[0]), MT_OK);
    (void)mt_fail(&cx, MT_E_REMOTE, "the \"outside\" failed");
    mt_ndjson_fail(&cx, out);
    assert_int_equal(cx.code, MT_E_REMOTE);
    assert_string_equal(cx.err, "the \"outside\" failed");
    mt_sink_close(sink);
    mt_out_close(out);
    mt_ctx_close(&cx);
    off_t size = lseek(fd, 0, SEEK_END);
    if (size > 0) assert_int_equal(pread(fd, text, room, size - (off_t)room), room);
    close(fd);
    unlink(path);
    return (size_t)size;
}

static void json_rows__end_with_an_error_line_when_half_was_sent(void **state)
{
    (void)state;
    static const char line[] =
        "}\n{\"error\":{\"code\":\"MT_E_REMOTE\",\"text\":\"the \\\"outside\\\" failed\"}}\n";
    char text[sizeof line] = "";
    assert_true(fail_after(20480, text, sizeof line - 1) > MT_OUT_HOLD_BYTES);
    assert_string_equal(text, line);
}

static void json_rows__say_nothing_when_nothing_was_sent(void **state)
{
    (void)state;
    char text[8];
    assert_int_equal(fail_after(2048, text, sizeof text), 0);
}

static void json_rows__stream_a_million_rows_in_flat_memory(void **state)
{
    (void)state;
    make_fn *const make[] = {mt_json_sink, mt_ndjson_sink};
    for (int k = 0; k < 2; k++) {
        size_t held[2];
        for (int large = 0; large < 2; large++) {
            mt_ctx cx;
            mt_out *out;
            mt_ctx_init(&cx, NULL);
            assert_int_equal(mt_out_file(&cx, &out, "/dev/null"), MT_OK);
            assert_int_equal(write_case(&cx, make[k], out, true, large ? 1000000 : 10000), MT_OK);
            held[large] = cx.arena.held_bytes;
            mt_out_close(out);
            mt_ctx_close(&cx);
        }
        assert_int_equal(held[0], held[1]);
    }
}

static void json_rows__survive_the_failure_of_every_allocation(void **state)
{
    (void)state;
    make_fn *const make[] = {mt_json_sink, mt_ndjson_sink};
    for (int m = 0; m < 2; m++) {
        mt_code code = MT_E_MEMORY;
        for (uint64_t k = 1; code != MT_OK; k++) {
            mt_ctx cx;
            mt_out *out = NULL;
            mt_ctx_init(&cx, NULL);
            cx.arena.fail_at = k;
            code = mt_out_memory(&cx, &out);
            if (code == MT_OK) code = write_case(&cx, make[m], out, true, CASE_ROWS);
            if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
            mt_out_close(out);
            mt_ctx_close(&cx);
            assert_true(k < 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_rows__makes_one_document),
        cmocka_unit_test(json_rows__puts_the_head_first),
        cmocka_unit_test(json_rows__makes_one_line_a_row),
        cmocka_unit_test(json_rows__are_read_back_as_json),
        cmocka_unit_test(json_rows__end_with_an_error_line_when_half_was_sent),
        cmocka_unit_test(json_rows__say_nothing_when_nothing_was_sent),
        cmocka_unit_test(json_rows__stream_a_million_rows_in_flat_memory),
        cmocka_unit_test(json_rows__survive_the_failure_of_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
