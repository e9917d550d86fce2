/* Tests of files as streams: growing, torn, cut and replaced files; lines that are appended. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stream/file/identity.h"
#include "stream/places_case.h"

#include <pthread.h>
#include <sys/syscall.h>

/* The system's, but for what a test is about: these stand before the library's own. */
static bool no_births;
static int folder_syncs;

int statx(int fd, const char *restrict path, int flags, unsigned mask, struct statx *restrict out)
{
    int64_t failed = syscall(SYS_statx, fd, path, flags, mask, out);
    if (failed == 0 && no_births) out->stx_mask &= ~STATX_BTIME;
    return (int)failed;
}

int fsync(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) folder_syncs++;
    return (int)syscall(SYS_fsync, fd);
}

typedef struct file {
    char dir[64], path[128], url[160];
    mt_ctx cx;
    testing_log log;
    testing_places places;
    mt_stream *stream;
    mt_messages got;
} file;

static void begin(file *f)
{
    memset(f, 0, sizeof *f);
    testing_make_dir(f->dir);
    testing_ctx(&f->cx, &f->log);
    snprintf(f->path, sizeof f->path, "%s/ticks", f->dir);
    snprintf(f->url, sizeof f->url, "file:%s", f->path);
}

static void end(file *f)
{
    mt_stream_close(f->stream);
    mt_ctx_close(&f->cx);
    testing_remove_dir(f->dir);
}

static void open_tail(file *f, bool until_end)
{
    mt_stream_options options = {.size = sizeof options,
                                 .url = f->url,
                                 .events = {testing_assigned, testing_revoked, &f->places},
                                 .until_end = until_end};
    mt_stream_close(f->stream);
    f->stream = NULL;
    TESTING_OK(&f->cx, mt_stream_open(&f->cx, &f->stream, &options));
}

static void append(const file *f, const char *text)
{
    FILE *out = fopen(f->path, "a");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static void poll_file(file *f, int64_t wait_us)
{
    TESTING_OK(&f->cx, mt_stream_poll(&f->cx, f->stream, &f->got, 100, wait_us));
    for (size_t k = 0; k < f->got.n; k++) testing_keep(&f->places, &f->got.at[k]);
}

static void expect(file *f, const char *const *line, size_t n)
{
    for (size_t k = 0; k < n;) {
        poll_file(f, 2000000);
        if (f->got.n == 0) fail_msg("no line came, '%s' was next", line[k]);
        for (size_t at = 0; at < f->got.n; at++, k++) {
            if (k >= n || !mt_text_equal(f->got.at[at].value, line[k]))
                fail_msg("'%.*s' came, '%s' was next", (int)f->got.at[at].value.length,
                         f->got.at[at].value.at, k < n ? line[k] : "nothing");
        }
    }
}

#define EXPECT(f, ...)                                                                                       \
    do {                                                                                                     \
        const char *const lines_[] = {__VA_ARGS__};                                                          \
        expect((f), lines_, sizeof lines_ / sizeof *lines_);                                                 \
    } while (0)

static void expect_nothing(file *f)
{
    poll_file(f, 60000);
    assert_int_equal(f->got.n, 0);
    assert_false(f->got.end);
}

static void tail__follows_a_file_that_grows_and_waits_for_the_end_of_a_line(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\ntwo\nthr");
    open_tail(&f, false);
    EXPECT(&f, "one", "two");
    assert_true(f.got.at[0].part >= 0);
    assert_string_equal(f.got.at[0].topic.at, "ticks");
    assert_int_equal(f.got.at[1].position, 4);
    assert_int_equal(f.got.at[1].next, 8);
    assert_int_equal(mt_stream_lag(f.stream), 3);
    expect_nothing(&f);
    append(&f, "ee\n\nfive\r\n");
    EXPECT(&f, "three", "", "five\r");
    expect_nothing(&f);
    end(&f);
}

static void *append_soon(void *arg)
{
    testing_sleep_ms(100);
    append(arg, "tick\n");
    return NULL;
}

/* A tick is seen by a waiting reader long before its wait is over. */
static void tail__sees_growth_at_once(void **state)
{
    (void)state;
    file f;
    pthread_t thread;
    begin(&f);
    append(&f, "first\n");
    open_tail(&f, false);
    EXPECT(&f, "first");
    assert_int_equal(pthread_create(&thread, NULL, append_soon, &f), 0);
    int64_t start = mt_stream_monotonic_us();
    EXPECT(&f, "tick");
    assert_true(mt_stream_monotonic_us() - start < 400000);
    pthread_join(thread, NULL);
    end(&f);
}

static void tail__delivers_a_last_line_without_feed_at_the_end_only(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\ntwo");
    open_tail(&f, true);
    EXPECT(&f, "one");
    EXPECT(&f, "two");
    poll_file(&f, 1000000);
    assert_true(f.got.end && f.got.n == 0);
    append(&f, "\nthree\n"); /* only the feed was missing: nothing comes twice */
    open_tail(&f, false);
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 10, 100000));
    assert_int_equal(f.got.n, 1);
    assert_int_equal(f.got.at[0].position, 8);
    assert_true(mt_text_equal(f.got.at[0].value, "three"));
    end(&f);
}

