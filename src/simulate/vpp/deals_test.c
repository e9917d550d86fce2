/* What simulated prices and trades must keep: the sample's counts, every quarter covered, order, units.
 * Golden facts: the published description of the sample day 2025-06-08. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "simulate/vpp/deals.h"
#include "simulate/vpp/portfolio_case.h"

#include <stdlib.h>

static double sold[100]; /* kW */

static void make_prices(mt_ctx *cx, mt_sim_prices *out, mt_sim_vpp_rule *rule, const char *day,
                        const char *traps)
{
    *rule = rule_case(cx, day, traps);
    for (size_t k = 0; k < 100; k++) sold[k] = 5000.0;
    assert_int_equal(mt_sim_prices_new(cx, out, rule), MT_OK);
}

static void deals__sample_has_the_known_counts(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    mt_trade *trade;
    size_t n, hourly = 0;
    bool seen[88] = {false};
    int64_t least = INT64_MAX, most = 0;
    make_prices(*state, &prices, &rule, "2025-06-08", "none");
    assert_int_equal(mt_sim_own_deals(*state, &trade, &n, &prices, rule.market.first_day, sold), MT_OK);
    assert_int_equal(n, 3349);
    mt_time midnight = case_at("2025-06-08T00:00:00Z");
    for (size_t k = 0; k < n; k++) {
        mt_time length = trade[k].delivery_end - trade[k].delivery_start;
        assert_true(trade[k].delivery_start >= midnight);
        assert_true(trade[k].delivery_end <= midnight + 22 * MT_US_HOUR);
        assert_int_equal(trade[k].side, MT_SELL);
        assert_true(trade[k].execution_time < trade[k].delivery_start);
        assert_true(!k || trade[k].execution_time >= trade[k - 1].execution_time);
        hourly += length == MT_US_HOUR;
        if (length != MT_US_HOUR) seen[(trade[k].delivery_start - midnight) / (900 * MT_US_SECOND)] = true;
        least = trade[k].energy_wh < least ? trade[k].energy_wh : least;
        most = trade[k].energy_wh > most ? trade[k].energy_wh : most;
    }
    assert_int_equal(hourly, 2001);
    assert_int_equal(least, 50000);
    assert_int_equal(most, 1000000);
    for (size_t q = 0; q < 88; q++) assert_true(seen[q]);
}

static void deals__traps_buy_and_repeat_numbers(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    mt_trade *trade;
    size_t n, buys = 0, twice = 0;
    make_prices(*state, &prices, &rule, "2025-06-08", "mixed_sides");
    assert_int_equal(mt_sim_own_deals(*state, &trade, &n, &prices, rule.market.first_day, sold), MT_OK);
    for (size_t k = 0; k < n; k++) buys += trade[k].side == MT_BUY;
    assert_int_equal(buys, (3349 - 4 + 8) / 9);
    for (size_t k = n - 3; k < n; k++) {
        for (size_t j = 0; j < n - 3; j++) twice += !strcmp(trade[j].id, trade[k].id);
    }
    assert_int_equal(twice, 3);
}

/* Fewer trades than products would leave one without: the least number that the rule takes is enough. */
static void deals__few_trades_reach_every_product(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    mt_trade *trade;
    size_t n, twice = 0;
    make_prices(*state, &prices, &rule, "2025-10-26", "mixed_sides");
    rule.own_trades = 125;
    assert_int_equal(mt_sim_own_deals(*state, &trade, &n, &prices, rule.market.first_day, sold), MT_OK);
    assert_int_equal(n, 125);
    for (size_t k = n - 3; k < n; k++) {
        for (size_t j = 0; j < n - 3; j++) twice += !strcmp(trade[j].id, trade[k].id);
    }
    assert_int_equal(twice, 3);
}

static size_t count_covered(mt_ctx *cx, const mt_sim_prices *prices, mt_day day, int64_t *trades)
{
    mt_sim_public_deals *deals;
    bool covered[100] = {false};
    mt_time start = mt_sim_day_start(&prices->rule->market, day), last = 0;
    size_t n = 0;
    assert_int_equal(mt_sim_public_deals_new(cx, &deals, prices, day), MT_OK);
    *trades = 0;
    for (size_t batch; (batch = mt_sim_public_deals_next(deals)) > 0; *trades += (int64_t)batch) {
        for (size_t k = 0; k < batch; k++) {
            const mt_trade *t = &deals->trade[k];
            assert_true(t->execution_time >= last && t->execution_time < t->delivery_start);
            assert_true(t->energy_wh > 0);
            last = t->execution_time;
            for (mt_time q = t->delivery_start; q < t->delivery_end; q += 900 * MT_US_SECOND)
                covered[(q - start) / (900 * MT_US_SECOND)] = true;
        }
    }
    for (size_t k = 0; k < 100; k++) n += covered[k];
    return n;
}

