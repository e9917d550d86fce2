/* Operations on calendars: the periods of a delivery day, the holidays of a year. */
#include "base/calendar.h"
#include "base/holiday.h"
#include "base/op.h"
#include "base/rows/emit.h"

struct periods_args {
    const char *zone;
    mt_day day;
    mt_time step;
};

struct periods_row {
    int64_t period;
    mt_time start, end;
    const char *local;
    double offset_h;
};

static const mt_field periods_arg[] = {
    {.name = "zone",
     MT_TEXT_AT(periods_args, zone),
     .fallback = "Europe/Berlin",
     .doc = "IANA time zone of the bidding zone"},
    {.name = "day", MT_DAY_AT(periods_args, day), .required = true, .doc = "local delivery day"},
    {.name = "step",
     MT_SPAN_AT(periods_args, step),
     .fallback = "1h",
     .doc = "market time unit: 5min, 15min, 30min or 1h"},
    {.name = NULL}};

static const mt_field periods_col[] = {
    {.name = "period",
     MT_INT_AT(periods_row, period),
     .unit = MT_UNIT_COUNT,
     .doc = "number in the day, from 1"},
    {.name = "start", MT_TIME_AT(periods_row, start), .doc = "first instant of the period, UTC"},
    {.name = "end", MT_TIME_AT(periods_row, end), .doc = "first instant after it, UTC"},
    {.name = "local", MT_TEXT_AT(periods_row, local), .doc = "the wall clock at its start"},
    {.name = "offset_h",
     MT_REAL_AT(periods_row, offset_h),
     .unit = MT_UNIT_HOUR,
     .doc = "local time minus UTC"},
    {.name = NULL}};

static mt_code describe_local(mt_ctx *cx, const mt_zone *zone, mt_time t, struct periods_row *row)
{
    mt_civil local = mt_zone_civil(zone, t);
    row->offset_h = mt_zone_offset_s(zone, t) / 3600.0;
    return mt_text_format(cx, &row->local, "%04d-%02d-%02d %02d:%02d %s", local.year, local.month, local.day,
                          local.hour, local.minute, mt_zone_abbreviation(zone, t));
}

static mt_code periods_run(mt_ctx *cx, const struct mt_world *world, const void *args, mt_sink *out)
{
    const struct periods_args *a = args;
    const mt_zone *zone;
    mt_grid grid;
    mt_emit *emit;
    (void)world;
    MT_TRY(mt_zone_read(cx, &zone, a->zone, NULL));
    MT_TRY(mt_day_grid(cx, &grid, zone, a->day, a->step));
    MT_TRY(mt_emit_begin(cx, &emit, out, "calendar.periods", periods_col, NULL, NULL));
    for (size_t k = 0; k < grid.n; k++) {
        mt_time start = grid.start + (mt_time)k * grid.step;
        struct periods_row row = {.period = (int64_t)k + 1, .start = start, .end = start + grid.step};
        MT_TRY(describe_local(cx, zone, start, &row));
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_calendar_periods = {
    .name = "calendar.periods",
    .summary = "the periods of a local delivery day, of 23, 24 or 25 hours",
    .example = "--zone Europe/Berlin --day 2025-03-30 --step 1h",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct periods_args),
    .arg = periods_arg,
    .col = periods_col,
    .run = periods_run,
};

struct holidays_args {
    const char *country, *region;
    int64_t year;
};

static const char *const weekday_name[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};

struct holidays_row {
    mt_day day;
    const char *weekday, *name, *local_name, *region;
};

static const mt_field holidays_arg[] = {
    {.name = "country",
     MT_TEXT_AT(holidays_args, country),
     .required = true,
     .doc = "UK, DE, FR, ES, DK, NO, SE, NL, BE, AT, IT or US"},
    {.name = "region", MT_TEXT_AT(holidays_args, region), .doc = "German state (BY) or UK nation (SCT)"},
    {.name = "year", MT_INT_AT(holidays_args, year), .required = true, .doc = "calendar year"},
    {.name = NULL}};

static const mt_field holidays_col[] = {
    {.name = "day", MT_DAY_AT(holidays_row, day), .doc = "local day"},
    {.name = "weekday", MT_TEXT_AT(holidays_row, weekday), .doc = "in English"},
    {.name = "name", MT_TEXT_AT(holidays_row, name), .doc = "in English"},
    {.name = "local_name", MT_TEXT_AT(holidays_row, local_name), .doc = "in the country's own language"},
    {.name = "region", MT_TEXT_AT(holidays_row, region), .doc = "where it holds; empty: the whole country"},
    {.name = NULL}};

static mt_code holidays_run(mt_ctx *cx, const struct mt_world *world, const void *args, mt_sink *out)
{
    const struct holidays_args *a = args;
    mt_holiday *holiday;
    size_t n;
    mt_emit *emit;
    (void)world;
    if (a->year < 1583 || a->year > 9999)
        return mt_fail(cx, MT_E_INPUT, "year: %d is outside 1583 to 9999", (int)a->year);
    MT_TRY(mt_holidays(cx, &holiday, &n, a->country, a->region, (int)a->year));
    MT_TRY(mt_emit_begin(cx, &emit, out, "calendar.holidays", holidays_col, NULL, NULL));
    for (size_t k = 0; k < n; k++) {
        struct holidays_row row = {holiday[k].day, weekday_name[mt_day_weekday(holiday[k].day) - 1],
                                   holiday[k].name, holiday[k].local, holiday[k].region};
        MT_TRY(mt_emit_put(emit, &row));
    }
    return mt_emit_end(emit);
}

const mt_op mt_op_calendar_holidays = {
    .name = "calendar.holidays",
    .summary = "the public holidays of a country or region in one year",
    .example = "--country DE --region BY --year 2026",
    .effect = MT_READ,
    .role = MT_VIEWER,
    .args_size = sizeof(struct holidays_args),
    .arg = holidays_arg,
    .col = holidays_col,
    .run = holidays_run,
};
