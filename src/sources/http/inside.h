/* What the rooms of the client share: the client's struct, its providers, and one request on its way.
 *
 * Purpose   client.c keeps the providers and the cache, ask.c tries and tries again, refresh.c asks in the
 *           background. Nobody outside this folder includes it.
 * Threads   `lock` guards the list of providers and the state of each; transport, cache and flights guard
 *           themselves.
 */
#ifndef MT_SOURCES_HTTP_INSIDE_H
#define MT_SOURCES_HTTP_INSIDE_H

#include "sources/http/breaker.h"
#include "sources/http/cache.h"
#include "sources/http/flight.h"
#include "sources/http/limiter.h"
#include "sources/http/transport.h"

MT_BEGIN_DECLS

typedef struct mt_http_provider {
    struct mt_http_provider *next;
    char *origin; /* "https://host": a mirror has limits and a breaker of its own */
    mt_http_policy policy;
    mt_limiter limiter;
    mt_breaker breaker;
    mt_metric *seconds, *retries, *hits, *state;
} mt_http_provider;

typedef struct mt_refresher mt_refresher;

struct mt_http {
    mt_http_options options;
    char *user_agent;
    pthread_mutex_t lock;
    mt_http_provider *provider;
    uint64_t seed;
    mt_transport *transport;
    mt_cache *cache;
    mt_flights flights;
    mt_refresher *refresher;
};

/* Asks the provider, whatever is cached: limits, breaker, retries, metrics and the line in the log.
 * `known` is an answer in hand that a 304 confirms; NULL: none. *out has its texts in cx; *body is the
 * answer's body for the caller to free, unless `known` was confirmed (NULL then). */
MT_MUST_USE mt_code mt_http_ask(mt_ctx *cx, mt_http *http, const mt_http_request *request,
                                const mt_http_answer *known, mt_http_answer *out, char **body);

/* The state of the provider at the origin of the request, made at the first one. */
MT_MUST_USE mt_code mt_http_provider_of(mt_ctx *cx, mt_http *http, mt_http_provider **out,
                                        const mt_http_request *request);

/* The worst of the breakers of a provider, under the lock. */
mt_breaker_state mt_http_provider_state(const mt_http *http, const char *name);

/* The name of the request in the cache: 64 digits. No secret has a part in it. */
MT_MUST_USE mt_code mt_http_key(mt_ctx *cx, const char **out, const mt_http_request *request);

/* Asks anew and keeps the answer; one at a time for a key. *packed is the caller's; NULL with MT_OK: somebody
 * else was asking and was stopped, so look again. `force`: also where the cache has something fresh. */
MT_MUST_USE mt_code mt_http_renew(mt_ctx *cx, mt_http *http, const mt_http_request *request, const char *key,
                                  bool force, mt_packed **packed);

/* In the background, on one thread that is started when it is first needed. A copy is made of the request;
 * when too much waits already, nothing happens. */
void mt_refresh_later(mt_http *http, const mt_http_request *request, const char *key);
void mt_refresh_close(mt_refresher *refresher); /* NULL allowed; stops what is under way */

MT_END_DECLS
#endif
