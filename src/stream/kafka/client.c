/* A client of a Kafka cluster, whatever it does there: configuration, log, and what its errors mean. */
#include "stream/kafka/client.h"

#include "stream/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 100 };

/* What does not go away by waiting. */
static const rd_kafka_resp_err_t lasting[] = {
    RD_KAFKA_RESP_ERR__AUTHENTICATION,
    RD_KAFKA_RESP_ERR__FATAL,
    RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
    RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
    RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
    RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
};

/* --- what the library says --------------------------------------------------------------------------- */

/* Levels are syslog's. A broker that is away is an error to the library and none to us. */
static mt_log_level level_of(int level)
{
    return level <= 2 ? MT_LOG_ERROR : level <= 4 ? MT_LOG_WARN : level <= 6 ? MT_LOG_INFO : MT_LOG_DEBUG;
}

static void log_words(mt_ctx *cx, mt_kafka_client *client)
{
    rd_kafka_event_t *event;
    const char *facility, *text;
    int level;
    while ((event = client->api.rd_kafka_queue_poll(client->log, 0)) != NULL) {
        if (client->api.rd_kafka_event_log(event, &facility, &text, &level) == 0)
            mt_words_say(&client->words, level_of(level), "Kafka", text);
        client->api.rd_kafka_event_destroy(event);
    }
    mt_words_log(cx, &client->words);
}

static void hear_error(rd_kafka_t *rk, int error, const char *reason, void *opaque)
{
    (void)rk;
    mt_kafka_note(opaque, (rd_kafka_resp_err_t)error, reason);
}

void mt_kafka_note(mt_kafka_client *client, rd_kafka_resp_err_t error, const char *words)
{
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        if (!client->away)
            mt_words_say(&client->words, MT_LOG_WARN, "Kafka", "no broker can be reached: waiting");
        client->away = true;
    }
    for (size_t k = 0; k < sizeof lasting / sizeof *lasting && !client->refused; k++) {
        if (error != lasting[k]) continue;
        client->refused = error;
        snprintf(client->refusal, sizeof client->refusal, "%s", words);
        if (error == RD_KAFKA_RESP_ERR__FATAL)
            client->api.rd_kafka_fatal_error(client->rk, client->refusal, sizeof client->refusal);
    }
}

/* Once in a second the library tells how its connections are; nothing else says that a broker is back. */
static int hear_statistics(rd_kafka_t *rk, char *json, size_t n, void *opaque)
{
    mt_kafka_client *client = opaque;
    (void)rk;
    (void)n;
    if (client->away && strstr(json, "\"state\":\"UP\"")) {
        client->away = false;
        mt_words_say(&client->words, MT_LOG_INFO, "Kafka", "the brokers are back");
    }
    return 0; /* the library frees the text */
}

mt_code mt_kafka_check(mt_ctx *cx, mt_kafka_client *client)
{
    log_words(cx, client);
    if (!client->refused) return MT_OK;
    return mt_fail(cx, MT_E_REMOTE, "the Kafka cluster refuses: %s", client->refusal);
}

/* --- configuration ----------------------------------------------------------------------------------- */

mt_code mt_kafka_client_init(mt_ctx *cx, mt_kafka_client *client)
{
    memset(client, 0, sizeof *client);
    MT_TRY(mt_kafka_load(cx, &client->api, NULL));
    mt_words_open(&client->words);
    client->conf = client->api.rd_kafka_conf_new();
    client->api.rd_kafka_conf_set_opaque(client->conf, client);
    client->api.rd_kafka_conf_set_error_cb(client->conf, hear_error);
    client->api.rd_kafka_conf_set_stats_cb(client->conf, hear_statistics);
    return MT_OK;
}

void mt_kafka_client_close(mt_kafka_client *client)
{
    if (!client->api.library) return;
    if (client->conf) client->api.rd_kafka_conf_destroy(client->conf);
    free(client->cluster);
    mt_words_close(&client->words);
    mt_kafka_unload(&client->api);
}