static void deals__public_trades_cover_every_quarter_of_the_local_day(void **state)
{
    static const struct {
        const char *day;
        size_t quarters;
    } known[] = {{"2025-06-08", 96}, {"2025-03-30", 92}, {"2025-10-26", 100}};
    for (size_t k = 0; k < 3; k++) {
        mt_sim_vpp_rule rule;
        mt_sim_prices prices;
        int64_t trades;
        make_prices(*state, &prices, &rule, known[k].day, "none");
        assert_int_equal(count_covered(*state, &prices, rule.market.first_day, &trades), known[k].quarters);
        assert_int_equal(trades, 20000);
    }
}

static void deals__a_missing_price_is_a_quarter_without_trades(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    int64_t trades;
    make_prices(*state, &prices, &rule, "2025-06-08", "missing_price");
    assert_int_equal(count_covered(*state, &prices, rule.market.first_day, &trades), 95);
    assert_true(mt_sim_price_at(&prices, prices.estimate, case_at("2025-06-08T02:45:00Z")) == MT_MICRO_NONE);
    assert_true(mt_sim_price_at(&prices, prices.day_ahead, case_at("2025-06-08T01:00:00Z")) == MT_MICRO_NONE);
    assert_true(mt_sim_price_at(&prices, prices.compensation, case_at("2025-06-08T13:15:00Z")) ==
                MT_MICRO_NONE);
}

static void prices__ten_quarters_of_a_day_have_no_final_price(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    size_t final = 0, estimated = 0;
    make_prices(*state, &prices, &rule, "2025-06-08", "none");
    for (int q = 0; q < 96; q++) {
        mt_time t = case_at("2025-06-08T00:00:00Z") + q * 900 * MT_US_SECOND;
        final += mt_sim_price_at(&prices, prices.final, t) != MT_MICRO_NONE;
        estimated += mt_sim_price_at(&prices, prices.estimate, t) != MT_MICRO_NONE;
    }
    assert_int_equal(final, 86);
    assert_int_equal(estimated, 96);
    assert_true(mt_sim_price_at(&prices, prices.final, case_at("2025-06-08T03:30:00Z")) == MT_MICRO_NONE);
    assert_true(mt_sim_price_at(&prices, prices.final, case_at("2025-06-08T03:45:00Z")) != MT_MICRO_NONE);
    assert_true(mt_sim_price_at(&prices, prices.final, case_at("2025-06-08T18:00:00Z")) == MT_MICRO_NONE);
}

static void prices__auctions_have_hours_until_september_2025(void **state)
{
    mt_sim_vpp_rule rule;
    mt_sim_prices prices;
    size_t differ = 0;
    make_prices(*state, &prices, &rule, "2025-09-20", "none");
    mt_time start = mt_sim_vpp_start(&rule);
    for (int q = 0; q < 96; q++) {
        mt_time t = start + q * 900 * MT_US_SECOND;
        assert_true(mt_sim_price_at(&prices, prices.day_ahead, t) ==
                    mt_sim_price_at(&prices, prices.day_ahead, start + q / 4 * MT_US_HOUR));
    }
    make_prices(*state, &prices, &rule, "2025-10-26", "none");
    start = mt_sim_vpp_start(&rule);
    for (int q = 0; q < 100; q++)
        differ += mt_sim_price_at(&prices, prices.day_ahead, start + q * 900 * MT_US_SECOND) !=
                  mt_sim_price_at(&prices, prices.day_ahead, start + q / 4 * MT_US_HOUR);
    assert_true(differ > 30);
}

static void prices__a_year_is_worth_the_mean_of_its_months(void **state)
{
    mt_sim_vpp_rule rule = rule_case(*state, "2025-06-08", "none");
    mt_market_value *value;
    size_t n;
    mt_micro year = 0, sum = 0;
    assert_int_equal(mt_sim_market_values(*state, &value, &n, &rule), MT_OK);
    assert_int_equal(n, (13 + 7) * MT_TECHNOLOGY_COUNT);
    for (size_t k = 0; k < n; k++) {
        if (value[k].year != 2024 || value[k].technology != MT_WIND) continue;
        if (value[k].month) sum += value[k].value_ct_kwh;
        if (!value[k].month) year = value[k].value_ct_kwh;
    }
    assert_true(llabs(sum / 12 - year) <= 500);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(deals__sample_has_the_known_counts),
        IN_CONTEXT(deals__traps_buy_and_repeat_numbers),
        IN_CONTEXT(deals__few_trades_reach_every_product),
        IN_CONTEXT(deals__public_trades_cover_every_quarter_of_the_local_day),
        IN_CONTEXT(deals__a_missing_price_is_a_quarter_without_trades),
        IN_CONTEXT(prices__ten_quarters_of_a_day_have_no_final_price),
        IN_CONTEXT(prices__auctions_have_hours_until_september_2025),
        IN_CONTEXT(prices__a_year_is_worth_the_mean_of_its_months),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
