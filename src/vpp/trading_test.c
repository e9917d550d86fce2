/* Cash, volumes, VWAP and profit of own trades, by each grouping. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/rng.h"
#include "vpp/testing.h"
#include "vpp/trading.h"

static const mt_desk *finish_with(case_desk *d, mt_trade *trade, size_t n)
{
    for (size_t k = 0; k < n; k++) case_ok(d, mt_text_format(&d->cx, &trade[k].id, "T%zu", k));
    case_trades(d, false, trade, n);
    return case_finish(d);
}

static const mt_trading_row *count(case_desk *d, const mt_desk *desk, mt_trading_by by, size_t *n)
{
    const mt_trading_row *row = NULL;
    case_ok(d, mt_trading(&d->cx, &row, n, desk, by));
    return row;
}

static mt_trade of(mt_trade trade, const char *trader, const char *strategy)
{
    trade.trader = trader;
    trade.strategy = strategy;
    return trade;
}

/* An hour of 1 MWh sold at 80 and a quarter of 0.2 MWh bought at 50: worked by hand. */
static void trading__counts_an_hour_as_four_quarters(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade[] = {case_trade(&d, MT_SELL, 0, 4, EUR(80), 1000000),
                        case_trade(&d, MT_BUY, 1, 2, EUR(50), 200000)};
    const mt_desk *desk = finish_with(&d, trade, 2);
    const mt_trading_row *row = count(&d, desk, MT_BY_QUARTER, &n);
    assert_int_equal(n, 4);
    assert_true(row[0].start == d.start && row[3].start == d.start + 3 * MT_QUARTER);
    assert_true(row[0].trades == 1 && row[0].sold_wh == 250000 && row[0].cash_ueur == 20000000);
    assert_true(row[1].trades == 2 && row[1].net_wh == 50000 && row[1].bought_ueur == 10000000);
    assert_true(row[1].cash_ueur == 10000000);
    row = count(&d, desk, MT_BY_HOUR, &n);
    assert_int_equal(n, 1);
    assert_true(row[0].trades == 2 && row[0].sold_wh == 1000000 && row[0].bought_wh == 200000);
    assert_true(row[0].cash_ueur == 70000000 && row[0].net_wh == 800000);
    case_close(&d);
}

/* (80 x 1 + 50 x 0.2) / 1.2 = 75: an average price. The signed sum over the volume would be 58.33. */
static void trading__vwap_is_an_average_price(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade[] = {case_trade(&d, MT_SELL, 0, 4, EUR(80), 1000000),
                        case_trade(&d, MT_BUY, 0, 1, EUR(50), 200000)};
    const mt_trading_row *row = count(&d, finish_with(&d, trade, 2), MT_BY_ALL, &n);
    assert_int_equal(n, 1);
    assert_true(row->vwap == EUR(75));
    assert_true(row->start == MT_TIME_NONE && row->group == NULL);
    case_close(&d);
}

/* Day-ahead 60, public VWAP 70, index 72 from the second quarter on. */
static void trading__profits_are_against_their_references(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    const mt_micro index[] = {GAP, EUR(72), EUR(72), EUR(72)};
    const mt_trade others = case_trade(&d, MT_BUY, 0, 4, EUR(70), 4000000);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_flat(&d, EUR(60), 96), 96);
    case_price(&d, MT_PRICE_OF_INDEX, index, 4);
    case_trades(&d, true, &others, 1);
    mt_trade trade[] = {case_trade(&d, MT_SELL, 0, 4, EUR(80), 4000000),
                        case_trade(&d, MT_BUY, 0, 1, EUR(50), 1000000)};
    const mt_trading_row *row = count(&d, finish_with(&d, trade, 2), MT_BY_ALL, &n);
    assert_true(row->against_day_ahead_ueur == 4 * 20 * 1000000LL + 10 * 1000000LL);
    assert_true(row->against_market_ueur == (10 + 3 * 8 + 20) * 1000000LL);
    assert_true(row->mark_ueur == -3 * 72 * 1000000LL); /* open: nothing in the first, 1 MWh in the others */
    case_close(&d);
}

