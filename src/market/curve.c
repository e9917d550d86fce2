/* The curves of an auction: bids sorted by tick, then added up from both ends. */
#include "market/curve.h"

enum { DIGIT_BITS = 11, DIGITS = 3, DIGIT_SIZE = 1 << DIGIT_BITS };

/* The digit of a tick, with the order of signed numbers. */
static size_t digit_of(int32_t tick, int digit)
{
    return ((uint32_t)tick ^ UINT32_C(0x80000000)) >> (digit * DIGIT_BITS) & (DIGIT_SIZE - 1);
}

/* One pass of a radix sort, least digit first; false when all bids share this digit and nothing moved. */
static bool sort_digit(mt_bid *to, const mt_bid *from, size_t n, int digit)
{
    size_t start[DIGIT_SIZE] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) start[digit_of(from[i].tick, digit)]++;
    if (n && start[digit_of(from[0].tick, digit)] == n) return false;
    for (size_t k = 0; k < DIGIT_SIZE; k++) {
        size_t count = start[k];
        start[k] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) to[start[digit_of(from[i].tick, digit)]++] = from[i];
    return true;
}

/* The bids with volume in order of price, in one of the two halves of `room`. */
static const mt_bid *sort_by_tick(mt_bid *room, const mt_bid *bid, size_t n, size_t *n_out)
{
    mt_bid *from = room, *to = room + n;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (bid[i].volume > 0) from[k++] = bid[i];
    }
    for (int digit = 0; digit < DIGITS; digit++) {
        if (!sort_digit(to, from, k, digit)) continue;
        mt_bid *other = from;
        from = to;
        to = other;
    }
    *n_out = k;
    return from;
}

static size_t count_ticks(const mt_bid *sorted, size_t n)
{
    size_t count = n > 0;
    for (size_t i = 1; i < n; i++) count += sorted[i].tick != sorted[i - 1].tick;
    return count;
}

/* `demand` starts as all that is wanted and falls, `supply` rises. */
static void add_up(mt_curve_point *point, const mt_bid *sorted, size_t n, int64_t demand)
{
    int64_t supply = 0;
    size_t k = 0;
    for (size_t i = 0; i < n; k++) {
        int64_t bought = 0;
        int32_t tick = sorted[i].tick;
        for (; i < n && sorted[i].tick == tick; i++) {
            *(sorted[i].side == MT_BUY ? &bought : &supply) += sorted[i].volume;
        }
        point[k] = (mt_curve_point){.tick = tick, .supply = supply, .demand = demand};
        demand -= bought;
    }
}

mt_code mt_curve(mt_ctx *cx, const mt_curve_point **out, size_t *n_out, const mt_bid *bid, size_t n)
{
    mt_clearing totals; /* refuses impossible bids, and knows all that is wanted */
    mt_clear_rule rule = mt_clear_rule_default(MT_MICRO_ONE);
    MT_TRY(mt_clear(cx, &totals, bid, n, &rule));
    mt_curve_point *point = mt_arena_raw(&cx->arena, n * sizeof *point);
    mt_mark mark = mt_arena_mark(&cx->arena);
    mt_bid *room = mt_arena_raw(&cx->arena, 2 * n * sizeof *room);
    if (!point || !room) return mt_fail(cx, MT_E_MEMORY, "no memory for the curves of %zu bids", n);
    size_t with_volume;
    const mt_bid *sorted = sort_by_tick(room, bid, n, &with_volume);
    add_up(point, sorted, with_volume, totals.wanted);
    *n_out = count_ticks(sorted, with_volume);
    *out = point;
    mt_arena_reset(&cx->arena, mark);
    return MT_OK;
}
