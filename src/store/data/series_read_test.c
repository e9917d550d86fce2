/* Time series out of the store: as they were given, moments asked for, filters, buckets; on every engine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/series_case.h"

#include <math.h>

static void series__are_read_as_they_were_given(void **state)
{
    testing *t = *state;
    mt_observation row[] = {series_price(1, 62.25, 0), series_price(0, NAN, 0),
                            series_production(0, "SolarPower", 12.5)};
    row[1].payload = "{\"note\":\"caf\xC3\xA9 it's long enough for a heap\"}";
    assert_int_equal(series_must_save(t, row, 3).added, 3);
    mt_table *table = series_read(t, mt_series_read, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 3);
    assert_int_equal(table->schema.n_col, MT_OBSERVATION_COLUMNS);
    for (size_t k = 0; k < MT_OBSERVATION_COLUMNS; k++) {
        assert_string_equal(table->schema.col[k].name, mt_observation_col[k].name);
        assert_int_equal(table->schema.col[k].type, mt_observation_col[k].type);
    }
    series_assert_text(table, 0, "kind", "production");
    series_assert_text(table, 0, "detail", "SolarPower");
    series_assert_text(table, 0, "payload", "{\"Version\":\"F\"}");
    series_assert_text(table, 1, "kind", "spot_price");
    series_assert_text(table, 1, "source", "energidataservice");
    series_assert_text(table, 1, "payload", row[1].payload);
    assert_true(isnan(series_value(table, 1)) && series_value(table, 2) == 62.25);
    assert_true(series_integer(table, 1, "start") == START &&
                series_integer(table, 2, "start") == START + HOUR);
    assert_true(series_integer(table, 2, "step_us") == HOUR && series_integer(table, 2, "known_at") == START);
    series_assert_text(table, 2, "payload", NULL);
}

static void series__as_of_a_moment_are_what_was_known_then(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {series_price(0, 10, 0), series_price(0, 20, 60),
                                  series_price(0, 10, 120), /* and back again */
                                  series_price(1, 7, 90)};
    series_must_save(t, row, 4);
    static const struct {
        int minute;
        size_t n;
        double value;
    } want[] = {{-1, 0, 0}, {0, 1, 10}, {59, 1, 10}, {60, 1, 20}, {90, 2, 20}, {120, 2, 10}, {999, 2, 10}};
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        mt_series_filter filter = MT_SERIES_FILTER_ALL;
        filter.as_of = START + want[k].minute * (HOUR / 60);
        mt_table *table = series_read(t, mt_series_read, filter);
        assert_int_equal(table->n, want[k].n);
        if (want[k].n) assert_true(series_value(table, 0) == want[k].value);
    }
}

static void series__are_filtered_exactly(void **state)
{
    testing *t = *state;
    mt_observation row[] = {series_price(0, 1, 0), series_price(1, 2, 0), series_price(2, 3, 0),
                            series_production(1, "Wind", 4)};
    mt_observation quarter = series_price(1, 5, 0), other = series_price(1, 6, 0);
    quarter.step = HOUR / 4;
    other.area = "DK22";
    series_must_save(t, row, 4);
    series_must_save(t, &quarter, 1);
    series_must_save(t, &other, 1);
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    filter.kind = "spot_price";
    filter.area = "DK2";
    assert_int_equal(series_read(t, mt_series_read, filter)->n, 4);
    filter.step = HOUR;
    filter.from = START + HOUR;
    filter.to = START + 2 * HOUR;
    mt_table *table = series_read(t, mt_series_read, filter);
    assert_int_equal(table->n, 1);
    assert_true(series_value(table, 0) == 2);
    filter = MT_SERIES_FILTER_ALL;
    filter.detail = ""; /* asks for the empty one */
    assert_int_equal(series_read(t, mt_series_read, filter)->n, 5);
    filter.unit = "MWh";
    assert_int_equal(series_read(t, mt_series_read, filter)->n, 0);
    filter = MT_SERIES_FILTER_ALL;
    filter.source = "energidataservic%";
    assert_int_equal(series_read(t, mt_series_read, filter)->n, 0);
}

