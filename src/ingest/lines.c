/* Line protocol into the store: a body is acknowledged after its rows are on disk. */
#include "ingest/lines.h"

#include "crypto/hash.h"
#include "ingest/letters.h"
#include "ingest/rows.h"
#include "store/data/series_store.h"

#include <string.h>

/* One body on its way. */
struct body {
    const mt_line_write *write;
    mt_store *store;
    mt_text bucket;
    mt_rows *rows;
    mt_lines *lines;
    mt_sink *sink;
    mt_letters *letters; /* NULL: no bad line yet */
    uint64_t kept;       /* letters */
    const char *at;      /* where line `line` begins; lines are asked for in order */
    uint64_t line;
    uint8_t digest[MT_HASH_BYTES];
};

static mt_text line_text(struct body *b, uint64_t line)
{
    const char *end = b->write->body.at + b->write->body.length;
    const char *feed;
    while (b->line < line && (feed = memchr(b->at, '\n', (size_t)(end - b->at)))) {
        b->at = feed + 1;
        b->line++;
    }
    feed = memchr(b->at, '\n', (size_t)(end - b->at));
    return (mt_text){b->at, (size_t)((feed ? feed : end) - b->at)};
}

/* The same line of the same body gives the same number, so that a body sent twice leaves one letter. */
static int64_t position_of(const struct body *b, uint64_t line)
{
    uint8_t digest[MT_HASH_BYTES];
    uint64_t number;
    mt_hash hash;
    mt_hash_init(&hash);
    mt_hash_update(&hash, b->digest, sizeof b->digest);
    mt_hash_update(&hash, &line, sizeof line);
    mt_hash_final(&hash, digest);
    memcpy(&number, digest, sizeof number);
    return (int64_t)(number >> 1);
}

static mt_code open_letters(mt_ctx *cx, struct body *b)
{
    mt_text body = b->write->body;
    size_t most = 1;
    for (const char *at = body.at, *end = at + body.length; at < end && most < MT_LINES_LETTERS_MAX; most++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        at = feed ? feed + 1 : end;
    }
    mt_hash_bytes(body.at, body.length, b->digest);
    return mt_letters_new(cx, &b->letters, most);
}

static mt_code keep_fault(mt_ctx *cx, struct body *b, const mt_line_fault *fault)
{
    const char *reason;
    if (b->kept == MT_LINES_LETTERS_MAX) return MT_OK;
    if (!b->letters) MT_TRY(open_letters(cx, b));
    MT_TRY(mt_text_copy(cx, &reason, mt_text_of(fault->reason)));
    mt_letters_put(b->letters, &(mt_letter){.stream = mt_text_of("lines"),
                                            .topic = b->bucket,
                                            .position = position_of(b, fault->line),
                                            .received_at = b->write->received_at,
                                            .reason = mt_text_of(reason),
                                            .message = line_text(b, fault->line)});
    b->kept++;
    return MT_OK;
}

static mt_code keep_first(mt_ctx *cx, mt_line_written *out, const mt_line_fault *fault)
{
    out->first_bad_line = fault->line;
    return mt_text_copy(cx, &out->first_bad, mt_text_of(fault->reason));
}

static mt_code stage_lines(mt_ctx *cx, struct body *b, mt_line_written *out)
{
    for (;;) {
        mt_line_batch got;
        MT_TRY(mt_lines_next(cx, b->lines, &got));
        if (!got.n && !got.n_fault) break;
        for (size_t k = 0; k < got.n; k++) MT_TRY(mt_rows_put(cx, b->rows, b->sink, &got.at[k]));
        for (size_t k = 0; k < got.n_fault; k++) MT_TRY(keep_fault(cx, b, &got.fault[k]));
        if (!out->bad && got.n_fault) MT_TRY(keep_first(cx, out, &got.fault[0]));
        out->rows += got.n;
        out->bad += got.n_fault;
    }
    MT_TRY(mt_rows_push(cx, b->rows, b->sink));
    return mt_sink_finish(b->sink, cx);
}

static mt_code write_body(mt_ctx *cx, struct body *b, mt_batch *batch, mt_line_written *out)
{
    const char *source;
    mt_code code;
    MT_TRY(mt_text_copy(cx, &source, b->bucket));
    MT_TRY(mt_rows_open(cx, &b->rows));
    MT_TRY(mt_lines_open(cx, &b->lines, source));
    mt_lines_text(b->lines, b->write->body, b->write->precision, b->write->received_at);
    MT_TRY(mt_series_merge(cx, batch, &b->sink, &out->counts));
    MT_TRY_OUT(mt_rows_begin(cx, b->rows, b->sink));
    MT_TRY_OUT(stage_lines(cx, b, out));
    if (b->letters) MT_TRY_OUT(mt_letters_merge(cx, b->letters, batch));
out:
    mt_sink_close(b->sink);
    return code == MT_OK && (out->rows || out->bad) ? mt_batch_commit(cx, batch, NULL, NULL) : code;
}

mt_code mt_lines_write(mt_ctx *cx, mt_store *store, const mt_line_write *write, mt_line_written *out)
{
    mt_batch *batch;
    mt_line_written written = {0};
    struct body b = {.write = write, .store = store, .at = write->body.at, .line = 1};
    b.bucket = mt_text_of(write->bucket && *write->bucket ? write->bucket : "lines");
    MT_TRY(mt_batch_open(cx, &batch, store));
    mt_code code = write_body(cx, &b, batch, &written);
    mt_batch_close(batch);
    mt_lines_close(b.lines);
    mt_rows_close(b.rows);
    if (code == MT_OK) *out = written;
    return code;
}
