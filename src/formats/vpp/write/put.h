/* Numbers and times into a row's bytes, for writers of millions of rows.
 *
 * Shapes    Each function writes at `to` and returns the place behind what it wrote; nothing ends with a 0.
 *           A caller's row has room: 24 bytes a number, 32 a time.
 * Missing   Nothing is written for MT_MICRO_NONE.
 * Cost      About 10 ns a number.
 */
#ifndef MT_FORMATS_VPP_WRITE_PUT_H
#define MT_FORMATS_VPP_WRITE_PUT_H

#include "base/text.h"
#include "base/time.h"

#include <string.h>

MT_BEGIN_DECLS

static inline char *mt_put_text(char *to, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n) memcpy(to, text, n);
    return to + n;
}

static inline char *mt_put_char(char *to, char c)
{
    *to = c;
    return to + 1;
}

static inline char *mt_put_int(char *to, int64_t value)
{
    char digit[20];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t n = 0;
    if (value < 0) *to++ = '-';
    do {
        digit[n++] = (char)('0' + size % 10);
        size /= 10;
    } while (size);
    while (n) *to++ = digit[--n];
    return to;
}

/* Exactly `width` digits. */
static inline char *mt_put_digits(char *to, int64_t value, int width)
{
    for (int k = width - 1; k >= 0; k--) {
        to[k] = (char)('0' + value % 10);
        value /= 10;
    }
    return to + width;
}

/* The shortest decimal with at least `places` places behind `mark`; at most six. */
static inline char *mt_put_decimal(char *to, mt_micro value, int places, char mark)
{
    if (value == MT_MICRO_NONE) return to;
    int64_t size = value < 0 ? -value : value, rest = size % 1000000;
    if (value < 0) *to++ = '-';
    to = mt_put_int(to, size / 1000000);
    if (!rest && !places) return to;
    *to++ = mark;
    int digits = 6;
    while (digits > places && digits > 1 && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    return mt_put_digits(to, rest, digits);
}

static inline char *mt_put_micro(char *to, mt_micro value, int places)
{
    return mt_put_decimal(to, value, places, '.');
}

/* "2025-06-08" */
static inline char *mt_put_day(char *to, mt_day day)
{
    if (day == MT_DAY_NONE) return to;
    mt_date d = mt_day_date(day);
    to = mt_put_char(mt_put_digits(to, d.year, 4), '-');
    to = mt_put_char(mt_put_digits(to, d.month, 2), '-');
    return mt_put_digits(to, d.day, 2);
}

/* "2025-06-08 10:15:00", with what stands between day and clock */
static inline char *mt_put_moment(char *to, mt_time t, char between)
{
    mt_time day = mt_time_floor(t, MT_US_DAY);
    int64_t second = (t - day) / MT_US_SECOND;
    to = mt_put_char(mt_put_day(to, (mt_day)(day / MT_US_DAY)), between);
    to = mt_put_char(mt_put_digits(to, second / 3600, 2), ':');
    to = mt_put_char(mt_put_digits(to, second / 60 % 60, 2), ':');
    return mt_put_digits(to, second % 60, 2);
}

MT_END_DECLS
#endif
