/* Tests of scenarios: the earlier system's impact on the reference file, sensitivity, merit-order effect. */
#include "market/impact.h"

#include "market/cleaning.h"
#include "num/stats.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "market/bid_case.h"
#include "market/order_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define GWH          INT64_C(1000000000) /* Wh */
#define MWH          INT64_C(1000000)

static struct test_orders orders;

/* The book of the reference file under fill_median, by hour. */
static mt_book *filled_book(mt_ctx *cx)
{
    mt_quality *q;
    mt_clean_fill fill = {0};
    mt_book *book = NULL;
    mt_book_options options = {.size = sizeof options, .step = MT_US_HOUR};
    mt_order_source from = test_orders_source(&orders), clean;
    if (mt_quality_new(cx, &q) || mt_quality_fill(cx, q, &from) || mt_clean_fill_from(cx, &fill, q)) {
        fail_msg("%s", cx->err);
    }
    from = test_orders_source(&orders);
    if (mt_clean_fill_median(cx, &clean, &from, &fill, NULL, NULL, NULL) ||
        mt_book_new(cx, &book, &options) || mt_book_fill(cx, book, &clean)) {
        fail_msg("%s", cx->err);
    }
    return book;
}

/* Mean change and mean scenario price over the hours that clear in both. */
static void mean_impact(mt_ctx *cx, const mt_book *book, int64_t shift_wh, double *change, double *scenario)
{
    static double changes[128], prices[128];
    mt_clear_rule rule = mt_clear_rule_default(mt_book_tick(book));
    mt_shift shift = mt_shift_of(shift_wh);
    for (size_t k = 0; k < mt_book_periods(book); k++) {
        mt_period p;
        mt_impact i;
        if (mt_book_period(cx, &p, book, k) || mt_impact_of(cx, &i, p.bid, p.n, &rule, &shift)) {
            fail_msg("%s", cx->err);
        }
        changes[k] = i.change;
        prices[k] = i.scenario_price;
    }
    *change = mt_mean(changes, mt_book_periods(book));
    *scenario = mt_mean(prices, mt_book_periods(book));
}

/* Merit-order clearing of the earlier system's scenarios, checked by an independent slow implementation. */
static void impact__gives_the_known_changes_of_the_reference_file(void **state)
{
    (void)state;
    if (!test_read_energy_data(&orders)) skip();
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    const mt_book *book = filled_book(&cx);
    double change, scenario;
    mean_impact(&cx, book, 2 * GWH, &change, &scenario);
    assert_true(fabs(change + 3.7458333333) < 1e-9 && fabs(scenario - 57.8919444444) < 1e-9);
    mean_impact(&cx, book, -2 * GWH, &change, &scenario);
    assert_true(fabs(change - 2.0058333333) < 1e-9 && fabs(scenario - 63.6436111111) < 1e-9);
    mt_ctx_close(&cx);
}

static mt_impact impact_of(const mt_bid *bid, size_t n, const mt_shift *shift)
{
    mt_ctx cx;
    mt_impact i = {0};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_ctx_init(&cx, NULL);
    if (mt_impact_of(&cx, &i, bid, n, &rule, shift) != MT_OK) fail_msg("%s", cx.err);
    mt_ctx_close(&cx);
    return i;
}

static void impact__more_supply_never_raises_and_less_never_lowers_the_price(void **state)
{
    (void)state;
    uint64_t seed = 21;
    for (int book = 0; book < 300; book++) {
        mt_bid bid[40];
        for (size_t i = 0; i < COUNT(bid); i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            bid[i] = (mt_bid){(int32_t)(seed >> 40 & 8191), (uint32_t)(seed >> 33 & 1),
                              (int64_t)(seed >> 20 & 4095) * 100 * MWH / 100};
        }
        mt_shift more = mt_shift_of(3 * GWH), less = mt_shift_of(-3 * GWH);
        mt_impact up = impact_of(bid, COUNT(bid), &more), down = impact_of(bid, COUNT(bid), &less);
        assert_false(up.change > 0);
        assert_false(down.change < 0);
        assert_true(up.scenario.offered == up.base.offered + 3 * GWH);
    }
}

static void impact__scales_sells_and_drops_small_ones(void **state)
{
    (void)state;
    static const mt_bid bid[] = {SELL(1000, 90 * MWH), SELL(2000, 9 * MWH), SELL(3000, 1 * MWH),
                                 BUY(5000, 500 * MWH)};
    mt_shift less = mt_shift_of(-50 * MWH);
    mt_impact i = impact_of(bid, COUNT(bid), &less);
    assert_int_equal(i.scenario.offered, 50 * MWH); /* 45 + 4.5 + 0.5 */
    assert_true(i.shift_mwh == -50);
    less.least_wh = MWH;
    i = impact_of(bid, COUNT(bid), &less);
    assert_int_equal(i.scenario.offered, 49500000); /* half a MWh is dropped */
    assert_int_equal(i.scenario.sells, 2);
    assert_true(i.shift_mwh == -50.5); /* as applied */
    less = mt_shift_of(-100 * MWH); /* as much as there is: a twentieth stays */
    i = impact_of(bid, COUNT(bid), &less);
    assert_int_equal(i.scenario.offered, 5 * MWH);
    assert_true(i.shift_mwh == -95);
    mt_shift percent = {.percent = -10};
    i = impact_of(bid, COUNT(bid), &percent);
    assert_int_equal(i.scenario.offered, 90 * MWH);
    assert_true(i.shift_mwh == -10);
    percent.percent = 20;
    i = impact_of(bid, COUNT(bid), &percent);
    assert_int_equal(i.scenario.offered, 120 * MWH);
}

