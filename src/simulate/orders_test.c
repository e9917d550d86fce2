/* What order books must keep: form, both sides, the curve's energy, equal bytes, clearing prices. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ctx_case.h"
#include "market/clearing.h"
#include "simulate/orders.h"

struct rows {
    size_t n;
    mt_time *time;
    mt_micro *price;
    int64_t *volume;
    uint8_t *side;
};

/* All orders of a rule in memory of the context. */
static struct rows read_all(const mt_sim_rule *rule)
{
    struct rows out = {0};
    mt_order_source source;
    mt_order_batch batch;
    size_t room = (size_t)(rule->orders_per_period * rule->days * 25 * (MT_US_HOUR / rule->step));
    assert_int_equal(MT_NEW(&ctx_case, &out.time, room) | MT_NEW(&ctx_case, &out.price, room), MT_OK);
    assert_int_equal(MT_NEW(&ctx_case, &out.volume, room) | MT_NEW(&ctx_case, &out.side, room), MT_OK);
    assert_int_equal(mt_sim_orders(&ctx_case, &source, rule), MT_OK);
    for (;;) {
        assert_int_equal(source.next(source.self, &ctx_case, &batch), MT_OK);
        if (!batch.n) return out;
        assert_int_equal(batch.n_bad, 0);
        memcpy(out.time + out.n, batch.time, batch.n * sizeof *batch.time);
        memcpy(out.price + out.n, batch.price, batch.n * sizeof *batch.price);
        memcpy(out.volume + out.n, batch.volume, batch.n * sizeof *batch.volume);
        memcpy(out.side + out.n, batch.side, batch.n);
        out.n += batch.n;
    }
}

static uint64_t digest_of(const struct rows *r, size_t n)
{
    uint64_t out = 0;
    for (size_t i = 0; i < n; i++) {
        out = mt_rng_at(out ^ (uint64_t)r->time[i], (uint64_t)r->price[i]);
        out = mt_rng_at(out ^ (uint64_t)r->volume[i], r->side[i]);
    }
    return out;
}

static void orders__rows_are_well_formed(void **state)
{
    (void)state;
    static const int64_t size[] = {2, 3, 41, 1000};
    for (size_t s = 0; s < 4; s++) {
        mt_sim_rule rule = mt_sim_rule_default();
        rule.days = 2;
        rule.step = s == 2 ? 15 * MT_US_MINUTE : MT_US_HOUR;
        rule.orders_per_period = size[s];
        struct rows r = read_all(&rule);
        mt_time start = mt_sim_day_start(&rule, rule.first_day);
        assert_int_equal(r.n, size[s] * 48 * (MT_US_HOUR / rule.step));
        int64_t buys = 0;
        for (size_t i = 0; i < r.n; i++) {
            mt_time period = start + (mt_time)(i / (size_t)size[s]) * rule.step;
            assert_true(r.time[i] >= period && r.time[i] < period + rule.step &&
                        r.time[i] % MT_US_SECOND == 0);
            assert_true(i == 0 || r.time[i] >= r.time[i - 1]);
            assert_true(r.price[i] % 10000 == 0 && r.volume[i] % 100000 == 0 && r.volume[i] > 0);
            assert_true(r.price[i] >= -500 * MT_MICRO_ONE && r.price[i] <= 4000 * MT_MICRO_ONE);
            buys += r.side[i] == MT_BUY;
            if ((i + 1) % (size_t)size[s] == 0) {
                assert_int_equal(buys, size[s] / 2); /* both sides in every period */
                buys = 0;
            }
        }
    }
}

