/* The same promises of the store, asked of every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/testing.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

/* --- values --- */

static void store__gives_back_every_value_it_was_given(void **state)
{
    testing *t = *state;
    const char *text = "it's \"quoted\", \xC3\xA9\xE2\x82\xAC \\ %s";
    const mt_param param[] = {
        mt_param_int(INT64_MAX),
        mt_param_int(INT64_MIN),
        mt_param_real(-1.0e-300),
        mt_param_real(0.1),
        mt_param_text(text),
        mt_param_text(""),
        mt_param_bool(true),
        mt_param_time(-62135596800000000), /* year 1 */
        mt_param_time(253402300799999999),
        /* year 9999 */ mt_param_time(1704067342123456),
    };
    mt_table *table = testing_query(
        t,
        "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS DOUBLE PRECISION), "
        "CAST($4 AS DOUBLE PRECISION), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BOOLEAN), "
        "CAST($8 AS TIMESTAMPTZ), CAST($9 AS TIMESTAMPTZ), CAST($10 AS TIMESTAMPTZ)",
        param, 10);
    assert_int_equal(table->n, 1);
    const mt_type want[] = {MT_INT,  MT_INT,  MT_REAL, MT_REAL, MT_TEXT,
                            MT_TEXT, MT_BOOL, MT_TIME, MT_TIME, MT_TIME};
    for (int k = 0; k < 10; k++) {
        mt_value value = mt_table_get(table, 0, k);
        assert_int_equal(table->schema.col[k].type, want[k]);
        assert_true(value.present);
        if (want[k] == MT_TEXT) {
            assert_int_equal(value.as.text.length, param[k].value.as.text.length);
            assert_memory_equal(value.as.text.at, param[k].value.as.text.at, value.as.text.length);
        } else if (want[k] == MT_REAL) {
            assert_true(value.as.real == param[k].value.as.real);
        } else if (want[k] == MT_BOOL) {
            assert_true(value.as.boolean);
        } else {
            assert_true(value.as.integer == param[k].value.as.integer);
        }
    }
}

static void store__keeps_missing_values_missing(void **state)
{
    testing *t = *state;
    const mt_param param[] = {
        mt_param_null(MT_INT),  mt_param_real(NAN),          mt_param_text(NULL),
        mt_param_null(MT_BOOL), mt_param_time(MT_TIME_NONE),
    };
    mt_table *table =
        testing_query(t,
                      "SELECT CAST($1 AS BIGINT), CAST($2 AS DOUBLE PRECISION), CAST($3 AS TEXT), "
                      "CAST($4 AS BOOLEAN), CAST($5 AS TIMESTAMPTZ), CAST('NaN' AS DOUBLE PRECISION), "
                      "CAST('infinity' AS TIMESTAMPTZ)",
                      param, 5);
    for (int k = 0; k < 7; k++) assert_false(mt_table_get(table, 0, k).present);
}

static void store__refuses_text_that_not_every_engine_can_hold(void **state)
{
    testing *t = *state;
    mt_sink *sink;
    mt_table *table;
    const mt_text bad[] = {{"a\0b", 3}, {"\xff", 1}, {"ab\xC3", 3}, {"\xED\xA0\x80", 3}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        mt_param param = mt_param_text_of(bad[k]);
        assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
        assert_int_equal(mt_store_query(&t->cx, t->store, "SELECT CAST($1 AS TEXT)", &param, 1, sink),
                         MT_E_INPUT);
        assert_non_null(strstr(t->cx.err, "UTF-8"));
        mt_sink_close(sink);
    }
}

static void store__reads_decimals_days_and_small_integers(void **state)
{
    testing *t = *state;
    mt_table *table = testing_query(
        t,
        "SELECT CAST(62.03 AS DECIMAL(12,2)), CAST('2024-02-29' AS DATE), CAST(-7 AS SMALLINT), "
        "CAST(1.5 AS REAL)",
        NULL, 0);
    assert_int_equal(table->schema.col[0].type, MT_MICRO);
    assert_int_equal(mt_table_get(table, 0, 0).as.integer, 62030000);
    assert_int_equal(table->schema.col[1].type, MT_DAY);
    assert_int_equal(mt_table_get(table, 0, 1).as.integer, mt_day_of(2024, 2, 29));
    assert_int_equal(mt_table_get(table, 0, 2).as.integer, -7);
    assert_true(mt_table_get(table, 0, 3).as.real == 1.5);
}

