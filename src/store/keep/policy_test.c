/* Policies: what is old becomes coarser or goes, energy is conserved, and it may be stopped anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/data/series_store.h"
#include "store/keep/check.h"
#include "store/keep/tend.h"
#include "store/testing.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#define QUARTER ((mt_time)15 * MT_US_MINUTE)
#define DAY0    ((mt_time)1704067200 * MT_US_SECOND) /* 2024-01-01T00Z */
#define NOW     (DAY0 + 100 * MT_US_DAY)

static void must(testing *t, mt_code code)
{
    if (code != MT_OK) fail_msg("%s", t->cx.err);
}

/* Values of one series, `gap` apart. */
struct given {
    const char *kind, *area;
    mt_time step, start, gap, known_at;
    const double *value;
    size_t n;
};

static mt_code put_rows(mt_ctx *cx, mt_store *store, const struct given *g)
{
    mt_sink *sink;
    mt_emit *emit = NULL;
    MT_TRY(mt_series_sink(cx, &sink, NULL, store));
    mt_code code = mt_emit_begin(cx, &emit, sink, "observations", mt_observation_col, NULL, NULL);
    for (size_t k = 0; code == MT_OK && k < g->n; k++) {
        mt_observation row = {.kind = g->kind,
                              .area = g->area,
                              .detail = "",
                              .unit = "MWh",
                              .source = "test",
                              .step = g->step,
                              .start = g->start + (mt_time)k * g->gap,
                              .value = g->value[k],
                              .known_at = g->known_at ? g->known_at : g->start};
        code = mt_emit_put(emit, &row);
    }
    if (code == MT_OK) code = mt_emit_end(emit);
    mt_sink_close(sink);
    return code;
}

static void put(testing *t, const struct given *g)
{
    must(t, put_rows(&t->cx, t->store, g));
}

static void keep(testing *t, const char *kind, mt_time keep_us, mt_time step)
{
    must(t, mt_policy_set(&t->cx, t->store, &(mt_policy){kind, NULL, NULL, keep_us, step, 0}));
}

static size_t tend(testing *t, mt_tended **out, bool dry)
{
    size_t n;
    must(t, mt_tend(&t->cx, out, &n, t->store, NOW, dry));
    return n;
}

static int clear(void **state)
{
    static const char *const table[] = {"observation",  "observation_history",    "policy",
                                        "dead_letter",  "observation_quarantine", "pipeline_run",
                                        "pipeline_task"};
    testing *t = *state;
    char sql[96];
    mt_ctx_forgive(&t->cx);
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", table[k]);
        testing_must(t, sql);
    }
    return 0;
}

static void check_promises(testing *t)
{
    mt_promise *promise;
    size_t n;
    must(t, mt_store_check(&t->cx, &promise, &n, t->store));
    for (size_t k = 0; k < n; k++)
        if (promise[k].broken) fail_msg("%s: %s", promise[k].table, promise[k].text);
}

/* The values of a kind in order: step, start, value, payload. */
static mt_table *values(testing *t, const char *kind)
{
    const mt_param param = mt_param_text(kind);
    return testing_query(t,
                         "SELECT step_us, start, value, payload, known_at FROM observations WHERE kind = $1 "
                         "ORDER BY area NULLS LAST, start NULLS LAST, step_us NULLS LAST",
                         &param, 1);
}

static void check_value(const mt_table *table, size_t row, mt_time step, mt_time start, double value)
{
    assert_true(mt_table_get(table, row, 0).as.integer == step);
    assert_true(mt_table_get(table, row, 1).as.integer == start);
    double got = mt_table_real(table, row, 2);
    assert_true(isnan(value) ? isnan(got) : got == value);
}

static void check_payload(const mt_table *table, size_t row, const char *expected)
{
    mt_text text = mt_table_get(table, row, 3).as.text;
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.at, expected, text.length);
}

/* --- what is remembered --- */

