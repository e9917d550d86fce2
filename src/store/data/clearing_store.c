/* What was computed from a data set: clearings, aggregates and scenarios, stored as they come from their
 * operations. */
#include "store/data/clearing_store.h"

#include <stdlib.h>

enum { FIXED = 4 };

static const char *const tables[] = {
#define TABLE_ROW(symbol, table, column) [symbol] = table,
    MT_STORED_RESULT_LIST(TABLE_ROW)
#undef TABLE_ROW
};

static const char *const second_key[] = {
#define SECOND_ROW(symbol, table, column) [symbol] = column,
    MT_STORED_RESULT_LIST(SECOND_ROW)
#undef SECOND_ROW
};

static const char *const range[] = {"start", NULL};

struct result_sink {
    mt_sink sink;
    mt_batch *batch;
    mt_sink *inner;
    mt_fixed fixed[FIXED];
    const char *key[3];
    mt_merge_plan plan;
    mt_merge_counts counts;
    mt_merge_counts *out;
};

static mt_code result_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    return mt_sink_schema(((struct result_sink *)sink)->inner, cx, schema);
}

static mt_code result_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    return mt_sink_push(((struct result_sink *)sink)->inner, cx, chunk);
}

static mt_code result_finish(mt_sink *sink, mt_ctx *cx)
{
    struct result_sink *r = (struct result_sink *)sink;
    MT_TRY(mt_sink_finish(r->inner, cx));
    MT_TRY(mt_batch_commit(cx, r->batch, NULL, NULL));
    if (r->out) *r->out = r->counts;
    return MT_OK;
}

static void result_close(mt_sink *sink)
{
    struct result_sink *r = (struct result_sink *)sink;
    mt_sink_close(r->inner);
    mt_batch_close(r->batch);
    free(r);
}

static const mt_sink_ops result_ops = {result_schema, result_push, result_finish, result_close};

static void fill_fixed(mt_fixed *fixed, const mt_result_key *key)
{
    fixed[0] = (mt_fixed){"dataset", mt_param_text(key->dataset)};
    fixed[1] = (mt_fixed){"policy", mt_param_text(key->policy)};
    fixed[2] = (mt_fixed){"price_rule", mt_param_text(key->price_rule ? key->price_rule : "")};
    fixed[3] = (mt_fixed){"period_us", mt_param_int(key->period)};
}

mt_code mt_clearing_store_sink(mt_ctx *cx, mt_sink **out, mt_merge_counts *counts, mt_store *store,
                               mt_stored_result kind, const mt_result_key *key)
{
    if (!key->dataset || !key->policy)
        return mt_fail(cx, MT_E_INPUT, "a result is stored under a data set and a policy");
    struct result_sink *r = calloc(1, sizeof *r);
    if (!r) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", tables[kind]);
    r->sink.ops = &result_ops;
    r->out = counts;
    fill_fixed(r->fixed, key);
    r->key[0] = "start";
    r->key[1] = second_key[kind];
    r->plan = (mt_merge_plan){.table = tables[kind],
                              .key = r->key,
                              .range = range,
                              .fixed = r->fixed,
                              .n_fixed = FIXED,
                              .replace = true};
    mt_code code = mt_batch_open(cx, &r->batch, store);
    if (code == MT_OK) code = mt_batch_merge(cx, r->batch, &r->inner, &r->counts, &r->plan);
    if (code == MT_OK) {
        *out = &r->sink;
    } else {
        mt_batch_close(r->batch);
        free(r);
    }
    return code;
}

mt_code mt_clearing_store_read(mt_ctx *cx, mt_store *store, mt_stored_result kind, const mt_result_key *key,
                               mt_sink *sink)
{
    mt_fixed fixed[FIXED];
    mt_param param[FIXED];
    const char *sql;
    fill_fixed(fixed, key);
    for (int k = 0; k < FIXED; k++) param[k] = fixed[k].value;
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT * FROM \"%s\" WHERE dataset = $1 AND policy = $2 AND price_rule = $3 AND "
                          "period_us = $4 ORDER BY start NULLS LAST%s%s%s",
                          tables[kind], second_key[kind] ? ", " : "",
                          second_key[kind] ? second_key[kind] : "", second_key[kind] ? " NULLS LAST" : ""));
    return mt_store_query(cx, store, sql, param, FIXED, sink);
}

mt_code mt_clearing_store_forget(mt_ctx *cx, mt_tx *tx, const char *dataset)
{
    mt_param name = mt_param_text(dataset);
    const char *sql;
    for (size_t k = 0; k < MT_STORED_RESULT_COUNT; k++) {
        MT_TRY(mt_text_format(cx, &sql, "DELETE FROM %s WHERE dataset = $1", tables[k]));
        MT_TRY(mt_tx_exec(cx, tx, NULL, sql, &name, 1));
    }
    return MT_OK;
}
