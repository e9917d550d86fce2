/* What a person sees while they wait: one live line on a terminal, plain lines elsewhere.
 *
 * Purpose   Progress of long operations and of pipelines on standard error; results stay on standard output.
 * Shapes    Nothing appears before half a second has passed; the live line is drawn at most ten times a
 *           second and is gone before anything else is printed.
 * Threads   Any; calls are taken one at a time.
 */
#ifndef MT_CLI_PROGRESS_H
#define MT_CLI_PROGRESS_H

#include "pipeline/run.h"

typedef struct mt_progress mt_progress;

MT_MUST_USE mt_code mt_progress_open(mt_ctx *cx, mt_progress **out, bool quiet, bool colour);
void mt_progress_close(mt_progress *progress);

/* Takes the live line away before results are printed. */
void mt_progress_pause(mt_progress *progress);

/* Hooks of mt_ctx_options and mt_run_options; `arg` is the mt_progress. */
void mt_progress_step(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit);
void mt_progress_log(void *arg, mt_log_level level, const char *text);
void mt_progress_tasks(void *arg, const mt_run_report *report, size_t changed);

#endif
