/* The door to message streams: finds the kind by the url and hands every call on to it. */
#include "stream/stream.h"

#include "stream/list.h"

#include <string.h>

static const mt_stream_backend *const backends[] = {
#define BACKEND_ROW(symbol) &symbol,
    MT_STREAM_LIST(BACKEND_ROW)
#undef BACKEND_ROW
};

enum { BACKENDS = sizeof backends / sizeof *backends };

/* What follows the scheme may hold a password: only the scheme is shown. */
static mt_code refuse_url(mt_ctx *cx, const char *url)
{
    const char *name[BACKENDS], *scheme, *forms = "";
    MT_TRY(mt_text_copy(cx, &scheme, (mt_text){url, strcspn(url, ":")}));
    for (int k = 0; k < BACKENDS; k++) {
        name[k] = backends[k]->name;
        MT_TRY(mt_text_format(cx, &forms, "%s%s%s", forms, k ? ", " : "", backends[k]->form));
    }
    int nearest = mt_text_nearest(scheme, name, BACKENDS);
    if (nearest >= 0)
        return mt_fail(cx, MT_E_INPUT, "%s: is no kind of stream that is known; did you mean %s?", scheme,
                       backends[nearest]->form);
    return mt_fail(cx, MT_E_INPUT, "%s: is no kind of stream that is known; right would be one of: %s",
                   scheme, forms);
}

static mt_code find_backend(mt_ctx *cx, const mt_stream_backend **out, const char *url)
{
    if (!url) return mt_fail(cx, MT_E_INPUT, "no stream is named: give its url, as in kafka://HOST:PORT");
    for (int k = 0; k < BACKENDS; k++) {
        size_t length = strlen(backends[k]->prefix);
        if (strncmp(url, backends[k]->prefix, length) != 0) continue;
        if (!url[length]) return mt_fail(cx, MT_E_INPUT, "%s names nothing: %s", url, backends[k]->form);
        *out = backends[k];
        return MT_OK;
    }
    return refuse_url(cx, url);
}

mt_code mt_stream_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options)
{
    const mt_stream_backend *backend = NULL;
    mt_stream_options known = {.size = sizeof known};
    memcpy(&known, options, options->size < sizeof known ? options->size : sizeof known);
    MT_TRY(find_backend(cx, &backend, known.url));
    if (!known.group) known.group = "merit";
    if (!known.queue_bytes) known.queue_bytes = (uint64_t)64 << 20;
    return backend->open(cx, out, &known);
}

void mt_stream_close(mt_stream *stream)
{
    if (stream) stream->backend->close(stream);
}

mt_code mt_stream_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max, int64_t wait_us)
{
    mt_messages got = {.at = NULL};
    MT_TRY(mt_ctx_check(cx));
    MT_TRY(stream->backend->poll(cx, stream, &got, max ? max : 1, wait_us > 0 ? wait_us : 0));
    *out = got;
    return MT_OK;
}

void mt_stream_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n)
{
    if (n > 0) stream->backend->commit(cx, stream, position, n);
}

mt_code mt_stream_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position)
{
    return stream->backend->seek(cx, stream, position);
}

int64_t mt_stream_lag(mt_stream *stream)
{
    return stream->backend->lag(stream);
}

mt_code mt_stream_name(mt_ctx *cx, mt_stream *stream, const char **out)
{
    return stream->backend->title(cx, stream, out);
}

mt_stream_state mt_stream_state_of(const mt_stream *stream)
{
    return stream->backend->state(stream);
}

mt_code mt_producer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options)
{
    const mt_stream_backend *backend = NULL;
    mt_producer_options known = {.size = sizeof known};
    memcpy(&known, options, options->size < sizeof known ? options->size : sizeof known);
    MT_TRY(find_backend(cx, &backend, known.url));
    return backend->producer_open(cx, out, &known);
}

void mt_producer_close(mt_producer *producer)
{
    if (producer) producer->backend->producer_close(producer);
}

mt_code mt_producer_send(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key, mt_text value)
{
    return producer->backend->send(cx, producer, topic, key, value);
}

mt_code mt_producer_flush(mt_ctx *cx, mt_producer *producer)
{
    return producer->backend->flush(cx, producer);
}
