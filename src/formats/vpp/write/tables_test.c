/* What writers of tables and documents must keep: the layout of the files, byte for byte, and their numbers.
 * Golden texts: the rows that formats of route-to-market desks are described with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "formats/vpp/write/documents.h"
#include "formats/vpp/write/put.h"
#include "formats/vpp/write/tables.h"
#include "io/json.h"

#include <math.h>

static mt_out *out; /* of the test that runs */

static int open_out(void **state)
{
    ctx_case_open(state);
    return mt_out_memory(&ctx_case, &out);
}

static int close_out(void **state)
{
    mt_out_close(out);
    return ctx_case_close(state);
}

static void expect_text(const char *text)
{
    mt_text bytes = mt_out_bytes(out);
    assert_int_equal(bytes.length, strlen(text));
    assert_memory_equal(bytes.at, text, bytes.length);
}

static void put__decimals_are_shortest_and_exact(void **state)
{
    static const struct {
        mt_micro value;
        int places;
        const char *text;
    } known[] = {{0, 0, "0"},
                 {0, 1, "0.0"},
                 {62030000, 1, "62.03"},
                 {-500000, 1, "-0.5"},
                 {1, 1, "0.000001"},
                 {1490000, 3, "1.490"},
                 {4000000, 1, "4.0"},
                 {-12345678, 0, "-12.345678"},
                 {INT64_MAX, 1, "9223372036854.775807"},
                 {MT_MICRO_NONE, 1, ""}};
    (void)state;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        char text[40];
        *mt_put_micro(text, known[k].value, known[k].places) = 0;
        assert_string_equal(text, known[k].text);
    }
}

static void put__whole_numbers_reach_both_ends(void **state)
{
    char text[40];
    (void)state;
    *mt_put_int(text, INT64_MIN) = 0;
    assert_string_equal(text, "-9223372036854775808");
    *mt_put_int(text, 0) = 0;
    assert_string_equal(text, "0");
    *mt_put_moment(text, case_at("1999-12-31T23:59:59Z"), ' ') = 0;
    assert_string_equal(text, "1999-12-31 23:59:59");
}

static void tables__a_meter_stands_under_its_point_and_unit(void **state)
{
    mt_meter_value value[] = {{case_at("2025-06-08T00:00:00Z"), 0},
                              {case_at("2025-06-08T00:15:00Z"), 812437000}};
    assert_int_equal(mt_vpp_write_meter(*state, out, "MP-SOL-001", value, 2, false), MT_OK);
    expect_text("delivery_start__utc_,MP-SOL-001__kw_\n"
                "2025-06-08 00:00:00.000000 UTC,0.0\n"
                "2025-06-08 00:15:00.000000 UTC,812.437\n");
}

static void tables__a_contract_row_is_the_files_own(void **state)
{
    mt_contract contract = {.contract_id = "CON1_SOL-DE-002",
                            .asset_id = "SOL-DE-002",
                            .metering_point_id = "MP-SOL-002",
                            .capacity_w = 1490000,
                            .technology = MT_SOLAR,
                            .begin = mt_day_of(2025, 6, 1),
                            .end = mt_day_of(2028, 11, 1),
                            .price_model = MT_PRICE_MARKET,
                            .price = MT_MICRO_NONE,
                            .fee_model = MT_FEE_PERCENT,
                            .fee = MT_MICRO_NONE,
                            .fee_percent = 5000000,
                            .email = "owner@example.org"};
    assert_int_equal(mt_vpp_write_contracts(*state, out, &contract, 1, false), MT_OK);
    expect_text("contract_id,asset_id,metering_point_id,capacity(MW),technology,contract_begin,contract_end,"
                "price_model,price(EUR/MWh),fee_model,fee,fee_percent(%),email\n"
                "CON1_SOL-DE-002,SOL-DE-002,MP-SOL-002,1.490,solar,2025-06-01,2028-11-01,market,,"
                "percent_of_market,,5.0,owner@example.org\n");
}

static void tables__a_name_without_end_stays_inside_its_row(void **state)
{
    static char name[5000];
    memset(name, 'x', sizeof name - 1);
    mt_contract contract = {.contract_id = name,
                            .asset_id = name,
                            .metering_point_id = name,
                            .begin = MT_DAY_NONE,
                            .end = MT_DAY_NONE,
                            .email = name,
                            .owner_id = name};
    assert_int_equal(mt_vpp_write_contracts(*state, out, &contract, 1, true), MT_OK);
    assert_true(mt_out_bytes(out).length < 2500);
}

