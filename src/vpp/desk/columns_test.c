/* Several files for one thing, wrong times, values that nobody owns; and the columns that come of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/testing.h"

static void open_with(case_desk *d, const char *day, int days, const char *asset_id)
{
    case_open(d, day, days);
    mt_contract c = case_contract(d, asset_id, MT_WIND, 6600000);
    case_contracts(d, &c, 1);
}

/* A metering file with a moment, a day in its name, and one value a quarter from … to - 1. */
static void meter_file(case_desk *d, const char *name, int minutes, mt_day day, int from, int to, mt_micro kw)
{
    int file = case_origin(d, name, minutes < 0 ? MT_TIME_NONE : d->start + minutes * MT_US_MINUTE, day);
    for (int q = from; q < to; q++) {
        const mt_meter_value v = {case_quarter(d, q), kw};
        case_ok(d, d->taker->meter(&d->cx, d->taker->arg, file, "MP-A", &v, 1));
    }
}

static void files__lets_the_newer_of_two_count_as_a_whole(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    mt_day day = d.options.first;
    meter_file(&d, "new", 20, day, 10, 20, KW(2));
    meter_file(&d, "old", 10, day, 0, 96, KW(1));
    const mt_desk *desk = case_finish(&d);
    const int64_t *wh = desk->asset[0].meter_wh;
    assert_int_equal(wh[10], 500);
    assert_true(wh[9] == MT_WH_NONE && wh[20] == MT_WH_NONE); /* nothing is mixed */
    const mt_finding *f = case_finding(desk, MT_F_TWO_FILES, "MP-A", "old");
    assert_non_null(f);
    assert_non_null(strstr(f->sentence, "new"));
    case_close(&d);
}

static void files__that_come_late_count_and_are_told(void **state)
{
    (void)state;
    enum { DAY_MIN = 24 * 60 };
    for (int late = 0; late < 2; late++) {
        case_desk d;
        open_with(&d, "2025-06-08", 1, "A");
        /* counted from 22:00 UTC of the day before, a week after the day is 8 days and 2 h on */
        meter_file(&d, "meter", 8 * DAY_MIN + 120 - !late, d.options.first, 0, 1, KW(2));
        const mt_desk *desk = case_finish(&d);
        assert_int_equal(desk->asset[0].meter_wh[0], 500);
        const mt_finding *f = case_finding(desk, MT_F_LATE_FILE, "MP-A", "meter");
        assert_int_equal(f != NULL, late);
        if (f) assert_non_null(strstr(f->sentence, "7 days after its day"));
        case_close(&d);
    }
}

static void files__goes_by_name_where_moments_are_equal(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    meter_file(&d, "b", -1, d.options.first, 0, 1, KW(2));
    meter_file(&d, "a", -1, d.options.first, 0, 1, KW(1));
    assert_int_equal(case_finish(&d)->asset[0].meter_wh[0], 500);
    case_close(&d);
}

static void files__of_other_days_stand_side_by_side(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    meter_file(&d, "b", -1, d.options.first + 1, 88, 96, KW(2)); /* a file of the UTC day after */
    meter_file(&d, "a", -1, d.options.first, 0, 90, KW(1));
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].meter_wh[87], 250);
    assert_int_equal(desk->asset[0].meter_wh[88], 500); /* the newer file's value */
    assert_int_equal(desk->asset[0].meter_wh[95], 500);
    assert_null(case_finding(desk, MT_F_TWO_FILES, NULL, NULL));
    case_close(&d);
}

static void columns__take_the_last_of_values_with_one_time(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    const mt_meter_value v[] = {
        {case_quarter(&d, 5), KW(1)}, {case_quarter(&d, 4), KW(4)}, {case_quarter(&d, 5), KW(3)}};
    case_ok(&d, d.taker->meter(&d.cx, d.taker->arg, case_file(&d, "meter"), "MP-A", v, 3));
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].meter_wh[5], 750);
    assert_int_equal(desk->asset[0].meter_wh[4], 1000);
    assert_int_equal(case_finding(desk, MT_F_DUPLICATE_TIME, "A", "meter")->count, 1);
    assert_int_equal(case_finding(desk, MT_F_DISORDER, "A", "meter")->count, 1);
    case_close(&d);
}

