/* Files as streams: reading follows the end, writing appends. */
#include "stream/backend.h"

#include "stream/file/lines.h"
#include "stream/file/tail.h"
#include "stream/list.h"

static mt_code open_tail(mt_ctx *cx, mt_stream **out, const mt_stream_options *options)
{
    return mt_tail_open(cx, out, options, &mt_stream_file);
}

static void commit_nothing(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n)
{
    (void)cx;
    (void)stream;
    (void)position;
    (void)n;
}

static mt_code open_lines(mt_ctx *cx, mt_producer **out, const mt_producer_options *options)
{
    return mt_append_open(cx, out, options, &mt_stream_file);
}

static mt_code send_line(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key, mt_text value)
{
    (void)topic;
    (void)key;
    return mt_append_send(cx, producer, value);
}

const mt_stream_backend mt_stream_file = {
    .name = "file",
    .prefix = "file:",
    .form = "file:PATH",
    .open = open_tail,
    .close = mt_tail_close,
    .poll = mt_tail_poll,
    .commit = commit_nothing,
    .seek = mt_tail_seek,
    .lag = mt_tail_lag,
    .title = mt_tail_title,
    .state = mt_tail_state,
    .producer_open = open_lines,
    .producer_close = mt_append_close,
    .send = send_line,
    .flush = mt_append_flush,
};
