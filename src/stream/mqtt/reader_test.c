/* Tests of MQTT streams on a real broker: nothing is lost through restarts and crashes, filters, refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/mqtt/api.h"
#include "stream/places_case.h"

#include <pthread.h>

enum { MANY = 1000, PATIENCE_US = 15000000 };

typedef struct bus {
    testing_part part;
    char dir[64], url[300];
    mt_ctx cx;
    testing_log log;
    testing_places places;
    mt_stream *stream;
    mt_producer *producer;
    int count[MANY]; /* how often each number came */
    int n;
} bus;

static bool begin(bus *b, const char *more)
{
    memset(b, 0, sizeof *b);
    testing_make_dir(b->dir);
    testing_ctx(&b->cx, &b->log);
    if (!testing_start_mosquitto(&b->part, b->dir, more)) {
        testing_stop(&b->part, SIGKILL);
        testing_remove_dir(b->dir);
        return false;
    }
    snprintf(b->url, sizeof b->url, "mqtt://%s", b->part.address);
    return true;
}

static void end(bus *b)
{
    mt_stream_close(b->stream);
    mt_producer_close(b->producer);
    mt_ctx_close(&b->cx);
    testing_stop(&b->part, SIGKILL);
    testing_remove_dir(b->dir);
}

#define BEGIN(b, more)                                                                                       \
    do {                                                                                                     \
        if (!begin((b), (more))) {                                                                           \
            print_message("skipped: mosquitto is not installed\n");                                          \
            skip();                                                                                          \
        }                                                                                                    \
    } while (0)

static mt_code open_reader(bus *b, const char *topic, const char *settings)
{
    mt_stream_options options = {.size = sizeof options,
                                 .url = b->url,
                                 .topic = &topic,
                                 .n_topic = 1,
                                 .group = "meters",
                                 .settings_path = settings,
                                 .events = {testing_assigned, testing_revoked, &b->places}};
    return mt_stream_open(&b->cx, &b->stream, &options);
}

static void open_running(bus *b, const char *topic)
{
    mt_messages got = {.n = 0};
    TESTING_OK(&b->cx, open_reader(b, topic, NULL));
    for (int k = 0; k < 100 && mt_stream_state_of(b->stream) != MT_STREAM_RUNNING && got.n == 0; k++)
        TESTING_OK(&b->cx, mt_stream_poll(&b->cx, b->stream, &got, 1, 50000));
    assert_int_equal(got.n, 0);
    assert_int_equal(mt_stream_state_of(b->stream), MT_STREAM_RUNNING);
}

static void send_numbers(bus *b, const char *topic, int from, int to)
{
    mt_producer_options options = {.size = sizeof options, .url = b->url};
    if (!b->producer) TESTING_OK(&b->cx, mt_producer_open(&b->cx, &b->producer, &options));
    for (int i = from; i < to; i++) {
        char text[24];
        snprintf(text, sizeof text, "%d", i);
        TESTING_OK(&b->cx,
                   mt_producer_send(&b->cx, b->producer, topic, (mt_text){NULL, 0}, mt_text_of(text)));
    }
    TESTING_OK(&b->cx, mt_producer_flush(&b->cx, b->producer));
}

static size_t take(bus *b, size_t max, int64_t wait_us, bool commit)
{
    mt_messages got;
    TESTING_OK(&b->cx, mt_stream_poll(&b->cx, b->stream, &got, max, wait_us));
    for (size_t k = 0; k < got.n; k++) {
        char text[24];
        snprintf(text, sizeof text, "%.*s", (int)got.at[k].value.length, got.at[k].value.at);
        b->count[strtol(text, NULL, 10)]++;
        b->n++;
        if (commit) testing_keep(&b->places, &got.at[k]);
        mt_position done = {got.at[k].topic.at, 0, got.at[k].next};
        if (commit) mt_stream_commit(&b->cx, b->stream, &done, 1);
    }
    return got.n;
}

static void read_up_to(bus *b, int n)
{
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (b->n < n && mt_stream_monotonic_us() < until) take(b, 200, 100000, true);
}

static int count_missing(const bus *b, int n)
{
    int missing = 0;
    for (int k = 0; k < n; k++) missing += b->count[k] == 0;
    return missing;
}

static int count_twice(const bus *b, int n)
{
    int twice = 0;
    for (int k = 0; k < n; k++) twice += b->count[k] > 1;
    return twice;
}