static void trading__profit_without_its_reference_is_missing(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    mt_micro day_ahead[96];
    for (int q = 0; q < 96; q++) day_ahead[q] = q == 2 ? GAP : EUR(60);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, day_ahead, 96);
    mt_trade trade = case_trade(&d, MT_SELL, 0, 4, EUR(80), 4000000);
    const mt_desk *desk = finish_with(&d, &trade, 1);
    const mt_trading_row *row = count(&d, desk, MT_BY_HOUR, &n);
    assert_true(row->against_day_ahead_ueur == MT_MICRO_NONE);
    assert_true(row->against_market_ueur == MT_MICRO_NONE && row->mark_ueur == MT_MICRO_NONE);
    assert_true(row->cash_ueur == 320000000);
    row = count(&d, desk, MT_BY_QUARTER, &n);
    assert_true(row[1].against_day_ahead_ueur == 20000000 && row[2].against_day_ahead_ueur == MT_MICRO_NONE);
    case_close(&d);
}

static void trading__groups_by_trader_and_strategy(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade[] = {of(case_trade(&d, MT_SELL, 0, 4, EUR(80), 1000000), "zoe", "swing"),
                        of(case_trade(&d, MT_SELL, 8, 12, EUR(60), 1000000), "ann", "swing"),
                        of(case_trade(&d, MT_BUY, 8, 12, EUR(50), 500000), "ann", NULL)};
    const mt_desk *desk = finish_with(&d, trade, 3);
    const mt_trading_row *row = count(&d, desk, MT_BY_TRADER, &n);
    assert_int_equal(n, 2);
    assert_string_equal(row[0].group, "ann");
    assert_true(row[0].trades == 2 && row[0].cash_ueur == 35000000 && row[0].start == MT_TIME_NONE);
    assert_string_equal(row[1].group, "zoe");
    row = count(&d, desk, MT_BY_STRATEGY, &n);
    assert_int_equal(n, 2);
    assert_string_equal(row[0].group, "");
    assert_string_equal(row[1].group, "swing");
    assert_true(row[1].cash_ueur == 140000000);
    case_close(&d);
}

static void trading__of_an_unknown_strategy_is_0(void **state)
{
    (void)state;
    case_desk d;
    mt_trading_row row;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade = of(case_trade(&d, MT_SELL, 0, 4, EUR(80), 1000000), "ann", "swing");
    const mt_desk *desk = finish_with(&d, &trade, 1);
    case_ok(&d, mt_trading_of(&d.cx, &row, desk, MT_BY_STRATEGY, "none such"));
    assert_true(row.trades == 0 && row.cash_ueur == 0 && row.against_day_ahead_ueur == 0);
    assert_true(row.against_market_ueur == 0 && row.mark_ueur == 0 && row.vwap == MT_MICRO_NONE);
    assert_string_equal(row.group, "none such");
    case_ok(&d, mt_trading_of(&d.cx, &row, desk, MT_BY_STRATEGY, "swing"));
    assert_true(row.trades == 1 && row.cash_ueur == 80000000);
    case_close(&d);
}

/* Half of the delivery lies in the night before. */
static void trading__leaves_out_parts_outside_the_range(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade[] = {case_trade(&d, MT_SELL, -2, 2, EUR(80), 1000000),
                        case_trade(&d, MT_SELL, 94, 98, EUR(80), 1000000),
                        case_trade(&d, MT_SELL, 200, 204, EUR(80), 1000000)};
    const mt_trading_row *row = count(&d, finish_with(&d, trade, 3), MT_BY_ALL, &n);
    assert_int_equal(n, 1);
    assert_true(row->trades == 2 && row->sold_wh == 1000000);
    case_close(&d);
}

static void trading__without_trades_has_no_rows(void **state)
{
    (void)state;
    case_desk d;
    size_t n = 7;
    case_open(&d, "2025-06-08", 1);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_flat(&d, EUR(60), 96), 96);
    const mt_desk *desk = case_finish(&d);
    for (int by = MT_BY_QUARTER; by <= MT_BY_ALL; by++) {
        count(&d, desk, (mt_trading_by)by, &n);
        assert_int_equal(n, 0);
    }
    case_close(&d);
}