static void tables__setpoints_have_a_column_only_where_there_are_some(void **state)
{
    mt_redispatch_value value = {.start = case_at("2025-06-08T10:15:00Z"),
                                 .end = case_at("2025-06-08T10:30:00Z"),
                                 .redispatched = true,
                                 .setpoint_kw = MT_MICRO_NONE};
    assert_int_equal(mt_vpp_write_redispatch(*state, out, &value, 1), MT_OK);
    value.setpoint_kw = 268 * MT_MICRO_ONE;
    assert_int_equal(mt_vpp_write_redispatch(*state, out, &value, 1), MT_OK);
    expect_text("delivery_start,delivery_end,is_redispatched\n2025-06-08T10:15:00Z,2025-06-08T10:30:00Z,1\n"
                "delivery_start,delivery_end,is_redispatched,setpoint_kw\n"
                "2025-06-08T10:15:00Z,2025-06-08T10:30:00Z,1,268.0\n");
}

static void tables__imbalance_prices_are_german_and_wrap_at_midnight(void **state)
{
    mt_price_value value[] = {
        {case_at("2025-06-08T00:00:00Z"), case_at("2025-06-08T00:15:00Z"), 87110000},
        {case_at("2025-06-08T00:15:00Z"), case_at("2025-06-08T00:30:00Z"), MT_MICRO_NONE},
        {case_at("2025-06-08T23:45:00Z"), case_at("2025-06-09T00:00:00Z"), -1500000}};
    assert_int_equal(mt_vpp_write_rebap(*state, out, value, value, 3, NULL), MT_OK);
    expect_text("Datum;Zeitzone;von;bis;Datenkategorie;Datentyp;Einheit;reBAP unterdeckt;reBAP ueberdeckt\n"
                "08.06.2025;UTC;00:00;00:15;reBAP;Qualitätsgesichert;EUR/MWh;87,11;87,11\n"
                "08.06.2025;UTC;23:45;00:00;reBAP;Qualitätsgesichert;EUR/MWh;-1,50;-1,50\n");
}

static void tables__the_autumn_hour_stands_twice_on_the_local_clock(void **state)
{
    mt_price_value value[] = {{case_at("2025-10-26T00:45:00Z"), case_at("2025-10-26T01:00:00Z"), 1000000},
                              {case_at("2025-10-26T01:00:00Z"), case_at("2025-10-26T01:15:00Z"), 2000000}};
    const mt_zone *clock = case_zone(*state, "Europe/Berlin");
    assert_int_equal(mt_vpp_write_rebap(*state, out, value, value, 2, clock), MT_OK);
    expect_text("Datum;Zeitzone;von;bis;Datenkategorie;Datentyp;Einheit;reBAP unterdeckt;reBAP ueberdeckt\n"
                "26.10.2025;CET;02:45;02:00;reBAP;Qualitätsgesichert;EUR/MWh;1,00;1,00\n"
                "26.10.2025;CET;02:00;02:15;reBAP;Qualitätsgesichert;EUR/MWh;2,00;2,00\n");
}

static void tables__trades_stand_behind_a_comment(void **state)
{
    mt_trade trade = {.delivery_start = case_at("2025-06-08T00:00:00Z"),
                      .delivery_end = case_at("2025-06-08T00:15:00Z"),
                      .execution_time = case_at("2025-06-07T15:03:44.509Z"),
                      .price = 81290000,
                      .energy_wh = 25000,
                      .side = MT_SELL,
                      .id = "2042884497",
                      .trader = "TRD-1"};
    mt_vpp_trades_look look = {.kind = "Private", .day = mt_day_of(2025, 6, 8)};
    assert_int_equal(mt_vpp_write_trades_head(*state, out, &look), MT_OK);
    assert_int_equal(mt_vpp_write_trades(*state, out, &look, &trade, 1), MT_OK);
    look.traders = true;
    look.megawatts = 1;
    assert_int_equal(mt_vpp_write_trades(*state, out, &look, &trade, 1), MT_OK);
    expect_text("# Private Trades - 2025-06-08 - simulated;;;;;;;;\n"
                "TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit\n"
                "2042884497;SELL;2025-06-08 00:00:00+00:00;2025-06-08 00:15:00+00:00;"
                "2025-06-07 15:03:44.509000+00:00;81.29;EUR;0.025;MWH\n"
                "2042884497;SELL;2025-06-08 00:00:00+00:00;2025-06-08 00:15:00+00:00;"
                "2025-06-07 15:03:44.509000+00:00;81.29;EUR;0.1;MW;TRD-1;\n");
}

static const mt_json *read_out(mt_ctx *cx)
{
    const mt_json *tree = NULL;
    mt_text bytes = mt_out_bytes(out);
    if (mt_json_read(cx, &tree, "document", bytes.at, bytes.length) != MT_OK) fail_msg("%s", cx->err);
    return tree;
}

