/* Time series of the store: revisions, moments asked for, buckets, names; on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/data/series_store.h"
#include "store/testing.h"

#include <math.h>
#include <pthread.h>

#define HOUR  (3600 * (int64_t)1000000)
#define START ((mt_time)1717200000 * 1000000) /* 2024-06-01T00:00Z */

/* A row of one series; hours after START, minutes of knowing. */
static mt_observation price(int hour, double value, int known)
{
    return (mt_observation){.kind = "spot_price",
                            .area = "DK2",
                            .detail = "",
                            .unit = "EUR/MWh",
                            .source = "energidataservice",
                            .step = HOUR,
                            .start = START + hour * HOUR,
                            .value = value,
                            .known_at = START + known * (HOUR / 60)};
}

static mt_observation production(int hour, const char *type, double value)
{
    mt_observation o = price(hour, value, 0);
    o.kind = "production";
    o.detail = type;
    o.unit = "MWh";
    o.payload = "{\"Version\":\"F\"}";
    return o;
}

static mt_code send_rows(mt_ctx *cx, mt_sink *sink, const mt_observation *row, size_t n)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "observations", mt_observation_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_emit_put(emit, &row[k]));
    return mt_emit_end(emit);
}

static mt_code save(testing *t, mt_merge_counts *counts, const mt_observation *row, size_t n)
{
    mt_sink *sink;
    MT_TRY(mt_series_sink(&t->cx, &sink, counts, t->store));
    mt_code code = send_rows(&t->cx, sink, row, n);
    mt_sink_close(sink);
    return code;
}

static mt_merge_counts must_save(testing *t, const mt_observation *row, size_t n)
{
    mt_merge_counts counts;
    if (save(t, &counts, row, n) != MT_OK) fail_msg("%s", t->cx.err);
    return counts;
}

typedef mt_code reading(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink);

static mt_table *read_with(testing *t, reading *fn, mt_series_filter filter)
{
    mt_sink *sink;
    mt_table *table = NULL;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = fn(&t->cx, t->store, &filter, sink);
    mt_sink_close(sink);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    return table;
}

static double value_at(const mt_table *table, size_t row)
{
    assert_true(row < table->n);
    return mt_table_real(table, row, mt_table_column(table, "value"));
}

static int64_t integer_at(const mt_table *table, size_t row, const char *column)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    return value.as.integer;
}

static void assert_text_at(const mt_table *table, size_t row, const char *column, const char *text)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    if (!text) assert_false(value.present);
    if (text) assert_true(value.present && mt_text_equal(value.as.text, text));
}

static int clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM observation");
    testing_must(t, "DELETE FROM observation_history");
    return 0;
}

static void series__an_equal_value_in_other_words_is_no_revision(void **state)
{
    testing *t = *state;
    mt_observation row = production(900, "Quiet", 5);
    must_save(t, &row, 1);
    row.payload = "{\"Version\":\"G\"}";
    row.known_at += HOUR;
    mt_merge_counts counts = must_save(t, &row, 1);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.changed + counts.kept, 0);
    row.value = 6; /* with a new value its words come along */
    counts = must_save(t, &row, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM observations WHERE detail = 'Quiet' AND value = 6 AND "
                         "payload = '{\"Version\":\"G\"}'"),
        1);
}

static void series__are_read_as_they_were_given(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(1, 62.25, 0), price(0, NAN, 0), production(0, "SolarPower", 12.5)};
    row[1].payload = "{\"note\":\"caf\xC3\xA9 it's long enough for a heap\"}";
    assert_int_equal(must_save(t, row, 3).added, 3);
    mt_table *table = read_with(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_int_equal(table->schema.n_col, MT_OBSERVATION_COLUMNS);
    for (size_t k = 0; k < MT_OBSERVATION_COLUMNS; k++) {
        assert_string_equal(table->schema.col[k].name, mt_observation_col[k].name);
        assert_int_equal(table->schema.col[k].type, mt_observation_col[k].type);
    }
    assert_text_at(table, 0, "kind", "production");
    assert_text_at(table, 0, "detail", "SolarPower");
    assert_text_at(table, 0, "payload", "{\"Version\":\"F\"}");
    assert_text_at(table, 1, "kind", "spot_price");
    assert_text_at(table, 1, "source", "energidataservice");
    assert_text_at(table, 1, "payload", row[1].payload);
    assert_true(isnan(value_at(table, 1)) && value_at(table, 2) == 62.25);
    assert_true(integer_at(table, 1, "start") == START && integer_at(table, 2, "start") == START + HOUR);
    assert_true(integer_at(table, 2, "step_us") == HOUR && integer_at(table, 2, "known_at") == START);
    assert_text_at(table, 2, "payload", NULL);
}

