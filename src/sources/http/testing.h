/* A server for tests that answers what was recorded, and misbehaves in every way a provider ever has.
 *
 * Purpose   Included by tests only, after cmocka.h. Plain sockets on 127.0.0.1 at a free port; one thread
 *           takes connections, each connection has its own, so that one that hangs holds up nobody.
 * Shapes    A route is a pattern (fnmatch) for "PATH?QUERY" as it was sent, and what is answered. The first
 *           route that matches and is not used up answers; `times` 2 is used up after two answers. So four
 *           rows for one pattern are a script: 429, 503, 503, 200. Nothing matches: 404.
 * Example   static const testing_route routes[] = {
 *               {.match = "/dataset/Prices*", .status = 503, .times = 2},
 *               {.match = "/dataset/Prices*offset=0*", .file = "tests/http/some/prices_1.json"}, {0}};
 *           testing_server *server = testing_server_start(routes);
 *           … server->url …   testing_hits(server, "*Prices*") …   testing_server_stop(server);
 */
#ifndef MT_SOURCES_HTTP_TESTING_H
#define MT_SOURCES_HTTP_TESTING_H

#include <arpa/inet.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sources/http/answer_case.h"
#include "sources/http/client.h"

enum { TESTING_ROUTES = 64, TESTING_REQUESTS = 4096, TESTING_REQUEST_BYTES = 8192, TESTING_PEERS = 256 };

typedef struct testing_server {
    char url[64];
    const testing_route *route;
    int port, listener;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    bool stopping;
    int used[TESTING_ROUTES];
    int connections, running, n_peers;
    int peer[TESTING_PEERS]; /* sockets, shut down at the end */
    size_t n;
    char *request[TESTING_REQUESTS]; /* heads and bodies, in order of arrival */
} testing_server;

typedef struct testing_peer {
    testing_server *server;
    int fd;
} testing_peer;

/* The next route for "PATH?QUERY", counted. */
TESTING testing_route testing_choose(testing_server *server, const char *request, const char *target)
{
    testing_route none = {.status = 404, .body = "{\"error\":\"no such route in this test\"}"};
    pthread_mutex_lock(&server->lock);
    if (server->n < TESTING_REQUESTS) server->request[server->n++] = strdup(request);
    for (int k = 0; server->route[k].match; k++) {
        const testing_route *route = &server->route[k];
        if (fnmatch(route->match, target, 0) != 0) continue;
        if (route->times && server->used[k] >= route->times) continue;
        server->used[k]++;
        none = *route;
        break;
    }
    pthread_mutex_unlock(&server->lock);
    return none;
}

/* One request into `text`; false at the end of the connection. A body is read by its Content-Length. */
TESTING bool testing_read(int fd, char *text)
{
    size_t n = 0, want = 0;
    char *body = NULL;
    while (n < TESTING_REQUEST_BYTES - 1 && (!body || n < want)) {
        ssize_t got = recv(fd, text + n, body ? want - n : 1, 0);
        if (got <= 0) return false;
        n += (size_t)got;
        text[n] = 0;
        if (body || n < 4 || memcmp(text + n - 4, "\r\n\r\n", 4) != 0) continue;
        const char *length = strcasestr(text, "\r\nContent-Length:");
        body = text + n;
        want = n + (length ? strtoul(length + 17, NULL, 10) : 0);
        if (want > TESTING_REQUEST_BYTES - 1) want = TESTING_REQUEST_BYTES - 1;
    }
    return body != NULL;
}

TESTING void *testing_serve(void *arg)
{
    testing_peer peer = *(testing_peer *)arg;
    char *text = malloc(TESTING_REQUEST_BYTES), target[2048];
    free(arg);
    while (text && testing_read(peer.fd, text)) {
        const char *path = strchr(text, ' ') + 1;
        snprintf(target, sizeof target, "%.*s", (int)strcspn(path, " \r\n"), path);
        testing_route route = testing_choose(peer.server, text, target);
        if (!testing_answer(peer.fd, &route, text)) break;
    }
    free(text);
    shutdown(peer.fd, SHUT_RDWR); /* closed with the server: a number in use again would be shut down twice */
    pthread_mutex_lock(&peer.server->lock);
    peer.server->running--;
    pthread_mutex_unlock(&peer.server->lock);
    return NULL;
}

TESTING void *testing_listen(void *arg)
{
    testing_server *server = arg;
    for (int fd; (fd = accept(server->listener, NULL, NULL)) >= 0;) {
        testing_peer *peer = malloc(sizeof *peer);
        pthread_t thread;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); /* head and body are two packets */
        pthread_mutex_lock(&server->lock);
        bool take = peer && !server->stopping && server->n_peers < TESTING_PEERS;
        if (take) {
            *peer = (testing_peer){server, fd};
            server->peer[server->n_peers++] = fd;
            server->connections++;
            take = pthread_create(&thread, NULL, testing_serve, peer) == 0 && pthread_detach(thread) == 0;
            server->running += take;
        }
        pthread_mutex_unlock(&server->lock);
        if (!take) free(peer);
    }
    return NULL;
}

/* Any route list that ends with {0}; it is borrowed. */
TESTING testing_server *testing_server_start(const testing_route *route)
{
    testing_server *server = calloc(1, sizeof *server);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof at;
    assert_non_null(server);
    signal(SIGPIPE, SIG_IGN);
    unsetenv("http_proxy"); /* a proxy of this machine does not reach this server */
    unsetenv("https_proxy");
    unsetenv("all_proxy");
    server->route = route;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(server->listener, 64), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&at, &size), 0);
    server->port = ntohs(at.sin_port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", server->port);
    pthread_mutex_init(&server->lock, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, testing_listen, server), 0);
    return server;
}

/* How many requests came whose "PATH?QUERY" matches. */
TESTING int testing_hits(testing_server *server, const char *pattern)
{
    int hits = 0;
    char target[2048];
    pthread_mutex_lock(&server->lock);
    for (size_t k = 0; k < server->n; k++) {
        const char *path = strchr(server->request[k], ' ') + 1;
        snprintf(target, sizeof target, "%.*s", (int)strcspn(path, " \r\n"), path);
        hits += fnmatch(pattern, target, 0) == 0;
    }
    pthread_mutex_unlock(&server->lock);
    return hits;
}

/* Does any request, head or body, hold this word? */
TESTING bool testing_saw(testing_server *server, const char *word)
{
    bool saw = false;
    pthread_mutex_lock(&server->lock);
    for (size_t k = 0; k < server->n; k++) saw = saw || strstr(server->request[k], word);
    pthread_mutex_unlock(&server->lock);
    return saw;
}

TESTING void testing_server_stop(testing_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (bool running = true; running;) {
        pthread_mutex_lock(&server->lock);
        server->stopping = true;
        running = server->running > 0;
        for (int k = 0; k < server->n_peers; k++) shutdown(server->peer[k], SHUT_RDWR);
        pthread_mutex_unlock(&server->lock);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    for (int k = 0; k < server->n_peers; k++) close(server->peer[k]);
    for (size_t k = 0; k < server->n; k++) free(server->request[k]);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

#endif
