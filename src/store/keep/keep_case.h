/* What the tests of policies share: values put, a policy set, everything tended, and what stands then.
 *
 * Purpose   Included by them only, after cmocka.h.
 */
#ifndef MT_STORE_KEEP_KEEP_CASE_H
#define MT_STORE_KEEP_KEEP_CASE_H

#include "base/rows/emit.h"
#include "store/data/series_store.h"
#include "store/keep/check.h"
#include "store/keep/tend.h"
#include "store/testing.h"

#include <math.h>

#define QUARTER ((mt_time)15 * MT_US_MINUTE)
#define DAY0    ((mt_time)1704067200 * MT_US_SECOND) /* 2024-01-01T00Z */
#define NOW     (DAY0 + 100 * MT_US_DAY)

static inline void keep_must(testing *t, mt_code code)
{
    if (code != MT_OK) fail_msg("%s", t->cx.err);
}

/* Values of one series, `gap` apart. */
struct keep_given {
    const char *kind, *area;
    mt_time step, start, gap, known_at;
    const double *value;
    size_t n;
};

static inline mt_code keep_put_rows(mt_ctx *cx, mt_store *store, const struct keep_given *g)
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

static inline void keep_put(testing *t, const struct keep_given *g)
{
    keep_must(t, keep_put_rows(&t->cx, t->store, g));
}

static inline void keep_policy(testing *t, const char *kind, mt_time keep_us, mt_time step)
{
    keep_must(t, mt_policy_set(&t->cx, t->store, &(mt_policy){kind, NULL, NULL, keep_us, step, 0}));
}

static inline size_t keep_tend(testing *t, mt_tended **out, bool dry)
{
    size_t n;
    keep_must(t, mt_tend(&t->cx, out, &n, t->store, NOW, dry));
    return n;
}

static inline int keep_clear(void **state)
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

static inline void keep_check(testing *t)
{
    mt_promise *promise;
    size_t n;
    keep_must(t, mt_store_check(&t->cx, &promise, &n, t->store));
    for (size_t k = 0; k < n; k++)
        if (promise[k].broken) fail_msg("%s: %s", promise[k].table, promise[k].text);
}

/* The values of a kind in order: step, start, value, payload. */
static inline mt_table *keep_values(testing *t, const char *kind)
{
    const mt_param param = mt_param_text(kind);
    return testing_query(t,
                         "SELECT step_us, start, value, payload, known_at FROM observations WHERE kind = $1 "
                         "ORDER BY area NULLS LAST, start NULLS LAST, step_us NULLS LAST",
                         &param, 1);
}

static inline void keep_check_value(const mt_table *table, size_t row, mt_time step, mt_time start,
                                    double value)
{
    assert_true(mt_table_get(table, row, 0).as.integer == step);
    assert_true(mt_table_get(table, row, 1).as.integer == start);
    double got = mt_table_real(table, row, 2);
    assert_true(isnan(value) ? isnan(got) : got == value);
}

static inline void keep_check_payload(const mt_table *table, size_t row, const char *expected)
{
    mt_text text = mt_table_get(table, row, 3).as.text;
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.at, expected, text.length);
}

#endif
