/* Observations one by one into a sink's columns, without a copy of the names. */
#include "ingest/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KIND, AREA, DETAIL, UNIT, SOURCE, STEP, START, VALUE, KNOWN_AT, PAYLOAD };
enum { WORDS = MT_CHUNK_ROWS / 64 };

struct mt_rows {
    size_t n;
    mt_text text[SOURCE + 1][MT_CHUNK_ROWS];
    mt_text payload[MT_CHUNK_ROWS]; /* until the push: places in `bytes` */
    int64_t step[MT_CHUNK_ROWS], start[MT_CHUNK_ROWS], known_at[MT_CHUNK_ROWS];
    double value[MT_CHUNK_ROWS];
    uint64_t has_value[WORDS], has_payload[WORDS];
    char *bytes;
    size_t used, room;
};

mt_code mt_rows_open(mt_ctx *cx, mt_rows **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? MT_OK : mt_fail(cx, MT_E_MEMORY, "no memory for a chunk of observations");
}

void mt_rows_close(mt_rows *rows)
{
    if (!rows) return;
    free(rows->bytes);
    free(rows);
}

static void clear(mt_rows *rows)
{
    rows->n = 0;
    rows->used = 0;
    memset(rows->has_value, 0, sizeof rows->has_value);
    memset(rows->has_payload, 0, sizeof rows->has_payload);
}

mt_code mt_rows_begin(mt_ctx *cx, mt_rows *rows, mt_sink *sink)
{
    const mt_schema schema = {
        .name = "observation", .col = mt_observation_col, .n_col = MT_OBSERVATION_COLUMNS};
    clear(rows);
    return mt_sink_schema(sink, cx, &schema);
}

static mt_code keep_payload(mt_ctx *cx, mt_rows *rows, const char *payload)
{
    size_t length = strlen(payload), i = rows->n;
    if (rows->room - rows->used < length) {
        size_t room = (rows->used + length) * 2 + 4096;
        char *bytes = realloc(rows->bytes, room);
        if (!bytes) return mt_fail(cx, MT_E_MEMORY, "no memory for payloads of %zu bytes", room);
        rows->bytes = bytes;
        rows->room = room;
    }
    if (length) memcpy(rows->bytes + rows->used, payload, length);
    rows->payload[i] = (mt_text){(const char *)(uintptr_t)rows->used, length};
    rows->has_payload[i / 64] |= (uint64_t)1 << (i % 64);
    rows->used += length;
    return MT_OK;
}

/* A name like the one above it needs no measuring. */
static void put_name(mt_text *column, size_t i, const char *name)
{
    column[i] = i > 0 && column[i - 1].at == name ? column[i - 1] : mt_text_of(name ? name : "");
}

mt_code mt_rows_put(mt_ctx *cx, mt_rows *rows, mt_sink *sink, const mt_observation *row)
{
    size_t i = rows->n;
    const char *const name[] = {row->kind, row->area, row->detail, row->unit, row->source};
    for (int k = KIND; k <= SOURCE; k++) put_name(rows->text[k], i, name[k]);
    rows->step[i] = row->step;
    rows->start[i] = row->start;
    rows->known_at[i] = row->known_at;
    rows->value[i] = row->value;
    if (!isnan(row->value)) rows->has_value[i / 64] |= (uint64_t)1 << (i % 64);
    if (row->payload) MT_TRY(keep_payload(cx, rows, row->payload));
    return ++rows->n == MT_CHUNK_ROWS ? mt_rows_push(cx, rows, sink) : MT_OK;
}

mt_code mt_rows_push(mt_ctx *cx, mt_rows *rows, mt_sink *sink)
{
    if (!rows->n) return MT_OK;
    for (size_t i = 0; rows->used && i < rows->n; i++)
        if (rows->has_payload[i / 64] >> (i % 64) & 1)
            rows->payload[i].at = rows->bytes + (uintptr_t)rows->payload[i].at;
    mt_column col[MT_OBSERVATION_COLUMNS] = {
        [STEP] = {rows->step, NULL},
        [START] = {rows->start, NULL},
        [VALUE] = {rows->value, rows->has_value},
        [KNOWN_AT] = {rows->known_at, NULL},
        [PAYLOAD] = {rows->payload, rows->has_payload},
    };
    for (int k = KIND; k <= SOURCE; k++) col[k].data = rows->text[k];
    const mt_chunk chunk = {rows->n, col};
    mt_code code = mt_sink_push(sink, cx, &chunk);
    clear(rows);
    return code;
}
