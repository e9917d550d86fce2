/* Tests of the door: every kind of stream in list.h keeps the same promises, on real parts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/places_case.h"

#include <pthread.h>

enum { MESSAGES = 1000, PATIENCE_US = 20000000, CANCEL_AFTER_MS = 150, CANCEL_WITHIN_US = 200000 };

typedef struct kind {
    const mt_stream_backend *backend;
    testing_part part;
    char dir[64];
    mt_ctx cx;
    testing_log log;
    bool again; /* another group: the mock cluster hangs when a member leaves and one comes at once */
} kind;

static bool is_kind(const kind *k, const char *name)
{
    return strcmp(k->backend->name, name) == 0;
}

/* --- what the cases are made of ------------------------------------------------------------------------ */

static void make_url(const kind *k, const char *topic, char url[320])
{
    if (is_kind(k, "file"))
        snprintf(url, 320, "file:%s/%s", k->dir, topic);
    else
        snprintf(url, 320, "%s%s", k->backend->prefix, k->part.address);
}

static mt_stream *open_stream(kind *k, const char *topic, testing_places *places, bool until_end)
{
    char url[320];
    mt_stream *stream = NULL;
    make_url(k, topic, url);
    mt_stream_options options = {.size = sizeof options,
                                 .url = url,
                                 .topic = &topic,
                                 .n_topic = is_kind(k, "file") ? 0 : 1,
                                 .group = k->again ? "again" : topic,
                                 .events = {testing_assigned, testing_revoked, places},
                                 .until_end = until_end};
    TESTING_OK(&k->cx, mt_stream_open(&k->cx, &stream, &options));
    return stream;
}

static mt_producer *open_producer(kind *k, const char *topic)
{
    char url[320];
    mt_producer *producer = NULL;
    make_url(k, topic, url);
    mt_producer_options options = {.size = sizeof options, .url = url};
    TESTING_OK(&k->cx, mt_producer_open(&k->cx, &producer, &options));
    return producer;
}

/* A bus keeps messages only for a reader that it knows. */
static void make_known(kind *k, const char *topic)
{
    testing_places places = {.n = 0};
    mt_messages got;
    if (!is_kind(k, "mqtt")) return;
    mt_stream *stream = open_stream(k, topic, &places, false);
    while (mt_stream_state_of(stream) != MT_STREAM_RUNNING)
        TESTING_OK(&k->cx, mt_stream_poll(&k->cx, stream, &got, 1, 100000));
    mt_stream_close(stream);
}

static void produce_numbers(kind *k, const char *topic, int from, int to)
{
    mt_producer *producer = open_producer(k, topic);
    for (int i = from; i < to; i++) {
        char text[24];
        snprintf(text, sizeof text, "%d", i);
        TESTING_OK(&k->cx, mt_producer_send(&k->cx, producer, topic, mt_text_of("key"), mt_text_of(text)));
    }
    TESTING_OK(&k->cx, mt_producer_flush(&k->cx, producer));
    mt_producer_close(producer);
}

/* At most `max` messages that must come soon. */
static mt_messages poll_soon(kind *k, mt_stream *stream, size_t max)
{
    mt_messages got = {.n = 0};
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (got.n == 0 && mt_stream_monotonic_us() < until)
        TESTING_OK(&k->cx, mt_stream_poll(&k->cx, stream, &got, max, 200000));
    if (got.n == 0) fail_msg("nothing came in %d s", PATIENCE_US / 1000000);
    return got;
}

static void commit_place(kind *k, mt_stream *stream, const mt_message *message)
{
    mt_position done = {message->topic.at, message->part, message->next};
    mt_stream_commit(&k->cx, stream, &done, 1);
}

