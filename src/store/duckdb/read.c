/* DuckDB result chunks as column chunks of the house. */
#include "store/duckdb/read.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct known {
    duckdb_type type;
    mt_type as;
};

static const struct known known[] = {
    {DUCKDB_TYPE_BOOLEAN, MT_BOOL},      {DUCKDB_TYPE_TINYINT, MT_INT},
    {DUCKDB_TYPE_SMALLINT, MT_INT},      {DUCKDB_TYPE_INTEGER, MT_INT},
    {DUCKDB_TYPE_BIGINT, MT_INT},        {DUCKDB_TYPE_UTINYINT, MT_INT},
    {DUCKDB_TYPE_USMALLINT, MT_INT},     {DUCKDB_TYPE_UINTEGER, MT_INT},
    {DUCKDB_TYPE_UBIGINT, MT_INT},       {DUCKDB_TYPE_HUGEINT, MT_INT},
    {DUCKDB_TYPE_FLOAT, MT_REAL},        {DUCKDB_TYPE_DOUBLE, MT_REAL},
    {DUCKDB_TYPE_VARCHAR, MT_TEXT},      {DUCKDB_TYPE_DATE, MT_DAY},
    {DUCKDB_TYPE_TIMESTAMP, MT_TIME},    {DUCKDB_TYPE_TIMESTAMP_TZ, MT_TIME},
    {DUCKDB_TYPE_TIMESTAMP_S, MT_TIME},  {DUCKDB_TYPE_TIMESTAMP_MS, MT_TIME},
    {DUCKDB_TYPE_TIMESTAMP_NS, MT_TIME}, {DUCKDB_TYPE_SQLNULL, MT_TEXT},
};

bool mt_duck_column_of(const mt_duckdb_api *api, duckdb_logical_type type, mt_duck_column *out)
{
    duckdb_type id = api->duckdb_get_type_id(type);
    *out = (mt_duck_column){id, MT_TEXT, -1};
    if (id == DUCKDB_TYPE_DECIMAL) {
        out->type = api->duckdb_decimal_internal_type(type);
        out->scale = api->duckdb_decimal_scale(type);
        out->as = out->scale <= 6 && api->duckdb_decimal_width(type) <= 12 + out->scale ? MT_MICRO : MT_REAL;
        return true;
    }
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (known[k].type != id) continue;
        out->as = known[k].as;
        return true;
    }
    return false;
}

static mt_code fail_width(mt_ctx *cx, const char *name)
{
    return mt_fail(cx, MT_E_TOO_LARGE, "a value of column %s does not fit 64 bits: cast it to DOUBLE or TEXT",
                   name);
}

/* Value i of an integer column; false when it does not fit. */
static bool integer_at(const void *data, duckdb_type type, size_t i, int64_t *out)
{
    switch (type) {
    case DUCKDB_TYPE_TINYINT:
        *out = ((const int8_t *)data)[i];
        return true;
    case DUCKDB_TYPE_SMALLINT:
        *out = ((const int16_t *)data)[i];
        return true;
    case DUCKDB_TYPE_INTEGER:
        *out = ((const int32_t *)data)[i];
        return true;
    case DUCKDB_TYPE_UTINYINT:
        *out = ((const uint8_t *)data)[i];
        return true;
    case DUCKDB_TYPE_USMALLINT:
        *out = ((const uint16_t *)data)[i];
        return true;
    case DUCKDB_TYPE_UINTEGER:
        *out = ((const uint32_t *)data)[i];
        return true;
    case DUCKDB_TYPE_UBIGINT: {
        uint64_t value = ((const uint64_t *)data)[i];
        *out = (int64_t)value;
        return value <= INT64_MAX;
    }
    case DUCKDB_TYPE_HUGEINT: {
        duckdb_hugeint value = ((const duckdb_hugeint *)data)[i];
        *out = (int64_t)value.lower;
        return value.upper == (*out < 0 ? -1 : 0);
    }
    default:
        *out = ((const int64_t *)data)[i];
        return true;
    }
}

static mt_code read_integers(mt_ctx *cx, mt_column *out, const mt_duck_column *column, const char *name,
                             const void *data, size_t n)
{
    int64_t *made;
    MT_TRY(MT_NEW(cx, &made, n));
    for (size_t i = 0; i < n; i++)
        if (mt_column_has(out, i) && !integer_at(data, column->type, i, &made[i]))
            return fail_width(cx, name);
    out->data = made;
    return MT_OK;
}

static double power_of_ten(int n)
{
    double power = 1;
    while (n-- > 0) power *= 10;
    return power;
}

static double hugeint_real(duckdb_hugeint value)
{
    return (double)value.upper * 18446744073709551616.0 + (double)value.lower;
}

static mt_code read_decimals(mt_ctx *cx, mt_column *out, const mt_duck_column *column, const void *data,
                             size_t n)
{
    bool exact = column->as == MT_MICRO;
    int64_t *micro;
    double *real;
    MT_TRY(MT_NEW(cx, &micro, n));
    real = (double *)micro;
    int64_t factor = exact ? (int64_t)power_of_ten(6 - column->scale) : 1;
    double divisor = power_of_ten(column->scale);
    for (size_t i = 0; i < n; i++) {
        int64_t value = 0;
        if (!mt_column_has(out, i)) continue;
        if (exact) {
            (void)integer_at(data, column->type, i, &value); /* at most 18 digits */
            micro[i] = value * factor;
        } else if (column->type == DUCKDB_TYPE_HUGEINT) {
            real[i] = hugeint_real(((const duckdb_hugeint *)data)[i]) / divisor;
        } else {
            (void)integer_at(data, column->type, i, &value);
            real[i] = (double)value / divisor;
        }
    }
    out->data = micro;
    return MT_OK;
}

