/* Instants and days: civil-day arithmetic, and text read and written digit by digit. */
#include "base/time.h"

#include <string.h>

enum { DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468 }; /* the second counted from 0000-03-01 */

static const mt_time TIME_FIRST = -719162 * MT_US_DAY;        /* 0001-01-01T00:00:00Z */
static const mt_time TIME_END = (mt_time)2932897 * MT_US_DAY; /* 10000-01-01T00:00:00Z */

typedef struct span_unit {
    const char *text;
    size_t length;
    mt_time us;
} span_unit;

/* Largest first: mt_span_text takes the first that divides. */
static const span_unit SPAN_UNIT[] = {
    {"d", 1, MT_US_DAY},    {"h", 1, MT_US_HOUR}, {"min", 3, MT_US_MINUTE},
    {"s", 1, MT_US_SECOND}, {"ms", 2, 1000},      {"us", 2, 1},
};
enum { SPAN_UNITS = sizeof SPAN_UNIT / sizeof SPAN_UNIT[0] };

/* What is left of a text being read. */
typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly `width` digits; false leaves the cursor where it was. */
static bool read_digits(cursor *c, int width, int *out)
{
    if (c->end - c->at < width) return false;
    int value = 0;
    for (int k = 0; k < width; k++) {
        if (!is_digit(c->at[k])) return false;
        value = value * 10 + (c->at[k] - '0');
    }
    c->at += width;
    *out = value;
    return true;
}

static bool read_char(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted) return false;
    c->at++;
    return true;
}

/* The first byte lowest, whatever the machine. */
static uint64_t load_8(const char *at)
{
    uint64_t out;
    memcpy(&out, at, sizeof out);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    out = __builtin_bswap64(out);
#endif
    return out;
}

/* Eight bytes at once: each must be a digit, or the very byte of `pattern` where that has a separator.
 * Byte k of *out is then the two-digit number that begins there. */
static bool read_8(const char *at, const char *pattern, uint64_t separators, uint64_t *out)
{
    uint64_t d = load_8(at) ^ load_8(pattern); /* digits become 0..9, right separators 0 */
    uint64_t beyond_9 = (d | (d + 0x7676767676767676U)) & 0x8080808080808080U;
    if (beyond_9 | (d & separators)) return false;
    *out = d * 10 + (d >> 8);
    return true;
}

static int pair_at(uint64_t pairs, int k)
{
    return (int)(pairs >> (8 * k) & 0xFF);
}

/* YYYY-MM-DD, a date that exists. */
static bool read_date(cursor *c, mt_date *out)
{
    uint64_t pairs;
    cursor rest = {c->at + 8, c->end};
    if (c->end - c->at < 10 || !read_8(c->at, "0000-00-", 0xFF0000FF00000000U, &pairs)) return false;
    mt_date d = {.year = pair_at(pairs, 0) * 100 + pair_at(pairs, 2), .month = pair_at(pairs, 5)};
    if (!read_digits(&rest, 2, &d.day) || !mt_date_valid(d.year, d.month, d.day)) return false;
    *c = rest;
    *out = d;
    return true;
}

/* ".1" to ".123456789": what is finer than a microsecond is cut off: nanosecond stamps are common. */
static bool read_fraction(cursor *c, int *micro)
{
    int digits = 0;
    int value = 0;
    for (; c->at != c->end && is_digit(*c->at); c->at++, digits++) {
        if (digits < 6) value = value * 10 + (*c->at - '0');
    }
    if (digits == 0 || digits > 9) return false;
    for (int k = digits; k < 6; k++) value *= 10;
    *micro = value;
    return true;
}

