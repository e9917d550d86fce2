/* The manual page merit.1.
 *
 * Purpose   Everything `merit help` says, in one page for man, from the same tables.
 * Shapes    man(7) macros, clean under groff -ww and mandoc; the same tables give the same bytes.
 * Errors    MT_E_MEMORY, MT_E_IO of `out`, which is left unfinished.
 * Example   merit docs man --to merit.1
 */
#ifndef MT_FACE_MAN_H
#define MT_FACE_MAN_H

#include "face/face.h"
#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_man(mt_ctx *cx, mt_out *out, const mt_face *face);

MT_END_DECLS
#endif
