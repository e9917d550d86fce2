/* A writer of MQTT messages: QoS 1, each acknowledged by the broker. */
#include "stream/mqtt/writer.h"

#include "stream/mqtt/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 1000, SLICE_US = 50000 };

typedef struct writer {
    mt_producer base;
    mt_mqtt_link link;
    uint64_t sent, answered, failed;
    char failure[256]; /* the first since the last flush */
    mt_metric *sent_total, *failed_total;
} writer;

static void hear_answer(struct mosquitto *client, void *arg, int id, int reason,
                        const mosquitto_property *property)
{
    writer *w = ((mt_mqtt_link *)arg)->owner;
    (void)client;
    (void)id;
    (void)property;
    w->answered++;
    mt_metric_add(reason >= MT_MQTT_REFUSED ? w->failed_total : w->sent_total, 1);
    if (reason >= MT_MQTT_REFUSED && w->failed++ == 0)
        snprintf(w->failure, sizeof w->failure, "%s", w->link.api.mosquitto_reason_string(reason));
}

mt_code mt_mqtt_writer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                            const mt_stream_backend *backend)
{
    writer *w = calloc(1, sizeof *w);
    if (!w) return mt_fail(cx, MT_E_MEMORY, "memory ran out while an MQTT producer was opened");
    w->base.backend = backend;
    w->link.owner = w;
    w->sent_total = mt_metric_counter(options->metrics, "merit_stream_acknowledged_total",
                                      "Messages that the broker has acknowledged.", NULL);
    w->failed_total = mt_metric_counter(options->metrics, "merit_stream_unacknowledged_total",
                                        "Messages that the broker did not take.", NULL);
    mt_code code = mt_mqtt_link_open(cx, &w->link, options->url, options->settings_path, NULL);
    if (code == MT_OK) {
        w->link.api.mosquitto_publish_v5_callback_set(w->link.client, hear_answer);
        *out = &w->base;
    } else {
        mt_mqtt_writer_close(&w->base);
    }
    return code;
}

void mt_mqtt_writer_close(mt_producer *producer)
{
    writer *w = (writer *)producer;
    mt_mqtt_link_close(&w->link, true);
    free(w);
}

/* Until at most `pending` messages are not answered; before the first one the broker must be there. */
static mt_code await_answers(mt_ctx *cx, writer *w, uint64_t pending)
{
    while (!w->link.connected || w->sent - w->answered > pending) {
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(mt_mqtt_drive(cx, &w->link, SLICE_US, true));
    }
    return MT_OK;
}

mt_code mt_mqtt_writer_send(mt_ctx *cx, mt_producer *producer, const char *topic, mt_text value)
{
    writer *w = (writer *)producer;
    const mt_mqtt_api *api = &w->link.api;
    if (!topic || api->mosquitto_pub_topic_check(topic) != MOSQ_ERR_SUCCESS)
        return mt_fail(cx, MT_E_INPUT, "%s is no MQTT topic to write to: it has no + or #",
                       topic ? topic : "nothing");
    if (value.length > INT32_MAX)
        return mt_fail(cx, MT_E_INPUT, "a message of %zu bytes is too large for MQTT", value.length);
    MT_TRY(await_answers(cx, w, PENDING_MAX - 1));
    int result = api->mosquitto_publish(w->link.client, NULL, topic, (int)value.length, value.at, 1, false);
    bool gone =
        result == MOSQ_ERR_NO_CONN || result == MOSQ_ERR_CONN_LOST; /* kept, and sent after it is back */
    if (result != MOSQ_ERR_SUCCESS && !gone)
        return mt_fail(cx, MT_E_INPUT, "a message of %zu bytes for the topic %s cannot be sent: %s",
                       value.length, topic, api->mosquitto_strerror(result));
    w->sent++;
    return w->sent % 64 == 0 ? mt_mqtt_drive(cx, &w->link, 0, true) : MT_OK;
}

mt_code mt_mqtt_writer_flush(mt_ctx *cx, mt_producer *producer)
{
    writer *w = (writer *)producer;
    if (w->sent != w->answered) MT_TRY(await_answers(cx, w, 0));
    if (w->failed == 0) return MT_OK;
    mt_code code = mt_fail(cx, MT_E_REMOTE, "%llu of the messages were refused by the MQTT broker, first: %s",
                           (unsigned long long)w->failed, w->failure);
    w->failed = 0;
    return code;
}
