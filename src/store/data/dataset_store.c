/* Data sets of the store: what is there, under which name, from where. */
#include "store/data/dataset_store.h"

#include "base/rows/table.h"

#include <string.h>

#define COLUMNS "name, kind, source, content_hash, row_count, bad_count, first_time, last_time, stored_at"

static mt_code ask(mt_ctx *cx, mt_store *store, mt_table **out, const char *sql, const mt_param *param,
                   size_t n)
{
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_store_query(cx, store, sql, param, n, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code text_at(mt_ctx *cx, const char **out, const mt_table *table, int column)
{
    mt_value value = mt_table_get(table, 0, column);
    *out = NULL;
    return value.present ? mt_text_copy(cx, out, value.as.text) : MT_OK;
}

static int64_t integer_at(const mt_table *table, int column)
{
    mt_value value = mt_table_get(table, 0, column);
    return value.present ? value.as.integer : MT_TIME_NONE;
}

static mt_code fail_absent(mt_ctx *cx, mt_store *store, const char *name)
{
    mt_table *table;
    const char **known;
    MT_TRY(ask(cx, store, &table, "SELECT name FROM dataset ORDER BY name NULLS LAST LIMIT 1000", NULL, 0));
    MT_TRY(MT_NEW(cx, &known, table->n + 1));
    for (size_t k = 0; k < table->n; k++)
        MT_TRY(mt_text_copy(cx, &known[k], mt_table_get(table, k, 0).as.text));
    int nearest = mt_text_nearest(name, known, table->n);
    if (nearest >= 0)
        return mt_fail(cx, MT_E_ABSENT, "the store has no data set %s; did you mean %s?", name,
                       known[nearest]);
    if (!table->n) return mt_fail(cx, MT_E_ABSENT, "the store has no data set %s, nor any other", name);
    return mt_fail(cx, MT_E_ABSENT, "the store has no data set %s; one it has is %s", name, known[0]);
}

mt_code mt_dataset_find(mt_ctx *cx, mt_dataset *out, mt_store *store, const char *name)
{
    mt_table *table;
    mt_param param = mt_param_text(name);
    mt_dataset found = {0};
    MT_TRY(ask(cx, store, &table, "SELECT id, " COLUMNS " FROM dataset WHERE name = $1", &param, 1));
    if (!table->n) return fail_absent(cx, store, name);
    found.id = integer_at(table, 0);
    MT_TRY(text_at(cx, &found.name, table, 1));
    MT_TRY(text_at(cx, &found.kind, table, 2));
    MT_TRY(text_at(cx, &found.source, table, 3));
    MT_TRY(text_at(cx, &found.content_hash, table, 4));
    found.rows = integer_at(table, 5);
    found.bad = integer_at(table, 6);
    found.first = integer_at(table, 7);
    found.last = integer_at(table, 8);
    found.stored_at = integer_at(table, 9);
    *out = found;
    return MT_OK;
}

mt_code mt_dataset_list(mt_ctx *cx, mt_store *store, mt_sink *sink)
{
    return mt_store_query(cx, store, "SELECT " COLUMNS " FROM dataset ORDER BY name NULLS LAST", NULL, 0,
                          sink);
}

static const char *const by_id[] = {
    "DELETE FROM market_order WHERE dataset_id = $1",
    "DELETE FROM order_quarantine WHERE dataset_id = $1",
    "DELETE FROM dataset WHERE id = $1",
};

static const char *const by_name[] = {
    "DELETE FROM clearing WHERE dataset = $1",
    "DELETE FROM aggregate WHERE dataset = $1",
    "DELETE FROM impact WHERE dataset = $1",
};

static mt_code remove_rows(mt_ctx *cx, mt_tx *tx, void *arg)
{
    const mt_dataset *dataset = arg;
    mt_param id = mt_param_int(dataset->id), name = mt_param_text(dataset->name);
    for (size_t k = 0; k < sizeof by_id / sizeof *by_id; k++)
        MT_TRY(mt_tx_exec(cx, tx, NULL, by_id[k], &id, 1));
    for (size_t k = 0; k < sizeof by_name / sizeof *by_name; k++)
        MT_TRY(mt_tx_exec(cx, tx, NULL, by_name[k], &name, 1));
    return MT_OK;
}

mt_code mt_dataset_remove(mt_ctx *cx, mt_store *store, const char *name)
{
    mt_dataset dataset;
    MT_TRY(mt_dataset_find(cx, &dataset, store, name));
    return mt_store_write(cx, store, remove_rows, &dataset);
}
