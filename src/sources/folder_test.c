/* Folders in which files arrive: versions of one file, the newest first, older ones still there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources/folder.h"

typedef struct fixture {
    char folder[64];
    mt_ctx cx;
} fixture;

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/merit-folder-XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    mt_ctx_init(&f->cx, NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    nftw(f->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    mt_ctx_close(&f->cx);
    free(f);
    return 0;
}

static void put_file(fixture *f, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void put_folder(fixture *f, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static size_t list(fixture *f, const char *pattern, const mt_folder_entry **entry)
{
    size_t n = 0;
    mt_folder_place place = {.size = sizeof place, .url = f->folder, .pattern = pattern};
    if (mt_folder_list(&f->cx, &place, entry, &n) != MT_OK) fail_msg("%s", f->cx.err);
    return n;
}

static void folder__puts_the_newest_version_of_each_file_first(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    put_file(f, "asset_contracts_20250601_043000.csv", "old");
    put_file(f, "asset_contracts_20250609_1201.csv", "newest");
    put_file(f, "asset_contracts_20250608_043000.csv", "middle");
    put_file(f, "technical_data_2025-06-08T12:30:00Z.json", "{}");
    assert_int_equal(list(f, NULL, &entry), 4);
    assert_string_equal(entry[0].name, "asset_contracts_20250609_1201.csv");
    assert_string_equal(entry[0].version.stem, "asset_contracts.csv");
    assert_int_equal(entry[0].rank, 0);
    assert_int_equal(entry[0].size, 6);
    assert_string_equal(entry[1].name, "asset_contracts_20250608_043000.csv");
    assert_int_equal(entry[1].rank, 1);
    assert_int_equal(entry[2].rank, 2);
    assert_string_equal(entry[3].version.stem, "technical_data.json");
    assert_int_equal(entry[3].rank, 0);
    assert_int_equal(list(f, "asset_contracts_{version}.csv", &entry), 3);
    assert_int_equal(list(f, "*.txt", &entry), 0);
}

static void folder__opens_each_version(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    char text[16] = "";
    int fd = -1;
    mt_folder_place place = {.size = sizeof place, .url = f->folder};
    put_file(f, "a b_20250608.csv", "older");
    put_file(f, "a b_20250609.csv", "newer");
    assert_int_equal(list(f, NULL, &entry), 2);
    assert_non_null(strstr(entry[1].url, "/a%20b_20250608.csv"));
    for (int k = 0; k < 2; k++) {
        assert_int_equal(mt_folder_open(&f->cx, &place, &entry[k], &fd), MT_OK);
        assert_int_equal(read(fd, text, sizeof text), 5);
        assert_memory_equal(text, k ? "older" : "newer", 5);
        close(fd);
    }
}

static void folder__finds_files_below_and_no_hidden_ones(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    char link[512];
    put_folder(f, "crm");
    put_folder(f, ".git");
    put_file(f, "crm/list_v2.csv", "");
    put_file(f, "crm/list_v10.csv", "");
    put_file(f, "crm/.list.tmp", "");
    put_file(f, ".git/list_v3.csv", "");
    snprintf(link, sizeof link, "%s/round", f->folder);
    assert_int_equal(symlink(f->folder, link), 0); /* a link to a folder would go round for ever */
    assert_int_equal(list(f, NULL, &entry), 2);
    assert_string_equal(entry[0].name, "crm/list_v10.csv");
    assert_int_equal(list(f, "crm/*.csv", &entry), 2);
    assert_int_equal(list(f, "*/list_{version}.csv", &entry), 2);
    assert_int_equal(list(f, "vpp/*.csv", &entry), 0);
}

static void folder__keeps_names_beyond_letters(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    int fd = -1;
    mt_folder_place place = {.size = sizeof place, .url = f->folder};
    put_file(f, "Z\xC3\xA4hler 100%25 #1?_20250608.csv", "x");
    assert_int_equal(list(f, NULL, &entry), 1);
    assert_string_equal(entry[0].version.stem, "Z\xC3\xA4hler 100%25 #1?.csv");
    assert_int_equal(mt_folder_open(&f->cx, &place, &entry[0], &fd), MT_OK);
    close(fd);
}

static void folder__sees_that_a_file_changed(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *before, *after;
    put_file(f, "a.csv", "one");
    assert_int_equal(list(f, NULL, &before), 1);
    put_file(f, "a.csv", "three");
    assert_int_equal(list(f, NULL, &after), 1);
    assert_string_not_equal(before->etag, after->etag);
}

static void folder__takes_a_url_with_encoded_letters(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    size_t n = 0;
    char url[512];
    mt_folder_place place = {.size = sizeof place, .url = url};
    put_folder(f, "a b");
    put_file(f, "a b/x.csv", "");
    snprintf(url, sizeof url, "file://%s/a%%20b/", f->folder);
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_OK);
    assert_int_equal(n, 1);
    assert_string_equal(entry[0].name, "x.csv");
}

static void folder__says_what_is_no_place(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    size_t n = 0;
    mt_folder_place place = {.size = sizeof place, .url = "/nowhere/at/all"};
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_E_ABSENT);
    place.url = "ftp://host/x";
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_E_INPUT);
    assert_non_null(strstr(f->cx.err, "s3://BUCKET/PREFIX are right"));
    place.url = "file://host/x";
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_E_INPUT);
    place.url = "s3://bucket";
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_E_INPUT); /* no client */
    place.url = "";
    assert_int_equal(mt_folder_list(&f->cx, &place, &entry, &n), MT_E_INPUT);
}

static void folder__says_when_a_file_has_gone(void **state)
{
    fixture *f = *state;
    const mt_folder_entry *entry;
    char path[512];
    int fd = -1;
    mt_folder_place place = {.size = sizeof place, .url = f->folder};
    put_file(f, "a.csv", "");
    assert_int_equal(list(f, NULL, &entry), 1);
    snprintf(path, sizeof path, "%s/a.csv", f->folder);
    unlink(path);
    assert_int_equal(mt_folder_open(&f->cx, &place, entry, &fd), MT_E_ABSENT);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(mt_folder_open(&f->cx, &place, entry, &fd), MT_E_INPUT);
    assert_int_equal(fd, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest test[] = {
        TEST(folder__puts_the_newest_version_of_each_file_first),
        TEST(folder__opens_each_version),
        TEST(folder__finds_files_below_and_no_hidden_ones),
        TEST(folder__keeps_names_beyond_letters),
        TEST(folder__sees_that_a_file_changed),
        TEST(folder__takes_a_url_with_encoded_letters),
        TEST(folder__says_what_is_no_place),
        TEST(folder__says_when_a_file_has_gone),
    };
    return cmocka_run_group_tests_name("folder", test, NULL, NULL);
}
