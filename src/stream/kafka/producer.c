/* A writer of Kafka messages: idempotent, acknowledged by all replicas, in order by key. */
#include "stream/kafka/producer.h"

#include "stream/kafka/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 50, SERVE_EVERY = 256 };

struct topic {
    rd_kafka_topic_t *handle;
    char *name;
};

typedef struct producer {
    mt_producer base;
    mt_kafka_client client;
    struct topic *topic; /* the last used first */
    size_t n_topic;
    uint64_t sent, acknowledged, failed;
    uint64_t late;     /* of the failed: the broker did not say no, it did not answer in time */
    char failure[512]; /* of the first message that was not taken since the last flush */
    mt_metric *sent_total, *failed_total;
} producer;

/* Keys fall on the same partitions as with the Java client. */
static const mt_kafka_setting preset[] = {{"client.id", "merit"},
                                          {"compression.codec", "lz4"},
                                          {"partitioner", "murmur2_random"},
                                          {"reconnect.backoff.max.ms", "2000"},
                                          {NULL, NULL}};
static const mt_kafka_setting fixed[] = {
    {"bootstrap.servers", NULL},    {"log.queue", NULL}, {"statistics.interval.ms", NULL},
    {"enable.idempotence", "true"}, {"acks", "all"},     {NULL, NULL}};

/* The library tries again what may pass, until the time is over. */
static bool is_late(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT ||
           error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

static void hear_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    (void)rk;
    producer *p = ((mt_kafka_client *)opaque)->owner;
    if (!m->err) {
        p->acknowledged++;
        mt_metric_add(p->sent_total, 1);
        return;
    }
    /* not rd_kafka_message_errstr: of a message that was sent it gives the value */
    const char *words = p->client.api.rd_kafka_err2str(m->err);
    mt_metric_add(p->failed_total, 1);
    p->late += is_late(m->err);
    if (p->failed++ == 0)
        snprintf(p->failure, sizeof p->failure, "a message of %zu bytes for the topic %s (key %.*s): %s",
                 m->len, p->client.api.rd_kafka_topic_name(m->rkt),
                 m->key ? (int)(m->key_len < 80 ? m->key_len : 80) : 4,
                 m->key ? (const char *)m->key : "none", words);
    mt_kafka_note(&p->client, m->err, words);
}

static mt_code fill_producer(mt_ctx *cx, producer *p, const mt_producer_options *options)
{
    mt_kafka_setup setup = {options->url, options->settings_path, preset, fixed};
    MT_TRY(mt_kafka_client_init(cx, &p->client));
    p->client.owner = p;
    MT_TRY(mt_kafka_client_configure(cx, &p->client, &setup));
    p->client.api.rd_kafka_conf_set_dr_msg_cb(p->client.conf, hear_delivery);
    p->sent_total = mt_metric_counter(options->metrics, "merit_stream_acknowledged_total",
                                      "Messages that the broker has acknowledged.", NULL);
    p->failed_total = mt_metric_counter(options->metrics, "merit_stream_unacknowledged_total",
                                        "Messages that the broker did not take.", NULL);
    return mt_kafka_client_start(cx, &p->client, RD_KAFKA_PRODUCER);
}

mt_code mt_kafka_producer_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                               const mt_stream_backend *backend)
{
    producer *p = calloc(1, sizeof *p);
    if (!p) return mt_fail(cx, MT_E_MEMORY, "memory ran out while a Kafka producer was opened");
    p->base.backend = backend;
    mt_code code = fill_producer(cx, p, options);
    if (code == MT_OK) {
        *out = &p->base;
    } else {
        mt_kafka_producer_close(&p->base);
    }
    return code;
}

void mt_kafka_producer_close(mt_producer *base)
{
    producer *p = (producer *)base;
    const mt_kafka_api *api = &p->client.api;
    for (size_t k = 0; k < p->n_topic; k++) {
        api->rd_kafka_topic_destroy(p->topic[k].handle);
        free(p->topic[k].name);
    }
    if (p->client.log) api->rd_kafka_queue_destroy(p->client.log);
    if (p->client.rk) {
        api->rd_kafka_purge(p->client.rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        api->rd_kafka_destroy(p->client.rk);
    }
    mt_kafka_client_close(&p->client);
    free(p->topic);
    free(p);
}

static mt_code add_topic(mt_ctx *cx, producer *p, const char *name)
{
    const mt_kafka_api *api = &p->client.api;
    struct topic *topic = realloc(p->topic, (p->n_topic + 1) * sizeof *topic);
    if (topic) p->topic = topic;
    char *copy = strdup(name);
    rd_kafka_topic_t *handle = topic && copy ? api->rd_kafka_topic_new(p->client.rk, name, NULL) : NULL;
    if (!handle) {
        free(copy);
        return mt_fail(cx, MT_E_INPUT, "the topic %s cannot be written to: %s", name,
                       api->rd_kafka_err2str(api->rd_kafka_last_error()));
    }
    p->topic[p->n_topic++] = (struct topic){handle, copy};
    return MT_OK;
}

static mt_code find_topic(mt_ctx *cx, producer *p, const char *name)
{
    size_t k = 0;
    if (!name || !*name) return mt_fail(cx, MT_E_INPUT, "no topic is named for a message");
    while (k < p->n_topic && strcmp(p->topic[k].name, name) != 0) k++;
    if (k == p->n_topic) MT_TRY(add_topic(cx, p, name));
    struct topic found = p->topic[k];
    p->topic[k] = p->topic[0];
    p->topic[0] = found;
    return MT_OK;
}

/* Delivery reports and errors; waits at most `wait_ms` for one. */
static mt_code serve(mt_ctx *cx, producer *p, int wait_ms)
{
    p->client.api.rd_kafka_poll(p->client.rk, wait_ms);
    MT_TRY(mt_ctx_check(cx));
    return mt_kafka_check(cx, &p->client);
}

mt_code mt_kafka_producer_send(mt_ctx *cx, mt_producer *base, const char *topic, mt_text key, mt_text value)
{
    producer *p = (producer *)base;
    const mt_kafka_api *api = &p->client.api;
    MT_TRY(find_topic(cx, p, topic));
    if (p->sent % SERVE_EVERY == 0) MT_TRY(serve(cx, p, 0));
    while (api->rd_kafka_produce(p->topic[0].handle, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                                 (void *)(uintptr_t)value.at, value.length, key.at, key.length, NULL) != 0) {
        rd_kafka_resp_err_t error = api->rd_kafka_last_error();
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            mt_kafka_note(&p->client, error, api->rd_kafka_err2str(error));
            MT_TRY(mt_kafka_check(cx, &p->client));
            return mt_fail(cx, MT_E_INPUT, "a message of %zu bytes for the topic %s cannot be sent: %s",
                           value.length, topic, api->rd_kafka_err2str(error));
        }
        MT_TRY(serve(cx, p, SLICE_MS));
    }
    p->sent++;
    return MT_OK;
}

mt_code mt_kafka_producer_flush(mt_ctx *cx, mt_producer *base)
{
    producer *p = (producer *)base;
    mt_code code = MT_OK;
    while (p->client.api.rd_kafka_flush(p->client.rk, SLICE_MS) == RD_KAFKA_RESP_ERR__TIMED_OUT)
        MT_TRY(serve(cx, p, 0));
    if (p->failed > 0)
        code = mt_fail(cx, p->late > 0 ? MT_E_IO : MT_E_REMOTE,
                       "%llu of the messages were not acknowledged, first %s", (unsigned long long)p->failed,
                       p->failure);
    p->failed = p->late = 0;
    return code == MT_OK ? serve(cx, p, 0) : code;
}
