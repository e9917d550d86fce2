/* A file as a stream: one message a line, read while it grows, cut or replaced. */
#include "stream/file/tail.h"

#include "stream/clock.h"
#include "stream/file/identity.h"
#include "stream/file/window.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MESSAGES = 32768, SLICE_US = 20000, QUIET_US = 200000 };

typedef struct tail {
    mt_stream base;
    char *path, *real;
    const char *topic; /* inside path */
    mt_stream_events events;
    bool until_end, absent_logged;
    int fd, watch; /* -1: none */
    struct stat opened;
    int64_t part;        /* -1: not known yet, and not assigned */
    bool cut;            /* its next assignment begins at 0, whatever was kept of it */
    int64_t replaced_at; /* monotonic; 0: the path still leads to the opened file */
    mt_window window;
    mt_message *message; /* MESSAGES of them; topic and part are set when a file is opened */
    mt_metric *lag;
} tail;

/* --- opening ----------------------------------------------------------------------------------------- */

/* The folder's real path and the name: it stays the same when a link is turned to another file. */
static mt_code find_real_path(mt_ctx *cx, tail *t)
{
    const char *slash = strrchr(t->path, '/'), *folder = ".";
    if (slash) MT_TRY(mt_text_copy(cx, &folder, (mt_text){t->path, (size_t)(slash - t->path) + 1}));
    char *real = realpath(folder, NULL);
    if (!real)
        return mt_fail(cx, errno == ENOENT ? MT_E_ABSENT : MT_E_IO, "cannot read the folder of %s: %s",
                       t->path, strerror(errno));
    int n = asprintf(&t->real, "%s/%s", strcmp(real, "/") == 0 ? "" : real, t->topic);
    free(real);
    if (n < 0) t->real = NULL;
    return n < 0 ? mt_fail(cx, MT_E_MEMORY, "memory ran out while %s was opened", t->path) : MT_OK;
}

static mt_code check_options(mt_ctx *cx, const mt_stream_options *options, const char *path)
{
    if (options->n_topic > 0)
        return mt_fail(cx, MT_E_INPUT, "topic %s is named, but a file has no topics: leave it out",
                       options->topic[0]);
    if (options->settings_path)
        return mt_fail(cx, MT_E_INPUT, "a settings file is named, but a file stream has no settings");
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return mt_fail(cx, MT_E_INPUT, "%s is no plain file: a stream needs one to know its place in it",
                       path);
    if (options->until_end && access(path, F_OK) != 0)
        return mt_fail(cx, MT_E_ABSENT, "cannot read %s: %s", path, strerror(errno));
    return MT_OK;
}

static mt_code fill_tail(mt_ctx *cx, tail *t, const mt_stream_options *options)
{
    const char *group, *topic, *label;
    t->path = strdup(options->url + strlen(t->base.backend->prefix));
    t->message = calloc(MESSAGES, sizeof *t->message);
    if (!t->path || !t->message)
        return mt_fail(cx, MT_E_MEMORY, "memory ran out while %s was opened", options->url);
    const char *slash = strrchr(t->path, '/');
    t->topic = slash ? slash + 1 : t->path;
    t->events = options->events;
    t->until_end = options->until_end;
    MT_TRY(check_options(cx, options, t->path));
    MT_TRY(find_real_path(cx, t));
    MT_TRY(mt_window_open(cx, &t->window, options->queue_bytes));
    MT_TRY(mt_metric_label(cx, &group, "group", options->group ? options->group : "merit"));
    MT_TRY(mt_metric_label(cx, &topic, "topic", t->topic));
    MT_TRY(mt_text_format(cx, &label, "%s,%s", group, topic));
    t->lag =
        mt_metric_gauge(options->metrics, "merit_stream_lag_bytes", "Bytes of the file not yet read.", label);
    t->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC); /* -1: growth is seen at the next look */
    return MT_OK;
}

mt_code mt_tail_open(mt_ctx *cx, mt_stream **out, const mt_stream_options *options,
                     const mt_stream_backend *backend)
{
    tail *t = calloc(1, sizeof *t);
    if (!t) return mt_fail(cx, MT_E_MEMORY, "memory ran out while %s was opened", options->url);
    t->base.backend = backend;
    t->fd = t->watch = -1;
    t->part = -1;
    mt_code code = fill_tail(cx, t, options);
    if (code == MT_OK) {
        *out = &t->base;
    } else {
        mt_tail_close(&t->base);
    }
    return code;
}

void mt_tail_close(mt_stream *stream)
{
    tail *t = (tail *)stream;
    if (t->fd >= 0) close(t->fd);
    if (t->watch >= 0) close(t->watch);
    mt_window_close(&t->window);
    free(t->message);
    free(t->real);
    free(t->path);
    free(t);
}

/* --- whose the file is, and where reading goes on ------------------------------------------------------ */