static void orders__sum_to_the_curves_energy(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_sim_day *day;
    mt_sim_stack *stack;
    rule.days = 1;
    rule.step = 30 * MT_US_MINUTE;
    rule.orders_per_period = 500;
    struct rows r = read_all(&rule);
    assert_int_equal(mt_sim_day_new(&ctx_case, &day, &rule), MT_OK);
    assert_int_equal(mt_sim_stack_new(&ctx_case, &stack), MT_OK);
    assert_int_equal(mt_sim_day_fill(&ctx_case, day, rule.first_day), MT_OK);
    for (size_t p = 0; p < day->n; p++) {
        double curve[2] = {0}, book[2] = {0};
        mt_sim_stack_fill(stack, day, p);
        for (size_t i = 0; i < stack->n_supply; i++) curve[MT_SELL] += stack->supply[i].power_mw / 2.0;
        for (size_t i = 0; i < stack->n_demand; i++) curve[MT_BUY] += stack->demand[i].power_mw / 2.0;
        for (size_t i = p * 500; i < p * 500 + 500; i++) book[r.side[i]] += (double)r.volume[i] / 1e6;
        assert_true(fabs(curve[0] - book[0]) < 0.75 &&
                    fabs(curve[1] - book[1]) < 0.75); /* slices under 0.05 MWh give 0.1 */
    }
}

/* The digest was taken with gcc 12 and clang 14 at several optimisation levels: one value for all. A
 * change of the model changes it; then the files that users make from a seed change too, so say it in the
 * change log. */
static void orders__same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default(), other = rule;
    rule.days = other.days = 3;
    other.seed = 2;
    struct rows a = read_all(&rule), b = read_all(&rule), c = read_all(&other);
    assert_int_equal(digest_of(&a, a.n), digest_of(&b, b.n));
    assert_true(digest_of(&a, a.n) != digest_of(&c, c.n));
    assert_int_equal(digest_of(&a, a.n), 0x9aca3ff453b00251u);
}

static void orders__a_longer_run_continues_a_shorter_one(void **state)
{
    (void)state;
    mt_sim_rule ten = mt_sim_rule_default(), thirty = ten, third = ten;
    ten.days = 2;
    thirty.days = 5;
    third.first_day += 2;
    third.days = 3;
    struct rows a = read_all(&ten), b = read_all(&thirty), c = read_all(&third);
    assert_int_equal(a.n + c.n, b.n);
    assert_int_equal(digest_of(&a, a.n), digest_of(&b, a.n));
    struct rows tail = {b.n - a.n, b.time + a.n, b.price + a.n, b.volume + a.n, b.side + a.n};
    assert_int_equal(digest_of(&tail, tail.n), digest_of(&c, c.n));
}

static void orders__memory_stays_flat(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_order_source source;
    mt_order_batch batch;
    size_t n = 0;
    rule.orders_per_period = 300000;
    rule.days = 1;
    assert_int_equal(mt_sim_orders(&ctx_case, &source, &rule), MT_OK);
    size_t held = ctx_case.arena.held_bytes;
    uint64_t allocations = ctx_case.arena.allocations;
    do {
        assert_int_equal(source.next(source.self, &ctx_case, &batch), MT_OK);
        n += batch.n;
    } while (batch.n && n < 1000000);
    assert_int_equal(ctx_case.arena.held_bytes, held);
    assert_true(held < 2000000 && ctx_case.arena.allocations - allocations < 1000);
}

static mt_clearing clear_period(const struct rows *r, size_t first, size_t n)
{
    mt_bid *bid;
    mt_clearing out;
    mt_clear_rule rule = mt_clear_rule_default(10000);
    assert_int_equal(MT_NEW(&ctx_case, &bid, n), MT_OK);
    for (size_t i = 0; i < n; i++) {
        bid[i] = (mt_bid){(int32_t)(r->price[first + i] / 10000), r->side[first + i], r->volume[first + i]};
    }
    assert_int_equal(mt_clear(&ctx_case, &out, bid, n, &rule), MT_OK);
    return out;
}

struct month {
    double mean, deviation;
    int cleared, negative, periods;
};

