/* What the simulated portfolio must keep: the sample's contracts, every model among the traps, right check
 * digits. Golden facts: the published description of the sample day (contract files of 2025-05-25, 06-01 and
 * 06-08). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "simulate/vpp/portfolio_case.h"
#include "simulate/vpp/terms.h"

#include <stdlib.h>

static const mt_contract *find_contract(const mt_contract *contract, size_t n, const char *contract_id)
{
    for (size_t k = 0; k < n; k++) {
        if (!strcmp(contract[k].contract_id, contract_id)) return &contract[k];
    }
    return NULL;
}

static void portfolio__sample_has_the_known_contracts(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule rule = rule_case(cx, "2025-06-08", "none");
    mt_sim_portfolio portfolio;
    mt_contract *contract;
    size_t n;
    assert_int_equal(mt_sim_portfolio_new(cx, &portfolio, &rule), MT_OK);
    assert_int_equal(portfolio.n, 5);
    assert_int_equal(mt_sim_contracts(cx, &contract, &n, &portfolio, mt_day_of(2025, 6, 1)), MT_OK);
    assert_int_equal(n, 5);
    const mt_contract *sold = find_contract(contract, n, "CON1_SOL-DE-002");
    assert_int_equal(sold->begin, mt_day_of(2025, 6, 1));
    assert_int_equal(sold->end, mt_day_of(2028, 11, 1));
    assert_int_equal(sold->price_model, MT_PRICE_MARKET);
    assert_int_equal(sold->capacity_w, 1490000);
    const mt_contract *wind = find_contract(contract, n, "CON1_WND-DE-003");
    assert_true(wind->price == MT_MICRO_NONE && wind->fee == MT_MICRO_NONE);
    assert_int_equal(wind->fee_percent, 7 * MT_MICRO_ONE);
    assert_int_equal(wind->fee_model, MT_FEE_AS_PRODUCED);
}

static void portfolio__oldest_files_lack_what_came_later(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule rule = rule_case(cx, "2025-06-08", "none");
    mt_sim_portfolio portfolio;
    mt_contract *contract;
    mt_plant *plant;
    size_t n;
    assert_int_equal(mt_sim_portfolio_new(cx, &portfolio, &rule), MT_OK);
    assert_int_equal(mt_sim_contracts(cx, &contract, &n, &portfolio, mt_day_of(2025, 5, 25)), MT_OK);
    assert_int_equal(n, 4);
    assert_null(find_contract(contract, n, "CON1_SOL-DE-002"));
    assert_int_equal(mt_sim_sheets(cx, &plant, &n, &portfolio, mt_day_of(2025, 5, 25)), MT_OK);
    assert_int_equal(n, 4);
    assert_string_equal(plant[3].asset_id, "WND-DE-002");
    assert_int_equal(mt_sim_sheets(cx, &plant, &n, &portfolio, mt_day_of(2025, 6, 1)), MT_OK);
    assert_int_equal(n, 5);
}

static void portfolio__sample_contracts_hold_on_any_day(void **state)
{
    static const char *const day[] = {"2025-03-30", "2025-10-26", "2031-01-01", "2023-06-04"};
    mt_ctx *cx = *state;
    for (size_t d = 0; d < 4; d++) {
        mt_sim_vpp_rule rule = rule_case(cx, day[d], "none");
        mt_sim_portfolio portfolio;
        mt_contract *contract;
        size_t n;
        assert_int_equal(mt_sim_portfolio_new(cx, &portfolio, &rule), MT_OK);
        assert_int_equal(mt_sim_contracts(cx, &contract, &n, &portfolio, rule.market.first_day), MT_OK);
        for (size_t k = 0; k < n; k++) {
            assert_true(contract[k].begin <= rule.market.first_day);
            assert_true(contract[k].end == MT_DAY_NONE || contract[k].end > rule.market.first_day);
        }
    }
}

static void portfolio__traps_cover_every_model(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule rule = rule_case(cx, "2025-06-08", "models");
    mt_sim_portfolio portfolio;
    mt_contract *contract;
    size_t n;
    unsigned price = 0, fee = 0, form = 0, scheme = 0, lost = 0, vat = 0, bounds = 0;
    assert_int_equal(mt_sim_portfolio_new(cx, &portfolio, &rule), MT_OK);
    assert_int_equal(mt_sim_contracts(cx, &contract, &n, &portfolio, rule.market.first_day), MT_OK);
    assert_int_equal(n, 5 + 16);
    for (size_t k = 0; k < n; k++) {
        const mt_contract *c = &contract[k];
        price |= 1U << c->price_model;
        fee |= 1U << c->fee_model;
        form |= 1U << c->fee_form;
        scheme |= 1U << c->scheme;
        lost |= 1U << c->lost_rule;
        vat |= 1U << c->vat;
        bounds |= (c->floor != MT_MICRO_NONE) | (c->cap != MT_MICRO_NONE) << 1 | c->energy_credit << 2;
        bounds |= (c->curtail_percent != MT_MICRO_NONE) << 3 | (c->spread != MT_MICRO_NONE) << 4;
    }
    assert_int_equal(price, (1U << MT_PRICE_MODEL_COUNT) - 1);
    assert_int_equal(fee, (1U << MT_FEE_MODEL_COUNT) - 1);
    assert_int_equal(form, (1U << MT_FEE_FORM_COUNT) - 1);
    assert_int_equal(scheme, (1U << MT_SCHEME_COUNT) - 1);
    assert_int_equal(lost, (1U << MT_LOST_RULE_COUNT) - 1);
    assert_int_equal(vat, (1U << MT_VAT_RULE_COUNT) - 1);
    assert_int_equal(bounds, 31);
}

static void portfolio__terms_of_the_tables_are_all_known(void **state)
{
    size_t n_sample, n_trap;
    const mt_sim_plant_row *sample = mt_sim_sample_plants(&n_sample), *trap = mt_sim_trap_plants(&n_trap);
    mt_contract contract;
    uint64_t traps = 0;
    (void)state;
    for (size_t k = 0; k < n_sample; k++) assert_true(mt_sim_terms_read(&contract, sample[k].terms, 20000));
    for (size_t k = 0; k < n_trap; k++) {
        assert_true(mt_sim_terms_read(&contract, trap[k].terms, 20000));
        assert_true(contract.begin != MT_DAY_NONE);
        if (trap[k].other) assert_true(mt_sim_terms_read(&contract, trap[k].other, 20000));
        for (size_t j = 0; j < k; j++) assert_true(trap[j].number != trap[k].number);
        traps |= UINT64_C(1) << trap[k].trap;
    }
    assert_true(traps >> MT_TRAP_OVERLAP & 1);
    assert_false(mt_sim_terms_read(&contract, "price_model=cheap", 20000));
    assert_false(mt_sim_terms_read(&contract, "prize=1", 20000));
    assert_true(mt_sim_terms_read(&contract, "begin=-3 end=+4", 20000));
    assert_int_equal(contract.begin, 19997);
    assert_int_equal(contract.end, 20004);
}

static void portfolio__a_plant_does_not_depend_on_how_many_there_are(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule few = rule_case(cx, "2025-06-08", "all"), many = few;
    mt_sim_portfolio a, b;
    many.assets = 1000;
    assert_int_equal(mt_sim_portfolio_new(cx, &a, &few), MT_OK);
    assert_int_equal(mt_sim_portfolio_new(cx, &b, &many), MT_OK);
    assert_int_equal(b.n, a.n + 995);
    for (size_t k = 0; k < a.n; k++) {
        const mt_sim_asset *same = asset_case(&b, a.asset[k].plant.asset_id);
        assert_true(a.asset[k].key == same->key);
        assert_true(a.asset[k].plant.latitude >= same->plant.latitude &&
                    a.asset[k].plant.latitude <= same->plant.latitude);
    }
    assert_non_null(asset_case(&b, "SOL-DE-500"));
    assert_non_null(asset_case(&b, "WND-DE-500"));
}

static int rest_of_iban(const char *iban)
{
    char turned[64];
    int rest = 0;
    strcpy(turned, iban + 4);
    strncat(turned, iban, 4);
    for (const char *c = turned; *c; c++) {
        int value = *c >= 'A' ? *c - 'A' + 10 : *c - '0';
        rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
    }
    return rest;
}

/* ISO 7064 mod 11,10 over all nine digits leaves 1. */
static int rest_of_vat_id(const char *vat_id)
{
    int product = 10;
    for (int k = 2; k < 10; k++) {
        int sum = (vat_id[k] - '0' + product) % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (product + vat_id[10] - '0') % 10;
}

static void portfolio__parties_have_right_check_digits_and_own_every_plant(void **state)
{
    mt_ctx *cx = *state;
    mt_sim_vpp_rule rule = rule_case(cx, "2025-06-08", "all");
    mt_sim_portfolio portfolio;
    mt_party *party;
    size_t n;
    bool operator_there = false;
    rule.assets = 100;
    assert_int_equal(mt_sim_portfolio_new(cx, &portfolio, &rule), MT_OK);
    assert_int_equal(mt_sim_parties(cx, &party, &n, &portfolio), MT_OK);
    assert_string_equal(party[0].party_id, "ISSUER");
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(strlen(party[k].iban), 22);
        assert_int_equal(rest_of_iban(party[k].iban), 1);
        assert_true(party[k].small_business == !party[k].vat_id);
        if (party[k].vat_id) assert_int_equal(rest_of_vat_id(party[k].vat_id), 1);
        operator_there = operator_there || !strcmp(party[k].party_id, "grid_operator");
        for (size_t j = 0; j < k; j++) assert_string_not_equal(party[j].party_id, party[k].party_id);
    }
    assert_true(operator_there);
    for (size_t k = 0; k < portfolio.n; k++) assert_non_null(portfolio.asset[k].plant.owner);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(portfolio__sample_has_the_known_contracts),
        IN_CONTEXT(portfolio__oldest_files_lack_what_came_later),
        IN_CONTEXT(portfolio__sample_contracts_hold_on_any_day),
        IN_CONTEXT(portfolio__traps_cover_every_model),
        IN_CONTEXT(portfolio__terms_of_the_tables_are_all_known),
        IN_CONTEXT(portfolio__a_plant_does_not_depend_on_how_many_there_are),
        IN_CONTEXT(portfolio__parties_have_right_check_digits_and_own_every_plant),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
