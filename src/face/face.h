/* What the program can do: operations and process verbs in one list, as help and documents show it.
 *
 * Purpose   Command line help, reference pages, the manual page and completion scripts read the same
 *           entries, so that a new operation stands in all of them by itself.
 * Shapes    Entries are grouped by noun: nouns in the order of their first operation, then those of verbs
 *           only; within a noun operations before verbs, each in table order; verbs of one word come last.
 * Names     Tables say market.clear and price_rule; people type `market clear` and --price-rule. Ownership
 *           Lists and texts live in cx; entries point into the tables.
 */
#ifndef MT_FACE_FACE_H
#define MT_FACE_FACE_H

#include "base/op.h"
#include "face/verb.h"

MT_BEGIN_DECLS

#define MT_FACE_PURPOSE "energy markets from raw feed to cleared prices, schedules, invoices and risk"

/* A variable of the environment that is read; a table ends with a row without a name. */
typedef struct mt_variable {
    const char *name, *value; /* "MERIT_STORE", "URL" */
    const char *doc;
} mt_variable;

/* The tables; every member but `op` may be zero. */
typedef struct mt_face {
    const mt_op *const *op;
    size_t n_op;
    const mt_verb *verb;    /* ends with a row without a name */
    const mt_field *common; /* options of every command */
    const mt_variable *variable;
    const char *version;
} mt_face;

typedef struct mt_entry {
    const char *command;    /* "market clear": what is typed behind the program's name */
    const char *noun;       /* "market"; of a verb of one word that word */
    const char *word;       /* "clear"; NULL for a verb of one word */
    const char *positional; /* "NAME"; NULL: none */
    const char *words;      /* the argument that `positional` fills; NULL: none */
    const char *summary, *doc, *example;
    const mt_field *option;
    const mt_op *op; /* NULL: a verb */
} mt_entry;

typedef struct mt_catalog {
    const mt_entry *entry;
    size_t n;
    const char *const *noun; /* without the verbs of one word */
    size_t n_noun;
} mt_catalog;

MT_MUST_USE mt_code mt_catalog_make(mt_ctx *cx, mt_catalog *out, const mt_face *face);

/* By what was typed ("market clear") or by an operation's own name ("market.clear"); NULL when there is none.
 */
const mt_entry *mt_catalog_find(const mt_catalog *catalog, const char *name);
bool mt_catalog_has_noun(const mt_catalog *catalog, const char *noun);

/* "price_rule" -> "price-rule". */
MT_MUST_USE mt_code mt_face_typed(mt_ctx *cx, const char **out, const char *name);

/* What stands behind an option of that type: "FILE"; "" for yes/no, which stands alone. */
const char *mt_face_placeholder(mt_type type);

/* How a value of that type is written: "a day, 2025-06-08". */
const char *mt_face_form(mt_type type);

/* "mid, low or high"; "" for other types. */
MT_MUST_USE mt_code mt_face_choices(mt_ctx *cx, const char **out, const mt_field *field);

/* "merit market clear --orders FILE [options]". */
MT_MUST_USE mt_code mt_face_usage(mt_ctx *cx, const char **out, const mt_entry *entry, bool has_more_options);

/* "merit market clear" and the example's arguments; NULL when there is no example. */
MT_MUST_USE mt_code mt_face_example(mt_ctx *cx, const char **out, const mt_entry *entry);

const char *mt_role_name(mt_role role);

MT_END_DECLS
#endif
