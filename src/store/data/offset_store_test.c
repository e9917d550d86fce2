/* Positions of streams, dead letters, the state of fetches; on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/data/fetch_store.h"
#include "store/data/offset_store.h"
#include "store/testing.h"

static const mt_offset_key key = {"broker", "merit", "elspot_topic", 3};

struct move {
    const mt_offset_key *key;
    int64_t from, next;
    bool fail;
};

static mt_code advance(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const struct move *move = arg;
    MT_TRY(mt_offset_store_advance(cx, tx, move->key, move->from, move->next));
    return move->fail ? mt_fail(cx, MT_E_FAILED, "the test wants this write to fail") : MT_OK;
}

static mt_code move(testing *t, int64_t from, int64_t next, bool fail)
{
    struct move m = {&key, from, next, fail};
    return mt_store_write(&t->cx, t->store, advance, &m);
}

static int64_t position(testing *t, const mt_offset_key *of)
{
    int64_t next = -1;
    if (mt_offset_store_read(&t->cx, &next, t->store, of) != MT_OK) fail_msg("%s", t->cx.err);
    return next;
}

static int clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM stream_offset");
    testing_must(t, "DELETE FROM dead_letter");
    return 0;
}

static void offset__moves_only_from_where_it_stands(void **state)
{
    testing *t = *state;
    mt_offset_key other = key;
    other.part = 4;
    assert_true(position(t, &key) == INT64_MIN);
    assert_int_equal(move(t, 0, 10, false), MT_E_CONFLICT); /* nothing was read yet */
    assert_int_equal(move(t, INT64_MIN, 10, false), MT_OK);
    assert_int_equal(position(t, &key), 10);
    assert_int_equal(move(t, INT64_MIN, 20, false), MT_E_CONFLICT);
    assert_int_equal(move(t, 9, 20, false), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "elspot_topic"));
    assert_int_equal(move(t, 10, 20, false), MT_OK);
    assert_int_equal(move(t, 20, 5, false), MT_OK); /* back, by somebody who knows where it stood */
    assert_int_equal(position(t, &key), 5);
    assert_true(position(t, &other) == INT64_MIN);
}

static void offset__stays_when_its_transaction_fails(void **state)
{
    testing *t = *state;
    assert_int_equal(move(t, INT64_MIN, 10, true), MT_E_FAILED);
    assert_true(position(t, &key) == INT64_MIN);
    assert_int_equal(move(t, INT64_MIN, 10, false), MT_OK);
    assert_int_equal(move(t, 10, 11, true), MT_E_FAILED);
    assert_int_equal(position(t, &key), 10);
}

static void offset__list_names_every_position(void **state)
{
    testing *t = *state;
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(move(t, INT64_MIN, 10, false), MT_OK);
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_offset_store_list(&t->cx, t->store, sink), MT_OK);
    mt_sink_close(sink);
    assert_int_equal(table->n, 1);
    assert_true(mt_text_equal(mt_table_get(table, 0, 2).as.text, "elspot_topic"));
    assert_int_equal(mt_table_get(table, 0, mt_table_column(table, "next_offset")).as.integer, 10);
}

static void merge_letters(testing *t, mt_merge_counts *counts, const mt_dead_letter *letter, size_t n)
{
    mt_batch *batch;
    mt_sink *sink;
    mt_emit *emit;
    struct move m = {&key, position(t, &key), 99, false};
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    assert_int_equal(mt_dead_letter_merge(&t->cx, batch, &sink, counts), MT_OK);
    assert_int_equal(mt_emit_begin(&t->cx, &emit, sink, "letters", mt_dead_letter_col, NULL, NULL), MT_OK);
    for (size_t k = 0; k < n; k++) assert_int_equal(mt_emit_put(emit, &letter[k]), MT_OK);
    if (mt_emit_end(emit) != MT_OK) fail_msg("%s", t->cx.err);
    mt_sink_close(sink);
    if (mt_batch_commit(&t->cx, batch, advance, &m) != MT_OK) fail_msg("%s", t->cx.err);
    mt_batch_close(batch);
}

static mt_table *list_letters(testing *t, const char *stream, const char *topic, int64_t limit)
{
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = mt_dead_letter_list(&t->cx, t->store, stream, topic, limit, sink);
    mt_sink_close(sink);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    return table;
}

static void dead_letter__is_kept_once_with_its_reason(void **state)
{
    testing *t = *state;
    const mt_dead_letter letter[] = {
        {"broker", "a", 0, 7, 1000000, "no price", "k", "{}"},
        {"broker", "b", 0, 7, 3000000, "no time", NULL, "bytes that are no text: \xff\xfe."},
        {"file", "a", 0, 7, 2000000, "no area", NULL, NULL},
    };
    mt_merge_counts counts;
    merge_letters(t, &counts, letter, 3);
    assert_int_equal(counts.added, 3);
    merge_letters(t, &counts, letter, 3);
    assert_int_equal(counts.unchanged, 3);
    assert_int_equal(position(t, &key), 99);
    mt_table *table = list_letters(t, NULL, NULL, 10);
    assert_int_equal(table->n, 3);
    assert_true(mt_text_equal(mt_table_get(table, 0, mt_table_column(table, "reason")).as.text, "no time"));
    mt_text message = mt_table_get(table, 0, mt_table_column(table, "message")).as.text;
    assert_true(mt_text_equal(message, "bytes that are no text: \xEF\xBF\xBD\xEF\xBF\xBD."));
    assert_int_equal(list_letters(t, NULL, NULL, 2)->n, 2);
    assert_int_equal(list_letters(t, "broker", NULL, 10)->n, 2);
    assert_int_equal(list_letters(t, "broker", "a", 10)->n, 1);
    assert_int_equal(list_letters(t, NULL, "c", 10)->n, 0);
}

static void fetch__state_is_what_was_saved_last(void **state)
{
    testing *t = *state;
    mt_fetch_saving saving = {{"smard", "prices", NULL}, {5000000, "page 3", 0}};
    mt_fetch_state got;
    assert_int_equal(mt_fetch_store_read(&t->cx, &got, t->store, &saving.key), MT_OK);
    assert_true(got.fetched_to == MT_TIME_NONE && !got.state);
    assert_int_equal(mt_store_write(&t->cx, t->store, mt_fetch_store_commit, &saving), MT_OK);
    assert_int_equal(mt_fetch_store_read(&t->cx, &got, t->store, &saving.key), MT_OK);
    assert_int_equal(got.fetched_to, 5000000);
    assert_string_equal(got.state, "page 3");
    assert_true(got.updated_at > 0);
    mt_batch *batch;
    saving.state = (mt_fetch_state){6000000, NULL, 0};
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    assert_int_equal(mt_batch_commit(&t->cx, batch, mt_fetch_store_commit, &saving), MT_OK);
    mt_batch_close(batch);
    assert_int_equal(mt_fetch_store_read(&t->cx, &got, t->store, &saving.key), MT_OK);
    assert_true(got.fetched_to == 6000000 && !got.state);
    saving.key.area = "DK1";
    assert_int_equal(mt_fetch_store_read(&t->cx, &got, t->store, &saving.key), MT_OK);
    assert_true(got.fetched_to == MT_TIME_NONE);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM fetch_state"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(offset__moves_only_from_where_it_stands, clear),
        cmocka_unit_test_setup(offset__stays_when_its_transaction_fails, clear),
        cmocka_unit_test_setup(offset__list_names_every_position, clear),
        cmocka_unit_test_setup(dead_letter__is_kept_once_with_its_reason, clear),
        cmocka_unit_test_setup(fetch__state_is_what_was_saved_last, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "offset");
}
