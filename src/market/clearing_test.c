/* Tests of the clearing kernel: the rule against a slow reading of it, known auctions, refusals, both
 * sweeps alike. */
#include "market/clearing.h"
#include "market/sweep.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/ctx_case.h"
#include "market/bid_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static int64_t below(uint64_t *state, uint64_t bound)
{
    return (int64_t)(next_random(state) % bound);
}

static mt_clearing clear_with(void **state, const mt_bid *bid, size_t n, const mt_clear_rule *rule)
{
    mt_clearing c = {0};
    mt_ctx *cx = *state;
    if (mt_clear(cx, &c, bid, n, rule) != MT_OK) fail_msg("%s", cx->err);
    return c;
}

static mt_clearing clear_by(void **state, const mt_bid *bid, size_t n, mt_price_rule price)
{
    mt_clear_rule rule = mt_clear_rule_default(10000);
    rule.price = price;
    return clear_with(state, bid, n, &rule);
}

static mt_clearing clear(void **state, const mt_bid *bid, size_t n)
{
    return clear_by(state, bid, n, MT_PRICE_MID);
}

/* The rule read slowly: sums of all bids, once for each tick. */

static int64_t volume_of(const mt_bid *bid, size_t n, uint32_t side, int64_t from, int64_t to)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].side == side && bid[i].tick >= from && bid[i].tick <= to) sum += bid[i].volume;
    }
    return sum;
}

static int64_t supply_upto(const mt_bid *bid, size_t n, int64_t p)
{
    return volume_of(bid, n, MT_SELL, INT32_MIN, p);
}

static int64_t demand_from(const mt_bid *bid, size_t n, int64_t p)
{
    return volume_of(bid, n, MT_BUY, p, INT32_MAX);
}

/* At p no bid in the money is refused: what must be accepted of one side fits what may be accepted of the
 * other. */
static bool clears(const mt_bid *bid, size_t n, int64_t p)
{
    return supply_upto(bid, n, p - 1) <= demand_from(bid, n, p) &&
           demand_from(bid, n, p + 1) <= supply_upto(bid, n, p);
}

static double slow_welfare(const mt_bid *bid, size_t n, const mt_clearing *c)
{
    double value = 0;
    int64_t sold = 0, bought = 0;
    for (size_t i = 0; i < n; i++) {
        bool good = bid[i].side == MT_BUY ? bid[i].tick > c->low : bid[i].tick < c->low;
        if (!good) continue;
        double sign = bid[i].side == MT_BUY ? 1 : -1;
        value += sign * bid[i].tick * (double)bid[i].volume;
        *(bid[i].side == MT_BUY ? &bought : &sold) += bid[i].volume;
    }
    value += (double)c->low * (double)(c->volume - bought) - (double)c->low * (double)(c->volume - sold);
    return value * 0.01 / 1e6;
}

static void check_against_rule(void **state, const mt_bid *bid, size_t n)
{
    mt_clearing c = clear(state, bid, n);
    int64_t most = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t s = supply_upto(bid, n, bid[i].tick), d = demand_from(bid, n, bid[i].tick), v = s < d ? s : d;
        if (v > most) most = v;
    }
    assert_int_equal(c.volume, most);
    assert_int_equal(c.offered, volume_of(bid, n, MT_SELL, INT32_MIN, INT32_MAX));
    assert_int_equal(c.wanted, volume_of(bid, n, MT_BUY, INT32_MIN, INT32_MAX));
    assert_int_equal(c.sells + c.buys, n);
    if (most == 0) {
        assert_int_equal(c.price, MT_TICK_NONE);
        assert_int_not_equal(c.status, MT_CLEARED);
        return;
    }
    assert_int_equal(c.status, MT_CLEARED);
    assert_true(supply_upto(bid, n, c.low) >= demand_from(bid, n, (int64_t)c.low + 1));
    assert_false(supply_upto(bid, n, (int64_t)c.low - 1) >= demand_from(bid, n, c.low));
    assert_true(clears(bid, n, c.low) && clears(bid, n, c.high) && clears(bid, n, c.price));
    assert_false(clears(bid, n, (int64_t)c.low - 1) &&
                 supply_upto(bid, n, (int64_t)c.low - 1) >= demand_from(bid, n, c.low));
    assert_false(clears(bid, n, (int64_t)c.high + 1));
    assert_int_equal(c.sells_below, supply_upto(bid, n, (int64_t)c.low - 1));
    assert_int_equal(c.buys_above, demand_from(bid, n, (int64_t)c.low + 1));
    assert_true(c.volume >= c.sells_below && c.volume >= c.buys_above);
    double welfare = slow_welfare(bid, n, &c);
    assert_true(fabs(c.welfare - welfare) <= 1e-9 * (1 + fabs(welfare)));
}

