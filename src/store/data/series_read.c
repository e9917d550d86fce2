/* Questions about chosen series: rows are asked for by number, names are put beside them afterwards. */
#include "store/data/series_read.h"

#include "store/data/series_fold.h"
#include "store/data/series_name.h"
#include "store/spool.h"

#include <inttypes.h>
#include <stdlib.h>

/* So many series are named in the text itself, which the engines answer sooner than a join. */
enum { SPELT_MAX = 200, NAMES = MT_SERIES_TEXTS + 1, COLUMNS_MAX = 32 };

#define PLACED                                                                                               \
    "kind NULLS LAST, area NULLS LAST, detail NULLS LAST, source NULLS LAST, unit NULLS LAST, "              \
    "step_us NULLS LAST"

static const mt_field name_col[NAMES + 1] = {
    {.name = "kind", .type = MT_TEXT},   {.name = "area", .type = MT_TEXT},
    {.name = "detail", .type = MT_TEXT}, {.name = "unit", .type = MT_TEXT},
    {.name = "source", .type = MT_TEXT}, {.name = "step_us", .type = MT_INT},
};

/* --- names beside rows --- */

struct naming_sink {
    mt_sink sink;
    mt_sink *out;
    const mt_table *series; /* id, kind, area, detail, unit, source, step_us by place */
    mt_field col[COLUMNS_MAX];
    size_t n_rest;
    size_t room;
    mt_text *text[MT_SERIES_TEXTS];
    int64_t *step;
};

static mt_code name_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct naming_sink *s = (struct naming_sink *)sink;
    s->n_rest = schema->n_col - 1;
    if (s->n_rest + NAMES >= COLUMNS_MAX) return mt_fail(cx, MT_E_BUG, "too many columns beside a name");
    for (size_t k = 0; k < NAMES; k++) s->col[k] = name_col[k];
    for (size_t k = 0; k < s->n_rest; k++) s->col[NAMES + k] = schema->col[1 + k];
    const mt_schema named = {.name = "series", .col = s->col, .n_col = NAMES + s->n_rest};
    return mt_sink_schema(s->out, cx, &named);
}

static mt_code make_room(mt_ctx *cx, struct naming_sink *s, size_t n)
{
    if (n <= s->room) return MT_OK;
    mt_text *text = realloc(s->text[0], MT_SERIES_TEXTS * n * sizeof *text);
    if (text) s->text[0] = text;
    int64_t *step = text ? realloc(s->step, n * sizeof *step) : NULL;
    if (!step) return mt_fail(cx, MT_E_MEMORY, "memory ran out for the names of %zu rows", n);
    s->step = step;
    for (size_t k = 1; k < MT_SERIES_TEXTS; k++) s->text[k] = text + k * n;
    s->room = n;
    return MT_OK;
}

static void put_names(struct naming_sink *s, const int64_t *place, size_t n)
{
    for (size_t k = 0; k < MT_SERIES_TEXTS; k++) {
        const mt_text *name = s->series->col[1 + k].data;
        for (size_t i = 0; i < n; i++) s->text[k][i] = name[place[i] - 1];
    }
    const int64_t *step = s->series->col[1 + MT_SERIES_TEXTS].data;
    for (size_t i = 0; i < n; i++) s->step[i] = step[place[i] - 1];
}

static mt_code name_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct naming_sink *s = (struct naming_sink *)sink;
    mt_column col[COLUMNS_MAX];
    MT_TRY(make_room(cx, s, chunk->n));
    put_names(s, chunk->col[0].data, chunk->n);
    for (size_t k = 0; k < MT_SERIES_TEXTS; k++) col[k] = (mt_column){s->text[k], NULL};
    col[MT_SERIES_TEXTS] = (mt_column){s->step, NULL};
    for (size_t k = 0; k < s->n_rest; k++) col[NAMES + k] = chunk->col[1 + k];
    const mt_chunk named = {chunk->n, col};
    return mt_sink_push(s->out, cx, &named);
}

static mt_code name_finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_sink_finish(((struct naming_sink *)sink)->out, cx);
}

static void name_close(mt_sink *sink)
{
    struct naming_sink *s = (struct naming_sink *)sink;
    free(s->text[0]);
    free(s->step);
}

static const mt_sink_ops naming_ops = {name_schema, name_rows, name_finish, name_close};

/* --- the parts of a question --- */

static mt_code add_bound(mt_ctx *cx, mt_series_question *q, const char **text, const char *what,
                         mt_param value)
{
    if (!value.value.present) return MT_OK;
    q->param[q->n++] = value;
    return mt_text_format(cx, text, "%s AND %s $%zu", *text, what, q->n);
}

static mt_code bind_names(mt_ctx *cx, mt_series_question *q, const char **where, const mt_series_filter *f)
{
    const mt_param step = f->step == INT64_MIN ? mt_param_null(MT_INT) : mt_param_int(f->step);
    *where = "";
    MT_TRY(add_bound(cx, q, where, "kind =", mt_param_text(f->kind)));
    MT_TRY(add_bound(cx, q, where, "area =", mt_param_text(f->area)));
    MT_TRY(add_bound(cx, q, where, "detail =", mt_param_text(f->detail)));
    MT_TRY(add_bound(cx, q, where, "source =", mt_param_text(f->source)));
    MT_TRY(add_bound(cx, q, where, "unit =", mt_param_text(f->unit)));
    return add_bound(cx, q, where, "step_us =", step);
}

