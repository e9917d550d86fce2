/* A client of a Kafka cluster, whatever it does there: configuration, log, and what its errors mean.
 *
 * Purpose   Reads url and settings file into the library's configuration, keeps its log lines for our
 *           thread and sorts its errors: those that pass (a broker is away) and those that stay (it refuses).
 * Errors    MT_E_INPUT  a url or setting that the library does not know, in its words, or one that belongs
 *           to Merit;  MT_E_REMOTE  see mt_kafka_check.
 * Ownership mt_kafka_client_init/_close around everything else; mt_kafka_client_start makes `rk`, which the
 *           owner ends with its own kind of goodbye before the close.
 */
#ifndef MT_STREAM_KAFKA_CLIENT_H
#define MT_STREAM_KAFKA_CLIENT_H

#include "base/metric.h"
#include "stream/kafka/api.h"
#include "stream/words.h"

MT_BEGIN_DECLS

typedef struct mt_kafka_setting {
    const char *name, *value;
} mt_kafka_setting;

typedef struct mt_kafka_client {
    mt_kafka_api api;
    rd_kafka_conf_t *conf; /* until the start */
    rd_kafka_t *rk;        /* NULL before */
    rd_kafka_queue_t *log; /* what the library says */
    mt_words words;
    void *owner;    /* for callbacks, which get the client */
    bool away;      /* no broker could be reached */
    bool forwarded; /* events come with the consumer's messages */
    rd_kafka_resp_err_t refused;
    char refusal[512];
    char *cluster; /* its id, once known */
} mt_kafka_client;

MT_MUST_USE mt_code mt_kafka_client_init(mt_ctx *cx, mt_kafka_client *client);
void mt_kafka_client_close(mt_kafka_client *client);

/* Own defaults, then the user's file, then what must be so: `fixed` settings may not stand in the file. */
typedef struct mt_kafka_setup {
    const char *url; /* "kafka://…" */
    const char *settings_path;
    const mt_kafka_setting *preset, *fixed; /* up to a NULL name; a NULL value is set by the owner */
} mt_kafka_setup;

MT_MUST_USE mt_code mt_kafka_client_configure(mt_ctx *cx, mt_kafka_client *client,
                                              const mt_kafka_setup *setup);

MT_MUST_USE mt_code mt_kafka_client_set(mt_ctx *cx, mt_kafka_client *client, const char *name,
                                        const char *value);
MT_MUST_USE mt_code mt_kafka_client_start(mt_ctx *cx, mt_kafka_client *client, rd_kafka_type_t type);

/* Sorts an error of the library: sets `away` or `refused`. */
void mt_kafka_note(mt_kafka_client *client, rd_kafka_resp_err_t error, const char *words);

/* Logs what the library says. MT_E_REMOTE once the cluster has refused for good. */
MT_MUST_USE mt_code mt_kafka_check(mt_ctx *cx, mt_kafka_client *client);

/* "kafka:" and the cluster's id, in cx; waits for a cluster that is away. */
MT_MUST_USE mt_code mt_kafka_client_title(mt_ctx *cx, mt_kafka_client *client, const char **out);

MT_END_DECLS
#endif
