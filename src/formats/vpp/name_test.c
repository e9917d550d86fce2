/* Tests of the names of a portfolio's files: kind, subject, day and version. */
#include "formats/vpp/name.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"

#include <stdio.h>

/* The names of formats.md, section 2, and their relatives. */
static const struct {
    const char *name;
    mt_vpp_file_kind kind;
    const char *version, *day, *subject; /* "": none */
} names[] = {
    {"crm/asset_contracts_20250608_043000.csv", MT_VPP_CONTRACTS, "2025-06-08T04:30:00Z", "", ""},
    {"crm/parties.json", MT_VPP_PARTIES, "", "", ""},
    {"vpp/technical_data/technical_data_2025-06-08T12:45:00.123Z.json", MT_VPP_TECHNICAL,
     "2025-06-08T12:45:00.123000Z", "", ""},
    {"vpp/technical_data/technical_data_2025-06-08T12-45-00Z.json", MT_VPP_TECHNICAL, "2025-06-08T12:45:00Z",
     "", ""},
    {"vpp/live_measured_infeed/SOL02_20250608.json", MT_VPP_LIVE, "2025-06-08T00:00:00Z", "2025-06-08",
     "SOL02"},
    {"x/vpp/live_measured_infeed/20250608/SOL02_20250608.json.gz", MT_VPP_LIVE, "2025-06-08T00:00:00Z",
     "2025-06-08", "SOL02"},
    {"vpp/forecasts/SOL-DE-001_20250608T101500Z.json", MT_VPP_FORECAST, "2025-06-08T10:15:00Z", "",
     "SOL-DE-001"},
    {"vpp/forecasts/SOL-DE-001_1749377700.json", MT_VPP_FORECAST, "2025-06-08T10:15:00Z", "", "SOL-DE-001"},
    {"vpp/forecasts/SOL-DE-001_1749377700000.json", MT_VPP_FORECAST, "2025-06-08T10:15:00Z", "",
     "SOL-DE-001"},
    {"distribution_system_operator/final_production_MP-SOL-001_20250609.csv", MT_VPP_METERING,
     "2025-06-09T00:00:00Z", "2025-06-09", "MP-SOL-001"},
    {"distribution_system_operator/final_production_DE0001234567890000000000012345678_20250609.csv.zst",
     MT_VPP_METERING, "2025-06-09T00:00:00Z", "2025-06-09", "DE0001234567890000000000012345678"},
    {"distribution_system_operator/final_production_MP-SOL-001_20250609_0915.csv", MT_VPP_METERING,
     "2025-06-09T09:15:00Z", "2025-06-09", "MP-SOL-001"},
    {"distribution_system_operator/redispatch_flag_MP-WND-003_20250609_1201.csv", MT_VPP_REDISPATCH,
     "2025-06-09T12:01:00Z", "", "MP-WND-003"},
    {"distribution_system_operator/redispatch_compensation_2025-06-20.csv", MT_VPP_COMPENSATION,
     "2025-06-20T00:00:00Z", "2025-06-20", ""},
    {"exchange/Private_Trades-20250608-20250609T000516000Z.csv", MT_VPP_PRIVATE_TRADES,
     "2025-06-09T00:05:16Z", "2025-06-08", ""},
    {"exchange/Public_Trades-20250608-20250609T000516500Z.csv.gz", MT_VPP_PUBLIC_TRADES,
     "2025-06-09T00:05:16.500000Z", "2025-06-08", ""},
    {"exchange/public-trades-20250608.ndjson", MT_VPP_PUBLIC_TRADES, "2025-06-08T00:00:00Z", "2025-06-08",
     ""},
    {"exchange/epex_trades_20250608.csv", MT_VPP_PRIVATE_TRADES, "2025-06-08T00:00:00Z", "2025-06-08", ""},
    {"exchange/day_ahead_price_20250608.csv", MT_VPP_DAY_AHEAD, "2025-06-08T00:00:00Z", "2025-06-08", ""},
    {"exchange/intraday_index_20250608.csv", MT_VPP_INDEX, "2025-06-08T00:00:00Z", "2025-06-08", ""},
    {"imbalance/imbalance_price_final_2025-06-08_2025-06-09.csv", MT_VPP_REBAP, "2025-06-08T00:00:00Z",
     "2025-06-08", ""},
    {"imbalance/imbalance_price_estimation_x.csv", MT_VPP_ESTIMATE, "", "", ""},
    {"market/market_values_2025.csv", MT_VPP_MARKET_VALUES, "", "", ""},
    {"schedule/schedule_WND-DE-001_20250608.csv", MT_VPP_SCHEDULE, "2025-06-08T00:00:00Z", "2025-06-08",
     "WND-DE-001"},
    {"outage/outage_WND-DE-001_service.csv", MT_VPP_OUTAGE, "", "", "WND-DE-001"},
    {"weather/weather_WND-DE-001_20250608_043000.csv", MT_VPP_WEATHER, "2025-06-08T04:30:00Z", "2025-06-08",
     "WND-DE-001"},
    {"weather_A_99999999.csv", MT_VPP_WEATHER, "", "", "A"},
    {"weather_A_20251399.csv", MT_VPP_WEATHER, "", "", "A"},
    {"vpp/live_measured_infeed/notes.csv", MT_VPP_UNKNOWN, "", "", ""},
    {"live_measured_infeed.json", MT_VPP_UNKNOWN, "", "", ""},
    {"crm/asset_contracts_20250608_043000.csv.tmp", MT_VPP_UNKNOWN, "", "", ""},
    {"crm/.asset_contracts_20250608_043000.csv", MT_VPP_UNKNOWN, "", "", ""},
    {"readme.md", MT_VPP_UNKNOWN, "", "", ""},
    {"", MT_VPP_UNKNOWN, "", "", ""},
};