static size_t draw_book(mt_bid *bid, size_t most, uint64_t *seed)
{
    size_t n = 1 + (size_t)below(seed, most);
    uint64_t ticks = 1 + (uint64_t)below(seed, (uint64_t)1 << below(seed, 20)),
             sizes = 1 + (uint64_t)below(seed, 1000);
    int32_t base = (int32_t)below(seed, 100000) - 50000;
    for (size_t i = 0; i < n; i++) {
        bid[i].tick = base + (int32_t)below(seed, ticks);
        bid[i].side = (uint32_t)below(seed, 2);
        bid[i].volume = below(seed, sizes) * 1000;
    }
    return n;
}

static void clearing__obeys_its_rule_on_random_books(void **state)
{
    static mt_bid bid[400];
    uint64_t seed = 7;
    for (int book = 0; book < 1500; book++) {
        size_t n = draw_book(bid, book % 10 ? 60 : COUNT(bid), &seed);
        check_against_rule(state, bid, n);
    }
}

static void shuffle(mt_bid *bid, size_t n, uint64_t *seed)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)below(seed, i);
        mt_bid b = bid[i - 1];
        bid[i - 1] = bid[k];
        bid[k] = b;
    }
}

static int by_tick(const void *a, const void *b)
{
    const mt_bid *x = a, *y = b;
    return (x->tick > y->tick) - (x->tick < y->tick);
}

static void assert_same(const mt_clearing *a, const mt_clearing *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->price, b->price);
    assert_int_equal(a->low, b->low);
    assert_int_equal(a->high, b->high);
    assert_int_equal(a->volume, b->volume);
    assert_int_equal(a->sells_below, b->sells_below);
    assert_int_equal(a->buys_above, b->buys_above);
    assert_true(a->welfare == b->welfare);
}

static void clearing__does_not_depend_on_the_order_of_bids(void **state)
{
    static mt_bid bid[3000];
    uint64_t seed = 11;
    for (int book = 0; book < 60; book++) {
        size_t n = draw_book(bid, COUNT(bid), &seed);
        mt_clearing first = clear(state, bid, n);
        shuffle(bid, n, &seed);
        mt_clearing shuffled = clear(state, bid, n);
        qsort(bid, n, sizeof *bid, by_tick);
        mt_clearing sorted = clear(state, bid, n);
        assert_same(&first, &shuffled);
        assert_same(&first, &sorted);
    }
}

/* The crossing by sorting, for books too large to read slowly. */
static int32_t low_by_sorting(mt_bid *bid, size_t n)
{
    int64_t balance = -volume_of(bid, n, MT_BUY, INT32_MIN, INT32_MAX);
    qsort(bid, n, sizeof *bid, by_tick);
    for (size_t i = 0; i < n; i++) {
        balance += bid[i].volume;
        if (balance >= 0) return bid[i].tick;
    }
    return MT_TICK_NONE;
}

enum shape { UNIFORM, FEW_PRICES, ONE_PRICE, SKEWED, EXTREME_TICKS, ONE_GIANT, STRIPED, SHAPES };

static mt_bid draw_shape(enum shape shape, size_t i, uint64_t *seed)
{
    mt_bid b = {(int32_t)below(seed, 450001) - 50000, (uint32_t)below(seed, 2), 1 + below(seed, 100000000)};
    switch (shape) {
    case FEW_PRICES:
        b.tick = (int32_t)below(seed, 5) * 1000;
        break;
    case ONE_PRICE:
        b.tick = 4242;
        break;
    case SKEWED:
        b.tick = (int32_t)(400000 / (1 + below(seed, 100000)));
        break;
    case EXTREME_TICKS:
        b.tick = (int32_t)(next_random(seed) >> 32);
        break;
    case ONE_GIANT:
        b.volume = i == 77 ? (int64_t)1 << 50 : b.volume;
        break;
    case STRIPED:
        b.tick = i % 16 ? 100 + (int32_t)(i % 7) : 900000 - (int32_t)(i % 1000);
        break;
    default:
        break;
    }
    if (b.tick == MT_TICK_NONE) b.tick++;
    return b;
}

