/* The kinds of streams: one line each; the door and the conformance test read it. */
#ifndef MT_STREAM_LIST_H
#define MT_STREAM_LIST_H

#include "stream/backend.h"

MT_BEGIN_DECLS

#define MT_STREAM_LIST(X)                                                                                    \
    X(mt_stream_kafka)                                                                                       \
    X(mt_stream_file)                                                                                        \
    X(mt_stream_mqtt)

#define MT_STREAM_DECLARE(symbol) extern const mt_stream_backend symbol;
MT_STREAM_LIST(MT_STREAM_DECLARE)
#undef MT_STREAM_DECLARE

MT_END_DECLS
#endif
