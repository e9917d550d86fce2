/* The door to data providers: find one, ask it, check it.
 *
 * Purpose   Streams a provider's rows into a sink, whatever its API looks like.
 * Shapes    Rows of mt_observation_col; schema and finish are sent by the door.
 * Errors    MT_E_ABSENT  no such provider or dataset (with the nearest name);  MT_E_AUTH  a key is needed and
 *           none is there (names the variable and where a key is got);  those of sources/http/client.h.
 * Ownership Keys are read by the program (from a file or the environment) and passed in; they appear in no
 *           message, log or cache.
 */
#ifndef MT_SOURCES_SOURCE_H
#define MT_SOURCES_SOURCE_H

#include "sources/backend.h"

MT_BEGIN_DECLS

const mt_source *const *mt_sources(size_t *n);
MT_MUST_USE mt_code mt_source_find(mt_ctx *cx, const mt_source **out, const char *name);
MT_MUST_USE mt_code mt_source_dataset_find(mt_ctx *cx, const mt_source_dataset **out, const mt_source *source,
                                           const char *name /* NULL: the first */);

MT_MUST_USE mt_code mt_source_fetch(mt_ctx *cx, const mt_source *source, const mt_source_call *call,
                                    const mt_source_query *query, mt_sink *out);
/* One small question, tried once unless call->tries says more. */
MT_MUST_USE mt_code mt_source_check(mt_ctx *cx, const mt_source *source, const mt_source_call *call);

MT_END_DECLS
#endif
