/* Tests of rows in memory: nothing is borrowed, nothing is lost, and a table sent on is the same table. */
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

static struct line make_line(size_t i, char *text, size_t size)
{
    struct line line;
    mt_field_clear(line_col, &line);
    if (i % 5 == 4) return line;
    snprintf(text, size, "name %zu", i);
    return (struct line){.flag = i % 2,
                         .count = (int64_t)i,
                         .price = (double)i + 0.25,
                         .amount = (mt_micro)i * 1500000,
                         .name = i % 3 == 0 ? "" : text,
                         .start = (mt_time)i * MT_US_HOUR,
                         .day = (mt_day)i - 10,
                         .length = MT_US_MINUTE,
                         .side = (int)(i % 2)};
}

/* A result with a head of every type; all that it borrows is gone when it returns. */
static mt_code fill(mt_ctx *cx, mt_sink *sink, size_t n)
{
    mt_field col[10], head[10];
    char text[32], name[] = "demo.lines", doc[] = "a price";
    struct line first = make_line(1, text, sizeof text);
    char kept[32];
    memcpy(kept, text, sizeof kept);
    first.name = kept;
    memcpy(col, line_col, sizeof col);
    memcpy(head, line_col, sizeof head);
    col[2].doc = doc;
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, name, col, head, &first));
    for (size_t i = 0; i < n; i++) {
        struct line line = make_line(i, text, sizeof text);
        MT_TRY(mt_emit_put(emit, &line));
    }
    MT_TRY(mt_emit_end(emit));
    memset(name, '#', sizeof name - 1);
    memset(doc, '#', sizeof doc - 1);
    memset(kept, '#', sizeof kept);
    memset(col, 0, sizeof col);
    memset(head, 0, sizeof head);
    return MT_OK;
}

static void check_value(mt_type type, mt_value got, mt_value want)
{
    assert_int_equal(got.present, want.present);
    if (!want.present) return;
    switch (type) {
    case MT_BOOL: assert_int_equal(got.as.boolean, want.as.boolean); break;
    case MT_REAL: assert_true(got.as.real == want.as.real); break;
    case MT_TEXT:
    case MT_CHOICE:
        assert_int_equal(got.as.text.length, want.as.text.length);
        assert_memory_equal(got.as.text.at, want.as.text.at, want.as.text.length);
        break;
    default: assert_int_equal(got.as.integer, want.as.integer); break;
    }
}

static void check_table(const mt_table *table, size_t n)
{
    char text[32];
    struct line first = make_line(1, text, sizeof text);
    assert_string_equal(table->schema.name, "demo.lines");
    assert_int_equal(table->schema.n_col, 9);
    assert_int_equal(table->n, n);
    assert_int_equal(mt_field_count(table->schema.head), 9);
    for (int k = 0; k < 9; k++) {
        assert_string_equal(table->schema.col[k].name, line_col[k].name);
        assert_string_equal(table->schema.col[k].doc, line_col[k].doc);
        assert_int_equal(table->schema.col[k].unit, line_col[k].unit);
        assert_string_equal(table->schema.head[k].name, line_col[k].name);
        check_value(line_col[k].type, table->head[k], mt_field_get(&line_col[k], &first));
    }
    for (size_t i = 0; i < n; i++) {
        struct line line = make_line(i, text, sizeof text);
        for (int k = 0; k < 9; k++) {
            check_value(line_col[k].type, mt_table_get(table, i, k), mt_field_get(&line_col[k], &line));
        }
    }
}

static void table__keeps_everything_and_borrows_nothing(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 63, 64, 65, 129, 5000};
    for (size_t s = 0; s < sizeof size / sizeof *size; s++) {
        mt_ctx cx;
        mt_sink *sink;
        mt_table *table;
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
        assert_int_equal(fill(&cx, sink, size[s]), MT_OK);
        mt_sink_close(sink);
        check_table(table, size[s]);
        mt_ctx_close(&cx);
    }
}

static void table__sent_on_is_the_same_table(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 200, 5000};
    for (size_t s = 0; s < sizeof size / sizeof *size; s++) {
        mt_ctx cx, other;
        mt_sink *sink;
        mt_table *table, *copy;
        mt_ctx_init(&cx, NULL);
        mt_ctx_init(&other, NULL);
        assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
        assert_int_equal(fill(&cx, sink, size[s]), MT_OK);
        assert_int_equal(mt_table_sink(&other, &sink, &copy, 0), MT_OK);
        assert_int_equal(mt_table_send(&cx, table, sink), MT_OK);
        mt_ctx_close(&cx); /* the copy lives in a context of its own */
        check_table(copy, size[s]);
        mt_ctx_close(&other);
    }
}

