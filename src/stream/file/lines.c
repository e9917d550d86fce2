/* Messages written as lines at the end of a file. */
#include "stream/file/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 << 10 };

typedef struct lines {
    mt_producer base;
    char *path;
    int fd;
    bool made; /* the file is new, and its folder does not know it on the disk yet */
    size_t used;
    char buffer[BUFFER_BYTES];
} lines;

static mt_code write_bytes(mt_ctx *cx, lines *l, const char *at, size_t n, size_t *written)
{
    *written = 0;
    while (*written < n) {
        ssize_t took = write(l->fd, at + *written, n - *written);
        if (took < 0 && errno != EINTR)
            return mt_fail(cx, MT_E_IO, "cannot write %s: %s", l->path, strerror(errno));
        if (took > 0) *written += (size_t)took;
    }
    return MT_OK;
}

/* What the system did not take stays at the front. */
static mt_code empty_buffer(mt_ctx *cx, lines *l)
{
    size_t written;
    mt_code code = write_bytes(cx, l, l->buffer, l->used, &written);
    memmove(l->buffer, l->buffer + written, l->used - written);
    l->used -= written;
    return code;
}

/* A line that another writer left unfinished is ended. */
static void end_last_line(lines *l)
{
    struct stat st;
    char last = '\n';
    if (fstat(l->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
        pread(l->fd, &last, 1, st.st_size - 1) == 1 && last != '\n')
        l->buffer[l->used++] = '\n';
}

mt_code mt_append_open(mt_ctx *cx, mt_producer **out, const mt_producer_options *options,
                       const mt_stream_backend *backend)
{
    const char *path = options->url + strlen(backend->prefix);
    if (options->settings_path)
        return mt_fail(cx, MT_E_INPUT, "a settings file is named, but a file stream has no settings");
    lines *l = malloc(sizeof *l);
    if (!l) return mt_fail(cx, MT_E_MEMORY, "memory ran out while %s was opened", path);
    l->base.backend = backend;
    l->used = 0;
    l->path = strdup(path);
    l->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    l->made = l->fd < 0 && errno == ENOENT;
    if (l->made) l->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (l->fd < 0 || !l->path) {
        mt_code code =
            mt_fail(cx, l->path ? MT_E_IO : MT_E_MEMORY, "cannot write %s: %s", path, strerror(errno));
        mt_append_close(&l->base);
        return code;
    }
    end_last_line(l);
    *out = &l->base;
    return MT_OK;
}

void mt_append_close(mt_producer *producer)
{
    lines *l = (lines *)producer;
    if (l->fd >= 0) close(l->fd);
    free(l->path);
    free(l);
}

/* Longer than the buffer: straight to the file; a part that was not taken fails the whole stream of lines. */
static mt_code write_long(mt_ctx *cx, lines *l, mt_text value)
{
    size_t written;
    MT_TRY(empty_buffer(cx, l));
    mt_code code = write_bytes(cx, l, value.at, value.length, &written);
    if (code == MT_OK || written > 0) l->buffer[l->used++] = '\n'; /* the torn line at least stands alone */
    return code;
}

mt_code mt_append_send(mt_ctx *cx, mt_producer *producer, mt_text value)
{
    lines *l = (lines *)producer;
    if (!value.at)
        return mt_fail(cx, MT_E_INPUT, "%s: a message without a value cannot be a line of a file", l->path);
    if (memchr(value.at, '\n', value.length))
        return mt_fail(cx, MT_E_INPUT,
                       "%s: a message of %zu bytes holds a line feed: its reader would see two", l->path,
                       value.length);
    if (value.length + 1 > BUFFER_BYTES) return write_long(cx, l, value);
    if (l->used + value.length + 1 > BUFFER_BYTES) MT_TRY(empty_buffer(cx, l));
    if (value.length) memcpy(l->buffer + l->used, value.at, value.length);
    l->used += value.length;
    l->buffer[l->used++] = '\n';
    return MT_OK;
}

/* A new file's lines are on the disk only when its name is there too. */
static mt_code sync_name(mt_ctx *cx, lines *l)
{
    const char *slash = strrchr(l->path, '/'), *folder = ".";
    if (!l->made) return MT_OK;
    if (slash) MT_TRY(mt_text_copy(cx, &folder, (mt_text){l->path, (size_t)(slash - l->path) + 1}));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    mt_code code = synced ? MT_OK
                          : mt_fail(cx, MT_E_IO, "cannot write the folder of %s to the disk: %s", l->path,
                                    strerror(errno));
    if (fd >= 0) close(fd);
    l->made = !synced;
    return code;
}

mt_code mt_append_flush(mt_ctx *cx, mt_producer *producer)
{
    lines *l = (lines *)producer;
    MT_TRY(empty_buffer(cx, l));
    if (fdatasync(l->fd) != 0 && errno != EINVAL)
        return mt_fail(cx, MT_E_IO, "cannot write %s to the disk: %s", l->path, strerror(errno));
    return sync_name(cx, l);
}
