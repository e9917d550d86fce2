/* A reader of Kafka topics in a consumer group, whose places are kept by the caller.
 *
 * Shapes    Parts are partitions, positions are offsets. The library fetches ahead up to queue_bytes.
 *           Eager and cooperative assignment, as partition.assignment.strategy of the settings file says.
 * Errors    MT_E_INPUT  no topic, a url or setting that is not taken;  MT_E_REMOTE  the cluster refuses for
 *           good (authentication, authorisation), or with until_end a topic that is not there. Without
 *           until_end a missing topic is logged and waited for.
 *           A place that the broker does not have any more (retention, a topic made anew) is logged as a
 *           warning; reading goes on at the oldest message.
 * Ownership Messages are the library's, given back at the next poll.
 */
#ifndef MT_STREAM_KAFKA_CONSUMER_H
#define MT_STREAM_KAFKA_CONSUMER_H

#include "stream/backend.h"
#include "stream/kafka/client.h"
#include "stream/kafka/parts.h"

MT_BEGIN_DECLS

typedef struct mt_kafka_consumer {
    mt_stream base;
    mt_kafka_client client;
    mt_kafka_parts parts;
    mt_stream_events events;
    mt_metrics *metrics;
    rd_kafka_topic_partition_list_t *wanted; /* topics */
    rd_kafka_queue_t *queue;                 /* NULL until subscribed */
    rd_kafka_message_t **fetched;            /* room of them, held by the library's messages; NULL beyond n */
    mt_message *message;
    size_t n, room;
    size_t stale; /* messages fetched before the last rebalance of this call */
    bool until_end, assigned, closing;
    int64_t lag_at;               /* monotonic: when the gauges were set */
    int64_t told_at;              /* monotonic: when the group was told what is done */
    mt_ctx *cx;                   /* of the poll that is running; callbacks use it */
    mt_code broken;               /* an event failed: the stream has stopped */
    char reason[MT_ERR_TEXT_MAX]; /* its sentence */
} mt_kafka_consumer;

MT_MUST_USE mt_code mt_kafka_consumer_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                                           const mt_stream_backend *backend);
void mt_kafka_consumer_close(mt_stream *stream);
MT_MUST_USE mt_code mt_kafka_consumer_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max,
                                           int64_t wait_us);
void mt_kafka_consumer_commit(mt_ctx *cx, mt_stream *stream, const mt_position *position, size_t n);
MT_MUST_USE mt_code mt_kafka_consumer_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position);
int64_t mt_kafka_consumer_lag(mt_stream *stream);
MT_MUST_USE mt_code mt_kafka_consumer_title(mt_ctx *cx, mt_stream *stream, const char **out);
mt_stream_state mt_kafka_consumer_state(const mt_stream *stream);

MT_END_DECLS
#endif
