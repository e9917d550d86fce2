/* What the tests of this folder share: a temporary folder, a store on each engine, a private database server.
 *
 * Purpose   Included by tests only, after cmocka.h. The server is PostgreSQL on a Unix socket in the
 *           temporary folder, started and stopped by the test; without its programs the tests that need it
 *           are skipped and say so.
 */
#ifndef MT_STORE_TESTING_H
#define MT_STORE_TESTING_H

#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rows/table.h"
#include "store/list.h"
#include "store/store.h"

#define POSTGRES_BIN "/usr/lib/postgresql/15/bin"

typedef struct testing {
    const mt_backend *backend;
    char dir[64];
    char url[256];
    bool server; /* runs */
    mt_ctx cx;
    mt_store *store;
} testing;

__attribute__((unused)) static int testing_remove_one(const char *path, const struct stat *st, int type,
                                                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

__attribute__((unused)) static void testing_remove(const char *dir)
{
    nftw(dir, testing_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Runs a program of the server as a user that is allowed to; its words go to DIR/log. */
__attribute__((unused)) static int testing_run(const testing *t, const char *const *argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
        if (user && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
        char log[96];
        snprintf(log, sizeof log, "%s/log", t->dir);
        if (!freopen(log, "a", stdout) || !freopen(log, "a", stderr) || chdir(t->dir) != 0) _exit(126);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

__attribute__((unused)) static bool testing_start_server(testing *t)
{
    char data[96], options[160];
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (access(POSTGRES_BIN "/initdb", X_OK) != 0 || (geteuid() == 0 && !user)) return false;
    if (user && chown(t->dir, user->pw_uid, user->pw_gid) != 0) return false;
    snprintf(data, sizeof data, "%s/data", t->dir);
    snprintf(options, sizeof options, "-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=off",
             t->dir);
    const char *init[] = {
        POSTGRES_BIN "/initdb", "-D", data, "-U", "merit", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8",     NULL};
    const char *start[] = {POSTGRES_BIN "/pg_ctl", "-D", data, "-w", "-o", options, "start", NULL};
    const char *role[] = {POSTGRES_BIN "/createuser", "-h", t->dir, "-U", "merit", "trader", NULL};
    const char *own[] = {
        POSTGRES_BIN "/createdb", "-h", t->dir, "-U", "merit", "-O", "trader", "market", NULL};
    if (testing_run(t, init) != 0 || testing_run(t, start) != 0) return false;
    t->server = true;
    if (testing_run(t, role) != 0 || testing_run(t, own) != 0) return false;
    snprintf(t->url, sizeof t->url, "postgresql:///market?host=%s&user=trader", t->dir); /* no superuser */
    return true;
}

__attribute__((unused)) static void testing_stop_server(testing *t)
{
    char data[96];
    snprintf(data, sizeof data, "%s/data", t->dir);
    const char *stop[] = {POSTGRES_BIN "/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", NULL};
    if (t->server) testing_run(t, stop);
    t->server = false;
}

/* A folder and a url; false when the engine's server is not there. */
__attribute__((unused)) static bool testing_begin(testing *t, const mt_backend *backend)
{
    memset(t, 0, sizeof *t);
    t->backend = backend;
    snprintf(t->dir, sizeof t->dir, "/tmp/merit-store-XXXXXX");
    if (!mkdtemp(t->dir)) return false;
    mt_ctx_init(&t->cx, NULL);
    if (strcmp(backend->name, "postgres") == 0) return testing_start_server(t);
    snprintf(t->url, sizeof t->url, "duckdb:%s/store", t->dir);
    return true;
}

__attribute__((unused)) static void testing_end(testing *t)
{
    mt_store_close(t->store);
    mt_ctx_close(&t->cx);
    testing_stop_server(t);
    testing_remove(t->dir);
}

__attribute__((unused)) static mt_code testing_open(testing *t)
{
    mt_store_options options = {.size = sizeof options, .url = t->url, .temp_dir = "/tmp", .wait_us = -1};
    return mt_store_open(&t->cx, &t->store, &options);
}

/* The whole result in memory; fails the test with the store's sentence. */
__attribute__((unused)) static mt_table *testing_query(testing *t, const char *sql, const mt_param *param,
                                                       size_t n)
{
    mt_sink *sink;
    mt_table *table = NULL;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = mt_store_query(&t->cx, t->store, sql, param, n, sink);
    mt_sink_close(sink);
    if (code != MT_OK) fail_msg("%s: %s", sql, t->cx.err);
    return table;
}

__attribute__((unused)) static int64_t testing_count(testing *t, const char *sql)
{
    mt_table *table = testing_query(t, sql, NULL, 0);
    assert_int_equal(table->n, 1);
    return mt_table_get(table, 0, 0).as.integer;
}

__attribute__((unused)) static mt_code testing_run_text(mt_ctx *cx, mt_tx *tx, void *arg)
{
    return mt_tx_exec(cx, tx, NULL, arg, NULL, 0);
}

__attribute__((unused)) static mt_code testing_change(testing *t, const char *sql)
{
    return mt_store_write(&t->cx, t->store, testing_run_text, (void *)(uintptr_t)sql);
}

__attribute__((unused)) static void testing_must(testing *t, const char *sql)
{
    if (testing_change(t, sql) != MT_OK) fail_msg("%s: %s", sql, t->cx.err);
}

__attribute__((unused)) static int testing_set_up(testing *t)
{
    if (testing_open(t) != MT_OK) {
        print_error("%s\n", t->cx.err);
        return -1;
    }
    testing_must(
        t, "CREATE TABLE price_test (place BIGINT, start TIMESTAMPTZ, price DOUBLE PRECISION, volume BIGINT, "
           "note TEXT, flag BOOLEAN)");
    return 0;
}

/* Every test starts with an empty table; a store that a test closed is opened again. */
__attribute__((unused)) static int testing_clear(void **state)
{
    testing *t = *state;
    if (!t->store && testing_open(t) != MT_OK) return -1;
    testing_must(t, "DELETE FROM price_test");
    return 0;
}

/* Runs the group once for every engine whose server is there; the number of failures. */
__attribute__((unused)) static int testing_every_engine(const struct CMUnitTest *tests, size_t n,
                                                        const char *name)
{
    static const mt_backend *const backends[] = {
#define BACKEND_ROW(symbol) &symbol,
        MT_BACKEND_LIST(BACKEND_ROW)
#undef BACKEND_ROW
    };
    int failed = 0;
    for (size_t k = 0; k < sizeof backends / sizeof *backends; k++) {
        testing t;
        struct CMUnitTest with_state[64];
        char title[64];
        if (!testing_begin(&t, backends[k])) {
            print_message("skipped on %s: its server programs are not installed\n", backends[k]->name);
        } else if (testing_set_up(&t) != 0) {
            failed++;
        } else {
            for (size_t i = 0; i < n; i++) {
                with_state[i] = tests[i];
                with_state[i].initial_state = &t;
            }
            snprintf(title, sizeof title, "%s on %s", name, backends[k]->name);
            failed += _cmocka_run_group_tests(title, with_state, n, NULL, NULL);
        }
        testing_end(&t);
    }
    return failed;
}

#endif
