/* Tests of values, big results, cancels and restarts with a server of one's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/clock.h"
#include "store/inside.h"
#include "store/testing.h"

#include <math.h>
#include <pthread.h>

#define LAST_US ((mt_time)253402300799 * MT_US_SECOND + 999999) /* 9999-12-31T23:59:59.999999Z */

/* The same statement by COPY and, told to be small, row by row. */
static mt_table *ask(testing *t, const char *sql, const mt_param *param, size_t n, bool small)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s", sql, small ? " LIMIT 2000" : "");
    return testing_query(t, text, param, n);
}

static void values__are_those_that_were_given_by_either_way(void **state)
{
    testing *t = *state;
    const double real[] = {0.1, -0.0, 5e-324, 1.7976931348623157e308, INFINITY, -INFINITY};
    const int64_t integer[] = {INT64_MIN, INT64_MAX, 0, -1, 1, 42};
    const mt_time moment[] = {-62135596800 * MT_US_SECOND, LAST_US, 0, -1, 1, 946684800 * MT_US_SECOND};
    const mt_day day[] = {mt_day_of(1, 1, 1),      mt_day_of(9999, 12, 31), mt_day_of(1970, 1, 1),
                          mt_day_of(1969, 12, 31), mt_day_of(2000, 1, 1),   mt_day_of(2024, 2, 29)};
    for (int small = 0; small < 2; small++) {
        for (int k = 0; k < 6; k++) {
            mt_param param[] = {mt_param_real(real[k]), mt_param_int(integer[k]), mt_param_time(moment[k]),
                                mt_param_null(MT_DAY), mt_param_bool(k % 2)};
            param[3].value.present = true;
            param[3].value.as.integer = day[k];
            mt_table *table = ask(t, "SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, $5 AS e", param, 5, small);
            double got = mt_table_get(table, 0, 0).as.real;
            assert_memory_equal(&got, &real[k], sizeof got);
            assert_true(mt_table_get(table, 0, 1).as.integer == integer[k]);
            assert_true(mt_table_get(table, 0, 2).as.integer == moment[k]);
            assert_true(mt_table_get(table, 0, 3).as.integer == day[k]);
            assert_int_equal(mt_table_get(table, 0, 4).as.boolean, k % 2);
        }
    }
}

static void values__of_every_plane_of_unicode_come_back(void **state)
{
    testing *t = *state;
    char text[4 * 70000 + 1];
    size_t n = 0;
    for (uint32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 17) {
        if (c >= 0xd800 && c < 0xe000) continue;
        if (c >= 0x10000) text[n++] = (char)(0xf0 | c >> 18);
        if (c >= 0x800) text[n++] = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 63) : 0xe0 | c >> 12);
        if (c >= 0x80) text[n++] = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 63) : 0xc0 | c >> 6);
        text[n++] = (char)(c >= 0x80 ? 0x80 | (c & 63) : c);
        if (n > sizeof text - 5) break;
    }
    text[n] = 0;
    const mt_param param = mt_param_text_of((mt_text){text, n});
    for (int small = 0; small < 2; small++) {
        mt_text got = mt_table_get(ask(t, "SELECT $1 AS a", &param, 1, small), 0, 0).as.text;
        assert_int_equal(got.length, n);
        assert_memory_equal(got.at, text, n);
    }
}

static void values__that_are_missing_stay_missing_by_either_way(void **state)
{
    testing *t = *state;
    for (int small = 0; small < 2; small++) {
        mt_table *table = ask(
            t,
            "SELECT CAST(NULL AS BIGINT), CAST('NaN' AS DOUBLE PRECISION), CAST('infinity' AS TIMESTAMPTZ), "
            "CAST('-infinity' AS DATE), CAST('NaN' AS NUMERIC), CAST(NULL AS TEXT), '' AS empty",
            NULL, 0, small);
        for (int k = 0; k < 6; k++) assert_false(mt_table_get(table, 0, k).present);
        assert_true(mt_table_get(table, 0, 6).present);
        assert_int_equal(mt_table_get(table, 0, 6).as.text.length, 0);
    }
}

/* Of the server's own conversion, which rounds to the nearest. */
static void values__of_decimals_are_the_nearest_doubles(void **state)
{
    testing *t = *state;
    mt_table *table = testing_query(
        t,
        "SELECT CAST(x AS NUMERIC) AS a, CAST(CAST(x AS NUMERIC) AS DOUBLE PRECISION) AS b, "
        "CAST(CAST(x AS NUMERIC) AS TEXT) AS c FROM (SELECT (random() - 0.5) * 10 ^ (k % 60 - 30) AS "
        "x FROM generate_series(1, 5000) AS k) AS q",
        NULL, 0);
    assert_int_equal(table->n, 5000);
    for (size_t k = 0; k < table->n; k++)
        if (mt_table_real(table, k, 0) != mt_table_real(table, k, 1))
            fail_msg("%.*s", (int)mt_table_get(table, k, 2).as.text.length,
                     mt_table_get(table, k, 2).as.text.at);
}