static void policy__is_stored_replaced_and_removed(void **state)
{
    testing *t = *state;
    mt_policy *policy;
    size_t n;
    keep(t, "production", 90 * MT_US_DAY, MT_US_HOUR);
    keep(t, "dead_letter", MT_US_DAY, 0);
    keep(t, "production", 30 * MT_US_DAY, MT_US_DAY);
    must(t, mt_policy_set(&t->cx, t->store, &(mt_policy){"production", "s", "DK1", MT_US_DAY, 0, 0}));
    must(t, mt_policy_list(&t->cx, &policy, &n, t->store));
    assert_int_equal(n, 3);
    assert_string_equal(policy[0].kind, "dead_letter");
    assert_string_equal(policy[1].source, "");
    assert_true(policy[1].keep_us == 30 * MT_US_DAY && policy[1].rollup_step_us == MT_US_DAY);
    assert_true(policy[1].created_at > DAY0);
    assert_string_equal(policy[2].area, "DK1");
    must(t, mt_policy_remove(&t->cx, t->store, &(mt_policy){.kind = "production"}));
    assert_int_equal(mt_policy_remove(&t->cx, t->store, &(mt_policy){.kind = "production"}), MT_E_ABSENT);
    assert_non_null(strstr(t->cx.err, "merit store policies"));
    keep(t, "production", 30 * MT_US_DAY, MT_US_DAY); /* a key that was removed comes again */
    assert_int_equal(testing_count(t, "SELECT count(*) FROM policy"), 3);
}

