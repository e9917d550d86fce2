/* What tests of Kafka streams share: a mock cluster, and a session that writes numbers and counts them.
 *
 * Purpose   Included by tests only, after cmocka.h.
 */
#ifndef MT_STREAM_KAFKA_CLUSTER_CASE_H
#define MT_STREAM_KAFKA_CLUSTER_CASE_H

#include "stream/places_case.h"

enum { PATIENCE_US = 25000000, MANY = 2000, PARTS = 4 };

typedef struct cluster {
    testing_part part;
    char dir[64], url[300], settings[96];
} cluster;

typedef struct session {
    mt_ctx cx;
    testing_log log;
    testing_places places;
    mt_metrics *metrics;
    mt_stream *stream;
    mt_producer *producer;
    char topic[64];
    bool seen[MANY];
    int n, twice;
} session;

TESTING void begin(session *s, const char *stem)
{
    memset(s, 0, sizeof *s);
    testing_ctx(&s->cx, &s->log);
    testing_name(s->topic, stem);
    TESTING_OK(&s->cx, mt_metrics_open(&s->cx, &s->metrics));
}

TESTING void end(session *s)
{
    mt_stream_close(s->stream);
    mt_producer_close(s->producer);
    mt_metrics_close(s->metrics);
    mt_ctx_close(&s->cx);
}

TESTING void open_stream(session *s, const cluster *c)
{
    const char *topic = s->topic;
    mt_stream_options options = {.size = sizeof options,
                                 .url = c->url,
                                 .topic = &topic,
                                 .n_topic = 1,
                                 .group = topic,
                                 .settings_path = c->settings,
                                 .events = {testing_assigned, testing_revoked, &s->places},
                                 .metrics = s->metrics};
    TESTING_OK(&s->cx, mt_stream_open(&s->cx, &s->stream, &options));
}

TESTING void open_producer(session *s, const cluster *c)
{
    mt_producer_options options = {.size = sizeof options, .url = c->url};
    TESTING_OK(&s->cx, mt_producer_open(&s->cx, &s->producer, &options));
}

TESTING void send_numbers(session *s, int from, int to)
{
    for (int i = from; i < to; i++) {
        char key[24], text[24];
        snprintf(key, sizeof key, "key%d", i % 16);
        snprintf(text, sizeof text, "%d", i);
        TESTING_OK(&s->cx,
                   mt_producer_send(&s->cx, s->producer, s->topic, mt_text_of(key), mt_text_of(text)));
    }
}

TESTING void take(session *s, const mt_messages *got)
{
    for (size_t k = 0; k < got->n; k++) {
        char text[24];
        snprintf(text, sizeof text, "%.*s", (int)got->at[k].value.length, got->at[k].value.at);
        int64_t i = strtol(text, NULL, 10);
        assert_true(i >= 0 && i < MANY);
        s->twice += s->seen[i];
        s->seen[i] = true;
        s->n++;
        testing_keep(&s->places, &got->at[k]);
    }
}

/* Polls until `n` messages came in all, or patience ends. */
TESTING void read_up_to(session *s, int n)
{
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (s->n < n && mt_stream_monotonic_us() < until) {
        mt_messages got;
        TESTING_OK(&s->cx, mt_stream_poll(&s->cx, s->stream, &got, 500, 100000));
        take(s, &got);
    }
}

TESTING void expect_each_once(session *s)
{
    read_up_to(s, MANY);
    mt_messages got;
    TESTING_OK(&s->cx, mt_stream_poll(&s->cx, s->stream, &got, 500, 300000)); /* nothing more */
    take(s, &got);
    print_message("          %d sent, %d read, %d twice\n", MANY, s->n, s->twice);
    assert_int_equal(s->n, MANY);
    assert_int_equal(s->twice, 0);
}

/* A cluster for the cases of one program, whose exit status is theirs. `real`: a real one may stand in for
 * the mock, which is not told anything then. */
TESTING int run_on_cluster(cluster *c, int (*run)(void), bool real)
{
    int failed = 77;
    testing_make_dir(c->dir);
    snprintf(c->settings, sizeof c->settings, "%s/client.conf", c->dir);
    testing_write_file(c->settings, "reconnect.backoff.max.ms=200\nfetch.error.backoff.ms=50\n");
    if (real ? testing_start_kafka(&c->part) : testing_start_mock(&c->part, "2")) {
        snprintf(c->url, sizeof c->url, "kafka://%s", c->part.address);
        if (getenv("MERIT_TEST_FILTER")) cmocka_set_test_filter(getenv("MERIT_TEST_FILTER"));
        failed = run();
    } else {
        print_message(
            "skipped: the mock broker is not built, or ThreadSanitizer is, which it cannot live with\n");
    }
    testing_stop(&c->part, SIGKILL);
    testing_remove_dir(c->dir);
    return failed;
}

#endif
