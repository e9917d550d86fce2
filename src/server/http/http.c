/* The HTTP library's calls, in the order of a request. */
#include "server/http/http.h"

#include "server/http/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_US = 300000, STEP_NS = 10000000 };

static void touch(mt_httpd *http)
{
    __atomic_store_n(&http->last_us, mt_guard_now_us(http->guard), __ATOMIC_RELAXED);
}

/* --- the worker's side ------------------------------------------------------------------------------- */

static void run_job(mt_job *job)
{
    mt_exchange *x = (mt_exchange *)(void *)((char *)job - offsetof(mt_exchange, job));
    x->http->options.work(x->http->options.arg, x);
    if (!mt_exchange_answered(x)) mt_exchange_problem(x, MT_E_BUG, 0, "the request was not answered");
}

static void end_job(mt_job *job)
{
    mt_exchange *x = (mt_exchange *)(void *)((char *)job - offsetof(mt_exchange, job));
    if (!x->streaming) mt_exchange_resume(x);
    mt_exchange_release(x);
}

/* --- the network thread's side ----------------------------------------------------------------------- */

static void *begin_line(void *arg, const char *target, struct MHD_Connection *connection)
{
    mt_exchange *x = NULL;
    (void)connection;
    return mt_exchange_open(arg, &x, target) == MT_OK ? x : NULL;
}

static bool split_target(mt_exchange *x)
{
    const char *mark = strchr(x->target, '?');
    mt_text path = {x->target, mark ? (size_t)(mark - x->target) : strlen(x->target)};
    if (mark) x->query = mark + 1;
    return x->target[0] == '/' && mt_text_copy(&x->cx, &x->path, path) == MT_OK;
}

/* A body that says that it is too large is refused before it is read. */
static bool is_too_long(const mt_exchange *x)
{
    const char *length = mt_exchange_header(x, "content-length");
    int64_t bytes;
    return length && (!mt_int_parse(length, strlen(length), &bytes) || bytes < 0 ||
                      (uint64_t)bytes > x->http->options.limits.body_max);
}

static void look_at_headers(mt_exchange *x, const char *method, const char *version)
{
    mt_httpd *http = x->http;
    bool good = mt_text_copy(&x->cx, &x->method, mt_text_of(method)) == MT_OK && split_target(x);
    if (!x->path) x->path = "/";
    if (!mt_exchange_take_headers(x, version) || x->torn || !good) {
        x->refused = true;
        mt_exchange_problem(x, MT_E_INPUT, 0, "the header of the request breaks the rules of HTTP");
    } else if (is_too_long(x)) {
        x->refused = true;
        mt_exchange_problem(x, MT_E_TOO_LARGE, 0, "the body is larger than this server takes");
    } else {
        http->options.begin(http->options.arg, x);
    }
}

static enum MHD_Result begin_exchange(mt_exchange *x, struct MHD_Connection *connection, const char *method,
                                      const char *version)
{
    mt_httpd *http = x->http;
    const union MHD_ConnectionInfo *info =
        http->api.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->begun = true;
    x->connection = connection;
    x->socket = info ? info->socket_context : NULL;
    x->since_us = mt_guard_now_us(http->guard);
    x->cx.options.deadline_us = x->since_us + http->options.limits.work_us;
    __atomic_add_fetch(&http->running, 1, __ATOMIC_RELAXED);
    touch(http);
    mt_guard_phase(http->guard, x->socket, MT_PHASE_BODY, NULL);
    look_at_headers(x, method, version);
    /* Answering at the first call closes the connection: only what comes before a body that is not wanted. */
    if (!mt_exchange_answered(x) || (!x->has_body && !x->refused)) return MHD_YES;
    mt_exchange_close_after(x);
    return mt_exchange_queue(x);
}

