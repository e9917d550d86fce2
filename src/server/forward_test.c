/* Tests of commands that go to the server: the same rows, files handed over, cancelling, who is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/forward.h"
#include "server/testing.h"

#include "io/local_socket.h"
#include "ops/ops.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int set_up(void **state)
{
    static testing_server t;
    *state = &t;
    if (!testing_begin(&t)) return -1;
    return testing_start(&t) ? 0 : -1;
}

static int tear_down(void **state)
{
    testing_end(*state);
    return 0;
}

static const mt_op *op_of(const char *name)
{
    const mt_op *op = mt_ops_find(name);
    if (!op) fail_msg("there is no operation %s", name);
    return op;
}

/* What stands in a file, with a final 0. */
static char *text_of(int fd)
{
    static char text[1 << 20];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    text[n < 0 ? 0 : n] = 0;
    return text;
}

static int memory(void)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static mt_code forward(testing_server *t, const char *op, const mt_given *given, size_t n,
                       const mt_result_place *place)
{
    bool served = false;
    mt_code code = mt_forward_op(&t->cx, &served, t->socket_path, op_of(op), given, n, place);
    assert_true(served);
    return code;
}

static void forward__gives_the_rows_of_the_server(void **state)
{
    testing_server *t = *state;
    const mt_given given[] = {{"day", "2025-06-08"}, {"step", "1h"}};
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    assert_int_equal(forward(t, "calendar.periods", given, 2, &place), MT_OK);
    assert_int_equal(
        strncmp(text_of(place.fd), "period,start,end,local,offset_h\n1,2025-06-07T22:00:00Z,", 55), 0);
    close(place.fd);
    place.fd = memory();
    assert_int_equal(forward(t, "data.datasets", NULL, 0, &place), MT_OK); /* from its store */
    assert_int_equal(strncmp(text_of(place.fd), "name,kind,source,", 17), 0);
    close(place.fd);
}

static void forward__brings_the_sentence_and_the_code_of_a_failure(void **state)
{
    testing_server *t = *state;
    const mt_given given = {"day", "soon"};
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    assert_int_equal(forward(t, "calendar.periods", &given, 1, &place), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "soon"));
    assert_string_equal(text_of(place.fd), "");
    close(place.fd);
}

static const char orders[] = "Timestamp,Price,Volume,Sell_Buy\n"
                             "2024-01-01 00:02:22+01:00,62.03,10.5,buy\n"
                             "2024-01-01 00:05:00+01:00,40.00,12.5,sell\n";

static void forward__hands_over_inputs_and_writes_files_whole(void **state)
{
    testing_server *t = *state;
    char input[128], output[128];
    snprintf(input, sizeof input, "%s/orders.csv", t->dir);
    snprintf(output, sizeof output, "%s/cleared.csv", t->dir);
    write_file(input, orders);
    const mt_given given = {"orders", input};
    mt_result_place place = {.format = MT_FORMAT_CSV, .path = output, .fd = -1, .head_fd = memory()};
    if (forward(t, "market.clear", &given, 1, &place) != MT_OK) fail_msg("%s", t->cx.err);
    int fd = open(output, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_non_null(strstr(text_of(fd), "2023-12-31T23:00:00Z"));
    close(fd);
    const mt_given missing = {"orders", "/nowhere/orders.csv"};
    assert_int_equal(forward(t, "market.clear", &missing, 1, &place), MT_E_ABSENT);
    const mt_given empty = {"orders", "/dev/null"};
    unlink(output);
    assert_int_not_equal(forward(t, "market.clear", &empty, 1, &place), MT_OK);
    assert_int_equal(access(output, F_OK), -1); /* what failed leaves no file */
    close(place.head_fd);
}

static void forward__names_outputs_by_their_folder(void **state)
{
    testing_server *t = *state;
    char input[128], folder[128];
    snprintf(input, sizeof input, "%s/orders.csv", t->dir);
    write_file(input, orders);
    snprintf(folder, sizeof folder, "%s/parts", t->dir);
    const mt_given given[] = {{"orders", input}, {"into", folder}};
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    for (int k = 0; k < 2; k++) {
        if (forward(t, "data.partition", given, 2, &place) != MT_OK) fail_msg("%s", t->cx.err);
    }
    assert_int_equal(access(folder, F_OK), 0);
    close(place.fd);
}

static void forward__asks_the_store_in_sql(void **state)
{
    testing_server *t = *state;
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    bool served;
    assert_int_equal(mt_forward_sql(&t->cx, &served, t->socket_path, "SELECT 41 + 1 AS n", &place), MT_OK);
    assert_true(served);
    assert_string_equal(text_of(place.fd), "n\n42\n");
    assert_int_equal(mt_forward_sql(&t->cx, &served, t->socket_path, "DROP TABLE series", &place),
                     MT_E_DENIED);
    close(place.fd);
}

static void forward__carries_more_than_a_pipe_holds(void **state)
{
    testing_server *t = *state;
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    bool served;
    struct stat about;
    if (mt_forward_sql(&t->cx, &served, t->socket_path, "SELECT * FROM range(1000000)", &place) != MT_OK)
        fail_msg("%s", t->cx.err);
    assert_int_equal(fstat(place.fd, &about), 0);
    assert_in_range(about.st_size, 6888890, 6888920); /* the digits of 0 … 999,999, a line each, a name */
    close(place.fd);
}

struct stuck {
    const char *socket_path;
    int pipe[2];
    pthread_t thread;
};

static void *ask_and_not_read(void *arg)
{
    struct stuck *stuck = arg;
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = stuck->pipe[1], .head_fd = -1};
    mt_ctx cx;
    bool served;
    mt_ctx_init(&cx, NULL);
    mt_code code = mt_forward_sql(&cx, &served, stuck->socket_path, "SELECT * FROM range(1000000)", &place);
    mt_ctx_close(&cx);
    return code == MT_E_CANCELLED ? arg : NULL;
}

