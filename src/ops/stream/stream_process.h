/* What runs on a stream until it is stopped: reading it into the store, writing to it.
 *
 * Purpose   Described like operations, so that the command line, a server's configuration and the documents
 *           read one table; but they are processes, not rows of a result, and stand in no list of operations.
 * Shapes    Each ends with one row of what was done.
 * Errors    Those of ingest/consume.h and stream/stream.h; MT_E_INPUT for a topic without a mapping.
 */
#ifndef MT_OPS_STREAM_STREAM_PROCESS_H
#define MT_OPS_STREAM_STREAM_PROCESS_H

#include "base/op.h"

MT_BEGIN_DECLS

extern const mt_op mt_process_stream_consume;
extern const mt_op mt_process_stream_produce;

/* "kafka://HOST:9092 elspot_topic": what logs and metrics call a consumer. `topics` NULL: only the url. */
MT_MUST_USE mt_code mt_stream_consumer_name(mt_ctx *cx, const char **out, const char *url,
                                            const char *topics);

MT_END_DECLS
#endif
