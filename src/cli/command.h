/* A command line taken apart: what to run, its arguments, and the options every command has.
 *
 * Purpose   `merit NOUN VERB --argument value …` for operations and process verbs alike.
 * Shapes    Arguments keep their order; names come without dashes, "-" turned into "_" as in the tables. A
 *           yes/no argument may stand without a value.
 * Errors    MT_E_INPUT  an argument without a name or a value, an unknown common option value.
 * Ownership Lives in cx and borrows argv.
 */
#ifndef MT_CLI_COMMAND_H
#define MT_CLI_COMMAND_H

#include "face/face.h"
#include "ops/ops.h"
#include "ops/result.h"

enum { MT_WORDS_MAX = 1024, MT_GIVEN_MAX = 1280 };

typedef struct mt_command {
    const char *word[MT_WORDS_MAX]; /* what stands before the first option: "market", "clear" */
    size_t n_word;
    const char *late_word;        /* the first that came behind an option; NULL: none */
    mt_given given[MT_GIVEN_MAX]; /* without the common options */
    size_t n_given;
    const char *bare; /* the last option, when it stands without a value; NULL: it does not */
    mt_format format;
    bool format_given;
    const char *to;                   /* file of the result; NULL: standard output */
    const char *store;                /* NULL: the default */
    const char *user, *rights;        /* who asks, and the file of rights; NULL: MERIT_USER, MERIT_RIGHTS */
    const char *cache;                /* of providers' answers; NULL: what MERIT_CACHE says */
    mt_time timeout_us;               /* 0: none */
    bool help, version, quiet, plain; /* plain: no colour */
} mt_command;

/* `is_flag` tells whether an argument may stand without a value; it is asked with the words seen so far. */
MT_MUST_USE mt_code mt_command_parse(mt_ctx *cx, mt_command *out, int argc, char **argv,
                                     bool (*is_flag)(const mt_command *command, const char *name));

/* The common options as fields, for help, completion and documents. */
extern const mt_field mt_common_options[];
extern const mt_variable mt_environment[]; /* what is read of it */

#endif
