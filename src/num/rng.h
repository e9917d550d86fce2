/* Chance from a seed: the same numbers on every machine, in streams that do not disturb each other.
 *
 * Purpose   Everything random in the house comes from here, with a seed in hand; nothing reads a clock.
 * Shapes    A generator is a plain value: copy it to remember a place. mt_rng_split derives a child from a
 *           parent's state and a key without moving the parent, so split(split(new(seed), zone), day) names a
 *           stream that no other draw can shift.
 * Errors    None.
 * Threads   One generator, one thread; mt_rng_at and mt_shuffle_at are pure and may be called from anywhere.
 * Cost      next about 1 ns, normal about 8 ns, split about 10 ns, poisson O(mean).
 * Source    xoshiro256** 1.0: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM
 *           TOMS 47 (2021). SplitMix64: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 *           generators", OOPSLA 2014. Normal quantile: M. Wichura, "Algorithm AS 241", Applied Statistics 37
 *           (1988), PPND16. Poisson: D. Knuth, TAOCP vol. 2, 3.4.1. All written from the papers, with
 *           num/portable.h for exp and log, so equal seeds give equal bits under every compiler and processor
 *           with IEEE 754 doubles.
 */
#ifndef MT_NUM_RNG_H
#define MT_NUM_RNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

typedef struct mt_rng {
    uint64_t s[4];
} mt_rng;

MT_API mt_rng mt_rng_new(uint64_t seed);
MT_API mt_rng mt_rng_split(const mt_rng *parent, uint64_t key);

MT_API uint64_t mt_rng_next(mt_rng *rng);              /* 64 random bits */
MT_API double mt_rng_uniform(mt_rng *rng);             /* [0, 1), a multiple of 2^-53 */
MT_API uint64_t mt_rng_below(mt_rng *rng, uint64_t n); /* 0 … n-1, unbiased; 0 when n is 0 */
MT_API double mt_rng_normal(mt_rng *rng);              /* mean 0, variance 1; one draw a number */
MT_API double mt_rng_lognormal(mt_rng *rng, double mean,
                               double spread); /* E = mean; spread: sd of the logarithm */
MT_API double mt_rng_exponential(mt_rng *rng, double mean);
MT_API uint64_t mt_rng_poisson(mt_rng *rng, double mean); /* mean 0 … 1e6 */

/* Index i with probability weight[i] / sum; weights >= 0, at least one positive; n >= 1. */
MT_API size_t mt_rng_choice(mt_rng *rng, const double *weight, size_t n);

/* The number z with P(normal <= z) = p, 0 < p < 1. */
MT_API double mt_normal_quantile(double p);

/* Draw number i of the stream `key`, without the draws before it: SplitMix64 entered at place i. */
static inline uint64_t mt_rng_at(uint64_t key, uint64_t i)
{
    uint64_t z = key + (i + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* The upper 53 bits of a draw as a number in [0, 1). */
static inline double mt_rng_unit(uint64_t draw)
{
    return (double)(draw >> 11) * 0x1p-53;
}

/* A random order of 0 … n-1 that is computed place by place, so that no table of n is needed. */
typedef struct mt_shuffle {
    uint64_t n;
    uint64_t mask;      /* 2^bits - 1 >= n - 1 */
    uint64_t factor[3]; /* odd */
    uint64_t shift[3];
    int fold; /* about half the bits */
} mt_shuffle;

MT_API mt_shuffle mt_shuffle_new(uint64_t key, uint64_t n); /* n >= 1 */
MT_API uint64_t mt_shuffle_at(const mt_shuffle *shuffle,
                              uint64_t k); /* k < n -> a number < n, each exactly once */

MT_END_DECLS
#endif
