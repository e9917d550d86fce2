/* Lost energy by three rules, its compensation by three schemes, and the general claim. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/redispatch.h"
#include "vpp/settle_case.h"
#include "vpp/vectors_case.h"

/* 12,500 kWh at 7.30 ct + 40 - 12.50 = 940.00 EUR; 50,000 kWh worth 2,000 + 100 - 2,500 = -400 EUR; (1,200 -
 * 1,000) kWh at 80 EUR/MWh = 16.00, (800 - 1,000) at 80 = -16, at -50 = -10: reference
 * optimisation_settlement_risk.md, section 3, and settlement_vectors.json. */
static void redispatch__claims_and_corrects_as_published(void **state)
{
    (void)state;
    assert_int_equal(mt_redispatch_claim_ueur(12500000, 7300000, EUR(40), 12500000), EUR(940));
    assert_int_equal(mt_redispatch_claim_ueur(50000000, 4000000, EUR(100), EUR(2500)), -EUR(400));
    assert_int_equal(mt_redispatch_correction_ueur(1200000, 1000000, EUR(80)), EUR(16));
    assert_int_equal(mt_redispatch_correction_ueur(800000, 1000000, EUR(80)), -EUR(16));
    assert_int_equal(mt_redispatch_correction_ueur(1200000, 1000000, -EUR(50)), -EUR(10));
    assert_true(mt_redispatch_claim_ueur(MT_WH_NONE, 1, 1, 1) == MT_MICRO_NONE);
    assert_true(mt_redispatch_correction_ueur(1, MT_WH_NONE, 1) == MT_MICRO_NONE);
}

static void check_claim(const char *entry)
{
    const int64_t lost = vectors_number(entry, "\"ausfallarbeit_kwh\"") / 1000;
    const mt_micro worth = vectors_number(entry, "\"entgangen\"");
    mt_micro value = vectors_number(entry, "\"aw_ct\"");
    if (value == MT_MICRO_NONE) value = mt_exact_ratio(worth, 100 * 1000, lost); /* EUR a kWh in ct */
    assert_int_equal(mt_redispatch_claim_ueur(lost, value, 0, 0), worth);
    assert_int_equal(mt_redispatch_claim_ueur(lost, value, vectors_number(entry, "\"zusaetzlich\""),
                                              vectors_number(entry, "\"erspart\"")),
                     vectors_number(entry, "\"verguetung\""));
}

static void redispatch__agrees_with_the_vectors(void **state)
{
    (void)state;
    const char *text = vectors_read(), *entry;
    int n = 0;
    for (; (entry = vectors_entry(text, "\"redispatch\"", n)); n++) {
        if (vectors_number(entry, "\"korr\"") == MT_MICRO_NONE) {
            check_claim(entry);
            continue;
        }
        assert_int_equal(mt_redispatch_correction_ueur(vectors_number(entry, "\"w_a_kwh\"") / 1000,
                                                       vectors_number(entry, "\"w_ausgl_kwh\"") / 1000,
                                                       vectors_number(entry, "\"id_aep\"")),
                         vectors_number(entry, "\"korr\""));
    }
    assert_int_equal(n, 5);
}

/* One asset of 1 MW that stood at 600 kW, was told to go to 80 kW from the quarter 44 on for two, with a
 * forecast of 1,200 kW, which is above its capacity. */
static void open_measure(case_desk *d, mt_contract contract)
{
    case_contracts(d, &contract, 1);
    case_meter(d, "MP-A", case_span(d, 44, 46, KW(80), KW(600)), 96);
    case_forecast(d, "A", MT_TIME_NONE, case_flat(d, KW(1200), 96), 96);
    case_redispatch(d, "MP-A", 44, 46, KW(80));
}

typedef struct terms {
    mt_technology technology;
    mt_lost_rule rule;
    mt_scheme scheme;
    mt_micro value_applied;
    bool energy_credit;
} terms;

static mt_contract contract_of(case_desk *d, terms t)
{
    mt_contract contract = case_contract(d, "A", t.technology, 1000000);
    contract.lost_rule = t.rule;
    contract.scheme = t.scheme;
    contract.value_applied = t.value_applied;
    contract.energy_credit = t.energy_credit;
    return contract;
}

static mt_redispatch_quarter measured(terms t)
{
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    open_measure(&d, contract_of(&d, t));
    case_price(&d, MT_PRICE_OF_COMPENSATION, case_flat(&d, EUR(60), 96), 96);
    case_all(&d, &r);
    const mt_redispatch_quarter row = r.redispatch[0][44];
    assert_false(r.redispatch[0][43].redispatched);
    assert_int_equal(r.redispatch[0][43].lost_wh, 0);
    assert_int_equal(r.redispatch[0][43].payout_ueur, 0);
    assert_true(row.origin >= 0);
    assert_string_equal(r.desk->origin[row.origin].name, "redispatch_flag_000003");
    case_close(&d);
    return row;
}

