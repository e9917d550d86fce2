/* How far each source's data sets were fetched, so that the next fetch goes on from there. */
#include "store/data/fetch_store.h"

#include "base/rows/table.h"

static mt_code read_row(mt_ctx *cx, mt_fetch_state *out, const mt_table *table)
{
    mt_fetch_state found = {.fetched_to = MT_TIME_NONE, .updated_at = MT_TIME_NONE};
    if (table->n) {
        mt_value to = mt_table_get(table, 0, 0), state = mt_table_get(table, 0, 1);
        if (to.present) found.fetched_to = to.as.integer;
        if (state.present) MT_TRY(mt_text_copy(cx, &found.state, state.as.text));
        found.updated_at = mt_table_get(table, 0, 2).as.integer;
    }
    *out = found;
    return MT_OK;
}

mt_code mt_fetch_store_read(mt_ctx *cx, mt_fetch_state *out, mt_store *store, const mt_fetch_key *key)
{
    const mt_param param[] = {mt_param_text(key->source), mt_param_text(key->dataset),
                              mt_param_text(key->area ? key->area : "")};
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = mt_store_query(cx, store,
                                  "SELECT fetched_to, state, updated_at FROM fetch_state WHERE source = $1 "
                                  "AND dataset = $2 AND area = $3",
                                  param, 3, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    return read_row(cx, out, table);
}

mt_code mt_fetch_store_save(mt_ctx *cx, mt_tx *tx, const mt_fetch_key *key, const mt_fetch_state *state)
{
    const mt_param param[] = {
        mt_param_text(key->source),
        mt_param_text(key->dataset),
        mt_param_text(key->area ? key->area : ""),
        mt_param_time(state->fetched_to),
        mt_param_text(state->state),
        mt_param_time(mt_tx_now(tx)),
    };
    return mt_tx_exec(cx, tx, NULL,
                      "INSERT INTO fetch_state (source, dataset, area, fetched_to, state, updated_at) VALUES "
                      "($1, $2, $3, $4, $5, $6) ON CONFLICT (source, dataset, area) DO UPDATE SET fetched_to "
                      "= excluded.fetched_to, state = excluded.state, updated_at = excluded.updated_at",
                      param, sizeof param / sizeof *param);
}

mt_code mt_fetch_store_commit(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_fetch_saving *saving = arg;
    return mt_fetch_store_save(cx, tx, &saving->key, &saving->state);
}

mt_code mt_fetch_store_list(mt_ctx *cx, mt_store *store, mt_sink *sink)
{
    return mt_store_query(cx, store,
                          "SELECT source, dataset, area, fetched_to, state, updated_at FROM fetch_state "
                          "ORDER BY source NULLS LAST, dataset NULLS LAST, area NULLS LAST",
                          NULL, 0, sink);
}
