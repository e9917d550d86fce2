/* Contracts settled: models, bounds, parts of months, gaps, clock changes, faults by name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/rng.h"
#include "vpp/invoice/settle.h"
#include "vpp/settle_case.h"

static const mt_settlement *settle(case_desk *d, case_rooms *r, size_t expected)
{
    const mt_settlement *out = NULL;
    size_t n = 0;
    case_all(d, r);
    case_ok(d, mt_settle(&d->cx, &out, &n, r->desk, r->infeed, r->redispatch, r->curtail));
    assert_int_equal(n, expected);
    return out;
}

/* 1,000 kW all day from midnight to noon, and VWAPs of 60 and 20. */
static void open_day(case_desk *d, const mt_contract *contract, size_t n)
{
    case_contracts(d, contract, n);
    for (size_t k = 0; k < n; k++)
        case_meter(d, contract[k].metering_point_id, case_span(d, 0, 48, KW(1000), 0), 96);
    const mt_trade trade[] = {case_trade(d, MT_SELL, 0, 24, EUR(60), 24000000),
                              case_trade(d, MT_BUY, 24, 48, EUR(20), 24000000)};
    case_trades(d, true, trade, 2);
}

static mt_settlement settled(case_desk *d, mt_contract contract)
{
    case_rooms r;
    open_day(d, &contract, 1);
    case_price(d, MT_PRICE_OF_DAY_AHEAD, case_span(d, 0, 24, EUR(55), EUR(30)), 96);
    case_market_value(d, 2025, 6, MT_WIND, EUR(5.5));
    case_market_value(d, 2025, 0, MT_WIND, EUR(7));
    return settle(d, &r, 1)[0];
}

/* 48 quarters of 250 kWh: 6 MWh at each of two prices. All by hand. */
static void settle__prices_by_every_model(void **state)
{
    (void)state;
    static const struct {
        mt_price_model model;
        mt_micro price, spread, percent, floor, cap;
        int64_t payout;
    } model[] = {
        {MT_PRICE_FIXED, 85000000, GAP, GAP, GAP, GAP, 1020},
        {MT_PRICE_MARKET, GAP, GAP, GAP, GAP, GAP, 480},
        {MT_PRICE_MARKET, GAP, GAP, GAP, 30000000, GAP, 540},
        {MT_PRICE_MARKET, GAP, GAP, GAP, 30000000, 50000000, 480},
        {MT_PRICE_DAY_AHEAD, GAP, -3000000, GAP, GAP, GAP, 474},
        {MT_PRICE_DAY_AHEAD, GAP, GAP, GAP, GAP, GAP, 510},
        {MT_PRICE_MARKET_VALUE, GAP, -1500000, GAP, GAP, GAP, 642},
        {MT_PRICE_MARKET_VALUE_YEAR, GAP, GAP, GAP, GAP, 65000000, 780},
        {MT_PRICE_PERCENT, GAP, GAP, 95000000, GAP, GAP, 456},
    };
    for (size_t k = 0; k < sizeof model / sizeof *model; k++) {
        case_desk d;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        c.price_model = model[k].model;
        c.price = model[k].price;
        c.spread = model[k].spread;
        c.price_percent = model[k].percent;
        c.floor = model[k].floor;
        c.cap = model[k].cap;
        const mt_settlement s = settled(&d, c);
        if (s.fault) fail_msg("%s", s.fault);
        assert_int_equal(s.infeed_wh, 12000000);
        assert_int_equal(s.payout_ueur, EUR(1) * model[k].payout);
        case_close(&d);
    }
}

/* 12 MWh x 2.5; 480 EUR x 7 %; 4 MW x 3 EUR x 96 / 2,880 quarters of June. */
static void settle__takes_every_fee(void **state)
{
    (void)state;
    static const struct {
        mt_fee_model model;
        mt_micro fee, percent;
        int64_t ueur;
    } fee[] = {{MT_FEE_NONE, GAP, GAP, 0},
               {MT_FEE_AS_PRODUCED, 2500000, GAP, 30000000},
               {MT_FEE_PERCENT, GAP, 7000000, 33600000},
               {MT_FEE_CAPACITY, 3000000, GAP, 400000}};
    for (size_t k = 0; k < 4; k++) {
        case_desk d;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        c.fee_model = fee[k].model;
        c.fee = fee[k].fee;
        c.fee_percent = fee[k].percent;
        const mt_settlement s = settled(&d, c);
        if (s.fault) fail_msg("%s", s.fault);
        assert_int_equal(s.fee_ueur, fee[k].ueur);
        assert_int_equal(s.fee_capacity_micro, fee[k].model == MT_FEE_CAPACITY ? 133333 : 0);
        case_close(&d);
    }
}

