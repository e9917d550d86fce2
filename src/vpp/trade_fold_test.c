/* Trades parted into quarters, summed exactly; of one number the first. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/testing.h"
#include "vpp/trade_fold.h"

static const mt_grid day = {.start = 0, .step = MT_QUARTER, .n = 96};

static mt_trade trade_of(int from, int to, mt_micro price, int64_t wh, mt_side side)
{
    return (mt_trade){.delivery_start = from * MT_QUARTER,
                      .delivery_end = to * MT_QUARTER,
                      .execution_time = MT_TIME_NONE,
                      .price = price,
                      .energy_wh = wh,
                      .side = side};
}

static void trade_fold__gives_odd_wh_to_the_first_quarters(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_trade_fold fold;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_trade_fold_init(&cx, &fold, day), MT_OK);
    const mt_trade t = trade_of(4, 8, EUR(81.29), 100003, MT_SELL);
    mt_trade_fold_add(&fold, &t, 1);
    for (int k = 4; k < 8; k++) assert_int_equal(fold.quarter[k].sold_wh, k < 7 ? 25001 : 25000);
    assert_int_equal(fold.quarter[4].sold_ueur, 2032331); /* 81.29 x 0.025001 MWh = 2.03233129 EUR */
    assert_int_equal(fold.quarter[7].sold_ueur, 2032250);
    assert_true(fold.quarter[3].count == 0 && fold.quarter[8].count == 0 && fold.quarter[4].bought_wh == 0);
    assert_true(fold.hourly == 1 && fold.quarterly == 0 && fold.trades == 1);
    mt_ctx_close(&cx);
}

static void trade_fold__keeps_every_wh(void **state)
{
    (void)state;
    static const int64_t energy[] = {1, 2, 3, 5, 7, 99999, INT64_C(9000000000000)};
    for (size_t e = 0; e < sizeof energy / sizeof *energy; e++) {
        for (int n = 1; n <= 96; n++) {
            mt_trade_parts p;
            const mt_trade t = trade_of(0, n, EUR(1), energy[e], MT_BUY);
            assert_true(mt_trade_parts_of(&p, &t, day));
            assert_true(p.each * p.n + p.extra == energy[e] && p.extra < p.n && p.n == n && p.first == 0);
        }
    }
}

static void trade_fold__clips_to_the_grid_and_counts_all(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_trade_fold fold;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_trade_fold_init(&cx, &fold, day), MT_OK);
    const mt_trade t[] = {trade_of(-2, 2, EUR(10), 4000, MT_BUY), trade_of(94, 98, EUR(10), 4000, MT_BUY),
                          trade_of(200, 204, EUR(10), 4000, MT_BUY)};
    mt_trade_fold_add(&fold, t, 3);
    assert_int_equal(fold.trades, 3);
    int64_t sum = 0;
    for (size_t q = 0; q < day.n; q++) sum += fold.quarter[q].bought_wh;
    assert_int_equal(sum, 4000);
    assert_true(fold.quarter[0].bought_wh == 1000 && fold.quarter[95].bought_wh == 1000);
    mt_ctx_close(&cx);
}

static void trade_fold__counts_trades_that_cannot_be(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_trade_fold fold;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_trade_fold_init(&cx, &fold, day), MT_OK);
    mt_trade t[] = {trade_of(0, 1, EUR(1), 0, MT_BUY), trade_of(0, 1, MT_MICRO_NONE, 1, MT_BUY),
                    trade_of(1, 1, EUR(1), 1, MT_BUY), trade_of(0, 1, EUR(1), 1, MT_BUY)};
    t[3].delivery_start += 1, t[3].delivery_end += 1;
    mt_trade_fold_add(&fold, t, 4);
    assert_true(fold.bad == 4 && fold.trades == 0 && fold.first_bad.energy_wh == 0);
    mt_ctx_close(&cx);
}

