/* One state of a store for several questions.
 *
 * Purpose   What belongs together (a backup, a check of the whole store) sees no write in between.
 * Errors    What the store says.
 * Ownership mt_snapshot_open/_close.
 * Threads   One snapshot, one thread; others may write meanwhile.
 */
#ifndef MT_STORE_SNAPSHOT_H
#define MT_STORE_SNAPSHOT_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_snapshot mt_snapshot;

MT_MUST_USE mt_code mt_snapshot_open(mt_ctx *cx, mt_snapshot **out, mt_store *store);
void mt_snapshot_close(mt_snapshot *snapshot); /* NULL allowed */

/* As mt_store_query. */
MT_MUST_USE mt_code mt_snapshot_query(mt_ctx *cx, mt_snapshot *snapshot, const char *sql,
                                      const mt_param *param, size_t n, mt_sink *sink);

MT_END_DECLS
#endif
