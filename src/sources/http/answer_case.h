/* How the server of http/testing.h answers: as recorded, or in one of the ways providers misbehave.
 *
 * Purpose   Included by http/testing.h alone.
 */
#ifndef MT_SOURCES_HTTP_ANSWER_CASE_H
#define MT_SOURCES_HTTP_ANSWER_CASE_H

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TESTING __attribute__((unused)) static

typedef enum testing_way {
    TESTING_WHOLE,           /* as it should be */
    TESTING_HALF,            /* half of the body, then the connection ends */
    TESTING_CLOSE,           /* the connection ends without a word */
    TESTING_HANG,            /* no word, for ever */
    TESTING_HANG_IN_BODY,    /* the head, then nothing */
    TESTING_TRICKLE,         /* one byte of the body every `pause_ms` (0: 1 s) */
    TESTING_TRICKLE_IN_HEAD, /* the same of the head */
    TESTING_ENDLESS,         /* 10 GB of body */
    TESTING_LATE             /* after `pause_ms`, as it should be */
} testing_way;

typedef struct testing_route {
    const char *match;   /* pattern of "PATH?QUERY"; ends with NULL */
    int status;          /* 0: 200 */
    const char *type;    /* NULL: application/json */
    const char *headers; /* more of them, each with "\r\n" */
    const char *body;    /* text; NULL: the file's, or none */
    size_t body_bytes;   /* of a body that is no text */
    const char *file;    /* from the repository's root */
    testing_way way;
    int times; /* 0: always */
    int pause_ms;
    const char *etag; /* given, and answered with 304 where the request brings it back */
} testing_route;

TESTING bool testing_send(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Also the end of the server ends it: the socket is shut down then. False when the other side is gone. */
TESTING bool testing_pause(int fd, int ms)
{
    struct pollfd at = {.fd = fd, .events = POLLRDHUP};
    return poll(&at, 1, ms) == 0;
}

TESTING bool testing_drip(int fd, const char *bytes, size_t n, int ms)
{
    for (size_t k = 0; k < n; k++) {
        if (!testing_send(fd, bytes + k, 1) || !testing_pause(fd, ms)) return false;
    }
    return true;
}

TESTING char *testing_file(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(16 << 20);
    *n = file && bytes ? fread(bytes, 1, 16 << 20, file) : 0;
    if (!file) print_error("testing server: there is no file %s\n", path);
    if (file) fclose(file);
    return bytes;
}

TESTING bool testing_send_endless(int fd)
{
    char *block = calloc(1, 65536);
    bool sent = block != NULL;
    for (long k = 0; sent && k < 10000000000L / 65536; k++) sent = testing_send(fd, block, 65536);
    free(block);
    return sent;
}

TESTING bool testing_send_body(int fd, const testing_route *route, const char *body, size_t n, int ms)
{
    switch (route->way) {
    case TESTING_HALF:
        return testing_send(fd, body, n / 2) && false;
    case TESTING_HANG_IN_BODY:
        return testing_pause(fd, -1);
    case TESTING_TRICKLE:
        return testing_drip(fd, body, n, ms);
    case TESTING_ENDLESS:
        return testing_send_endless(fd);
    default:
        return testing_send(fd, body, n);
    }
}

/* True while the connection may be used again. */
TESTING bool testing_answer(int fd, const testing_route *route, const char *request)
{
    size_t n = route->body ? (route->body_bytes ? route->body_bytes : strlen(route->body)) : 0;
    char *file = !route->body && route->file ? testing_file(route->file, &n) : NULL, head[4096];
    int status = route->status ? route->status : 200, ms = route->pause_ms ? route->pause_ms : 1000;
    bool known = route->etag && strstr(request, route->etag);
    if (known) status = 304, n = 0;
    unsigned long long told = route->way == TESTING_ENDLESS ? 10000000000ULL : n;
    snprintf(head, sizeof head,
             "HTTP/1.1 %d Test\r\nContent-Type: %s\r\nContent-Length: %llu\r\n%s%s%s%s\r\n", status,
             route->type ? route->type : "application/json", told, route->etag ? "ETag: " : "",
             route->etag ? route->etag : "", route->etag ? "\r\n" : "", route->headers ? route->headers : "");
    bool open = route->way != TESTING_CLOSE;
    if (route->way == TESTING_HANG) open = testing_pause(fd, -1);
    if (route->way == TESTING_LATE) open = testing_pause(fd, ms);
    if (route->way == TESTING_TRICKLE_IN_HEAD)
        open = testing_drip(fd, head, strlen(head), ms);
    else if (open)
        open = testing_send(fd, head, strlen(head));
    if (open && n + (told > n) > 0)
        open = testing_send_body(fd, route, route->body ? route->body : file, n, ms);
    free(file);
    return open;
}

#endif