static void tail__reads_a_line_again_that_grew_after_the_end(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\ntw");
    open_tail(&f, true);
    EXPECT(&f, "one");
    EXPECT(&f, "tw");
    append(&f, "o\n");
    open_tail(&f, false);
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 10, 100000));
    assert_int_equal(f.got.n, 1);
    assert_true(mt_text_equal(f.got.at[0].value, "two"));
    assert_int_equal(f.got.at[0].position, 4);
    assert_non_null(strstr(f.log.text, "inside a line"));
    end(&f);
}

static void tail__starts_over_in_a_cut_file_and_says_so(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\ntwo\nthree\n");
    open_tail(&f, false);
    EXPECT(&f, "one", "two", "three");
    assert_int_equal(truncate(f.path, 0), 0);
    append(&f, "new\n");
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 10, 1000000));
    assert_int_equal(f.got.n, 1);
    assert_true(mt_text_equal(f.got.at[0].value, "new"));
    assert_int_equal(f.got.at[0].position, 0);
    assert_non_null(strstr(f.log.text, "was cut and had been read to byte 14"));
    assert_int_equal(f.places.revoked, 1);
    assert_int_equal(f.places.lost, 0);
    assert_int_equal(f.places.assigned, 2);
    end(&f);
}

/* Only a part of what was read is kept as done, and the file has grown past that when the cut is seen. */
static void tail__starts_over_in_a_cut_file_that_has_grown_again(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\ntwo\nthree\n");
    open_tail(&f, false);
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 1, 1000000));
    testing_keep(&f.places, f.got.at);
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 10, 1000000));
    assert_int_equal(f.got.n, 2);
    assert_int_equal(truncate(f.path, 0), 0);
    append(&f, "abc\ndef\n");
    TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 10, 1000000));
    assert_int_equal(f.got.n, 2);
    assert_true(mt_text_equal(f.got.at[0].value, "abc"));
    assert_int_equal(f.got.at[0].position, 0);
    end(&f);
}

/* The inode of a file that is gone is given to the next one (ext4 does so at once), which is as long. */
static void tail__reads_a_new_file_with_the_old_inode_from_its_start(void **state)
{
    (void)state;
    file f;
    struct stat old, new = {.st_ino = 0};
    begin(&f);
    append(&f, "one\ntwo\n");
    open_tail(&f, true);
    EXPECT(&f, "one", "two");
    int64_t part = f.got.at[0].part;
    mt_stream_close(f.stream);
    f.stream = NULL;
    assert_int_equal(stat(f.path, &old), 0);
    for (int k = 0; k < 20 && new.st_ino != old.st_ino; k++) {
        assert_int_equal(unlink(f.path), 0);
        testing_sleep_ms(10);
        append(&f, "new\nand\nmore\n");
        assert_int_equal(stat(f.path, &new), 0);
    }
    if (new.st_ino != old.st_ino) print_message("          not seen: this file system gave another inode\n");
    open_tail(&f, true);
    EXPECT(&f, "new", "and", "more");
    assert_true(f.got.at[0].part != part);
    end(&f);
}

