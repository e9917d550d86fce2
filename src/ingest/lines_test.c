/* A body of line protocol is on disk when it is acknowledged, whole, with what was wrong kept beside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/testing.h"

#include "ingest/lines.h"

#include <pthread.h>

static mt_line_written write_lines(testing *t, const char *bucket, const char *text)
{
    mt_line_written written;
    const mt_line_write write = {.bucket = bucket,
                                 .body = mt_text_of(text),
                                 .precision = MT_LINE_S,
                                 .received_at = 1700000000 * MT_US_SECOND};
    mt_code code = mt_lines_write(&t->cx, t->store, &write, &written);
    if (code != MT_OK) fail_msg("%s", t->cx.err);
    return written;
}

static int64_t count(testing *t, const char *source)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT CAST(count(*) AS BIGINT) FROM observation o JOIN series s ON s.id = o.series_id WHERE "
             "s.source = '%s'",
             source);
    return testing_count(t, sql);
}

static int64_t letters(testing *t, const char *bucket)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE stream = 'lines' AND topic = '%s'",
             bucket);
    return testing_count(t, sql);
}

static void lines__are_stored_when_acknowledged(void **state)
{
    testing *t = *state;
    mt_line_written w = write_lines(t, "plant",
                                    "power,asset=w1 mw=1.5,up=true 1700000000\n"
                                    "power,asset=w2 mw=2 1700000000\n"
                                    "# a remark\n\n"
                                    "power,asset=w2 mw=3 1700000060");
    assert_int_equal(w.rows, 4);
    assert_int_equal(w.bad, 0);
    assert_int_equal(w.first_bad_line, 0);
    assert_int_equal(w.counts.added, 4);
    assert_int_equal(count(t, "plant"), 4);
    w = write_lines(t, "plant", "power,asset=w2 mw=3 1700000060");
    assert_int_equal(w.counts.unchanged, 1);
    assert_int_equal(count(t, "plant"), 4);
}

static void lines__keep_what_is_wrong_beside_what_is_right(void **state)
{
    testing *t = *state;
    const char *text = "power,asset=w1 mw=1 1700000000\n"
                       "what is this\n"
                       "power,asset=w1 mw=2 1700000060\n"
                       "power,asset=w1 mw=\"never closed\n"
                       "power,asset=w1 mw=abc 1700000120\n";
    for (int k = 0; k < 2; k++) {
        mt_line_written w = write_lines(t, "faulty", text);
        assert_int_equal(w.rows, 2);
        assert_int_equal(w.bad, 3);
        assert_int_equal(w.first_bad_line, 2);
        assert_true(strlen(w.first_bad) > 5);
        assert_int_equal(count(t, "faulty"), 2);
        assert_int_equal(letters(t, "faulty"), 3);
    }
    assert_int_equal(testing_count(t,
                                   "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE topic = 'faulty' "
                                   "AND message = 'what is this'"),
                     1);
    assert_int_equal(testing_count(t,
                                   "SELECT CAST(count(*) AS BIGINT) FROM dead_letter WHERE topic = 'faulty' "
                                   "AND message LIKE '%never closed'"),
                     1);
}

static void lines__of_nothing_store_nothing(void **state)
{
    mt_line_written w = write_lines(*state, NULL, "");
    assert_int_equal(w.rows, 0);
    assert_int_equal(w.bad, 0);
    w = write_lines(*state, "", "power value=1 1700000000");
    assert_int_equal(w.rows, 1);
    assert_int_equal(count(*state, "lines"), 1);
}

static void lines__all_wrong_are_all_kept(void **state)
{
    testing *t = *state;
    enum { LINES = 3000 };
    char *text = malloc(LINES * 16);
    size_t n = 0;
    for (int k = 0; k < LINES; k++) n += (size_t)sprintf(text + n, "wrong %d\n", k);
    mt_line_written w = write_lines(t, "wrong", text);
    assert_int_equal(w.bad, LINES);
    assert_int_equal(letters(t, "wrong"), LINES);
    free(text);
}

enum { THREADS = 4, BODIES = 10 };

struct writer {
    testing *t;
    int number;
    bool ok;
};

static void *write_some(void *arg)
{
    struct writer *w = arg;
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    w->ok = true;
    for (int k = 0; k < BODIES && w->ok; k++) {
        char text[128];
        mt_line_written written;
        snprintf(text, sizeof text, "power,asset=t%d mw=1 %d\nbad %d\npower,asset=all mw=%d %d\n", w->number,
                 1700000000 + k, k, w->number, 1700000000 + w->number * BODIES + k);
        const mt_line_write write = {.bucket = "threads",
                                     .body = mt_text_of(text),
                                     .precision = MT_LINE_S,
                                     .received_at = 1700000000 * MT_US_SECOND};
        w->ok = mt_lines_write(&cx, w->t->store, &write, &written) == MT_OK && written.rows == 2;
        if (!w->ok) print_error("%s\n", cx.err);
    }
    mt_ctx_close(&cx);
    return NULL;
}

static void lines__come_from_many_threads(void **state)
{
    testing *t = *state;
    pthread_t thread[THREADS];
    struct writer writer[THREADS];
    for (int k = 0; k < THREADS; k++) {
        writer[k] = (struct writer){t, k, false};
        assert_int_equal(pthread_create(&thread[k], NULL, write_some, &writer[k]), 0);
    }
    for (int k = 0; k < THREADS; k++) {
        pthread_join(thread[k], NULL);
        assert_true(writer[k].ok);
    }
    assert_int_equal(count(t, "threads"), 2 * THREADS * BODIES);
    assert_int_equal(letters(t, "threads"), THREADS * BODIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines__are_stored_when_acknowledged),
        cmocka_unit_test(lines__keep_what_is_wrong_beside_what_is_right),
        cmocka_unit_test(lines__of_nothing_store_nothing),
        cmocka_unit_test(lines__all_wrong_are_all_kept),
        cmocka_unit_test(lines__come_from_many_threads),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "lines");
}