/* HH:MM, HH:MM:SS or HH:MM:SS.ffffff as microseconds since midnight. */
static bool read_clock(cursor *c, mt_time *out)
{
    int hour;
    int minute;
    int second = 0;
    int micro = 0;
    uint64_t pairs;
    if (c->end - c->at >= 8 && read_8(c->at, "00:00:00", 0x0000FF0000FF0000U, &pairs)) {
        hour = pair_at(pairs, 0);
        minute = pair_at(pairs, 3);
        second = pair_at(pairs, 6);
        c->at += 8;
        if (read_char(c, '.') && !read_fraction(c, &micro)) return false;
    } else {
        if (!read_digits(c, 2, &hour) || !read_char(c, ':') || !read_digits(c, 2, &minute)) return false;
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    *out = (hour * 3600 + minute * 60 + second) * MT_US_SECOND + micro;
    return true;
}

/* Nothing, "Z", "+01:00", "+0100" or "+01" up to the end of the text; no zone on Earth reaches 16 hours. */
static bool read_offset(cursor *c, mt_time *out, bool *has_offset)
{
    *out = 0;
    *has_offset = c->at != c->end;
    if (!*has_offset) return true;
    if (read_char(c, 'Z') || read_char(c, 'z')) return c->at == c->end;
    bool west = *c->at == '-';
    if (!read_char(c, '+') && !read_char(c, '-')) return false;
    int hour;
    int minute = 0;
    if (!read_digits(c, 2, &hour)) return false;
    if (c->at != c->end) {
        (void)read_char(c, ':');
        if (!read_digits(c, 2, &minute)) return false;
    }
    if (c->at != c->end || hour > 15 || minute > 59) return false;
    mt_time offset = (hour * 60 + minute) * MT_US_MINUTE;
    *out = west ? -offset : offset;
    return true;
}

/* One digit or more, as a number that fits. */
static bool read_count(cursor *c, int64_t *out)
{
    if (c->at == c->end || !is_digit(*c->at)) return false;
    int64_t value = 0;
    for (; c->at != c->end && is_digit(*c->at); c->at++) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *c->at - '0', &value))
            return false;
    }
    *out = value;
    return true;
}

static bool add_span(mt_time *sum, int64_t count, mt_time unit)
{
    mt_time part;
    return !__builtin_mul_overflow(count, unit, &part) && !__builtin_add_overflow(*sum, part, sum);
}

/* What follows the P of ISO 8601: days, then after a T hours, minutes, seconds, each once at most. */
static bool read_iso_span(cursor *c, mt_time *out)
{
    static const char letter[] = "DHMS";
    static const mt_time unit[] = {MT_US_DAY, MT_US_HOUR, MT_US_MINUTE, MT_US_SECOND};
    mt_time sum = 0;
    int least = 0; /* the first letter that may still come */
    bool in_clock = false;
    if (c->at == c->end) return false;
    while (c->at != c->end) {
        if (!in_clock && read_char(c, 'T')) {
            in_clock = true;
            least = 1;
        }
        int64_t count;
        if (!read_count(c, &count) || c->at == c->end) return false;
        const char *found = memchr(letter, *c->at++, 4);
        if (!found) return false;
        int which = (int)(found - letter);
        if (which < least || (which > 0 && !in_clock) || !add_span(&sum, count, unit[which])) return false;
        least = which + 1;
    }
    *out = sum;
    return true;
}

static bool read_short_span(cursor *c, mt_time *out)
{
    int64_t count;
    mt_time sum = 0;
    if (!read_count(c, &count)) return false;
    size_t left = (size_t)(c->end - c->at);
    for (int k = 0; k < SPAN_UNITS; k++) {
        const span_unit *u = &SPAN_UNIT[k];
        if (left != u->length || memcmp(c->at, u->text, left) != 0) continue;
        if (!add_span(&sum, count, u->us)) return false;
        *out = sum;
        return true;
    }
    return false;
}

/* Two digits at a time: half the divisions; times are written by the million. `width` is even. */
static char *put_digits(char *at, uint32_t value, int width)
{
    for (int k = width - 2; k >= 0; k -= 2, value /= 100) {
        at[k] = (char)('0' + value / 10 % 10);
        at[k + 1] = (char)('0' + value % 10);
    }
    return at + width;
}

static char *put_date(char *at, mt_date d)
{
    at = put_digits(at, (uint32_t)d.year, 4);
    *at++ = '-';
    at = put_digits(at, (uint32_t)d.month, 2);
    *at++ = '-';
    return put_digits(at, (uint32_t)d.day, 2);
}

mt_day mt_day_of(int year, int month, int day)
{
    /* Counted from March, so that the leap day is the last of its year. */
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = divide_down(y, 400);
    uint32_t of_era = (uint32_t)(y - era * 400);
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    uint32_t before = of_era * 365 + of_era / 4 - of_era / 100;
    return (mt_day)(era * DAYS_400_YEARS + before - DAYS_TO_1970 + of_year);
}

mt_date mt_day_date(mt_day day)
{
    int64_t n = (int64_t)day + DAYS_TO_1970;
    int64_t era = divide_down(n, DAYS_400_YEARS);
    uint32_t in_era = (uint32_t)(n - era * DAYS_400_YEARS);
    uint32_t of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    uint32_t of_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    uint32_t from_march = (5 * of_year + 2) / 153;
    mt_date out = {.month = (int)(from_march < 10 ? from_march + 3 : from_march - 9),
                   .day = (int)(of_year - (153 * from_march + 2) / 5 + 1)};
    out.year = (int)(era * 400) + (int)of_era + (out.month <= 2);
    return out;
}

bool mt_date_valid(int year, int month, int day)
{
    static const signed char length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= length[month - 1] + (month == 2 && leap);
}