/* Where files have no moment of birth the first line tells them apart; before it is whole nothing does. */
static void tail__knows_files_without_a_birth_by_their_first_line(void **state)
{
    (void)state;
    file f;
    begin(&f);
    no_births = true;
    append(&f, "on");
    open_tail(&f, false);
    expect_nothing(&f);
    assert_int_equal(f.places.assigned, 0);
    append(&f, "e\ntwo\n");
    EXPECT(&f, "one", "two");
    open_tail(&f, false); /* it is still the same when it has grown */
    append(&f, "three\n");
    EXPECT(&f, "three");
    mt_stream_close(f.stream);
    f.stream = NULL;
    assert_int_equal(truncate(f.path, 0), 0); /* the inode stays */
    append(&f, "other\nand it is longer\n");
    open_tail(&f, false);
    EXPECT(&f, "other", "and it is longer");
    assert_int_equal(f.places.n, 2);
    no_births = false;
    end(&f);
}

static void tail__an_unfinished_file_without_a_birth_is_read_when_it_is_replaced(void **state)
{
    (void)state;
    file f;
    char old[160];
    begin(&f);
    no_births = true;
    append(&f, "torn");
    open_tail(&f, false);
    expect_nothing(&f);
    snprintf(old, sizeof old, "%s.1", f.path);
    assert_int_equal(rename(f.path, old), 0);
    append(&f, "next\n");
    EXPECT(&f, "torn");
    EXPECT(&f, "next");
    no_births = false;
    end(&f);
}

/* Also what its writer adds after the renaming, even without a last feed, comes before the new file. */
static void tail__reads_a_replaced_file_to_its_end_first(void **state)
{
    (void)state;
    file f;
    char old[160];
    begin(&f);
    append(&f, "one\n");
    open_tail(&f, false);
    EXPECT(&f, "one");
    int64_t part = f.got.at[0].part;
    FILE *writer = fopen(f.path, "a");
    snprintf(old, sizeof old, "%s.1", f.path);
    assert_int_equal(rename(f.path, old), 0);
    append(&f, "three\n");
    expect_nothing(&f); /* the writer may not have noticed yet */
    fputs("two\nlast", writer);
    assert_int_equal(fclose(writer), 0);
    EXPECT(&f, "two");
    assert_int_equal(f.places.revoked, 0);
    EXPECT(&f, "last");
    EXPECT(&f, "three");
    assert_int_equal(f.places.revoked, 1);
    assert_true(f.got.at[0].part != part);
    assert_int_equal(f.got.at[0].position, 0);
    mt_position gone = {"ticks", part, 0};
    assert_int_equal(mt_stream_seek(&f.cx, f.stream, &gone), MT_E_INPUT);
    end(&f);
}

static void tail__waits_for_a_file_that_is_not_there(void **state)
{
    (void)state;
    file f;
    begin(&f);
    open_tail(&f, false);
    expect_nothing(&f);
    assert_int_equal(mt_stream_state_of(f.stream), MT_STREAM_AWAY);
    append(&f, "here\n");
    EXPECT(&f, "here");
    assert_int_equal(mt_stream_state_of(f.stream), MT_STREAM_RUNNING);
    end(&f);
}

