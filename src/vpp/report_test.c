/* Rows of a report against sums by hand and published figures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/report.h"
#include "vpp/testing.h"
#include "vpp/vectors_case.h"

static const mt_report_row *report(case_desk *d, const int64_t *payout, const int64_t *fee, size_t expected)
{
    const mt_report_row *row = NULL;
    size_t n = 0;
    const mt_desk *desk = case_finish(d);
    case_ok(d, mt_report(&d->cx, &row, &n, desk, payout, fee));
    assert_int_equal(n, expected);
    assert_null(row[n - 1].asset_id);
    return row;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) < 1e-9)) fail_msg("%.12f is not %.12f", a, b);
}

/* A day of four prices, each for 24 quarters, and as many MWh in each of them. */
static mt_report_row captured(const mt_micro price[4], const mt_micro volume_mwh[4])
{
    case_desk d;
    mt_micro prices[96], kw[96];
    case_open(&d, "2025-06-08", 1);
    const mt_contract c = case_contract(&d, "A", MT_WIND, 20000000);
    case_contracts(&d, &c, 1);
    for (int q = 0; q < 96; q++) {
        prices[q] = price[q / 24];
        kw[q] = volume_mwh[q / 24] * 4000;
    }
    case_meter(&d, "MP-A", kw, 96);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, prices, 96);
    const mt_report_row row = report(&d, NULL, NULL, 2)[0];
    case_close(&d);
    return row;
}

/* p 50, 40, -10, 80; v 1, 2, 3, 1 -> 180 EUR, capture 25.714286, base 40, rate 0.642857:
 * optimisation_settlement_risk.md, section 3, and settlement_vectors.json, "capture". */
static void report__captures_as_published(void **state)
{
    (void)state;
    const mt_report_row row = captured((mt_micro[]){EUR(50), EUR(40), -EUR(10), EUR(80)},
                                       (mt_micro[]){EUR(1), EUR(2), EUR(3), EUR(1)});
    assert_int_equal(row.revenue_ueur, 24 * EUR(180));
    assert_int_equal(row.capture_price, 25714286);
    assert_int_equal(row.base_price, EUR(40));
    assert_true(fabs(row.capture_rate - 0.642857142857) < 1e-7);
    assert_string_equal(row.revenue_price, "day_ahead");
}

static void report__agrees_with_the_vectors(void **state)
{
    (void)state;
    const char *at = strstr(vectors_read(), "\"capture\"");
    mt_micro list[2][4];
    for (int k = 0; k < 2; k++) {
        at = strchr(strstr(at, k ? "\"volume\"" : "\"price\""), '[') + 1;
        for (int i = 0; i < 4; i++) {
            at += strspn(at, " \n,");
            assert_true(mt_micro_parse(at, strcspn(at, " \n,]"), &list[k][i]));
            at += strcspn(at, " \n,]");
        }
    }
    const mt_report_row row = captured(list[0], list[1]);
    double capture = 0, rate = 0;
    const char *price = strstr(at, "\"capture_price\": ") + 17,
               *share = strstr(at, "\"capture_rate\": ") + 16;
    assert_true(mt_real_parse(price, strcspn(price, ",\n "), &capture));
    assert_true(mt_real_parse(share, strcspn(share, ",\n "), &rate));
    assert_true(fabs((double)row.capture_price / 1e6 - capture) < 1e-6);
    assert_true(fabs(row.capture_rate - rate) < 1e-7);
}

/* A of 4 MW at 1,000 kW, B of 2 MW at 500 kW in its first half and unknown (live, then a gap) after. */
static void open_two(case_desk *d)
{
    case_open(d, "2025-06-08", 1);
    const mt_contract c[] = {case_contract(d, "A", MT_WIND, 4000000),
                             case_contract(d, "B", MT_WIND, 2000000)};
    case_contracts(d, c, 2);
    case_meter(d, "MP-A", case_flat(d, KW(1000), 96), 96);
    mt_micro live[96];
    for (int q = 0; q < 96; q++) live[q] = q < 48 ? KW(500) : GAP;
    case_live(d, "B", live, 96);
    case_forecast(d, "A", MT_TIME_NONE, case_flat(d, KW(1200), 96), 96);
    case_price(d, MT_PRICE_OF_DAY_AHEAD, case_flat(d, EUR(50), 96), 96);
    case_price(d, MT_PRICE_OF_SHORT, case_flat(d, EUR(70), 96), 96);
    case_price(d, MT_PRICE_OF_LONG, case_flat(d, EUR(30), 96), 96);
    case_outage(d, "A", 0, 24, KW(1000));
    const mt_trade trade = case_trade(d, MT_SELL, 0, 96, EUR(60), 27000000);
    case_trades(d, false, &trade, 1);
}

