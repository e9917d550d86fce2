/* The pipeline file, line by line, then checked as a whole. */
#include "pipeline/plan.h"

#include <string.h>

enum { WORDS_MAX = 128, KNOWN_VALUES = 2 };

static const char *const built_in[KNOWN_VALUES] = {"out", "failed"};

/* The plan while it is read: lists that grow, names not yet resolved. */
struct draft {
    mt_ctx *cx;
    const char *file;
    int line;
    mt_plan plan;
    mt_plan_option *option;
    mt_plan_task *task;
    const char *const **needs; /* of each task: names, NULL-terminated */
    size_t option_room, task_room, step_room;
};

static mt_code refuse(struct draft *d, const char *what, const char *which, const char *instead)
{
    return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: %s \"%s\"%s%s", d->file, d->line, what, which,
                   instead ? "; did you mean " : "", instead ? instead : "");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line, quotes removed; word->at is NULL at the end. */
static mt_code take_word(struct draft *d, mt_text *line, mt_text *word)
{
    while (line->length && is_blank(line->at[0])) *line = (mt_text){line->at + 1, line->length - 1};
    bool quoted = line->length && line->at[0] == '"';
    size_t n = quoted;
    *word = (mt_text){NULL, 0};
    if (!line->length) return MT_OK;
    while (n < line->length && (quoted ? line->at[n] != '"' : !is_blank(line->at[n]))) n++;
    if (quoted && n == line->length)
        return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: a quote is not closed", d->file, d->line);
    *word = (mt_text){line->at + quoted, n - quoted};
    n += quoted;
    *line = (mt_text){line->at + n, line->length - n};
    return MT_OK;
}

static mt_code split_words(struct draft *d, mt_text line, const char **word, size_t *n)
{
    mt_text one;
    for (*n = 0;; (*n)++) {
        MT_TRY(take_word(d, &line, &one));
        if (!one.at) return MT_OK;
        if (*n == WORDS_MAX)
            return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: more than %d words", d->file, d->line, WORDS_MAX);
        MT_TRY(mt_text_copy(d->cx, &word[*n], one));
    }
}

/* Cuts "left: right"; right is empty without a colon. */
static void cut_doc(mt_text line, mt_text *left, mt_text *right)
{
    const char *colon = memchr(line.at, ':', line.length);
    size_t n = colon ? (size_t)(colon - line.at) : line.length;
    *left = mt_text_trim((mt_text){line.at, n});
    *right = colon ? mt_text_trim((mt_text){colon + 1, line.length - n - 1}) : (mt_text){"", 0};
}

static mt_code read_title(struct draft *d, mt_text rest)
{
    mt_text name, doc;
    cut_doc(rest, &name, &doc);
    if (d->plan.name) return refuse(d, "a second pipeline", d->plan.name, NULL);
    MT_TRY(mt_text_copy(d->cx, &d->plan.name, name));
    return mt_text_copy(d->cx, &d->plan.doc, doc);
}

static mt_code read_option(struct draft *d, mt_text rest)
{
    mt_text left, doc;
    const char *word[WORDS_MAX];
    size_t n;
    cut_doc(rest, &left, &doc);
    MT_TRY(split_words(d, left, word, &n));
    if (n != 1 && !(n == 3 && strcmp(word[1], "=") == 0)) {
        return mt_fail(d->cx, MT_E_INPUT,
                       "%s, line %d: an option is written \"option NAME = VALUE: what it is\"", d->file,
                       d->line);
    }
    MT_TRY(mt_ctx_grow(d->cx, &d->option, d->plan.n_option, &d->option_room, sizeof *d->option));
    mt_plan_option *option = &d->option[d->plan.n_option++];
    *option = (mt_plan_option){.name = word[0], .fallback = n == 3 ? word[2] : NULL};
    return mt_text_copy(d->cx, &option->doc, doc);
}

static int find_task(const struct draft *d, const char *name)
{
    for (size_t k = 0; k < d->plan.n_task; k++) {
        if (strcmp(d->task[k].name, name) == 0) return (int)k;
    }
    return -1;
}

