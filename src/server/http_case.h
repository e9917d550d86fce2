/* A small HTTP client for the tests and benchmarks of this folder.
 *
 * Purpose   Included by them only. Sockets are real; an answer is read whole, or it says that it was not.
 */
#ifndef MT_SERVER_HTTP_CASE_H
#define MT_SERVER_HTTP_CASE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TESTING __attribute__((unused)) static

enum { TESTING_HEAD = 8192 };

typedef struct testing_reply {
    int status; /* 0: none came */
    char head[TESTING_HEAD];
    char *body; /* malloc; a 0 follows */
    size_t n;
    bool whole;  /* as long as its head or its last piece says */
    bool closed; /* the connection ended */
} testing_reply;

/* Bytes of a connection, buffered. */
typedef struct testing_client {
    int fd;
    char bytes[65536];
    size_t at, n;
} testing_client;

TESTING int64_t testing_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A connection to "127.0.0.1:PORT", or -1; reading gives up after 15 s. */
TESTING int testing_connect(const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct timeval patience = {15, 0};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0) return fd;
    close(fd);
    return -1;
}

TESTING bool testing_send(int fd, const char *at, size_t n)
{
    while (n > 0) {
        ssize_t took = send(fd, at, n, MSG_NOSIGNAL);
        if (took <= 0) return false;
        at += took;
        n -= (size_t)took;
    }
    return true;
}

TESTING bool testing_fill(testing_client *c)
{
    ssize_t n = recv(c->fd, c->bytes, sizeof c->bytes, 0);
    c->at = 0;
    c->n = n > 0 ? (size_t)n : 0;
    return n > 0;
}

TESTING int testing_byte(testing_client *c)
{
    if (c->at == c->n && !testing_fill(c)) return -1;
    return (unsigned char)c->bytes[c->at++];
}

/* `n` bytes into the body; fewer at the connection's end. */
TESTING bool testing_take(testing_client *c, testing_reply *reply, size_t n)
{
    reply->body = realloc(reply->body, reply->n + n + 1);
    if (!reply->body) abort();
    while (n > 0) {
        if (c->at == c->n && !testing_fill(c)) break;
        size_t some = c->n - c->at < n ? c->n - c->at : n;
        memcpy(reply->body + reply->n, c->bytes + c->at, some);
        reply->n += some;
        c->at += some;
        n -= some;
    }
    reply->body[reply->n] = 0;
    return n == 0;
}

TESTING bool testing_line(testing_client *c, char *to, size_t room)
{
    size_t n = 0;
    for (int byte = testing_byte(c); byte != '\n'; byte = testing_byte(c)) {
        if (byte < 0) return false;
        if (byte != '\r' && n + 1 < room) to[n++] = (char)byte;
    }
    to[n] = 0;
    return true;
}

/* The value of a header of the answer, or NULL. */
TESTING const char *testing_header(const testing_reply *reply, const char *name, char value[256])
{
    char want[128];
    snprintf(want, sizeof want, "\n%s: ", name);
    const char *at = strcasestr(reply->head, want);
    if (!at) return NULL;
    at += strlen(want);
    snprintf(value, 256, "%.*s", (int)strcspn(at, "\n"), at);
    return value;
}

TESTING bool testing_chunks(testing_client *c, testing_reply *reply)
{
    char line[256];
    for (;;) {
        if (!testing_line(c, line, sizeof line)) return false;
        size_t n = strtoul(line, NULL, 16);
        if (n && !testing_take(c, reply, n)) return false;
        if (!testing_line(c, line, sizeof line)) return false;
        if (!n) return true;
    }
}

/* One answer; `no_body` for HEAD. Give it back with testing_free. */
TESTING testing_reply testing_read(testing_client *c, bool no_body)
{
    testing_reply reply = {.status = 0};
    char line[2048], value[256];
    size_t used = 0;
    reply.body = calloc(1, 1);
    while (testing_line(c, line, sizeof line) && line[0])
        used += (size_t)snprintf(reply.head + used, sizeof reply.head - used, "%s\n", line);
    if (!used) {
        reply.closed = true;
        return reply;
    }
    reply.status = (int)strtol(reply.head + 9, NULL, 10);
    if (reply.status == 100) return testing_read(c, no_body);
    const char *length = testing_header(&reply, "Content-Length", value);
    bool none = no_body || reply.status == 204 || reply.status == 304;
    if (none)
        reply.whole = true;
    else if (length)
        reply.whole = testing_take(c, &reply, strtoul(length, NULL, 10));
    else
        reply.whole = testing_chunks(c, &reply);
    const char *how = testing_header(&reply, "Connection", value);
    reply.closed = !reply.whole || (how && strcasecmp(how, "close") == 0);
    return reply;
}

TESTING void testing_free(testing_reply *reply)
{
    free(reply->body);
    reply->body = NULL;
}

/* A request with any body on an open connection. */
TESTING testing_reply testing_ask(testing_client *c, const char *line, const char *headers, const char *body,
                                  size_t n)
{
    char head[4096];
    int used = snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: localhost\r\n%s", line, headers);
    if (n || body) used += snprintf(head + used, sizeof head - (size_t)used, "Content-Length: %zu\r\n", n);
    used += snprintf(head + used, sizeof head - (size_t)used, "\r\n");
    testing_send(c->fd, head, (size_t)used);
    if (n) testing_send(c->fd, body, n);
    return testing_read(c, strncmp(line, "HEAD", 4) == 0);
}

/* The same on a connection of its own. */
TESTING testing_reply testing_once(const char *address, const char *line, const char *headers,
                                   const char *body)
{
    testing_client *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->fd = testing_connect(address);
    testing_reply reply = testing_ask(c, line, headers, body, body ? strlen(body) : 0);
    close(c->fd);
    free(c);
    return reply;
}

#endif
