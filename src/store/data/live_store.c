/* Live books: the orders that stand, and what each period was cleared at. */
#include "store/data/live_store.h"

const mt_field mt_live_order_col[] = {{.name = "topic", MT_TEXT_AT(mt_stored_live_order, topic)},
                                      {.name = "period_us", MT_INT_AT(mt_stored_live_order, period_us)},
                                      {.name = "start", MT_TIME_AT(mt_stored_live_order, start)},
                                      {.name = "id", MT_TEXT_AT(mt_stored_live_order, id)},
                                      {.name = "side", MT_TEXT_AT(mt_stored_live_order, side)},
                                      {.name = "price_micro", MT_INT_AT(mt_stored_live_order, price_micro)},
                                      {.name = "volume_wh", MT_INT_AT(mt_stored_live_order, volume_wh)},
                                      {.name = "standing", MT_BOOL_AT(mt_stored_live_order, standing)},
                                      {.name = NULL}};

const mt_field mt_live_clearing_col[] = {
    {.name = "topic", MT_TEXT_AT(mt_stored_live_clearing, topic), .doc = "of the order ticks"},
    {.name = "period_us",
     MT_INT_AT(mt_stored_live_clearing, period_us),
     .doc = "length of the delivery period in microseconds"},
    {.name = "start", MT_TIME_AT(mt_stored_live_clearing, start), .doc = "of the delivery period, UTC"},
    {.name = "cleared_at",
     MT_TIME_AT(mt_stored_live_clearing, cleared_at),
     .doc = "after its last tick, UTC"},
    {.name = "orders",
     MT_INT_AT(mt_stored_live_clearing, orders),
     .unit = MT_UNIT_COUNT,
     .doc = "that stand in the book"},
    {.name = "price",
     MT_REAL_AT(mt_stored_live_clearing, price),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "empty: nothing trades"},
    {.name = "volume",
     MT_REAL_AT(mt_stored_live_clearing, volume),
     .unit = MT_UNIT_MWH,
     .doc = "that trades"},
    {.name = "status", MT_TEXT_AT(mt_stored_live_clearing, status), .doc = "as in market.clear"},
    {.name = "price_more",
     MT_REAL_AT(mt_stored_live_clearing, price_more),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with more renewable supply"},
    {.name = "price_less",
     MT_REAL_AT(mt_stored_live_clearing, price_less),
     .unit = MT_UNIT_MONEY_PER_MWH,
     .doc = "with less of it"},
    {.name = NULL}};

static const char *const order_key[] = {"topic", "period_us", "start", "id", NULL};
static const char *const clearing_key[] = {"topic", "period_us", "start", NULL};
static const char *const range[] = {"start", NULL};
static const mt_merge_plan order_plan = {.table = "live_order", .key = order_key, .range = range};
static const mt_merge_plan clearing_plan = {.table = "live_clearing", .key = clearing_key, .range = range};

mt_code mt_live_order_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts)
{
    return mt_batch_merge(cx, batch, out, counts, &order_plan);
}

mt_code mt_live_clearing_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts)
{
    return mt_batch_merge(cx, batch, out, counts, &clearing_plan);
}

static mt_code change_or_add(mt_ctx *cx, mt_tx *tx, const char *change, const char *add,
                             const mt_param *param, size_t n)
{
    uint64_t changed = 0;
    MT_TRY(mt_tx_exec(cx, tx, &changed, change, param, n));
    return changed ? MT_OK : mt_tx_exec(cx, tx, NULL, add, param, n);
}

mt_code mt_live_order_put(mt_ctx *cx, mt_tx *tx, const mt_stored_live_order *row)
{
    const mt_param param[] = {mt_param_text(row->topic),    mt_param_int(row->period_us),
                              mt_param_time(row->start),    mt_param_text(row->id),
                              mt_param_text(row->side),     mt_param_int(row->price_micro),
                              mt_param_int(row->volume_wh), mt_param_bool(row->standing)};
    return change_or_add(cx, tx,
                         "UPDATE live_order SET side = $5, price_micro = $6, volume_wh = $7, standing = $8 "
                         "WHERE topic = $1 AND period_us = $2 AND start = $3 AND id = $4",
                         "INSERT INTO live_order (topic, period_us, start, id, side, price_micro, volume_wh, "
                         "standing) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                         param, sizeof param / sizeof *param);
}

mt_code mt_live_clearing_put(mt_ctx *cx, mt_tx *tx, const mt_stored_live_clearing *row)
{
    const mt_param param[] = {mt_param_text(row->topic),      mt_param_int(row->period_us),
                              mt_param_time(row->start),      mt_param_time(row->cleared_at),
                              mt_param_int(row->orders),      mt_param_real(row->price),
                              mt_param_real(row->volume),     mt_param_text(row->status),
                              mt_param_real(row->price_more), mt_param_real(row->price_less)};
    return change_or_add(cx, tx,
                         "UPDATE live_clearing SET cleared_at = $4, orders = $5, price = $6, volume = $7, "
                         "status = $8, price_more = $9, price_less = $10 WHERE topic = $1 AND period_us = $2 "
                         "AND start = $3",
                         "INSERT INTO live_clearing (topic, period_us, start, cleared_at, orders, price, "
                         "volume, status, price_more, price_less) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                         "$9, $10)",
                         param, sizeof param / sizeof *param);
}

mt_code mt_live_order_read(mt_ctx *cx, mt_store *store, const char *topic, mt_time period, mt_time start,
                           mt_sink *sink)
{
    const mt_param param[] = {mt_param_text(topic), mt_param_int(period), mt_param_time(start)};
    return mt_store_query(cx, store,
                          "SELECT id, side, price_micro, volume_wh FROM live_order WHERE topic = $1 AND "
                          "period_us = $2 AND start = $3 AND standing ORDER BY id NULLS LAST",
                          param, 3, sink);
}

mt_code mt_live_clearing_read(mt_ctx *cx, mt_store *store, const char *topic, int64_t limit, mt_sink *sink)
{
    const mt_param param[] = {mt_param_text(topic), mt_param_int(limit)};
    return mt_store_query(cx, store,
                          "SELECT topic, period_us, start, cleared_at, orders, price, volume, status, "
                          "price_more, price_less FROM live_clearing WHERE CAST($1 AS TEXT) IS NULL OR topic "
                          "= $1 ORDER BY start DESC NULLS LAST, topic NULLS LAST, period_us NULLS LAST LIMIT "
                          "$2",
                          param, 2, sink);
}
