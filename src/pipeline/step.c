/* Arguments expanded, files opened, the operation run into its file. */
#include "pipeline/step.h"

#include "crypto/hash.h"
#include "ops/files.h"
#include "ops/ops.h"

#include <string.h>
#include <unistd.h>

/* Counts rows on their way to the file, or to nowhere. */
struct count_sink {
    mt_sink sink;
    mt_sink *inner; /* NULL: rows are not kept */
    uint64_t rows;
};

static mt_code count_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    struct count_sink *self = (struct count_sink *)sink;
    return self->inner ? mt_sink_schema(self->inner, cx, schema) : MT_OK;
}

static mt_code count_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct count_sink *self = (struct count_sink *)sink;
    self->rows += chunk->n;
    return self->inner ? mt_sink_push(self->inner, cx, chunk) : MT_OK;
}

static mt_code count_finish(mt_sink *sink, mt_ctx *cx)
{
    struct count_sink *self = (struct count_sink *)sink;
    return self->inner ? mt_sink_finish(self->inner, cx) : MT_OK;
}

static void count_close(mt_sink *sink)
{
    (void)sink; /* the inner sink is closed with its result */
}

static const mt_sink_ops count_ops = {count_schema, count_push, count_finish, count_close};

/* An argument whose value comes out empty is not given: that is how an option says "as the operation
 * likes". */
static mt_code expand_arguments(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step,
                                mt_given **out, size_t *n)
{
    const char *value;
    MT_TRY(MT_NEW(cx, out, step->n_given + 1));
    *n = 0;
    for (size_t k = 0; k < step->n_given; k++) {
        MT_TRY(mt_plan_expand(cx, &value, step->given[k].value, place->value, place->n_value));
        if (*value) (*out)[(*n)++] = (mt_given){step->given[k].name, value};
    }
    return MT_OK;
}

static mt_code run_into(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step, const void *args,
                        uint64_t *rows)
{
    struct count_sink count = {.sink.ops = &count_ops};
    mt_result_place target = {.format = step->format, .fd = -1, .head_fd = -1};
    mt_result *result = NULL;
    mt_code code = MT_OK;
    if (step->target) {
        MT_TRY(mt_text_format(cx, &target.path, "%s/%s", place->folder, step->target));
        MT_TRY(mt_result_open(cx, place->world, &result, &target));
        count.inner = mt_result_sink(result);
    }
    code = mt_op_run(cx, step->op, place->world, args, &count.sink);
    mt_result_close(result, code);
    *rows += count.rows;
    return code;
}

mt_code mt_step_run(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step, uint64_t *rows)
{
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    size_t n = 0;
    mt_given *given;
    void *args;
    mt_code code;
    MT_TRY_OUT(expand_arguments(cx, place, step, &given, &n));
    MT_TRY_OUT(mt_op_args(cx, step->op, given, n, &opener, &args));
    MT_TRY_OUT(run_into(cx, place, step, args, rows));
out:
    mt_files_close(&files);
    return code == MT_OK || code == MT_FINDINGS ? code : mt_fail_at(cx, "%s", step->op->name);
}

static mt_code take_input(mt_ctx *cx, void *arg, mt_input *out, const char *name)
{
    (void)cx;
    (void)arg;
    *out = (mt_input){.name = name, .fd = -1};
    return MT_OK;
}

static mt_code take_output(mt_ctx *cx, void *arg, mt_output *out, const char *path)
{
    (void)cx;
    (void)arg;
    *out = (mt_output){path};
    return MT_OK;
}

mt_code mt_step_check(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step)
{
    static const mt_opener opener = {take_input, take_output, NULL};
    mt_given *given;
    void *args;
    size_t n;
    mt_code code = expand_arguments(cx, place, step, &given, &n);
    if (code == MT_OK) code = mt_op_args(cx, step->op, given, n, &opener, &args);
    return code == MT_OK ? MT_OK : mt_fail_at(cx, "line %d: %s", step->line, step->op->name);
}

static bool has_output(const mt_op *op)
{
    for (const mt_field *field = op->arg; field && field->name; field++) {
        if (field->type == MT_OUTPUT) return true;
    }
    return false;
}

/* Does the task itself write this path? Then it is no input from outside. */
static mt_code is_own_file(mt_ctx *cx, const mt_step_place *place, const mt_plan_task *task, const char *path,
                           bool *own)
{
    const char *target;
    *own = false;
    for (size_t k = 0; k < task->n_step && !*own; k++) {
        if (!task->step[k].target) continue;
        MT_TRY(mt_text_format(cx, &target, "%s/%s", place->folder, task->step[k].target));
        *own = strcmp(target, path) == 0;
    }
    return MT_OK;
}

