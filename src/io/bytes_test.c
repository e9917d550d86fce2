/* Tests of bytes: every kind of input gives the same bytes, flat memory, and damage is named by its place. */
#include "io/bytes.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <cmocka.h>

enum { BIG = 9000001 };

static char folder[64];
static mt_ctx cx;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/merit-bytes-XXXXXX");
    if (mkdtemp(folder) == NULL) return -1;
    mt_ctx_init(&cx, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/in", folder);
    unlink(path);
    rmdir(folder);
    mt_ctx_close(&cx);
    return 0;
}

/* A file with these bytes, open for reading. */
static int open_with(const void *bytes, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/in", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    return fd;
}

static char *make_big(void)
{
    char *big = malloc(BIG);
    assert_non_null(big);
    for (size_t k = 0; k < BIG; k++) big[k] = k % 37 == 36 ? '\n' : (char)('a' + k * 7919 % 26);
    return big;
}

/* Reads all of `fd`, leaving `tail` bytes of each window unconsumed; compares with what is expected. */
static mt_code read_all(int fd, size_t tail, const char *expected, size_t n_expected, size_t *most)
{
    mt_input input = {"in", fd};
    mt_bytes *bytes = NULL;
    const char *at;
    size_t n = 0, done = 0, consumed = 0;
    bool last = false;
    mt_code code = mt_bytes_open(&cx, &bytes, &input);
    while (code == MT_OK && !last) {
        code = mt_bytes_next(&cx, bytes, consumed, &at, &n, &last);
        if (code != MT_OK) break;
        done += consumed;
        assert_true(done + n <= n_expected);
        assert_memory_equal(at, expected + done, n);
        if (most != NULL && n > *most) *most = n;
        consumed = n > tail ? n - tail : 0;
    }
    if (code == MT_OK) assert_int_equal(done + n, n_expected);
    mt_bytes_close(bytes);
    close(fd);
    return code;
}

static void bytes__a_plain_file_comes_in_windows_with_the_tail_kept(void **state)
{
    (void)state;
    char *big = make_big();
    size_t most = 0;
    assert_int_equal(read_all(open_with(big, BIG), 1000, big, BIG, &most), MT_OK);
    assert_true(most < 600 * 1024); /* flat, however large the file */
    assert_int_equal(read_all(open_with(big, BIG), 0, big, BIG, NULL), MT_OK);
    free(big);
}

static void bytes__last_is_true_with_the_window_that_ends_the_input(void **state)
{
    (void)state;
    enum { STEP = 256 * 1024 };
    for (size_t n = 2 * STEP - 1; n <= 2 * STEP + 1; n++) {
        char *text = calloc(1, n);
        mt_input input = {"in", open_with(text, n)};
        mt_bytes *bytes;
        const char *at;
        size_t got = 0, sum = 0;
        bool last = false;
        assert_int_equal(mt_bytes_open(&cx, &bytes, &input), MT_OK);
        while (!last) {
            assert_int_equal(mt_bytes_next(&cx, bytes, got, &at, &got, &last), MT_OK);
            assert_true(got > 0);
            sum += got;
            assert_int_equal(last, sum == n);
        }
        assert_int_equal(mt_bytes_total(bytes), n);
        assert_int_equal(mt_bytes_read(bytes), n);
        mt_bytes_close(bytes);
        close(input.fd);
        free(text);
    }
}

static void bytes__an_empty_file_is_one_empty_last_window(void **state)
{
    (void)state;
    assert_int_equal(read_all(open_with("", 0), 0, "", 0, NULL), MT_OK);
}

static void bytes__the_same_file_can_be_opened_twice(void **state)
{
    (void)state;
    int fd = open_with("abc\ndef\n", 8);
    assert_int_equal(lseek(fd, 4, SEEK_SET), 4); /* a shell may hand over a file that is partly read */
    assert_int_equal(read_all(dup(fd), 0, "def\n", 4, NULL), MT_OK);
    assert_int_equal(read_all(fd, 0, "def\n", 4, NULL), MT_OK);
}

struct feed {
    int fd;
    const char *at;
    size_t n;
};

static void *feed_pipe(void *arg)
{
    struct feed *feed = arg;
    for (size_t done = 0; done < feed->n;) {
        size_t some = feed->n - done < 12345 ? feed->n - done : 12345;
        ssize_t k = write(feed->fd, feed->at + done, some);
        if (k <= 0) break;
        done += (size_t)k;
    }
    close(feed->fd);
    return NULL;
}