static void trade_fold__gives_the_vwap_of_buys_and_sells_alike(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_trade_fold fold, other;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_trade_fold_init(&cx, &fold, day), MT_OK);
    assert_int_equal(mt_trade_fold_init(&cx, &other, day), MT_OK);
    const mt_trade t[] = {trade_of(0, 1, EUR(10), 1, MT_BUY), trade_of(0, 1, EUR(20), 2, MT_SELL)};
    mt_trade_fold_add(&fold, t, 1);
    mt_trade_fold_add(&other, t + 1, 1);
    mt_trade_fold_merge(&fold, &other);
    assert_int_equal(mt_trade_vwap(&fold.quarter[0]), 16666667); /* 50 / 3, rounded once */
    assert_true(mt_trade_vwap(&fold.quarter[1]) == MT_MICRO_NONE);
    const mt_trade negative[] = {trade_of(2, 3, EUR(-10), 1, MT_BUY), trade_of(2, 3, EUR(-20), 2, MT_SELL)};
    mt_trade_fold_add(&fold, negative, 2);
    assert_int_equal(mt_trade_vwap(&fold.quarter[2]), -16666667);
    mt_ctx_close(&cx);
}

static void trade_fold__money_is_that_of_the_exact_rule(void **state)
{
    (void)state;
    static const int64_t wh[] = {1, 499999, 500000, 134217728, 134217729, INT64_C(90000000000)};
    static const mt_micro price[] = {0, 1, -1, 81290000, -500000000, 34359738368, 34359738369, 99999999999};
    for (size_t w = 0; w < sizeof wh / sizeof *wh; w++) {
        for (size_t p = 0; p < sizeof price / sizeof *price; p++)
            assert_true(mt_trade_ueur(wh[w], price[p]) == mt_ueur_of(wh[w], price[p]));
    }
}

static void trade_fold__tells_of_sums_that_are_too_large(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_trade_fold fold;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_trade_fold_init(&cx, &fold, day), MT_OK);
    const mt_trade t[] = {trade_of(0, 1, 1, INT64_MAX, MT_BUY), trade_of(0, 1, 1, 1, MT_BUY)};
    mt_trade_fold_add(&fold, t, 1);
    assert_false(fold.overflow);
    mt_trade_fold_add(&fold, t + 1, 1);
    assert_true(fold.overflow);
    mt_ctx_close(&cx);
}

/* ---- trades of a desk */

static mt_trade named(mt_trade t, const char *id)
{
    t.id = id;
    return t;
}

static void trades__of_one_number_count_once(void **state)
{
    (void)state;
    for (int is_public = 0; is_public < 2; is_public++) {
        case_desk d;
        case_open(&d, "2025-06-08", 1);
        const mt_trade first[] = {named(case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000), "7"),
                                  named(case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000), "X-7"),
                                  named(case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000), "07"),
                                  case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000),
                                  case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000)};
        const mt_trade again[] = {named(case_trade(&d, MT_SELL, 0, 1, EUR(99), 5000), "7"),
                                  named(case_trade(&d, MT_SELL, 0, 1, EUR(99), 5000), "X-7")};
        case_trades(&d, is_public, first, 5);
        case_trades(&d, is_public, again, 2);
        const mt_desk *desk = case_finish(&d);
        const mt_desk_trades *t = is_public ? &desk->all : &desk->own;
        assert_int_equal(t->trades, 5);
        assert_int_equal(t->sold_wh[0], 5000);
        assert_int_equal(t->sold_ueur[0], 50000);
        assert_int_equal(case_finding(desk, MT_F_DUPLICATE_TRADE, NULL, NULL)->count, 2);
        case_close(&d);
    }
}

static void trades__of_one_number_are_the_first_by_the_order_of_files(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    const mt_trade early = named(case_trade(&d, MT_SELL, 0, 1, EUR(10), 1000), "7");
    const mt_trade late = named(case_trade(&d, MT_SELL, 0, 1, EUR(20), 1000), "7");
    int new_file = case_origin(&d, "trades_2", d.start + 2, MT_DAY_NONE);
    int old_file = case_origin(&d, "other_1", d.start + 1, MT_DAY_NONE);
    case_ok(&d, d.taker->trades(&d.cx, d.taker->arg, new_file, false, &late, 1));
    case_ok(&d, d.taker->trades(&d.cx, d.taker->arg, old_file, false, &early, 1));
    const mt_desk *desk = case_finish(&d);
    assert_true(desk->own.n == 1 && desk->own.trade[0].price == EUR(10));
    case_close(&d);
}

