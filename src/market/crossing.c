/* The lowest price that clears, by weighted selection.
 *
 * S(p) - D+(p) counts every bid once: it is the volume of all bids at p or less, minus all demand. So `low`
 * is a weighted quantile, and it is found as Floyd and Rivest find quantiles: a sample says where it must
 * lie, one sweep counts what is outside of that window and keeps what is inside, and the rest is small.
 * Whatever the sample says, the counts are exact; where it was wrong an exact histogram takes over, which
 * narrows the window on any input.
 */
#include "market/crossing.h"

#include <math.h>
#include <string.h>

enum {
    SORT_MAX = 48, /* bids up to which sorting beats another sweep */
    SAMPLE_FROM =
        1 << 17, /* bids from which a sample is worth its cache misses; below, all of them are counted */
    SAMPLE = 1 << 14,
    RANGE_SAMPLE = 64,
    BUCKETS_MAX = 1024,
    ROOM_LEAST = 4096,
};

/* The search: `low` lies in [lo, hi]; `outside` counts the bids that are no longer among `bid`. */
struct search {
    const mt_bid *bid;
    size_t n;
    mt_bid *kept;
    size_t room;
    int32_t lo, hi;
    int product_bits;
    mt_sweep outside;
};

struct window {
    int32_t lo, hi;
};

/* Volumes by equal stretches of ticks over [lo, hi], and what lies before. */
struct histogram {
    int32_t lo, hi;
    int shift;
    uint32_t buckets;
    uint64_t before; /* S(lo - 1) - D+(lo - 1), of the bids counted */
    uint64_t volume[BUCKETS_MAX];
};

/* Stretches of a power of two ticks, about one for four bids. */
static void lay_buckets(struct histogram *h, struct window range, size_t n)
{
    uint32_t width = (uint32_t)range.hi - (uint32_t)range.lo, most = 64;
    while (most < BUCKETS_MAX && most * 4 < n) most *= 2;
    h->lo = range.lo;
    h->hi = range.hi;
    h->shift = 0;
    while (width >> h->shift >= most) h->shift++;
    h->buckets = (width >> h->shift) + 1;
    for (uint32_t k = 0; k < h->buckets; k++) h->volume[k] = 0;
}

static void count_buckets(struct histogram *h, const mt_bid *bid, size_t n)
{
    uint64_t outside = 0, before = 0;
    const uint32_t width = (uint32_t)h->hi - (uint32_t)h->lo;
    const int64_t lo = h->lo;
    for (size_t i = 0; i < n; i++) {
        uint64_t volume = (uint64_t)bid[i].volume;
        int64_t buy = -(int64_t)(bid[i].side & 1), from_lo = ~((bid[i].tick - lo) >> 63);
        uint32_t offset = (uint32_t)bid[i].tick - (uint32_t)lo;
        uint64_t *bucket = offset <= width ? &h->volume[offset >> h->shift] : &outside;
        *bucket += volume;
        before += volume & (uint64_t) ~(buy | from_lo); /* a sell before lo */
        before -= volume & (uint64_t)(buy & from_lo);
    }
    h->before += before;
}

/* The first bucket at whose end S - D+ is at least `level`; *sum is S - D+ before it. The last one when
 * none is. */
static uint32_t find_bucket(const struct histogram *h, uint32_t from, uint64_t *sum, int64_t level)
{
    uint32_t k = from;
    for (; k + 1 < h->buckets; k++) {
        uint64_t next = *sum + h->volume[k];
        if ((int64_t)next >= level) break;
        *sum = next;
    }
    return k;
}

static int32_t bucket_start(const struct histogram *h, uint32_t k)
{
    return (int32_t)((uint32_t)h->lo + (k << h->shift));
}

static int32_t bucket_end(const struct histogram *h, uint32_t k)
{
    return k + 1 == h->buckets ? h->hi : (int32_t)((uint32_t)h->lo + ((k + 1) << h->shift) - 1);
}

/* The bucket that holds `low`, counted from every bid at hand. */
static struct window narrow(const struct search *s)
{
    struct histogram h;
    lay_buckets(&h, (struct window){s->lo, s->hi}, s->n);
    h.before = s->outside.sells_below - s->outside.buys_above;
    count_buckets(&h, s->bid, s->n);
    uint64_t sum = h.before;
    uint32_t k = find_bucket(&h, 0, &sum, 0);
    return (struct window){bucket_start(&h, k), bucket_end(&h, k)};
}

