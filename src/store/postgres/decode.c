/* One value of a statement's result, from the bytes that the server sends into a column of a chunk. */
#include "store/postgres/decode.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_2000_US  ((int64_t)946684800 * 1000000)
#define EPOCH_2000_DAY 10957

/* Years 0001 to 9999, see base/time.h. */
#define FIRST_US  ((int64_t)-62135596800 * 1000000)
#define LAST_US   ((int64_t)253402300800 * 1000000 - 1)
#define FIRST_DAY (-719162)
#define LAST_DAY  2932896

enum {
    OID_BOOL = 16,
    OID_CHAR = 18,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_UNKNOWN = 705,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_TIMESTAMP = 1114,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700
};

static const mt_pg_column known[] = {
    {OID_BOOL, MT_BOOL},      {OID_INT8, MT_INT},     {OID_INT2, MT_INT},    {OID_INT4, MT_INT},
    {OID_OID, MT_INT},        {OID_FLOAT4, MT_REAL},  {OID_FLOAT8, MT_REAL}, {OID_NUMERIC, MT_REAL},
    {OID_TEXT, MT_TEXT},      {OID_VARCHAR, MT_TEXT}, {OID_BPCHAR, MT_TEXT}, {OID_NAME, MT_TEXT},
    {OID_CHAR, MT_TEXT},      {OID_UNKNOWN, MT_TEXT}, {OID_DATE, MT_DAY},    {OID_TIMESTAMPTZ, MT_TIME},
    {OID_TIMESTAMP, MT_TIME},
};

/* A decimal of at most 18 digits when it has six places is exact; the server packs precision and scale in
 * `modifier`. */
static mt_type type_of_numeric(int modifier)
{
    if (modifier < 4) return MT_REAL;
    int precision = (modifier - 4) >> 16, scale = (modifier - 4) & 0x7ff;
    return scale <= 6 && precision <= 12 + scale ? MT_MICRO : MT_REAL;
}

bool mt_pg_column_of(mt_pg_column *out, Oid oid, int modifier)
{
    *out = (mt_pg_column){oid, MT_TEXT};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (known[k].oid != oid) continue;
        out->as = oid == OID_NUMERIC ? type_of_numeric(modifier) : known[k].as;
        return true;
    }
    return false;
}

/* --- the binary form --- */

static uint16_t get_16(const char *at)
{
    uint16_t big;
    memcpy(&big, at, sizeof big);
    return be16toh(big);
}

static uint32_t get_32(const char *at)
{
    uint32_t big;
    memcpy(&big, at, sizeof big);
    return be32toh(big);
}

static uint64_t get_64(const char *at)
{
    uint64_t big;
    memcpy(&big, at, sizeof big);
    return be64toh(big);
}

static mt_pg_decoded put_integer(const mt_pg_column *column, int64_t *out, const char *bytes, size_t n)
{
    if (n == 8) {
        *out = (int64_t)get_64(bytes);
    } else if (n == 4) {
        uint32_t word = get_32(bytes);
        *out = column->oid == OID_OID ? (int64_t)word : (int64_t)(int32_t)word;
    } else if (n == 2) {
        *out = (int16_t)get_16(bytes);
    } else {
        return MT_PG_DAMAGED;
    }
    return MT_PG_VALUE;
}

static mt_pg_decoded put_float(double *out, const char *bytes, size_t n)
{
    if (n == 8) {
        uint64_t bits = get_64(bytes);
        memcpy(out, &bits, sizeof bits);
    } else if (n == 4) {
        uint32_t bits = get_32(bytes);
        float real;
        memcpy(&real, &bits, sizeof bits);
        *out = (double)real;
    } else {
        return MT_PG_DAMAGED;
    }
    return isnan(*out) ? MT_PG_MISSING : MT_PG_VALUE;
}

static mt_pg_decoded put_time(int64_t *out, const char *bytes, size_t n)
{
    if (n != 8) return MT_PG_DAMAGED;
    int64_t t = (int64_t)get_64(bytes);
    if (t == INT64_MAX || t == INT64_MIN) return MT_PG_MISSING; /* infinity */
    if (t < FIRST_US - EPOCH_2000_US || t > LAST_US - EPOCH_2000_US) return MT_PG_TOO_LARGE;
    *out = t + EPOCH_2000_US;
    return MT_PG_VALUE;
}

static mt_pg_decoded put_day(int32_t *out, const char *bytes, size_t n)
{
    if (n != 4) return MT_PG_DAMAGED;
    int32_t day = (int32_t)get_32(bytes);
    if (day == INT32_MAX || day == INT32_MIN) return MT_PG_MISSING;
    if (day < FIRST_DAY - EPOCH_2000_DAY || day > LAST_DAY - EPOCH_2000_DAY) return MT_PG_TOO_LARGE;
    *out = day + EPOCH_2000_DAY;
    return MT_PG_VALUE;
}

/* A decimal: digits of base 10,000, the first of them worth 10,000 to the power of `weight`. */
struct numeric {
    int n, weight;
    bool negative;
    const char *digit;
};

static int digit_of(const struct numeric *x, int k)
{
    return get_16(x->digit + 2 * (size_t)k);
}

/* Enough places that no rounding differs: a double's exact middle has 767 digits at most. */
enum { NUMERIC_HEAD = 8, DIGITS_MAX = 200, SIGN_MINUS = 0x4000, SIGN_SPECIAL = 0xc000 };

