/* Tests of live points: the promised form, its relatives, and damaged documents. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/cell.h"
#include "formats/vpp/vpp_case.h"

#define NAME "vpp/live_measured_infeed/SOL02_20250608.json"
#define KEY  "\"key\":{\"entity_id\":\"SOL-DE-002\",\"type_id\":\"power-measurement-live\"}"
#define IDS  "\"column_ids\":[\"timestamp\",\"value\",\"quality\"]"
#define UNIT "\"units\":[\"ms\",\"kW\",\"factor\"]"

/* Pretty printed, floats, negative values and a gap, as in formats.md, section 2. */
static const char sample[] =
    "{\n    \"key\": {\n        \"entity_id\": \"SOL-DE-002\",\n"
    "        \"type_id\": \"power-measurement-live\"\n    },\n"
    "    \"column_ids\": [\n        \"timestamp\",\n        \"value\",\n"
    "        \"quality\"\n    ],\n"
    "    \"units\": [\n        \"ms\",\n        \"kW\",\n        \"factor\"\n    ],\n"
    "    \"values\": [\n"
    "        [\n            1749333600000.0,\n            1749333660000.0,\n"
    "            1749333840000.0\n        ],\n"
    "        [\n            -0.30000000000000004,\n            6744.5,\n"
    "            1.5e-05\n        ],\n"
    "        [\n            1.0,\n            0.4,\n            1.0\n        ]\n    ]\n}\n";

static void live__reads_the_promised_form(void **state)
{
    (void)state;
    case_read(NAME, sample);
    assert_int_equal(got.n_live, 3);
    assert_int_equal(got.n_call, 1);
    assert_string_equal(got.subject[0], "SOL-DE-002");
    assert_int_equal(got.time[0], case_at("2025-06-07T22:00:00Z")); /* Berlin's day begins */
    assert_int_equal(got.time[2] - got.time[1], 180 * MT_US_SECOND);
    assert_int_equal(got.power[0], -300000);
    assert_int_equal(got.power[1], 6744500000);
    assert_int_equal(got.power[2], 15);
    assert_int_equal(got.quality[1], 400000);
    assert_int_equal(got.n_finding, 0);
}

static void live__seconds_are_told_once(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY "," IDS "," UNIT ",\"values\":[[1749333600,1749333660.5],[1,2],[1,1]]}");
    assert_int_equal(got.time[0], case_at("2025-06-07T22:00:00Z"));
    assert_int_equal(got.time[1], case_at("2025-06-07T22:01:00.5Z"));
    assert_int_equal(got.n_finding, 1);
    case_check_finding(MT_F_SECONDS, 1, "seconds although \"ms\"");
    case_read(NAME,
              "{" KEY "," IDS ",\"units\":[\"s\",\"kW\",\"factor\"],\"values\":[[1749333600],[1],[1]]}");
    assert_int_equal(got.n_finding, 0); /* it says so itself */
}

static void live__members_come_in_any_order_and_units_are_heeded(void **state)
{
    (void)state;
    case_read(NAME,
              "{\"more\":{\"a\":[1,{\"b\":\"]}\\\"\"}],\"c\":null},\"values\":[[1749333600000],[1.2345678]],"
              "\"units\":[\"ms\",\"MW\"],\"column_ids\":[\"timestamp\",\"value\"],"
              "\"key\":{\"asset_id\":null,\"entity_id\":\"W\\u00e4\",\"extra\":[1,2]}}");
    assert_int_equal(got.power[0], 1234568000); /* rounded in MW: its unit came too late */
    assert_false(got.has_quality);
    assert_string_equal(got.subject[0], "W\xC3\xA4");
    case_read(NAME,
              "{\"units\":[\"ms\",\"MW\"],\"column_ids\":[\"timestamp\",\"value\"],"
              "\"values\":[[1749333600000],[1.2345678]],\"key\":{\"asset_id\":\"A\",\"entity_id\":\"B\"}}");
    assert_int_equal(got.power[0], 1234567800);
    assert_string_equal(got.subject[0], "A");
    case_read(NAME, "{\"units\":[\"ms\",\"W\",\"%\"],\"column_ids\":[\"timestamp\",\"power\",\"quality\"],"
                    "\"values\":[[1749333600000],[1234.5],[75]],\"key\":{\"asset_id\":\"A\"}}");
    assert_int_equal(got.power[0], 1234500);
    assert_int_equal(got.quality[0], 750000);
}

static void live__points_without_power_stand_as_not_good(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY ",\"column_ids\":[\"timestamp\",\"value\"],\"units\":[\"ms\",\"kW\"],"
                    "\"values\":[[1749333600000,1749333660000,1749333720000],[1,null,NaN]]}");
    assert_int_equal(got.n_live, 3);
    assert_true(got.has_quality);
    assert_int_equal(got.quality[0], 1000000);
    assert_int_equal(got.quality[1], 0);
    assert_int_equal(got.power[1], MT_MICRO_NONE);
    case_read(NAME, "{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1],[null]]}");
    assert_int_equal(got.quality[0], 0);
}

