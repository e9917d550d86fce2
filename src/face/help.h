/* What `merit help` and --help print.
 *
 * Purpose   The overview, the commands of one noun, and one command with its arguments, columns and
 *           example, all from the tables; and the suggestion for a command that does not exist.
 * Shapes    Plain text of style.width columns (0: 80), with bold and cyan where style.colour is set. `out`
 *           is written and left unfinished.
 * Errors    MT_E_ABSENT  there is no such noun or command, with the nearest one;  MT_E_MEMORY, MT_E_IO of
 *           `out`.
 * Example   merit help market
 */
#ifndef MT_FACE_HELP_H
#define MT_FACE_HELP_H

#include "face/face.h"
#include "io/out.h"

MT_BEGIN_DECLS

typedef struct mt_help_style {
    int width;
    bool colour;
} mt_help_style;

/* Every command with its summary, by noun; then the options of every command. */
MT_MUST_USE mt_code mt_help_overview(mt_ctx *cx, mt_out *out, const mt_face *face, mt_help_style style);

/* The commands of one noun. Names of commands ("sql", "market.clear") give the help of that command. */
MT_MUST_USE mt_code mt_help_noun(mt_ctx *cx, mt_out *out, const mt_face *face, const char *noun,
                                 mt_help_style style);

/* One operation or one process verb; they need not stand in the face's tables. */
MT_MUST_USE mt_code mt_help_op(mt_ctx *cx, mt_out *out, const mt_face *face, const mt_op *op,
                               mt_help_style style);
MT_MUST_USE mt_code mt_help_verb(mt_ctx *cx, mt_out *out, const mt_face *face, const mt_verb *verb,
                                 mt_help_style style);

/* What a person means by these words: nothing (the overview), a noun or a command. */
MT_MUST_USE mt_code mt_help_topic(mt_ctx *cx, mt_out *out, const mt_face *face, const char *const *word,
                                  size_t n, mt_help_style style);

/* Fails with MT_E_ABSENT: there is no command of these words; did you mean the nearest one? */
MT_MUST_USE mt_code mt_help_unknown(mt_ctx *cx, const mt_face *face, const char *const *word, size_t n);

MT_END_DECLS
#endif