/* (1,000 - 80) kW / 4 = 230 kWh at 60 EUR/MWh = 13.80 EUR. By hand. */
static void redispatch__loses_the_forecast_less_the_setpoint(void **state)
{
    (void)state;
    const mt_redispatch_quarter row = measured((terms){.technology = MT_SOLAR});
    assert_true(row.redispatched && row.rule == MT_LOST_FORECAST && row.scheme == MT_SCHEME_TRANSITIONAL);
    assert_int_equal(row.forecast_wh, 250000);
    assert_int_equal(row.lost_wh, 230000);
    assert_int_equal(row.credited_wh, 0);
    assert_int_equal(row.price, EUR(60));
    assert_int_equal(row.payout_ueur, 13800000);
    assert_int_equal(measured((terms){.energy_credit = true}).credited_wh, 230000);
}

/* The quarter 44 of that day begins at 09:00 UTC, 10:00 in UTC+1, factor 0.6189: (618.9 - 80) / 4 = 134.725
 * kWh; wind: (600 - 80) / 4 = 130. */
static void redispatch__goes_by_plant_factor_or_the_power_before(void **state)
{
    (void)state;
    mt_redispatch_quarter row = measured((terms){.technology = MT_SOLAR, .rule = MT_LOST_FLAT});
    assert_int_equal(row.rule, MT_LOST_FLAT);
    assert_int_equal(row.forecast_wh, 154725);
    assert_int_equal(row.lost_wh, 134725);
    row = measured((terms){.technology = MT_WIND, .rule = MT_LOST_FLAT});
    assert_int_equal(row.rule, MT_LOST_FLAT);
    assert_int_equal(row.forecast_wh, 150000);
    assert_int_equal(row.lost_wh, 130000);
}

/* 999,999 W x 0.6189 - 80 kW = 538.8993811 kW, x 250 = 134,724.845 Wh: one rounding. */
static void redispatch__rounds_a_flat_loss_once(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    mt_contract contract = contract_of(&d, (terms){.technology = MT_SOLAR, .rule = MT_LOST_FLAT});
    contract.capacity_w = 999999;
    open_measure(&d, contract);
    case_all(&d, &r);
    assert_int_equal(r.redispatch[0][44].lost_wh, 134725);
    assert_int_equal(r.redispatch[0][44].forecast_wh, 154725);
    case_close(&d);
}

static mt_redispatch_quarter by_weather(mt_technology technology, double before, double during)
{
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    open_measure(&d, contract_of(&d, (terms){.technology = technology, .rule = MT_LOST_WEATHER}));
    case_weather(&d, "A", 43, 44, before, before); /* none for the second quarter of the measure */
    case_weather(&d, "A", 44, 45, during, during);
    case_all(&d, &r);
    const mt_redispatch_quarter row = r.redispatch[0][44];
    assert_int_equal(r.redispatch[0][45].rule, MT_LOST_FORECAST);
    assert_int_equal(r.redispatch[0][45].lost_wh, 230000);
    case_close(&d);
    return row;
}

/* Solar: 600 x 800 / 750 = 640 kW, less 80: 140 kWh. Wind: curve(6) = 189 / 1701, curve(8) = 485 / 1701:
 * 600 x 485 / 189 is above the capacity; curve(5) = 98 / 1701: 600 x 98 / 189 = 311.111 kW, less 80. */
static void redispatch__follows_the_weather_where_it_is_known(void **state)
{
    (void)state;
    mt_redispatch_quarter row = by_weather(MT_SOLAR, 750, 800);
    assert_int_equal(row.rule, MT_LOST_WEATHER);
    assert_int_equal(row.lost_wh, 140000);
    assert_int_equal(by_weather(MT_WIND, 6, 8).lost_wh, 230000);
    assert_int_equal(by_weather(MT_WIND, 6, 5).lost_wh, 77778 - 20000);
    row = by_weather(MT_SOLAR, 0, 800);
    assert_int_equal(row.rule, MT_LOST_FORECAST);
    assert_int_equal(row.lost_wh, 230000);
    assert_int_equal(by_weather(MT_WIND, 30, 8).rule, MT_LOST_FORECAST);
}