/* A contract over two months: 4.123457 MW x 3.1 EUR x 10/31 and x 5/30, each rounded once:
 * 4123457 x 3.1 x 960 / 2976 = 4123457.0; 4123457 x 3.1 x 480 / 2880 = 2130452.78. By hand. */
static void settle__parts_a_capacity_fee_by_months(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-05-15", 30);
    mt_contract c = case_contract(&d, "A", MT_WIND, 4123457);
    c.begin = case_day("2025-05-22");
    c.end = case_day("2025-06-05");
    c.fee_model = MT_FEE_CAPACITY;
    c.fee = EUR(3.1);
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-A", case_flat(&d, 0, 30 * 96), 30 * 96);
    const mt_settlement *s = settle(&d, &r, 1);
    int64_t may = 0, june = 0;
    assert_int_equal(s->from, c.begin);
    assert_int_equal(s->until, c.end);
    assert_int_equal(s->first, 7 * 96);
    assert_int_equal(s->n, 15 * 96);
    for (size_t k = 0; k < s->n; k++) *(k < 960 ? &may : &june) += s->quarter[k].fee_ueur;
    assert_int_equal(may, 4123457);
    assert_int_equal(june, 2130453);
    assert_int_equal(s->fee_ueur, may + june);
    assert_int_equal(s->fee_capacity_micro, 1330147 + 687243);
    case_close(&d);
}

/* In a whole month the fee is the fee, whatever the clocks do. */
static void settle__takes_a_whole_months_fee_when_clocks_change(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        int days;
        size_t quarters;
    } month[] = {{"2025-03-01", 31, 2972}, {"2025-10-01", 31, 2980}, {"2024-02-01", 29, 2784}};
    for (size_t k = 0; k < 3; k++) {
        case_desk d;
        case_rooms r;
        case_open(&d, month[k].first, month[k].days);
        mt_contract c = case_contract(&d, "A", MT_WIND, 1234567);
        c.fee_model = MT_FEE_CAPACITY;
        c.fee = EUR(3);
        case_contracts(&d, &c, 1);
        case_meter(&d, "MP-A", case_flat(&d, KW(1000), month[k].quarters), month[k].quarters);
        const mt_settlement *s = settle(&d, &r, 1);
        assert_int_equal(s->n, month[k].quarters);
        assert_int_equal(s->quarters, month[k].quarters);
        assert_int_equal(s->gaps, 0);
        assert_int_equal(s->infeed_wh, 250000 * (int64_t)month[k].quarters);
        assert_int_equal(s->payout_ueur, EUR(20) * (int64_t)month[k].quarters);
        assert_int_equal(s->fee_ueur, 3703701);
        assert_int_equal(s->fee_capacity_micro, 1234567);
        case_close(&d);
    }
}

/* The day of 23 hours and that of 25, alone. */
static void settle__conserves_energy_on_days_of_92_and_100_quarters(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        size_t quarters;
    } change[] = {{"2025-03-30", 92}, {"2025-10-26", 100}};
    for (size_t k = 0; k < 2; k++) {
        case_desk d;
        case_rooms r;
        case_open(&d, change[k].day, 1);
        const mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        case_contracts(&d, &c, 1);
        case_meter(&d, "MP-A", case_flat(&d, KW(1000), change[k].quarters), change[k].quarters);
        const mt_settlement *s = settle(&d, &r, 1);
        assert_int_equal(s->n, change[k].quarters);
        assert_int_equal(s->infeed_wh, 250000 * (int64_t)change[k].quarters);
        assert_int_equal(s->payout_ueur, EUR(20) * (int64_t)change[k].quarters);
        case_close(&d);
    }
}

static void settle__counts_gaps_and_pays_negative_infeed_as_nothing(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    mt_contract c = case_contract(&d, "A", MT_SOLAR, 4000000);
    mt_micro *kw = case_span(&d, 0, 8, -KW(10), KW(1000));
    c.fee_model = MT_FEE_CAPACITY;
    c.fee = EUR(3);
    for (int q = 90; q < 96; q++) kw[q] = GAP;
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-A", kw, 96);
    const mt_settlement *s = settle(&d, &r, 1);
    assert_int_equal(s->gaps, 6);
    assert_int_equal(s->quarters, 96);
    assert_int_equal(s->infeed_wh, -8 * 2500 + 82 * 250000);
    assert_int_equal(s->paid_wh, 82 * 250000);
    assert_int_equal(s->payout_ueur, EUR(20) * 82);
    assert_int_equal(s->fee_ueur, 400000); /* capacity is there, measured or not */
    assert_true(s->quarter[95].infeed_wh == MT_WH_NONE && s->quarter[95].payout_ueur == MT_MICRO_NONE);
    assert_int_equal(s->quarter[0].paid_wh, 0);
    case_close(&d);
}