/* Longer than the window, and exactly around its edge. */
static void tail__gives_lines_of_any_length(void **state)
{
    enum { WINDOW = 2 << 20 };
    (void)state;
    file f;
    const size_t length[] = {WINDOW - 1, 1, WINDOW, 0, WINDOW + 1, 3 * WINDOW, 5};
    begin(&f);
    FILE *out = fopen(f.path, "w");
    assert_non_null(out);
    for (size_t k = 0; k < sizeof length / sizeof *length; k++) {
        for (size_t at = 0; at < length[k]; at++) fputc('a' + (int)((at + k) % 26), out);
        fputc('\n', out);
    }
    assert_int_equal(fclose(out), 0);
    open_tail(&f, true);
    for (size_t k = 0; k < sizeof length / sizeof *length; k++) {
        TESTING_OK(&f.cx, mt_stream_poll(&f.cx, f.stream, &f.got, 1, 1000000));
        assert_int_equal(f.got.n, 1);
        testing_keep(&f.places, f.got.at);
        assert_int_equal(f.got.at->value.length, length[k]);
        for (size_t at = 0; at < length[k]; at += 997)
            assert_int_equal(f.got.at->value.at[at], 'a' + (int)((at + k) % 26));
    }
    end(&f);
}

static void expect_open_failure(file *f, const mt_stream_options *options, mt_code code, const char *words)
{
    mt_stream *stream = NULL;
    assert_int_equal(mt_stream_open(&f->cx, &stream, options), code);
    if (!strstr(f->cx.err, words)) fail_msg("'%s' does not say '%s'", f->cx.err, words);
}

static void tail__refuses_what_is_no_file_to_follow(void **state)
{
    (void)state;
    file f;
    char url[160], path[160];
    const char *topic = "x";
    begin(&f);
    snprintf(url, sizeof url, "file:%s", f.dir);
    mt_stream_options folder = {.size = sizeof folder, .url = url};
    expect_open_failure(&f, &folder, MT_E_INPUT, "no plain file");
    mt_stream_options topics = {.size = sizeof topics, .url = f.url, .topic = &topic, .n_topic = 1};
    expect_open_failure(&f, &topics, MT_E_INPUT, "a file has no topics");
    mt_stream_options absent = {.size = sizeof absent, .url = f.url, .until_end = true};
    expect_open_failure(&f, &absent, MT_E_ABSENT, "No such file");
    snprintf(path, sizeof path, "file:%s/none/ticks", f.dir);
    mt_stream_options nowhere = {.size = sizeof nowhere, .url = path};
    expect_open_failure(&f, &nowhere, MT_E_ABSENT, "the folder of");
    end(&f);
}

static mt_code refuse_place(mt_ctx *cx, void *arg, mt_position *position, size_t n)
{
    (void)arg;
    (void)position;
    (void)n;
    return mt_fail(cx, MT_E_IO, "the store is gone");
}

static void tail__stops_when_its_reader_knows_no_place(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "one\n");
    mt_stream_options options = {.size = sizeof options, .url = f.url, .events = {.assigned = refuse_place}};
    TESTING_OK(&f.cx, mt_stream_open(&f.cx, &f.stream, &options));
    assert_int_equal(mt_stream_poll(&f.cx, f.stream, &f.got, 1, 1000), MT_E_IO);
    assert_string_equal(f.cx.err, "the store is gone");
    end(&f);
}

/* --- writing ----------------------------------------------------------------------------------------- */

static mt_producer *open_lines(file *f)
{
    mt_producer *producer = NULL;
    mt_producer_options options = {.size = sizeof options, .url = f->url};
    TESTING_OK(&f->cx, mt_producer_open(&f->cx, &producer, &options));
    return producer;
}

static void lines__refuse_messages_that_would_be_two_or_none(void **state)
{
    (void)state;
    file f;
    mt_text none = {NULL, 0};
    begin(&f);
    mt_producer *producer = open_lines(&f);
    assert_int_equal(mt_producer_send(&f.cx, producer, NULL, none, mt_text_of("a\nb")), MT_E_INPUT);
    assert_non_null(strstr(f.cx.err, "line feed"));
    assert_int_equal(mt_producer_send(&f.cx, producer, NULL, none, none), MT_E_INPUT);
    TESTING_OK(&f.cx, mt_producer_send(&f.cx, producer, NULL, none, mt_text_of("c")));
    TESTING_OK(&f.cx, mt_producer_flush(&f.cx, producer));
    mt_producer_close(producer);
    open_tail(&f, true);
    EXPECT(&f, "c");
    end(&f);
}

