/* The live book against the batch, tick by tick and digit by digit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/book.h"
#include "market/live_book.h"
#include "num/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { IDS = 400, PERIOD_START = 0 };

/* What the book should hold, kept in the plainest way. */
struct model {
    bool there[IDS];
    mt_live_order order[IDS];
    char id[IDS][24];
};

static void name_ids(struct model *m)
{
    memset(m, 0, sizeof *m);
    for (int k = 0; k < IDS; k++) {
        snprintf(m->id[k], sizeof m->id[k], "order-%d", k);
        m->order[k].id = mt_text_of(m->id[k]);
    }
}

/* Prices mostly in cents, some finer; volumes with ties and zeros. */
static void draw_order(mt_rng *rng, mt_live_order *o)
{
    static const mt_micro grain[] = {10000, 10000, 10000, 10000, 1000, 100, 10, 1};
    mt_micro step = grain[mt_rng_below(rng, 8 - 7 * (mt_rng_below(rng, 20) > 0))];
    o->side = mt_rng_below(rng, 2) ? MT_BUY : MT_SELL;
    o->price = ((mt_micro)mt_rng_below(rng, 20000) - 5000) * 10000;
    if (step < 10000) o->price += (mt_micro)mt_rng_below(rng, (uint64_t)(10000 / step)) * step;
    o->volume = (int64_t)mt_rng_below(rng, 40) * 2500000;
}

/* The same orders through the batch's own road. */
static const mt_bid *batch_bids(mt_ctx *cx, const struct model *m, size_t *n, mt_micro *tick)
{
    static const mt_time at = PERIOD_START;
    mt_book *book;
    mt_period period = {0};
    mt_book_options options = {.size = sizeof options, .step = MT_US_HOUR};
    assert_int_equal(mt_book_new(cx, &book, &options), MT_OK);
    for (int k = 0; k < IDS; k++) {
        const mt_live_order *o = &m->order[k];
        uint8_t side = (uint8_t)o->side;
        mt_order_batch one = {.n = 1, .time = &at, .price = &o->price, .volume = &o->volume, .side = &side};
        if (m->there[k]) assert_int_equal(mt_book_add(cx, book, &one), MT_OK);
    }
    assert_int_equal(mt_book_seal(cx, book), MT_OK);
    *tick = mt_book_tick(book);
    if (mt_book_periods(book)) assert_int_equal(mt_book_period(cx, &period, book, 0), MT_OK);
    *n = period.n;
    return period.bid;
}

static void assert_same_real(double a, double b)
{
    assert_true((isnan(a) && isnan(b)) || a == b);
}

static void assert_same_clearing(const mt_clearing *a, const mt_clearing *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->price, b->price);
    assert_int_equal(a->low, b->low);
    assert_int_equal(a->high, b->high);
    assert_int_equal(a->best_bid, b->best_bid);
    assert_int_equal(a->best_ask, b->best_ask);
    assert_int_equal(a->volume, b->volume);
    assert_int_equal(a->offered, b->offered);
    assert_int_equal(a->wanted, b->wanted);
    assert_int_equal(a->sells, b->sells);
    assert_int_equal(a->buys, b->buys);
    assert_int_equal(a->sells_below, b->sells_below);
    assert_int_equal(a->buys_above, b->buys_above);
    assert_same_real(a->welfare, b->welfare);
    assert_same_real(a->efficiency, b->efficiency);
}

static void assert_same_as_batch(const mt_ctx *book_cx, const mt_live_book *book, const struct model *m)
{
    mt_ctx cx;
    size_t n;
    mt_micro tick;
    (void)book_cx;
    mt_ctx_init(&cx, NULL);
    const mt_bid *bid = batch_bids(&cx, m, &n, &tick);
    assert_int_equal(mt_live_book_orders(book), n);
    assert_int_equal(mt_live_book_tick(book), tick);
    for (int r = 0; r < MT_PRICE_RULE_COUNT; r++) {
        mt_clear_rule rule = mt_clear_rule_default(tick);
        mt_clearing live, batch;
        rule.price = (mt_price_rule)r;
        assert_int_equal(mt_live_book_clear(&cx, &live, book, &rule), MT_OK);
        assert_int_equal(mt_clear(&cx, &batch, bid, n, &rule), MT_OK);
        assert_same_clearing(&live, &batch);
    }
    for (int sign = -1; sign <= 1; sign += 2) {
        mt_clear_rule rule = mt_clear_rule_default(tick);
        mt_shift shift = mt_shift_of(sign * INT64_C(2000000000));
        mt_impact live, batch;
        assert_int_equal(mt_live_book_impact(&cx, &live, book, &rule, &shift), MT_OK);
        assert_int_equal(mt_impact_of(&cx, &batch, bid, n, &rule, &shift), MT_OK);
        assert_same_clearing(&live.scenario, &batch.scenario);
        assert_same_real(live.change, batch.change);
        assert_same_real(live.change_percent, batch.change_percent);
        assert_same_real(live.shift_mwh, batch.shift_mwh);
    }
    mt_ctx_close(&cx);
}

