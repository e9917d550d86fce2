/* A moving window over a file that grows: large reads, whole lines, no copies.
 *
 * Purpose   Reads the file in pieces of 2 MiB and shows its lines where they were read; only the beginning of
 *           a line that is not complete yet is moved.
 * Shapes    A line ends with a line feed, which is not part of it; a carriage return before it is.
 * Errors    MT_E_IO  the system refused to read;  MT_E_TOO_LARGE  a line is longer than allowed;
 *           MT_E_MEMORY.
 * Ownership mt_window_open/_close; the file's descriptor is the caller's. Lines are borrowed until the next
 *           mt_window_fill.
 */
#ifndef MT_STREAM_FILE_WINDOW_H
#define MT_STREAM_FILE_WINDOW_H

#include "stream/stream.h"

MT_BEGIN_DECLS

typedef struct mt_window {
    char *buffer;
    size_t room, filled;
    size_t begin;   /* of what was not given out */
    size_t scanned; /* no line feed between begin and here */
    int64_t offset; /* of buffer[0] in the file */
    size_t line_max;
    mt_time read_at; /* when the last bytes came */
} mt_window;

MT_MUST_USE mt_code mt_window_open(mt_ctx *cx, mt_window *window, uint64_t line_max);
void mt_window_close(mt_window *window);
void mt_window_set(mt_window *window, int64_t offset); /* reads on there */

static inline int64_t mt_window_at(const mt_window *window)
{
    return window->offset + (int64_t)window->begin;
}

/* Where the next bytes of the file will be read. */
static inline int64_t mt_window_end(const mt_window *window)
{
    return window->offset + (int64_t)window->filled;
}

/* Reads once; *got 0 at the end of the file. `path` is for the sentence. */
MT_MUST_USE mt_code mt_window_fill(mt_ctx *cx, mt_window *window, size_t *got, int fd, const char *path);

/* Whole lines in hand, at most `max`: sets position, next, time and value of each message; the rest is the
 * caller's. Returns their number. */
size_t mt_window_lines(mt_window *window, mt_message *message, size_t max);

/* What is left after the last line feed, as one line; false when nothing is. */
bool mt_window_rest(mt_window *window, mt_message *message);

MT_END_DECLS
#endif
