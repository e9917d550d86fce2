/* Tests of the emitter: structs put one by one arrive as chunks, texts and missing values included. */
#include "base/rows/emit.h"
#include "base/rows/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/rows/line_case.h"

/* Row i of a made-up result; every seventh has nothing in it. The name lives in `text` only until it is put.
 */
static struct line make_line(size_t i, char *text, size_t size)
{
    struct line line;
    mt_field_clear(line_col, &line);
    if (i % 7 == 6) return line;
    snprintf(text, size, "%s%zu", i % 11 == 0 ? "a name that takes a little more room than the others " : "n",
             i);
    return (struct line){.flag = i % 2,
                         .count = (int64_t)i,
                         .price = (double)i / 4,
                         .amount = (mt_micro)i * 1000,
                         .name = i % 5 == 0 ? "" : text,
                         .start = (mt_time)i * MT_US_HOUR,
                         .day = (mt_day)i,
                         .length = MT_US_MINUTE,
                         .side = (int)(i % 2)};
}

static mt_code put_lines(mt_ctx *cx, mt_sink *sink, size_t n)
{
    mt_emit *emit;
    char text[100];
    MT_TRY(mt_emit_begin(cx, &emit, sink, "demo.lines", line_col, NULL, NULL));
    for (size_t i = 0; i < n; i++) {
        struct line line = make_line(i, text, sizeof text);
        MT_TRY(mt_emit_put(emit, &line));
        memset(text, '#', sizeof text);
    }
    return mt_emit_end(emit);
}

static void check_line(const mt_table *table, size_t i)
{
    char text[100];
    struct line line = make_line(i, text, sizeof text);
    for (int k = 0; k < 9; k++) {
        mt_value want = mt_field_get(&line_col[k], &line), got = mt_table_get(table, i, k);
        assert_int_equal(got.present, want.present);
        if (!want.present) continue;
        switch (line_col[k].type) {
        case MT_BOOL: assert_int_equal(got.as.boolean, want.as.boolean); break;
        case MT_REAL: assert_true(got.as.real == want.as.real); break;
        case MT_TEXT:
        case MT_CHOICE:
            assert_int_equal(got.as.text.length, want.as.text.length);
            assert_memory_equal(got.as.text.at, want.as.text.at, want.as.text.length);
            assert_non_null(got.as.text.at);
            break;
        default: assert_int_equal(got.as.integer, want.as.integer); break;
        }
    }
}

static void emit__every_value_arrives_across_chunks(void **state)
{
    (void)state;
    static const size_t size[] = {
        0, 1, 63, 64, 65, MT_CHUNK_ROWS - 1, MT_CHUNK_ROWS, MT_CHUNK_ROWS + 1, 3 * MT_CHUNK_ROWS};
    for (size_t s = 0; s < sizeof size / sizeof *size; s++) {
        mt_ctx cx;
        mt_sink *sink;
        mt_table *table;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
        assert_int_equal(put_lines(&cx, sink, size[s]), MT_OK);
        assert_int_equal(table->n, size[s]);
        for (size_t i = 0; i < size[s]; i++) check_line(table, i);
        mt_sink_close(sink);
        mt_ctx_close(&cx);
    }
}

/* A sink that remembers how it was called and can refuse. */
struct watching_sink {
    mt_sink sink;
    size_t schemas, finishes, rows, chunks, largest;
    size_t refuse_chunk; /* 0: none */
    mt_ctx *cancel;
};

static mt_code watch_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)cx;
    ((struct watching_sink *)sink)->schemas++;
    assert_string_equal(schema->name, "demo.lines");
    assert_int_equal(schema->n_col, 9);
    return MT_OK;
}

static mt_code watch_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct watching_sink *self = (struct watching_sink *)sink;
    self->chunks++;
    self->rows += chunk->n;
    if (chunk->n > self->largest) self->largest = chunk->n;
    if (self->cancel) mt_ctx_cancel(self->cancel);
    return self->chunks == self->refuse_chunk ? mt_fail(cx, MT_E_IO, "the disk is full") : MT_OK;
}

static mt_code watch_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)cx;
    ((struct watching_sink *)sink)->finishes++;
    return MT_OK;
}

static void watch_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops watching_ops = {watch_schema, watch_push, watch_finish, watch_close};

