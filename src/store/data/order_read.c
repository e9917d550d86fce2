/* Orders of the store, read back: the batches of the file they came from. */
#include "store/data/order_store.h"

#include "store/inside.h"
#include "store/spool.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_NO, TIME, SIDE, PRICE, VOLUME, COLUMNS };
enum { BAD_ROW, BAD_LINE, BAD_REASON, BAD_RAW };

struct mt_order_reader {
    mt_dataset dataset;
    mt_spool *orders, *faults;
    mt_ctx scratch;  /* texts and faults of the current batch */
    mt_chunk fault;  /* the chunk of faults being used */
    size_t fault_at; /* next row of it */
    mt_time *time;
    mt_micro *price;
    int64_t *volume;
    uint8_t *side;
    size_t room;
};

static const char orders_sql[] =
    "SELECT row_no, time, side, price_micro, volume_wh FROM market_order WHERE dataset_id = $1 "
    "ORDER BY row_no NULLS LAST";
static const char faults_sql[] =
    "SELECT row_no, line, reason, raw FROM order_quarantine WHERE dataset_id = $1 "
    "ORDER BY row_no NULLS LAST";

/* Both in one transaction, so that a save in between cannot mix two states. */
static mt_code read_both(mt_ctx *cx, mt_order_reader *reader, mt_conn *conn)
{
    mt_param id = mt_param_int(reader->dataset.id);
    mt_tx tx = {.conn = conn};
    const mt_backend *backend = conn->backend;
    MT_TRY(backend->begin_reading(cx, conn, false));
    mt_code code = backend->query(cx, conn, orders_sql, &id, 1, false, mt_spool_sink(reader->orders));
    if (code == MT_OK)
        code = backend->query(cx, conn, faults_sql, &id, 1, false, mt_spool_sink(reader->faults));
    mt_tx_rollback(&tx);
    return code;
}

static mt_code open_reader(mt_ctx *cx, mt_order_reader *reader, mt_store *store)
{
    mt_conn *conn;
    MT_TRY(mt_spool_open(cx, &reader->orders, mt_store_temp_dir(store)));
    MT_TRY(mt_spool_open(cx, &reader->faults, mt_store_temp_dir(store)));
    MT_TRY(mt_store_take(cx, store, &conn));
    mt_code code = read_both(cx, reader, conn);
    mt_store_give(store, conn);
    MT_TRY(code);
    return mt_spool_next(cx, reader->faults, &reader->fault);
}

mt_code mt_order_store_open(mt_ctx *cx, mt_order_reader **out, mt_store *store, const char *name)
{
    mt_dataset dataset;
    MT_TRY(mt_dataset_find(cx, &dataset, store, name));
    mt_order_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the data set %s", name);
    reader->dataset = dataset;
    mt_ctx_init(&reader->scratch, NULL);
    mt_code code = open_reader(cx, reader, store);
    if (code == MT_OK) {
        *out = reader;
    } else {
        mt_order_store_close(reader);
    }
    return code;
}

void mt_order_store_close(mt_order_reader *reader)
{
    if (!reader) return;
    mt_spool_close(reader->orders);
    mt_spool_close(reader->faults);
    mt_ctx_close(&reader->scratch);
    free(reader->time);
    free(reader->price);
    free(reader->volume);
    free(reader->side);
    free(reader);
}

const mt_dataset *mt_order_store_dataset(const mt_order_reader *reader)
{
    return &reader->dataset;
}

static mt_code make_room(mt_ctx *cx, mt_order_reader *reader, size_t n)
{
    if (n <= reader->room) return MT_OK;
    free(reader->time);
    free(reader->price);
    free(reader->volume);
    free(reader->side);
    reader->time = malloc(n * sizeof *reader->time);
    reader->price = malloc(n * sizeof *reader->price);
    reader->volume = malloc(n * sizeof *reader->volume);
    reader->side = malloc(n);
    reader->room = 0;
    if (!reader->time || !reader->price || !reader->volume || !reader->side)
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for the data set %s", reader->dataset.name);
    reader->room = n;
    return MT_OK;
}

static void take_integers(int64_t *out, const mt_column *column, size_t n)
{
    memcpy(out, column->data, n * sizeof *out);
    for (size_t i = 0; column->valid && i < n; i++)
        if (!mt_column_has(column, i)) out[i] = INT64_MIN; /* missing: MT_TIME_NONE, MT_MICRO_NONE */
}