static char byte_at(const tail *t, int64_t position)
{
    char byte = '\n';
    return pread(t->fd, &byte, 1, position) == 1 ? byte : '\n';
}

static int64_t find_line_start(const tail *t, int64_t position)
{
    while (position > 0 && byte_at(t, position - 1) != '\n') position--;
    return position;
}

/* A kept position that does not fit the file any more; see the header. */
static int64_t mend_position(mt_ctx *cx, const tail *t, int64_t next)
{
    struct stat st;
    if (next == MT_POSITION_START || next < 0 || fstat(t->fd, &st) != 0) return 0;
    if (next > st.st_size) {
        mt_log(cx, MT_LOG_WARN,
               "%s was cut to %lld bytes and had been read to byte %lld: reads on from its start", t->path,
               (long long)st.st_size, (long long)next);
        return 0;
    }
    if (next == 0 || next == st.st_size || byte_at(t, next - 1) == '\n') return next;
    if (byte_at(t, next) == '\n') return next + 1; /* only its line feed was missing */
    int64_t start = find_line_start(t, next);
    mt_log(cx, MT_LOG_WARN,
           "%s had been read to byte %lld, inside a line: that line is read again, from byte %lld", t->path,
           (long long)next, (long long)start);
    return start;
}

static void set_part(tail *t, int64_t part)
{
    t->part = part;
    for (size_t k = 0; k < MESSAGES; k++)
        t->message[k] = (mt_message){.topic = mt_text_of(t->topic), .part = part};
}

static bool is_replaced(const tail *t)
{
    struct stat st;
    return stat(t->path, &st) == 0 && (st.st_ino != t->opened.st_ino || st.st_dev != t->opened.st_dev);
}

/* MT_OK with part -1: it is too early to say which file it is. A file that nobody adds to any more is what
 * it is. */
static mt_code assign_part(mt_ctx *cx, tail *t)
{
    int64_t part;
    MT_TRY(mt_file_identity(cx, &part, t->fd, t->path, t->until_end || is_replaced(t)));
    if (part < 0) return MT_OK;
    mt_position position = {t->topic, part, MT_POSITION_START};
    if (t->events.assigned) MT_TRY(t->events.assigned(cx, t->events.arg, &position, 1));
    mt_window_set(&t->window, t->cut ? 0 : mend_position(cx, t, position.next));
    set_part(t, part);
    t->cut = false;
    return MT_OK;
}

static mt_code revoke_part(mt_ctx *cx, tail *t)
{
    mt_position position = {t->topic, t->part, mt_window_at(&t->window)};
    if (t->part < 0) return MT_OK;
    t->part = -1;
    return t->events.revoked ? t->events.revoked(cx, t->events.arg, &position, 1, false) : MT_OK;
}

static void watch_growth(tail *t)
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", t->fd);
    if (t->watch >= 0 && inotify_add_watch(t->watch, link, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF) < 0) {
        close(t->watch);
        t->watch = -1;
    }
}

/* MT_OK with fd -1: there is no file at the path now. */
static mt_code open_file(mt_ctx *cx, tail *t)
{
    int fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        if (!t->absent_logged) mt_log(cx, MT_LOG_WARN, "%s is not there: waiting for it", t->path);
        t->absent_logged = true;
        return MT_OK;
    }
    if (fd < 0 || fstat(fd, &t->opened) != 0) {
        int reason = errno;
        if (fd >= 0) close(fd);
        return mt_fail(cx, MT_E_IO, "cannot read %s: %s", t->path, strerror(reason));
    }
    if (!S_ISREG(t->opened.st_mode)) {
        close(fd);
        return mt_fail(cx, MT_E_INPUT, "%s is no plain file any more", t->path);
    }
    t->fd = fd;
    t->replaced_at = 0;
    t->absent_logged = t->cut = false;
    mt_window_set(&t->window, 0);
    watch_growth(t);
    mt_code code = assign_part(cx, t);
    if (code != MT_OK) {
        close(t->fd);
        t->fd = -1;
    }
    return code;
}

/* --- reading ----------------------------------------------------------------------------------------- */

static void set_lag(tail *t)
{
    if (t->lag) mt_metric_set(t->lag, (double)mt_tail_lag(&t->base));
}

static bool is_cut(const tail *t)
{
    struct stat st;
    return fstat(t->fd, &st) == 0 && st.st_size < mt_window_end(&t->window);
}

/* What was kept of it is about bytes that are gone, even where the file is longer again. */
static mt_code start_over(mt_ctx *cx, tail *t)
{
    mt_log(cx, MT_LOG_WARN, "%s was cut and had been read to byte %lld: reads on from its start", t->path,
           (long long)mt_window_end(&t->window));
    MT_TRY(revoke_part(cx, t));
    t->cut = true;
    mt_window_set(&t->window, 0);
    return assign_part(cx, t);
}

