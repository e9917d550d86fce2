/* Packets over a Unix socket; the first byte of each says whether more of the message follows. */
#include "io/local_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PART = 'p', LAST = 'l', SLICE_MS = 100, BACKLOG = 64 };

bool mt_local_fits(const char *path)
{
    struct sockaddr_un address;
    return strlen(path) + 5 < sizeof address.sun_path; /* room for the name it is bound by at first */
}

static mt_code make_address(mt_ctx *cx, struct sockaddr_un *out, const char *path, const char *ending)
{
    memset(out, 0, sizeof *out);
    out->sun_family = AF_UNIX;
    if (!path[0] || !mt_local_fits(path))
        return mt_fail(cx, MT_E_INPUT, "%s: a socket's path has at most %zu bytes", path,
                       sizeof out->sun_path - 6);
    snprintf(out->sun_path, sizeof out->sun_path, "%s%s", path, ending);
    return MT_OK;
}

static mt_code open_socket(mt_ctx *cx, int *out)
{
    *out = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return *out < 0 ? mt_fail(cx, MT_E_IO, "a local socket cannot be made: %s", strerror(errno)) : MT_OK;
}

mt_code mt_local_connect(mt_ctx *cx, int *out, const char *path)
{
    struct sockaddr_un address;
    int fd;
    MT_TRY(make_address(cx, &address, path, ""));
    MT_TRY(open_socket(cx, &fd));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        *out = fd;
        return MT_OK;
    }
    int reason = errno;
    close(fd);
    if (reason == ENOENT || reason == ECONNREFUSED || reason == ENOTSOCK || reason == ENOTDIR)
        return mt_fail(cx, MT_E_ABSENT, "nobody listens at %s", path);
    if (reason == EAGAIN) return mt_fail(cx, MT_E_BUSY, "%s: too many wait for the server", path);
    return mt_fail(cx, MT_E_IO, "%s: %s", path, strerror(reason));
}

/* Bound under a second name and renamed, so that the path always leads to a socket that listens. */
static mt_code bind_path(mt_ctx *cx, int fd, const char *path)
{
    struct sockaddr_un address;
    MT_TRY(make_address(cx, &address, path, ".new"));
    unlink(address.sun_path);
    bool good = fchmod(fd, 0600) == 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
                chmod(address.sun_path, 0600) == 0 && listen(fd, BACKLOG) == 0 &&
                rename(address.sun_path, path) == 0;
    if (good) return MT_OK;
    mt_code code = mt_fail(cx, MT_E_IO, "%s: cannot listen there: %s", path, strerror(errno));
    unlink(address.sun_path);
    return code;
}

mt_code mt_local_listen(mt_ctx *cx, int *out, const char *path)
{
    struct stat about;
    int fd;
    mt_code code = mt_local_connect(cx, &fd, path);
    if (code == MT_OK) {
        close(fd);
        return mt_fail(cx, MT_E_CONFLICT, "another server listens at %s", path);
    }
    if (code != MT_E_ABSENT) return code;
    mt_ctx_forgive(cx);
    if (lstat(path, &about) == 0 && !S_ISSOCK(about.st_mode))
        return mt_fail(cx, MT_E_CONFLICT, "%s: is there and is no socket", path);
    MT_TRY(open_socket(cx, &fd));
    code = bind_path(cx, fd, path);
    if (code == MT_OK)
        *out = fd;
    else
        close(fd);
    return code;
}

/* Asked by connecting: another server may have put its own socket there meanwhile. */
void mt_local_unlisten(int fd, const char *path)
{
    mt_ctx cx;
    int probe;
    if (fd < 0) return;
    close(fd);
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_local_connect(&cx, &probe, path);
    if (code == MT_OK) close(probe);
    if (code == MT_E_ABSENT) unlink(path);
    mt_ctx_close(&cx);
}

