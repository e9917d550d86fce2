/* Tests of the cleaning policies, down to the cleared prices of the reference file under each of them. */
#include "market/cleaning.h"

#include "market/aggregate.h"
#include "num/stats.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "market/order_case.h"

static struct test_orders orders;

/* What the clearing of all periods of a source comes to. */
struct outcome {
    size_t periods, cleared, open;
    double mean, min, max, median, volume_mwh, efficiency;
    mt_clearing first_hour; /* 2024-01-01 00:00Z */
    mt_clearing last;
};

static void clear_periods(mt_ctx *cx, struct outcome *out, const mt_book *book, mt_price_rule price)
{
    static double prices[128], efficiency[128];
    mt_clear_rule rule = mt_clear_rule_default(mt_book_tick(book));
    rule.price = price;
    *out = (struct outcome){.periods = mt_book_periods(book)};
    for (size_t k = 0; k < out->periods; k++) {
        mt_period p;
        mt_clearing c;
        if (mt_book_period(cx, &p, book, k) || mt_clear(cx, &c, p.bid, p.n, &rule)) fail_msg("%s", cx->err);
        prices[k] = mt_tick_money(c.price, rule.tick_micro);
        efficiency[k] = c.volume ? c.efficiency : NAN;
        out->cleared += c.status == MT_CLEARED;
        out->open += c.status == MT_CLEARED && c.low != c.high;
        out->volume_mwh += (double)c.volume / 1e6;
        if (p.start == mt_time_of((mt_civil){2024, 1, 1, 0, 0, 0, 0})) out->first_hour = c;
        out->last = c;
    }
    mt_stats s;
    assert_int_equal(mt_stats_of(cx, &s, prices, out->periods), MT_OK);
    out->mean = s.mean;
    out->min = s.min;
    out->max = s.max;
    out->median = s.median;
    out->efficiency = mt_mean(efficiency, out->periods);
}

static void clear_source(mt_ctx *cx, struct outcome *out, const mt_order_source *source, mt_price_rule price)
{
    mt_book *book;
    mt_book_options options = {.size = sizeof options, .step = MT_US_HOUR};
    if (mt_book_new(cx, &book, &options) || mt_book_fill(cx, book, source)) fail_msg("%s", cx->err);
    clear_periods(cx, out, book, price);
}

static mt_clean_fill fill_of(mt_ctx *cx, struct test_orders *o)
{
    mt_quality *q;
    mt_clean_fill fill = {0};
    mt_order_source source = test_orders_source(o);
    if (mt_quality_new(cx, &q) || mt_quality_fill(cx, q, &source) || mt_clean_fill_from(cx, &fill, q)) {
        fail_msg("%s", cx->err);
    }
    return fill;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-7;
}

/* Merit-order clearing of the reference file, checked by an independent slow implementation. */
static void cleaning__quarantine_gives_the_known_prices(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    struct outcome o;
    mt_clean_counts counts;
    mt_order_source from = test_orders_source(&orders), clean;
    assert_int_equal(mt_clean_quarantine(&cx, &clean, &from, NULL, NULL, &counts), MT_OK);
    clear_source(&cx, &o, &clean, MT_PRICE_MID);
    assert_int_equal(counts.rows_in, 2975);
    assert_int_equal(counts.rows_in - counts.rows_out, 110);
    assert_int_equal(counts.by_fault[MT_FAULT_PRICE_MISSING], 59);
    assert_int_equal(counts.by_fault[MT_FAULT_VOLUME_MISSING], 51);
    assert_int_equal(o.periods, 73);
    assert_int_equal(o.cleared, 72);
    assert_int_equal(o.open, 0);
    assert_true(near(o.mean, 62.02888888888889));
    assert_true(near(o.min, 25.81) && near(o.max, 95.15) && near(o.volume_mwh, 797689));
    assert_int_equal(o.last.status, MT_NO_SUPPLY); /* 2024-01-03 23:00Z has two buys */
    assert_int_equal(o.last.buys, 2);
    assert_int_equal(o.last.sells, 0);
    mt_ctx_close(&cx);
}

