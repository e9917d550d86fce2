/* Whether something listens at an address, asked without hanging. */
#include "stream/mqtt/reach.h"

#include "stream/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLICE_MS = 50, PATIENCE_US = 5000000 };

/* 0, or why the connection that is on its way did not come about. */
static mt_code await(mt_ctx *cx, int fd, int *error)
{
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    int64_t until = mt_stream_monotonic_us() + PATIENCE_US;
    socklen_t length = sizeof *error;
    *error = ETIMEDOUT;
    while (mt_stream_monotonic_us() < until) {
        MT_TRY(mt_ctx_check(cx));
        if (poll(&wanted, 1, SLICE_MS) <= 0) continue;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &length);
        break;
    }
    return MT_OK;
}

static mt_code try_one(mt_ctx *cx, const struct addrinfo *at, int *error)
{
    mt_code code = MT_OK;
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    *error = fd < 0 || connect(fd, at->ai_addr, at->ai_addrlen) != 0 ? errno : 0;
    if (fd >= 0 && *error == EINPROGRESS) code = await(cx, fd, error);
    if (fd >= 0) close(fd);
    return code;
}

mt_code mt_mqtt_reach(mt_ctx *cx, const char *host, int port, const char **reason)
{
    char service[16];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int error = EADDRNOTAVAIL;
    mt_code code = MT_OK;
    snprintf(service, sizeof service, "%d", port);
    int unknown = getaddrinfo(host, service, &hints, &found);
    if (unknown) {
        *reason = gai_strerror(unknown);
        return MT_OK;
    }
    for (const struct addrinfo *at = found; at && error && code == MT_OK; at = at->ai_next)
        code = try_one(cx, at, &error);
    freeaddrinfo(found);
    *reason = error ? strerror(error) : NULL;
    return code;
}
