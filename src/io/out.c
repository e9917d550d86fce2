/* Buffered bytes with three ways to end: a renamed file, a descriptor, a block of memory. */
#include "io/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { TO_FILE, TO_FD, TO_MEMORY };

struct mt_out {
    enum kind kind;
    const char *name; /* as the caller said it */
    int fd;
    bool owns_fd;
    bool failed, finished, sent;
    char *buffer;
    size_t used, room;
    const char *target;    /* TO_FILE: where the file will stand, links resolved */
    const char *folder;    /* TO_FILE: of the target */
    const char *temporary; /* TO_FILE: where it stands until then; NULL once renamed */
    mt_out *first;         /* finished before this one sends; see mt_out_after */
    mt_allocator allocator;
    size_t limit_bytes; /* TO_MEMORY; 0: none */
};

enum { FILE_BUFFER = 256 << 10, MEMORY_FIRST = 4096, NAME_TRIES = 100, NAME_KEPT = 200 };

static mt_code refuse(mt_ctx *cx, mt_out *out, int reason)
{
    out->failed = true;
    if (reason == EPIPE) return mt_fail(cx, MT_E_CANCELLED, "%s was closed by its reader", out->name);
    return mt_fail(cx, MT_E_IO, "cannot write %s: %s", out->name, strerror(reason));
}

/* A descriptor that does not take bytes at the moment, or a signal: wait, unless the caller gave up. */
static mt_code wait_for(mt_ctx *cx, mt_out *out, int reason)
{
    if (reason == EAGAIN) {
        struct pollfd wanted = {.fd = out->fd, .events = POLLOUT};
        poll(&wanted, 1, 200);
    }
    mt_code code = mt_ctx_check(cx);
    if (code != MT_OK) out->failed = true;
    return code;
}

static mt_code send_bytes(mt_ctx *cx, mt_out *out, const char *at, size_t n)
{
    while (n > 0) {
        ssize_t took = write(out->fd, at, n < (size_t)1 << 30 ? n : (size_t)1 << 30);
        if (took < 0 && errno != EINTR && errno != EAGAIN) return refuse(cx, out, errno);
        if (took < 0) {
            MT_TRY(wait_for(cx, out, errno));
            continue;
        }
        out->sent = out->sent || out->kind == TO_FD;
        at += took;
        n -= (size_t)took;
    }
    return MT_OK;
}

static mt_code finish_first(mt_ctx *cx, mt_out *out)
{
    mt_out *first = out->first;
    out->first = NULL;
    if (!first || first->finished) return MT_OK;
    mt_code code = mt_out_finish(cx, first);
    if (code != MT_OK) out->failed = true;
    return code;
}

static mt_code flush(mt_ctx *cx, mt_out *out)
{
    MT_TRY(finish_first(cx, out));
    size_t n = out->used;
    out->used = 0;
    return send_bytes(cx, out, out->buffer, n);
}

static void *get_block(const mt_allocator *from, size_t size)
{
    return from->get ? from->get(from->arg, size) : malloc(size);
}

static void put_block(const mt_allocator *to, void *block, size_t size)
{
    if (!block) return;
    if (to->put) {
        to->put(to->arg, block, size);
    } else {
        free(block);
    }
}

/* Memory grows to the next power of two that holds `need` bytes. */
static mt_code grow(mt_ctx *cx, mt_out *out, size_t need)
{
    size_t room = out->room ? out->room : MEMORY_FIRST;
    while (room < need && room <= SIZE_MAX / 2) room *= 2;
    bool allowed = room >= need && (!out->limit_bytes || room <= out->limit_bytes);
    char *buffer = allowed ? get_block(&out->allocator, room) : NULL;
    if (!buffer) {
        out->failed = true;
        return mt_fail(cx, MT_E_MEMORY, "no memory for %zu bytes of %s", need, out->name);
    }
    if (out->used) memcpy(buffer, out->buffer, out->used);
    put_block(&out->allocator, out->buffer, out->room);
    out->buffer = buffer;
    out->room = room;
    return MT_OK;
}

static mt_code make_out(mt_ctx *cx, mt_out **out, enum kind kind, const char *name)
{
    MT_TRY(MT_NEW(cx, out, 1));
    (*out)->kind = kind;
    (*out)->fd = -1;
    return mt_text_copy(cx, &(*out)->name, mt_text_of(name));
}

/* Not zeroed: pages of the buffer that are never used are never touched. */
static mt_code make_buffer(mt_ctx *cx, mt_out *out, size_t room)
{
    out->buffer = mt_arena_raw(&cx->arena, room);
    out->room = room;
    return out->buffer
               ? MT_OK
               : mt_fail(cx, MT_E_MEMORY, "no memory for the %zu bytes buffer of %s", room, out->name);
}