static enum MHD_Result submit(mt_exchange *x)
{
    mt_httpd *http = x->http;
    mt_ctx own;
    x->submitted = true;
    x->job.cx = &x->cx;
    x->job.run = run_job;
    x->job.end = end_job;
    if (!mt_exchange_suspend(x, &x->job)) {
        mt_exchange_problem(x, MT_E_BUSY, 0, "the server is stopping");
        return mt_exchange_queue(x);
    }
    mt_ctx_init(&own, NULL);
    __atomic_add_fetch(&x->holders, 1, __ATOMIC_RELAXED);
    mt_code code = mt_jobs_submit(&own, http->options.jobs, &x->job);
    if (code != MT_OK) {
        mt_exchange_problem(x, code, 0, own.err);
        mt_exchange_resume(x);
        mt_exchange_release(x);
    }
    mt_ctx_close(&own);
    return MHD_YES;
}

static enum MHD_Result go_on(mt_exchange *x)
{
    if (x->body_too_large) {
        mt_exchange_problem(x, MT_E_TOO_LARGE, 0, "the body is larger than this server takes");
        mt_exchange_close_after(x);
    }
    if (x->body_no_room) mt_exchange_problem(x, MT_E_BUSY, 0, "too many large bodies at once; try again");
    return mt_exchange_answered(x) ? mt_exchange_queue(x) : submit(x);
}

/* The library's own signature, longer than a function of this house. */
#define REQUEST_PARAMETERS                                                                                   \
    void *arg, struct MHD_Connection *connection, const char *url, const char *method, const char *version,  \
        const char *data, size_t *n, void **state

static enum MHD_Result on_request(REQUEST_PARAMETERS)
{
    mt_exchange *x = *state;
    (void)arg;
    if (!x) return MHD_NO;
    /* The target ends at a zero byte for the library; its line says how long it is. */
    if (!x->begun) x->torn = mt_exchange_is_old(x) && version != url + strlen(x->target) + 1;
    if (!x->begun) return begin_exchange(x, connection, method, version);
    if (*n == 0) return go_on(x);
    mt_guard_moved(x->http->guard, x->socket, *n);
    mt_exchange_take_body(x, data, *n);
    *n = 0;
    return x->body_used / 4 > x->http->options.limits.body_max ? MHD_NO : MHD_YES;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode how)
{
    mt_httpd *http = arg;
    mt_exchange *x = *state;
    (void)connection;
    (void)how;
    *state = NULL;
    if (!x) return;
    pthread_mutex_lock(&x->lock);
    x->gone = true;
    pthread_cond_signal(&x->moved);
    pthread_mutex_unlock(&x->lock);
    if (x->submitted) mt_jobs_cancel(http->options.jobs, &x->job);
    if (x->begun) {
        mt_guard_phase(http->guard, x->socket, MT_PHASE_IDLE, NULL);
        if (http->options.done) http->options.done(http->options.arg, x);
        touch(http);
        __atomic_sub_fetch(&http->running, 1, __ATOMIC_RELAXED);
    }
    mt_exchange_release(x);
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    mt_httpd *http = arg;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        mt_guard_remove(http->guard, *state);
        *state = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        http->api.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *state = info ? mt_guard_add(http->guard, info->connect_fd) : NULL;
}

/* Names and queries are taken apart by this house, from the target as it came. */
static size_t leave_escaped(void *arg, struct MHD_Connection *connection, char *text)
{
    (void)arg;
    (void)connection;
    return strlen(text);
}

static void drop_words(void *arg, const char *format, va_list values)
{
    (void)arg;
    (void)format;
    (void)values;
}

/* --- the port ---------------------------------------------------------------------------------------- */

static void set_usual(mt_httpd_limits *limits)
{
    if (!limits->connections_max) limits->connections_max = 1024;
    if (!limits->memory) limits->memory = 16 << 10;
    if (!limits->body_max) limits->body_max = 32 << 20;
    if (!limits->bodies_max) limits->bodies_max = 256 << 20;
    if (!limits->header_us) limits->header_us = 10 * 1000000;
    if (!limits->idle_us) limits->idle_us = 30 * 1000000;
    if (!limits->grace_us) limits->grace_us = 10 * 1000000;
    if (!limits->rate_min) limits->rate_min = 1024;
    if (!limits->spool_max) limits->spool_max = 1 << 30;
    if (!limits->stall_us) limits->stall_us = 60 * 1000000;
    if (!limits->left_us) limits->left_us = 30 * 1000000;
    if (!limits->work_us) limits->work_us = INT64_C(300) * 1000000;
}

