/* Tests of a sink's door: calls pass through in order, and a column is read as it was written. */
#include "base/rows/sink.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct noting_sink {
    mt_sink sink;
    char calls[16];
    mt_code answer;
};

static void note(mt_sink *sink, char call)
{
    struct noting_sink *self = (struct noting_sink *)sink;
    self->calls[strlen(self->calls)] = call;
}

static mt_code note_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)cx;
    (void)schema;
    note(sink, 's');
    return ((struct noting_sink *)sink)->answer;
}

static mt_code note_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    (void)cx;
    (void)chunk;
    note(sink, 'p');
    return ((struct noting_sink *)sink)->answer;
}

static mt_code note_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)cx;
    note(sink, 'f');
    return ((struct noting_sink *)sink)->answer;
}

static void note_close(mt_sink *sink)
{
    note(sink, 'c');
}

static const mt_sink_ops noting_ops = {note_schema, note_push, note_finish, note_close};

static void sink__calls_reach_what_stands_behind(void **state)
{
    (void)state;
    struct noting_sink self = {.sink.ops = &noting_ops, .answer = MT_OK};
    mt_schema schema = {.name = "x"};
    mt_chunk chunk = {.n = 1}, empty = {.n = 0};
    assert_int_equal(mt_sink_schema(&self.sink, NULL, &schema), MT_OK);
    assert_int_equal(mt_sink_push(&self.sink, NULL, &chunk), MT_OK);
    assert_int_equal(mt_sink_push(&self.sink, NULL, &empty), MT_OK); /* a sink never sees an empty chunk */
    assert_int_equal(mt_sink_finish(&self.sink, NULL), MT_OK);
    mt_sink_close(&self.sink);
    assert_string_equal(self.calls, "spfc");
    mt_sink_close(NULL);
}

static void sink__its_failures_come_back(void **state)
{
    (void)state;
    struct noting_sink self = {.sink.ops = &noting_ops, .answer = MT_E_IO};
    mt_schema schema = {.name = "x"};
    mt_chunk chunk = {.n = 1};
    assert_int_equal(mt_sink_schema(&self.sink, NULL, &schema), MT_E_IO);
    assert_int_equal(mt_sink_push(&self.sink, NULL, &chunk), MT_E_IO);
    assert_int_equal(mt_sink_finish(&self.sink, NULL), MT_E_IO);
}

static void column__validity_bits_cross_words(void **state)
{
    (void)state;
    int64_t data[130];
    uint64_t valid[3] = {0};
    for (size_t i = 0; i < 130; i++) {
        data[i] = (int64_t)i;
        if (i % 3 == 0) valid[i / 64] |= (uint64_t)1 << (i % 64);
    }
    mt_column some = {data, valid}, all = {data, NULL};
    for (size_t i = 0; i < 130; i++) {
        assert_int_equal(mt_column_has(&some, i), i % 3 == 0);
        assert_true(mt_column_has(&all, i));
        mt_value value = mt_column_get(&some, MT_INT, i);
        assert_int_equal(value.present, i % 3 == 0);
        if (value.present) assert_int_equal(value.as.integer, (int64_t)i);
    }
}

static void column__each_type_is_read_in_its_own_width(void **state)
{
    (void)state;
    static const uint8_t flag[] = {0, 1, 1};
    static const double price[] = {1.5, -2.5, 3.5};
    static const int32_t day[] = {1, -2, 20000};
    static const int64_t amount[] = {1, -2, INT64_MAX};
    const mt_text name[] = {{"", 0}, {"ab", 2}, {"c", 1}};
    mt_column column = {.data = flag};
    assert_false(mt_column_get(&column, MT_BOOL, 0).as.boolean);
    assert_true(mt_column_get(&column, MT_BOOL, 2).as.boolean);
    column.data = price;
    assert_true(mt_column_get(&column, MT_REAL, 1).as.real == -2.5);
    column.data = day;
    assert_int_equal(mt_column_get(&column, MT_DAY, 1).as.integer, -2);
    assert_int_equal(mt_column_get(&column, MT_DAY, 2).as.integer, 20000);
    column.data = amount;
    static const mt_type eight[] = {MT_INT, MT_MICRO, MT_TIME, MT_SPAN};
    for (size_t k = 0; k < 4; k++) {
        assert_int_equal(mt_column_get(&column, eight[k], 1).as.integer, -2);
        assert_int_equal(mt_column_get(&column, eight[k], 2).as.integer, INT64_MAX);
    }
    column.data = name;
    assert_true(mt_text_equal(mt_column_get(&column, MT_TEXT, 1).as.text, "ab"));
    assert_true(mt_text_equal(mt_column_get(&column, MT_CHOICE, 2).as.text, "c"));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sink__calls_reach_what_stands_behind),
        cmocka_unit_test(sink__its_failures_come_back),
        cmocka_unit_test(column__validity_bits_cross_words),
        cmocka_unit_test(column__each_type_is_read_in_its_own_width),
    };
    return cmocka_run_group_tests_name("sink", test, NULL, NULL);
}
