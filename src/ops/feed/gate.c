/* Between a feed and the store: what is plausible goes in, what is suspicious is set aside. */
#include "ops/feed/gate.h"

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "crypto/hash.h"
#include "market/series/guard.h"
#include "store/data/suspect_store.h"
#include "terms/area.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ID_DIGITS = 16, COLUMNS = MT_OBSERVATION_COLUMNS };

/* Places of mt_observation_col. */
enum column { KIND, AREA, DETAIL, UNIT, SOURCE, STEP, START, VALUE, KNOWN, PAYLOAD };

struct mt_gate {
    mt_sink sink; /* stands before `stored` */
    mt_store *store;
    mt_sink *stored, *aside;
    mt_gate_counts counts;
    mt_ctx memory; /* of the rows kept for the judge */
    mt_observation *row;
    size_t n, room;
    bool judging;
};

static mt_code fail_of(mt_ctx *cx, const mt_ctx *memory, mt_code code)
{
    return mt_fail(cx, code, "%s", memory->err);
}

static mt_code gate_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    mt_gate *gate = (mt_gate *)sink;
    bool known = schema->n_col == COLUMNS;
    for (size_t k = 0; known && k < COLUMNS; k++)
        known = strcmp(schema->col[k].name, mt_observation_col[k].name) == 0;
    if (!known)
        return mt_fail(cx, MT_E_SHAPE, "%s: rows are not in the columns of observations", schema->name);
    return gate->judging ? MT_OK : mt_sink_schema(gate->stored, cx, schema);
}

/* Names repeat from row to row: the same bytes get the same address. */
static mt_code keep_text(mt_ctx *cx, const char **out, mt_value value, const char *before)
{
    mt_text text = value.present ? value.as.text : mt_text_of("");
    if (before && mt_text_equal(text, before)) {
        *out = before;
        return MT_OK;
    }
    return mt_text_copy(cx, out, text);
}

static mt_value value_at(const mt_chunk *chunk, enum column k, size_t i)
{
    return mt_column_get(&chunk->col[k], mt_observation_col[k].type, i);
}

static mt_code keep_names(mt_ctx *cx, mt_observation *row, const mt_observation *before,
                          const mt_chunk *chunk, size_t i)
{
    MT_TRY(keep_text(cx, &row->kind, value_at(chunk, KIND, i), before ? before->kind : NULL));
    MT_TRY(keep_text(cx, &row->area, value_at(chunk, AREA, i), before ? before->area : NULL));
    MT_TRY(keep_text(cx, &row->detail, value_at(chunk, DETAIL, i), before ? before->detail : NULL));
    MT_TRY(keep_text(cx, &row->unit, value_at(chunk, UNIT, i), before ? before->unit : NULL));
    return keep_text(cx, &row->source, value_at(chunk, SOURCE, i), before ? before->source : NULL);
}

static mt_code keep_row(mt_gate *gate, const mt_chunk *chunk, size_t i)
{
    mt_observation *row = &gate->row[gate->n];
    mt_value step = value_at(chunk, STEP, i), start = value_at(chunk, START, i);
    mt_value value = value_at(chunk, VALUE, i), known = value_at(chunk, KNOWN, i);
    mt_value payload = value_at(chunk, PAYLOAD, i);
    *row = (mt_observation){.step = step.present ? step.as.integer : 0,
                            .start = start.present ? start.as.integer : MT_TIME_NONE,
                            .value = value.present ? value.as.real : NAN,
                            .known_at = known.present ? known.as.integer : mt_store_now(gate->store)};
    MT_TRY(keep_names(&gate->memory, row, gate->n ? row - 1 : NULL, chunk, i));
    if (payload.present) MT_TRY(mt_text_copy(&gate->memory, &row->payload, payload.as.text));
    gate->n++;
    return MT_OK;
}

static mt_code send_rows(mt_ctx *cx, mt_emit *emit, const mt_observation *row, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (k % 4096 == 0) MT_TRY(mt_ctx_check(cx));
        MT_TRY(mt_emit_put(emit, &row[k]));
    }
    return MT_OK;
}

