/* Operations on what was set aside: data.suspects lists, data.release lets in, data.discard removes. */
#include "ops/feed/step_shown.h"
#include "ops/world.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "store/data/series_store.h"
#include "store/data/suspect_store.h"

struct suspect_args {
    const char *area, *batch;
    int64_t limit;
};

static const mt_field suspects_arg[] = {
    {.name = "area", MT_TEXT_AT(suspect_args, area), .doc = "only of this area"},
    {.name = "limit",
     MT_INT_AT(suspect_args, limit),
     .fallback = "100",
     .unit = MT_UNIT_COUNT,
     .doc = "most rows"},
    {.name = NULL}};

struct suspects_row {
    const char *batch_id, *kind, *area, *detail, *source;
    mt_time start;
    int64_t n;
    const char *reasons;
    mt_time quarantined_at;
};

static const mt_field suspects_col[] = {
    {.name = "batch_id",
     MT_TEXT_AT(suspects_row, batch_id),
     .doc = "name for data.suspect_values, release and discard"},
    {.name = "kind", MT_TEXT_AT(suspects_row, kind), .doc = "what it measures"},
    {.name = "area", MT_TEXT_AT(suspects_row, area), .doc = "where"},
    {.name = "detail", MT_TEXT_AT(suspects_row, detail), .doc = "type within the kind"},
    {.name = "source", MT_TEXT_AT(suspects_row, source), .doc = "who said so"},
    {.name = "start", MT_TIME_AT(suspects_row, start), .doc = "of its first value, UTC"},
    {.name = "n", MT_INT_AT(suspects_row, n), .unit = MT_UNIT_COUNT, .doc = "values"},
    {.name = "reasons", MT_TEXT_AT(suspects_row, reasons), .doc = "why, of one of them"},
    {.name = "quarantined_at", MT_TIME_AT(suspects_row, quarantined_at), .doc = "UTC"},
    {.name = NULL}};

static mt_code suspects_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct suspect_args *a = args;
    mt_store *store;
    if (a->limit < 1) return mt_fail(cx, MT_E_INPUT, "--limit must be at least 1");
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_suspect_list(cx, store, a->area, a->limit, out);
}

const mt_op mt_op_data_suspects = {
    .name = "data.suspects",
    .summary = "days of series that were set aside because a value looked wrong",
    .example = "--area DK1",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct suspect_args),
    .arg = suspects_arg,
    .col = suspects_col,
    .run = suspects_run,
};

struct value_row {
    const char *kind, *area, *detail, *unit, *source;
    int64_t step_us;
    mt_time start;
    double value;
    mt_time known_at;
    const char *reason, *payload;
};

static const mt_field value_col[] = {
    {.name = "kind", MT_TEXT_AT(value_row, kind), .doc = "what it measures"},
    {.name = "area", MT_TEXT_AT(value_row, area), .doc = "where"},
    {.name = "detail", MT_TEXT_AT(value_row, detail), .doc = "type within the kind"},
    {.name = "unit", MT_TEXT_AT(value_row, unit), .doc = "of the value"},
    {.name = "source", MT_TEXT_AT(value_row, source), .doc = "who said so"},
    {.name = "step", MT_SPAN_AT(value_row, step_us), .doc = "length of the period; 0s: an instant"},
    {.name = "start", MT_TIME_AT(value_row, start), .doc = "of the period, UTC"},
    {.name = "value", MT_REAL_AT(value_row, value), .unit = MT_UNIT_OF_ROW, .doc = "as it was sent"},
    {.name = "known_at", MT_TIME_AT(value_row, known_at), .doc = "UTC"},
    {.name = "reason",
     MT_TEXT_AT(value_row, reason),
     .doc = "why it looked wrong; empty: it stands aside only with its day"},
    {.name = "payload", MT_TEXT_AT(value_row, payload), .doc = "what else the record held, as JSON"},
    {.name = NULL}};

static mt_code suspect_values_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct suspect_args *a = args;
    mt_store *store;
    mt_sink *shown;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_step_shown(cx, &shown, out));
    return mt_suspect_values(cx, store, a->batch, shown);
}