static void mqtt__gives_every_message_once_on_a_quiet_day(void **state)
{
    (void)state;
    static bus b;
    BEGIN(&b, "");
    open_running(&b, "site/+/power");
    send_numbers(&b, "site/7/power", 0, MANY);
    read_up_to(&b, MANY);
    take(&b, 10, 200000, true);
    print_message("          %d sent, %d read, %d missing\n", MANY, b.n, count_missing(&b, MANY));
    assert_int_equal(b.n, MANY);
    assert_int_equal(count_missing(&b, MANY), 0);
    assert_string_equal(b.places.at[0].topic, "site/7/power");
    assert_int_equal(b.places.at[0].next, MANY);
    end(&b);
}

static void mqtt__gets_what_was_sent_while_nobody_read(void **state)
{
    (void)state;
    static bus b;
    BEGIN(&b, "");
    open_running(&b, "site/#");
    send_numbers(&b, "site/1/power", 0, 100);
    read_up_to(&b, 100);
    mt_stream_close(b.stream);
    b.stream = NULL;
    send_numbers(&b, "site/1/power", 100, MANY);
    TESTING_OK(&b.cx, open_reader(&b, "site/#", NULL));
    read_up_to(&b, MANY);
    assert_int_equal(count_missing(&b, MANY), 0);
    assert_int_equal(count_twice(&b, MANY), 0);
    assert_int_equal(b.places.at[0].next, MANY); /* the numbers go on */
    end(&b);
}

/* The broker is restarted between, and messages are sent before the reader is back. */
static void mqtt__comes_back_to_a_restarted_broker(void **state)
{
    (void)state;
    static bus b;
    BEGIN(&b, "");
    open_running(&b, "site/1");
    send_numbers(&b, "site/1", 0, 400);
    read_up_to(&b, 150);
    testing_stop(&b.part, SIGTERM); /* it keeps its sessions */
    for (int k = 0; k < 5; k++) take(&b, 200, 50000, true);
    assert_int_equal(mt_stream_state_of(b.stream), MT_STREAM_AWAY);
    assert_true(testing_start_mosquitto(&b.part, b.dir, ""));
    send_numbers(&b, "site/1", 400, MANY); /* the writer comes back too, and maybe first */
    read_up_to(&b, MANY);
    for (int k = 0; k < 10 && count_missing(&b, MANY) > 0; k++) take(&b, 200, 200000, true);
    print_message("          %d sent, %d missing, %d twice\n", MANY, count_missing(&b, MANY),
                  count_twice(&b, MANY));
    assert_int_equal(count_missing(&b, MANY), 0);
    assert_int_equal(mt_stream_state_of(b.stream), MT_STREAM_RUNNING);
    assert_non_null(strstr(b.log.text, "is away"));
    assert_non_null(strstr(b.log.text, "is back"));
    end(&b);
}

/* The child reads 100 numbers, commits 40 of them and is killed: 60 come again. */
static void read_and_die(bus *b)
{
    TESTING_OK(&b->cx, open_reader(b, "site/1", NULL));
    for (int k = 0; k < 200 && b->n < 40; k++) take(b, (size_t)(40 - b->n), 50000, true);
    testing_sleep_ms(300); /* the broker has read what was acknowledged */
    for (int k = 0; k < 200 && b->n < 100; k++) take(b, (size_t)(100 - b->n), 50000, false);
    kill(getpid(), SIGKILL);
}

static void mqtt__what_a_killed_reader_had_not_committed_comes_again(void **state)
{
    (void)state;
    static bus b;
    int status;
    BEGIN(&b, "");
    open_running(&b, "site/1");
    mt_stream_close(b.stream);
    b.stream = NULL;
    send_numbers(&b, "site/1", 0, 300);
    pid_t child = fork();
    if (child == 0) read_and_die(&b);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    TESTING_OK(&b.cx, open_reader(&b, "site/1", NULL));
    read_up_to(&b, 260);
    take(&b, 100, 300000, true);
    int again = 0;
    for (int k = 0; k < 40; k++) again += b.count[k];
    print_message(
        "          300 sent, 40 committed, 60 more in hand at the kill: %d came again, %d missing\n", b.n,
        count_missing(&b, 300) - 40 + again);
    for (int k = 40; k < 300; k++) assert_int_equal(b.count[k], 1);
    assert_true(again == 0 || again == 40); /* a reset connection may take the last acknowledgements along */
    end(&b);
}