static void columns__leave_out_what_starts_inside_a_quarter(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    const mt_meter_value v = {case_quarter(&d, 5) + MT_US_MINUTE, KW(1)};
    const mt_price_value p[] = {{case_quarter(&d, 5) + 1, case_quarter(&d, 6), EUR(1)},
                                {case_quarter(&d, 8), case_quarter(&d, 12), EUR(-2.5)}};
    case_ok(&d, d.taker->meter(&d.cx, d.taker->arg, case_file(&d, "meter"), "MP-A", &v, 1));
    case_ok(&d, d.taker->price(&d.cx, d.taker->arg, case_file(&d, "price"), MT_PRICE_OF_DAY_AHEAD, p, 2));
    const mt_desk *desk = case_finish(&d);
    assert_true(desk->asset[0].meter_wh[5] == MT_WH_NONE);
    assert_true(mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, 5) == MT_MICRO_NONE);
    for (size_t q = 8; q < 12; q++) /* an hourly price is that of its four quarters */
        assert_int_equal(mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, q), EUR(-2.5));
    assert_non_null(case_finding(desk, MT_F_OFF_GRID, "A", "meter"));
    assert_non_null(case_finding(desk, MT_F_OFF_GRID, "day_ahead", "price"));
    case_close(&d);
}

static void columns__belong_to_the_metering_point_of_the_days_contract(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-07", 4);
    mt_contract c[2] = {case_contract(&d, "A", MT_WIND, 1000000), case_contract(&d, "A", MT_WIND, 1000000)};
    c[0].end = mt_day_of(2025, 6, 7);
    c[1].begin = c[1].end = mt_day_of(2025, 6, 9);
    c[1].metering_point_id = "MP-NEW";
    case_contracts(&d, c, 2);
    case_meter(&d, "MP-A", case_flat(&d, KW(1), 384), 384);
    case_meter(&d, "MP-NEW", case_flat(&d, KW(2), 384), 384);
    const int64_t *wh = case_finish(&d)->asset[0].meter_wh;
    assert_int_equal(wh[0], 250);
    assert_int_equal(wh[96], 250);  /* the nearest: equally near, the earlier */
    assert_int_equal(wh[192], 500); /* valid */
    assert_int_equal(wh[288], 500); /* the nearest */
    case_close(&d);
}

static void columns__leave_out_what_nobody_names(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    case_meter(&d, "MP-X", case_flat(&d, KW(1), 96), 96);
    case_forecast(&d, "Y", MT_TIME_NONE, case_flat(&d, KW(1), 96), 96);
    case_live(&d, "Z", case_flat(&d, KW(1), 4), 4);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->n_asset, 1);
    assert_int_equal(case_finding(desk, MT_F_UNKNOWN_ASSET, "MP-X", NULL)->count, 96);
    assert_int_equal(case_finding(desk, MT_F_UNKNOWN_ASSET, "Y", NULL)->count, 96);
    assert_int_equal(case_finding(desk, MT_F_UNKNOWN_ASSET, "Z", NULL)->count, 60);
    case_close(&d);
}

static void columns__tell_of_values_that_cannot_be(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_plant p = case_plant("A", MT_SOLAR, 1000000);
    mt_contract c = case_contract(&d, "A", MT_SOLAR, 1000000);
    case_plants(&d, &p, 1);
    case_contracts(&d, &c, 1);
    const mt_meter_value v[] = {{case_quarter(&d, 4), KW(-0.1)},    /* 1 in the morning */
                                {case_quarter(&d, 48), KW(-0.2)},   /* noon */
                                {case_quarter(&d, 49), KW(1000.1)}, /* stands */
                                {case_quarter(&d, 50), KW(1000)}};
    case_ok(&d, d.taker->meter(&d.cx, d.taker->arg, case_file(&d, "meter"), "MP-A", v, 4));
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->asset[0].meter_wh[4], -25);
    assert_int_equal(desk->asset[0].meter_wh[49], 250025);
    assert_int_equal(case_finding(desk, MT_F_NIGHT, "A", "meter")->count, 1);
    assert_int_equal(case_finding(desk, MT_F_NEGATIVE, "A", "meter")->count, 1);
    assert_true(case_finding(desk, MT_F_NEGATIVE, "A", "meter")->value == -0.2);
    assert_int_equal(case_finding(desk, MT_F_ABOVE_CAPACITY, "A", "meter")->count, 1);
    case_close(&d);
}

static void columns__take_the_newer_of_two_flags(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    case_redispatch(&d, "MP-A", 40, 44, GAP);
    const mt_redispatch_value off = {case_quarter(&d, 43), case_quarter(&d, 44), false, GAP};
    case_ok(&d, d.taker->redispatch(&d.cx, d.taker->arg, case_file(&d, "redispatch_flag"), "MP-A", &off, 1));
    case_redispatch(&d, "MP-A", 42, 43, KW(500));
    const mt_desk *desk = case_finish(&d);
    const mt_desk_asset *a = &desk->asset[0];
    assert_true(a->redispatched[40] == 1 && a->redispatched[42] == 1 && a->redispatched[43] == 0);
    assert_true(a->redispatched[39] == 0 && a->redispatched[44] == 0);
    assert_true(a->setpoint_kw[40] == GAP && a->setpoint_kw[42] == KW(500));
    assert_int_equal(case_finding(desk, MT_F_REDISPATCH, "A", "redispatch_flag_000002")->count, 1);
    assert_int_equal(case_finding(desk, MT_F_REDISPATCH, "A", "redispatch_flag_000003")->count, 1);
    case_close(&d);
}

