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
 * Ownership mt_httpd_open/_close. `jobs` and `metrics` outlive it.
 * Threads   One network thread, one that watches limits. begin: on the network thread, must not wait.
 *           work: on a worker.
 * Cost      16 KiB a connection and what its request needs.
 */
#ifndef MT_SERVER_HTTP_HTTP_H
#define MT_SERVER_HTTP_HTTP_H

#include "server/http/exchange.h"
#include "server/jobs.h"

MT_BEGIN_DECLS

typedef struct mt_httpd_limits { /* 0: the usual one, in brackets */
    int connections_max;         /* [1024] */
    size_t memory;               /* of a connection, for headers [16 KiB] */
    size_t body_max;             /* [32 MiB] also after unpacking */
    size_t bodies_max;           /* [256 MiB] */
    int64_t header_us;           /* [10 s] */
    int64_t idle_us;             /* [30 s] */
    int64_t grace_us;            /* [10 s] */
    int64_t rate_min;            /* [1024 bytes/s] */
    size_t spool_max;            /* [1 GiB] of answers that wait for their readers, all together */
    int64_t stall_us;            /* [60 s] how long an answer beyond that waits for a reader who stalls */
    int64_t left_us;             /* [30 s] how long work goes on after its asker said that no more comes */
    int64_t work_us;             /* what a request's work may take [300 s] */
} mt_httpd_limits;

typedef struct mt_httpd_options {
    size_t size; /* sizeof(mt_httpd_options) */
    const char *listen;
    bool allow_public;
    mt_httpd_limits limits;
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
} mt_httpd_options;

typedef struct mt_httpd mt_httpd;

MT_MUST_USE mt_code mt_httpd_open(mt_ctx *cx, mt_httpd **out, const mt_httpd_options *options);

/* No new connections; every further answer closes its connection. */
void mt_httpd_drain(mt_httpd *http);

/* Nothing is being asked or answered, and has not been for a moment; or no connection is left. */
bool mt_httpd_quiet(mt_httpd *http);

/* What still works is cancelled, waited for, and dropped. */
void mt_httpd_close(mt_httpd *http); /* NULL allowed */

const char *mt_httpd_address(const mt_httpd *http); /* "127.0.0.1:43211" */
bool mt_httpd_is_local(const mt_httpd *http);       /* loopback only */
int mt_httpd_connections(mt_httpd *http);

MT_END_DECLS
#endif
