/* A small file, whole or not at all, without waiting for the disk. */
#include "ops/simulate/bulk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static mt_code refuse(mt_ctx *cx, const char *path, int reason)
{
    return mt_fail(cx, MT_E_IO, "%s cannot be written: %s", path, strerror(reason));
}

/* 0, or the reason why not. */
static int put_bytes(int fd, mt_text bytes)
{
    while (bytes.length) {
        ssize_t n = write(fd, bytes.at, bytes.length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes.at += n;
        bytes.length -= (size_t)n;
    }
    return 0;
}

mt_code mt_bulk_file_write(mt_ctx *cx, const char *path, mt_text bytes)
{
    const char *aside;
    MT_TRY(mt_text_format(cx, &aside, "%s.tmp", path));
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) return refuse(cx, path, errno);
    int reason = put_bytes(fd, bytes);
    if (close(fd) != 0 && !reason) reason = errno;
    if (!reason && rename(aside, path) != 0) reason = errno;
    if (!reason) return MT_OK;
    unlink(aside);
    return refuse(cx, path, reason);
}
