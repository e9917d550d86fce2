/* All policies of a store applied at one moment: old values rolled up or removed, old rows removed. */
#include "store/keep/tend.h"

#include "base/rows/table.h"
#include "store/inside.h"
#include "store/keep/fold.h"
#include "store/keep/old_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW_US (30 * MT_US_DAY)

#define OF_POLICY "kind = $1 AND ($2 = '' OR source = $2) AND ($3 = '' OR area = $3)"

struct tending {
    mt_store *store;
    mt_time now;
    bool dry;
    const mt_policy *policy;
    size_t n_policy;
    mt_tended *row;
    size_t n, room;
};

static mt_code add_row(mt_ctx *cx, struct tending *t, const mt_tended *row)
{
    MT_TRY(mt_ctx_grow(cx, &t->row, t->n, &t->room, sizeof *t->row));
    t->row[t->n++] = *row;
    return MT_OK;
}

/* --- tables --- */

static mt_code tend_rows(mt_ctx *cx, struct tending *t, const mt_policy *p)
{
    mt_tended row = {.kind = p->kind,
                     .area = p->area,
                     .detail = "",
                     .source = p->source,
                     .step = INT64_MIN,
                     .to_step = INT64_MIN,
                     .from = MT_TIME_NONE,
                     .to = t->now - p->keep_us};
    MT_TRY(mt_old_rows_remove(cx, &row.done.removed, t->store, p, row.to, t->dry));
    return add_row(cx, t, &row);
}

/* --- series --- */

static mt_code ask(mt_ctx *cx, mt_table **out, const struct tending *t, const char *sql,
                   const mt_param *param, size_t n)
{
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_store_query(cx, t->store, sql, param, n, sink);
    mt_sink_close(sink);
    return code;
}

/* Where there is something before the bound: series, first moment of the window, least and greatest start. */
static mt_code ask_windows(mt_ctx *cx, mt_table **out, const struct tending *t, const mt_policy *p,
                           mt_time bound, mt_time window)
{
    const mt_param param[] = {mt_param_text(p->kind), mt_param_text(p->source), mt_param_text(p->area),
                              mt_param_time(bound)};
    const char *key, *start, *sql;
    MT_TRY(t->store->backend->bucket(cx, &key, &start, window));
    MT_TRY(
        mt_text_format(cx, &sql,
                       "SELECT o.series_id, o.start, o.first, o.last FROM (SELECT series_id, %s AS start, "
                       "first, last FROM (SELECT series_id, %s AS bucket, min(moment) AS first, "
                       "max(moment) AS last FROM (SELECT series_id, start AS moment FROM observation WHERE "
                       "start < $4 AND series_id IN (SELECT id FROM series WHERE " OF_POLICY
                       ")) AS o GROUP BY 1, 2) AS o) AS o ORDER BY o.series_id NULLS LAST, o.start NULLS "
                       "LAST",
                       start, key));
    return ask(cx, out, t, sql, param, 4);
}

static mt_code ask_series(mt_ctx *cx, mt_table **out, const struct tending *t, const mt_policy *p)
{
    const mt_param param[] = {mt_param_text(p->kind), mt_param_text(p->source), mt_param_text(p->area)};
    return ask(cx, out, t,
               "SELECT id, area, detail, unit, source, step_us FROM series WHERE " OF_POLICY
               " ORDER BY area NULLS LAST, detail NULLS LAST, source NULLS LAST, unit NULLS LAST, "
               "step_us NULLS LAST",
               param, 3);
}

static mt_code name_of(mt_ctx *cx, mt_roll *out, const mt_table *series, size_t k, const mt_policy *p)
{
    *out = (mt_roll){.id = mt_table_get(series, k, 0).as.integer, .to_step = p->rollup_step_us};
    out->name.kind = p->kind;
    out->name.step = mt_table_get(series, k, 5).as.integer;
    MT_TRY(mt_text_copy(cx, &out->name.area, mt_table_get(series, k, 1).as.text));
    MT_TRY(mt_text_copy(cx, &out->name.detail, mt_table_get(series, k, 2).as.text));
    MT_TRY(mt_text_copy(cx, &out->name.unit, mt_table_get(series, k, 3).as.text));
    return mt_text_copy(cx, &out->name.source, mt_table_get(series, k, 4).as.text);
}

/* The first window of the series; windows->n where it has none. */
static size_t find_windows(const mt_table *windows, int64_t id)
{
    size_t low = 0, high = windows->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mt_table_get(windows, middle, 0).as.integer < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < windows->n && mt_table_get(windows, low, 0).as.integer == id ? low : windows->n;
}

static mt_code refuse(mt_ctx *cx, mt_tended *row)
{
    char step[64], to[64];
    mt_span_text(row->step, step);
    mt_span_text(row->to_step, to);
    return mt_text_format(cx, &row->refused,
                          "a step of %s does not divide %s: choose a multiple of it to roll up to", step, to);
}

