/* The one client through which every provider is asked.
 *
 * Purpose   Keep-alive, HTTP/2, gzip and zstd; time limits; retries with exponential back-off, jitter and
 *           Retry-After; limits of rate; a circuit breaker; one request where many ask the same; a cache.
 * Shapes    A request names the provider whose policy applies (limiter.h, breaker.h); each provider has its
 *           own figures, and at each origin (its own address, a mirror) its own limits and breaker. Answers
 *           beyond `limit_bytes` are cut off, not read.
 * Time      Retries on 408, 425, 429, 500, 502, 503, 504 and broken connections: `retries` times, waiting
 *           base x 2^k (at most 60 s) times a number between 0.5 and 1.5, or what Retry-After says (at most
 *           10 min, else the answer is the failure). Nothing waits longer than the context's deadline.
 * Errors    MT_E_REMOTE  the provider answered wrongly or not at all (names provider, status, and the first
 *           words of its answer; never a key);  MT_E_LIMIT  429 to the end, or the own limit would wait too
 *           long;  MT_E_BUSY  the breaker is open (says until when);  MT_E_AUTH  401, 403 (names the variable
 *           that holds the key);  MT_E_ABSENT  404;  MT_E_INPUT  400, 422 (with the provider's words);
 *           MT_E_TOO_LARGE  more than limit_bytes;  MT_E_DEADLINE, MT_E_CANCELLED.
 * Ownership mt_http_open/_close. Answers live in the caller's cx.
 * Threads   Safe for many threads at once, each with its own context; connections and caches are shared.
 * Source    RFC 9110 (Retry-After, conditional requests), RFC 9111 (freshness).
 */
#ifndef MT_SOURCES_HTTP_CLIENT_H
#define MT_SOURCES_HTTP_CLIENT_H

#include "base/metric.h"
#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef struct mt_http mt_http;

typedef struct mt_http_options {
    size_t size;                   /* sizeof(mt_http_options) */
    const char *cache_url;         /* NULL or "memory": in this process; "redis://HOST:PORT/DB"; "none" */
    const char *user_agent;        /* NULL: "merit/VERSION" */
    uint64_t cache_bytes;          /* of the cache in this process; 0: 64 MiB */
    mt_metrics *metrics;           /* NULL allowed */
    mt_time (*now)(void *arg);     /* wall clock, microseconds UTC; needed */
    mt_monotonic_fn *monotonic_us; /* needed */
    void *arg;
    uint64_t seed;  /* of the jitter */
    mt_log_fn *log; /* of refreshes in the background, which have no caller; NULL: silent */
} mt_http_options;

/* How one provider is treated; constant data of its room. */
typedef struct mt_http_policy {
    const char *provider;     /* "entsoe" */
    const char *key_variable; /* for messages; NULL: needs no key */
    const char *secret;       /* names of query parameters that hold a key, comma-separated: never logged, and
                               * part of no cache key; NULL: none */
    double rate_per_s;        /* token bucket; 0: none */
    int burst;                /* its size */
    int window_max;           /* sliding window: at most this many … */
    mt_time window;           /* … in this time; 0: none. Both apply where both are given */
    int retries;              /* negative: none; 0: 3 */
    mt_time base_wait;        /* 0: 1 s */
    mt_time timeout;          /* of one try; 0: 30 s */
    int failures_to_open;     /* breaker; 0: 5 */
    int successes_to_close;   /* 0: 2 */
    mt_time open_for;         /* 0: 60 s */
    int probes;               /* at once while half open; 0: 3 */
} mt_http_policy;

typedef struct mt_http_header {
    const char *name, *value;
} mt_http_header;

typedef struct mt_http_request {
    const mt_http_policy *policy;
    const char *method; /* NULL: GET */
    const char *url;
    const mt_http_header *header; /* n_header of them; values are never logged */
    size_t n_header;
    mt_text body;          /* at NULL: none */
    uint64_t limit_bytes;  /* 0: 256 MiB */
    mt_time fresh_for;     /* cache: an answer younger than this is given without asking; after three
                                   * quarters of it the next one who asks starts a refresh in the background;
                                   * 0: not cached */
    const char *aws_sigv4; /* "aws:amz:REGION:s3" with user and password; NULL: none */
    const char *user, *password;
    int tries; /* at most; 0: as many as the policy says */
} mt_http_request;

typedef struct mt_http_answer {
    int status;                                      /* 200 … 299, or 304 */
    mt_text body;                                    /* a 0 byte follows */
    const char *content_type, *etag, *last_modified; /* "" where not given */
    mt_time received_at;
    mt_time age; /* of a cached answer; 0: fresh */
    bool cached;
} mt_http_answer;

MT_MUST_USE mt_code mt_http_open(mt_ctx *cx, mt_http **out, const mt_http_options *options);
void mt_http_close(mt_http *http); /* NULL allowed; waits for background refreshes or drops them */

MT_MUST_USE mt_code mt_http_fetch(mt_ctx *cx, mt_http *http, const mt_http_request *request,
                                  mt_http_answer *out);

/* The failure in hand without what a request keeps secret, for a provider may say a key back to us in an
 * answer that a sentence quotes; and without a key itself ("name:secret" or a secret). Both return `code`. */
mt_code mt_http_hush(mt_ctx *cx, mt_code code, const mt_http_request *request);
mt_code mt_http_hush_key(mt_ctx *cx, mt_code code, const char *key);

/* "closed", "open", "half open": the worst of a provider's addresses; "closed" when it was never asked. */
const char *mt_http_breaker(mt_http *http, const char *provider);

/* Percent-encoding of a query's value, in cx. */
MT_MUST_USE mt_code mt_http_encode(mt_ctx *cx, const char **out, const char *text);

MT_END_DECLS
#endif