static void settle__pays_nobody_for_what_a_model_says(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    mt_micro *kw = case_span(&d, 0, 90, KW(1000), GAP);
    case_contracts(&d, &c, 1);
    case_meter(&d, "MP-A", kw, 96);
    case_weather(&d, "A", 0, 96, NAN, 20); /* no forecast is delivered: one is made of it */
    const mt_settlement *s = settle(&d, &r, 1);
    assert_int_equal(r.infeed[0][95].source, MT_INFEED_MODEL);
    assert_true(r.infeed[0][95].wh > 0);
    assert_int_equal(s->gaps, 6);
    assert_int_equal(s->infeed_wh, 90 * 250000);
    assert_int_equal(s->paid_wh, 90 * 250000);
    assert_true(s->quarter[95].payout_ueur == MT_MICRO_NONE);
    case_close(&d);
}

/* B is valid inside of A's days: A is one settlement with days of another in between. */
static void settle__gives_a_day_to_one_contract_only(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-01", 30);
    mt_contract c[] = {case_contract(&d, "A", MT_WIND, 4000000), case_contract(&d, "A", MT_WIND, 4000000)};
    c[0].contract_id = "C-1";
    c[0].fee_model = MT_FEE_CAPACITY;
    c[0].fee = EUR(3);
    c[1].contract_id = "C-2";
    c[1].price = EUR(90);
    c[1].begin = case_day("2025-06-11");
    c[1].end = case_day("2025-06-20");
    case_contracts(&d, c, 2);
    case_meter(&d, "MP-A", case_flat(&d, KW(1000), 30 * 96), 30 * 96);
    const mt_settlement *s = settle(&d, &r, 2);
    assert_string_equal(s[0].contract->contract_id, "C-1");
    assert_int_equal(s[0].n, 30 * 96);
    assert_int_equal(s[0].quarters, 20 * 96);
    assert_int_equal(s[0].payout_ueur, EUR(20) * 20 * 96);
    assert_int_equal(s[0].fee_ueur, 8000000); /* 12 EUR x 2 / 3 */
    assert_true(s[0].quarter[10 * 96].other && s[0].quarter[20 * 96 - 1].other &&
                !s[0].quarter[20 * 96].other);
    assert_int_equal(s[1].quarters, 10 * 96);
    assert_int_equal(s[1].payout_ueur, EUR(22.5) * 10 * 96);
    assert_int_equal(s[1].first, 10 * 96);
    case_close(&d);
}

/* The same name with other terms is another contract. */
static void settle__keeps_new_terms_under_an_old_name_apart(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-01", 30);
    mt_contract c[] = {case_contract(&d, "A", MT_WIND, 4000000), case_contract(&d, "A", MT_WIND, 4000000)};
    c[0].end = case_day("2025-06-15");
    c[1].begin = case_day("2025-06-16");
    c[1].fee_model = MT_FEE_AS_PRODUCED;
    c[1].fee = EUR(2);
    case_contracts(&d, c, 2);
    case_meter(&d, "MP-A", case_flat(&d, KW(1000), 30 * 96), 30 * 96);
    const mt_settlement *s = settle(&d, &r, 2);
    assert_int_equal(s[0].fee_ueur, 0);
    assert_int_equal(s[1].fee_ueur, EUR(0.5) * 15 * 96);
    assert_int_equal(s[0].quarters, 15 * 96);
    assert_int_equal(s[1].from, c[1].begin);
    case_close(&d);
}