/* Reads and keeps the numbers [from, to), one after the other. */
static void read_numbers(kind *k, mt_stream *stream, testing_places *places, int from, int to)
{
    for (int i = from; i < to;) {
        mt_messages got = poll_soon(k, stream, (size_t)(to - i < 100 ? to - i : 100));
        for (size_t at = 0; at < got.n; at++, i++) {
            char text[24];
            snprintf(text, sizeof text, "%d", i);
            if (!mt_text_equal(got.at[at].value, text))
                fail_msg("%.*s came, %s was next", (int)got.at[at].value.length, got.at[at].value.at, text);
            testing_keep(places, &got.at[at]);
        }
        commit_place(k, stream, &got.at[got.n - 1]);
    }
}

/* --- the promises -------------------------------------------------------------------------------------- */

static void stream__goes_on_exactly_where_its_reader_says(void **state)
{
    kind *k = *state;
    char topic[64];
    testing_places places = {.n = 0};
    testing_name(topic, "resume");
    make_known(k, topic);
    produce_numbers(k, topic, 0, MESSAGES);
    mt_stream *stream = open_stream(k, topic, &places, false);
    read_numbers(k, stream, &places, 0, 437);
    mt_stream_close(stream);
    k->again = is_kind(k, "kafka") && !getenv("MERIT_TEST_KAFKA");
    stream = open_stream(k, topic, &places, false);
    k->again = false;
    read_numbers(k, stream, &places, 437, MESSAGES);
    assert_int_equal(places.n,
                     is_kind(k, "kafka") ? 4 : 1); /* both brokers make four partitions of a topic */
    assert_int_equal(places.lost, 0);
    mt_stream_close(stream);
}

struct stopper {
    mt_ctx *cx;
    int64_t at;
};

static void *stop_soon(void *arg)
{
    struct stopper *stopper = arg;
    testing_sleep_ms(CANCEL_AFTER_MS);
    stopper->at = mt_stream_monotonic_us();
    mt_ctx_cancel(stopper->cx);
    return NULL;
}

static void check_cancel(kind *k, mt_stream *stream)
{
    mt_messages got;
    pthread_t thread;
    mt_ctx cx;
    testing_ctx(&cx, NULL);
    struct stopper stopper = {.cx = &cx};
    (void)k;
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stopper), 0);
    assert_int_equal(mt_stream_poll(&cx, stream, &got, 1, 30000000), MT_E_CANCELLED);
    int64_t taken = mt_stream_monotonic_us();
    pthread_join(thread, NULL);
    assert_true(taken - stopper.at < CANCEL_WITHIN_US);
    mt_ctx_close(&cx);
}

static void check_wait(kind *k, mt_stream *stream)
{
    mt_messages got;
    int64_t start = mt_stream_monotonic_us();
    TESTING_OK(&k->cx, mt_stream_poll(&k->cx, stream, &got, 1, 120000));
    int64_t taken = mt_stream_monotonic_us() - start;
    assert_int_equal(got.n, 0);
    assert_false(got.end);
    assert_true(taken >= 110000 && taken < 400000);
}

static void check_seek(kind *k, mt_stream *stream, testing_places *places)
{
    mt_position to = {NULL, 0, 0};
    for (size_t at = 0; at < places->n; at++) {
        if (places->at[at].next <= 0) continue;
        to = (mt_position){places->at[at].topic, places->at[at].part, 0};
        places->at[at].next = 0;
    }
    TESTING_OK(&k->cx, mt_stream_seek(&k->cx, stream, &to));
    read_numbers(k, stream, places, 0, MESSAGES);
    to.part = 999999999;
    assert_int_equal(mt_stream_seek(&k->cx, stream, &to), MT_E_INPUT);
}