static void series__the_same_again_changes_nothing(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(0, 1, 0), price(1, 2, 0), price(2, NAN, 0)};
    must_save(t, row, 3);
    mt_merge_counts counts = must_save(t, row, 3);
    assert_int_equal(counts.unchanged, 3);
    for (int k = 0; k < 3; k++) row[k].known_at += 5 * HOUR; /* fetched again later */
    counts = must_save(t, row, 3);
    assert_int_equal(counts.added + counts.changed + counts.kept, 0);
    mt_table *table = read_with(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_true(integer_at(table, 0, "known_at") == START);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_history"), 0);
}

static void series__a_revision_keeps_what_stood_before(void **state)
{
    testing *t = *state;
    const mt_observation first[] = {price(0, 10, 0), price(1, 11, 0)};
    const mt_observation second[] = {price(0, 20, 60), price(1, 11, 60)};
    must_save(t, first, 2);
    mt_merge_counts counts = must_save(t, second, 2);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.kept, 1);
    mt_table *table = read_with(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_true(value_at(table, 0) == 10 && value_at(table, 1) == 20 && value_at(table, 2) == 11);
}

/* A file has one moment for all its rows: what is corrected downwards must not vanish. */
static void series__of_one_moment_the_later_to_arrive_stands(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {price(0, 20, 60), price(0, 10, 60)}, next = price(0, 5, 60);
    must_save(t, row, 2);
    assert_true(value_at(read_with(t, mt_series_read, MT_SERIES_FILTER_ALL), 0) == 10);
    assert_int_equal(must_save(t, &next, 1).changed, 1);
    assert_int_equal(must_save(t, row, 2).unchanged, 2);
    assert_int_equal(must_save(t, &next, 1).unchanged, 1);
    mt_table *table = read_with(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    for (int k = 0; k < 3; k++) {
        mt_series_filter filter = MT_SERIES_FILTER_ALL;
        filter.as_of = row[0].known_at + k;
        assert_true(value_at(table, (size_t)k) == (k == 0 ? 20 : k == 1 ? 10 : 5));
        assert_true(integer_at(table, (size_t)k, "known_at") == filter.as_of);
        assert_true(value_at(read_with(t, mt_series_read, filter), 0) == value_at(table, (size_t)k));
    }
}

static void series__what_was_known_earlier_goes_to_the_history_only(void **state)
{
    testing *t = *state;
    const mt_observation newest = price(0, 30, 120), oldest = price(0, 10, 0), middle = price(0, 20, 60);
    must_save(t, &newest, 1);
    mt_merge_counts counts = must_save(t, &oldest, 1);
    assert_int_equal(counts.changed, 0);
    assert_int_equal(counts.kept, 1);
    must_save(t, &middle, 1);
    must_save(t, &oldest, 1);
    mt_table *table = read_with(t, mt_series_versions, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    for (size_t k = 0; k < 3; k++) assert_true(value_at(table, k) == 10.0 * (double)(k + 1));
    assert_true(value_at(read_with(t, mt_series_read, MT_SERIES_FILTER_ALL), 0) == 30);
}

static void series__several_values_of_one_batch_become_versions(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {price(0, 20, 60), price(0, 30, 120), price(0, 10, 0), price(1, 5, 0),
                                  price(0, 20, 60)};
    mt_merge_counts counts = must_save(t, row, 5);
    assert_int_equal(counts.given, 5);
    assert_int_equal(counts.added, 2);
    assert_int_equal(counts.kept, 2);
    mt_table *table = read_with(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 2);
    assert_true(value_at(table, 0) == 30 && value_at(table, 1) == 5);
}

static void series__as_of_a_moment_are_what_was_known_then(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {price(0, 10, 0), price(0, 20, 60), price(0, 10, 120), /* and back again */
                                  price(1, 7, 90)};
    must_save(t, row, 4);
    static const struct {
        int minute;
        size_t n;
        double value;
    } want[] = {{-1, 0, 0}, {0, 1, 10}, {59, 1, 10}, {60, 1, 20}, {90, 2, 20}, {120, 2, 10}, {999, 2, 10}};
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        mt_series_filter filter = MT_SERIES_FILTER_ALL;
        filter.as_of = START + want[k].minute * (HOUR / 60);
        mt_table *table = read_with(t, mt_series_read, filter);
        assert_int_equal(table->n, want[k].n);
        if (want[k].n) assert_true(value_at(table, 0) == want[k].value);
    }
}

static void series__are_filtered_exactly(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(0, 1, 0), price(1, 2, 0), price(2, 3, 0), production(1, "Wind", 4)};
    mt_observation quarter = price(1, 5, 0), other = price(1, 6, 0);
    quarter.step = HOUR / 4;
    other.area = "DK22";
    must_save(t, row, 4);
    must_save(t, &quarter, 1);
    must_save(t, &other, 1);
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = "spot_price";
    filter.area = "DK2";
    assert_int_equal(read_with(t, mt_series_read, filter)->n, 4);
    filter.step = HOUR;
    filter.from = START + HOUR;
    filter.to = START + 2 * HOUR;
    mt_table *table = read_with(t, mt_series_read, filter);
    assert_int_equal(table->n, 1);
    assert_true(value_at(table, 0) == 2);
    filter = MT_SERIES_FILTER_ALL;
    filter.detail = ""; /* asks for the empty one */
    assert_int_equal(read_with(t, mt_series_read, filter)->n, 5);
    filter.unit = "MWh";
    assert_int_equal(read_with(t, mt_series_read, filter)->n, 0);
    filter = MT_SERIES_FILTER_ALL;
    filter.source = "energidataservic%";
    assert_int_equal(read_with(t, mt_series_read, filter)->n, 0);
}

