/* Pipeline runs as rows of the store: who asks sees them without the scheduler.
 *
 * Purpose   A run and its tasks are saved whenever their state changes; the last save stands.
 * Errors    MT_E_ABSENT  the pipeline never ran.
 * Ownership Texts live in cx.
 */
#ifndef MT_STORE_DATA_RUN_STORE_H
#define MT_STORE_DATA_RUN_STORE_H

#include "store/store.h"

MT_BEGIN_DECLS

typedef struct mt_stored_run {
    const char *id; /* made by the caller, unlike any other */
    const char *pipeline;
    const char *input;   /* what it ran on; NULL: nothing */
    const char *state;   /* "running", "done", "failed" */
    int64_t started_at;  /* mt_time */
    int64_t finished_at; /* mt_time; MT_TIME_NONE: not yet */
    const char *message; /* the sentence of a failure; NULL: none */
} mt_stored_run;

typedef struct mt_stored_task {
    const char *task;
    int64_t place;     /* in the pipeline, from 1 */
    const char *state; /* a word of MT_TASK_STATUS_LIST in pipeline/run.h */
    int64_t started_at;
    int64_t finished_at;
    int64_t rows_out; /* INT64_MIN: not known */
    const char *message;
} mt_stored_task;

MT_MUST_USE mt_code mt_run_store_save(mt_ctx *cx, mt_store *store, const mt_stored_run *run,
                                      const mt_stored_task *task, size_t n);
MT_MUST_USE mt_code mt_run_store_last(mt_ctx *cx, mt_stored_run *out, mt_store *store, const char *pipeline);

/* Newest first; `pipeline` NULL: of all. Columns as in the table pipeline_run. */
MT_MUST_USE mt_code mt_run_store_list(mt_ctx *cx, mt_store *store, const char *pipeline, int64_t limit,
                                      mt_sink *sink);
MT_MUST_USE mt_code mt_run_store_tasks(mt_ctx *cx, mt_store *store, const char *run_id, mt_sink *sink);

MT_END_DECLS
#endif
