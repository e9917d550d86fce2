/* Fuzzer of pipeline files: a plan is refused with its line, or all of it can be used.
 *
 * Shapes    The text of a pipeline file.
 */
#include "pipeline/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(truth)                                                            \
    do {                                                                         \
        if (!(truth)) {                                                          \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #truth);  \
            abort();                                                             \
        }                                                                        \
    } while (0)

static void use_step(mt_ctx *cx, const mt_plan *plan, const mt_plan_step *step)
{
    static const mt_given value[] = {{"out", "out"}, {"failed", "0"}};
    DEMAND(step->op != NULL && step->line > 0);
    for (size_t k = 0; k < step->n_given; k++) {
        const char *text = NULL;
        DEMAND(step->given[k].name != NULL && step->given[k].value != NULL);
        mt_code code = mt_plan_expand(cx, &text, step->given[k].value, value, plan->n_option ? 1 : 2);
        DEMAND(code == MT_OK ? text != NULL : code == MT_E_INPUT && cx->err[0] != '\0');
        mt_ctx_forgive(cx);
    }
}

/* Needs point at other tasks of the plan, and no task needs itself by any way. */
static void use_task(mt_ctx *cx, const mt_plan *plan, size_t t)
{
    const mt_plan_task *task = &plan->task[t];
    DEMAND(task->name != NULL && task->line > 0);
    for (size_t k = 0; k < task->n_need; k++)
        DEMAND(task->need[k] >= 0 && (size_t)task->need[k] < plan->n_task && (size_t)task->need[k] != t);
    for (size_t k = 0; k < t; k++) DEMAND(strcmp(task->name, plan->task[k].name) != 0);
    for (size_t k = 0; k < task->n_step; k++) use_step(cx, plan, &task->step[k]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_ctx cx;
    const mt_plan *plan = NULL;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_plan_parse(&cx, &plan, "fuzz.pipeline", (mt_text){(const char *)data, size});
    if (code == MT_OK) {
        DEMAND(plan != NULL && plan->name != NULL && plan->n_task <= MT_PLAN_TASKS_MAX);
        for (size_t t = 0; t < plan->n_task; t++) use_task(&cx, plan, t);
    } else {
        DEMAND(code == MT_E_INPUT && strstr(cx.err, "fuzz.pipeline") != NULL);
    }
    mt_ctx_close(&cx);
    return 0;
}
