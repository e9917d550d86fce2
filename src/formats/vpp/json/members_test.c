/* Tests of data sheets and parties. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/vpp_case.h"

#define SHEET   "vpp/technical_data/technical_data_2025-06-08T12:45:00Z.json"
#define PARTIES "crm/parties.json"

static void technical__reads_plants_of_both_kinds(void **state)
{
    (void)state;
    case_read(
        SHEET,
        "{\"assets\":[{\"asset_id\":\"SOL-DE-001\",\"name\":\"Roof\",\"type\":\"solar\",\"location\":"
        "{\"latitude\":52.5,\"longitude\":13.4,\"timezone\":\"Europe/Berlin\"},\"technical_attributes\":"
        "{\"capacity_kw\":1088,\"panel_type\":\"P\",\"tracking_type\":\"fixed\",\"tilt_degrees\":30,"
        "\"azimuth_degrees\":180,\"commissioning_date\":\"2019-05-01\"},\"status\":\"active\","
        "\"owner\":{\"name\":\"O\"}},"
        "{\"asset_id\":\"WND-DE-003\",\"type\":\"wind\",\"technical_attributes\":{\"capacity_kw\":5600.5,"
        "\"turbine_model\":\"T\",\"turbine_count\":2,\"hub_height_meters\":135.5},\"owner\":\"W\"}]}");
    assert_int_equal(got.n_plant, 2);
    assert_int_equal(got.n_finding, 0);
    const mt_plant *solar = &got.plant[0], *wind = &got.plant[1];
    assert_int_equal(solar->capacity_w, 1088000);
    assert_int_equal(solar->technology, MT_SOLAR);
    assert_true(solar->latitude == 52.5 && solar->longitude == 13.4);
    assert_string_equal(solar->zone, "Europe/Berlin");
    assert_string_equal(solar->model, "P");
    assert_true(solar->tilt_deg == 30 && solar->azimuth_deg == 180);
    assert_int_equal(solar->commissioned, mt_day_of(2019, 5, 1));
    assert_string_equal(solar->owner, "O");
    assert_int_equal(solar->turbines, INT64_MIN);
    assert_true(isnan(solar->hub_height_m));
    assert_int_equal(wind->capacity_w, 5600500);
    assert_string_equal(wind->model, "T");
    assert_int_equal(wind->turbines, 2);
    assert_true(wind->hub_height_m == 135.5);
    assert_string_equal(wind->owner, "W");
    assert_null(wind->name);
    assert_true(isnan(wind->latitude));
    assert_int_equal(wind->commissioned, MT_DAY_NONE);
}

static void technical__what_is_no_plant_is_told(void **state)
{
    (void)state;
    case_read(SHEET,
              "{\"assets\":[{\"type\":\"wind\"},{\"asset_id\":\"A\",\"type\":\"steam\"},"
              "{\"asset_id\":\"B\",\"type\":\"pv\",\"technical_attributes\":{\"capacity_kw\":\"many\"}},7]}");
    assert_int_equal(got.n_plant, 1);
    assert_int_equal(got.plant[0].capacity_w, MT_MICRO_NONE);
    assert_int_equal(got.n_finding, 2);
    assert_int_equal(got.finding[0].count, 2);
    assert_non_null(strstr(got.sentence[1], "steam"));
    case_read(SHEET, "{\"plants\":[]}");
    case_check_finding(MT_F_BAD_FILE, 1, "has no assets");
    case_read(SHEET, "{\"assets\":[");
    case_check_finding(MT_F_BAD_FILE, 1, "line 1");
    case_read(SHEET, "");
    case_check_finding(MT_F_BAD_FILE, 1, "is empty");
}

static void parties__reads_issuer_and_owners(void **state)
{
    (void)state;
    case_read(PARTIES,
              "{\"issuer\":{\"party_id\":\"I\",\"name\":\"Trader\",\"iban\":\"DE00\"},\"owners\":["
              "{\"party_id\":\"P1\",\"name\":\"Owner\",\"tax_number\":12345,\"datev_account\":70001,"
              "\"reseller_from\":\"2024-01-01\",\"reseller_until\":\"2026-12-31\",\"small_business\":true},"
              "{\"name\":\"Nobody\"}]}");
    assert_int_equal(got.n_party, 2);
    assert_true(got.issuer[0]);
    assert_false(got.issuer[1]);
    assert_string_equal(got.party[0].iban, "DE00");
    assert_int_equal(got.party[0].reseller_from, MT_DAY_NONE);
    assert_false(got.party[0].small_business);
    assert_string_equal(got.party[1].tax_number, "12345"); /* a number where a text is meant */
    assert_string_equal(got.party[1].datev_account, "70001");
    assert_int_equal(got.party[1].reseller_until, mt_day_of(2026, 12, 31));
    assert_true(got.party[1].small_business);
    case_check_finding(MT_F_BAD_ROW, 1, "no party_id");
    case_read(PARTIES, "{}");
    case_check_finding(MT_F_BAD_FILE, 1, "neither issuer nor owners");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(technical__reads_plants_of_both_kinds),
        IN_CONTEXT(technical__what_is_no_plant_is_told),
        IN_CONTEXT(parties__reads_issuer_and_owners),
    };
    return cmocka_run_group_tests_name("vpp documents", test, NULL, NULL);
}
