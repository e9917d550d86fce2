/* MQTT as a kind of stream. */
#include "stream/backend.h"

#include "stream/list.h"
#include "stream/mqtt/reader.h"
#include "stream/mqtt/writer.h"

static mt_code open_reader(mt_ctx *cx, mt_stream **out, const mt_stream_options *options)
{
    return mt_mqtt_reader_open(cx, out, options, &mt_stream_mqtt);
}

static mt_code open_writer(mt_ctx *cx, mt_producer **out, const mt_producer_options *options)
{
    return mt_mqtt_writer_open(cx, out, options, &mt_stream_mqtt);
}

static mt_code send_value(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text key, mt_text value)
{
    (void)key;
    return mt_mqtt_writer_send(cx, producer, topic, value);
}

const mt_stream_backend mt_stream_mqtt = {
    .name = "mqtt",
    .prefix = "mqtt://",
    .form = "mqtt://HOST:PORT",
    .open = open_reader,
    .close = mt_mqtt_reader_close,
    .poll = mt_mqtt_reader_poll,
    .commit = mt_mqtt_reader_commit,
    .seek = mt_mqtt_reader_seek,
    .lag = mt_mqtt_reader_lag,
    .title = mt_mqtt_reader_title,
    .state = mt_mqtt_reader_state,
    .producer_open = open_writer,
    .producer_close = mt_mqtt_writer_close,
    .send = send_value,
    .flush = mt_mqtt_writer_flush,
};
