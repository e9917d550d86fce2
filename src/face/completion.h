/* Completion scripts for bash, zsh and fish.
 *
 * Purpose   The shell offers nouns, verbs, options, the words of choices, and files where a file is
 *           wanted; from the tables, without starting the program.
 * Shapes    One self-contained script; the same tables give the same bytes.
 * Errors    MT_E_INPUT  another shell, with the known ones;  MT_E_MEMORY, MT_E_IO of `out`, which is left
 *           unfinished.
 * Example   source <(merit completion bash)
 */
#ifndef MT_FACE_COMPLETION_H
#define MT_FACE_COMPLETION_H

#include "face/face.h"
#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_completion(mt_ctx *cx, mt_out *out, const mt_face *face, const char *shell);

MT_END_DECLS
#endif
