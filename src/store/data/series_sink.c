/* Observations into the store: names become ids, rows are merged with all that was known before. */
#include "store/data/series_store.h"

#include "store/data/series_known.h"
#include "store/data/series_plan.h"
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

/* A column of the rows, or -1. */
struct given {
    int text[MT_SERIES_TEXTS], step, start, value, known_at, payload;
};

struct series_sink {
    mt_sink sink;
    mt_batch *batch, *own; /* own: committed at finish and closed here; else NULL */
    mt_sink *rows;         /* of observation, in the batch */
    mt_series_names *names;
    struct given given;
    mt_time now;
    uint64_t n; /* rows so far */
    size_t room;
    int64_t *id, *known_at;
    mt_text *no_text;
    uint64_t *none; /* bits: nothing is there */
};

/* Ids that a batch stores for the first time. */
struct note {
    mt_batch_note note;
    size_t n;
    int64_t id[];
};

static const char *const texts[MT_SERIES_TEXTS] = {"kind", "area", "detail", "unit", "source"};

static mt_code find_column(mt_ctx *cx, int *out, const mt_schema *schema, const char *name,
                           const mt_type *allowed)
{
    *out = -1;
    for (size_t k = 0; k < schema->n_col; k++)
        if (strcmp(schema->col[k].name, name) == 0) *out = (int)k;
    if (*out < 0) return MT_OK;
    mt_type type = schema->col[*out].type;
    for (; *allowed != MT_TYPE_COUNT; allowed++)
        if (*allowed == type) return MT_OK;
    return mt_fail(cx, MT_E_SHAPE, "column %s of observations comes as %s", name, mt_type_name(type));
}

static mt_code find_columns(mt_ctx *cx, struct given *g, const mt_schema *schema)
{
    static const mt_type as_text[] = {MT_TEXT, MT_CHOICE, MT_TYPE_COUNT};
    static const mt_type as_time[] = {MT_TIME, MT_TYPE_COUNT};
    static const mt_type as_span[] = {MT_INT, MT_SPAN, MT_TYPE_COUNT};
    static const mt_type as_value[] = {MT_REAL, MT_MICRO, MT_INT, MT_TYPE_COUNT};
    for (int k = 0; k < MT_SERIES_TEXTS; k++) MT_TRY(find_column(cx, &g->text[k], schema, texts[k], as_text));
    MT_TRY(find_column(cx, &g->step, schema, "step_us", as_span));
    MT_TRY(find_column(cx, &g->start, schema, "start", as_time));
    MT_TRY(find_column(cx, &g->value, schema, "value", as_value));
    MT_TRY(find_column(cx, &g->known_at, schema, "known_at", as_time));
    MT_TRY(find_column(cx, &g->payload, schema, "payload", as_text));
    if (g->text[0] >= 0 && g->start >= 0 && g->value >= 0) return MT_OK;
    return mt_fail(cx, MT_E_SHAPE, "observations come without the column %s",
                   g->text[0] < 0 ? "kind"
                   : g->start < 0 ? "start"
                                  : "value");
}

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct series_sink *s = (struct series_sink *)sink;
    mt_field col[MT_STORED_COLUMNS + 1];
    const mt_schema staged = {.name = "observation", .col = col, .n_col = MT_STORED_COLUMNS};
    MT_TRY(find_columns(cx, &s->given, schema));
    memcpy(col, mt_observation_stored, sizeof col);
    col[MT_STORED_VALUE].type = schema->col[s->given.value].type;
    s->now = mt_store_now(mt_batch_store(s->batch));
    return mt_sink_schema(s->rows, cx, &staged);
}

static mt_code make_room(mt_ctx *cx, struct series_sink *s, size_t n)
{
    if (n <= s->room) return MT_OK;
    free(s->id);
    free(s->known_at);
    free(s->none);
    free(s->no_text);
    s->room = 0;
    s->id = malloc(n * sizeof *s->id);
    s->known_at = malloc(n * sizeof *s->known_at);
    s->none = calloc((n + 63) / 64, sizeof *s->none);
    s->no_text = calloc(n, sizeof *s->no_text);
    if (!s->id || !s->known_at || !s->none || !s->no_text)
        return mt_fail(cx, MT_E_MEMORY, "memory ran out for %zu observations", n);
    s->room = n;
    return MT_OK;
}