static void clearing__finds_the_crossing_of_large_books_of_any_shape(void **state)
{
    enum { N = 200000 };
    mt_bid *bid = malloc(N * sizeof *bid);
    assert_non_null(bid);
    uint64_t seed = 13;
    for (int shape = 0; shape < SHAPES; shape++) {
        for (size_t i = 0; i < N; i++) bid[i] = draw_shape((enum shape)shape, i, &seed);
        mt_clearing c = clear(state, bid, N);
        int32_t low = low_by_sorting(bid, N);
        if (c.low != low) fail_msg("shape %d: low %d, by sorting %d", shape, c.low, low);
        mt_clearing sorted = clear(state, bid, N);
        assert_same(&c, &sorted);
        int64_t s = supply_upto(bid, N, low), d = demand_from(bid, N, low);
        assert_int_equal(c.volume, s < d ? s : d);
    }
    free(bid);
}

static void clearing__finds_the_textbook_interval(void **state)
{
    /* Sells 30/40/50, buys 60/50/40 of 100 MWh: [40, 50] at 200 MWh. */
    static const mt_bid bid[] = {SELL(3000, 100000000), SELL(4000, 100000000), SELL(5000, 100000000),
                                 BUY(6000, 100000000),  BUY(5000, 100000000),  BUY(4000, 100000000)};
    mt_clearing c = clear(state, bid, COUNT(bid));
    assert_int_equal(c.low, 4000);
    assert_int_equal(c.high, 5000);
    assert_int_equal(c.price, 4500);
    assert_int_equal(c.volume, 200000000);
    assert_int_equal(clear_by(state, bid, COUNT(bid), MT_PRICE_LOW).price, 4000);
    assert_int_equal(clear_by(state, bid, COUNT(bid), MT_PRICE_HIGH).price, 5000);
    assert_int_equal(clear_by(state, bid, COUNT(bid), MT_PRICE_LAST_SELL).price, 4000);
    assert_true(fabs(c.welfare - (60 + 50 - 30 - 40) * 100.0) < 1e-9);
    assert_true(fabs(c.efficiency - 200.0 / 300.0) < 1e-15);
    assert_int_equal(c.best_bid, 6000);
    assert_int_equal(c.best_ask, 3000);
}

static void clearing__takes_the_price_of_a_partly_filled_buy(void **state)
{
    static const mt_bid bid[] = {SELL(1000, 100), BUY(5000, 60), BUY(4000, 70)};
    mt_clearing c = clear(state, bid, COUNT(bid));
    assert_int_equal(c.low, 4000);
    assert_int_equal(c.high, 4000);
    assert_int_equal(c.price, 4000);
    assert_int_equal(c.volume, 100);
    assert_int_equal(clear_by(state, bid, COUNT(bid), MT_PRICE_LAST_SELL).price, 1000);
}

static void clearing__rounds_the_mid_point_half_away_from_zero(void **state)
{
    static const mt_bid up[] = {SELL(10, 5), BUY(13, 5)}, down[] = {SELL(-13, 5), BUY(-10, 5)};
    static const mt_bid around[] = {SELL(-3, 5), BUY(2, 5)};
    assert_int_equal(clear(state, up, 2).price, 12);
    assert_int_equal(clear(state, down, 2).price, -12);
    assert_int_equal(clear(state, around, 2).price, -1);
}

static void clearing__without_a_trade_shows_the_open_interval(void **state)
{
    static const mt_bid apart[] = {SELL(5000, 10), SELL(6000, 10), BUY(4000, 10), BUY(-100, 10)};
    mt_clearing c = clear(state, apart, COUNT(apart));
    assert_int_equal(c.status, MT_NO_CROSS);
    assert_int_equal(c.price, MT_TICK_NONE);
    assert_int_equal(c.low, 4000);
    assert_int_equal(c.high, 5000);
    assert_int_equal(c.volume, 0);
    assert_true(c.efficiency == 0);
    mt_clearing buys = clear(state, apart + 2, 2);
    assert_int_equal(buys.status, MT_NO_SUPPLY);
    assert_int_equal(buys.low, 4000);
    assert_int_equal(buys.high, MT_TICK_NONE);
    assert_true(isnan(buys.efficiency));
    mt_clearing sells = clear(state, apart, 2);
    assert_int_equal(sells.status, MT_NO_DEMAND);
    assert_int_equal(sells.low, MT_TICK_NONE);
    assert_int_equal(sells.high, 5000);
    mt_clearing none = clear(state, NULL, 0);
    assert_int_equal(none.status, MT_NO_SUPPLY);
    assert_int_equal(none.low, MT_TICK_NONE);
    assert_int_equal(none.buys + none.sells, 0);
}

