/* Both sides of the balance, the price of its side, and what the whole has in common with its parts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/rng.h"
#include "vpp/imbalance.h"
#include "vpp/settle_case.h"
#include "vpp/vectors_case.h"

/* One asset A of 100 MW over one day. */
static void open_one(case_desk *d, bool energy_credit)
{
    case_open(d, "2025-06-08", 1);
    mt_contract contract = case_contract(d, "A", MT_WIND, 100000000);
    contract.energy_credit = energy_credit;
    case_contracts(d, &contract, 1);
}

static const mt_imbalance_quarter *of_asset(case_desk *d, case_rooms *r, size_t k, mt_against against)
{
    const mt_imbalance_quarter *out = NULL;
    case_ok(d, mt_imbalance_asset(&d->cx, &out, r->desk, &r->desk->asset[k], r->infeed[k], r->redispatch[k],
                                  against));
    return out;
}

static const mt_imbalance_quarter *of_all(case_desk *d, case_rooms *r, mt_against against)
{
    const mt_imbalance_quarter *out = NULL;
    case_ok(d, mt_imbalance_portfolio(&d->cx, &out, r->desk, r->infeed, r->redispatch, against));
    return out;
}

/* A quarter of measured and sold MWh at one final price. */
static mt_imbalance_quarter balanced(mt_micro measured_mwh, mt_micro sold_mwh, mt_micro price)
{
    case_desk d;
    case_rooms r;
    open_one(&d, false);
    case_meter(&d, "MP-A", case_flat(&d, measured_mwh * 4000, 96), 96);
    case_schedule(&d, "A", case_flat(&d, sold_mwh * 4000, 96), 96);
    case_price(&d, MT_PRICE_OF_SHORT, case_flat(&d, price, 96), 96);
    case_price(&d, MT_PRICE_OF_LONG, case_flat(&d, price, 96), 96);
    case_all(&d, &r);
    const mt_imbalance_quarter row = of_asset(&d, &r, 0, MT_AGAINST_SOLD)[7];
    case_close(&d);
    return row;
}

/* The four signs of settlement_vectors.json, "rebap". */
static void imbalance__pays_and_receives_in_all_four_signs(void **state)
{
    (void)state;
    static const struct {
        mt_micro measured, sold, price, cash;
    } sign[] = {
        {10, 12, 80000000, -160}, {12, 10, 80000000, 160}, {10, 12, -35500000, 71}, {12, 10, -35500000, -71}};
    for (size_t k = 0; k < 4; k++) {
        const mt_imbalance_quarter row =
            balanced(EUR(1) * sign[k].measured, EUR(1) * sign[k].sold, sign[k].price);
        assert_int_equal(row.imbalance_wh, 1000000 * (sign[k].measured - sign[k].sold));
        assert_int_equal(row.cash_ueur, EUR(1) * sign[k].cash);
        assert_int_equal(row.penalty_ueur, EUR(1) * llabs(sign[k].cash));
        assert_true(row.final);
    }
}

static void imbalance__agrees_with_the_vectors(void **state)
{
    (void)state;
    const char *text = vectors_read(), *entry;
    int n = 0;
    for (; (entry = vectors_entry(text, "\"rebap\"", n)); n++) {
        /* "rebap" is the section and a member: the entry begins after the first. */
        const mt_imbalance_quarter row =
            balanced(vectors_number(entry, "\"measured\""), vectors_number(entry, "\"sold\""),
                     vectors_number(entry, "\"rebap\""));
        assert_int_equal(row.imbalance_wh, vectors_number(entry, "\"imbalance\""));
        assert_int_equal(row.cash_ueur, vectors_number(entry, "\"cash_to_brp\""));
    }
    assert_int_equal(n, 4);
}