static void take_sides(uint8_t *out, const mt_column *column, size_t n)
{
    const mt_text *text = column->data;
    for (size_t i = 0; i < n; i++) {
        out[i] = MT_SIDE_NONE;
        if (!mt_column_has(column, i)) continue;
        if (mt_text_equal(text[i], "buy")) out[i] = MT_BUY;
        if (mt_text_equal(text[i], "sell")) out[i] = MT_SELL;
    }
}

static mt_order_fault fault_of(mt_text name)
{
    for (int k = 0; k < MT_ORDER_FAULT_COUNT; k++)
        if (mt_text_equal(name, mt_order_fault_name((mt_order_fault)k))) return (mt_order_fault)k;
    return MT_FAULT_NONE;
}

/* The fault at hand as one of the batch; its raw row is copied, because the next chunk of faults takes its
 * place. */
static mt_code take_fault(mt_order_reader *reader, mt_order_bad *out, size_t row)
{
    const mt_chunk *chunk = &reader->fault;
    size_t i = reader->fault_at;
    mt_value line = mt_column_get(&chunk->col[BAD_LINE], MT_INT, i);
    mt_value raw = mt_column_get(&chunk->col[BAD_RAW], MT_TEXT, i);
    *out = (mt_order_bad){.row = row, .line = line.present ? (uint64_t)line.as.integer : 0};
    out->fault = fault_of(((const mt_text *)chunk->col[BAD_REASON].data)[i]);
    if (!raw.present) return MT_OK;
    MT_TRY(mt_text_copy(&reader->scratch, &out->raw.at, raw.as.text));
    out->raw.length = raw.as.text.length;
    return MT_OK;
}

static int64_t fault_row(const mt_order_reader *reader)
{
    return ((const int64_t *)reader->fault.col[BAD_ROW].data)[reader->fault_at];
}

/* The faults of rows number[0] … number[n-1]; both lists ascend. */
static mt_code take_faults(mt_ctx *cx, mt_order_reader *reader, mt_order_batch *out, const int64_t *number,
                           size_t n)
{
    mt_order_bad *bad = NULL;
    size_t n_bad = 0;
    for (size_t i = 0; i < n && reader->fault.n;) {
        if (number[i] < fault_row(reader)) {
            i++;
            continue;
        }
        if (!bad && MT_NEW(&reader->scratch, &bad, n) != MT_OK)
            return mt_fail(cx, MT_E_MEMORY, "%s", reader->scratch.err);
        if (number[i] == fault_row(reader)) {
            mt_code code = take_fault(reader, &bad[n_bad++], i);
            if (code != MT_OK) return mt_fail(cx, code, "%s", reader->scratch.err);
        }
        if (++reader->fault_at < reader->fault.n) continue;
        MT_TRY(mt_spool_next(cx, reader->faults, &reader->fault));
        reader->fault_at = 0;
    }
    out->bad = bad;
    out->n_bad = n_bad;
    return MT_OK;
}

static mt_code next_batch(void *self, mt_ctx *cx, mt_order_batch *out)
{
    mt_order_reader *reader = self;
    mt_chunk chunk;
    mt_arena_reset(&reader->scratch.arena, (mt_mark){0});
    MT_TRY(mt_spool_next(cx, reader->orders, &chunk));
    *out = (mt_order_batch){0};
    if (!chunk.n) return MT_OK;
    MT_TRY(make_room(cx, reader, chunk.n));
    take_integers(reader->time, &chunk.col[TIME], chunk.n);
    take_integers(reader->price, &chunk.col[PRICE], chunk.n);
    take_integers(reader->volume, &chunk.col[VOLUME], chunk.n);
    take_sides(reader->side, &chunk.col[SIDE], chunk.n);
    MT_TRY(take_faults(cx, reader, out, chunk.col[ROW_NO].data, chunk.n));
    out->n = chunk.n;
    out->time = reader->time;
    out->price = reader->price;
    out->volume = reader->volume;
    out->side = reader->side;
    return MT_OK;
}

mt_order_source mt_order_store_source(mt_order_reader *reader)
{
    return (mt_order_source){next_batch, reader};
}
