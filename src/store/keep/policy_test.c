/* Policies: what is old becomes coarser or goes, and what is left stays readable. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/keep/keep_case.h"

/* --- what is remembered --- */

static void policy__is_stored_replaced_and_removed(void **state)
{
    testing *t = *state;
    mt_policy *policy;
    size_t n;
    keep_policy(t, "production", 90 * MT_US_DAY, MT_US_HOUR);
    keep_policy(t, "dead_letter", MT_US_DAY, 0);
    keep_policy(t, "production", 30 * MT_US_DAY, MT_US_DAY);
    keep_must(t, mt_policy_set(&t->cx, t->store, &(mt_policy){"production", "s", "DK1", MT_US_DAY, 0, 0}));
    keep_must(t, mt_policy_list(&t->cx, &policy, &n, t->store));
    assert_int_equal(n, 3);
    assert_string_equal(policy[0].kind, "dead_letter");
    assert_string_equal(policy[1].source, "");
    assert_true(policy[1].keep_us == 30 * MT_US_DAY && policy[1].rollup_step_us == MT_US_DAY);
    assert_true(policy[1].created_at > DAY0);
    assert_string_equal(policy[2].area, "DK1");
    keep_must(t, mt_policy_remove(&t->cx, t->store, &(mt_policy){.kind = "production"}));
    assert_int_equal(mt_policy_remove(&t->cx, t->store, &(mt_policy){.kind = "production"}), MT_E_ABSENT);
    assert_non_null(strstr(t->cx.err, "merit store policies"));
    keep_policy(t, "production", 30 * MT_US_DAY, MT_US_DAY); /* a key that was removed comes again */
    assert_int_equal(testing_count(t, "SELECT count(*) FROM policy"), 3);
}

static void policy__that_makes_no_sense_is_refused(void **state)
{
    testing *t = *state;
    const mt_policy bad[] = {{NULL, NULL, NULL, MT_US_DAY, 0, 0},
                             {"", NULL, NULL, MT_US_DAY, 0, 0},
                             {"load", NULL, NULL, 0, 0, 0},
                             {"load", NULL, NULL, -1, 0, 0},
                             {"load", NULL, NULL, INT64_MAX, 0, 0},
                             {"load", NULL, NULL, MT_US_DAY, -1, 0},
                             {"dead_letter", NULL, NULL, MT_US_DAY, MT_US_HOUR, 0},
                             {"dead_letter", NULL, "DK1", MT_US_DAY, 0, 0}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(mt_policy_set(&t->cx, t->store, &bad[k]), MT_E_INPUT);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM policy"), 0);
}

static void policy__that_is_closest_counts(void **state)
{
    (void)state;
    static const mt_policy policy[] = {{"load", "", "", 1, 0, 0},
                                       {"load", "", "DK1", 2, 0, 0},
                                       {"load", "s", "", 3, 0, 0},
                                       {"load", "s", "DK1", 4, 0, 0}};
    assert_true(mt_policy_for(policy, 4, "load", "s", "DK1")->keep_us == 4);
    assert_true(mt_policy_for(policy, 4, "load", "s", "DK2")->keep_us == 3);
    assert_true(mt_policy_for(policy, 4, "load", "x", "DK1")->keep_us == 2);
    assert_true(mt_policy_for(policy, 4, "load", "x", "DK2")->keep_us == 1);
    assert_null(mt_policy_for(policy, 4, "production", "s", "DK1"));
}

/* --- what is done --- */

static void tend__folds_values_as_their_kind_asks(void **state)
{
    testing *t = *state;
    static const char *const kind[] = {"production", "spot_price", "fx_rate"};
    static const double folded[] = {10, 2.5, 4};
    const double value[] = {1, 2, 3, 4, NAN, NAN, NAN, NAN, 5, NAN, -0.5};
    mt_tended *row;
    for (int k = 0; k < 3; k++) {
        keep_put(t, &(struct keep_given){kind[k], "DK1", QUARTER, DAY0, QUARTER, 0, value, 11});
        keep_policy(t, kind[k], 90 * MT_US_DAY, MT_US_HOUR);
    }
    assert_int_equal(keep_tend(t, &row, false), 3);
    assert_true(row[0].done.rolled == 11 && row[0].done.written == 3 && row[0].done.removed == 11);
    assert_true(row[0].from == DAY0 && row[0].to == DAY0 + 3 * MT_US_HOUR);
    for (int k = 0; k < 3; k++) {
        mt_table *table = keep_values(t, kind[k]);
        assert_int_equal(table->n, 3);
        keep_check_value(table, 0, MT_US_HOUR, DAY0, folded[k]);
        keep_check_payload(table, 0, "{\"n\":4,\"min\":1,\"max\":4}");
        keep_check_value(table, 1, MT_US_HOUR, DAY0 + MT_US_HOUR, NAN); /* nothing but missing values */
        keep_check_payload(table, 1, "{\"n\":0}");
        keep_check_value(table, 2, MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, k == 0 ? 4.5 : k == 1 ? 2.25 : -0.5);
        keep_check_payload(table, 2, "{\"n\":2,\"min\":-0.5,\"max\":5}");
        assert_true(mt_table_get(table, 0, 4).as.integer == DAY0); /* known since then */
    }
    assert_int_equal(keep_tend(t, &row, false), 0); /* once more: nothing is left to do */
    keep_check(t);
}

static void tend__leaves_a_bucket_that_is_partly_newer(void **state)
{
    testing *t = *state;
    const double value[] = {1, 1, 1, 1, 1, 1, 1, 1};
    mt_tended *row;
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, NOW - 10 * MT_US_DAY - MT_US_HOUR, QUARTER, 0,
                                     value, 8});
    keep_policy(t, "load", 10 * MT_US_DAY - 2 * QUARTER,
                MT_US_HOUR); /* the bound is in the second hour's middle */
    assert_int_equal(keep_tend(t, &row, false), 1);
    mt_table *table = keep_values(t, "load");
    assert_int_equal(table->n, 5);
    keep_check_value(table, 0, MT_US_HOUR, NOW - 10 * MT_US_DAY - MT_US_HOUR, 4);
    keep_check_value(table, 1, QUARTER, NOW - 10 * MT_US_DAY, 1);
}