static void policy__that_makes_no_sense_is_refused(void **state)
{
    testing *t = *state;
    const mt_policy bad[] = {{NULL, NULL, NULL, MT_US_DAY, 0, 0},
                             {"", NULL, NULL, MT_US_DAY, 0, 0},
                             {"load", NULL, NULL, 0, 0, 0},
                             {"load", NULL, NULL, -1, 0, 0},
                             {"load", NULL, NULL, INT64_MAX, 0, 0},
                             {"load", NULL, NULL, MT_US_DAY, -1, 0},
                             {"dead_letter", NULL, NULL, MT_US_DAY, MT_US_HOUR, 0},
                             {"dead_letter", NULL, "DK1", MT_US_DAY, 0, 0}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(mt_policy_set(&t->cx, t->store, &bad[k]), MT_E_INPUT);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM policy"), 0);
}

static void policy__that_is_closest_counts(void **state)
{
    (void)state;
    static const mt_policy policy[] = {{"load", "", "", 1, 0, 0},
                                       {"load", "", "DK1", 2, 0, 0},
                                       {"load", "s", "", 3, 0, 0},
                                       {"load", "s", "DK1", 4, 0, 0}};
    assert_true(mt_policy_for(policy, 4, "load", "s", "DK1")->keep_us == 4);
    assert_true(mt_policy_for(policy, 4, "load", "s", "DK2")->keep_us == 3);
    assert_true(mt_policy_for(policy, 4, "load", "x", "DK1")->keep_us == 2);
    assert_true(mt_policy_for(policy, 4, "load", "x", "DK2")->keep_us == 1);
    assert_null(mt_policy_for(policy, 4, "production", "s", "DK1"));
}

/* --- what is done --- */

static void tend__folds_values_as_their_kind_asks(void **state)
{
    testing *t = *state;
    static const char *const kind[] = {"production", "spot_price", "fx_rate"};
    static const double folded[] = {10, 2.5, 4};
    const double value[] = {1, 2, 3, 4, NAN, NAN, NAN, NAN, 5, NAN, -0.5};
    mt_tended *row;
    for (int k = 0; k < 3; k++) {
        put(t, &(struct given){kind[k], "DK1", QUARTER, DAY0, QUARTER, 0, value, 11});
        keep(t, kind[k], 90 * MT_US_DAY, MT_US_HOUR);
    }
    assert_int_equal(tend(t, &row, false), 3);
    assert_true(row[0].done.rolled == 11 && row[0].done.written == 3 && row[0].done.removed == 11);
    assert_true(row[0].from == DAY0 && row[0].to == DAY0 + 3 * MT_US_HOUR);
    for (int k = 0; k < 3; k++) {
        mt_table *table = values(t, kind[k]);
        assert_int_equal(table->n, 3);
        check_value(table, 0, MT_US_HOUR, DAY0, folded[k]);
        check_payload(table, 0, "{\"n\":4,\"min\":1,\"max\":4}");
        check_value(table, 1, MT_US_HOUR, DAY0 + MT_US_HOUR, NAN); /* nothing but missing values */
        check_payload(table, 1, "{\"n\":0}");
        check_value(table, 2, MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, k == 0 ? 4.5 : k == 1 ? 2.25 : -0.5);
        check_payload(table, 2, "{\"n\":2,\"min\":-0.5,\"max\":5}");
        assert_true(mt_table_get(table, 0, 4).as.integer == DAY0); /* known since then */
    }
    assert_int_equal(tend(t, &row, false), 0); /* once more: nothing is left to do */
    check_promises(t);
}

static void tend__leaves_a_bucket_that_is_partly_newer(void **state)
{
    testing *t = *state;
    const double value[] = {1, 1, 1, 1, 1, 1, 1, 1};
    mt_tended *row;
    put(t, &(struct given){"load", "DK1", QUARTER, NOW - 10 * MT_US_DAY - MT_US_HOUR, QUARTER, 0, value, 8});
    keep(t, "load", 10 * MT_US_DAY - 2 * QUARTER, MT_US_HOUR); /* the bound is in the second hour's middle */
    assert_int_equal(tend(t, &row, false), 1);
    mt_table *table = values(t, "load");
    assert_int_equal(table->n, 5);
    check_value(table, 0, MT_US_HOUR, NOW - 10 * MT_US_DAY - MT_US_HOUR, 4);
    check_value(table, 1, QUARTER, NOW - 10 * MT_US_DAY, 1);
}

static void tend__keeps_series_of_several_steps_readable(void **state)
{
    testing *t = *state;
    double value[96 * 2];
    mt_sink *sink;
    mt_table *list, *rows, *buckets;
    mt_tended *row;
    mt_series_filter filter = MT_SERIES_FILTER_ALL;
    for (int k = 0; k < 192; k++) value[k] = k;
    put(t, &(struct given){"load", "DK1", QUARTER, NOW - 11 * MT_US_DAY, QUARTER, 0, value, 192});
    keep(t, "load", 10 * MT_US_DAY, MT_US_HOUR);
    tend(t, &row, false);
    filter.kind = "load";
    must(t, mt_table_sink(&t->cx, &sink, &list, 0));
    must(t, mt_series_list(&t->cx, t->store, &filter, sink));
    mt_sink_close(sink);
    assert_int_equal(list->n, 2);
    must(t, mt_table_sink(&t->cx, &sink, &rows, 0));
    must(t, mt_series_read(&t->cx, t->store, &filter, sink));
    mt_sink_close(sink);
    assert_int_equal(rows->n, 96 + 24);
    filter.step = MT_US_HOUR;
    must(t, mt_table_sink(&t->cx, &sink, &buckets, 0));
    must(t, mt_series_buckets(&t->cx, t->store, &filter, MT_US_DAY, sink));
    mt_sink_close(sink);
    assert_int_equal(buckets->n, 1);
    assert_true(mt_table_real(buckets, 0, mt_table_column(buckets, "sum")) == 95 * 96 / 2);
}

static void tend__refuses_a_step_that_does_not_divide(void **state)
{
    testing *t = *state;
    const double value[] = {1, 2, 3};
    mt_tended *row;
    put(t, &(struct given){"load", "DK1", 7 * MT_US_MINUTE, DAY0, 7 * MT_US_MINUTE, 0, value, 3});
    put(t, &(struct given){"load", "DK2", QUARTER, DAY0, QUARTER, 0, value, 3});
    put(t, &(struct given){"load", "DK3", MT_US_DAY, DAY0, MT_US_DAY, 0, value, 3}); /* coarser already */
    keep(t, "load", MT_US_DAY, MT_US_HOUR);
    assert_int_equal(tend(t, &row, false), 2);
    assert_string_equal(row[0].refused,
                        "a step of 7min does not divide 1h: choose a multiple of it to roll up to");
    assert_true(row[0].done.rolled == 0 && row[0].done.removed == 0);
    assert_null(row[1].refused);
    assert_int_equal(values(t, "load")->n, 3 + 1 + 3);
}

static void tend__drops_values_with_their_history(void **state)
{
    testing *t = *state;
    const double first[] = {1, 2, 3, 4}, second[] = {1, 2, 3.5, 4};
    mt_tended *row;
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0, QUARTER, 0, first, 4});
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0, QUARTER, DAY0 + MT_US_DAY, second, 4});
    put(t, &(struct given){"load", "DK1", QUARTER, NOW - QUARTER, QUARTER, 0, first, 1});
    keep(t, "load", MT_US_DAY, 0);
    assert_int_equal(tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 4 && row[0].done.removed == 5 && row[0].done.written == 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_history"), 0);
}

