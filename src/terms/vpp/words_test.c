/* The closed lists of a portfolio: every word is there once and is found again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "terms/vpp/feed.h"
#include "terms/vpp/invoice.h"

static void words__each_list_is_whole_and_ends(void **state)
{
    (void)state;
    const struct {
        const char *const *word;
        int n;
    } list[] = {{mt_price_model_word, MT_PRICE_MODEL_COUNT}, {mt_fee_model_word, MT_FEE_MODEL_COUNT},
                {mt_fee_form_word, MT_FEE_FORM_COUNT},       {mt_scheme_word, MT_SCHEME_COUNT},
                {mt_lost_rule_word, MT_LOST_RULE_COUNT},     {mt_vat_rule_word, MT_VAT_RULE_COUNT}};
    for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
        for (int a = 0; a < list[k].n; a++) {
            assert_non_null(list[k].word[a]);
            for (int b = 0; b < a; b++) assert_string_not_equal(list[k].word[a], list[k].word[b]);
        }
        assert_null(list[k].word[list[k].n]);
    }
}

static void words__stand_at_the_place_of_their_symbol(void **state)
{
    (void)state;
    assert_string_equal(mt_price_model_word[MT_PRICE_MARKET_VALUE_YEAR], "market_value_year");
    assert_string_equal(mt_fee_model_word[MT_FEE_CAPACITY], "fixed_for_capacity");
    assert_string_equal(mt_scheme_word[MT_SCHEME_PREMIUM], "market_premium");
    assert_string_equal(mt_vat_rule_word[MT_VAT_EXEMPT], "exempt");
}

static void words__technology_is_found_by_any_of_its_words(void **state)
{
    (void)state;
    mt_technology t = MT_TECHNOLOGY_COUNT;
    for (int k = 0; k < MT_TECHNOLOGY_COUNT; k++) {
        assert_true(mt_technology_find(mt_text_of(mt_technology_word((mt_technology)k)), &t));
        assert_int_equal(t, k);
    }
    assert_true(mt_technology_find(mt_text_of("PV"), &t) && t == MT_SOLAR);
    assert_true(mt_technology_find(mt_text_of("Onshore"), &t) && t == MT_WIND);
    assert_true(mt_technology_find(mt_text_of("offshore"), &t) && t == MT_WIND_OFFSHORE);
    t = MT_SOLAR;
    assert_false(mt_technology_find(mt_text_of("coal"), &t));
    assert_int_equal(t, MT_SOLAR);
}

static void words__findings_have_names_of_their_own_a_severity_and_a_rule(void **state)
{
    (void)state;
    for (int a = 0; a < MT_FINDING_COUNT; a++) {
        mt_finding_kind kind = (mt_finding_kind)a;
        assert_true(strlen(mt_finding_rule(kind)) > 10);
        assert_in_range(mt_finding_severity(kind), MT_NOTE, MT_ERROR);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(mt_finding_name(kind), mt_finding_name((mt_finding_kind)b));
    }
    assert_string_equal(mt_finding_name(MT_F_TWO_FILES), "two_files_one_day");
    assert_string_equal(mt_severity_name(mt_finding_severity(MT_F_GAP)), "error");
    assert_string_equal(mt_severity_name(mt_finding_severity(MT_F_ESTIMATE)), "warning");
    assert_string_equal(mt_severity_name(mt_finding_severity(MT_F_CLOCK_CHANGE)), "note");
}

/* UNTDID 1001 (type of document) and 5305 (category of VAT), as EN 16931 uses them. */
static void words__documents_and_vat_have_the_standards_codes(void **state)
{
    (void)state;
    assert_int_equal(mt_document_code(MT_DOC_SELF_BILLED), 389);
    assert_int_equal(mt_document_code(MT_DOC_SERVICE), 380);
    assert_int_equal(mt_document_code(MT_DOC_CORRECTION), 384);
    assert_string_equal(mt_vat_code(MT_VAT_AE), "AE");
    assert_string_equal(mt_vat_vatex(MT_VAT_O), "VATEX-EU-O");
    assert_null(mt_vat_reason(MT_VAT_S));
    assert_non_null(mt_vat_reason(MT_VAT_E));
}

/* Numbers of different kinds must not meet in one range. */
static void words__documents_of_each_kind_have_a_prefix_of_their_own(void **state)
{
    (void)state;
    for (int a = 0; a < MT_DOCUMENT_KINDS; a++) {
        assert_non_null(mt_document_name((mt_document_kind)a));
        for (int b = 0; b < a; b++)
            assert_string_not_equal(mt_document_prefix((mt_document_kind)a),
                                    mt_document_prefix((mt_document_kind)b));
    }
}

/* UN/ECE recommendation 20. */
static void words__lines_have_unit_codes(void **state)
{
    (void)state;
    assert_string_equal(mt_line_unit_code(MT_LINE_INFEED), "MWH");
    assert_string_equal(mt_line_unit_code(MT_LINE_FEE_CAPACITY), "MAW");
    assert_string_equal(mt_line_unit(MT_LINE_FEE_CAPACITY), "MW");
    assert_string_equal(mt_line_name(MT_LINE_CURTAILMENT), "curtailment");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words__each_list_is_whole_and_ends),
        cmocka_unit_test(words__stand_at_the_place_of_their_symbol),
        cmocka_unit_test(words__technology_is_found_by_any_of_its_words),
        cmocka_unit_test(words__findings_have_names_of_their_own_a_severity_and_a_rule),
        cmocka_unit_test(words__documents_and_vat_have_the_standards_codes),
        cmocka_unit_test(words__documents_of_each_kind_have_a_prefix_of_their_own),
        cmocka_unit_test(words__lines_have_unit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