/* 230 kWh at 7.30 ct/kWh = 16.79 EUR. */
static void redispatch__pays_the_value_applied_of_a_tariff(void **state)
{
    (void)state;
    terms t = {.scheme = MT_SCHEME_FEED_IN_TARIFF, .value_applied = EUR(7.3)};
    mt_redispatch_quarter row = measured(t);
    assert_int_equal(row.payout_ueur, 16790000);
    assert_int_equal(row.credited_wh, 0);
    t.energy_credit = true;
    assert_int_equal(measured(t).credited_wh, 230000);
    t.value_applied = MT_MICRO_NONE;
    assert_true(measured(t).payout_ueur == MT_MICRO_NONE);
}

/* 230 kWh at 11.2 - 8.883 = 2.317 ct/kWh = 5.3291 EUR; nothing in negative hours of a plant of 2020. */
static void redispatch__credits_energy_and_owes_the_premium_alone(void **state)
{
    (void)state;
    for (int negative = 0; negative < 2; negative++) {
        case_desk d;
        case_rooms r;
        mt_plant plant = case_plant("A", MT_SOLAR, 1000000);
        plant.commissioned = case_day("2020-01-01");
        case_open(&d, "2025-06-08", 1);
        open_measure(&d, contract_of(&d, (terms){.scheme = MT_SCHEME_PREMIUM,
                                                 .value_applied = EUR(11.2),
                                                 .energy_credit = true}));
        case_plants(&d, &plant, 1);
        case_market_value(&d, 2025, 6, MT_SOLAR, EUR(8.883));
        case_price(&d, MT_PRICE_OF_DAY_AHEAD, case_flat(&d, negative ? -EUR(1) : EUR(1), 96), 96);
        case_all(&d, &r);
        const mt_redispatch_quarter *row = &r.redispatch[0][44];
        assert_int_equal(row->credited_wh, 230000);
        assert_int_equal(row->negative_period, negative);
        assert_int_equal(row->price, negative ? 0 : 23170000);
        assert_int_equal(row->payout_ueur, negative ? 0 : 5329100);
        case_close(&d);
    }
}

static void redispatch__says_what_is_missing(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    mt_contract contract = contract_of(&d, (terms){.technology = MT_WIND, .rule = MT_LOST_FLAT});
    case_contracts(&d, &contract, 1);
    case_forecast(&d, "A", MT_TIME_NONE, case_span(&d, 0, 45, KW(100), GAP), 96);
    case_redispatch(&d, "MP-A", 0, 2, GAP);
    case_redispatch(&d, "MP-A", 44, 46, KW(0));
    case_all(&d, &r);
    assert_int_equal(r.redispatch[0][0].rule, MT_LOST_FORECAST); /* nothing is known of before */
    assert_int_equal(r.redispatch[0][0].setpoint_kw, 0);         /* none given: switched off */
    assert_int_equal(r.redispatch[0][0].lost_wh, 25000);
    assert_true(r.redispatch[0][0].payout_ueur == MT_MICRO_NONE); /* no compensation price */
    assert_int_equal(r.redispatch[0][44].rule, MT_LOST_FLAT);
    assert_int_equal(r.redispatch[0][44].lost_wh, 25000);
    case_close(&d);
}

static void redispatch__without_forecast_loses_nobody_knows_what(void **state)
{
    (void)state;
    case_desk d;
    case_rooms r;
    case_open(&d, "2025-06-08", 1);
    const mt_contract contract = case_contract(&d, "A", MT_WIND, 1000000);
    case_contracts(&d, &contract, 1);
    case_forecast(&d, "A", MT_TIME_NONE, case_span(&d, 0, 45, KW(100), GAP), 96);
    case_redispatch(&d, "MP-A", 44, 46, KW(0));
    case_all(&d, &r);
    assert_int_equal(r.redispatch[0][44].lost_wh, 25000);
    assert_true(r.redispatch[0][45].lost_wh == MT_WH_NONE);
    assert_true(r.redispatch[0][45].payout_ueur == MT_MICRO_NONE);
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redispatch__claims_and_corrects_as_published),
        cmocka_unit_test(redispatch__agrees_with_the_vectors),
        cmocka_unit_test(redispatch__loses_the_forecast_less_the_setpoint),
        cmocka_unit_test(redispatch__goes_by_plant_factor_or_the_power_before),
        cmocka_unit_test(redispatch__rounds_a_flat_loss_once),
        cmocka_unit_test(redispatch__follows_the_weather_where_it_is_known),
        cmocka_unit_test(redispatch__pays_the_value_applied_of_a_tariff),
        cmocka_unit_test(redispatch__credits_energy_and_owes_the_premium_alone),
        cmocka_unit_test(redispatch__says_what_is_missing),
        cmocka_unit_test(redispatch__without_forecast_loses_nobody_knows_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
