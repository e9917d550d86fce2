/* What must be true of every store, asked of this one.
 *
 * Purpose   The embedded engine keeps no keys on its big tables: that they are unique is shown here.
 * Shapes    One row a promise: what must hold, how many rows break it (0: it holds).
 */
#ifndef MT_STORE_KEEP_CHECK_H
#define MT_STORE_KEEP_CHECK_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_promise {
    const char *table, *text;
    int64_t broken; /* rows */
} mt_promise;

/* In one state of the store; the list lives in cx. */
MT_MUST_USE mt_code mt_store_check(mt_ctx *cx, mt_promise **out, size_t *n, mt_store *store);

MT_END_DECLS
#endif
