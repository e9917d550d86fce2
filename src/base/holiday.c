/* Public holidays: the rules of holiday_rules.c applied to a year or a day. */
#include "base/holiday.h"

#include "base/holiday_rules.h"

#include <string.h>

enum { FIRST_YEAR = 1583, LAST_YEAR = 9999, CODES_MAX = 128 };

/* Whether `word` stands in a list such as "BY,BW". */
static bool list_has(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (size_t length = 0; *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        if (length == n && memcmp(list, word, n) == 0) return true;
    }
    return false;
}

static mt_code say_unknown_country(mt_ctx *cx, const char *country)
{
    char known[CODES_MAX] = "";
    size_t used = 0;
    for (size_t k = 0; k < mt_holiday_country_count; k++) {
        size_t n = strlen(mt_holiday_countries[k].code);
        if (used + n + 2 >= sizeof known) break;
        memcpy(known + used, mt_holiday_countries[k].code, n);
        used += n;
        known[used++] = ' ';
    }
    known[used ? used - 1 : 0] = 0;
    return mt_fail(cx, MT_E_ABSENT, "no holidays are known for country \"%s\"; known are %s", country, known);
}

static mt_code find_country(mt_ctx *cx, const mt_holiday_country **out, const char *country,
                            const char *region)
{
    const mt_holiday_country *found = NULL;
    for (size_t k = 0; k < mt_holiday_country_count && !found; k++) {
        if (strcmp(mt_holiday_countries[k].code, country) == 0) found = &mt_holiday_countries[k];
    }
    if (!found) return say_unknown_country(cx, country);
    if (region && !found->regions)
        return mt_fail(cx, MT_E_ABSENT, "no region \"%s\" in %s; right would be none, for the whole country",
                       region, country);
    if (region && !list_has(found->regions, region))
        return mt_fail(cx, MT_E_ABSENT, "no region \"%s\" in %s; known are %s", region, country,
                       found->regions);
    *out = found;
    return MT_OK;
}

/* The day the rule gives in that year, or MT_DAY_NONE. */
static mt_day rule_day(const mt_holiday_rule *rule, int year)
{
    mt_day day;
    if ((rule->first && year < rule->first) || (rule->last && year > rule->last)) return MT_DAY_NONE;
    if (rule->kind == MT_HOLIDAY_EASTER) {
        day = mt_easter(year) + rule->day;
    } else {
        day = mt_day_of(year, rule->month, rule->day);
        if (rule->kind == MT_HOLIDAY_WEEKDAY) day += (rule->weekday - mt_day_weekday(day) + 7) % 7;
    }
    if (!rule->shift) return day;
    int by = rule->shift->by[mt_day_weekday(day) - 1];
    return by == 0 && rule->shift->only_moved ? MT_DAY_NONE : day + by;
}

/* The rule's day inside that year: a substitute of 1 January may lie in the year before. */
static mt_day rule_day_within(const mt_holiday_rule *rule, int year)
{
    mt_day first = mt_day_of(year, 1, 1);
    mt_day end = mt_day_of(year + 1, 1, 1);
    for (int y = year; y <= year + 1; y++) {
        mt_day day = rule_day(rule, y);
        if (day >= first && day < end) return day;
    }
    return MT_DAY_NONE;
}

static bool rule_applies(const mt_holiday_rule *rule, const char *region)
{
    return !rule->region || (region && list_has(rule->region, region));
}

/* In order of date; of two holidays on one day the first in the table comes first. */
static void insert_holiday(mt_holiday *list, size_t n, mt_holiday added)
{
    while (n > 0 && list[n - 1].day > added.day) {
        list[n] = list[n - 1];
        n--;
    }
    list[n] = added;
}

static mt_code check_year(mt_ctx *cx, int year)
{
    if (year >= FIRST_YEAR && year <= LAST_YEAR) return MT_OK;
    return mt_fail(cx, MT_E_INPUT, "the year %d has no known holidays; right would be %d to %d", year,
                   FIRST_YEAR, LAST_YEAR);
}

mt_day mt_easter(int year)
{
    int golden = year % 19;
    int century = year / 100;
    int of_century = year % 100;
    int moon_correction = (century - (century + 8) / 25 + 1) / 3;
    int epact = (19 * golden + century - century / 4 - moon_correction + 15) % 30;
    int to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    int late = (golden + 11 * epact + 22 * to_sunday) / 451;
    return mt_day_of(year, 3, 22) + epact + to_sunday - 7 * late;
}

mt_code mt_holidays(mt_ctx *cx, mt_holiday **out, size_t *n, const char *country, const char *region,
                    int year)
{
    const mt_holiday_country *found = NULL;
    mt_holiday *list;
    size_t count = 0;
    MT_TRY(find_country(cx, &found, country, region));
    MT_TRY(check_year(cx, year));
    MT_TRY(MT_NEW(cx, &list, found->n));
    for (size_t k = 0; k < found->n; k++) {
        const mt_holiday_rule *rule = &found->rule[k];
        mt_day day = rule_applies(rule, region) ? rule_day_within(rule, year) : MT_DAY_NONE;
        if (day == MT_DAY_NONE) continue;
        const char *local = rule->local ? rule->local : rule->name;
        insert_holiday(list, count++, (mt_holiday){day, rule->name, local, rule->region});
    }
    *out = list;
    *n = count;
    return MT_OK;
}

mt_code mt_holiday_on(mt_ctx *cx, const char **out, const char *country, const char *region, mt_day day)
{
    const mt_holiday_country *found = NULL;
    const char *name = NULL;
    MT_TRY(find_country(cx, &found, country, region));
    int year = mt_day_date(day).year;
    MT_TRY(check_year(cx, year));
    for (size_t k = 0; k < found->n && !name; k++) {
        const mt_holiday_rule *rule = &found->rule[k];
        if (rule_applies(rule, region) && rule_day_within(rule, year) == day) name = rule->name;
    }
    *out = name;
    return MT_OK;
}
