/* Decisions: the Danish case to the last digit, windows, strictness, incomplete days, scores. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/series/decision.h"
#include "market/series/energinet_case.h"

static mt_delivery_day a_day(mt_day day, double price, double production)
{
    return (mt_delivery_day){.day = day,
                             .hours = 24,
                             .price = {price, isnan(price) ? 0 : 24, "a", MT_US_HOUR, 0, 1},
                             .production = {production, isnan(production) ? 0 : 24, "b", MT_US_HOUR, 0, 1}};
}

/* Golden numbers: an independent calculation with Python's csv and plain floats over the same two files,
 * which agrees with ../shared/reference/formats.md, section 4 ("DK2 daily join by HourDK"). */
static void decision__gives_the_known_numbers_of_dk2(void **state)
{
    (void)state;
    mt_ctx cx;
    energinet_case c = {0};
    const mt_zone *zone;
    mt_day_values price, production;
    mt_delivery_day *day;
    size_t n;
    if (!energinet_read(&c, "Elspotprices_DK2_20240828_20241106.csv", energinet_kind)) skip();
    assert_true(energinet_read(&c, "ElectricityBalanceNonv_DK2_20240828_20241106.csv", energinet_kind));
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_zone_read(&cx, &zone, "Europe/Copenhagen", NULL), MT_OK);
    assert_int_equal(mt_day_values_of(&cx, &price, c.at, c.n, zone, "spot_price", NULL), MT_OK);
    assert_int_equal(mt_day_values_of(&cx, &production, c.at, c.n, zone, "production", NULL), MT_OK);
    assert_int_equal(mt_delivery_days(&cx, &day, &n, &price, &production, zone), MT_OK);
    assert_int_equal(n, 70);

    static const struct {
        mt_decision_window window;
        size_t decided, buy, avoid, monitor;
    } want[] = {{MT_WINDOW_PREVIOUS, 63, 25, 18, 20}, {MT_WINDOW_ALL, 70, 21, 28, 21}};
    for (int w = 0; w < 2; w++) {
        mt_decision_rule rule = mt_decision_rule_default();
        mt_decision decision[70];
        mt_decision_totals t;
        rule.window = want[w].window;
        for (size_t k = 0; k < n; k++) mt_decide(&decision[k], &rule, &day[k], day, n);
        mt_decision_totals_of(&t, day, decision, n);
        assert_int_equal(t.days, 70);
        assert_int_equal(t.incomplete, 0);
        assert_true(fabs(t.production_mwh - 1762075.29088) < 1e-6);
        assert_true(fabs(t.mean_production_mwh - 25172.5041554) < 1e-6);
        assert_true(fabs(t.mean_price - 76.9045888) < 1e-7);
        assert_int_equal(t.decided, want[w].decided);
        assert_int_equal(t.word[MT_DECISION_BUY], want[w].buy);
        assert_int_equal(t.word[MT_DECISION_AVOID], want[w].avoid);
        assert_int_equal(t.word[MT_DECISION_MONITOR], want[w].monitor);
        assert_true(decision[0].looks_ahead == (want[w].window == MT_WINDOW_ALL));
    }
    assert_int_equal(day[59].day, mt_day_of(2024, 10, 27)); /* the clock goes back */
    assert_true(day[59].hours == 25 && day[59].production.hours == 25);
    mt_ctx_close(&cx);
    energinet_close(&c);
}

static void decision__is_strict_and_keeps_negative_prices(void **state)
{
    (void)state;
    static const struct {
        double price, production;
        mt_decision_word word;
    } want[] = {{-50, 101, MT_DECISION_BUY},     {-40, 101, MT_DECISION_MONITOR},
                {-50, 100, MT_DECISION_MONITOR}, {-30, 99, MT_DECISION_AVOID},
                {-30, 101, MT_DECISION_MONITOR}, {-50, 99, MT_DECISION_MONITOR},
                {-40, 100, MT_DECISION_MONITOR}};
    mt_decision_rule rule = mt_decision_rule_default();
    mt_delivery_day history[7];
    mt_decision d;
    for (int k = 0; k < 7; k++) history[k] = a_day(100 + k, -40, 100);
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        mt_delivery_day day = a_day(107, want[k].price, want[k].production);
        mt_decide(&d, &rule, &day, history, 7);
        assert_int_equal(d.word, want[k].word);
        assert_true(d.mean_price == -40 && d.mean_production_mwh == 100);
    }
}

static void decision__sees_only_the_days_before(void **state)
{
    (void)state;
    mt_decision_rule rule = mt_decision_rule_default();
    mt_delivery_day day[100];
    mt_decision d;
    for (int k = 0; k < 100; k++) day[k] = a_day(k, k, k);
    mt_decide(&d, &rule, &day[50], day, 100);
    assert_int_equal(d.window_days, 30);
    assert_int_equal(d.window_from, 20);
    assert_int_equal(d.window_to, 49);
    assert_true(d.mean_price == 34.5);
    mt_decide(&d, &rule, &day[6], day, 100);
    assert_int_equal(d.word, MT_DECISION_NONE);
    assert_int_equal(d.reason, MT_UNDECIDED_WINDOW);
    assert_int_equal(d.window_days, 6);
    mt_decide(&d, &rule, &day[7], day, 100);
    assert_int_equal(d.reason, MT_DECIDED);

    /* Truncating the future changes nothing. */
    for (size_t k = 0; k < 100; k++) {
        mt_decision cut;
        mt_decide(&d, &rule, &day[k], day, 100);
        mt_decide(&cut, &rule, &day[k], day, k);
        assert_int_equal(d.word, cut.word);
        assert_int_equal(d.window_days, cut.window_days);
    }
}

