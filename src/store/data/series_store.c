/* Time series of the store read back: what stands, what stood at a moment, every version, coarser steps. */
#include "store/data/series_store.h"

#include "store/data/series_name.h"
#include "store/inside.h"

#include <inttypes.h>

enum { PARAMS_MAX = 16 };

#define NAME "s.kind, s.area, s.detail, s.unit, s.source, s.step_us"
#define ROW  "o.series_id, o.start, o.value, o.known_at, o.payload"
#define PLACED                                                                                               \
    "kind NULLS LAST, area NULLS LAST, detail NULLS LAST, source NULLS LAST, unit NULLS LAST, "              \
    "step_us NULLS LAST"
#define EACH_PLACE "ORDER BY s.place NULLS LAST, o.start NULLS LAST"

/* The parts of every question below. */
struct question {
    mt_param param[PARAMS_MAX];
    size_t n;
    const char *chosen;  /* the series asked for, with their place in the order of names */
    const char *between; /* " AND o.start >= $1 …" */
    const char *known;   /* " AND o.known_at <= $3"; "" without as_of */
    const char *member;  /* " AND o.series_id IN (…)"; "" when all series are asked for */
};

/* `format` has one %zu for the parameter's number. */
static mt_code add_bound(mt_ctx *cx, struct question *q, const char **text, const char *what, mt_param value)
{
    if (!value.value.present) return MT_OK;
    q->param[q->n++] = value;
    return mt_text_format(cx, text, "%s AND %s $%zu", *text, what, q->n);
}

static mt_code ask_for(mt_ctx *cx, struct question *q, const mt_series_filter *f)
{
    const char *where = "";
    const mt_param step = f->step == INT64_MIN ? mt_param_null(MT_INT) : mt_param_int(f->step);
    *q = (struct question){.between = "", .known = "", .member = ""};
    MT_TRY(add_bound(cx, q, &where, "kind =", mt_param_text(f->kind)));
    MT_TRY(add_bound(cx, q, &where, "area =", mt_param_text(f->area)));
    MT_TRY(add_bound(cx, q, &where, "detail =", mt_param_text(f->detail)));
    MT_TRY(add_bound(cx, q, &where, "source =", mt_param_text(f->source)));
    MT_TRY(add_bound(cx, q, &where, "unit =", mt_param_text(f->unit)));
    MT_TRY(add_bound(cx, q, &where, "step_us =", step));
    MT_TRY(add_bound(cx, q, &q->between, "o.start >=", mt_param_time(f->from)));
    MT_TRY(add_bound(cx, q, &q->between, "o.start <", mt_param_time(f->to)));
    MT_TRY(add_bound(cx, q, &q->known, "o.known_at <=", mt_param_time(f->as_of)));
    if (*where)
        MT_TRY(mt_text_format(cx, &q->member, " AND o.series_id IN (SELECT id FROM series WHERE TRUE%s)",
                              where));
    return mt_text_format(cx, &q->chosen,
                          "SELECT id, kind, area, detail, unit, source, step_us, "
                          "row_number() OVER (ORDER BY " PLACED ") AS place FROM series WHERE TRUE%s",
                          where);
}

/* What stands; or what stood at the moment: a standing value that was known then, else the last known of the
 * history. */
static mt_code standing_rows(mt_ctx *cx, const char **out, const struct question *q)
{
    if (!*q->known)
        return mt_text_format(cx, out, "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s", q->between,
                              q->member);
    return mt_text_format(cx, out,
                          "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s%s UNION ALL "
                          "SELECT " ROW " FROM (SELECT o.*, row_number() OVER (PARTITION BY o.series_id, "
                          "o.start ORDER BY o.known_at DESC NULLS LAST) AS age FROM observation_history AS o "
                          "WHERE TRUE%s%s%s) AS o WHERE o.age = 1 AND NOT EXISTS (SELECT 1 FROM observation "
                          "AS t WHERE t.series_id = o.series_id AND t.start = o.start AND "
                          "t.known_at <= $%zu)",
                          q->between, q->known, q->member, q->between, q->known, q->member, q->n);
}

