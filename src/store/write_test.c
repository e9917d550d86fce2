/* Transactions of many threads and killed processes, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/testing.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

struct line {
    int64_t place, start, volume;
};

static const mt_field columns[] = {
    {.name = "place", MT_INT_AT(line, place)},
    {.name = "start", MT_TIME_AT(line, start)},
    {.name = "volume", MT_INT_AT(line, volume)},
    {.name = NULL},
};

static const char *const key[] = {"place", "start", NULL};
static const char *const range[] = {"start", NULL};
static const mt_merge_plan plan = {.table = "price_test", .key = key, .range = range};

/* `n` lines of one place, from the moment `from` on; then perhaps a failure. */
struct load {
    int64_t place, from, n;
    bool fail;
    mt_merge_counts counts;
};

static mt_code merge_lines(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct load *load = arg;
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(mt_tx_merge(cx, tx, &sink, &load->counts, &plan));
    mt_code code = mt_emit_begin(cx, &emit, sink, "lines", columns, NULL, NULL);
    for (int64_t k = 0; k < load->n && code == MT_OK; k++) {
        struct line line = {load->place, (load->from + k) * 1000000, k};
        code = mt_emit_put(emit, &line);
    }
    if (code == MT_OK) code = mt_emit_end(emit);
    mt_sink_close(sink);
    if (code == MT_OK && load->fail) return mt_fail(cx, MT_E_FAILED, "this write is meant to fail");
    return code;
}

static void tx__that_fails_leaves_nothing(void **state)
{
    testing *t = *state;
    struct load load = {.place = 1, .n = 10, .fail = true};
    assert_int_equal(mt_store_write(&t->cx, t->store, merge_lines, &load), MT_E_FAILED);
    assert_string_equal(t->cx.err, "this write is meant to fail");
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 0);
    load.fail = false;
    assert_int_equal(mt_store_write(&t->cx, t->store, merge_lines, &load), MT_OK);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 10);
}

static mt_code two_merges(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct load *load = arg;
    for (int k = 0; k < 2; k++) MT_TRY(merge_lines(cx, tx, &load[k]));
    return mt_tx_exec(cx, tx, NULL, "UPDATE price_test SET volume = 7 WHERE place = 2", NULL, 0);
}

static void tx__holds_several_merges_and_statements(void **state)
{
    testing *t = *state;
    struct load load[2] = {{.place = 1, .n = 10}, {.place = 2, .n = 5}};
    if (mt_store_write(&t->cx, t->store, two_merges, load) != MT_OK) fail_msg("%s", t->cx.err);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test WHERE volume = 7"),
                     6); /* row 7 of place 1, place 2 */
    load[1].fail = true;
    load[0].from = 100;
    assert_int_equal(mt_store_write(&t->cx, t->store, two_merges, load), MT_E_FAILED);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 15);
}

static mt_code look_inside(mt_ctx *cx, mt_tx *tx, void *arg)
{
    mt_sink *sink;
    mt_table *table;
    MT_TRY(mt_tx_exec(cx, tx, NULL, "INSERT INTO price_test (place) VALUES (5)", NULL, 0));
    MT_TRY(mt_table_sink(cx, &sink, &table, 1));
    mt_code code = mt_tx_query(cx, tx, "SELECT count(*) FROM price_test", NULL, 0, sink);
    mt_sink_close(sink);
    MT_TRY(code);
    *(int64_t *)arg = mt_table_get(table, 0, 0).as.integer;
    return MT_OK;
}

static void tx__sees_its_own_writes(void **state)
{
    testing *t = *state;
    int64_t seen = 0;
    assert_int_equal(mt_store_write(&t->cx, t->store, look_inside, &seen), MT_OK);
    assert_int_equal(seen, 1);
}