static void trading__says_when_sums_leave_64_bits(void **state)
{
    (void)state;
    case_desk d;
    size_t n;
    const mt_trading_row *row;
    case_open(&d, "2025-06-08", 1);
    mt_trade trade[] = {case_trade(&d, MT_SELL, 0, 1, 1, INT64_MAX - 1), case_trade(&d, MT_SELL, 1, 2, 1, 5)};
    const mt_desk *desk = finish_with(&d, trade, 2);
    assert_int_equal(mt_trading(&d.cx, &row, &n, desk, MT_BY_ALL), MT_E_INPUT);
    case_close(&d);
}

enum { MANY = 500 };

static void make_many(case_desk *d, mt_trade *trade)
{
    static const char *const trader[] = {"ann", "bob", "cy", NULL};
    mt_rng rng = mt_rng_new(11);
    for (int k = 0; k < MANY; k++) {
        int from = (int)(mt_rng_next(&rng) % 110) - 8, length = mt_rng_next(&rng) % 2 ? 1 : 4;
        mt_side side = mt_rng_next(&rng) % 2 ? MT_SELL : MT_BUY;
        mt_micro price = (mt_micro)(mt_rng_next(&rng) % 200000000) - 50000000;
        trade[k] =
            case_trade(d, side, from, from + length, price, 1 + (int64_t)(mt_rng_next(&rng) % 3000000));
        trade[k] = of(trade[k], trader[mt_rng_next(&rng) % 4], NULL);
    }
}

/* 25 hours; quarters, hours, traders and all say the same. */
static void trading__groups_add_up_to_all(void **state)
{
    (void)state;
    case_desk d;
    mt_trade trade[MANY];
    size_t n;
    case_open(&d, "2025-10-26", 1);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_flat(&d, EUR(61.5), 100), 100);
    case_price(&d, MT_PRICE_OF_INDEX, case_flat(&d, EUR(-3.25), 100), 100);
    make_many(&d, trade);
    const mt_desk *desk = finish_with(&d, trade, MANY);
    const mt_trading_row all = count(&d, desk, MT_BY_ALL, &n)[0];
    for (int by = MT_BY_QUARTER; by < MT_BY_STRATEGY; by++) {
        const mt_trading_row *row = count(&d, desk, (mt_trading_by)by, &n);
        mt_trading_row sum = {0};
        assert_true(by != MT_BY_HOUR || n == 25);
        for (size_t k = 0; k < n; k++) {
            sum.sold_wh += row[k].sold_wh;
            sum.net_wh += row[k].net_wh;
            sum.cash_ueur += row[k].cash_ueur;
            sum.against_day_ahead_ueur += row[k].against_day_ahead_ueur;
            sum.against_market_ueur += row[k].against_market_ueur;
            sum.mark_ueur += row[k].mark_ueur;
        }
        assert_true(sum.sold_wh == all.sold_wh && sum.net_wh == all.net_wh && sum.cash_ueur == all.cash_ueur);
        assert_true(sum.against_day_ahead_ueur == all.against_day_ahead_ueur);
        assert_true(sum.against_market_ueur == all.against_market_ueur);
        if (by != MT_BY_TRADER) assert_true(sum.mark_ueur == all.mark_ueur);
    }
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trading__counts_an_hour_as_four_quarters),
        cmocka_unit_test(trading__vwap_is_an_average_price),
        cmocka_unit_test(trading__profits_are_against_their_references),
        cmocka_unit_test(trading__profit_without_its_reference_is_missing),
        cmocka_unit_test(trading__groups_by_trader_and_strategy),
        cmocka_unit_test(trading__of_an_unknown_strategy_is_0),
        cmocka_unit_test(trading__leaves_out_parts_outside_the_range),
        cmocka_unit_test(trading__without_trades_has_no_rows),
        cmocka_unit_test(trading__says_when_sums_leave_64_bits),
        cmocka_unit_test(trading__groups_add_up_to_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
