/* Which version counts, and how far forecasts were off. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/forecast.h"
#include "vpp/testing.h"

static void open_with(case_desk *d, const char *day, int days)
{
    case_open(d, day, days);
    mt_contract c[] = {case_contract(d, "A", MT_WIND, 6600000), case_contract(d, "B", MT_WIND, 0)};
    case_contracts(d, c, 2);
}

static const mt_forecast_quarter *choose(case_desk *d, const mt_desk *desk, mt_forecast_choice choice,
                                         mt_time as_of)
{
    const mt_forecast_quarter *out = NULL;
    case_ok(d, mt_forecast_choose(&d->cx, &out, desk, &desk->asset[0], choice, as_of));
    return out;
}

/* Versions at quarters 0, 1, 2 and 4 of the day, of 1, 2, 3 and 5 kW. */
static const mt_desk *four_versions(case_desk *d)
{
    static const int version[] = {4, 0, 2, 1};
    open_with(d, "2025-06-08", 1);
    for (int k = 0; k < 4; k++)
        case_forecast(d, "A", case_quarter(d, version[k]), case_flat(d, KW(version[k] + 1), 96), 96);
    return case_finish(d);
}

static void forecast__latest_is_not_later_than_the_delivery(void **state)
{
    (void)state;
    case_desk d;
    const mt_forecast_quarter *q = choose(&d, four_versions(&d), MT_FORECAST_LATEST, MT_TIME_NONE);
    assert_true(q[0].wh == 250 && q[0].version == case_quarter(&d, 0));
    assert_true(q[1].wh == 500 && q[2].wh == 750 && q[3].wh == 750 && q[4].wh == 1250 && q[95].wh == 1250);
    assert_int_equal(q[0].assets, 1);
    case_close(&d);
}

static void forecast__tradeable_is_a_quarter_earlier(void **state)
{
    (void)state;
    case_desk d;
    const mt_forecast_quarter *q = choose(&d, four_versions(&d), MT_FORECAST_TRADEABLE, MT_TIME_NONE);
    assert_true(q[0].wh == MT_WH_NONE && q[0].version == MT_TIME_NONE && q[0].origin == -1 &&
                q[0].assets == 0);
    assert_true(q[1].wh == 250 && q[2].wh == 500 && q[3].wh == 750 && q[4].wh == 750 && q[5].wh == 1250);
    case_close(&d);
}

static void forecast__tradeable_is_so_to_the_second(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    case_forecast(&d, "A", case_quarter(&d, 4), case_flat(&d, KW(1), 96), 96);
    case_forecast(&d, "A", case_quarter(&d, 4) + MT_US_SECOND, case_flat(&d, KW(2), 96), 96);
    const mt_forecast_quarter *q = choose(&d, case_finish(&d), MT_FORECAST_TRADEABLE, MT_TIME_NONE);
    assert_true(q[4].wh == MT_WH_NONE && q[5].wh == 250 && q[6].wh == 500);
    case_close(&d);
}

static void forecast__as_of_knows_nothing_later(void **state)
{
    (void)state;
    case_desk d;
    const mt_forecast_quarter *q = NULL;
    const mt_desk *desk = four_versions(&d);
    for (int k = 0; k < 96; k += 95)
        assert_int_equal(choose(&d, desk, MT_FORECAST_AS_OF, case_quarter(&d, 3))[k].wh, 750);
    assert_true(choose(&d, desk, MT_FORECAST_AS_OF, d.start - 1)[95].wh == MT_WH_NONE);
    assert_int_equal(mt_forecast_choose(&d.cx, &q, desk, &desk->asset[0], MT_FORECAST_AS_OF, MT_TIME_NONE),
                     MT_E_INPUT);
    assert_non_null(strstr(d.cx.err, "moment"));
    case_close(&d);
}

static void forecast__passes_over_versions_without_the_quarter(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    const mt_micro hole[] = {KW(2), GAP, KW(2)};
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1), 8), 8);
    case_forecast(&d, "A", d.start - MT_US_HOUR, hole, 3);
    const mt_forecast_quarter *q = choose(&d, case_finish(&d), MT_FORECAST_LATEST, MT_TIME_NONE);
    assert_true(q[0].wh == 500 && q[1].wh == 250 && q[2].wh == 500 && q[3].wh == 250);
    case_close(&d);
}

