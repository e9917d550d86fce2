/* Rows of tables that grow without being values of series: letters, quarantine, runs, live markets.
 *
 * Purpose   A policy (policy.h) names such a table as its kind; its old rows can only be removed.
 * Shapes    Each table has a moment by which its rows grow old; rows without one stay. What a policy calls
 *           source and area are columns of the table, where it has them.
 */
#ifndef MT_STORE_KEEP_OLD_ROWS_H
#define MT_STORE_KEEP_OLD_ROWS_H

#include "store/keep/policy.h"

MT_BEGIN_DECLS

/* X(kind and table, moment, column of the source, column of the area or NULL, further table, its column,
 * column here). Rows of the further table go first. */
#define MT_OLD_ROWS_LIST(X)                                                                                  \
    X("dead_letter", "received_at", "stream", NULL, NULL, NULL, NULL)                                        \
    X("observation_quarantine", "quarantined_at", "source", "area", NULL, NULL, NULL)                        \
    X("pipeline_run", "finished_at", "pipeline", NULL, "pipeline_task", "run_id", "id")                      \
    X("live_order", "start", "topic", NULL, NULL, NULL, NULL)                                                \
    X("live_clearing", "start", "topic", NULL, NULL, NULL, NULL)

bool mt_old_rows_known(const char *kind);

/* MT_E_INPUT: the policy asks of such a table what it cannot be asked. Other kinds are always right. */
MT_MUST_USE mt_code mt_old_rows_check(mt_ctx *cx, const mt_policy *policy);

/* Removes (or, where `dry`, counts) the rows before `bound` for which no closer policy counts. */
MT_MUST_USE mt_code mt_old_rows_remove(mt_ctx *cx, uint64_t *removed, mt_store *store,
                                       const mt_policy *policy, mt_time bound, bool dry);

MT_END_DECLS
#endif
