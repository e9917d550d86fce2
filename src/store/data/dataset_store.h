/* Data sets of the store: what is there, under which name, from where.
 *
 * Purpose   A data set is a named body of rows (orders, for now); operations read it as @NAME.
 * Errors    MT_E_ABSENT  no such data set, with the nearest name.
 * Ownership Texts live in cx.
 */
#ifndef MT_STORE_DATA_DATASET_STORE_H
#define MT_STORE_DATA_DATASET_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_dataset {
    int64_t id; /* made by the store from the name; 0 before */
    const char *name;
    const char *kind;         /* "orders" */
    const char *source;       /* where it came from: a file's name; NULL: not known */
    const char *content_hash; /* of the source's bytes; NULL: not known */
    int64_t rows;
    int64_t bad;         /* rows with a fault */
    mt_time first, last; /* of the rows' times; MT_TIME_NONE where there is none */
    mt_time stored_at;
} mt_dataset;

MT_MUST_USE mt_code mt_dataset_find(mt_ctx *cx, mt_dataset *out, mt_store *store, const char *name);

/* Rows: name, kind, source, content_hash, row_count, bad_count, first_time, last_time, stored_at; by name. */
MT_MUST_USE mt_code mt_dataset_list(mt_ctx *cx, mt_store *store, mt_sink *sink);

/* The data set, its rows and what was computed from it. */
MT_MUST_USE mt_code mt_dataset_remove(mt_ctx *cx, mt_store *store, const char *name);

MT_END_DECLS
#endif