/* The folder part of a path: "" becomes ".", "/x" becomes "/". */
static mt_code split_path(mt_ctx *cx, const char *path, const char **folder, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (!slash) return mt_text_copy(cx, folder, mt_text_of("."));
    return mt_text_copy(cx, folder, length ? (mt_text){path, length} : mt_text_of("/"));
}

static mt_code explain_folder(mt_ctx *cx, const char *path, const char *folder, int reason)
{
    if (reason == ENOENT)
        return mt_fail(cx, MT_E_IO, "cannot write %s: the folder %s does not exist", path, folder);
    if (reason == ENOTDIR) return mt_fail(cx, MT_E_IO, "cannot write %s: %s is no folder", path, folder);
    return mt_fail(cx, MT_E_IO, "cannot write %s: no file can be made in the folder %s (%s)", path, folder,
                   strerror(reason));
}

static void pick_letters(char letters[7])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz012345";
    unsigned char noise[6] = {0};
    if (getrandom(noise, sizeof noise, GRND_NONBLOCK) < 0) {
        for (int k = 0; k < 6; k++) noise[k] = (unsigned char)(getpid() >> (5 * k));
    }
    for (int k = 0; k < 6; k++) letters[k] = alphabet[noise[k] & 31];
    letters[6] = 0;
}

/* Opened by hand instead of by mkstemp, so that the process's mask of permissions holds. */
static mt_code open_temporary(mt_ctx *cx, mt_out *out)
{
    const char *name;
    char letters[7];
    MT_TRY(split_path(cx, out->target, &out->folder, &name));
    for (int k = 0; k < NAME_TRIES; k++) {
        const char *path;
        pick_letters(letters);
        MT_TRY(mt_text_format(cx, &path, "%s/.%.*s.%s.tmp", out->folder, NAME_KEPT, name, letters));
        out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (out->fd >= 0) {
            out->owns_fd = true;
            out->temporary = path;
            return MT_OK;
        }
        if (errno != EEXIST && errno != EINTR) return explain_folder(cx, out->name, out->folder, errno);
    }
    return mt_fail(cx, MT_E_IO, "cannot write %s: every temporary name in %s is taken", out->name,
                   out->folder);
}

