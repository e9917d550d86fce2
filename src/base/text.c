/* Borrowed text, exact decimals, shortest doubles, nearest words. */
#include "base/text.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMAL_PLACES = 6, NUMBER_TEXT_MAX = 400, WORD_MAX = 64 };

mt_text mt_text_of(const char *zero_terminated)
{
    return (mt_text){zero_terminated, zero_terminated ? strlen(zero_terminated) : 0};
}

bool mt_text_equal(mt_text a, const char *b)
{
    return a.at && strlen(b) == a.length && memcmp(a.at, b, a.length) == 0;
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

bool mt_text_equal_nocase(mt_text a, const char *b)
{
    if (!a.at || strlen(b) != a.length) return false;
    for (size_t k = 0; k < a.length; k++) {
        if (fold(a.at[k]) != fold(b[k])) return false;
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

mt_text mt_text_trim(mt_text text)
{
    while (text.length && is_blank(text.at[0])) text = (mt_text){text.at + 1, text.length - 1};
    while (text.length && is_blank(text.at[text.length - 1])) text.length--;
    return text;
}

mt_code mt_text_copy(mt_ctx *cx, const char **out, mt_text text)
{
    char *copy;
    MT_TRY(MT_NEW(cx, &copy, text.length + 1));
    if (text.length) memcpy(copy, text.at, text.length);
    *out = copy;
    return MT_OK;
}

mt_code mt_text_format(mt_ctx *cx, const char **out, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int n = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (n < 0) return mt_fail(cx, MT_E_BUG, "a text format does not fit its values: %s", format);
    char *text;
    MT_TRY(MT_NEW(cx, &text, (size_t)n + 1));
    va_start(values, format);
    vsnprintf(text, (size_t)n + 1, format, values);
    va_end(values);
    *out = text;
    return MT_OK;
}

/* A decimal taken apart: sign, digits without the point, and the power of ten they are multiplied by. */
struct decimal {
    bool negative;
    uint64_t digits;
    int64_t zeros; /* read after the digits, and not yet multiplied in */
    int64_t exponent;
};

/* Zeros wait for a digit behind them, so that "1.50000000000000000000000" is no longer than "1.5". */
static bool add_digit(struct decimal *d, char c)
{
    if (c == '0') {
        d->zeros += d->digits != 0;
        return true;
    }
    for (; d->zeros > 0; d->zeros--) {
        if (__builtin_mul_overflow(d->digits, 10, &d->digits)) return false;
    }
    return !__builtin_mul_overflow(d->digits, 10, &d->digits) &&
           !__builtin_add_overflow(d->digits, (uint64_t)(c - '0'), &d->digits);
}

/* Reads an exponent of at most three digits after the 'e'; returns its length or 0. */
static size_t take_exponent(const char *text, size_t n, int *exponent)
{
    size_t k = 0;
    bool negative = false;
    int value = 0;
    if (k < n && (text[k] == '+' || text[k] == '-')) negative = text[k++] == '-';
    size_t first = k;
    for (; k < n && k < first + 3 && text[k] >= '0' && text[k] <= '9'; k++)
        value = value * 10 + (text[k] - '0');
    *exponent = negative ? -value : value;
    return k > first ? k : 0;
}

static bool take_decimal(const char *text, size_t n, struct decimal *d)
{
    size_t k = 0, count = 0;
    bool point = false;
    *d = (struct decimal){0};
    if (k < n && (text[k] == '+' || text[k] == '-')) d->negative = text[k++] == '-';
    for (; k < n && ((text[k] >= '0' && text[k] <= '9') || (text[k] == '.' && !point)); k++) {
        if (text[k] == '.') {
            point = true;
            continue;
        }
        if (!add_digit(d, text[k])) return false;
        count++;
        if (point) d->exponent--;
    }
    if (count && k < n && (text[k] == 'e' || text[k] == 'E')) {
        int exponent = 0;
        size_t taken = take_exponent(text + k + 1, n - k - 1, &exponent);
        if (!taken) return false;
        d->exponent += exponent;
        k += 1 + taken;
    }
    d->exponent += d->zeros;
    return count > 0 && k == n;
}

bool mt_micro_parse(const char *text, size_t length, mt_micro *out)
{
    struct decimal d;
    if (!take_decimal(text, length, &d)) return false;
    int64_t shift = d.exponent + DECIMAL_PLACES;
    if (d.digits == 0) shift = 0;
    for (; shift > 0; shift--) {
        if (d.digits > (uint64_t)INT64_MAX / 10) return false;
        d.digits *= 10;
    }
    for (; shift < 0; shift++) {
        if (d.digits % 10) return false; /* more places than can be exact */
        d.digits /= 10;
    }
    if (d.digits > (uint64_t)INT64_MAX) return false;
    *out = d.negative ? -(mt_micro)d.digits : (mt_micro)d.digits;
    return true;
}

size_t mt_micro_text(mt_micro value, int places, char *out)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int n =
        snprintf(out, 32, "%s%" PRIu64 ".%06" PRIu64, value < 0 ? "-" : "", size / 1000000, size % 1000000);
    int keep = n - DECIMAL_PLACES + places;
    while (n > keep && out[n - 1] == '0') n--;
    if (out[n - 1] == '.') n--;
    out[n] = 0;
    return (size_t)n;
}

static size_t print_real(double value, int digits, char *out)
{
    int n = snprintf(out, 32, "%.*g", digits, value);
    char *comma = strchr(out, ','); /* a host program may have set a locale */
    if (comma) *comma = '.';
    return (size_t)n;
}

/* Whole numbers of ordinary size are written without an exponent. */
size_t mt_real_text(double value, char *out)
{
    if (value == 0) return (size_t)snprintf(out, 32, "0");
    if (fabs(value) < 1e15 && value == floor(value)) return (size_t)snprintf(out, 32, "%.0f", value);
    size_t n = 0;
    double back;
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17;
         digits++) { /* below it digits are fewer */
        n = print_real(value, digits, out);
        if (mt_real_parse(out, n, &back) && back == value) break;
    }
    return n;
}

bool mt_real_parse(const char *text, size_t length, double *out)
{
    char copy[NUMBER_TEXT_MAX];
    if (length == 0 || length >= sizeof copy) return false;
    for (size_t k = 0; k < length; k++) {
        if (!strchr("0123456789+-.eE", text[k]) || !text[k]) return false;
    }
    memcpy(copy, text, length);
    copy[length] = 0;
    const char *point = localeconv()->decimal_point;
    char *dot = strchr(copy, '.');
    if (dot && point[0] != '.') *dot = point[0];
    char *end;
    double value = strtod(copy, &end);
    if (*end || end == copy || !isfinite(value)) return false;
    *out = value;
    return true;
}

bool mt_int_parse(const char *text, size_t length, int64_t *out)
{
    char copy[32], *end;
    if (length == 0 || length >= sizeof copy || !strchr("+-0123456789", text[0])) return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    errno = 0;
    long long value = strtoll(copy, &end, 10);
    if (errno || end != copy + length) return false;
    *out = value;
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_swap(const char *a, const char *b)
{
    return fold(a[-1]) == fold(b[-2]) && fold(a[-2]) == fold(b[-1]);
}

/* Changes that make b of a, without case: a letter more, less, another, or two swapped. Words are cut at
 * WORD_MAX. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t n = least(strlen(a), WORD_MAX), m = least(strlen(b), WORD_MAX);
    size_t row[3][WORD_MAX + 1]; /* of a's letters: the one in hand and the two before, in turn */
    for (size_t j = 0; j <= m; j++) row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *swapped = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = before[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            now[j] = least(change, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && is_swap(a + i, b + j)) now[j] = least(now[j], swapped[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

int mt_text_nearest(const char *word, const char *const *candidate, size_t n)
{
    int nearest = -1;
    size_t best = strlen(word) < 3 ? 1 : strlen(word) / 3;
    for (size_t k = 0; k < n; k++) {
        size_t distance = edit_distance(word, candidate[k]);
        bool nothing_in_common = distance >= strlen(candidate[k]) && distance > 0;
        if (nothing_in_common || distance > best || (nearest >= 0 && distance == best)) continue;
        best = distance;
        nearest = (int)k;
    }
    return nearest;
}
