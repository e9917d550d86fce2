/* Tests of contract files: the rows of the sample, the optional columns, and what is no contract. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/vpp/columns.h"
#include "formats/vpp/vpp_case.h"

#define NAME "crm/asset_contracts_20250608_043000.csv"

/* The five rows of formats.md, section 2. */
static const char sample[] = MT_VPP_HEADER_CONTRACTS
    "\n"
    "CON1_SOL-DE-001,SOL-DE-001,MP-SOL-001,1.088,solar,2024-03-01,,fixed,85.0,fixed_as_produced,2.5,,o@e.o\n"
    "CON1_SOL-DE-002,SOL-DE-002,MP-SOL-002,1.490,solar,2025-06-01,2028-11-01,market,,percent_of_market,,5.0,"
    "o@e.o\n"
    "CON1_WND-DE-001,WND-DE-001,MP-WND-001,4.0,wind,2025-05-01,,fixed,75.0,fixed_for_capacity,3.0,,o@e.o\n"
    "CON1_WND-DE-002,WND-DE-002,MP-WND-002,6.6,wind,2024-09-01,2029-09-01,market,,percent_of_market,,7.0,"
    "o@e.o\n"
    "CON1_WND-DE-003,WND-DE-003,MP-WND-003,5.6,wind,2024-09-01,,fixed,,fixed_as_produced,,7.0,o@e.o\n";

static void contracts__reads_the_sample_and_defaults(void **state)
{
    (void)state;
    case_read(NAME, sample);
    assert_int_equal(got.n_contract, 5);
    assert_int_equal(got.n_finding, 0);
    const mt_contract *c = &got.contract[0];
    assert_string_equal(c->contract_id, "CON1_SOL-DE-001");
    assert_string_equal(c->asset_id, "SOL-DE-001");
    assert_string_equal(c->metering_point_id, "MP-SOL-001");
    assert_string_equal(c->email, "o@e.o");
    assert_int_equal(c->capacity_w, 1088000);
    assert_int_equal(c->technology, MT_SOLAR);
    assert_int_equal(c->begin, mt_day_of(2024, 3, 1));
    assert_int_equal(c->end, MT_DAY_NONE);
    assert_int_equal(c->price_model, MT_PRICE_FIXED);
    assert_int_equal(c->price, 85000000);
    assert_int_equal(c->fee_model, MT_FEE_AS_PRODUCED);
    assert_int_equal(c->fee, 2500000);
    assert_int_equal(c->fee_percent, MT_MICRO_NONE);
    assert_int_equal(c->scheme, MT_SCHEME_TRANSITIONAL);
    assert_int_equal(c->fee_form, MT_FEE_REDUCTION);
    assert_int_equal(c->lost_rule, MT_LOST_FORECAST);
    assert_int_equal(c->vat, MT_VAT_STANDARD);
    assert_false(c->energy_credit);
    assert_null(c->owner_id);
    assert_int_equal(c->spread, MT_MICRO_NONE);
    assert_int_equal(c->floor, MT_MICRO_NONE);
    assert_int_equal(c->cap, MT_MICRO_NONE);
    assert_int_equal(c->value_applied, MT_MICRO_NONE);
    assert_int_equal(c->curtail_percent, MT_MICRO_NONE);
    assert_int_equal(got.contract[1].end, mt_day_of(2028, 11, 1));
    assert_int_equal(got.contract[1].fee_percent, 5000000);
    assert_int_equal(got.contract[2].fee_model, MT_FEE_CAPACITY);
}

static void contracts__a_missing_price_is_missing_never_zero(void **state)
{
    (void)state;
    case_read(NAME, sample);
    const mt_contract *c = &got.contract[4]; /* fixed, without price and fee */
    assert_int_equal(c->price_model, MT_PRICE_FIXED);
    assert_int_equal(c->price, MT_MICRO_NONE);
    assert_int_equal(c->fee, MT_MICRO_NONE);
    assert_int_equal(c->fee_percent, 7000000);
}

static void contracts__reads_the_optional_columns(void **state)
{
    (void)state;
    case_read(
        NAME, MT_VPP_HEADER_CONTRACTS
        "," MT_VPP_HEADER_CONTRACTS_MORE "\n"
        "C,A,M,2,wind,2025-01-01,,market_value,,none,,,e,-1.5,90,0,120.25,service,P7,market_premium,7.35,,"
        "weather,95,reverse\n"
        "D,A,M,2,wind_offshore,2025-01-01,,day_ahead,,,,,,,,,,,,feed_in_tariff,,yes,flat,,exempt\n"
        "E,A,M,2,pv,2025-01-01,,percent_of_market,,,,,,,,,,,,market_premium,,no,,,\n");
    assert_int_equal(got.n_finding, 0);
    const mt_contract *c = &got.contract[0];
    assert_int_equal(c->price_model, MT_PRICE_MARKET_VALUE);
    assert_int_equal(c->spread, -1500000);
    assert_int_equal(c->price_percent, 90000000);
    assert_int_equal(c->floor, 0);
    assert_int_equal(c->cap, 120250000);
    assert_int_equal(c->fee_form, MT_FEE_SERVICE);
    assert_string_equal(c->owner_id, "P7");
    assert_int_equal(c->scheme, MT_SCHEME_PREMIUM);
    assert_int_equal(c->value_applied, 7350000);
    assert_true(c->energy_credit); /* by its scheme */
    assert_int_equal(c->lost_rule, MT_LOST_WEATHER);
    assert_int_equal(c->curtail_percent, 95000000);
    assert_int_equal(c->vat, MT_VAT_REVERSE);
    assert_int_equal(got.contract[1].technology, MT_WIND_OFFSHORE);
    assert_int_equal(got.contract[1].fee_model, MT_FEE_NONE);
    assert_true(got.contract[1].energy_credit); /* because it says so */
    assert_int_equal(got.contract[2].technology, MT_SOLAR);
    assert_false(got.contract[2].energy_credit); /* although its scheme has it */
}