/* "clean needs quality other" or "monitor after all". */
static mt_code read_waits(struct draft *d, mt_plan_task *task, const char **word, size_t n,
                          const char *const **needs)
{
    const char **name;
    MT_TRY(MT_NEW(d->cx, &name, n + 1));
    *needs = name;
    if (n == 1) return MT_OK;
    task->after_all = n == 3 && strcmp(word[1], "after") == 0 && strcmp(word[2], "all") == 0;
    if (task->after_all) return MT_OK;
    if (strcmp(word[1], "needs") != 0 || n == 2)
        return refuse(d, "unknown words after the task's name:", word[1], "needs");
    for (size_t k = 2; k < n; k++) name[k - 2] = word[k];
    return MT_OK;
}

static mt_code read_task(struct draft *d, mt_text rest)
{
    mt_text left, doc;
    const char *word[WORDS_MAX];
    size_t n, room = d->task_room;
    cut_doc(rest, &left, &doc);
    MT_TRY(split_words(d, left, word, &n));
    if (!n) return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: a task needs a name", d->file, d->line);
    if (find_task(d, word[0]) >= 0) return refuse(d, "a second task", word[0], NULL);
    if (d->plan.n_task == MT_PLAN_TASKS_MAX) return refuse(d, "too many tasks at", word[0], NULL);
    MT_TRY(mt_ctx_grow(d->cx, &d->task, d->plan.n_task, &d->task_room, sizeof *d->task));
    MT_TRY(mt_ctx_grow(d->cx, &d->needs, d->plan.n_task, &room, sizeof *d->needs));
    mt_plan_task *task = &d->task[d->plan.n_task];
    *task = (mt_plan_task){.name = word[0], .line = d->line};
    MT_TRY(mt_text_copy(d->cx, &task->doc, doc));
    MT_TRY(read_waits(d, task, word, n, &d->needs[d->plan.n_task]));
    d->step_room = 0;
    d->plan.n_task++;
    return MT_OK;
}

static mt_code check_argument(struct draft *d, const mt_op *op, const char *name)
{
    const char *known[WORDS_MAX];
    size_t n = 0;
    if (mt_field_find(op->arg, name)) return MT_OK;
    for (const mt_field *field = op->arg; field && field->name && n < WORDS_MAX; field++)
        known[n++] = field->name;
    int nearest = mt_text_nearest(name, known, n);
    return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: %s has no argument \"%s\"%s%s", d->file, d->line,
                   op->name, name, nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : known[nearest]);
}

/* A result stays in the output folder, and two steps do not write the same file. */
static mt_code check_target(struct draft *d, const char *target)
{
    bool leaves = target[0] == '/' || strcmp(target, "..") == 0 || strncmp(target, "../", 3) == 0 ||
                  strstr(target, "/../");
    if (leaves) return refuse(d, "a result stays in the output folder, unlike", target, NULL);
    for (size_t t = 0; t < d->plan.n_task; t++) {
        for (size_t s = 0; s < d->task[t].n_step; s++) {
            const char *other = d->task[t].step[s].target;
            if (other && strcmp(other, target) == 0) return refuse(d, "a second step writes", target, NULL);
        }
    }
    return MT_OK;
}

/* "--name value" pairs, then "> target". */
static mt_code read_arguments(struct draft *d, mt_plan_step *step, const char **word, size_t n)
{
    mt_given *given;
    MT_TRY(MT_NEW(d->cx, &given, n / 2 + 1));
    step->given = given;
    for (size_t k = 1; k < n; k += 2) {
        bool target = strcmp(word[k], ">") == 0, named = strncmp(word[k], "--", 2) == 0;
        if (k + 1 == n || !(target || named) || (target && k + 2 != n)) {
            return refuse(d, "a step is written \"noun.verb --argument value … > file\", not with", word[k],
                          NULL);
        }
        if (target) {
            MT_TRY(check_target(d, word[k + 1]));
            step->target = word[k + 1];
            if (mt_format_of_path(d->cx, &step->format, word[k + 1]) != MT_OK) {
                return mt_fail_at(d->cx, "%s, line %d", d->file, d->line);
            }
            continue;
        }
        MT_TRY(check_argument(d, step->op, word[k] + 2));
        given[step->n_given++] = (mt_given){.name = word[k] + 2, .value = word[k + 1]};
    }
    return MT_OK;
}

