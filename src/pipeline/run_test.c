/* Promises of run.h and state.h: order, failure, resuming, side by side, cancelling. */
#include "pipeline/run.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Everything a case needs: a context, a world without a store, a folder of its own. */
struct bench {
    mt_ctx cx;
    mt_world *world;
    char folder[64];
};

static mt_time fixed_now(void *arg)
{
    (void)arg;
    return 1750000000 * MT_US_SECOND;
}

static int64_t monotonic(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * MT_US_SECOND + now.tv_nsec / 1000;
}

static int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    mt_ctx_options options = {.size = sizeof options, .monotonic_us = monotonic};
    mt_world_options world = {.size = sizeof world, .now = fixed_now, .workers = 4};
    mt_ctx_init(&bench->cx, &options);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/merit-run-XXXXXX");
    if (!mkdtemp(bench->folder) || mt_world_open(&bench->cx, &bench->world, &world) != MT_OK) return -1;
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    int status = system(command);
    mt_world_close(bench->world);
    mt_ctx_close(&bench->cx);
    free(bench);
    return status;
}

static mt_code run_text(struct bench *bench, const char *text, const mt_given *value, size_t n,
                        mt_run_report *report)
{
    const mt_plan *plan;
    mt_run_options options = {.size = sizeof options, .folder = bench->folder, .value = value, .n_value = n};
    mt_code code = mt_plan_parse(&bench->cx, &plan, "test.pipeline", mt_text_of(text));
    return code != MT_OK ? code : mt_pipeline_run(&bench->cx, bench->world, plan, &options, report);
}

static bool has_file(const struct bench *bench, const char *name)
{
    char path[128];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    return stat(path, &about) == 0 && about.st_size > 0;
}

