/* Tests of public holidays: golden sums of another program's calendar, key dates from laws. */
#include "base/holiday.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/ctx_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static mt_day day_of(const char *text)
{
    mt_day day = 0;
    if (!mt_day_parse(text, strlen(text), &day)) fail_msg("%s", text);
    return day;
}

typedef struct golden {
    const char *country, *region;
    int first;    /* year, up to 2035 */
    size_t days;  /* different days that are holidays */
    uint64_t sum; /* of the days d since 1970 in order: sum = sum * 31 + d modulo 2^64 */
} golden;

/* From the Python package `holidays` 0.108 (MIT licence), public holidays of the years named, with these
 * differences, each decided by the law that stands in holiday_rules.c:
 *   IT  without 4 November, which is kept on a Sunday;
 *   ES  from 2008, where that package begins, and without Sundays, which it leaves out;
 *   SCT from 2007, for St Andrew's Day became a bank holiday by an act of January 2007;
 *   DE  from 1991, where that package begins. */
static const golden GOLDEN[] = {
    {"UK", NULL, 1991, 316, UINT64_C(14816236948436182843)},
    {"UK", "ENG", 1991, 406, UINT64_C(16988144903623588421)},
    {"UK", "WLS", 1991, 406, UINT64_C(16988144903623588421)},
    {"UK", "SCT", 2007, 307, UINT64_C(9864615917146015284)},
    {"UK", "NIR", 1991, 521, UINT64_C(16987606880108837076)},
    {"DE", NULL, 1991, 409, UINT64_C(15166155277504845285)},
    {"DE", "BW", 1991, 544, UINT64_C(13707047495906541107)},
    {"DE", "BY", 1991, 544, UINT64_C(13707047495906541107)},
    {"DE", "BE", 1991, 429, UINT64_C(12575572995691469750)},
    {"DE", "BB", 1991, 543, UINT64_C(7002481441000552099)},
    {"DE", "HB", 1991, 427, UINT64_C(512733428138432954)},
    {"DE", "HH", 1991, 427, UINT64_C(512733428138432954)},
    {"DE", "HE", 1991, 454, UINT64_C(5685463851620047969)},
    {"DE", "MV", 1991, 466, UINT64_C(12607591085929139170)},
    {"DE", "NI", 1991, 427, UINT64_C(512733428138432954)},
    {"DE", "NW", 1991, 499, UINT64_C(6431153705569608945)},
    {"DE", "RP", 1991, 499, UINT64_C(6431153705569608945)},
    {"DE", "SL", 1991, 544, UINT64_C(1081340130357067391)},
    {"DE", "SN", 1991, 494, UINT64_C(1276680338972392952)},
    {"DE", "ST", 1991, 498, UINT64_C(18274177878245394704)},
    {"DE", "SH", 1991, 427, UINT64_C(512733428138432954)},
    {"DE", "TH", 1991, 470, UINT64_C(3774936554954898853)},
    {"FR", NULL, 1991, 490, UINT64_C(8839670634082318237)},
    {"ES", NULL, 2008, 244, UINT64_C(13838954388040159618)},
    {"DK", NULL, 1991, 483, UINT64_C(6258783911151674780)},
    {"NO", NULL, 1991, 535, UINT64_C(2060237222098149812)},
    {"SE", NULL, 1991, 584, UINT64_C(6698377686486772106)},
    {"NL", NULL, 1991, 458, UINT64_C(12461599581888485013)},
    {"BE", NULL, 1991, 539, UINT64_C(7746646966767777007)},
    {"AT", NULL, 1991, 584, UINT64_C(1451342892097433551)},
    {"IT", NULL, 1991, 550, UINT64_C(5889451851919552130)},
    {"US", NULL, 1991, 522, UINT64_C(656469814343905215)},
};

static void check_golden(mt_ctx *cx, const golden *g)
{
    uint64_t sum = 0;
    size_t days = 0;
    mt_day before = MT_DAY_NONE;
    for (int year = g->first; year <= 2035; year++) {
        mt_holiday *holiday;
        size_t n;
        assert_int_equal(mt_holidays(cx, &holiday, &n, g->country, g->region, year), MT_OK);
        for (size_t k = 0; k < n; k++) {
            assert_true(holiday[k].day >= before);
            bool left_out = strcmp(g->country, "ES") == 0 && mt_day_weekday(holiday[k].day) == 7;
            if (holiday[k].day == before || left_out) continue;
            before = holiday[k].day;
            sum = sum * 31 + (uint64_t)before;
            days++;
        }
    }
    if (days != g->days || sum != g->sum)
        fail_msg("%s %s: %zu days, %zu expected", g->country, g->region ? g->region : "", days, g->days);
}

static void holiday__agrees_with_another_calendar_from_1991_to_2035(void **state)
{
    for (size_t k = 0; k < COUNT(GOLDEN); k++) check_golden(*state, &GOLDEN[k]);
}