static void stream__keeps_order_waits_no_longer_and_reads_again_where_told(void **state)
{
    kind *k = *state;
    char topic[64];
    const char *name, *again;
    testing_places places = {.n = 0};
    testing_name(topic, "order");
    make_known(k, topic);
    produce_numbers(k, topic, 0, MESSAGES);
    mt_stream *stream = open_stream(k, topic, &places, false);
    read_numbers(k, stream, &places, 0, MESSAGES);
    assert_int_equal(mt_stream_state_of(stream), MT_STREAM_RUNNING);
    assert_int_equal(mt_stream_lag(stream), is_kind(k, "mqtt") ? -1 : 0);
    check_wait(k, stream);
    check_cancel(k, stream);
    TESTING_OK(&k->cx, mt_stream_name(&k->cx, stream, &name));
    TESTING_OK(&k->cx, mt_stream_name(&k->cx, stream, &again));
    assert_string_equal(name, again);
    assert_int_equal(strncmp(name, k->backend->name, strlen(k->backend->name)), 0);
    assert_true(strlen(name) > strlen(k->backend->name) + 1 && name[strlen(k->backend->name)] == ':');
    if (!is_kind(k, "mqtt")) check_seek(k, stream, &places);
    mt_stream_close(stream);
}

static void stream__ends_where_it_ends_now_when_asked_to(void **state)
{
    kind *k = *state;
    char topic[64];
    int n = 0;
    mt_messages got = {.n = 0};
    testing_places places = {.n = 0};
    testing_name(topic, "end");
    make_known(k, topic);
    produce_numbers(k, topic, 0, MESSAGES);
    mt_stream *stream = open_stream(k, topic, &places, true);
    while (!got.end) {
        TESTING_OK(&k->cx, mt_stream_poll(&k->cx, stream, &got, 300, PATIENCE_US));
        assert_true(got.n > 0 || got.end);
        for (size_t at = 0; at < got.n; at++) testing_keep(&places, &got.at[at]);
        if (got.n > 0) commit_place(k, stream, &got.at[got.n - 1]);
        n += (int)got.n;
    }
    assert_int_equal(n, MESSAGES);
    mt_stream_close(stream);
}

/* A key, a message of 900 KB, empty values and, where there are such, missing ones come as they were sent. */
static void stream__gives_bytes_as_they_were_sent(void **state)
{
    enum { BIG = 900000 };
    kind *k = *state;
    char topic[64], *big = malloc(BIG);
    mt_messages got;
    testing_places places = {.n = 0};
    bool kafka = is_kind(k, "kafka");
    assert_non_null(big);
    for (int i = 0; i < BIG; i++) big[i] = (char)('!' + i * 7 % 90);
    const struct {
        mt_text key, value;
    } sent[] = {{{"key", 3}, {big, BIG}},
                {{"key", 3}, {"", 0}},
                {{"key", 3}, {kafka ? "\0\n\xff" : "abc", 3}},
                {{"key", 3}, {kafka ? NULL : "", 0}},
                {{"key", 3}, {"last", 4}}};
    testing_name(topic, "bytes");
    make_known(k, topic);
    mt_producer *producer = open_producer(k, topic);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
        TESTING_OK(&k->cx, mt_producer_send(&k->cx, producer, topic, sent[i].key, sent[i].value));
    TESTING_OK(&k->cx, mt_producer_flush(&k->cx, producer));
    mt_producer_close(producer);
    mt_stream *stream = open_stream(k, topic, &places, false);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        got = poll_soon(k, stream, 1);
        assert_int_equal(got.n, 1);
        assert_string_equal(got.at->topic.at, topic);
        assert_int_equal(got.at->value.length, sent[i].value.length);
        assert_int_equal(got.at->value.at == NULL, sent[i].value.at == NULL);
        if (sent[i].value.at) assert_memory_equal(got.at->value.at, sent[i].value.at, sent[i].value.length);
        if (kafka) assert_true(mt_text_equal(got.at->key, "key"));
        if (!kafka) assert_null(got.at->key.at);
        assert_true(got.at->time != MT_TIME_NONE && llabs(got.at->time - mt_stream_now()) < MT_US_MINUTE);
        testing_keep(&places, got.at);
        commit_place(k, stream, got.at);
    }
    mt_stream_close(stream);
    free(big);
}

