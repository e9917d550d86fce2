/* A file in memory, then on disk, and the one who empties it. */
#include "server/pump.h"

#include "server/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_MAX = 1 << 20, AHEAD_MAX = 8 << 20, PUNCH = 1 << 20, LOOK_MS = 100, STALL_LOOKS = 600 };
enum { HELD_MAX = 1 << 30 };

struct mt_pump {
    int fd, pipe;
    const int *dropped;
    uint64_t *held;
    pthread_mutex_t lock; /* of what follows, once there is a thread */
    pthread_cond_t moved;
    uint64_t upto, sent, punched;
    bool on_disk, threaded, ended, gone;
    void (*done)(void *arg);
    void *arg;
};

mt_code mt_pump_open(mt_ctx *cx, mt_pump **out, int pipe, const int *dropped, uint64_t *held)
{
    mt_pump *pump = calloc(1, sizeof *pump);
    pthread_condattr_t how;
    if (!pump) return mt_fail(cx, MT_E_MEMORY, "no memory for a result's way");
    pump->fd = memfd_create("merit-result", MFD_CLOEXEC);
    if (pump->fd < 0) {
        free(pump);
        return mt_fail(cx, MT_E_BUSY, "no file in memory can be made for the result");
    }
    pump->pipe = pipe;
    pump->dropped = dropped;
    pump->held = held;
    pthread_mutex_init(&pump->lock, NULL);
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&pump->moved, &how);
    pthread_condattr_destroy(&how);
    *out = pump;
    return MT_OK;
}

int mt_pump_fd(const mt_pump *pump)
{
    return pump->fd;
}

static void finish(mt_pump *pump)
{
    void (*done)(void *) = pump->done;
    void *arg = pump->arg;
    __atomic_sub_fetch(pump->held, pump->upto - pump->punched, __ATOMIC_RELAXED);
    close(pump->fd);
    pthread_cond_destroy(&pump->moved);
    pthread_mutex_destroy(&pump->lock);
    free(pump);
    done(arg);
}

/* As much as the pipe takes now; false when its reader is gone. Only `sent` and `punched` change, which
 * belong to the one who sends. */
static bool send_some(mt_pump *pump, uint64_t upto, uint64_t *sent)
{
    char bytes[64 << 10];
    while (*sent < upto) {
        size_t most = upto - *sent < sizeof bytes ? (size_t)(upto - *sent) : sizeof bytes;
        ssize_t got = pread(pump->fd, bytes, most, (off_t)*sent);
        if (got <= 0) return false;
        ssize_t took = write(pump->pipe, bytes, (size_t)got);
        if (took < 0 && errno == EINTR) continue;
        if (took < 0) return errno == EAGAIN;
        *sent += (uint64_t)took;
    }
    return true;
}

/* Called with the lock held. */
static void punch(mt_pump *pump)
{
    uint64_t whole = pump->sent / PUNCH * PUNCH;
    if (whole <= pump->punched) return;
    fallocate(pump->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)pump->punched,
              (off_t)(whole - pump->punched));
    __atomic_sub_fetch(pump->held, whole - pump->punched, __ATOMIC_RELAXED);
    pump->punched = whole;
}

/* Called with the lock held. */
static void wait_moved(mt_pump *pump)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)LOOK_MS * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&pump->moved, &pump->lock, &until);
}

/* Called with the lock held, which is open while the pipe is waited for. */
static void step(mt_pump *pump)
{
    uint64_t upto = pump->upto, sent = pump->sent;
    struct pollfd wanted = {.fd = pump->pipe, .events = POLLOUT};
    if (sent == upto) {
        wait_moved(pump);
        return;
    }
    pthread_mutex_unlock(&pump->lock);
    poll(&wanted, 1, LOOK_MS);
    bool there = send_some(pump, upto, &sent);
    pthread_mutex_lock(&pump->lock);
    pump->sent = sent;
    punch(pump);
    pump->gone = pump->gone || !there || __atomic_load_n(pump->dropped, __ATOMIC_ACQUIRE);
    pthread_cond_signal(&pump->moved);
}

static void *bring(void *arg)
{
    mt_pump *pump = arg;
    pthread_mutex_lock(&pump->lock);
    while (!pump->ended || (!pump->gone && pump->sent < pump->upto)) {
        if (pump->gone)
            wait_moved(pump);
        else
            step(pump);
    }
    pthread_mutex_unlock(&pump->lock);
    finish(pump);
    return NULL;
}

/* Called with the lock held. False: no thread is to be had. */
static bool start_thread(mt_pump *pump)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, bring, pump) != 0) return false;
    pthread_detach(thread);
    pump->threaded = true;
    return true;
}

/* Called with the lock held. */
static void count_written(mt_pump *pump)
{
    off_t at = lseek(pump->fd, 0, SEEK_CUR);
    if (at < 0 || (uint64_t)at <= pump->upto) return;
    __atomic_add_fetch(pump->held, (uint64_t)at - pump->upto, __ATOMIC_RELAXED);
    pump->upto = (uint64_t)at;
    if (!pump->on_disk && pump->upto > MEMORY_MAX) {
        mt_server_spool_move(pump->fd); /* else it stays in memory */
        pump->on_disk = true;
    }
}

/* Called with the lock held. */
static void push(mt_pump *pump)
{
    count_written(pump);
    if (pump->threaded) {
        pthread_cond_signal(&pump->moved);
        return;
    }
    if (!pump->gone) pump->gone = !send_some(pump, pump->upto, &pump->sent);
    punch(pump);
    if (!pump->gone && pump->sent < pump->upto && !start_thread(pump)) pump->gone = true;
}

static bool is_full(const mt_pump *pump)
{
    return !pump->gone && pump->upto - pump->sent > AHEAD_MAX &&
           __atomic_load_n(pump->held, __ATOMIC_RELAXED) > HELD_MAX;
}

mt_code mt_pump_moved(mt_ctx *cx, mt_pump *pump)
{
    mt_code code = MT_OK;
    int looks = 0;
    pthread_mutex_lock(&pump->lock);
    push(pump);
    uint64_t from = pump->sent;
    while (code == MT_OK && is_full(pump)) {
        wait_moved(pump);
        code = mt_ctx_check(cx);
        if (pump->sent - from >= PUNCH)
            from = pump->sent, looks = 0;
        else if (code == MT_OK && ++looks > STALL_LOOKS)
            code = mt_fail(cx, MT_E_CANCELLED, "the reader of the result takes next to nothing");
    }
    bool gone = pump->gone;
    pthread_mutex_unlock(&pump->lock);
    return gone ? mt_fail(cx, MT_E_CANCELLED, "the reader of the result is gone") : code;
}

void mt_pump_end(mt_pump *pump, void (*done)(void *arg), void *arg)
{
    pthread_mutex_lock(&pump->lock);
    pump->done = done;
    pump->arg = arg;
    push(pump);
    pump->ended = true;
    bool threaded = pump->threaded;
    pthread_cond_signal(&pump->moved);
    pthread_mutex_unlock(&pump->lock);
    if (!threaded) finish(pump);
}
