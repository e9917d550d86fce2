/* Orders saved and read back, on every engine in list.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/data/order_store.h"
#include "store/testing.h"

enum { BATCH = 700 };

#define START ((mt_time)1704067200 * MT_US_SECOND)

/* A source of `rows` orders; every 97th has a fault; `price_step` makes one content differ from another. */
struct source {
    int64_t rows, at, price_step;
    int fail_at;
    mt_time time[BATCH];
    mt_micro price[BATCH];
    int64_t volume[BATCH];
    uint8_t side[BATCH];
    mt_order_bad bad[BATCH];
};

static bool has_fault(int64_t k)
{
    return k % 97 == 13;
}

static void make_order(struct source *s, size_t i, int64_t k)
{
    s->time[i] = has_fault(k) && k % 2 ? MT_TIME_NONE : START + k * MT_US_MINUTE;
    s->price[i] = has_fault(k) && k % 2 == 0 ? MT_MICRO_NONE : -500000 + k * s->price_step;
    s->volume[i] = k % 50 == 49 ? MT_MICRO_NONE : k * 1000;
    s->side[i] = (uint8_t)(k % 5 == 4 ? MT_SIDE_NONE : k % 2);
}

static mt_code next(void *self, mt_ctx *cx, mt_order_batch *out)
{
    struct source *s = self;
    size_t n = 0, n_bad = 0;
    if (s->fail_at && s->at >= s->fail_at)
        return mt_fail(cx, MT_E_INPUT, "the file ends in the middle of line 7");
    for (; n < BATCH && s->at < s->rows; n++, s->at++) {
        make_order(s, n, s->at);
        if (!has_fault(s->at)) continue;
        s->bad[n_bad++] = (mt_order_bad){n,
                                         (uint64_t)s->at + 2,
                                         s->at % 2 ? MT_FAULT_TIME_BAD : MT_FAULT_PRICE_MISSING,
                                         {"raw;\xff;row", 9}};
    }
    *out = (mt_order_batch){n, s->time, s->price, s->volume, s->side, n_bad, s->bad};
    return MT_OK;
}

static struct source source;

static mt_code save(testing *t, mt_order_saved *out, const char *name, const char *hash, int64_t rows,
                    int64_t step)
{
    source.rows = rows;
    source.at = 0;
    source.price_step = step;
    mt_dataset dataset = {.name = name, .source = "orders.csv", .content_hash = hash};
    mt_order_source orders = {next, &source};
    return mt_order_store_save(&t->cx, out, t->store, &dataset, &orders);
}

static mt_order_saved must_save(testing *t, const char *name, const char *hash, int64_t rows, int64_t step)
{
    mt_order_saved saved;
    if (save(t, &saved, name, hash, rows, step) != MT_OK) fail_msg("%s", t->cx.err);
    return saved;
}

static int forget(void **state)
{
    testing *t = *state;
    source.fail_at = 0;
    if (mt_dataset_remove(&t->cx, t->store, "demo") != MT_OK) mt_ctx_forgive(&t->cx);
    return 0;
}

/* Row k of the stored data set is the source's. */
static void check_batch(const mt_order_batch *batch, int64_t from, int64_t step, size_t *n_bad)
{
    static struct source want;
    want.price_step = step;
    for (size_t i = 0; i < batch->n; i++) {
        int64_t k = from + (int64_t)i;
        make_order(&want, 0, k);
        assert_true(batch->time[i] == want.time[0]);
        assert_true(batch->price[i] == want.price[0]);
        assert_true(batch->volume[i] == want.volume[0]);
        assert_int_equal(batch->side[i], want.side[0]);
    }
    for (size_t i = 0; i < batch->n_bad; i++, (*n_bad)++) {
        const mt_order_bad *bad = &batch->bad[i];
        int64_t k = from + (int64_t)bad->row;
        assert_true(has_fault(k));
        assert_int_equal(bad->line, k + 2);
        assert_int_equal(bad->fault, k % 2 ? MT_FAULT_TIME_BAD : MT_FAULT_PRICE_MISSING);
        assert_true(mt_text_equal(bad->raw, "raw;\xEF\xBF\xBD;row"));
    }
}

