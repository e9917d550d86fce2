/* The first of meter, live points and forecast that is there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/infeed.h"
#include "vpp/testing.h"

static void open_with(case_desk *d, const char *day)
{
    case_open(d, day, 1);
    mt_contract c[] = {case_contract(d, "A", MT_WIND, 1000000), case_contract(d, "B", MT_WIND, 1000000)};
    case_contracts(d, c, 2);
}

static const mt_infeed_quarter *infeed(case_desk *d, const mt_desk *desk, size_t asset)
{
    const mt_infeed_quarter *out = NULL;
    case_ok(d, mt_infeed(&d->cx, &out, desk, &desk->asset[asset]));
    return out;
}

static void infeed__takes_the_first_that_is_there(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    const mt_micro live[] = {KW(20), KW(20), GAP};
    case_meter(&d, "MP-A", case_flat(&d, KW(10), 1), 1);
    case_live(&d, "A", live, 3);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(900), 3), 3);
    const mt_desk *desk = case_finish(&d);
    const mt_infeed_quarter *q = infeed(&d, desk, 0);
    assert_true(q[0].source == MT_INFEED_METER && q[0].wh == 2500); /* never the greatest of them */
    assert_true(q[1].source == MT_INFEED_LIVE && q[1].wh == 5000 && q[1].live_share == 1);
    assert_true(q[2].source == MT_INFEED_FORECAST && q[2].wh == 225000);
    assert_true(q[2].version == d.start - MT_US_DAY);
    assert_true(q[3].source == MT_INFEED_GAP && q[3].wh == MT_WH_NONE && q[3].origin == -1);
    assert_string_equal(desk->origin[q[0].origin].name, "final_production_000001");
    assert_string_equal(desk->origin[q[1].origin].name, "live_000002");
    assert_string_equal(desk->origin[q[2].origin].name, "forecast_000003");
    assert_int_equal(case_finding(desk, MT_F_GAP, "A", NULL)->count, 93);
    assert_int_equal(case_finding(desk, MT_F_MISSING_METER, "A", NULL)->count, 95);
    case_close(&d);
}

static void infeed__passes_over_live_values_of_too_few_points(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    mt_time time[11];
    for (int k = 0; k < 11; k++) time[k] = d.start + k * MT_US_MINUTE; /* stand to minute 12 */
    time[10] -= 1000;                                                  /* a millisecond less */
    const mt_live_points points = {11, time, case_flat(&d, KW(1), 11), NULL};
    case_ok(&d, d.taker->live(&d.cx, d.taker->arg, case_file(&d, "live"), "A", &points));
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(2), 1), 1);
    const mt_infeed_quarter *q = infeed(&d, case_finish(&d), 0);
    assert_true(q[0].source == MT_INFEED_FORECAST && q[0].wh == 500);
    assert_true(q[0].live_share > 0.799f && q[0].live_share < 0.8f);
    case_close(&d);
}

static void infeed__limits_a_forecast_by_capacity_and_setpoint(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1200), 96), 96);
    case_redispatch(&d, "MP-A", 1, 2, GAP);
    case_redispatch(&d, "MP-A", 2, 3, KW(300));
    case_redispatch(&d, "MP-A", 3, 4, KW(2000));
    const mt_infeed_quarter *q = infeed(&d, case_finish(&d), 0);
    assert_true(q[0].wh == 250000 && !q[0].limited);
    assert_true(q[1].wh == 0 && q[1].limited);
    assert_true(q[2].wh == 75000 && q[2].limited);
    assert_true(q[3].wh == 250000 && !q[3].limited);
    case_close(&d);
}

static void infeed__leaves_measured_values_unlimited(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    case_meter(&d, "MP-A", case_flat(&d, KW(1200), 1), 1);
    case_live(&d, "A", case_flat(&d, KW(50), 2), 2);
    case_redispatch(&d, "MP-A", 0, 2, GAP);
    const mt_infeed_quarter *q = infeed(&d, case_finish(&d), 0);
    assert_true(q[0].wh == 300000 && q[1].wh == 12500 && !q[1].limited);
    case_close(&d);
}

