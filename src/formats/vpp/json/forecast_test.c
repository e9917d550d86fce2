/* Tests of forecasts: seconds where milliseconds are promised, versions, periods. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/vpp_case.h"

#define NAME "vpp/forecasts/SOL-DE-001_20250608T101500Z.json"
#define KEY  "\"key\":{\"asset_id\":\"SOL-DE-001\",\"type_id\":\"pv-forecast-real\"}"
#define IDS  "\"column_ids\":[\"start\",\"end\",\"version\",\"power\"]," UNIT
#define UNIT "\"units\":[\"ms\",\"ms\",\"ms\",\"kW\"]"

/* 48 hours inclusive: 193 quarters in seconds, as in formats.md, section 2. */
static void forecast__reads_193_quarters_in_seconds(void **state)
{
    (void)state;
    char text[20000];
    int64_t first = case_at("2025-06-08T10:15:00Z") / MT_US_SECOND;
    size_t used = (size_t)snprintf(text, sizeof text, "{" KEY "," IDS ",\"values\":[");
    for (int column = 0; column < 4; column++) {
        used += (size_t)snprintf(text + used, sizeof text - used, column > 0 ? "],[" : "[");
        for (int k = 0; k < 193; k++) {
            int64_t value = column == 3 ? k : column == 2 ? first : first + (k + column) * 900;
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld", k > 0 ? "," : "",
                                     (long long)value);
        }
    }
    snprintf(text + used, sizeof text - used, "]]}");
    case_read(NAME, text);
    assert_int_equal(got.n_forecast, 193);
    assert_int_equal(got.n_call, 1);
    assert_string_equal(got.subject[0], "SOL-DE-001");
    assert_int_equal(got.version[0], case_at("2025-06-08T10:15:00Z"));
    assert_int_equal(got.forecast[0].start, case_at("2025-06-08T10:15:00Z"));
    assert_int_equal(got.forecast[192].end, case_at("2025-06-10T10:30:00Z"));
    assert_int_equal(got.forecast[192].power_kw, 192000000);
    assert_int_equal(got.n_finding, 1);
    case_check_finding(MT_F_SECONDS, 1, "seconds although \"ms\"");
}

static void forecast__versions_in_one_file_are_given_apart(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY "," IDS ",\"values\":[[1749377700000,1749378600000,1749377700000],"
                    "[1749378600000,1749379500000,1749378600000],"
                    "[1749377700000,1749377700000,1749376800000],[1,2,3]]}");
    assert_int_equal(got.n_call, 2);
    assert_int_equal(got.n_forecast, 3);
    assert_int_equal(got.version[1], case_at("2025-06-08T10:15:00Z"));
    assert_int_equal(got.version[2], case_at("2025-06-08T10:00:00Z"));
    assert_int_equal(got.n_finding, 0);
}

static void forecast__the_name_tells_the_version_where_no_column_does(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY ",\"column_ids\":[\"start\",\"power\"],\"units\":[\"ms\",\"kW\"],"
                    "\"values\":[[1749377700000,1749378600000],[1,null]]}");
    assert_int_equal(got.n_forecast, 1); /* what is not told is no value */
    assert_int_equal(got.version[0], case_at("2025-06-08T10:15:00Z"));
    assert_int_equal(got.forecast[0].end - got.forecast[0].start, 15 * MT_US_MINUTE);
    case_read("vpp/forecasts/SOL-DE-001_x.json",
              "{" KEY ",\"column_ids\":[\"start\",\"power\"],\"values\":[[],[]]}");
    case_check_finding(MT_F_BAD_FILE, 1, "no version");
}

static void forecast__periods_that_do_not_end_are_bad(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY "," IDS ",\"values\":[[1749377700,0,1749377700],[1749377700,900,null],"
                    "[1749377700,1749377700,1749377700],[1,2,3]]}");
    assert_int_equal(got.n_forecast, 0);
    case_check_finding(MT_F_BAD_ROW, 3, "value 1 of SOL-DE-001");
}

static void forecast__only_periods_asked_for_are_given(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.from = case_at("2025-06-08T10:30:00Z");
    mt_text text = mt_text_of("{" KEY "," IDS ",\"values\":[[1749377700000,1749378600000],"
                              "[1749378600000,1749379500000],[1749377700000,1749377700000],[1,2]]}");
    assert_int_equal(case_read_bytes(NAME, text, &options), MT_OK);
    assert_int_equal(got.n_forecast, 1);
    assert_int_equal(got.forecast[0].power_kw, 2000000);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(forecast__reads_193_quarters_in_seconds),
        IN_CONTEXT(forecast__versions_in_one_file_are_given_apart),
        IN_CONTEXT(forecast__the_name_tells_the_version_where_no_column_does),
        IN_CONTEXT(forecast__periods_that_do_not_end_are_bad),
        IN_CONTEXT(forecast__only_periods_asked_for_are_given),
    };
    return cmocka_run_group_tests_name("vpp forecast", test, NULL, NULL);
}