static void tend__keeps_series_of_several_steps_readable(void **state)
{
    testing *t = *state;
    double value[96 * 2];
    mt_sink *sink;
    mt_table *list, *rows, *buckets;
    mt_tended *row;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    for (int k = 0; k < 192; k++) value[k] = k;
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, NOW - 11 * MT_US_DAY, QUARTER, 0, value, 192});
    keep_policy(t, "load", 10 * MT_US_DAY, MT_US_HOUR);
    keep_tend(t, &row, false);
    filter.kind = "load";
    keep_must(t, mt_table_sink(&t->cx, &sink, &list, 0));
    keep_must(t, mt_series_list(&t->cx, t->store, &filter, sink));
    mt_sink_close(sink);
    assert_int_equal(list->n, 2);
    keep_must(t, mt_table_sink(&t->cx, &sink, &rows, 0));
    keep_must(t, mt_series_read(&t->cx, t->store, &filter, sink));
    mt_sink_close(sink);
    assert_int_equal(rows->n, 96 + 24);
    filter.step = MT_US_HOUR;
    keep_must(t, mt_table_sink(&t->cx, &sink, &buckets, 0));
    keep_must(t, mt_series_buckets(&t->cx, t->store, &filter, MT_US_DAY, sink));
    mt_sink_close(sink);
    assert_int_equal(buckets->n, 1);
    assert_true(mt_table_real(buckets, 0, mt_table_column(buckets, "sum")) == 95 * 96 / 2);
}

static void tend__refuses_a_step_that_does_not_divide(void **state)
{
    testing *t = *state;
    const double value[] = {1, 2, 3};
    mt_tended *row;
    keep_put(t, &(struct keep_given){"load", "DK1", 7 * MT_US_MINUTE, DAY0, 7 * MT_US_MINUTE, 0, value, 3});
    keep_put(t, &(struct keep_given){"load", "DK2", QUARTER, DAY0, QUARTER, 0, value, 3});
    keep_put(t, &(struct keep_given){"load", "DK3", MT_US_DAY, DAY0, MT_US_DAY, 0, value,
                                     3}); /* coarser already */
    keep_policy(t, "load", MT_US_DAY, MT_US_HOUR);
    assert_int_equal(keep_tend(t, &row, false), 2);
    assert_string_equal(row[0].refused,
                        "a step of 7min does not divide 1h: choose a multiple of it to roll up to");
    assert_true(row[0].done.rolled == 0 && row[0].done.removed == 0);
    assert_null(row[1].refused);
    assert_int_equal(keep_values(t, "load")->n, 3 + 1 + 3);
}

static void tend__drops_values_with_their_history(void **state)
{
    testing *t = *state;
    const double first[] = {1, 2, 3, 4}, second[] = {1, 2, 3.5, 4};
    mt_tended *row;
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0, QUARTER, 0, first, 4});
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0, QUARTER, DAY0 + MT_US_DAY, second, 4});
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, NOW - QUARTER, QUARTER, 0, first, 1});
    keep_policy(t, "load", MT_US_DAY, 0);
    assert_int_equal(keep_tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 4 && row[0].done.removed == 5 && row[0].done.written == 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_history"), 0);
}