static void table__a_missing_head_value_stays_missing_when_sent(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table, *copy;
    mt_emit *emit;
    struct line none;
    mt_ctx_init(&cx, NULL);
    mt_field_clear(line_col, &none);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_emit_begin(&cx, &emit, sink, "demo", line_col, line_col, &none), MT_OK);
    assert_int_equal(mt_emit_end(emit), MT_OK);
    assert_int_equal(mt_table_sink(&cx, &sink, &copy, 0), MT_OK);
    assert_int_equal(mt_table_send(&cx, table, sink), MT_OK);
    assert_true(copy->head[0].present && !copy->head[0].as.boolean);
    for (size_t k = 1; k < 9; k++) assert_false(copy->head[k].present);
    mt_ctx_close(&cx);
}

static void table__chunks_of_any_size_and_without_bits_are_taken(void **state)
{
    (void)state;
    static const mt_field col[] = {{.name = "count", .type = MT_INT}, {0}};
    mt_schema schema = {.name = "plain", .col = col, .n_col = 1};
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table;
    int64_t data[300];
    size_t sum = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_sink_schema(sink, &cx, &schema), MT_OK);
    for (size_t n = 1; n <= 300; n += 37) {
        for (size_t i = 0; i < n; i++) data[i] = (int64_t)(sum + i);
        mt_column column = {.data = data};
        mt_chunk chunk = {.n = n, .col = &column};
        assert_int_equal(mt_sink_push(sink, &cx, &chunk), MT_OK);
        sum += n;
    }
    assert_int_equal(mt_sink_finish(sink, &cx), MT_OK);
    assert_int_equal(table->n, sum);
    assert_null(table->head);
    for (size_t i = 0; i < sum; i++) assert_int_equal(((const int64_t *)table->col[0].data)[i], (int64_t)i);
    mt_ctx_close(&cx);
}

static void table__more_rows_than_allowed_are_refused(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 100), MT_OK);
    assert_int_equal(fill(&cx, sink, 101), MT_E_TOO_LARGE);
    assert_string_equal(cx.err, "demo.lines has more than 100 rows");
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 100), MT_OK);
    assert_int_equal(fill(&cx, sink, 100), MT_OK);
    mt_ctx_close(&cx);
}

static void table__cells_are_found_by_name_and_missing_outside(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(fill(&cx, sink, 6), MT_OK);
    assert_int_equal(mt_table_column(table, "price"), 2);
    assert_int_equal(mt_table_column(table, "prices"), -1);
    assert_true(mt_table_real(table, 3, 2) == 3.25);
    assert_true(mt_table_real(table, 3, mt_table_column(table, "amount")) == 4.5);
    assert_true(mt_table_real(table, 3, mt_table_column(table, "count")) == 3);
    assert_true(isnan(mt_table_real(table, 3, mt_table_column(table, "name"))));
    assert_true(isnan(mt_table_real(table, 4, 2))); /* the fifth row has nothing in it */
    assert_true(isnan(mt_table_real(table, 3, -1)));
    assert_false(mt_table_get(table, 6, 2).present);
    assert_false(mt_table_get(table, 0, 9).present);
    assert_false(mt_table_get(table, 0, -1).present);
    mt_ctx_close(&cx);
}

/* Fill a table and send it on, with the k-th allocation failing. */
static mt_code fill_and_send(mt_ctx *cx)
{
    mt_sink *sink;
    mt_table *table, *copy;
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    MT_TRY(fill(cx, sink, 70));
    MT_TRY(mt_table_sink(cx, &sink, &copy, 0));
    MT_TRY(mt_table_send(cx, table, sink));
    check_table(copy, 70);
    return MT_OK;
}

static void table__every_lack_of_memory_is_told(void **state)
{
    (void)state;
    uint64_t k = 1;
    for (mt_code code = MT_E_MEMORY; code != MT_OK; k++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = fill_and_send(&cx);
        assert_true(code == MT_OK || code == MT_E_MEMORY);
        if (code != MT_OK) assert_non_null(strstr(cx.err, "no memory for"));
        mt_ctx_close(&cx);
        assert_true(k < 2000);
    }
    assert_true(k > 100);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(table__keeps_everything_and_borrows_nothing),
        cmocka_unit_test(table__sent_on_is_the_same_table),
        cmocka_unit_test(table__a_missing_head_value_stays_missing_when_sent),
        cmocka_unit_test(table__chunks_of_any_size_and_without_bits_are_taken),
        cmocka_unit_test(table__more_rows_than_allowed_are_refused),
        cmocka_unit_test(table__cells_are_found_by_name_and_missing_outside),
        cmocka_unit_test(table__every_lack_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("table", test, NULL, NULL);
}
