/* What the tests of series share: rows of a price and of production, saved and read in a line each.
 *
 * Purpose   Included by them only, after cmocka.h.
 */
#ifndef MT_STORE_DATA_SERIES_CASE_H
#define MT_STORE_DATA_SERIES_CASE_H

#include "base/rows/emit.h"
#include "store/data/series_store.h"
#include "store/testing.h"

#define HOUR  (3600 * (int64_t)1000000)
#define START ((mt_time)1717200000 * 1000000) /* 2024-06-01T00:00Z */

/* A row of one series; hours after START, minutes of knowing. */
static inline mt_observation series_price(int hour, double value, int known)
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

static inline mt_observation series_production(int hour, const char *type, double value)
{
    mt_observation o = series_price(hour, value, 0);
    o.kind = "production";
    o.detail = type;
    o.unit = "MWh";
    o.payload = "{\"Version\":\"F\"}";
    return o;
}

static inline mt_code series_send(mt_ctx *cx, mt_sink *sink, const mt_observation *row, size_t n)
{
    mt_emit *emit;
    MT_TRY(mt_emit_begin(cx, &emit, sink, "observations", mt_observation_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_emit_put(emit, &row[k]));
    return mt_emit_end(emit);
}

static inline mt_code series_save(testing *t, mt_merge_counts *counts, const mt_observation *row, size_t n)
{
    mt_sink *sink;
    MT_TRY(mt_series_sink(&t->cx, &sink, counts, t->store));
    mt_code code = series_send(&t->cx, sink, row, n);
    mt_sink_close(sink);
    return code;
}

static inline mt_merge_counts series_must_save(testing *t, const mt_observation *row, size_t n)
{
    mt_merge_counts counts;
    if (series_save(t, &counts, row, n) != MT_OK) fail_msg("%s", t->cx.err);
    return counts;
}

typedef mt_code series_reading(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink);

static inline mt_table *series_read(testing *t, series_reading *fn, mt_series_filter filter)
{
    mt_sink *sink;
    mt_table *table = NULL;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = fn(&t->cx, t->store, &filter, sink);
    mt_sink_close(sink);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    return table;
}

static inline double series_value(const mt_table *table, size_t row)
{
    assert_true(row < table->n);
    return mt_table_real(table, row, mt_table_column(table, "value"));
}

static inline int64_t series_integer(const mt_table *table, size_t row, const char *column)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    return value.as.integer;
}

static inline void series_assert_text(const mt_table *table, size_t row, const char *column, const char *text)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    if (!text) assert_false(value.present);
    if (text) assert_true(value.present && mt_text_equal(value.as.text, text));
}

static inline int series_clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM observation");
    testing_must(t, "DELETE FROM observation_history");
    return 0;
}

#endif
