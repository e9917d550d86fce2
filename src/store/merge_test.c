/* Merging: rows given again change nothing, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/testing.h"

#include <math.h>

struct price_row {
    int64_t place;
    int64_t start;
    double price;
    int64_t volume;
    const char *note;
};

static const mt_field price_col[] = {
    {.name = "place", MT_INT_AT(price_row, place)},  {.name = "start", MT_TIME_AT(price_row, start)},
    {.name = "price", MT_REAL_AT(price_row, price)}, {.name = "volume", MT_INT_AT(price_row, volume)},
    {.name = "note", MT_TEXT_AT(price_row, note)},   {.name = NULL},
};

static const char *const price_key[] = {"place", "start", NULL};
static const char *const price_range[] = {"start", NULL};
static const mt_merge_plan price_plan = {.table = "price_test", .key = price_key, .range = price_range};

struct load {
    const struct price_row *row;
    size_t n;
    mt_merge_counts counts;
    bool fail;
};

static mt_code send_rows(mt_ctx *cx, mt_sink *sink, const struct load *load)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "prices", price_col, NULL, NULL));
    for (size_t k = 0; k < load->n; k++) MT_TRY(mt_emit_put(emit, &load->row[k]));
    return mt_emit_end(emit);
}

static mt_code merge_rows(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct load *load = arg;
    mt_sink *sink;
    MT_TRY(mt_tx_merge(cx, tx, &sink, &load->counts, &price_plan));
    mt_code code = send_rows(cx, sink, load);
    mt_sink_close(sink);
    if (code == MT_OK && load->fail) return mt_fail(cx, MT_E_FAILED, "the test wants this write to fail");
    return code;
}

static mt_merge_counts merge(testing *t, const struct price_row *row, size_t n)
{
    struct load load = {.row = row, .n = n};
    if (mt_store_write(&t->cx, t->store, merge_rows, &load) != MT_OK) fail_msg("%s", t->cx.err);
    return load.counts;
}

static const struct price_row some_rows[] = {
    {1, 0, 10.5, 100, "first"},
    {1, 3600000000, NAN, INT64_MAX, NULL},
    {2, 0, -3.25, -5, "it's \xC3\xA9"},
};

static void assert_counts(mt_merge_counts got, mt_merge_counts want)
{
    assert_int_equal(got.given, want.given);
    assert_int_equal(got.added, want.added);
    assert_int_equal(got.changed, want.changed);
    assert_int_equal(got.unchanged, want.unchanged);
    assert_int_equal(got.removed, want.removed);
}

static void merge__the_same_rows_twice_change_nothing(void **state)
{
    testing *t = *state;
    assert_counts(merge(t, some_rows, 3), (mt_merge_counts){.given = 3, .added = 3});
    assert_counts(merge(t, some_rows, 3), (mt_merge_counts){.given = 3, .unchanged = 3});
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 3);
}

static void merge__stores_exactly_what_was_given(void **state)
{
    testing *t = *state;
    merge(t, some_rows, 3);
    mt_table *table = testing_query(t,
                                    "SELECT place, start, price, volume, note, flag FROM price_test "
                                    "ORDER BY place NULLS LAST, start NULLS LAST",
                                    NULL, 0);
    assert_int_equal(table->n, 3);
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(mt_table_get(table, k, 0).as.integer, some_rows[k].place);
        assert_true(mt_table_get(table, k, 1).as.integer == some_rows[k].start);
        mt_value price = mt_table_get(table, k, 2), note = mt_table_get(table, k, 4);
        assert_int_equal(price.present, !isnan(some_rows[k].price));
        if (price.present) assert_true(price.as.real == some_rows[k].price);
        assert_true(mt_table_get(table, k, 3).as.integer == some_rows[k].volume);
        assert_int_equal(note.present, some_rows[k].note != NULL);
        if (note.present) assert_true(mt_text_equal(note.as.text, some_rows[k].note));
        assert_false(mt_table_get(table, k, 5).present); /* a column that was not given */
    }
}

static void merge__counts_new_and_changed_rows(void **state)
{
    testing *t = *state;
    merge(t, some_rows, 3);
    const struct price_row next[] = {
        {1, 0, 10.5, 100, "first"},
        {1, 3600000000, 7.0, INT64_MAX, NULL},
        {3, 0, 1, 1, "new"},
        {2, 0, -3.25, -5, NULL},
    };
    assert_counts(merge(t, next, 4), (mt_merge_counts){.given = 4, .added = 1, .changed = 2, .unchanged = 1});
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test WHERE note IS NULL"), 2);
}

