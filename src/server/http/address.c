/* One text into one listening socket. */
#include "server/http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_MAX = 64, BACKLOG = 1024 };

union socket_name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* "HOST:PORT" or "[HOST]:PORT" in two; the port behind the last colon. */
static bool split_host(const char *text, char host[HOST_MAX], const char **port)
{
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    if (!colon || n >= HOST_MAX) return false;
    *port = colon + 1;
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') text++, n -= 2;
    memcpy(host, text, n);
    host[n] = 0;
    return true;
}

static mt_code refuse(mt_ctx *cx, const char *text)
{
    return mt_fail(cx, MT_E_INPUT,
                   "listen \"%s\": an address is HOST:PORT, e.g. 127.0.0.1:8686 or [::1]:8686; the host in "
                   "digits, the port at most 65535",
                   text);
}

static mt_code parse(mt_ctx *cx, union socket_name *out, socklen_t *size, const char *text)
{
    char host[HOST_MAX];
    const char *digits;
    int64_t port;
    memset(out, 0, sizeof *out);
    if (!split_host(text, host, &digits) || !mt_int_parse(digits, strlen(digits), &port) || port < 0 ||
        port > 65535)
        return refuse(cx, text);
    if (!host[0] || strcmp(host, "localhost") == 0) snprintf(host, sizeof host, "127.0.0.1");
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        *size = sizeof out->v4;
        return MT_OK;
    }
    if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) != 1) return refuse(cx, text);
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((uint16_t)port);
    *size = sizeof out->v6;
    return MT_OK;
}

static bool is_loopback(const union socket_name *name)
{
    if (name->any.sa_family == AF_INET) return ntohl(name->v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&name->v6.sin6_addr);
}

static mt_code open_socket(mt_ctx *cx, int *out, const union socket_name *name, socklen_t size,
                           const char *text)
{
    int yes = 1, fd = socket(name->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return mt_fail(cx, MT_E_IO, "listen \"%s\": %s", text, strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (name->any.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, &name->any, size) != 0 || listen(fd, BACKLOG) != 0) {
        int reason = errno;
        close(fd);
        if (reason == EADDRINUSE)
            return mt_fail(cx, MT_E_CONFLICT, "listen \"%s\": another program listens there already", text);
        return mt_fail(cx, MT_E_IO, "listen \"%s\": %s", text, strerror(reason));
    }
    *out = fd;
    return MT_OK;
}

static void name_address(mt_address *out)
{
    union socket_name name;
    socklen_t size = sizeof name;
    char host[INET6_ADDRSTRLEN] = "";
    memset(&name, 0, sizeof name);
    getsockname(out->fd, &name.any, &size);
    if (name.any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &name.v4.sin_addr, host, sizeof host);
        snprintf(out->text, sizeof out->text, "%s:%d", host, ntohs(name.v4.sin_port));
    } else {
        inet_ntop(AF_INET6, &name.v6.sin6_addr, host, sizeof host);
        snprintf(out->text, sizeof out->text, "[%s]:%d", host, ntohs(name.v6.sin6_port));
    }
}

mt_code mt_address_listen(mt_ctx *cx, mt_address *out, const char *text, bool allow_public)
{
    union socket_name name;
    socklen_t size = 0;
    MT_TRY(parse(cx, &name, &size, text));
    bool loopback = is_loopback(&name);
    if (!loopback && !allow_public)
        return mt_fail(cx, MT_E_DENIED,
                       "listen \"%s\": others could reach it, and there is no sign-in; say 127.0.0.1, or "
                       "allow it in so many words (public) where something in front asks who comes",
                       text);
    *out = (mt_address){.loopback = loopback};
    MT_TRY(open_socket(cx, &out->fd, &name, size, text));
    name_address(out);
    return MT_OK;
}

bool mt_address_is_local_name(const char *host)
{
    static const char *const known[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        size_t n = strlen(known[k]);
        if (strncasecmp(host, known[k], n) == 0 && (host[n] == 0 || host[n] == ':')) return true;
    }
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.:") == strlen(host);
}

/* Up to the port; an address of version 6 stands in brackets. */
static size_t host_length(const char *host)
{
    const char *close = host[0] == '[' ? strchr(host, ']') : NULL;
    return close ? (size_t)(close - host) + 1 : strcspn(host, ":");
}

bool mt_address_same_host(const char *host, const char *name)
{
    size_t n = host_length(host);
    return n > 0 && n == host_length(name) && strncasecmp(host, name, n) == 0;
}
