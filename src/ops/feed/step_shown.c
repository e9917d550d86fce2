/* The length of a period as people read it: "1h", not 3600000000. */
#include "ops/feed/step_shown.h"

#include "terms/observation.h"

#include <string.h>

const mt_field mt_observation_shown[] = {
    {.name = "kind", MT_TEXT_AT(mt_observation, kind), .doc = "what it measures, e.g. spot_price"},
    {.name = "area", MT_TEXT_AT(mt_observation, area), .doc = "bidding zone, station, device or currency"},
    {.name = "detail", MT_TEXT_AT(mt_observation, detail), .doc = "type within the kind, e.g. SolarPower"},
    {.name = "unit", MT_TEXT_AT(mt_observation, unit), .doc = "of the value"},
    {.name = "source", MT_TEXT_AT(mt_observation, source), .doc = "who said so"},
    {.name = "step", MT_SPAN_AT(mt_observation, step), .doc = "length of the period; 0s: an instant"},
    {.name = "start", MT_TIME_AT(mt_observation, start), .doc = "start of the period, UTC"},
    {.name = "value",
     MT_REAL_AT(mt_observation, value),
     .unit = MT_UNIT_OF_ROW,
     .doc = "empty: there is none"},
    {.name = "known_at", MT_TIME_AT(mt_observation, known_at), .doc = "published, or else received, UTC"},
    {.name = "payload", MT_TEXT_AT(mt_observation, payload), .doc = "what the feed said besides, JSON"},
    {.name = NULL}};

struct shown {
    mt_sink sink;
    mt_sink *inner;
    uint64_t rows;
};

/* Both types are counts of microseconds, so rows pass as they are. */
static mt_code show_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    mt_schema own = *schema;
    mt_field *col;
    MT_TRY(MT_NEW(cx, &col, schema->n_col + 1));
    memcpy(col, schema->col, schema->n_col * sizeof *col);
    for (size_t k = 0; k < schema->n_col; k++) {
        if (col[k].type != MT_INT || strcmp(col[k].name, "step_us") != 0) continue;
        col[k].name = "step";
        col[k].type = MT_SPAN;
    }
    own.col = col;
    return mt_sink_schema(((struct shown *)sink)->inner, cx, &own);
}

static mt_code show_rows(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct shown *shown = (struct shown *)sink;
    shown->rows += chunk->n;
    return mt_sink_push(shown->inner, cx, chunk);
}

static mt_code show_finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_sink_finish(((struct shown *)sink)->inner, cx);
}

static void show_close(mt_sink *sink)
{
    mt_sink_close(((struct shown *)sink)->inner);
}

static const mt_sink_ops shown_ops = {show_schema, show_rows, show_finish, show_close};

mt_code mt_step_shown(mt_ctx *cx, mt_sink **out, mt_sink *inner)
{
    struct shown *shown;
    MT_TRY(MT_NEW(cx, &shown, 1));
    *shown = (struct shown){{&shown_ops}, inner, 0};
    *out = &shown->sink;
    return MT_OK;
}

uint64_t mt_step_shown_rows(const mt_sink *sink)
{
    return ((const struct shown *)sink)->rows;
}
