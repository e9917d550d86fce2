/* Time series into the store: revisions, names, failed batches, many writers; on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/series_case.h"

#include <pthread.h>

static void series__an_equal_value_in_other_words_is_no_revision(void **state)
{
    testing *t = *state;
    mt_observation row = series_production(900, "Quiet", 5);
    series_must_save(t, &row, 1);
    row.payload = "{\"Version\":\"G\"}";
    row.known_at += HOUR;
    mt_merge_counts counts = series_must_save(t, &row, 1);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.changed + counts.kept, 0);
    row.value = 6; /* with a new value its words come along */
    counts = series_must_save(t, &row, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM observations WHERE detail = 'Quiet' AND value = 6 AND "
                         "payload = '{\"Version\":\"G\"}'"),
        1);
}

static void series__the_same_again_changes_nothing(void **state)
{
    testing *t = *state;
    mt_observation row[] = {series_price(0, 1, 0), series_price(1, 2, 0), series_price(2, NAN, 0)};
    series_must_save(t, row, 3);
    mt_merge_counts counts = series_must_save(t, row, 3);
    assert_int_equal(counts.unchanged, 3);
    for (int k = 0; k < 3; k++) row[k].known_at += 5 * HOUR; /* fetched again later */
    counts = series_must_save(t, row, 3);
    assert_int_equal(counts.added + counts.changed + counts.kept, 0);
    mt_table *table = series_read(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_true(series_integer(table, 0, "known_at") == START);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_history"), 0);
}

static void series__a_revision_keeps_what_stood_before(void **state)
{
    testing *t = *state;
    const mt_observation first[] = {series_price(0, 10, 0), series_price(1, 11, 0)};
    const mt_observation second[] = {series_price(0, 20, 60), series_price(1, 11, 60)};
    series_must_save(t, first, 2);
    mt_merge_counts counts = series_must_save(t, second, 2);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.kept, 1);
    mt_table *table = series_read(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_true(series_value(table, 0) == 10 && series_value(table, 1) == 20 && series_value(table, 2) == 11);
}

/* A file has one moment for all its rows: what is corrected downwards must not vanish. */
static void series__of_one_moment_the_later_to_arrive_stands(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {series_price(0, 20, 60), series_price(0, 10, 60)},
                         next = series_price(0, 5, 60);
    series_must_save(t, row, 2);
    assert_true(series_value(series_read(t, mt_series_read, MT_SERIES_FILTER_ALL), 0) == 10);
    assert_int_equal(series_must_save(t, &next, 1).changed, 1);
    assert_int_equal(series_must_save(t, row, 2).unchanged, 2);
    assert_int_equal(series_must_save(t, &next, 1).unchanged, 1);
    mt_table *table = series_read(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    for (int k = 0; k < 3; k++) {
        mt_series_filter filter = MT_SERIES_FILTER_ALL;
        filter.as_of = row[0].known_at + k;
        assert_true(series_value(table, (size_t)k) == (k == 0 ? 20 : k == 1 ? 10 : 5));
        assert_true(series_integer(table, (size_t)k, "known_at") == filter.as_of);
        assert_true(series_value(series_read(t, mt_series_read, filter), 0) ==
                    series_value(table, (size_t)k));
    }
}

static void series__what_was_known_earlier_goes_to_the_history_only(void **state)
{
    testing *t = *state;
    const mt_observation newest = series_price(0, 30, 120), oldest = series_price(0, 10, 0),
                         middle = series_price(0, 20, 60);
    series_must_save(t, &newest, 1);
    mt_merge_counts counts = series_must_save(t, &oldest, 1);
    assert_int_equal(counts.changed, 0);
    assert_int_equal(counts.kept, 1);
    series_must_save(t, &middle, 1);
    series_must_save(t, &oldest, 1);
    mt_table *table = series_read(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    for (size_t k = 0; k < 3; k++) assert_true(series_value(table, k) == 10.0 * (double)(k + 1));
    assert_true(series_value(series_read(t, mt_series_read, MT_SERIES_FILTER_ALL), 0) == 30);
}

static void series__several_values_of_one_batch_become_versions(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {series_price(0, 20, 60), series_price(0, 30, 120), series_price(0, 10, 0),
                                  series_price(1, 5, 0), series_price(0, 20, 60)};
    mt_merge_counts counts = series_must_save(t, row, 5);
    assert_int_equal(counts.given, 5);
    assert_int_equal(counts.added, 2);
    assert_int_equal(counts.kept, 2);
    mt_table *table = series_read(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 2);
    assert_true(series_value(table, 0) == 30 && series_value(table, 1) == 5);
}

static void series__without_a_kind_or_a_start_are_refused(void **state)
{
    testing *t = *state;
    mt_observation row[] = {series_price(0, 1, 0), series_price(1, 2, 0)};
    mt_merge_counts counts;
    row[1].kind = NULL;
    assert_int_equal(series_save(t, &counts, row, 2), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "observation 2 has no kind"));
    row[1] = series_price(1, 2, 0);
    row[1].start = MT_TIME_NONE;
    assert_int_equal(series_save(t, &counts, row, 2), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "start"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), 0);
}

struct small {
    const char *kind, *source;
    int64_t start;
    int64_t value;
};

static void series__may_come_without_what_is_not_needed(void **state)
{
    testing *t = *state;
    static const mt_field col[] = {{.name = "kind", MT_TEXT_AT(small, kind)},
                                   {.name = "start", MT_TIME_AT(small, start)},
                                   {.name = "value", MT_INT_AT(small, value)},
                                   {.name = NULL}};
    const struct small row = {.kind = "reading", .start = START, .value = 7};
    mt_sink *sink;
    mt_time before = mt_store_now(t->store);
    assert_int_equal(mt_series_sink(&t->cx, &sink, NULL, t->store), MT_OK);
    if (mt_emit_one(&t->cx, sink, "x", col, &row) != MT_OK) fail_msg("%s", t->cx.err);
    mt_sink_close(sink);
    mt_table *table = series_read(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 1);
    assert_true(series_value(table, 0) == 7);
    series_assert_text(table, 0, "area", "");
    assert_int_equal(series_integer(table, 0, "step_us"), 0);
    assert_true(series_integer(table, 0, "known_at") >= before);
}

static void series__have_the_same_id_in_every_process(void **state)
{
    (void)state;
    mt_observation o = series_price(0, 1, 0);
    const int64_t id = mt_series_id(&o);
    /* printf 'spot_price\0DK2\0\0EUR/MWh\0energidataservice\0\0\244\223\326\0\0\0\0' | b2sum -l 256, its
     * first eight bytes as a little-endian number without the highest bit */
    assert_true(id == INT64_C(2892473705372137408));
    o.step = 0;
    assert_true(mt_series_id(&o) != id);
    const mt_observation cut = {.kind = "ab", .area = "c"}, other = {.kind = "a", .area = "bc"};
    assert_true(mt_series_id(&cut) != mt_series_id(&other));
    assert_true(mt_series_id(&cut) > 0);
}

static void series__with_an_id_of_another_name_are_a_conflict(void **state)
{
    testing *t = *state;
    mt_observation o = series_price(0, 1, 0);
    mt_merge_counts counts;
    char sql[240];
    o.area = "taken";
    snprintf(sql, sizeof sql,
             "INSERT INTO series (id, kind, area, detail, unit, step_us, source) VALUES (%lld, 'x', 'y', '', "
             "'', 0, '')",
             (long long)mt_series_id(&o));
    testing_must(t, sql);
    assert_int_equal(series_save(t, &counts, &o, 1), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "series"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM series WHERE area = 'y' AND kind = 'x'"), 1);
    testing_must(t, "DELETE FROM series WHERE kind = 'x'");
    assert_int_equal(series_must_save(t, &o, 1).added, 1); /* and is not taken for known */
}

static mt_code fail_write(mt_ctx *cx, mt_tx *tx, void *arg)
{
    (void)tx;
    (void)arg;
    return mt_fail(cx, MT_E_FAILED, "the test wants this write to fail");
}

static void series__of_a_batch_that_failed_are_stored_with_the_next(void **state)
{
    testing *t = *state;
    mt_observation o = series_price(0, 1, 0);
    o.area = "rolled back";
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.area = o.area;
    for (int round = 0; round < 2; round++) {
        mt_batch *batch;
        mt_sink *sink;
        mt_merge_counts counts;
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_series_merge(&t->cx, batch, &sink, &counts), MT_OK);
        if (series_send(&t->cx, sink, &o, 1) != MT_OK) fail_msg("%s", t->cx.err);
        mt_sink_close(sink);
        assert_int_equal(mt_batch_commit(&t->cx, batch, round ? NULL : fail_write, NULL),
                         round ? MT_OK : MT_E_FAILED);
        mt_batch_close(batch);
        assert_int_equal(series_read(t, mt_series_read, filter)->n, round);
    }
}

/* Many series in one batch, their names at new addresses in every row. */
static void series__of_many_names_are_told_apart(void **state)
{
    testing *t = *state;
    enum { SERIES = 1500, ROWS = 4 };
    static mt_observation row[SERIES * ROWS];
    static char area[SERIES * ROWS][16];
    for (int k = 0; k < SERIES * ROWS; k++) {
        snprintf(area[k], sizeof area[k], "meter %d", k % SERIES);
        row[k] = series_price(k / SERIES, k % SERIES, 0);
        row[k].area = area[k];
    }
    assert_int_equal(series_must_save(t, row, SERIES * ROWS).added, SERIES * ROWS);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations AS o WHERE 'meter ' || "
                                      "CAST(CAST(o.value AS BIGINT) AS TEXT) = o.area"),
                     SERIES * ROWS);
}

