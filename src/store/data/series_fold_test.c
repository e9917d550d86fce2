/* Values folded into buckets while the rows go by, beside a slow sum over all rows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "store/data/series_fold.h"

#include <math.h>
#include <string.h>

enum { ROWS = 3000, SERIES = 5, BUCKET = 1000 };

static const int64_t ids[SERIES] = {7, INT64_MAX, 1, 42, 99};

static const mt_field row_col[] = {{.name = "series_id", .type = MT_INT},
                                   {.name = "start", .type = MT_TIME},
                                   {.name = "value", .type = MT_REAL},
                                   {.name = NULL}};

struct rows {
    size_t n;
    int64_t id[ROWS], start[ROWS];
    double value[ROWS];
    uint64_t valid[(ROWS + 63) / 64];
};

static uint64_t draw(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % bound;
}

/* Wild order, both sides of 1970, some values missing, some rows of a series that was not asked for. */
static void make_rows(struct rows *r)
{
    uint64_t seed = 1;
    memset(r, 0, sizeof *r);
    r->n = ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t series = draw(&seed, SERIES + 1);
        r->id[i] = series < SERIES ? ids[series] : 5;
        r->start[i] = (int64_t)draw(&seed, 40 * BUCKET) - 20 * BUCKET;
        r->value[i] = (double)draw(&seed, 1000) - 500;
        if (draw(&seed, 10)) r->valid[i / 64] |= (uint64_t)1 << (i % 64);
    }
}

static mt_table *fold(mt_ctx *cx, const struct rows *r, int64_t bucket_us)
{
    mt_series_fold *f;
    mt_sink *sink;
    mt_table *table = NULL;
    const mt_column col[] = {{r->id, NULL}, {r->start, NULL}, {r->value, r->valid}};
    const mt_schema schema = {.name = "rows", .col = row_col, .n_col = 3};
    assert_int_equal(mt_series_fold_open(cx, &f, ids, SERIES, bucket_us), MT_OK);
    assert_int_equal(mt_sink_schema(mt_series_fold_sink(f), cx, &schema), MT_OK);
    if (r->n) assert_int_equal(mt_sink_push(mt_series_fold_sink(f), cx, &(mt_chunk){r->n, col}), MT_OK);
    assert_int_equal(mt_sink_finish(mt_series_fold_sink(f), cx), MT_OK);
    assert_int_equal(mt_table_sink(cx, &sink, &table, 0), MT_OK);
    assert_int_equal(mt_series_fold_send(cx, f, sink), MT_OK);
    mt_sink_close(sink);
    mt_series_fold_close(f);
    return table;
}

/* One bucket from all rows, one after another. */
static void assert_bucket(const mt_table *table, size_t row, const struct rows *r, size_t *rows)
{
    int64_t id = ids[mt_table_get(table, row, 0).as.integer - 1], n = 0;
    int64_t start = mt_table_get(table, row, 1).as.integer;
    double sum = 0, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < r->n; i++) {
        if (r->id[i] != id || r->start[i] < start || r->start[i] >= start + BUCKET) continue;
        ++*rows;
        if (!(r->valid[i / 64] >> (i % 64) & 1)) continue;
        n++;
        sum += r->value[i];
        least = fmin(least, r->value[i]);
        most = fmax(most, r->value[i]);
    }
    assert_int_equal(mt_table_get(table, row, 2).as.integer, n);
    assert_int_equal(mt_table_get(table, row, 3).present, n > 0);
    if (!n) return;
    assert_true(mt_table_real(table, row, 3) == sum / (double)n);
    assert_true(mt_table_real(table, row, 4) == sum); /* whole numbers: exact in any order */
    assert_true(mt_table_real(table, row, 5) == least);
    assert_true(mt_table_real(table, row, 6) == most);
}

static void series_fold__gives_the_sums_of_rows_in_any_order(void **state)
{
    static struct rows r;
    mt_ctx cx;
    size_t seen = 0, of_others = 0;
    (void)state;
    mt_ctx_init(&cx, NULL);
    make_rows(&r);
    mt_table *table = fold(&cx, &r, BUCKET);
    for (size_t k = 0; k < table->n; k++) {
        int64_t place = mt_table_get(table, k, 0).as.integer, start = mt_table_get(table, k, 1).as.integer;
        assert_int_equal(start % BUCKET, 0);
        if (k) {
            int64_t before = mt_table_get(table, k - 1, 0).as.integer;
            assert_true(before < place ||
                        (before == place && mt_table_get(table, k - 1, 1).as.integer < start));
        }
        assert_bucket(table, k, &r, &seen);
    }
    for (size_t i = 0; i < r.n; i++) of_others += r.id[i] == 5;
    assert_int_equal(seen + of_others, ROWS); /* every row is in one bucket */
    mt_ctx_close(&cx);
}

static void series_fold__of_nothing_is_nothing(void **state)
{
    static struct rows r;
    mt_ctx cx;
    (void)state;
    r.n = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(fold(&cx, &r, BUCKET)->n, 0);
    r.n = 2; /* the ends of time */
    r.id[0] = r.id[1] = 7;
    r.start[0] = INT64_MIN + 1;
    r.start[1] = INT64_MAX;
    assert_int_equal(fold(&cx, &r, 86400000000)->n, 2);
    mt_ctx_close(&cx);
}

static void series_fold__refuses_more_buckets_than_it_may_keep(void **state)
{
    static struct rows r;
    mt_ctx cx;
    mt_series_fold *f;
    const mt_column col[] = {{r.id, NULL}, {r.start, NULL}, {r.value, NULL}};
    const mt_schema schema = {.name = "rows", .col = row_col, .n_col = 3};
    (void)state;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_series_fold_open(&cx, &f, ids, SERIES, 1), MT_OK);
    assert_int_equal(mt_sink_schema(mt_series_fold_sink(f), &cx, &schema), MT_OK);
    mt_code code = MT_OK;
    int64_t pushed = 0;
    for (; code == MT_OK && pushed < 2 * (int64_t)MT_FOLD_MAX; pushed += ROWS) {
        for (size_t i = 0; i < ROWS; i++) {
            r.id[i] = 42;
            r.start[i] = pushed + (int64_t)i;
        }
        code = mt_sink_push(mt_series_fold_sink(f), &cx, &(mt_chunk){ROWS, col});
    }
    assert_int_equal(code, MT_E_TOO_LARGE);
    mt_series_fold_close(f);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_fold__gives_the_sums_of_rows_in_any_order),
        cmocka_unit_test(series_fold__of_nothing_is_nothing),
        cmocka_unit_test(series_fold__refuses_more_buckets_than_it_may_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
