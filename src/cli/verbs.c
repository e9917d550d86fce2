/* The table of process verbs: what the program does that is no operation. */
#include "cli/program.h"
#include "face/completion.h"
#include "face/help.h"
#include "face/man.h"
#include "face/reference.h"
#include "io/out.h"
#include "ops/stream/stream_process.h"
#include "ops/stream/topics.h"

#include <string.h>
#include <unistd.h>

static mt_code make_face(mt_program *program, mt_face *out)
{
    *out = (mt_face){.common = mt_common_options, .variable = mt_environment, .version = MERIT_VERSION};
    out->op = mt_ops(&out->n_op);
    return mt_verb_table(program->cx, &out->verb);
}

/* Writes with `write` to standard output, or to --to FILE. */
static mt_code write_document(mt_program *program, const char *subject,
                              mt_code (*write)(mt_ctx *cx, mt_out *out, const mt_face *face,
                                               const char *subject))
{
    mt_ctx *cx = program->cx;
    mt_out *out = NULL;
    mt_face face;
    mt_code code;
    MT_TRY(make_face(program, &face));
    if (program->command->to)
        MT_TRY(mt_out_file(cx, &out, program->command->to));
    else
        MT_TRY(mt_out_fd(cx, &out, STDOUT_FILENO, "standard output"));
    MT_TRY_OUT(write(cx, out, &face, subject));
    MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

static mt_code run_completion(mt_program *program, const char *const *word, size_t n_word)
{
    if (n_word != 1) return mt_fail(program->cx, MT_E_INPUT, "name a shell: bash, zsh or fish");
    return write_document(program, word[0], mt_completion);
}

static mt_code write_schema(mt_ctx *cx, mt_out *out, const mt_face *face, const char *subject)
{
    mt_text text;
    (void)face;
    MT_TRY(mt_topics_schema(cx, &text, subject));
    return mt_out_write(cx, out, text.at, text.length);
}

static mt_code run_schema(mt_program *program, const char *const *word, size_t n_word)
{
    if (n_word != 1)
        return mt_fail(program->cx, MT_E_INPUT,
                       "name one topic or dataset, e.g. merit stream schema elspot_topic");
    return write_document(program, word[0], write_schema);
}

static mt_code write_man(mt_ctx *cx, mt_out *out, const mt_face *face, const char *subject)
{
    (void)subject;
    return mt_man(cx, out, face);
}

static mt_code run_man(mt_program *program, const char *const *word, size_t n_word)
{
    (void)word;
    if (n_word) return mt_fail(program->cx, MT_E_INPUT, "docs man takes no further word");
    return write_document(program, NULL, write_man);
}

struct reference_options {
    mt_output out;
};

static const mt_field reference_option[] = {
    {.name = "out", MT_OUTPUT_AT(reference_options, out), .required = true, .doc = "folder for the pages"},
    {.name = NULL}};

static mt_code run_reference(mt_program *program, const char *const *word, size_t n_word)
{
    const char *folder = NULL;
    mt_face face;
    (void)word;
    for (size_t k = 0; k < program->command->n_given; k++) {
        const mt_given *given = &program->command->given[k];
        if (strcmp(given->name, "out") == 0) folder = given->value;
    }
    if (n_word || !folder) return mt_fail(program->cx, MT_E_INPUT, "docs reference needs --out FOLDER");
    MT_TRY(make_face(program, &face));
    return mt_reference(program->cx, &face, folder);
}

static mt_code run_help(mt_program *program, const char *const *word, size_t n_word)
{
    mt_ctx *cx = program->cx;
    mt_help_style style = {.width = program->width ? program->width : 100, .colour = program->colour};
    mt_face face;
    mt_out *out = NULL;
    mt_code code;
    MT_TRY(make_face(program, &face));
    MT_TRY(mt_out_fd(cx, &out, STDOUT_FILENO, "standard output"));
    MT_TRY_OUT(mt_help_topic(cx, out, &face, word, n_word, style));
    MT_TRY_OUT(mt_out_finish(cx, out));
out:
    mt_out_close(out);
    return code;
}

struct run_options {
    mt_output out;
    bool fresh;
};

static const mt_field run_option[] = {{.name = "out",
                                       MT_OUTPUT_AT(run_options, out),
                                       .required = true,
                                       .doc = "folder for the files; made where needed"},
                                      {.name = "fresh",
                                       MT_BOOL_AT(run_options, fresh),
                                       .doc = "run every task again, also those whose inputs are unchanged"},
                                      {.name = NULL}};

static const char run_doc[] = "The options of the pipeline itself follow with two dashes, e.g. --orders "
                              "FILE; `merit pipeline list` shows them.\n\nIndependent tasks run side by "
                              "side. A task that fails stops those that need it, the others go on. A "
                              "second run keeps every task whose arguments, inputs and files are "
                              "unchanged and resumes at the others. Without --store the data goes to "
                              "merit.duckdb in the output folder.";

static const mt_verb_run verb[] = {
    {{.name = "pipeline run",
      .positional = "NAME",
      .summary = "run a pipeline into a folder",
      .doc = run_doc,
      .example = "market --orders orders.csv --out out",
      .option = run_option},
     mt_program_run_pipeline},
    {{.name = "pipeline list", .summary = "the pipelines that can be run", .example = ""},
     mt_program_list_pipelines},
    {{.name = "pipeline show",
      .positional = "NAME",
      .summary = "the tasks and steps of a pipeline",
      .example = "market"},
     mt_program_show_pipeline},
    {{.name = "stream consume", .process = &mt_process_stream_consume}, NULL},
    {{.name = "stream produce", .process = &mt_process_stream_produce}, NULL},
    {{.name = "serve",
      .summary = "one process on one port that owns the store, reads streams and fetches on a schedule",
      .doc =
          "Takes line protocol and messages over HTTP, answers operations, and runs what other "
          "commands of this machine send: they find it by the store's socket. Rows are acknowledged "
          "when they are on disk. "
          "/livez, /readyz and /metrics tell its state. On SIGTERM it takes nothing new, finishes what runs "
          "and ends. Without sign-in it listens on this machine only.",
      .example = "--listen 127.0.0.1:8686 --store duckdb:merit.duckdb",
      .option = mt_serve_options},
     mt_program_serve},
    {{.name = "stream schema",
      .positional = "NAME",
      .summary = "the JSON Schema of the messages of a topic or dataset",
      .doc = "`merit stream mappings` lists the names.",
      .example = "elspot_topic"},
     run_schema},
    {{.name = "sql",
      .positional = "QUESTION",
      .summary = "ask the store in SQL, read-only",
      .example = "'SELECT count(*) FROM market_order' --store duckdb:out/merit.duckdb"},
     mt_program_run_sql},
    {{.name = "completion",
      .positional = "SHELL",
      .summary = "a completion script for bash, zsh or fish",
      .example = "bash"},
     run_completion},
    {{.name = "docs reference",
      .summary = "write the reference pages",
      .example = "--out docs/reference",
      .option = reference_option},
     run_reference},
    {{.name = "docs man", .summary = "print the manual page", .example = "--to merit.1"}, run_man},
    {{.name = "help", .positional = "[NOUN]", .summary = "what the program can do", .example = "market"},
     run_help},
};

const mt_verb_run *mt_verbs(size_t *n)
{
    *n = sizeof verb / sizeof *verb;
    return verb;
}

mt_code mt_verb_table(mt_ctx *cx, const mt_verb **out)
{
    size_t n = sizeof verb / sizeof *verb;
    mt_verb *table;
    MT_TRY(MT_NEW(cx, &table, n + 1));
    for (size_t k = 0; k < n; k++) table[k] = verb[k].verb;
    *out = table;
    return MT_OK;
}