struct print {
    mt_ctx *cx;
    const mt_step_place *place;
    const mt_plan_task *task;
    mt_hash hash;
    bool every_time;
};

static void add_word(struct print *print, const char *word)
{
    mt_hash_update(&print->hash, word, strlen(word) + 1);
}

static mt_code add_argument(struct print *print, const mt_plan_step *step, const mt_given *raw)
{
    mt_ctx *cx = print->cx;
    const mt_field *field = mt_field_find(step->op->arg, raw->name);
    const char *value, *digest;
    bool own = false;
    MT_TRY(mt_plan_expand(cx, &value, raw->value, print->place->value, print->place->n_value));
    add_word(print, raw->name);
    bool place = field && field->local && access(value, F_OK) == 0; /* counts by what is in it */
    if (!field || (field->type != MT_INPUT && !place)) {
        /* a path in the output folder counts by its name in the plan, so that a moved folder stays done */
        add_word(print, strncmp(raw->value, "$out", 4) == 0 ? raw->value : value);
        return MT_OK;
    }
    if (value[0] == '@' && !place) print->every_time = true;
    MT_TRY(is_own_file(cx, print->place, print->task, value, &own));
    if (own || print->every_time) return MT_OK;
    MT_TRY(mt_state_digest(cx, print->place->state, value, &digest));
    add_word(print, digest);
    return MT_OK;
}

static mt_code add_step(struct print *print, const mt_plan_step *step)
{
    if (step->op->effect == MT_WRITE && !has_output(step->op)) print->every_time = true;
    add_word(print, step->op->name);
    add_word(print, step->target ? step->target : "");
    for (size_t k = 0; k < step->n_given && !print->every_time; k++)
        MT_TRY(add_argument(print, step, &step->given[k]));
    return MT_OK;
}

mt_code mt_step_fingerprint(mt_ctx *cx, const mt_step_place *place, const mt_plan_task *task,
                            const char **out)
{
    struct print print = {.cx = cx, .place = place, .task = task, .every_time = task->after_all};
    char hex[MT_HASH_HEX];
    uint8_t digest[MT_HASH_BYTES];
    mt_hash_init(&print.hash);
    add_word(&print, MERIT_VERSION); /* another release may compute something else */
    for (size_t k = 0; k < task->n_step && !print.every_time; k++) MT_TRY(add_step(&print, &task->step[k]));
    *out = NULL;
    if (print.every_time) return MT_OK;
    mt_hash_final(&print.hash, digest);
    mt_hash_hex(digest, hex);
    return mt_text_copy(cx, out, mt_text_of(hex));
}

static mt_code add_file(mt_ctx *cx, const mt_step_place *place, const char **file, size_t *n,
                        const char *path)
{
    size_t length = strlen(place->folder);
    bool inside = strncmp(path, place->folder, length) == 0 && path[length] == '/';
    return mt_text_copy(cx, &file[(*n)++], mt_text_of(inside ? path + length + 1 : path));
}

static mt_code add_outputs(mt_ctx *cx, const mt_step_place *place, const mt_plan_step *step,
                           const char **file, size_t *n)
{
    const char *path;
    for (size_t k = 0; k < step->n_given; k++) {
        const mt_field *field = mt_field_find(step->op->arg, step->given[k].name);
        if (!field || field->type != MT_OUTPUT) continue;
        MT_TRY(mt_plan_expand(cx, &path, step->given[k].value, place->value, place->n_value));
        MT_TRY(add_file(cx, place, file, n, path));
    }
    return MT_OK;
}

mt_code mt_step_files(mt_ctx *cx, const mt_step_place *place, const mt_plan_task *task,
                      const char *const **out, size_t *n)
{
    size_t room = 0;
    const char **file;
    for (size_t k = 0; k < task->n_step; k++) room += 1 + task->step[k].n_given;
    MT_TRY(MT_NEW(cx, &file, room + 1));
    *n = 0;
    for (size_t k = 0; k < task->n_step; k++) {
        if (task->step[k].target) file[(*n)++] = task->step[k].target;
        MT_TRY(add_outputs(cx, place, &task->step[k], file, n));
    }
    *out = (const char *const *)file;
    return MT_OK;
}