static mt_code read_step(struct draft *d, mt_text line)
{
    const char *word[WORDS_MAX];
    size_t n;
    MT_TRY(split_words(d, line, word, &n));
    if (!d->plan.n_task) return refuse(d, "a step outside a task:", word[0], NULL);
    mt_plan_task *task = &d->task[d->plan.n_task - 1];
    mt_plan_step *list = NULL;
    memcpy(&list, &task->step, sizeof list);
    MT_TRY(mt_ctx_grow(d->cx, &list, task->n_step, &d->step_room, sizeof *list));
    mt_plan_step *step = &list[task->n_step];
    *step = (mt_plan_step){.line = d->line};
    if (mt_ops_get(d->cx, &step->op, word[0]) != MT_OK) {
        return mt_fail(d->cx, MT_E_INPUT, "%s, line %d: %s", d->file, d->line, d->cx->err);
    }
    MT_TRY(read_arguments(d, step, word, n));
    task->step = list;
    task->n_step++;
    return MT_OK;
}

struct keyword {
    const char *word;
    mt_code (*read)(struct draft *d, mt_text rest);
};

static const struct keyword keyword[] = {
    {"pipeline", read_title}, {"option", read_option}, {"task", read_task}};

static mt_code read_line(struct draft *d, mt_text line)
{
    const char *mark = memchr(line.at, '#', line.length);
    bool indented = line.length && is_blank(line.at[0]);
    mt_text word, rest;
    if (mark) line.length = (size_t)(mark - line.at);
    while (line.length && is_blank(line.at[line.length - 1])) line.length--;
    rest = mt_text_trim(line);
    if (!rest.length) return MT_OK;
    if (indented) return read_step(d, rest);
    MT_TRY(take_word(d, &rest, &word));
    for (size_t k = 0; k < sizeof keyword / sizeof *keyword; k++) {
        if (mt_text_equal(word, keyword[k].word)) return keyword[k].read(d, rest);
    }
    const char *given;
    MT_TRY(mt_text_copy(d->cx, &given, word));
    return refuse(d, "a line starts with pipeline, option or task (steps are indented), not with", given,
                  NULL);
}

static mt_code resolve_needs(struct draft *d, size_t task)
{
    const char *const *name = d->needs[task];
    const char *known[MT_PLAN_TASKS_MAX];
    size_t n = 0;
    int *need;
    while (name[n]) n++;
    MT_TRY(MT_NEW(d->cx, &need, n + 1));
    for (size_t k = 0; k < d->plan.n_task; k++) known[k] = d->task[k].name;
    for (size_t k = 0; k < n; k++) {
        need[k] = find_task(d, name[k]);
        if (need[k] >= 0) continue;
        d->line = d->task[task].line;
        int nearest = mt_text_nearest(name[k], known, d->plan.n_task);
        return refuse(d, "the task needs an unknown task", name[k], nearest < 0 ? NULL : known[nearest]);
    }
    d->task[task].need = need;
    d->task[task].n_need = n;
    return MT_OK;
}

/* Depth-first walk; `state` 1 = on the way, 2 = done. A task met on the way closes a circle. */
static mt_code check_circle(struct draft *d, int task, char *state)
{
    if (state[task] == 2) return MT_OK;
    d->line = d->task[task].line;
    if (state[task] == 1)
        return refuse(d, "tasks need each other in a circle through", d->task[task].name, NULL);
    state[task] = 1;
    for (size_t k = 0; k < d->task[task].n_need; k++) {
        if (d->task[d->task[task].need[k]].after_all) {
            return refuse(d, "no task can need one that runs after all:", d->task[d->task[task].need[k]].name,
                          NULL);
        }
        MT_TRY(check_circle(d, d->task[task].need[k], state));
    }
    state[task] = 2;
    return MT_OK;
}