/* A repeatable spread of the numbers 0 … 2^64-1 (the finaliser of SplitMix64). */
static uint64_t scatter(uint64_t k)
{
    k = (k + 1) * UINT64_C(0x9E3779B97F4A7C15);
    k = (k ^ k >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    k = (k ^ k >> 27) * UINT64_C(0x94D049BB133111EB);
    return k ^ k >> 31;
}

/* One bid at random from each of m equal stretches of the array: fair for sorted and for shuffled input.
 * Returns the range of their ticks. */
static struct window take_sample(mt_bid *sample, size_t m, const struct search *s)
{
    size_t stretch = s->n / m;
    struct window range = {INT32_MAX, INT32_MIN};
    for (size_t k = 0; k < m; k++) {
        mt_bid b = s->bid[k * stretch + scatter(k) % stretch];
        if (b.tick < range.lo) range.lo = b.tick;
        if (b.tick > range.hi) range.hi = b.tick;
        sample[k] = b;
    }
    return range;
}

/* Four standard errors of S - D+ in a sample. */
static int64_t sampling_margin(const mt_bid *sample, size_t m)
{
    double squares = 0;
    for (size_t k = 0; k < m; k++) squares += (double)sample[k].volume * (double)sample[k].volume;
    double margin = 4 * sqrt(squares);
    return margin < 4e18 ? (int64_t)margin : INT64_MAX / 2;
}

/* Where `low` should lie, before anything is known; the kept room is scratch. */
static struct window guess(struct search *s)
{
    if (s->n <= SORT_MAX) return (struct window){s->lo, s->hi};
    if (s->n < SAMPLE_FROM) {
        struct search part = *s;
        struct window range = take_sample(s->kept, s->n < RANGE_SAMPLE ? SORT_MAX : RANGE_SAMPLE, s);
        part.lo = range.lo;
        part.hi = range.hi;
        return narrow(&part);
    }
    struct histogram h;
    lay_buckets(&h, take_sample(s->kept, SAMPLE, s), SAMPLE);
    h.before = 0;
    count_buckets(&h, s->kept, SAMPLE);
    int64_t margin = sampling_margin(s->kept, SAMPLE);
    uint64_t sum = h.before;
    uint32_t first = find_bucket(&h, 0, &sum, -margin), last = find_bucket(&h, first, &sum, margin);
    return (struct window){bucket_start(&h, first), bucket_end(&h, last)};
}

/* Counts what lies outside of the window, everything left out before included, and keeps what is inside. */
static void sweep(mt_sweep *out, const struct search *s, struct window w, mt_bid *kept)
{
    mt_sweep_bids(out, &(mt_sweep_job){.bid = s->bid,
                                       .n = s->n,
                                       .lo = w.lo,
                                       .hi = w.hi,
                                       .kept = kept,
                                       .room = kept ? s->room : 0,
                                       .product_bits = s->product_bits});
    out->sells_below += s->outside.sells_below;
    out->buys_above += s->outside.buys_above;
    out->value += s->outside.value;
}

/* Moves the search to the side of the window where the counts say that `low` is. */
static void take_side(struct search *s, struct window w, const mt_sweep *got)
{
    if (got->sells_below + got->sells_in < got->buys_above) {
        s->lo = w.hi + 1;
    } else if (got->sells_below >= got->buys_above + got->buys_in) {
        s->hi = w.lo - 1;
    } else {
        s->lo = w.lo > s->lo ? w.lo : s->lo;
        s->hi = w.hi < s->hi ? w.hi : s->hi;
        if (got->kept > s->room) return;
        s->bid = s->kept;
        s->n = got->kept;
        s->outside = *got;
    }
}

static void sort_bids(mt_bid *bid, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        mt_bid b = bid[i];
        size_t k = i;
        for (; k > 0 && bid[k - 1].tick > b.tick; k--) bid[k] = bid[k - 1];
        bid[k] = b;
    }
}

