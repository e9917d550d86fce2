/* What tests of streams share: real parts that are started and stopped, and a log that can be asked.
 *
 * Purpose   Included by tests only, after cmocka.h. A part is a process of its own that dies with the test:
 *           the mock Kafka cluster (tests/broker), or mosquitto on a free port. A real Kafka is used instead
 *           of the mock where MERIT_TEST_KAFKA names its HOST:PORT.
 */
#ifndef MT_STREAM_TESTING_H
#define MT_STREAM_TESTING_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stream/clock.h"
#include "stream/list.h"

#define TESTING __attribute__((unused)) static

/* --- a context whose log can be asked ------------------------------------------------------------------ */

typedef struct testing_log {
    size_t used;
    char text[65536];
} testing_log;

TESTING void testing_hear(void *arg, mt_log_level level, const char *text)
{
    testing_log *log = arg;
    size_t room = sizeof log->text - log->used;
    int n = snprintf(log->text + log->used, room, "%d %s\n", (int)level, text);
    if (n > 0 && (size_t)n < room) log->used += (size_t)n;
    if (getenv("MERIT_TEST_LOG")) print_message("%s\n", text);
}

TESTING int64_t testing_clock(void *arg)
{
    (void)arg;
    return mt_stream_monotonic_us();
}

TESTING void testing_ctx(mt_ctx *cx, testing_log *log)
{
    mt_ctx_options options = {
        .size = sizeof options, .log = log ? testing_hear : NULL, .monotonic_us = testing_clock, .arg = log};
    if (log) log->used = 0, log->text[0] = 0;
    mt_ctx_init(cx, &options);
}

#define TESTING_OK(cx, call)                                                                                 \
    do {                                                                                                     \
        if ((call) != MT_OK) fail_msg("%s", (cx)->err);                                                      \
    } while (0)

/* --- folders, names, ports ----------------------------------------------------------------------------- */

TESTING int testing_unlink_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

TESTING void testing_make_dir(char dir[64])
{
    snprintf(dir, 64, "/tmp/merit-stream-XXXXXX");
    assert_non_null(mkdtemp(dir));
}

TESTING void testing_remove_dir(const char *dir)
{
    nftw(dir, testing_unlink_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A name that no other test and no earlier run on the same broker has. */
TESTING void testing_name(char out[64], const char *stem)
{
    uint64_t chance = 0;
    assert_int_equal(getrandom(&chance, sizeof chance, 0), sizeof chance);
    snprintf(out, 64, "%s-%016llx", stem, (unsigned long long)chance);
}

TESTING int testing_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
    if (bind(fd, (struct sockaddr *)&address, length) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &length) == 0)
        port = ntohs(address.sin_port);
    close(fd);
    return port;
}

TESTING void testing_sleep_ms(int ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) continue;
}

TESTING void testing_write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* --- processes ----------------------------------------------------------------------------------------- */

typedef struct testing_part {
    pid_t pid;         /* 0: none */
    FILE *to, *from;   /* NULL: not connected */
    char address[256]; /* "127.0.0.1:1883" */
} testing_part;

/* The child's side: it dies with the test. */
TESTING void testing_become(const char *const *argv, int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(in >= 0 ? in : nowhere, 0);
    dup2(out >= 0 ? out : nowhere, 1);
    dup2(nowhere, 2);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

TESTING void testing_stop(testing_part *part, int sig)
{
    if (part->to) fclose(part->to);
    if (part->from) fclose(part->from);
    part->to = part->from = NULL;
    if (part->pid > 0) {
        kill(part->pid, sig);
        waitpid(part->pid, NULL, 0);
    }
    part->pid = 0;
}

/* The Kafka library starts its threads with thrd_create, which ThreadSanitizer does not know: such a thread
 * dies at its first lock. */
#if defined(__SANITIZE_THREAD__)
#define TESTING_NO_KAFKA 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TESTING_NO_KAFKA 1
#endif
#endif
#ifndef TESTING_NO_KAFKA
#define TESTING_NO_KAFKA 0
#endif

/* --- the Kafka cluster --------------------------------------------------------------------------------- */

TESTING bool testing_start_mock(testing_part *part, const char *brokers)
{
    char path[512], line[256];
    int in[2], out[2];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
    if (n <= 0 || TESTING_NO_KAFKA) return false;
    path[n] = 0;
    snprintf(strrchr(path, '/'), 16, "/mock_broker");
    if (access(path, X_OK) != 0 || pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return false;
    const char *argv[] = {path, brokers, NULL};
    part->pid = fork();
    if (part->pid == 0) testing_become(argv, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    part->to = fdopen(in[1], "w");
    part->from = fdopen(out[0], "r");
    if (!fgets(line, sizeof line, part->from) || strncmp(line, "bootstrap ", 10) != 0) return false;
    line[strcspn(line, "\n")] = 0;
    snprintf(part->address, sizeof part->address, "%s", line + 10);
    return true;
}

TESTING void testing_say(testing_part *part, const char *command)
{
    char answer[256] = "nothing";
    fprintf(part->to, "%s\n", command);
    fflush(part->to);
    if (!fgets(answer, sizeof answer, part->from) || strcmp(answer, "ok\n") != 0)
        fail_msg("the mock broker does not take '%s': %s", command, answer);
}

/* The real one that the environment names, or the mock. */
TESTING bool testing_start_kafka(testing_part *part)
{
    const char *real = getenv("MERIT_TEST_KAFKA");
    memset(part, 0, sizeof *part);
    if (!real || !*real || TESTING_NO_KAFKA) return testing_start_mock(part, "2");
    snprintf(part->address, sizeof part->address, "%s", real);
    return true;
}

/* --- mosquitto ----------------------------------------------------------------------------------------- */

TESTING bool testing_is_open(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_port = htons((uint16_t)port);
    bool open = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return open;
}

/* On the port in `part->address` when it has one, so that a broker can come back. It keeps sessions in `dir`.
 * `more` is further configuration. */
TESTING bool testing_start_mosquitto(testing_part *part, const char *dir, const char *more)
{
    char path[128], text[1024];
    int port = *part->address ? (int)strtol(strrchr(part->address, ':') + 1, NULL, 10) : testing_free_port();
    if (access("/usr/sbin/mosquitto", X_OK) != 0) return false;
    snprintf(path, sizeof path, "%s/mosquitto.conf", dir);
    snprintf(text, sizeof text,
             "listener %d 127.0.0.1\nallow_anonymous %s\npersistence true\npersistence_location %s/\n"
             "autosave_interval 1\nmax_queued_messages 0\nuser root\n%s",
             port, strstr(more, "password_file") ? "false" : "true", dir, more);
    testing_write_file(path, text);
    const char *argv[] = {"/usr/sbin/mosquitto", "-c", path, NULL};
    snprintf(part->address, sizeof part->address, "127.0.0.1:%d", port);
    part->pid = fork();
    if (part->pid == 0) testing_become(argv, -1, -1);
    for (int k = 0; k < 100 && !testing_is_open(port); k++) testing_sleep_ms(50);
    return testing_is_open(port);
}

#endif
