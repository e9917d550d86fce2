/* A pipe copied into an unlinked file. */
#include "ops/orders/kept_input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mt_code write_all(mt_ctx *cx, int fd, const char *bytes, size_t n, const char *name)
{
    while (n) {
        ssize_t put = write(fd, bytes, n);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0)
            return mt_fail(cx, MT_E_IO, "/tmp: a copy of %s cannot be kept: %s", name, strerror(errno));
        bytes += put;
        n -= (size_t)put;
    }
    return MT_OK;
}

mt_code mt_input_read(mt_ctx *cx, const mt_input *input, char *bytes, size_t room, size_t *n)
{
    enum { STEP_MS = 100 };
    for (;;) {
        struct pollfd wait = {.fd = input->fd, .events = POLLIN};
        MT_TRY(mt_ctx_check(cx));
        if (poll(&wait, 1, STEP_MS) == 0) continue;
        ssize_t got = read(input->fd, bytes, room);
        if (got >= 0) {
            *n = (size_t)got;
            return MT_OK;
        }
        if (errno == EINTR || errno == EAGAIN) continue;
        return mt_fail(cx, MT_E_IO, "%s: cannot be read: %s", input->name, strerror(errno));
    }
}

static mt_code copy_pipe(mt_ctx *cx, int to, const mt_input *from)
{
    char bytes[1 << 16];
    size_t n;
    do {
        MT_TRY(mt_input_read(cx, from, bytes, sizeof bytes, &n));
        MT_TRY(write_all(cx, to, bytes, n, from->name));
    } while (n);
    return MT_OK;
}

mt_code mt_kept_input_open(mt_ctx *cx, mt_kept_input *out, const mt_input *input)
{
    char path[] = "/tmp/merit-XXXXXX";
    struct stat about;
    *out = (mt_kept_input){.input = *input, .fd = -1};
    if (input->fd < 0 || (fstat(input->fd, &about) == 0 && S_ISREG(about.st_mode))) return MT_OK;
    out->fd = mkstemp(path);
    if (out->fd < 0) return mt_fail(cx, MT_E_IO, "%s: cannot be made: %s", path, strerror(errno));
    unlink(path);
    out->input.fd = out->fd;
    mt_code code = copy_pipe(cx, out->fd, input);
    if (code == MT_OK && lseek(out->fd, 0, SEEK_SET) != 0)
        code = mt_fail(cx, MT_E_IO, "/tmp: %s", strerror(errno));
    if (code != MT_OK) mt_kept_input_close(out);
    return code;
}

void mt_kept_input_close(mt_kept_input *kept)
{
    if (kept->fd >= 0) close(kept->fd);
    kept->fd = -1;
}