/* Three contracts of the sample files: one has neither price nor fee. */
static void settle__names_what_a_contract_lacks_and_goes_on(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    mt_contract c[] = {case_contract(&d, "SOL-DE-001", MT_SOLAR, 1088000),
                       case_contract(&d, "WND-DE-001", MT_WIND, 4000000),
                       case_contract(&d, "WND-DE-003", MT_WIND, 5600000)};
    c[0].fee_model = MT_FEE_AS_PRODUCED;
    c[0].fee = EUR(2.5);
    c[1].fee_model = MT_FEE_CAPACITY;
    c[1].fee = EUR(3);
    c[1].capacity_w = MT_MICRO_NONE;
    c[2].price = MT_MICRO_NONE;
    c[2].fee_model = MT_FEE_AS_PRODUCED;
    c[2].fee_percent = EUR(7);
    open_day(&d, c, 3);
    const mt_settlement *s = settle(&d, &r, 3);
    assert_null(s[0].fault);
    assert_int_equal(s[0].fee_ueur, 30000000);
    assert_string_equal(
        s[1].fault,
        "contract C-WND-DE-001: fee model fixed_for_capacity needs capacity, which the contract lacks");
    assert_string_equal(s[2].fault, "contract C-WND-DE-003: price model fixed needs price and fee model "
                                    "fixed_as_produced needs fee; the contract has neither");
    assert_int_equal(s[2].fault_kind, MT_F_INCOMPLETE);
    assert_true(s[2].payout_ueur == MT_MICRO_NONE && s[2].fee_ueur == MT_MICRO_NONE);
    case_close(&d);
}

static void settle__names_the_price_that_the_market_lacks(void **state)
{
    (void)state;
    static const struct {
        mt_price_model model;
        const char *fault;
    } lack[] = {
        {MT_PRICE_MARKET, "contract C-A: no public VWAP for the quarter of 2025-06-07T22:00:00Z (48 in all)"},
        {MT_PRICE_DAY_AHEAD,
         "contract C-A: no day-ahead price for the quarter of 2025-06-07T22:00:00Z (48 in all)"},
        {MT_PRICE_MARKET_VALUE,
         "contract C-A: no market value of the month for the quarter of 2025-06-07T22:00:00Z (48 in all)"},
        {MT_PRICE_MARKET_VALUE_YEAR,
         "contract C-A: no market value of the year for the quarter of 2025-06-07T22:00:00Z (48 in all)"},
    };
    for (size_t k = 0; k < 4; k++) {
        case_desk d;
        case_rooms r;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        c.price_model = lack[k].model;
        case_contracts(&d, &c, 1);
        case_meter(&d, "MP-A", case_span(&d, 0, 48, KW(1000), 0), 96); /* the other half needs no price */
        const mt_settlement *s = settle(&d, &r, 1);
        assert_string_equal(s->fault, lack[k].fault);
        assert_int_equal(s->fault_kind, MT_F_NO_PRICE);
        case_close(&d);
    }
}

static void settle__refuses_amounts_that_cannot_be_counted(void **state)
{
    (void)state;
    static const mt_micro kw[] = {1000 * MT_MICRO_ONE, 1000000000 * MT_MICRO_ONE};
    for (size_t k = 0; k < 2; k++) { /* the sum of the day, then each quarter */
        case_desk d;
        case_rooms r;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        c.price = INT64_MAX;
        case_contracts(&d, &c, 1);
        case_meter(&d, "MP-A", case_flat(&d, kw[k], 96), 96);
        const mt_settlement *s = settle(&d, &r, 1);
        assert_string_equal(s->fault, "contract C-A: its amounts are too large to be counted in micro-euro");
        assert_true(s->payout_ueur == MT_MICRO_NONE);
        case_close(&d);
    }
}

static void settle__adds_redispatch_and_curtailment(void **state)
{
    (void)state;
    for (int priced = 0; priced < 2; priced++) {
        case_desk d;
        case_rooms r;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
        c.curtail_percent = EUR(95);
        case_contracts(&d, &c, 1);
        case_meter(&d, "MP-A", case_span(&d, 40, 48, 0, KW(1000)), 96);
        case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1000), 96), 96);
        case_redispatch(&d, "MP-A", 40, 44, GAP);
        case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_span(&d, 44, 48, -EUR(5), EUR(50)), 96);
        if (priced) case_price(&d, MT_PRICE_OF_COMPENSATION, case_flat(&d, EUR(62.5), 96), 96);
        const mt_settlement *s = settle(&d, &r, 1);
        if (priced) {
            assert_null(s->fault);
            assert_int_equal(s->redispatch_wh, 1000000);
            assert_int_equal(s->redispatch_ueur, EUR(62.5));
            assert_int_equal(s->curtailed_wh, 1000000);
            assert_int_equal(s->curtailment_ueur, EUR(76)); /* 1 MWh x 80 x 95 % */
            assert_int_equal(s->payout_ueur, EUR(20) * 88);
        } else {
            assert_string_equal(s->fault, "contract C-A: no compensation price of the grid operator for the "
                                          "quarter of 2025-06-08T08:00:00Z (4 in all)");
        }
        case_close(&d);
    }
}