/* The library's words may quote the value, which may be a password: then they are not shown. */
mt_code mt_kafka_client_set(mt_ctx *cx, mt_kafka_client *client, const char *name, const char *value)
{
    char words[256];
    rd_kafka_conf_res_t result =
        client->api.rd_kafka_conf_set(client->conf, name, value, words, sizeof words);
    if (result == RD_KAFKA_CONF_OK) return MT_OK;
    if (result == RD_KAFKA_CONF_UNKNOWN || !*value || !strstr(words, value))
        return mt_fail(cx, MT_E_INPUT, "the Kafka client does not take the setting %s: %s", name, words);
    return mt_fail(cx, MT_E_INPUT, "the Kafka client does not take the value of the setting %s", name);
}

struct taker {
    mt_kafka_client *client;
    const mt_kafka_setup *setup;
};

static mt_code take_setting(mt_ctx *cx, void *arg, const char *name, const char *value)
{
    const struct taker *taker = arg;
    for (const mt_kafka_setting *fixed = taker->setup->fixed; fixed->name; fixed++) {
        if (strcmp(fixed->name, name) == 0)
            return mt_fail(cx, MT_E_INPUT, "the setting %s belongs to Merit: leave it out", name);
    }
    return mt_kafka_client_set(cx, taker->client, name, value);
}

static mt_code set_all(mt_ctx *cx, mt_kafka_client *client, const mt_kafka_setting *setting)
{
    for (; setting->name; setting++) {
        if (setting->value) MT_TRY(mt_kafka_client_set(cx, client, setting->name, setting->value));
    }
    return MT_OK;
}

static mt_code set_brokers(mt_ctx *cx, mt_kafka_client *client, const char *url)
{
    const char *brokers = url + strlen("kafka://");
    if (strchr(brokers, '@'))
        return mt_fail(cx, MT_E_INPUT,
                       "kafka://…: names and passwords stand in the settings file, not in the url");
    size_t n = strcspn(brokers, "/");
    if (n == 0 || brokers[n + (brokers[n] == '/')])
        return mt_fail(cx, MT_E_INPUT,
                       "%s: right would be kafka://HOST:PORT,HOST:PORT; topics are named apart", url);
    MT_TRY(mt_text_copy(cx, &brokers, (mt_text){brokers, n}));
    return mt_kafka_client_set(cx, client, "bootstrap.servers", brokers);
}

mt_code mt_kafka_client_configure(mt_ctx *cx, mt_kafka_client *client, const mt_kafka_setup *setup)
{
    struct taker taker = {client, setup};
    MT_TRY(set_all(cx, client, setup->preset));
    if (setup->settings_path) MT_TRY(mt_settings_read(cx, setup->settings_path, take_setting, &taker));
    MT_TRY(set_all(cx, client, setup->fixed));
    MT_TRY(mt_kafka_client_set(cx, client, "log.queue", "true"));
    MT_TRY(mt_kafka_client_set(cx, client, "statistics.interval.ms", "1000"));
    return set_brokers(cx, client, setup->url);
}

mt_code mt_kafka_client_start(mt_ctx *cx, mt_kafka_client *client, rd_kafka_type_t type)
{
    char words[512];
    client->rk = client->api.rd_kafka_new(type, client->conf, words, sizeof words);
    if (!client->rk) return mt_fail(cx, MT_E_INPUT, "the Kafka client does not start: %s", words);
    client->conf = NULL; /* the library's now */
    client->log = client->api.rd_kafka_queue_new(client->rk);
    client->api.rd_kafka_set_log_queue(client->rk, client->log);
    return MT_OK;
}

/* --- its name ---------------------------------------------------------------------------------------- */

mt_code mt_kafka_client_title(mt_ctx *cx, mt_kafka_client *client, const char **out)
{
    while (!client->cluster) {
        char *id = client->api.rd_kafka_clusterid(client->rk, SLICE_MS);
        if (id) {
            client->cluster = strdup(id);
            client->api.rd_kafka_mem_free(client->rk, id);
            if (!client->cluster) return mt_fail(cx, MT_E_MEMORY, "no memory for the cluster's id");
        }
        if (!client->forwarded) client->api.rd_kafka_poll(client->rk, 0);
        MT_TRY(mt_ctx_check(cx));
        MT_TRY(mt_kafka_check(cx, client));
    }
    return mt_text_format(cx, out, "kafka:%s", client->cluster);
}
