/* The embedded file: one owner at a time, upgraded with a copy, never opened by an older program. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/inside.h"
#include "store/testing.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

static int begin(void **state)
{
    static testing t;
    *state = &t;
    return testing_begin(&t, &mt_backend_duckdb) ? 0 : -1;
}

static int end(void **state)
{
    testing_end(*state);
    return 0;
}

static mt_code open_store(testing *t, mt_store **out, bool read_only, int64_t wait_us)
{
    mt_store_options options = {
        .size = sizeof options, .url = t->url, .read_only = read_only, .wait_us = wait_us};
    return mt_store_open(&t->cx, out, &options);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A process that holds the store until it is killed, or for `hold_us`. */
static pid_t hold(testing *t, useconds_t hold_us)
{
    int fd[2];
    char byte = 0;
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        mt_store *store;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (open_store(t, &store, false, -1) != MT_OK || write(fd[1], &byte, 1) != 1) _exit(1);
        usleep(hold_us);
        mt_store_close(store);
        _exit(0);
    }
    close(fd[1]);
    assert_int_equal(read(fd[0], &byte, 1), 1);
    close(fd[0]);
    return pid;
}

static void lock__names_the_process_that_holds_the_store(void **state)
{
    testing *t = *state;
    mt_store *store;
    char want[64];
    pid_t pid = hold(t, 60000000);
    double before = seconds();
    assert_int_equal(open_store(t, &store, false, 200000), MT_E_BUSY);
    assert_true(seconds() - before >= 0.2);
    snprintf(want, sizeof want, "process %ld", (long)pid);
    assert_non_null(strstr(t->cx.err, want));
    assert_non_null(strstr(t->cx.err, "lock_test")); /* and its command */
    assert_int_equal(open_store(t, &store, true, -1), MT_E_BUSY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_int_equal(open_store(t, &store, false, -1), MT_OK);
    mt_store_close(store);
}

static void lock__waits_until_the_store_is_free(void **state)
{
    testing *t = *state;
    mt_store *store;
    pid_t pid = hold(t, 300000);
    if (open_store(t, &store, false, 5000000) != MT_OK) fail_msg("%s", t->cx.err);
    mt_store_close(store);
    waitpid(pid, NULL, 0);
}

static void lock__refuses_a_second_opening_in_one_process(void **state)
{
    testing *t = *state;
    mt_store *first, *second;
    assert_int_equal(open_store(t, &first, false, -1), MT_OK);
    assert_int_equal(open_store(t, &second, false, -1), MT_E_BUSY);
    assert_non_null(strstr(t->cx.err, "this same process"));
    mt_store_close(first);
}

static void lock__lets_many_read_at_once(void **state)
{
    testing *t = *state;
    mt_store *first, *second;
    assert_int_equal(open_store(t, &first, false, -1), MT_OK);
    mt_store_close(first);
    assert_int_equal(open_store(t, &first, true, -1), MT_OK);
    assert_int_equal(open_store(t, &second, true, -1), MT_OK);
    assert_int_equal(
        mt_store_write(&t->cx, first, testing_run_text, (void *)(uintptr_t) "DELETE FROM dataset"),
        MT_E_DENIED);
    mt_store_close(first);
    mt_store_close(second);
}

static void store__that_is_not_there_is_not_made_for_reading(void **state)
{
    testing *t = *state;
    mt_store *store;
    mt_store_options options = {.size = sizeof options, .url = "duckdb:/nowhere/at/all", .read_only = true};
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_E_ABSENT);
    options.read_only = false;
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_E_IO);
    options.url = "duckdb:/tmp";
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_E_INPUT);
}

static void store__that_is_none_is_refused(void **state)
{
    testing *t = *state;
    mt_store *store;
    char path[96], url[128];
    snprintf(path, sizeof path, "%s/none", t->dir);
    FILE *file = fopen(path, "w");
    fputs("this is no database, only some text that is longer than a header", file);
    fclose(file);
    snprintf(url, sizeof url, "duckdb:%s", path);
    mt_store_options options = {.size = sizeof options, .url = url};
    assert_int_not_equal(mt_store_open(&t->cx, &store, &options), MT_OK);
    assert_non_null(strstr(t->cx.err, path));
}

/* --- versions --- */

static const mt_migration_step second_steps[] = {
    {NULL, "CREATE TABLE second_test (a BIGINT)"},
    {"duckdb", "INSERT INTO second_test VALUES (42)"},
    {"postgres", "this is for another engine"},
    {NULL, NULL},
};

static const mt_migration_step broken_steps[] = {
    {NULL, "CREATE TABLE third_test (a BIGINT)"},
    {NULL, "INSERT INTO nowhere VALUES (1)"},
    {NULL, NULL},
};

static const mt_migration second = {2, "second", second_steps};
static const mt_migration broken = {3, "broken", broken_steps};
static const mt_migration *const versions[] = {&mt_migration_001, &second, &broken};

static mt_code open_version(testing *t, size_t n)
{
    mt_store_options options = {.size = sizeof options, .url = t->url, .wait_us = -1};
    return mt_store_open_with(&t->cx, &t->store, &options, versions, n);
}