static mt_text text_at(const mt_chunk *chunk, int column, size_t i)
{
    if (column < 0 || !mt_column_has(&chunk->col[column], i)) return (mt_text){"", 0};
    return ((const mt_text *)chunk->col[column].data)[i];
}

static mt_code fail_row(mt_ctx *cx, const struct series_sink *s, size_t i, const char *what)
{
    return mt_fail(cx, MT_E_INPUT, "observation %llu has no %s", (unsigned long long)(s->n + i + 1), what);
}

static mt_code find_ids(mt_ctx *cx, struct series_sink *s, const mt_chunk *chunk)
{
    const struct given *g = &s->given;
    for (size_t i = 0; i < chunk->n; i++) {
        mt_series_name name = {.step_us = 0};
        for (int k = 0; k < MT_SERIES_TEXTS; k++) name.text[k] = text_at(chunk, g->text[k], i);
        if (g->step >= 0 && mt_column_has(&chunk->col[g->step], i))
            name.step_us = ((const int64_t *)chunk->col[g->step].data)[i];
        if (!name.text[0].length) return fail_row(cx, s, i, "kind");
        if (!mt_column_has(&chunk->col[g->start], i)) return fail_row(cx, s, i, "start");
        MT_TRY(mt_series_names_id(cx, s->names, &s->id[i], &name));
    }
    return MT_OK;
}

/* The given moments, or the store's clock where there is none. */
static const int64_t *find_moments(struct series_sink *s, const mt_chunk *chunk)
{
    const mt_column *column = s->given.known_at < 0 ? NULL : &chunk->col[s->given.known_at];
    if (column && !column->valid) return column->data;
    for (size_t i = 0; i < chunk->n; i++)
        s->known_at[i] = column && mt_column_has(column, i) ? ((const int64_t *)column->data)[i] : s->now;
    return s->known_at;
}

static mt_code push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct series_sink *s = (struct series_sink *)sink;
    MT_TRY(make_room(cx, s, chunk->n));
    mt_series_names_turn(s->names);
    MT_TRY(find_ids(cx, s, chunk));
    mt_column col[MT_STORED_COLUMNS] = {
        [MT_STORED_SERIES_ID] = {s->id, NULL},
        [MT_STORED_START] = {chunk->col[s->given.start].data, NULL},
        [MT_STORED_VALUE] = chunk->col[s->given.value],
        [MT_STORED_KNOWN_AT] = {find_moments(s, chunk), NULL},
        [MT_STORED_PAYLOAD] = {s->no_text, s->none},
    };
    if (s->given.payload >= 0) col[MT_STORED_PAYLOAD] = chunk->col[s->given.payload];
    const mt_chunk staged = {chunk->n, col};
    MT_TRY(mt_sink_push(s->rows, cx, &staged));
    s->n += chunk->n;
    return MT_OK;
}

/* --- names that the store does not have yet, as far as this process knows --- */

static void learn(mt_batch_note *note, mt_store *store)
{
    struct note *n = (struct note *)note;
    mt_series_known_add(store, n->id, n->n);
}

static void release_note(mt_batch_note *note)
{
    free(note);
}