/* --- urls ---------------------------------------------------------------------------------------------- */

static void expect_refusal(const char *url, const char *words)
{
    mt_ctx cx;
    mt_stream *stream = NULL;
    mt_stream_options options = {.size = sizeof options, .url = url};
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_stream_open(&cx, &stream, &options), MT_E_INPUT);
    assert_null(stream);
    if (!strstr(cx.err, words)) fail_msg("'%s' does not say '%s'", cx.err, words);
    mt_ctx_close(&cx);
}

static void stream__unknown_kinds_of_url_are_refused_with_the_nearest(void **state)
{
    (void)state;
    expect_refusal("kafak://localhost:9092", "did you mean kafka://HOST:PORT");
    expect_refusal("files:x", "did you mean file:PATH");
    expect_refusal("amqp://user:secret@host", "kafka://HOST:PORT, file:PATH");
    expect_refusal("file:", "names nothing");
    expect_refusal("kafka://", "names nothing");
    expect_refusal(NULL, "no stream is named");
}

static void stream__words_about_a_url_keep_its_password(void **state)
{
    (void)state;
    const char *url[] = {"amqp://user:secret@host", "kafka://user:secret@host:9092",
                         "mqtt://user:secret@host:1883"};
    for (size_t k = 0; k < 3; k++) {
        mt_ctx cx;
        mt_stream *stream = NULL;
        const char *topic = "x";
        mt_stream_options options = {.size = sizeof options, .url = url[k], .topic = &topic, .n_topic = 1};
        mt_ctx_init(&cx, NULL);
        assert_int_equal(mt_stream_open(&cx, &stream, &options), MT_E_INPUT);
        assert_null(strstr(cx.err, "secret"));
        mt_ctx_close(&cx);
    }
}

/* --- the same for every kind --------------------------------------------------------------------------- */

static bool begin(kind *k, const mt_stream_backend *backend)
{
    memset(k, 0, sizeof *k);
    k->backend = backend;
    testing_make_dir(k->dir);
    testing_ctx(&k->cx, &k->log);
    if (is_kind(k, "kafka")) return testing_start_kafka(&k->part);
    if (is_kind(k, "mqtt")) return testing_start_mosquitto(&k->part, k->dir, "");
    return true;
}

static void end(kind *k)
{
    testing_stop(&k->part, SIGKILL);
    mt_ctx_close(&k->cx);
    testing_remove_dir(k->dir);
}

static int run_every_kind(void)
{
    static const mt_stream_backend *const backends[] = {
#define BACKEND_ROW(symbol) &symbol,
        MT_STREAM_LIST(BACKEND_ROW)
#undef BACKEND_ROW
    };
    int failed = 0;
    for (size_t at = 0; at < sizeof backends / sizeof *backends; at++) {
        kind k;
        char title[64];
        if (begin(&k, backends[at])) {
            const struct CMUnitTest tests[] = {
                cmocka_unit_test_prestate(stream__goes_on_exactly_where_its_reader_says, &k),
                cmocka_unit_test_prestate(stream__keeps_order_waits_no_longer_and_reads_again_where_told, &k),
                cmocka_unit_test_prestate(stream__ends_where_it_ends_now_when_asked_to, &k),
                cmocka_unit_test_prestate(stream__gives_bytes_as_they_were_sent, &k),
            };
            snprintf(title, sizeof title, "stream on %s", backends[at]->name);
            failed += _cmocka_run_group_tests(title, tests, sizeof tests / sizeof *tests, NULL, NULL);
        } else {
            print_message(
                "skipped on %s: its broker is not installed, or ThreadSanitizer does not let it start\n",
                backends[at]->name);
        }
        end(&k);
    }
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream__unknown_kinds_of_url_are_refused_with_the_nearest),
        cmocka_unit_test(stream__words_about_a_url_keep_its_password),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL) + run_every_kind();
}