static mt_code ask_code(testing *t, const char *sql)
{
    mt_sink *sink;
    mt_table *table;
    mt_ctx_forgive(&t->cx);
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    mt_code code = mt_store_query(&t->cx, t->store, sql, NULL, 0, sink);
    mt_sink_close(sink);
    return code;
}

static void values__beyond_a_column_are_refused_and_the_connection_goes_on(void **state)
{
    testing *t = *state;
    assert_int_equal(ask_code(t, "SELECT CAST('294276-12-31' AS TIMESTAMPTZ) AS late"), MT_E_TOO_LARGE);
    assert_non_null(strstr(t->cx.err, "column late does not fit: cast it to TEXT"));
    assert_int_equal(ask_code(t, "SELECT CAST('4713-01-01 BC' AS DATE) AS early FROM generate_series(1, 9)"),
                     MT_E_TOO_LARGE);
    assert_int_equal(ask_code(t, "SELECT CAST('{}' AS JSONB) AS foreign_one"), MT_E_INPUT);
    assert_int_equal(ask_code(t, "SELECT 1 / (k - 3000) FROM generate_series(1, 9000) AS k"), MT_E_INPUT);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM generate_series(1, 9)"), 9);
}

static void query__takes_any_statement_that_reads(void **state)
{
    testing *t = *state;
    assert_int_equal(testing_count(t, "VALUES (7)"), 7);
    assert_int_equal(testing_count(t, "WITH a AS (SELECT 7 AS b) SELECT b FROM a -- end"), 7);
    assert_int_equal(testing_count(t, "SELECT 7 /* ; */"), 7);
    assert_int_equal(testing_count(t, "(SELECT 7)"), 7);
    assert_int_equal(testing_query(t, "SELECT 1 AS a WHERE false", NULL, 0)->n, 0);
    assert_int_equal(testing_query(t, "SELECT k FROM generate_series(1, 5000) AS k", NULL, 0)->n, 5000);
    assert_int_equal(testing_query(t, "SHOW TimeZone", NULL, 0)->n, 1);
}

/* --- cancels --- */

struct canceller {
    mt_ctx *cx;
    int64_t at_us; /* when it was asked to stop */
};

static void *cancel_soon(void *arg)
{
    struct canceller *c = arg;
    nanosleep(&(struct timespec){0, 150000000}, NULL);
    c->at_us = mt_clock_monotonic_us();
    mt_ctx_cancel(c->cx);
    return NULL;
}

/* Rows flow all the time: nobody waits for the server. Beside others on the machine 50 ms are doubled. */
static void query__of_a_flood_of_rows_stops_when_it_is_cancelled(void **state)
{
    testing *t = *state;
    mt_ctx cx;
    pthread_t thread;
    struct canceller canceller = {.cx = &cx};
    mt_sink *sink;
    mt_table *table;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &canceller), 0);
    mt_code code =
        mt_store_query(&cx, t->store, "SELECT k FROM generate_series(1, 500000000) AS k", NULL, 0, sink);
    int64_t ended = mt_clock_monotonic_us();
    pthread_join(thread, NULL); /* its moment can be read only now */
    int64_t taken = ended - canceller.at_us;
    mt_sink_close(sink);
    mt_ctx_close(&cx);
    assert_int_equal(code, MT_E_CANCELLED);
    print_message("stopped %.1f ms after the cancel\n", (double)taken / 1000);
    assert_true(taken < 100000);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM generate_series(1, 9)"), 9);
}

/* --- restarts --- */

static void restart(testing *t)
{
    char data[96];
    snprintf(data, sizeof data, "%s/data", t->dir);
    char options[160];
    const char *start[] = {POSTGRES_BIN "/pg_ctl", "-D", data, "-w", "-o", options, "start", NULL};
    snprintf(options, sizeof options, "-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=off",
             t->dir);
    assert_int_equal(testing_run(t, start), 0);
    t->server = true;
}

static void store__survives_a_restart_of_its_server(void **state)
{
    testing *t = *state;
    for (int round = 0; round < 2; round++) {
        mt_conn *conn[3]; /* several lie idle, all of them dead afterwards */
        for (int k = 0; k < 3; k++) assert_int_equal(mt_store_take(&t->cx, t->store, &conn[k]), MT_OK);
        for (int k = 0; k < 3; k++) mt_store_give(t->store, conn[k]);
        testing_stop_server(t);
        if (round == 1) { /* the outage is met first */
            assert_int_equal(ask_code(t, "SELECT 1"), MT_E_IO);
            assert_non_null(strstr(t->cx.err, t->dir)); /* where the server should be */
            assert_int_equal(testing_change(t, "DELETE FROM price_test"), MT_E_IO);
        }
        restart(t);
        mt_ctx_forgive(&t->cx);
        if (round == 0) assert_int_equal(testing_count(t, "SELECT 1"), 1);
        testing_must(t, "INSERT INTO price_test (place) VALUES (1)");
        assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), round + 1);
    }
}

