/* A port that speaks HTTP/1.1: connections, their limits, requests and answers.
 *
 * Purpose   The only room that knows libmicrohttpd. One network thread moves bytes; it never does a
 *           request's work.
 * Units     Times in microseconds, sizes in bytes, rates in bytes a second.
 * Shapes    Limits of a connection: its first header is whole within header_us of the connect, each further
 *           one within idle_us of the answer before; a body comes, and an answer is taken, at rate_min or
 *           faster after grace_us. What is slower is shut. A body is at most body_max, all bodies together
 *           at most bodies_max (503 beyond).
 * Errors    MT_E_ABSENT  the library is missing;  MT_E_DENIED, MT_E_CONFLICT, MT_E_INPUT  see address.h.
 *           A request with Content-Length and Transfer-Encoding, with two Content-Lengths or Hosts, or with
 *           another transfer coding than "chunked" is 400 and the end of its connection.
 * Ownership mt_http_open/_close. `jobs` and `metrics` outlive it.
 * Threads   One network thread, one that watches limits. begin: on the network thread, must not wait.
 *           work: on a worker.
 * Cost      16 KiB a connection and what its request needs.
 */
#ifndef MT_SERVER_HTTP_HTTP_H
#define MT_SERVER_HTTP_HTTP_H

#include "server/http/exchange.h"
#include "server/jobs.h"

MT_BEGIN_DECLS

typedef struct mt_http_limits { /* 0: the usual one, in brackets */
    int connections_max;        /* [1024] */
    size_t memory;              /* of a connection, for headers [16 KiB] */
    size_t body_max;            /* [32 MiB] also after unpacking */
    size_t bodies_max;          /* [256 MiB] */
    int64_t header_us;          /* [10 s] */
    int64_t idle_us;            /* [30 s] */
    int64_t grace_us;           /* [10 s] */
    int64_t rate_min;           /* [1024 bytes/s] */
    int64_t work_us;            /* what a request's work may take [300 s] */
} mt_http_limits;

typedef struct mt_http_options {
    size_t size; /* sizeof(mt_http_options) */
    const char *listen;
    bool allow_public;
    mt_http_limits limits;
    mt_jobs *jobs;
    mt_metrics *metrics;
    mt_monotonic_fn *monotonic_us; /* NULL: the system's */
    void *clock_arg;
    mt_log_fn *log; /* any thread; NULL: none */
    void *log_arg;
    void (*begin)(void *arg, mt_exchange *x);
    void (*work)(void *arg, mt_exchange *x);
    void (*done)(void *arg, mt_exchange *x); /* over, on the network thread: for counting; NULL: nothing */
    void *arg;
} mt_http_options;

typedef struct mt_http mt_http;

MT_MUST_USE mt_code mt_http_open(mt_ctx *cx, mt_http **out, const mt_http_options *options);

/* No new connections; every further answer closes its connection. */
void mt_http_drain(mt_http *http);

/* Nothing is being asked or answered, and has not been for a moment; or no connection is left. */
bool mt_http_quiet(mt_http *http);

/* What still works is cancelled, waited for, and dropped. */
void mt_http_close(mt_http *http); /* NULL allowed */

const char *mt_http_address(const mt_http *http); /* "127.0.0.1:43211" */
bool mt_http_is_local(const mt_http *http);       /* loopback only */
int mt_http_connections(mt_http *http);

MT_END_DECLS
#endif
