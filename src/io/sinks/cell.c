/* Values as text, with a short way for the numbers that markets are full of. */
#include "io/sinks/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PLACES_MAX = 6 };

static const double power[PLACES_MAX + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

/* The fewest decimals (at most six) with which the value reads back as itself, or -1; *scaled gets all its
 * digits.
 * Integer / power of ten is rounded once, like the reading of the decimal text, so the test is exact. */
static int find_places(double value, int64_t *scaled)
{
    if (!(fabs(value) < 1e9)) return -1;
    for (int k = 0; k <= PLACES_MAX; k++) {
        double whole = nearbyint(value * power[k]);
        if (whole / power[k] == value) {
            *scaled = (int64_t)whole;
            return k;
        }
    }
    return -1;
}

static size_t put_digits(int64_t scaled, int places, char *out)
{
    char digit[24];
    int n = 0, at = 0;
    uint64_t rest = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    do {
        digit[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest || n <= places);
    if (scaled < 0) out[at++] = '-';
    while (n > 0) {
        out[at++] = digit[--n];
        if (n == places && n > 0) out[at++] = '.';
    }
    out[at] = 0;
    return (size_t)at;
}

__extension__ typedef unsigned __int128 wide;

/* A positive double as m / 2^s, exactly; only for values from 2^-74 to 2^53, where 128 bits hold all that
 * follows. */
struct fraction { uint64_t m; int s; };

static bool take_apart(double value, struct fraction *out)
{
    int exponent;
    double mantissa = frexp(value, &exponent);
    *out = (struct fraction){(uint64_t)ldexp(mantissa, 53), 53 - exponent};
    return out->s >= 0 && out->s <= 126;
}

/* m / 2^s x 10^k, rounded half to even, and what the rounding left of it (times 2^s). */
static uint64_t scale(struct fraction f, int k, wide *rest)
{
    static const uint64_t ten[] = {1,       10,       100,       1000,       10000,      100000,
                                   1000000, 10000000, 100000000, 1000000000, 10000000000};
    wide product = (wide)f.m * ten[k > 10 ? 10 : k] * ten[k > 10 ? k - 10 : 0];
    uint64_t whole = (uint64_t)(product >> f.s);
    wide part = product - ((wide)whole << f.s), half = f.s ? (wide)1 << (f.s - 1) : 1;
    bool up = part > half || (part == half && f.s && whole % 2);
    *rest = up ? ((wide)1 << f.s) - part : part;
    return whole + up;
}

/* The fewest digits from 15 on that read back as the same double: less than half a step away from it. The
 * same text
 * as mt_real_text, without printing and reading three times. 0: not for this way. */
static size_t put_shortest(double value, char *out)
{
    double size = fabs(value);
    struct fraction f;
    if (!(size >= 1e-4 && size < 1e15) || !take_apart(size, &f) || f.m == (uint64_t)1 << 52) return 0;
    int before = 0; /* digits before the point; 0 below 1, -1 below 0.1 … */
    for (double bound = 1; size >= bound; bound *= 10) before++;
    for (double bound = 10; before <= 0 && size * bound < 1 && before > -3; bound *= 10) before--;
    for (int digits = 15; digits <= 17; digits++) {
        int k = digits - before;
        wide rest, step = 1;
        if (k < 0 || k > 20) return 0;
        uint64_t scaled = scale(f, k, &rest);
        for (int i = 0; i < k; i++) step *= 10;
        if (rest * 2 > step || (rest * 2 == step && f.m % 2)) continue;
        while (k > 0 && scaled % 10 == 0) {
            scaled /= 10;
            k--;
        }
        return put_digits(value < 0 ? -(int64_t)scaled : (int64_t)scaled, k, out);
    }
    return 0;
}

size_t mt_cell_real(double value, char out[MT_CELL_MAX])
{
    int64_t scaled = 0;
    int places = find_places(value, &scaled);
    if (places >= 0 && (places < 5 || fabs(value) >= 1e-4)) return put_digits(scaled, places, out);
    size_t n = put_shortest(value, out);
    return n ? n : mt_real_text(value, out); /* very small or large: that has an exponent */
}

const char *mt_cell_unit(mt_unit unit)
{
    return unit == MT_UNIT_ONE || unit == MT_UNIT_COUNT ? "" : mt_unit_text(unit);
}

bool mt_cell_has(mt_type type, mt_value value)
{
    return value.present && (type != MT_REAL || isfinite(value.as.real));
}

static int micro_places(int64_t value)
{
    int places = PLACES_MAX;
    while (places > 0 && value % 10 == 0) {
        value /= 10;
        places--;
    }
    return places;
}

static size_t put_micro(int64_t value, int places, char *out)
{
    int needed = micro_places(value);
    if (needed > places) places = needed;
    for (int k = places; k < PLACES_MAX; k++) value /= 10;
    return put_digits(value, places, out);
}

size_t mt_cell_exact(mt_type type, mt_value value, char out[MT_CELL_MAX])
{
    switch (type) {
    case MT_BOOL: return (size_t)snprintf(out, MT_CELL_MAX, "%s", value.as.boolean ? "true" : "false");
    case MT_INT: return put_digits(value.as.integer, 0, out);
    case MT_REAL: return mt_cell_real(value.as.real, out);
    case MT_MICRO: return put_micro(value.as.integer, 0, out);
    case MT_TIME: return mt_time_text(value.as.integer, out);
    case MT_DAY: return mt_day_text((mt_day)value.as.integer, out);
    case MT_SPAN: return mt_span_text(value.as.integer, out);
    default: out[0] = 0; return 0;
    }
}

void mt_cell_look(mt_cell_style *style, mt_type type, mt_value value)
{
    int64_t scaled;
    int places = 0;
    if (!mt_cell_has(type, value)) return;
    if (type == MT_MICRO) {
        places = micro_places(value.as.integer);
    } else if (type == MT_REAL) {
        double size = fabs(value.as.real);
        if (size > style->largest) style->largest = size;
        if (size >= 1e15) style->odd = true;
        places = find_places(value.as.real, &scaled);
        if (places < 0) places = PLACES_MAX;
    }
    if (places > style->needed) style->needed = places;
}

int mt_cell_places(const mt_cell_style *style, mt_type type)
{
    if (type == MT_MICRO) return style->needed;
    if (type != MT_REAL) return 0;
    int most = 2;
    while (most < PLACES_MAX && style->largest * power[most - 2] < 100)
        most++; /* five digits, but two decimals */
    return style->needed < most ? style->needed : most;
}

/* A column of very small numbers only keeps its exponents; so does one with a very large number. */
static bool is_odd(const mt_cell_style *style)
{
    return style->odd || (style->largest > 0 && style->largest < 1e-4);
}

size_t mt_cell_shown(const mt_cell_style *style, mt_type type, mt_value value, char out[MT_CELL_MAX])
{
    int places = mt_cell_places(style, type);
    if (type == MT_MICRO) return put_micro(value.as.integer, places, out);
    if (type != MT_REAL || is_odd(style) || !(fabs(value.as.real) < 1e15))
        return mt_cell_exact(type, value, out);
    double size = fabs(value.as.real);
    struct fraction f;
    wide rest;
    if (size == 0 || !take_apart(size, &f)) return put_digits(0, places, out); /* too small to be seen */
    int64_t scaled = (int64_t)scale(f, places, &rest);
    return put_digits(value.as.real < 0 ? -scaled : scaled, places, out);
}
