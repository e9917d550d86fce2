/* Tests of the small tables of a portfolio: flags, prices, market values, schedules, outages, weather. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"

#define FLAGS "distribution_system_operator/redispatch_flag_MP-WND-003_20250609_1201.csv"

static void redispatch__reads_flags_and_setpoints(void **state)
{
    (void)state;
    case_read(FLAGS, MT_VPP_HEADER_REDISPATCH "\n2025-06-08T10:15:00Z,2025-06-08T10:30:00Z,1\n"
                                              "2025-06-08T10:30:00Z,2025-06-08T10:45:00Z,0\n");
    assert_int_equal(got.n_redispatch, 2);
    assert_string_equal(got.subject[0], "MP-WND-003");
    assert_int_equal(got.redispatch[0].start, case_at("2025-06-08T10:15:00Z"));
    assert_int_equal(got.redispatch[0].end, case_at("2025-06-08T10:30:00Z"));
    assert_true(got.redispatch[0].redispatched);
    assert_false(got.redispatch[1].redispatched);
    assert_int_equal(got.redispatch[0].setpoint_kw, MT_MICRO_NONE);
    case_read(FLAGS, MT_VPP_HEADER_REDISPATCH
              "," MT_VPP_COL_SETPOINT "\n"
              "2025-06-08T10:15:00Z,,1,1500.5\n2025-06-08T10:30:00Z,2025-06-08T10:45:00Z,1,\n");
    assert_int_equal(got.redispatch[0].end, case_at("2025-06-08T10:30:00Z"));
    assert_int_equal(got.redispatch[0].setpoint_kw, 1500500000);
    assert_int_equal(got.redispatch[1].setpoint_kw, MT_MICRO_NONE);
}

static void redispatch__bad_rows_are_told(void **state)
{
    (void)state;
    case_read(FLAGS, MT_VPP_HEADER_REDISPATCH "\n2025-06-08T10:15:00,2025-06-08T10:30:00Z,1\n"
                                              "2025-06-08T10:15:00Z,2025-06-08T10:15:00Z,1\n"
                                              "2025-06-08T10:15:00Z,2025-06-08T10:30:00Z,2\n"
                                              "2025-06-08T10:15:00Z,2025-06-08T10:30:00Z,1\n");
    assert_int_equal(got.n_redispatch, 1);
    case_check_finding(MT_F_BAD_ROW, 3, "line ");
    assert_string_equal(got.finding[0].asset_id, "MP-WND-003");
    case_read("redispatch_flag_20250609_1201.csv", MT_VPP_HEADER_REDISPATCH "\n");
    case_check_finding(MT_F_BAD_FILE, 1, "names no metering point");
}

static void prices__reads_each_kind_and_leaves_missing_out(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        mt_vpp_price kind;
    } files[] = {
        {"distribution_system_operator/redispatch_compensation_2025-06-20.csv", MT_PRICE_OF_COMPENSATION},
        {"exchange/day_ahead_price_20250608.csv", MT_PRICE_OF_DAY_AHEAD},
        {"exchange/intraday_index_20250608.csv", MT_PRICE_OF_INDEX}};
    for (size_t k = 0; k < 3; k++) {
        case_read(files[k].name, MT_VPP_HEADER_PRICES
                  "\n2025-06-07 00:00:00.000000 UTC,2025-06-07 00:15:00.000000 UTC,-138.86\n"
                  "2025-06-07 00:15:00.000000 UTC,2025-06-07 00:30:00.000000 UTC,\n"
                  "2025-06-07 00:30:00.000000 UTC,2025-06-07 01:30:00.000000 UTC,679.0\n"
                  "2025-06-07 01:30:00.000000 UTC,2025-06-07 01:30:00.000000 UTC,1\n");
        assert_int_equal(got.n_price[files[k].kind], 2);
        assert_int_equal(got.price[files[k].kind][0].price, -138860000);
        assert_int_equal(got.price[files[k].kind][1].start, case_at("2025-06-07T00:30:00Z"));
        assert_int_equal(got.price[files[k].kind][1].end, case_at("2025-06-07T01:30:00Z"));
        case_check_finding(MT_F_BAD_ROW, 1, "line 5: the period does not end after its start");
        assert_int_equal(got.finding[0].line, 5);
    }
}

static void prices__only_those_asked_for_are_given(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.from = case_at("2025-06-08T00:00:00Z");
    options.until = case_at("2025-06-08T00:30:00Z");
    assert_int_equal(
        case_read_bytes("exchange/day_ahead_price_20250608.csv",
                        mt_text_of(MT_VPP_HEADER_PRICES "\n2025-06-07T23:45:00Z,2025-06-08T00:00:00Z,1\n"
                                                        "2025-06-07T23:45:00Z,2025-06-08T00:15:00Z,2\n"
                                                        "2025-06-08T00:15:00Z,2025-06-08T00:30:00Z,3\n"
                                                        "2025-06-08T00:30:00Z,2025-06-08T00:45:00Z,4\n"),
                        &options),
        MT_OK);
    assert_int_equal(got.n_price[MT_PRICE_OF_DAY_AHEAD], 2);
    assert_int_equal(got.price[MT_PRICE_OF_DAY_AHEAD][0].price, 2000000);
    assert_int_equal(got.price[MT_PRICE_OF_DAY_AHEAD][1].price, 3000000);
}

static void market_values__are_of_a_month_or_a_year(void **state)
{
    (void)state;
    case_read("market/market_values_2025.csv", MT_VPP_HEADER_MARKET_VALUES
              "\n2025-06,solar,1.843\n2025,wind,7.12\n2025-13,wind,7\n25,wind,7\n2025-07,solar,\n"
              "2025-08,offshore,8\n");
    assert_int_equal(got.n_value, 3);
    assert_int_equal(got.value[0].year, 2025);
    assert_int_equal(got.value[0].month, 6);
    assert_int_equal(got.value[0].value_ct_kwh, 1843000);
    assert_int_equal(got.value[1].month, 0);
    assert_int_equal(got.value[2].technology, MT_WIND_OFFSHORE);
    case_check_finding(MT_F_BAD_ROW, 2, "line 4: period");
}

static void schedule__is_power_of_an_asset(void **state)
{
    (void)state;
    case_read("schedule/schedule_WND-DE-001_20250608.csv", MT_VPP_HEADER_SCHEDULE
              "\n2025-06-08 00:00:00.000000 UTC,1500.5\n2025-06-08 00:15:00.000000 UTC,\n");
    assert_int_equal(got.n_schedule, 1);
    assert_string_equal(got.subject[0], "WND-DE-001");
    assert_int_equal(got.schedule[0].power_kw, 1500500000);
    assert_int_equal(got.schedule[0].end - got.schedule[0].start, 15 * MT_US_MINUTE);
    case_read("schedule/schedule_WND-DE-001_20250608.csv", "delivery_start__utc_,power__mw_\n2025-06-08,1\n"
                                                           "2025-06-08 00:00,1.5\n");
    assert_int_equal(got.schedule[0].power_kw, 1500000000);
    case_check_finding(MT_F_BAD_ROW, 1, "line 2");
}

static void outage__has_a_beginning_and_an_end(void **state)
{
    (void)state;
    case_read("outage/outage_WND-DE-001_20250601.csv",
              MT_VPP_HEADER_OUTAGE "\n2025-06-08 06:00:00 UTC,2025-06-08 18:00:00 UTC,4000\n"
                                   "2025-06-08 06:00:00 UTC,,4000\n");
    assert_int_equal(got.n_outage, 1);
    assert_int_equal(got.outage[0].end - got.outage[0].start, 12 * MT_US_HOUR);
    assert_int_equal(got.outage[0].power_kw, 4000000000);
    case_check_finding(MT_F_BAD_ROW, 1, "outage_end__utc_ is empty");
}

static void weather__missing_values_are_nan(void **state)
{
    (void)state;
    case_read("weather/weather_SOL-DE-001_20250608_043000.csv",
              MT_VPP_HEADER_WEATHER "\n2025-06-08 10:00 UTC,2025-06-08 10:15 UTC,812.5,3.25,10,21.5,0.1\n"
                                    "2025-06-08 10:15 UTC,2025-06-08 10:30 UTC,,,,-1,\n");
    assert_int_equal(got.n_weather, 2);
    assert_string_equal(got.subject[0], "SOL-DE-001");
    assert_true(got.weather[0].irradiance_w_m2 == 812.5);
    assert_true(got.weather[0].wind_height_m == 10);
    assert_true(got.weather[0].cloud_share == 0.1);
    assert_true(isnan(got.weather[1].irradiance_w_m2));
    assert_true(got.weather[1].temperature_c == -1);
    assert_int_equal(got.n_finding, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(redispatch__reads_flags_and_setpoints),
        IN_CONTEXT(redispatch__bad_rows_are_told),
        IN_CONTEXT(prices__reads_each_kind_and_leaves_missing_out),
        IN_CONTEXT(prices__only_those_asked_for_are_given),
        IN_CONTEXT(market_values__are_of_a_month_or_a_year),
        IN_CONTEXT(schedule__is_power_of_an_asset),
        IN_CONTEXT(outage__has_a_beginning_and_an_end),
        IN_CONTEXT(weather__missing_values_are_nan),
    };
    return cmocka_run_group_tests_name("vpp tables", test, NULL, NULL);
}