static mt_code start(mt_ctx *cx, mt_httpd *http)
{
    const mt_httpd_limits *limits = &http->options.limits;
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, http->address.fd, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, limits->connections_max, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)limits->memory, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)begin_line, http},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_end, http},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
        {MHD_OPTION_END, 0, NULL}};
    http->daemon =
        http->api.MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER,
                                   drop_words, NULL, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (http->daemon) return MT_OK;
    return mt_fail(cx, MT_E_FAILED, "the HTTP library does not start at %s", http->address.text);
}

mt_code mt_httpd_open(mt_ctx *cx, mt_httpd **out, const mt_httpd_options *options)
{
    mt_httpd *http = calloc(1, sizeof *http);
    mt_code code;
    if (!http) return mt_fail(cx, MT_E_MEMORY, "no memory for a port");
    memcpy(&http->options, options,
           options->size < sizeof http->options ? options->size : sizeof http->options);
    http->address.fd = -1;
    set_usual(&http->options.limits);
    MT_TRY_OUT(mt_microhttpd_load(cx, &http->api));
    MT_TRY_OUT(mt_address_listen(cx, &http->address, options->listen, options->allow_public));
    MT_TRY_OUT(mt_guard_open(cx, &http->guard, &http->options));
    MT_TRY_OUT(start(cx, http));
    *out = http;
out:
    if (code != MT_OK) mt_httpd_close(http);
    return code;
}

/* Who is in the system's queue already has been let in as far as he knows. */
static void take_waiting(mt_httpd *http, int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_storage room;
    } from;
    socklen_t size = sizeof from;
    int one;
    while ((one = accept4(fd, &from.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (http->api.MHD_add_connection(http->daemon, one, &from.any, size) != MHD_YES) close(one);
        size = sizeof from;
    }
}

void mt_httpd_drain(mt_httpd *http)
{
    __atomic_store_n(&http->draining, true, __ATOMIC_RELAXED);
    touch(http);
    int fd = http->api.MHD_quiesce_daemon(http->daemon);
    if (fd < 0) return;
    nanosleep(&(struct timespec){0, STEP_NS}, NULL); /* the network thread lets go of it */
    take_waiting(http, fd);
    close(fd);
    http->address.fd = -1;
}

bool mt_httpd_quiet(mt_httpd *http)
{
    int64_t last_us = __atomic_load_n(&http->last_us, __ATOMIC_RELAXED);
    if (__atomic_load_n(&http->running, __ATOMIC_RELAXED) > 0) return false;
    return mt_guard_sockets(http->guard) == 0 || mt_guard_now_us(http->guard) - last_us > QUIET_US;
}

/* The library must not be stopped while connections wait for a worker. */
static void stop(mt_httpd *http)
{
    mt_httpd_drain(http);
    __atomic_store_n(&http->closing, true, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&http->suspended, __ATOMIC_SEQ_CST) > 0) {
        mt_jobs_cancel_all(http->options.jobs);
        nanosleep(&(struct timespec){0, STEP_NS}, NULL);
    }
    http->api.MHD_stop_daemon(http->daemon);
    /* Workers may still hold exchanges that the network thread has given up. */
    while (!mt_jobs_idle(http->options.jobs, STEP_NS / 1000)) mt_jobs_cancel_all(http->options.jobs);
}

void mt_httpd_close(mt_httpd *http)
{
    if (!http) return;
    if (http->daemon) stop(http);
    if (http->address.fd >= 0) close(http->address.fd);
    mt_guard_close(http->guard);
    mt_microhttpd_unload(&http->api);
    free(http);
}

const char *mt_httpd_address(const mt_httpd *http)
{
    return http->address.text;
}

bool mt_httpd_is_local(const mt_httpd *http)
{
    return http->address.loopback;
}

int mt_httpd_connections(mt_httpd *http)
{
    return mt_guard_sockets(http->guard);
}
