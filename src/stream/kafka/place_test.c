/* Tests of a Kafka reader's places and settings: what is gone is told, what is wrong is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/kafka/api.h"
#include "stream/kafka/cluster_case.h"

static cluster the_cluster;

/* --- places -------------------------------------------------------------------------------------------- */

/* The mock keeps about 5 MB a partition, so that 9 MB leave the first place behind. */
static void kafka__place_that_the_broker_has_removed_is_told_and_reading_goes_on_at_the_oldest(void **state)
{
    enum { BIG = 100000, COUNT = 90 };
    cluster *c = &the_cluster;
    (void)state;
    session s;
    char *big = calloc(1, BIG), command[128];
    mt_messages got = {.n = 0};
    begin(&s, "retention");
    snprintf(command, sizeof command, "topic %s 1", s.topic);
    testing_say(&c->part, command);
    open_producer(&s, c);
    assert_int_equal(getrandom(big, BIG, 0), BIG); /* nothing to compress */
    for (int k = 0; k < COUNT; k++) {
        TESTING_OK(&s.cx, mt_producer_send(&s.cx, s.producer, s.topic, mt_text_of("k"), (mt_text){big, BIG}));
    }
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    s.places.at[testing_place(&s.places, s.topic, 0)].next = 1;
    open_stream(&s, c);
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (got.n == 0 && mt_stream_monotonic_us() < until)
        TESTING_OK(&s.cx, mt_stream_poll(&s.cx, s.stream, &got, 1, 100000));
    assert_int_equal(got.n, 1);
    assert_true(got.at->position > 1);
    if (!strstr(s.log.text, "(retention)")) fail_msg("the log does not tell it: %s", s.log.text);
    end(&s);
    free(big);
}

static void kafka__place_behind_the_end_is_told_and_lag_is_measured(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    mt_messages got = {.n = 0};
    char label[192];
    begin(&s, "behind");
    open_producer(&s, c);
    send_numbers(&s, 0, 1000);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    for (int part = 0; part < PARTS; part++) s.places.at[testing_place(&s.places, s.topic, part)].next = 5000;
    open_stream(&s, c);
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (got.n == 0 && mt_stream_monotonic_us() < until)
        TESTING_OK(&s.cx, mt_stream_poll(&s.cx, s.stream, &got, 1, 100000));
    assert_int_equal(got.n, 1);
    assert_int_equal(got.at->position, 0);
    if (!strstr(s.log.text, "ends before the kept place 5000"))
        fail_msg("the log does not tell it: %s", s.log.text);
    double lag = 0;
    for (int k = 0; k < 30; k++) { /* the gauges are set once in a second */
        TESTING_OK(&s.cx, mt_stream_poll(&s.cx, s.stream, &got, 1, 1000));
        testing_sleep_ms(50);
    }
    for (int part = 0; part < PARTS; part++) {
        snprintf(label, sizeof label, "group=\"%s\",topic=\"%s\",part=\"%d\"", s.topic, s.topic, part);
        lag += mt_metric_value(mt_metric_gauge(s.metrics, "merit_stream_lag_messages", "", label));
    }
    assert_true(lag > 0 && lag <= 999);
    end(&s);
}

static mt_code refuse_place(mt_ctx *cx, void *arg, mt_position *position, size_t n)
{
    (void)arg;
    (void)position;
    (void)n;
    return mt_fail(cx, MT_E_IO, "the store is gone");
}

static void kafka__stops_when_its_reader_knows_no_place(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    mt_messages got;
    mt_code code = MT_OK;
    begin(&s, "stop");
    open_producer(&s, c);
    send_numbers(&s, 0, 10);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    const char *topic = s.topic;
    mt_stream_options options = {.size = sizeof options,
                                 .url = c->url,
                                 .topic = &topic,
                                 .n_topic = 1,
                                 .group = topic,
                                 .events = {.assigned = refuse_place}};
    TESTING_OK(&s.cx, mt_stream_open(&s.cx, &s.stream, &options));
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (code == MT_OK && mt_stream_monotonic_us() < until)
        code = mt_stream_poll(&s.cx, s.stream, &got, 10, 100000);
    assert_int_equal(code, MT_E_IO);
    assert_string_equal(s.cx.err, "the store is gone");
    assert_int_equal(mt_stream_poll(&s.cx, s.stream, &got, 10, 1000), MT_E_IO);
    end(&s);
}

/* --- settings ------------------------------------------------------------------------------------------ */

static void expect_setting(const cluster *c, const char *text, const char *words)
{
    mt_ctx cx;
    mt_stream *stream = NULL;
    char path[96];
    const char *topic = "x";
    mt_ctx_init(&cx, NULL);
    snprintf(path, sizeof path, "%s/wrong.conf", c->dir);
    testing_write_file(path, text);
    mt_stream_options options = {
        .size = sizeof options, .url = c->url, .topic = &topic, .n_topic = 1, .settings_path = path};
    assert_int_equal(mt_stream_open(&cx, &stream, &options), MT_E_INPUT);
    if (!strstr(cx.err, words)) fail_msg("'%s' does not say '%s'", cx.err, words);
    if (!strstr(cx.err, "wrong.conf: line 1")) fail_msg("'%s' does not name the line", cx.err);
    assert_null(strstr(cx.err, "secret"));
    mt_ctx_close(&cx);
}

static void kafka__settings_are_the_librarys_and_their_values_stay_secret(void **state)
{
    const cluster *c = &the_cluster;
    (void)state;
    expect_setting(c, "no.such.thing=secret", "no.such.thing");
    expect_setting(c, "security.protocol=secret", "the value of the setting security.protocol");
    expect_setting(c, "group.id=secret", "group.id belongs to Merit");
    expect_setting(c, "enable.auto.commit=true", "belongs to Merit");
}

static void kafka__missing_library_names_the_package(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_kafka_api api;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_kafka_load(&cx, &api, "/nowhere/librdkafka.so.1"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "Debian package librdkafka1"));
    assert_int_equal(mt_kafka_load(&cx, &api, "libc.so.6"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "has no function rd_kafka_"));
    mt_ctx_close(&cx);
}

static int run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kafka__settings_are_the_librarys_and_their_values_stay_secret),
        cmocka_unit_test(kafka__missing_library_names_the_package),
        cmocka_unit_test(kafka__place_that_the_broker_has_removed_is_told_and_reading_goes_on_at_the_oldest),
        cmocka_unit_test(kafka__place_behind_the_end_is_told_and_lag_is_measured),
        cmocka_unit_test(kafka__stops_when_its_reader_knows_no_place),
    };
    return cmocka_run_group_tests_name("Kafka places", tests, NULL, NULL);
}

int main(void)
{
    return run_on_cluster(&the_cluster, run, false);
}
