/* Tests of data.fetch and data.ingest on a real store: what is kept, how far the feed counts as read, and
 * that a failure leaves nothing behind. */
#include "ops/ops.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "ops/files.h"
#include "sources/http/testing.h"
#include "store/data/fetch_store.h"
#include "store/store.h"

#include <sys/stat.h>

#define RECORDED "tests/http/energidataservice/"
#define AUTUMN   ((mt_time)1730063100 * 1000000) /* 2024-10-27T21:05Z, inside the recorded day */

typedef struct feed {
    char folder[32], url[64];
    mt_ctx cx;
    mt_world *world;
    testing_server *server;
} feed;

static mt_time fixed_now(void *arg)
{
    (void)arg;
    return AUTUMN;
}

static int64_t monotonic(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void begin(feed *f, const testing_route *routes)
{
    strcpy(f->folder, "/tmp/merit-feed-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->url, sizeof f->url, "duckdb:%s/store", f->folder);
    mt_ctx_options own = {.size = sizeof own, .monotonic_us = monotonic};
    mt_ctx_init(&f->cx, &own);
    mt_world_options options = {.size = sizeof options,
                                .store_url = f->url,
                                .now = fixed_now,
                                .monotonic_us = monotonic,
                                .workers = 1};
    assert_int_equal(mt_world_open(&f->cx, &f->world, &options), MT_OK);
    f->server = routes ? testing_server_start(routes) : NULL;
}

static void end(feed *f)
{
    char command[64];
    mt_world_close(f->world);
    if (f->server) testing_server_stop(f->server);
    mt_ctx_close(&f->cx);
    snprintf(command, sizeof command, "rm -rf %s", f->folder);
    assert_int_equal(system(command), 0);
}

static mt_code run(feed *f, mt_table **out, const char *name, const mt_given *given, size_t n)
{
    const mt_op *op;
    mt_files files = {.n = 0};
    mt_opener opener = mt_files_opener(&files);
    mt_sink *sink;
    void *args;
    mt_ctx_forgive(&f->cx);
    assert_int_equal(mt_ops_get(&f->cx, &op, name), MT_OK);
    mt_code code = mt_op_args(&f->cx, op, given, n, &opener, &args);
    assert_int_equal(mt_table_sink(&f->cx, &sink, out, 0), MT_OK);
    if (code == MT_OK) code = op->run(&f->cx, f->world, args, sink);
    mt_sink_close(sink);
    mt_files_close(&files);
    return code;
}

static mt_code fetch(feed *f, mt_table **out, const char *area, const char *more, const char *value)
{
    const mt_given given[] = {{"source", "energidataservice"},
                              {"dataset", "Elspotprices"},
                              {"url", f->server ? f->server->url : "http://127.0.0.1:1"},
                              {"area", area},
                              {"from", "2024-10-27"},
                              {"until", "2024-10-27"},
                              {more, value}};
    return run(f, out, "data.fetch", given, more ? 7 : 6);
}

static mt_fetch_state state_of(feed *f, const char *area)
{
    mt_fetch_state state;
    mt_store *store;
    char dataset[96];
    snprintf(dataset, sizeof dataset, "Elspotprices %s", f->server->url);
    const mt_fetch_key key = {"energidataservice", dataset, area};
    assert_int_equal(mt_world_store(&f->cx, f->world, &store), MT_OK);
    assert_int_equal(mt_fetch_store_read(&f->cx, &state, store, &key), MT_OK);
    return state;
}

static void fetch__counts_as_read_what_came_and_no_more(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices*DK1*", .file = RECORDED "elspot_autumn.json"},
        {.match = "/dataset/Elspotprices*DK2*", .file = RECORDED "none.json"},
        {0}};
    feed f;
    mt_table *rows;
    (void)state;
    begin(&f, routes);
    if (fetch(&f, &rows, "DK1", NULL, NULL) != MT_OK) fail_msg("%s", f.cx.err);
    assert_int_equal(mt_table_get(rows, 0, 7).as.integer, 25 + 24); /* added; the answer holds DK2 too */
    assert_true(state_of(&f, "DK1").fetched_to == AUTUMN);          /* rows reach beyond now */
    assert_int_equal(fetch(&f, &rows, "DK1", NULL, NULL), MT_OK);
    assert_int_equal(mt_table_get(rows, 0, 7).as.integer, 0);
    assert_int_equal(mt_table_get(rows, 0, 9).as.integer, 25 + 24); /* unchanged */
    assert_int_equal(fetch(&f, &rows, "DK2", NULL, NULL), MT_OK);   /* an answer without records */
    assert_int_equal(mt_table_get(rows, 0, 6).as.integer, 0);
    assert_true(state_of(&f, "DK2").fetched_to == MT_TIME_NONE);
    end(&f);
}

static void fetch__of_a_part_says_nothing_about_the_feed(void **state)
{
    static const testing_route routes[] = {
        {.match = "/dataset/Elspotprices*", .file = RECORDED "elspot_autumn.json"}, {0}};
    feed f;
    mt_table *rows;
    (void)state;
    begin(&f, routes);
    if (fetch(&f, &rows, "DK1", "extra", "columns=HourUTC") != MT_OK) fail_msg("%s", f.cx.err);
    assert_true(state_of(&f, "DK1").fetched_to == MT_TIME_NONE);
    end(&f);
}

static void fetch__that_fails_says_why_and_stores_nothing(void **state)
{
    static const testing_route html[] = {
        {.match = "/*", .body = "<html>maintenance</html>", .type = "text/html"}, {0}};
    feed f;
    mt_table *rows;
    (void)state;
    begin(&f, html);
    assert_int_equal(fetch(&f, &rows, "DK1", NULL, NULL), MT_E_REMOTE);
    assert_non_null(strstr(f.cx.err, "maintenance"));
    assert_true(state_of(&f, "DK1").fetched_to == MT_TIME_NONE);
    end(&f);
    begin(&f, NULL);
    f.cx.options.deadline_us = monotonic(NULL) + 300000;
    mt_code code = fetch(&f, &rows, "DK1", NULL, NULL);
    assert_true(code == MT_E_REMOTE || code == MT_E_DEADLINE);
    assert_true(f.cx.err[0]);
    f.cx.options.deadline_us = 0;
    end(&f);
}

static void write_file(const feed *f, char *path, const char *folder, const char *text)
{
    snprintf(path, 96, "%s/%s", f->folder, folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, 96, "%s/%s/prices.csv", f->folder, folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("HourUTC,HourDK,PriceArea,SpotPriceDKK,SpotPriceEUR\n", file);
    fputs(text, file);
    fclose(file);
}

static void ingest__keeps_every_bad_row_of_files_with_one_name(void **state)
{
    feed f;
    mt_table *rows;
    char one[96], two[96];
    (void)state;
    begin(&f, NULL);
    write_file(&f, one, "one", "2024-10-27 00:00,2024-10-27 02:00,DK1,1.0,abc\n");
    write_file(&f, two, "two", "2024-10-27 00:00,2024-10-27 02:00,DK1,1.0,xyz\n");
    for (int k = 0; k < 2; k++) {
        const mt_given given[] = {{"files", one}, {"files", two}};
        if (run(&f, &rows, "data.ingest", given, 2) != MT_OK) fail_msg("%s", f.cx.err);
    }
    assert_int_equal(run(&f, &rows, "stream.dead_letters", NULL, 0), MT_OK);
    assert_int_equal(rows->n, 2); /* each once, although both were read twice */
    end(&f);
}

static void ingest__sets_aside_and_releases_every_version(void **state)
{
    feed f;
    mt_table *rows;
    char path[96];
    (void)state;
    begin(&f, NULL);
    write_file(
        &f, path, "one",
        "2024-10-27 00:00,2024-10-27 02:00,DK1,1.0,51\n2024-10-27 00:00,2024-10-27 02:00,DK1,1.0,9000\n");
    const mt_given given[] = {{"files", path}, {"judge", "yes"}};
    if (run(&f, &rows, "data.ingest", given, 2) != MT_OK) fail_msg("%s", f.cx.err);
    assert_int_equal(mt_table_get(rows, 0, 8).as.integer, 2); /* set aside */
    assert_int_equal(run(&f, &rows, "data.suspects", NULL, 0), MT_OK);
    assert_int_equal(rows->n, 1);
    const char *batch;
    assert_int_equal(mt_text_copy(&f.cx, &batch, mt_table_get(rows, 0, 0).as.text), MT_OK);
    const mt_given release[] = {{"batch", batch}};
    assert_int_equal(run(&f, &rows, "data.release", release, 1), MT_OK);
    assert_int_equal(run(&f, &rows, "data.suspects", NULL, 0), MT_OK);
    assert_int_equal(rows->n, 0);
    assert_int_equal(run(&f, &rows, "data.release", release, 1), MT_E_ABSENT);
    end(&f);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fetch__counts_as_read_what_came_and_no_more),
        cmocka_unit_test(fetch__of_a_part_says_nothing_about_the_feed),
        cmocka_unit_test(fetch__that_fails_says_why_and_stores_nothing),
        cmocka_unit_test(ingest__keeps_every_bad_row_of_files_with_one_name),
        cmocka_unit_test(ingest__sets_aside_and_releases_every_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