static void tend__leaves_what_came_late_and_what_the_feed_said_itself(void **state)
{
    testing *t = *state;
    const double four[] = {1, 2, 3, 4}, late[] = {7}, own[] = {11};
    mt_tended *row;
    keep(t, "load", MT_US_DAY, MT_US_HOUR);
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0, QUARTER, 0, four, 4});
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0 + 2 * MT_US_HOUR, QUARTER, 0, four, 4});
    put(t, &(struct given){"load", "DK1", MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, QUARTER, 0, own, 1});
    assert_int_equal(tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 4 && row[0].done.left == 4);
    /* one of four comes again: the hour must not become that one */
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0 + QUARTER, QUARTER, NOW, late, 1});
    assert_int_equal(tend(t, &row, false), 1);
    assert_true(row[0].done.rolled == 0 && row[0].done.left == 5);
    mt_table *table = values(t, "load");
    assert_int_equal(table->n, 2 + 1 + 4);
    check_value(table, 0, MT_US_HOUR, DAY0, 10);
    check_value(table, 1, QUARTER, DAY0 + QUARTER, 7);
    check_value(table, 3, MT_US_HOUR, DAY0 + 2 * MT_US_HOUR, 11);
    /* all four of them do: the hour is theirs, and what stood is history */
    const double again[] = {1, 7, 3, 4};
    put(t, &(struct given){"load", "DK1", QUARTER, DAY0, QUARTER, NOW, again, 4});
    assert_int_equal(tend(t, &row, false), 1);
    check_value(values(t, "load"), 0, MT_US_HOUR, DAY0, 15);
    check_promises(t);
}

