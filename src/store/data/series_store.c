/* Time series of the store read back: what stands, what stood at a moment, every version, coarser steps. */
#include "store/data/series_store.h"

#include "store/data/series_name.h"
#include "store/data/series_read.h"

#include <inttypes.h>

#define ROW      "o.series_id, o.start, o.value, o.known_at, o.payload"
#define IN_PLACE "ORDER BY s.place NULLS LAST, o.start NULLS LAST"

/* What stands; or what stood at the moment: a standing value that was known then, else the last known of the
 * history. */
static mt_code standing_rows(mt_ctx *cx, const char **out, const mt_series_question *q)
{
    if (!q->as_of)
        return mt_text_format(cx, out, "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s", q->between,
                              q->member);
    return mt_text_format(cx, out,
                          "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s%s UNION ALL "
                          "SELECT " ROW " FROM (SELECT o.*, row_number() OVER (PARTITION BY o.series_id, "
                          "o.start ORDER BY o.known_at DESC NULLS LAST) AS age FROM observation_history AS o "
                          "WHERE TRUE%s%s%s) AS o WHERE o.age = 1 AND NOT EXISTS (SELECT 1 FROM observation "
                          "AS t WHERE t.series_id = o.series_id AND t.start = o.start AND "
                          "t.known_at <= $%zu)",
                          q->between, q->known, q->member, q->between, q->known, q->member, q->as_of);
}

static mt_code all_rows(mt_ctx *cx, const char **out, const mt_series_question *q)
{
    return mt_text_format(cx, out,
                          "SELECT " ROW " FROM observation AS o WHERE TRUE%s%s%s UNION ALL "
                          "SELECT " ROW " FROM observation_history AS o WHERE TRUE%s%s%s",
                          q->between, q->known, q->member, q->between, q->known, q->member);
}

static mt_code read_text(mt_ctx *cx, const char **sql, const mt_series_question *q, const void *arg)
{
    const bool *versions = arg;
    const char *rows;
    MT_TRY((*versions ? all_rows : standing_rows)(cx, &rows, q));
    return mt_text_format(cx, sql,
                          "SELECT s.place, o.start, o.value, o.known_at, o.payload FROM (%s) AS s "
                          "JOIN (%s) AS o ON o.series_id = s.id " IN_PLACE "%s",
                          q->chosen, rows, *versions ? ", o.known_at NULLS LAST" : "");
}

mt_code mt_series_read(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    const bool versions = false;
    return mt_series_ask(cx, store, filter, &(mt_series_asking){read_text, &versions, 0, NULL}, sink);
}

mt_code mt_series_versions(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    const bool versions = true;
    return mt_series_ask(cx, store, filter, &(mt_series_asking){read_text, &versions, 0, NULL}, sink);
}

static mt_code list_text(mt_ctx *cx, const char **sql, const mt_series_question *q, const void *arg)
{
    const char *rows, *versions;
    (void)arg;
    MT_TRY(standing_rows(cx, &rows, q));
    MT_TRY(all_rows(cx, &versions, q));
    return mt_text_format(
        cx, sql,
        "SELECT s.place, o.n, o.first, o.last, o.last_known_at, v.n - o.n AS revisions FROM (%s) AS s "
        "JOIN (SELECT series_id, count(*) AS n, min(start) AS first, max(start) AS last, max(known_at) AS "
        "last_known_at FROM (%s) AS o GROUP BY series_id) AS o ON o.series_id = s.id "
        "JOIN (SELECT series_id, count(*) AS n FROM (%s) AS o GROUP BY series_id) AS v ON v.series_id = s.id "
        "ORDER BY s.place NULLS LAST",
        q->chosen, rows, versions);
}

mt_code mt_series_list(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_sink *sink)
{
    return mt_series_ask(cx, store, filter, &(mt_series_asking){list_text, NULL, 0, NULL}, sink);
}

struct bucket {
    const mt_backend *backend;
    mt_time length;
};

static mt_code bucket_text(mt_ctx *cx, const char **sql, const mt_series_question *q, const void *arg)
{
    const struct bucket *bucket = arg;
    const char *rows, *key, *start;
    MT_TRY(standing_rows(cx, &rows, q));
    MT_TRY(bucket->backend->bucket(cx, &key, &start, bucket->length));
    return mt_text_format(
        cx, sql,
        "SELECT s.place, o.start, o.n, o.sum / NULLIF(o.n, 0) AS mean, o.sum, o.min, o.max FROM (%s) AS s "
        "JOIN (SELECT series_id, %s AS start, n, sum, min, max FROM (SELECT series_id, %s AS bucket, "
        "count(value) AS n, sum(value) AS sum, min(value) AS min, max(value) AS max FROM "
        "(SELECT series_id, start AS moment, value FROM (%s) AS o) AS o GROUP BY 1, 2) AS o) AS o "
        "ON o.series_id = s.id " IN_PLACE,
        q->chosen, start, key, rows);
}

static mt_code value_text(mt_ctx *cx, const char **sql, const mt_series_question *q, const void *arg)
{
    const char *rows;
    (void)arg;
    MT_TRY(standing_rows(cx, &rows, q));
    return mt_text_format(cx, sql, "SELECT o.series_id, o.start, o.value FROM (%s) AS o", rows);
}

/* An engine in this process gives rows faster than it groups them (series_fold.h); a server must not send
 * them all. */
mt_code mt_series_buckets(mt_ctx *cx, mt_store *store, const mt_series_filter *filter, mt_time bucket,
                          mt_sink *sink)
{
    const struct bucket b = {store->backend, bucket};
    const mt_series_asking grouped = {bucket_text, &b, 0, NULL},
                           folded = {value_text, NULL, bucket, &grouped};
    if (bucket > 0)
        return mt_series_ask(cx, store, filter, store->backend->one_writer ? &folded : &grouped, sink);
    return mt_fail(cx, MT_E_INPUT, "a step of %" PRId64 " us is none that values can be brought to", bucket);
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
