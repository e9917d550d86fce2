/* needs: market num. The clearing kernel beside the speed at which memory is read, and beside sort-and-add.
 *
 * One thread. Orders are 16 bytes, ticks -50,000 … 400,000 (0.01 EUR), drawn at random with a fixed seed.
 * Each figure is the best of some runs, in processor time, because benches share their machine. */
#include "bench.h"

#include "market/clearing.h"

enum { MANY = 10000000, RUNS = 7, AUCTION = 1000 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void draw_bids(mt_bid *bid, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t x = next_random(&seed);
        bid[i].tick = (int32_t)(x % 450001) - 50000;
        bid[i].side = (uint32_t)(x >> 32 & 1);
        bid[i].volume = (int64_t)(x >> 33 & 0xFFFF) * 10000 + 100000;
    }
}

/* The roof: every 16-byte record is read and added to two sums. */
#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
static uint64_t
read_all(const mt_bid *bid, size_t n)
{
    const uint64_t *word = (const uint64_t *)bid;
    uint64_t sum[16] = {0}, total = 0;
    for (size_t i = 0; i + 16 <= 2 * n; i += 16) {
        for (size_t k = 0; k < 16; k++) sum[k] += word[i + k];
    }
    for (size_t k = 0; k < 16; k++) total += sum[k];
    return total;
}

static int by_tick(const void *a, const void *b)
{
    const mt_bid *x = a, *y = b;
    return (x->tick > y->tick) - (x->tick < y->tick);
}

/* The peer: sort, then add up until S(p) >= D+(p). */
static int32_t sort_and_add(mt_bid *bid, size_t n)
{
    int64_t balance = 0;
    qsort(bid, n, sizeof *bid, by_tick);
    for (size_t i = 0; i < n; i++) balance -= bid[i].side == MT_BUY ? bid[i].volume : 0;
    for (size_t i = 0; i < n; i++) {
        balance += bid[i].volume;
        if (balance >= 0) return bid[i].tick;
    }
    return MT_TICK_NONE;
}

static double clear_seconds(mt_ctx *cx, mt_clearing *out, const mt_bid *bid, size_t n, size_t auctions)
{
    mt_clear_rule rule = mt_clear_rule_default(10000);
    bench_runs runs = {.n = 0};
    for (int run = 0; run < RUNS; run++) {
        bench_span start = bench_now();
        for (size_t k = 0; k < auctions; k++) {
            if (mt_clear(cx, out, bid + k * n, n, &rule) != MT_OK) exit(1);
        }
        bench_add(&runs, bench_since(start));
    }
    return bench_least(runs.cpu_s, runs.n);
}

static double roof_seconds(const mt_bid *bid, size_t n)
{
    bench_runs runs = {.n = 0};
    uint64_t sum = 0;
    for (int run = 0; run < RUNS; run++) {
        bench_span start = bench_now();
        sum += read_all(bid, n);
        bench_add(&runs, bench_since(start));
    }
    return sum ? bench_least(runs.cpu_s, runs.n) : 0; /* the sum is used, so it is computed */
}

static bool bench_one(mt_ctx *cx, mt_bid *bid, size_t n)
{
    mt_clearing c;
    double roof = roof_seconds(bid, n), kernel = clear_seconds(cx, &c, bid, n, 1), million = (double)n / 1e6;
    bench_span start = bench_now();
    int32_t low = sort_and_add(bid, n);
    double sorted = bench_since(start).cpu_s;
    bench_print(&(bench_line){"10,000,000 orders in one period", "M orders/s", million / kernel,
                              "memory read", million / roof, 400, 0.25, false});
    bench_print(&(bench_line){"10,000,000 orders in one period", "M orders/s", million / kernel,
                              "qsort and add", million / sorted, 0, 0, false});
    return bench_agree("  the same price as the peer", low == c.low);
}

static void bench_small(mt_ctx *cx, mt_bid *bid, size_t n, double aim_us)
{
    char what[48];
    mt_clearing c;
    size_t auctions = MANY / n / 10;
    double kernel = clear_seconds(cx, &c, bid, n, auctions) / (double)auctions;
    bench_span start = bench_now();
    for (size_t k = 0; k < auctions; k++) (void)sort_and_add(bid + k * n, n);
    double sorted = bench_since(start).cpu_s / (double)auctions;
    snprintf(what, sizeof what, "an auction of %zu orders", n);
    bench_print(&(bench_line){what, "us", kernel * 1e6, "qsort and add", sorted * 1e6, aim_us, 0, true});
}

int main(void)
{
    mt_ctx cx;
    mt_bid *bid = malloc(MANY * sizeof *bid);
    if (!bid) return 1;
    mt_ctx_init(&cx, NULL);
    draw_bids(bid, MANY, 1);
    bench_title("Clearing orders in memory; one thread, processor time, best of 7");
    bool agree = bench_one(&cx, bid, MANY);
    for (size_t n = 10; n <= 10000; n *= 10) {
        draw_bids(bid, MANY / 10, n);
        bench_small(&cx, bid, n, n == AUCTION ? 5 : 0);
    }
    mt_ctx_close(&cx);
    free(bid);
    return agree ? 0 : 1;
}