/* More commands than workers whose readers sleep; rows come in and others are answered all the same. */
static void forward__keeps_no_worker_behind_slow_readers(void **state)
{
    enum { N = 6 };
    testing_server *t = *state;
    struct stuck stuck[N];
    void *ended;
    for (int k = 0; k < N; k++) {
        stuck[k].socket_path = t->socket_path;
        assert_int_equal(pipe2(stuck[k].pipe, O_CLOEXEC), 0);
        assert_int_equal(pthread_create(&stuck[k].thread, NULL, ask_and_not_read, &stuck[k]), 0);
    }
    usleep(1500000);
    int64_t start = testing_now_us();
    testing_reply reply =
        testing_once(mt_server_address(t->server), "POST /write?db=b&precision=s", "", "m v=1 1749384000\n");
    assert_int_equal(reply.status, 204);
    testing_free(&reply);
    assert_in_range(testing_now_us() - start, 0, 1000000);
    reply =
        testing_once(mt_server_address(t->server), "GET /api/v1/calendar/periods?day=2025-06-08", "", NULL);
    assert_int_equal(reply.status, 200);
    testing_free(&reply);
    assert_in_range(testing_now_us() - start, 0, 2000000);
    for (int k = 0; k < N; k++) close(stuck[k].pipe[0]);
    for (int k = 0; k < N; k++) {
        pthread_join(stuck[k].thread, &ended);
        assert_non_null(ended);
        close(stuck[k].pipe[1]);
    }
}

static void *cancel_later(void *arg)
{
    usleep(200000);
    mt_ctx_cancel(arg);
    return NULL;
}

static void forward__stops_the_work_when_it_is_cancelled(void **state)
{
    testing_server *t = *state;
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = memory(), .head_fd = -1};
    pthread_t thread;
    mt_ctx cx;
    bool served;
    mt_ctx_init(&cx, NULL);
    int64_t start = testing_now_us();
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, &cx), 0);
    mt_code code =
        mt_forward_sql(&cx, &served, t->socket_path,
                       "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", &place);
    pthread_join(thread, NULL);
    assert_int_equal(code, MT_E_CANCELLED);
    assert_in_range(testing_now_us() - start, 150000, 3000000);
    mt_ctx_close(&cx);
    close(place.fd);
}

static void forward__does_it_itself_where_nobody_listens(void **state)
{
    testing_server *t = *state;
    mt_result_place place = {.format = MT_FORMAT_CSV, .fd = -1, .head_fd = -1};
    bool served = true;
    testing_stop(t);
    assert_int_equal(access(t->socket_path, F_OK), -1);
    assert_int_equal(mt_forward_op(&t->cx, &served, t->socket_path, op_of("data.datasets"), NULL, 0, &place),
                     MT_OK);
    assert_false(served);
}

