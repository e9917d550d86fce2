/* The head of a result as plain lines, for renderers whose document has no room for it.
 *
 * Purpose   "name: value unit", one line a field, to stderr beside a table or CSV.
 * Missing   A null is written as "-".
 */
#ifndef MT_IO_SINKS_HEAD_H
#define MT_IO_SINKS_HEAD_H

#include "base/rows/sink.h"
#include "io/out.h"

MT_BEGIN_DECLS

/* Does nothing without a head in the schema or with `out` NULL. */
MT_MUST_USE mt_code mt_head_lines(mt_ctx *cx, mt_out *out, const mt_schema *schema);

MT_END_DECLS
#endif