/* Clears every simulated book of a rule and compares with the price of the curves it was cut from. */
static struct month clear_all(const mt_sim_rule *rule)
{
    struct month m = {0};
    struct rows r = read_all(rule);
    mt_sim_day *day;
    mt_sim_stack *stack;
    size_t at = 0, n = (size_t)rule->orders_per_period;
    assert_int_equal(mt_sim_day_new(&ctx_case, &day, rule), MT_OK);
    assert_int_equal(mt_sim_stack_new(&ctx_case, &stack), MT_OK);
    for (int d = 0; d < rule->days; d++) {
        assert_int_equal(mt_sim_day_fill(&ctx_case, day, rule->first_day + d), MT_OK);
        for (size_t p = 0; p < day->n; p++, at += n, m.periods++) {
            mt_mark mark = mt_arena_mark(&ctx_case.arena);
            mt_clearing c = clear_period(&r, at, n);
            mt_sim_stack_fill(stack, day, p);
            m.cleared += c.status == MT_CLEARED;
            m.mean += c.price / 100.0;
            m.negative += c.price < 0;
            m.deviation += fabs(c.price / 100.0 - mt_sim_stack_price_eur_mwh(stack));
            mt_arena_reset(&ctx_case.arena, mark);
        }
    }
    m.mean /= m.periods;
    m.deviation /= m.periods;
    return m;
}

static void orders__every_book_clears_near_its_curves(void **state)
{
    (void)state;
    static const struct {
        int64_t orders;
        double deviation;
    } row[] = {{40, 12.0}, {200, 5.0}, {5000, 1.5}};
    for (size_t i = 0; i < 3; i++) {
        mt_sim_rule rule = mt_sim_rule_default();
        rule.orders_per_period = row[i].orders;
        rule.days = 20;
        struct month m = clear_all(&rule);
        assert_int_equal(m.cleared, m.periods);
        assert_true(m.mean > 20.0 && m.mean < 120.0);
        assert_true(m.deviation < row[i].deviation);
        assert_true(m.negative > 3);
    }
}

static void orders__clearing_answers_to_gas_and_wind(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default(), dear = rule, windy = rule;
    rule.days = dear.days = windy.days = 14;
    rule.first_day = dear.first_day = windy.first_day = mt_day_of(2025, 1, 10);
    dear.gas_factor = 1.5;
    windy.wind_factor = 1.5;
    double mean = clear_all(&rule).mean;
    assert_true(clear_all(&dear).mean > mean + 8.0);
    assert_true(clear_all(&windy).mean < mean - 4.0);
}

/* Every allocation fails once: the answer is a sentence about memory, never a crash. */
static void orders__survive_a_failing_allocator(void **state)
{
    (void)state;
    mt_sim_rule rule = mt_sim_rule_default();
    mt_code code = MT_E_MEMORY;
    int failures = 0;
    for (uint64_t k = 1; code != MT_OK; k++, failures++) {
        mt_ctx poor;
        mt_order_source source;
        mt_order_batch batch;
        mt_ctx_init(&poor, NULL);
        poor.arena.fail_at = k;
        code = mt_sim_orders(&poor, &source, &rule);
        if (code == MT_OK) code = source.next(source.self, &poor, &batch);
        assert_true(code == MT_OK || (code == MT_E_MEMORY && poor.err[0]));
        mt_ctx_close(&poor);
        assert_true(k < 1000);
    }
    assert_true(failures >= 4);
}

#define CASE(f) IN_CONTEXT(f)

int main(void)
{
    const struct CMUnitTest test[] = {
        CASE(orders__rows_are_well_formed),
        CASE(orders__sum_to_the_curves_energy),
        CASE(orders__same_seed_gives_the_same_bytes),
        CASE(orders__a_longer_run_continues_a_shorter_one),
        CASE(orders__memory_stays_flat),
        CASE(orders__survive_a_failing_allocator),
        CASE(orders__every_book_clears_near_its_curves),
        CASE(orders__clearing_answers_to_gas_and_wind),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