static void bytes__a_pipe_gives_the_same_bytes(void **state)
{
    (void)state;
    int end[2];
    pthread_t writer;
    char *big = make_big();
    assert_int_equal(pipe(end), 0);
    struct feed feed = {end[1], big, BIG};
    assert_int_equal(pthread_create(&writer, NULL, feed_pipe, &feed), 0);
    assert_int_equal(read_all(end[0], 77, big, BIG, NULL), MT_OK);
    pthread_join(writer, NULL);
    free(big);
}

static void bytes__a_silent_pipe_can_be_cancelled(void **state)
{
    (void)state;
    int end[2];
    assert_int_equal(pipe(end), 0);
    mt_input input = {"-", end[0]};
    mt_bytes *bytes = NULL;
    mt_ctx_cancel(&cx);
    assert_int_equal(mt_bytes_open(&cx, &bytes, &input), MT_E_CANCELLED);
    close(end[0]);
    close(end[1]);
}

/* Appends a gzip member; returns the new length. */
static size_t add_gzip(char *to, size_t at, size_t room, const char *text, size_t n)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)to + at;
    z.avail_out = (uInt)(room - at);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    at = room - z.avail_out;
    deflateEnd(&z);
    return at;
}

static void bytes__gzip_of_several_members_is_unpacked(void **state)
{
    (void)state;
    char *big = make_big(), *packed = malloc(BIG);
    size_t n = add_gzip(packed, 0, BIG, big, 5000000);
    n = add_gzip(packed, n, BIG, "", 0);
    n = add_gzip(packed, n, BIG, big + 5000000, BIG - 5000000);
    memset(packed + n, 0, 512); /* padding, as tape archives leave it */
    size_t most = 0;
    assert_int_equal(read_all(open_with(packed, n + 512), 50, big, BIG, &most), MT_OK);
    assert_true(most < 600 * 1024);
    free(packed);
    free(big);
}

static void bytes__truncated_gzip_names_the_byte(void **state)
{
    (void)state;
    char *big = make_big(), *packed = malloc(BIG), want[80];
    size_t n = add_gzip(packed, 0, BIG, big, 300000);
    static const size_t less[] = {1, 8, 100};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(read_all(open_with(packed, n - less[k]), 0, big, 300000, NULL), MT_E_IO);
        snprintf(want, sizeof want, "in is cut short: its gzip data stops at byte %zu", n - less[k]);
        assert_non_null(strstr(cx.err, want));
    }
    assert_int_equal(read_all(open_with("\x1F\x8B", 2), 0, "", 0, NULL), MT_E_IO);
    free(packed);
    free(big);
}

static void bytes__damaged_gzip_names_the_byte(void **state)
{
    (void)state;
    char *big = make_big(), *packed = malloc(BIG);
    size_t n = add_gzip(packed, 0, BIG, big, 3000000);
    packed[n - 6] ^= 1; /* the checksum */
    assert_int_equal(read_all(open_with(packed, n), 0, big, 3000000, NULL), MT_E_IO);
    assert_non_null(strstr(cx.err, "in is damaged: its gzip data cannot be unpacked at byte"));
    assert_non_null(strstr(cx.err, "incorrect data check"));
    packed[n - 6] ^= 1;
    memcpy(packed + n, "rubbish", 7);
    assert_int_equal(read_all(open_with(packed, n + 7), 0, big, 3000000, NULL), MT_E_IO);
    assert_non_null(strstr(cx.err, "something else follows the end mark"));
    free(packed);
    free(big);
}

static void bytes__zstd_is_unpacked_and_its_damage_named(void **state)
{
    (void)state;
    char *big = make_big();
    size_t room = ZSTD_compressBound(BIG) + 100;
    char *packed = malloc(room);
    size_t n = ZSTD_compress(packed, room, big, 4000000, 1);
    n += ZSTD_compress(packed + n, room - n, big + 4000000, BIG - 4000000, 3);
    assert_int_equal(read_all(open_with(packed, n), 9, big, BIG, NULL), MT_OK);
    assert_int_equal(read_all(open_with(packed, n - 1), 9, big, BIG, NULL), MT_E_IO);
    assert_non_null(strstr(cx.err, "in is cut short: its zstd data stops at byte"));
    packed[4] = (char)0xFF;
    assert_int_equal(read_all(open_with(packed, n), 9, big, BIG, NULL), MT_E_IO);
    assert_non_null(strstr(cx.err, "in is damaged: its zstd data cannot be unpacked at byte"));
    free(packed);
    free(big);
}

