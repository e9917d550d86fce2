/* One run of the program: its command line, context, world and terminal.
 *
 * Purpose   What main builds once and every command gets.
 */
#ifndef MT_CLI_PROGRAM_H
#define MT_CLI_PROGRAM_H

#include "cli/command.h"
#include "cli/progress.h"

enum { MT_FOLDERS_MAX = 4 };

typedef struct mt_program {
    mt_ctx *cx;
    mt_command *command;
    mt_progress *progress;
    mt_world *world;
    const char *store_url;           /* of the world */
    mt_world_options world_options;  /* beside what mt_program_world sets: metrics, changed */
    bool out_terminal, err_terminal; /* is it one? */
    bool colour;                     /* on standard output */
    bool alone;                      /* nobody serves the store, although a socket is there */
    int width;                       /* of the terminal on standard output; 0: none */
} mt_program;

/* A verb of the table in verbs.c and what it does with the words after its name. */
typedef struct mt_verb_run {
    mt_verb verb;
    mt_code (*run)(mt_program *program, const char *const *word, size_t n_word);
} mt_verb_run;

/* Builds the world for this run; `store` is used when the command line and MERIT_STORE name none. */
MT_MUST_USE mt_code mt_program_world(mt_program *program, const char *store, bool read_only);

/* The local socket of the server of the store; *out NULL: the store is no file. `make`: for the server. */
MT_MUST_USE mt_code mt_program_socket(mt_program *program, const char **out, bool make);

/* Where this command's result goes, by --output, --to and the terminal. */
MT_MUST_USE mt_code mt_program_place(const mt_program *program, mt_result_place *out);

/* The user's own store, when nothing else is said: ~/.local/share/merit/merit.duckdb, after the XDG rules. */
MT_MUST_USE mt_code mt_program_own_store(mt_program *program, const char **out);

/* Folders that may hold a part of the installed program ("pipelines"): here, in MERIT_HOME, beside the
 * executable, in the source tree. */
MT_MUST_USE mt_code mt_program_folders(mt_program *program, const char *part, const char *out[MT_FOLDERS_MAX],
                                       size_t *n);

/* Here, or by the server that owns the store. */
MT_MUST_USE mt_code mt_program_run_op(mt_program *program, const mt_op *op);
MT_MUST_USE mt_code mt_program_run_sql(mt_program *program, const char *const *word, size_t n_word);
MT_MUST_USE mt_code mt_program_serve(mt_program *program, const char *const *word, size_t n_word);
extern const mt_field mt_serve_options[];
MT_MUST_USE mt_code mt_program_run_pipeline(mt_program *program, const char *const *word, size_t n_word);
MT_MUST_USE mt_code mt_program_list_pipelines(mt_program *program, const char *const *word, size_t n_word);
MT_MUST_USE mt_code mt_program_show_pipeline(mt_program *program, const char *const *word, size_t n_word);

/* The table of process verbs, and the same without what they do, for documents. */
const mt_verb_run *mt_verbs(size_t *n);
MT_MUST_USE mt_code mt_verb_table(mt_ctx *cx, const mt_verb **out);

#endif
