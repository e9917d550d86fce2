/* What must be true of every store, asked of this one. */
#include "store/keep/check.h"

#include "base/rows/table.h"
#include "store/snapshot.h"

struct promise {
    const char *table, *text, *sql; /* sql: one number, of rows that break it */
};

#define TWICE(table, key)                                                                                    \
    {                                                                                                        \
        table, "unique by " key,                                                                             \
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM " table " GROUP BY " key                        \
            " HAVING count(*) > 1) AS d"                                                                     \
    }

static const struct promise promises[] = {
    TWICE("observation", "series_id, start"),
    TWICE("observation_history", "series_id, start, known_at"),
    TWICE("dead_letter", "stream, topic, part, position, digest"),
    TWICE("market_order", "dataset_id, row_no"),
    TWICE("clearing", "dataset, policy, price_rule, period_us, start"),
    TWICE("live_order", "topic, period_us, start, id"),
    TWICE("live_clearing", "topic, period_us, start"),
    {"observation", "belongs to a series",
     "SELECT count(*) AS n FROM observation AS o WHERE NOT EXISTS (SELECT 1 FROM series AS s WHERE s.id = "
     "o.series_id)"},
    {"observation_history", "stood before a value that stands",
     "SELECT count(*) AS n FROM observation_history AS h WHERE NOT EXISTS (SELECT 1 FROM observation AS o "
     "WHERE o.series_id = h.series_id AND o.start = h.start)"},
    {"observation_history", "was known before what stands",
     "SELECT count(*) AS n FROM observation_history AS h JOIN observation AS o ON o.series_id = h.series_id "
     "AND o.start = h.start WHERE h.known_at >= o.known_at"},
    {"market_order", "belongs to a data set",
     "SELECT count(*) AS n FROM market_order AS o WHERE NOT EXISTS (SELECT 1 FROM dataset AS d WHERE d.id = "
     "o.dataset_id)"},
};

enum { PROMISES = sizeof promises / sizeof *promises };

static mt_code count_broken(mt_ctx *cx, mt_snapshot *snapshot, const char *sql, int64_t *out)
{
    mt_table *table;
    mt_sink *sink;
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = mt_snapshot_query(cx, snapshot, sql, NULL, 0, sink);
    mt_sink_close(sink);
    if (code == MT_OK) *out = mt_table_get(table, 0, 0).as.integer;
    return code;
}

mt_code mt_store_check(mt_ctx *cx, mt_promise **out, size_t *n, mt_store *store)
{
    mt_snapshot *snapshot;
    mt_promise *promise;
    MT_TRY(MT_NEW(cx, &promise, PROMISES));
    MT_TRY(mt_snapshot_open(cx, &snapshot, store));
    mt_code code = MT_OK;
    for (size_t k = 0; code == MT_OK && k < PROMISES; k++) {
        promise[k] = (mt_promise){promises[k].table, promises[k].text, 0};
        mt_ctx_progress(cx, "check", k, PROMISES, "promises");
        code = count_broken(cx, snapshot, promises[k].sql, &promise[k].broken);
    }
    mt_snapshot_close(snapshot);
    if (code != MT_OK) return code;
    *out = promise;
    *n = PROMISES;
    return MT_OK;
}
