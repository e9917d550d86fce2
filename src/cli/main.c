/* The program `merit`: reads the command line, runs one thing, ends with the status of the error list. */
#include "cli/clock.h"
#include "cli/program.h"
#include "cli/signals.h"
#include "face/help.h"
#include "io/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const mt_verb_run *find_verb(const mt_command *command, size_t *words)
{
    size_t n;
    const mt_verb_run *verb = mt_verbs(&n);
    char name[128];
    for (*words = command->n_word < 2 ? command->n_word : 2; *words; --*words) {
        if (*words == 2)
            snprintf(name, sizeof name, "%s %s", command->word[0], command->word[1]);
        else
            snprintf(name, sizeof name, "%s", command->word[0]);
        for (size_t k = 0; k < n; k++) {
            if (strcmp(verb[k].verb.name, name) == 0) return &verb[k];
        }
    }
    return NULL;
}

static const mt_op *find_op(const mt_command *command)
{
    char name[128];
    size_t words;
    if (!command->n_word) return NULL;
    const mt_verb_run *verb = find_verb(command, &words);
    if (verb && verb->verb.process) return verb->verb.process;
    if (strchr(command->word[0], '.')) return mt_ops_find(command->word[0]);
    if (command->n_word < 2) return NULL;
    snprintf(name, sizeof name, "%s.%s", command->word[0], command->word[1]);
    for (char *c = name; *c; c++) *c = *c == '-' ? '_' : *c;
    return mt_ops_find(name);
}

/* Yes/no arguments may stand without a value. */
static bool is_flag(const mt_command *command, const char *name)
{
    size_t words;
    const mt_op *op = find_op(command);
    const mt_verb_run *verb = op ? NULL : find_verb(command, &words);
    const mt_field *field = mt_field_find(op ? op->arg : verb ? verb->verb.option : NULL, name);
    return field && field->type == MT_BOOL;
}

