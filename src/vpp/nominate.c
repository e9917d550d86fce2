/* Energies as powers, and a table of deadlines. */
#include "vpp/nominate.h"

#include <stdlib.h>
#include <string.h>

#include "base/holiday.h"

#define MICRO_KW_OF_WH 4000 /* 1 Wh in a quarter hour is 4 W */
#define CHANGE_BEFORE  (15 * MT_US_MINUTE)

enum { SATURDAY = 6 };

/* Once a day; from_* is the first day on which it takes place, 0: always. */
static const struct {
    const char *name;
    int from_year, from_month, from_day;
    int day; /* against the delivery day */
    int hour, minute;
} daily[] = {
    {"day-ahead auction", 0, 0, 0, -1, 12, 0},      /* gate closure of the coupled auction */
    {"day-ahead nomination", 0, 0, 0, -1, 14, 30},  /* to the control area's operator */
    {"intraday auction 1", 2024, 6, 13, -1, 15, 0}, /* SIDC intraday auctions */
    {"intraday auction 2", 2024, 6, 13, -1, 22, 0}, {"intraday auction 3", 2024, 6, 13, 0, 10, 0},
};

static mt_micro power_of(int64_t wh)
{
    return mt_exact_ratio(wh, MICRO_KW_OF_WH, 1);
}

static int64_t traded(const int64_t *wh, size_t quarter)
{
    return wh ? wh[quarter] : 0;
}

mt_code mt_nominate(mt_ctx *cx, const mt_nomination_quarter **out, const mt_desk *desk,
                    mt_forecast_choice choice, mt_time as_of)
{
    mt_nomination_quarter *row;
    const mt_forecast_quarter *forecast;
    MT_TRY(MT_NEW(cx, &row, desk->grid.n));
    MT_TRY(mt_forecast_portfolio(cx, &forecast, desk, choice, as_of));
    for (size_t q = 0; q < desk->grid.n; q++) {
        row[q].start = desk->grid.start + (mt_time)q * MT_QUARTER;
        row[q].production_kw = power_of(forecast[q].wh);
        row[q].bought_kw = power_of(traded(desk->own.bought_wh, q));
        row[q].sold_kw = power_of(traded(desk->own.sold_wh, q));
        row[q].open_kw =
            mt_exact_difference(mt_exact_sum(row[q].production_kw, row[q].bought_kw), row[q].sold_kw);
    }
    *out = row;
    return MT_OK;
}

mt_code mt_next_working_day(mt_ctx *cx, mt_day *out, mt_day day)
{
    for (;;) {
        const char *holiday;
        day++;
        if (mt_day_weekday(day) >= SATURDAY) continue;
        MT_TRY(mt_holiday_on(cx, &holiday, "DE", NULL, day));
        if (holiday) continue;
        *out = day;
        return MT_OK;
    }
}

static mt_deadline deadline_of(const char *name, mt_time until, mt_time now)
{
    return (mt_deadline){.name = name, .until = until, .left = until - now, .passed = now > until};
}

static bool local_instant(const mt_zone *zone, mt_day day, int hour, int minute, mt_time *out)
{
    const mt_date date = mt_day_date(day);
    mt_time found[2];
    const mt_civil local = {
        .year = date.year, .month = date.month, .day = date.day, .hour = hour, .minute = minute};
    if (mt_zone_instants(zone, local, found) == 0) return false;
    *out = found[0];
    return true;
}

/* Those of the table that took place on their day. */
static size_t add_daily(mt_deadline *out, const mt_zone *zone, mt_day day, mt_time now)
{
    size_t n = 0;
    for (size_t k = 0; k < sizeof daily / sizeof *daily; k++) {
        const mt_day on = day + daily[k].day;
        mt_time until;
        if (daily[k].from_year && on < mt_day_of(daily[k].from_year, daily[k].from_month, daily[k].from_day))
            continue;
        if (local_instant(zone, on, daily[k].hour, daily[k].minute, &until))
            out[n++] = deadline_of(daily[k].name, until, now);
    }
    return n;
}

/* On a day of 100 quarters the wall clock alone does not tell which. */
static mt_code add_quarter(mt_ctx *cx, mt_deadline *out, const mt_zone *zone, mt_time start, mt_time now)
{
    const mt_civil local = mt_zone_civil(zone, start);
    mt_time twice[2];
    const bool doubled = mt_zone_instants(zone, local, twice) == 2;
    const char *name;
    MT_TRY(mt_text_format(cx, &name, "last change of %02d:%02d%s%s", local.hour, local.minute,
                          doubled ? " " : "", doubled ? mt_zone_abbreviation(zone, start) : ""));
    *out = deadline_of(name, start - CHANGE_BEFORE, now);
    return MT_OK;
}

static int by_time(const void *a, const void *b)
{
    const mt_deadline *x = a, *y = b;
    return x->until != y->until ? (x->until > y->until) - (x->until < y->until) : strcmp(x->name, y->name);
}

mt_code mt_deadlines(mt_ctx *cx, const mt_deadline **out, size_t *n, const mt_zone *zone, mt_day day,
                     mt_time now)
{
    mt_deadline *list;
    mt_grid grid;
    mt_day working;
    mt_time until;
    MT_TRY(mt_day_grid(cx, &grid, zone, day, MT_QUARTER));
    MT_TRY(MT_NEW(cx, &list, grid.n + sizeof daily / sizeof *daily + 1));
    size_t count = add_daily(list, zone, day, now);
    for (size_t q = 0; q < grid.n; q++, count++)
        MT_TRY(add_quarter(cx, &list[count], zone, grid.start + (mt_time)q * MT_QUARTER, now));
    MT_TRY(mt_next_working_day(cx, &working, day));
    if (local_instant(zone, working, 16, 0, &until))
        list[count++] = deadline_of("correction inside the control area", until, now);
    qsort(list, count, sizeof *list, by_time);
    *out = list;
    *n = count;
    return MT_OK;
}
