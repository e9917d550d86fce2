/* The premium by value applied and market value, and the hours in which nothing is owed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vpp/scheme/premium.h"
#include "vpp/settle_case.h"
#include "vpp/vectors_case.h"

/* Market values of 2023-03 and 2023-02 as published (data/opt/market_values_de.csv), ct/kWh. */
static void premium__is_the_value_applied_less_the_market_value(void **state)
{
    (void)state;
    assert_int_equal(mt_market_premium(7350000, 8515000), 0);
    assert_int_equal(mt_market_premium(11200000, 8883000), 2317000);
    assert_int_equal(mt_market_premium(9000000, 12343000), 0);
    assert_true(mt_market_premium(MT_MICRO_NONE, 1) == MT_MICRO_NONE);
    assert_true(mt_market_premium(1, MT_MICRO_NONE) == MT_MICRO_NONE);
    assert_int_equal(mt_eur_mwh_of_ct_kwh(2317000), 23170000);
}

static void premium__agrees_with_the_vectors(void **state)
{
    (void)state;
    const char *text = vectors_read(), *entry;
    int n = 0;
    for (; (entry = vectors_entry(text, "\"marktpraemie\"", n)); n++)
        assert_int_equal(
            mt_market_premium(vectors_number(entry, "\"aw_ct\""), vectors_number(entry, "\"mw_ct\"")),
            vectors_number(entry, "\"mp_ct\""));
    assert_int_equal(n, 3);
}

/* One line of market_values_de.csv: period, mean, wind on land, at sea, solar, source. Each value goes to
 * the desk and comes back from a day of its period. */
static void check_published(case_desk *d, const char *line, mt_micro value[3], int *year, int *month)
{
    static const mt_technology technology[] = {MT_WIND, MT_WIND_OFFSHORE, MT_SOLAR};
    *year = (line[0] - '0') * 1000 + (line[1] - '0') * 100 + (line[2] - '0') * 10 + line[3] - '0';
    *month = line[5] == 'y' ? 0 : (line[5] - '0') * 10 + line[6] - '0';
    line = strchr(strchr(line, ',') + 1, ',') + 1;
    for (int k = 0; k < 3; k++) {
        assert_true(mt_micro_parse(line, strcspn(line, ","), &value[k]));
        case_market_value(d, *year, *month, technology[k], value[k]);
        line = strchr(line, ',') + 1;
    }
}

static void premium__finds_published_market_values(void **state)
{
    (void)state;
    case_desk d;
    mt_micro value[8][3];
    int year[8], month[8], n = 0;
    const char *text = vectors_read_file("market_values_de.csv");
    case_open(&d, "2023-03-10", 1);
    for (const char *line = strchr(text, '\n'); line && line[1] && n < 8; n++) {
        check_published(&d, line + 1, value[n], &year[n], &month[n]);
        line = strchr(line + 1, '\n');
    }
    assert_int_equal(n, 3);
    const mt_desk *desk = case_finish(&d);
    for (int k = 0; k < n; k++) {
        const mt_day day = mt_day_of(year[k], month[k] ? month[k] : 7, 15);
        assert_int_equal(mt_desk_market_value(desk, MT_WIND, day, month[k] == 0), value[k][0]);
        assert_int_equal(mt_desk_market_value(desk, MT_WIND_OFFSHORE, day, month[k] == 0), value[k][1]);
        assert_int_equal(mt_desk_market_value(desk, MT_SOLAR, day, month[k] == 0), value[k][2]);
        assert_true(mt_desk_market_value(desk, MT_SOLAR, day, month[k] != 0) == MT_MICRO_NONE);
    }
    case_close(&d);
}

/* A desk with an asset A that was commissioned then; day-ahead prices of -1 in `hours` hours from 10:00. */
static void open_negative(case_desk *d, const char *day, const char *commissioned, int hours)
{
    case_open(d, day, 1);
    mt_contract contract = case_contract(d, "A", MT_SOLAR, 1000000);
    mt_plant plant = case_plant("A", MT_SOLAR, 1000000);
    const int year = mt_day_date(case_day(day)).year, month = mt_day_date(case_day(day)).month;
    contract.begin = case_day("2015-01-01");
    contract.scheme = MT_SCHEME_PREMIUM;
    contract.value_applied = EUR(11.2);
    plant.commissioned = case_day(commissioned);
    case_contracts(d, &contract, 1);
    case_plants(d, &plant, 1);
    case_price(d, MT_PRICE_OF_DAY_AHEAD, case_span(d, 40, 40 + 4 * hours, -EUR(1), EUR(50)), 96);
    case_market_value(d, year, month, MT_SOLAR, EUR(8.883));
    case_market_value(d, year, 0, MT_SOLAR, EUR(9.2));
}

