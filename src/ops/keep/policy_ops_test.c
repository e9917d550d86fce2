/* Operations on policies: what they take, what they refuse, what they tell. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "base/rows/table.h"
#include "ops/ops.h"
#include "store/data/series_store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW ((mt_time)1750420800 * MT_US_SECOND) /* 2025-06-20T12Z */

struct room {
    char folder[32], url[96];
    mt_ctx cx;
    mt_world *world;
};

static mt_time tell_now(void *arg)
{
    (void)arg;
    return NOW;
}

static int open_room(void **state)
{
    static struct room rooms; /* one at a time */
    struct room *r = &rooms;
    memset(r, 0, sizeof *r);
    strcpy(r->folder, "/tmp/merit-policy-XXXXXX");
    if (!mkdtemp(r->folder)) return -1;
    snprintf(r->url, sizeof r->url, "duckdb:%s/store.duckdb", r->folder);
    mt_ctx_init(&r->cx, NULL);
    mt_world_options options = {.size = sizeof options, .store_url = r->url, .now = tell_now, .workers = 1};
    *state = r;
    return mt_world_open(&r->cx, &r->world, &options) == MT_OK ? 0 : -1;
}

static int close_room(void **state)
{
    struct room *r = *state;
    char command[64];
    mt_world_close(r->world);
    mt_ctx_close(&r->cx);
    snprintf(command, sizeof command, "rm -rf %s", r->folder);
    return system(command);
}

/* "kind=load keep=90d": names and values of at most eight arguments. */
static mt_code run(struct room *r, mt_table **table, const char *name, const char *words)
{
    const mt_op *op;
    mt_given given[8];
    mt_sink *sink;
    char text[256], *rest = NULL;
    size_t n = 0;
    void *args = NULL;
    mt_ctx_forgive(&r->cx);
    MT_TRY(mt_ops_get(&r->cx, &op, name));
    snprintf(text, sizeof text, "%s", words);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        *value = 0;
        given[n++] = (mt_given){word, value + 1};
    }
    if (op->arg) MT_TRY(mt_op_args(&r->cx, op, given, n, NULL, &args));
    MT_TRY(mt_table_sink(&r->cx, &sink, table, 0));
    mt_code code = op->run(&r->cx, r->world, args, sink);
    mt_sink_close(sink);
    return code;
}

static void put(struct room *r, mt_time step, size_t n)
{
    mt_store *store;
    mt_sink *sink;
    mt_emit *emit;
    assert_int_equal(mt_world_store(&r->cx, r->world, &store), MT_OK);
    assert_int_equal(mt_series_sink(&r->cx, &sink, NULL, store), MT_OK);
    assert_int_equal(mt_emit_begin(&r->cx, &emit, sink, "rows", mt_observation_col, NULL, NULL), MT_OK);
    for (size_t k = 0; k < n; k++) {
        mt_observation row = {.kind = "production",
                              .area = "DK1",
                              .detail = "Solar",
                              .unit = "MWh",
                              .source = "test",
                              .step = step,
                              .start = NOW - 365 * MT_US_DAY + (mt_time)k * step,
                              .value = (double)k,
                              .known_at = NOW};
        assert_int_equal(mt_emit_put(emit, &row), MT_OK);
    }
    if (mt_emit_end(emit) != MT_OK) fail_msg("%s", r->cx.err);
    mt_sink_close(sink);
}

static int64_t number(const mt_table *table, size_t row, const char *column)
{
    return mt_table_get(table, row, mt_table_column(table, column)).as.integer;
}

static void policy__says_what_is_missing_or_too_much(void **state)
{
    static const char *const wrong[][2] = {
        {"kind=load drop=yes", "--keep 90d"},
        {"kind=load keep=90d", "either --roll-up"},
        {"kind=load keep=90d roll_up=1h drop=yes", "either --roll-up"},
        {"kind=load keep=90d remove=yes", "--remove stands alone"},
        {"kind=dead_letter keep=90d roll_up=1h", "but not rolled up"},
        {"kind=pipeline_run keep=90d drop=yes area=DK1", "have no area"},
    };
    mt_table *table;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_int_equal(run(*state, &table, "store.policy", wrong[k][0]), MT_E_INPUT);
        if (!strstr(((struct room *)*state)->cx.err, wrong[k][1]))
            fail_msg("%s", ((struct room *)*state)->cx.err);
    }
    assert_int_equal(run(*state, &table, "store.policy", "kind=load remove=yes"), MT_E_ABSENT);
}

static void policy__lists_what_then_stands(void **state)
{
    mt_table *table;
    assert_int_equal(run(*state, &table, "store.policy", "kind=production keep=90d roll_up=1h"), MT_OK);
    assert_int_equal(run(*state, &table, "store.policy", "kind=dead_letter keep=30d drop=yes"), MT_OK);
    assert_int_equal(table->n, 2);
    assert_int_equal(run(*state, &table, "store.policies", ""), MT_OK);
    assert_int_equal(table->n, 2);
    assert_false(mt_table_get(table, 0, mt_table_column(table, "roll_up")).present);
    assert_true(number(table, 1, "keep") == 90 * MT_US_DAY && number(table, 1, "roll_up") == MT_US_HOUR);
    assert_int_equal(run(*state, &table, "store.policy", "kind=production remove=yes"), MT_OK);
    assert_int_equal(table->n, 1);
}

static void tend__tells_what_it_does(void **state)
{
    struct room *r = *state;
    mt_table *table;
    put(r, 15 * MT_US_MINUTE, 96);
    assert_int_equal(run(r, &table, "store.policy", "kind=production keep=90d roll_up=1h"), MT_OK);
    for (int dry = 1; dry >= 0; dry--) {
        assert_int_equal(run(r, &table, "store.tend", dry ? "dry_run=yes" : ""), MT_OK);
        assert_int_equal(table->n, 1);
        assert_int_equal(number(table, 0, "rolled"), 96);
        assert_int_equal(number(table, 0, "written"), 24);
        assert_int_equal(number(table, 0, "removed"), 96);
        assert_true(number(table, 0, "from") == NOW - 365 * MT_US_DAY);
        assert_true(number(table, 0, "to") == NOW - 364 * MT_US_DAY);
    }
    assert_int_equal(run(r, &table, "store.tend", ""), MT_OK);
    assert_int_equal(table->n, 0);
    assert_int_equal(run(r, &table, "data.series", "kind=production"), MT_OK);
    assert_int_equal(table->n, 1);
    assert_true(number(table, 0, "step") == MT_US_HOUR);
}

static void tend__finds_series_that_it_cannot_roll_up(void **state)
{
    mt_table *table;
    put(*state, 7 * MT_US_MINUTE, 10);
    assert_int_equal(run(*state, &table, "store.policy", "kind=production keep=90d roll_up=1h"), MT_OK);
    assert_int_equal(run(*state, &table, "store.tend", ""), MT_FINDINGS);
    assert_true(mt_table_get(table, 0, mt_table_column(table, "note")).present);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(policy__says_what_is_missing_or_too_much, open_room, close_room),
        cmocka_unit_test_setup_teardown(policy__lists_what_then_stands, open_room, close_room),
        cmocka_unit_test_setup_teardown(tend__tells_what_it_does, open_room, close_room),
        cmocka_unit_test_setup_teardown(tend__finds_series_that_it_cannot_roll_up, open_room, close_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
