/* What the merit order must keep: curves in order, a price that clears, a market that behaves like one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/ctx_case.h"
#include "simulate/stack.h"

static double supply_up_to(const mt_sim_stack *s, double price)
{
    double sum = 0.0;
    for (size_t i = 0; i < s->n_supply; i++)
        sum += s->supply[i].price_eur_mwh <= price ? s->supply[i].power_mw : 0.0;
    return sum;
}

static double demand_above(const mt_sim_stack *s, double price)
{
    double sum = 0.0;
    for (size_t i = 0; i < s->n_demand; i++)
        sum += s->demand[i].price_eur_mwh > price ? s->demand[i].power_mw : 0.0;
    return sum;
}

static void check_curves(const mt_sim_stack *s)
{
    assert_true(s->supply[0].price_eur_mwh == MT_SIM_PRICE_FLOOR &&
                s->supply[s->n_supply - 1].price_eur_mwh == MT_SIM_PRICE_CAP);
    assert_true(s->demand[0].price_eur_mwh == MT_SIM_PRICE_CAP &&
                s->demand[s->n_demand - 1].price_eur_mwh == MT_SIM_PRICE_FLOOR);
    for (size_t i = 1; i < s->n_supply; i++)
        assert_true(s->supply[i].price_eur_mwh > s->supply[i - 1].price_eur_mwh);
    for (size_t i = 1; i < s->n_demand; i++)
        assert_true(s->demand[i].price_eur_mwh < s->demand[i - 1].price_eur_mwh);
    for (size_t i = 0; i < s->n_supply; i++) assert_true(s->supply[i].power_mw > 0.0);
}

static void stack__curves_ascend_and_the_price_clears_them(void **state)
{
    (void)state;
    for (size_t area = 0; area < mt_sim_area_count(); area++) {
        mt_sim_rule rule = mt_sim_rule_default();
        mt_sim_day *day;
        mt_sim_stack *s;
        rule.area = area;
        assert_int_equal(mt_sim_day_new(&ctx_case, &day, &rule), MT_OK);
        assert_int_equal(mt_sim_stack_new(&ctx_case, &s), MT_OK);
        for (int k = 0; k < 366; k += 61) {
            assert_int_equal(mt_sim_day_fill(&ctx_case, day, rule.first_day + k), MT_OK);
            for (size_t i = 0; i < day->n; i++) {
                mt_sim_stack_fill(s, day, i);
                check_curves(s);
                double price = mt_sim_stack_price_eur_mwh(s);
                assert_true(supply_up_to(s, price) >= demand_above(s, price) - 0.06);
                assert_true(supply_up_to(s, price - 0.01) < demand_above(s, price - 0.01) + 0.06);
            }
        }
    }
}

struct year {
    double mean, negative, above_150, midday, evening, correlation, lowest, highest;
};

static struct year year_of(mt_sim_rule rule)
{
    struct year y = {.lowest = 1e9, .highest = -1e9};
    mt_sim_day *day;
    mt_sim_stack *s;
    double n = 0.0, sx = 0.0, sxx = 0.0, syy = 0.0, sxy = 0.0;
    assert_int_equal(mt_sim_day_new(&ctx_case, &day, &rule), MT_OK);
    assert_int_equal(mt_sim_stack_new(&ctx_case, &s), MT_OK);
    for (int k = 0; k < 365; k++) {
        assert_int_equal(mt_sim_day_fill(&ctx_case, day, mt_day_of(2025, 1, 1) + k), MT_OK);
        for (size_t i = 0; i < day->n; i++, n++) {
            const mt_sim_state *t = &day->state[i];
            mt_sim_stack_fill(s, day, i);
            double price = mt_sim_stack_price_eur_mwh(s),
                   x = (t->solar_mw + t->onshore_mw + t->offshore_mw) / t->load_mw;
            y.mean += price;
            y.negative += price < 0.0;
            y.above_150 += price > 150.0;
            y.midday += i == 12 ? price / 365.0 : 0.0;
            y.evening += i == 18 ? price / 365.0 : 0.0;
            y.lowest = price < y.lowest ? price : y.lowest;
            y.highest = price > y.highest ? price : y.highest;
            sx += x, sxx += x * x, syy += price * price, sxy += x * price;
        }
    }
    y.mean /= n, y.negative /= n, y.above_150 /= n;
    y.correlation =
        (sxy / n - sx / n * y.mean) / sqrt((sxx / n - sx * sx / n / n) * (syy / n - y.mean * y.mean));
    return y;
}

/* Germany 2024 for comparison (Energinet, CC BY 4.0): mean 79.57 EUR/MWh, 459 negative hours (5.2 %). */
static void stack__a_german_year_looks_like_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        mt_sim_rule rule = mt_sim_rule_default();
        rule.seed = seed;
        struct year y = year_of(rule);
        assert_true(y.mean > 55.0 && y.mean < 95.0);
        assert_true(y.negative > 0.02 && y.negative < 0.12);
        assert_true(y.above_150 > 0.001 && y.above_150 < 0.08);
        assert_true(y.evening > 1.3 * y.midday);
        assert_true(y.correlation < -0.6);
        assert_true(y.lowest < -15.0 && y.highest > 160.0);
    }
}

static void stack__every_area_has_plausible_prices(void **state)
{
    (void)state;
    for (size_t area = 1; area < mt_sim_area_count(); area++) {
        mt_sim_rule rule = mt_sim_rule_default();
        rule.area = area;
        struct year y = year_of(rule);
        assert_true(y.mean > 25.0 && y.mean < 110.0);
        assert_true(y.highest > 70.0 && y.highest < 1000.0 && y.lowest > -200.0);
    }
}

static void stack__scenarios_move_the_price_the_right_way(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default(), dear = rule, windy = rule, hungry = rule, clean = rule;
    dear.gas_factor = 1.5;
    windy.wind_factor = 1.3;
    hungry.load_factor = 1.05;
    clean.carbon_factor = 0.5;
    double mean = year_of(rule).mean;
    assert_true(year_of(dear).mean > mean + 8.0);
    assert_true(year_of(windy).mean < mean - 2.0);
    assert_true(year_of(hungry).mean > mean + 3.0);
    assert_true(year_of(clean).mean < mean - 8.0);
}

static void stack__a_sunny_month_has_negative_hours_at_noon(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_sim_day *day;
    mt_sim_stack *s;
    int noon = 0, night = 0;
    assert_int_equal(mt_sim_day_new(&ctx_case, &day, &rule), MT_OK);
    assert_int_equal(mt_sim_stack_new(&ctx_case, &s), MT_OK);
    for (int k = 0; k < 61; k++) {
        assert_int_equal(mt_sim_day_fill(&ctx_case, day, mt_day_of(2025, 6, 1) + k), MT_OK);
        for (size_t i = 0; i < day->n; i++) {
            mt_sim_stack_fill(s, day, i);
            if (mt_sim_stack_price_eur_mwh(s) >= 0.0) continue;
            if (i >= 10 && i <= 16) noon++;
            if (i <= 4 || i >= 20) night++;
        }
    }
    assert_true(noon >= 20 && night < noon / 4);
}

#define CASE(f) IN_CONTEXT(f)

int main(void)
{
    const struct CMUnitTest test[] = {
        CASE(stack__curves_ascend_and_the_price_clears_them),
        CASE(stack__a_german_year_looks_like_one),
        CASE(stack__every_area_has_plausible_prices),
        CASE(stack__scenarios_move_the_price_the_right_way),
        CASE(stack__a_sunny_month_has_negative_hours_at_noon),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