/* Every $NAME in every step must be an option or built in. */
static mt_code check_values(struct draft *d)
{
    mt_given *value;
    size_t n = d->plan.n_option;
    const char *expanded;
    MT_TRY(MT_NEW(d->cx, &value, n + KNOWN_VALUES));
    for (size_t k = 0; k < n; k++) value[k] = (mt_given){d->option[k].name, ""};
    for (size_t k = 0; k < KNOWN_VALUES; k++) value[n + k] = (mt_given){built_in[k], ""};
    for (size_t t = 0; t < d->plan.n_task; t++) {
        for (size_t s = 0; s < d->task[t].n_step; s++) {
            const mt_plan_step *step = &d->task[t].step[s];
            for (size_t k = 0; k < step->n_given; k++) {
                mt_code code =
                    mt_plan_expand(d->cx, &expanded, step->given[k].value, value, n + KNOWN_VALUES);
                if (code != MT_OK) return mt_fail_at(d->cx, "%s, line %d", d->file, step->line);
            }
        }
    }
    return MT_OK;
}

static mt_code check_plan(struct draft *d)
{
    char state[MT_PLAN_TASKS_MAX] = {0};
    if (!d->plan.name)
        return mt_fail(d->cx, MT_E_INPUT, "%s: the line \"pipeline NAME: what it does\" is missing", d->file);
    if (!d->plan.n_task) return mt_fail(d->cx, MT_E_INPUT, "%s: the pipeline has no task", d->file);
    for (size_t k = 0; k < d->plan.n_task; k++) {
        MT_TRY(resolve_needs(d, k));
        d->line = d->task[k].line;
        if (!d->task[k].n_step) return refuse(d, "no step stands under the task", d->task[k].name, NULL);
    }
    for (size_t k = 0; k < d->plan.n_task; k++) MT_TRY(check_circle(d, (int)k, state));
    return check_values(d);
}

mt_code mt_plan_parse(mt_ctx *cx, const mt_plan **out, const char *file, mt_text text)
{
    struct draft d = {.cx = cx, .file = file};
    mt_plan *plan;
    while (text.length) {
        const char *end = memchr(text.at, '\n', text.length);
        size_t n = end ? (size_t)(end - text.at) : text.length;
        d.line++;
        MT_TRY(read_line(&d, (mt_text){text.at, n}));
        n += end != NULL;
        text = (mt_text){text.at + n, text.length - n};
    }
    MT_TRY(check_plan(&d));
    MT_TRY(MT_NEW(cx, &plan, 1));
    *plan = d.plan;
    plan->option = d.option;
    plan->task = d.task;
    *out = plan;
    return MT_OK;
}

static size_t name_length(const char *text)
{
    size_t n = 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= '0' && text[n] <= '9') || text[n] == '_') n++;
    return n;
}

static mt_code find_value(mt_ctx *cx, const char **out, mt_text name, const mt_given *value, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (!mt_text_equal(name, value[k].name)) continue;
        *out = value[k].value;
        return MT_OK;
    }
    return mt_fail(cx, MT_E_INPUT, "$%.*s is neither an option of the pipeline nor $out nor $failed",
                   (int)name.length, name.at);
}

mt_code mt_plan_expand(mt_ctx *cx, const char **out, const char *text, const mt_given *value, size_t n)
{
    const char *done = "", *found = NULL;
    for (const char *dollar; (dollar = strchr(text, '$')) != NULL;) {
        size_t length = name_length(dollar + 1);
        MT_TRY(find_value(cx, &found, (mt_text){dollar + 1, length}, value, n));
        MT_TRY(mt_text_format(cx, &done, "%s%.*s%s", done, (int)(dollar - text), text, found));
        text = dollar + 1 + length;
    }
    return mt_text_format(cx, out, "%s%s", done, text);
}
