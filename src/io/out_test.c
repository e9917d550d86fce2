/* What an out promises: whole files or none, silence until it is sure, and clear sentences. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "io/sinks/sink_case.h"

struct fixture {
    mt_ctx cx;
    char folder[64];
    char path[128];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    mt_ctx_init(&f->cx, NULL);
    case_folder(f->folder);
    snprintf(f->path, sizeof f->path, "%s/result.csv", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mt_ctx_close(&f->cx);
    case_remove(f->folder);
    free(f);
    return 0;
}

static size_t count_files(const struct fixture *f)
{
    glob_t found;
    char pattern[160];
    snprintf(pattern, sizeof pattern, "%s/{*,.[!.]*}", f->folder);
    size_t n = glob(pattern, GLOB_BRACE | GLOB_NOSORT, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return n;
}

static void read_file(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    text[fread(text, 1, room - 1, file)] = 0;
    fclose(file);
}

static void out__makes_a_file_visible_only_at_finish(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char text[64];
    assert_int_equal(mt_out_file(&f->cx, &out, f->path), MT_OK);
    assert_int_equal(mt_out_format(&f->cx, out, "%d,%s\n", 7, "x"), MT_OK);
    assert_int_not_equal(access(f->path, F_OK), 0);
    assert_false(mt_out_sent(out));
    assert_int_equal(count_files(f), 1);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    assert_true(mt_out_sent(out));
    mt_out_close(out);
    read_file(f->path, text, sizeof text);
    assert_string_equal(text, "7,x\n");
    assert_int_equal(count_files(f), 1);
}

static void out__leaves_nothing_when_closed_without_finish(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    static char large[1 << 20];
    assert_int_equal(mt_out_file(&f->cx, &out, f->path), MT_OK);
    assert_int_equal(mt_out_write(&f->cx, out, large, sizeof large), MT_OK);
    assert_int_equal(count_files(f), 1);
    mt_out_close(out);
    assert_int_equal(count_files(f), 0);
}

static void out__keeps_the_old_file_until_the_new_one_is_whole(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char text[64];
    struct stat is;
    FILE *old = fopen(f->path, "we");
    fputs("old", old);
    fclose(old);
    assert_int_equal(chmod(f->path, 0640), 0);
    assert_int_equal(mt_out_file(&f->cx, &out, f->path), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, out, "new"), MT_OK);
    read_file(f->path, text, sizeof text);
    assert_string_equal(text, "old");
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    mt_out_close(out);
    read_file(f->path, text, sizeof text);
    assert_string_equal(text, "new");
    assert_int_equal(stat(f->path, &is), 0);
    assert_int_equal(is.st_mode & 0777, 0640);
}

static void out__writes_through_a_link_and_keeps_the_link(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char link[128], text[16];
    struct stat is;
    snprintf(link, sizeof link, "%s/link", f->folder);
    fclose(fopen(f->path, "we"));
    assert_int_equal(symlink("result.csv", link), 0);
    assert_int_equal(mt_out_file(&f->cx, &out, link), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, out, "x"), MT_OK);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    mt_out_close(out);
    assert_int_equal(lstat(link, &is), 0);
    assert_true(S_ISLNK(is.st_mode));
    read_file(f->path, text, sizeof text);
    assert_string_equal(text, "x");
}

static void out__says_why_a_path_cannot_be_written(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char path[160];
    assert_int_equal(mt_out_file(&f->cx, &out, f->folder), MT_E_INPUT);
    assert_non_null(strstr(f->cx.err, "is a folder"));
    snprintf(path, sizeof path, "%s/", f->path);
    assert_int_equal(mt_out_file(&f->cx, &out, path), MT_E_INPUT);
    assert_int_equal(mt_out_file(&f->cx, &out, ""), MT_E_INPUT);
    assert_non_null(strstr(f->cx.err, "the path is empty"));
    snprintf(path, sizeof path, "%s/none/x.csv", f->folder);
    assert_int_equal(mt_out_file(&f->cx, &out, path), MT_E_IO);
    assert_non_null(strstr(f->cx.err, "none does not exist"));
    fclose(fopen(f->path, "we"));
    snprintf(path, sizeof path, "%s/x.csv", f->path);
    assert_int_equal(mt_out_file(&f->cx, &out, path), MT_E_IO);
    assert_non_null(strstr(f->cx.err, "is no folder"));
}

/* Root may write anywhere, so the question is put by a child without that right. */
static void out__names_a_folder_that_does_not_allow_writing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(chmod(f->folder, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        mt_out *out;
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(3);
        mt_code code = mt_out_file(&f->cx, &out, f->path);
        _exit(code == MT_E_IO && strstr(f->cx.err, f->folder) && strstr(f->cx.err, "Permission denied")
                  ? 0
                  : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(f->folder, 0755), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void out__tells_of_a_full_disk(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    if (access("/dev/full", W_OK) != 0) {
        print_message("no /dev/full here\n");
        skip();
    }
    assert_int_equal(mt_out_file(&f->cx, &out, "/dev/full"), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, out, "x"), MT_OK);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_E_IO);
    assert_string_equal(f->cx.err, "cannot write /dev/full: No space left on device");
    assert_int_equal(mt_out_text(&f->cx, out, "x"), MT_E_IO);
    mt_out_close(out);
    struct stat is;
    assert_int_equal(stat("/dev/full", &is), 0);
    assert_true(S_ISCHR(is.st_mode));
}

/* A limit on the size of files stands in for the disk: the write fails in the middle of a real file. */
static void out__leaves_nothing_when_the_disk_is_full(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    static char large[4 << 20];
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = 1 << 20, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(mt_out_file(&f->cx, &out, f->path), MT_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    mt_code code = mt_out_write(&f->cx, out, large, sizeof large);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(code, MT_E_IO);
    assert_non_null(strstr(f->cx.err, "result.csv: File too large"));
    assert_int_equal(mt_out_finish(&f->cx, out), MT_E_IO);
    mt_out_close(out);
    assert_int_equal(count_files(f), 0);
}

static size_t drain(int fd)
{
    char bytes[1 << 16];
    size_t total = 0;
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) total += (size_t)n;
    return total;
}

static void out__holds_a_pipe_back_until_it_is_sure(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    int pipe_fd[2];
    static char some[100000];
    assert_int_equal(pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(mt_out_fd(&f->cx, &out, pipe_fd[1], "stdout"), MT_OK);
    for (int k = 0; k < 10; k++) assert_int_equal(mt_out_write(&f->cx, out, some, sizeof some), MT_OK);
    assert_false(mt_out_sent(out));
    assert_int_equal(drain(pipe_fd[0]), 0);
    mt_out_close(out); /* a failure: nothing is ever seen */
    assert_int_equal(drain(pipe_fd[0]), 0);

    assert_int_equal(mt_out_fd(&f->cx, &out, pipe_fd[1], "stdout"), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, out, "hello"), MT_OK);
    assert_int_equal(drain(pipe_fd[0]), 0);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    assert_true(mt_out_sent(out));
    assert_int_equal(drain(pipe_fd[0]), 5);
    assert_int_equal(mt_out_text(&f->cx, out, "more"), MT_E_BUG);
    mt_out_close(out);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
}

static void out__sends_what_is_larger_than_it_holds(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char path[160];
    struct stat is;
    static char large[MT_OUT_HOLD_BYTES];
    snprintf(path, sizeof path, "%s/plain", f->folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(mt_out_fd(&f->cx, &out, fd, "stdout"), MT_OK);
    assert_int_equal(mt_out_write(&f->cx, out, "x", 1), MT_OK);
    assert_int_equal(mt_out_write(&f->cx, out, large, sizeof large), MT_OK);
    assert_true(mt_out_sent(out));
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    mt_out_close(out);
    assert_int_equal(fstat(fd, &is), 0);
    assert_int_equal(is.st_size, MT_OUT_HOLD_BYTES + 1);
    close(fd);
}

static void out__calls_a_closed_pipe_cancelled(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    int pipe_fd[2];
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe2(pipe_fd, O_CLOEXEC), 0);
    close(pipe_fd[0]);
    assert_int_equal(mt_out_fd(&f->cx, &out, pipe_fd[1], "stdout"), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, out, "x"), MT_OK);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_E_CANCELLED);
    assert_string_equal(f->cx.err, "stdout was closed by its reader");
    mt_out_close(out);
    close(pipe_fd[1]);
}