/* The socket's mode keeps others out; where it does not (an administrator changed it), the server does. */
static void forward__serves_no_other_user(void **state)
{
    testing_server *t = *state;
    const struct passwd *other = getpwnam("nobody");
    if (geteuid() != 0 || !other) {
        print_message("skipped: only root can be somebody else\n");
        skip();
    }
    assert_int_equal(chmod(t->dir, 0755), 0);
    assert_int_equal(chmod(t->socket_path, 0666), 0);
    pid_t pid = fork();
    if (pid == 0) {
        mt_ctx cx;
        int fd = -1;
        char byte;
        mt_ctx_init(&cx, NULL);
        if (setgroups(0, NULL) != 0 || setgid(other->pw_gid) != 0 || setuid(other->pw_uid) != 0) _exit(3);
        if (mt_local_connect(&cx, &fd, t->socket_path) != MT_OK) _exit(4);
        struct pollfd wanted = {.fd = fd, .events = POLLIN};
        int ready = poll(&wanted, 1, 5000);
        _exit(ready == 1 && recv(fd, &byte, 1, 0) <= 0 ? 0 : 5);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void forward__finds_the_socket_beside_the_store(void **state)
{
    testing_server *t = *state;
    const char *path;
    char url[400], link[160], want[200];
    assert_int_equal(mt_forward_path(&t->cx, &path, t->url, NULL, false), MT_OK);
    assert_string_equal(path, t->socket_path);
    snprintf(link, sizeof link, "%s/link.duckdb", t->dir);
    assert_int_equal(symlink(t->url + 7, link), 0);
    snprintf(url, sizeof url, "duckdb:%s", link);
    assert_int_equal(mt_forward_path(&t->cx, &path, url, NULL, false), MT_OK);
    assert_string_equal(path, t->socket_path); /* another name, the same file */
    snprintf(url, sizeof url, "duckdb:%s/%0120d", t->dir, 7);
    assert_int_equal(mt_forward_path(&t->cx, &path, url, t->dir, false), MT_OK);
    snprintf(want, sizeof want, "%s/merit-", t->dir);
    assert_int_equal(strncmp(path, want, strlen(want)), 0);
    assert_true(mt_local_fits(path));
    assert_int_equal(mt_forward_path(&t->cx, &path, "postgres://x", NULL, false), MT_OK);
    assert_null(path);
    assert_int_equal(mt_forward_path(&t->cx, &path, "duckdb::memory:", NULL, false), MT_OK);
    assert_null(path);
}

static void local__survives_those_who_hang_up_or_say_nonsense(void **state)
{
    testing_server *t = *state;
    mt_local_message message;
    int fd;
    for (int k = 0; k < 20; k++) {
        assert_int_equal(mt_local_connect(&t->cx, &fd, t->socket_path), MT_OK);
        if (k % 2)
            assert_int_equal(mt_local_send(&t->cx, fd, mt_text_of("{\"sql\":\"SELECT 1\"}"), NULL, 0), MT_OK);
        if (k % 4 == 3) {
            assert_int_equal(mt_local_receive(&t->cx, &message, fd, 5000000), MT_OK);
            assert_non_null(strstr(message.text.at, "MT_E_INPUT"));
            mt_local_message_close(&message);
        }
        close(fd);
    }
    forward__gives_the_rows_of_the_server(state);
}

static void local__replaces_the_socket_of_a_dead_server(void **state)
{
    testing_server *t = *state;
    int dead;
    testing_stop(t);
    assert_int_equal(mt_local_listen(&t->cx, &dead, t->socket_path), MT_OK);
    mt_server *second;
    assert_int_equal(mt_server_open(&t->cx, &second, &t->options), MT_E_CONFLICT); /* somebody listens */
    close(dead);
    assert_int_equal(access(t->socket_path, F_OK), 0);
    assert_true(testing_start(t));
    forward__gives_the_rows_of_the_server(state);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(forward__gives_the_rows_of_the_server),
        WITH(forward__brings_the_sentence_and_the_code_of_a_failure),
        WITH(forward__hands_over_inputs_and_writes_files_whole),
        WITH(forward__names_outputs_by_their_folder),
        WITH(forward__asks_the_store_in_sql),
        WITH(forward__carries_more_than_a_pipe_holds),
        WITH(forward__keeps_no_worker_behind_slow_readers),
        WITH(forward__stops_the_work_when_it_is_cancelled),
        WITH(forward__does_it_itself_where_nobody_listens),
        WITH(forward__serves_no_other_user),
        WITH(forward__finds_the_socket_beside_the_store),
        WITH(local__survives_those_who_hang_up_or_say_nonsense),
        WITH(local__replaces_the_socket_of_a_dead_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