static void emit__pushes_full_chunks_and_a_rest(void **state)
{
    (void)state;
    mt_ctx cx;
    struct watching_sink watch = {.sink.ops = &watching_ops};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(put_lines(&cx, &watch.sink, 2 * MT_CHUNK_ROWS + 5), MT_OK);
    assert_int_equal(watch.schemas, 1);
    assert_int_equal(watch.chunks, 3);
    assert_int_equal(watch.largest, MT_CHUNK_ROWS);
    assert_int_equal(watch.rows, 2 * MT_CHUNK_ROWS + 5);
    assert_int_equal(watch.finishes, 1);
    mt_ctx_close(&cx);
}

static void emit__memory_stays_flat_however_many_rows(void **state)
{
    (void)state;
    mt_ctx cx;
    struct watching_sink watch = {.sink.ops = &watching_ops};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(put_lines(&cx, &watch.sink, 2 * MT_CHUNK_ROWS), MT_OK);
    size_t held = cx.arena.held_bytes;
    mt_ctx_close(&cx);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(put_lines(&cx, &watch.sink, 100 * MT_CHUNK_ROWS), MT_OK);
    assert_true(cx.arena.held_bytes <= 2 * held);
    mt_ctx_close(&cx);
}

static void emit__a_refusing_sink_stops_it(void **state)
{
    (void)state;
    mt_ctx cx;
    struct watching_sink watch = {.sink.ops = &watching_ops, .refuse_chunk = 2};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(put_lines(&cx, &watch.sink, 10 * MT_CHUNK_ROWS), MT_E_IO);
    assert_string_equal(cx.err, "the disk is full");
    assert_int_equal(watch.rows, 2 * MT_CHUNK_ROWS);
    assert_int_equal(watch.finishes, 0);
    mt_ctx_close(&cx);
}

static void emit__a_cancel_is_noticed_within_a_chunk(void **state)
{
    (void)state;
    mt_ctx cx;
    struct watching_sink watch = {.sink.ops = &watching_ops, .cancel = &cx};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(put_lines(&cx, &watch.sink, 10 * MT_CHUNK_ROWS), MT_E_CANCELLED);
    assert_int_equal(watch.chunks, 1);
    assert_int_equal(watch.finishes, 0);
    mt_ctx_close(&cx);
}

static void emit__one_row_is_a_result(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table;
    char text[100];
    struct line line = make_line(1, text, sizeof text);
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_emit_one(&cx, sink, "demo.one", line_col, &line), MT_OK);
    assert_string_equal(table->schema.name, "demo.one");
    assert_int_equal(table->n, 1);
    assert_int_equal(mt_table_get(table, 0, mt_table_column(table, "count")).as.integer, 1);
    assert_true(mt_text_equal(mt_table_get(table, 0, mt_table_column(table, "name")).as.text, "n1"));
    mt_sink_close(sink);
    mt_ctx_close(&cx);
}

static void emit__an_argument_type_is_no_column(void **state)
{
    (void)state;
    struct filed { mt_input orders; } row = {{"x", 3}};
    static const mt_field col[] = {{.name = "orders", MT_INPUT_AT(filed, orders)}, {0}};
    mt_ctx cx;
    struct watching_sink watch = {.sink.ops = &watching_ops};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_emit_one(&cx, &watch.sink, "demo.files", col, &row), MT_E_BUG);
    assert_string_equal(cx.err, "demo.files: column orders has a type for arguments only");
    assert_int_equal(watch.schemas, 0);
    mt_ctx_close(&cx);
}

static void emit__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    struct watching_sink watch = {.sink.ops = &watching_ops};
    uint64_t k = 1;
    for (mt_code code = MT_E_MEMORY; code != MT_OK; k++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = put_lines(&cx, &watch.sink, MT_CHUNK_ROWS + 10);
        assert_true(code == MT_OK || code == MT_E_MEMORY);
        mt_ctx_close(&cx);
        assert_true(k < 1000);
    }
    assert_in_range(k, 20, 100); /* four tables, two arrays a column, a few for texts */
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(emit__every_value_arrives_across_chunks),
        cmocka_unit_test(emit__pushes_full_chunks_and_a_rest),
        cmocka_unit_test(emit__memory_stays_flat_however_many_rows),
        cmocka_unit_test(emit__a_refusing_sink_stops_it),
        cmocka_unit_test(emit__a_cancel_is_noticed_within_a_chunk),
        cmocka_unit_test(emit__one_row_is_a_result),
        cmocka_unit_test(emit__an_argument_type_is_no_column),
        cmocka_unit_test(emit__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("emit", test, NULL, NULL);
}
