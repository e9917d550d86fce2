/* Stored results and pipeline runs, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/data/clearing_store.h"
#include "store/data/run_store.h"
#include "store/testing.h"

#include <math.h>

struct row {
    int64_t start;
    double price;
    int64_t buys;
    int status;
};

static const char *const statuses[] = {"cleared", "no_supply", NULL};

static const mt_field columns[] = {
    {.name = "start", MT_TIME_AT(row, start)},
    {.name = "price", MT_REAL_AT(row, price)},
    {.name = "buys", MT_INT_AT(row, buys)},
    {.name = "status", MT_CHOICE_AT(row, status), .choice = statuses},
    {.name = NULL},
};

static mt_merge_counts store_rows(testing *t, const mt_result_key *key, const struct row *row, size_t n)
{
    mt_sink *sink;
    mt_emit *emit;
    mt_merge_counts counts;
    assert_int_equal(mt_clearing_store_sink(&t->cx, &sink, &counts, t->store, MT_STORED_CLEARING, key),
                     MT_OK);
    if (mt_emit_begin(&t->cx, &emit, sink, "market.clear", columns, NULL, NULL) != MT_OK)
        fail_msg("%s", t->cx.err);
    for (size_t k = 0; k < n; k++) assert_int_equal(mt_emit_put(emit, &row[k]), MT_OK);
    if (mt_emit_end(emit) != MT_OK) fail_msg("%s", t->cx.err);
    mt_sink_close(sink);
    return counts;
}

static const mt_result_key hourly = {"demo", "quarantine", "mid", MT_US_HOUR};
static const struct row two_rows[] = {{0, 62.03, 5, 0}, {MT_US_HOUR, NAN, 2, 1}};

static int forget(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM clearing");
    return 0;
}

static void results__are_stored_once_and_replaced_as_a_whole(void **state)
{
    testing *t = *state;
    mt_result_key other = hourly;
    other.policy = "fill-median";
    store_rows(t, &other, two_rows, 2);
    assert_int_equal(store_rows(t, &hourly, two_rows, 2).added, 2);
    assert_int_equal(store_rows(t, &hourly, two_rows, 2).unchanged, 2);
    const struct row next = {MT_US_HOUR, -1.5, 3, 0};
    mt_merge_counts counts = store_rows(t, &hourly, &next, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.removed, 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM clearing"), 3);
}

static void results__come_back_with_their_cells(void **state)
{
    testing *t = *state;
    mt_sink *sink;
    mt_table *table;
    store_rows(t, &hourly, two_rows, 2);
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    if (mt_clearing_store_read(&t->cx, t->store, MT_STORED_CLEARING, &hourly, sink) != MT_OK)
        fail_msg("%s", t->cx.err);
    mt_sink_close(sink);
    assert_int_equal(table->n, 2);
    assert_true(mt_table_real(table, 0, mt_table_column(table, "price")) == 62.03);
    assert_false(mt_table_get(table, 1, mt_table_column(table, "price")).present);
    assert_true(mt_text_equal(mt_table_get(table, 1, mt_table_column(table, "status")).as.text, "no_supply"));
    assert_int_equal(mt_table_get(table, 1, mt_table_column(table, "buys")).as.integer, 2);
}

static void results__that_do_not_finish_leave_nothing(void **state)
{
    testing *t = *state;
    mt_sink *sink;
    mt_emit *emit;
    assert_int_equal(mt_clearing_store_sink(&t->cx, &sink, NULL, t->store, MT_STORED_CLEARING, &hourly),
                     MT_OK);
    assert_int_equal(mt_emit_begin(&t->cx, &emit, sink, "market.clear", columns, NULL, NULL), MT_OK);
    assert_int_equal(mt_emit_put(emit, &two_rows[0]), MT_OK);
    mt_sink_close(sink);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM clearing"), 0);
}

static void runs__are_saved_again_and_again(void **state)
{
    testing *t = *state;
    mt_stored_run run = {"r1", "market", "orders.csv", "running", 1000000, MT_TIME_NONE, NULL};
    mt_stored_task task[2] = {{"clean", 1, "running", 1000000, MT_TIME_NONE, INT64_MIN, NULL},
                              {"clear", 2, "waiting", MT_TIME_NONE, MT_TIME_NONE, INT64_MIN, NULL}};
    mt_stored_run last;
    assert_int_equal(mt_run_store_last(&t->cx, &last, t->store, "market"), MT_E_ABSENT);
    if (mt_run_store_save(&t->cx, t->store, &run, task, 2) != MT_OK) fail_msg("%s", t->cx.err);
    task[0].state = "done";
    task[0].finished_at = 2000000;
    task[0].rows_out = 73;
    task[1].state = "failed";
    task[1].message = "it's broken";
    run.state = "failed";
    run.finished_at = 3000000;
    for (int k = 0; k < 2; k++) assert_int_equal(mt_run_store_save(&t->cx, t->store, &run, task, 2), MT_OK);
    assert_int_equal(mt_run_store_last(&t->cx, &last, t->store, "market"), MT_OK);
    assert_string_equal(last.state, "failed");
    assert_true(last.started_at == 1000000 && last.finished_at == 3000000);
    assert_null(last.message);
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_run_store_tasks(&t->cx, t->store, "r1", sink), MT_OK);
    mt_sink_close(sink);
    assert_int_equal(table->n, 2);
    assert_int_equal(mt_table_get(table, 0, mt_table_column(table, "rows_out")).as.integer, 73);
    assert_true(
        mt_text_equal(mt_table_get(table, 1, mt_table_column(table, "message")).as.text, "it's broken"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM pipeline_run"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(results__are_stored_once_and_replaced_as_a_whole, forget),
        cmocka_unit_test_setup(results__come_back_with_their_cells, forget),
        cmocka_unit_test_setup(results__that_do_not_finish_leave_nothing, forget),
        cmocka_unit_test(runs__are_saved_again_and_again),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "results");
}
