/* Exact decimals on 128 bits. */
#include "formats/document/check/exact.h"

#include <string.h>

static const mt_wide one = 10000000000; /* 10^MT_EXACT_PLACES */

enum { DIGITS_MAX = 18 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool mt_exact_valid(const char *text)
{
    size_t digits = 0, points = 0;
    if (*text == '-' || *text == '+') text++;
    for (; *text; text++) {
        if (is_digit(*text)) {
            digits++;
        } else if (*text == '.' && points == 0) {
            points++;
        } else {
            return false;
        }
    }
    return digits > 0;
}

mt_exact mt_exact_of(const char *text)
{
    mt_exact none = {0, false};
    if (!text || !mt_exact_valid(text)) return none;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    mt_wide value = 0;
    size_t whole = strcspn(text, "."), places = 0;
    while (whole > 1 && *text == '0') text++, whole--;
    if (whole > DIGITS_MAX) return none;
    for (size_t k = 0; k < whole; k++) value = value * 10 + (text[k] - '0');
    const char *rest = text[whole] ? text + whole + 1 : "";
    for (; places < MT_EXACT_PLACES; places++) value = value * 10 + (*rest ? *rest++ - '0' : 0);
    if (*rest >= '5') value++;
    return (mt_exact){negative ? -value : value, true};
}

mt_exact mt_exact_int(int64_t value)
{
    return (mt_exact){(mt_wide)value * one, true};
}

/* Far enough below what 128 bits hold that halves can be added. */
static mt_exact fitting(mt_wide value, bool there)
{
    const mt_wide most = (mt_wide)1 << 126;
    if (!there || value > most || value < -most) return (mt_exact){0, false};
    return (mt_exact){value, true};
}

mt_exact mt_exact_add(mt_exact a, mt_exact b)
{
    mt_wide sum = 0;
    bool there = a.there && b.there && !__builtin_add_overflow(a.value, b.value, &sum);
    return fitting(sum, there);
}

mt_exact mt_exact_sub(mt_exact a, mt_exact b)
{
    b.value = -b.value;
    return mt_exact_add(a, b);
}

static mt_wide divide(mt_wide numerator, mt_wide denominator)
{
    mt_wide half = denominator / 2;
    return numerator >= 0 ? (numerator + half) / denominator : -((half - numerator) / denominator);
}

mt_exact mt_exact_mul(mt_exact a, mt_exact b)
{
    mt_wide product = 0;
    bool there = a.there && b.there && !__builtin_mul_overflow(a.value, b.value, &product);
    mt_exact exact = fitting(product, there);
    return (mt_exact){divide(exact.value, one), exact.there};
}

mt_exact mt_exact_div(mt_exact a, mt_exact b)
{
    mt_wide scaled = 0;
    bool there = a.there && b.there && b.value != 0 && !__builtin_mul_overflow(a.value, one, &scaled);
    mt_exact exact = fitting(b.value < 0 ? -scaled : scaled, there);
    if (!exact.there) return exact;
    return (mt_exact){divide(exact.value, b.value < 0 ? -b.value : b.value), true};
}

mt_exact mt_exact_or(mt_exact a, mt_exact other)
{
    return a.there ? a : other;
}

mt_exact mt_exact_abs(mt_exact a)
{
    return a.value < 0 ? (mt_exact){-a.value, a.there} : a;
}

mt_exact mt_exact_round(mt_exact a, int places)
{
    mt_wide unit = 1;
    for (int k = places; k < MT_EXACT_PLACES; k++) unit *= 10;
    return (mt_exact){divide(a.value, unit) * unit, a.there};
}

bool mt_exact_equal(mt_exact a, mt_exact b)
{
    return a.there && b.there && a.value == b.value;
}

int mt_exact_sign(mt_exact a)
{
    return !a.there || a.value == 0 ? 0 : a.value < 0 ? -1 : 1;
}

bool mt_exact_near(mt_exact a, mt_exact b, mt_exact less_than)
{
    mt_exact distance = mt_exact_abs(mt_exact_sub(a, b));
    return distance.there && less_than.there && distance.value < less_than.value;
}

const char *mt_exact_text(mt_exact a, char out[MT_EXACT_TEXT_MAX])
{
    char digits[MT_EXACT_TEXT_MAX], *end = out;
    size_t n = 0, places = MT_EXACT_PLACES;
    mt_wide value = a.value < 0 ? -a.value : a.value;
    for (; places > 2 && value % 10 == 0; places--) value /= 10;
    while (n < places + 1 || value > 0) {
        digits[n++] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    if (a.value < 0) *end++ = '-';
    while (n > 0) {
        if (n == places) *end++ = '.';
        *end++ = digits[--n];
    }
    *end = '\0';
    return out;
}