static void out__gives_up_on_a_full_pipe_when_cancelled(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    int pipe_fd[2];
    static char large[4 << 20];
    assert_int_equal(pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK), 0);
    assert_int_equal(mt_out_fd(&f->cx, &out, pipe_fd[1], "stdout"), MT_OK);
    mt_ctx_cancel(&f->cx);
    assert_int_equal(mt_out_write(&f->cx, out, large, sizeof large), MT_E_CANCELLED);
    mt_out_close(out);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
}

static void out__puts_the_head_before_what_follows_it(void **state)
{
    struct fixture *f = *state;
    mt_out *out, *head;
    char text[64];
    int fd = open(f->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(mt_out_fd(&f->cx, &out, fd, "stdout"), MT_OK);
    assert_int_equal(mt_out_fd(&f->cx, &head, fd, "stderr"), MT_OK);
    mt_out_after(out, head);
    assert_int_equal(mt_out_text(&f->cx, out, "rows"), MT_OK);
    assert_int_equal(mt_out_text(&f->cx, head, "head "), MT_OK);
    assert_int_equal(mt_out_finish(&f->cx, out), MT_OK);
    mt_out_close(out);
    mt_out_close(head);
    close(fd);
    read_file(f->path, text, sizeof text);
    assert_string_equal(text, "head rows");
}

static void out__grows_in_memory_up_to_the_limit(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_ctx_init(&cx, &(mt_ctx_options){.size = sizeof(mt_ctx_options), .limit_bytes = 1 << 20});
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    assert_int_equal(mt_out_bytes(out).length, 0);
    for (int k = 0; k < 10000; k++) assert_int_equal(mt_out_format(&cx, out, "%05d\n", k), MT_OK);
    assert_int_equal(mt_out_bytes(out).length, 60000);
    assert_memory_equal(mt_out_bytes(out).at + 59994, "09999\n", 6);
    static char large[2 << 20];
    assert_int_equal(mt_out_write(&cx, out, large, sizeof large), MT_E_MEMORY);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void out__formats_texts_of_any_length(void **state)
{
    struct fixture *f = *state;
    mt_out *out;
    char long_text[3000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    assert_int_equal(mt_out_memory(&f->cx, &out), MT_OK);
    assert_int_equal(mt_out_format(&f->cx, out, "%s!", long_text), MT_OK);
    assert_int_equal(mt_out_bytes(out).length, sizeof long_text);
    assert_int_equal(mt_out_bytes(out).at[sizeof long_text - 1], '!');
    mt_out_close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(out__makes_a_file_visible_only_at_finish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__leaves_nothing_when_closed_without_finish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__keeps_the_old_file_until_the_new_one_is_whole, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(out__writes_through_a_link_and_keeps_the_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__says_why_a_path_cannot_be_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__names_a_folder_that_does_not_allow_writing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__tells_of_a_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__leaves_nothing_when_the_disk_is_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__holds_a_pipe_back_until_it_is_sure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__sends_what_is_larger_than_it_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__calls_a_closed_pipe_cancelled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__gives_up_on_a_full_pipe_when_cancelled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__puts_the_head_before_what_follows_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__grows_in_memory_up_to_the_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out__formats_texts_of_any_length, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