/* name NULL: an ordinary day. */
static const struct { const char *country, *region, *day, *name; } KEY_DAY[] = {
    {"DE", NULL, "2017-10-30", NULL},
    {"DE", NULL, "2017-10-31", "Reformation Day (500 years)"},
    {"DE", "BY", "2017-10-31", "Reformation Day (500 years)"},
    {"DE", "HH", "2018-10-31", "Reformation Day"},
    {"DE", "BE", "2018-10-31", NULL},
    {"DE", NULL, "2018-10-31", NULL},
    {"DE", "HH", "2016-10-31", NULL},
    {"DE", "SN", "2016-10-31", "Reformation Day"},
    {"DE", "BE", "2018-03-08", NULL},
    {"DE", "BE", "2019-03-08", "International Women's Day"},
    {"DE", "MV", "2022-03-08", NULL},
    {"DE", "MV", "2023-03-08", "International Women's Day"},
    {"DE", "BE", "2020-05-08", "75 years of liberation from National Socialism"},
    {"DE", "BE", "2025-05-08", "80 years of liberation from National Socialism"},
    {"DE", "TH", "2019-09-20", "World Children's Day"},
    {"DE", NULL, "1994-11-16", "Day of Repentance and Prayer"},
    {"DE", NULL, "1995-11-22", NULL},
    {"DE", "SN", "1995-11-22", "Day of Repentance and Prayer"},
    {"DE", NULL, "1990-06-17", "Day of German Unity (17 June)"},
    {"DE", NULL, "1990-10-03", "German Unity Day"},
    {"DE", NULL, "1989-10-03", NULL},
    {"DE", NULL, "1991-06-17", NULL},
    {"UK", NULL, "2022-05-30", NULL},
    {"UK", NULL, "2022-06-02", "Spring bank holiday"},
    {"UK", NULL, "2022-06-03", "Platinum Jubilee of Elizabeth II"},
    {"UK", NULL, "2022-09-19", "State Funeral of Queen Elizabeth II"},
    {"UK", NULL, "2023-05-08", "Coronation of Charles III"},
    {"UK", NULL, "2020-05-04", NULL},
    {"UK", NULL, "2020-05-08", "Early May bank holiday (VE Day)"},
    {"UK", NULL, "2012-06-05", "Diamond Jubilee of Elizabeth II"},
    {"UK", NULL, "2011-04-29", "Wedding of William and Catherine"},
    {"UK", NULL, "2002-06-03", "Golden Jubilee of Elizabeth II"},
    {"UK", NULL, "2021-12-27", "Christmas Day (substitute day)"},
    {"UK", NULL, "2021-12-28", "Boxing Day (substitute day)"},
    {"UK", NULL, "2022-12-27", "Christmas Day (substitute day)"},
    {"UK", NULL, "2022-01-03", "New Year's Day (substitute day)"},
    {"UK", "SCT", "2022-01-04", "2nd January (substitute day)"},
    {"UK", "SCT", "2023-01-03", "2nd January (substitute day)"},
    {"UK", "SCT", "2024-08-05", "Summer bank holiday"},
    {"UK", "ENG", "2024-08-05", NULL},
    {"UK", "ENG", "2024-08-26", "Summer bank holiday"},
    {"UK", "SCT", "2024-04-01", NULL},
    {"DK", NULL, "2023-05-05", "Great Prayer Day"},
    {"DK", NULL, "2024-04-26", NULL},
    {"US", NULL, "2020-06-19", NULL},
    {"US", NULL, "2021-06-18", "Juneteenth National Independence Day (observed)"},
    {"US", NULL, "2021-06-19", "Juneteenth National Independence Day"},
    {"US", NULL, "2022-06-20", "Juneteenth National Independence Day (observed)"},
    {"US", NULL, "2021-12-31", "New Year's Day (observed)"},
    {"US", NULL, "2024-11-28", "Thanksgiving Day"},
    {"IT", NULL, "2025-10-04", NULL},
    {"IT", NULL, "2026-10-04", "St Francis of Assisi"},
    {"NL", NULL, "2013-04-30", "Queen's Day"},
    {"NL", NULL, "2014-04-26", "King's Day"},
    {"NL", NULL, "2014-04-27", NULL},
    {"NL", NULL, "2025-05-05", "Liberation Day"},
    {"NL", NULL, "2024-05-05", NULL},
    {"SE", NULL, "2004-06-06", NULL},
    {"SE", NULL, "2005-06-06", "National Day"},
    {"SE", NULL, "2004-05-31", "Whit Monday"},
    {"SE", NULL, "2005-05-16", NULL},
    {"SE", NULL, "2025-06-21", "Midsummer Day"},
    {"FR", NULL, "1981-05-08", NULL},
    {"FR", NULL, "1982-05-08", "Victory Day"},
    {"FR", NULL, "2005-05-16", NULL},
    {"FR", NULL, "2008-05-12", "Whit Monday"},
    {"ES", NULL, "2022-12-25", "Christmas Day"},
    {"NO", NULL, "2025-05-17", "Constitution Day"},
    {"BE", NULL, "2025-07-21", "National Day"},
    {"AT", NULL, "2025-10-26", "National Day"},
};