static void series__are_listed_with_their_revisions(void **state)
{
    testing *t = *state;
    const mt_observation row[] = {series_price(0, 10, 0), series_price(0, 20, 60), series_price(5, 1, 30),
                                  series_production(0, "Wind", 1)};
    series_must_save(t, row, 4);
    mt_table *table = series_read(t, mt_series_list, MT_SERIES_FILTER_ALL);
    assert_int_equal(table->n, 2);
    series_assert_text(table, 0, "kind", "production");
    assert_int_equal(series_integer(table, 0, "revisions"), 0);
    assert_int_equal(series_integer(table, 1, "n"), 2);
    assert_int_equal(series_integer(table, 1, "revisions"), 1);
    assert_true(series_integer(table, 1, "first") == START &&
                series_integer(table, 1, "last") == START + 5 * HOUR);
    assert_true(series_integer(table, 1, "last_known_at") == START + HOUR);
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
    mt_observation row[] = {series_price(0, 10, 0), series_price(1, 30, 0), series_price(2, NAN, 0),
                            series_price(3, -4, 0), series_price(0, 8, 0)};
    row[4].start = -1; /* a microsecond before 1970: the bucket below, not the one around zero */
    series_must_save(t, row, 5);
    mt_table *table = buckets(t, 2 * HOUR);
    assert_int_equal(table->n, 3);
    assert_true(series_integer(table, 0, "start") == -2 * HOUR);
    assert_true(series_integer(table, 1, "start") == START);
    assert_int_equal(series_integer(table, 1, "n"), 2);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "mean")) == 20);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "sum")) == 40);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "min")) == 10);
    assert_true(mt_table_real(table, 1, mt_table_column(table, "max")) == 30);
    assert_int_equal(series_integer(table, 2, "n"), 1);
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
    mt_observation o = series_price(0, 1, 0);
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    struct count count = {.sink = {&count_ops}};
    if (!t->backend->one_writer) skip(); /* a server always groups */
    series_must_save(t, &o, 1);
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
    mt_observation row[] = {series_price(0, -5.5, 0), series_production(0, "Wind", 12), series_price(0, 7, 0),
                            series_price(0, 3, 0)};
    row[2].unit = "DKK/MWh"; /* another unit is none of the view's */
    row[3].kind = "load";
    series_must_save(t, row, 4);
    mt_table *table = testing_query(t,
                                    "SELECT timestamp, price_area, production_mwh, spot_price_eur, "
                                    "production_type, source, payload FROM energi_records "
                                    "ORDER BY production_type NULLS LAST",
                                    NULL, 0);
    assert_int_equal(table->n, 2);
    assert_true(mt_table_real(table, 0, 2) == 12 && isnan(mt_table_real(table, 0, 3)));
    series_assert_text(table, 0, "production_type", "Wind");
    series_assert_text(table, 0, "payload", "{\"Version\":\"F\"}");
    assert_true(isnan(mt_table_real(table, 1, 2)) && mt_table_real(table, 1, 3) == -5.5);
    assert_true(series_integer(table, 1, "timestamp") == START);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE area = 'DK2'"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(series__are_read_as_they_were_given, series_clear),
        cmocka_unit_test_setup(series__as_of_a_moment_are_what_was_known_then, series_clear),
        cmocka_unit_test_setup(series__are_filtered_exactly, series_clear),
        cmocka_unit_test_setup(series__are_listed_with_their_revisions, series_clear),
        cmocka_unit_test_setup(series__are_brought_to_a_coarser_step, series_clear),
        cmocka_unit_test_setup(series__are_brought_to_more_buckets_than_fit, series_clear),
        cmocka_unit_test_setup(series__appear_as_energi_records, series_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "series read");
}
