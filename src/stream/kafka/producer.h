/* A writer of Kafka messages: idempotent, acknowledged by all replicas, in order by key.
 *
 * Errors    MT_E_INPUT  a message that the client cannot take (too large, no topic);  MT_E_REMOTE  at flush:
 *           the first message that was refused, and why; a refusal of the cluster. A producer that failed
 *           fatally must be opened again.  MT_E_IO  at flush: messages that no broker answered in time
 *           (message.timeout.ms), which may be sent again.
 */
#ifndef MT_STREAM_KAFKA_PRODUCER_H
#define MT_STREAM_KAFKA_PRODUCER_H

#include "stream/backend.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_kafka_producer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                                           const mt_stream_backend *backend);
void mt_kafka_producer_close(mt_producer *producer);
MT_MUST_USE mt_code mt_kafka_producer_send(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key,
                                           mt_text value);
MT_MUST_USE mt_code mt_kafka_producer_flush(mt_ctx *cx, mt_producer *producer);

MT_END_DECLS
#endif