static void clearing__ignores_bids_without_volume(void **state)
{
    static const mt_bid bid[] = {SELL(1000, 0), SELL(2000, 10), BUY(9000, 0), BUY(5000, 10), BUY(3000, 0)};
    mt_clearing c = clear(state, bid, COUNT(bid));
    assert_int_equal(c.low, 2000);
    assert_int_equal(c.high, 5000);
    assert_int_equal(c.best_bid, 5000);
    assert_int_equal(c.best_ask, 2000);
    assert_int_equal(c.sells, 2);
    assert_int_equal(c.buys, 3);
    static const mt_bid idle[] = {SELL(1000, 0), BUY(2000, 0)};
    assert_int_equal(clear(state, idle, 2).status, MT_NO_SUPPLY);
}

static void clearing__curtails_at_cap_and_floor(void **state)
{
    mt_clear_rule rule = mt_clear_rule_default(10000);
    rule.has_cap = rule.has_floor = true;
    rule.cap = 400000;
    rule.floor = -50000;
    static const mt_bid scarce[] = {SELL(1000, 60), BUY(400000, 50), BUY(450000, 50), BUY(2000, 10)};
    mt_clearing c = clear_with(state, scarce, COUNT(scarce), &rule);
    assert_int_equal(c.status, MT_CURTAILED_DEMAND);
    assert_int_equal(c.price, 400000);
    assert_int_equal(c.volume, 60);
    assert_int_equal(c.buys_above, 0);
    assert_int_equal(c.best_bid, 400000);
    static const mt_bid surplus[] = {SELL(-50000, 50), SELL(-90000, 50), BUY(1000, 60), SELL(7, 5)};
    c = clear_with(state, surplus, COUNT(surplus), &rule);
    assert_int_equal(c.status, MT_CURTAILED_SUPPLY);
    assert_int_equal(c.price, -50000);
    assert_int_equal(c.volume, 60);
    static const mt_bid beyond[] = {SELL(500000, 10), BUY(600000, 10)};
    c = clear_with(state, beyond, COUNT(beyond), &rule);
    assert_int_equal(c.status, MT_NO_CROSS);
    assert_int_equal(c.low, 400000);
    assert_int_equal(c.high, 500000);
    static const mt_bid enough[] = {SELL(1000, 100), BUY(400000, 50), BUY(450000, 50)};
    assert_int_equal(clear_with(state, enough, COUNT(enough), &rule).status, MT_CLEARED);
}

static void expect_refusal(void **state, const mt_bid *bid, size_t n, const mt_clear_rule *rule,
                           const char *part)
{
    mt_ctx *cx = *state;
    mt_clearing c = {.volume = -7};
    assert_int_equal(mt_clear(cx, &c, bid, n, rule), MT_E_INPUT);
    if (!strstr(cx->err, part)) fail_msg("\"%s\" does not say \"%s\"", cx->err, part);
    assert_int_equal(c.volume, -7);
}

static void clearing__refuses_what_cannot_be_an_auction(void **state)
{
    mt_clear_rule rule = mt_clear_rule_default(10000), other = rule;
    static const mt_bid negative[] = {SELL(1, 5), BUY(2, -5)}, side[] = {{1, 2, 5}},
                        none[] = {SELL(MT_TICK_NONE, 5)};
    static const mt_bid huge[] = {BUY(1, INT64_MAX), SELL(2, INT64_MAX), BUY(1, 1)};
    expect_refusal(state, negative, 2, &rule, "bid 2 has a volume of -5 Wh");
    expect_refusal(state, side, 1, &rule, "bid 1 has side 2");
    expect_refusal(state, none, 1, &rule, "bid 1 has no price");
    expect_refusal(state, huge, 3, &rule, "the buys add up to more than");
    other.has_cap = other.has_floor = true;
    other.floor = 5;
    other.cap = 4;
    expect_refusal(state, side, 0, &other, "price floor, tick 5, lies above the price cap, tick 4");
    other = mt_clear_rule_default(0);
    expect_refusal(state, side, 0, &other, "a tick is more than 0");
    assert_int_equal(clear(state, huge, 2).status, MT_NO_CROSS); /* each side just fits */
}

static void clearing__gives_its_scratch_back(void **state)
{
    mt_ctx *cx = *state;
    static const mt_bid bid[] = {SELL(1, 5), BUY(2, 5)};
    mt_mark before = mt_arena_mark(&cx->arena);
    clear(state, bid, 2);
    mt_mark after = mt_arena_mark(&cx->arena);
    assert_true(before.block == after.block && before.used == after.used);
}

