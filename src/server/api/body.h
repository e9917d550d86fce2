/* A request's body as plain bytes, and the JSON values in it.
 *
 * Shapes    Content-Encoding: identity, gzip, zstd. Unpacked it is at most mt_exchange_body_max.
 *           Values are told apart without reading them: a top-level array gives its elements, else each
 *           top-level value is one (an object, or one a line). What a value is worth its reader finds out.
 * Errors    MT_E_INPUT  damaged or of another encoding, brackets that do not close;  MT_E_TOO_LARGE  more
 *           bytes than allowed, more than MT_BODY_VALUES_MAX values.
 * Ownership Texts lie in the body or in cx.
 */
#ifndef MT_SERVER_API_BODY_H
#define MT_SERVER_API_BODY_H

#include "server/http/exchange.h"

MT_BEGIN_DECLS

enum { MT_BODY_VALUES_MAX = 1 << 20 };

MT_MUST_USE mt_code mt_body_plain(mt_ctx *cx, mt_text *out, const mt_exchange *x);

/* The same without a request: `encoding` NULL or "": none. */
MT_MUST_USE mt_code mt_body_unpack(mt_ctx *cx, mt_text *out, mt_text body, const char *encoding, size_t most);

MT_MUST_USE mt_code mt_body_values(mt_ctx *cx, mt_text **out, size_t *n, mt_text body);

MT_END_DECLS
#endif