static void close_store(testing *t)
{
    mt_store_close(t->store);
    t->store = NULL;
}

static void migration__upgrades_with_a_copy_and_an_older_program_is_refused(void **state)
{
    testing *t = *state;
    char copy[96], url[128];
    snprintf(url, sizeof url, "duckdb:%s/versions", t->dir);
    snprintf(t->url, sizeof t->url, "%s", url);
    snprintf(copy, sizeof copy, "%s/versions.before-002", t->dir);
    assert_int_equal(open_version(t, 1), MT_OK);
    testing_must(t, "INSERT INTO market_order (dataset_id, row_no) VALUES (1, 1)");
    close_store(t);
    assert_int_equal(access(copy, F_OK), -1);
    if (open_version(t, 2) != MT_OK) fail_msg("%s", t->cx.err);
    assert_int_equal(testing_count(t, "SELECT a FROM second_test"), 42);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM market_order"), 1);
    assert_int_equal(testing_count(t, "SELECT max(number) FROM schema_version"), 2);
    close_store(t);
    assert_int_equal(open_version(t, 1), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, "newer"));
    snprintf(t->url, sizeof t->url, "duckdb:%s", copy); /* the copy is the store as it was */
    assert_int_equal(open_version(t, 1), MT_OK);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM market_order"), 1);
    close_store(t);
    snprintf(t->url, sizeof t->url, "%s", url);
}

/* Called while the store is copied: another writer, in a process that is not waiting. */
struct intruder {
    testing *t;
    int tries, held;
};

static void intrude(void *arg, mt_log_level level, const char *text)
{
    struct intruder *intruder = arg;
    mt_ctx cx;
    mt_store *store = NULL;
    mt_store_options options = {.size = sizeof options, .url = intruder->t->url, .wait_us = -1};
    (void)level;
    if (!strstr(text, "was copied to")) return;
    mt_ctx_init(&cx, NULL);
    intruder->tries++;
    intruder->held += mt_store_open(&cx, &store, &options) == MT_E_BUSY;
    mt_store_close(store);
    mt_ctx_close(&cx);
}

static void migration__holds_the_store_while_it_is_copied(void **state)
{
    testing *t = *state;
    char url[sizeof t->url];
    struct intruder intruder = {.t = t};
    snprintf(url, sizeof url, "%s", t->url);
    snprintf(t->url, sizeof t->url, "duckdb:%s/held", t->dir);
    assert_int_equal(open_version(t, 1), MT_OK);
    close_store(t);
    t->cx.options.log = intrude;
    t->cx.options.arg = &intruder;
    mt_code code = open_version(t, 2);
    t->cx.options.log = NULL;
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    close_store(t);
    assert_int_equal(intruder.tries, 1);
    assert_int_equal(intruder.held, 1);
    snprintf(t->url, sizeof t->url, "%s", url);
}

/* A link to nothing in the journal's place is what the engine neither reads nor removes. */
static void migration__is_refused_while_a_journal_is_left(void **state)
{
    testing *t = *state;
    char url[sizeof t->url], journal[96], copy[96];
    snprintf(url, sizeof url, "%s", t->url);
    snprintf(t->url, sizeof t->url, "duckdb:%s/left", t->dir);
    snprintf(journal, sizeof journal, "%s/left.wal", t->dir);
    snprintf(copy, sizeof copy, "%s/left.before-002", t->dir);
    assert_int_equal(open_version(t, 1), MT_OK);
    close_store(t);
    assert_int_equal(symlink("nothing", journal), 0);
    assert_int_equal(open_version(t, 2), MT_E_CONFLICT);
    assert_non_null(strstr(t->cx.err, journal));
    assert_int_equal(access(copy, F_OK), -1);
    assert_int_equal(unlink(journal), 0);
    if (open_version(t, 2) != MT_OK) fail_msg("%s", t->cx.err);
    close_store(t);
    assert_int_equal(access(copy, F_OK), 0);
    snprintf(t->url, sizeof t->url, "%s", url);
}

static void migration__that_fails_changes_nothing(void **state)
{
    testing *t = *state;
    assert_int_not_equal(open_version(t, 3), MT_OK);
    assert_non_null(strstr(t->cx.err, "migration 3 (broken)"));
    assert_int_equal(open_version(t, 2), MT_OK);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'third_test'"),
        0);
    close_store(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock__names_the_process_that_holds_the_store),
        cmocka_unit_test(lock__waits_until_the_store_is_free),
        cmocka_unit_test(lock__refuses_a_second_opening_in_one_process),
        cmocka_unit_test(lock__lets_many_read_at_once),
        cmocka_unit_test(store__that_is_not_there_is_not_made_for_reading),
        cmocka_unit_test(store__that_is_none_is_refused),
        cmocka_unit_test(migration__upgrades_with_a_copy_and_an_older_program_is_refused),
        cmocka_unit_test(migration__holds_the_store_while_it_is_copied),
        cmocka_unit_test(migration__is_refused_while_a_journal_is_left),
        cmocka_unit_test(migration__that_fails_changes_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