static void holiday__knows_the_days_that_laws_moved_or_gave_once(void **state)
{
    for (size_t k = 0; k < COUNT(KEY_DAY); k++) {
        const char *name = "unwritten";
        const char *expected = KEY_DAY[k].name;
        mt_day day = day_of(KEY_DAY[k].day);
        assert_int_equal(mt_holiday_on(*state, &name, KEY_DAY[k].country, KEY_DAY[k].region, day), MT_OK);
        if (!name != !expected || (name && strcmp(name, expected) != 0))
            fail_msg("%s %s: %s", KEY_DAY[k].country, KEY_DAY[k].day, name ? name : "ordinary");
    }
}

static void holiday__gives_both_names_and_the_regions(void **state)
{
    mt_ctx *cx = *state;
    mt_holiday *holiday;
    size_t n;
    assert_int_equal(mt_holidays(cx, &holiday, &n, "DE", "BY", 2025), MT_OK);
    assert_int_equal(n, 12);
    assert_int_equal(holiday[1].day, day_of("2025-01-06"));
    assert_string_equal(holiday[1].name, "Epiphany");
    assert_string_equal(holiday[1].local, "Heilige Drei Könige");
    assert_string_equal(holiday[1].region, "BW,BY,ST");
    assert_null(holiday[0].region);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "DE", NULL, 2025), MT_OK);
    assert_int_equal(n, 9);
    for (size_t k = 0; k < n; k++) assert_null(holiday[k].region);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "UK", NULL, 2025), MT_OK);
    assert_string_equal(holiday[0].local, holiday[0].name);
}

static void holiday__lists_both_holidays_of_one_day(void **state)
{
    mt_ctx *cx = *state;
    mt_holiday *holiday;
    size_t n;
    size_t found = 0;
    assert_int_equal(mt_holidays(cx, &holiday, &n, "FR", NULL, 2008), MT_OK); /* Ascension on 1 May */
    for (size_t k = 0; k < n; k++) found += holiday[k].day == day_of("2008-05-01");
    assert_int_equal(found, 2);
}

static void holiday__names_what_is_known_when_asked_for_the_unknown(void **state)
{
    mt_ctx *cx = *state;
    mt_holiday *holiday = NULL;
    const char *name;
    size_t n;
    assert_int_equal(mt_holidays(cx, &holiday, &n, "XX", NULL, 2025), MT_E_ABSENT);
    assert_string_equal(cx->err, "no holidays are known for country \"XX\"; "
                                 "known are UK DE FR ES DK NO SE NL BE AT IT US");
    assert_int_equal(mt_holidays(cx, &holiday, &n, "DE", "XX", 2025), MT_E_ABSENT);
    assert_non_null(strstr(cx->err, "known are BW,BY,BE"));
    assert_int_equal(mt_holidays(cx, &holiday, &n, "DE", "B", 2025), MT_E_ABSENT);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "DE", "", 2025), MT_E_ABSENT);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "FR", "IDF", 2025), MT_E_ABSENT);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "FR", NULL, 1582), MT_E_INPUT);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "FR", NULL, 10000), MT_E_INPUT);
    assert_int_equal(mt_holiday_on(cx, &name, "FR", NULL, MT_DAY_NONE), MT_E_INPUT);
    assert_null(holiday);
    assert_int_equal(mt_holidays(cx, &holiday, &n, "US", NULL, 9999), MT_OK);
}

static void holiday__finds_easter(void **state)
{
    (void)state;
    /* 1583 to 4099 against dateutil.easter 2.9 (BSD licence), summed as above. */
    uint64_t sum = 0;
    for (int year = 1583; year <= 4099; year++) sum = sum * 31 + (uint64_t)(int64_t)mt_easter(year);
    assert_true(sum == UINT64_C(16517044545483346773));
    for (int year = 1583; year <= 9999; year++) {
        mt_day easter = mt_easter(year);
        assert_int_equal(mt_day_weekday(easter), 7);
        assert_in_range(easter - mt_day_of(year, 3, 22), 0, 34);
    }
    assert_int_equal(mt_easter(1818), day_of("1818-03-22"));
    assert_int_equal(mt_easter(1943), day_of("1943-04-25"));
    assert_int_equal(mt_easter(2024), day_of("2024-03-31"));
}

static void holiday__says_when_memory_runs_out(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_holiday *holiday = NULL;
    size_t n;
    mt_ctx_init(&cx, NULL);
    cx.arena.fail_at = 1;
    assert_int_equal(mt_holidays(&cx, &holiday, &n, "DE", NULL, 2025), MT_E_MEMORY);
    assert_null(holiday);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(holiday__agrees_with_another_calendar_from_1991_to_2035),
        IN_CONTEXT(holiday__knows_the_days_that_laws_moved_or_gave_once),
        IN_CONTEXT(holiday__gives_both_names_and_the_regions),
        IN_CONTEXT(holiday__lists_both_holidays_of_one_day),
        IN_CONTEXT(holiday__names_what_is_known_when_asked_for_the_unknown),
        cmocka_unit_test(holiday__finds_easter),
        cmocka_unit_test(holiday__says_when_memory_runs_out),
    };
    return cmocka_run_group_tests_name("holiday", test, NULL, NULL);
}