static void series__are_listed_with_their_revisions(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {price(0, 10, 0), price(0, 20, 60), price(5, 1, 30),
                                  production(0, "Wind", 1)};
    must_save(t, row, 4);
    mt_table *table = read_with(t, mt_series_list, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 2);
    assert_text_at(table, 0, "kind", "production");
    assert_int_equal(integer_at(table, 0, "revisions"), 0);
    assert_int_equal(integer_at(table, 1, "n"), 2);
    assert_int_equal(integer_at(table, 1, "revisions"), 1);
    assert_true(integer_at(table, 1, "first") == START && integer_at(table, 1, "last") == START + 5 * HOUR);
    assert_true(integer_at(table, 1, "last_known_at") == START + HOUR);
}

static mt_table *buckets(testing *t, mt_time bucket)
{
    mt_sink *sink;
    mt_table *table = NULL;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = "spot_price";
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = mt_series_buckets(&t->cx, t->store, &filter, bucket, sink);
    mt_sink_close(sink);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    return table;
}

static void series__are_brought_to_a_coarser_step(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(0, 10, 0), price(1, 30, 0), price(2, NAN, 0), price(3, -4, 0),
                            price(0, 8, 0)};
    row[4].start = -1; /* a microsecond before 1970: the bucket below, not the one around zero */
    must_save(t, row, 5);
    mt_table *table = buckets(t, 2 * HOUR);
    assert_int_equal(table->n, 3);
    assert_true(integer_at(table, 0, "start") == -2 * HOUR);
    assert_true(integer_at(table, 1, "start") == START);
    assert_int_equal(integer_at(table, 1, "n"), 2);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "mean")) == 20);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "sum")) == 40);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "min")) == 10);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "max")) == 30);
    assert_int_equal(integer_at(table, 2, "n"), 1);
    assert_int_equal(table->schema.col[mt_table_column(table, "start")].type, MT_TIME);
    mt_sink *sink;
    mt_table *none;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &none, 0), MT_OK);
    assert_int_equal(mt_series_buckets(&t->cx, t->store, &filter, 0, sink), MT_E_INPUT);
    mt_sink_close(sink);
}