static mt_code read_texts(mt_ctx *cx, mt_column *out, const void *data, size_t n)
{
    const duckdb_string_t *string = data;
    mt_text *text;
    MT_TRY(MT_NEW(cx, &text, n));
    for (size_t i = 0; i < n; i++) {
        if (!mt_column_has(out, i)) continue;
        uint32_t length = string[i].value.inlined.length;
        text[i].length = length;
        text[i].at = length <= sizeof string[i].value.inlined.inlined ? string[i].value.inlined.inlined
                                                                      : string[i].value.pointer.ptr;
    }
    out->data = text;
    return MT_OK;
}

/* A column without a single value, as SELECT NULL gives. */
static mt_code read_nulls(mt_ctx *cx, mt_column *out, size_t n)
{
    mt_text *text;
    uint64_t *bits;
    MT_TRY(MT_NEW(cx, &text, n));
    MT_TRY(MT_NEW(cx, &bits, (n + 63) / 64));
    *out = (mt_column){text, bits};
    return MT_OK;
}

/* A writable copy of the validity bits. */
static mt_code own_valid(mt_ctx *cx, mt_column *out, uint64_t **bits, size_t n)
{
    size_t words = (n + 63) / 64;
    MT_TRY(MT_NEW(cx, bits, words));
    if (out->valid) {
        memcpy(*bits, out->valid, words * sizeof **bits);
    } else {
        memset(*bits, 0xff, words * sizeof **bits);
    }
    out->valid = *bits;
    return MT_OK;
}

static mt_code drop(mt_ctx *cx, mt_column *out, uint64_t **bits, size_t i, size_t n)
{
    if (!*bits) MT_TRY(own_valid(cx, out, bits, n));
    (*bits)[i / 64] &= ~((uint64_t)1 << (i % 64));
    return MT_OK;
}

static mt_code drop_nan(mt_ctx *cx, mt_column *out, const double *real, size_t n)
{
    uint64_t *bits = NULL;
    for (size_t i = 0; i < n; i++)
        if (isnan(real[i]) && mt_column_has(out, i)) MT_TRY(drop(cx, out, &bits, i, n));
    return MT_OK;
}

static mt_code read_reals(mt_ctx *cx, mt_column *out, const mt_duck_column *column, const void *data,
                          size_t n)
{
    if (column->type == DUCKDB_TYPE_FLOAT) {
        double *made;
        MT_TRY(MT_NEW(cx, &made, n));
        for (size_t i = 0; i < n; i++) made[i] = (double)((const float *)data)[i];
        data = made;
    }
    out->data = data;
    return drop_nan(cx, out, data, n);
}

/* Microseconds of a value in the column's own unit. */
static int64_t to_micros(duckdb_type type, int64_t value)
{
    switch (type) {
    case DUCKDB_TYPE_TIMESTAMP_S:
        return value * MT_US_SECOND;
    case DUCKDB_TYPE_TIMESTAMP_MS:
        return value * 1000;
    case DUCKDB_TYPE_TIMESTAMP_NS:
        return value / 1000 - (value % 1000 < 0);
    default:
        return value;
    }
}

static mt_code read_times(mt_ctx *cx, mt_column *out, const mt_duck_column *column, const int64_t *data,
                          size_t n)
{
    uint64_t *bits = NULL;
    int64_t *made = NULL;
    bool plain = column->type == DUCKDB_TYPE_TIMESTAMP || column->type == DUCKDB_TYPE_TIMESTAMP_TZ;
    if (!plain) MT_TRY(MT_NEW(cx, &made, n));
    out->data = plain ? data : made;
    for (size_t i = 0; i < n; i++) {
        if (!mt_column_has(out, i)) continue;
        if (data[i] == INT64_MAX || data[i] <= -INT64_MAX) {
            MT_TRY(drop(cx, out, &bits, i, n)); /* "infinity" */
        } else if (made) {
            made[i] = to_micros(column->type, data[i]);
        }
    }
    return MT_OK;
}

mt_code mt_duck_read(mt_ctx *cx, const mt_duckdb_api *api, mt_column *out, const mt_duck_column *column,
                     const char *name, duckdb_vector vector, size_t n)
{
    const void *data = api->duckdb_vector_get_data(vector);
    out->valid = api->duckdb_vector_get_validity(vector);
    out->data = data;
    if (column->scale >= 0) return read_decimals(cx, out, column, data, n);
    switch (column->as) {
    case MT_TEXT:
        return column->type == DUCKDB_TYPE_SQLNULL ? read_nulls(cx, out, n) : read_texts(cx, out, data, n);
    case MT_REAL:
        return read_reals(cx, out, column, data, n);
    case MT_TIME:
        return read_times(cx, out, column, data, n);
    case MT_INT:
        return column->type == DUCKDB_TYPE_BIGINT ? MT_OK : read_integers(cx, out, column, name, data, n);
    default:
        return MT_OK;
    }
}
