/* Messages that could not be used, kept with their reason. */
#include "store/data/offset_store.h"

#include "crypto/hash.h"
#include "store/plain_text.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16 };

/* Text that no engine can hold is shown with U+FFFD before it goes on to the merge: a letter that cannot be
 * stored would stop the stream that it was to keep going. */
struct letter_sink {
    mt_sink sink;
    mt_sink *rows;
    size_t n_col;
    size_t message; /* its column; n_col: there is none */
    bool text[COLUMNS_MAX];
    mt_field col[COLUMNS_MAX + 2]; /* with the digest */
};

const mt_field mt_dead_letter_col[] = {
    {.name = "stream", MT_TEXT_AT(mt_dead_letter, stream), .doc = "the broker or file it came from"},
    {.name = "topic", MT_TEXT_AT(mt_dead_letter, topic), .doc = "topic, path or bucket"},
    {.name = "part", MT_INT_AT(mt_dead_letter, part), .doc = "partition"},
    {.name = "position", MT_INT_AT(mt_dead_letter, position), .doc = "place in its part"},
    {.name = "received_at", MT_TIME_AT(mt_dead_letter, received_at), .doc = "when it was read"},
    {.name = "reason", MT_TEXT_AT(mt_dead_letter, reason), .doc = "why it could not be used"},
    {.name = "message_key", MT_TEXT_AT(mt_dead_letter, message_key), .doc = "the message's key"},
    {.name = "message", MT_TEXT_AT(mt_dead_letter, message), .doc = "the message as text"},
    {.name = NULL}};

/* What is merged: the letter and a digest of its message, so that another message at the same place (of a
 * file that was cut, of a topic made anew) is another letter. */
static const char *const letter_key[] = {"stream", "topic", "part", "position", "digest", NULL};
static const char *const letter_range[] = {"position", NULL};
static const mt_merge_plan letter_plan = {.table = "dead_letter", .key = letter_key, .range = letter_range};

static mt_code take_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct letter_sink *s = (struct letter_sink *)sink;
    if (schema->n_col > COLUMNS_MAX)
        return mt_fail(cx, MT_E_SHAPE, "dead letters come with %zu columns, more than there are",
                       schema->n_col);
    s->n_col = s->message = schema->n_col;
    for (size_t k = 0; k < s->n_col; k++) {
        s->col[k] = schema->col[k];
        s->text[k] = schema->col[k].type == MT_TEXT || schema->col[k].type == MT_CHOICE;
        if (strcmp(schema->col[k].name, "message") == 0) s->message = k;
    }
    s->col[s->n_col] = (mt_field){.name = "digest", .type = MT_INT};
    s->col[s->n_col + 1] = (mt_field){.name = NULL};
    mt_schema with_digest = {.name = schema->name, .col = s->col, .n_col = s->n_col + 1};
    return mt_sink_schema(s->rows, cx, &with_digest);
}

static int64_t digest_of(mt_text message)
{
    uint8_t bytes[MT_HASH_BYTES];
    int64_t digest;
    mt_hash_bytes(message.at, message.length, bytes);
    memcpy(&digest, bytes, sizeof digest);
    return digest & INT64_MAX;
}

static mt_code make_digests(mt_ctx *cx, const struct letter_sink *s, mt_column *out, const mt_chunk *chunk)
{
    int64_t *digest;
    MT_TRY(MT_NEW(cx, &digest, chunk->n));
    for (size_t i = 0; i < chunk->n && s->message < s->n_col; i++) {
        mt_value value = mt_column_get(&chunk->col[s->message], MT_TEXT, i);
        if (value.present) digest[i] = digest_of(value.as.text);
    }
    *out = (mt_column){digest, NULL};
    return MT_OK;
}

static mt_code make_plain(mt_ctx *cx, mt_column *column, size_t n)
{
    const mt_text *from = column->data;
    mt_text *to;
    MT_TRY(MT_NEW(cx, &to, n));
    for (size_t i = 0; i < n; i++)
        if (mt_column_has(column, i)) MT_TRY(mt_plain_text_make(cx, &to[i], from[i]));
    column->data = to;
    return MT_OK;
}

static mt_code push_plain(mt_ctx *cx, struct letter_sink *s, const mt_chunk *chunk)
{
    mt_column col[COLUMNS_MAX + 1];
    MT_TRY(make_digests(cx, s, &col[s->n_col], chunk));
    for (size_t k = 0; k < s->n_col; k++) {
        col[k] = chunk->col[k];
        if (s->text[k]) MT_TRY(make_plain(cx, &col[k], chunk->n));
    }
    const mt_chunk plain = {chunk->n, col};
    return mt_sink_push(s->rows, cx, &plain);
}

static mt_code push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_code code = push_plain(cx, (struct letter_sink *)sink, chunk);
    mt_arena_reset(&cx->arena, mark);
    return code;
}

static mt_code finish(mt_sink *sink, mt_ctx *cx)
{
    return mt_sink_finish(((struct letter_sink *)sink)->rows, cx);
}

static void close_sink(mt_sink *sink)
{
    mt_sink_close(((struct letter_sink *)sink)->rows);
    free(sink);
}

static const mt_sink_ops letter_ops = {take_schema, push, finish, close_sink};

mt_code mt_dead_letter_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts)
{
    struct letter_sink *s = calloc(1, sizeof *s);
    if (!s) return mt_fail(cx, MT_E_MEMORY, "memory ran out for dead letters");
    s->sink.ops = &letter_ops;
    mt_code code = mt_batch_merge(cx, batch, &s->rows, counts, &letter_plan);
    if (code == MT_OK) {
        *out = &s->sink;
    } else {
        free(s);
    }
    return code;
}

mt_code mt_dead_letter_list(mt_ctx *cx, mt_store *store, const char *stream, const char *topic, int64_t limit,
                            mt_sink *sink)
{
    const mt_param param[] = {mt_param_text(stream), mt_param_text(topic), mt_param_int(limit)};
    return mt_store_query(cx, store,
                          "SELECT stream, topic, part, position, received_at, reason, message_key, message "
                          "FROM dead_letter WHERE (CAST($1 AS TEXT) IS NULL OR stream = $1) AND "
                          "(CAST($2 AS TEXT) IS NULL OR topic = $2) ORDER BY received_at DESC NULLS LAST, "
                          "stream NULLS LAST, topic NULLS LAST, part NULLS LAST, position DESC NULLS LAST "
                          "LIMIT $3",
                          param, 3, sink);
}