struct count {
    mt_sink sink;
    size_t rows;
    int64_t values;
};

static mt_code count_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    ((struct count *)sink)->rows = 0;
    return schema->n_col == 12 ? MT_OK : mt_fail(cx, MT_E_SHAPE, "%zu columns", schema->n_col);
}

static mt_code count_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct count *count = (struct count *)sink;
    (void)cx;
    count->rows += chunk->n;
    for (size_t i = 0; i < chunk->n; i++) count->values += ((const int64_t *)chunk->col[7].data)[i];
    return MT_OK;
}

static mt_code count_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void count_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops count_ops = {count_schema, count_push, count_finish, count_close};

/* More buckets than are kept outside of the engine: they come from its own grouping. */
static void series__are_brought_to_more_buckets_than_fit(void **state)
{
    testing *t = *state;
    char sql[400];
    mt_observation o = price(0, 1, 0);
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    struct count count = {.sink = {&count_ops}};
    if (!t->backend->one_writer) skip(); /* a server always groups */
    must_save(t, &o, 1);
    snprintf(sql, sizeof sql,
             "INSERT INTO observation SELECT %lld, make_timestamptz(%lld + i * 1000), i, "
             "make_timestamptz(%lld), NULL FROM range(1, 1200000) AS r(i)",
             (long long)mt_series_id(&o), (long long)START, (long long)START);
    testing_must(t, sql);
    for (mt_time bucket = 1000; bucket <= 2000; bucket += 1000) { /* too many; as many as fit */
        count.values = 0;
        mt_code code = mt_series_buckets(&t->cx, t->store, &filter, bucket, &count.sink);
        if (code != MT_OK) fail_msg("%s", t->cx.err);
        assert_int_equal(count.rows, 1200000000 / bucket);
        assert_int_equal(count.values, 1200000);
    }
}

static void series__appear_as_energi_records(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(0, -5.5, 0), production(0, "Wind", 12), price(0, 7, 0), price(0, 3, 0)};
    row[2].unit = "DKK/MWh"; /* another unit is none of the view's */
    row[3].kind = "load";
    must_save(t, row, 4);
    mt_table *table = testing_query(t,
                                    "SELECT timestamp, price_area, production_mwh, spot_price_eur, "
                                    "production_type, source, payload FROM energi_records "
                                    "ORDER BY production_type NULLS LAST",
                                    NULL, 0);
    assert_int_equal(table->n, 2);
    assert_true(mt_table_real(table, 0, 2) == 12 && isnan(mt_table_real(table, 0, 3)));
    assert_text_at(table, 0, "production_type", "Wind");
    assert_text_at(table, 0, "payload", "{\"Version\":\"F\"}");
    assert_true(isnan(mt_table_real(table, 1, 2)) && mt_table_real(table, 1, 3) == -5.5);
    assert_true(integer_at(table, 1, "timestamp") == START);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE area = 'DK2'"), 4);
}

static void series__without_a_kind_or_a_start_are_refused(void **state)
{
    testing *t = *state;
    mt_observation row[] = {price(0, 1, 0), price(1, 2, 0)};
    mt_merge_counts counts;
    row[1].kind = NULL;
    assert_int_equal(save(t, &counts, row, 2), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "observation 2 has no kind"));
    row[1] = price(1, 2, 0);
    row[1].start = MT_TIME_NONE;
    assert_int_equal(save(t, &counts, row, 2), MT_E_INPUT);
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
    mt_table *table = read_with(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 1);
    assert_true(value_at(table, 0) == 7);
    assert_text_at(table, 0, "area", "");
    assert_int_equal(integer_at(table, 0, "step_us"), 0);
    assert_true(integer_at(table, 0, "known_at") >= before);
}

