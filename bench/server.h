/* A private PostgreSQL server for a benchmark: on a Unix socket in a folder of its own, with fsync on.
 *
 * Purpose   Started by a benchmark and stopped by it; the kernel stops it when the benchmark dies.
 * Errors    False where its programs are not installed or it does not come up; DIR/log has its words.
 */
#ifndef MT_BENCH_SERVER_H
#define MT_BENCH_SERVER_H

#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POSTGRES_BIN "/usr/lib/postgresql/15/bin"

typedef struct bench_server {
    pid_t pid; /* 0: none */
    char url[128];
} bench_server;

/* As a user that is allowed to. */
static inline pid_t bench_start_program(const char *dir, const char *const *argv)
{
    pid_t pid = fork();
    if (pid != 0) return pid;
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    char log[64];
    snprintf(log, sizeof log, "%s/log", dir);
    if (user && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (!freopen(log, "a", stdout) || !freopen(log, "a", stderr) || chdir(dir) != 0) _exit(126);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static inline bool bench_wait_program(pid_t pid)
{
    int status = 0;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline bool bench_server_start(bench_server *server, const char *dir)
{
    char data[64];
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (access(POSTGRES_BIN "/initdb", X_OK) != 0 || (geteuid() == 0 && !user)) return false;
    if (user && chown(dir, user->pw_uid, user->pw_gid) != 0) return false;
    snprintf(data, sizeof data, "%s/data", dir);
    snprintf(server->url, sizeof server->url, "postgresql:///postgres?host=%s&user=merit", dir);
    const char *init[] = {POSTGRES_BIN "/initdb", "-D", data, "-U", "merit", "-A", "trust", "-E", "UTF8",
                          "--locale=C.UTF-8",     NULL};
    const char *begin[] = {POSTGRES_BIN "/postgres",
                           "-D",
                           data,
                           "-k",
                           dir,
                           "-c",
                           "listen_addresses=",
                           "-c",
                           "shared_buffers=256MB",
                           "-c",
                           "max_wal_size=2GB",
                           NULL};
    const char *ready[] = {POSTGRES_BIN "/pg_isready", "-q", "-h", dir, "-U", "merit", NULL};
    if (!bench_wait_program(bench_start_program(dir, init))) return false;
    server->pid = bench_start_program(dir, begin);
    for (int k = 0; server->pid > 0 && k < 100; k++) {
        if (bench_wait_program(bench_start_program(dir, ready))) return true;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    return false;
}

static inline void bench_server_stop(bench_server *server)
{
    if (server->pid <= 0) return;
    kill(server->pid, SIGQUIT); /* at once */
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

#endif
