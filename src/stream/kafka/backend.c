/* Kafka as a kind of stream. */
#include "stream/backend.h"

#include "stream/kafka/consumer.h"
#include "stream/kafka/producer.h"
#include "stream/list.h"

static mt_code open_consumer(mt_ctx *cx, mt_stream **out, const mt_stream_options *options)
{
    return mt_kafka_consumer_open(cx, out, options, &mt_stream_kafka);
}

static mt_code open_producer(mt_ctx *cx, mt_producer **out, const mt_producer_options *options)
{
    return mt_kafka_producer_open(cx, out, options, &mt_stream_kafka);
}

const mt_stream_backend mt_stream_kafka = {
    .name = "kafka",
    .prefix = "kafka://",
    .form = "kafka://HOST:PORT",
    .open = open_consumer,
    .close = mt_kafka_consumer_close,
    .poll = mt_kafka_consumer_poll,
    .commit = mt_kafka_consumer_commit,
    .seek = mt_kafka_consumer_seek,
    .lag = mt_kafka_consumer_lag,
    .title = mt_kafka_consumer_title,
    .state = mt_kafka_consumer_state,
    .producer_open = open_producer,
    .producer_close = mt_kafka_producer_close,
    .send = mt_kafka_producer_send,
    .flush = mt_kafka_producer_flush,
};
