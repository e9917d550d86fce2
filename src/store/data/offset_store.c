/* Where each stream was read to, and the messages that could not be used. */
#include "store/data/offset_store.h"

#include "base/rows/table.h"

#include <inttypes.h>

#define OF_KEY "stream = $1 AND consumer = $2 AND topic = $3 AND part = $4"

enum { KEYS = 4 };

static void bind_key(mt_param param[KEYS], const mt_offset_key *key)
{
    param[0] = mt_param_text(key->stream);
    param[1] = mt_param_text(key->consumer);
    param[2] = mt_param_text(key->topic);
    param[3] = mt_param_int(key->part);
}

mt_code mt_offset_store_read(mt_ctx *cx, int64_t *next, mt_store *store, const mt_offset_key *key)
{
    mt_param param[KEYS];
    mt_sink *sink;
    mt_table *table;
    bind_key(param, key);
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code =
        mt_store_query(cx, store, "SELECT next_offset FROM stream_offset WHERE " OF_KEY, param, KEYS, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    *next = table->n ? mt_table_get(table, 0, 0).as.integer : INT64_MIN;
    return MT_OK;
}

mt_code mt_offset_store_advance(mt_ctx *cx, mt_tx *tx, const mt_offset_key *key, int64_t from, int64_t next)
{
    uint64_t changed = 0;
    mt_param param[KEYS + 3];
    const bool first = from == INT64_MIN;
    bind_key(param, key);
    param[KEYS] = mt_param_int(next);
    param[KEYS + 1] = mt_param_time(mt_tx_now(tx));
    param[KEYS + 2] = mt_param_int(from);
    MT_TRY(mt_tx_exec(cx, tx, &changed,
                      first ? "INSERT INTO stream_offset (stream, consumer, topic, part, next_offset, "
                              "updated_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
                            : "UPDATE stream_offset SET next_offset = $5, updated_at = $6 WHERE " OF_KEY
                              " AND next_offset = $7",
                      param, first ? KEYS + 2 : KEYS + 3));
    if (changed) return MT_OK;
    return mt_fail(cx, MT_E_CONFLICT,
                   "another consumer %s has moved the position of %s, part %" PRId64 " of %s", key->consumer,
                   key->topic, key->part, key->stream);
}

mt_code mt_offset_store_list(mt_ctx *cx, mt_store *store, mt_sink *sink)
{
    return mt_store_query(cx, store,
                          "SELECT stream, consumer, topic, part, next_offset, updated_at FROM stream_offset "
                          "ORDER BY stream NULLS LAST, consumer NULLS LAST, topic NULLS LAST, part NULLS "
                          "LAST",
                          NULL, 0, sink);
}
