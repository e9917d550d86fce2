/* Stop prices by premium, and energy that was curtailed, apart from redispatch. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/settle_case.h"

/* 1 MW of sun of 2020 (premium suspended by six negative hours), forecast 800 kW; from quarter 40 on,
 * for four hours, a price of -30 and no infeed. */
static void open_stopped(case_desk *d, mt_scheme scheme, mt_micro value_applied, mt_micro percent)
{
    mt_plant plant = case_plant("A", MT_SOLAR, 1000000);
    case_open(d, "2025-06-08", 1);
    mt_contract contract = case_contract(d, "A", MT_SOLAR, 1000000);
    contract.scheme = scheme;
    contract.value_applied = value_applied;
    contract.curtail_percent = percent;
    plant.commissioned = case_day("2020-01-01");
    case_contracts(d, &contract, 1);
    case_plants(d, &plant, 1);
    case_forecast(d, "A", MT_TIME_NONE, case_flat(d, KW(800), 96), 96);
    case_meter(d, "MP-A", case_span(d, 40, 56, 0, KW(700)), 96);
    case_price(d, MT_PRICE_OF_DAY_AHEAD, case_span(d, 40, 56, -EUR(30), EUR(40)), 96);
}

/* 800 kW / 4 = 200 kWh at 80 EUR/MWh = 16 EUR; 90 % = 14.40. */
static void curtail__stops_below_zero_without_a_premium(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    open_stopped(&d, MT_SCHEME_TRANSITIONAL, MT_MICRO_NONE, EUR(90));
    case_all(&d, &r);
    const mt_curtail_quarter *row = r.curtail[0];
    assert_true(row[40].stop && row[40].stop_price == 0 && row[40].price == -EUR(30));
    assert_int_equal(row[40].expected_wh, 200000);
    assert_int_equal(row[40].curtailed_wh, 200000);
    assert_int_equal(row[40].compensation_ueur, 14400000);
    assert_true(!row[39].stop && row[39].curtailed_wh == 0 && row[39].compensation_ueur == 0);
    case_close(&d);
}

/* 11.2 - 8.883 = 2.317 ct/kWh: stop below -23.17; -30 is below, -20 would not be. */
static void curtail__stops_below_minus_the_premium(void **state)
{
    (void)state;
    for (int deep = 0; deep < 2; deep++) {
        case_desk d;
        case_rooms r;
        open_stopped(&d, MT_SCHEME_PREMIUM, EUR(11.2), EUR(100));
        case_market_value(&d, 2025, 6, MT_SOLAR, EUR(8.883));
        case_price(&d, MT_PRICE_OF_DAY_AHEAD,
                   case_span(&d, 40, 56, deep ? -EUR(23.170001) : -EUR(23.17), EUR(40)), 96);
        case_all(&d, &r);
        assert_int_equal(r.curtail[0][40].stop_price, -23170000);
        assert_int_equal(r.curtail[0][40].stop, deep);
        assert_int_equal(r.curtail[0][40].curtailed_wh, deep ? 200000 : 0);
        assert_int_equal(r.curtail[0][40].compensation_ueur, deep ? EUR(16) : 0);
        case_close(&d);
    }
}

static void curtail__stops_below_zero_where_the_premium_is_suspended(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    open_stopped(&d, MT_SCHEME_PREMIUM, EUR(11.2), EUR(100));
    case_market_value(&d, 2025, 6, MT_SOLAR, EUR(8.883));
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_span(&d, 40, 64, -EUR(1), EUR(40)), 96); /* six hours */
    case_all(&d, &r);
    assert_true(r.curtail[0][40].stop && r.curtail[0][40].stop_price == 0);
    assert_int_equal(r.curtail[0][39].stop_price, -23170000);
    case_close(&d);
}

static void curtail__tells_nothing_from_a_premium_that_nobody_knows(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    open_stopped(&d, MT_SCHEME_PREMIUM, EUR(11.2), EUR(100));
    case_all(&d, &r);
    assert_true(r.curtail[0][40].stop_price == MT_MICRO_NONE && !r.curtail[0][40].stop);
    assert_int_equal(r.curtail[0][40].compensation_ueur, 0);
    case_close(&d);
}

static void curtail__stays_apart_from_redispatch(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    open_stopped(&d, MT_SCHEME_TRANSITIONAL, MT_MICRO_NONE, MT_MICRO_NONE);
    case_redispatch(&d, "MP-A", 40, 44, GAP);
    case_all(&d, &r);
    assert_true(!r.curtail[0][40].stop && r.curtail[0][40].curtailed_wh == 0);
    assert_int_equal(r.redispatch[0][40].lost_wh, 200000);
    assert_true(r.curtail[0][44].stop && r.curtail[0][44].curtailed_wh == 200000);
    assert_int_equal(r.redispatch[0][44].lost_wh, 0);
    case_close(&d);
}

/* Without a measurement the forecast is paid as infeed, and nothing was curtailed. */
static void curtail__counts_only_what_was_measured(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    const mt_contract contract = case_contract(&d, "A", MT_SOLAR, 500000);
    case_contracts(&d, &contract, 1);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(800), 96), 96);
    case_forecast(&d, "A", case_quarter(&d, 50), case_span(&d, 50, 51, KW(300), GAP),
                  96); /* too late to trade */
    case_meter(&d, "MP-A", case_span(&d, 0, 48, -KW(4), GAP), 96);
    case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_flat(&d, -EUR(1), 96), 96);
    case_all(&d, &r);
    assert_int_equal(r.curtail[0][0].expected_wh, 125000); /* at most the capacity */
    assert_int_equal(r.curtail[0][0].curtailed_wh, 125000);
    assert_int_equal(r.infeed[0][50].source, MT_INFEED_FORECAST);
    assert_int_equal(r.infeed[0][50].wh, 75000);
    assert_int_equal(r.curtail[0][50].expected_wh, 125000);
    assert_true(r.curtail[0][50].stop && r.curtail[0][50].curtailed_wh == 0);
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curtail__stops_below_zero_without_a_premium),
        cmocka_unit_test(curtail__stops_below_minus_the_premium),
        cmocka_unit_test(curtail__stops_below_zero_where_the_premium_is_suspended),
        cmocka_unit_test(curtail__tells_nothing_from_a_premium_that_nobody_knows),
        cmocka_unit_test(curtail__stays_apart_from_redispatch),
        cmocka_unit_test(curtail__counts_only_what_was_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