static void report__tells_energy_factor_errors_and_sources(void **state)
{
    (void)state;
    case_desk d;
    open_two(&d);
    const mt_report_row *row = report(&d, NULL, NULL, 3);
    assert_string_equal(row[0].asset_id, "A");
    assert_int_equal(row[0].energy_wh, 24000000);
    near(row[0].capacity_factor, 0.25);
    near(row[0].availability, 1 - 0.25 * 0.25);
    near(row[0].mae_kw, 200);
    near(row[0].bias_kw, 200);
    near(row[0].nmae, 0.05);
    near(row[0].share_of[MT_INFEED_METER], 1);
    assert_int_equal(row[0].imbalance_wh, -4800000);
    assert_int_equal(row[0].imbalance_ueur, -EUR(336));
    assert_int_equal(row[1].energy_wh, 6000000);
    near(row[1].capacity_factor, 0.25);
    near(row[1].share_of[MT_INFEED_LIVE], 0.5);
    near(row[1].share_of[MT_INFEED_GAP], 0.5);
    assert_true(isnan(row[1].availability)); /* nobody told of outages */
    assert_int_equal(row[2].energy_wh, 30000000);
    assert_int_equal(row[2].capacity_w, 6000000);
    near(row[2].capacity_factor, 30.0 / (96 + 24));
    near(row[2].mae_kw, 200);
    near(row[2].share_of[MT_INFEED_GAP], 0.25);
    case_close(&d);
}

/* Cash 27 MWh x 60 = 1,620; first half 18 MWh against 13.5: long 4.5 x 30 = 135, second half 12
 * against 13.5: short 1.5 x 70 = 105; payouts 1,920 + 480, fees 60 + 0. */
static void report__has_a_margin_of_what_came_and_went(void **state)
{
    (void)state;
    case_desk d;
    open_two(&d);
    const int64_t payout[] = {EUR(1920), EUR(480)}, fee[] = {EUR(60), 0};
    const mt_report_row *row = report(&d, payout, fee, 3);
    assert_int_equal(row[2].trading_ueur, EUR(1620));
    assert_int_equal(row[2].imbalance_wh, 3000000);
    assert_int_equal(row[2].imbalance_ueur, EUR(30));
    assert_int_equal(row[2].penalty_ueur, EUR(240));
    assert_int_equal(row[2].payout_ueur, EUR(2400));
    assert_int_equal(row[2].fee_ueur, EUR(60));
    assert_int_equal(row[2].margin_ueur, EUR(1620 + 30 + 60 - 2400));
    assert_int_equal(row[0].margin_ueur, EUR(1200 - 336 + 60 - 1920));
    assert_true(row[0].trading_ueur == MT_MICRO_NONE);
    case_close(&d);
}

static void report__has_no_margin_while_a_contract_is_not_priced(void **state)
{
    (void)state;
    case_desk d;
    open_two(&d);
    const int64_t payout[] = {EUR(1920), MT_MICRO_NONE}, fee[] = {EUR(60), MT_MICRO_NONE};
    const mt_report_row *row = report(&d, payout, fee, 3);
    assert_int_equal(row[2].not_priced, 1);
    assert_int_equal(row[2].payout_ueur, EUR(1920));
    assert_true(row[2].margin_ueur == MT_MICRO_NONE);
    assert_true(row[1].margin_ueur == MT_MICRO_NONE);
    case_close(&d);
}