static void forecast__value_counts_for_every_quarter_of_its_period(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    const mt_forecast_value v[] = {{case_quarter(&d, -2), case_quarter(&d, 2), KW(1)},
                                   {case_quarter(&d, 2), case_quarter(&d, 6) - 1000, KW(2)},
                                   {case_quarter(&d, 6), MT_TIME_NONE, KW(3)}};
    case_ok(&d, d.taker->forecast(&d.cx, d.taker->arg, case_file(&d, "f"), "A", d.start - MT_US_DAY, v, 3));
    const mt_forecast_quarter *q = choose(&d, case_finish(&d), MT_FORECAST_LATEST, MT_TIME_NONE);
    assert_true(q[0].wh == 250 && q[1].wh == 250 && q[2].wh == 500 && q[5].wh == 500 && q[6].wh == 750);
    case_close(&d);
}

static void forecast__two_files_of_one_version_are_not_mixed(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    case_forecast(&d, "A", d.start - MT_US_DAY, case_flat(&d, KW(1), 96), 96);
    case_forecast(&d, "A", d.start - MT_US_DAY, case_flat(&d, KW(2), 48), 48);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].n_forecast, 1);
    assert_true(choose(&d, desk, MT_FORECAST_LATEST, MT_TIME_NONE)[48].wh == MT_WH_NONE);
    assert_non_null(case_finding(desk, MT_F_TWO_FILES, "A", "forecast_000001"));
    case_close(&d);
}

static void forecast__tells_of_missing_and_old_versions(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    case_forecast(&d, "A", d.start, case_flat(&d, KW(1), 8), 8);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(case_finding(desk, MT_F_NO_FORECAST, "A", NULL)->count, 88);
    assert_int_equal(case_finding(desk, MT_F_OLD_FORECAST, "A", NULL)->count, 3); /* an hour is not older */
    case_close(&d);
}

/* The versions that a moment knows are the same whether or not later files are there. */
static void forecast__truncating_the_future_changes_nothing_as_of_a_moment(void **state)
{
    (void)state;
    mt_forecast_quarter before[192];
    for (int truncated = 0; truncated < 2; truncated++) {
        case_desk d;
        case_prepare(&d, "2025-06-08", 2);
        mt_time moment = d.start + 11 * MT_US_HOUR + 7 * MT_US_MINUTE;
        if (truncated) d.options.as_of = moment;
        case_begin(&d);
        mt_contract c = case_contract(&d, "A", MT_WIND, 6600000);
        case_contracts(&d, &c, 1);
        unsigned seed = 3;
        for (int k = 0; k < 120; k++) {
            seed = seed * 1103515245 + 12345;
            int version = (int)(seed >> 8) % 192;
            if (truncated && case_quarter(&d, version) > moment) continue;
            case_forecast(&d, "A", case_quarter(&d, version), case_flat(&d, KW(k + 1), 192),
                          (seed >> 16) % 192);
        }
        const mt_forecast_quarter *q = choose(&d, case_finish(&d), MT_FORECAST_AS_OF, moment);
        for (int k = 0; k < 192 && !truncated; k++) before[k] = q[k];
        for (int k = 0; k < 192; k++)
            assert_true(q[k].wh == before[k].wh && q[k].version == before[k].version);
        case_close(&d);
    }
}

static void forecast__portfolio_sums_those_that_have_a_value(void **state)
{
    (void)state;
    case_desk d;
    const mt_forecast_quarter *q = NULL;
    open_with(&d, "2025-06-08", 1);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1), 8), 8);
    case_forecast(&d, "B", d.start - MT_US_HOUR, case_flat(&d, KW(10), 4), 4);
    const mt_desk *desk = case_finish(&d);
    case_ok(&d, mt_forecast_portfolio(&d.cx, &q, desk, MT_FORECAST_LATEST, MT_TIME_NONE));
    assert_true(q[0].wh == 2750 && q[0].assets == 2 && q[0].version == d.start - MT_US_HOUR);
    assert_true(q[4].wh == 250 && q[4].assets == 1);
    assert_true(q[8].wh == MT_WH_NONE && q[8].assets == 0);
    case_close(&d);
}

