/* A user's own question to the store, read-only.
 *
 * Purpose   What `merit sql` runs; columns come from the question, so it is no operation.
 * Errors    What mt_store_sql says; MT_E_ABSENT without a store.
 */
#ifndef MT_OPS_SQL_H
#define MT_OPS_SQL_H

#include "ops/world.h"

MT_BEGIN_DECLS

MT_MUST_USE mt_code mt_ops_sql(mt_ctx *cx, const mt_world *world, const char *text, mt_sink *out);

MT_END_DECLS
#endif