static void mqtt__reads_what_is_not_committed_again_where_told(void **state)
{
    (void)state;
    static bus b;
    BEGIN(&b, "");
    open_running(&b, "site/1");
    send_numbers(&b, "site/1", 0, 50);
    for (int k = 0; k < 100 && b.n < 50; k++) take(&b, 50, 50000, false);
    assert_int_equal(b.n, 50);
    mt_position back = {"site/1", 0, 0};
    TESTING_OK(&b.cx, mt_stream_seek(&b.cx, b.stream, &back));
    read_up_to(&b, 100);
    for (int k = 0; k < 50; k++) assert_int_equal(b.count[k], 2);
    back.topic = "site/2";
    assert_int_equal(mt_stream_seek(&b.cx, b.stream, &back), MT_E_INPUT);
    end(&b);
}

/* --- sessions ------------------------------------------------------------------------------------------ */

static int read_group(bus *b, mt_stream *stream, int n)
{
    b->stream = stream;
    b->n = 0;
    read_up_to(b, n);
    return b->n;
}

/* One group, other topics: both have a session, also for what comes while they are away. */
static void mqtt__readers_of_one_group_with_other_topics_leave_each_other_alone(void **state)
{
    (void)state;
    static bus b;
    mt_stream *stream[2];
    const char *const topic[] = {"wind/#", "sun/#"};
    BEGIN(&b, "");
    for (int k = 0; k < 2; k++) {
        open_running(&b, topic[k]);
        stream[k] = b.stream;
    }
    send_numbers(&b, "wind/1", 0, 100);
    send_numbers(&b, "sun/1", 100, 200);
    for (int k = 0; k < 2; k++) assert_int_equal(read_group(&b, stream[k], 100), 100);
    for (int k = 0; k < 2; k++) mt_stream_close(stream[k]);
    send_numbers(&b, "wind/1", 200, 300);
    send_numbers(&b, "sun/1", 300, 400);
    for (int k = 0; k < 2; k++) {
        TESTING_OK(&b.cx, open_reader(&b, topic[k], NULL));
        stream[k] = b.stream;
    }
    for (int k = 0; k < 2; k++) assert_int_equal(read_group(&b, stream[k], 100), 100);
    assert_int_equal(count_missing(&b, 400), 0);
    assert_int_equal(count_twice(&b, 400), 0);
    mt_stream_close(stream[0]);
    end(&b);
}

static void write_client_id(const bus *b, char path[96])
{
    snprintf(path, 96, "%s/client.conf", b->dir);
    testing_write_file(path, "client_id=desk\n");
}

/* The session keeps the subscription of an earlier run: what it brings is handed over, and marked. */
static void mqtt__messages_of_an_earlier_subscription_are_not_lost(void **state)
{
    (void)state;
    static bus b;
    char path[96];
    mt_messages got = {.n = 0};
    BEGIN(&b, "");
    write_client_id(&b, path);
    TESTING_OK(&b.cx, open_reader(&b, "old/#", path));
    for (int k = 0; k < 100 && mt_stream_state_of(b.stream) != MT_STREAM_RUNNING; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 1, 50000));
    mt_stream_close(b.stream);
    b.stream = NULL;
    send_numbers(&b, "old/1", 7, 8);
    TESTING_OK(&b.cx, open_reader(&b, "new/#", path));
    for (int k = 0; k < 100 && got.n == 0; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 10, 50000));
    assert_int_equal(got.n, 1);
    assert_string_equal(got.at[0].topic.at, "old/1");
    assert_true(got.at[0].unasked);
    mt_position done = {"old/1", 0, got.at[0].next};
    mt_stream_commit(&b.cx, b.stream, &done, 1);
    for (int k = 0; k < 100 && mt_stream_state_of(b.stream) != MT_STREAM_RUNNING; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 1, 50000));
    send_numbers(&b, "new/1", 8, 9);
    for (int k = 0; k < 100 && (got.n == 0 || got.at[0].unasked); k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 10, 50000));
    assert_string_equal(got.at[0].topic.at, "new/1");
    end(&b);
}

static void mqtt__a_share_of_a_topic_is_asked_for(void **state)
{
    (void)state;
    static bus b;
    mt_messages got = {.n = 0};
    BEGIN(&b, "");
    open_running(&b, "$share/desk/site/#");
    send_numbers(&b, "site/1", 0, 1);
    for (int k = 0; k < 100 && got.n == 0; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 10, 50000));
    assert_int_equal(got.n, 1);
    assert_false(got.at[0].unasked);
    end(&b);
}