/* At the end of the file: was it cut or replaced? *n 1 when its last line is to be delivered first. */
static mt_code look_around(mt_ctx *cx, tail *t, size_t *n)
{
    if (is_cut(t)) return start_over(cx, t);
    if (!is_replaced(t)) {
        t->replaced_at = 0;
        return MT_OK;
    }
    int64_t now = mt_stream_monotonic_us();
    if (!t->replaced_at) t->replaced_at = now;
    if (now - t->replaced_at < QUIET_US) return MT_OK; /* its writer may not have noticed yet */
    if (mt_window_rest(&t->window, t->message)) {
        *n = 1;
        return MT_OK;
    }
    mt_log(cx, MT_LOG_INFO, "%s was replaced: the old file is read to its end", t->path);
    MT_TRY(revoke_part(cx, t));
    close(t->fd);
    t->fd = -1;
    return open_file(cx, t);
}

/* Lines from what is in hand and what can be read at once. *n 0: none; *quiet: nothing could be read. */
static mt_code read_lines(mt_ctx *cx, tail *t, size_t *n, size_t max, bool *quiet)
{
    size_t got = 0;
    *quiet = false;
    *n = mt_window_lines(&t->window, t->message, max);
    if (*n > 0) return MT_OK;
    MT_TRY(mt_window_fill(cx, &t->window, &got, t->fd, t->path));
    if (got > 0 && t->replaced_at) t->replaced_at = mt_stream_monotonic_us();
    *quiet = got == 0;
    return MT_OK;
}

static void wait_for_growth(tail *t, int64_t wait_us)
{
    char event[4096];
    struct pollfd wanted = {.fd = t->watch, .events = POLLIN};
    int64_t slice = wait_us < SLICE_US ? wait_us : SLICE_US;
    if (poll(&wanted, 1, (int)((slice + 999) / 1000)) > 0) {
        while (read(t->watch, event, sizeof event) > 0) continue;
    }
}

static mt_code read_once(mt_ctx *cx, tail *t, mt_messages *out, size_t max, bool *quiet)
{
    *quiet = true;
    if (t->fd < 0) {
        MT_TRY(open_file(cx, t));
        if (t->fd < 0) return MT_OK;
    }
    if (t->part < 0) MT_TRY(assign_part(cx, t));
    if (t->part < 0) return look_around(cx, t, &out->n);
    MT_TRY(read_lines(cx, t, &out->n, max, quiet));
    if (!*quiet) return MT_OK;
    if (!t->until_end) return look_around(cx, t, &out->n);
    if (mt_window_rest(&t->window, t->message)) {
        out->n = 1;
    } else {
        out->end = true;
    }
    return MT_OK;
}

mt_code mt_tail_poll(mt_ctx *cx, mt_stream *stream, mt_messages *out, size_t max, int64_t wait_us)
{
    tail *t = (tail *)stream;
    bool quiet;
    int64_t until = mt_stream_monotonic_us() + wait_us;
    out->at = t->message;
    for (;;) {
        MT_TRY(read_once(cx, t, out, max < MESSAGES ? max : MESSAGES, &quiet));
        if (out->n > 0 || out->end) break;
        if (!quiet) continue;
        int64_t left = until - mt_stream_monotonic_us();
        if (left <= 0) break;
        MT_TRY(mt_ctx_check(cx));
        wait_for_growth(t, left);
    }
    set_lag(t);
    return MT_OK;
}

mt_code mt_tail_seek(mt_ctx *cx, mt_stream *stream, const mt_position *position)
{
    tail *t = (tail *)stream;
    if (t->fd < 0 || strcmp(position->topic, t->topic) != 0 || t->part < 0 || position->part != t->part)
        return mt_fail(cx, MT_E_INPUT, "%s: part %lld of %s is not the file that is read", t->path,
                       (long long)position->part, position->topic);
    mt_window_set(&t->window, mend_position(cx, t, position->next));
    return MT_OK;
}

int64_t mt_tail_lag(mt_stream *stream)
{
    const tail *t = (const tail *)stream;
    struct stat st;
    if (t->fd < 0 || fstat(t->fd, &st) != 0) return -1;
    int64_t lag = st.st_size - mt_window_at(&t->window);
    return lag > 0 ? lag : 0;
}

mt_code mt_tail_title(mt_ctx *cx, mt_stream *stream, const char **out)
{
    return mt_text_format(cx, out, "file:%s", ((const tail *)stream)->real);
}

mt_stream_state mt_tail_state(const mt_stream *stream)
{
    const tail *t = (const tail *)stream;
    if (t->fd >= 0) return MT_STREAM_RUNNING;
    return t->absent_logged ? MT_STREAM_AWAY : MT_STREAM_STARTING;
}