/* --- many writers --- */

enum { WRITERS = 3, BATCHES = 8, BATCH_ROWS = 300 };

struct writer {
    testing *t;
    int number;
    char sentence[MT_ERR_TEXT_MAX];
};

static void *write_batches(void *arg)
{
    struct writer *w = arg;
    testing own = {.store = w->t->store};
    mt_ctx_init(&own.cx, NULL);
    for (int b = 0; b < BATCHES && !*w->sentence; b++) {
        mt_observation row[BATCH_ROWS];
        mt_merge_counts counts;
        for (int k = 0; k < BATCH_ROWS; k++)
            row[k] = series_price(b * BATCH_ROWS / 2 + k, w->number, w->number);
        if (series_save(&own, &counts, row, BATCH_ROWS) != MT_OK)
            snprintf(w->sentence, sizeof w->sentence, "%s", own.cx.err);
    }
    mt_ctx_close(&own.cx);
    return NULL;
}

static void series__from_many_writers_are_kept_once(void **state)
{
    testing *t = *state;
    pthread_t thread[WRITERS];
    struct writer writer[WRITERS] = {{0}};
    for (int k = 0; k < WRITERS; k++) {
        writer[k] = (struct writer){.t = t, .number = k};
        assert_int_equal(pthread_create(&thread[k], NULL, write_batches, &writer[k]), 0);
    }
    for (int k = 0; k < WRITERS; k++) {
        pthread_join(thread[k], NULL);
        if (*writer[k].sentence) fail_msg("%s", writer[k].sentence);
    }
    const int64_t starts = BATCH_ROWS / 2 * (BATCHES + 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), starts);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation WHERE value = 2"), starts);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_history"), starts * (WRITERS - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series__an_equal_value_in_other_words_is_no_revision),
        cmocka_unit_test_setup(series__the_same_again_changes_nothing, series_clear),
        cmocka_unit_test_setup(series__a_revision_keeps_what_stood_before, series_clear),
        cmocka_unit_test_setup(series__what_was_known_earlier_goes_to_the_history_only, series_clear),
        cmocka_unit_test_setup(series__of_one_moment_the_later_to_arrive_stands, series_clear),
        cmocka_unit_test_setup(series__several_values_of_one_batch_become_versions, series_clear),
        cmocka_unit_test_setup(series__without_a_kind_or_a_start_are_refused, series_clear),
        cmocka_unit_test_setup(series__may_come_without_what_is_not_needed, series_clear),
        cmocka_unit_test_setup(series__have_the_same_id_in_every_process, series_clear),
        cmocka_unit_test_setup(series__with_an_id_of_another_name_are_a_conflict, series_clear),
        cmocka_unit_test_setup(series__of_a_batch_that_failed_are_stored_with_the_next, series_clear),
        cmocka_unit_test_setup(series__of_many_names_are_told_apart, series_clear),
        cmocka_unit_test_setup(series__from_many_writers_are_kept_once, series_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "series");
}