static mt_code open_special(mt_ctx *cx, mt_out *out)
{
    out->kind = TO_FD;
    out->owns_fd = true;
    out->fd = open(out->target, O_WRONLY | O_CLOEXEC | O_APPEND | O_NOCTTY);
    return out->fd < 0 ? refuse(cx, out, errno) : MT_OK;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Follows links, so that a link stays a link and its target is replaced. A link to nowhere is replaced
 * itself. */
static mt_code resolve(mt_ctx *cx, mt_out *out)
{
    char real[PATH_MAX];
    out->target = out->name;
    return realpath(out->name, real) ? mt_text_copy(cx, &out->target, mt_text_of(real)) : MT_OK;
}

static mt_code open_path(mt_ctx *cx, mt_out *out)
{
    struct stat is;
    const char *path = out->name;
    out->target = path;
    bool there = stat(path, &is) == 0;
    if (!path[0]) return mt_fail(cx, MT_E_INPUT, "cannot write: the path is empty");
    if (path[strlen(path) - 1] == '/' || (there && S_ISDIR(is.st_mode))) {
        return mt_fail(cx, MT_E_INPUT, "cannot write %s: it is a folder, a file name is needed", path);
    }
    if (there && (!S_ISREG(is.st_mode) || starts_with(path, "/dev/") || starts_with(path, "/proc/"))) {
        return open_special(cx, out);
    }
    if (there && access(path, W_OK) != 0) return refuse(cx, out, errno);
    MT_TRY(resolve(cx, out));
    MT_TRY(open_temporary(cx, out));
    if (there && fchmod(out->fd, is.st_mode & 07777) != 0) return refuse(cx, out, errno); /* as it was */
    return MT_OK;
}

/* A rename lasts only when the folder that records it is on the disk too. */
static mt_code sync_folder(mt_ctx *cx, mt_out *out)
{
    int fd = open(out->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES ? MT_OK : refuse(cx, out, errno); /* writable but not readable: allowed */
    int failed = fsync(fd), reason = errno;
    close(fd);
    bool unable = reason == EINVAL || reason == ENOTSUP; /* a file system without that promise */
    return failed && !unable ? refuse(cx, out, reason) : MT_OK;
}

static mt_code publish(mt_ctx *cx, mt_out *out)
{
    if (fsync(out->fd) != 0) return refuse(cx, out, errno);
    int fd = out->fd;
    out->fd = -1;
    if (close(fd) != 0) return refuse(cx, out, errno);
    if (rename(out->temporary, out->target) != 0) return refuse(cx, out, errno);
    out->temporary = NULL;
    out->sent = true;
    return sync_folder(cx, out);
}

mt_code mt_out_file(mt_ctx *cx, mt_out **out, const char *path)
{
    mt_out *self;
    MT_TRY(make_out(cx, &self, TO_FILE, path ? path : ""));
    mt_code code = open_path(cx, self);
    if (code == MT_OK) code = make_buffer(cx, self, self->kind == TO_FD ? MT_OUT_HOLD_BYTES : FILE_BUFFER);
    if (code != MT_OK) {
        mt_out_close(self);
        return code;
    }
    *out = self;
    return MT_OK;
}

mt_code mt_out_fd(mt_ctx *cx, mt_out **out, int fd, const char *name)
{
    mt_out *self;
    MT_TRY(make_out(cx, &self, TO_FD, name));
    MT_TRY(make_buffer(cx, self, MT_OUT_HOLD_BYTES));
    self->fd = fd;
    *out = self;
    return MT_OK;
}

mt_code mt_out_memory(mt_ctx *cx, mt_out **out)
{
    mt_out *self;
    MT_TRY(make_out(cx, &self, TO_MEMORY, "memory"));
    self->allocator = cx->options.allocator;
    self->limit_bytes = cx->options.limit_bytes;
    *out = self;
    return MT_OK;
}

void mt_out_close(mt_out *out)
{
    if (!out) return;
    if (out->owns_fd && out->fd >= 0) close(out->fd);
    if (out->temporary) unlink(out->temporary);
    if (out->kind == TO_MEMORY) put_block(&out->allocator, out->buffer, out->room);
    out->fd = -1;
    out->buffer = NULL;
    out->used = out->room = 0;
    out->temporary = NULL;
    out->failed = true;
}

/* The way of a write that does not fit the buffer. */
static mt_code write_more(mt_ctx *cx, mt_out *out, const char *at, size_t n)
{
    if (out->kind == TO_MEMORY) {
        MT_TRY(grow(cx, out, out->used + n));
    } else {
        MT_TRY(flush(cx, out));
        if (n >= out->room) return send_bytes(cx, out, at, n);
    }
    memcpy(out->buffer + out->used, at, n);
    out->used += n;
    return MT_OK;
}

mt_code mt_out_write(mt_ctx *cx, mt_out *out, const void *bytes, size_t n)
{
    if (out->failed)
        return cx->code ? cx->code : mt_fail(cx, MT_E_IO, "cannot write %s: it failed before", out->name);
    if (out->finished) return mt_fail(cx, MT_E_BUG, "%s is finished already", out->name);
    if (n == 0) return MT_OK;
    if (n > out->room - out->used) return write_more(cx, out, bytes, n);
    memcpy(out->buffer + out->used, bytes, n);
    out->used += n;
    return MT_OK;
}

mt_code mt_out_flush(mt_ctx *cx, mt_out *out)
{
    if (out->kind != TO_FD || out->failed || out->finished) return MT_OK;
    return flush(cx, out);
}

mt_code mt_out_text(mt_ctx *cx, mt_out *out, const char *text)
{
    return mt_out_write(cx, out, text, strlen(text));
}

mt_code mt_out_format(mt_ctx *cx, mt_out *out, const char *format, ...)
{
    char brief[512];
    va_list values;
    va_start(values, format);
    int n = vsnprintf(brief, sizeof brief, format, values);
    va_end(values);
    if (n < 0) return mt_fail(cx, MT_E_BUG, "a text for %s cannot be formatted", out->name);
    if ((size_t)n < sizeof brief) return mt_out_write(cx, out, brief, (size_t)n);
    char *lengthy = get_block(&cx->options.allocator, (size_t)n + 1);
    if (!lengthy) return mt_fail(cx, MT_E_MEMORY, "no memory for %d bytes of %s", n, out->name);
    va_start(values, format);
    vsnprintf(lengthy, (size_t)n + 1, format, values);
    va_end(values);
    mt_code code = mt_out_write(cx, out, lengthy, (size_t)n);
    put_block(&cx->options.allocator, lengthy, (size_t)n + 1);
    return code;
}

mt_code mt_out_finish(mt_ctx *cx, mt_out *out)
{
    MT_TRY(mt_out_write(cx, out, "", 0)); /* neither failed nor finished */
    MT_TRY(finish_first(cx, out));
    if (out->kind != TO_MEMORY) MT_TRY(flush(cx, out));
    if (out->kind == TO_FILE) MT_TRY(publish(cx, out));
    out->finished = true;
    return MT_OK;
}

void mt_out_after(mt_out *out, mt_out *first)
{
    out->first = first;
}

bool mt_out_sent(const mt_out *out)
{
    return out->sent;
}

mt_text mt_out_bytes(const mt_out *out)
{
    return (mt_text){out->buffer ? out->buffer : "", out->kind == TO_MEMORY ? out->used : 0};
}

const char *mt_out_name(const mt_out *out)
{
    return out->name;
}
