/* Text inside HTML and SVG.
 *
 * Purpose   The one place where text from outside becomes markup: it can end neither an element nor an
 *           attribute.
 * Shapes    & < > " are written as entities; controls but tab and newline, and bytes that are no UTF-8, as
 *           U+FFFD.
 */
#ifndef MT_IO_PAGE_MARKUP_H
#define MT_IO_PAGE_MARKUP_H

#include "io/out.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_markup_text(mt_ctx *cx, mt_out *out, mt_text text);

MT_END_DECLS
#endif