static void decision__counts_calendar_days_not_rows(void **state)
{
    (void)state;
    mt_decision_rule rule = mt_decision_rule_default();
    mt_delivery_day history[20], day = a_day(140, 1, 1);
    mt_decision d;
    for (int k = 0; k < 20; k++) history[k] = a_day(100 + 2 * k, 5, 5); /* every other day, 100 to 138 */
    mt_decide(&d, &rule, &day, history, 20);
    assert_int_equal(d.window_days, 15);
    assert_int_equal(d.window_from, 110);
}

static void decision__leaves_incomplete_days_out_and_says_why(void **state)
{
    (void)state;
    mt_decision_rule rule = mt_decision_rule_default();
    mt_delivery_day day[9];
    mt_decision d[9];
    mt_decision_totals t;
    for (int k = 0; k < 9; k++) day[k] = a_day(k, 10, 10);
    day[3].price.hours = 23;
    day[3].price.value = 1e6;
    for (int k = 0; k < 9; k++) mt_decide(&d[k], &rule, &day[k], day, 9);
    assert_int_equal(d[3].reason, MT_UNDECIDED_INCOMPLETE);
    assert_int_equal(d[8].window_days, 7);
    assert_true(d[8].mean_price == 10);
    mt_decision_totals_of(&t, day, d, 9);
    assert_int_equal(t.days, 8);
    assert_int_equal(t.incomplete, 1);
    assert_true(t.mean_price == 10);

    mt_delivery_day unpriced = a_day(9, NAN, 10), unproduced = a_day(9, 10, NAN);
    mt_decide(&d[0], &rule, &unpriced, day, 9);
    assert_int_equal(d[0].reason, MT_UNDECIDED_PRICE);
    mt_decide(&d[0], &rule, &unproduced, day, 9);
    assert_int_equal(d[0].reason, MT_UNDECIDED_PRODUCTION);
    mt_decide(&d[0], &rule, &day[0], NULL, 0);
    assert_true(isnan(d[0].mean_price) && d[0].window_from == MT_DAY_NONE);
}

static void decision__scores_what_was_said_before_the_day(void **state)
{
    (void)state;
    static const mt_settled_day day[] = {
        {MT_DECISION_BUY, MT_DECISION_BUY, MT_DECISION_BUY, 20, 100},
        {MT_DECISION_BUY, MT_DECISION_BUY, MT_DECISION_MONITOR, 40, 300},
        {MT_DECISION_AVOID, MT_DECISION_AVOID, MT_DECISION_AVOID, 100, 100},
        {MT_DECISION_NONE, MT_DECISION_MONITOR, MT_DECISION_MONITOR, 50, 100},
        {MT_DECISION_BUY, MT_DECISION_BUY, MT_DECISION_NONE, 999, 999}, /* not settled yet */
    };
    mt_decision_score s;
    mt_decision_score_of(&s, day, 5);
    assert_int_equal(s.settled, 4);
    assert_int_equal(s.said, 3);
    assert_int_equal(s.hits, 2);
    assert_true(fabs(s.hit_rate - 2.0 / 3) < 1e-12);
    assert_true(fabs(s.mean_price - 29000.0 / 600) < 1e-9); /* (2000 + 12000 + 10000 + 5000) / 600 */
    assert_true(s.buy_price == 35);                         /* (2000 + 12000) / 400 */
    assert_true(fabs(s.price_advantage - (29000.0 / 600 - 35)) < 1e-9);
    assert_true(fabs(s.avoid_cost - (100 - 29000.0 / 600)) < 1e-9);
    mt_decision_score_of(&s, day + 3, 1);
    assert_true(isnan(s.hit_rate) && isnan(s.price_advantage));
}

static void decision__refuses_windows_that_cannot_be(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_decision_rule rule = mt_decision_rule_default();
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_decision_rule_check(&cx, &rule), MT_OK);
    rule.minimum = 31;
    assert_int_equal(mt_decision_rule_check(&cx, &rule), MT_E_INPUT);
    rule = mt_decision_rule_default();
    rule.days = 0;
    assert_int_equal(mt_decision_rule_check(&cx, &rule), MT_E_INPUT);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(decision__gives_the_known_numbers_of_dk2),
        cmocka_unit_test(decision__is_strict_and_keeps_negative_prices),
        cmocka_unit_test(decision__sees_only_the_days_before),
        cmocka_unit_test(decision__counts_calendar_days_not_rows),
        cmocka_unit_test(decision__leaves_incomplete_days_out_and_says_why),
        cmocka_unit_test(decision__scores_what_was_said_before_the_day),
        cmocka_unit_test(decision__refuses_windows_that_cannot_be),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