static double real_of_numeric(const struct numeric *x)
{
    char text[4 * DIGITS_MAX + 32] = "-0";
    size_t at = 2;
    int n = x->n < DIGITS_MAX ? x->n : DIGITS_MAX;
    for (int k = 0; k < n; k++, at += 4) snprintf(text + at, 5, "%04d", digit_of(x, k) % 10000);
    snprintf(text + at, sizeof text - at, "e%d", 4 * (x->weight - n + 1));
    return strtod(text + !x->negative, NULL);
}

/* In millionths; the column's precision promises that it fits. */
static mt_pg_decoded put_micro(int64_t *out, const struct numeric *x)
{
    static const int64_t power[] = {100, 1000000, 10000000000, 100000000000000, 1000000000000000000};
    int64_t sum = 0;
    for (int k = 0; k < x->n; k++) {
        int64_t digit = digit_of(x, k), part;
        int place = x->weight - k; /* -1: ten-thousandths */
        if (place == -2) {
            part = digit / 100;
        } else if (place < -2 || place > 3 || (place == 3 && digit > 9)) {
            if (digit) return MT_PG_TOO_LARGE;
            part = 0;
        } else {
            part = digit * power[place + 1];
        }
        if (__builtin_add_overflow(sum, part, &sum)) return MT_PG_TOO_LARGE;
    }
    *out = x->negative ? -sum : sum;
    return MT_PG_VALUE;
}

static mt_pg_decoded put_numeric(const mt_pg_column *column, void *data, size_t i, const char *bytes,
                                 size_t n)
{
    if (n < NUMERIC_HEAD) return MT_PG_DAMAGED;
    struct numeric x = {(int16_t)get_16(bytes), (int16_t)get_16(bytes + 2), get_16(bytes + 4) == SIGN_MINUS,
                        bytes + NUMERIC_HEAD};
    uint16_t sign = get_16(bytes + 4);
    if (sign == 0xc000) return MT_PG_MISSING; /* NaN */
    if (x.n < 0 || n != NUMERIC_HEAD + 2 * (size_t)x.n) return MT_PG_DAMAGED;
    if ((sign & SIGN_SPECIAL) == SIGN_SPECIAL) { /* 0xd000, 0xf000 */
        if (column->as == MT_MICRO) return MT_PG_TOO_LARGE;
        ((double *)data)[i] = sign == 0xf000 ? -INFINITY : INFINITY;
        return MT_PG_VALUE;
    }
    if (column->as == MT_MICRO) return put_micro(&((int64_t *)data)[i], &x);
    ((double *)data)[i] = real_of_numeric(&x);
    return MT_PG_VALUE;
}

mt_pg_decoded mt_pg_decode(const mt_pg_column *column, void *data, size_t i, const char *bytes, size_t n)
{
    switch (column->as) {
    case MT_INT:
        return put_integer(column, &((int64_t *)data)[i], bytes, n);
    case MT_TIME:
        return put_time(&((int64_t *)data)[i], bytes, n);
    case MT_DAY:
        return put_day(&((int32_t *)data)[i], bytes, n);
    case MT_BOOL:
        if (n != 1) return MT_PG_DAMAGED;
        ((uint8_t *)data)[i] = bytes[0] != 0;
        return MT_PG_VALUE;
    case MT_REAL:
    case MT_MICRO:
        return column->oid == OID_NUMERIC ? put_numeric(column, data, i, bytes, n)
                                          : put_float(&((double *)data)[i], bytes, n);
    default:
        ((mt_text *)data)[i] = (mt_text){bytes, n};
        return MT_PG_VALUE;
    }
}

/* --- text --- */

static mt_pg_decoded read_time(const char *text, size_t n, int64_t *out)
{
    bool has_offset;
    if (text[0] == 'i' || text[0] == '-') return MT_PG_MISSING; /* infinity, -infinity */
    return mt_time_parse(text, n, out, &has_offset) ? MT_PG_VALUE : MT_PG_TOO_LARGE;
}

static mt_pg_decoded read_day(const char *text, size_t n, mt_day *out)
{
    if (text[0] == 'i' || text[0] == '-') return MT_PG_MISSING;
    return mt_day_parse(text, n, out) ? MT_PG_VALUE : MT_PG_TOO_LARGE;
}

static mt_pg_decoded read_real(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (*end) return MT_PG_TOO_LARGE;
    return isnan(*out) ? MT_PG_MISSING : MT_PG_VALUE;
}

static mt_pg_decoded read_micro(const char *text, size_t n, int64_t *out)
{
    if (text[0] == 'N') return MT_PG_MISSING; /* NaN */
    return mt_micro_parse(text, n, out) ? MT_PG_VALUE : MT_PG_TOO_LARGE;
}

mt_pg_decoded mt_pg_decode_text(const mt_pg_column *column, void *data, size_t i, const char *text, size_t n)
{
    switch (column->as) {
    case MT_BOOL:
        ((uint8_t *)data)[i] = text[0] == 't';
        return MT_PG_VALUE;
    case MT_INT:
        return mt_int_parse(text, n, &((int64_t *)data)[i]) ? MT_PG_VALUE : MT_PG_TOO_LARGE;
    case MT_MICRO:
        return read_micro(text, n, &((int64_t *)data)[i]);
    case MT_REAL:
        return read_real(text, &((double *)data)[i]);
    case MT_TIME:
        return read_time(text, n, &((int64_t *)data)[i]);
    case MT_DAY:
        return read_day(text, n, &((mt_day *)data)[i]);
    default:
        ((mt_text *)data)[i] = (mt_text){text, n};
        return MT_PG_VALUE;
    }
}