static void bytes__other_archives_are_refused_with_what_to_do(void **state)
{
    (void)state;
    assert_int_equal(read_all(open_with("PK\003\004....", 8), 0, "", 0, NULL), MT_E_INPUT);
    assert_string_equal(
        cx.err, "in is a zip archive (or an .xlsx workbook); give it as text, or packed with gzip or zstd");
    assert_int_equal(read_all(open_with("BZh91AY", 7), 0, "", 0, NULL), MT_E_INPUT);
}

static void bytes__a_folder_is_refused(void **state)
{
    (void)state;
    mt_bytes *bytes = NULL;
    mt_input input = {folder, open(folder, O_RDONLY)};
    assert_int_equal(mt_bytes_open(&cx, &bytes, &input), MT_E_INPUT);
    assert_non_null(strstr(cx.err, "is a folder; give one of the files in it"));
    close(input.fd);
}

static void bytes__an_empty_name_and_a_closed_file_are_refused(void **state)
{
    (void)state;
    mt_bytes *bytes = NULL;
    assert_int_equal(mt_bytes_open(&cx, &bytes, &(mt_input){"", 0}), MT_E_INPUT);
    assert_int_equal(mt_bytes_open(&cx, &bytes, &(mt_input){"@set", -1}), MT_E_INPUT);
    assert_int_equal(mt_bytes_open(&cx, &bytes, &(mt_input){"gone", 999}), MT_E_IO);
    assert_null(bytes);
    mt_bytes_close(NULL);
}

static void bytes__a_window_grows_for_a_long_record_and_no_further(void **state)
{
    (void)state;
    char *big = make_big();
    mt_input input = {"in", open_with(big, BIG)};
    mt_bytes *bytes;
    const char *at;
    size_t n = 0, before = 0;
    bool last;
    assert_int_equal(mt_bytes_open(&cx, &bytes, &input), MT_OK);
    while (n < MT_BYTES_WINDOW) {
        assert_int_equal(mt_bytes_next(&cx, bytes, 0, &at, &n, &last), MT_OK);
        assert_true(n > before && n <= MT_BYTES_WINDOW && !last);
        assert_memory_equal(at, big, n);
        before = n;
    }
    assert_int_equal(mt_bytes_next(&cx, bytes, 0, &at, &n, &last), MT_E_TOO_LARGE);
    assert_int_equal(mt_bytes_next(&cx, bytes, n, &at, &n, &last),
                     MT_OK); /* what follows can still be read */
    assert_memory_equal(at, big + MT_BYTES_WINDOW, n);
    assert_int_equal(mt_bytes_next(&cx, bytes, n + 1, &at, &n, &last), MT_E_BUG);
    mt_bytes_close(bytes);
    close(input.fd);
    free(big);
}

static void bytes__a_file_cut_short_while_read_is_an_early_end(void **state)
{
    (void)state;
    char *big = make_big(), path[128];
    snprintf(path, sizeof path, "%s/in", folder);
    mt_input input = {"in", open_with(big, BIG)};
    mt_bytes *bytes;
    const char *at;
    size_t n, sum = 0;
    bool last = false;
    assert_int_equal(mt_bytes_open(&cx, &bytes, &input), MT_OK);
    assert_int_equal(mt_bytes_next(&cx, bytes, 0, &at, &n, &last), MT_OK);
    assert_int_equal(truncate(path, 1000000), 0);
    for (sum = n; !last; sum += n) assert_int_equal(mt_bytes_next(&cx, bytes, n, &at, &n, &last), MT_OK);
    assert_int_equal(sum, 1000000);
    mt_bytes_close(bytes);
    close(input.fd);
    free(big);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(bytes__a_plain_file_comes_in_windows_with_the_tail_kept),
        CASE(bytes__last_is_true_with_the_window_that_ends_the_input),
        CASE(bytes__an_empty_file_is_one_empty_last_window),
        CASE(bytes__the_same_file_can_be_opened_twice),
        CASE(bytes__a_pipe_gives_the_same_bytes),
        CASE(bytes__a_silent_pipe_can_be_cancelled),
        CASE(bytes__gzip_of_several_members_is_unpacked),
        CASE(bytes__truncated_gzip_names_the_byte),
        CASE(bytes__damaged_gzip_names_the_byte),
        CASE(bytes__zstd_is_unpacked_and_its_damage_named),
        CASE(bytes__other_archives_are_refused_with_what_to_do),
        CASE(bytes__a_folder_is_refused),
        CASE(bytes__an_empty_name_and_a_closed_file_are_refused),
        CASE(bytes__a_window_grows_for_a_long_record_and_no_further),
        CASE(bytes__a_file_cut_short_while_read_is_an_early_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
