/* Tests of allocation: both sides add up exactly, nobody is served out of the money, the margin is shared
 * as promised. */
#include "market/allocation.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "market/bid_case.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ x >> 29;
}

static mt_clearing clear_and_share(int64_t *got, const mt_bid *bid, size_t n, const mt_clear_rule *rule,
                                   mt_share share, const mt_time *time)
{
    mt_ctx cx;
    mt_clearing c = {0};
    mt_ctx_init(&cx, NULL);
    if (mt_clear(&cx, &c, bid, n, rule) != MT_OK) fail_msg("%s", cx.err);
    mt_allocation a = {.bid = bid, .time = time, .n = n, .rule = rule, .clearing = &c, .share = share};
    if (mt_allocate(&cx, got, &a) != MT_OK) fail_msg("%s", cx.err);
    mt_ctx_close(&cx);
    return c;
}

static void check_shares(const int64_t *got, const mt_bid *bid, size_t n, const mt_clear_rule *rule,
                         const mt_clearing *c)
{
    int64_t sum[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        int32_t tick = mt_bid_tick(rule, bid[i]);
        bool in = bid[i].side == MT_BUY ? tick > c->high : tick < c->low;
        bool out = bid[i].side == MT_BUY ? tick < c->low : tick > c->low;
        assert_true(got[i] >= 0 && got[i] <= bid[i].volume);
        if (c->volume > 0 && in) assert_int_equal(got[i], bid[i].volume);
        if (out) assert_int_equal(got[i], 0);
        sum[bid[i].side] += got[i];
    }
    assert_int_equal(sum[MT_SELL], c->volume);
    assert_int_equal(sum[MT_BUY], c->volume);
}

static void allocation__both_sides_add_up_and_nobody_is_out_of_the_money(void **state)
{
    (void)state;
    enum { MOST = 80 };
    mt_bid bid[MOST];
    mt_time time[MOST];
    int64_t got[MOST];
    uint64_t seed = 5;
    for (int book = 0; book < 3000; book++) {
        size_t n = 1 + next_random(&seed) % MOST;
        uint64_t ticks = 1 + next_random(&seed) % 40;
        mt_clear_rule rule = mt_clear_rule_default(10000);
        rule.has_cap = rule.has_floor = book % 3 == 0;
        rule.cap = 25;
        rule.floor = 5;
        for (size_t i = 0; i < n; i++) {
            bid[i] = (mt_bid){(int32_t)(next_random(&seed) % ticks), (uint32_t)(next_random(&seed) & 1),
                              (int64_t)(next_random(&seed) % 1000)};
            time[i] = (mt_time)(next_random(&seed) % 20);
        }
        mt_clearing c = clear_and_share(got, bid, n, &rule, MT_SHARE_PRO_RATA, NULL);
        check_shares(got, bid, n, &rule, &c);
        c = clear_and_share(got, bid, n, &rule, MT_SHARE_TIME, time);
        check_shares(got, bid, n, &rule, &c);
    }
}

static void allocation__pro_rata_gives_the_odd_units_to_the_largest_remainders(void **state)
{
    (void)state;
    static const mt_bid bid[] = {SELL(10, 100), BUY(20, 70), BUY(20, 50),
                                 BUY(20, 30),   BUY(30, 1),  BUY(19, 9)};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    int64_t got[COUNT(bid)];
    /* 99 left for 70:50:30 = 46.2, 33, 19.8: the odd one goes to the last. */
    mt_clearing c = clear_and_share(got, bid, COUNT(bid), &rule, MT_SHARE_PRO_RATA, NULL);
    static const int64_t right[] = {100, 46, 33, 20, 1, 0};
    assert_int_equal(c.low, 20);
    assert_memory_equal(got, right, sizeof right);
    /* Equal remainders: larger volume first, then the earlier row. */
    static const mt_bid even[] = {SELL(10, 2), BUY(20, 1), BUY(20, 1), BUY(20, 1)};
    clear_and_share(got, even, COUNT(even), &rule, MT_SHARE_PRO_RATA, NULL);
    static const int64_t right_even[] = {2, 1, 1, 0};
    assert_memory_equal(got, right_even, sizeof right_even);
}

static void allocation__time_serves_the_earliest_first(void **state)
{
    (void)state;
    static const mt_bid bid[] = {BUY(50, 100), SELL(20, 60), SELL(20, 60), SELL(20, 60), SELL(10, 10)};
    static const mt_time time[] = {9, 3, 1, 1, 8};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    int64_t got[COUNT(bid)];
    clear_and_share(got, bid, COUNT(bid), &rule, MT_SHARE_TIME, time);
    static const int64_t right[] = {100, 0, 60, 30, 10};
    assert_memory_equal(got, right, sizeof right);
    clear_and_share(got, bid, COUNT(bid), &rule, MT_SHARE_TIME, NULL); /* no times: row order */
    static const int64_t rows[] = {100, 60, 30, 0, 10};
    assert_memory_equal(got, rows, sizeof rows);
}

static void allocation__curtails_price_takers_together(void **state)
{
    (void)state;
    static const mt_bid bid[] = {SELL(10, 90), BUY(400, 100), BUY(900, 50), BUY(300, 50)};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    rule.has_cap = true;
    rule.cap = 400;
    int64_t got[COUNT(bid)];
    mt_clearing c = clear_and_share(got, bid, COUNT(bid), &rule, MT_SHARE_PRO_RATA, NULL);
    static const int64_t right[] = {90, 60, 30, 0};
    assert_int_equal(c.status, MT_CURTAILED_DEMAND);
    assert_memory_equal(got, right, sizeof right);
}

static void allocation__refuses_a_clearing_of_other_bids(void **state)
{
    (void)state;
    static const mt_bid bid[] = {SELL(10, 90), BUY(20, 50)};
    mt_clear_rule rule = mt_clear_rule_default(10000);
    mt_clearing c = {.volume = 60, .low = 20, .high = 20};
    int64_t got[2];
    mt_ctx cx;
    mt_ctx_init(&cx, NULL);
    mt_allocation a = {.bid = bid, .n = 2, .rule = &rule, .clearing = &c};
    assert_int_equal(mt_allocate(&cx, got, &a), MT_E_SHAPE);
    assert_non_null(strstr(cx.err, "the clearing is not one of these bids"));
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(allocation__both_sides_add_up_and_nobody_is_out_of_the_money),
        cmocka_unit_test(allocation__pro_rata_gives_the_odd_units_to_the_largest_remainders),
        cmocka_unit_test(allocation__time_serves_the_earliest_first),
        cmocka_unit_test(allocation__curtails_price_takers_together),
        cmocka_unit_test(allocation__refuses_a_clearing_of_other_bids),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
