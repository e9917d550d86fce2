/* Merging with revisions: whatever way rows come in, the same stands; on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/emit.h"
#include "store/testing.h"

#include <math.h>

enum { KEYS = 6, ROWS_MAX = 160, ROUNDS = 5 };

struct row {
    int64_t place;
    int64_t start;
    double value;
    const char *note;
    int64_t known_at;
};

static const mt_field row_col[] = {
    {.name = "place", MT_INT_AT(row, place)},        {.name = "start", MT_TIME_AT(row, start)},
    {.name = "value", MT_REAL_AT(row, value)},       {.name = "note", MT_TEXT_AT(row, note)},
    {.name = "known_at", MT_TIME_AT(row, known_at)}, {.name = NULL},
};

static const char *const row_key[] = {"place", "start", NULL};
static const char *const row_range[] = {"start", NULL};
static const mt_merge_plan row_plan = {.table = "revised",
                                       .key = row_key,
                                       .range = row_range,
                                       .version = "known_at",
                                       .history = "revised_before"};

static const char *const tables[] = {
    "CREATE TABLE IF NOT EXISTS revised (place BIGINT, start TIMESTAMPTZ, value DOUBLE PRECISION, note TEXT, "
    "known_at TIMESTAMPTZ)",
    "CREATE TABLE IF NOT EXISTS revised_before (place BIGINT, start TIMESTAMPTZ, value DOUBLE PRECISION, "
    "note TEXT, known_at TIMESTAMPTZ)",
    "DELETE FROM revised",
    "DELETE FROM revised_before",
};

/* A merge that would store a key twice fails on the server, which then has a key. */
static const char *const keys[] = {
    "CREATE UNIQUE INDEX IF NOT EXISTS one_stands ON revised (place, start)",
    "CREATE UNIQUE INDEX IF NOT EXISTS one_version ON revised_before (place, start, known_at)",
};

static int clear(void **state)
{
    testing *t = *state;
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) testing_must(t, tables[k]);
    for (size_t k = 0; k < 2 && !t->backend->one_writer; k++) testing_must(t, keys[k]);
    return 0;
}

static mt_merge_counts merge(testing *t, const struct row *row, size_t n)
{
    mt_batch *batch;
    mt_sink *sink;
    mt_emit *emit;
    mt_merge_counts counts = {0};
    assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
    assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, &counts, &row_plan), MT_OK);
    assert_int_equal(mt_emit_begin(&t->cx, &emit, sink, "rows", row_col, NULL, NULL), MT_OK);
    for (size_t k = 0; k < n; k++) assert_int_equal(mt_emit_put(emit, &row[k]), MT_OK);
    assert_int_equal(mt_emit_end(emit), MT_OK);
    mt_sink_close(sink);
    if (mt_batch_commit(&t->cx, batch, NULL, NULL) != MT_OK) fail_msg("%s", t->cx.err);
    mt_batch_close(batch);
    assert_int_equal(counts.given, n);
    assert_int_equal(counts.added + counts.changed + counts.unchanged, n);
    return counts;
}

/* --- the model: all rows ever given, sorted; equal neighbours kept once --- */

static int compare_reals(double a, double b)
{
    if (isnan(a) || isnan(b)) return isnan(b) - isnan(a);
    return (a > b) - (a < b);
}

static int compare_notes(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_values(const struct row *a, const struct row *b)
{
    int by_value = compare_reals(a->value, b->value);
    return by_value ? by_value : compare_notes(a->note, b->note);
}

static bool same_key(const struct row *a, const struct row *b)
{
    return a->place == b->place && a->start == b->start;
}

/* By key and version; of one version the one that counts last. */
static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (x->known_at != y->known_at) return x->known_at < y->known_at ? -1 : 1;
    return compare_values(x, y);
}