static void write_file(const struct bench *bench, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char three[] =
    "pipeline three: a chain and one beside it\n"
    "option country = DE: whose holidays\n"
    "task first: periods\n calendar.periods --day 2025-03-30 > first.csv\n"
    "task second needs first: holidays\n calendar.holidays --country $country --year 2025 > second.json\n"
    "task third needs second: more\n calendar.periods --day 2025-10-26 > third.txt\n"
    "task beside: alone\n calendar.holidays --country FR --year 2025 > beside.ndjson\n"
    "task end after all: afterwards\n calendar.periods --day 2025-01-1$failed > end.csv\n";

static void run__keeps_what_is_done_and_repeats_what_changed(void **state)
{
    struct bench *bench = *state;
    mt_run_report report;
    assert_int_equal(run_text(bench, three, NULL, 0, &report), MT_OK);
    assert_int_equal(report.count[MT_TASK_DONE], 5);
    assert_int_equal(report.task[0].rows, 23);
    assert_true(has_file(bench, "first.csv") && has_file(bench, "second.json") &&
                has_file(bench, "third.txt"));
    assert_int_equal(run_text(bench, three, NULL, 0, &report), MT_OK);
    assert_int_equal(report.count[MT_TASK_KEPT], 4);
    write_file(bench, "third.txt", "somebody wrote over it");
    static const mt_given other = {"country", "DK"};
    assert_int_equal(run_text(bench, three, &other, 1, &report), MT_OK);
    assert_int_equal(report.task[0].status, MT_TASK_KEPT);
    assert_int_equal(report.task[1].status, MT_TASK_DONE);
    assert_int_equal(report.task[2].status, MT_TASK_DONE);
    assert_int_equal(report.task[3].status, MT_TASK_KEPT);
}

static void run__stops_only_the_descendants_of_a_failure(void **state)
{
    struct bench *bench = *state;
    mt_run_report report;
    static const mt_given wrong = {"country", "XX"}, right = {"country", "AT"};
    assert_int_equal(run_text(bench, three, &wrong, 1, &report), MT_E_ABSENT);
    assert_non_null(strstr(bench->cx.err, "task second: calendar.holidays:"));
    assert_int_equal(report.task[0].status, MT_TASK_DONE);
    assert_int_equal(report.task[1].status, MT_TASK_FAILED);
    assert_int_equal(report.task[2].status, MT_TASK_STOPPED);
    assert_non_null(strstr(report.task[2].text, "needs second, which failed"));
    assert_int_equal(report.task[3].status, MT_TASK_DONE);
    assert_int_equal(report.task[4].status, MT_TASK_DONE); /* $failed is 2: second and third */
    assert_false(has_file(bench, "second.json"));
    assert_false(has_file(bench, "third.txt"));
    assert_int_equal(run_text(bench, three, &right, 1, &report), MT_OK);
    assert_int_equal(report.task[0].status, MT_TASK_KEPT);
    assert_int_equal(report.task[1].status, MT_TASK_DONE);
    assert_int_equal(report.task[2].status, MT_TASK_DONE);
    assert_int_equal(report.task[3].status, MT_TASK_KEPT);
}

static void run__names_unknown_and_missing_options(void **state)
{
    struct bench *bench = *state;
    mt_run_report report;
    static const mt_given unknown = {"contry", "DE"};
    assert_int_equal(run_text(bench, three, &unknown, 1, &report), MT_E_INPUT);
    assert_non_null(strstr(bench->cx.err, "did you mean country"));
    assert_int_equal(run_text(bench,
                              "pipeline a: b\noption day: which\ntask t: x\n calendar.periods --day $day\n",
                              NULL, 0, &report),
                     MT_E_INPUT);
    assert_non_null(strstr(bench->cx.err, "needs --day (which)"));
}

static void run__treats_a_damaged_state_as_empty(void **state)
{
    struct bench *bench = *state;
    mt_run_report report;
    static const char one[] = "pipeline one: x\ntask t: y\n calendar.periods --day 2025-03-30 > t.csv\n";
    assert_int_equal(run_text(bench, one, NULL, 0, &report), MT_OK);
    static const char *const damaged[] = {
        "{\"form\": 1, \"tasks\": {\"t\": {\"fing", "[]", "", "{\"form\": 9, \"tasks\": {}}",
        "{\"form\": 1, \"tasks\": {\"t\": {\"fingerprint\": \"x\", \"files\": {\"t.csv\": null}}}}"};
    for (size_t k = 0; k < sizeof damaged / sizeof *damaged; k++) {
        write_file(bench, ".merit/one.json", damaged[k]);
        assert_int_equal(run_text(bench, one, NULL, 0, &report), MT_OK);
        assert_int_equal(report.task[0].status, MT_TASK_DONE);
    }
    assert_int_equal(run_text(bench, one, NULL, 0, &report), MT_OK);
    assert_int_equal(report.task[0].status, MT_TASK_KEPT);
}

static void run__refuses_a_folder_that_is_a_file(void **state)
{
    struct bench *bench = *state;
    mt_run_report report;
    write_file(bench, "plain", "x");
    snprintf(bench->folder + strlen(bench->folder), 16, "/plain");
    static const char one[] = "pipeline one: x\ntask t: y\n calendar.periods --day 2025-03-30 > t.csv\n";
    assert_int_not_equal(run_text(bench, one, NULL, 0, &report), MT_OK);
    bench->folder[strlen(bench->folder) - 6] = 0;
}

static void *cancel_from_outside(void *arg)
{
    mt_ctx_cancel(arg);
    return NULL;
}

/* Cancels the run while its first task is at work, from a thread of its own: the watcher is called under a
 * lock. */
static void cancel_at_once(void *arg, const mt_run_report *report, size_t changed)
{
    struct bench *bench = arg;
    static pthread_t thread;
    if (report->task[changed].status != MT_TASK_RUNNING || changed != 0) return;
    pthread_create(&thread, NULL, cancel_from_outside, &bench->cx);
    pthread_detach(thread);
}

static void run__ends_when_it_is_cancelled(void **state)
{
    struct bench *bench = *state;
    const mt_plan *plan;
    mt_run_report report;
    char text[8192] = "pipeline many: x\ntask t0: y\n calendar.periods --day 2025-03-30 > t0.csv\n";
    for (int k = 1; k < 60; k++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used,
                 "task t%d needs t%d: y\n calendar.periods --day 2025-03-30 > t%d.csv\n", k, k - 1, k);
    }
    mt_run_options options = {
        .size = sizeof options, .folder = bench->folder, .watch = cancel_at_once, .arg = bench};
    assert_int_equal(mt_plan_parse(&bench->cx, &plan, "test.pipeline", mt_text_of(text)), MT_OK);
    assert_int_equal(mt_pipeline_run(&bench->cx, bench->world, plan, &options, &report), MT_E_CANCELLED);
    assert_true(report.count[MT_TASK_STOPPED] > 0);
    assert_int_equal(report.count[MT_TASK_WAITING] + report.count[MT_TASK_RUNNING], 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test_setup_teardown(run__keeps_what_is_done_and_repeats_what_changed, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(run__stops_only_the_descendants_of_a_failure, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(run__names_unknown_and_missing_options, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(run__treats_a_damaged_state_as_empty, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(run__refuses_a_folder_that_is_a_file, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(run__ends_when_it_is_cancelled, open_bench, close_bench),
    };
    return cmocka_run_group_tests_name("pipeline/run", test, NULL, NULL);
}
