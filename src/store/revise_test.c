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

/* --- the model: what is stored, in the order of keys and versions, and how a batch changes it --- */

struct model {
    struct row at[ROWS_MAX];
    size_t n;
};

/* A stored version, or a row of the batch on its way to become one. */
struct coming {
    struct row row;
    int64_t place;  /* the version it comes behind, or its own */
    int64_t number; /* in the batch, -1: stored */
};

static bool same_value(const struct row *a, const struct row *b)
{
    bool number = isnan(a->value) ? isnan(b->value) : a->value == b->value;
    bool note = a->note && b->note ? strcmp(a->note, b->note) == 0 : a->note == b->note;
    return number && note;
}

static bool same_key(const struct row *a, const struct row *b)
{
    return a->place == b->place && a->start == b->start;
}

static int compare_keys(const struct row *x, const struct row *y)
{
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

static int compare_coming(const void *a, const void *b)
{
    const struct coming *x = a, *y = b;
    int by_key = compare_keys(&x->row, &y->row);
    if (by_key) return by_key;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if ((x->number < 0) != (y->number < 0)) return x->number < 0 ? -1 : 1;
    if (x->row.known_at != y->row.known_at) return x->row.known_at < y->row.known_at ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* The last version of the moment of `row`, or its own where nothing is stored; *known: the moment, or what
 * counted before it, has its value. */
static int64_t look_up(const struct model *m, const struct row *row, bool *known)
{
    bool met = false, before = false;
    int64_t end = row->known_at;
    *known = false;
    for (size_t k = 0; k < m->n; k++) {
        const struct row *v = &m->at[k];
        if (!same_key(v, row)) continue;
        if (v->known_at < row->known_at) before = same_value(v, row);
        met = met || v->known_at == row->known_at;
        if (!met || v->known_at > end + 1) continue;
        end = v->known_at;
        *known = *known || same_value(v, row);
    }
    *known = *known || (met && before);
    return end;
}

/* Stored versions and, of the batch, what is no repetition: behind a new value of a moment nothing is. */
static size_t gather(struct coming *out, const struct model *m, const struct row *row, size_t n)
{
    size_t count = 0;
    bool known;
    for (size_t k = 0; k < m->n; k++) out[count++] = (struct coming){m->at[k], m->at[k].known_at, -1};
    for (size_t k = 0; k < n; k++) {
        bool new = false;
        for (size_t j = 0; j <= k && !new; j++) {
            if (!same_key(&row[j], &row[k]) || row[j].known_at != row[k].known_at) continue;
            (void)look_up(m, &row[j], &known);
            new = !known;
        }
        int64_t place = look_up(m, &row[k], &known);
        if (new) out[count++] = (struct coming){row[k], place, (int64_t)k};
    }
    return count;
}

static void model_merge(struct model *m, const struct row *row, size_t n)
{
    struct coming coming[2 * ROWS_MAX];
    size_t count = gather(coming, m, row, n);
    qsort(coming, count, sizeof *coming, compare_coming);
    m->n = 0;
    for (size_t k = 0; k < count; k++) {
        const struct row *last = m->n ? &m->at[m->n - 1] : NULL;
        bool follows = last && same_key(last, &coming[k].row);
        if (follows && same_value(last, &coming[k].row)) continue;
        struct row next = coming[k].row;
        next.known_at = follows && last->known_at >= coming[k].place ? last->known_at + 1 : coming[k].place;
        assert_true(m->n < ROWS_MAX);
        m->at[m->n++] = next;
    }
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

static void assert_stored(testing *t, const struct model *m)
{
    size_t at_history = 0, at_table = 0;
    const char *order = "ORDER BY place NULLS LAST, start NULLS LAST, known_at NULLS LAST";
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT place, start, value, note, known_at FROM revised %s", order);
    mt_table *table = testing_query(t, sql, NULL, 0);
    snprintf(sql, sizeof sql, "SELECT place, start, value, note, known_at FROM revised_before %s", order);
    mt_table *history = testing_query(t, sql, NULL, 0);
    assert_int_equal(table->n + history->n, m->n);
    for (size_t k = 0; k < m->n; k++) {
        bool stands = k + 1 == m->n || !same_key(&m->at[k], &m->at[k + 1]);
        assert_true(stands ? at_table < table->n : at_history < history->n);
        assert_row(stands ? table : history, stands ? at_table++ : at_history++, &m->at[k]);
    }
}

/* All rows as one batch: what must be stored of them in whatever order they come. */
static void assert_stored_of(testing *t, const struct row *row, size_t n)
{
    struct model m = {.n = 0};
    model_merge(&m, row, n);
    assert_stored(t, &m);
}

static void assert_nothing_done(mt_merge_counts counts)
{
    assert_int_equal(counts.added + counts.changed + counts.kept, 0);
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

/* Each value in one run of versions, some given several times. */
static size_t make_runs(struct row *row, uint64_t *seed)
{
    size_t n = 0;
    for (uint64_t key = 0; key < KEYS; key++) {
        int64_t known_at = 0;
        uint64_t runs = 1 + draw(seed, 5);
        for (uint64_t run = 0; run < runs; run++) {
            double value = run == 2 ? NAN : 100.0 * (double)(run + 1);
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
        assert_stored_of(t, row, n);
        shuffle(row, n, &seed);
        merge_cut(t, row, n, &seed);
        assert_stored_of(t, row, n);
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
            assert_stored_of(t, row, at);
        }
        struct row again[ROWS_MAX];
        memcpy(again, row, n * sizeof *row);
        shuffle(again, n, &seed);
        size_t suffix = draw(&seed, n);
        mt_merge_counts counts = merge(t, again + suffix, n - suffix);
        assert_nothing_done(counts);
        assert_stored_of(t, row, n);
    }
}

/* --- several values of one moment --- */

#define MOMENT 1000 /* moments that are told apart */

static void revise__of_one_moment_the_later_to_arrive_stands(void **state)
{
    testing *t = *state;
    /* greater and lesser, in one batch and in the next */
    const struct row first[] = {row_of(0, MOMENT, 20), row_of(0, MOMENT, 10), row_of(1, MOMENT, 10),
                                row_of(1, MOMENT, 20), row_of(2, MOMENT, 30), row_of(3, MOMENT, 30)};
    const struct row next[] = {row_of(2, MOMENT, 25), row_of(3, MOMENT, 35)};
    const struct model want = {{row_of(0, MOMENT, 20), row_of(0, MOMENT + 1, 10), row_of(2, MOMENT, 30),
                                row_of(2, MOMENT + 1, 25), row_of(1, MOMENT, 10), row_of(1, MOMENT + 1, 20),
                                row_of(3, MOMENT, 30), row_of(3, MOMENT + 1, 35)},
                               8};
    mt_merge_counts counts = merge(t, first, 6);
    assert_int_equal(counts.added, 4);
    assert_int_equal(counts.kept, 2);
    counts = merge(t, next, 2);
    assert_int_equal(counts.changed, 2);
    assert_int_equal(counts.kept, 2);
    assert_stored(t, &want);
    assert_nothing_done(merge(t, first, 6));
    assert_nothing_done(merge(t, next, 2));
    assert_nothing_done(merge(t, first + 1, 4));
    assert_stored(t, &want);
}

/* Of an older moment too, behind which a newer one stands. */
static void revise__a_tie_in_the_past_stays_there(void **state)
{
    testing *t = *state;
    const struct row stands = row_of(0, 2 * MOMENT, 50);
    const struct row past[] = {row_of(0, MOMENT, 30), row_of(0, MOMENT, 10), row_of(0, MOMENT, 20)};
    const struct model want = {{row_of(0, MOMENT, 30), row_of(0, MOMENT + 1, 10), row_of(0, MOMENT + 2, 20),
                                row_of(0, 2 * MOMENT, 50)},
                               4};
    merge(t, &stands, 1);
    for (size_t k = 0; k < 3; k++) assert_int_equal(merge(t, &past[k], 1).kept, 1);
    assert_stored(t, &want);
    assert_nothing_done(merge(t, past, 3));
    for (size_t k = 3; k > 0; k--) assert_nothing_done(merge(t, &past[k - 1], 1));
    assert_stored(t, &want);
}

static void revise__values_that_return_in_one_batch_stand(void **state)
{
    testing *t = *state;
    const struct row row[] = {row_of(0, MOMENT, 10), row_of(0, MOMENT, 20), row_of(0, MOMENT, 20),
                              row_of(0, MOMENT, 10)};
    const struct model want = {{row_of(0, MOMENT, 10), row_of(0, MOMENT + 1, 20), row_of(0, MOMENT + 2, 10)},
                               3};
    merge(t, row, 2);
    assert_nothing_done(merge(t, row, 1)); /* the promised limit: alone it cannot be told from a repetition */
    clear(state);
    merge(t, row, 4);
    assert_stored(t, &want);
    assert_nothing_done(merge(t, row, 4));
    for (size_t k = 0; k < 4; k++) assert_nothing_done(merge(t, &row[k], 1));
    assert_stored(t, &want);
}

/* What repeats the value before its moment is no version, and still not new when the moment has another. */
static void revise__repeats_of_what_counted_before_are_known_again(void **state)
{
    testing *t = *state;
    const struct row before = row_of(0, MOMENT, 10);
    const struct row row[] = {row_of(0, 2 * MOMENT, 10), row_of(0, 2 * MOMENT, 20)};
    const struct model want = {{row_of(0, MOMENT, 10), row_of(0, 2 * MOMENT, 20)}, 2};
    merge(t, &before, 1);
    merge(t, row, 2);
    assert_stored(t, &want);
    assert_nothing_done(merge(t, row, 2));
    assert_nothing_done(merge(t, row, 1));
    assert_nothing_done(merge(t, row + 1, 1));
    assert_stored(t, &want);
}

/* Versions that lie a microsecond apart make room for each other and keep their order. */
static void revise__neighbouring_versions_make_room(void **state)
{
    testing *t = *state;
    const struct row stands = row_of(0, MOMENT + 1, 50);
    const struct row row[] = {row_of(0, MOMENT, 10), row_of(0, MOMENT, 20), row_of(0, MOMENT, 30)};
    const struct model want = {{row_of(0, MOMENT, 10), row_of(0, MOMENT + 1, 20), row_of(0, MOMENT + 2, 30),
                                row_of(0, MOMENT + 3, 50)},
                               4};
    merge(t, &stands, 1);
    merge(t, row, 3);
    assert_stored(t, &want);
    assert_nothing_done(merge(t, row, 3));
    assert_nothing_done(merge(t, &stands, 1));
}

/* A few moments, each with several values, in the order of arrival; no value returns. */
static size_t make_ties(struct row *row, uint64_t *seed)
{
    size_t n = 0;
    for (int64_t moment = 1; moment <= 4; moment++)
        for (int64_t k = 0; k < 4; k++)
            for (uint64_t key = 0; key < KEYS; key++)
                if (draw(seed, 3)) /* up and down */
                    row[n++] = row_of(key, moment * MOMENT,
                                      100.0 * (double)moment + (key % 2 ? 10.0 : -10.0) * (double)k);
    return n;
}

static void revise__ties_end_the_same_in_any_batches_and_again(void **state)
{
    testing *t = *state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct row row[ROWS_MAX];
        struct model m = {.n = 0};
        uint64_t seed = 200 + round;
        size_t n = make_ties(row, &seed);
        clear(state);
        for (size_t at = 0; at < n;) {
            size_t back = draw(&seed, at + 1), length = back + 1 + draw(&seed, 40);
            if (length > n - at + back) length = n - at + back;
            merge(t, row + at - back, length);
            at = at - back + length;
            assert_stored_of(t, row, at);
        }
        for (size_t at = 0; at < n; at++) model_merge(&m, &row[at], 1); /* one by one is the same */
        assert_stored(t, &m);
        shuffle(row, n, &seed);
        assert_nothing_done(merge(t, row, n));
        assert_nothing_done(merge(t, row, n / 2));
        assert_stored(t, &m);
    }
}

/* Whatever comes, also what cannot be recognised: the rule of request.h to the letter. */
static void revise__keeps_to_its_rule_whatever_comes(void **state)
{
    testing *t = *state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct model m = {.n = 0};
        uint64_t seed = 300 + round;
        clear(state);
        for (int k = 0; k < 12; k++) {
            struct row row[12];
            for (size_t i = 0; i < 12; i++)
                row[i] = row_of(draw(&seed, 3), (int64_t)(draw(&seed, 3) * (draw(&seed, 2) ? 1 : MOMENT)),
                                10.0 * (double)draw(&seed, 3));
            merge(t, row, 12);
            model_merge(&m, row, 12);
            assert_stored(t, &m);
        }
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
        cmocka_unit_test_setup(revise__of_one_moment_the_later_to_arrive_stands, clear),
        cmocka_unit_test_setup(revise__a_tie_in_the_past_stays_there, clear),
        cmocka_unit_test_setup(revise__values_that_return_in_one_batch_stand, clear),
        cmocka_unit_test_setup(revise__repeats_of_what_counted_before_are_known_again, clear),
        cmocka_unit_test_setup(revise__neighbouring_versions_make_room, clear),
        cmocka_unit_test_setup(revise__ties_end_the_same_in_any_batches_and_again, clear),
        cmocka_unit_test_setup(revise__keeps_to_its_rule_whatever_comes, clear),
        cmocka_unit_test_setup(revise__counts_what_it_did, clear),
        cmocka_unit_test_setup(revise__refuses_a_row_without_its_version, clear),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "revise");
}
