/* A moment as people type it: an instant, a day, or a distance from now. */
#include "ops/feed/moment.h"

#include <string.h>

static mt_day day_of(const mt_zone *zone, mt_time t)
{
    return zone ? mt_day_at(zone, t) : (mt_day)(mt_time_floor(t, MT_US_DAY) / MT_US_DAY);
}

static mt_time start_of(const mt_zone *zone, mt_day day)
{
    return zone ? mt_day_start(zone, day) : (mt_time)day * MT_US_DAY;
}

/* "", "-2d", "+36h": *out is the distance. */
static bool parse_distance(const char *text, mt_time *out)
{
    *out = 0;
    if (!*text) return true;
    if (*text != '-' && *text != '+') return false;
    if (!mt_span_parse(text + 1, strlen(text + 1), out)) return false;
    if (*text == '-') *out = -*out;
    return true;
}

/* A word and a distance; days are counted in local days, so that a clock change does not move them. */
static bool parse_relative(const char *text, mt_time now, const mt_zone *zone, mt_time *out)
{
    static const struct {
        const char *word;
        int days; /* from today; -1: the moment itself */
    } form[] = {{"now", -1}, {"today", 0}, {"tomorrow", 1}};
    for (size_t k = 0; k < sizeof form / sizeof *form; k++) {
        size_t n = strlen(form[k].word);
        mt_time distance;
        if (strncmp(text, form[k].word, n) != 0 || !parse_distance(text + n, &distance)) continue;
        if (form[k].days < 0)
            *out = now + distance;
        else if (distance % MT_US_DAY == 0)
            *out = start_of(zone, day_of(zone, now) + form[k].days + (mt_day)(distance / MT_US_DAY));
        else
            *out = start_of(zone, day_of(zone, now) + form[k].days) + distance;
        return true;
    }
    return false;
}

mt_code mt_moment_parse(mt_ctx *cx, mt_time *out, const char *name, const char *text, mt_time now,
                        const mt_zone *zone)
{
    mt_day day;
    bool has_offset;
    *out = MT_TIME_NONE;
    if (!text) return MT_OK;
    if (strlen(text) == 10 && mt_day_parse(text, 10, &day)) {
        *out = start_of(zone, day);
        return MT_OK;
    }
    if (parse_relative(text, now, zone, out)) return MT_OK;
    if (mt_time_parse(text, strlen(text), out, &has_offset) && has_offset) return MT_OK;
    *out = MT_TIME_NONE;
    return mt_fail(cx, MT_E_INPUT,
                   "%s \"%s\" is no moment: give 2024-08-28T22:00Z (with an offset), 2024-08-28 (a local "
                   "day), now-2d, today or tomorrow",
                   name, text);
}
