/* What the program does that is no operation: one table, read by the command line and by the documents.
 *
 * Purpose   `pipeline run`, `sql`, `completion` and the like are processes, not rows of a result; they are
 *           described the same way, so that help, completion and reference treat both alike.
 * Shapes    A table ends with a row whose name is NULL. `positional` names what follows the verb without
 *           dashes.
 */
#ifndef MT_FACE_VERB_H
#define MT_FACE_VERB_H

#include "base/op.h"

MT_BEGIN_DECLS

typedef struct mt_verb {
    const char *name;       /* "pipeline run" */
    const char *positional; /* "NAME"; NULL: none */
    const char *summary;    /* one clause, lower case, no full stop */
    const char *doc;        /* paragraphs; NULL: the summary says it all */
    const char *example;    /* what follows the verb in a command that runs */
    const mt_field *option; /* NULL: none */
    const mt_op *process;   /* described by this entry, which is in no list: what stands above is NULL */
} mt_verb;

MT_END_DECLS
#endif