static mt_code stop_inside(mt_ctx *cx, mt_tx *tx, void *arg)
{
    testing *t = arg;
    MT_TRY(mt_tx_exec(cx, tx, NULL, "INSERT INTO price_test (place) VALUES (77)", NULL, 0));
    testing_stop_server(t);
    return MT_OK;
}

/* Not tried again by itself: it could stand twice. */
static void commit__that_meets_no_server_says_that_nobody_knows(void **state)
{
    testing *t = *state;
    assert_int_equal(mt_store_write(&t->cx, t->store, stop_inside, t), MT_E_IO);
    assert_non_null(strstr(t->cx.err, "whether it was done is not known"));
    restart(t);
    mt_ctx_forgive(&t->cx);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test WHERE place = 77"), 0);
}

static mt_code lose_inside(mt_ctx *cx, mt_tx *tx, void *arg)
{
    testing *t = arg;
    testing_stop_server(t);
    return mt_tx_exec(cx, tx, NULL, "INSERT INTO price_test (place) VALUES (78)", NULL, 0);
}

static void transaction__that_loses_its_server_leaves_nothing(void **state)
{
    testing *t = *state;
    assert_int_equal(mt_store_write(&t->cx, t->store, lose_inside, t), MT_E_IO);
    assert_null(strstr(t->cx.err, "is not known"));
    restart(t);
    mt_ctx_forgive(&t->cx);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test WHERE place = 78"), 0);
}

static void batch__that_loses_its_server_is_told_and_the_next_one_goes_in(void **state)
{
    testing *t = *state;
    static const char *const key[] = {"place", NULL};
    static const mt_field col[] = {{.name = "place", .type = MT_INT}, {.name = NULL}};
    static const mt_merge_plan plan = {.table = "price_test", .key = key};
    const mt_schema schema = {.name = "t", .col = col, .n_col = 1};
    const int64_t place[] = {1, 2, 3};
    const mt_column column = {place, NULL};
    for (int again = 0; again < 2; again++) {
        mt_batch *batch;
        mt_sink *sink;
        mt_merge_counts counts;
        mt_ctx_forgive(&t->cx);
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, &counts, &plan), MT_OK);
        assert_int_equal(mt_sink_schema(sink, &t->cx, &schema), MT_OK);
        assert_int_equal(mt_sink_push(sink, &t->cx, &(mt_chunk){3, &column}), MT_OK);
        assert_int_equal(mt_sink_finish(sink, &t->cx), MT_OK);
        mt_sink_close(sink);
        if (!again) testing_stop_server(t);
        if (!again) restart(t);
        assert_int_equal(mt_batch_commit(&t->cx, batch, NULL, NULL), again ? MT_OK : MT_E_IO);
        mt_batch_close(batch);
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 3);
}

int main(void)
{
    testing t;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values__are_those_that_were_given_by_either_way),
        cmocka_unit_test(values__of_every_plane_of_unicode_come_back),
        cmocka_unit_test(values__that_are_missing_stay_missing_by_either_way),
        cmocka_unit_test(values__of_decimals_are_the_nearest_doubles),
        cmocka_unit_test(values__beyond_a_column_are_refused_and_the_connection_goes_on),
        cmocka_unit_test(query__takes_any_statement_that_reads),
        cmocka_unit_test(query__of_a_flood_of_rows_stops_when_it_is_cancelled),
        cmocka_unit_test_setup(store__survives_a_restart_of_its_server, testing_clear),
        cmocka_unit_test_setup(commit__that_meets_no_server_says_that_nobody_knows, testing_clear),
        cmocka_unit_test_setup(transaction__that_loses_its_server_leaves_nothing, testing_clear),
        cmocka_unit_test_setup(batch__that_loses_its_server_is_told_and_the_next_one_goes_in, testing_clear),
    };
    enum { TESTS = sizeof tests / sizeof *tests };
    struct CMUnitTest with_state[TESTS];
    int failed = 1;
    for (int k = 0; k < TESTS; k++) {
        with_state[k] = tests[k];
        with_state[k].initial_state = &t;
    }
    if (!testing_begin(&t, &mt_backend_postgres)) {
        print_message("skipped: the server's programs are not installed\n");
        failed = 0;
    } else if (testing_set_up(&t) == 0) {
        failed = _cmocka_run_group_tests("values", with_state, TESTS, NULL, NULL);
    }
    testing_end(&t);
    return failed;
}