/* What must be stored of rows[0 … n-1], sorted in place; the number of versions. */
static size_t keep_versions(struct row *rows, size_t n)
{
    size_t kept = 0;
    qsort(rows, n, sizeof *rows, compare_rows);
    for (size_t k = 0; k < n; k++) {
        bool last_of_version =
            k + 1 == n || !same_key(&rows[k], &rows[k + 1]) || rows[k].known_at != rows[k + 1].known_at;
        if (!last_of_version) continue;
        bool repeats =
            kept && same_key(&rows[kept - 1], &rows[k]) && compare_values(&rows[kept - 1], &rows[k]) == 0;
        if (!repeats) rows[kept++] = rows[k];
    }
    return kept;
}

static void assert_row(const mt_table *table, size_t i, const struct row *want)
{
    assert_int_equal(mt_table_get(table, i, 0).as.integer, want->place);
    assert_true(mt_table_get(table, i, 1).as.integer == want->start);
    mt_value value = mt_table_get(table, i, 2), note = mt_table_get(table, i, 3);
    assert_int_equal(value.present, !isnan(want->value));
    if (value.present) assert_true(value.as.real == want->value);
    assert_int_equal(note.present, want->note != NULL);
    if (note.present) assert_true(mt_text_equal(note.as.text, want->note));
    assert_int_equal(mt_table_get(table, i, 4).as.integer, want->known_at);
}

static void assert_stored(testing *t, const struct row *given, size_t n)
{
    struct row version[ROWS_MAX];
    memcpy(version, given, n * sizeof *given);
    size_t kept = keep_versions(version, n), at_history = 0, at_table = 0;
    const char *order = "ORDER BY place NULLS LAST, start NULLS LAST, known_at NULLS LAST";
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT place, start, value, note, known_at FROM revised %s", order);
    mt_table *table = testing_query(t, sql, NULL, 0);
    snprintf(sql, sizeof sql, "SELECT place, start, value, note, known_at FROM revised_before %s", order);
    mt_table *history = testing_query(t, sql, NULL, 0);
    assert_int_equal(table->n + history->n, kept);
    for (size_t k = 0; k < kept; k++) {
        bool stands = k + 1 == kept || !same_key(&version[k], &version[k + 1]);
        assert_true(stands ? at_table < table->n : at_history < history->n);
        assert_row(stands ? table : history, stands ? at_table++ : at_history++, &version[k]);
    }
}

/* --- random revisions --- */

static uint64_t draw(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % bound;
}

static struct row row_of(uint64_t key, int64_t known_at, double value)
{
    return (struct row){(int64_t)(key % 2), (int64_t)(key / 2) * 1000000, value, NULL, known_at};
}

/* Each value in one run of versions, some given several times, some beside a lesser one of one version. */
static size_t make_runs(struct row *row, uint64_t *seed)
{
    size_t n = 0;
    for (uint64_t key = 0; key < KEYS; key++) {
        int64_t known_at = 0;
        uint64_t runs = 1 + draw(seed, 5);
        for (uint64_t run = 0; run < runs; run++) {
            double value = run == 2 ? NAN : 100.0 * (double)(run + 1);
            if (draw(seed, 4) == 0 && run != 2) row[n++] = row_of(key, known_at + 1, value - 50);
            for (uint64_t k = 0; k <= draw(seed, 3); k++) row[n++] = row_of(key, ++known_at, value);
        }
        row[n] = row[n - 1];
        row[n].known_at++;
        row[n++].note = "another note is another value";
    }
    return n;
}

static void shuffle(struct row *row, size_t n, uint64_t *seed)
{
    for (size_t k = n; k > 1; k--) {
        size_t other = draw(seed, k);
        struct row kept = row[k - 1];
        row[k - 1] = row[other];
        row[other] = kept;
    }
}

/* All rows in batches of random lengths. */
static void merge_cut(testing *t, const struct row *row, size_t n, uint64_t *seed)
{
    for (size_t at = 0; at < n;) {
        size_t length = 1 + draw(seed, 40);
        if (length > n - at) length = n - at;
        merge(t, row + at, length);
        at += length;
    }
}

