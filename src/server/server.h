/* `merit serve`: one process on one port and one local socket, on one open store.
 *
 * Purpose   HTTP, commands of the same machine, streams and the schedule share one world, one set of workers
 *           and one count of what happens.
 * Units     Times in microseconds, sizes in bytes.
 * Shapes    Without sign-in the port is of this machine only: other addresses are refused unless
 *           allow_public. Requests under another host name than this machine's, the bound address
 *           and those listed, and from pages of other sites, are refused in any case.
 *           open binds; run opens the store, starts services and schedule, says ready, and waits for its
 *           context to be cancelled. Then: not ready (503 on /readyz), no new connections, what runs is
 *           finished for at most drain_us, the rest is cancelled, services end, sockets go.
 * Errors    open: MT_E_ABSENT  the HTTP library is missing;  MT_E_CONFLICT  port or socket is taken;
 *           MT_E_DENIED  an address others could reach;  MT_E_INPUT  a wrong address.
 *           run: what the store says;  MT_OK after an orderly end.
 * Ownership mt_server_open/_close. What the options point to is borrowed and outlives it.
 * Threads   run blocks its caller. mt_server_changed, _address and _is_ready from any thread.
 * Example   merit serve --listen 127.0.0.1:8686 --store duckdb:merit.duckdb
 */
#ifndef MT_SERVER_SERVER_H
#define MT_SERVER_SERVER_H

#include "server/http/http.h"
#include "server/schedule.h"
#include "server/services.h"

MT_BEGIN_DECLS

typedef struct mt_server_options {
    size_t size; /* sizeof(mt_server_options) */
    const mt_world *world;
    const char *listen; /* "127.0.0.1:8686"; NULL: no port */
    bool allow_public;
    const char *const *name; /* hosts that requests may name beside this machine and the bound address */
    size_t n_name;
    const char *socket_path; /* of commands, see server/forward.h; NULL: none */
    mt_metrics *metrics;     /* NULL: its own */
    const mt_service *service;
    size_t n_service;
    const mt_schedule_entry *entry;
    size_t n_entry;
    const char *schedule_state_path; /* where the last runs are remembered; NULL: nowhere */
    const mt_topic_mapping *mapping; /* of messages over HTTP, beside the built-in ones */
    size_t n_mapping;
    int64_t cache_bytes;  /* of kept results; 0: 32 MiB, negative: none */
    int64_t cache_ttl_us; /* 0: 5 s */
    int workers;          /* 0: twice the cores, at least 4 */
    int queue_max;        /* 0: 256 */
    int64_t drain_us;     /* 0: 10 s */
    mt_httpd_limits limits;
    mt_monotonic_fn *monotonic_us; /* NULL: the system's */
    void *clock_arg;
    mt_log_fn *log; /* one call at a time, from any thread; NULL: none. Never the body of a request */
    void *log_arg;
    const char *notify_path;                       /* what NOTIFY_SOCKET says; NULL: none */
    int64_t watchdog_us;                           /* what WATCHDOG_USEC says; 0: none */
    void (*ready)(void *arg, const char *address); /* called once when it takes work; NULL: nobody waits */
    void *ready_arg;
} mt_server_options;

typedef struct mt_server mt_server;

MT_MUST_USE mt_code mt_server_open(mt_ctx *cx, mt_server **out, const mt_server_options *options);
MT_MUST_USE mt_code mt_server_run(mt_ctx *cx, mt_server *server);
void mt_server_close(mt_server *server); /* NULL allowed */

/* "127.0.0.1:43211", also when port 0 was asked for; "" without a port. */
const char *mt_server_address(const mt_server *server);
bool mt_server_is_ready(const mt_server *server);

/* Rows were committed by somebody else than a request: a service's consumer calls it after each commit, so
 * that results computed before are not given out. */
void mt_server_changed(mt_server *server);

mt_metrics *mt_server_metrics(mt_server *server);

MT_END_DECLS
#endif