static void tend__removes_old_rows_of_tables(void **state)
{
    static const char *const rows[] = {
        "INSERT INTO dead_letter (stream, topic, part, position, received_at, reason) VALUES "
        "('s', 't', 0, 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'why'), "
        "('s', 't', 0, 2, TIMESTAMPTZ '2024-04-09 00:00:00+00', 'why'), ('s', 't', 0, 3, NULL, 'why'), "
        "('kept', 't', 0, 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'why')",
        "INSERT INTO pipeline_run VALUES ('old', 'p', NULL, 'done', TIMESTAMPTZ '2024-01-01 00:00:00+00', "
        "TIMESTAMPTZ '2024-01-01 00:00:00+00', NULL), ('running', 'p', NULL, 'running', TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00', NULL, NULL)",
        "INSERT INTO pipeline_task VALUES ('old', 'a', 1, 'done', NULL, NULL, NULL, NULL), ('running', 'a', "
        "1, 'running', NULL, NULL, NULL, NULL)",
        "INSERT INTO observation_quarantine VALUES ('b', 'load', 'DK1', '', '', 's', 0, TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00', 1, TIMESTAMPTZ '2024-01-01 00:00:00+00', NULL, 'odd', TIMESTAMPTZ "
        "'2024-01-01 00:00:00+00')"};
    testing *t = *state;
    mt_tended *row;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) testing_must(t, rows[k]);
    keep(t, "dead_letter", 30 * MT_US_DAY, 0);
    must(t, mt_policy_set(&t->cx, t->store, &(mt_policy){"dead_letter", "kept", "", 900 * MT_US_DAY, 0, 0}));
    keep(t, "pipeline_run", 30 * MT_US_DAY, 0);
    keep(t, "observation_quarantine", 30 * MT_US_DAY, 0);
    assert_int_equal(tend(t, &row, true), 4);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter"), 4);
    for (int pass = 0; pass < 2; pass++) { /* in the order of kinds; what was told is then done */
        assert_int_equal(row[0].done.removed, 1);
        assert_int_equal(row[1].done.removed, 0);
        assert_int_equal(row[2].done.removed, 1);
        assert_int_equal(row[3].done.removed, 2);
        if (pass == 0) assert_int_equal(tend(t, &row, false), 4);
    }
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter"), 3);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dead_letter WHERE stream = 'kept'"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM pipeline_task WHERE run_id = 'running'"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM pipeline_run"), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation_quarantine"), 0);
}

/* --- energy is conserved: values are 64ths, so that every order of adding gives the same sum --- */

enum { LONG = 96 * 80 }; /* quarters of eighty days: parts of four windows */

