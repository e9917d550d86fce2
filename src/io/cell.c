/* Values as text, with a short way for the numbers that markets are full of. */
#include "io/cell.h"

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

size_t mt_cell_real(double value, char out[MT_CELL_MAX])
{
    int64_t scaled = 0;
    int places = find_places(value, &scaled);
    bool plain =
        places >= 0 && (places < 5 || fabs(value) >= 1e-4); /* below, the other way has an exponent */
    return plain ? put_digits(scaled, places, out) : mt_real_text(value, out);
}

const char *mt_cell_unit(mt_unit unit)
{
    return unit == MT_UNIT_ONE || unit == MT_UNIT_COUNT ? "" : mt_unit_text(unit);
}

bool mt_cell_has(mt_type type, mt_value value)
{
    return value.present && (type != MT_REAL || isfinite(value.as.real));
}

size_t mt_cell_exact(mt_type type, mt_value value, char out[MT_CELL_MAX])
{
    switch (type) {
    case MT_BOOL: return (size_t)snprintf(out, MT_CELL_MAX, "%s", value.as.boolean ? "true" : "false");
    case MT_INT: return put_digits(value.as.integer, 0, out);
    case MT_REAL: return mt_cell_real(value.as.real, out);
    case MT_MICRO: return mt_micro_text(value.as.integer, 0, out);
    case MT_TIME: return mt_time_text(value.as.integer, out);
    case MT_DAY: return mt_day_text((mt_day)value.as.integer, out);
    case MT_SPAN: return mt_span_text(value.as.integer, out);
    default: out[0] = 0; return 0;
    }
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
    if (type == MT_MICRO) return mt_micro_text(value.as.integer, places, out);
    if (type != MT_REAL || is_odd(style) || !(fabs(value.as.real) < 1e15))
        return mt_cell_exact(type, value, out);
    double unit = 1 / power[places];
    double number = fabs(value.as.real) * 2 < unit ? 0 : value.as.real; /* no "-0.00" */
    int n = snprintf(out, MT_CELL_MAX, "%.*f", places, number);
    char *comma = strchr(out, ',');
    if (comma) *comma = '.'; /* a host program may have set a locale */
    return (size_t)n;
}