mt_code mt_local_accept(mt_ctx *cx, int *out, int listening)
{
    *out = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (*out >= 0 || errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return MT_OK;
    return mt_fail(cx, MT_E_IO, "a local connection cannot be taken: %s", strerror(errno));
}

mt_code mt_local_peer_of(mt_ctx *cx, mt_local_peer *out, int fd)
{
    struct ucred who;
    socklen_t size = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return mt_fail(cx, MT_E_IO, "who is at the socket is not known: %s", strerror(errno));
    *out = (mt_local_peer){.uid = who.uid, .gid = who.gid, .pid = who.pid};
    return MT_OK;
}

/* --- packets ----------------------------------------------------------------------------------------- */

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Until the socket is ready; a cancelled context is seen within SLICE_MS. `until_us` 0: for ever. */
static mt_code wait_ready(mt_ctx *cx, int fd, short events, int64_t until_us)
{
    for (;;) {
        struct pollfd wanted = {.fd = fd, .events = events};
        int64_t left_us = until_us ? until_us - monotonic_us() : SLICE_MS * 1000;
        if (left_us < 0) left_us = 0;
        int64_t slice_ms = left_us / 1000 + 1;
        int ready = poll(&wanted, 1, (int)(slice_ms < SLICE_MS ? slice_ms : SLICE_MS));
        if (ready > 0) return MT_OK;
        if (ready < 0 && errno != EINTR) return mt_fail(cx, MT_E_IO, "a local socket: %s", strerror(errno));
        MT_TRY(mt_ctx_check(cx));
        if (until_us && monotonic_us() >= until_us)
            return mt_fail(cx, MT_E_DEADLINE, "nothing came over the local socket in time");
    }
}

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * MT_LOCAL_PACKET_FDS)];
};

static void attach(struct msghdr *message, union control *control, const int *passed, size_t n)
{
    if (n == 0) return;
    memset(control, 0, sizeof *control);
    message->msg_control = control->bytes;
    message->msg_controllen = CMSG_SPACE(sizeof(int) * n);
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int) * n);
    memcpy(CMSG_DATA(head), passed, sizeof(int) * n);
}

static mt_code tell_send(mt_ctx *cx, int reason)
{
    if (reason == EPIPE || reason == ECONNRESET)
        return mt_fail(cx, MT_E_CANCELLED, "the other side of the local socket hung up");
    return mt_fail(cx, MT_E_IO, "a local socket: %s", strerror(reason));
}

static mt_code send_packet(mt_ctx *cx, int fd, char kind, mt_text text, const int *passed, size_t n)
{
    union control control;
    struct iovec part[] = {{&kind, 1}, {(void *)(uintptr_t)text.at, text.length}};
    struct msghdr message = {.msg_iov = part, .msg_iovlen = text.length ? 2 : 1};
    attach(&message, &control, passed, n);
    for (;;) {
        if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return MT_OK;
        if (errno == EAGAIN || errno == ETOOMANYREFS)
            MT_TRY(wait_ready(cx, fd, POLLOUT, 0));
        else if (errno != EINTR)
            return tell_send(cx, errno);
    }
}

mt_code mt_local_send(mt_ctx *cx, int fd, mt_text text, const int *passed, size_t n)
{
    if (text.length > MT_LOCAL_TEXT_MAX || n > MT_LOCAL_FDS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "a local message has at most %d bytes and %d files",
                       MT_LOCAL_TEXT_MAX, MT_LOCAL_FDS_MAX);
    while (n > 0) {
        size_t some = n < MT_LOCAL_PACKET_FDS ? n : MT_LOCAL_PACKET_FDS;
        MT_TRY(send_packet(cx, fd, PART, (mt_text){"", 0}, passed, some));
        passed += some;
        n -= some;
    }
    while (text.length > MT_LOCAL_PACKET) {
        MT_TRY(send_packet(cx, fd, PART, (mt_text){text.at, MT_LOCAL_PACKET}, NULL, 0));
        text = (mt_text){text.at + MT_LOCAL_PACKET, text.length - MT_LOCAL_PACKET};
    }
    return send_packet(cx, fd, LAST, text, NULL, 0);
}

