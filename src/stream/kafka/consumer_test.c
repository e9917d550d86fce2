/* Tests of Kafka streams under faults: brokers that go, move and refuse. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/kafka/cluster_case.h"

static cluster the_cluster;

/* --- brokers that go and come -------------------------------------------------------------------------- */

static void kafka__writes_and_reads_each_message_once_through_a_cluster_that_goes_down(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    bool away = false;
    begin(&s, "down");
    open_producer(&s, c);
    open_stream(&s, c);
    send_numbers(&s, 0, 500);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    read_up_to(&s, 300);
    send_numbers(&s, 500, 1000);
    testing_say(&c->part, "down 0");
    send_numbers(&s, 1000, 1500);
    for (int k = 0; k < 60 && !away; k++) { /* a broker that is away is no error */
        mt_messages got;
        TESTING_OK(&s.cx, mt_stream_poll(&s.cx, s.stream, &got, 100, 100000));
        take(&s, &got);
        away = mt_stream_state_of(s.stream) == MT_STREAM_AWAY;
    }
    assert_true(away);
    testing_say(&c->part, "up 0");
    send_numbers(&s, 1500, MANY);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    expect_each_once(&s);
    for (int k = 0; k < 50 && mt_stream_state_of(s.stream) == MT_STREAM_AWAY; k++) {
        mt_messages got;
        TESTING_OK(&s.cx, mt_stream_poll(&s.cx, s.stream, &got, 1, 100000));
        assert_int_equal(got.n, 0);
    }
    assert_int_equal(mt_stream_state_of(s.stream), MT_STREAM_RUNNING);
    end(&s);
}

static void kafka__writes_and_reads_each_message_once_while_leaders_move(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    char command[128];
    begin(&s, "leader");
    open_producer(&s, c);
    open_stream(&s, c);
    for (int round = 0; round < 4; round++) {
        send_numbers(&s, round * MANY / 4, (round + 1) * MANY / 4);
        if (round == 0) TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer)); /* the topic is there */
        for (int part = 0; part < PARTS; part++) {
            snprintf(command, sizeof command, "leader %s %d %d", s.topic, part, 1 + (round + part) % 2);
            testing_say(&c->part, command);
        }
        read_up_to(&s, (round + 1) * 100);
    }
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    expect_each_once(&s);
    end(&s);
}

/* Error numbers of the protocol: 7 timed out, 19 too few replicas, 6 not the leader, 5 no leader, 27
 * rebalance in progress. */
static void kafka__errors_that_pass_change_nothing(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    begin(&s, "errors");
    open_producer(&s, c);
    send_numbers(&s, 0, 100);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    testing_say(&c->part, "error 0 19 2");
    testing_say(&c->part, "error 0 7 2");
    testing_say(&c->part, "error 1 6 2");
    testing_say(&c->part, "error 1 5 2");
    testing_say(&c->part, "error 8 27 1");
    send_numbers(&s, 100, MANY);
    TESTING_OK(&s.cx, mt_producer_flush(&s.cx, s.producer));
    open_stream(&s, c);
    read_up_to(&s, 100);
    mt_position done = {s.places.at[0].topic, s.places.at[0].part, s.places.at[0].next};
    mt_stream_commit(&s.cx, s.stream, &done, 1);
    expect_each_once(&s);
    testing_say(&c->part, "clear 0");
    testing_say(&c->part, "clear 1");
    testing_say(&c->part, "clear 8");
    end(&s);
}

/* 29: not authorised for the topic. */
static void kafka__refusals_end_the_stream_with_the_brokers_words(void **state)
{
    cluster *c = &the_cluster;
    (void)state;
    session s;
    mt_messages got;
    mt_code code = MT_OK;
    begin(&s, "refused");
    testing_say(&c->part, "error 0 29 1");
    open_producer(&s, c);
    code = mt_producer_send(&s.cx, s.producer, s.topic, mt_text_of("k"), mt_text_of("v"));
    if (code == MT_OK) code = mt_producer_flush(&s.cx, s.producer);
    assert_int_equal(code, MT_E_REMOTE);
    if (!strstr(s.cx.err, "uthoriz")) fail_msg("%s", s.cx.err);
    testing_say(&c->part, "error 1 29 4");
    open_stream(&s, c);
    code = MT_OK;
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    while (code == MT_OK && mt_stream_monotonic_us() < until)
        code = mt_stream_poll(&s.cx, s.stream, &got, 10, 100000);
    assert_int_equal(code, MT_E_REMOTE);
    if (!strstr(s.cx.err, "uthoriz")) fail_msg("%s", s.cx.err);
    testing_say(&c->part, "clear 1");
    end(&s);
}

static int run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kafka__writes_and_reads_each_message_once_through_a_cluster_that_goes_down),
        cmocka_unit_test(kafka__writes_and_reads_each_message_once_while_leaders_move),
        cmocka_unit_test(kafka__errors_that_pass_change_nothing),
        cmocka_unit_test(kafka__refusals_end_the_stream_with_the_brokers_words),
    };
    return cmocka_run_group_tests_name("Kafka faults", tests, NULL, NULL);
}

int main(void)
{
    return run_on_cluster(&the_cluster, run, false);
}
