/* Programs that the campaign starts: consumers, the mock broker, a private database server. */
#include "faults/process.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POSTGRES "/usr/lib/postgresql/15/bin"

enum { COMMAND_MS = 60000 };

void die(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("faults: ", stdout);
    vprintf(format, values);
    fputs("\n", stdout);
    va_end(values);
    exit(1);
}

void sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- children ---------------------------------------------------------------------------------------- */

/* In the child: nobody outlives the campaign. */
static void become(const char *const *argv, const char *log, const struct passwd *user)
{
    int fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;
    if (fd >= 0 && (dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)) _exit(126);
    if (user && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0 || chdir("/") != 0)) _exit(126);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

void child_start(fault_child *child, const char *const *argv, const char *log)
{
    child->status = 0;
    child->pid = fork();
    if (child->pid < 0) die("%s cannot be started", argv[0]);
    if (child->pid > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    become(argv, log, NULL);
}

bool child_ended(fault_child *child)
{
    if (child->pid == 0) return true;
    if (waitpid(child->pid, &child->status, WNOHANG) != child->pid) return false;
    child->pid = 0;
    return true;
}

void child_wait(fault_child *child, int64_t ms)
{
    int64_t until = clock_ms() + ms;
    while (!child_ended(child)) {
        if (clock_ms() > until) {
            kill(child->pid, SIGKILL);
            die("process %ld did not end within %lld s", (long)child->pid, (long long)ms / 1000);
        }
        sleep_ms(2);
    }
}

bool child_killed(const fault_child *child)
{
    return WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGKILL;
}

void child_end(fault_child *child)
{
    kill(child->pid, SIGKILL);
    child_wait(child, COMMAND_MS);
}

void child_stop(fault_child *child, int64_t ms)
{
    if (child->pid == 0) return;
    kill(child->pid, SIGTERM);
    child_wait(child, ms);
    if (!WIFEXITED(child->status) || WEXITSTATUS(child->status) != 0)
        die("a consumer that was asked to end did so with status %d", child->status);
}

/* --- the mock broker --------------------------------------------------------------------------------- */

void broker_start(fault_broker *broker, const char *program, int brokers)
{
    int to[2], from[2];
    char number[16], line[256];
    snprintf(number, sizeof number, "%d", brokers);
    const char *const argv[] = {program, number, NULL};
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) die("no pipe for the broker");
    broker->pid = fork();
    if (broker->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (dup2(to[0], STDIN_FILENO) < 0 || dup2(from[1], STDOUT_FILENO) < 0) _exit(126);
        become(argv, NULL, NULL);
    }
    close(to[0]);
    close(from[1]);
    broker->to = fdopen(to[1], "w");
    broker->from = fdopen(from[0], "r");
    if (!fgets(line, sizeof line, broker->from) || strncmp(line, "bootstrap ", 10) != 0)
        die("the mock broker %s does not start", program);
    line[strcspn(line, "\n")] = 0;
    snprintf(broker->url, sizeof broker->url, "kafka://%s", line + 10);
}

void broker_tell(fault_broker *broker, const char *command)
{
    char line[256];
    fprintf(broker->to, "%s\n", command);
    fflush(broker->to);
    if (!fgets(line, sizeof line, broker->from) || strncmp(line, "ok", 2) != 0)
        die("the mock broker says to \"%s\": %s", command, line);
}

void broker_stop(fault_broker *broker)
{
    int status;
    fclose(broker->to);
    waitpid(broker->pid, &status, 0);
    fclose(broker->from);
}

/* --- the database server ----------------------------------------------------------------------------- */

static const struct passwd *server_user(void)
{
    return geteuid() == 0 ? getpwnam("postgres") : NULL;
}

bool server_is_there(void)
{
    return access(POSTGRES "/initdb", X_OK) == 0 && (geteuid() != 0 || server_user());
}

static void server_run(const fault_server *server, const char *const *argv)
{
    char log[100];
    fault_child run = {.pid = fork()};
    snprintf(log, sizeof log, "%s/log", server->dir);
    if (run.pid == 0) become(argv, log, server_user());
    child_wait(&run, COMMAND_MS);
    if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != 0)
        die("%s ended with status %d, see %s", argv[0], run.status, log);
}

void server_make(fault_server *server, const char *dir)
{
    char data[100];
    const struct passwd *user = server_user();
    *server = (fault_server){.runs = false};
    snprintf(server->dir, sizeof server->dir, "%s/server", dir);
    snprintf(server->url, sizeof server->url, "postgresql:///postgres?host=%s&user=merit", server->dir);
    snprintf(data, sizeof data, "%s/data", server->dir);
    if (mkdir(server->dir, 0755) != 0) die("no folder %s", server->dir);
    if (user && chown(server->dir, user->pw_uid, user->pw_gid) != 0) die("no owner for %s", server->dir);
    const char *const init[] = {
        POSTGRES "/initdb", "-D", data, "-U", "merit", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8", NULL};
    server_run(server, init);
    server_start(server);
}

void server_start(fault_server *server)
{
    char data[100], options[200];
    snprintf(data, sizeof data, "%s/data", server->dir);
    snprintf(options, sizeof options, "-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=off",
             server->dir);
    const char *const start[] = {POSTGRES "/pg_ctl", "-D", data, "-w", "-o", options, "start", NULL};
    server_run(server, start);
    server->runs = true;
}

void server_stop(fault_server *server)
{
    char data[100];
    snprintf(data, sizeof data, "%s/data", server->dir);
    const char *const stop[] = {POSTGRES "/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", NULL};
    if (server->runs) server_run(server, stop);
    server->runs = false;
}