/* Quarters of the day in which a plant of that day gets nothing. */
static int suspended(const char *day, const char *commissioned, int hours)
{
    case_desk d;
    int n = 0;
    open_negative(&d, day, commissioned, hours);
    const mt_desk *desk = case_finish(&d);
    for (size_t q = 0; q < desk->grid.n; q++) n += mt_negative_period(desk, case_day(commissioned), q);
    case_close(&d);
    return n;
}

/* Sec. 51 EEG of the year of commissioning. */
static void premium__is_suspended_by_the_rule_of_the_plants_year(void **state)
{
    (void)state;
    assert_int_equal(suspended("2025-06-08", "2015-12-31", 8), 0);
    assert_int_equal(suspended("2025-06-08", "2016-01-01", 5), 0);
    assert_int_equal(suspended("2025-06-08", "2016-01-01", 6), 24);
    assert_int_equal(suspended("2025-06-08", "2020-12-31", 5), 0);
    assert_int_equal(suspended("2025-06-08", "2021-01-01", 3), 0);
    assert_int_equal(suspended("2025-06-08", "2022-12-31", 4), 16);
    assert_int_equal(suspended("2023-06-08", "2023-01-01", 3), 0);
    assert_int_equal(suspended("2023-06-08", "2023-01-01", 4), 16);
    assert_int_equal(suspended("2025-06-08", "2023-01-01", 2), 0);
    assert_int_equal(suspended("2025-06-08", "2025-02-24", 3), 12);
    assert_int_equal(suspended("2026-06-08", "2023-01-01", 2), 8);
    assert_int_equal(suspended("2027-06-08", "2023-01-01", 1), 4);
    assert_int_equal(suspended("2025-06-08", "2025-02-25", 1), 4);
}

/* Suspended quarters of a day whose last `last` hours are negative, as are the first `next` hours of the day
 * after; the day before ends with `before` negative hours and the day begins with `first`. */
static size_t suspended_beside(int before, int first, int last, int next)
{
    case_desk d;
    mt_price_value value[3 * 24];
    size_t n = 0;
    open_negative(&d, "2025-06-08", "2016-01-01", 0);
    for (int hour = -24; hour < 48; hour++) {
        bool negative = (hour < 0 && hour >= -before) || (hour >= 0 && hour < first) ||
                        (hour < 24 && hour >= 24 - last) || (hour >= 24 && hour < 24 + next);
        value[hour + 24] = (mt_price_value){case_quarter(&d, 4 * hour), case_quarter(&d, 4 * hour + 4),
                                            negative ? -EUR(1) : EUR(1)};
    }
    for (int day = 0; day < 3; day++)
        case_ok(&d, d.taker->price(&d.cx, d.taker->arg, case_file(&d, "price"), MT_PRICE_OF_DAY_AHEAD,
                                   value + 24 * day, 24));
    const mt_desk *desk = case_finish(&d);
    for (size_t q = 0; q < desk->grid.n; q++) n += mt_negative_period(desk, case_day("2016-01-01"), q);
    case_close(&d);
    return n;
}

/* Sec. 51 EEG 2017: at least six hours, which may lie on two days; a day alone settles as its month would. */
static void premium__counts_runs_over_the_midnights_of_its_days(void **state)
{
    (void)state;
    assert_int_equal(suspended_beside(0, 0, 3, 3), 12);
    assert_int_equal(suspended_beside(0, 0, 3, 2), 0);
    assert_int_equal(suspended_beside(4, 2, 0, 0), 8);
    assert_int_equal(suspended_beside(3, 2, 0, 0), 0);
    assert_int_equal(suspended_beside(24, 1, 1, 24), 8);
    assert_int_equal(suspended_beside(24, 0, 0, 24), 0);
}

static const mt_desk *open_hour(case_desk *d, const mt_micro price[4])
{
    mt_micro *day = NULL;
    case_open(d, "2027-06-08", 1);
    const mt_contract contract = case_contract(d, "A", MT_SOLAR, 1000000);
    case_contracts(d, &contract, 1);
    day = case_span(d, 0, 0, 0, EUR(1));
    memcpy(&day[40], price, 4 * sizeof *price);
    case_price(d, MT_PRICE_OF_DAY_AHEAD, day, 96);
    return case_finish(d);
}

