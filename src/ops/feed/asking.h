/* What every operation that asks a provider prepares: client, key, address.
 *
 * Errors    Those of the program's secrets and of the client.
 * Ownership Values live in cx.
 */
#ifndef MT_OPS_FEED_ASKING_H
#define MT_OPS_FEED_ASKING_H

#include "ops/world.h"
#include "sources/source.h"

MT_BEGIN_DECLS

/* *out NULL: none is configured. The alias counts when the name itself has none. */
MT_MUST_USE mt_code mt_asking_key(mt_ctx *cx, const mt_world *world, const char **out,
                                  const mt_source *source);

/* `url` NULL: the provider's own address. Its key goes to no other: a mirror is asked without. */
MT_MUST_USE mt_code mt_asking_call(mt_ctx *cx, const mt_world *world, mt_source_call *out,
                                   const mt_source *source, const char *url);

MT_END_DECLS
#endif