int mt_day_weekday(mt_day day)
{
    int since_monday = (int)(((int64_t)day + 3) % 7); /* 1970-01-01 was a Thursday */
    return since_monday + (since_monday < 0 ? 7 : 0) + 1;
}

mt_time mt_time_of(mt_civil utc)
{
    mt_time seconds = (mt_time)utc.hour * 3600 + (mt_time)utc.minute * 60 + utc.second;
    return mt_day_of(utc.year, utc.month, utc.day) * MT_US_DAY + seconds * MT_US_SECOND + utc.micro;
}

mt_civil mt_time_civil(mt_time t)
{
    int64_t day = divide_down(t, MT_US_DAY);
    int64_t left = t % MT_US_DAY;
    if (left < 0) left += MT_US_DAY;
    mt_date date = mt_day_date((mt_day)day);
    int second = (int)(left / MT_US_SECOND);
    return (mt_civil){date.year,          date.month,  date.day, second / 3600,
                      second / 60 % 60,   second % 60, (int)(left % MT_US_SECOND)};
}

mt_time mt_time_floor(mt_time t, mt_time step)
{
    if (t == MT_TIME_NONE) return MT_TIME_NONE;
    mt_time rest = t % step;
    if (rest < 0) rest += step;
    return __builtin_sub_overflow(t, rest, &t) ? MT_TIME_NONE : t;
}

bool mt_time_parse(const char *text, size_t length, mt_time *out, bool *has_offset)
{
    cursor c = {text, text + length};
    mt_date date;
    mt_time clock;
    mt_time offset;
    bool given;
    if (!read_date(&c, &date)) return false;
    if (!read_char(&c, 'T') && !read_char(&c, ' ') && !read_char(&c, 't')) return false;
    if (!read_clock(&c, &clock) || !read_offset(&c, &offset, &given)) return false;
    mt_time t = mt_day_of(date.year, date.month, date.day) * MT_US_DAY + clock - offset;
    if (t < TIME_FIRST || t >= TIME_END) return false;
    *out = t;
    *has_offset = given;
    return true;
}

bool mt_day_parse(const char *text, size_t length, mt_day *out)
{
    cursor c = {text, text + length};
    mt_date d;
    if (length == 8) {
        if (!read_digits(&c, 4, &d.year) || !read_digits(&c, 2, &d.month)) return false;
        if (!read_digits(&c, 2, &d.day)) return false;
        if (!mt_date_valid(d.year, d.month, d.day)) return false;
    } else if (length != 10 || !read_date(&c, &d)) {
        return false;
    }
    *out = mt_day_of(d.year, d.month, d.day);
    return true;
}

size_t mt_time_text(mt_time t, char *out)
{
    char *at = out;
    if (t >= TIME_FIRST && t < TIME_END) { /* else missing: an empty text */
        mt_civil c = mt_time_civil(t);
        at = put_date(at, (mt_date){c.year, c.month, c.day});
        *at++ = 'T';
        at = put_digits(at, (uint32_t)c.hour, 2);
        *at++ = ':';
        at = put_digits(at, (uint32_t)c.minute, 2);
        *at++ = ':';
        at = put_digits(at, (uint32_t)c.second, 2);
        if (c.micro) {
            *at++ = '.';
            at = put_digits(at, (uint32_t)c.micro, 6);
        }
        *at++ = 'Z';
    }
    *at = 0;
    return (size_t)(at - out);
}

size_t mt_day_text(mt_day day, char *out)
{
    char *at = out;
    if (day >= TIME_FIRST / MT_US_DAY && day < TIME_END / MT_US_DAY) at = put_date(at, mt_day_date(day));
    *at = 0;
    return (size_t)(at - out);
}

bool mt_span_parse(const char *text, size_t length, mt_time *out)
{
    cursor c = {text, text + length};
    return read_char(&c, 'P') ? read_iso_span(&c, out) : read_short_span(&c, out);
}

size_t mt_span_text(mt_time span, char *out)
{
    char *at = out;
    if (span != MT_TIME_NONE) {
        int k = span == 0 ? 3 : 0; /* nothing is "0s" */
        while (span % SPAN_UNIT[k].us != 0) k++;
        if (span < 0) *at++ = '-';
        int64_t count = (span < 0 ? -span : span) / SPAN_UNIT[k].us;
        char reversed[20];
        int n = 0;
        do reversed[n++] = (char)('0' + count % 10);
        while ((count /= 10) != 0);
        while (n > 0) *at++ = reversed[--n];
        memcpy(at, SPAN_UNIT[k].text, SPAN_UNIT[k].length);
        at += SPAN_UNIT[k].length;
    }
    *at = 0;
    return (size_t)(at - out);
}
