/* Operations that tell about streams: stream.mappings, stream.offsets, stream.dead_letters. */
#include "base/rows/emit.h"
#include "formats/series/mapping.h"
#include "ops/world.h"
#include "store/data/offset_store.h"

#include <string.h>

struct mapping_row {
    const char *name, *source, *kinds;
    mt_time step;
    const char *doc;
};

static const mt_field mapping_col[] = {
    {.name = "name", MT_TEXT_AT(mapping_row, name), .doc = "of the dataset or topic"},
    {.name = "source", MT_TEXT_AT(mapping_row, source), .doc = "whom its values come from"},
    {.name = "kinds", MT_TEXT_AT(mapping_row, kinds), .doc = "what they measure"},
    {.name = "step", MT_SPAN_AT(mapping_row, step), .doc = "of the values; empty: instants, or told by each"},
    {.name = "doc", MT_TEXT_AT(mapping_row, doc), .doc = "what it is"},
    {.name = NULL}};

/* Each kind once, in the order of the values. */
static mt_code list_kinds(mt_ctx *cx, const char **out, const mt_mapping *mapping)
{
    *out = "";
    for (size_t k = 0; k < mapping->n_value; k++) {
        const char *kind = mapping->value[k].kind;
        bool known = kind == NULL;
        for (size_t i = 0; i < k && !known; i++)
            known = mapping->value[i].kind && strcmp(mapping->value[i].kind, kind) == 0;
        if (!known) MT_TRY(mt_text_format(cx, out, "%s%s%s", *out, **out ? " " : "", kind));
    }
    return MT_OK;
}

static mt_code mappings_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    size_t n;
    mt_emit *emit;
    const mt_mapping *mapping = mt_mappings(&n);
    (void)world;
    (void)args;
    MT_TRY(mt_emit_begin(cx, &emit, out, "stream.mappings", mapping_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        const mt_mapping *m = &mapping[k];
        struct mapping_row row = {m->name, m->source, NULL, m->step ? m->step : INT64_MIN, m->doc};
        MT_TRY(list_kinds(cx, &row.kinds, m));
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_stream_mappings = {
    .name = "stream.mappings",
    .summary = "the messages and records whose meaning is known",
    .doc =
        "`merit stream schema NAME` prints the JSON Schema of one. Any other message is described by a file, "
        "see the guide on streams.",
    .example = "",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .col = mapping_col,
    .run = mappings_run,
};

struct offset_row {
    const char *stream, *consumer, *topic;
    int64_t part, next_offset;
    mt_time updated_at;
};

static const mt_field offset_col[] = {
    {.name = "stream", MT_TEXT_AT(offset_row, stream), .doc = "the broker's or file's own name"},
    {.name = "consumer", MT_TEXT_AT(offset_row, consumer), .doc = "group that read it"},
    {.name = "topic", MT_TEXT_AT(offset_row, topic), .doc = "or the file's name"},
    {.name = "part",
     MT_INT_AT(offset_row, part),
     .unit = MT_UNIT_COUNT,
     .doc = "partition, or the file's own number"},
    {.name = "next_offset",
     MT_INT_AT(offset_row, next_offset),
     .unit = MT_UNIT_COUNT,
     .doc = "of the next message to read; of a file in bytes"},
    {.name = "updated_at", MT_TIME_AT(offset_row, updated_at), .doc = "with its last rows, UTC"},
    {.name = NULL}};

static mt_code offsets_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    mt_store *store;
    (void)args;
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_offset_store_list(cx, store, out);
}

const mt_op mt_op_stream_offsets = {
    .name = "stream.offsets",
    .summary = "how far each stream was read into the store",
    .example = "",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .col = offset_col,
    .run = offsets_run,
};

struct dead_args {
    const char *stream, *topic;
    int64_t limit;
};

static const mt_field dead_arg[] = {
    {.name = "stream", MT_TEXT_AT(dead_args, stream), .doc = "only of this one"},
    {.name = "topic", MT_TEXT_AT(dead_args, topic), .doc = "only of this one"},
    {.name = "limit",
     MT_INT_AT(dead_args, limit),
     .fallback = "100",
     .unit = MT_UNIT_COUNT,
     .doc = "most rows"},
    {.name = NULL}};

static mt_code dead_run(mt_ctx *cx, const mt_world *world, const void *args, mt_sink *out)
{
    const struct dead_args *a = args;
    mt_store *store;
    if (a->limit < 1) return mt_fail(cx, MT_E_INPUT, "--limit must be at least 1");
    MT_TRY(mt_world_store(cx, world, &store));
    return mt_dead_letter_list(cx, store, a->stream, a->topic, a->limit, out);
}

const mt_op mt_op_stream_dead_letters = {
    .name = "stream.dead_letters",
    .summary = "messages and rows that could not be used, with the reason, newest first",
    .example = "--limit 10",
    .effect = MT_READ,
    .role = MT_OPERATOR,
    .args_size = sizeof(struct dead_args),
    .arg = dead_arg,
    .col = mt_dead_letter_col,
    .run = dead_run,
};