/* Too many to be judged: what was kept goes in, and everything behind it. */
static mt_code give_up(mt_ctx *cx, mt_gate *gate)
{
    mt_emit *emit;
    gate->judging = false;
    mt_log(cx, MT_LOG_WARN, "more than %d rows at once are not judged: all of them are stored", MT_GATE_ROWS);
    MT_TRY(mt_emit_begin(cx, &emit, gate->stored, "observations", mt_observation_col, NULL, NULL));
    MT_TRY(send_rows(cx, emit, gate->row, gate->n));
    gate->n = 0;
    return mt_emit_flush(emit);
}

static mt_code make_room(mt_ctx *cx, mt_gate *gate, size_t n)
{
    size_t room = gate->room ? gate->room : 4096;
    while (room < gate->n + n) room *= 2;
    if (room == gate->room) return MT_OK;
    mt_observation *row = realloc(gate->row, room * sizeof *row);
    if (!row) return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu rows to be judged", room);
    gate->row = row;
    gate->room = room;
    return MT_OK;
}

static void note_newest(mt_gate *gate, const mt_chunk *chunk)
{
    for (size_t i = 0; i < chunk->n; i++) {
        mt_value start = value_at(chunk, START, i), step = value_at(chunk, STEP, i);
        mt_time end = start.present ? start.as.integer + (step.present ? step.as.integer : 0) : MT_TIME_NONE;
        if (end > gate->counts.newest) gate->counts.newest = end;
    }
}

static mt_code gate_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_gate *gate = (mt_gate *)sink;
    if (gate->judging && gate->n + chunk->n > MT_GATE_ROWS) MT_TRY(give_up(cx, gate));
    note_newest(gate, chunk);
    if (!gate->judging) return mt_sink_push(gate->stored, cx, chunk);
    MT_TRY(make_room(cx, gate, chunk->n));
    for (size_t i = 0; i < chunk->n; i++) {
        mt_code code = keep_row(gate, chunk, i);
        if (code != MT_OK) return fail_of(cx, &gate->memory, code);
    }
    return mt_ctx_check(cx);
}

static int compare_texts(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b);
}

/* By area, then by series, then by time. */
static int compare_rows(const mt_observation *a, const mt_observation *b)
{
    int order = compare_texts(a->area, b->area);
    if (!order) order = compare_texts(a->kind, b->kind);
    if (!order) order = compare_texts(a->detail, b->detail);
    if (!order) order = compare_texts(a->source, b->source);
    if (!order) order = compare_texts(a->unit, b->unit);
    if (!order) order = (a->step > b->step) - (a->step < b->step);
    if (!order) order = (a->start > b->start) - (a->start < b->start);
    return order ? order : (a->known_at > b->known_at) - (a->known_at < b->known_at);
}

/* Rows that nothing tells apart stay in the order in which they came. */
static int compare_places(const void *left, const void *right, void *rows)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const mt_observation *row = rows;
    int order = compare_rows(&row[a], &row[b]);
    return order ? order : (a > b) - (a < b);
}

static mt_code sort_rows(mt_ctx *cx, mt_gate *gate)
{
    size_t *place;
    mt_observation *sorted;
    if (!gate->n) return MT_OK;
    MT_TRY(MT_NEW(cx, &place, gate->n));
    for (size_t k = 0; k < gate->n; k++) place[k] = k;
    qsort_r(place, gate->n, sizeof *place, compare_places, gate->row);
    sorted = malloc(gate->n * sizeof *sorted);
    if (!sorted) return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu rows to be judged", gate->n);
    for (size_t k = 0; k < gate->n; k++) sorted[k] = gate->row[place[k]];
    free(gate->row);
    gate->row = sorted;
    gate->room = gate->n;
    return MT_OK;
}

