/* Runs a pipeline: independent tasks side by side, in the order of their needs.
 *
 * Purpose   Each task runs its operations by name; results go to files of the output folder. A failed task
 *           stops its descendants, the rest goes on; a second run keeps what is done and resumes at what is
 *           not.
 * Shapes    The report has one row a task, in the order of the plan.
 * Errors    MT_FINDINGS  everything ran and a check found something;  the code and sentence of the first task
 *           that failed, after all the others have ended;  MT_E_CANCELLED;  MT_E_CONFLICT  another run is at
 *           work in the folder;  MT_E_INPUT  an unknown or missing option, or a value that an operation will
 *           not take (found before anything runs).
 * Threads   `watch` is called from worker threads, one call at a time.
 */
#ifndef MT_PIPELINE_RUN_H
#define MT_PIPELINE_RUN_H

#include "pipeline/plan.h"

MT_BEGIN_DECLS

/* X(symbol, word) */
#define MT_TASK_STATUS_LIST(X)                                                                               \
    X(MT_TASK_WAITING, "waiting")                                                                            \
    X(MT_TASK_RUNNING, "running")                                                                            \
    X(MT_TASK_DONE, "done")                                                                                  \
    X(MT_TASK_FINDINGS, "findings") /* done, and a check found something */                                  \
    X(MT_TASK_KEPT, "kept")         /* nothing had changed since it was done */                              \
    X(MT_TASK_FAILED, "failed")                                                                              \
    X(MT_TASK_STOPPED, "stopped") /* a task it needs failed, or the run was cancelled */

#define MT_TASK_STATUS_SYMBOL(symbol, word) symbol,
typedef enum mt_task_status {
    MT_TASK_STATUS_LIST(MT_TASK_STATUS_SYMBOL) MT_TASK_STATUS_COUNT
} mt_task_status;
#undef MT_TASK_STATUS_SYMBOL

const char *mt_task_status_word(mt_task_status status);

typedef struct mt_task_report {
    const mt_plan_task *task;
    mt_task_status status;
    mt_code code;
    const char *text;   /* the sentence of a failure; NULL: none */
    int64_t started_us; /* since the run started; -1: never */
    int64_t wall_us;
    uint64_t rows; /* of all its results */
} mt_task_report;

typedef struct mt_run_report {
    mt_task_report *task;
    size_t n;
    int64_t wall_us;
    size_t count[MT_TASK_STATUS_COUNT];
} mt_run_report;

typedef struct mt_run_options {
    size_t size;
    const char *folder;    /* the output folder */
    const mt_given *value; /* options of the pipeline */
    size_t n_value;
    bool fresh;                                                            /* run everything again */
    void (*watch)(void *arg, const mt_run_report *report, size_t changed); /* NULL: nobody looks */
    void *arg;
} mt_run_options;

/* Reads, checks and runs. *report is written whenever the run started, also when it failed. */
MT_MUST_USE mt_code mt_pipeline_run(mt_ctx *cx, const mt_world *world, const mt_plan *plan,
                                    const mt_run_options *options, mt_run_report *report);

MT_END_DECLS
#endif
