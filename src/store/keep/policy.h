/* How long values of series and rows of growing tables are kept, as the store remembers it.
 *
 * Purpose   What is older than `keep` is brought to a coarser step, or removed; mt_tend (tend.h) does it.
 * Units     keep_us, rollup_step_us: microseconds.
 * Shapes    One policy for a kind, a source and an area; "" stands for all of them. Of several that fit a
 *           series the one that names its source and area counts, then its source, then its area, then the
 *           kind alone. The kind is one of observations, or a table of MT_OLD_ROWS (old_rows.h): dead_letter,
 *           observation_quarantine, pipeline_run, live_order, live_clearing.
 * Errors    MT_E_INPUT  a kind, span or step that makes no sense;  MT_E_ABSENT  no such policy to remove.
 * Ownership Lists live in cx.
 */
#ifndef MT_STORE_KEEP_POLICY_H
#define MT_STORE_KEEP_POLICY_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_policy {
    const char *kind;
    const char *source, *area; /* NULL or "": all */
    mt_time keep_us;
    mt_time rollup_step_us; /* 0: removed */
    mt_time created_at;     /* set by the store */
} mt_policy;

/* Stores it in place of the one of the same kind, source and area. */
MT_MUST_USE mt_code mt_policy_set(mt_ctx *cx, mt_store *store, const mt_policy *policy);

MT_MUST_USE mt_code mt_policy_remove(mt_ctx *cx, mt_store *store, const mt_policy *policy);

/* By kind, source, area. */
MT_MUST_USE mt_code mt_policy_list(mt_ctx *cx, mt_policy **out, size_t *n, mt_store *store);

/* The one that counts for a series or row; NULL: none. */
const mt_policy *mt_policy_for(const mt_policy *policy, size_t n, const char *kind, const char *source,
                               const char *area);

MT_END_DECLS
#endif