static bool same_day(const mt_observation *a, const mt_observation *b)
{
    return compare_texts(a->area, b->area) == 0 && compare_texts(a->kind, b->kind) == 0 &&
           compare_texts(a->detail, b->detail) == 0 && compare_texts(a->source, b->source) == 0 &&
           compare_texts(a->unit, b->unit) == 0 && a->step == b->step &&
           mt_time_floor(a->start, MT_US_DAY) == mt_time_floor(b->start, MT_US_DAY);
}

static mt_code read_beside(mt_ctx *cx, const mt_gate *gate, mt_table **out, const mt_observation *row,
                           size_t n)
{
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    mt_sink *sink;
    filter.area = row->area;
    filter.from = INT64_MAX;
    for (size_t k = 0; k < n; k++) {
        if (row[k].start < filter.from) filter.from = row[k].start;
        if (row[k].start >= filter.to) filter.to = row[k].start + 1;
    }
    filter.from -= MT_GUARD_DAYS * MT_US_DAY;
    MT_TRY(mt_table_sink(cx, &sink, out, 0));
    mt_code code = mt_series_read(cx, gate->store, &filter, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code as_observations(mt_ctx *cx, mt_observation **out, const mt_table *table)
{
    mt_observation *row;
    MT_TRY(MT_NEW(cx, &row, table->n + 1));
    for (size_t k = 0; k < table->n; k++) {
        mt_value value = mt_table_get(table, k, VALUE);
        row[k] = (mt_observation){.kind = mt_table_get(table, k, KIND).as.text.at,
                                  .area = mt_table_get(table, k, AREA).as.text.at,
                                  .detail = mt_table_get(table, k, DETAIL).as.text.at,
                                  .unit = mt_table_get(table, k, UNIT).as.text.at,
                                  .source = mt_table_get(table, k, SOURCE).as.text.at,
                                  .step = mt_table_get(table, k, STEP).as.integer,
                                  .start = mt_table_get(table, k, START).as.integer,
                                  .value = value.present ? value.as.real : NAN,
                                  .known_at = mt_table_get(table, k, KNOWN).as.integer};
    }
    *out = row;
    return MT_OK;
}

/* Reasons of the rows of one area. */
static mt_code judge_area(mt_ctx *cx, mt_gate *gate, const uint32_t **reason, const mt_observation *row,
                          size_t n)
{
    const mt_area *area = mt_area_find(row->area);
    mt_guard_options options = {.size = sizeof options,
                                .latitude = area ? area->latitude : NAN,
                                .longitude = area ? area->longitude : NAN};
    mt_batch_verdict verdict;
    mt_observation *beside;
    mt_table *table;
    MT_TRY(read_beside(cx, gate, &table, row, n));
    MT_TRY(as_observations(cx, &beside, table));
    MT_TRY(mt_batch_judge(cx, &verdict, row, n, beside, table->n, &options));
    gate->counts.judged += n;
    gate->counts.suspicious += verdict.suspicious;
    *reason = verdict.reason;
    return MT_OK;
}

/* A name made of the day's content: the same rows again are the same batch. */
static mt_code name_batch(mt_ctx *cx, const char **out, const mt_observation *row, size_t n)
{
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX], day[16];
    mt_hash hash;
    mt_hash_init(&hash);
    for (size_t k = 0; k < n; k++) {
        mt_hash_update(&hash, &row[k].start, sizeof row[k].start);
        mt_hash_update(&hash, &row[k].value, sizeof row[k].value);
    }
    mt_hash_update(&hash, row->source, strlen(row->source));
    mt_hash_update(&hash, row->unit, strlen(row->unit));
    mt_hash_final(&hash, digest);
    mt_hash_hex(digest, hex);
    mt_day_text((mt_day)(mt_time_floor(row->start, MT_US_DAY) / MT_US_DAY), day);
    return mt_text_format(cx, out, "%s-%s%s%s-%s-%.*s", row->area, row->kind, *row->detail ? "-" : "",
                          row->detail, day, BATCH_ID_DIGITS, hex);
}

static mt_code set_aside(mt_ctx *cx, mt_gate *gate, mt_emit *aside, const mt_observation *row, size_t n,
                         const uint32_t *reason)
{
    mt_suspect_row suspect = {.quarantined_at = mt_store_now(gate->store)};
    MT_TRY(name_batch(cx, &suspect.batch_id, row, n));
    for (size_t k = 0; k < n; k++) {
        suspect.o = row[k];
        MT_TRY(mt_suspect_words(cx, &suspect.reason, reason[k]));
        MT_TRY(mt_emit_put(aside, &suspect));
    }
    mt_log(cx, MT_LOG_WARN, "set aside as suspicious: %s (%zu values)", suspect.batch_id, n);
    return MT_OK;
}

static mt_code part_days(mt_ctx *cx, mt_gate *gate, mt_emit *stored, mt_emit *aside,
                         const mt_observation *row, size_t n)
{
    const uint32_t *reason = NULL;
    MT_TRY(judge_area(cx, gate, &reason, row, n));
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t found = 0;
        for (to = from; to < n && same_day(&row[from], &row[to]); to++) found |= reason[to];
        if (found)
            MT_TRY(set_aside(cx, gate, aside, &row[from], to - from, &reason[from]));
        else
            MT_TRY(send_rows(cx, stored, &row[from], to - from));
    }
    return MT_OK;
}