static void columns__hold_schedules_outages_and_weather(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    case_schedule(&d, "A", case_flat(&d, KW(3), 4), 4);
    case_outage(&d, "A", 2, 4, KW(100));
    const mt_outage_value half = {case_quarter(&d, 8) + 450 * MT_US_SECOND, case_quarter(&d, 9), KW(100)};
    case_ok(&d, d.taker->outage(&d.cx, d.taker->arg, case_file(&d, "outage"), "A", &half, 1));
    case_weather(&d, "A", 0, 4, 500, NAN);
    case_weather(&d, "A", 3, 8, 600, NAN);
    const mt_desk_asset *a = &case_finish(&d)->asset[0];
    assert_true(a->sold_wh[3] == 750 && a->sold_wh[4] == MT_WH_NONE);
    assert_true(a->outage_kw[2] == KW(100) && a->outage_kw[4] == MT_MICRO_NONE && a->outage_kw[8] == KW(50));
    assert_true(a->weather[2].irradiance_w_m2 == 500 && a->weather[3].irradiance_w_m2 == 600);
    assert_true(isnan(a->weather[8].irradiance_w_m2) && a->weather[8].start == case_quarter(&d, 8));
    assert_null(a->meter_wh);
    assert_null(a->live);
    assert_null(a->redispatched);
    case_close(&d);
}

static void columns__leave_untold_prices_missing(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    const mt_micro price[] = {EUR(50), GAP, EUR(-10)};
    case_price(&d, MT_PRICE_OF_SHORT, price, 3);
    case_price(&d, MT_PRICE_OF_LONG, price, 3);
    case_price(&d, MT_PRICE_OF_ESTIMATE, case_flat(&d, EUR(60), 2), 2);
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(mt_desk_price_at(desk, MT_PRICE_OF_SHORT, 2), EUR(-10));
    assert_true(mt_desk_price_at(desk, MT_PRICE_OF_SHORT, 1) == MT_MICRO_NONE);
    assert_int_equal(desk->price[MT_PRICE_OF_SHORT].origin[1], -1);
    assert_null(desk->price[MT_PRICE_OF_INDEX].price);
    assert_true(mt_desk_price_at(desk, MT_PRICE_OF_INDEX, 0) == MT_MICRO_NONE);
    assert_int_equal(case_finding(desk, MT_F_ESTIMATE, "imbalance price", NULL)->count, 1);
    assert_int_equal(case_finding(desk, MT_F_NO_PRICE, "imbalance price", NULL)->count, 93);
    case_close(&d);
}

static void columns__hold_the_newest_market_value(void **state)
{
    (void)state;
    case_desk d;
    open_with(&d, "2025-06-08", 1, "A");
    case_market_value(&d, 2025, 6, MT_SOLAR, EUR(5));
    case_market_value(&d, 2025, 0, MT_SOLAR, EUR(6));
    case_market_value(&d, 2025, 6, MT_SOLAR, EUR(4.5));
    const mt_desk *desk = case_finish(&d);
    assert_int_equal(desk->n_market_value, 2);
    assert_true(desk->market_value[0].month == 0 && desk->market_value[1].value_ct_kwh == EUR(4.5));
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files__lets_the_newer_of_two_count_as_a_whole),
        cmocka_unit_test(files__that_come_late_count_and_are_told),
        cmocka_unit_test(files__goes_by_name_where_moments_are_equal),
        cmocka_unit_test(files__of_other_days_stand_side_by_side),
        cmocka_unit_test(columns__take_the_last_of_values_with_one_time),
        cmocka_unit_test(columns__leave_out_what_starts_inside_a_quarter),
        cmocka_unit_test(columns__belong_to_the_metering_point_of_the_days_contract),
        cmocka_unit_test(columns__leave_out_what_nobody_names),
        cmocka_unit_test(columns__tell_of_values_that_cannot_be),
        cmocka_unit_test(columns__take_the_newer_of_two_flags),
        cmocka_unit_test(columns__hold_schedules_outages_and_weather),
        cmocka_unit_test(columns__leave_untold_prices_missing),
        cmocka_unit_test(columns__hold_the_newest_market_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
