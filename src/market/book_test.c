/* Tests of the book: periods, ticks, order of arrival, refusals. */
#include "market/book.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOUR         MT_US_HOUR

struct row {
    mt_time time;
    mt_micro price;
    int64_t volume;
    uint8_t side;
};

/* Adds rows as one batch. */
static mt_code add_rows(mt_ctx *cx, mt_book *book, const struct row *row, size_t n)
{
    static mt_time time[20000];
    static mt_micro price[20000];
    static int64_t volume[20000];
    static uint8_t side[20000];
    for (size_t i = 0; i < n; i++) {
        time[i] = row[i].time;
        price[i] = row[i].price;
        volume[i] = row[i].volume;
        side[i] = row[i].side;
    }
    return mt_book_add(
        cx, book, &(mt_order_batch){.n = n, .time = time, .price = price, .volume = volume, .side = side});
}

static mt_book *new_book(mt_ctx *cx, mt_time step, mt_micro tick)
{
    mt_book *book = NULL;
    mt_book_options options = {.size = sizeof options, .step = step, .tick = tick};
    if (mt_book_new(cx, &book, &options) != MT_OK) fail_msg("%s", cx->err);
    return book;
}

static mt_period period_of(mt_ctx *cx, const mt_book *book, size_t k)
{
    mt_period p = {0};
    if (mt_book_period(cx, &p, book, k) != MT_OK) fail_msg("%s", cx->err);
    return p;
}

