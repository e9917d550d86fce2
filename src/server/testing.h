/* What the tests of this folder share: a folder with a store, and a server on its thread.
 *
 * Purpose   Included by tests and benchmarks only, in tests after cmocka.h. Ports are free ones of the
 *           loopback.
 */
#ifndef MT_SERVER_TESTING_H
#define MT_SERVER_TESTING_H

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>

#include "server/http_case.h"
#include "server/server.h"

typedef struct testing_server {
    mt_ctx cx, run_cx;
    char dir[64], url[128], socket_path[128];
    mt_time now; /* atomic */
    mt_world *world;
    mt_server *server;
    mt_server_options options;
    pthread_t thread;
    mt_code ran;
    bool running;
    char log[4096]; /* the last line */
} testing_server;

TESTING mt_time testing_clock(void *arg)
{
    return __atomic_load_n((mt_time *)arg, __ATOMIC_RELAXED);
}

TESTING void testing_log(void *arg, mt_log_level level, const char *text)
{
    testing_server *t = arg;
    (void)level;
    snprintf(t->log, sizeof t->log, "%s", text);
}

TESTING int testing_remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

/* A folder, a world with an empty store, and usual options that a test may change before the start. */
TESTING bool testing_begin(testing_server *t)
{
    memset(t, 0, sizeof *t);
    signal(SIGPIPE, SIG_IGN);
    mt_ctx_init(&t->cx, NULL);
    snprintf(t->dir, sizeof t->dir, "/tmp/merit-server-XXXXXX");
    if (!mkdtemp(t->dir)) return false;
    snprintf(t->url, sizeof t->url, "duckdb:%s/m.duckdb", t->dir);
    snprintf(t->socket_path, sizeof t->socket_path, "%s/m.duckdb.sock", t->dir);
    t->now = (mt_time)1749384000 * MT_US_SECOND; /* 2025-06-08T12:00:00Z */
    mt_world_options world = {.size = sizeof world,
                              .store_url = t->url,
                              .now = testing_clock,
                              .arg = &t->now,
                              .role = MT_ADMIN,
                              .workers = 2};
    t->options = (mt_server_options){.size = sizeof t->options,
                                     .listen = "127.0.0.1:0",
                                     .socket_path = t->socket_path,
                                     .log = testing_log,
                                     .log_arg = t};
    return mt_world_open(&t->cx, &t->world, &world) == MT_OK;
}

TESTING void *testing_run(void *arg)
{
    testing_server *t = arg;
    t->ran = mt_server_run(&t->run_cx, t->server);
    return NULL;
}

/* Opened, run on a thread, and ready. */
TESTING bool testing_start(testing_server *t)
{
    t->options.world = t->world;
    mt_ctx_init(&t->run_cx, NULL);
    if (mt_server_open(&t->cx, &t->server, &t->options) != MT_OK) {
        fprintf(stderr, "%s\n", t->cx.err);
        return false;
    }
    if (pthread_create(&t->thread, NULL, testing_run, t) != 0) return false;
    t->running = true;
    for (int k = 0; k < 1500 && !mt_server_is_ready(t->server); k++) usleep(10000);
    return mt_server_is_ready(t->server);
}

TESTING void testing_stop(testing_server *t)
{
    if (t->running) {
        mt_ctx_cancel(&t->run_cx);
        pthread_join(t->thread, NULL);
        t->running = false;
    }
    mt_server_close(t->server);
    t->server = NULL;
    mt_ctx_close(&t->run_cx);
}

TESTING void testing_end(testing_server *t)
{
    if (t->server) testing_stop(t);
    mt_world_close(t->world);
    mt_ctx_close(&t->cx);
    nftw(t->dir, testing_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