static void batch__without_a_commit_leaves_nothing(void **state)
{
    testing *t = *state;
    mt_batch *batch;
    mt_sink *sink;
    mt_emit *emit;
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, NULL, &plan), MT_OK);
    assert_int_equal(mt_emit_begin(&t->cx, &emit, sink, "lines", columns, NULL, NULL), MT_OK);
    struct line line = {1, 0, 1};
    assert_int_equal(mt_emit_put(emit, &line), MT_OK);
    assert_int_equal(mt_emit_end(emit), MT_OK);
    mt_sink_close(sink);
    mt_batch_close(batch);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 0);
}

/* --- many threads --- */

enum { THREADS = 4, ROUNDS = 15, LINES = 20 };

struct worker {
    testing *t;
    int place;
    int failed, meant;
    char sentence[MT_ERR_TEXT_MAX];
};

/* One batch, committed; the same rows every third time again. */
static mt_code commit_batch(mt_ctx *cx, mt_store *store, int64_t place, int64_t from)
{
    mt_batch *batch;
    mt_sink *sink;
    mt_emit *emit;
    MT_TRY(mt_batch_open(cx, &batch, store));
    mt_code code = mt_batch_merge(cx, batch, &sink, NULL, &plan);
    if (code == MT_OK) {
        code = mt_emit_begin(cx, &emit, sink, "lines", columns, NULL, NULL);
        for (int64_t k = 0; k < LINES && code == MT_OK; k++) {
            struct line line = {place, (from + k) * 1000000, k};
            code = mt_emit_put(emit, &line);
        }
        if (code == MT_OK) code = mt_emit_end(emit);
        mt_sink_close(sink);
    }
    if (code == MT_OK) code = mt_batch_commit(cx, batch, NULL, NULL);
    mt_batch_close(batch);
    return code;
}

static void *write_lines(void *arg)
{
    struct worker *w = arg;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        struct load load = {.place = w->place, .from = round * LINES, .n = LINES, .fail = round % 5 == 3};
        mt_code code = round % 2 ? mt_store_write(&cx, w->t->store, merge_lines, &load)
                                 : commit_batch(&cx, w->t->store, w->place, round * LINES);
        if (round % 2 && load.fail) {
            w->meant += code == MT_E_FAILED;
            mt_ctx_forgive(&cx);
            continue;
        }
        if (code == MT_OK) continue;
        w->failed++;
        snprintf(w->sentence, sizeof w->sentence, "%s", cx.err);
        mt_ctx_forgive(&cx);
    }
    mt_ctx_close(&cx);
    return NULL;
}

static void store__takes_writes_of_many_threads_at_once(void **state)
{
    testing *t = *state;
    pthread_t thread[THREADS];
    struct worker worker[THREADS];
    for (int k = 0; k < THREADS; k++) {
        worker[k] = (struct worker){.t = t, .place = k % 2}; /* two threads write the same rows */
        assert_int_equal(pthread_create(&thread[k], NULL, write_lines, &worker[k]), 0);
    }
    for (int k = 0; k < THREADS; k++) {
        pthread_join(thread[k], NULL);
        if (worker[k].failed) fail_msg("%s", worker[k].sentence);
        assert_int_equal(worker[k].meant, 2); /* rounds 3 and 13; 8 is even */
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 2 * (ROUNDS - 2) * LINES);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM (SELECT DISTINCT place, start FROM price_test) AS d"),
        2 * (ROUNDS - 2) * LINES);
}

struct slow {
    atomic_int inside;
    atomic_bool go;
};

static mt_code wait_inside(mt_ctx *cx, mt_tx *tx, void *arg)
{
    struct slow *slow = arg;
    (void)cx;
    (void)tx;
    atomic_fetch_add(&slow->inside, 1);
    while (!atomic_load(&slow->go)) usleep(1000);
    return MT_OK;
}

struct slow_writer {
    mt_store *store;
    struct slow *slow;
    mt_code code;
    mt_ctx cx;
};

static void *write_slowly(void *arg)
{
    struct slow_writer *w = arg;
    w->code = mt_store_write(&w->cx, w->store, wait_inside, w->slow);
    return NULL;
}

static void until(bool (*done)(struct slow *), struct slow *slow)
{
    for (int k = 0; k < 5000 && !done(slow); k++) usleep(1000);
}

