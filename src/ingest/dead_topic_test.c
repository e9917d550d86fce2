/* Dead letters on a topic whose broker refuses them or is away: the stream goes on, or waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ingest/testing.h"
#include "stream/testing.h"

#include <pthread.h>

enum { TOO_LARGE = 10, NOT_LEADER = 6, NOT_ALLOWED = 29 }; /* of the Kafka protocol */

struct scene {
    reading r;
    testing_part part;
    testing_log log;
    mt_metrics *metrics;
    char topic[64], dead[64], url[300], settings[96];
    const char *topics[1];
};

static void send_lines(struct scene *s, int good, int bad)
{
    mt_ctx cx;
    mt_producer *producer = NULL;
    const mt_producer_options options = {.size = sizeof options, .url = s->url};
    testing_ctx(&cx, NULL);
    TESTING_OK(&cx, mt_producer_open(&cx, &producer, &options));
    for (int k = 0; k < good + bad; k++) {
        char text[80];
        snprintf(text, sizeof text, k < good ? "{\"t\":%d,\"site\":\"a\",\"v\":1}" : "%d is no reading",
                 1700000000 + k);
        TESTING_OK(&cx, mt_producer_send(&cx, producer, s->topic, (mt_text){NULL, 0}, mt_text_of(text)));
    }
    TESTING_OK(&cx, mt_producer_flush(&cx, producer));
    mt_producer_close(producer);
    mt_ctx_close(&cx);
}

/* A stream with 20 readings and 3 messages that are none. */
static bool begin(struct scene *s, testing *t, const char *name)
{
    memset(s, 0, sizeof *s);
    reading_open(&s->r, t, name);
    if (!testing_start_mock(&s->part, "1")) return false;
    snprintf(s->url, sizeof s->url, "kafka://%s", s->part.address);
    snprintf(s->settings, sizeof s->settings, "%s/client.conf", t->dir);
    testing_write_file(s->settings, "message.timeout.ms=400\nretry.backoff.ms=50\n");
    snprintf(s->topic, sizeof s->topic, "%s", name);
    snprintf(s->dead, sizeof s->dead, "%s-dead", name);
    s->topics[0] = s->topic;
    char say[120];
    snprintf(say, sizeof say, "topic %s 1", s->topic);
    testing_say(&s->part, say);
    snprintf(say, sizeof say, "topic %s 1", s->dead);
    testing_say(&s->part, say);
    send_lines(s, 20, 3);
    mt_ctx_close(&s->r.cx);
    testing_ctx(&s->r.cx, &s->log);
    assert_int_equal(mt_metrics_open(&s->r.cx, &s->metrics), MT_OK);
    mt_consume_options *o = &s->r.options;
    o->stream.url = s->url;
    o->stream.topic = s->topics;
    o->stream.n_topic = 1;
    o->stream.settings_path = s->settings;
    o->dead_topic = s->dead;
    o->metrics = s->metrics;
    s->r.cx.options.deadline_us = reading_clock(NULL) + 20000000;
    return true;
}

static void end(struct scene *s)
{
    testing_stop(&s->part, SIGKILL);
    mt_metrics_close(s->metrics);
    reading_close(&s->r);
}

#define BEGIN(s, t, name)                                                                                    \
    do {                                                                                                     \
        if (!begin((s), (t), (name))) {                                                                      \
            print_message("skipped: the mock broker is not built\n");                                        \
            reading_close(&(s)->r);                                                                          \
            skip();                                                                                          \
        }                                                                                                    \
    } while (0)

static double untold(const struct scene *s)
{
    char label[80];
    snprintf(label, sizeof label, "group=\"%s\"", s->r.name);
    return mt_metric_value(mt_metric_counter(s->metrics, "merit_consume_dead_untold_total", "", label));
}

static int64_t letters(const struct scene *s)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE topic = '%s'",
             s->topic);
    return testing_count(s->r.t, sql);
}

static void run_refused(testing *t, const char *name, int error)
{
    static struct scene s;
    char say[80];
    BEGIN(&s, t, name);
    snprintf(say, sizeof say, "error 0 %d 100", error);
    testing_say(&s.part, say);
    s.r.options.batch_max = 21; /* the letters of two batches are refused */
    reading_run(&s.r);
    assert_int_equal(s.r.counts.messages, 23);
    assert_int_equal(s.r.counts.dead, 3);
    assert_int_equal(letters(&s), 3);
    assert_int_equal(reading_count(&s.r, "count(*)"), 20);
    assert_true(untold(&s) >= 2);
    const char *said = strstr(s.log.text, "kept in the table only");
    assert_non_null(said);
    assert_null(strstr(said + 1, "kept in the table only")); /* once a minute */
    end(&s);
}

static void dead_topic__a_letter_that_is_too_large_for_the_broker_stops_nothing(void **state)
{
    run_refused(*state, "large", TOO_LARGE);
}

static void dead_topic__a_topic_that_may_not_be_written_stops_nothing(void **state)
{
    run_refused(*state, "secret", NOT_ALLOWED);
}

static void *clear_soon(void *arg)
{
    struct scene *s = arg;
    testing_sleep_ms(4000);
    testing_say(&s->part, "clear 0");
    return NULL;
}

/* Nobody answers for longer than a message waits: the batch is kept until somebody does. */
static void dead_topic__a_broker_that_is_away_is_waited_for(void **state)
{
    static struct scene s;
    pthread_t thread;
    BEGIN(&s, *state, "silent");
    char say[80];
    snprintf(say, sizeof say, "error 0 %d 1000", NOT_LEADER);
    testing_say(&s.part, say);
    assert_int_equal(pthread_create(&thread, NULL, clear_soon, &s), 0);
    reading_run(&s.r);
    pthread_join(thread, NULL);
    assert_int_equal(s.r.counts.messages, 23);
    assert_true(s.r.counts.retries > 0);
    assert_int_equal(untold(&s), 0);
    assert_int_equal(letters(&s), 3);
    end(&s);
}

/* One engine is enough: the topic is no matter of the store. */
int main(void)
{
    testing t;
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(dead_topic__a_letter_that_is_too_large_for_the_broker_stops_nothing, &t),
        cmocka_unit_test_prestate(dead_topic__a_topic_that_may_not_be_written_stops_nothing, &t),
        cmocka_unit_test_prestate(dead_topic__a_broker_that_is_away_is_waited_for, &t),
    };
    int failed = 1;
    if (testing_begin(&t, &mt_backend_duckdb) && testing_set_up(&t) == 0)
        failed = cmocka_run_group_tests_name("dead letters on a topic", tests, NULL, NULL);
    testing_end(&t);
    return failed;
}
