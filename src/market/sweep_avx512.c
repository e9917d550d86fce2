/* The pass over all bids, eight at a time, for x86-64 processors with AVX-512 F and DQ. */
#include "market/sweep.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512dq,popcnt")))

enum {
    LANES = 8,
    CHUNK = 1024,          /* bids whose products a 64-bit lane adds up: 128 of them, 7 bits */
    PREFETCH_BYTES = 4096, /* asked for ahead: the processor's own guess comes too late for this speed */
};

/* The sums of a sweep, lane by lane. */
struct lanes {
    __m512i all, wanted, sells_below, buys_above, in, buys_in;
    __m512i volume_bits, tick_bits, keys, best_bid, best_ask;
};

bool mt_sweep_has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

/* Sweeps n bids, a multiple of eight; returns the sum of their products, right if mt_sweep_product_bits
 * allows. Even lanes hold the first four of eight bids, odd lanes the last four. */
AVX512 static int64_t sweep_chunk(struct lanes *sum, mt_sweep *s, const mt_sweep_job *job, const mt_bid *bid,
                                  size_t n)
{
    const __m512i lo = _mm512_set1_epi64(job->lo), hi = _mm512_set1_epi64(job->hi);
    const __m512i side_bit = _mm512_set1_epi64((long long)1 << 32);
    __m512i value = _mm512_setzero_si512();
    struct lanes l = *sum;
    size_t k = s->kept, buys = 0;
    for (size_t i = 0; i < n; i += LANES) {
        __builtin_prefetch((const char *)(bid + i) + PREFETCH_BYTES);
        __builtin_prefetch((const char *)(bid + i) + PREFETCH_BYTES + 64);
        __m512i first = _mm512_loadu_si512(bid + i), last = _mm512_loadu_si512(bid + i + 4);
        __m512i key = _mm512_unpacklo_epi64(first, last), volume = _mm512_unpackhi_epi64(first, last);
        __m512i tick = _mm512_srai_epi64(_mm512_slli_epi64(key, 32), 32);
        __mmask8 buy = _mm512_test_epi64_mask(key, side_bit), some = _mm512_test_epi64_mask(volume, volume);
        __mmask8 below = _mm512_cmplt_epi64_mask(tick, lo), above = _mm512_cmpgt_epi64_mask(tick, hi);
        __mmask8 sold = (__mmask8)(~buy & below), bought = (__mmask8)(buy & above);
        __mmask8 in = (__mmask8) ~(below | above);
        __m512i product = _mm512_mullo_epi64(tick, volume);
        l.all = _mm512_add_epi64(l.all, volume);
        l.wanted = _mm512_mask_add_epi64(l.wanted, buy, l.wanted, volume);
        l.sells_below = _mm512_mask_add_epi64(l.sells_below, sold, l.sells_below, volume);
        l.buys_above = _mm512_mask_add_epi64(l.buys_above, bought, l.buys_above, volume);
        l.in = _mm512_mask_add_epi64(l.in, in, l.in, volume);
        l.buys_in = _mm512_mask_add_epi64(l.buys_in, (__mmask8)(in & buy), l.buys_in, volume);
        l.volume_bits = _mm512_or_si512(l.volume_bits, volume);
        l.tick_bits = _mm512_or_si512(l.tick_bits, _mm512_abs_epi64(tick));
        l.keys = _mm512_or_si512(l.keys, key);
        l.best_bid = _mm512_mask_max_epi64(l.best_bid, (__mmask8)(buy & some), l.best_bid, tick);
        l.best_ask = _mm512_mask_min_epi64(l.best_ask, (__mmask8)(~buy & some), l.best_ask, tick);
        value = _mm512_mask_add_epi64(value, bought, value, product);
        value = _mm512_mask_sub_epi64(value, sold, value, product);
        buys += (size_t)_mm_popcnt_u32(buy);
        unsigned even = in & 0x55U, odd = in >> 1 & 0x55U;
        size_t n_even = (size_t)_mm_popcnt_u32(even);
        if (k < job->room) {
            _mm512_storeu_si512(job->kept + k, _mm512_maskz_compress_epi64((__mmask8)(even * 3), first));
            _mm512_storeu_si512(job->kept + k + n_even,
                                _mm512_maskz_compress_epi64((__mmask8)(odd * 3), last));
        }
        k += n_even + (size_t)_mm_popcnt_u32(odd);
    }
    *sum = l;
    s->kept = k;
    s->buys += buys;
    return _mm512_reduce_add_epi64(value);
}

