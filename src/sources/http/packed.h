/* An answer in one piece of memory, as caches keep it and several askers share it.
 *
 * Purpose   One form for the cache in this process, for Redis and for those who wait for the same request.
 * Shapes    Status, moment, three headers, body. Bytes that come from outside are looked through before they
 *           count as an answer.
 * Ownership Counted: mt_packed_keep and mt_packed_drop from any thread; it never changes.
 */
#ifndef MT_SOURCES_HTTP_PACKED_H
#define MT_SOURCES_HTTP_PACKED_H

#include "sources/http/client.h"

MT_BEGIN_DECLS

typedef struct mt_packed mt_packed;

/* NULL when memory ran out. `age` and `cached` are not kept. */
mt_packed *mt_packed_new(const mt_http_answer *answer);
mt_packed *mt_packed_of(const char *bytes, size_t n); /* NULL too when they are no answer */
mt_packed *mt_packed_keep(mt_packed *packed);         /* gives it back */
void mt_packed_drop(mt_packed *packed);               /* NULL allowed */

mt_text mt_packed_bytes(const mt_packed *packed);

/* Texts and body are borrowed from `packed`. */
void mt_packed_read(const mt_packed *packed, mt_http_answer *out);

/* The same as a copy in cx. */
MT_MUST_USE mt_code mt_packed_copy(mt_ctx *cx, const mt_packed *packed, mt_http_answer *out);

MT_END_DECLS
#endif