static mt_code all_rows(mt_ctx *cx, const char **out, const struct question *q)
{
    return mt_text_format(cx, out,
                          "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s%s UNION ALL "
                          "SELECT " ROW " FROM observation_history AS o WHERE TRUE%s%s%s",
                          q->between, q->known, q->member, q->between, q->known, q->member);
}

mt_code mt_series_read(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    struct question q;
    const char *rows, *sql;
    MT_TRY(ask_for(cx, &q, filter));
    MT_TRY(standing_rows(cx, &rows, &q));
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT " NAME ", o.start, o.value, o.known_at, o.payload FROM (%s) AS s "
                          "JOIN (%s) AS o ON o.series_id = s.id " EACH_PLACE,
                          q.chosen, rows));
    return mt_store_query(cx, store, sql, q.param, q.n, sink);
}

mt_code mt_series_versions(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    struct question q;
    const char *rows, *sql;
    MT_TRY(ask_for(cx, &q, filter));
    MT_TRY(all_rows(cx, &rows, &q));
    MT_TRY(mt_text_format(cx, &sql,
                          "SELECT " NAME ", o.start, o.value, o.known_at, o.payload FROM (%s) AS s "
                          "JOIN (%s) AS o ON o.series_id = s.id " EACH_PLACE ", o.known_at NULLS LAST",
                          q.chosen, rows));
    return mt_store_query(cx, store, sql, q.param, q.n, sink);
}

mt_code mt_series_list(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    struct question q;
    const char *rows, *versions, *sql;
    MT_TRY(ask_for(cx, &q, filter));
    MT_TRY(standing_rows(cx, &rows, &q));
    MT_TRY(all_rows(cx, &versions, &q));
    MT_TRY(mt_text_format(
        cx, &sql,
        "SELECT " NAME ", o.n, o.first, o.last, o.last_known_at, v.n - o.n AS revisions FROM (%s) AS s "
        "JOIN (SELECT series_id, count(*) AS n, min(start) AS first, max(start) AS last, max(known_at) AS "
        "last_known_at FROM (%s) AS o GROUP BY series_id) AS o ON o.series_id = s.id "
        "JOIN (SELECT series_id, count(*) AS n FROM (%s) AS o GROUP BY series_id) AS v ON v.series_id = s.id "
        "ORDER BY s.place NULLS LAST",
        q.chosen, rows, versions));
    return mt_store_query(cx, store, sql, q.param, q.n, sink);
}

mt_code mt_series_buckets(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_time bucket,
                          mt_sink *sink)
{
    struct question q;
    const char *rows, *key, *start, *sql;
    if (bucket <= 0)
        return mt_fail(cx, MT_E_INPUT, "a step of %" PRId64 " us is none that values can be brought to",
                       bucket);
    MT_TRY(ask_for(cx, &q, filter));
    MT_TRY(standing_rows(cx, &rows, &q));
    MT_TRY(store->backend->bucket(cx, &key, &start, bucket));
    MT_TRY(mt_text_format(
        cx, &sql,
        "SELECT " NAME ", o.start, o.n, o.mean, o.sum, o.min, o.max FROM (%s) AS s "
        "JOIN (SELECT series_id, %s AS start, n, mean, sum, min, max FROM "
        "(SELECT series_id, %s AS bucket, count(value) AS n, avg(value) AS mean, sum(value) AS sum, "
        "min(value) AS min, max(value) AS max FROM (SELECT series_id, start AS moment, value FROM (%s) AS o) "
        "AS o GROUP BY 1, 2) AS o) AS o ON o.series_id = s.id " EACH_PLACE,
        q.chosen, start, key, rows));
    return mt_store_query(cx, store, sql, q.param, q.n, sink);
}

static mt_text text_or_empty(const char *text)
{
    return mt_text_of(text ? text : "");
}

int64_t mt_series_id(const mt_observation *name)
{
    const mt_series_name key = {
        .text = {text_or_empty(name->kind), text_or_empty(name->area), text_or_empty(name->detail),
                 text_or_empty(name->unit), text_or_empty(name->source)},
        .step_us = name->step,
    };
    return mt_series_name_id(&key);
}