static void cleaning__fill_median_gives_the_known_prices(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    struct outcome o;
    mt_clean_counts counts;
    mt_clean_fill fill = fill_of(&cx, &orders);
    assert_int_equal(fill.price, 61110000);
    assert_int_equal(fill.volume, 1042000000);
    assert_true(near(fill.volume_high, 2947e6) && near(fill.volume_low, -877e6));
    mt_order_source from = test_orders_source(&orders), clean;
    assert_int_equal(mt_clean_fill_median(&cx, &clean, &from, &fill, NULL, NULL, &counts), MT_OK);
    clear_source(&cx, &o, &clean, MT_PRICE_MID);
    assert_int_equal(counts.rows_out, 2975);
    assert_int_equal(counts.filled_price, 59);
    assert_int_equal(counts.filled_volume, 51);
    assert_int_equal(o.cleared, 72);
    assert_int_equal(o.open, 0);
    assert_true(near(o.mean, 61.637777777777778));
    assert_true(near(o.min, 42.40) && near(o.max, 82.48) && near(o.volume_mwh, 748375));
    assert_true(near(o.efficiency, 0.4272128521710064));
    assert_int_equal(o.first_hour.price, 7325);
    assert_int_equal(o.first_hour.volume, INT64_C(8335000000));
    mt_ctx_close(&cx);
}

/* The earlier system took the last accepted sell for the price: 59.6125 on average, 67.88 in the first hour
 * of 2024. */
static void cleaning__last_sell_gives_the_earlier_systems_prices(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    struct outcome o;
    mt_clean_fill fill = fill_of(&cx, &orders);
    mt_order_source from = test_orders_source(&orders), clean;
    assert_int_equal(mt_clean_fill_median(&cx, &clean, &from, &fill, NULL, NULL, NULL), MT_OK);
    clear_source(&cx, &o, &clean, MT_PRICE_LAST_SELL);
    assert_true(near(o.mean, 59.6125) && near(o.min, 36.23) && near(o.max, 82.48) && near(o.median, 61.11));
    assert_int_equal(o.first_hour.price, 6788);
    mt_ctx_close(&cx);
}

struct noted {
    size_t n;
    mt_order_bad bad[16];
};

static void note_bad(void *arg, const mt_order_batch *batch, const mt_order_bad *bad)
{
    struct noted *noted = arg;
    assert_true(bad->row < batch->n);
    noted->bad[noted->n++] = *bad;
}

/* One batch with every kind of row, as a reader gives it. */
static mt_code next_faulty(void *self, mt_ctx *cx, mt_order_batch *out)
{
    static const mt_time time[] = {1, MT_TIME_NONE, 3, 4, 5, 6, 7, 8};
    static const mt_micro price[] = {10, 10, 10, MT_MICRO_NONE, 10, -10, MT_MICRO_NONE, 10};
    static const int64_t volume[] = {20, 20, 20, 20, MT_MICRO_NONE, -1, 20, 500};
    static const uint8_t side[] = {0, 0, MT_SIDE_NONE, 0, 1, 1, 1, 1};
    static const mt_order_bad bad[] = {{.row = 1, .line = 12, .fault = MT_FAULT_TIME_BAD},
                                       {.row = 2, .line = 13, .fault = MT_FAULT_SIDE_BAD},
                                       {.row = 6, .line = 17, .fault = MT_FAULT_PRICE_BAD}};
    int *calls = self;
    (void)cx;
    *out = (mt_order_batch){0};
    if ((*calls)++ == 0) *out = (mt_order_batch){8, time, price, volume, side, 3, bad};
    return MT_OK;
}

static void cleaning__quarantine_says_line_and_reason(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    int calls = 0;
    struct noted noted = {0};
    mt_order_source from = {next_faulty, &calls}, clean;
    mt_order_batch batch;
    assert_int_equal(mt_clean_quarantine(&cx, &clean, &from, note_bad, &noted, NULL), MT_OK);
    assert_int_equal(clean.next(clean.self, &cx, &batch), MT_OK);
    assert_int_equal(batch.n, 2);
    assert_int_equal(batch.n_bad, 0);
    assert_int_equal(batch.time[1], 8);
    static const mt_order_fault right[] = {MT_FAULT_TIME_BAD,      MT_FAULT_SIDE_BAD,
                                           MT_FAULT_PRICE_MISSING, MT_FAULT_VOLUME_MISSING,
                                           MT_FAULT_VOLUME_RANGE,  MT_FAULT_PRICE_BAD};
    static const uint64_t line[] = {12, 13, 0, 0, 0, 17};
    static const size_t row[] = {1, 2, 3, 4, 5, 6};
    assert_int_equal(noted.n, 6);
    for (size_t k = 0; k < 6; k++) {
        assert_int_equal(noted.bad[k].fault, right[k]);
        assert_int_equal(noted.bad[k].line, line[k]);
        assert_int_equal(noted.bad[k].row, row[k]);
    }
    assert_int_equal(clean.next(clean.self, &cx, &batch), MT_OK);
    assert_int_equal(batch.n, 0);
    mt_ctx_close(&cx);
}

