/* A sink that turns chunks of stored values into observations. */
#include "ops/series/series_in.h"

#include <math.h>
#include <string.h>

enum { TEXTS = 5, ROOM_FIRST = 4096 };

static const char *const text_name[TEXTS] = {"kind", "area", "detail", "unit", "source"};

struct gather {
    mt_sink sink;
    mt_ctx *cx;
    mt_schema schema; /* its fields are borrowed */
    int text[TEXTS], step, start, value, known_at;
    const char *last[TEXTS];
    mt_observation *at;
    size_t n, room;
};

static int find_column(const mt_schema *schema, const char *name)
{
    for (size_t k = 0; k < schema->n_col; k++)
        if (strcmp(schema->col[k].name, name) == 0) return (int)k;
    return -1;
}

static mt_code gather_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct gather *g = (struct gather *)sink;
    g->schema = *schema;
    g->step = find_column(schema, "step_us");
    g->start = find_column(schema, "start");
    g->value = find_column(schema, "value");
    g->known_at = find_column(schema, "known_at");
    bool all = g->step >= 0 && g->start >= 0 && g->value >= 0 && g->known_at >= 0;
    for (int k = 0; k < TEXTS; k++) {
        g->text[k] = find_column(schema, text_name[k]);
        all = all && g->text[k] >= 0;
    }
    return all ? MT_OK : mt_fail(cx, MT_E_BUG, "stored values came without a column that they have");
}

static mt_code grow(struct gather *g)
{
    mt_observation *larger;
    if (g->n >= MT_SERIES_IN_MAX)
        return mt_fail(g->cx, MT_E_TOO_LARGE,
                       "more than %d values; name an area, a kind, a source or a shorter range",
                       MT_SERIES_IN_MAX);
    g->room = g->room ? 2 * g->room : ROOM_FIRST;
    MT_TRY(MT_NEW(g->cx, &larger, g->room));
    if (g->n) memcpy(larger, g->at, g->n * sizeof *larger);
    g->at = larger;
    return MT_OK;
}

static mt_value cell(const struct gather *g, const mt_chunk *chunk, int column, size_t row)
{
    return mt_column_get(&chunk->col[column], g->schema.col[column].type, row);
}

static int64_t whole(const struct gather *g, const mt_chunk *chunk, int column, size_t row, int64_t missing)
{
    mt_value v = cell(g, chunk, column, row);
    return v.present ? v.as.integer : missing;
}

/* The text of a cell; the same address as in the row before where it is the same text. */
static mt_code name_of(struct gather *g, const mt_chunk *chunk, int k, size_t row)
{
    mt_value v = cell(g, chunk, g->text[k], row);
    mt_text text = v.present ? v.as.text : (mt_text){"", 0};
    if (g->last[k] && mt_text_equal(text, g->last[k])) return MT_OK;
    return mt_text_copy(g->cx, &g->last[k], text);
}

static mt_code gather_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct gather *g = (struct gather *)sink;
    (void)cx;
    for (size_t row = 0; row < chunk->n; row++) {
        if (g->n == g->room) MT_TRY(grow(g));
        for (int k = 0; k < TEXTS; k++) MT_TRY(name_of(g, chunk, k, row));
        mt_value value = cell(g, chunk, g->value, row);
        g->at[g->n++] = (mt_observation){.kind = g->last[0],
                                         .area = g->last[1],
                                         .detail = g->last[2],
                                         .unit = g->last[3],
                                         .source = g->last[4],
                                         .step = whole(g, chunk, g->step, row, 0),
                                         .start = whole(g, chunk, g->start, row, MT_TIME_NONE),
                                         .value = value.present ? value.as.real : NAN,
                                         .known_at = whole(g, chunk, g->known_at, row, MT_TIME_NONE)};
    }
    return MT_OK;
}

static mt_code gather_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink, (void)cx;
    return MT_OK;
}

static void gather_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops gather_ops = {gather_schema, gather_push, gather_finish, gather_close};

mt_code mt_series_in_read(mt_ctx *cx, const mt_world *world, mt_series_in *out,
                          const mt_series_filter *filter, bool versions)
{
    struct gather *g;
    mt_store *store;
    MT_TRY(mt_world_store(cx, world, &store));
    MT_TRY(MT_NEW(cx, &g, 1));
    g->sink.ops = &gather_ops;
    g->cx = cx;
    MT_TRY(versions ? mt_series_versions(cx, store, filter, &g->sink)
                    : mt_series_read(cx, store, filter, &g->sink));
    *out = (mt_series_in){g->at, g->n};
    return MT_OK;
}

mt_code mt_series_in_areas(mt_ctx *cx, const char *const **out, size_t *n, mt_series_in values)
{
    const char **area;
    size_t k = 0, changes = values.n > 0;
    for (size_t i = 1; i < values.n; i++) changes += values.at[i].area != values.at[i - 1].area;
    MT_TRY(MT_NEW(cx, &area, changes));
    for (size_t i = 0; i < values.n; i++) {
        bool known = i && values.at[i].area == values.at[i - 1].area;
        for (size_t j = 0; j < k && !known; j++) known = strcmp(area[j], values.at[i].area) == 0;
        if (!known) area[k++] = values.at[i].area;
    }
    *out = area;
    *n = k;
    return MT_OK;
}

mt_code mt_series_in_area(mt_ctx *cx, mt_series_in *out, mt_series_in values, const char *area)
{
    mt_observation *at;
    size_t n = 0;
    for (size_t i = 0; i < values.n; i++) n += strcmp(values.at[i].area, area) == 0;
    MT_TRY(MT_NEW(cx, &at, n));
    n = 0;
    for (size_t i = 0; i < values.n; i++)
        if (strcmp(values.at[i].area, area) == 0) at[n++] = values.at[i];
    *out = (mt_series_in){at, n};
    return MT_OK;
}
