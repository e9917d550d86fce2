/* Numbers and instants of feeds. */
#include "formats/series/value_text.h"

#include <string.h>

enum { DIGITS_EXACT = 19, POWER_EXACT = 22, NUMBER_MAX = 400, EXPONENT_MAX = 100000 };

static const double power_of_ten[POWER_EXACT + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct digits {
    const char *at, *end;
    uint64_t mantissa;
    int n;       /* digits in the mantissa, leading zeros not counted */
    bool beyond; /* more than fit */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes digits; returns how many. */
static size_t take_digits(struct digits *digits)
{
    const char *first = digits->at;
    for (; digits->at < digits->end && is_digit(*digits->at); digits->at++) {
        if (digits->n == DIGITS_EXACT) {
            digits->beyond = true;
            continue;
        }
        digits->mantissa = digits->mantissa * 10 + (uint64_t)(*digits->at - '0');
        digits->n += digits->mantissa != 0;
    }
    return (size_t)(digits->at - first);
}

/* "e-5" behind the mantissa; an e without digits is not part of the number. */
static int take_exponent(struct digits *digits)
{
    const char *at = digits->at;
    int exponent = 0;
    if (at == digits->end || (*at != 'e' && *at != 'E')) return 0;
    at++;
    bool minus = at < digits->end && *at == '-';
    if (at < digits->end && (*at == '-' || *at == '+')) at++;
    if (at == digits->end || !is_digit(*at)) return 0;
    for (; at < digits->end && is_digit(*at); at++)
        if (exponent < EXPONENT_MAX) exponent = exponent * 10 + (*at - '0');
    digits->at = at;
    return minus ? -exponent : exponent;
}

/* The slow and exact way, over a copy with a point. */
static bool read_slowly(mt_text text, char mark, double *out)
{
    char copy[NUMBER_MAX];
    if (text.length >= sizeof copy) return false;
    memcpy(copy, text.at, text.length);
    char *own = memchr(copy, mark, text.length);
    if (own != NULL) *own = '.';
    return mt_real_parse(copy, text.length, out);
}

static bool read_exactly(const struct digits *digits, int exponent, double *out)
{
    if (digits->beyond || digits->mantissa > (uint64_t)1 << 53) return false;
    if (exponent < -POWER_EXACT || exponent > POWER_EXACT) return false;
    double mantissa = (double)digits->mantissa;
    *out = exponent < 0 ? mantissa / power_of_ten[-exponent] : mantissa * power_of_ten[exponent];
    return true;
}

mt_number mt_number_scan(const char *at, const char *end, char mark, const char **behind, double *out)
{
    struct digits digits = {.at = at, .end = end};
    bool minus = at < end && *at == '-', plus = at < end && *at == '+';
    if (minus || plus) digits.at++;
    const char *whole_at = digits.at;
    size_t whole = take_digits(&digits), part = 0;
    bool loose = plus || whole == 0 || (whole > 1 && *whole_at == '0');
    if (digits.at < end && *digits.at == mark) {
        digits.at++;
        part = take_digits(&digits);
        loose = loose || part == 0;
    }
    if (whole + part == 0) return MT_NUMBER_NONE;
    int exponent = take_exponent(&digits);
    *behind = digits.at;
    bool exact = part <= NUMBER_MAX && read_exactly(&digits, exponent - (int)part, out);
    if (exact && minus) *out = -*out;
    if (!exact && !read_slowly((mt_text){at, (size_t)(digits.at - at)}, mark, out)) return MT_NUMBER_HUGE;
    return loose ? MT_NUMBER_LOOSE : MT_NUMBER_JSON;
}

bool mt_number_read(mt_text text, char mark, double *out)
{
    const char *behind;
    double value;
    mt_number number = mt_number_scan(text.at, text.at + text.length, mark, &behind, &value);
    if (number == MT_NUMBER_NONE || number == MT_NUMBER_HUGE || behind != text.at + text.length) return false;
    *out = value;
    return true;
}

/* Two digits as a number; anything else gives more than 99. */
static unsigned two(const char *at)
{
    unsigned high = (unsigned char)at[0] - (unsigned)'0', low = (unsigned char)at[1] - (unsigned)'0';
    return high <= 9 && low <= 9 ? high * 10 + low : 100;
}

/* "2024-11-06T22:00" or with ":00" behind it, of a day that is known. */
static bool read_usual(mt_text text, const mt_instant_cache *cache, mt_time *out)
{
    const char *at = text.at;
    if ((text.length != 16 && text.length != 19) || memcmp(at, cache->date, sizeof cache->date) != 0)
        return false;
    if ((at[10] != 'T' && at[10] != ' ') || at[13] != ':') return false;
    unsigned hour = two(at + 11), minute = two(at + 14), second = text.length == 19 ? two(at + 17) : 0;
    if (hour > 23 || minute > 59 || second > 59 || (text.length == 19 && at[16] != ':')) return false;
    *out = cache->day + ((mt_time)hour * 3600 + minute * 60 + second) * MT_US_SECOND;
    return true;
}

bool mt_instant_read(mt_text text, mt_instant_cache *cache, mt_time *out, bool *has_offset)
{
    mt_day day;
    bool usual = read_usual(text, cache, out);
    if (usual) {
        *has_offset = false;
        return true;
    }
    if (text.length < 10 || text.at[4] != '-' || !mt_day_parse(text.at, 10, &day))
        return mt_time_parse(text.at, text.length, out, has_offset);
    memcpy(cache->date, text.at, sizeof cache->date);
    cache->day = day * MT_US_DAY;
    if (text.length > 10) return mt_time_parse(text.at, text.length, out, has_offset);
    *out = cache->day;
    *has_offset = false;
    return true;
}