/* Half of the day redispatched to nothing, a quarter of it with more out of service than there is. */
static void report__keeps_redispatch_out_of_forecast_errors(void **state)
{
    (void)state;
    case_desk d;
    mt_micro kw[96];
    case_open(&d, "2025-06-08", 1);
    const mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    case_contracts(&d, &c, 1);
    for (int q = 0; q < 96; q++) kw[q] = q < 48 ? 0 : KW(1000);
    case_meter(&d, "MP-A", kw, 96);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1100), 96), 96);
    case_redispatch(&d, "MP-A", 0, 48, GAP);
    case_price(&d, MT_PRICE_OF_COMPENSATION, case_flat(&d, EUR(40), 96), 96);
    case_outage(&d, "A", 0, 24, KW(5000));
    const mt_report_row *row = report(&d, NULL, NULL, 2);
    for (int k = 0; k < 2; k++) {
        near(row[k].mae_kw, 100);
        near(row[k].availability, 0.75);
        assert_int_equal(row[k].lost_wh, 13200000);
        assert_int_equal(row[k].redispatch_ueur, EUR(528));
    }
    case_close(&d);
}

static void report__tells_nothing_from_nothing(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    const mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    case_contracts(&d, &c, 1);
    const mt_report_row *row = report(&d, NULL, NULL, 2);
    for (int k = 0; k < 2; k++) {
        assert_true(row[k].energy_wh == MT_WH_NONE && row[k].revenue_ueur == MT_MICRO_NONE);
        assert_true(row[k].capture_price == MT_MICRO_NONE && row[k].base_price == MT_MICRO_NONE);
        assert_true(row[k].imbalance_wh == MT_WH_NONE && row[k].imbalance_ueur == MT_MICRO_NONE);
        assert_true(row[k].margin_ueur == MT_MICRO_NONE && row[k].payout_ueur == MT_MICRO_NONE);
        assert_true(row[k].curtailed_wh == MT_WH_NONE && row[k].trading_ueur == MT_MICRO_NONE);
        assert_true(isnan(row[k].capacity_factor) && isnan(row[k].mae_kw) && isnan(row[k].availability));
        assert_true(isnan(row[k].capture_rate) && isnan(row[k].nmae) && !row[k].revenue_price);
        near(row[k].share_of[MT_INFEED_GAP], 1);
    }
    case_close(&d);
}

/* Whichever allocation fails, the call says so and leaves its results alone. */
static void report__says_when_memory_runs_out(void **state)
{
    (void)state;
    case_desk d;
    open_two(&d);
    const mt_desk *desk = case_finish(&d);
    mt_code code = MT_E_MEMORY;
    for (uint64_t k = 1; code == MT_E_MEMORY; k++) {
        mt_ctx cx;
        const mt_report_row *row = NULL;
        size_t n = 0;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = mt_report(&cx, &row, &n, desk, NULL, NULL);
        assert_true(code == MT_OK || (code == MT_E_MEMORY && !row && n == 0));
        assert_true(k < 1000);
        mt_ctx_close(&cx);
    }
    assert_int_equal(code, MT_OK);
    case_close(&d);
}

static void report__goes_by_the_public_vwap_without_day_ahead_prices(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    const mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-A", case_flat(&d, KW(1000), 96), 96);
    const mt_trade trade = case_trade(&d, MT_SELL, 0, 92, EUR(60), 27000000);
    case_trades(&d, true, &trade, 1);
    const mt_report_row *row = report(&d, NULL, NULL, 2);
    assert_string_equal(row[0].revenue_price, "public_vwap");
    assert_int_equal(row[0].revenue_ueur, EUR(15) * 92);
    assert_int_equal(row[0].unpriced, 4);
    assert_int_equal(row[0].capture_price, EUR(60));
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report__captures_as_published),
        cmocka_unit_test(report__agrees_with_the_vectors),
        cmocka_unit_test(report__tells_energy_factor_errors_and_sources),
        cmocka_unit_test(report__has_a_margin_of_what_came_and_went),
        cmocka_unit_test(report__has_no_margin_while_a_contract_is_not_priced),
        cmocka_unit_test(report__keeps_redispatch_out_of_forecast_errors),
        cmocka_unit_test(report__tells_nothing_from_nothing),
        cmocka_unit_test(report__says_when_memory_runs_out),
        cmocka_unit_test(report__goes_by_the_public_vwap_without_day_ahead_prices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
