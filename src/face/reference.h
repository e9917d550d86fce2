/* The reference pages under docs/reference.
 *
 * Purpose   One page a noun with its operations, one of the process verbs, one of error and exit statuses,
 *           one of units and of how values are written, and an index: all from the tables, so that they
 *           are true.
 * Shapes    README.md, NOUN.md, commands.md, errors.md, units.md in Markdown (GitHub's, with tables). The
 *           same tables give the same bytes. Every page begins with MT_REFERENCE_MARK; pages with that
 *           mark that are no longer written are removed, others in the folder are left alone.
 * Errors    MT_E_IO     the folder cannot be made or written;  MT_E_INPUT  two pages would have one name.
 * Example   merit docs reference --out docs/reference
 */
#ifndef MT_FACE_REFERENCE_H
#define MT_FACE_REFERENCE_H

#include "face/face.h"

MT_BEGIN_DECLS

#define MT_REFERENCE_MARK "<!-- Made from the tables by `merit docs reference`: change those, not this. -->\n"

MT_MUST_USE mt_code mt_reference(mt_ctx *cx, const mt_face *face, const char *folder);

MT_END_DECLS
#endif