static void add_done(mt_rolled *sum, const mt_rolled *done)
{
    sum->rolled += done->rolled;
    sum->written += done->written;
    sum->removed += done->removed;
    sum->left += done->left;
}

/* All the windows of one series, from the oldest on. */
struct windows {
    const mt_table *table;
    mt_time bound, length;
};

static mt_code tend_windows(mt_ctx *cx, const struct tending *t, mt_tended *row, const mt_roll *roll,
                            const struct windows *windows, size_t at)
{
    const mt_table *table = windows->table;
    for (; at < table->n && mt_table_get(table, at, 0).as.integer == roll->id; at++) {
        mt_time from = mt_table_get(table, at, 1).as.integer, to = from + windows->length;
        mt_rolled done;
        mt_ctx_progress(cx, "tend", at, table->n, "windows");
        MT_TRY(mt_ctx_check(cx));
        if (to > windows->bound) to = windows->bound;
        MT_TRY(mt_roll_up(cx, &done, t->store, roll, from, to, t->dry));
        add_done(&row->done, &done);
        if (row->from == MT_TIME_NONE) row->from = mt_table_get(table, at, 2).as.integer;
        row->to = mt_table_get(table, at, 3).as.integer;
    }
    if (!roll->to_step) return MT_OK;
    row->from = mt_fold_floor(row->from, roll->to_step);
    row->to = mt_fold_floor(row->to, roll->to_step) + roll->to_step;
    return MT_OK;
}

static mt_code tend_one(mt_ctx *cx, struct tending *t, const mt_policy *p, const mt_roll *roll,
                        const struct windows *windows)
{
    mt_time step = roll->name.step;
    size_t at = find_windows(windows->table, roll->id);
    bool coarse = p->rollup_step_us && step >= p->rollup_step_us;
    if (at == windows->table->n || coarse ||
        mt_policy_for(t->policy, t->n_policy, p->kind, roll->name.source, roll->name.area) != p)
        return MT_OK;
    mt_tended row = {.kind = p->kind,
                     .area = roll->name.area,
                     .detail = roll->name.detail,
                     .source = roll->name.source,
                     .step = step,
                     .to_step = p->rollup_step_us ? p->rollup_step_us : INT64_MIN,
                     .from = MT_TIME_NONE,
                     .to = MT_TIME_NONE};
    if (p->rollup_step_us && step > 0 && p->rollup_step_us % step != 0) {
        MT_TRY(refuse(cx, &row));
    } else {
        MT_TRY(tend_windows(cx, t, &row, roll, windows, at));
    }
    return add_row(cx, t, &row);
}

static mt_code tend_series(mt_ctx *cx, struct tending *t, const mt_policy *p)
{
    mt_time step = p->rollup_step_us;
    struct windows windows = {.bound = t->now - p->keep_us, .length = WINDOW_US};
    mt_table *table, *series;
    if (step) windows.bound = mt_fold_floor(windows.bound, step);
    if (step) windows.length = step * (step < WINDOW_US ? WINDOW_US / step : 1);
    MT_TRY(ask_windows(cx, &table, t, p, windows.bound, windows.length));
    if (!table->n) return MT_OK;
    windows.table = table;
    MT_TRY(ask_series(cx, &series, t, p));
    for (size_t k = 0; k < series->n; k++) {
        mt_roll roll;
        MT_TRY(name_of(cx, &roll, series, k, p));
        MT_TRY(tend_one(cx, t, p, &roll, &windows));
    }
    return MT_OK;
}

/* An embedded file keeps the space of removed rows until it is checkpointed; while somebody writes it cannot
 * be, and the next time will do. */
static void give_back_space(mt_ctx *cx, mt_store *store)
{
    mt_conn *conn;
    mt_code code = mt_store_take(cx, store, &conn);
    if (code == MT_OK) {
        code = store->backend->exec(cx, conn, NULL, "CHECKPOINT", NULL, 0);
        mt_store_give(store, conn);
    }
    if (code == MT_OK) return;
    mt_log(cx, MT_LOG_INFO, "the space of removed rows is given back another time: %s", cx->err);
    mt_ctx_forgive(cx);
}

mt_code mt_tend(mt_ctx *cx, mt_tended **out, size_t *n, mt_store *store, mt_time now, bool dry)
{
    struct tending t = {.store = store, .now = now, .dry = dry};
    mt_policy *policy;
    uint64_t removed = 0;
    MT_TRY(mt_policy_list(cx, &policy, &t.n_policy, store));
    t.policy = policy;
    for (size_t k = 0; k < t.n_policy; k++)
        MT_TRY((mt_old_rows_known(policy[k].kind) ? tend_rows : tend_series)(cx, &t, &policy[k]));
    for (size_t k = 0; k < t.n; k++) removed += t.row[k].done.removed;
    if (removed && !dry && store->backend->one_writer) give_back_space(cx, store);
    *out = t.row;
    *n = t.n;
    return MT_OK;
}