static bool is_inside(struct slow *slow)
{
    return atomic_load(&slow->inside) > 0;
}

static void writer__refuses_when_its_queue_is_full_and_lets_go_of_the_cancelled(void **state)
{
    testing *t = *state;
    if (!t->backend->one_writer) skip();
    mt_store *store;
    struct slow slow = {0};
    mt_store_options options = {.size = sizeof options, .url = "duckdb::memory:", .queue_max = 1};
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_OK);
    struct slow_writer w[2] = {{.store = store, .slow = &slow}, {.store = store, .slow = &slow}};
    pthread_t thread[2];
    for (int k = 0; k < 2; k++) {
        mt_ctx_init(&w[k].cx, NULL);
        pthread_create(&thread[k], NULL, write_slowly, &w[k]);
        if (!k) until(is_inside, &slow);
        usleep(k ? 50000 : 0); /* the second one waits in the queue now */
    }
    assert_int_equal(mt_store_write(&t->cx, store, wait_inside, &slow), MT_E_BUSY);
    mt_ctx_cancel(&w[1].cx);
    pthread_join(thread[1], NULL);
    assert_int_equal(w[1].code, MT_E_CANCELLED);
    atomic_store(&slow.go, true);
    pthread_join(thread[0], NULL);
    assert_int_equal(w[0].code, MT_OK);
    assert_int_equal(atomic_load(&slow.inside), 1);
    for (int k = 0; k < 2; k++) mt_ctx_close(&w[k].cx);
    mt_store_close(store);
}

/* --- slow readers, failing memory --- */

/* A reader that takes its time: it writes to the store between two chunks. */
struct slow_reader {
    mt_sink sink;
    testing *t;
    uint64_t rows;
    int written;
};

static mt_code reader_schema(mt_sink *sink, mt_ctx *cx, const mt_schema *schema)
{
    (void)sink;
    (void)cx;
    (void)schema;
    return MT_OK;
}

static mt_code reader_push(mt_sink *sink, mt_ctx *cx, const mt_chunk *chunk)
{
    struct slow_reader *r = (struct slow_reader *)sink;
    mt_ctx own;
    (void)cx;
    r->rows += chunk->n;
    if (r->written >= 3) return MT_OK;
    mt_ctx_init(&own, NULL);
    struct load load = {.place = 50, .from = r->written, .n = 1};
    mt_code code = mt_store_write(&own, r->t->store, merge_lines, &load);
    r->written += code == MT_OK;
    mt_ctx_close(&own);
    return code;
}

static mt_code reader_finish(mt_sink *sink, mt_ctx *cx)
{
    (void)sink;
    (void)cx;
    return MT_OK;
}

static void reader_close(mt_sink *sink)
{
    (void)sink;
}

static const mt_sink_ops reader_ops = {reader_schema, reader_push, reader_finish, reader_close};

static void store__never_lets_a_slow_reader_hold_up_a_writer(void **state)
{
    testing *t = *state;
    struct load load = {.place = 1, .n = 100000};
    if (mt_store_write(&t->cx, t->store, merge_lines, &load) != MT_OK) fail_msg("%s", t->cx.err);
    struct slow_reader reader = {.sink = {&reader_ops}, .t = t};
    const char *sql = "SELECT place, start, volume FROM price_test WHERE place = 1";
    if (mt_store_query(&t->cx, t->store, sql, NULL, 0, &reader.sink) != MT_OK) fail_msg("%s", t->cx.err);
    assert_int_equal(reader.rows, 100000);
    assert_int_equal(reader.written, 3);
}

static mt_code query_all(mt_ctx *cx, mt_store *store)
{
    mt_sink *sink;
    mt_table *table;
    mt_param param = mt_param_text("it's");
    MT_TRY(mt_table_sink(cx, &sink, &table, 0));
    mt_code code = mt_store_query(cx, store, "SELECT place, start, note, CAST($1 AS TEXT) FROM price_test",
                                  &param, 1, sink);
    mt_sink_close(sink);
    return code;
}

