/* Tests of the aggregates: textbook VWAP, empty sides, and the reference file's first hour. */
#include "market/aggregate.h"

#include "market/book.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "market/order_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MWH          INT64_C(1000000)

static struct test_orders orders;

static void aggregate__weighs_prices_with_volumes(void **state)
{
    (void)state;
    /* (50 x 100 + 60 x 200 + 70 x 300) / 600 = 63.333… */
    static const mt_bid bid[] = {{5000, MT_BUY, 100 * MWH},  {6000, MT_BUY, 200 * MWH},
                                 {7000, MT_BUY, 300 * MWH},  {90000, MT_BUY, 0},
                                 {-1000, MT_SELL, 10 * MWH}, {3000, MT_SELL, 30 * MWH}};
    mt_aggregate a = mt_aggregate_of(bid, COUNT(bid), 10000);
    const mt_side_figures *buy = &a.side[MT_BUY], *sell = &a.side[MT_SELL];
    assert_true(fabs(buy->vwap - 190.0 / 3) < 1e-12);
    assert_true(buy->n == 4 && buy->price_mean == 270 && buy->price_min == 50 && buy->price_max == 900);
    assert_true(buy->volume_sum == 600 && buy->volume_mean == 150);
    assert_true(sell->vwap == 20 && sell->price_mean == 10 && sell->price_min == -10);
    assert_true(a.spread == 260);
}

static void aggregate__of_an_empty_side_is_missing(void **state)
{
    (void)state;
    static const mt_bid bid[] = {{5000, MT_BUY, 0}};
    mt_aggregate a = mt_aggregate_of(bid, 1, 10000);
    assert_true(a.side[MT_SELL].n == 0 && isnan(a.side[MT_SELL].price_mean) &&
                isnan(a.side[MT_SELL].volume_sum));
    assert_true(a.side[MT_BUY].n == 1 && isnan(a.side[MT_BUY].vwap) && a.side[MT_BUY].volume_sum == 0);
    assert_true(isnan(a.spread));
    assert_true(isnan(mt_aggregate_of(NULL, 0, 10000).spread));
}

/* First row of the earlier system's final_summary.csv (no row of that hour is filled or clipped). */
static void aggregate__gives_the_first_hour_of_the_reference_file(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_ctx cx;
    mt_book *book;
    mt_period p;
    mt_ctx_init(&cx, NULL);
    mt_order_source source = test_orders_source(&orders);
    mt_book_options options = {.size = sizeof options, .step = MT_US_HOUR};
    assert_int_equal(mt_book_new(&cx, &book, &options), MT_OK);
    assert_int_equal(mt_book_fill(&cx, book, &source), MT_OK);
    assert_int_equal(mt_book_period(&cx, &p, book, 0), MT_OK);
    mt_aggregate a = mt_aggregate_of(p.bid, p.n, mt_book_tick(book));
    assert_int_equal(a.side[MT_BUY].n, 4);
    assert_int_equal(a.side[MT_SELL].n, 6);
    assert_true(fabs(a.side[MT_BUY].price_mean - 64.62) < 0.0051 &&
                fabs(a.side[MT_SELL].price_mean - 57.11) < 0.0051);
    assert_true(a.side[MT_BUY].volume_sum == 3322 && a.side[MT_SELL].volume_sum == 7229);
    assert_true(fabs(a.side[MT_BUY].vwap - 58.31) < 0.0051 && fabs(a.side[MT_SELL].vwap - 56.88) < 0.0051);
    assert_true(fabs(a.spread - 7.51) < 0.0051);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(aggregate__weighs_prices_with_volumes),
        cmocka_unit_test(aggregate__of_an_empty_side_is_missing),
        cmocka_unit_test(aggregate__gives_the_first_hour_of_the_reference_file),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
