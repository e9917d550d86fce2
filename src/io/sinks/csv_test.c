/* What the CSV sink promises: RFC 4180 fields, nulls apart from empty texts, flat memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>

#include "io/sinks/csv.h"
#include "io/sinks/sink_case.h"

static mt_code write_case(mt_ctx *cx, mt_out *out, mt_out *head, size_t n)
{
    mt_sink *sink;
    MT_TRY(mt_csv_sink(cx, &sink, out, &(mt_csv_options){.size = sizeof(mt_csv_options), .head = head}));
    mt_code code = case_send(cx, sink, true, n);
    mt_sink_close(sink);
    return code;
}

static void csv__writes_every_type_exactly(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    static const char expected[] =
        "start,price,volume,amount,note,day,firm,side\n"
        "2024-01-01T00:02:22Z,62.03,1125,62.03,plain,2024-01-01,true,buy\n"
        ",,,,,,false,\n"
        "1970-01-01T00:00:00Z,-0.5,9223372036854775807,-0.000001,\"\",1970-01-01,false,sell\n"
        "2024-01-01T00:02:22.123456Z,1e+300,-9223372036854775807,9000000000000.000001,"
        "\"a,\"\"b\"\"\nc\x01\xff<&>é\",1969-12-31,true,buy\n";
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(write_case(&cx, out, NULL, CASE_ROWS), MT_OK);
    mt_text got = mt_out_bytes(out);
    assert_int_equal(got.length, sizeof expected - 1);
    assert_memory_equal(got.at, expected, got.length);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void csv__puts_the_head_beside_the_rows(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out, *head;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_out_memory(&cx, &head), MT_OK);
    assert_int_equal(write_case(&cx, out, head, 0), MT_OK);
    assert_true(mt_text_equal(mt_out_bytes(head), "zone: DK1\ntotal: 12.5 MWh\n"));
    assert_true(mt_text_equal(mt_out_bytes(out), "start,price,volume,amount,note,day,firm,side\n"));
    mt_out_close(out);
    mt_out_close(head);
    mt_ctx_close(&cx);
}

static void csv__streams_a_million_rows_in_flat_memory(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_file(&cx, &out, "/dev/null"), MT_OK);
    assert_int_equal(write_case(&cx, out, NULL, 100000), MT_OK);
    mt_out_close(out);
    size_t held = cx.arena.held_bytes;
    long before = case_resident_kib();
    mt_ctx_close(&cx);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_file(&cx, &out, "/dev/null"), MT_OK);
    assert_int_equal(write_case(&cx, out, NULL, 1000000), MT_OK);
    mt_out_close(out);
    assert_int_equal(cx.arena.held_bytes, held);
    assert_true(case_resident_kib() - before < 4096);
    mt_ctx_close(&cx);
}

static void csv__survives_the_failure_of_every_allocation(void **state)
{
    (void)state;
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code != MT_OK; k++) {
        mt_ctx cx;
        mt_out *out = NULL;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = mt_out_memory(&cx, &out);
        if (code == MT_OK) code = write_case(&cx, out, NULL, CASE_ROWS);
        if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
        mt_out_close(out);
        mt_ctx_close(&cx);
        assert_true(k < 1000);
    }
}

static void csv__leaves_no_file_when_an_allocation_fails(void **state)
{
    (void)state;
    char folder[64], path[128];
    mt_code code = MT_E_MEMORY;
    case_folder(folder);
    snprintf(path, sizeof path, "%s/x.csv", folder);
    for (uint64_t k = 1; code != MT_OK; k++) {
        mt_ctx cx;
        mt_out *out = NULL;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = mt_out_file(&cx, &out, path);
        if (code == MT_OK) code = write_case(&cx, out, NULL, CASE_ROWS);
        mt_out_close(out);
        if (code != MT_OK && access(path, F_OK) == 0) assert_int_equal(code, MT_OK);
        mt_ctx_close(&cx);
        assert_true(k < 1000);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* empty: no temporary file is left either */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv__writes_every_type_exactly),
        cmocka_unit_test(csv__puts_the_head_beside_the_rows),
        cmocka_unit_test(csv__streams_a_million_rows_in_flat_memory),
        cmocka_unit_test(csv__survives_the_failure_of_every_allocation),
        cmocka_unit_test(csv__leaves_no_file_when_an_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