/* `low` among at most SORT_MAX bids, by adding them up in order of price. */
static int32_t select_small(const struct search *s)
{
    mt_bid sorted[SORT_MAX];
    memcpy(sorted, s->bid, s->n * sizeof *sorted);
    sort_bids(sorted, s->n);
    uint64_t balance = s->outside.sells_below - s->outside.buys_above;
    for (size_t i = 0; i < s->n; i++) balance -= sorted[i].side == MT_BUY ? (uint64_t)sorted[i].volume : 0;
    for (size_t i = 0; i < s->n; i++) {
        balance += (uint64_t)sorted[i].volume;
        if ((int64_t)balance >= 0) return sorted[i].tick;
    }
    return s->hi;
}

/* Finds `low` and what lies around it; `w` is the window of the first sweep. */
static int32_t find_low(struct search *s, struct window w, mt_sweep *around)
{
    take_side(s, w, around);
    while (s->lo < s->hi && s->n > SORT_MAX) {
        w = narrow(s);
        sweep(around, s, w, s->kept);
        take_side(s, w, around);
    }
    int32_t low = s->lo < s->hi ? select_small(s) : s->lo;
    sweep(around, s, (struct window){low, low}, NULL);
    return low;
}

static const char *side_word(uint32_t side)
{
    return side == MT_BUY ? "buys" : "sells";
}

/* The sentence for a bid that cannot be: called when the totals show that there is one. */
static mt_code refuse_bid(mt_ctx *cx, const mt_bid *bid, size_t n)
{
    mt_wide sum[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (bid[i].side > MT_BUY) {
            return mt_fail(cx, MT_E_INPUT, "bid %zu has side %u; a bid is a sell (0) or a buy (1)", i + 1,
                           bid[i].side);
        }
        if (bid[i].volume < 0) {
            return mt_fail(cx, MT_E_INPUT, "bid %zu has a volume of %lld Wh; a volume is 0 or more", i + 1,
                           (long long)bid[i].volume);
        }
        if (bid[i].tick == MT_TICK_NONE) {
            return mt_fail(cx, MT_E_INPUT, "bid %zu has no price; every bid needs one", i + 1);
        }
        sum[bid[i].side] += bid[i].volume;
        if (sum[bid[i].side] > INT64_MAX) {
            return mt_fail(cx, MT_E_INPUT,
                           "the %s add up to more than %lld Wh at bid %zu; so much cannot be cleared",
                           side_word(bid[i].side), (long long)INT64_MAX, i + 1);
        }
    }
    return MT_OK;
}

/* The totals say whether every bid is one and whether the sums, modulo 2^64 so far, are the true ones. */
static mt_code check_bids(mt_ctx *cx, const mt_sweep *all, const mt_bid *bid, size_t n)
{
    bool sums_fit = n == 0 || all->volume_bits <= (uint64_t)INT64_MAX / n;
    if (all->side_bits <= MT_BUY && !(all->tick_bits >> 31) && sums_fit) return MT_OK;
    return refuse_bid(cx, bid, n);
}

mt_code mt_crossing_find(mt_ctx *cx, mt_crossing *out, const mt_bid *bid, size_t n)
{
    struct search s = {.bid = bid, .n = n, .lo = MT_TICK_NONE + 1, .hi = INT32_MAX};
    s.room = n / 8 + ROOM_LEAST < n ? n / 8 + ROOM_LEAST : n;
    s.kept = mt_arena_raw(&cx->arena, (s.room + MT_SWEEP_SLACK) * sizeof *s.kept);
    if (!s.kept)
        return mt_fail(cx, MT_E_MEMORY, "no memory for %zu of the %zu bids of an auction", s.room, n);
    struct window w = guess(&s);
    mt_crossing found = {.found = false};
    sweep(&found.all, &s, w, s.kept);
    MT_TRY(check_bids(cx, &found.all, bid, n));
    const mt_sweep *all = &found.all;
    if (all->offered > 0 && all->wanted > 0 && all->best_ask <= all->best_bid) {
        s.lo = all->best_ask;
        s.hi = all->best_bid;
        s.product_bits = mt_sweep_product_bits(all);
        found.found = true;
        found.around = *all;
        found.low = find_low(&s, w, &found.around);
    }
    *out = found;
    return MT_OK;
}