/* The fresh ones among the met, as columns of `series`. */
static mt_code push_fresh(mt_ctx *cx, mt_sink *sink, struct note *note, const mt_series_met *met,
                          const uint8_t *fresh)
{
    int64_t *step = malloc(note->n * sizeof *step);
    mt_text *text = malloc(MT_SERIES_TEXTS * note->n * sizeof *text);
    mt_code code = step && text ? MT_OK : mt_fail(cx, MT_E_MEMORY, "memory ran out for names of series");
    for (size_t k = 0, at = 0; code == MT_OK && at < note->n; k++) {
        if (!fresh[k]) continue;
        note->id[at] = met[k].id;
        step[at] = met[k].name.step_us;
        for (size_t j = 0; j < MT_SERIES_TEXTS; j++) text[j * note->n + at] = met[k].name.text[j];
        at++;
    }
    mt_column col[MT_SERIES_COLUMNS] = {{note->id, NULL}};
    for (size_t j = 0; j < MT_SERIES_TEXTS; j++) col[1 + j].data = text + j * note->n;
    col[MT_SERIES_TEXTS + 1].data = step;
    const mt_chunk chunk = {note->n, col};
    if (code == MT_OK) code = mt_sink_push(sink, cx, &chunk);
    free(step);
    free(text);
    return code;
}

static mt_code merge_fresh(mt_ctx *cx, struct series_sink *s, const mt_series_met *met, const uint8_t *fresh,
                           size_t n_fresh)
{
    const mt_schema schema = {.name = "series", .col = mt_series_stored, .n_col = MT_SERIES_COLUMNS};
    mt_sink *sink;
    struct note *note = malloc(sizeof *note + n_fresh * sizeof *note->id);
    if (!note) return mt_fail(cx, MT_E_MEMORY, "memory ran out for names of series");
    note->note = (mt_batch_note){.committed = learn, .release = release_note};
    note->n = n_fresh;
    mt_batch_add_note(s->batch, &note->note);
    MT_TRY(mt_batch_merge(cx, s->batch, &sink, NULL, &mt_series_plan));
    mt_code code = mt_sink_schema(sink, cx, &schema);
    if (code == MT_OK) code = push_fresh(cx, sink, note, met, fresh);
    if (code == MT_OK) code = mt_sink_finish(sink, cx);
    mt_sink_close(sink);
    return code;
}

static mt_code merge_names(mt_ctx *cx, struct series_sink *s)
{
    size_t n, n_fresh;
    const mt_series_met *met = mt_series_names_met(s->names, &n);
    uint8_t *fresh = malloc(n + 1);
    if (!fresh) return mt_fail(cx, MT_E_MEMORY, "memory ran out for names of series");
    mt_series_known_look(mt_batch_store(s->batch), fresh, &n_fresh, met, n);
    mt_code code = n_fresh ? merge_fresh(cx, s, met, fresh, n_fresh) : MT_OK;
    free(fresh);
    return code;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    struct series_sink *s = (struct series_sink *)sink;
    MT_TRY(merge_names(cx, s));
    MT_TRY(mt_sink_finish(s->rows, cx));
    return s->own ? mt_batch_commit(cx, s->own, NULL, NULL) : MT_OK;
}

static void close_sink(mt_sink *sink)
{
    struct series_sink *s = (struct series_sink *)sink;
    mt_sink_close(s->rows);
    mt_batch_close(s->own);
    mt_series_names_close(s->names);
    free(s->id);
    free(s->known_at);
    free(s->none);
    free(s->no_text);
    free(s);
}

static const mt_sink_ops series_ops = {take_schema, push, finish, close_sink};

mt_code mt_series_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts)
{
    struct series_sink *s = calloc(1, sizeof *s);
    if (!s) return mt_fail(cx, MT_E_MEMORY, "memory ran out for observations");
    s->sink.ops = &series_ops;
    s->batch = batch;
    mt_code code = mt_series_names_open(cx, &s->names);
    if (code == MT_OK) code = mt_batch_merge(cx, batch, &s->rows, counts, &mt_observation_plan);
    if (code == MT_OK) {
        *out = &s->sink;
    } else {
        close_sink(&s->sink);
    }
    return code;
}

mt_code mt_series_sink(mt_ctx *cx, mt_sink **out, mt_merge_counts *counts, mt_store *store)
{
    mt_batch *batch;
    MT_TRY(mt_batch_open(cx, &batch, store));
    mt_code code = mt_series_merge(cx, batch, out, counts);
    if (code == MT_OK) {
        ((struct series_sink *)*out)->own = batch;
    } else {
        mt_batch_close(batch);
    }
    return code;
}