static void store__orders_text_by_bytes_and_nulls_as_said(void **state)
{
    testing *t = *state;
    testing_must(
        t,
        "INSERT INTO dataset VALUES (1, 'b', 'x', NULL, NULL, 0, 0, NULL, NULL, '2024-01-01 00:00:00+00'), "
        "(2, 'B', 'x', NULL, NULL, 0, 0, NULL, NULL, '2024-01-01 01:00:00+01'), "
        "(3, 'a', 'x', NULL, 'h', 0, 0, NULL, NULL, '2024-01-01 00:00:00+00')");
    mt_table *table = testing_query(t, "SELECT id FROM dataset ORDER BY name NULLS LAST", NULL, 0);
    const int64_t by_name[] = {2, 3, 1};
    for (size_t k = 0; k < 3; k++) assert_int_equal(mt_table_get(table, k, 0).as.integer, by_name[k]);
    table = testing_query(t, "SELECT id FROM dataset ORDER BY content_hash NULLS FIRST, id", NULL, 0);
    const int64_t by_hash[] = {1, 2, 3};
    for (size_t k = 0; k < 3; k++) assert_int_equal(mt_table_get(table, k, 0).as.integer, by_hash[k]);
    assert_int_equal(testing_count(t, "SELECT count(DISTINCT stored_at) FROM dataset"), 1);
    testing_must(t, "DELETE FROM dataset");
}

static void store__says_what_is_wrong_with_a_statement(void **state)
{
    testing *t = *state;
    mt_sink *sink;
    mt_table *table;
    assert_int_equal(mt_table_sink(&t->cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_store_query(&t->cx, t->store, "SELECT nonsense FROM price_test", NULL, 0, sink),
                     MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "nonsense"));
    assert_null(strchr(t->cx.err, '\n'));
    mt_sink_close(sink);
    assert_int_equal(
        testing_change(
            t, "INSERT INTO schema_version (number, name, applied_at) VALUES (1, 'again', '2024-01-01')"),
        MT_E_CONFLICT);
}

/* --- users' own statements, cancelling --- */

static mt_code ask(testing *t, mt_table **table, const char *sql)
{
    mt_sink *sink;
    assert_int_equal(mt_table_sink(&t->cx, &sink, table, 0), MT_OK);
    mt_code code = mt_store_sql(&t->cx, t->store, sql, sink);
    mt_sink_close(sink);
    return code;
}

static void sql__reads_and_casts_foreign_types(void **state)
{
    testing *t = *state;
    mt_table *table;
    const char *sql =
        " -- a comment\n SELECT 1 AS one, CAST('6ba7b810-9dad-11d1-80b4-00c04fd430c8' AS UUID) AS id, "
        "'x' AS one ; ";
    if (ask(t, &table, sql) != MT_OK) fail_msg("%s", t->cx.err);
    assert_int_equal(table->n, 1);
    assert_string_equal(table->schema.col[1].name, "id");
    assert_true(mt_text_equal(mt_table_get(table, 0, 1).as.text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
    assert_int_equal(ask(t, &table, "WITH a AS (SELECT 2 AS b) SELECT b FROM a"), MT_OK);
    assert_int_equal(mt_table_get(table, 0, 0).as.integer, 2);
    assert_int_equal(ask(t, &table, "EXPLAIN SELECT 1"), MT_OK);
}

static void sql__can_neither_write_nor_reach_files(void **state)
{
    testing *t = *state;
    mt_table *table;
    static const char *const bad[] = {
        "INSERT INTO price_test (place) VALUES (1)",
        "/* SELECT */ DELETE FROM price_test",
        "DROP TABLE price_test",
        "COMMIT",
        "SET threads = 1",
        "COPY price_test TO '/tmp/merit-leak'",
        "SELECT 1; DROP TABLE price_test",
        "WITH gone AS (DELETE FROM price_test RETURNING place) SELECT * FROM gone",
        "EXPLAIN ANALYZE INSERT INTO price_test (place) VALUES (1)",
        "",
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) assert_int_not_equal(ask(t, &table, bad[k]), MT_OK);
    bool server = t->server;
    assert_int_not_equal(
        ask(t, &table,
            server ? "SELECT pg_read_file('/etc/passwd')" : "SELECT * FROM read_text('/etc/passwd')"),
        MT_OK);
    assert_int_not_equal(ask(t, &table, server ? "SELECT lo_import('/etc/passwd')" : "FROM '/etc/passwd'"),
                         MT_OK);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM price_test"), 0);
    assert_int_equal(access("/tmp/merit-leak", F_OK), -1);
}

static void *cancel_soon(void *arg)
{
    usleep(200000);
    mt_ctx_cancel(arg);
    return NULL;
}

static const char *const endless_sql =
    "WITH RECURSIVE n (k) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT k + 1 FROM n WHERE k < 100000000000) "
    "SELECT max(k) FROM n";

static void store__stops_when_it_is_cancelled(void **state)
{
    testing *t = *state;
    mt_ctx cx;
    pthread_t thread;
    mt_sink *sink;
    mt_table *table;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cx), 0);
    assert_int_equal(mt_store_query(&cx, t->store, endless_sql, NULL, 0, sink), MT_E_CANCELLED);
    pthread_join(thread, NULL);
    mt_sink_close(sink);
    mt_ctx_close(&cx);
    assert_int_equal(testing_count(t, "SELECT 1"), 1); /* the connection is of use again */
}