static void documents__live_points_stand_in_columns(void **state)
{
    mt_time time[] = {case_at("2025-06-07T22:00:00Z"), case_at("2025-06-07T22:01:00Z")};
    mt_micro power[] = {-400000, 6744500000};
    mt_live_points points = {2, time, power, NULL};
    mt_vpp_live_look look = {.asset_id = "SOL-DE-002", .entity_key = true};
    assert_int_equal(mt_vpp_write_live(*state, out, &look, &points), MT_OK);
    const mt_json *tree = read_out(*state), *values = mt_json_member(tree, "values");
    assert_true(mt_text_equal(mt_json_member(mt_json_member(tree, "key"), "entity_id")->text, "SOL-DE-002"));
    assert_int_equal(values->count, 3);
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 0), 0)->text, "1749333600000.0"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 1), 0)->text, "-0.4"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 1), 1)->text, "6744.5"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 2), 1)->text, "1.0"));
}

static void documents__a_long_column_is_whole(void **state)
{
    enum { POINTS = 5000 };
    mt_ctx *cx = *state;
    mt_time *time;
    mt_micro *power;
    assert_int_equal(MT_NEW(cx, &time, POINTS), MT_OK);
    assert_int_equal(MT_NEW(cx, &power, POINTS), MT_OK);
    for (size_t k = 0; k < POINTS; k++) time[k] = (mt_time)k * MT_US_MINUTE, power[k] = (mt_micro)k * 100000;
    mt_live_points points = {POINTS, time, power, NULL};
    mt_vpp_live_look look = {.asset_id = "A", .seconds = true};
    assert_int_equal(mt_vpp_write_live(cx, out, &look, &points), MT_OK);
    const mt_json *values = mt_json_member(read_out(cx), "values");
    for (size_t c = 0; c < 3; c++) assert_int_equal(mt_json_element(values, c)->count, POINTS);
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 0), POINTS - 1)->text, "299940.0"));
}

static void documents__forecasts_tell_seconds_under_milliseconds(void **state)
{
    mt_time start = case_at("2025-06-08T10:00:00Z");
    mt_forecast_value value = {start, start + 900 * MT_US_SECOND, 1234567000};
    mt_vpp_forecast_look look = {.asset_id = "SOL-DE-001", .solar = true, .version = start};
    assert_int_equal(mt_vpp_write_forecast(*state, out, &look, &value, 1), MT_OK);
    const mt_json *tree = read_out(*state), *values = mt_json_member(tree, "values");
    assert_true(mt_text_equal(mt_json_element(mt_json_member(tree, "units"), 0)->text, "ms"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 0), 0)->text, "1749376800"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 1), 0)->text, "1749377700"));
    assert_true(mt_text_equal(mt_json_element(mt_json_element(values, 3), 0)->text, "1234.567"));
}

static void documents__capacity_is_whole_in_older_sheets(void **state)
{
    mt_plant plant = {.asset_id = "WND-DE-003",
                      .technology = MT_WIND,
                      .latitude = NAN,
                      .longitude = NAN,
                      .capacity_w = 5600000,
                      .turbines = INT64_MIN,
                      .hub_height_m = 109,
                      .tilt_deg = NAN,
                      .azimuth_deg = NAN,
                      .commissioned = MT_DAY_NONE};
    for (int whole = 0; whole < 2; whole++) {
        mt_out_close(out);
        assert_int_equal(mt_out_memory(*state, &out), MT_OK);
        assert_int_equal(mt_vpp_write_sheets(*state, out, &plant, 1, whole), MT_OK);
        const mt_json *asset = mt_json_element(mt_json_member(read_out(*state), "assets"), 0);
        const mt_json *attributes = mt_json_member(asset, "technical_attributes");
        assert_true(
            mt_text_equal(mt_json_member(attributes, "capacity_kw")->text, whole ? "5600" : "5600.0"));
        assert_null(mt_json_member(attributes, "tilt_degrees"));
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_out, close_out)

int main(void)
{
    const struct CMUnitTest test[] = {
        CASE(put__decimals_are_shortest_and_exact),
        CASE(put__whole_numbers_reach_both_ends),
        CASE(tables__a_meter_stands_under_its_point_and_unit),
        CASE(tables__a_contract_row_is_the_files_own),
        CASE(tables__a_name_without_end_stays_inside_its_row),
        CASE(tables__setpoints_have_a_column_only_where_there_are_some),
        CASE(tables__imbalance_prices_are_german_and_wrap_at_midnight),
        CASE(tables__the_autumn_hour_stands_twice_on_the_local_clock),
        CASE(tables__trades_stand_behind_a_comment),
        CASE(documents__live_points_stand_in_columns),
        CASE(documents__a_long_column_is_whole),
        CASE(documents__forecasts_tell_seconds_under_milliseconds),
        CASE(documents__capacity_is_whole_in_older_sheets),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
