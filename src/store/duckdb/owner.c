/* Who holds an embedded store: a lock file beside it that names its process. */
#include "store/duckdb/owner.h"

#include "store/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

mt_code mt_owner_pause(mt_ctx *cx, int64_t until_us)
{
    MT_TRY(mt_ctx_check(cx));
    if (mt_clock_monotonic_us() >= until_us) return MT_E_BUSY;
    struct timespec pause = {0, 50000000};
    nanosleep(&pause, NULL);
    return MT_OK;
}

/* The command line of a process with blanks between its words, or "". */
static void read_command(char *out, size_t size, long pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, out, size - 1);
    if (fd >= 0) close(fd);
    if (n < 0) n = 0;
    out[n] = 0;
    for (ssize_t k = 0; k + 1 < n; k++)
        if (!out[k]) out[k] = ' ';
}

void mt_owner_name(char *out, size_t size, long pid)
{
    char command[96];
    read_command(command, sizeof command, pid);
    if (pid == (long)getpid()) {
        snprintf(out, size, "this same process, which has it open already");
    } else if (command[0]) {
        snprintf(out, size, "process %ld (%s)", pid, command);
    } else {
        snprintf(out, size, "process %ld", pid);
    }
}

static long read_pid(int fd)
{
    char text[32];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    if (n <= 0) return 0;
    text[n] = 0;
    return strtol(text, NULL, 10);
}

static void write_pid(int fd)
{
    char command[96];
    char text[160];
    read_command(command, sizeof command, (long)getpid());
    int n = snprintf(text, sizeof text, "%ld %s\n", (long)getpid(), command);
    /* Only the message to others depends on it, so a full disk is no reason to stop. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) return;
}

static mt_code fail_busy(mt_ctx *cx, int fd, const char *path)
{
    char holder[160];
    long pid = read_pid(fd);
    mt_owner_name(holder, sizeof holder, pid);
    return mt_fail(cx, MT_E_BUSY, "the store %s is held by %s; wait for it, stop it, or name another store",
                   path, pid ? holder : "another process");
}

static mt_code wait_lock(mt_ctx *cx, int fd, const char *path, int operation, int64_t wait_us)
{
    int64_t until = mt_clock_monotonic_us() + wait_us;
    bool told = false;
    while (flock(fd, operation | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return mt_fail(cx, MT_E_IO, "the store %s cannot be locked: %s", path, strerror(errno));
        if (!told && wait_us > 0) {
            char holder[160];
            mt_owner_name(holder, sizeof holder, read_pid(fd));
            mt_log(cx, MT_LOG_INFO, "waiting up to %.0f s for the store %s, held by %s",
                   (double)wait_us / 1e6, path, holder);
            told = true;
        }
        mt_code code = mt_owner_pause(cx, until);
        if (code == MT_E_BUSY) return fail_busy(cx, fd, path);
        MT_TRY(code);
    }
    return MT_OK;
}

mt_code mt_owner_open(mt_ctx *cx, int *out, const char *path, bool read_only, int64_t wait_us)
{
    char name[4096];
    int length = snprintf(name, sizeof name, "%s.owner", path);
    if (length < 0 || (size_t)length >= sizeof name)
        return mt_fail(cx, MT_E_INPUT, "the store's path is longer than %zu bytes", sizeof name - 8);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 && read_only) fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 &&
        read_only) { /* a folder where nothing can be written: nobody can hold the store for writing */
        *out = -1;
        return MT_OK;
    }
    if (fd < 0) return mt_fail(cx, MT_E_IO, "the store's lock %s cannot be made: %s", name, strerror(errno));
    mt_code code = wait_lock(cx, fd, path, read_only ? LOCK_SH : LOCK_EX, wait_us);
    if (code != MT_OK) {
        close(fd);
        return code;
    }
    if (!read_only) write_pid(fd);
    *out = fd;
    return MT_OK;
}

void mt_owner_close(int fd)
{
    if (fd >= 0) close(fd);
}
