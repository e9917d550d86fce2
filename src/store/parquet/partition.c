/* Orders as one Parquet file a UTC day, whatever their number. */
#include "store/parquet/engine.h"

#include "base/rows/table.h"
#include "io/folder.h"
#include "store/duckdb/append.h"

#include <stdio.h>
#include <string.h>

static const mt_field day_col[] = {
    {.name = "time", .type = MT_TIME, .doc = "moment of the order, UTC"},
    {.name = "side", .type = MT_TEXT, .doc = "buy or sell"},
    {.name = "price", .type = MT_MICRO, .unit = MT_UNIT_MONEY_PER_MWH, .doc = "limit price"},
    {.name = "volume", .type = MT_MICRO, .unit = MT_UNIT_MWH, .doc = "volume"},
    {.name = "row_no", .type = MT_INT, .doc = "place in the source, from 0"},
    {.name = NULL},
};

enum { TIME, SIDE, PRICE, VOLUME, ROW_NO, COLUMNS, LOADED = COLUMNS + 1 /* and the day */ };

struct work {
    mt_engine *engine;
    mt_duck_link link;
    mt_duck_append *append;
    char raw[48], sorted[48], rename[64];
    const char *dir;
    uint64_t untimed;
    int64_t row_no;
    mt_time latest;  /* seen so far */
    bool disordered; /* an order came before an earlier one */
};

/* The columns of one batch without the orders that have no time; buffers of MT_ORDER_BATCH_ROWS or more. */
struct buffers {
    int64_t *time, *price, *volume, *row_no;
    int32_t *day;
    mt_text *side;
    uint64_t *has_side, *has_price, *has_volume;
    size_t room;
};

static mt_code make_buffers(mt_ctx *cx, struct buffers *b, size_t room)
{
    if (room <= b->room) return MT_OK;
    size_t words = (room + 63) / 64;
    MT_TRY(MT_NEW(cx, &b->time, room));
    MT_TRY(MT_NEW(cx, &b->price, room));
    MT_TRY(MT_NEW(cx, &b->volume, room));
    MT_TRY(MT_NEW(cx, &b->row_no, room));
    MT_TRY(MT_NEW(cx, &b->day, room));
    MT_TRY(MT_NEW(cx, &b->side, room));
    MT_TRY(MT_NEW(cx, &b->has_side, words));
    MT_TRY(MT_NEW(cx, &b->has_price, words));
    MT_TRY(MT_NEW(cx, &b->has_volume, words));
    b->room = room;
    return MT_OK;
}

static void set_bit(uint64_t *bits, size_t i, bool value)
{
    uint64_t bit = (uint64_t)1 << (i % 64);
    bits[i / 64] = value ? bits[i / 64] | bit : bits[i / 64] & ~bit;
}

static size_t take_timed(struct work *w, struct buffers *b, const mt_order_batch *batch)
{
    static const mt_text name[2] = {{"sell", 4}, {"buy", 3}};
    size_t n = 0;
    for (size_t i = 0; i < batch->n; i++, w->row_no++) {
        if (batch->time[i] == MT_TIME_NONE) {
            w->untimed++;
            continue;
        }
        b->time[n] = batch->time[i];
        b->day[n] = (mt_day)(mt_time_floor(batch->time[i], MT_US_DAY) / MT_US_DAY);
        w->disordered = w->disordered || batch->time[i] < w->latest;
        w->latest = batch->time[i];
        b->price[n] = batch->price[i];
        b->volume[n] = batch->volume[i];
        b->row_no[n] = w->row_no;
        set_bit(b->has_price, n, batch->price[i] != MT_MICRO_NONE);
        set_bit(b->has_volume, n, batch->volume[i] != MT_MICRO_NONE);
        set_bit(b->has_side, n, batch->side[i] < MT_SIDE_NONE);
        if (batch->side[i] < MT_SIDE_NONE) b->side[n] = name[batch->side[i]];
        n++;
    }
    return n;
}

static mt_code load(mt_ctx *cx, struct work *w, const mt_order_source *orders)
{
    struct buffers b = {0};
    for (;;) {
        mt_order_batch batch;
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(orders->next(orders->self, cx, &batch));
        if (!batch.n) return mt_duck_append_finish(cx, w->append);
        MT_TRY(make_buffers(cx, &b, batch.n));
        mt_column col[LOADED] = {
            {b.time, NULL},           {b.side, b.has_side}, {b.price, b.has_price},
            {b.volume, b.has_volume}, {b.row_no, NULL},     {b.day, NULL},
        };
        mt_chunk chunk = {take_timed(w, &b, &batch), col};
        if (chunk.n) MT_TRY(mt_duck_append_push(cx, w->append, &chunk));
    }
}

static mt_code exec(mt_ctx *cx, struct work *w, const char *before, const char *table, const char *after)
{
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql, "%s %s %s", before, table, after));
    return mt_duck_exec(cx, w->link, NULL, sql, NULL, 0);
}

