/* The description of an operation: one entry from which every face is made.
 *
 * Purpose   Command line, routes, pipeline tasks, documents, metrics and audit read this struct; none adds
 *           to it.
 * Shapes    name "noun.verb"; argument and column tables end with a row without a name; `run` reads `args`
 *           (a struct of args_size bytes that the face filled from the argument table) and writes all its
 *           rows to `out`.
 * Errors    Whatever `run` returns; the face turns it into its status. MT_FINDINGS comes after a finished
 *           sink.
 * Ownership Entries are constants. Arguments and their texts live in the face's context during the call.
 */
#ifndef MT_BASE_OP_H
#define MT_BASE_OP_H

#include "base/rows/sink.h"

MT_BEGIN_DECLS

typedef enum mt_effect {
    MT_READ, /* changes nothing: GET */
    MT_WRITE /* changes the store or writes files: POST, audited */
} mt_effect;

typedef enum mt_role {
    MT_VIEWER,
    MT_TRADER,
    MT_OPERATOR,
    MT_ADMIN
} mt_role; /* the least role that may run it */

/* X(bit, word in a rights file, what they do): the people of a desk whose assets not everybody may see */
/* clang-format off */
#define MT_DESK_ROLE_LIST(X) \
    X(MT_DESK_TRADER,        "trader",        "trades, forecasts, imbalance, schedules") \
    X(MT_DESK_OPERATIONS,    "operations",    "infeed, schedules, redispatch, settlement, documents") \
    X(MT_DESK_SALES,         "sales",         "contracts, documents, reports") \
    X(MT_DESK_RISK,          "risk",          "reads everything, changes nothing") \
    X(MT_DESK_OWNER,         "owner",         "their own assets and documents only") \
    X(MT_DESK_ADMINISTRATOR, "administrator", "everything")
/* clang-format on */
enum {
    MT_DESK_TRADER = 1,
    MT_DESK_OPERATIONS = 2,
    MT_DESK_SALES = 4,
    MT_DESK_RISK = 8,
    MT_DESK_OWNER = 16,
    MT_DESK_ADMINISTRATOR = 32,
    MT_DESK_STAFF = MT_DESK_TRADER | MT_DESK_OPERATIONS | MT_DESK_SALES | MT_DESK_RISK,
    MT_DESK_ALL = MT_DESK_STAFF | MT_DESK_OWNER
};

struct mt_world; /* ops/world.h: store, clock, pool; operations only */

typedef struct mt_op {
    const char *name;    /* "market.clear" */
    const char *summary; /* one clause, lower case, no full stop */
    const char *doc;     /* paragraphs for the reference; NULL: the summary says it all */
    const char *example; /* arguments of a command that runs from the repository's root */
    mt_effect effect;
    mt_role role;
    unsigned desk; /* roles of a desk that may run it, besides the administrator; 0: it touches no assets */
    bool live;     /* rows come for as long as it runs: they are shown at once */
    size_t args_size;
    const char *words;    /* the argument that takes words without a name: "FILE …"; NULL: none does */
    const mt_field *arg;  /* NULL: none */
    const mt_field *col;  /* NULL: columns come from the request, as in sql */
    const mt_field *head; /* NULL: none; described here for documents */
    mt_code (*run)(mt_ctx *cx, const struct mt_world *world, const void *args, mt_sink *out);
} mt_op;

/* One argument as a face got it: a name without dashes and its text. */
typedef struct mt_given {
    const char *name;
    const char *value;
} mt_given;

/* Opens what INPUT and OUTPUT arguments name; each face brings its own rules (a server opens no path). */
typedef struct mt_opener {
    mt_code (*input)(mt_ctx *cx, void *arg, mt_input *out, const char *name);
    mt_code (*output)(mt_ctx *cx, void *arg, mt_output *out, const char *path);
    void *arg;
} mt_opener;

/* Fills a new struct of op->args_size in cx: fallbacks, then the given texts. MT_E_INPUT names an unknown
 * argument (with the nearest known one), a required one that is missing, one given twice, or a value that
 * does not parse. */
MT_API MT_MUST_USE mt_code mt_op_args(mt_ctx *cx, const mt_op *op, const mt_given *given, size_t n,
                                      const mt_opener *opener, void **out);

MT_END_DECLS
#endif