static uint64_t step_of(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Some missing, some negative, gaps of hours and of days. The sum is returned. */
static double fill_wild(testing *t, uint64_t seed, const char *area, size_t n)
{
    double sum = 0, *value;
    must(t, MT_NEW(&t->cx, &value, n));
    for (size_t at = 0; at < n;) {
        size_t run = 1 + step_of(&seed) % 300;
        if (run > n - at) run = n - at;
        for (size_t k = 0; k < run; k++) {
            uint64_t x = step_of(&seed);
            value[k] = x % 11 == 0 ? NAN : ((double)(x % 100000) - 20000) / 64;
            if (!isnan(value[k])) sum += value[k];
        }
        put(t, &(struct given){"production", area, QUARTER, DAY0 + (mt_time)at * QUARTER, QUARTER, 0, value,
                               run});
        at += run + (step_of(&seed) % 4 ? step_of(&seed) % 9 : step_of(&seed) % 500);
    }
    return sum;
}

static double stored_sum(testing *t)
{
    return mt_table_real(
        testing_query(t, "SELECT sum(value) AS sum FROM observations WHERE kind = 'production'", NULL, 0), 0,
        0);
}

struct stopping {
    mt_ctx *cx;
    int left;
};

static void stop_at(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct stopping *s = arg;
    (void)what;
    (void)done;
    (void)total;
    (void)unit;
    if (s->left-- == 0) mt_ctx_cancel(s->cx);
}

/* Cancelled at the k-th window; true: it came to its end. */
static bool tend_stopped(testing *t, int k)
{
    mt_ctx cx;
    mt_tended *row;
    size_t n;
    struct stopping stopping = {&cx, k};
    mt_ctx_options options = {.size = sizeof options, .progress = stop_at, .arg = &stopping};
    mt_ctx_init(&cx, &options);
    mt_code code = mt_tend(&cx, &row, &n, t->store, NOW, false);
    mt_ctx_close(&cx);
    assert_true(code == MT_OK || code == MT_E_CANCELLED);
    return code == MT_OK;
}

static void tend__conserves_energy_wherever_it_is_stopped(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 1, "DK1", LONG) + fill_wild(t, 2, "DK2", LONG);
    mt_tended *row;
    keep(t, "production", 3 * MT_US_DAY, MT_US_HOUR);
    assert_true(stored_sum(t) == sum);
    int64_t before = testing_count(t, "SELECT count(*) FROM observation");
    int stops = 0;
    while (!tend_stopped(t, 1)) { /* one window each time */
        stops++;
        assert_true(stored_sum(t) == sum);
        int64_t now = testing_count(t, "SELECT count(*) FROM observation");
        assert_true(now < before); /* and every time something is done */
        before = now;
        check_promises(t);
        assert_true(stops < 20);
    }
    assert_int_equal(stops, 7); /* of two series in four windows each */
    assert_true(stored_sum(t) == sum);
    assert_int_equal(tend(t, &row, false), 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
    keep(t, "production", 2 * MT_US_DAY, MT_US_DAY); /* and coarser still */
    tend(t, &row, false);
    assert_true(stored_sum(t) == sum);
}

/* Memory that ends after `left` allocations. */
static void *counted_alloc(void *arg, size_t bytes)
{
    int *left = arg;
    return (*left)-- > 0 ? malloc(bytes) : NULL;
}

static void counted_free(void *arg, void *at, size_t bytes)
{
    (void)arg;
    (void)bytes;
    free(at);
}

static void tend__conserves_energy_when_an_allocation_fails(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 3, "DK1", 96 * 4);
    int allocations = 0;
    keep(t, "production", MT_US_DAY, MT_US_HOUR);
    for (mt_code code = MT_E_MEMORY; code != MT_OK; allocations++) {
        mt_ctx cx;
        mt_tended *row;
        size_t n;
        int left = allocations;
        mt_ctx_options options = {.size = sizeof options, .allocator = {counted_alloc, counted_free, &left}};
        mt_ctx_init(&cx, &options);
        code = mt_tend(&cx, &row, &n, t->store, NOW, false);
        mt_ctx_close(&cx);
        if (code != MT_OK) assert_int_equal(code, MT_E_MEMORY);
        assert_true(stored_sum(t) == sum);
        assert_true(allocations < 2000);
    }
    print_message("%d allocations failed, one after another\n", allocations - 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
}

/* A clock that reaches the deadline when it is looked at for the k-th time. */
static int64_t counted_clock(void *arg)
{
    int *left = arg;
    return (*left)-- > 0 ? 0 : 2;
}

static mt_code tend_until(testing *t, int looks)
{
    mt_ctx cx;
    mt_tended *row;
    size_t n;
    mt_ctx_options options = {
        .size = sizeof options, .monotonic_us = counted_clock, .deadline_us = 1, .arg = &looks};
    mt_ctx_init(&cx, &options);
    mt_code code = mt_tend(&cx, &row, &n, t->store, NOW, false);
    mt_ctx_close(&cx);
    return code;
}

static void tend__conserves_energy_when_its_time_runs_out_anywhere(void **state)
{
    testing *t = *state;
    double sum = fill_wild(t, 5, "DK1", 96 * 4);
    int looks = 0;
    keep(t, "production", MT_US_DAY, MT_US_HOUR);
    for (mt_code code = MT_E_DEADLINE; code != MT_OK; looks++) {
        code = tend_until(t, looks);
        if (code != MT_OK) assert_int_equal(code, MT_E_DEADLINE);
        assert_true(stored_sum(t) == sum);
        assert_true(looks < 2000);
    }
    print_message("stopped at %d places\n", looks - 1);
    assert_true(looks > 10);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observations WHERE step_us <> 3600000000"), 0);
    check_promises(t);
}

/* Sums that rounding could spoil: 2^53, a thousand ones, -2^53. */
static void tend__adds_small_values_beside_large_ones(void **state)
{
    testing *t = *state;
    double value[3600];
    mt_tended *row;
    for (int k = 0; k < 3600; k++) value[k] = 1;
    value[0] = 9007199254740992;
    value[3599] = -9007199254740992;
    put(t, &(struct given){"production", "DK1", MT_US_SECOND, DAY0, MT_US_SECOND, 0, value, 3600});
    keep(t, "production", MT_US_DAY, MT_US_HOUR);
    tend(t, &row, false);
    check_value(values(t, "production"), 0, MT_US_HOUR, DAY0, 3598);
}

static void tend__told_to_change_nothing_says_what_it_would_do(void **state)
{
    testing *t = *state;
    mt_tended *told, *done;
    fill_wild(t, 4, "DK1", 96 * 40);
    put(t, &(struct given){"production", "DK1", QUARTER, DAY0, QUARTER, NOW, (const double[]){1, 2}, 2});
    keep(t, "production", MT_US_DAY, MT_US_HOUR);
    int64_t before = testing_count(t, "SELECT count(*) FROM observation");
    assert_int_equal(tend(t, &told, true), 1);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), before);
    assert_int_equal(tend(t, &done, false), 1);
    assert_memory_equal(&told->done, &done->done, sizeof told->done);
    assert_true(told->from == done->from && told->to == done->to && done->done.removed > done->done.rolled);
}