static void impact__puts_more_supply_where_it_is_told(void **state)
{
    (void)state;
    static const mt_bid bid[] = {SELL(1004, 10), SELL(2000, 10), BUY(5000, 15)};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_shift shift = {.volume_wh = 5, .price = MT_SHIFT_TENTH};
    const mt_bid *to;
    size_t n;
    assert_int_equal(mt_shift_bids(&cx, &to, &n, bid, COUNT(bid), &rule, &shift), MT_OK);
    assert_int_equal(n, 4);
    assert_int_equal(to[3].tick, 100);
    shift.price = MT_SHIFT_FLOOR;
    assert_int_equal(mt_shift_bids(&cx, &to, &n, bid, COUNT(bid), &rule, &shift), MT_OK);
    assert_int_equal(to[3].tick, 1004);
    rule.has_floor = true;
    rule.floor = -50000;
    assert_int_equal(mt_shift_bids(&cx, &to, &n, bid, COUNT(bid), &rule, &shift), MT_OK);
    assert_int_equal(to[3].tick, -50000);
    shift.price = MT_SHIFT_TICK;
    shift.tick = 7;
    assert_int_equal(mt_shift_bids(&cx, &to, &n, bid, COUNT(bid), &rule, &shift), MT_OK);
    assert_int_equal(to[3].tick, 7);
    assert_int_equal(to[3].side, MT_SELL);
    mt_shift wrong = {.percent = -101};
    assert_int_equal(mt_shift_bids(&cx, &to, &n, bid, COUNT(bid), &rule, &wrong), MT_E_SHAPE);
    mt_ctx_close(&cx);
}

/* A price of -10 that falls to -20 fell by 100 %, whatever the sign of the base. */
static void impact__percentages_have_the_sign_of_the_change(void **state)
{
    const mt_bid bid[] = {SELL(-2000, MWH), SELL(-1000, MWH), BUY(4000, 2 * MWH)};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_shift shift = mt_shift_of(MWH);
    mt_impact i;
    mt_ctx cx;
    (void)state;
    mt_ctx_init(&cx, NULL);
    rule.price = MT_PRICE_LOW;
    shift.price = MT_SHIFT_TICK;
    shift.tick = -3000;
    assert_int_equal(mt_impact_of(&cx, &i, bid, COUNT(bid), &rule, &shift), MT_OK);
    assert_float_equal(i.base_price, -10, 0);
    assert_float_equal(i.scenario_price, -20, 0);
    assert_float_equal(i.change_percent, -100, 1e-12);
    mt_ctx_close(&cx);
}

static void impact__leaves_an_auction_without_sells_alone(void **state)
{
    (void)state;
    static const mt_bid bid[] = {BUY(5000, 15)};
    mt_shift more = mt_shift_of(GWH), less = mt_shift_of(-GWH);
    mt_impact i = impact_of(bid, 1, &more);
    assert_true(i.scenario.sells == 0 && isnan(i.change) && i.shift_mwh == 0);
    assert_true(isnan(impact_of(bid, 1, &less).change));
    assert_true(isnan(impact_of(NULL, 0, &less).change));
}

static void impact__sensitivity_looks_to_both_sides(void **state)
{
    (void)state;
    /* 2 GW clear at 30; one more GW brings 20, one GW less 45. */
    static const mt_bid bid[] = {SELL(2000, 2 * GWH), SELL(3000, 1 * GWH), SELL(4500, 3 * GWH),
                                 BUY(9000, 5 * GWH / 2)};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_sensitivity s;
    assert_int_equal(mt_sensitivity_of(&cx, &s, bid, COUNT(bid), &rule, MT_US_HOUR), MT_OK);
    assert_true(fabs(s.more + 10) < 1e-12 && fabs(s.less + 15) < 1e-12);
    /* A quarter of an hour at 1 GW is 250 MWh: the price stays. */
    assert_int_equal(mt_sensitivity_of(&cx, &s, bid, COUNT(bid), &rule, 15 * MT_US_MINUTE), MT_OK);
    assert_true(s.more == 0 && s.less == 0);
    assert_int_equal(mt_sensitivity_of(&cx, &s, bid, 2, &rule, MT_US_HOUR), MT_OK);
    assert_true(isnan(s.more) && isnan(s.less));
    mt_ctx_close(&cx);
}

static void impact__merit_order_effect_is_the_price_difference_times_volume(void **state)
{
    (void)state;
    mt_clearing with = {.price = 4000, .volume = 100 * MWH}, without = {.price = 5500, .volume = 80 * MWH};
    mt_merit_effect m = mt_merit_effect_of(&with, &without, 10000, 30);
    assert_true(m.effect == 15 && m.consumer == 1500 && m.specific == 50);
    without.price = MT_TICK_NONE;
    assert_true(isnan(mt_merit_effect_of(&with, &without, 10000, 30).consumer));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(impact__gives_the_known_changes_of_the_reference_file),
        cmocka_unit_test(impact__more_supply_never_raises_and_less_never_lowers_the_price),
        cmocka_unit_test(impact__scales_sells_and_drops_small_ones),
        cmocka_unit_test(impact__percentages_have_the_sign_of_the_change),
        cmocka_unit_test(impact__puts_more_supply_where_it_is_told),
        cmocka_unit_test(impact__leaves_an_auction_without_sells_alone),
        cmocka_unit_test(impact__sensitivity_looks_to_both_sides),
        cmocka_unit_test(impact__merit_order_effect_is_the_price_difference_times_volume),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
