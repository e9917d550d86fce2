/* The answer on its way: from memory at once, or from a file that a worker still writes. */
#include "server/http/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AHEAD_MAX = 8 << 20, PUNCH = 1 << 20, PIECE = 64 << 10, SLICE_MS = 100 };

/* Who closes the port sets `closing` and then waits for `suspended`; here it is the other way round, so that
 * one of the two sees the other. */
bool mt_exchange_suspend(mt_exchange *x, mt_job *job)
{
    __atomic_add_fetch(&x->http->suspended, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&x->http->closing, __ATOMIC_SEQ_CST)) {
        __atomic_sub_fetch(&x->http->suspended, 1, __ATOMIC_SEQ_CST);
        return false;
    }
    mt_guard_phase(x->http->guard, x->socket, MT_PHASE_WORK, job);
    x->http->api.MHD_suspend_connection(x->connection);
    return true;
}

void mt_exchange_resume(mt_exchange *x)
{
    mt_guard_phase(x->http->guard, x->socket, MT_PHASE_SEND, NULL);
    x->http->api.MHD_resume_connection(x->connection);
    __atomic_sub_fetch(&x->http->suspended, 1, __ATOMIC_SEQ_CST);
}

/* Memory of what was sent is given back, a piece at a time. */
static void punch(mt_exchange *x, uint64_t upto)
{
    uint64_t whole = upto / PUNCH * PUNCH;
    if (whole <= x->punched) return;
    fallocate(x->stream_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)x->punched,
              (off_t)(whole - x->punched));
    __atomic_sub_fetch(&x->http->spooled, whole - x->punched, __ATOMIC_RELAXED);
    x->punched = whole;
}

/* What to do at this place of the stream: bytes to read, or one of the library's signs. */
static ssize_t decide(mt_exchange *x, uint64_t at, size_t most)
{
    pthread_mutex_lock(&x->lock);
    ssize_t n = 0;
    if (x->upto > at) {
        n = x->upto - at < most ? (ssize_t)(x->upto - at) : (ssize_t)most;
    } else if (x->ended) {
        n = x->whole ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
    } else {
        x->starving = mt_exchange_suspend(x, &x->job);
        if (!x->starving) n = MHD_CONTENT_READER_END_WITH_ERROR;
    }
    pthread_mutex_unlock(&x->lock);
    return n;
}

static ssize_t read_stream(void *arg, uint64_t at, char *to, size_t most)
{
    mt_exchange *x = arg;
    ssize_t n = decide(x, at, most);
    if (n <= 0) return n;
    n = pread(x->stream_fd, to, (size_t)n, (off_t)at);
    if (n <= 0) return MHD_CONTENT_READER_END_WITH_ERROR;
    mt_guard_moved(x->http->guard, x->socket, (size_t)n);
    punch(x, at);
    pthread_mutex_lock(&x->lock);
    x->read = at + (uint64_t)n;
    pthread_cond_signal(&x->moved);
    pthread_mutex_unlock(&x->lock);
    return n;
}

static struct MHD_Response *make_response(mt_exchange *x)
{
    const mt_microhttpd *api = &x->http->api;
    if (x->streaming)
        return api->MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_stream, x, NULL);
    return api->MHD_create_response_from_buffer(x->text.length, (void *)(uintptr_t)x->text.at,
                                                MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result mt_exchange_queue(mt_exchange *x)
{
    const mt_microhttpd *api = &x->http->api;
    struct MHD_Response *response = make_response(x);
    if (!response) return MHD_NO;
    bool closing = x->close_after || __atomic_load_n(&x->http->draining, __ATOMIC_RELAXED);
    if (x->type) api->MHD_add_response_header(response, "Content-Type", x->type);
    api->MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (closing) api->MHD_add_response_header(response, "Connection", "close");
    for (size_t k = 0; k < x->n_set; k++)
        api->MHD_add_response_header(response, x->set[k].name, x->set[k].value);
    mt_guard_phase(x->http->guard, x->socket, MT_PHASE_SEND, NULL);
    enum MHD_Result queued = api->MHD_queue_response(x->connection, (unsigned)x->status, response);
    api->MHD_destroy_response(response);
    return queued;
}

/* --- the worker's side ------------------------------------------------------------------------------- */

void mt_exchange_stream(mt_exchange *x, int status, const char *type, int fd)
{
    mt_exchange_answer(x, status, type, (mt_text){"", 0});
    x->stream_fd = fd;
    x->streaming = true;
    mt_exchange_resume(x);
}

static void wait_moved(mt_exchange *x)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)SLICE_MS * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&x->moved, &x->lock, &until);
}

/* Called with the lock held: who waits for bytes may go on. */
static void feed(mt_exchange *x)
{
    if (!x->starving || x->gone) return;
    x->starving = false;
    mt_exchange_resume(x);
}

/* Called with the lock held. */
static void count_upto(mt_exchange *x, uint64_t upto)
{
    if (upto <= x->upto) return;
    __atomic_add_fetch(&x->http->spooled, upto - x->upto, __ATOMIC_RELAXED);
    x->upto = upto;
}

/* Called with the lock held. A little is always let ahead, or streams would starve each other. */
static bool must_wait(const mt_exchange *x)
{
    return !x->gone && x->upto - x->read > AHEAD_MAX &&
           __atomic_load_n(&x->http->spooled, __ATOMIC_RELAXED) > x->http->options.limits.spool_max;
}

/* Called with the lock held. A worker is too dear to stand behind a reader who takes a byte now and then. */
static mt_code wait_for_reader(mt_exchange *x)
{
    int64_t stall_us = x->http->options.limits.stall_us;
    int64_t until_us = mt_guard_now_us(x->http->guard) + stall_us;
    uint64_t from = x->read;
    mt_code code = MT_OK;
    while (code == MT_OK && must_wait(x)) {
        wait_moved(x);
        code = mt_ctx_check(&x->cx);
        int64_t now_us = mt_guard_now_us(x->http->guard);
        if (x->read - from >= PUNCH) {
            from = x->read;
            until_us = now_us + stall_us;
        } else if (code == MT_OK && now_us > until_us) {
            code = mt_fail(&x->cx, MT_E_CANCELLED, "the reader of the answer takes next to nothing");
        }
    }
    return code;
}

mt_code mt_exchange_stream_upto(mt_exchange *x, uint64_t upto)
{
    pthread_mutex_lock(&x->lock);
    count_upto(x, upto);
    if (x->upto > x->read) feed(x);
    mt_code code = wait_for_reader(x);
    bool gone = x->gone;
    pthread_mutex_unlock(&x->lock);
    return gone ? mt_fail(&x->cx, MT_E_CANCELLED, "the reader of the answer is gone") : code;
}

void mt_exchange_stream_end(mt_exchange *x, uint64_t upto, bool whole)
{
    pthread_mutex_lock(&x->lock);
    count_upto(x, upto);
    x->ended = true;
    x->whole = whole;
    feed(x);
    pthread_mutex_unlock(&x->lock);
}
