/* Tests of local sockets: whole messages, passed files, dead and living servers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/local_socket.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    mt_ctx cx;
    char dir[64], path[96];
};

static int set_up(void **state)
{
    static struct fixture f;
    mt_ctx_init(&f.cx, NULL);
    snprintf(f.dir, sizeof f.dir, "/tmp/merit-local-XXXXXX");
    if (!mkdtemp(f.dir)) return -1;
    snprintf(f.path, sizeof f.path, "%s/a.sock", f.dir);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    rmdir(f->dir);
    mt_ctx_close(&f->cx);
    return 0;
}

/* Both ends of a connection. */
static void connect_both(struct fixture *f, int *listening, int *client, int *server)
{
    assert_int_equal(mt_local_listen(&f->cx, listening, f->path), MT_OK);
    assert_int_equal(mt_local_connect(&f->cx, client, f->path), MT_OK);
    assert_int_equal(mt_local_accept(&f->cx, server, *listening), MT_OK);
    assert_true(*server >= 0);
}

static void local_socket__only_its_owner_may_open_it(void **state)
{
    struct fixture *f = *state;
    struct stat about;
    int fd;
    assert_int_equal(mt_local_listen(&f->cx, &fd, f->path), MT_OK);
    assert_int_equal(stat(f->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    mt_local_unlisten(fd, f->path);
    assert_int_equal(access(f->path, F_OK), -1);
}

static void local_socket__replaces_a_dead_server_but_not_a_living_one(void **state)
{
    struct fixture *f = *state;
    int dead, living, other;
    assert_int_equal(mt_local_listen(&f->cx, &dead, f->path), MT_OK);
    close(dead); /* the path stays, as after kill -9 */
    assert_int_equal(access(f->path, F_OK), 0);
    assert_int_equal(mt_local_connect(&f->cx, &other, f->path), MT_E_ABSENT);
    assert_int_equal(mt_local_listen(&f->cx, &living, f->path), MT_OK);
    assert_int_equal(mt_local_listen(&f->cx, &other, f->path), MT_E_CONFLICT);
    assert_non_null(strstr(f->cx.err, f->path));
    mt_local_unlisten(living, f->path);
}

static void local_socket__keeps_what_is_no_socket(void **state)
{
    struct fixture *f = *state;
    int fd = open(f->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(mt_local_listen(&f->cx, &fd, f->path), MT_E_CONFLICT);
    assert_int_equal(access(f->path, F_OK), 0);
}

static void local_socket__refuses_a_path_that_is_too_long(void **state)
{
    struct fixture *f = *state;
    char path[200];
    int fd;
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = 0;
    assert_false(mt_local_fits(path));
    assert_int_equal(mt_local_listen(&f->cx, &fd, path), MT_E_INPUT);
    assert_int_equal(mt_local_connect(&f->cx, &fd, path), MT_E_INPUT);
}

static void local_socket__tells_who_is_there(void **state)
{
    struct fixture *f = *state;
    mt_local_peer peer;
    int listening, client, server;
    connect_both(f, &listening, &client, &server);
    assert_int_equal(mt_local_peer_of(&f->cx, &peer, server), MT_OK);
    assert_int_equal(peer.uid, geteuid());
    assert_int_equal(peer.pid, getpid());
    close(client);
    close(server);
    mt_local_unlisten(listening, f->path);
}

static void local_socket__carries_long_texts_whole(void **state)
{
    struct fixture *f = *state;
    mt_local_message message;
    int listening, client, server;
    size_t n = 3 * MT_LOCAL_PACKET + 17;
    char *text = malloc(n);
    assert_non_null(text);
    for (size_t k = 0; k < n; k++) text[k] = (char)(k * 7 % 251);
    connect_both(f, &listening, &client, &server);
    assert_int_equal(mt_local_send(&f->cx, client, (mt_text){text, n}, NULL, 0), MT_OK);
    assert_int_equal(mt_local_receive(&f->cx, &message, server, 1000000), MT_OK);
    assert_int_equal(message.text.length, n);
    assert_memory_equal(message.text.at, text, n);
    assert_int_equal(message.n_fd, 0);
    mt_local_message_close(&message);
    free(text);
    close(client);
    close(server);
    mt_local_unlisten(listening, f->path);
}

static void local_socket__hands_over_open_files(void **state)
{
    struct fixture *f = *state;
    enum { N = MT_LOCAL_PACKET_FDS + 50 };
    int passed[N], listening, client, server, ends[2];
    mt_local_message message;
    char got[3] = "";
    assert_int_equal(pipe(ends), 0);
    for (int k = 0; k < N; k++) passed[k] = ends[1];
    connect_both(f, &listening, &client, &server);
    assert_int_equal(mt_local_send(&f->cx, client, mt_text_of("{}"), passed, N), MT_OK);
    assert_int_equal(mt_local_receive(&f->cx, &message, server, 1000000), MT_OK);
    assert_int_equal(message.n_fd, N);
    assert_string_equal(message.text.at, "{}");
    assert_int_not_equal(message.fd[N - 1], ends[1]);
    assert_int_equal(write(message.fd[0], "a", 1), 1);
    assert_int_equal(write(message.fd[N - 1], "b", 1), 1);
    assert_int_equal(read(ends[0], got, 2), 2);
    assert_string_equal(got, "ab");
    assert_true(fcntl(message.fd[0], F_GETFD) & FD_CLOEXEC);
    int first = message.fd[0];
    mt_local_message_close(&message);
    assert_int_equal(fcntl(first, F_GETFD), -1);
    close(ends[0]);
    close(ends[1]);
    close(client);
    close(server);
    mt_local_unlisten(listening, f->path);
}

static void local_socket__tells_hang_up_and_silence_apart(void **state)
{
    struct fixture *f = *state;
    mt_local_message message;
    int listening, client, server;
    connect_both(f, &listening, &client, &server);
    assert_int_equal(mt_local_receive(&f->cx, &message, server, 20000), MT_E_DEADLINE);
    close(client);
    assert_int_equal(mt_local_receive(&f->cx, &message, server, 1000000), MT_E_CANCELLED);
    assert_int_equal(mt_local_send(&f->cx, server, mt_text_of("x"), NULL, 0), MT_E_CANCELLED);
    assert_false(mt_local_try_send(server, mt_text_of("x")));
    close(server);
    mt_local_unlisten(listening, f->path);
}

static void local_socket__never_waits_when_it_only_tries(void **state)
{
    struct fixture *f = *state;
    int listening, client, server, sent = 0;
    connect_both(f, &listening, &client, &server);
    while (sent < 1000000 && mt_local_try_send(server, mt_text_of("progress"))) sent++;
    assert_true(sent > 0 && sent < 1000000);
    close(client);
    close(server);
    mt_local_unlisten(listening, f->path);
}

static void local_socket__refuses_packets_of_another_kind(void **state)
{
    struct fixture *f = *state;
    mt_local_message message;
    int listening, client, server;
    connect_both(f, &listening, &client, &server);
    assert_int_equal(send(client, "hello", 5, 0), 5);
    assert_int_equal(mt_local_receive(&f->cx, &message, server, 1000000), MT_E_INPUT);
    close(client);
    close(server);
    mt_local_unlisten(listening, f->path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(local_socket__only_its_owner_may_open_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__replaces_a_dead_server_but_not_a_living_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(local_socket__keeps_what_is_no_socket, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__refuses_a_path_that_is_too_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__tells_who_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__carries_long_texts_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__hands_over_open_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__tells_hang_up_and_silence_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__never_waits_when_it_only_tries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(local_socket__refuses_packets_of_another_kind, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
