/* The market premium by commissioning day, market value and negative hours. */
#include "vpp/scheme/premium.h"

#define QUARTERS_OF_HOUR 4

/* Consecutive negative hours that suspend the premium of plants commissioned before that day. */
static const struct {
    int year, month, day;
    size_t hours; /* 0: never */
} suspension[] = {
    {2016, 1, 1, 0}, /* EEG 2014 and before */
    {2021, 1, 1, 6}, /* EEG 2014 sec. 24, EEG 2017 sec. 51 */
    {2023, 1, 1, 4}, /* EEG 2021 sec. 51 */
};

/* EEG 2023 sec. 51 for plants commissioned before 2025-02-25: by the year of delivery. */
static const struct {
    int before_year;
    size_t hours;
} falling[] = {{2024, 4}, {2026, 3}, {2027, 2}};

static mt_day day_of_quarter(const mt_desk *desk, size_t quarter)
{
    return desk->options.first + (mt_day)mt_desk_day_index(desk, quarter);
}

static bool every_quarter_counts(mt_day commissioned)
{
    return commissioned >= mt_day_of(2025, 2, 25);
}

static size_t hours_needed(mt_day commissioned, int delivery_year)
{
    for (size_t k = 0; k < sizeof suspension / sizeof *suspension; k++) {
        if (commissioned < mt_day_of(suspension[k].year, suspension[k].month, suspension[k].day))
            return suspension[k].hours;
    }
    for (size_t k = 0; k < sizeof falling / sizeof *falling; k++) {
        if (delivery_year < falling[k].before_year) return falling[k].hours;
    }
    return 1;
}

static bool hour_is_negative(const mt_desk *desk, ptrdiff_t hour)
{
    int64_t sum = 0;
    for (int k = 0; k < QUARTERS_OF_HOUR; k++) {
        sum = mt_exact_sum(sum, mt_desk_day_ahead_near(desk, hour * QUARTERS_OF_HOUR + k));
        if (sum == MT_MICRO_NONE) return false;
    }
    return sum < 0;
}

/* Whether the run of negative hours around `hour` is at least `needed` long; hours beside the desk's days
 * count, so that a day settles as its month does. */
static bool run_is_long(const mt_desk *desk, ptrdiff_t hour, size_t needed)
{
    size_t length = 1;
    if (!hour_is_negative(desk, hour)) return false;
    for (ptrdiff_t k = hour - 1; length < needed && hour_is_negative(desk, k); k--) length++;
    for (ptrdiff_t k = hour + 1; length < needed && hour_is_negative(desk, k); k++) length++;
    return length >= needed;
}

mt_micro mt_eur_mwh_of_ct_kwh(mt_micro value_ct_kwh)
{
    return mt_exact_ratio(value_ct_kwh, 10, 1);
}

mt_micro mt_market_premium(mt_micro applied_ct_kwh, mt_micro market_value_ct_kwh)
{
    if (applied_ct_kwh == MT_MICRO_NONE || market_value_ct_kwh == MT_MICRO_NONE) return MT_MICRO_NONE;
    mt_micro premium = applied_ct_kwh - market_value_ct_kwh;
    return premium > 0 ? premium : 0;
}

mt_micro mt_desk_market_value(const mt_desk *desk, mt_technology technology, mt_day day, bool of_year)
{
    const mt_date date = mt_day_date(day);
    const int month = of_year ? 0 : date.month;
    for (size_t k = 0; k < desk->n_market_value; k++) {
        const mt_market_value *value = &desk->market_value[k];
        if (value->year == date.year && value->month == month && value->technology == technology)
            return value->value_ct_kwh;
    }
    return MT_MICRO_NONE;
}

bool mt_negative_period(const mt_desk *desk, mt_day commissioned, size_t quarter)
{
    if (commissioned == MT_DAY_NONE) return false;
    if (every_quarter_counts(commissioned)) {
        mt_micro price = mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, quarter);
        return price != MT_MICRO_NONE && price < 0;
    }
    size_t needed = hours_needed(commissioned, mt_day_date(day_of_quarter(desk, quarter)).year);
    return needed > 0 && run_is_long(desk, (ptrdiff_t)quarter / QUARTERS_OF_HOUR, needed);
}

static mt_day commissioned_of(const mt_desk_asset *asset)
{
    return asset->plant ? asset->plant->commissioned : MT_DAY_NONE;
}

static bool by_year(mt_day commissioned)
{
    return commissioned >= mt_day_of(2023, 1, 1);
}

/* By value applied and market value alone. */
static mt_micro plain_premium(const mt_desk *desk, const mt_desk_asset *asset, const mt_contract *contract,
                              mt_day day)
{
    return mt_market_premium(contract->value_applied, mt_desk_market_value(desk, contract->technology, day,
                                                                           by_year(commissioned_of(asset))));
}

const char *mt_premium_lack(const mt_desk *desk, const mt_desk_asset *asset, const mt_contract *contract,
                            size_t quarter)
{
    const mt_day day = day_of_quarter(desk, quarter), commissioned = commissioned_of(asset);
    if (commissioned == MT_DAY_NONE) return "commissioning day of the plant";
    if (mt_negative_period(desk, commissioned, quarter)) return NULL;
    const mt_micro premium = plain_premium(desk, asset, contract, day);
    if (premium == 0) return NULL;
    if (contract->value_applied == MT_MICRO_NONE) return "value_applied of the contract";
    if (premium == MT_MICRO_NONE)
        return by_year(commissioned) ? "market value of the year" : "market value of the month";
    const bool by_price = hours_needed(commissioned, mt_day_date(day).year) > 0;
    return by_price && mt_desk_price_at(desk, MT_PRICE_OF_DAY_AHEAD, quarter) == MT_MICRO_NONE
               ? "day-ahead price"
               : NULL;
}

mt_micro mt_premium_at(const mt_desk *desk, const mt_desk_asset *asset, const mt_contract *contract,
                       size_t quarter)
{
    if (mt_premium_lack(desk, asset, contract, quarter)) return MT_MICRO_NONE;
    if (mt_negative_period(desk, commissioned_of(asset), quarter)) return 0;
    return mt_eur_mwh_of_ct_kwh(plain_premium(desk, asset, contract, day_of_quarter(desk, quarter)));
}