/* Instead of driving each other out for ever. */
static void mqtt__a_reader_whose_session_is_taken_over_says_so_and_ends(void **state)
{
    (void)state;
    static bus b;
    mt_messages got = {.n = 0};
    mt_code code = MT_OK;
    BEGIN(&b, "");
    open_running(&b, "site/#");
    mt_stream *first = b.stream;
    open_running(&b, "site/#");
    for (int k = 0; k < 400 && code == MT_OK; k++) {
        code = mt_stream_poll(&b.cx, first, &got, 1, 10000);
        if (code == MT_OK) take(&b, 1, 10000, true);
    }
    assert_int_equal(code, MT_E_CONFLICT);
    assert_non_null(strstr(b.cx.err, "has ended the session meters-"));
    mt_ctx_forgive(&b.cx);
    mt_stream_close(first);
    send_numbers(&b, "site/1", 0, 100);
    read_up_to(&b, 100);
    assert_int_equal(b.n, 100);
    end(&b);
}

/* Accepts whoever connects and says at once that another client has the session, as MQTT 5 has it. */
static void *take_sessions_away(void *arg)
{
    static const uint8_t accepted[] = {0x20, 3, 0, 0, 0}, taken_over[] = {0xE0, 2, 0x8E, 0};
    uint8_t heard[512];
    for (int fd; (fd = accept(*(const int *)arg, NULL, NULL)) >= 0; close(fd)) {
        if (recv(fd, heard, sizeof heard, 0) <= 0) continue;
        send(fd, accepted, sizeof accepted, MSG_NOSIGNAL);
        send(fd, taken_over, sizeof taken_over, MSG_NOSIGNAL);
        testing_sleep_ms(20);
    }
    return NULL;
}

static void mqtt__a_broker_that_says_who_has_the_session_is_believed(void **state)
{
    (void)state;
    static bus b;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    pthread_t thread;
    mt_messages got;
    mt_code code = MT_OK;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memset(&b, 0, sizeof b);
    testing_ctx(&b.cx, &b.log);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(pthread_create(&thread, NULL, take_sessions_away, &fd), 0);
    snprintf(b.url, sizeof b.url, "mqtt://127.0.0.1:%d", ntohs(address.sin_port));
    code = open_reader(&b, "site/#", NULL);
    for (int k = 0; k < 20 && code == MT_OK; k++) code = mt_stream_poll(&b.cx, b.stream, &got, 1, 20000);
    shutdown(fd, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(fd);
    mt_stream_close(b.stream);
    if (code == MT_E_ABSENT) skip();
    assert_int_equal(code, MT_E_CONFLICT);
    assert_non_null(strstr(b.cx.err, "for another client"));
    mt_ctx_close(&b.cx);
}

/* Dead letters are written with the settings of the stream they came from. */
static void mqtt__a_writer_with_the_readers_settings_leaves_its_session_alone(void **state)
{
    (void)state;
    static bus b;
    char path[96];
    mt_messages got = {.n = 0};
    BEGIN(&b, "");
    write_client_id(&b, path);
    TESTING_OK(&b.cx, open_reader(&b, "site/#", path));
    for (int k = 0; k < 100 && mt_stream_state_of(b.stream) != MT_STREAM_RUNNING; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 1, 50000));
    mt_producer_options options = {.size = sizeof options, .url = b.url, .settings_path = path};
    TESTING_OK(&b.cx, mt_producer_open(&b.cx, &b.producer, &options));
    send_numbers(&b, "site/1", 0, 100);
    read_up_to(&b, 100);
    assert_int_equal(b.n, 100);
    assert_null(strstr(b.log.text, "is away"));
    end(&b);
}

/* --- refusals ------------------------------------------------------------------------------------------ */

static void expect_settings(bus *b, const char *text, const char *words)
{
    char path[96];
    snprintf(path, sizeof path, "%s/client.conf", b->dir);
    testing_write_file(path, text);
    assert_int_equal(open_reader(b, "x", path), MT_E_INPUT);
    if (!strstr(b->cx.err, words)) fail_msg("'%s' does not say '%s'", b->cx.err, words);
    assert_null(strstr(b->cx.err, "secret"));
}

