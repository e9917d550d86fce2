/* Rows that come from the server one by one, gathered into column chunks for a sink.
 *
 * Shapes    begin once the columns are known; then for each row its values in order, and next; end.
 * Errors    MT_E_TOO_LARGE  a value is beyond what its column can hold;  MT_E_IO  a value is damaged.
 * Ownership mt_pg_rows_init/_close; the schema lives in the context of begin.
 */
#ifndef MT_STORE_POSTGRES_ROWS_H
#define MT_STORE_POSTGRES_ROWS_H

#include "store/postgres/decode.h"

MT_BEGIN_DECLS

typedef struct mt_pg_rows {
    mt_sink *sink;
    bool binary;
    mt_schema schema;
    mt_pg_column *type;
    size_t n; /* rows in the chunk */
    mt_column *col;
    void **data;
    uint64_t **valid;
    mt_ctx scratch; /* texts of the chunk */
} mt_pg_rows;

void mt_pg_rows_init(mt_pg_rows *rows, mt_sink *sink, bool binary);
void mt_pg_rows_close(mt_pg_rows *rows);

/* The schema goes to the sink; field and type: n_col of them. */
MT_MUST_USE mt_code mt_pg_rows_begin(mt_ctx *cx, mt_pg_rows *rows, const mt_field *field,
                                     const mt_pg_column *type, size_t n_col);

/* `bytes` NULL: missing. Borrowed for the call. */
MT_MUST_USE mt_code mt_pg_rows_put(mt_ctx *cx, mt_pg_rows *rows, size_t column, const char *bytes, size_t n);
MT_MUST_USE mt_code mt_pg_rows_next(mt_ctx *cx, mt_pg_rows *rows); /* pushes a full chunk */
MT_MUST_USE mt_code mt_pg_rows_end(mt_ctx *cx, mt_pg_rows *rows);

MT_END_DECLS
#endif
