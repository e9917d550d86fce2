/* What the name of a file says of its version: dates and numbers by themselves, anything by a pattern. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sources/file_version.h"

static void check(const char *name, const char *pattern, const char *stem, const char *version,
                  const char *time)
{
    mt_ctx cx;
    mt_file_version found;
    char text[MT_TIME_TEXT_MAX] = "";
    bool matches = false;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_file_version_of(&cx, &found, &matches, name, pattern), MT_OK);
    if (!matches) fail_msg("%s does not match %s", name, pattern);
    if (found.time != MT_TIME_NONE) mt_time_text(found.time, text);
    if (strcmp(found.stem, stem) != 0 || strcmp(found.text, version) != 0 || strcmp(text, time) != 0)
        fail_msg("%s: \"%s\" in version \"%s\" of %s", name, found.stem, found.text, text);
    mt_ctx_close(&cx);
}

static void file_version__finds_days_clocks_and_numbers(void **state)
{
    (void)state;
    check("asset_contracts_20250601_043000.csv", NULL, "asset_contracts.csv", "20250601_043000",
          "2025-06-01T04:30:00Z");
    check("asset_contracts_20250609_1201.csv", NULL, "asset_contracts.csv", "20250609_1201",
          "2025-06-09T12:01:00Z");
    check("technical_data_2025-06-08T12:30:15.250Z.json", NULL, "technical_data.json",
          "2025-06-08T12:30:15.250Z", "2025-06-08T12:30:15.250000Z");
    check("technical_data_2025-06-08T12-30-15Z.json", NULL, "technical_data.json", "2025-06-08T12-30-15Z",
          "2025-06-08T12:30:15Z");
    check("data_20250608123015.csv", NULL, "data.csv", "20250608123015", "2025-06-08T12:30:15Z");
    check("a_20250608T143000+02:00.csv", NULL, "a.csv", "20250608T143000+02:00", "2025-06-08T12:30:00Z");
    check("SOL02_20250608.json", NULL, "SOL02.json", "20250608", "2025-06-08T00:00:00Z");
    check("2025-06-08 prices.csv", NULL, "prices.csv", "2025-06-08", "2025-06-08T00:00:00Z");
    check("prices_20250608_v2.csv", NULL, "prices.csv", "20250608_v2", "2025-06-08T00:00:00Z");
    check("prices-v1.10.csv.gz", NULL, "prices.csv.gz", "v1.10", "");
    check("crm/20240101/list_20250608.csv", NULL, "crm/20240101/list.csv", "20250608",
          "2025-06-08T00:00:00Z");
}

static void file_version__takes_nothing_else_for_a_version(void **state)
{
    (void)state;
    check("plain.csv", NULL, "plain.csv", "", "");
    check("meter_12345678901.csv", NULL, "meter_12345678901.csv", "", "");
    check("order_20251399.csv", NULL, "order_20251399.csv", "", ""); /* no such day */
    check("PV2.csv", NULL, "PV2.csv", "", "");                       /* a word with a v */
    check("area_51.csv", NULL, "area_51.csv", "", "");
    check("", NULL, "", "", "");
}

static void file_version__stands_where_the_pattern_says(void **state)
{
    (void)state;
    check("asset_contracts_20250601_043000.csv", "*_{version}.csv", "asset_contracts.csv", "20250601_043000",
          "2025-06-01T04:30:00Z");
    check("list-b7.csv", "list-{version}.csv", "list.csv", "b7", "");
    check("list_9.csv", "*_{version}.csv", "list.csv", "9", "");
    check("a_b_c.csv", "*_{version}.csv", "a_b.csv", "c", "");
    check("in/SOL02_20250608.json", "SOL*_{version}.json", "in/SOL02.json", "20250608",
          "2025-06-08T00:00:00Z");
    check("crm/v7/list.csv", "crm/{version}/list.csv", "crm//list.csv", "v7", "");
    check("data_20250608.csv", "*.csv", "data.csv", "20250608", "2025-06-08T00:00:00Z");
    check("{version}", NULL, "{version}", "", "");
}

static void file_version__leaves_out_what_does_not_match(void **state)
{
    static const char *const pairs[][2] = {{"a.csv", "*.json"},
                                           {"list_.csv", "list_{version}.csv"},
                                           {"a/b/list.csv", "a/{version}.csv"},
                                           {"other_1.csv", "list_{version}.csv"}};
    mt_ctx cx;
    mt_file_version found;
    bool matches;
    (void)state;
    mt_ctx_init(&cx, NULL);
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        matches = true;
        assert_int_equal(mt_file_version_of(&cx, &found, &matches, pairs[k][0], pairs[k][1]), MT_OK);
        if (matches) fail_msg("%s matches %s", pairs[k][0], pairs[k][1]);
    }
    assert_int_equal(mt_file_version_of(&cx, &found, &matches, "a", "{version}_{version}"), MT_E_INPUT);
    mt_ctx_close(&cx);
}

static void file_version__is_newer_by_day_then_by_number(void **state)
{
    static const mt_file_version rising[] = {{"", "", MT_TIME_NONE},    {"", "v9", MT_TIME_NONE},
                                             {"", "v10", MT_TIME_NONE}, {"", "v10.2", MT_TIME_NONE},
                                             {"", "20250608", 5},       {"", "20250608_v2", 5},
                                             {"", "20250608_v10", 5},   {"", "20250609", 6}};
    (void)state;
    for (size_t a = 0; a < sizeof rising / sizeof *rising; a++) {
        for (size_t b = 0; b < sizeof rising / sizeof *rising; b++) {
            int order = mt_file_version_compare(&rising[a], &rising[b]);
            if ((order > 0) != (a > b) || (order < 0) != (a < b))
                fail_msg("%s against %s: %d", rising[a].text, rising[b].text, order);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(file_version__finds_days_clocks_and_numbers),
        cmocka_unit_test(file_version__takes_nothing_else_for_a_version),
        cmocka_unit_test(file_version__stands_where_the_pattern_says),
        cmocka_unit_test(file_version__leaves_out_what_does_not_match),
        cmocka_unit_test(file_version__is_newer_by_day_then_by_number),
    };
    return cmocka_run_group_tests_name("file_version", test, NULL, NULL);
}
