/* A moving window over a file that grows: large reads, whole lines, no copies. */
#include "stream/file/window.h"

#include "stream/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 2 << 20 };

mt_code mt_window_open(mt_ctx *cx, mt_window *window, uint64_t line_max)
{
    memset(window, 0, sizeof *window);
    window->line_max = line_max > READ_BYTES ? (size_t)line_max : READ_BYTES;
    window->room = READ_BYTES;
    window->buffer = malloc(window->room);
    if (!window->buffer) return mt_fail(cx, MT_E_MEMORY, "no memory for a window of %zu bytes", window->room);
    return MT_OK;
}

void mt_window_close(mt_window *window)
{
    free(window->buffer);
    window->buffer = NULL;
}

void mt_window_set(mt_window *window, int64_t offset)
{
    window->offset = offset;
    window->begin = window->scanned = window->filled = 0;
}

/* Room for more: what was given out is dropped; a line as long as the window gets a larger one. */
static mt_code make_room(mt_ctx *cx, mt_window *window, const char *path)
{
    if (window->begin > 0) {
        memmove(window->buffer, window->buffer + window->begin, window->filled - window->begin);
        window->offset += (int64_t)window->begin;
        window->filled -= window->begin;
        window->scanned -= window->begin;
        window->begin = 0;
    }
    if (window->filled < window->room) return MT_OK;
    if (window->room >= window->line_max)
        return mt_fail(cx, MT_E_TOO_LARGE, "%s: the line at byte %lld is longer than %zu bytes", path,
                       (long long)window->offset, window->line_max);
    size_t room = window->room * 2 < window->line_max ? window->room * 2 : window->line_max;
    char *buffer = realloc(window->buffer, room);
    if (!buffer) return mt_fail(cx, MT_E_MEMORY, "%s: no memory for a line of %zu bytes", path, room);
    window->buffer = buffer;
    window->room = room;
    return MT_OK;
}

mt_code mt_window_fill(mt_ctx *cx, mt_window *window, size_t *got, int fd, const char *path)
{
    MT_TRY(make_room(cx, window, path));
    ssize_t n;
    do {
        n = pread(fd, window->buffer + window->filled, window->room - window->filled, mt_window_end(window));
    } while (n < 0 && errno == EINTR);
    if (n < 0) return mt_fail(cx, MT_E_IO, "cannot read %s: %s", path, strerror(errno));
    window->filled += (size_t)n;
    if (n > 0) window->read_at = mt_stream_now();
    *got = (size_t)n;
    return MT_OK;
}

/* The line from begin up to `length` bytes; `feed` is 1 when a line feed follows. */
static void take_line(mt_window *window, mt_message *message, size_t length, size_t feed)
{
    message->position = mt_window_at(window);
    message->value = (mt_text){window->buffer + window->begin, length};
    message->time = window->read_at;
    window->begin += length + feed;
    window->scanned = window->begin;
    message->next = mt_window_at(window);
}

size_t mt_window_lines(mt_window *window, mt_message *message, size_t max)
{
    size_t n = 0;
    while (n < max && window->scanned < window->filled) {
        const char *from = window->buffer + window->scanned;
        const char *feed = memchr(from, '\n', window->filled - window->scanned);
        if (!feed) {
            window->scanned = window->filled;
            break;
        }
        take_line(window, &message[n++], (size_t)(feed - (window->buffer + window->begin)), 1);
    }
    return n;
}

bool mt_window_rest(mt_window *window, mt_message *message)
{
    if (window->begin == window->filled) return false;
    take_line(window, message, window->filled - window->begin, 0);
    return true;
}