static void book__gives_every_period_from_first_to_last(void **state)
{
    (void)state;
    static const struct row row[] = {{5 * HOUR + 7, 10000000, 1000, MT_BUY},
                                     {2 * HOUR, -30000000, 2000, MT_SELL},
                                     {5 * HOUR - 1, 20010000, 3000, MT_BUY},
                                     {5 * HOUR, 5000000, 4000, MT_SELL}};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = new_book(&cx, HOUR, 0);
    assert_int_equal(add_rows(&cx, book, row, COUNT(row)), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(mt_book_periods(book), 4);
    assert_int_equal(mt_book_tick(book), 10000);
    static const size_t n[] = {1, 0, 1, 2};
    for (size_t k = 0; k < 4; k++) {
        mt_period p = period_of(&cx, book, k);
        assert_int_equal(p.start, (mt_time)(2 + k) * HOUR);
        assert_int_equal(p.n, n[k]);
    }
    mt_period p = period_of(&cx, book, 3); /* in order of arrival */
    assert_int_equal(p.bid[0].tick, 1000);
    assert_int_equal(p.bid[0].side, MT_BUY);
    assert_int_equal(p.bid[0].volume, 1000);
    assert_int_equal(p.bid[1].tick, 500);
    assert_int_equal(p.bid[1].side, MT_SELL);
    assert_int_equal(period_of(&cx, book, 0).bid[0].tick, -3000);
    assert_int_equal(mt_book_period(&cx, &p, book, 4), MT_E_ABSENT);
    mt_ctx_close(&cx);
}

static void book__periods_before_1970_start_at_multiples_of_the_step(void **state)
{
    (void)state;
    static const struct row row[] = {{-1, 0, 1, MT_BUY}, {-HOUR, 0, 1, MT_BUY}, {0, 0, 1, MT_BUY}};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = new_book(&cx, HOUR, 0);
    assert_int_equal(add_rows(&cx, book, row, COUNT(row)), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(mt_book_periods(book), 2);
    assert_int_equal(period_of(&cx, book, 0).start, -HOUR);
    assert_int_equal(period_of(&cx, book, 0).n, 2);
    mt_ctx_close(&cx);
}

static void book__chooses_the_coarsest_tick_that_fits(void **state)
{
    (void)state;
    static const struct {
        mt_micro price, tick;
        int32_t ticks;
    } some[] = {{62030000, 10000, 6203}, {62035000, 1000, 62035}, {-62035100, 100, -620351},
                {5000010, 10, 500001},   {-5000001, 1, -5000001}, {0, 10000, 0}};
    for (size_t k = 0; k < COUNT(some); k++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        mt_book *book = new_book(&cx, HOUR, 0);
        struct row row = {0, some[k].price, 1, MT_SELL};
        assert_int_equal(add_rows(&cx, book, &row, 1), MT_OK);
        assert_int_equal(mt_book_seal(&cx, book), MT_OK);
        assert_int_equal(mt_book_tick(book), some[k].tick);
        assert_int_equal(period_of(&cx, book, 0).bid[0].tick, some[k].ticks);
        assert_int_equal(period_of(&cx, book, 0).bid[0].side, MT_SELL);
        mt_ctx_close(&cx);
    }
}

static void note_bad(void *arg, const mt_order_batch *batch, const mt_order_bad *bad)
{
    (void)batch;
    size_t *seen = arg;
    assert_int_equal(bad->fault, MT_FAULT_PRICE_TICK);
    *seen = *seen * 10 + bad->row;
}

static void book__reports_prices_off_a_given_tick(void **state)
{
    (void)state;
    static const struct row row[] = {{0, 10000000, 1, MT_BUY},
                                     {0, 10050000, 1, MT_BUY},
                                     {0, -10000000, 1, MT_SELL},
                                     {0, -10001000, 1, MT_SELL}};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    size_t seen = 0;
    mt_book *book = NULL;
    mt_book_options options = {
        .size = sizeof options, .step = HOUR, .tick = 100000, .bad = note_bad, .arg = &seen};
    assert_int_equal(mt_book_new(&cx, &book, &options), MT_OK);
    assert_int_equal(add_rows(&cx, book, row, COUNT(row)), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(seen, 13);
    assert_int_equal(mt_book_off_tick(book), 2);
    assert_int_equal(mt_book_orders(book), 2);
    assert_int_equal(period_of(&cx, book, 0).bid[1].tick, -100);
    mt_ctx_close(&cx);
}

static void book__leaves_faulty_and_incomplete_rows_out(void **state)
{
    (void)state;
    static const mt_time time[] = {0, 0, MT_TIME_NONE, 0, 0, 0};
    static const mt_micro price[] = {1000000, 1000000, 1000000, MT_MICRO_NONE, 1000000, 1000000};
    static const int64_t volume[] = {1, 1, 1, 1, MT_MICRO_NONE, 1};
    static const uint8_t side[] = {0, 1, 1, 1, 1, 2};
    static const mt_order_bad bad[] = {{.row = 1, .fault = MT_FAULT_ROW_SHAPE}};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = new_book(&cx, HOUR, 0);
    mt_order_batch batch = {6, time, price, volume, side, 1, bad};
    assert_int_equal(mt_book_add(&cx, book, &batch), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(mt_book_orders(book), 1);
    assert_int_equal(period_of(&cx, book, 0).bid[0].side, MT_SELL);
    mt_ctx_close(&cx);
}

static void book__joins_many_orders_of_many_periods(void **state)
{
    (void)state;
    enum { N = 20000, PERIODS = 300 };
    static struct row row[N];
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = new_book(&cx, 15 * MT_US_MINUTE, 0);
    for (size_t i = 0; i < N; i++) {
        size_t period = (i * 7919) % PERIODS;
        row[i] = (struct row){(mt_time)period * 15 * MT_US_MINUTE + (mt_time)i, (mt_micro)i * 10000,
                              (int64_t)period, (uint8_t)(i & 1)};
    }
    assert_int_equal(add_rows(&cx, book, row, N), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(mt_book_periods(book), PERIODS);
    size_t total = 0;
    for (size_t k = 0; k < PERIODS; k++) {
        mt_mark mark = mt_arena_mark(&cx.arena);
        mt_period p = period_of(&cx, book, k);
        for (size_t i = 0; i < p.n; i++) {
            assert_int_equal(p.bid[i].volume, k);
            assert_int_equal(p.bid[i].side, p.bid[i].tick & 1);
            if (i) assert_true(p.bid[i].tick > p.bid[i - 1].tick);
        }
        total += p.n;
        mt_arena_reset(&cx.arena, mark);
    }
    assert_int_equal(total, N);
    mt_ctx_close(&cx);
}

static void expect_seal_refusal(const struct row *row, size_t n, mt_code code, const char *part)
{
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = new_book(&cx, HOUR, 0);
    assert_int_equal(add_rows(&cx, book, row, n), MT_OK);
    assert_int_equal(mt_book_seal(&cx, book), code);
    if (!strstr(cx.err, part)) fail_msg("\"%s\" does not say \"%s\"", cx.err, part);
    mt_ctx_close(&cx);
}

static void book__refuses_what_does_not_fit(void **state)
{
    (void)state;
    static const struct row wide[] = {{0, 1, 1, MT_BUY}, {0, 4883990000, 1, MT_BUY}};
    expect_seal_refusal(wide, 2, MT_E_INPUT, "the price 4883.99 is too far from 0 for the tick of 0.000001");
    static const struct row far[] = {{0, 1, 1, MT_BUY}, {10000001 * HOUR, 1, 1, MT_BUY}};
    expect_seal_refusal(far, 2, MT_E_TOO_LARGE, "is one of these times wrong?");
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_book *book = NULL;
    mt_book_options options = {.size = sizeof options, .step = 0};
    assert_int_equal(mt_book_new(&cx, &book, &options), MT_E_INPUT);
    book = new_book(&cx, HOUR, 0);
    mt_period p;
    assert_int_equal(mt_book_period(&cx, &p, book, 0), MT_E_BUG);
    assert_int_equal(mt_book_seal(&cx, book), MT_OK);
    assert_int_equal(mt_book_periods(book), 0);
    assert_int_equal(mt_book_tick(book), 10000);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(book__gives_every_period_from_first_to_last),
        cmocka_unit_test(book__periods_before_1970_start_at_multiples_of_the_step),
        cmocka_unit_test(book__chooses_the_coarsest_tick_that_fits),
        cmocka_unit_test(book__reports_prices_off_a_given_tick),
        cmocka_unit_test(book__leaves_faulty_and_incomplete_rows_out),
        cmocka_unit_test(book__joins_many_orders_of_many_periods),
        cmocka_unit_test(book__refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