static int64_t clock_us(void *arg)
{
    struct timespec now;
    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void store__stops_at_the_deadline(void **state)
{
    testing *t = *state;
    mt_ctx_options options = {
        .size = sizeof options, .monotonic_us = clock_us, .deadline_us = clock_us(NULL) + 200000};
    mt_ctx cx;
    mt_sink *sink;
    mt_table *table;
    mt_ctx_init(&cx, &options);
    assert_int_equal(mt_table_sink(&cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_store_query(&cx, t->store, endless_sql, NULL, 0, sink), MT_E_DEADLINE);
    assert_true(clock_us(NULL) - options.deadline_us < 2000000);
    mt_sink_close(sink);
    mt_ctx_close(&cx);
    assert_int_equal(testing_count(t, "SELECT 1"), 1);
}

static void store__lists_the_known_urls(void **state)
{
    testing *t = *state;
    mt_store *store;
    mt_store_options options = {.size = sizeof options, .url = "oracle://x"};
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "duckdb:PATH"));
    assert_non_null(strstr(t->cx.err, "postgres://"));
}

static void store__says_when_no_server_answers(void **state)
{
    testing *t = *state;
    mt_store *store;
    mt_store_options options = {
        .size = sizeof options, .url = "postgresql://someone:secret@/x?host=/nowhere/at/all", .wait_us = -1};
    assert_int_equal(mt_store_open(&t->cx, &store, &options), MT_E_IO);
    assert_non_null(strstr(t->cx.err, "/nowhere/at/all"));
    assert_null(strstr(t->cx.err, "secret"));
    assert_null(strchr(t->cx.err, '\n'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(store__gives_back_every_value_it_was_given, testing_clear),
        cmocka_unit_test_setup(store__keeps_missing_values_missing, testing_clear),
        cmocka_unit_test_setup(store__refuses_text_that_not_every_engine_can_hold, testing_clear),
        cmocka_unit_test_setup(store__reads_decimals_days_and_small_integers, testing_clear),
        cmocka_unit_test_setup(store__orders_text_by_bytes_and_nulls_as_said, testing_clear),
        cmocka_unit_test_setup(store__says_what_is_wrong_with_a_statement, testing_clear),
        cmocka_unit_test_setup(sql__reads_and_casts_foreign_types, testing_clear),
        cmocka_unit_test_setup(sql__can_neither_write_nor_reach_files, testing_clear),
        cmocka_unit_test_setup(store__stops_when_it_is_cancelled, testing_clear),
        cmocka_unit_test_setup(store__stops_at_the_deadline, testing_clear),
        cmocka_unit_test_setup(store__lists_the_known_urls, testing_clear),
        cmocka_unit_test_setup(store__says_when_no_server_answers, testing_clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "store");
}