static void mqtt__settings_and_topics_are_checked_when_it_is_opened(void **state)
{
    (void)state;
    static bus b;
    BEGIN(&b, "");
    expect_settings(&b, "pasword=secret\n",
                    "line 1: there is no setting pasword of an MQTT stream; did you mean pass");
    expect_settings(&b, "keepalive_s=secret\n", "5 to 65535");
    expect_settings(&b, "acknowledge=secret\n", "commit or receive");
    expect_settings(&b, "cafile=/nowhere/ca.pem\n", "TLS");
    assert_int_equal(open_reader(&b, "a/#/b", NULL), MT_E_INPUT);
    assert_non_null(strstr(b.cx.err, "a/#/b is no MQTT topic filter"));
    end(&b);
}

/* An empty password file refuses everybody. */
static void mqtt__refusal_of_name_and_password_ends_the_stream(void **state)
{
    (void)state;
    static bus b;
    char path[96], more[160];
    mt_messages got;
    mt_code code = MT_OK;
    testing_make_dir(b.dir);
    char dir[64];
    snprintf(dir, sizeof dir, "%s", b.dir);
    snprintf(path, sizeof path, "%s/passwords", dir);
    testing_write_file(path, "");
    snprintf(more, sizeof more, "password_file %s\n", path);
    if (!begin(&b, more)) skip();
    snprintf(path, sizeof path, "%s/client.conf", b.dir);
    testing_write_file(path, "username=meter\npassword=secret\n");
    TESTING_OK(&b.cx, open_reader(&b, "x", path));
    for (int k = 0; k < 50 && code == MT_OK; k++) code = mt_stream_poll(&b.cx, b.stream, &got, 1, 100000);
    assert_int_equal(code, MT_E_REMOTE);
    assert_non_null(strstr(b.cx.err, "refuses"));
    assert_null(strstr(b.cx.err, "secret"));
    end(&b);
    testing_remove_dir(dir);
}

static void mqtt__works_with_the_older_protocol_and_its_small_window(void **state)
{
    (void)state;
    static bus b;
    char path[96];
    mt_messages got = {.n = 0};
    BEGIN(&b, "");
    snprintf(path, sizeof path, "%s/client.conf", b.dir);
    testing_write_file(path, "protocol=3.1.1\n");
    TESTING_OK(&b.cx, open_reader(&b, "site/1", path));
    for (int k = 0; k < 100 && mt_stream_state_of(b.stream) != MT_STREAM_RUNNING; k++)
        TESTING_OK(&b.cx, mt_stream_poll(&b.cx, b.stream, &got, 1, 50000));
    send_numbers(&b, "site/1", 0, 300);
    read_up_to(&b, 300);
    assert_int_equal(b.n, 300);
    assert_int_equal(count_missing(&b, 300), 0);
    end(&b);
}

static void mqtt__missing_library_names_the_package(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_mqtt_api api;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_mqtt_load(&cx, &api, "/nowhere/libmosquitto.so.1"), MT_E_ABSENT);
    assert_non_null(strstr(cx.err, "Debian package libmosquitto1"));
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mqtt__gives_every_message_once_on_a_quiet_day),
        cmocka_unit_test(mqtt__gets_what_was_sent_while_nobody_read),
        cmocka_unit_test(mqtt__comes_back_to_a_restarted_broker),
        cmocka_unit_test(mqtt__what_a_killed_reader_had_not_committed_comes_again),
        cmocka_unit_test(mqtt__reads_what_is_not_committed_again_where_told),
        cmocka_unit_test(mqtt__readers_of_one_group_with_other_topics_leave_each_other_alone),
        cmocka_unit_test(mqtt__messages_of_an_earlier_subscription_are_not_lost),
        cmocka_unit_test(mqtt__a_share_of_a_topic_is_asked_for),
        cmocka_unit_test(mqtt__a_reader_whose_session_is_taken_over_says_so_and_ends),
        cmocka_unit_test(mqtt__a_broker_that_says_who_has_the_session_is_believed),
        cmocka_unit_test(mqtt__a_writer_with_the_readers_settings_leaves_its_session_alone),
        cmocka_unit_test(mqtt__settings_and_topics_are_checked_when_it_is_opened),
        cmocka_unit_test(mqtt__refusal_of_name_and_password_ends_the_stream),
        cmocka_unit_test(mqtt__works_with_the_older_protocol_and_its_small_window),
        cmocka_unit_test(mqtt__missing_library_names_the_package),
    };
    if (getenv("MERIT_TEST_FILTER")) cmocka_set_test_filter(getenv("MERIT_TEST_FILTER"));
    return cmocka_run_group_tests_name("MQTT stream", tests, NULL, NULL);
}