static mt_code judge_all(mt_ctx *cx, mt_gate *gate)
{
    mt_emit *stored, *aside;
    MT_TRY(mt_emit_begin(cx, &stored, gate->stored, "observations", mt_observation_col, NULL, NULL));
    MT_TRY(mt_emit_begin(cx, &aside, gate->aside, "suspects", mt_suspect_col, NULL, NULL));
    MT_TRY(sort_rows(cx, gate));
    for (size_t from = 0, to; from < gate->n; from = to) {
        for (to = from; to < gate->n && strcmp(gate->row[from].area, gate->row[to].area) == 0;) to++;
        MT_TRY(part_days(cx, gate, stored, aside, &gate->row[from], to - from));
    }
    MT_TRY(mt_emit_end(stored));
    return mt_emit_end(aside);
}

static mt_code gate_finish(mt_sink *sink, mt_ctx *cx)
{
    mt_gate *gate = (mt_gate *)sink;
    if (gate->judging) return judge_all(cx, gate);
    return mt_sink_finish(gate->stored, cx);
}

static void gate_close(mt_sink *sink)
{
    (void)sink; /* mt_gate_close does it */
}

static const mt_sink_ops gate_ops = {gate_schema, gate_push, gate_finish, gate_close};

mt_code mt_gate_open(mt_ctx *cx, mt_gate **out, mt_store *store, mt_batch *batch, bool judge)
{
    mt_gate *gate = calloc(1, sizeof *gate);
    if (!gate) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows to be judged");
    gate->sink.ops = &gate_ops;
    gate->store = store;
    gate->judging = judge;
    gate->counts.newest = MT_TIME_NONE;
    mt_ctx_init(&gate->memory, NULL);
    mt_code code = mt_series_merge(cx, batch, &gate->stored, &gate->counts.stored);
    if (code == MT_OK && judge) code = mt_suspect_merge(cx, batch, &gate->aside, &gate->counts.set_aside);
    if (code == MT_OK)
        *out = gate;
    else
        mt_gate_close(gate);
    return code;
}

mt_sink *mt_gate_sink(mt_gate *gate)
{
    return &gate->sink;
}

void mt_gate_end(mt_gate *gate)
{
    if (!gate) return;
    mt_sink_close(gate->stored);
    mt_sink_close(gate->aside);
    gate->stored = gate->aside = NULL;
}

mt_gate_counts mt_gate_told(const mt_gate *gate)
{
    return gate->counts;
}

void mt_gate_close(mt_gate *gate)
{
    if (!gate) return;
    mt_gate_end(gate);
    mt_ctx_close(&gate->memory);
    free(gate->row);
    free(gate);
}