static void check_stored(testing *t, int64_t rows, int64_t step)
{
    mt_order_reader *reader;
    if (mt_order_store_open(&t->cx, &reader, t->store, "demo") != MT_OK) fail_msg("%s", t->cx.err);
    mt_order_source orders = mt_order_store_source(reader);
    mt_order_batch batch;
    int64_t n = 0;
    size_t n_bad = 0;
    for (;;) {
        assert_int_equal(orders.next(orders.self, &t->cx, &batch), MT_OK);
        if (!batch.n) break;
        check_batch(&batch, n, step, &n_bad);
        n += (int64_t)batch.n;
    }
    assert_int_equal(n, rows);
    assert_int_equal(n_bad, mt_order_store_dataset(reader)->bad);
    mt_order_store_close(reader);
}

static void orders__come_back_as_they_were_saved(void **state)
{
    testing *t = *state;
    mt_order_saved saved = must_save(t, "demo", NULL, 20000, 10);
    assert_int_equal(saved.rows, 20000);
    assert_int_equal(saved.orders.added, 20000);
    assert_int_equal(saved.faults.added, saved.bad);
    check_stored(t, 20000, 10);
    assert_int_equal(
        testing_count(t, "SELECT count(*) FROM orders WHERE dataset = 'demo' AND fault = 'time_bad'"),
        104); /* 13, 207, … */
}

static void orders__saved_again_change_nothing(void **state)
{
    testing *t = *state;
    must_save(t, "demo", NULL, 5000, 10);
    int64_t moment = testing_count(t, "SELECT stored_at FROM dataset WHERE name = 'demo'");
    mt_order_saved saved = must_save(t, "demo", NULL, 5000, 10);
    assert_false(saved.known);
    assert_int_equal(saved.orders.unchanged, 5000);
    assert_int_equal(saved.orders.added + saved.orders.changed + saved.orders.removed, 0);
    assert_true(testing_count(t, "SELECT stored_at FROM dataset WHERE name = 'demo'") == moment);
    check_stored(t, 5000, 10);
}

static void orders__of_known_content_are_not_read_again(void **state)
{
    testing *t = *state;
    must_save(t, "demo", "abc", 3000, 10);
    mt_order_saved saved = must_save(t, "demo", "abc", 999, 10);
    assert_true(saved.known);
    assert_int_equal(saved.rows, 3000);
    assert_int_equal(source.at, 0);
}

static void orders__of_a_new_content_take_the_place_of_the_old(void **state)
{
    testing *t = *state;
    must_save(t, "other", NULL, 1000, 1);
    must_save(t, "demo", "abc", 5000, 10);
    mt_order_saved saved = must_save(t, "demo", "abd", 4000, 20);
    assert_int_equal(saved.orders.removed, 1000);
    assert_int_equal(saved.orders.changed,
                     3999 - 21); /* row 0 and 21 rows without a price are the same in both */
    check_stored(t, 4000, 20);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM market_order"),
                     5000); /* the other data set stands */
    assert_int_equal(mt_dataset_remove(&t->cx, t->store, "other"), MT_OK);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM market_order"), 4000);
}

static void orders__of_a_failing_source_leave_nothing(void **state)
{
    testing *t = *state;
    mt_order_saved saved;
    source.fail_at = 2000;
    assert_int_equal(save(t, &saved, "demo", NULL, 5000, 10), MT_E_INPUT);
    assert_non_null(strstr(t->cx.err, "line 7"));
    assert_int_equal(testing_count(t, "SELECT count(*) FROM market_order"), 0);
    assert_int_equal(testing_count(t, "SELECT count(*) FROM dataset"), 0);
}

static void dataset__that_is_missing_is_named_with_the_nearest(void **state)
{
    testing *t = *state;
    mt_order_reader *reader;
    assert_int_equal(mt_order_store_open(&t->cx, &reader, t->store, "demmo"), MT_E_ABSENT);
    must_save(t, "demo", NULL, 10, 10);
    assert_int_equal(mt_order_store_open(&t->cx, &reader, t->store, "demmo"), MT_E_ABSENT);
    assert_non_null(strstr(t->cx.err, "did you mean demo?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(orders__come_back_as_they_were_saved, forget),
        cmocka_unit_test_setup(orders__saved_again_change_nothing, forget),
        cmocka_unit_test_setup(orders__of_known_content_are_not_read_again, forget),
        cmocka_unit_test_setup(orders__of_a_new_content_take_the_place_of_the_old, forget),
        cmocka_unit_test_setup(orders__of_a_failing_source_leave_nothing, forget),
        cmocka_unit_test_setup(dataset__that_is_missing_is_named_with_the_nearest, forget),
    };
    return testing_every_engine(tests, sizeof tests / sizeof *tests, "orders");
}
