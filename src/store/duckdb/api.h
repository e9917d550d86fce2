/* The functions of the DuckDB library that Merit uses, found when they are first needed.
 *
 * Purpose   The library weighs 70 MB: a command that works on files alone never loads it. This is the only
 *           room that knows where it lies, and this folder the only one that includes duckdb.h.
 * Shapes    Looked for in this order: the path given; ../lib/merit/libduckdb.so beside the program's own
 *           folder; the path known when Merit was built; libduckdb.so on the system's search path.
 * Errors    MT_E_ABSENT  no library, or one that lacks a function, with the places looked at.
 * Ownership mt_duckdb_load/_unload; the library's code stays mapped after the unload.
 * Threads   The table is constant after the load.
 */
#ifndef MT_STORE_DUCKDB_API_H
#define MT_STORE_DUCKDB_API_H

#include <duckdb.h>

#include "io/library.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_DUCKDB_LIST(X)                                                                         \
    X(duckdb_library_version) X(duckdb_vector_size) X(duckdb_free)                                \
    X(duckdb_create_config) X(duckdb_set_config) X(duckdb_destroy_config)                         \
    X(duckdb_open_ext) X(duckdb_close) X(duckdb_connect) X(duckdb_disconnect) X(duckdb_interrupt) \
    X(duckdb_query) X(duckdb_destroy_result) X(duckdb_result_error)                               \
    X(duckdb_rows_changed) X(duckdb_fetch_chunk)                                                  \
    X(duckdb_column_count) X(duckdb_column_name) X(duckdb_column_type) X(duckdb_column_logical_type) \
    X(duckdb_prepare) X(duckdb_prepare_error) X(duckdb_destroy_prepare) X(duckdb_nparams)         \
    X(duckdb_prepared_statement_column_count) X(duckdb_prepared_statement_column_name)            \
    X(duckdb_prepared_statement_column_type) X(duckdb_prepared_statement_column_logical_type)     \
    X(duckdb_bind_null) X(duckdb_bind_boolean) X(duckdb_bind_int64) X(duckdb_bind_double)         \
    X(duckdb_bind_varchar_length) X(duckdb_bind_timestamp_tz) X(duckdb_bind_date)                 \
    X(duckdb_pending_prepared) X(duckdb_pending_prepared_streaming) X(duckdb_destroy_pending)     \
    X(duckdb_pending_error) X(duckdb_pending_execute_task) X(duckdb_execute_pending)              \
    X(duckdb_destroy_logical_type) X(duckdb_get_type_id) X(duckdb_decimal_width)                  \
    X(duckdb_decimal_scale) X(duckdb_decimal_internal_type)                                       \
    X(duckdb_create_data_chunk) X(duckdb_destroy_data_chunk) X(duckdb_data_chunk_reset)           \
    X(duckdb_data_chunk_get_vector) X(duckdb_data_chunk_get_size) X(duckdb_data_chunk_set_size)   \
    X(duckdb_vector_get_data) X(duckdb_vector_get_validity) X(duckdb_vector_ensure_validity_writable) \
    X(duckdb_vector_assign_string_element_len)                                                    \
    X(duckdb_appender_create_ext) X(duckdb_appender_column_count) X(duckdb_appender_column_type)  \
    X(duckdb_append_data_chunk) X(duckdb_appender_close) X(duckdb_appender_destroy)               \
    X(duckdb_appender_error)
/* clang-format on */

typedef struct mt_duckdb_api {
    void *library;
    char path[512]; /* where it was found */
    MT_DUCKDB_LIST(MT_LIBRARY_MEMBER)
} mt_duckdb_api;

MT_MUST_USE mt_code mt_duckdb_load(mt_ctx *cx, mt_duckdb_api *out, const char *path /* NULL: looked for */);
void mt_duckdb_unload(mt_duckdb_api *api);

MT_END_DECLS
#endif