/* Measured 0, credited 3 MWh, sold 3 MWh: a curtailed quarter is no false short. */
static void imbalance__of_a_curtailed_and_credited_quarter_is_nothing(void **state)
{
    (void)state;
    for (int credit = 0; credit < 2; credit++) {
        case_desk d;
        case_rooms r;
        open_one(&d, credit);
        case_meter(&d, "MP-A", case_flat(&d, 0, 96), 96);
        case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(12000), 96), 96);
        case_schedule(&d, "A", case_flat(&d, KW(12000), 96), 96);
        case_redispatch(&d, "MP-A", 40, 44, GAP);
        const mt_trade trade = case_trade(&d, MT_SELL, 40, 44, EUR(50), 12000000);
        case_trades(&d, false, &trade, 1);
        case_price(&d, MT_PRICE_OF_SHORT, case_flat(&d, EUR(90), 96), 96);
        case_price(&d, MT_PRICE_OF_LONG, case_flat(&d, EUR(80), 96), 96);
        case_all(&d, &r);
        const mt_imbalance_quarter *one = of_asset(&d, &r, 0, MT_AGAINST_SOLD);
        const mt_imbalance_quarter *all = of_all(&d, &r, MT_AGAINST_SOLD);
        assert_int_equal(one[40].credited_wh, credit ? 3000000 : 0);
        assert_int_equal(one[40].sold_wh, 3000000);
        assert_int_equal(one[40].imbalance_wh, credit ? 0 : -3000000);
        assert_int_equal(all[40].imbalance_wh, credit ? 0 : -3000000);
        assert_int_equal(all[40].cash_ueur, credit ? 0 : -EUR(270));
        assert_int_equal(all[40].price, credit ? EUR(80) : EUR(90)); /* nothing short is long */
        assert_int_equal(one[44].imbalance_wh, -3000000);            /* not redispatched */
        case_close(&d);
    }
}

static void imbalance__takes_the_column_of_its_side_then_the_estimate(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    open_one(&d, false);
    mt_micro *measured = case_span(&d, 0, 48, KW(400), KW(800)); /* short, then long against 600 kW */
    measured[95] = GAP;
    case_meter(&d, "MP-A", measured, 96);
    case_schedule(&d, "A", case_flat(&d, KW(600), 96), 96);
    case_price(&d, MT_PRICE_OF_SHORT, case_span(&d, 10, 96, EUR(90), GAP), 96);
    case_price(&d, MT_PRICE_OF_LONG, case_span(&d, 10, 80, EUR(40), GAP), 96);
    case_price(&d, MT_PRICE_OF_ESTIMATE, case_span(&d, 0, 90, EUR(70), GAP), 96);
    case_all(&d, &r);
    const mt_imbalance_quarter *row = of_asset(&d, &r, 0, MT_AGAINST_SOLD);
    assert_true(row[0].price == EUR(70) && !row[0].final);
    assert_true(row[20].price == EUR(90) && row[20].final && row[20].cash_ueur == -4500000);
    assert_true(row[60].price == EUR(40) && row[60].final && row[60].cash_ueur == 2000000);
    assert_true(row[85].price == EUR(70) && !row[85].final);
    assert_true(row[92].price == MT_MICRO_NONE && row[92].cash_ueur == MT_MICRO_NONE);
    assert_true(row[95].imbalance_wh == MT_WH_NONE && row[95].penalty_ueur == MT_MICRO_NONE);
    const mt_imbalance_sum sum = mt_imbalance_total(row, 96);
    assert_int_equal(sum.quarters, 95);
    assert_int_equal(sum.estimated, 20);
    assert_int_equal(sum.unpriced, 5);
    assert_int_equal(sum.short_wh, -48 * 50000);
    assert_int_equal(sum.long_wh, 47 * 50000);
    assert_int_equal(sum.imbalance_wh, -50000);
    /* 10 and 10 estimated quarters, 38 short and 32 long ones: cash by hand. */
    assert_int_equal(sum.cash_ueur, -10 * 3500000 - 38 * 4500000 + 32 * 2000000 + 10 * 3500000);
    assert_int_equal(sum.penalty_ueur, 10 * 3500000 + 38 * 4500000 + 32 * 2000000 + 10 * 3500000);
    assert_true(fabs(sum.estimated_share - 20.0 / 90) < 1e-12);
    case_close(&d);
}

static void open_some(case_desk *d, mt_rng *rng, int64_t *sold, size_t n)
{
    mt_contract contract[4];
    static const char *const name[] = {"A", "B", "C", "D"};
    case_open(d, "2025-06-08", 1);
    for (size_t k = 0; k < n; k++) contract[k] = case_contract(d, name[k], MT_WIND, 8000000);
    case_contracts(d, contract, n);
    for (size_t k = 0; k < n; k++) {
        mt_micro measured[96], schedule[96];
        for (int q = 0; q < 96; q++) {
            measured[q] = 4000 * (int64_t)mt_rng_below(rng, 2000000);
            schedule[q] = 4000 * (int64_t)mt_rng_below(rng, 2000000);
            if (k == 1 && q < 5)
                measured[q] = GAP;
            else
                sold[q] += schedule[q] / 4000;
        }
        case_meter(d, contract[k].metering_point_id, measured, 96);
        case_forecast(d, name[k], MT_TIME_NONE, schedule, k == 1 ? 0 : 96);
        case_schedule(d, name[k], schedule, 96);
    }
}

