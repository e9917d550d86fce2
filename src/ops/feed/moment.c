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

/* What was typed: a moment, or the local day of one. */
struct typed {
    mt_time start;
    mt_day day; /* MT_DAY_NONE: a moment */
};

/* A word and a distance; days are counted in local days, so that a clock change does not move them. */
static bool parse_relative(const char *text, mt_time now, const mt_zone *zone, struct typed *out)
{
    static const struct {
        const char *word;
        int days; /* from today; -1: the moment itself */
    } form[] = {{"now", -1}, {"today", 0}, {"tomorrow", 1}};
    for (size_t k = 0; k < sizeof form / sizeof *form; k++) {
        size_t n = strlen(form[k].word);
        mt_time distance;
        if (strncmp(text, form[k].word, n) != 0 || !parse_distance(text + n, &distance)) continue;
        mt_day day = day_of(zone, now) + form[k].days;
        *out = (struct typed){.day = MT_DAY_NONE};
        if (form[k].days < 0)
            out->start = now + distance;
        else if (distance % MT_US_DAY)
            out->start = start_of(zone, day) + distance;
        else
            out->day = day + (mt_day)(distance / MT_US_DAY);
        return true;
    }
    return false;
}

static mt_code parse(mt_ctx *cx, struct typed *out, const char *name, const char *text, mt_time now,
                     const mt_zone *zone)
{
    bool has_offset;
    *out = (struct typed){MT_TIME_NONE, MT_DAY_NONE};
    if (!text) return MT_OK;
    if (strlen(text) == 10 && mt_day_parse(text, 10, &out->day)) return MT_OK;
    if (parse_relative(text, now, zone, out)) return MT_OK;
    out->day = MT_DAY_NONE;
    if (mt_time_parse(text, strlen(text), &out->start, &has_offset) && has_offset) return MT_OK;
    return mt_fail(cx, MT_E_INPUT,
                   "%s \"%s\" is no moment: give 2024-08-28T22:00Z (with an offset), 2024-08-28 (a local "
                   "day), now-2d, today or tomorrow",
                   name, text);
}

mt_code mt_moment_parse(mt_ctx *cx, mt_time *out, const char *name, const char *text, mt_time now,
                        const mt_zone *zone)
{
    struct typed typed;
    *out = MT_TIME_NONE;
    MT_TRY(parse(cx, &typed, name, text, now, zone));
    *out = typed.day == MT_DAY_NONE ? typed.start : start_of(zone, typed.day);
    return MT_OK;
}

mt_code mt_moment_check(mt_ctx *cx, mt_time from, mt_time until)
{
    char from_text[MT_TIME_TEXT_MAX], until_text[MT_TIME_TEXT_MAX];
    if (from == MT_TIME_NONE || until == MT_TIME_NONE || from < until) return MT_OK;
    mt_time_text(from, from_text);
    mt_time_text(until, until_text);
    return mt_fail(cx, MT_E_INPUT, "from %s is not before until %s", from_text, until_text);
}

mt_code mt_moment_span(mt_ctx *cx, mt_time *from, mt_time *until, const char *from_text,
                       const char *until_text, mt_time now, const mt_zone *zone)
{
    struct typed last;
    MT_TRY(mt_moment_parse(cx, from, "from", from_text, now, zone));
    MT_TRY(parse(cx, &last, "until", until_text, now, zone));
    *until = last.day == MT_DAY_NONE ? last.start : start_of(zone, last.day + 1);
    return mt_moment_check(cx, *from, *until);
}