static const mt_field batch_arg[] = {{.name = "batch",
                                      MT_TEXT_AT(suspect_args, batch),
                                      .required = true,
                                      .doc = "its name, see data.suspects"},
                                     {.name = NULL}};

const mt_op mt_op_data_suspect_values = {
    .name = "data.suspect_values",
    .summary = "the values of a day that was set aside, and which of them looked wrong",
    .example = "--batch DK1-spot_price-2025-06-08-0123456789abcdef",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct suspect_args),
    .words = "batch",
    .arg = batch_arg,
    .col = value_col,
    .run = suspect_values_run,
};

struct moved_row {
    const char *batch;
    int64_t rows, added, changed, unchanged;
};

static const mt_field moved_col[] = {
    {.name = "batch", MT_TEXT_AT(moved_row, batch), .doc = "its name"},
    {.name = "rows", MT_INT_AT(moved_row, rows), .unit = MT_UNIT_COUNT, .doc = "values in it"},
    {.name = "added", MT_INT_AT(moved_row, added), .unit = MT_UNIT_COUNT, .doc = "new in the store"},
    {.name = "changed", MT_INT_AT(moved_row, changed), .unit = MT_UNIT_COUNT, .doc = "revised there"},
    {.name = "unchanged", MT_INT_AT(moved_row, unchanged), .unit = MT_UNIT_COUNT, .doc = "stored already"},
    {.name = NULL}};

struct removing {
    const char *batch;
    uint64_t rows;
};

static mt_code remove_batch(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct removing *removing = arg;
    return mt_suspect_remove(cx, tx, removing->batch, &removing->rows);
}

/* Into the store and out of the quarantine in one transaction. */
static mt_code release(mt_ctx *cx, mt_store *store, struct removing *removing, mt_merge_counts *counts)
{
    mt_batch *batch = NULL;
    mt_sink *sink = NULL;
    mt_code code;
    MT_TRY_OUT(mt_batch_open(cx, &batch, store));
    MT_TRY_OUT(mt_series_merge(cx, batch, &sink, counts));
    MT_TRY_OUT(mt_suspect_read(cx, store, removing->batch, sink));
    mt_sink_close(sink);
    sink = NULL;
    MT_TRY_OUT(mt_batch_commit(cx, batch, remove_batch, removing));
out:
    mt_sink_close(sink);
    mt_batch_close(batch);
    return code;
}

static mt_code release_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct suspect_args *a = args;
    struct removing removing = {a->batch, 0};
    mt_merge_counts counts = {.given = 0};
    mt_store *store;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(release(cx, store, &removing, &counts));
    struct moved_row row = {a->batch, (int64_t)removing.rows, (int64_t)counts.added, (int64_t)counts.changed,
                            (int64_t)counts.unchanged};
    return mt_emit_one(cx, out, "data.release", moved_col, &row);
}

const mt_op mt_op_data_release = {
    .name = "data.release",
    .summary = "let a day that was set aside into the store: it was right",
    .example = "--batch DK1-spot_price-2025-06-08-0123456789abcdef",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct suspect_args),
    .words = "batch",
    .arg = batch_arg,
    .col = moved_col,
    .run = release_run,
};

struct discarded_row {
    const char *batch;
    int64_t removed;
};

static const mt_field discarded_col[] = {
    {.name = "batch", MT_TEXT_AT(discarded_row, batch), .doc = "its name"},
    {.name = "removed",
     MT_INT_AT(discarded_row, removed),
     .unit = MT_UNIT_COUNT,
     .doc = "values that are gone for good"},
    {.name = NULL}};

static mt_code discard_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct suspect_args *a = args;
    struct removing removing = {a->batch, 0};
    mt_store *store;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(mt_store_write(cx, store, remove_batch, &removing));
    struct discarded_row row = {a->batch, (int64_t)removing.rows};
    return mt_emit_one(cx, out, "data.discard", discarded_col, &row);
}

const mt_op mt_op_data_discard = {
    .name = "data.discard",
    .summary = "remove a day that was set aside: it was wrong",
    .example = "--batch DK1-spot_price-2025-06-08-0123456789abcdef",
    .effect = MT_WRITE,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct suspect_args),
    .words = "batch",
    .arg = batch_arg,
    .col = discarded_col,
    .run = discard_run,
};
