/* Delivered files in the store and out again, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/archive_store.h"
#include "store/testing.h"

#include <sys/resource.h>
#include <time.h>

static const mt_time MONDAY = 1749427200 * MT_US_SECOND; /* 2025-06-09T00:00Z */

static int clear(void **state)
{
    testing *t = *state;
    char path[128];
    testing_must(t, "DELETE FROM desk_file");
    testing_must(t, "DELETE FROM desk_file_part");
    snprintf(path, sizeof path, "%s/in", t->dir);
    testing_remove(path);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/out", t->dir);
    testing_remove(path);
    assert_int_equal(mkdir(path, 0700), 0);
    return 0;
}

static const char *path_of(testing *t, const char *folder, const char *name)
{
    const char *path;
    assert_int_equal(mt_text_format(&t->cx, &path, "%s/%s/%s", t->dir, folder, name), MT_OK);
    return path;
}

static mt_archive_given make_file(testing *t, const char *file, const char *name, const char *bytes, size_t n)
{
    mt_archive_given given = {
        .path = path_of(t, "in", file),
        .file = {.name = name, .kind = "contracts", .version = MT_TIME_NONE, .day = MT_DAY_NONE}};
    FILE *out = fopen(given.path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(out);
    return given;
}

static mt_archive_fate put(testing *t, const char *name, const char *bytes, mt_time known_at)
{
    mt_archive_given given = make_file(t, "file", name, bytes, strlen(bytes));
    if (mt_archive_store_put(&t->cx, t->store, &given, 1, known_at) != MT_OK) fail_msg("%s", t->cx.err);
    return given.fate;
}

static size_t unpack(testing *t, mt_time as_of)
{
    const mt_archive_file *file;
    size_t n;
    char out[96];
    snprintf(out, sizeof out, "%s/out", t->dir);
    testing_remove(out);
    assert_int_equal(mkdir(out, 0700), 0);
    assert_int_equal(mt_archive_store_list(&t->cx, t->store, &file, &n, as_of), MT_OK);
    if (mt_archive_store_unpack(&t->cx, t->store, file, n, out) != MT_OK) fail_msg("%s", t->cx.err);
    return n;
}

static void assert_file(testing *t, const char *name, const char *bytes, size_t n)
{
    FILE *in = fopen(path_of(t, "out", name), "rb");
    char *got = malloc(n + 1);
    if (!in || !got) fail_msg("%s is not there", name);
    assert_int_equal(fread(got, 1, n + 1, in), n);
    assert_memory_equal(got, bytes, n);
    fclose(in);
    free(got);
}

static void archive__gives_every_byte_back(void **state)
{
    testing *t = *state;
    char all[1000];
    for (size_t k = 0; k < sizeof all; k++) all[k] = (char)(k * 31);
    mt_archive_given given[3] = {make_file(t, "a", "crm/deep/a.csv", all, sizeof all),
                                 make_file(t, "b", "empty.json", "", 0),
                                 make_file(t, "c", "vpp/same.bin", all, sizeof all)};
    if (mt_archive_store_put(&t->cx, t->store, given, 3, MONDAY) != MT_OK) fail_msg("%s", t->cx.err);
    for (int k = 0; k < 3; k++) assert_int_equal(given[k].fate, MT_ARCHIVE_NEW);
    /* printf '' | sha256sum */
    assert_string_equal(given[1].file.sha256,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_file_part"), 1); /* the same bytes once */
    assert_int_equal(unpack(t, MT_TIME_NONE), 3);
    assert_file(t, "crm/deep/a.csv", all, sizeof all);
    assert_file(t, "vpp/same.bin", all, sizeof all);
    assert_file(t, "empty.json", "", 0);
}

static void archive__keeps_the_same_bytes_once(void **state)
{
    testing *t = *state;
    assert_int_equal(put(t, "a.csv", "one", MONDAY), MT_ARCHIVE_NEW);
    assert_int_equal(put(t, "a.csv", "one", MONDAY + MT_US_HOUR), MT_ARCHIVE_KNOWN);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_file"), 1);
}

static void archive__gives_what_was_known_at_a_moment(void **state)
{
    testing *t = *state;
    put(t, "a.csv", "one", MONDAY);
    assert_int_equal(put(t, "a.csv", "two", MONDAY + MT_US_HOUR), MT_ARCHIVE_CHANGED);
    assert_int_equal(put(t, "a.csv", "one", MONDAY + 2 * MT_US_HOUR), MT_ARCHIVE_CHANGED); /* back again */
    put(t, "b.csv", "bee", MONDAY + MT_US_HOUR);
    assert_int_equal(unpack(t, MONDAY - 1), 0);
    assert_int_equal(unpack(t, MONDAY), 1);
    assert_file(t, "a.csv", "one", 3);
    assert_int_equal(unpack(t, MONDAY + MT_US_HOUR), 2);
    assert_file(t, "a.csv", "two", 3);
    assert_int_equal(unpack(t, MT_TIME_NONE), 2);
    assert_file(t, "a.csv", "one", 3);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_file_part"), 3);
}

static void archive__tells_entries_of_one_moment_apart(void **state)
{
    testing *t = *state;
    put(t, "a.csv", "one", MONDAY);
    assert_int_equal(put(t, "a.csv", "two", MONDAY), MT_ARCHIVE_CHANGED);
    unpack(t, MT_TIME_NONE);
    assert_file(t, "a.csv", "two", 3);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM desk_file"), 2);
}

static void archive__lists_every_entry(void **state)
{
    testing *t = *state;
    const mt_archive_file *file;
    size_t n;
    mt_archive_given given = make_file(t, "a", "a.csv", "one", 3);
    given.file.version = MONDAY - 1;
    given.file.day = 20247;
    assert_int_equal(mt_archive_store_put(&t->cx, t->store, &given, 1, MONDAY), MT_OK);
    put(t, "a.csv", "three", MONDAY + 7);
    assert_int_equal(mt_archive_store_history(&t->cx, t->store, &file, &n), MT_OK);
    assert_int_equal(n, 2);
    assert_true(file[0].known_at == MONDAY && file[0].version == MONDAY - 1 && file[0].day == 20247);
    assert_true(file[0].bytes == 3 && file[1].bytes == 5 && file[1].day == MT_DAY_NONE);
    assert_string_equal(file[0].kind, "contracts");
    assert_string_equal(file[0].sha256, given.file.sha256);
}

static void archive__dates_files_by_when_they_became_known(void **state)
{
    testing *t = *state;
    struct stat st;
    put(t, "a.csv", "one", MONDAY + 123456);
    unpack(t, MT_TIME_NONE);
    assert_int_equal(stat(path_of(t, "out", "a.csv"), &st), 0);
    assert_int_equal(st.st_mtim.tv_sec, MONDAY / MT_US_SECOND);
    assert_int_equal(st.st_mtim.tv_nsec, 123456000);
}

static void archive__refuses_names_that_lead_out(void **state)
{
    static const char *const name[] = {"../a", "a/../../b", "/etc/x", "a//b", "", "a/", "./a"};
    testing *t = *state;
    for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
        mt_archive_file file = {.name = name[k], .sha256 = "0", .bytes = 0, .known_at = MONDAY};
        char out[96];
        snprintf(out, sizeof out, "%s/out", t->dir);
        if (mt_archive_store_unpack(&t->cx, t->store, &file, 1, out) != MT_E_INPUT) fail_msg("%s", name[k]);
    }
}

static void archive__says_when_kept_bytes_are_damaged(void **state)
{
    testing *t = *state;
    const mt_archive_file *file;
    size_t n;
    char out[96];
    snprintf(out, sizeof out, "%s/out", t->dir);
    put(t, "a.csv", "one", MONDAY);
    put(t, "b.csv", "two", MONDAY);
    testing_must(t, "UPDATE desk_file_part SET body = 'KLUv/QQAAAA='");
    assert_int_equal(mt_archive_store_list(&t->cx, t->store, &file, &n, MT_TIME_NONE), MT_OK);
    assert_int_equal(mt_archive_store_unpack(&t->cx, t->store, file, 1, out), MT_E_IO);
    assert_non_null(strstr(t->cx.err, "a.csv"));
    testing_must(t, "DELETE FROM desk_file_part");
    assert_int_equal(mt_archive_store_unpack(&t->cx, t->store, file + 1, 1, out), MT_E_IO);
    assert_non_null(strstr(t->cx.err, "0 of the 3 bytes of b.csv"));
}

static void archive__says_which_file_cannot_be_read(void **state)
{
    testing *t = *state;
    mt_archive_given given = {.path = "/nonexistent/x.csv", .file = {.name = "x.csv", .kind = "unknown"}};
    assert_int_equal(mt_archive_store_put(&t->cx, t->store, &given, 1, MONDAY), MT_E_IO);
    assert_non_null(strstr(t->cx.err, "/nonexistent/x.csv"));
}

/* Bytes that do not pack: 48 MiB of them, so several transactions and questions. */
enum { LARGE = 48 << 20 };

static void write_large(const char *path)
{
    FILE *out = fopen(path, "wb");
    uint64_t x = 88172645463325252u;
    static uint64_t block[8192];
    assert_non_null(out);
    for (size_t done = 0; done < LARGE; done += sizeof block) {
        for (size_t k = 0; k < 8192; k++) block[k] = x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        assert_int_equal(fwrite(block, sizeof block, 1, out), 1);
    }
    fclose(out);
}

static bool same_files(const char *a, const char *b)
{
    char command[512];
    snprintf(command, sizeof command, "cmp -s '%s' '%s'", a, b);
    return system(command) == 0; /* NOLINT: names of the test itself */
}

static void archive__streams_large_files(void **state)
{
    testing *t = *state;
    mt_archive_given given = make_file(t, "large", "exchange/large.csv", "", 0);
    mt_archive_given small = make_file(t, "small", "exchange/small.csv", "x", 1);
    write_large(given.path);
    mt_archive_given both[2] = {given, small};
    t->cx.arena.limit_bytes = t->cx.arena.held_bytes + (8 << 20);
    if (mt_archive_store_put(&t->cx, t->store, both, 2, MONDAY) != MT_OK) fail_msg("%s", t->cx.err);
    unpack(t, MT_TIME_NONE);
    assert_true(same_files(given.path, path_of(t, "out", "exchange/large.csv")));
    assert_file(t, "exchange/small.csv", "x", 1);
    t->cx.arena.limit_bytes = 0;
    assert_true(testing_count(t, "SELECT max(length(body)) FROM desk_file_part") <= 1 << 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(archive__gives_every_byte_back, clear),
        cmocka_unit_test_setup(archive__keeps_the_same_bytes_once, clear),
        cmocka_unit_test_setup(archive__gives_what_was_known_at_a_moment, clear),
        cmocka_unit_test_setup(archive__tells_entries_of_one_moment_apart, clear),
        cmocka_unit_test_setup(archive__lists_every_entry, clear),
        cmocka_unit_test_setup(archive__dates_files_by_when_they_became_known, clear),
        cmocka_unit_test_setup(archive__refuses_names_that_lead_out, clear),
        cmocka_unit_test_setup(archive__says_when_kept_bytes_are_damaged, clear),
        cmocka_unit_test_setup(archive__says_which_file_cannot_be_read, clear),
        cmocka_unit_test_setup(archive__streams_large_files, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "archive_store");
}
