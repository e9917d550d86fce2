/* A list of sockets and a thread that looks through it. */
#include "server/http/guard.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOK_MS = 200 };

struct mt_guarded {
    int fd;
    mt_phase phase;
    bool kept;      /* an answer was sent on it before */
    int64_t due_us; /* when it is late; BODY and SEND: each byte moves it on, at most grace_us ahead */
    mt_job *job;
    int64_t half_us; /* when the other side said that no more comes; 0: it did not */
    struct mt_guarded *previous, *next;
};

struct mt_guard {
    const mt_httpd_options *options;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t thread;
    bool closing;
    mt_guarded *first;
    int n;
    mt_metric *shown, *shut;
};

static int64_t system_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t mt_guard_now_us(const mt_guard *guard)
{
    const mt_httpd_options *o = guard->options;
    return o->monotonic_us ? o->monotonic_us(o->clock_arg) : system_us();
}

/* What a phase is allowed before its first byte. */
static int64_t allowance(const mt_guard *guard, const mt_guarded *socket)
{
    const mt_httpd_limits *limits = &guard->options->limits;
    switch (socket->phase) {
    case MT_PHASE_IDLE:
        return socket->kept ? limits->idle_us : limits->header_us;
    case MT_PHASE_WORK:
        return INT64_MAX / 2;
    default:
        return limits->grace_us;
    }
}

/* Called with the lock held. The library sees the end of the connection and cleans up. */
static void shut_late(mt_guard *guard)
{
    int64_t now_us = mt_guard_now_us(guard);
    for (mt_guarded *socket = guard->first; socket; socket = socket->next) {
        if (socket->fd < 0 || now_us < socket->due_us) continue;
        shutdown(socket->fd, SHUT_RDWR);
        socket->fd = -1;
        mt_metric_add(guard->shut, 1);
    }
}

/* Called with the lock held. Who says that no more comes may wait for his answer (nc -N), or have left: the
 * system does not tell one from the other, so he gets some time. */
static bool has_left(const mt_guard *guard, mt_guarded *socket)
{
    struct pollfd wanted = {.fd = socket->fd, .events = POLLRDHUP};
    if (poll(&wanted, 1, 0) <= 0) return false;
    if (wanted.revents & (POLLHUP | POLLERR)) return true;
    if (!(wanted.revents & POLLRDHUP)) return false;
    int64_t now_us = mt_guard_now_us(guard);
    if (!socket->half_us) socket->half_us = now_us;
    return now_us - socket->half_us >= guard->options->limits.left_us;
}

/* Called with the lock held. The library does not look at a connection that waits for us. */
static void cancel_left(mt_guard *guard)
{
    for (mt_guarded *socket = guard->first; socket; socket = socket->next) {
        if (socket->phase != MT_PHASE_WORK || !socket->job || socket->fd < 0) continue;
        if (!has_left(guard, socket)) continue;
        mt_jobs_cancel(guard->options->jobs, socket->job);
        socket->job = NULL;
    }
}

static void *watch(void *arg)
{
    mt_guard *guard = arg;
    struct timespec next;
    pthread_mutex_lock(&guard->lock);
    while (!guard->closing) {
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_nsec += (long)LOOK_MS * 1000000;
        if (next.tv_nsec >= 1000000000) next.tv_sec++, next.tv_nsec -= 1000000000;
        pthread_cond_timedwait(&guard->stop, &guard->lock, &next);
        shut_late(guard);
        cancel_left(guard);
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

mt_code mt_guard_open(mt_ctx *cx, mt_guard **out, const mt_httpd_options *options)
{
    mt_guard *guard = calloc(1, sizeof *guard);
    pthread_condattr_t how;
    if (!guard) return mt_fail(cx, MT_E_MEMORY, "no memory for the watch over connections");
    guard->options = options;
    guard->shown = mt_metric_gauge(options->metrics, "merit_http_connections", "Open connections", NULL);
    guard->shut = mt_metric_counter(options->metrics, "merit_http_slow_connections_total",
                                    "Connections that were shut because they were too slow", NULL);
    pthread_mutex_init(&guard->lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&guard->stop, &how);
    pthread_condattr_destroy(&how);
    if (pthread_create(&guard->thread, NULL, watch, guard) != 0) {
        free(guard);
        return mt_fail(cx, MT_E_FAILED, "the system starts no thread to watch connections");
    }
    *out = guard;
    return MT_OK;
}

void mt_guard_close(mt_guard *guard)
{
    if (!guard) return;
    pthread_mutex_lock(&guard->lock);
    guard->closing = true;
    pthread_cond_signal(&guard->stop);
    pthread_mutex_unlock(&guard->lock);
    pthread_join(guard->thread, NULL);
    pthread_cond_destroy(&guard->stop);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}

mt_guarded *mt_guard_add(mt_guard *guard, int fd)
{
    mt_guarded *socket = calloc(1, sizeof *socket);
    if (!socket) return NULL;
    socket->fd = fd;
    socket->due_us = mt_guard_now_us(guard) + allowance(guard, socket);
    pthread_mutex_lock(&guard->lock);
    socket->next = guard->first;
    if (guard->first) guard->first->previous = socket;
    guard->first = socket;
    mt_metric_set(guard->shown, ++guard->n);
    pthread_mutex_unlock(&guard->lock);
    return socket;
}

void mt_guard_remove(mt_guard *guard, mt_guarded *socket)
{
    if (!socket) return;
    pthread_mutex_lock(&guard->lock);
    if (socket->previous) socket->previous->next = socket->next;
    if (socket->next) socket->next->previous = socket->previous;
    if (guard->first == socket) guard->first = socket->next;
    mt_metric_set(guard->shown, --guard->n);
    pthread_mutex_unlock(&guard->lock);
    free(socket);
}

void mt_guard_phase(mt_guard *guard, mt_guarded *socket, mt_phase phase, mt_job *job)
{
    if (!socket) return;
    int64_t now_us = mt_guard_now_us(guard);
    pthread_mutex_lock(&guard->lock);
    socket->kept = socket->kept || (phase == MT_PHASE_IDLE && socket->phase != MT_PHASE_IDLE);
    socket->phase = phase;
    socket->due_us = now_us + allowance(guard, socket);
    socket->job = job;
    pthread_mutex_unlock(&guard->lock);
}

void mt_guard_moved(mt_guard *guard, mt_guarded *socket, size_t bytes)
{
    if (!socket) return;
    const mt_httpd_limits *limits = &guard->options->limits;
    int64_t most_us = mt_guard_now_us(guard) + limits->grace_us;
    int64_t more_us = (int64_t)(bytes * 1000000 / (uint64_t)limits->rate_min);
    pthread_mutex_lock(&guard->lock);
    socket->due_us = socket->due_us + more_us < most_us ? socket->due_us + more_us : most_us;
    pthread_mutex_unlock(&guard->lock);
}

int mt_guard_sockets(mt_guard *guard)
{
    pthread_mutex_lock(&guard->lock);
    int n = guard->n;
    pthread_mutex_unlock(&guard->lock);
    return n;
}
