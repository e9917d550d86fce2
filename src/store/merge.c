/* Staged rows into their table: new ones added, changed ones updated, the rest left alone. */
#include "store/merge.h"

#include "base/rows/table.h"

#include <string.h>

enum { PARAMS_MAX = 32 };

/* What stands around a column's name in a list; `between` NULL: the name comes once. */
struct piece {
    const char *before, *between, *after, *separator;
};

static const struct piece a_name = {"\"", NULL, "\"", ", "};
static const struct piece a_staged = {"s.\"", NULL, "\"", ", "};
static const struct piece a_pair = {"t.\"", "\" = s.\"", "\"", " AND "};
static const struct piece a_twin = {"o.\"", "\" = s.\"", "\"", " AND "};
static const struct piece a_change = {"\"", "\" = s.\"", "\"", ", "};
static const struct piece a_difference = {"t.\"", "\" IS DISTINCT FROM s.\"", "\"", " OR "};
static const struct piece a_range = {"min(s.\"", "\"), max(s.\"", "\")", ", "};

/* The texts and values of one merge. */
struct work {
    mt_conn *conn;
    const mt_merge *merge;
    const char *joined_key[PARAMS_MAX + 1];   /* keys that are not fixed */
    const char *joined_range[PARAMS_MAX + 1]; /* ranges that are not fixed */
    mt_param param[PARAMS_MAX];               /* fixed values, then least and greatest of each range */
    size_t n_fixed, n_param;
    const char *fixed_scope; /* "t."a" = $1 AND …" */
    const char *scope;       /* the same and the ranges */
};

bool mt_name_in(const char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (strcmp(*list, name) == 0) return true;
    return false;
}

bool mt_name_fixed(const mt_merge_plan *plan, const char *name)
{
    for (size_t k = 0; k < plan->n_fixed; k++)
        if (strcmp(plan->fixed[k].column, name) == 0) return true;
    return false;
}

static mt_code add_piece(mt_ctx *cx, const char **sql, const struct piece *piece, const char *name)
{
    return mt_text_format(cx, sql, "%s%s%s%s%s%s%s", *sql, **sql ? piece->separator : "", piece->before, name,
                          piece->between ? piece->between : "", piece->between ? name : "", piece->after);
}

static mt_code list_names(mt_ctx *cx, const char **out, const struct piece *piece, const char *const *name)
{
    *out = "";
    for (; *name; name++) MT_TRY(add_piece(cx, out, piece, *name));
    return MT_OK;
}

/* The staged columns: all, or only those that are no key. */
static mt_code list_columns(mt_ctx *cx, const char **out, const struct piece *piece, const mt_merge *merge,
                            bool values)
{
    *out = "";
    for (size_t k = 0; k < merge->n; k++) {
        const char *name = merge->column[k];
        if (strcmp(name, MT_STAGE_NUMBER) == 0 || (values && mt_name_in(merge->plan->key, name))) continue;
        MT_TRY(add_piece(cx, out, piece, name));
    }
    return MT_OK;
}

static mt_code keep_joined(mt_ctx *cx, const char **out, const char *const *name, const mt_merge_plan *plan)
{
    size_t n = 0;
    for (; name && *name; name++) {
        if (mt_name_fixed(plan, *name)) continue;
        if (n == PARAMS_MAX / 4)
            return mt_fail(cx, MT_E_BUG, "the merge plan of %s has too many columns", plan->table);
        out[n++] = *name;
    }
    out[n] = NULL;
    return MT_OK;
}