static void lines__stand_alone_after_a_torn_one(void **state)
{
    (void)state;
    file f;
    begin(&f);
    append(&f, "whole\ntor");
    mt_producer *producer = open_lines(&f);
    TESTING_OK(&f.cx, mt_producer_send(&f.cx, producer, NULL, (mt_text){NULL, 0}, mt_text_of("next")));
    TESTING_OK(&f.cx, mt_producer_flush(&f.cx, producer));
    mt_producer_close(producer);
    open_tail(&f, true);
    EXPECT(&f, "whole", "tor", "next");
    end(&f);
}

/* A file whose name is not on the disk is gone with the power, whatever was synced of it. */
static void lines__a_new_file_is_on_the_disk_with_its_name(void **state)
{
    (void)state;
    file f;
    begin(&f);
    for (int k = 0; k < 2; k++) {
        folder_syncs = 0;
        mt_producer *producer = open_lines(&f);
        for (int i = 0; i < 2; i++) {
            TESTING_OK(&f.cx,
                       mt_producer_send(&f.cx, producer, NULL, (mt_text){NULL, 0}, mt_text_of("a line")));
            TESTING_OK(&f.cx, mt_producer_flush(&f.cx, producer));
        }
        mt_producer_close(producer);
        assert_int_equal(folder_syncs, k == 0 ? 1 : 0);
    }
    end(&f);
}

/* /dev/full takes nothing: the failure is told, and nothing is lost that may still be written. */
static void lines__tell_that_the_disk_is_full(void **state)
{
    (void)state;
    file f;
    begin(&f);
    mt_producer *producer = NULL;
    mt_producer_options options = {.size = sizeof options, .url = "file:/dev/full"};
    TESTING_OK(&f.cx, mt_producer_open(&f.cx, &producer, &options));
    TESTING_OK(&f.cx, mt_producer_send(&f.cx, producer, NULL, (mt_text){NULL, 0}, mt_text_of("x")));
    assert_int_equal(mt_producer_flush(&f.cx, producer), MT_E_IO);
    assert_non_null(strstr(f.cx.err, "/dev/full"));
    mt_producer_close(producer);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tail__follows_a_file_that_grows_and_waits_for_the_end_of_a_line),
        cmocka_unit_test(tail__sees_growth_at_once),
        cmocka_unit_test(tail__delivers_a_last_line_without_feed_at_the_end_only),
        cmocka_unit_test(tail__reads_a_line_again_that_grew_after_the_end),
        cmocka_unit_test(tail__starts_over_in_a_cut_file_and_says_so),
        cmocka_unit_test(tail__starts_over_in_a_cut_file_that_has_grown_again),
        cmocka_unit_test(tail__reads_a_new_file_with_the_old_inode_from_its_start),
        cmocka_unit_test(tail__knows_files_without_a_birth_by_their_first_line),
        cmocka_unit_test(tail__an_unfinished_file_without_a_birth_is_read_when_it_is_replaced),
        cmocka_unit_test(tail__reads_a_replaced_file_to_its_end_first),
        cmocka_unit_test(tail__waits_for_a_file_that_is_not_there),
        cmocka_unit_test(tail__gives_lines_of_any_length),
        cmocka_unit_test(tail__refuses_what_is_no_file_to_follow),
        cmocka_unit_test(tail__stops_when_its_reader_knows_no_place),
        cmocka_unit_test(lines__refuse_messages_that_would_be_two_or_none),
        cmocka_unit_test(lines__stand_alone_after_a_torn_one),
        cmocka_unit_test(lines__a_new_file_is_on_the_disk_with_its_name),
        cmocka_unit_test(lines__tell_that_the_disk_is_full),
    };
    return cmocka_run_group_tests_name("file stream", tests, NULL, NULL);
}