/* One random tick to both. */
static void tick_both(mt_ctx *cx, mt_rng *rng, mt_live_book *book, struct model *m)
{
    size_t k = (size_t)mt_rng_below(rng, IDS);
    mt_live_order *o = &m->order[k];
    if (!m->there[k]) {
        draw_order(rng, o);
        assert_int_equal(mt_live_book_add(cx, book, o), MT_OK);
        m->there[k] = true;
    } else if (mt_rng_below(rng, 2)) {
        draw_order(rng, o);
        assert_int_equal(mt_live_book_change(cx, book, o), MT_OK);
    } else {
        assert_int_equal(mt_live_book_cancel(cx, book, o->id), MT_OK);
        m->there[k] = false;
    }
}

static void live_book__equals_the_batch_after_every_tick(void **state)
{
    (void)state;
    struct model m;
    size_t compared = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        mt_ctx cx;
        mt_live_book *book;
        mt_rng rng = mt_rng_new(seed);
        mt_ctx_init(&cx, NULL);
        name_ids(&m);
        assert_int_equal(mt_live_book_new(&cx, &book, 0), MT_OK);
        assert_same_as_batch(&cx, book, &m);
        for (int k = 0; k < 1500; k++, compared++) {
            tick_both(&cx, &rng, book, &m);
            assert_same_as_batch(&cx, book, &m);
        }
        for (int k = 0; k < IDS; k++) { /* and back to nothing */
            mt_live_order found;
            assert_int_equal(mt_live_book_find(book, m.order[k].id, &found), m.there[k]);
            if (!m.there[k]) continue;
            assert_int_equal(found.price, m.order[k].price);
            assert_int_equal(mt_live_book_cancel(&cx, book, m.order[k].id), MT_OK);
            m.there[k] = false;
        }
        assert_same_as_batch(&cx, book, &m);
        mt_ctx_close(&cx);
    }
    print_message("%zu ticks, each equal to the batch in 4 price rules and 2 shifts\n", compared);
}

static mt_live_order an_order(const char *id, mt_side side, mt_micro price, int64_t volume)
{
    return (mt_live_order){mt_text_of(id), side, price, volume};
}

static void live_book__refuses_what_cannot_be_and_stays_as_it_was(void **state)
{
    (void)state;
    static const char too_long[] = "1234567890123456789012345678901234567890123456789012345";
    mt_ctx cx;
    mt_live_book *book;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_live_book_new(&cx, &book, 0), MT_OK);
    mt_live_order a = an_order("a", MT_BUY, 99000000000, 1000);
    assert_int_equal(mt_live_book_add(&cx, book, &a), MT_OK);
    assert_int_equal(mt_live_book_add(&cx, book, &a), MT_E_CONFLICT);
    mt_live_order bad[] = {an_order("b", MT_SIDE_NONE, 1, 1),  an_order("b", MT_BUY, MT_MICRO_NONE, 1),
                           an_order("b", MT_BUY, 1000000, -1), an_order("b", MT_BUY, 1000000, MT_MICRO_NONE),
                           an_order("", MT_BUY, 1000000, 1),   an_order(too_long, MT_BUY, 1000000, 1),
                           an_order("b", MT_BUY, 1, 1)}; /* so fine that `a` would not fit */
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(mt_live_book_add(&cx, book, &bad[k]), MT_E_INPUT);
        assert_true(cx.err[0] != '\0');
    }
    mt_live_order b = an_order("b", MT_BUY, 1, 1);
    assert_int_equal(mt_live_book_change(&cx, book, &b), MT_E_INPUT);
    b.price = 10000;
    assert_int_equal(mt_live_book_change(&cx, book, &b), MT_E_ABSENT);
    assert_int_equal(mt_live_book_cancel(&cx, book, mt_text_of("b")), MT_E_ABSENT);
    assert_int_equal(mt_live_book_orders(book), 1);
    assert_int_equal(mt_live_book_tick(book), 10000);

    mt_clear_rule rule = mt_clear_rule_default(1000);
    mt_clearing c;
    assert_int_equal(mt_live_book_clear(&cx, &c, book, &rule), MT_E_SHAPE);
    mt_ctx_close(&cx);
}

static void live_book__keeps_a_given_tick(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_live_book *book;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_live_book_new(&cx, &book, -1), MT_E_INPUT);
    assert_int_equal(mt_live_book_new(&cx, &book, 100000), MT_OK);
    mt_live_order a = an_order("a", MT_SELL, 10100000, 5), b = an_order("b", MT_SELL, 10010000, 5);
    assert_int_equal(mt_live_book_add(&cx, book, &a), MT_OK);
    assert_int_equal(mt_live_book_add(&cx, book, &b), MT_E_INPUT);
    assert_int_equal(mt_live_book_bids(book)->tick, 101);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(live_book__equals_the_batch_after_every_tick),
        cmocka_unit_test(live_book__refuses_what_cannot_be_and_stays_as_it_was),
        cmocka_unit_test(live_book__keeps_a_given_tick),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