static void trades__of_an_older_file_of_the_day_do_not_count(void **state)
{
    (void)state;
    for (int is_public = 0; is_public < 2; is_public++) {
        for (int reversed = 0; reversed < 2; reversed++) {
            case_desk d;
            case_open(&d, "2025-06-08", 1);
            const mt_trade t[] = {named(case_trade(&d, MT_BUY, 0, 1, EUR(10), 1000), "7"),
                                  named(case_trade(&d, MT_BUY, 1, 2, EUR(10), 1000), "8"),
                                  named(case_trade(&d, MT_BUY, 0, 1, EUR(30), 2000), "7")};
            for (int k = 0; k < 2; k++) {
                bool newer = k != reversed;
                int file =
                    case_origin(&d, newer ? "trades_1_b" : "trades_1_a", d.start + newer, d.options.first);
                case_ok(&d, d.taker->trades(&d.cx, d.taker->arg, file, is_public, newer ? t + 2 : t,
                                            newer ? 1 : 2));
            }
            const mt_desk *desk = case_finish(&d);
            const mt_desk_trades *all = is_public ? &desk->all : &desk->own;
            assert_int_equal(all->trades, 1);
            assert_true(all->bought_wh[0] == 2000 && all->bought_wh[1] == 0);
            assert_non_null(case_finding(desk, MT_F_TWO_FILES, "trades_", "trades_1_a"));
            assert_null(case_finding(desk, MT_F_DUPLICATE_TRADE, NULL, NULL));
            case_close(&d);
        }
    }
}

static void trades__executed_later_are_not_known(void **state)
{
    (void)state;
    case_desk d;
    case_prepare(&d, "2025-06-08", 1);
    d.options.as_of = d.start - MT_US_HOUR;
    case_begin(&d);
    mt_trade t[2] = {case_trade(&d, MT_BUY, 0, 1, EUR(10), 1000),
                     case_trade(&d, MT_BUY, 0, 1, EUR(10), 1000)};
    t[1].execution_time++;
    case_trades(&d, false, t, 2);
    case_trades(&d, true, t, 2);
    const mt_desk *desk = case_finish(&d);
    assert_true(desk->own.trades == 1 && desk->all.trades == 1);
    case_close(&d);
}

static void trades__that_cannot_be_are_left_out(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_trade t[] = {case_trade(&d, MT_SIDE_NONE, 0, 1, EUR(10), 1000),
                    case_trade(&d, MT_BUY, 0, 1, EUR(10), 1000), case_trade(&d, MT_BUY, 0, 1, EUR(10), 1000)};
    t[1].delivery_end += MT_US_MINUTE;
    case_trades(&d, false, t, 3);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->own.n, 1);
    assert_int_equal(case_finding(desk, MT_F_BAD_ROW, NULL, "Private")->count, 2);
    case_close(&d);
}

static void trades__give_the_public_vwap(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    const mt_trade t[] = {case_trade(&d, MT_SIDE_NONE, 0, 4, EUR(10), 4000),
                          case_trade(&d, MT_SELL, 0, 1, EUR(40), 2000)};
    case_trades(&d, true, t, 2);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(mt_desk_vwap_at(desk, 0), EUR(30));
    assert_int_equal(mt_desk_vwap_at(desk, 3), EUR(10));
    assert_true(mt_desk_vwap_at(desk, 4) == MT_MICRO_NONE);
    assert_int_equal(desk->all.count[0], 2);
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trade_fold__gives_odd_wh_to_the_first_quarters),
        cmocka_unit_test(trade_fold__keeps_every_wh),
        cmocka_unit_test(trade_fold__clips_to_the_grid_and_counts_all),
        cmocka_unit_test(trade_fold__counts_trades_that_cannot_be),
        cmocka_unit_test(trade_fold__gives_the_vwap_of_buys_and_sells_alike),
        cmocka_unit_test(trade_fold__money_is_that_of_the_exact_rule),
        cmocka_unit_test(trade_fold__tells_of_sums_that_are_too_large),
        cmocka_unit_test(trades__of_one_number_count_once),
        cmocka_unit_test(trades__of_one_number_are_the_first_by_the_order_of_files),
        cmocka_unit_test(trades__of_an_older_file_of_the_day_do_not_count),
        cmocka_unit_test(trades__executed_later_are_not_known),
        cmocka_unit_test(trades__that_cannot_be_are_left_out),
        cmocka_unit_test(trades__give_the_public_vwap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
