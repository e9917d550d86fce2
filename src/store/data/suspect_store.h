/* Observations that were set aside as suspicious, and their way into the store or out of it.
 *
 * Purpose   Nothing that a feed sent is dropped: what looked wrong waits here with its reasons.
 * Shapes    Table observation_quarantine; a batch is a day of a series, named by its content, so that the
 *           same rows again change nothing.
 * Errors    MT_E_ABSENT  no such batch.
 */
#ifndef MT_STORE_DATA_SUSPECT_STORE_H
#define MT_STORE_DATA_SUSPECT_STORE_H

#include "store/store.h"
#include "terms/observation.h"

MT_BEGIN_DECLS

typedef struct mt_suspect_row {
    const char *batch_id;
    mt_observation o;
    const char *reason;
    mt_time quarantined_at;
} mt_suspect_row;

extern const mt_field mt_suspect_col[]; /* batch_id, the columns of an observation, reason, quarantined_at */

/* Rows as a part of the batch's transaction. */
MT_MUST_USE mt_code mt_suspect_merge(mt_ctx *cx, mt_batch *batch, mt_sink **out, mt_merge_counts *counts);

/* One row a batch: batch_id, kind, area, detail, source, start (of the first), n, reasons, quarantined_at;
 * newest first. */
MT_MUST_USE mt_code mt_suspect_list(mt_ctx *cx, mt_store *store, const char *area, int64_t limit,
                                    mt_sink *sink);

/* One row a value of a batch, in order of time: kind, area, detail, unit, source, step, start, value,
 * known_at, reason, payload. MT_E_ABSENT: no such batch. */
MT_MUST_USE mt_code mt_suspect_values(mt_ctx *cx, mt_store *store, const char *batch_id, mt_sink *sink);

/* The rows of a batch, as mt_observation_col. */
MT_MUST_USE mt_code mt_suspect_read(mt_ctx *cx, mt_store *store, const char *batch_id, mt_sink *sink);

/* Removes a batch, inside the transaction that stores its rows, or because they are wrong. */
MT_MUST_USE mt_code mt_suspect_remove(mt_ctx *cx, mt_tx *tx, const char *batch_id, uint64_t *rows);

MT_END_DECLS
#endif
