/* One try of one request: what goes out, what comes back, on the caller's thread.
 *
 * Purpose   All that knows libcurl. Lines (a connection or several to one host, kept open) are lent to one
 *           caller at a time; names that were looked up and TLS sessions are shared by all.
 * Shapes    Redirects to http and https, at most 5. To another origin go neither headers that may hold a key
 *           nor user and password; a redirect that itself carries a secret parameter, or a body, to another
 *           origin is refused. Certificates are always verified. Proxies are those of the environment.
 * Time      A try ends after `timeout`; a body of which less than 1 KiB came in 20 s is given up before.
 *           Cancelling and the context's deadline end it within 50 ms.
 * Errors    No answer is no error: status 0 and `trouble` says why.  MT_E_TOO_LARGE  more than limit_bytes
 *           (unpacked);  MT_E_INPUT  no address at all;  MT_E_ABSENT  no libcurl;  MT_E_DEADLINE,
 *           MT_E_CANCELLED, MT_E_MEMORY.
 * Ownership mt_transport_open/_close; mt_tried_close gives the body back.
 * Threads   Any thread, each with its own context.
 */
#ifndef MT_SOURCES_HTTP_TRANSPORT_H
#define MT_SOURCES_HTTP_TRANSPORT_H

#include "sources/http/client.h"

MT_BEGIN_DECLS

typedef struct mt_transport mt_transport;

typedef struct mt_try {
    const mt_http_request *request;
    const char *user_agent;
    const char *etag, *last_modified; /* of an answer in hand, to be confirmed; NULL or "": none */
    mt_time timeout;
} mt_try;

typedef struct mt_tried {
    int status; /* of the last answer; 0: none came whole */
    char *body; /* NULL when empty; a 0 byte follows */
    size_t n;
    char content_type[128], etag[256], last_modified[64], retry_after[64]; /* "" where not given */
    char trouble[256];                                                     /* why there is no answer */
} mt_tried;

MT_MUST_USE mt_code mt_transport_open(mt_ctx *cx, mt_transport **out, mt_monotonic_fn *monotonic_us,
                                      void *arg);
void mt_transport_close(mt_transport *transport); /* NULL allowed; no try may be under way */

MT_MUST_USE mt_code mt_transport_try(mt_ctx *cx, mt_transport *transport, const mt_try *want, mt_tried *out);
void mt_tried_close(mt_tried *tried);

/* Waits until that moment of the monotonic clock: MT_OK, MT_E_CANCELLED or MT_E_DEADLINE. */
MT_MUST_USE mt_code mt_transport_wait(mt_ctx *cx, mt_transport *transport, mt_time until);

MT_END_DECLS
#endif