static mt_code bind_times(mt_ctx *cx, mt_series_question *q, const mt_series_filter *f)
{
    q->between = q->known = "";
    MT_TRY(add_bound(cx, q, &q->between, "o.start >=", mt_param_time(f->from)));
    MT_TRY(add_bound(cx, q, &q->between, "o.start <", mt_param_time(f->to)));
    MT_TRY(add_bound(cx, q, &q->known, "o.known_at <=", mt_param_time(f->as_of)));
    q->as_of = *q->known ? q->n : 0;
    return MT_OK;
}

static mt_code spell(mt_ctx *cx, mt_series_question *q, const mt_table *series, bool all)
{
    const int64_t *id = series->col[0].data;
    const char *pairs = "", *ids = "";
    for (size_t k = 0; k < series->n; k++) {
        const char *comma = k ? ", " : "";
        MT_TRY(mt_text_format(cx, &pairs, "%s%s(CAST(%" PRId64 " AS BIGINT), CAST(%zu AS BIGINT))", pairs,
                              comma, id[k], k + 1));
        MT_TRY(mt_text_format(cx, &ids, "%s%s%" PRId64, ids, comma, id[k]));
    }
    MT_TRY(mt_text_format(cx, &q->chosen, "SELECT id, place FROM (VALUES %s) AS v(id, place)", pairs));
    q->member = "";
    return all ? MT_OK : mt_text_format(cx, &q->member, " AND o.series_id IN (%s)", ids);
}

/* A condition that every row meets still costs the engine a look at each. */
static bool asks_for_all(const mt_series_filter *f)
{
    return !f->kind && !f->area && !f->detail && !f->source && !f->unit && f->step == INT64_MIN;
}

static mt_code choose(mt_ctx *cx, mt_series_question *q, const mt_series_filter *filter,
                      const mt_table *series)
{
    const char *where;
    if (series->n && series->n <= SPELT_MAX) return spell(cx, q, series, asks_for_all(filter));
    MT_TRY(bind_names(cx, q, &where, filter));
    q->member = "";
    if (*where)
        MT_TRY(mt_text_format(cx, &q->member, " AND o.series_id IN (SELECT id FROM series WHERE TRUE%s)",
                              where));
    return mt_text_format(cx, &q->chosen,
                          "SELECT id, row_number() OVER (ORDER BY " PLACED ") AS place FROM series WHERE "
                          "TRUE%s",
                          where);
}

/* --- one state of the store: names, then rows --- */

struct asking {
    const mt_series_asking *how;
    const mt_series_filter *filter;
    mt_table *series;
    mt_spool *rows; /* one of the two */
    mt_series_fold *fold;
};

static mt_code ask_names(mt_ctx *cx, mt_conn *conn, struct asking *a)
{
    mt_series_question q = {.n = 0};
    mt_sink *sink;
    const char *where, *sql;
    MT_TRY(bind_names(cx, &q, &where, a->filter));
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT id, kind, area, detail, unit, source, step_us FROM series WHERE TRUE%s "
                          "ORDER BY " PLACED,
                          where));
    MT_TRY(mt_table_sink(cx, &sink, &a->series, 0));
    mt_code code = conn->backend->query(cx, conn, sql, q.param, q.n, false, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code ask_rows(mt_ctx *cx, mt_conn *conn, struct asking *a)
{
    mt_series_question q = {.n = 0};
    const char *sql;
    mt_sink *sink = a->rows ? mt_spool_sink(a->rows) : NULL;
    MT_TRY(ask_names(cx, conn, a));
    MT_TRY(bind_times(cx, &q, a->filter));
    MT_TRY(choose(cx, &q, a->filter, a->series));
    MT_TRY(a->how->text(cx, &sql, &q, a->how->arg));
    if (!sink) {
        MT_TRY(mt_series_fold_open(cx, &a->fold, a->series->col[0].data, a->series->n, a->how->fold_us));
        sink = mt_series_fold_sink(a->fold);
    }
    return conn->backend->query(cx, conn, sql, q.param, q.n, false, sink);
}

static mt_code ask_both(mt_ctx *cx, mt_store *store, struct asking *a)
{
    mt_tx tx = {.store = store};
    MT_TRY(mt_store_take(cx, store, &tx.conn));
    mt_code code = tx.conn->backend->begin_reading(cx, tx.conn, false);
    if (code == MT_OK) {
        code = ask_rows(cx, tx.conn, a);
        mt_tx_rollback(&tx);
    }
    mt_store_give(store, tx.conn);
    return code;
}

static mt_code send(mt_ctx *cx, struct asking *a, mt_sink *sink)
{
    struct naming_sink naming = {.sink = {&naming_ops}, .out = sink, .series = a->series};
    mt_code code =
        a->fold ? mt_series_fold_send(cx, a->fold, &naming.sink) : mt_spool_send(cx, a->rows, &naming.sink);
    mt_sink_close(&naming.sink);
    return code;
}

mt_code mt_series_ask(mt_ctx *cx, mt_store *store, const mt_series_filter *filter,
                      const mt_series_asking *asking, mt_sink *sink)
{
    struct asking a = {.how = asking, .filter = filter};
    if (!asking->fold_us) MT_TRY(mt_spool_open(cx, &a.rows, mt_store_temp_dir(store)));
    mt_code code = ask_both(cx, store, &a);
    bool otherwise = code == MT_E_TOO_LARGE && a.fold && asking->otherwise;
    if (code == MT_OK) code = send(cx, &a, sink);
    mt_series_fold_close(a.fold);
    mt_spool_close(a.rows);
    if (!otherwise) return code;
    mt_ctx_forgive(cx);
    return mt_series_ask(cx, store, filter, asking->otherwise, sink);
}