static void merge__keeps_the_last_of_rows_with_one_key(void **state)
{
    testing *t = *state;
    const struct price_row twice[] = {{1, 0, 1, 1, "a"}, {2, 0, 2, 2, "b"}, {1, 0, 3, 3, "c"}};
    assert_counts(merge(t, twice, 3), (mt_merge_counts){.given = 3, .added = 2, .unchanged = 1});
    assert_int_equal(testing_count(t, "SELECT volume FROM price_test WHERE place = 1"), 3);
}

static void merge__refuses_a_row_without_its_key_and_unknown_columns(void **state)
{
    testing *t = *state;
    const struct price_row keyless[] = {{INT64_MIN, 0, 1, 1, NULL}};
    struct load load = {.row = keyless, .n = 1};
    assert_int_equal(mt_store_write(&t->cx, t->store, merge_rows, &load), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "place"));
    mt_batch *batch;
    mt_sink *sink;
    const mt_field foreign[] = {{.name = "place", .type = MT_INT},
                                {.name = "start", .type = MT_TIME},
                                {.name = "colour", .type = MT_TEXT},
                                {.name = NULL}};
    const mt_field wrong[] = {
        {.name = "place", .type = MT_TEXT}, {.name = "start", .type = MT_TIME}, {.name = NULL}};
    const mt_schema schemas[] = {{.name = "x", .col = foreign, .n_col = 3},
                                 {.name = "x", .col = wrong, .n_col = 2}};
    for (int k = 0; k < 2; k++) {
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, NULL, &price_plan), MT_OK);
        assert_int_equal(mt_sink_schema(sink, &t->cx, &schemas[k]), MT_E_SHAPE);
        assert_non_null(strstr(t->cx.err, k ? "place" : "colour"));
        mt_sink_close(sink);
        mt_batch_close(batch);
    }
}

static void merge__replaces_what_a_batch_no_longer_names(void **state)
{
    testing *t = *state;
    static const char *const key[] = {"place", "start", NULL};
    mt_fixed place = {"place", mt_param_int(9)};
    mt_merge_plan plan = {.table = "price_test", .key = key, .fixed = &place, .n_fixed = 1, .replace = true};
    merge(t, some_rows, 3);
    const mt_field col[] = {{.name = "start", MT_TIME_AT(price_row, start)},
                            {.name = "volume", MT_INT_AT(price_row, volume)},
                            {.name = NULL}};
    const mt_merge_counts want[] = {
        {.given = 3, .added = 3}, {.given = 2, .unchanged = 2, .removed = 1}, {.given = 0, .removed = 2}};
    for (int round = 0; round < 3; round++) {
        mt_batch *batch;
        mt_sink *sink;
        mt_emit *emit;
        mt_merge_counts counts;
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, &counts, &plan), MT_OK);
        assert_int_equal(mt_emit_begin(&t->cx, &emit, sink, "prices", col, NULL, NULL), MT_OK);
        for (int k = 0; k < 3 - round - round / 2; k++) {
            struct price_row row = {.start = k * 1000000, .volume = k};
            assert_int_equal(mt_emit_put(emit, &row), MT_OK);
        }
        assert_int_equal(mt_emit_end(emit), MT_OK);
        mt_sink_close(sink);
        if (mt_batch_commit(&t->cx, batch, NULL, NULL) != MT_OK) fail_msg("%s", t->cx.err);
        mt_batch_close(batch);
        assert_counts(counts, want[round]);
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"),
                     3); /* the other places' rows stand */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(merge__the_same_rows_twice_change_nothing, testing_clear),
        cmocka_unit_test_setup(merge__stores_exactly_what_was_given, testing_clear),
        cmocka_unit_test_setup(merge__counts_new_and_changed_rows, testing_clear),
        cmocka_unit_test_setup(merge__keeps_the_last_of_rows_with_one_key, testing_clear),
        cmocka_unit_test_setup(merge__refuses_a_row_without_its_key_and_unknown_columns, testing_clear),
        cmocka_unit_test_setup(merge__replaces_what_a_batch_no_longer_names, testing_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "merge");
}