static void premium__counts_an_hour_by_the_mean_of_its_quarters(void **state)
{
    (void)state;
    case_desk d;
    const mt_desk *desk = open_hour(&d, (mt_micro[]){-EUR(10), EUR(3), EUR(3), EUR(3)});
    for (size_t q = 40; q < 44; q++) assert_true(mt_negative_period(desk, case_day("2023-01-01"), q));
    assert_true(mt_negative_period(desk, case_day("2025-02-25"), 40));
    assert_false(mt_negative_period(desk, case_day("2025-02-25"), 41));
    case_close(&d);
    desk = open_hour(&d, (mt_micro[]){-EUR(10), EUR(3), EUR(3), EUR(5)});
    assert_false(mt_negative_period(desk, case_day("2023-01-01"), 40));
    assert_false(mt_negative_period(desk, MT_DAY_NONE, 40));
    case_close(&d);
    desk = open_hour(&d, (mt_micro[]){-EUR(10), GAP, GAP, GAP});
    assert_false(mt_negative_period(desk, case_day("2023-01-01"), 40));
    assert_true(mt_negative_period(desk, case_day("2025-02-25"), 40));
    case_close(&d);
}

static mt_micro premium_of(const char *commissioned, size_t quarter)
{
    case_desk d;
    open_negative(&d, "2025-06-08", commissioned, 6);
    const mt_desk *desk = case_finish(&d);
    mt_micro premium = mt_premium_at(desk, &desk->asset[0], desk->asset[0].contract[0], quarter);
    case_close(&d);
    return premium;
}

/* EEG Annex 1: month for plants before 2023, else year. 11.2 - 8.883 and 11.2 - 9.2 ct/kWh. */
static void premium__goes_by_the_month_or_the_year_of_the_market_value(void **state)
{
    (void)state;
    assert_int_equal(premium_of("2022-12-31", 0), 23170000);
    assert_int_equal(premium_of("2023-01-01", 0), 20000000);
    assert_int_equal(premium_of("2022-12-31", 40), 0);
    assert_int_equal(premium_of("2015-12-31", 40), 23170000);
}

static void premium__is_missing_where_something_it_needs_is(void **state)
{
    (void)state;
    case_desk d;
    case_open(&d, "2025-06-08", 1);
    mt_contract contract = case_contract(&d, "A", MT_SOLAR, 1000000);
    mt_plant plant = case_plant("A", MT_SOLAR, 1000000);
    contract.scheme = MT_SCHEME_PREMIUM;
    contract.value_applied = EUR(11.2);
    case_contracts(&d, &contract, 1);
    case_market_value(&d, 2025, 6, MT_SOLAR, EUR(8.883));
    const mt_desk *desk = case_finish(&d);
    mt_desk_asset asset = desk->asset[0];
    asset.plant = &plant;
    plant.commissioned = case_day("2020-01-01");
    assert_string_equal(mt_premium_lack(desk, &asset, &contract, 0), "day-ahead price");
    assert_true(mt_premium_at(desk, &asset, &contract, 0) == MT_MICRO_NONE);
    contract.value_applied = EUR(8.883);
    assert_int_equal(mt_premium_at(desk, &asset, &contract, 0), 0); /* nothing is nothing at any price */
    contract.value_applied = EUR(11.2);
    plant.commissioned = case_day("2015-12-31"); /* needs none */
    assert_int_equal(mt_premium_at(desk, &asset, &contract, 0), 23170000);
    plant.commissioned = MT_DAY_NONE;
    assert_string_equal(mt_premium_lack(desk, &asset, &contract, 0), "commissioning day of the plant");
    assert_true(mt_premium_at(desk, &asset, &contract, 0) == MT_MICRO_NONE);
    plant.commissioned = case_day("2023-01-01");
    assert_string_equal(mt_premium_lack(desk, &asset, &contract, 0), "market value of the year");
    assert_true(mt_premium_at(desk, &asset, &contract, 0) == MT_MICRO_NONE);
    contract.value_applied = MT_MICRO_NONE;
    assert_string_equal(mt_premium_lack(desk, &asset, &contract, 0), "value_applied of the contract");
    case_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(premium__is_the_value_applied_less_the_market_value),
        cmocka_unit_test(premium__agrees_with_the_vectors),
        cmocka_unit_test(premium__finds_published_market_values),
        cmocka_unit_test(premium__is_suspended_by_the_rule_of_the_plants_year),
        cmocka_unit_test(premium__counts_runs_over_the_midnights_of_its_days),
        cmocka_unit_test(premium__counts_an_hour_by_the_mean_of_its_quarters),
        cmocka_unit_test(premium__goes_by_the_month_or_the_year_of_the_market_value),
        cmocka_unit_test(premium__is_missing_where_something_it_needs_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
