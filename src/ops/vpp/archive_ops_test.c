/* The portfolio's files in the store, as operations see them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "ops/ops.h"
#include "ops/vpp/archive.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern const mt_op mt_op_vpp_load, mt_op_vpp_kept;

static const mt_time MONDAY = 1749427200 * MT_US_SECOND; /* 2025-06-09T00:00Z */

typedef struct fixture {
    mt_ctx cx;
    mt_world *world;
    char dir[64], data[96], url[96];
    mt_time now;
} fixture;

static mt_time tell_now(void *arg)
{
    return ((fixture *)arg)->now;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    f->now = MONDAY;
    snprintf(f->dir, sizeof f->dir, "/tmp/merit-archive-XXXXXX");
    if (!mkdtemp(f->dir)) return -1;
    snprintf(f->data, sizeof f->data, "%s/data", f->dir);
    snprintf(f->url, sizeof f->url, "duckdb:%s/store", f->dir);
    mt_ctx_init(&f->cx, NULL);
    mt_world_options options = {
        .size = sizeof options, .store_url = f->url, .now = tell_now, .arg = f, .workers = 1};
    if (mt_world_open(&f->cx, &f->world, &options) != MT_OK) return -1;
    *state = f;
    return mkdir(f->data, 0700);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    mt_world_close(f->world);
    mt_ctx_close(&f->cx);
    nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static void write_file(const fixture *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/crm", f->data);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s", f->data, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static mt_table *run(fixture *f, const mt_op *op, const mt_given *given, size_t n)
{
    void *args;
    mt_sink *sink;
    mt_table *table;
    if (mt_op_args(&f->cx, op, given, n, NULL, &args) != MT_OK) fail_msg("%s", f->cx.err);
    assert_int_equal(mt_table_sink(&f->cx, &sink, &table, 0), MT_OK);
    if (op->run(&f->cx, f->world, args, sink) != MT_OK) fail_msg("%s", f->cx.err);
    mt_sink_close(sink);
    return table;
}

static mt_table *load(fixture *f)
{
    const mt_given given = {"data", f->data};
    return run(f, &mt_op_vpp_load, &given, 1);
}

static const char contracts[] = "crm/asset_contracts_20250608_043000.csv";

static void assert_cell(const mt_table *table, size_t row, const char *column, const char *text)
{
    mt_value value = mt_table_get(table, row, mt_table_column(table, column));
    assert_true(value.present);
    if (!mt_text_equal(value.as.text, text))
        fail_msg("%s is %.*s", column, (int)value.as.text.length, value.as.text.at);
}

static void archive_ops__load_tells_new_known_and_changed(void **state)
{
    fixture *f = *state;
    write_file(f, contracts, "contract_id,asset_id\n");
    mt_table *table = load(f);
    assert_int_equal(table->n, 1);
    assert_cell(table, 0, "file", contracts);
    assert_cell(table, 0, "kind", "contracts");
    assert_cell(table, 0, "status", "new");
    f->now += MT_US_HOUR;
    assert_cell(load(f), 0, "status", "known");
    write_file(f, contracts, "contract_id,asset_id\nCON1,A\n");
    assert_cell(load(f), 0, "status", "changed");
    table = run(f, &mt_op_vpp_kept, NULL, 0);
    assert_int_equal(table->n, 2);
    assert_false(mt_table_get(table, 0, mt_table_column(table, "current")).as.boolean);
    assert_true(mt_table_get(table, 1, mt_table_column(table, "current")).as.boolean);
    const mt_given as_of = {"as_of", "2025-06-09T00:30Z"};
    table = run(f, &mt_op_vpp_kept, &as_of, 1);
    assert_int_equal(table->n, 1);
    assert_true(mt_table_get(table, 0, mt_table_column(table, "current")).as.boolean);
    const mt_given kind = {"kind", "forecast"};
    assert_int_equal(run(f, &mt_op_vpp_kept, &kind, 1)->n, 0);
}

static void read_file(char *to, size_t room, const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, contracts);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    to[fread(to, 1, room - 1, in)] = 0;
    fclose(in);
}

static void archive__unpacks_what_was_known_and_removes_it_again(void **state)
{
    fixture *f = *state;
    mt_archive_folder folder = {.path = NULL};
    char text[64], path[128];
    write_file(f, contracts, "old");
    load(f);
    f->now += MT_US_HOUR;
    write_file(f, contracts, "new");
    load(f);
    if (mt_archive_unpack(&f->cx, f->world, &folder, MT_TIME_NONE) != MT_OK) fail_msg("%s", f->cx.err);
    read_file(text, sizeof text, folder.path);
    assert_string_equal(text, "new");
    snprintf(path, sizeof path, "%s", folder.path);
    mt_archive_remove(&folder);
    assert_null(folder.path);
    assert_int_not_equal(access(path, F_OK), 0);
    mt_archive_remove(&folder);
    assert_int_equal(mt_archive_unpack(&f->cx, f->world, &folder, MONDAY), MT_OK);
    read_file(text, sizeof text, folder.path);
    assert_string_equal(text, "old");
    mt_archive_remove(&folder);
}

/* A folder as a process leaves it, made an hour ago. Returns the lock's descriptor. */
static int leave_folder(char path[32])
{
    const struct timespec times[2] = {{time(NULL) - 3600, 0}, {time(NULL) - 3600, 0}};
    char lock[64];
    snprintf(path, 32, "/tmp/merit-desk-XXXXXX");
    assert_non_null(mkdtemp(path));
    snprintf(lock, sizeof lock, "%s/.in-use", path);
    int fd = open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    return fd;
}

static void archive__takes_away_what_a_killed_process_left(void **state)
{
    fixture *f = *state;
    mt_archive_folder folder = {.path = NULL};
    char left[32], used[32];
    close(leave_folder(left));
    int lock = leave_folder(used);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    write_file(f, contracts, "x");
    load(f);
    assert_int_equal(mt_archive_unpack(&f->cx, f->world, &folder, MT_TIME_NONE), MT_OK);
    mt_archive_remove(&folder);
    assert_int_not_equal(access(left, F_OK), 0);
    assert_int_equal(access(used, F_OK), 0);
    close(lock);
    nftw(used, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void archive__says_what_to_do_when_nothing_is_kept(void **state)
{
    fixture *f = *state;
    mt_archive_folder folder = {.path = NULL};
    assert_int_equal(mt_archive_unpack(&f->cx, f->world, &folder, MT_TIME_NONE), MT_E_ABSENT);
    assert_non_null(strstr(f->cx.err, "merit vpp load --data DIR"));
    write_file(f, contracts, "x");
    load(f);
    assert_int_equal(mt_archive_unpack(&f->cx, f->world, &folder, MONDAY - 1), MT_E_ABSENT);
    assert_non_null(strstr(f->cx.err, "2025-06-08T23:59:59.999999Z"));
    assert_null(folder.path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(archive_ops__load_tells_new_known_and_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(archive__takes_away_what_a_killed_process_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(archive__unpacks_what_was_known_and_removes_it_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(archive__says_what_to_do_when_nothing_is_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("archive_ops", tests, NULL, NULL);
}
