/* Column chunks into a DuckDB table, the fast way. */
#include "store/duckdb/append.h"

#include "store/plain_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 256, INLINE_MAX = 12 };

struct mt_duck_append {
    const mt_duckdb_api *api;
    duckdb_appender appender;
    duckdb_data_chunk data;
    size_t rows_max; /* of one vector */
    size_t n_col;
    mt_type type[COLUMNS_MAX];
    char table[96];
};

static mt_type type_of(const mt_duckdb_api *api, duckdb_logical_type type)
{
    switch (api->duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BIGINT:
        return MT_INT;
    case DUCKDB_TYPE_DOUBLE:
        return MT_REAL;
    case DUCKDB_TYPE_VARCHAR:
        return MT_TEXT;
    case DUCKDB_TYPE_BOOLEAN:
        return MT_BOOL;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return MT_TIME;
    case DUCKDB_TYPE_DATE:
        return MT_DAY;
    case DUCKDB_TYPE_DECIMAL:
        return api->duckdb_decimal_scale(type) == 6 && api->duckdb_decimal_width(type) == 18 ? MT_MICRO
                                                                                             : MT_TYPE_COUNT;
    default:
        return MT_TYPE_COUNT;
    }
}

static mt_code fail_append(mt_ctx *cx, mt_duck_append *append)
{
    const char *message = append->api->duckdb_appender_error(append->appender);
    mt_duck_fail(cx, message);
    return mt_fail_at(cx, "rows for %s", append->table);
}

static mt_code open_columns(mt_ctx *cx, mt_duck_append *append)
{
    const mt_duckdb_api *api = append->api;
    duckdb_logical_type type[COLUMNS_MAX];
    if (api->duckdb_appender_column_count(append->appender) != append->n_col || append->n_col > COLUMNS_MAX)
        return mt_fail(cx, MT_E_SHAPE, "the table %s has %u columns, %zu were given", append->table,
                       (unsigned)api->duckdb_appender_column_count(append->appender), append->n_col);
    for (size_t k = 0; k < append->n_col; k++) {
        type[k] = api->duckdb_appender_column_type(append->appender, k);
        append->type[k] = type_of(api, type[k]);
    }
    append->data = api->duckdb_create_data_chunk(type, append->n_col);
    for (size_t k = 0; k < append->n_col; k++) api->duckdb_destroy_logical_type(&type[k]);
    append->rows_max = (size_t)api->duckdb_vector_size();
    return append->data ? MT_OK : mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", append->table);
}

mt_code mt_duck_append_open(mt_ctx *cx, mt_duck_append **out, mt_duck_link link, const char *catalog,
                            const char *table, size_t n_col)
{
    mt_duck_append *append = calloc(1, sizeof *append);
    if (!append) return mt_fail(cx, MT_E_MEMORY, "memory ran out for rows of %s", table);
    append->api = &link.duck->api;
    append->n_col = n_col;
    strncpy(append->table, table, sizeof append->table - 1);
    mt_code code = MT_OK;
    if (append->api->duckdb_appender_create_ext(link.connection, catalog, "main", table, &append->appender) !=
        DuckDBSuccess)
        code = fail_append(cx, append);
    if (code == MT_OK) code = open_columns(cx, append);
    if (code == MT_OK) {
        *out = append;
    } else {
        mt_duck_append_close(append);
    }
    return code;
}

mt_type mt_duck_append_type(const mt_duck_append *append, size_t k)
{
    return append->type[k];
}

/* Rows from..from+n of the column's bits into the vector; from is a multiple of 64. */
static uint64_t *copy_valid(const mt_duckdb_api *api, duckdb_vector vector, const mt_column *column,
                            size_t from, size_t n)
{
    if (!column->valid) return NULL;
    api->duckdb_vector_ensure_validity_writable(vector);
    uint64_t *bits = api->duckdb_vector_get_validity(vector);
    memcpy(bits, column->valid + from / 64, (n + 63) / 64 * sizeof *bits);
    return bits;
}