static void name__tells_kind_subject_day_and_version(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char version[MT_TIME_TEXT_MAX], day[MT_TIME_TEXT_MAX];
        mt_vpp_name name = mt_vpp_name_read(mt_text_of(names[k].name));
        mt_time_text(name.version, version);
        mt_day_text(name.day, day);
        bool same = name.kind == names[k].kind && strcmp(version, names[k].version) == 0 &&
                    strcmp(day, names[k].day) == 0 && name.subject.length == strlen(names[k].subject) &&
                    (name.subject.length == 0 || mt_text_equal(name.subject, names[k].subject));
        if (!same)
            fail_msg("%s: %s, version \"%s\", day \"%s\", subject \"%.*s\"", names[k].name,
                     mt_vpp_file_kind_name(name.kind), version, day, (int)name.subject.length,
                     name.subject.length > 0 ? name.subject.at : "");
    }
}

static void name__first_bytes_tell_where_the_name_does_not(void **state)
{
    (void)state;
    mt_vpp_name json = {.json = true}, text = {.text = true};
    assert_int_equal(
        mt_vpp_name_guess(&json, mt_text_of("{\"key\":{\"type_id\":\"power-measurement-live\"}")),
        MT_VPP_LIVE);
    assert_int_equal(mt_vpp_name_guess(&json, mt_text_of("{\"key\":{\"type_id\":\"pv-forecast-real\"}")),
                     MT_VPP_FORECAST);
    assert_int_equal(mt_vpp_name_guess(&json, mt_text_of("{ \"assets\": [")), MT_VPP_TECHNICAL);
    assert_int_equal(mt_vpp_name_guess(&text, mt_text_of("# Public Trades - 2025-06-08;;\n")),
                     MT_VPP_PUBLIC_TRADES);
    assert_int_equal(mt_vpp_name_guess(&text, mt_text_of("contract_id,asset_id")), MT_VPP_CONTRACTS);
    assert_int_equal(mt_vpp_name_guess(&text, mt_text_of("a,b\n1,2\n")), MT_VPP_UNKNOWN);
    assert_int_equal(mt_vpp_name_guess(&json, mt_text_of("")), MT_VPP_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(name__tells_kind_subject_day_and_version),
        IN_CONTEXT(name__first_bytes_tell_where_the_name_does_not),
    };
    return cmocka_run_group_tests_name("vpp name", test, NULL, NULL);
}