static void contracts__headers_may_lack_units_or_have_others(void **state)
{
    (void)state;
    case_read(NAME, "\xEF\xBB\xBF"
                    "Contract-Id;Asset Id;Metering_Point_Id;Capacity(kW);Technology;Contract_Begin;"
                    "Contract_End;Price_Model;Price;Fee_Model;Fee\r\n"
                    "C;A;M;1088,5;Solar;01.03.2024;31.12.2025;FIXED;85,25;fixed_as_produced;2,5\r\n");
    assert_int_equal(got.n_contract, 1);
    assert_int_equal(got.contract[0].capacity_w, 1088500);
    assert_int_equal(got.contract[0].price, 85250000);
    assert_int_equal(got.contract[0].begin, mt_day_of(2024, 3, 1));
}

static void contracts__quoted_texts_lose_their_quotes(void **state)
{
    (void)state;
    case_read(NAME, MT_VPP_HEADER_CONTRACTS "\n\"CON \"\"Nord\"\", 1\",\"SOL-1\",MP-1,1.0,solar,2024-03-01,,"
                                            "fixed,85.0,fixed_as_produced,2.5,,o@e.o\n");
    assert_int_equal(got.n_contract, 1);
    assert_string_equal(got.contract[0].contract_id, "CON \"Nord\", 1");
    assert_string_equal(got.contract[0].asset_id, "SOL-1");
}

static void contracts__bad_rows_are_told_and_the_others_go_on(void **state)
{
    (void)state;
    case_read(NAME, MT_VPP_HEADER_CONTRACTS "\n"
                                            "A,A,M,1,solar,2024-03-01,,fixed,85,,,,\n"
                                            "B,B,M,1,solar,2024-02-30,,fixed,85,,,,\n"
                                            "C,C,M,1,nuclear,2024-03-01,,fixed,85,,,,\n"
                                            "D,D,M,1,solar,2024-03-01,,cheap,85,,,,\n"
                                            "E,E,M,1,solar,2024-03-01,,fixed,x,,,,\n"
                                            "F,F,M,1,solar,2024-03-01,2024-02-01,fixed,85,,,,\n"
                                            "G,,M,1,solar,2024-03-01,,fixed,85,,,,\n"
                                            "H,H,M,1\n"
                                            "I,I,M,1,solar,2024-03-01,,fixed,85,,,,\n");
    assert_int_equal(got.n_contract, 2);
    assert_string_equal(got.contract[1].contract_id, "I");
    assert_int_equal(got.n_finding, 7);
    case_check_finding(MT_F_BAD_ROW, 1, "line 3: contract_begin is \"2024-02-30\"");
    assert_string_equal(got.finding[0].asset_id, "B");
    assert_int_equal(got.finding[0].line, 3);
    assert_string_equal(got.finding[0].file, NAME);
}

static void contracts__a_file_without_its_columns_or_units_is_bad_as_a_whole(void **state)
{
    (void)state;
    case_read(NAME, "contract_id,asset_id\nA,B\n");
    case_check_finding(MT_F_BAD_FILE, 1, "metering_point_id");
    case_read(NAME, "");
    case_check_finding(MT_F_BAD_FILE, 1, "is empty");
    case_read(NAME,
              "contract_id,asset_id,metering_point_id,capacity(MW),technology,contract_begin,price_model,"
              "price(USD/MWh)\nA,B,C,1,wind,2024-01-01,fixed,5\n");
    case_check_finding(MT_F_BAD_FILE, 1, "price(USD/MWh)");
    assert_int_equal(got.n_contract, 0);
}

static void contracts__the_takers_refusal_ends_the_reading(void **state)
{
    (void)state;
    got.refuse = 1;
    mt_code code = case_read_bytes(NAME, mt_text_of(sample), &case_all);
    assert_int_equal(code, MT_E_CONFLICT);
    assert_string_equal(ctx_case.err, "the taker has enough");
    assert_int_equal(got.n_call, 1);
    got.refuse = 0;
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(contracts__reads_the_sample_and_defaults),
        IN_CONTEXT(contracts__a_missing_price_is_missing_never_zero),
        IN_CONTEXT(contracts__reads_the_optional_columns),
        IN_CONTEXT(contracts__headers_may_lack_units_or_have_others),
        IN_CONTEXT(contracts__quoted_texts_lose_their_quotes),
        IN_CONTEXT(contracts__bad_rows_are_told_and_the_others_go_on),
        IN_CONTEXT(contracts__a_file_without_its_columns_or_units_is_bad_as_a_whole),
        IN_CONTEXT(contracts__the_takers_refusal_ends_the_reading),
    };
    return cmocka_run_group_tests_name("vpp contracts", test, NULL, NULL);
}
