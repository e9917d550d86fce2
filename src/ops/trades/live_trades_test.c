/* Trade confirmations of a stream, stored exactly once; on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/testing.h"

#include "ops/trades/live_trades.h"

#include <time.h>

static int64_t tell_monotonic(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int clear(void **state)
{
    testing *t = *state;
    testing_must(t, "DELETE FROM desk_trade");
    testing_must(t, "DELETE FROM dead_letter");
    testing_must(t, "DELETE FROM stream_offset");
    return 0;
}

static void add_line(const testing *t, const char *name, const char *line)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", t->dir, name);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "%s\n", line);
    assert_int_equal(fclose(file), 0);
}

static void confirm(const testing *t, const char *name, int id, int price)
{
    char line[320];
    snprintf(line, sizeof line,
             "{\"trade_confirmation\":{\"id\":%d,\"price\":%d,\"quantity\":5,\"direction\":\"sell\","
             "\"delivery_day\":\"2025-06-08\",\"delivery_hour\":\"08-09\",\"trader_id\":\"ann\","
             "\"execution_time\":\"2025-06-07T15:03:44Z\"}}",
             id, price);
    add_line(t, name, line);
}

struct read {
    mt_merge_counts rows;
    mt_consume_counts counts;
};

/* What is there now. */
static struct read consume_by(testing *t, const char *name, size_t batch)
{
    struct read read;
    char url[96];
    mt_live_trades *trades;
    snprintf(url, sizeof url, "file:%s/%s", t->dir, name);
    mt_consume_options options = {
        .size = sizeof options,
        .store = t->store,
        .stream = {.size = sizeof options.stream, .url = url, .group = "desk", .until_end = true},
        .batch_max = batch,
        .batch_wait_us = 5000,
        .monotonic_us = tell_monotonic};
    assert_int_equal(mt_live_trades_open(&t->cx, &trades, t->store), MT_OK);
    options.consumer = mt_live_trades_consumer(trades);
    if (mt_consume(&t->cx, &options, &read.counts) != MT_OK) fail_msg("%s", t->cx.err);
    read.rows = mt_live_trades_counts(trades);
    mt_live_trades_close(trades);
    return read;
}

static struct read consume(testing *t, const char *name)
{
    return consume_by(t, name, 3);
}

static void live_trades__are_stored_exactly_once(void **state)
{
    testing *t = *state;
    for (int k = 0; k < 10; k++) confirm(t, "once", k, 8129);
    confirm(t, "once", 4, 8129); /* told again, in another batch */
    confirm(t, "once", 9, 8129); /* and in the same */
    struct read read = consume(t, "once");
    assert_true(read.rows.added == 10 && read.rows.unchanged == 2 && read.counts.dead == 0);
    read = consume(t, "once"); /* goes on where the store says */
    assert_true(read.counts.messages == 0 && read.rows.added == 0);
    confirm(t, "once", 10, 1);
    assert_int_equal(consume(t, "once").rows.added, 1);
    for (int k = 0; k < 11; k++) confirm(t, "other", k, k < 10 ? 8129 : 1); /* another way to the same */
    read = consume(t, "other");
    assert_true(read.rows.added == 0 && read.rows.unchanged == 11);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade"), 11);
    assert_int_equal(testing_count(t, "SELECT CAST(sum(price_cent) AS BIGINT) FROM desk_trade"), 81291);
}

static void live_trades__that_are_none_become_dead_letters(void **state)
{
    testing *t = *state;
    confirm(t, "dead", 1, 100);
    add_line(t, "dead", "no json");
    add_line(t, "dead", "{\"trade_confirmation\":{\"id\":2}}");
    confirm(t, "dead", 3, 100);
    confirm(t, "dead", 3, 101); /* another trade of the batch */
    confirm(t, "dead", 1, 102); /* another trade of the store */
    struct read read = consume(t, "dead");
    assert_true(read.rows.added == 2 && read.counts.dead == 4 && read.counts.messages == 6);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter"), 4);
    assert_int_equal(testing_count(t,
                                   "SELECT count(*) FROM dead_letter WHERE reason = 'there is another trade "
                                   "1 already'"),
                     1);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM dead_letter WHERE reason LIKE 'price is missing%'"), 1);
    assert_int_equal(testing_count(t, "SELECT price_cent FROM desk_trade WHERE id = '1'"), 100);
}

/* A large batch: a stream that is read from its beginning. */
static void live_trades__come_by_thousands_too(void **state)
{
    testing *t = *state;
    for (int k = 0; k < 3000; k++) confirm(t, "many", k, 100);
    confirm(t, "many", 2999, 101);
    struct read read = consume_by(t, "many", 20000);
    assert_true(read.rows.added == 3000 && read.counts.dead == 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_trade"), 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(live_trades__are_stored_exactly_once, clear),
        cmocka_unit_test_setup(live_trades__come_by_thousands_too, clear),
        cmocka_unit_test_setup(live_trades__that_are_none_become_dead_letters, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "live_trades");
}