static mt_code show_help(mt_program *program, const mt_verb_run *verb, const mt_op *op)
{
    mt_ctx *cx = program->cx;
    size_t n_op;
    const mt_op *const *ops = mt_ops(&n_op);
    const mt_verb *verbs;
    mt_out *out = NULL;
    mt_code code;
    MT_TRY(mt_verb_table(cx, &verbs));
    mt_face face = {.op = ops,
                    .n_op = n_op,
                    .verb = verbs,
                    .common = mt_common_options,
                    .variable = mt_environment,
                    .version = MERIT_VERSION};
    mt_help_style style = {.width = program->width ? program->width : 100, .colour = program->colour};
    MT_TRY(mt_out_fd(cx, &out, STDOUT_FILENO, "standard output"));
    if (op)
        MT_TRY_OUT(mt_help_op(cx, out, &face, op, style));
    else if (verb)
        MT_TRY_OUT(mt_help_verb(cx, out, &face, &verb->verb, style));
    else
        MT_TRY_OUT(mt_help_topic(cx, out, &face, program->command->word, program->command->n_word, style));
    MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

/* What a verb does not know would be swallowed; pipelines check their own options. */
static mt_code check_options(mt_ctx *cx, const mt_command *command, const mt_verb *verb)
{
    const char *known[MT_GIVEN_MAX];
    size_t n = 0;
    for (const mt_field *field = verb->option; field && field->name && n < MT_GIVEN_MAX; field++)
        known[n++] = field->name;
    for (size_t k = 0; k < command->n_given && strcmp(verb->name, "pipeline run") != 0; k++) {
        const char *name = command->given[k].name;
        if (mt_field_find(verb->option, name)) continue;
        int nearest = mt_text_nearest(name, known, n);
        return mt_fail(cx, MT_E_INPUT, "%s has no option \"%s\"%s%s", verb->name, name,
                       nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : known[nearest]);
    }
    return MT_OK;
}

/* The words behind an operation's name become the argument that takes them. */
static mt_code name_words(mt_program *program, const mt_op *op)
{
    mt_command *command = program->command;
    size_t first = strchr(command->word[0], '.') ? 1 : 2;
    for (size_t k = first; k < command->n_word; k++) {
        if (!op->words)
            return mt_fail(program->cx, MT_E_INPUT, "%s takes no word \"%s\"", op->name, command->word[k]);
        if (command->n_given == MT_GIVEN_MAX)
            return mt_fail(program->cx, MT_E_INPUT, "more than %d arguments", MT_GIVEN_MAX);
        command->given[command->n_given++] = (mt_given){op->words, command->word[k]};
    }
    return MT_OK;
}

/* An option that nobody knows is told as that, not as one that lacks its value. */
static mt_code check_bare(mt_ctx *cx, const mt_command *command, const mt_verb *verb, const mt_op *op)
{
    const char *typed;
    bool unknown = !mt_field_find(op ? op->arg : verb->option, command->bare ? command->bare : "");
    if (!command->bare || (unknown && (op || strcmp(verb->name, "pipeline run") != 0))) return MT_OK;
    MT_TRY(mt_face_typed(cx, &typed, command->bare));
    return mt_fail(cx, MT_E_INPUT, "--%s needs a value", typed);
}

static mt_code dispatch(mt_program *program)
{
    const mt_command *command = program->command;
    size_t words = 0;
    const mt_op *op = find_op(command);
    const mt_verb_run *verb = op ? NULL : find_verb(command, &words);
    if (command->version) {
        printf("merit %s\n", MERIT_VERSION);
        return MT_OK;
    }
    if (command->help || (!op && !verb)) return show_help(program, verb, op);
    MT_TRY(check_bare(program->cx, command, verb ? &verb->verb : NULL, op));
    if (op) MT_TRY(name_words(program, op));
    if (verb && command->late_word)
        return mt_fail(program->cx, MT_E_INPUT, "\"%s\" stands where an option --name is expected",
                       command->late_word);
    if (verb) MT_TRY(check_options(program->cx, command, &verb->verb));
    return op ? mt_program_run_op(program, op)
              : verb->run(program, command->word + words, command->n_word - words);
}

static void look_at_terminal(mt_program *program)
{
    struct winsize window;
    const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
    program->out_terminal = isatty(STDOUT_FILENO);
    program->err_terminal = isatty(STDERR_FILENO);
    if (program->out_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0)
        program->width = window.ws_col;
    program->colour = program->out_terminal && !(plain && *plain) && term && strcmp(term, "dumb") != 0;
}

static void tell(const mt_program *program, mt_code code)
{
    const mt_ctx *cx = program->cx;
    bool reader_left = code == MT_E_CANCELLED && !__atomic_load_n(&cx->cancelled, __ATOMIC_RELAXED);
    if (code == MT_OK || code == MT_FINDINGS || reader_left) return; /* `merit … | head` is no mistake */
    bool colour = program->err_terminal && program->colour;
    fprintf(stderr, "%smerit:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "",
            cx->err[0] ? cx->err : mt_code_meaning(code));
}

/* The context of one run lives as long as the process, because the thread that waits for signals holds it. */
static mt_code run(mt_ctx *cx, int argc, char **argv)
{
    mt_program program = {.cx = cx};
    mt_command command;
    mt_code code;
    look_at_terminal(&program);
    MT_TRY_OUT(mt_signals_watch(cx));
    MT_TRY_OUT(mt_command_parse(cx, &command, argc, argv, is_flag));
    program.command = &command;
    if (command.plain) program.colour = false;
    MT_TRY_OUT(mt_progress_open(cx, &program.progress, command.quiet, program.colour));
    cx->options.progress = mt_progress_step;
    cx->options.log = mt_progress_log;
    cx->options.arg = program.progress;
    if (command.timeout_us) cx->options.deadline_us = mt_clock_monotonic(NULL) + command.timeout_us;
    MT_TRY_OUT(dispatch(&program));
out:
    mt_world_close(program.world);
    cx->options.progress = NULL;
    cx->options.log = NULL;
    mt_progress_close(program.progress);
    tell(&program, code);
    return code;
}

int main(int argc, char **argv)
{
    static mt_ctx cx;
    mt_ctx_options options = {.size = sizeof options, .monotonic_us = mt_clock_monotonic};
    mt_ctx_init(&cx, &options);
    mt_code code = run(&cx, argc, argv);
    mt_ctx_close(&cx);
    return fflush(stdout) == 0 ? mt_code_exit(code) : mt_code_exit(MT_E_IO);
}
