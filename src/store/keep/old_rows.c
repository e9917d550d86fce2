/* Rows of tables that grow without being values of series: letters, quarantine, runs, live markets. */
#include "store/keep/old_rows.h"

#include "base/rows/table.h"

#include <string.h>

struct growing {
    const char *table, *moment, *source, *area, *further, *further_column, *column;
};

static const struct growing tables[] = {
#define TABLE_ROW(table, moment, source, area, further, further_column, column)                              \
    {table, moment, source, area, further, further_column, column},
    MT_OLD_ROWS_LIST(TABLE_ROW)
#undef TABLE_ROW
};

static const struct growing *find(const char *kind)
{
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        if (strcmp(tables[k].table, kind) == 0) return &tables[k];
    return NULL;
}

bool mt_old_rows_known(const char *kind)
{
    return find(kind) != NULL;
}

mt_code mt_old_rows_check(mt_ctx *cx, const mt_policy *policy)
{
    const struct growing *table = find(policy->kind);
    if (!table) return MT_OK;
    if (policy->rollup_step_us)
        return mt_fail(cx, MT_E_INPUT, "old rows of %s can be dropped, but not rolled up", table->table);
    if (table->area || !policy->area || !*policy->area) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "rows of %s have no area: leave it out", table->table);
}

/* Which rows of the table t: $1 the bound, $2 source, $3 area, $4 the rank of the policy, $5 its kind. */
static mt_code old_rows(mt_ctx *cx, const char **out, const struct growing *table)
{
    const char *area = table->area ? table->area : NULL, *of_row = "''";
    if (area) MT_TRY(mt_text_format(cx, &of_row, "t.%s", area));
    return mt_text_format(
        cx, out,
        "t.%s < $1 AND ($2 = '' OR t.%s = $2) AND ($3 = '' OR %s = $3) AND NOT EXISTS (SELECT 1 FROM policy "
        "AS p WHERE p.kind = $5 AND (p.source = '' OR p.source = t.%s) AND (p.area = '' OR p.area = %s) AND "
        "CASE WHEN p.source = '' THEN 0 ELSE 2 END + CASE WHEN p.area = '' THEN 0 ELSE 1 END > $4)",
        table->moment, table->source, of_row, table->source, of_row);
}

struct removing {
    const struct growing *table;
    const char *where;
    const mt_param *param;
    uint64_t removed;
};

static mt_code remove_rows(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct removing *r = arg;
    const struct growing *t = r->table;
    const char *sql;
    uint64_t further = 0;
    if (t->further) {
        MT_TRY(mt_text_format(cx, &sql, "DELETE FROM %s WHERE %s IN (SELECT t.%s FROM %s AS t WHERE %s)",
                              t->further, t->further_column, t->column, t->table, r->where));
        MT_TRY(mt_tx_exec(cx, tx, &further, sql, r->param, 5));
    }
    MT_TRY(mt_text_format(cx, &sql, "DELETE FROM %s AS t WHERE %s", t->table, r->where));
    MT_TRY(mt_tx_exec(cx, tx, &r->removed, sql, r->param, 5));
    r->removed += further;
    return MT_OK;
}

static mt_code count_one(mt_ctx *cx, uint64_t *sum, mt_store *store, const char *sql, const mt_param *param)
{
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = mt_store_query(cx, store, sql, param, 5, sink);
    mt_sink_close(sink);
    if (code == MT_OK) *sum += (uint64_t)mt_table_get(table, 0, 0).as.integer;
    return code;
}

static mt_code count_rows(mt_ctx *cx, mt_store *store, struct removing *r)
{
    const struct growing *t = r->table;
    const char *sql;
    MT_TRY(mt_text_format(cx, &sql, "SELECT count(*) AS n FROM %s AS t WHERE %s", t->table, r->where));
    MT_TRY(count_one(cx, &r->removed, store, sql, r->param));
    if (!t->further) return MT_OK;
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT count(*) AS n FROM %s WHERE %s IN (SELECT t.%s FROM %s AS t WHERE %s)",
                          t->further, t->further_column, t->column, t->table, r->where));
    return count_one(cx, &r->removed, store, sql, r->param);
}

mt_code mt_old_rows_remove(mt_ctx *cx, uint64_t *removed, mt_store *store, const mt_policy *policy,
                           mt_time bound, bool dry)
{
    const mt_param param[] = {
        mt_param_time(bound), mt_param_text(policy->source), mt_param_text(policy->area),
        mt_param_int(2 * (*policy->source != 0) + (*policy->area != 0)), mt_param_text(policy->kind)};
    struct removing r = {.table = find(policy->kind), .param = param};
    MT_TRY(old_rows(cx, &r.where, r.table));
    MT_TRY(dry ? count_rows(cx, store, &r) : mt_store_write(cx, store, remove_rows, &r));
    *removed = r.removed;
    return MT_OK;
}