/* 24 MWh x 2.317 ct/kWh. */
static void settle__states_the_premium_and_pays_none_of_it(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    mt_plant plant = case_plant("A", MT_WIND, 4000000);
    case_open(&d, "2025-06-08", 1);
    mt_contract c = case_contract(&d, "A", MT_WIND, 4000000);
    c.scheme = MT_SCHEME_PREMIUM;
    c.value_applied = EUR(11.2);
    plant.commissioned = case_day("2015-06-01");
    case_contracts(&d, &c, 1);
    case_plants(&d, &plant, 1);
    case_meter(&d, "MP-A", case_flat(&d, KW(1000), 96), 96);
    case_market_value(&d, 2025, 6, MT_WIND, EUR(8.883));
    const mt_settlement *s = settle(&d, &r, 1);
    assert_null(s->fault);
    assert_int_equal(s->premium_ueur, EUR(556.08));
    assert_int_equal(s->payout_ueur, EUR(1920));
    case_close(&d);
}

static void fill_at_random(case_desk *d, mt_rng *rng, int64_t *wh, int64_t *vwap)
{
    mt_micro kw[96];
    mt_trade trade[96];
    for (int q = 0; q < 96; q++) {
        kw[q] = (int64_t)mt_rng_below(rng, 5000000000) - 500000000;
        wh[q] = mt_wh_of_kw(kw[q]);
        vwap[q] = (int64_t)mt_rng_below(rng, 300000000) - 100000000;
        trade[q] = case_trade(d, MT_SELL, q, q + 1, vwap[q], 1000);
    }
    case_meter(d, "MP-A", kw, 96);
    case_trades(d, true, trade, 96);
}

/* Each quarter is priced once and rounded once, and the sums are sums. */
static void settle__adds_up_to_the_micro_euro(void **state)
{
    (void)state;
    mt_rng rng = mt_rng_new(2025);
    for (int round = 0; round < 50; round++) {
        case_desk d;
        case_rooms r;
        int64_t wh[96], vwap[96], payout = 0, fee = 0, paid = 0;
        case_open(&d, "2025-06-08", 1);
        mt_contract c = case_contract(&d, "A", MT_WIND, 6000000);
        c.price_model = MT_PRICE_MARKET;
        c.fee_model = MT_FEE_PERCENT;
        c.fee_percent = (int64_t)mt_rng_below(&rng, 10000000);
        case_contracts(&d, &c, 1);
        fill_at_random(&d, &rng, wh, vwap);
        const mt_settlement *s = settle(&d, &r, 1);
        if (s->fault) fail_msg("%s", s->fault);
        for (size_t k = 0; k < s->n; k++) {
            const mt_settled_quarter *q = &s->quarter[k];
            assert_int_equal(q->paid_wh, wh[k] > 0 ? wh[k] : 0);
            assert_int_equal(q->payout_ueur, mt_ueur_of(q->paid_wh, vwap[k]));
            assert_int_equal(q->fee_ueur, mt_ueur_percent_of(q->paid_wh, vwap[k], c.fee_percent));
            payout += q->payout_ueur;
            fee += q->fee_ueur;
            paid += q->paid_wh;
        }
        assert_true(s->payout_ueur == payout && s->fee_ueur == fee && s->paid_wh == paid);
        case_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settle__prices_by_every_model),
        cmocka_unit_test(settle__takes_every_fee),
        cmocka_unit_test(settle__parts_a_capacity_fee_by_months),
        cmocka_unit_test(settle__takes_a_whole_months_fee_when_clocks_change),
        cmocka_unit_test(settle__conserves_energy_on_days_of_92_and_100_quarters),
        cmocka_unit_test(settle__counts_gaps_and_pays_negative_infeed_as_nothing),
        cmocka_unit_test(settle__pays_nobody_for_what_a_model_says),
        cmocka_unit_test(settle__gives_a_day_to_one_contract_only),
        cmocka_unit_test(settle__keeps_new_terms_under_an_old_name_apart),
        cmocka_unit_test(settle__names_what_a_contract_lacks_and_goes_on),
        cmocka_unit_test(settle__names_the_price_that_the_market_lacks),
        cmocka_unit_test(settle__refuses_amounts_that_cannot_be_counted),
        cmocka_unit_test(settle__adds_redispatch_and_curtailment),
        cmocka_unit_test(settle__states_the_premium_and_pays_none_of_it),
        cmocka_unit_test(settle__adds_up_to_the_micro_euro),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
