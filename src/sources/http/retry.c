/* What is tried again, and after how long. */
#include "sources/http/retry.h"

#include <string.h>

static const int again[] = {408, 425, 429, 500, 502, 503, 504};

bool mt_retry_status(int status)
{
    for (size_t k = 0; k < sizeof again / sizeof *again; k++) {
        if (again[k] == status) return true;
    }
    return false;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

mt_time mt_retry_wait(mt_time base, int k, uint64_t *seed)
{
    mt_time wait = base > 0 ? base : 0;
    for (int i = 0; i < k && wait < MT_RETRY_WAIT_MAX; i++) wait *= 2;
    if (wait > MT_RETRY_WAIT_MAX) wait = MT_RETRY_WAIT_MAX;
    double factor = 0.5 + (double)(draw(seed) >> 11) * 0x1p-53;
    return (mt_time)((double)wait * factor);
}

/* What is left of a text that is read word by word. */
typedef struct reader {
    const char *at, *end;
} reader;

static bool read_number(reader *r, int digits_min, int digits_max, int *out)
{
    int value = 0, n = 0;
    while (r->at < r->end && n < digits_max && *r->at >= '0' && *r->at <= '9') {
        value = value * 10 + (*r->at++ - '0');
        n++;
    }
    *out = value;
    return n >= digits_min;
}

static bool read_text(reader *r, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0) return false;
    r->at += n;
    return true;
}

static bool read_month(reader *r, int *out)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (r->end - r->at < 3) return false;
    for (int k = 0; k < 12; k++) {
        if (memcmp(r->at, names + (ptrdiff_t)3 * k, 3) != 0) continue;
        *out = k + 1;
        r->at += 3;
        return true;
    }
    return false;
}

static bool read_clock(reader *r, mt_civil *c)
{
    return read_number(r, 2, 2, &c->hour) && read_text(r, ":") && read_number(r, 2, 2, &c->minute) &&
           read_text(r, ":") && read_number(r, 2, 2, &c->second) && c->hour < 24 && c->minute < 60 &&
           c->second <= 60;
}

/* "06 Nov 1994 08:49:37 GMT" */
static bool read_fixed(reader *r, mt_civil *c)
{
    return read_number(r, 2, 2, &c->day) && read_text(r, " ") && read_month(r, &c->month) &&
           read_text(r, " ") && read_number(r, 4, 4, &c->year) && read_text(r, " ") && read_clock(r, c) &&
           read_text(r, " GMT");
}

/* "06-Nov-94 08:49:37 GMT" */
static bool read_dashed(reader *r, mt_civil *c, mt_time now)
{
    if (!read_number(r, 2, 2, &c->day) || !read_text(r, "-") || !read_month(r, &c->month) ||
        !read_text(r, "-") || !read_number(r, 2, 2, &c->year) || !read_text(r, " ") || !read_clock(r, c) ||
        !read_text(r, " GMT"))
        return false;
    int this_year = mt_time_civil(now).year;
    c->year += this_year - this_year % 100;
    if (c->year > this_year + 50) c->year -= 100;
    return true;
}

/* "Nov  6 08:49:37 1994" */
static bool read_asctime(reader *r, mt_civil *c)
{
    if (!read_month(r, &c->month) || !read_text(r, " ")) return false;
    bool blank = read_text(r, " ");
    return read_number(r, blank ? 1 : 2, blank ? 1 : 2, &c->day) && read_text(r, " ") && read_clock(r, c) &&
           read_text(r, " ") && read_number(r, 4, 4, &c->year);
}

/* Each form after the name of the day and what follows that. */
static bool read_date(mt_text text, mt_time now, mt_civil *c)
{
    size_t word = 0;
    while (word < text.length &&
           ((text.at[word] >= 'A' && text.at[word] <= 'Z') || (text.at[word] >= 'a' && text.at[word] <= 'z')))
        word++;
    if (word < 3 || word > 9 || (word > 3 && word < 6)) return false;
    reader start = {text.at + word, text.at + text.length}, r = start;
    memset(c, 0, sizeof *c);
    if (read_text(&r, ", ") && word == 3 && read_fixed(&r, c) && r.at == r.end) return true;
    r = start;
    if (read_text(&r, ", ") && word > 3 && read_dashed(&r, c, now) && r.at == r.end) return true;
    r = start;
    return read_text(&r, " ") && word == 3 && read_asctime(&r, c) && r.at == r.end;
}

bool mt_http_date_parse(mt_text text, mt_time now, mt_time *out)
{
    mt_civil c;
    if (!text.at || !read_date(text, now, &c)) return false;
    if (c.year < 1 || !mt_date_valid(c.year, c.month, c.day)) return false;
    if (c.second == 60) c.second = 59; /* a leap second has no place of its own */
    *out = mt_time_of(c);
    return true;
}

bool mt_retry_after(mt_text value, mt_time now, mt_time *out)
{
    const int64_t most_s = 100LL * 366 * 86400;
    mt_time when;
    value = mt_text_trim(value);
    if (!value.at || !value.length) return false;
    if (value.at[0] >= '0' && value.at[0] <= '9') {
        int64_t seconds = 0;
        for (size_t k = 0; k < value.length; k++) {
            if (value.at[k] < '0' || value.at[k] > '9') return false;
            seconds = seconds * 10 + (value.at[k] - '0');
            if (seconds > most_s) seconds = most_s;
        }
        *out = seconds * MT_US_SECOND;
        return true;
    }
    if (!mt_http_date_parse(value, now, &when)) return false;
    *out = when > now ? when - now : 0;
    if (*out > most_s * MT_US_SECOND) *out = most_s * MT_US_SECOND;
    return true;
}
