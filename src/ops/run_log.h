/* Pipeline runs written into the store, for everyone who wants to see them later.
 *
 * Purpose   The pipeline runner tells how a run went; pipeline.runs and pipeline.tasks read it back.
 * Errors    What the store says. Nothing happens in a world without a store.
 */
#ifndef MT_OPS_RUN_LOG_H
#define MT_OPS_RUN_LOG_H

#include "ops/world.h"

MT_BEGIN_DECLS

typedef struct mt_run_log_task {
    const char *task, *state, *message; /* message NULL: none */
    mt_time started_at, finished_at;    /* MT_TIME_NONE: never */
    int64_t rows;                       /* INT64_MIN: not known */
} mt_run_log_task;

typedef struct mt_run_log {
    const char *pipeline, *input, *state, *message;
    mt_time started_at, finished_at;
    const mt_run_log_task *task;
    size_t n;
} mt_run_log;

MT_MUST_USE mt_code mt_run_log_save(mt_ctx *cx, const mt_world *world, const mt_run_log *log);

MT_END_DECLS
#endif