static void infeed__keeps_negative_values(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    case_meter(&d, "MP-A", case_flat(&d, KW(-2), 1), 1);
    assert_int_equal(infeed(&d, case_finish(&d), 0)[0].wh, -500);
    case_close(&d);
}

static void infeed__tells_models_from_forecasts(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08");
    case_weather(&d, "A", 0, 96, NAN, 20);
    const mt_infeed_quarter *q = infeed(&d, case_finish(&d), 0);
    assert_true(q[5].source == MT_INFEED_MODEL && q[5].wh == 250000);
    assert_string_equal(mt_infeed_source_name(MT_INFEED_MODEL), "model");
    assert_string_equal(mt_infeed_source_quality(MT_INFEED_MODEL), "estimated");
    case_close(&d);
}

static void infeed__portfolio_sums_by_source(void **state)
{
    (void)state;
    case_desk d;
    const mt_infeed_sum *sum = NULL;
    open_with(&d, "2025-06-08");
    case_meter(&d, "MP-A", case_flat(&d, KW(10), 2), 2);
    case_live(&d, "B", case_flat(&d, KW(20), 1), 1);
    const mt_desk *desk = case_finish(&d);
    const mt_infeed_quarter *const of[] = {infeed(&d, desk, 0), infeed(&d, desk, 1)};
    case_ok(&d, mt_infeed_portfolio(&d.cx, &sum, desk, of));
    assert_true(sum[0].wh == 7500 && sum[0].wh_of[MT_INFEED_METER] == 2500 &&
                sum[0].wh_of[MT_INFEED_LIVE] == 5000);
    assert_true(sum[1].wh == 2500 && sum[1].assets_of[MT_INFEED_GAP] == 1);
    assert_true(sum[2].wh == MT_WH_NONE && sum[2].assets_of[MT_INFEED_GAP] == 2);
    case_close(&d);
}

/* Energy that was metered is neither lost nor made on days of 92, 96 and 100 quarters. */
static void infeed__conserves_energy_on_days_of_a_clock_change(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        size_t n;
    } days[] = {{"2025-03-30", 92}, {"2025-06-08", 96}, {"2025-10-26", 100}};
    for (size_t k = 0; k < 3; k++) {
        case_desk d;
        mt_micro kw[100];
        int64_t given = 0, found = 0;
        for (size_t q = 0; q < 100; q++) kw[q] = KW(4.0 * (double)(q + 1));
        for (size_t q = 0; q < days[k].n; q++) given += mt_wh_of_kw(kw[q]);
        open_with(&d, days[k].day);
        case_meter(&d, "MP-A", kw, 100); /* more than a day has */
        const mt_desk *desk = case_finish(&d);
        assert_int_equal(desk->grid.n, days[k].n);
        const mt_infeed_quarter *in = infeed(&d, desk, 0);
        for (size_t q = 0; q < desk->grid.n; q++) found += in[q].wh;
        assert_int_equal(found, given);
        assert_true((case_finding(desk, MT_F_CLOCK_CHANGE, NULL, NULL) != NULL) == (days[k].n != 96));
        case_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(infeed__takes_the_first_that_is_there),
        cmocka_unit_test(infeed__passes_over_live_values_of_too_few_points),
        cmocka_unit_test(infeed__limits_a_forecast_by_capacity_and_setpoint),
        cmocka_unit_test(infeed__leaves_measured_values_unlimited),
        cmocka_unit_test(infeed__keeps_negative_values),
        cmocka_unit_test(infeed__tells_models_from_forecasts),
        cmocka_unit_test(infeed__portfolio_sums_by_source),
        cmocka_unit_test(infeed__conserves_energy_on_days_of_a_clock_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
