/* What a broker, a file or a bus must be able to do to be a stream of Merit.
 *
 * Purpose   The table of functions between the door (stream.h) and what stands behind it. A new kind is a
 *           folder with such a table and a line in list.h.
 * Shapes    All members are set. `poll`, `commit`, … follow the promises of stream.h.
 * Threads   One handle, one thread.
 */
#ifndef MT_STREAM_BACKEND_H
#define MT_STREAM_BACKEND_H

#include "stream/stream.h"

MT_BEGIN_DECLS

struct mt_stream_backend;

/* First member of every backend's own stream and producer. */
struct mt_stream {
    const struct mt_stream_backend *backend;
};

struct mt_producer {
    const struct mt_stream_backend *backend;
};

typedef struct mt_stream_backend {
    const char *name;   /* "kafka" */
    const char *prefix; /* of urls: "kafka://" */
    const char *form;   /* for messages: "kafka://HOST:PORT" */

    mt_code (*open)(mt_ctx *cx, mt_stream **out, const mt_stream_options *options);
    void (*close)(mt_stream *stream);
    mt_code (*poll)(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max, int64_t wait_us);
    void (*commit)(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n);
    mt_code (*seek)(mt_ctx *cx, mt_stream *stream, const mt_position *position);
    int64_t (*lag)(mt_stream *stream);
    mt_code (*title)(mt_ctx *cx, mt_stream *stream, const char **out);
    mt_stream_state (*state)(const mt_stream *stream);

    mt_code (*producer_open)(mt_ctx *cx, mt_producer **out, const mt_producer_options *options);
    void (*producer_close)(mt_producer *producer);
    mt_code (*send)(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key, mt_text value);
    mt_code (*flush)(mt_ctx *cx, mt_producer *producer);
} mt_stream_backend;

MT_END_DECLS
#endif
