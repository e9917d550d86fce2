/* The door to every operation: find one by name, or walk them all.
 *
 * Purpose   Faces (command line, documents, pipelines) know operations only through this table.
 * Shapes    In the order of list.h; names are unique and have the form noun.verb.
 * Threads   Constant data; safe anywhere.
 */
#ifndef MT_OPS_OPS_H
#define MT_OPS_OPS_H

#include "base/op.h"
#include "ops/world.h"

MT_BEGIN_DECLS

const mt_op *const *mt_ops(size_t *n);
const mt_op *mt_ops_find(const char *name); /* NULL when there is none */

/* MT_E_ABSENT with the nearest name. */
MT_MUST_USE mt_code mt_ops_get(mt_ctx *cx, const mt_op **out, const char *name);

/* Runs it when the world's caller may: the one way in for every face. */
MT_MUST_USE mt_code mt_op_run(mt_ctx *cx, const mt_op *op, const mt_world *world, const void *args,
                              mt_sink *out);

MT_END_DECLS
#endif