static void series__have_the_same_id_in_every_process(void **state)
{
    (void)state;
    mt_observation o = price(0, 1, 0);
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
    mt_observation o = price(0, 1, 0);
    mt_merge_counts counts;
    char sql[240];
    o.area = "taken";
    snprintf(sql, sizeof sql,
             "INSERT INTO series (id, kind, area, detail, unit, step_us, source) VALUES (%lld, 'x', 'y', '', "
             "'', 0, '')",
             (long long)mt_series_id(&o));
    testing_must(t, sql);
    assert_int_equal(save(t, &counts, &o, 1), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "series"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM series WHERE area = 'y' AND kind = 'x'"), 1);
    testing_must(t, "DELETE FROM series WHERE kind = 'x'");
    assert_int_equal(must_save(t, &o, 1).added, 1); /* and is not taken for known */
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
    mt_observation o = price(0, 1, 0);
    o.area = "rolled back";
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.area = o.area;
    for (int round = 0; round < 2; round++) {
        mt_batch *batch;
        mt_sink *sink;
        mt_merge_counts counts;
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_series_merge(&t->cx, batch, &sink, &counts), MT_OK);
        if (send_rows(&t->cx, sink, &o, 1) != MT_OK) fail_msg("%s", t->cx.err);
        mt_sink_close(sink);
        assert_int_equal(mt_batch_commit(&t->cx, batch, round ? NULL : fail_write, NULL),
                         round ? MT_OK : MT_E_FAILED);
        mt_batch_close(batch);
        assert_int_equal(read_with(t, mt_series_read, filter)->n, round);
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
        row[k] = price(k / SERIES, k % SERIES, 0);
        row[k].area = area[k];
    }
    assert_int_equal(must_save(t, row, SERIES * ROWS).added, SERIES * ROWS);
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
        for (int k = 0; k < BATCH_ROWS; k++) row[k] = price(b * BATCH_ROWS / 2 + k, w->number, w->number);
        if (save(&own, &counts, row, BATCH_ROWS) != MT_OK)
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
        cmocka_unit_test_setup(series__are_read_as_they_were_given, clear),
        cmocka_unit_test_setup(series__the_same_again_changes_nothing, clear),
        cmocka_unit_test_setup(series__a_revision_keeps_what_stood_before, clear),
        cmocka_unit_test_setup(series__what_was_known_earlier_goes_to_the_history_only, clear),
        cmocka_unit_test_setup(series__of_one_moment_the_later_to_arrive_stands, clear),
        cmocka_unit_test_setup(series__several_values_of_one_batch_become_versions, clear),
        cmocka_unit_test_setup(series__as_of_a_moment_are_what_was_known_then, clear),
        cmocka_unit_test_setup(series__are_filtered_exactly, clear),
        cmocka_unit_test_setup(series__are_listed_with_their_revisions, clear),
        cmocka_unit_test_setup(series__are_brought_to_a_coarser_step, clear),
        cmocka_unit_test_setup(series__are_brought_to_more_buckets_than_fit, clear),
        cmocka_unit_test_setup(series__appear_as_energi_records, clear),
        cmocka_unit_test_setup(series__without_a_kind_or_a_start_are_refused, clear),
        cmocka_unit_test_setup(series__may_come_without_what_is_not_needed, clear),
        cmocka_unit_test_setup(series__have_the_same_id_in_every_process, clear),
        cmocka_unit_test_setup(series__with_an_id_of_another_name_are_a_conflict, clear),
        cmocka_unit_test_setup(series__of_a_batch_that_failed_are_stored_with_the_next, clear),
        cmocka_unit_test_setup(series__of_many_names_are_told_apart, clear),
        cmocka_unit_test_setup(series__from_many_writers_are_kept_once, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "series");
}
