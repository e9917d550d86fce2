/* Live clearing on real files and engines: a reader whose part was away for a while has the whole book. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ops/stream/live_clearing.h"
#include "stream/testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { PATIENCE_MS = 15000 };

/* One reader of the group. */
struct member {
    char url[300];
    const char *topics; /* NULL: it is a file */
    mt_ctx cx;
    testing_log log;
    mt_world *world;
    mt_consume_options options;
    mt_table *rows;
    mt_sink *out;
    mt_code code;
    pthread_t thread;
    atomic_int committed;
    atomic_bool held, go; /* it stands still inside a revocation until it may go on */
    int rebalances, hold_at;
};

static int64_t tell_monotonic(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static mt_time tell_now(void *arg)
{
    (void)arg;
    return mt_day_of(2025, 6, 20) * MT_US_DAY;
}

static void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

static void note_commit(void *arg, uint64_t messages)
{
    ((struct member *)arg)->committed += (int)messages;
}

static void stand_still(void *arg, mt_consume_point point)
{
    struct member *m = arg;
    if (point != MT_CONSUME_REBALANCE || ++m->rebalances != m->hold_at) return;
    m->held = true;
    for (int k = 0; k < PATIENCE_MS && !m->go; k++) wait_ms(1);
}

static void open_member(struct member *m, testing *t, bool until_end)
{
    memset(m, 0, sizeof *m);
    snprintf(m->url, sizeof m->url, "file:%s/ticks", t->dir);
    testing_ctx(&m->cx, &m->log);
    const mt_world_options world = {
        .size = sizeof world, .now = tell_now, .monotonic_us = tell_monotonic, .workers = 1};
    assert_int_equal(mt_world_open(&m->cx, &m->world, &world), MT_OK);
    assert_int_equal(mt_table_sink(&m->cx, &m->out, &m->rows, 0), MT_OK);
    m->options = (mt_consume_options){
        .size = sizeof m->options,
        .store = t->store,
        .stream = {.size = sizeof m->options.stream, .url = m->url, .group = "desk", .until_end = until_end},
        .batch_wait_us = 5000,
        .monotonic_us = tell_monotonic,
        .probe = stand_still,
        .probe_arg = m,
        .committed = note_commit,
        .committed_arg = m};
}

static void *run_member(void *arg)
{
    struct member *m = arg;
    const mt_live_options live = {.shift_mw = 1, .period = MT_US_HOUR, .topics = m->topics};
    m->code = mt_live_clearing(&m->cx, m->world, &m->options, &live, m->out);
    return NULL;
}

static void close_member(struct member *m)
{
    if (m->code != MT_OK) fail_msg("%s", m->cx.err);
    mt_sink_close(m->out);
    mt_world_close(m->world);
    mt_ctx_close(&m->cx);
}

static void add_order(const testing *t, const char *id, const char *side, double price)
{
    char path[96];
    snprintf(path, sizeof path, "%s/ticks", t->dir);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file,
            "{\"id\":\"%s\",\"start\":\"2025-06-21T10:00:00Z\",\"side\":\"%s\",\"price\":%g,\"volume\":5}\n",
            id, side, price);
    assert_int_equal(fclose(file), 0);
}

static void wait_for(const atomic_int *n, int wanted)
{
    for (int k = 0; k < PATIENCE_MS && *n < wanted; k++) wait_ms(1);
    assert_int_equal(*n, wanted);
}

/* The first reader loses its part (its file was replaced), another one of the group stores an order of the
 * new part, then the first one has it. */
static void live__a_reader_that_returns_clears_with_all_orders(void **state)
{
    testing *t = *state;
    struct member first, other;
    char path[96], old[96];
    open_member(&first, t, false);
    open_member(&other, t, true);
    first.hold_at = 2;
    add_order(t, "a", "sell", 20);
    assert_int_equal(pthread_create(&first.thread, NULL, run_member, &first), 0);
    wait_for(&first.committed, 1);
    snprintf(path, sizeof path, "%s/ticks", t->dir);
    snprintf(old, sizeof old, "%s/ticks.1", t->dir);
    assert_int_equal(rename(path, old), 0);
    add_order(t, "b", "buy", 50);
    for (int k = 0; k < PATIENCE_MS && !first.held; k++) wait_ms(1);
    assert_true(first.held);
    run_member(&other);
    assert_int_equal(other.committed, 1);
    first.go = true;
    add_order(t, "c", "sell", 10);
    wait_for(&first.committed, 2);
    mt_ctx_cancel(&first.cx);
    pthread_join(first.thread, NULL);
    assert_int_equal(testing_count(t, "SELECT orders FROM live_clearing"), 3);
    /* 5 MWh trade from the supply at 10; between it and the next, at 20, every price is right */
    assert_int_equal(testing_count(t, "SELECT CAST(price AS BIGINT) FROM live_clearing"), 15);
    close_member(&first);
    close_member(&other);
    unlink(path);
    unlink(old);
}

static void send_orders(const char *url, const char *topic, const char *key)
{
    mt_ctx cx;
    mt_producer *producer = NULL;
    const mt_producer_options options = {.size = sizeof options, .url = url};
    testing_ctx(&cx, NULL);
    TESTING_OK(&cx, mt_producer_open(&cx, &producer, &options));
    for (int k = 0; k < 16; k++) {
        char text[160], own[16];
        snprintf(own, sizeof own, "%d", k);
        snprintf(
            text, sizeof text,
            "{\"id\":\"%d\",\"start\":\"2025-06-21T10:00:00Z\",\"side\":\"sell\",\"price\":1,\"volume\":1}",
            k);
        TESTING_OK(&cx,
                   mt_producer_send(&cx, producer, topic, mt_text_of(key ? key : own), mt_text_of(text)));
    }
    TESTING_OK(&cx, mt_producer_flush(&cx, producer));
    mt_producer_close(producer);
    mt_ctx_close(&cx);
}

/* Keyed by the period they lie in one partition; keyed by the order a second reader takes half of them. */
static void live__says_that_orders_of_a_period_are_spread(void **state)
{
    testing *t = *state;
    testing_part part = {.pid = 0};
    struct member m;
    const char *const topic[] = {"together", "spread"};
    for (int k = 0; k < 2; k++) {
        char say[80];
        open_member(&m, t, true);
        if (!part.pid && !testing_start_mock(&part, "1")) {
            close_member(&m);
            print_message("skipped: the mock broker is not built\n");
            skip();
        }
        snprintf(say, sizeof say, "topic %s 4", topic[k]);
        testing_say(&part, say);
        snprintf(m.url, sizeof m.url, "kafka://%s", part.address);
        m.topics = m.options.stream.group = topic[k]; /* a new group waits for no member that left */
        send_orders(m.url, topic[k], k == 0 ? "2025-06-21T10" : NULL);
        run_member(&m);
        assert_int_equal(m.committed, 16);
        assert_int_equal(strstr(m.log.text, "let the period be the key") != NULL, k == 1);
        close_member(&m);
    }
    testing_stop(&part, SIGKILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live__a_reader_that_returns_clears_with_all_orders),
        cmocka_unit_test(live__says_that_orders_of_a_period_are_spread),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "live clearing");
}
