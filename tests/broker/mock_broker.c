/* A Kafka cluster for tests, in a process of its own: librdkafka's mock, told what to do line by line.
 *
 * Purpose   mock_broker [BROKERS] prints "bootstrap HOST:PORT,…" when it is ready, then reads commands
 *           and answers each with "ok" or "no: REASON"; it ends with its input. API and error are the
 *           numbers of the Kafka protocol: 0 produce, 1 fetch, 3 metadata, 8 offset commit, 10 find
 *           coordinator, 11 join, 12 heartbeat, 14 sync; error 3 unknown topic, 6 not the leader, 27
 *           rebalance in progress, …
 *
 *               topic NAME PARTS          makes a topic
 *               topic_error NAME ERROR    every answer about the topic says so; 0: no more
 *               down ID | up ID           takes a broker away and brings it back; 0: all
 *               leader NAME PART ID       moves a partition's leader
 *               error API ERROR COUNT     the next COUNT requests of this kind fail
 *               clear API                 no more errors of this kind
 *               rtt ID MS                 every answer of a broker comes so late
 *
 *           It keeps about 5 MB a partition and drops what is older.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

enum { WORDS = 4, ERRORS_MAX = 1000 };

typedef struct mock {
    rd_kafka_mock_cluster_t *cluster;
    int brokers;
} mock;

typedef rd_kafka_resp_err_t broker_fn(rd_kafka_mock_cluster_t *cluster, int32_t id);

static rd_kafka_resp_err_t each_broker(const mock *m, broker_fn *call, int id)
{
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int k = 1; k <= m->brokers && !error; k++) {
        if (id == 0 || id == k) error = call(m->cluster, k);
    }
    return error;
}

static rd_kafka_resp_err_t push_errors(const mock *m, int api, int error, int count)
{
    rd_kafka_resp_err_t errors[ERRORS_MAX];
    int n = count < ERRORS_MAX ? count : ERRORS_MAX;
    for (int k = 0; k < n; k++) errors[k] = (rd_kafka_resp_err_t)error;
    rd_kafka_mock_push_request_errors_array(m->cluster, (int16_t)api, (size_t)n, errors);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static int number(const char *word)
{
    return (int)strtol(word, NULL, 10);
}

static rd_kafka_resp_err_t obey(const mock *m, char *const word[WORDS])
{
    const char *verb = word[0];
    if (strcmp(verb, "topic") == 0)
        return rd_kafka_mock_topic_create(m->cluster, word[1], number(word[2]), 1);
    if (strcmp(verb, "down") == 0) return each_broker(m, rd_kafka_mock_broker_set_down, number(word[1]));
    if (strcmp(verb, "up") == 0) return each_broker(m, rd_kafka_mock_broker_set_up, number(word[1]));
    if (strcmp(verb, "leader") == 0)
        return rd_kafka_mock_partition_set_leader(m->cluster, word[1], number(word[2]), number(word[3]));
    if (strcmp(verb, "error") == 0) return push_errors(m, number(word[1]), number(word[2]), number(word[3]));
    if (strcmp(verb, "rtt") == 0)
        return rd_kafka_mock_broker_set_rtt(m->cluster, number(word[1]), number(word[2]));
    if (strcmp(verb, "topic_error") == 0) {
        rd_kafka_mock_topic_set_error(m->cluster, word[1], (rd_kafka_resp_err_t)number(word[2]));
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    if (strcmp(verb, "clear") == 0) {
        rd_kafka_mock_clear_request_errors(m->cluster, (int16_t)number(word[1]));
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL;
}

static void split(char *line, char *word[WORDS])
{
    static char none[] = "";
    char *rest = line;
    for (int k = 0; k < WORDS; k++) {
        word[k] = rest && *rest ? rest : none;
        rest = rest ? strpbrk(rest, " \n") : NULL;
        if (rest) *rest++ = 0;
    }
}

int main(int argc, char **argv)
{
    char line[512], *word[WORDS], reason[256];
    mock m = {.brokers = argc > 1 ? number(argv[1]) : 1};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "client.id", "mock", reason, sizeof reason);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    m.cluster = rk ? rd_kafka_mock_cluster_new(rk, m.brokers) : NULL;
    if (!m.cluster) return 1;
    printf("bootstrap %s\n", rd_kafka_mock_cluster_bootstraps(m.cluster));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        split(line, word);
        rd_kafka_resp_err_t error = obey(&m, word);
        if (error)
            printf("no: %s\n", rd_kafka_err2str(error));
        else
            printf("ok\n");
        fflush(stdout);
    }
    rd_kafka_mock_cluster_destroy(m.cluster);
    rd_kafka_destroy(rk);
    return 0;
}
