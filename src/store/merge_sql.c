/* The texts and values that merging is made of: lists of columns, the scope, the questions asked. */
#include "store/merge_sql.h"

#include <string.h>

const mt_piece mt_piece_name = {"\"", NULL, "\"", ", "};
const mt_piece mt_piece_staged = {"s.\"", NULL, "\"", ", "};
const mt_piece mt_piece_pair = {"t.\"", "\" = s.\"", "\"", " AND "};
const mt_piece mt_piece_change = {"\"", "\" = s.\"", "\"", ", "};
const mt_piece mt_piece_difference = {"t.\"", "\" IS DISTINCT FROM s.\"", "\"", " OR "};

static const mt_piece a_range = {"min(s.\"", "\"), max(s.\"", "\")", ", "};

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

static mt_code add_piece(mt_ctx *cx, const char **sql, const mt_piece *piece, const char *name)
{
    return mt_text_format(cx, sql, "%s%s%s%s%s%s%s", *sql, **sql ? piece->separator : "", piece->before, name,
                          piece->between ? piece->between : "", piece->between ? name : "", piece->after);
}

mt_code mt_merge_names(mt_ctx *cx, const char **out, const mt_piece *piece, const char *const *name)
{
    *out = "";
    for (; *name; name++) MT_TRY(add_piece(cx, out, piece, *name));
    return MT_OK;
}

static bool is_version(const mt_merge_plan *plan, const char *name)
{
    return plan->version && strcmp(plan->version, name) == 0;
}

mt_code mt_merge_decisive(mt_ctx *cx, const char **out, const mt_piece *piece, const mt_merge *merge)
{
    const mt_merge_plan *plan = merge->plan;
    *out = "";
    for (size_t k = 0; k < merge->n; k++) {
        const char *name = merge->column[k];
        if (strcmp(name, MT_STAGE_NUMBER) == 0 || is_version(plan, name)) continue;
        if (mt_name_in(plan->key, name) || mt_name_in(plan->quiet, name)) continue;
        MT_TRY(add_piece(cx, out, piece, name));
    }
    return MT_OK;
}

mt_code mt_merge_columns(mt_ctx *cx, const char **out, const mt_piece *piece, const mt_merge *merge,
                         bool values)
{
    const mt_merge_plan *plan = merge->plan;
    *out = "";
    for (size_t k = 0; k < merge->n; k++) {
        const char *name = merge->column[k];
        if (strcmp(name, MT_STAGE_NUMBER) == 0) continue;
        if (values && (mt_name_in(plan->key, name) || is_version(plan, name))) continue;
        MT_TRY(add_piece(cx, out, piece, name));
    }
    return MT_OK;
}

static mt_code keep_joined(mt_ctx *cx, const char **out, const char *const *name, const mt_merge_plan *plan)
{
    size_t n = 0;
    for (; name && *name; name++) {
        if (mt_name_fixed(plan, *name)) continue;
        if (n == MT_MERGE_PARAMS / 4)
            return mt_fail(cx, MT_E_BUG, "the merge plan of %s has too many columns", plan->table);
        out[n++] = *name;
    }
    out[n] = NULL;
    return MT_OK;
}

mt_code mt_merge_begin(mt_ctx *cx, mt_merge_work *work)
{
    const mt_merge_plan *plan = work->merge->plan;
    MT_TRY(keep_joined(cx, work->joined_key, plan->key, plan));
    MT_TRY(keep_joined(cx, work->joined_range, plan->range, plan));
    if (!work->joined_key[0] || plan->n_fixed > MT_MERGE_PARAMS / 4)
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

mt_code mt_merge_ask(mt_ctx *cx, mt_merge_work *work, mt_table **out, const char *sql, size_t n_param)
{
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, out, 1));
    mt_code code = work->conn->backend->query(cx, work->conn, sql, work->param, n_param, false, sink);
    mt_sink_close(sink);
    return code;
}

mt_code mt_merge_ranges(mt_ctx *cx, mt_merge_work *work)
{
    const char *list, *sql;
    mt_table *table;
    if (!work->joined_range[0]) return MT_OK;
    MT_TRY(mt_merge_names(cx, &list, &a_range, work->joined_range));
    MT_TRY(mt_text_format(cx, &sql, "SELECT %s FROM %s AS s", list, work->merge->stage->name));
    MT_TRY(mt_merge_ask(cx, work, &table, sql, 0));
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

mt_code mt_merge_exec(mt_ctx *cx, mt_merge_work *work, uint64_t *changed, const char *sql, size_t n_param)
{
    return work->conn->backend->exec(cx, work->conn, changed, sql, work->param, n_param);
}
