/* Tests of reading many files into one taker from several threads. */
#include "formats/vpp/vpp_files.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "formats/vpp/columns.h"
#include "io/folder.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 60, ROWS = 20, WORKERS = 4 };

static char folder[64];
static const mt_vpp_file *file;
static size_t n_file;
static const mt_vpp_options options = {
    .size = sizeof options, .from = MT_TIME_NONE, .until = MT_TIME_NONE, .digests = true, .late = true};

/* What came, and whether two calls were ever inside at once. */
static struct {
    pthread_mutex_t inside;
    bool overlap;
    int origins, digests, refuse_at, calls;
    mt_micro sum[FILES];
    char name[FILES][64];
} got;

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* A schedule of each plant: plant k sells k kW in every quarter. */
static int open_folder(void **state)
{
    char name[96], text[4096];
    snprintf(folder, sizeof folder, "/tmp/merit-vpp-read-XXXXXX");
    if (!mkdtemp(folder) || ctx_case_open(state) != 0) return -1;
    memset(&got, 0, sizeof got);
    pthread_mutex_init(&got.inside, NULL);
    snprintf(name, sizeof name, "%s/schedule", folder);
    if (mt_folder_make(&ctx_case, name) != MT_OK) return -1;
    for (int k = 0; k < FILES; k++) {
        int n = snprintf(text, sizeof text, "%s\n", MT_VPP_HEADER_SCHEDULE);
        for (int row = 0; row < ROWS; row++)
            n += snprintf(text + n, sizeof text - (size_t)n, "2025-06-08 %02d:%02d UTC,%d\n", row / 4,
                          row % 4 * 15, k);
        snprintf(name, sizeof name, "schedule/schedule_P%02d_20250608.csv", k);
        put(name, text);
    }
    return mt_vpp_files(&ctx_case, &file, &n_file, folder, &options, NULL) == MT_OK ? 0 : -1;
}

static int drop(const char *path, const struct stat *about, int flag, struct FTW *ftw)
{
    (void)about, (void)flag, (void)ftw;
    return remove(path);
}

static int close_folder(void **state)
{
    nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
    pthread_mutex_destroy(&got.inside);
    return ctx_case_close(state);
}

static void enter(void)
{
    if (pthread_mutex_trylock(&got.inside) != 0) got.overlap = true;
}

static mt_code begin(mt_ctx *cx, void *arg, const mt_vpp_origin *origin, int *number)
{
    (void)cx, (void)arg;
    enter();
    *number = got.origins++;
    got.digests += origin->sha256 && strlen(origin->sha256) == 64;
    pthread_mutex_unlock(&got.inside);
    return MT_OK;
}

static mt_code schedule(mt_ctx *cx, void *arg, int origin, const char *asset, const mt_forecast_value *value,
                        size_t n)
{
    (void)arg;
    enter();
    bool refused = ++got.calls == got.refuse_at;
    snprintf(got.name[origin], sizeof got.name[origin], "%s", asset);
    for (size_t k = 0; k < n; k++) got.sum[origin] += value[k].power_kw;
    pthread_mutex_unlock(&got.inside);
    return refused ? mt_fail(cx, MT_E_CONFLICT, "no more of %s", asset) : MT_OK;
}

static const mt_vpp_taker taker = {.begin = begin, .schedule = schedule};

static void files_read__every_record_comes_once_under_its_own_file(void **state)
{
    (void)state;
    assert_int_equal(mt_vpp_files_read(&ctx_case, file, n_file, &options, &taker, WORKERS), MT_OK);
    assert_false(got.overlap);
    assert_int_equal(got.origins, FILES);
    assert_int_equal(got.digests, FILES);
    assert_int_equal(got.calls, FILES);
    for (int k = 0; k < FILES; k++) assert_int_equal(got.sum[k], ROWS * atoi(got.name[k] + 1) * MT_MICRO_ONE);
}

static void files_read__digests_are_those_taken_at_once(void **state)
{
    (void)state;
    const mt_vpp_file *early;
    mt_vpp_options at_once = options;
    size_t n;
    at_once.late = false;
    assert_null(file[0].origin.sha256);
    assert_int_equal(mt_vpp_files(&ctx_case, &early, &n, folder, &at_once, NULL), MT_OK);
    assert_int_equal(n, n_file);
    for (size_t k = 0; k < n; k++) {
        const char *digest;
        assert_int_equal(mt_vpp_digest(&ctx_case, &digest, file[k].path), MT_OK);
        assert_string_equal(digest, early[k].origin.sha256);
    }
}

static void files_read__a_refusal_of_whoever_reads_ends_it_with_its_sentence(void **state)
{
    (void)state;
    for (int workers = 1; workers <= WORKERS; workers += WORKERS - 1) {
        got.calls = got.origins = 0;
        got.refuse_at = FILES / 2;
        assert_int_equal(mt_vpp_files_read(&ctx_case, file, n_file, &options, &taker, workers),
                         MT_E_CONFLICT);
        assert_non_null(strstr(ctx_case.err, "no more of P"));
        assert_in_range(got.calls, FILES / 2, FILES); /* others may be in the middle of theirs */
        mt_ctx_forgive(&ctx_case);
    }
}

static void files_read__a_file_that_has_gone_is_an_error(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/schedule/schedule_P31_20250608.csv", folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mt_vpp_files_read(&ctx_case, file, n_file, &options, &taker, WORKERS), MT_E_IO);
    assert_non_null(strstr(ctx_case.err, "schedule_P31_20250608.csv"));
}

static void files_read__a_cancelled_caller_stops_the_others(void **state)
{
    (void)state;
    mt_ctx_cancel(&ctx_case);
    assert_int_equal(mt_vpp_files_read(&ctx_case, file, n_file, &options, &taker, WORKERS), MT_E_CANCELLED);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_FOLDER(files_read__every_record_comes_once_under_its_own_file),
        IN_FOLDER(files_read__digests_are_those_taken_at_once),
        IN_FOLDER(files_read__a_refusal_of_whoever_reads_ends_it_with_its_sentence),
        IN_FOLDER(files_read__a_file_that_has_gone_is_an_error),
        IN_FOLDER(files_read__a_cancelled_caller_stops_the_others),
    };
    return cmocka_run_group_tests_name("files_read", test, NULL, NULL);
}
