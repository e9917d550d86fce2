/* Staged rows into their table: new ones added, changed ones updated, the rest left alone. */
#include "store/merge.h"

#include "store/merge_sql.h"
#include "store/revise.h"

#include <string.h>

static const mt_piece a_twin = {"o.\"", "\" = s.\"", "\"", " AND "};

static mt_code exists(mt_ctx *cx, mt_merge_work *work, bool *out, const char *scope, size_t n_param)
{
    const char *sql;
    mt_table *table;
    MT_TRY(mt_text_format(cx, &sql, "SELECT 1 AS one FROM \"%s\" AS t WHERE %s LIMIT 1",
                          work->merge->plan->table, scope));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, n_param));
    *out = table->n > 0;
    return MT_OK;
}

static mt_code count_rows(mt_ctx *cx, mt_merge_work *work, int64_t *out, const char *from, const char *scope,
                          size_t n_param)
{
    const char *sql;
    mt_table *table;
    MT_TRY(mt_text_format(cx, &sql, "SELECT count(*) AS n FROM %s AS t WHERE %s", from, scope));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, n_param));
    *out = mt_table_get(table, 0, 0).as.integer;
    return MT_OK;
}

/* After all staged rows are in: what the scope holds beyond them is not of the batch. Counting is cheap,
 * joining is not. */
static mt_code remove_others(mt_ctx *cx, mt_merge_work *work, uint64_t *removed)
{
    int64_t stored, staged;
    const char *table, *pair, *sql;
    MT_TRY(mt_text_format(cx, &table, "\"%s\"", work->merge->plan->table));
    MT_TRY(count_rows(cx, work, &stored, table, work->fixed_scope, work->n_fixed));
    MT_TRY(count_rows(cx, work, &staged, work->merge->stage->name, "TRUE", 0));
    if (stored <= staged) return MT_OK;
    MT_TRY(mt_merge_names(cx, &pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql,
                          "DELETE FROM %s AS t WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS s WHERE %s)",
                          table, work->fixed_scope, work->merge->stage->name, pair));
    return mt_merge_exec(cx, work, removed, sql, work->n_fixed);
}

static mt_code update_changed(mt_ctx *cx, mt_merge_work *work, uint64_t *changed)
{
    const char *change, *difference, *pair, *sql;
    MT_TRY(mt_merge_columns(cx, &change, &mt_piece_change, work->merge, true));
    if (!*change) return MT_OK;
    MT_TRY(mt_merge_columns(cx, &difference, &mt_piece_difference, work->merge, true));
    MT_TRY(mt_merge_names(cx, &pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql, "UPDATE \"%s\" AS t SET %s FROM %s AS s WHERE %s AND %s AND (%s)",
                          work->merge->plan->table, change, work->merge->stage->name, pair, work->scope,
                          difference));
    return mt_merge_exec(cx, work, changed, sql, work->n_param);
}

static mt_code fixed_lists(mt_ctx *cx, const mt_merge_plan *plan, const char **names, const char **values)
{
    *names = *values = "";
    for (size_t k = 0; k < plan->n_fixed; k++) {
        MT_TRY(mt_text_format(cx, names, "%s\"%s\", ", *names, plan->fixed[k].column));
        MT_TRY(mt_text_format(cx, values, "%s$%zu, ", *values, k + 1));
    }
    return MT_OK;
}

/* `all`: nothing is stored where these rows go. */
static mt_code insert_new(mt_ctx *cx, mt_merge_work *work, uint64_t *added, bool all)
{
    const mt_merge *merge = work->merge;
    const char *names, *values, *to, *from, *pair, *sql;
    MT_TRY(fixed_lists(cx, merge->plan, &names, &values));
    MT_TRY(mt_merge_columns(cx, &to, &mt_piece_name, merge, false));
    MT_TRY(mt_merge_columns(cx, &from, &mt_piece_staged, merge, false));
    MT_TRY(mt_text_format(cx, &sql, "INSERT INTO \"%s\" (%s%s) SELECT %s%s FROM %s AS s", merge->plan->table,
                          names, to, values, from, merge->stage->name));
    if (all) return mt_merge_exec(cx, work, added, sql, work->n_fixed);
    MT_TRY(mt_merge_names(cx, &pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql, "%s WHERE NOT EXISTS (SELECT 1 FROM \"%s\" AS t WHERE %s AND %s)", sql,
                          merge->plan->table, pair, work->scope));
    return mt_merge_exec(cx, work, added, sql, work->n_param);
}

