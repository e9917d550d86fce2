/* Tests of the VWAP: splitting over periods, exact energy, missing periods, refusals. */
#include "market/vwap.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define QUARTER      (15 * MT_US_MINUTE)
#define EUR          MT_MICRO_ONE

static const mt_grid day = {.start = 0, .step = QUARTER, .n = 96};

static mt_trade trade_of(mt_time start, mt_time end, mt_micro price, int64_t energy_wh)
{
    return (mt_trade){.delivery_start = start, .delivery_end = end, .price = price, .energy_wh = energy_wh};
}

static void vwap__splits_an_hour_into_quarters_of_the_same_power(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_vwap_row *row;
    mt_ctx_init(&cx, NULL);
    const mt_trade trade[] = {trade_of(0, MT_US_HOUR, 80 * EUR, 100000),
                              trade_of(QUARTER, 2 * QUARTER, 50 * EUR, 75000)};
    assert_int_equal(mt_vwap_of(&cx, &row, trade, COUNT(trade), day), MT_OK);
    assert_true(row[0].price == 80 && row[0].energy_wh == 25000 && row[0].trades == 1);
    assert_true(row[1].price == 57.5 && row[1].energy_wh == 100000 && row[1].trades == 2);
    assert_true(row[1].price_min == 50 && row[1].price_max == 80);
    assert_true(row[3].price == 80 && row[3].energy_wh == 25000);
    assert_int_equal(row[3].start, 3 * QUARTER);
    mt_ctx_close(&cx);
}

static void vwap__leaves_untraded_periods_missing(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_vwap_row *row;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_vwap_of(&cx, &row, NULL, 0, day), MT_OK);
    for (size_t k = 0; k < day.n; k++)
        assert_true(isnan(row[k].price) && row[k].energy_wh == 0 && row[k].trades == 0);
    mt_ctx_close(&cx);
}

static void vwap__parts_add_up_to_the_last_unit(void **state)
{
    (void)state;
    static const int64_t energy[] = {1, 2, 3, 5, 7, 100001, INT64_C(9000000000000000000)};
    static const mt_time length[] = {MT_US_HOUR, 50 * MT_US_MINUTE, 7 * MT_US_MINUTE, 24 * MT_US_HOUR - 1, 1};
    for (size_t e = 0; e < COUNT(energy); e++) {
        for (size_t l = 0; l < COUNT(length); l++) {
            mt_ctx cx;
            const mt_vwap_row *row;
            int64_t sum = 0;
            mt_ctx_init(&cx, NULL);
            mt_trade trade = trade_of(1, 1 + length[l], -7 * EUR, energy[e]);
            assert_int_equal(mt_vwap_of(&cx, &row, &trade, 1, day), MT_OK);
            for (size_t k = 0; k < day.n; k++) {
                sum += row[k].energy_wh;
                if (row[k].trades) assert_true(row[k].price == -7);
            }
            assert_int_equal(sum, energy[e]);
            mt_ctx_close(&cx);
        }
    }
}

static void vwap__counts_a_quarter_within_an_hourly_grid(void **state)
{
    (void)state;
    mt_ctx cx;
    const mt_vwap_row *row;
    mt_ctx_init(&cx, NULL);
    const mt_grid hours = {.start = 0, .step = MT_US_HOUR, .n = 24};
    const mt_trade trade[] = {trade_of(0, QUARTER, 40 * EUR, 10),
                              trade_of(3 * QUARTER, MT_US_HOUR, 70 * EUR, 20)};
    assert_int_equal(mt_vwap_of(&cx, &row, trade, 2, hours), MT_OK);
    assert_true(row[0].price == 60 && row[0].trades == 2 && isnan(row[1].price));
    mt_ctx_close(&cx);
}

static void expect_refusal(mt_trade trade, mt_code code, const char *part)
{
    mt_ctx cx;
    const mt_vwap_row *row;
    mt_ctx_init(&cx, NULL);
    trade.id = "T9";
    assert_int_equal(mt_vwap_of(&cx, &row, &trade, 1, day), code);
    if (!strstr(cx.err, part) || !strstr(cx.err, "T9")) fail_msg("\"%s\" does not say \"%s\"", cx.err, part);
    mt_ctx_close(&cx);
}

static void vwap__refuses_trades_that_cannot_be(void **state)
{
    (void)state;
    expect_refusal(trade_of(0, QUARTER, EUR, 0), MT_E_INPUT, "energy of 0 Wh");
    expect_refusal(trade_of(0, QUARTER, MT_MICRO_NONE, 1), MT_E_INPUT, "has no price");
    expect_refusal(trade_of(QUARTER, QUARTER, EUR, 1), MT_E_INPUT, "does not end after it starts");
    expect_refusal(trade_of(-1, QUARTER, EUR, 1), MT_E_SHAPE, "outside of 1970-01-01T00:00:00Z");
    expect_refusal(trade_of(0, MT_US_DAY + 1, EUR, 1), MT_E_SHAPE, "to 1970-01-02T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(vwap__splits_an_hour_into_quarters_of_the_same_power),
        cmocka_unit_test(vwap__leaves_untraded_periods_missing),
        cmocka_unit_test(vwap__parts_add_up_to_the_last_unit),
        cmocka_unit_test(vwap__counts_a_quarter_within_an_hourly_grid),
        cmocka_unit_test(vwap__refuses_trades_that_cannot_be),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
