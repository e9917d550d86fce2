/* Fields into bits, bits into moments. */
#include "server/cron.h"

#include "base/text.h"

#include <string.h>

enum { DAYS_MAX = 366 * 9, FIELDS = 5 };

#define EVERY_MAX (366 * MT_US_DAY)

static const char *const month_name[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const day_name[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static const struct field {
    const char *title;
    int least, most;
    const char *const *name;
    int names;
} fields[FIELDS] = {{"minute", 0, 59, NULL, 0},
                    {"hour", 0, 23, NULL, 0},
                    {"day of month", 1, 31, NULL, 0},
                    {"month", 1, 12, month_name, 12},
                    {"day of week", 0, 7, day_name, 7}};

mt_code mt_due_every(mt_ctx *cx, mt_due *out, const char *span, const char *offset)
{
    mt_due due = {.every = 0};
    if (!mt_span_parse(span, strlen(span), &due.every) || due.every < MT_US_SECOND || due.every > EVERY_MAX)
        return mt_fail(cx, MT_E_INPUT, "every \"%.40s\": a time from 1s to 366d is right, e.g. 15min or 1h",
                       span);
    if (offset &&
        (!mt_span_parse(offset, strlen(offset), &due.offset) || due.offset < 0 || due.offset >= due.every))
        return mt_fail(cx, MT_E_INPUT, "offset \"%.40s\": a time shorter than %.40s is right", offset, span);
    *out = due;
    return MT_OK;
}

static mt_code refuse(mt_ctx *cx, const struct field *field, mt_text word)
{
    return mt_fail(
        cx, MT_E_INPUT, "cron: \"%.*s\" is no %s: numbers %d to %d, lists 1,2, ranges 1-5, steps */15",
        (int)(word.length < 40 ? word.length : 40), word.at, field->title, field->least, field->most);
}

static bool read_number(const struct field *field, mt_text word, int *out)
{
    int64_t value;
    for (int k = 0; k < field->names; k++) {
        if (!mt_text_equal_nocase(word, field->name[k])) continue;
        *out = k + (field->least == 1);
        return true;
    }
    bool digits = word.length > 0 && word.length <= 4;
    for (size_t k = 0; k < word.length; k++) digits = digits && word.at[k] >= '0' && word.at[k] <= '9';
    if (!digits || !mt_int_parse(word.at, word.length, &value)) return false;
    if (value < field->least || value > field->most) return false;
    *out = (int)value;
    return true;
}

static mt_text cut(mt_text word, char at, mt_text *rest)
{
    const char *mark = memchr(word.at, at, word.length);
    size_t n = mark ? (size_t)(mark - word.at) : word.length;
    *rest = mark ? (mt_text){mark + 1, word.length - n - 1} : (mt_text){NULL, 0};
    return (mt_text){word.at, n};
}

/* One item of a list: "*", "5", "1-5", each with "/step". */
static bool read_item(const struct field *field, mt_text item, uint64_t *bits)
{
    mt_text step_text, high_text;
    mt_text range = cut(item, '/', &step_text);
    mt_text low_text = cut(range, '-', &high_text);
    struct field positive = {.least = 1, .most = field->most ? field->most : 1};
    int low = field->least, high = field->most, step = 1;
    bool star = mt_text_equal(range, "*");
    if (!star && !read_number(field, low_text, &low)) return false;
    if (!star && high_text.at && !read_number(field, high_text, &high)) return false;
    if (!star && !high_text.at && !step_text.at) high = low;
    if (step_text.at && !read_number(&positive, step_text, &step)) return false;
    if (low > high) return false;
    for (int k = low; k <= high; k += step) *bits |= UINT64_C(1) << k;
    return true;
}

static mt_code read_field(mt_ctx *cx, const struct field *field, mt_text word, uint64_t *bits)
{
    mt_text rest = word;
    *bits = 0;
    while (rest.at) {
        mt_text item = cut(rest, ',', &rest);
        if (!read_item(field, item, bits)) return refuse(cx, field, item);
    }
    return MT_OK;
}

static mt_text next_word(const char **at)
{
    *at += strspn(*at, " \t");
    mt_text word = {*at, strcspn(*at, " \t")};
    *at += word.length;
    return word;
}

mt_code mt_due_cron(mt_ctx *cx, mt_due *out, const char *expression, const mt_zone *zone)
{
    mt_due due = {.zone = zone};
    uint64_t *const bits[FIELDS] = {&due.minute, &due.hour, &due.day, &due.month, &due.weekday};
    bool star[FIELDS] = {false};
    const char *at = expression;
    for (int k = 0; k < FIELDS; k++) {
        mt_text word = next_word(&at);
        if (!word.length)
            return mt_fail(cx, MT_E_INPUT,
                           "cron \"%.60s\" has %d fields; five are right: minute hour "
                           "day-of-month month day-of-week",
                           expression, k);
        MT_TRY(read_field(cx, &fields[k], word, bits[k]));
        star[k] = word.at[0] == '*';
    }
    if (next_word(&at).length)
        return mt_fail(cx, MT_E_INPUT, "cron \"%.60s\" has more than five fields", expression);
    if (due.weekday >> 7 & 1) due.weekday |= 1; /* 7 is Sunday too */
    due.any_hour = star[1];
    due.any_day = star[2];
    due.any_weekday = star[4];
    *out = due;
    return MT_OK;
}

static bool has(uint64_t bits, int k)
{
    return bits >> k & 1;
}

static bool is_day(const mt_due *due, mt_day day)
{
    mt_date date = mt_day_date(day);
    bool by_day = has(due->day, date.day), by_weekday = has(due->weekday, mt_day_weekday(day) % 7);
    if (!has(due->month, date.month)) return false;
    if (due->any_day || due->any_weekday) return by_day && by_weekday;
    return by_day || by_weekday;
}

/* Runs follow the time that passes: each minute of the day is looked at. */
static mt_time next_in_passing(const mt_due *due, mt_day day, mt_time after)
{
    mt_time start = mt_day_start(due->zone, day), end = mt_day_start(due->zone, day + 1);
    mt_time t = after < start ? start : mt_time_floor(after, MT_US_MINUTE) + MT_US_MINUTE;
    for (; t < end; t += MT_US_MINUTE) {
        mt_civil local = mt_zone_civil(due->zone, t);
        if (has(due->hour, local.hour) && has(due->minute, local.minute)) return t;
    }
    return MT_TIME_NONE;
}

/* The moment of a wall clock: the first of two, the end of the gap where there is none. */
static mt_time moment_of(const mt_zone *zone, mt_civil local)
{
    mt_time found[2];
    if (mt_zone_instants(zone, local, found) > 0) return found[0];
    /* Read with the offset that held before the gap, the moment lies behind it; the gap ends earlier. */
    mt_time t = mt_time_of(local) - mt_zone_offset_s(zone, mt_time_of(local) - MT_US_DAY) * MT_US_SECOND;
    int32_t after = mt_zone_offset_s(zone, t);
    while (mt_zone_offset_s(zone, t - MT_US_MINUTE) == after) t -= MT_US_MINUTE;
    return t;
}

static mt_time next_on_clock(const mt_due *due, mt_day day, mt_time after)
{
    mt_date date = mt_day_date(day);
    mt_time best = MT_TIME_NONE;
    for (int hour = 0; hour < 24; hour++) {
        for (int minute = 0; minute < 60 && has(due->hour, hour); minute++) {
            if (!has(due->minute, minute)) continue;
            mt_time t = moment_of(due->zone, (mt_civil){date.year, date.month, date.day, hour, minute, 0, 0});
            if (t > after && (best == MT_TIME_NONE || t < best)) best = t;
        }
        if (best != MT_TIME_NONE) return best;
    }
    return MT_TIME_NONE;
}

mt_time mt_due_next(const mt_due *due, mt_time after)
{
    if (due->every) return mt_time_floor(after - due->offset, due->every) + due->every + due->offset;
    mt_day first = mt_day_at(due->zone, after);
    for (mt_day day = first; day < first + DAYS_MAX; day++) {
        if (!is_day(due, day)) continue;
        mt_time t = due->any_hour ? next_in_passing(due, day, after) : next_on_clock(due, day, after);
        if (t != MT_TIME_NONE) return t;
    }
    return MT_TIME_NONE;
}