static void put_reals(const mt_duckdb_api *api, duckdb_vector vector, const double *from, size_t n)
{
    double *to = api->duckdb_vector_get_data(vector);
    memcpy(to, from, n * sizeof *to);
    double sum = 0; /* NaN and infinity leave a mark: the slow look is taken only then */
    for (size_t i = 0; i < n; i++) sum += from[i] * 0;
    if (!isnan(sum)) return;
    api->duckdb_vector_ensure_validity_writable(vector);
    uint64_t *bits = api->duckdb_vector_get_validity(vector);
    for (size_t i = 0; i < n; i++)
        if (isnan(from[i])) bits[i / 64] &= ~((uint64_t)1 << (i % 64));
}

static mt_code put_texts(mt_ctx *cx, mt_duck_append *append, duckdb_vector vector, const mt_column *column,
                         size_t from, size_t n)
{
    const mt_text *text = (const mt_text *)column->data + from;
    duckdb_string_t *to = append->api->duckdb_vector_get_data(vector);
    for (size_t i = 0; i < n; i++) {
        if (!mt_column_has(column, from + i)) continue;
        if (!mt_plain_text_is(text[i])) return mt_plain_text_fail(cx, append->table);
        if (text[i].length <= INLINE_MAX) {
            memset(&to[i], 0, sizeof to[i]);
            to[i].value.inlined.length = (uint32_t)text[i].length;
            if (text[i].length) memcpy(to[i].value.inlined.inlined, text[i].at, text[i].length);
        } else {
            append->api->duckdb_vector_assign_string_element_len(vector, i, text[i].at, text[i].length);
        }
    }
    return MT_OK;
}

static mt_code check_decimals(mt_ctx *cx, const mt_duck_append *append, const mt_column *column, size_t from,
                              size_t n)
{
    const int64_t bound = 999999999999999999;
    const int64_t *value = (const int64_t *)column->data + from;
    for (size_t i = 0; i < n; i++) {
        if ((value[i] <= bound && value[i] >= -bound) || !mt_column_has(column, from + i)) continue;
        return mt_fail(cx, MT_E_TOO_LARGE,
                       "the decimal %" PRId64 " millionths for %s has more than 18 digits", value[i],
                       append->table);
    }
    return MT_OK;
}

static mt_code put_column(mt_ctx *cx, mt_duck_append *append, size_t k, const mt_column *column, size_t from,
                          size_t n)
{
    duckdb_vector vector = append->api->duckdb_data_chunk_get_vector(append->data, k);
    mt_type type = append->type[k];
    size_t bytes = mt_type_bytes(type);
    copy_valid(append->api, vector, column, from, n);
    if (type == MT_TEXT) return put_texts(cx, append, vector, column, from, n);
    if (type == MT_REAL) {
        put_reals(append->api, vector, (const double *)column->data + from, n);
        return MT_OK;
    }
    if (type == MT_MICRO) MT_TRY(check_decimals(cx, append, column, from, n));
    memcpy(append->api->duckdb_vector_get_data(vector), (const char *)column->data + from * bytes, n * bytes);
    return MT_OK;
}

mt_code mt_duck_append_push(mt_ctx *cx, mt_duck_append *append, const mt_chunk *chunk)
{
    const mt_duckdb_api *api = append->api;
    for (size_t from = 0; from < chunk->n; from += append->rows_max) {
        size_t n = chunk->n - from < append->rows_max ? chunk->n - from : append->rows_max;
        api->duckdb_data_chunk_reset(append->data);
        for (size_t k = 0; k < append->n_col; k++) MT_TRY(put_column(cx, append, k, &chunk->col[k], from, n));
        api->duckdb_data_chunk_set_size(append->data, n);
        if (api->duckdb_append_data_chunk(append->appender, append->data) != DuckDBSuccess)
            return fail_append(cx, append);
    }
    return MT_OK;
}

mt_code mt_duck_append_finish(mt_ctx *cx, mt_duck_append *append)
{
    if (append->api->duckdb_appender_close(append->appender) == DuckDBSuccess) return MT_OK;
    return fail_append(cx, append);
}

void mt_duck_append_close(mt_duck_append *append)
{
    if (!append) return;
    if (append->data) append->api->duckdb_destroy_data_chunk(&append->data);
    if (append->appender) append->api->duckdb_appender_destroy(&append->appender);
    free(append);
}