/* What is sold are the schedules of those that have infeed; then the whole is the sum of its parts. */
static void imbalance__of_the_portfolio_is_the_sum_of_its_assets(void **state)
{
    (void)state;
    mt_rng rng = mt_rng_new(8);
    for (int round = 0; round < 20; round++) {
        case_desk d;
        case_rooms r;
        int64_t sold[96] = {0};
        open_some(&d, &rng, sold, 4);
        for (int q = 0; q < 96; q++) {
            const mt_trade trade = case_trade(&d, MT_SELL, q, q + 1, EUR(50), sold[q] + 7);
            const mt_trade back = case_trade(&d, MT_BUY, q, q + 1, EUR(51), 7);
            case_trades(&d, false, &trade, 1);
            case_trades(&d, false, &back, 1);
        }
        case_price(&d, MT_PRICE_OF_SHORT, case_flat(&d, EUR(90), 96), 96);
        case_price(&d, MT_PRICE_OF_LONG, case_flat(&d, EUR(90), 96), 96);
        case_all(&d, &r);
        const mt_imbalance_quarter *all = of_all(&d, &r, MT_AGAINST_SOLD), *one[4];
        for (size_t k = 0; k < 4; k++) one[k] = of_asset(&d, &r, k, MT_AGAINST_SOLD);
        for (int q = 0; q < 96; q++) {
            int64_t sum = 0;
            for (size_t k = 0; k < 4; k++)
                sum += one[k][q].imbalance_wh == MT_WH_NONE ? 0 : one[k][q].imbalance_wh;
            assert_int_equal(all[q].imbalance_wh, sum);
            assert_int_equal(all[q].bought_wh, 7);
            assert_int_equal(all[q].left_out, q < 5);
            assert_int_equal(all[q].assets, q < 5 ? 3 : 4);
        }
        case_close(&d);
    }
}

/* B has no forecast: it counts on neither side. */
static void imbalance__leaves_out_of_both_sides_what_has_no_forecast(void **state)
{
    (void)state;
    mt_rng rng = mt_rng_new(9);
    case_desk d;
    case_rooms r;
    int64_t sold[96] = {0};
    open_some(&d, &rng, sold, 3);
    case_all(&d, &r);
    const mt_imbalance_quarter *all = of_all(&d, &r, MT_AGAINST_TRADEABLE);
    const mt_imbalance_quarter *a = of_asset(&d, &r, 0, MT_AGAINST_LATEST);
    const mt_imbalance_quarter *b = of_asset(&d, &r, 1, MT_AGAINST_LATEST);
    const mt_imbalance_quarter *c = of_asset(&d, &r, 2, MT_AGAINST_LATEST);
    const bool modelled = b[50].imbalance_wh != MT_WH_NONE; /* a desk may make a forecast of its own */
    for (int q = 10; q < 96; q++) {
        const int64_t more = modelled ? b[q].imbalance_wh : 0;
        assert_int_equal(all[q].imbalance_wh, a[q].imbalance_wh + c[q].imbalance_wh + more);
        assert_int_equal(all[q].left_out, !modelled);
    }
    assert_true(of_all(&d, &r, MT_AGAINST_SOLD)[50].imbalance_wh ==
                MT_WH_NONE); /* no trades were delivered */
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imbalance__pays_and_receives_in_all_four_signs),
        cmocka_unit_test(imbalance__agrees_with_the_vectors),
        cmocka_unit_test(imbalance__of_a_curtailed_and_credited_quarter_is_nothing),
        cmocka_unit_test(imbalance__takes_the_column_of_its_side_then_the_estimate),
        cmocka_unit_test(imbalance__of_the_portfolio_is_the_sum_of_its_assets),
        cmocka_unit_test(imbalance__leaves_out_of_both_sides_what_has_no_forecast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