static void revise__ends_the_same_in_any_order_and_any_batches(void **state)
{
    testing *t = *state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct row row[ROWS_MAX];
        uint64_t seed = round + 1;
        size_t n = make_runs(row, &seed);
        assert_true(n <= ROWS_MAX);
        clear(state);
        shuffle(row, n, &seed);
        merge_cut(t, row, n, &seed);
        assert_stored(t, row, n);
        shuffle(row, n, &seed);
        merge_cut(t, row, n, &seed);
        assert_stored(t, row, n);
    }
}

/* Values that come and go, in the order in which they became known. */
static size_t make_returns(struct row *row, uint64_t *seed)
{
    static const double value[] = {10, 20, NAN};
    size_t n = 0;
    for (int64_t known_at = 1; known_at <= 20; known_at++)
        for (uint64_t key = 0; key < KEYS; key++)
            if (draw(seed, 3)) row[n++] = row_of(key, known_at, value[draw(seed, 3)]);
    return n;
}

static void revise__rows_again_change_nothing_even_where_values_return(void **state)
{
    testing *t = *state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct row row[ROWS_MAX];
        uint64_t seed = 100 + round;
        size_t n = make_returns(row, &seed);
        clear(state);
        for (size_t at = 0; at < n;) { /* each batch goes back some way, as a consumer that was killed does */
            size_t back = draw(&seed, at + 1), length = back + 1 + draw(&seed, 40);
            if (length > n - at + back) length = n - at + back;
            merge(t, row + at - back, length);
            at = at - back + length;
            assert_stored(t, row, at);
        }
        struct row again[ROWS_MAX];
        memcpy(again, row, n * sizeof *row);
        shuffle(again, n, &seed);
        size_t suffix = draw(&seed, n);
        mt_merge_counts counts = merge(t, again + suffix, n - suffix);
        assert_int_equal(counts.added + counts.changed + counts.kept, 0);
        assert_stored(t, row, n);
    }
}

static void revise__counts_what_it_did(void **state)
{
    testing *t = *state;
    const struct row first[] = {row_of(0, 5, 1), row_of(1, 5, 2), row_of(2, 5, 3)};
    const struct row next[] = {row_of(0, 6, 1), row_of(1, 6, 7), row_of(2, 4, 8), row_of(3, 1, 9),
                               row_of(3, 2, 10)};
    merge(t, first, 3);
    mt_merge_counts counts = merge(t, next, 5);
    assert_int_equal(counts.added, 1);   /* key 3 */
    assert_int_equal(counts.changed, 1); /* key 1 */
    assert_int_equal(counts.unchanged, 3);
    assert_int_equal(counts.kept, 3); /* what key 1 was, what key 2 had been, the first of key 3 */
}

static void revise__refuses_a_row_without_its_version(void **state)
{
    testing *t = *state;
    mt_batch *batch;
    mt_sink *sink;
    mt_emit *emit;
    struct row row = row_of(0, MT_TIME_NONE, 1);
    const mt_field unversioned[] = {row_col[0], row_col[1], row_col[2], {.name = NULL}};
    for (int k = 0; k < 2; k++) {
        assert_int_equal(mt_batch_open(&t->cx, &batch, t->store), MT_OK);
        assert_int_equal(mt_batch_merge(&t->cx, batch, &sink, NULL, &row_plan), MT_OK);
        mt_code code = mt_emit_begin(&t->cx, &emit, sink, "rows", k ? unversioned : row_col, NULL, NULL);
        if (!k) assert_int_equal(mt_emit_put(emit, &row), MT_OK);
        if (!k) code = mt_emit_end(emit);
        assert_int_equal(code, k ? MT_E_SHAPE : MT_E_INPUT);
        assert_non_null(strstr(t->cx.err, "known_at"));
        mt_sink_close(sink);
        mt_batch_close(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(revise__ends_the_same_in_any_order_and_any_batches, clear),
        cmocka_unit_test_setup(revise__rows_again_change_nothing_even_where_values_return, clear),
        cmocka_unit_test_setup(revise__counts_what_it_did, clear),
        cmocka_unit_test_setup(revise__refuses_a_row_without_its_version, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "revise");
}
