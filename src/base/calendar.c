/* Delivery days and their periods: local midnights found in the zone, the rest counted in instants. */
#include "base/calendar.h"

enum { TEXT_MAX = MT_TIME_TEXT_MAX };

static bool wall_reaches(const mt_zone *zone, mt_time t, mt_time wall)
{
    return t + mt_zone_offset_s(zone, t) * MT_US_SECOND >= wall;
}

/* Where the clock skips midnight, the day begins at the skip (a day skipped whole: where the next begins). */
static mt_time find_skip(const mt_zone *zone, mt_time wall)
{
    mt_time low = wall - 27 * MT_US_HOUR;
    mt_time high = wall + 27 * MT_US_HOUR;
    while (high - low > MT_US_SECOND) {
        mt_time middle = mt_time_floor(low + (high - low) / 2, MT_US_SECOND);
        if (wall_reaches(zone, middle, wall)) high = middle;
        else low = middle;
    }
    return high;
}

static mt_code check_day(mt_ctx *cx, mt_day day, mt_time step)
{
    char text[TEXT_MAX];
    if (!mt_step_valid(step)) {
        mt_span_text(step, text);
        return mt_fail(cx, MT_E_INPUT, "%s is no market time unit; right would be 5, 15, 30 or 60 minutes",
                       *text ? text : "an absent step");
    }
    if (mt_day_text(day, text) == 0)
        return mt_fail(cx, MT_E_INPUT, "the delivery day is absent or outside the years 0001 to 9999");
    return MT_OK;
}

mt_time mt_day_start(const mt_zone *zone, mt_day day)
{
    mt_time found[2];
    mt_time wall = (mt_time)day * MT_US_DAY;
    return mt_zone_instants(zone, mt_time_civil(wall), found) > 0 ? found[0] : find_skip(zone, wall);
}

mt_day mt_day_at(const mt_zone *zone, mt_time t)
{
    if (t == MT_TIME_NONE) return MT_DAY_NONE;
    mt_civil wall = mt_zone_civil(zone, t);
    mt_day day = mt_day_of(wall.year, wall.month, wall.day);
    /* Where a clock goes back across midnight, the repeated minutes belong to the day that has begun. */
    return t >= mt_day_start(zone, day + 1) ? day + 1 : day;
}

int mt_day_hours(const mt_zone *zone, mt_day day)
{
    return (int)((mt_day_start(zone, day + 1) - mt_day_start(zone, day)) / MT_US_HOUR);
}

bool mt_step_valid(mt_time step)
{
    mt_time minutes = step % MT_US_MINUTE == 0 ? step / MT_US_MINUTE : 0;
    return minutes == 5 || minutes == 15 || minutes == 30 || minutes == 60;
}

mt_code mt_day_grid(mt_ctx *cx, mt_grid *out, const mt_zone *zone, mt_day day, mt_time step)
{
    MT_TRY(check_day(cx, day, step));
    mt_time start = mt_day_start(zone, day);
    mt_time length = mt_day_start(zone, day + 1) - start;
    if (length % step != 0) {
        char texts[3][TEXT_MAX];
        mt_day_text(day, texts[0]);
        mt_span_text(length, texts[1]);
        mt_span_text(step, texts[2]);
        return mt_fail(cx, MT_E_SHAPE, "%s in %s lasts %s, which is no whole number of periods of %s",
                       texts[0], mt_zone_name(zone), texts[1], texts[2]);
    }
    *out = (mt_grid){start, step, (size_t)(length / step)};
    return MT_OK;
}

mt_code mt_day_period(mt_ctx *cx, int *out, const mt_zone *zone, mt_time t, mt_time step)
{
    mt_grid grid;
    mt_day day = mt_day_at(zone, t);
    MT_TRY(mt_day_grid(cx, &grid, zone, day, step));
    *out = (int)mt_grid_index(grid, t) + 1;
    return MT_OK;
}

mt_code mt_day_instant(mt_ctx *cx, mt_time *out, const mt_zone *zone, mt_day day, int period, mt_time step)
{
    mt_grid grid;
    MT_TRY(mt_day_grid(cx, &grid, zone, day, step));
    if (period < 1 || (size_t)period > grid.n) {
        char texts[2][TEXT_MAX];
        mt_day_text(day, texts[0]);
        mt_span_text(step, texts[1]);
        return mt_fail(cx, MT_E_ABSENT, "%s in %s has no period %d; right would be 1 to %zu at %s each",
                       texts[0], mt_zone_name(zone), period, grid.n, texts[1]);
    }
    *out = grid.start + (period - 1) * step;
    return MT_OK;
}

ptrdiff_t mt_grid_index(mt_grid grid, mt_time t)
{
    mt_time since;
    if (t < grid.start || grid.step <= 0 || __builtin_sub_overflow(t, grid.start, &since)) return -1;
    return (uint64_t)(since / grid.step) < grid.n ? (ptrdiff_t)(since / grid.step) : -1;
}