/* A row that differs from what is stored under its key is told, not stored. */
static mt_code check_constant(mt_ctx *cx, mt_merge_work *work)
{
    const char *difference, *pair, *sql;
    mt_table *table;
    MT_TRY(mt_merge_columns(cx, &difference, &mt_piece_difference, work->merge, true));
    MT_TRY(mt_merge_names(cx, &pair, &mt_piece_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT t.\"%s\" FROM \"%s\" AS t JOIN %s AS s ON %s WHERE %s AND (%s) LIMIT 1",
                          work->joined_key[0], work->merge->plan->table, work->merge->stage->name, pair,
                          work->scope, difference));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, work->n_param));
    if (!table->n) return MT_OK;
    const char *key;
    MT_TRY(mt_value_text(cx, &key, table->schema.col[0].type, mt_table_get(table, 0, 0)));
    return mt_fail(cx, MT_E_CONFLICT, "%s of the store holds %s %s with other values than those given",
                   work->merge->plan->table, work->joined_key[0], key);
}

static mt_code merge_rows(mt_ctx *cx, mt_merge_work *work, mt_merge_counts *counts)
{
    bool any;
    MT_TRY(mt_merge_ranges(cx, work));
    if (work->merge->plan->version) return mt_revise(cx, work, counts);
    MT_TRY(exists(cx, work, &any, work->scope, work->n_param));
    if (any && work->merge->plan->constant) {
        MT_TRY(check_constant(cx, work));
    } else if (any) {
        MT_TRY(update_changed(cx, work, &counts->changed));
    }
    return insert_new(cx, work, &counts->added, !any);
}

mt_code mt_merge_run(mt_ctx *cx, mt_conn *conn, const mt_merge *merge, mt_merge_counts *counts)
{
    mt_merge_work work = {.conn = conn, .merge = merge};
    mt_merge_counts done = {.given = counts->given};
    MT_TRY(mt_merge_begin(cx, &work));
    MT_TRY(conn->backend->lock_table(cx, conn, merge->plan->table));
    if (done.given) MT_TRY(merge_rows(cx, &work, &done));
    if (merge->plan->replace) MT_TRY(remove_others(cx, &work, &done.removed));
    done.unchanged = done.given - done.added - done.changed;
    *counts = done;
    return MT_OK;
}

mt_code mt_merge_distinct(mt_ctx *cx, mt_conn *conn, const mt_merge *merge, bool *twice)
{
    mt_merge_work work = {.conn = conn, .merge = merge};
    const char *key, *twin, *sql;
    mt_table *table;
    MT_TRY(mt_merge_begin(cx, &work));
    MT_TRY(mt_merge_names(cx, &key, &mt_piece_staged, work.joined_key));
    MT_TRY(mt_text_format(cx, &sql, "SELECT 1 AS one FROM %s AS s GROUP BY %s HAVING count(*) > 1 LIMIT 1",
                          merge->stage->name, key));
    MT_TRY(mt_merge_ask(cx, &work, &table, sql, 0));
    *twice = table->n > 0;
    if (!*twice || merge->plan->version) return MT_OK;
    MT_TRY(mt_merge_names(cx, &twin, &a_twin, work.joined_key));
    MT_TRY(mt_text_format(cx, &sql,
                          "DELETE FROM %s AS s WHERE EXISTS (SELECT 1 FROM %s AS o WHERE %s AND "
                          "o.\"" MT_STAGE_NUMBER "\" > s.\"" MT_STAGE_NUMBER "\")",
                          merge->stage->name, merge->stage->name, twin));
    return mt_merge_exec(cx, &work, NULL, sql, 0);
}
