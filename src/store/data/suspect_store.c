/* Observations that were set aside as suspicious, and their way into the store or out of it. */
#include "store/data/suspect_store.h"

#include "base/rows/table.h"

#include <stddef.h>

#define O_AT(type_, C, member)                                                                               \
    .type = type_, .offset = offsetof(struct mt_suspect_row, o) + MT_MEMBER_AT(mt_observation, member, C)

const mt_field mt_suspect_col[] = {{.name = "batch_id", MT_TEXT_AT(mt_suspect_row, batch_id)},
                                   {.name = "kind", O_AT(MT_TEXT, const char *, kind)},
                                   {.name = "area", O_AT(MT_TEXT, const char *, area)},
                                   {.name = "detail", O_AT(MT_TEXT, const char *, detail)},
                                   {.name = "unit", O_AT(MT_TEXT, const char *, unit)},
                                   {.name = "source", O_AT(MT_TEXT, const char *, source)},
                                   {.name = "step_us", O_AT(MT_INT, int64_t, step)},
                                   {.name = "start", O_AT(MT_TIME, int64_t, start)},
                                   {.name = "value", O_AT(MT_REAL, double, value)},
                                   {.name = "known_at", O_AT(MT_TIME, int64_t, known_at)},
                                   {.name = "payload", O_AT(MT_TEXT, const char *, payload)},
                                   {.name = "reason", MT_TEXT_AT(mt_suspect_row, reason)},
                                   {.name = "quarantined_at", MT_TIME_AT(mt_suspect_row, quarantined_at)},
                                   {.name = NULL}};

/* A batch is a day of one series: its name says the rest. */
static const char *const key[] = {"batch_id", "start", "known_at", NULL};
static const mt_merge_plan plan = {.table = "observation_quarantine", .key = key};

mt_code mt_suspect_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts)
{
    return mt_batch_merge(cx, batch, out, counts, &plan);
}

mt_code mt_suspect_list(mt_ctx *cx, mt_store *store, const char *area, int64_t limit, mt_sink *sink)
{
    const mt_param param[] = {mt_param_text(area), mt_param_int(limit)};
    return mt_store_query(
        cx, store,
        "SELECT batch_id, min(kind) AS kind, min(area) AS area, min(detail) AS detail, "
        "min(source) AS source, min(start) AS start, count(*) AS n, max(reason) AS reasons, "
        "max(quarantined_at) AS quarantined_at FROM observation_quarantine WHERE CAST($1 AS TEXT) IS NULL OR "
        "area = $1 GROUP BY batch_id ORDER BY max(quarantined_at) DESC NULLS LAST, batch_id NULLS LAST LIMIT "
        "$2",
        param, 2, sink);
}

mt_code mt_suspect_read(mt_ctx *cx, mt_store *store, const char *batch_id, mt_sink *sink)
{
    const mt_param param = mt_param_text(batch_id);
    return mt_store_query(cx, store,
                          "SELECT kind, area, detail, unit, source, step_us, start, value, known_at, payload "
                          "FROM observation_quarantine WHERE batch_id = $1 ORDER BY start NULLS LAST",
                          &param, 1, sink);
}

static mt_code fail_absent(mt_ctx *cx, const char *batch_id)
{
    return mt_fail(cx, MT_E_ABSENT, "no batch %s is set aside; merit data suspects lists them", batch_id);
}

mt_code mt_suspect_values(mt_ctx *cx, mt_store *store, const char *batch_id, mt_sink *sink)
{
    const mt_param param = mt_param_text(batch_id);
    mt_table *found;
    mt_sink *look;
    MT_TRY(mt_table_sink(cx, &look, &found, 1));
    mt_code code =
        mt_store_query(cx, store, "SELECT 1 AS one FROM observation_quarantine WHERE batch_id = $1 LIMIT 1",
                       &param, 1, look);
    mt_sink_close(look);
    MT_TRY(code);
    if (!found->n) return fail_absent(cx, batch_id);
    return mt_store_query(
        cx, store,
        "SELECT kind, area, detail, unit, source, step_us, start, value, known_at, reason, payload "
        "FROM observation_quarantine WHERE batch_id = $1 ORDER BY start NULLS LAST, known_at NULLS LAST",
        &param, 1, sink);
}

mt_code mt_suspect_remove(mt_ctx *cx, mt_tx *tx, const char *batch_id, uint64_t *rows)
{
    const mt_param param = mt_param_text(batch_id);
    MT_TRY(mt_tx_exec(cx, tx, rows, "DELETE FROM observation_quarantine WHERE batch_id = $1", &param, 1));
    if (*rows) return MT_OK;
    return fail_absent(cx, batch_id);
}