static mt_code begin_work(mt_ctx *cx, struct work *work)
{
    const mt_merge_plan *plan = work->merge->plan;
    MT_TRY(keep_joined(cx, work->joined_key, plan->key, plan));
    MT_TRY(keep_joined(cx, work->joined_range, plan->range, plan));
    if (!work->joined_key[0] || plan->n_fixed > PARAMS_MAX / 4)
        return mt_fail(cx, MT_E_BUG, "the merge plan of %s needs a key that is not fixed", plan->table);
    work->fixed_scope = "";
    for (size_t k = 0; k < plan->n_fixed; k++) {
        work->param[k] = plan->fixed[k].value;
        MT_TRY(mt_text_format(cx, &work->fixed_scope, "%s%st.\"%s\" = $%zu", work->fixed_scope,
                              k ? " AND " : "", plan->fixed[k].column, k + 1));
    }
    work->n_fixed = work->n_param = plan->n_fixed;
    if (!plan->n_fixed) work->fixed_scope = "TRUE";
    work->scope = work->fixed_scope;
    return MT_OK;
}

static mt_code ask(mt_ctx *cx, struct work *work, mt_table **out, const char *sql, size_t n_param)
{
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, out, 1));
    mt_code code = work->conn->backend->query(cx, work->conn, sql, work->param, n_param, false, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code exists(mt_ctx *cx, struct work *work, bool *out, const char *scope, size_t n_param)
{
    const char *sql;
    mt_table *table;
    MT_TRY(mt_text_format(cx, &sql, "SELECT 1 AS one FROM \"%s\" AS t WHERE %s LIMIT 1",
                          work->merge->plan->table, scope));
    MT_TRY(ask(cx, work, &table, sql, n_param));
    *out = table->n > 0;
    return MT_OK;
}

/* Least and greatest of each range column become parameters of the scope. */
static mt_code find_ranges(mt_ctx *cx, struct work *work)
{
    const char *list, *sql;
    mt_table *table;
    if (!work->joined_range[0]) return MT_OK;
    MT_TRY(list_names(cx, &list, &a_range, work->joined_range));
    MT_TRY(mt_text_format(cx, &sql, "SELECT %s FROM %s AS s", list, work->merge->stage->name));
    MT_TRY(ask(cx, work, &table, sql, 0));
    for (int k = 0; work->joined_range[k]; k++) {
        for (int side = 0; side < 2; side++) {
            mt_param *param = &work->param[work->n_param++];
            *param = mt_param_null(table->schema.col[2 * k + side].type);
            param->value = mt_table_get(table, 0, 2 * k + side);
        }
        MT_TRY(mt_text_format(cx, &work->scope, "%s AND t.\"%s\" BETWEEN $%zu AND $%zu", work->scope,
                              work->joined_range[k], work->n_param - 1, work->n_param));
    }
    return MT_OK;
}

static mt_code exec(mt_ctx *cx, struct work *work, uint64_t *changed, const char *sql, size_t n_param)
{
    return work->conn->backend->exec(cx, work->conn, changed, sql, work->param, n_param);
}

static mt_code count_rows(mt_ctx *cx, struct work *work, int64_t *out, const char *from, const char *scope,
                          size_t n_param)
{
    const char *sql;
    mt_table *table;
    MT_TRY(mt_text_format(cx, &sql, "SELECT count(*) AS n FROM %s AS t WHERE %s", from, scope));
    MT_TRY(ask(cx, work, &table, sql, n_param));
    *out = mt_table_get(table, 0, 0).as.integer;
    return MT_OK;
}

/* After all staged rows are in: what the scope holds beyond them is not of the batch. Counting is cheap,
 * joining is not. */
static mt_code remove_others(mt_ctx *cx, struct work *work, uint64_t *removed)
{
    int64_t stored, staged;
    const char *table, *pair, *sql;
    MT_TRY(mt_text_format(cx, &table, "\"%s\"", work->merge->plan->table));
    MT_TRY(count_rows(cx, work, &stored, table, work->fixed_scope, work->n_fixed));
    MT_TRY(count_rows(cx, work, &staged, work->merge->stage->name, "TRUE", 0));
    if (stored <= staged) return MT_OK;
    MT_TRY(list_names(cx, &pair, &a_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql,
                          "DELETE FROM %s AS t WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS s WHERE %s)",
                          table, work->fixed_scope, work->merge->stage->name, pair));
    return exec(cx, work, removed, sql, work->n_fixed);
}

static mt_code update_changed(mt_ctx *cx, struct work *work, uint64_t *changed)
{
    const char *change, *difference, *pair, *sql;
    MT_TRY(list_columns(cx, &change, &a_change, work->merge, true));
    if (!*change) return MT_OK;
    MT_TRY(list_columns(cx, &difference, &a_difference, work->merge, true));
    MT_TRY(list_names(cx, &pair, &a_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql, "UPDATE \"%s\" AS t SET %s FROM %s AS s WHERE %s AND %s AND (%s)",
                          work->merge->plan->table, change, work->merge->stage->name, pair, work->scope,
                          difference));
    return exec(cx, work, changed, sql, work->n_param);
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
static mt_code insert_new(mt_ctx *cx, struct work *work, uint64_t *added, bool all)
{
    const mt_merge *merge = work->merge;
    const char *names, *values, *to, *from, *pair, *sql;
    MT_TRY(fixed_lists(cx, merge->plan, &names, &values));
    MT_TRY(list_columns(cx, &to, &a_name, merge, false));
    MT_TRY(list_columns(cx, &from, &a_staged, merge, false));
    MT_TRY(mt_text_format(cx, &sql, "INSERT INTO \"%s\" (%s%s) SELECT %s%s FROM %s AS s", merge->plan->table,
                          names, to, values, from, merge->stage->name));
    if (all) return exec(cx, work, added, sql, work->n_fixed);
    MT_TRY(list_names(cx, &pair, &a_pair, work->joined_key));
    MT_TRY(mt_text_format(cx, &sql, "%s WHERE NOT EXISTS (SELECT 1 FROM \"%s\" AS t WHERE %s AND %s)", sql,
                          merge->plan->table, pair, work->scope));
    return exec(cx, work, added, sql, work->n_param);
}

static mt_code merge_rows(mt_ctx *cx, struct work *work, mt_merge_counts *counts)
{
    bool any;
    MT_TRY(find_ranges(cx, work));
    MT_TRY(exists(cx, work, &any, work->scope, work->n_param));
    if (any) MT_TRY(update_changed(cx, work, &counts->changed));
    return insert_new(cx, work, &counts->added, !any);
}

mt_code mt_merge_run(mt_ctx *cx, mt_conn *conn, const mt_merge *merge, mt_merge_counts *counts)
{
    struct work work = {.conn = conn, .merge = merge};
    mt_merge_counts done = {.given = counts->given};
    MT_TRY(begin_work(cx, &work));
    MT_TRY(conn->backend->lock_table(cx, conn, merge->plan->table));
    if (done.given) MT_TRY(merge_rows(cx, &work, &done));
    if (merge->plan->replace) MT_TRY(remove_others(cx, &work, &done.removed));
    done.unchanged = done.given - done.added - done.changed;
    *counts = done;
    return MT_OK;
}

mt_code mt_merge_distinct(mt_ctx *cx, mt_conn *conn, const mt_merge *merge)
{
    struct work work = {.conn = conn, .merge = merge};
    const char *key, *twin, *sql;
    mt_table *table;
    MT_TRY(begin_work(cx, &work));
    MT_TRY(list_names(cx, &key, &a_staged, work.joined_key));
    MT_TRY(mt_text_format(cx, &sql, "SELECT 1 AS one FROM %s AS s GROUP BY %s HAVING count(*) > 1 LIMIT 1",
                          merge->stage->name, key));
    MT_TRY(ask(cx, &work, &table, sql, 0));
    if (!table->n) return MT_OK;
    MT_TRY(list_names(cx, &twin, &a_twin, work.joined_key));
    MT_TRY(mt_text_format(cx, &sql,
                          "DELETE FROM %s AS s WHERE EXISTS (SELECT 1 FROM %s AS o WHERE %s AND "
                          "o.\"" MT_STAGE_NUMBER "\" > s.\"" MT_STAGE_NUMBER "\")",
                          merge->stage->name, merge->stage->name, twin));
    return exec(cx, &work, NULL, sql, 0);
}