static void forecast__errors_are_told_by_lead_time(void **state)
{
    (void)state;
    case_desk d;
    const mt_forecast_error *e = NULL;
    size_t n = 0;
    open_with(&d, "2025-06-08", 1);
    case_meter(&d, "MP-A", case_flat(&d, KW(1000), 8), 8);
    case_forecast(&d, "A", d.start - MT_US_HOUR, case_flat(&d, KW(1100), 4), 4);
    case_forecast(&d, "A", d.start, case_flat(&d, KW(970), 8), 8);
    case_forecast(&d, "A", case_quarter(&d, 6), case_flat(&d, KW(0), 8),
                  8); /* 0 to 30 minutes before 6 and 7 */
    const mt_desk *desk = case_finish(&d);
    case_ok(&d, mt_forecast_errors(&d.cx, &e, &n, desk, &desk->asset[0], MT_US_HOUR));
    assert_int_equal(n, 2);
    assert_true(e[0].lead == 0 && e[0].n == 6 && e[1].lead == MT_US_HOUR && e[1].n == 8);
    assert_true(fabs(e[0].mae_kw - (4 * 30 + 2 * 1000) / 6.0) < 1e-9);
    assert_true(fabs(e[0].bias_kw + (4 * 30 + 2 * 1000) / 6.0) < 1e-9);
    assert_true(fabs(e[1].mae_kw - 65) < 1e-9 && fabs(e[1].bias_kw - 35) < 1e-9);
    assert_true(fabs(e[1].rmse_kw - sqrt((4 * 100.0 * 100 + 4 * 30 * 30) / 8)) < 1e-9);
    assert_true(fabs(e[1].nmae - 65 / 6600.0) < 1e-12);
    case_ok(&d, mt_forecast_errors(&d.cx, &e, &n, desk, &desk->asset[1], MT_US_HOUR));
    assert_int_equal(n, 0);
    assert_int_equal(mt_forecast_errors(&d.cx, &e, &n, desk, &desk->asset[0], 0), MT_E_INPUT);
    case_close(&d);
}

static void forecast__without_any_is_made_from_history(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 2);
    mt_meter_value v[3 * 96];
    int file = case_file(&d, "meter");
    for (int k = 0; k < 3 * 96; k++)
        v[k] = (mt_meter_value){case_quarter(&d, k - 2 * 96), KW(k < 96 ? 100 : k < 192 ? 200 : 600)};
    case_ok(&d, d.taker->meter(&d.cx, d.taker->arg, file, "MP-A", v, 3 * 96));
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].n_forecast, 2);
    const mt_forecast_quarter *q = choose(&d, desk, MT_FORECAST_LATEST, MT_TIME_NONE);
    assert_true(q[0].modelled && q[0].wh == 37500 && q[0].origin == -1 &&
                q[0].version == d.start - MT_QUARTER);
    assert_int_equal(q[96].wh, 75000);  /* three days */
    assert_int_equal(q[191].wh, 37500); /* the last quarter of the day before was not over */
    assert_non_null(case_finding(desk, MT_F_MODEL_FORECAST, "A", NULL));
    assert_null(case_finding(desk, MT_F_MODEL_FORECAST, "B", NULL)); /* nothing to make one from */
    case_close(&d);
}

static void forecast__delivered_ones_keep_models_away(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1);
    case_weather(&d, "A", 0, 96, NAN, 12);
    case_weather(&d, "B", 0, 96, NAN, 12);
    case_forecast(&d, "A", MT_TIME_NONE, case_flat(&d, KW(1), 1), 1);
    const mt_desk *desk = case_finish(&d);
    assert_true(desk->asset[0].n_forecast == 1 && !desk->asset[0].forecast[0].modelled);
    assert_int_equal(desk->asset[1].n_forecast, 0); /* of unknown capacity */
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forecast__latest_is_not_later_than_the_delivery),
        cmocka_unit_test(forecast__tradeable_is_a_quarter_earlier),
        cmocka_unit_test(forecast__tradeable_is_so_to_the_second),
        cmocka_unit_test(forecast__as_of_knows_nothing_later),
        cmocka_unit_test(forecast__passes_over_versions_without_the_quarter),
        cmocka_unit_test(forecast__value_counts_for_every_quarter_of_its_period),
        cmocka_unit_test(forecast__two_files_of_one_version_are_not_mixed),
        cmocka_unit_test(forecast__tells_of_missing_and_old_versions),
        cmocka_unit_test(forecast__truncating_the_future_changes_nothing_as_of_a_moment),
        cmocka_unit_test(forecast__portfolio_sums_those_that_have_a_value),
        cmocka_unit_test(forecast__errors_are_told_by_lead_time),
        cmocka_unit_test(forecast__without_any_is_made_from_history),
        cmocka_unit_test(forecast__delivered_ones_keep_models_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
