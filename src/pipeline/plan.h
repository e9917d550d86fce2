/* A pipeline file: options, tasks, what each task needs and which operations it runs.
 *
 * Purpose   Reads the plain text that describes a pipeline and checks it before anything runs.
 * Shapes    Lines; `#` starts a comment. A step stands indented under its task:
 *               pipeline market: from a raw order book to cleared prices
 *               option orders: the order book                         (required)
 *               option policy = quarantine: what happens to bad rows  (with a fallback)
 *               task clean needs quality: keep what is valid
 *                   data.clean --orders $orders --policy $policy > cleaned_data.csv
 *               task monitor after all: how the run went
 *           `needs A B` waits for success of A and B; `after all` runs last, however the others ended.
 *           $NAME is an option's value (an argument that comes out empty is left out), $out the output
 *           folder, $failed the number of failed tasks. Words with blanks stand in "…".
 * Errors    MT_E_INPUT  FILE, line N: unknown keyword, task, option, operation, argument or format (with
 *           the nearest known name), a task defined twice, a circle of needs (named in order).
 * Ownership The plan lives in cx.
 */
#ifndef MT_PIPELINE_PLAN_H
#define MT_PIPELINE_PLAN_H

#include "ops/ops.h"
#include "ops/result.h"

MT_BEGIN_DECLS

enum { MT_PLAN_TASKS_MAX = 256 };

typedef struct mt_plan_option {
    const char *name;
    const char *fallback; /* NULL: required */
    const char *doc;
} mt_plan_option;

typedef struct mt_plan_step {
    const mt_op *op;
    const mt_given *given; /* values as written, with their $NAMEs */
    size_t n_given;
    const char *target; /* file in the output folder; NULL: the rows are not kept */
    mt_format format;   /* of the target */
    int line;
} mt_plan_step;

typedef struct mt_plan_task {
    const char *name;
    const char *doc;
    const int *need; /* indices of tasks, all smaller in `order` */
    size_t n_need;
    bool after_all;
    const mt_plan_step *step;
    size_t n_step;
    int line;
} mt_plan_task;

typedef struct mt_plan {
    const char *name;
    const char *doc;
    const mt_plan_option *option;
    size_t n_option;
    const mt_plan_task *task; /* in the order of the file */
    size_t n_task;
} mt_plan;

/* `file` is for messages. */
MT_MUST_USE mt_code mt_plan_parse(mt_ctx *cx, const mt_plan **out, const char *file, mt_text text);

/* A value with its $NAMEs replaced; `name` and `value` are parallel. MT_E_INPUT names an unknown one. */
MT_MUST_USE mt_code mt_plan_expand(mt_ctx *cx, const char **out, const char *text, const mt_given *value,
                                   size_t n);

MT_END_DECLS
#endif