/* All orders in order of time; the sort spills where it must. */
static mt_code sort_orders(mt_ctx *cx, struct work *w, const mt_order_source *orders)
{
    const char *as;
    MT_TRY(exec(cx, w, "CREATE TABLE", w->raw,
                "(time TIMESTAMPTZ, side VARCHAR, price DECIMAL(18,6), "
                "volume DECIMAL(18,6), row_no BIGINT, day DATE)"));
    MT_TRY(mt_duck_append_open(cx, &w->append, w->link, NULL, w->raw, LOADED));
    MT_TRY(load(cx, w, orders));
    mt_duck_append_close(w->append);
    w->append = NULL;
    if (!w->disordered) return exec(cx, w, "ALTER TABLE", w->raw, w->rename);
    MT_TRY(mt_text_format(cx, &as, "AS SELECT * FROM %s ORDER BY time, row_no", w->raw));
    MT_TRY(exec(cx, w, "CREATE TABLE", w->sorted, as));
    return exec(cx, w, "DROP TABLE", w->raw, "");
}

static mt_code summarise(mt_ctx *cx, struct work *w, mt_table **out)
{
    mt_sink *sink;
    const char *sql;
    MT_TRY(
        mt_text_format(cx, &sql,
                       "SELECT day, count(*), count(*) FILTER (WHERE side = 'buy'), "
                       "count(*) FILTER (WHERE side = 'sell'), min(time), max(time), min(price), max(price), "
                       "min(volume), max(volume), CAST(sum(volume) AS DECIMAL(18,6)) FROM %s GROUP BY day "
                       "ORDER BY day",
                       w->sorted));
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_duck_query(cx, w->link, sql, NULL, 0, false, sink);
    mt_sink_close(sink);
    return code;
}

static int64_t integer_at(const mt_table *table, size_t row, int column)
{
    mt_value value = mt_table_get(table, row, column);
    return value.present ? value.as.integer : INT64_MIN;
}

static mt_code write_day(mt_ctx *cx, struct work *w, mt_partition *out, const mt_table *table, size_t row)
{
    char day[MT_TIME_TEXT_MAX];
    const char *folder, *select, *metadata;
    const mt_schema schema = {.name = "orders", .col = day_col, .n_col = COLUMNS};
    *out = (mt_partition){
        .day = (mt_day)integer_at(table, row, 0),
        .rows = integer_at(table, row, 1),
        .buys = integer_at(table, row, 2),
        .sells = integer_at(table, row, 3),
        .first = integer_at(table, row, 4),
        .last = integer_at(table, row, 5),
        .price_min = integer_at(table, row, 6),
        .price_max = integer_at(table, row, 7),
        .volume_min = integer_at(table, row, 8),
        .volume_max = integer_at(table, row, 9),
        .volume_sum = integer_at(table, row, 10),
    };
    mt_day_text(out->day, day);
    MT_TRY(mt_text_format(cx, &folder, "%s/%s", w->dir, day));
    MT_TRY(mt_folder_make(cx, folder));
    MT_TRY(mt_text_format(cx, &out->path, "%s/data.parquet", folder));
    MT_TRY(mt_text_format(cx, &select,
                          "SELECT time, side, price, volume, row_no FROM %s WHERE day = DATE '%s'", w->sorted,
                          day));
    MT_TRY(mt_engine_metadata(cx, &metadata, &schema));
    return mt_engine_copy(cx, w->link, select, metadata, out->path);
}

static mt_code write_days(mt_ctx *cx, struct work *w, mt_partition **out, size_t *n)
{
    mt_table *table;
    mt_partition *day;
    MT_TRY(mt_folder_make(cx, w->dir));
    MT_TRY(summarise(cx, w, &table));
    MT_TRY(MT_NEW(cx, &day, table->n));
    for (size_t k = 0; k < table->n; k++) {
        mt_ctx_progress(cx, "partition", k, table->n, "days");
        MT_TRY(write_day(cx, w, &day[k], table, k));
    }
    *out = day;
    *n = table->n;
    return MT_OK;
}

mt_code mt_parquet_partition(mt_ctx *cx, mt_partition **out, size_t *n, uint64_t *untimed, mt_engine *engine,
                             const char *dir, const mt_order_source *orders)
{
    struct work w = {.engine = engine, .dir = dir, .latest = INT64_MIN};
    mt_engine_table(engine, w.raw, sizeof w.raw);
    mt_engine_table(engine, w.sorted, sizeof w.sorted);
    snprintf(w.rename, sizeof w.rename, "RENAME TO %s", w.sorted);
    MT_TRY(mt_engine_connect(cx, engine, &w.link));
    mt_code code = sort_orders(cx, &w, orders);
    if (code == MT_OK) code = write_days(cx, &w, out, n);
    if (code == MT_OK) *untimed = w.untimed;
    mt_duck_append_close(w.append);
    mt_engine_drop(w.link, w.raw);
    mt_engine_drop(w.link, w.sorted);
    mt_engine_disconnect(w.link);
    return code;
}