/* Products of 54 bits, all of one sign, side by side: the widest that ordinary figures reach at the finest
 * tick. */
static void clearing__welfare_of_wide_products_is_exact(void **state)
{
    mt_ctx *cx = *state;
    enum { N = 4096, TICK = 134000000 };
    static mt_bid bid[N];
    mt_clear_rule rule = mt_clear_rule_default(1);
    mt_clearing c;
    for (int order = 0; order < 2; order++) {
        for (size_t i = 0; i < N; i++) {
            bool buy = order ? i % 2 : i < N / 2;
            bid[i] = (mt_bid){buy ? TICK : 0, buy ? MT_BUY : MT_SELL, 134000000};
        }
        assert_int_equal(mt_clear(cx, &c, bid, N, &rule), MT_OK);
        assert_float_equal(c.welfare, 134.0 * 134 * N / 2, 0);
    }
}

static void sweep__plain_and_vector_agree(void **state)
{
    (void)state;
#if defined(__x86_64__)
    if (!mt_sweep_has_avx512()) {
        print_message("this processor has no AVX-512\n");
        skip();
    }
    enum { N = 5000 };
    static mt_bid bid[N], kept[2][N + MT_SWEEP_SLACK];
    uint64_t seed = 17;
    for (int round = 0; round < 300; round++) {
        size_t n = (size_t)below(&seed, N), room = (size_t)below(&seed, n + 1);
        int shift = (int)below(&seed, 40);
        for (size_t i = 0; i < n; i++) {
            bid[i] = (mt_bid){(int32_t)(next_random(&seed) >> 32) >> below(&seed, 31),
                              (uint32_t)below(&seed, 2), (int64_t)(next_random(&seed) >> (13 + shift))};
        }
        int32_t a = (int32_t)(next_random(&seed) >> 40), b = (int32_t)(next_random(&seed) >> 40);
        mt_sweep_job job = {.bid = bid,
                            .n = n,
                            .lo = (a < b ? a : b) - 9000000,
                            .hi = (a < b ? b : a) - 9000000,
                            .kept = kept[0],
                            .room = room};
        mt_sweep plain = {0}, fast = {0};
        mt_sweep_plain(&plain, &job);
        job.kept = kept[1];
        mt_sweep_avx512(&fast, &job);
        assert_true(plain.value == fast.value);
        assert_true(plain.offered == fast.offered && plain.wanted == fast.wanted && plain.buys == fast.buys);
        assert_true(plain.sells_below == fast.sells_below && plain.buys_above == fast.buys_above);
        assert_true(plain.sells_in == fast.sells_in && plain.buys_in == fast.buys_in &&
                    plain.kept == fast.kept);
        assert_true(plain.volume_bits == fast.volume_bits && plain.tick_bits == fast.tick_bits);
        assert_true(plain.best_bid == fast.best_bid && plain.best_ask == fast.best_ask);
        assert_true(plain.side_bits == fast.side_bits);
        size_t same = plain.kept < room ? plain.kept : room;
        qsort(kept[0], same, sizeof *bid, by_tick);
        qsort(kept[1], same, sizeof *bid, by_tick);
        for (size_t i = 0; i < same && plain.kept <= room; i++)
            assert_int_equal(kept[0][i].tick, kept[1][i].tick);
    }
#endif
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(clearing__obeys_its_rule_on_random_books),
        cmocka_unit_test(clearing__does_not_depend_on_the_order_of_bids),
        cmocka_unit_test(clearing__finds_the_crossing_of_large_books_of_any_shape),
        cmocka_unit_test(clearing__finds_the_textbook_interval),
        cmocka_unit_test(clearing__takes_the_price_of_a_partly_filled_buy),
        cmocka_unit_test(clearing__rounds_the_mid_point_half_away_from_zero),
        cmocka_unit_test(clearing__without_a_trade_shows_the_open_interval),
        cmocka_unit_test(clearing__ignores_bids_without_volume),
        cmocka_unit_test(clearing__curtails_at_cap_and_floor),
        cmocka_unit_test(clearing__refuses_what_cannot_be_an_auction),
        cmocka_unit_test(clearing__gives_its_scratch_back),
        cmocka_unit_test(clearing__welfare_of_wide_products_is_exact),
        cmocka_unit_test(sweep__plain_and_vector_agree),
    };
    return cmocka_run_group_tests(test, ctx_case_open, ctx_case_close);
}