/* The value of a chunk whose products are too wide for the lanes. */
static mt_wide value_exactly(const mt_sweep_job *job, const mt_bid *bid, size_t n)
{
    mt_sweep s;
    mt_sweep_plain(&s, &(mt_sweep_job){.bid = bid, .n = n, .lo = job->lo, .hi = job->hi});
    return s.value;
}

/* The lanes into one number each, together with what the plain sweep of the last bids found. */
AVX512 static void fold_lanes(mt_sweep *s, const struct lanes *l, const mt_sweep *rest)
{
    uint64_t wanted = (uint64_t)_mm512_reduce_add_epi64(l->wanted);
    uint64_t in_buys = (uint64_t)_mm512_reduce_add_epi64(l->buys_in);
    int32_t best_bid = (int32_t)_mm512_reduce_max_epi64(l->best_bid);
    int32_t best_ask = (int32_t)_mm512_reduce_min_epi64(l->best_ask);
    s->offered = (uint64_t)_mm512_reduce_add_epi64(l->all) - wanted + rest->offered;
    s->wanted = wanted + rest->wanted;
    s->sells_below = (uint64_t)_mm512_reduce_add_epi64(l->sells_below) + rest->sells_below;
    s->buys_above = (uint64_t)_mm512_reduce_add_epi64(l->buys_above) + rest->buys_above;
    s->sells_in = (uint64_t)_mm512_reduce_add_epi64(l->in) - in_buys + rest->sells_in;
    s->buys_in = in_buys + rest->buys_in;
    s->volume_bits = (uint64_t)_mm512_reduce_or_epi64(l->volume_bits) | rest->volume_bits;
    s->tick_bits = (uint64_t)_mm512_reduce_or_epi64(l->tick_bits) | rest->tick_bits;
    s->side_bits = (uint32_t)((uint64_t)_mm512_reduce_or_epi64(l->keys) >> 32) | rest->side_bits;
    s->best_bid = best_bid > rest->best_bid ? best_bid : rest->best_bid;
    s->best_ask = best_ask < rest->best_ask ? best_ask : rest->best_ask;
    s->buys += rest->buys;
    s->kept += rest->kept;
    s->value += rest->value;
}

AVX512 static struct lanes no_lanes(void)
{
    __m512i zero = _mm512_setzero_si512();
    return (struct lanes){zero,
                          zero,
                          zero,
                          zero,
                          zero,
                          zero,
                          zero,
                          zero,
                          zero,
                          _mm512_set1_epi64(INT32_MIN),
                          _mm512_set1_epi64(INT32_MAX)};
}

AVX512 static int product_bits(const struct lanes *l)
{
    mt_sweep s = {.volume_bits = (uint64_t)_mm512_reduce_or_epi64(l->volume_bits),
                  .tick_bits = (uint64_t)_mm512_reduce_or_epi64(l->tick_bits)};
    return mt_sweep_product_bits(&s);
}

AVX512 void mt_sweep_avx512(mt_sweep *out, const mt_sweep_job *given)
{
    mt_sweep_job job = *given;
    if (!job.kept) job.room = 0;
    struct lanes sum = no_lanes();
    mt_sweep s = {0}, rest;
    size_t i = 0;
    while (i + LANES <= job.n) {
        size_t left = (job.n - i) / LANES * LANES, n = left < CHUNK ? left : CHUNK;
        int64_t value = sweep_chunk(&sum, &s, &job, job.bid + i, n);
        s.value += product_bits(&sum) <= MT_SWEEP_PRODUCT_BITS ? value : value_exactly(&job, job.bid + i, n);
        i += n;
    }
    bool full = s.kept >= job.room;
    mt_sweep_plain(&rest, &(mt_sweep_job){.bid = job.bid + i,
                                          .n = job.n - i,
                                          .lo = job.lo,
                                          .hi = job.hi,
                                          .kept = full ? NULL : job.kept + s.kept,
                                          .room = full ? 0 : job.room - s.kept});
    fold_lanes(&s, &sum, &rest);
    *out = s;
}
#endif
