/* One step of a pipeline: an operation with its arguments, its result into a file.
 *
 * Purpose   What a task does, apart from when it does it.
 * Errors    What the operation says, with "noun.verb: " before it. A failed step leaves no file.
 */
#ifndef MT_PIPELINE_STEP_H
#define MT_PIPELINE_STEP_H

#include "pipeline/plan.h"
#include "pipeline/state.h"

MT_BEGIN_DECLS

/* What every step of a run shares. */
typedef struct mt_step_place {
    const mt_world *world;
    const char *folder;
    const mt_given *value; /* options, "out" and "failed" */
    size_t n_value;
    mt_state *state;
} mt_step_place;

/* Are the step's values such that its operation will take them? Files are not opened. */
MT_MUST_USE mt_code mt_step_check(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step);

/* Runs one step; adds its rows to *rows. MT_FINDINGS when the operation found something. */
MT_MUST_USE mt_code mt_step_run(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step,
                                uint64_t *rows);

/* What the task depends on, as one text: operations, arguments, digests of its inputs. *out is NULL for a
 * task that has to run every time: it reads or writes the store, or looks at how the run went. */
MT_MUST_USE mt_code mt_step_fingerprint(mt_ctx *cx, const mt_step_place *place, const mt_plan_task *task,
                                        const char **out);

/* The files and folders the task writes, relative to the output folder where they lie in it. */
MT_MUST_USE mt_code mt_step_files(mt_ctx *cx, const mt_step_place *place, const mt_plan_task *task,
                                  const char *const **out, size_t *n);

MT_END_DECLS
#endif