static void tend__leaves_what_came_late_and_what_the_feed_said_itself(void **state)
{
    testing *t = *state;
    const double four[] = {1, 2, 3, 4}, late[] = {7}, own[] = {11};
    mt_tended *row;
    keep_policy(t, "load", MT_US_DAY, MT_US_HOUR);
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0, QUARTER, 0, four, 4});
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0 + 2 * MT_US_HOUR, QUARTER, 0, four, 4});
    keep_put(t, &(struct keep_given){"load", "DK1", MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, QUARTER, 0, own, 1});
    assert_int_equal(keep_tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 4 && row[0].done.left == 4);
    /* one of four comes again: the hour must not become that one */
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0 + QUARTER, QUARTER, NOW, late, 1});
    assert_int_equal(keep_tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 0 && row[0].done.left == 5);
    mt_table *table = keep_values(t, "load");
    assert_int_equal(table->n, 2 + 1 + 4);
    keep_check_value(table, 0, MT_US_HOUR, DAY0, 10);
    keep_check_value(table, 1, QUARTER, DAY0 + QUARTER, 7);
    keep_check_value(table, 3, MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, 11);
    /* all four of them do: the hour is theirs, and what stood is history */
    const double again[] = {1, 7, 3, 4};
    keep_put(t, &(struct keep_given){"load", "DK1", QUARTER, DAY0, QUARTER, NOW, again, 4});
    assert_int_equal(keep_tend(t, &row, false), 1);
    keep_check_value(keep_values(t, "load"), 0, MT_US_HOUR, DAY0, 15);
    keep_check(t);
}

static void tend__removes_old_rows_of_tables(void **state)
{
    static const char *const rows[] = {
        "INSERT INTO dead_letter (stream, topic, part, position, received_at, reason) VALUES "
        "('s', 't', 0, 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'why'), "
        "('s', 't', 0, 2, TIMESTAMPTZ '2024-04-09 00:00:00+00', 'why'), ('s', 't', 0, 3, NULL, 'why'), "
        "('kept', 't', 0, 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'why')",
        "INSERT INTO pipeline_run VALUES ('old', 'p', NULL, 'done', TIMESTAMPTZ '2024-01-01 00:00:00+00', "
        "TIMESTAMPTZ '2024-01-01 00:00:00+00', NULL), ('running', 'p', NULL, 'running', TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00', NULL, NULL)",
        "INSERT INTO pipeline_task VALUES ('old', 'a', 1, 'done', NULL, NULL, NULL, NULL), ('running', 'a', "
        "1, 'running', NULL, NULL, NULL, NULL)",
        "INSERT INTO observation_quarantine VALUES ('b', 'load', 'DK1', '', '', 's', 0, TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00', 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', NULL, 'odd', TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00')"};
    testing *t = *state;
    mt_tended *row;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) testing_must(t, rows[k]);
    keep_policy(t, "dead_letter", 30 * MT_US_DAY, 0);
    keep_must(
        t, mt_policy_set(&t->cx, t->store, &(mt_policy){"dead_letter", "kept", "", 900 * MT_US_DAY, 0, 0}));
    keep_policy(t, "pipeline_run", 30 * MT_US_DAY, 0);
    keep_policy(t, "observation_quarantine", 30 * MT_US_DAY, 0);
    assert_int_equal(keep_tend(t, &row, true), 4);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter"), 4);
    for (int pass = 0; pass < 2; pass++) { /* in the order of kinds; what was told is then done */
        assert_int_equal(row[0].done.removed, 1);
        assert_int_equal(row[1].done.removed, 0);
        assert_int_equal(row[2].done.removed, 1);
        assert_int_equal(row[3].done.removed, 2);
        if (pass == 0) assert_int_equal(keep_tend(t, &row, false), 4);
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter"), 3);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter WHERE stream = 'kept'"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM pipeline_task WHERE run_id = 'running'"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM pipeline_run"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_quarantine"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(policy__is_stored_replaced_and_removed, keep_clear),
        cmocka_unit_test_setup(policy__that_makes_no_sense_is_refused, keep_clear),
        cmocka_unit_test(policy__that_is_closest_counts),
        cmocka_unit_test_setup(tend__folds_values_as_their_kind_asks, keep_clear),
        cmocka_unit_test_setup(tend__leaves_a_bucket_that_is_partly_newer, keep_clear),
        cmocka_unit_test_setup(tend__keeps_series_of_several_steps_readable, keep_clear),
        cmocka_unit_test_setup(tend__refuses_a_step_that_does_not_divide, keep_clear),
        cmocka_unit_test_setup(tend__drops_values_with_their_history, keep_clear),
        cmocka_unit_test_setup(tend__leaves_what_came_late_and_what_the_feed_said_itself, keep_clear),
        cmocka_unit_test_setup(tend__removes_old_rows_of_tables, keep_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "policy");
}