/* --- beside a writer --- */

struct writer {
    testing *t;
    _Atomic int stop;
    int hours;
    mt_code code;
};

static void *write_hours(void *arg)
{
    struct writer *w = arg;
    const double four[] = {0.25, 0.5, 1, 2};
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    for (; !w->stop && w->code == MT_OK; w->hours++) {
        mt_mark mark = mt_arena_mark(&cx.arena);
        w->code = put_rows(&cx, w->t->store,
                           &(struct given){"production", "DK1", QUARTER, DAY0 + w->hours % 48 * MT_US_HOUR,
                                           QUARTER, DAY0 + w->hours, four, 4});
        mt_arena_reset(&cx.arena, mark);
        if (w->hours == 400) break;
    }
    if (w->code != MT_OK) print_error("%s\n", cx.err);
    mt_ctx_close(&cx);
    return NULL;
}

static void tend__loses_nothing_beside_a_writer(void **state)
{
    testing *t = *state;
    pthread_t thread;
    struct writer writer = {.t = t};
    mt_tended *row;
    keep(t, "production", MT_US_DAY, MT_US_HOUR);
    assert_int_equal(pthread_create(&thread, NULL, write_hours, &writer), 0);
    for (int k = 0; k < 60; k++) tend(t, &row, false);
    writer.stop = 1;
    pthread_join(thread, NULL);
    assert_int_equal(writer.code, MT_OK);
    tend(t, &row, false);
    int hours = writer.hours < 48 ? writer.hours : 48;
    print_message("%d hours written meanwhile\n", writer.hours);
    assert_true(stored_sum(t) == 3.75 * hours);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM observation"), hours);
    check_promises(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(policy__is_stored_replaced_and_removed, clear),
        cmocka_unit_test_setup(policy__that_makes_no_sense_is_refused, clear),
        cmocka_unit_test(policy__that_is_closest_counts),
        cmocka_unit_test_setup(tend__folds_values_as_their_kind_asks, clear),
        cmocka_unit_test_setup(tend__leaves_a_bucket_that_is_partly_newer, clear),
        cmocka_unit_test_setup(tend__keeps_series_of_several_steps_readable, clear),
        cmocka_unit_test_setup(tend__refuses_a_step_that_does_not_divide, clear),
        cmocka_unit_test_setup(tend__drops_values_with_their_history, clear),
        cmocka_unit_test_setup(tend__leaves_what_came_late_and_what_the_feed_said_itself, clear),
        cmocka_unit_test_setup(tend__removes_old_rows_of_tables, clear),
        cmocka_unit_test_setup(tend__conserves_energy_wherever_it_is_stopped, clear),
        cmocka_unit_test_setup(tend__conserves_energy_when_an_allocation_fails, clear),
        cmocka_unit_test_setup(tend__conserves_energy_when_its_time_runs_out_anywhere, clear),
        cmocka_unit_test_setup(tend__adds_small_values_beside_large_ones, clear),
        cmocka_unit_test_setup(tend__told_to_change_nothing_says_what_it_would_do, clear),
        cmocka_unit_test_setup(tend__loses_nothing_beside_a_writer, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "policy");
}
