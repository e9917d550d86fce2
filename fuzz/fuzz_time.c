/* Fuzzer of instants: readers against writers and a slower reader, instants through the civil clock and back.
 *
 * Shapes    Any bytes: as text for the readers; the first eight also as an instant, the next four as a day.
 */
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth) \
    do { \
        if (!(truth)) { \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth); \
            abort(); \
        } \
    } while (0)

/* Every digit of an accepted text, read the slow way, gives the same instant. */
static void check_slowly(const char *text, size_t n, mt_time t)
{
    char copy[64] = "";
    mt_civil c = {0};
    int used = 0;
    DEMAND(n < sizeof copy);
    memcpy(copy, text, n);
    static const char form[] = "%4d-%2d-%2d%*c%2d:%2d%n";
    DEMAND(sscanf(copy, form, &c.year, &c.month, &c.day, &c.hour, &c.minute, &used) == 5);
    if (copy[used] == ':') c.second = atoi(copy + used + 1);
    const char *dot = strchr(copy, '.');
    for (int k = 1, unit = 100000; dot && dot[k] >= '0' && dot[k] <= '9'; k++, unit /= 10)
        c.micro += (dot[k] - '0') * unit;
    mt_time away = mt_time_of(c) - t;
    DEMAND(away % MT_US_MINUTE == 0 && llabs(away) < 16 * MT_US_HOUR);
    if (!strpbrk(copy + 10, "+-")) DEMAND(away == 0);
}

static void try_text(const char *text, size_t n)
{
    mt_time t = 42, back = 0;
    mt_day day = 42, day_back = 0;
    bool has_offset = false;
    char out[MT_TIME_TEXT_MAX];
    if (mt_time_parse(text, n, &t, &has_offset)) {
        check_slowly(text, n, t);
        DEMAND(mt_time_parse(out, mt_time_text(t, out), &back, &has_offset) && back == t && has_offset);
    }
    if (mt_day_parse(text, n, &day))
        DEMAND(mt_day_parse(out, mt_day_text(day, out), &day_back) && day_back == day);
    if (mt_span_parse(text, n, &t))
        DEMAND(t >= 0 && mt_span_parse(out, mt_span_text(t, out), &back) && back == t);
}

static void try_instant(mt_time t, mt_day day)
{
    mt_time back = 0;
    bool has_offset = false;
    char out[MT_TIME_TEXT_MAX];
    mt_civil c = mt_time_civil(t);
    DEMAND(c.hour < 24 && c.minute < 60 && c.second < 60 && c.micro >= 0 && c.micro < 1000000);
    size_t n = mt_time_text(t, out);
    DEMAND(n < sizeof out && strlen(out) == n);
    DEMAND(!n || (mt_time_parse(out, n, &back, &has_offset) && back == t && mt_time_of(c) == t));
    mt_time floor = mt_time_floor(t, MT_US_HOUR);
    DEMAND(floor == MT_TIME_NONE || (floor <= t && t - floor < MT_US_HOUR && floor % MT_US_HOUR == 0));
    n = mt_span_text(t, out);
    DEMAND(n < sizeof out && strlen(out) == n);
    mt_date d = mt_day_date(day);
    DEMAND(mt_day_of(d.year, d.month, d.day) == day);
    DEMAND(mt_day_weekday(day) >= 1 && mt_day_weekday(day) <= 7);
    DEMAND(mt_day_text(day, out) == 0 || mt_date_valid(d.year, d.month, d.day));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_text((const char *)data, size);
    if (size < 12) return 0;
    mt_time t;
    mt_day day;
    memcpy(&t, data, 8);
    memcpy(&day, data + 8, 4);
    try_instant(t, day);
    try_instant(t % (mt_time)300000000000000000, day % 4000000); /* most of these have a text */
    return 0;
}
