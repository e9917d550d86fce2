/* Which file it is: the inode, and what tells the files apart that have it one after the other. */
#include "stream/file/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    for (size_t k = 0; k < n; k++) hash = (hash ^ at[k]) * 1099511628211u;
    return hash;
}

static int64_t number_of(uint64_t inode, const void *bytes, size_t n)
{
    uint64_t hash = mix(mix(14695981039346656037u, &inode, sizeof inode), bytes, n);
    return (int64_t)((hash ^ hash >> 32) & INT64_MAX);
}

mt_code mt_file_identity_by_head(mt_ctx *cx, int64_t *out, int fd, const char *path, bool as_it_is)
{
    char head[MT_FILE_HEAD];
    struct stat st;
    ssize_t n = fstat(fd, &st) == 0 ? pread(fd, head, sizeof head, 0) : -1;
    if (n < 0) return mt_fail(cx, MT_E_IO, "cannot read %s: %s", path, strerror(errno));
    const char *feed = memchr(head, '\n', (size_t)n);
    bool whole = feed || (size_t)n == sizeof head || as_it_is;
    *out = whole ? number_of(st.st_ino, head, feed ? (size_t)(feed - head) : (size_t)n) : -1;
    return MT_OK;
}

mt_code mt_file_identity(mt_ctx *cx, int64_t *out, int fd, const char *path, bool as_it_is)
{
    struct statx st;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &st) != 0 || !(st.stx_mask & STATX_BTIME))
        return mt_file_identity_by_head(cx, out, fd, path, as_it_is);
    const int64_t birth[] = {st.stx_btime.tv_sec, (int64_t)st.stx_btime.tv_nsec};
    *out = number_of(st.stx_ino, birth, sizeof birth);
    return MT_OK;
}