static void live__no_point_lies_in_1970(void **state)
{
    (void)state;
    case_read(NAME,
              "{" KEY "," IDS "," UNIT ",\"values\":[[0,null,86400,1749333600000],[1,2,3,4],[1,1,1,1]]}");
    assert_int_equal(got.n_live, 1);
    assert_int_equal(got.power[0], 4000000);
    case_check_finding(MT_F_BAD_ROW, 3, "2000 to 2199");
}

static void live__only_points_asked_for_are_given(void **state)
{
    (void)state;
    mt_vpp_options options = case_all;
    options.from = case_at("2025-06-07T22:01:00Z");
    options.until = case_at("2025-06-07T22:04:00Z");
    assert_int_equal(case_read_bytes(NAME, mt_text_of(sample), &options), MT_OK);
    assert_int_equal(got.n_live, 1);
    assert_int_equal(got.power[0], 6744500000);
    assert_int_equal(got.quality[0], 400000);
}

static void live__an_empty_day_is_no_fault(void **state)
{
    (void)state;
    case_read(NAME, "{" KEY "," IDS "," UNIT ",\"values\":[[],[],[]]}");
    assert_int_equal(got.n_call, 0);
    assert_int_equal(got.n_finding, 0);
}

/* What is cut, of another shape or unit, or no JSON is left out as a whole. */
static void live__damaged_documents_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } bad[] = {
        {"", "expected a JSON object"},
        {"[1]", "expected a JSON object"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1", "end of an array"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1],[1]]", "end of an array or object"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1],[1]]}x", "behind the document"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1,2],[1]]}", "2 values"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1]]}", "names 3 columns and has 2"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[\"1\"],[1]]}", "no number"},
        {"{" KEY "," IDS "," UNIT ",\"values\":[[1749333600000],[1e400],[1]]}", "no number"},
        {"{" KEY "," IDS ",\"units\":[\"ms\",\"A\",\"factor\"],\"values\":[[1749333600000],[1],[1]]}",
         "expected kW"},
        {"{" IDS "," UNIT ",\"values\":[[1749333600000],[1],[1]]}", "asset_id"},
        {"{" KEY "," UNIT ",\"values\":[[1749333600000],[1],[1]]}", "column_ids"},
        {"{" KEY "," IDS "," UNIT "}", "has no values"},
        {"{" KEY ",\"column_ids\":[\"a\",\"b\"],\"values\":[[1],[1]]}", "no column \"timestamp\""},
        {"{" KEY "," KEY "}", "stands twice"},
        {"{" KEY ",\"x\":[[[", "ends inside"},
        {"{\"key", "no end within"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        case_read(NAME, bad[k].text);
        assert_int_equal(got.n_live, 0);
        assert_int_equal(got.n_finding, 1);
        case_check_finding(MT_F_BAD_FILE, 1, bad[k].word);
        assert_non_null(strstr(got.sentence[0], NAME));
    }
}

/* A document over many windows of the file, with numbers and indents at every place of their borders. */
static void live__long_documents_are_the_same_through_windows(void **state)
{
    (void)state;
    size_t n = 4000, used = 0, room = 4 << 20;
    char *text;
    assert_int_equal(MT_NEW(&ctx_case, &text, room), MT_OK);
    used += (size_t)snprintf(text + used, room - used, "{" KEY "," IDS "," UNIT ",\n\"values\": [");
    for (int column = 0; column < 3; column++) {
        used += (size_t)snprintf(text + used, room - used, "%s\n%*s[", column > 0 ? "," : "", 8, "");
        for (size_t k = 0; k < n; k++)
            used += (size_t)snprintf(text + used, room - used, "%s\n%*s%.*f", k > 0 ? "," : "",
                                     12 + (int)(k % 97), "", (int)(k % 9),
                                     column == 0 ? 1749333600000.0 + (double)k * 1000 : (double)k / 4000);
        used += (size_t)snprintf(text + used, room - used, "\n]");
    }
    used += (size_t)snprintf(text + used, room - used, "]}");
    assert_true(used > 600000);
    assert_int_equal(case_read_bytes(NAME, (mt_text){text, used}, &case_all), MT_OK);
    assert_int_equal(got.n_finding, 0);
    assert_int_equal(got.n_live, n);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(got.time[k], (mt_time)(1749333600 + k) * MT_US_SECOND);
        char one[32];
        char mark = 0;
        mt_micro wanted;
        snprintf(one, sizeof one, "%.*f", (int)(k % 9), (double)k / 4000);
        assert_int_equal(mt_vpp_decimal(mt_text_of(one), &mark, &wanted), MT_VPP_RIGHT);
        assert_int_equal(got.power[k], wanted);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(live__reads_the_promised_form),
        IN_CONTEXT(live__seconds_are_told_once),
        IN_CONTEXT(live__members_come_in_any_order_and_units_are_heeded),
        IN_CONTEXT(live__points_without_power_stand_as_not_good),
        IN_CONTEXT(live__no_point_lies_in_1970),
        IN_CONTEXT(live__only_points_asked_for_are_given),
        IN_CONTEXT(live__an_empty_day_is_no_fault),
        IN_CONTEXT(live__damaged_documents_are_left_out),
        IN_CONTEXT(live__long_documents_are_the_same_through_windows),
    };
    return cmocka_run_group_tests_name("vpp live", test, NULL, NULL);
}