bool mt_local_try_send(int fd, mt_text text)
{
    char kind = LAST;
    struct iovec part[] = {{&kind, 1}, {(void *)(uintptr_t)text.at, text.length}};
    struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
    if (text.length > MT_LOCAL_PACKET) return false;
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* --- receiving --------------------------------------------------------------------------------------- */

struct inbox {
    mt_ctx *cx;
    char *at;
    size_t used, room;
    int *fd;
    size_t n_fd;
};

static mt_code keep_text(struct inbox *inbox, const char *at, size_t n)
{
    if (inbox->used + n > MT_LOCAL_TEXT_MAX)
        return mt_fail(inbox->cx, MT_E_TOO_LARGE, "a local message of more than %d bytes", MT_LOCAL_TEXT_MAX);
    if (inbox->used + n + 1 > inbox->room) {
        size_t room = 2 * (inbox->used + n) + 1024;
        char *more;
        MT_TRY(MT_NEW(inbox->cx, &more, room));
        if (inbox->used) memcpy(more, inbox->at, inbox->used);
        inbox->at = more;
        inbox->room = room;
    }
    memcpy(inbox->at + inbox->used, at, n);
    inbox->used += n;
    inbox->at[inbox->used] = 0;
    return MT_OK;
}

/* Descriptors of a packet are ours from here on, also when there are too many of them. */
static mt_code keep_fds(struct inbox *inbox, struct msghdr *message)
{
    bool full = false;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
        size_t n = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t k = 0; k < n; k++) {
            int fd;
            memcpy(&fd, CMSG_DATA(head) + k * sizeof fd, sizeof fd);
            if (inbox->n_fd < MT_LOCAL_FDS_MAX)
                inbox->fd[inbox->n_fd++] = fd;
            else
                full = true, close(fd);
        }
    }
    if (full || message->msg_flags & MSG_CTRUNC)
        return mt_fail(inbox->cx, MT_E_TOO_LARGE,
                       "a local message with more than %d files, or more than "
                       "this process may open",
                       MT_LOCAL_FDS_MAX);
    return MT_OK;
}

static mt_code receive_packet(struct inbox *inbox, int fd, char *packet, bool *last)
{
    union control control;
    struct iovec part = {packet, MT_LOCAL_PACKET + 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    *last = false;
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return MT_OK;
    if (n < 0 && errno != ECONNRESET)
        return mt_fail(inbox->cx, MT_E_IO, "a local socket: %s", strerror(errno));
    if (n <= 0) return mt_fail(inbox->cx, MT_E_CANCELLED, "the other side of the local socket hung up");
    MT_TRY(keep_fds(inbox, &message));
    if (message.msg_flags & MSG_TRUNC || (packet[0] != PART && packet[0] != LAST))
        return mt_fail(inbox->cx, MT_E_INPUT, "a packet of another program came over the local socket");
    *last = packet[0] == LAST;
    return keep_text(inbox, packet + 1, (size_t)n - 1);
}

mt_code mt_local_receive(mt_ctx *cx, mt_local_message *out, int fd, int64_t wait_us)
{
    struct inbox inbox = {.cx = cx};
    int64_t until_us = wait_us < 0 ? 0 : monotonic_us() + wait_us;
    bool last = false;
    char *packet;
    mt_code code;
    MT_TRY(MT_NEW(cx, &packet, MT_LOCAL_PACKET + 1));
    MT_TRY(MT_NEW(cx, &inbox.fd, MT_LOCAL_FDS_MAX));
    MT_TRY_OUT(keep_text(&inbox, "", 0));
    while (!last) {
        MT_TRY_OUT(wait_ready(cx, fd, POLLIN, until_us));
        MT_TRY_OUT(receive_packet(&inbox, fd, packet, &last));
    }
out:
    *out = (mt_local_message){{inbox.at, inbox.used}, inbox.fd, inbox.n_fd};
    if (code != MT_OK) mt_local_message_close(out);
    return code;
}

void mt_local_message_close(mt_local_message *message)
{
    for (size_t k = 0; k < message->n_fd; k++) {
        if (message->fd[k] >= 0) close(message->fd[k]);
    }
    *message = (mt_local_message){{"", 0}, NULL, 0};
}