static void cleaning__fill_median_repairs_numbers_and_drops_the_rest(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    int calls = 0;
    struct noted noted = {0};
    mt_clean_counts counts;
    mt_clean_fill fill = {.price = 33, .volume = 44, .volume_low = -100, .volume_high = 99.6};
    mt_order_source from = {next_faulty, &calls}, clean;
    mt_order_batch batch;
    assert_int_equal(mt_clean_fill_median(&cx, &clean, &from, &fill, note_bad, &noted, &counts), MT_OK);
    assert_int_equal(clean.next(clean.self, &cx, &batch), MT_OK);
    static const mt_micro price[] = {10, 33, 10, -10, 33, 10};
    static const int64_t volume[] = {20, 20, 44, 0, 20, 100};
    assert_int_equal(batch.n, 6);
    assert_memory_equal(batch.price, price, sizeof price);
    assert_memory_equal(batch.volume, volume, sizeof volume);
    assert_int_equal(noted.n, 2);
    assert_true(counts.filled_price == 2 && counts.filled_volume == 1);
    assert_true(counts.clipped_volume == 1 && counts.zeroed == 1);
    mt_ctx_close(&cx);
}

static void cleaning__fill_median_needs_something_to_fill_with(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_quality *q;
    mt_clean_fill fill = {0};
    orders.n = 0;
    orders.batch = 1;
    test_orders_add(&orders, 1, MT_MICRO_NONE, 5, MT_BUY);
    mt_order_source source = test_orders_source(&orders);
    assert_int_equal(mt_quality_new(&cx, &q), MT_OK);
    assert_int_equal(mt_quality_fill(&cx, q, &source), MT_OK);
    assert_int_equal(mt_clean_fill_from(&cx, &fill, q), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "no row has a price"));
    mt_ctx_close(&cx);
}

/* Quality, filling, collecting and clearing with the k-th allocation failing, for every k until none does. */
static mt_code run_all(mt_ctx *cx, uint64_t fail_at)
{
    mt_quality *q;
    mt_clean_fill fill;
    mt_quality_report report;
    mt_book *book;
    mt_book_options options = {.size = sizeof options, .step = MT_US_HOUR};
    mt_order_source from = test_orders_source(&orders), clean;
    cx->arena.fail_at = fail_at;
    MT_TRY(mt_quality_new(cx, &q));
    MT_TRY(mt_quality_fill(cx, q, &from));
    MT_TRY(mt_quality_of(cx, &report, q));
    MT_TRY(mt_clean_fill_from(cx, &fill, q));
    from = test_orders_source(&orders);
    MT_TRY(mt_clean_fill_median(cx, &clean, &from, &fill, NULL, NULL, NULL));
    MT_TRY(mt_book_new(cx, &book, &options));
    MT_TRY(mt_book_fill(cx, book, &clean));
    mt_clear_rule rule = mt_clear_rule_default(mt_book_tick(book));
    for (size_t k = 0; k < mt_book_periods(book); k++) {
        mt_period p;
        mt_clearing c;
        MT_TRY(mt_book_period(cx, &p, book, k));
        MT_TRY(mt_clear(cx, &c, p.bid, p.n, &rule));
    }
    return MT_OK;
}

static void cleaning__every_failed_allocation_is_an_error_and_no_crash(void **state)
{
    (void)state;
    orders.n = 0;
    orders.batch = 100;
    for (int k = 0; k < 1500; k++) {
        test_orders_add(&orders, k * 7 * MT_US_MINUTE, k % 600 * 10000, k % 31 ? k : MT_MICRO_NONE, k & 1);
    }
    mt_code code = MT_E_MEMORY;
    uint64_t k = 1;
    for (; code == MT_E_MEMORY; k++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        code = run_all(&cx, k);
        if (code != MT_OK) assert_true(cx.err[0] != 0);
        mt_ctx_close(&cx);
    }
    assert_int_equal(code, MT_OK);
    assert_true(k > 50); /* so many allocations failed, one by one */
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(cleaning__quarantine_gives_the_known_prices),
        cmocka_unit_test(cleaning__fill_median_gives_the_known_prices),
        cmocka_unit_test(cleaning__last_sell_gives_the_earlier_systems_prices),
        cmocka_unit_test(cleaning__quarantine_says_line_and_reason),
        cmocka_unit_test(cleaning__fill_median_repairs_numbers_and_drops_the_rest),
        cmocka_unit_test(cleaning__fill_median_needs_something_to_fill_with),
        cmocka_unit_test(cleaning__every_failed_allocation_is_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