static mt_code write_and_read(mt_ctx *cx, mt_store *store, int64_t from)
{
    struct load load = {.place = 60, .from = from, .n = 3};
    MT_TRY(mt_store_write(cx, store, merge_lines, &load));
    MT_TRY(commit_batch(cx, store, 61, from));
    return query_all(cx, store);
}

static void store__survives_every_allocation_that_fails(void **state)
{
    testing *t = *state;
    mt_code code = MT_E_MEMORY;
    uint64_t k = 1;
    for (; code != MT_OK && k < 2000; k++) {
        mt_ctx cx;
        mt_ctx_init(&cx, NULL);
        cx.arena.fail_at = k;
        code = write_and_read(&cx, t->store, 0);
        if (code != MT_OK && code != MT_E_MEMORY) fail_msg("allocation %d: %s", (int)k, cx.err);
        mt_ctx_close(&cx);
    }
    assert_int_equal(code, MT_OK);
    assert_true(k > 20);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 3 + LINES);
}

/* --- killed processes --- */

/* Writes line after line and tells each one on the pipe once it is acknowledged. */
static void write_until_killed(testing *t, int64_t place, int fd)
{
    mt_ctx cx;
    mt_store *store;
    mt_ctx_init(&cx, NULL);
    mt_store_options options = {.size = sizeof options, .url = t->url, .temp_dir = "/tmp"};
    if (mt_store_open(&cx, &store, &options) != MT_OK) _exit(1);
    for (int64_t k = 0;; k++) {
        struct load load = {.place = place, .from = k, .n = 1};
        if (mt_store_write(&cx, store, merge_lines, &load) != MT_OK) _exit(2);
        if (write(fd, &k, sizeof k) != sizeof k) _exit(3);
    }
}

static int64_t kill_one(testing *t, int64_t place, int pause_us)
{
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        write_until_killed(t, place, fd[1]);
    }
    close(fd[1]);
    int64_t acknowledged = 0, number;
    if (read(fd[0], &number, sizeof number) == sizeof number) acknowledged++;
    usleep((useconds_t)pause_us);
    kill(pid, SIGKILL);
    while (read(fd[0], &number, sizeof number) == sizeof number) acknowledged++;
    close(fd[0]);
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    return acknowledged;
}

static void store__keeps_every_acknowledged_row_of_a_killed_process(void **state)
{
    testing *t = *state;
    int64_t told[10];
    mt_store_close(t->store); /* a file has one owner */
    t->store = NULL;
    for (int k = 0; k < 10; k++) told[k] = kill_one(t, 100 + k, 3000 * k);
    assert_int_equal(testing_open(t), MT_OK);
    for (int k = 0; k < 10; k++) {
        mt_param place = mt_param_int(100 + k);
        mt_table *table = testing_query(t, "SELECT count(*) FROM price_test WHERE place = $1", &place, 1);
        int64_t kept = mt_table_get(table, 0, 0).as.integer;
        assert_true(told[k] > 0);
        assert_true(kept == told[k] || kept == told[k] + 1); /* one may be stored and not yet told */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tx__that_fails_leaves_nothing, testing_clear),
        cmocka_unit_test_setup(tx__holds_several_merges_and_statements, testing_clear),
        cmocka_unit_test_setup(tx__sees_its_own_writes, testing_clear),
        cmocka_unit_test_setup(batch__without_a_commit_leaves_nothing, testing_clear),
        cmocka_unit_test_setup(store__takes_writes_of_many_threads_at_once, testing_clear),
        cmocka_unit_test_setup(writer__refuses_when_its_queue_is_full_and_lets_go_of_the_cancelled,
                               testing_clear),
        cmocka_unit_test_setup(store__never_lets_a_slow_reader_hold_up_a_writer, testing_clear),
        cmocka_unit_test_setup(store__survives_every_allocation_that_fails, testing_clear),
        cmocka_unit_test_setup(store__keeps_every_acknowledged_row_of_a_killed_process, testing_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "write");
}
