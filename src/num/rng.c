/* Chance from a seed: xoshiro256** seeded and split by SplitMix64, and the usual distributions. */
#include "num/rng.h"
#include "num/portable.h"

#include <math.h>

MT_SAME_BITS

enum { POISSON_PIECE = 16 };

/* Rational approximations of AS 241 (PPND16): numerator then denominator, highest power first. */
static const double centre_top[8] = {
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
};
static const double centre_low[8] = {
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
};
static const double near_top[8] = {
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
    3.64784832476320460504e0,  5.76949722146069140550e0,  4.63033784615654529590e0,  1.42343711074968357734e0,
};
static const double near_low[8] = {
    1.05075007164441684324e-9, 5.47593808499534494600e-4,
    1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940e0,
    2.05319162663775882187e0,  1.0,
};
static const double far_top[8] = {
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
    5.46378491116411436990e0,  6.65790464350110377720e0,
};
static const double far_low[8] = {
    2.04426310338993978564e-15, 1.42151175831644588870e-7,
    1.84631831751005468180e-5,  7.86869131145613259100e-4,
    1.48753612908506148525e-2,  1.36929880922735805310e-1,
    5.99832206555887937690e-1,  1.0,
};

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static double ratio(const double *top, const double *low, double x)
{
    double a = top[0], b = low[0];
    for (int i = 1; i < 8; i++) {
        a = a * x + top[i];
        b = b * x + low[i];
    }
    return a / b;
}

/* Strictly inside (0, 1): 52 bits and a half, which a double holds exactly. */
static double open_unit(mt_rng *rng)
{
    return ((double)(mt_rng_next(rng) >> 12) + 0.5) * 0x1p-52;
}

mt_rng mt_rng_new(uint64_t seed)
{
    mt_rng out;
    for (uint64_t i = 0; i < 4; i++) out.s[i] = mt_rng_at(seed, i);
    return out;
}

mt_rng mt_rng_split(const mt_rng *parent, uint64_t key)
{
    uint64_t folded = mt_rng_at(key, 0);
    for (uint64_t i = 0; i < 4; i++) folded = mt_rng_at(folded ^ parent->s[i], i);
    return mt_rng_new(folded);
}

uint64_t mt_rng_next(mt_rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t out = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return out;
}

double mt_rng_uniform(mt_rng *rng)
{
    return mt_rng_unit(mt_rng_next(rng));
}

uint64_t mt_rng_below(mt_rng *rng, uint64_t n)
{
    if (n < 2) return 0;
    uint64_t mask = n - 1;
    for (int i = 1; i < 64; i *= 2) mask |= mask >> i;
    uint64_t out;
    do {
        out = mt_rng_next(rng) & mask;
    } while (out >= n);
    return out;
}

double mt_normal_quantile(double p)
{
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) return q * ratio(centre_top, centre_low, 0.180625 - q * q);
    double r = sqrt(-mt_portable_log(q < 0.0 ? p : 1.0 - p));
    double z = r <= 5.0 ? ratio(near_top, near_low, r - 1.6) : ratio(far_top, far_low, r - 5.0);
    return q < 0.0 ? -z : z;
}

double mt_rng_normal(mt_rng *rng)
{
    return mt_normal_quantile(open_unit(rng));
}

double mt_rng_lognormal(mt_rng *rng, double mean, double spread)
{
    return mean * mt_portable_exp(spread * mt_rng_normal(rng) - 0.5 * spread * spread);
}

double mt_rng_exponential(mt_rng *rng, double mean)
{
    return -mean * mt_portable_log(open_unit(rng));
}

static uint64_t small_poisson(mt_rng *rng, double mean)
{
    double limit = mt_portable_exp(-mean);
    double product = open_unit(rng);
    uint64_t n = 0;
    while (product > limit) {
        product *= open_unit(rng);
        n++;
    }
    return n;
}

uint64_t mt_rng_poisson(mt_rng *rng, double mean)
{
    uint64_t n = 0;
    for (; mean > POISSON_PIECE; mean -= POISSON_PIECE) n += small_poisson(rng, POISSON_PIECE);
    return mean > 0.0 ? n + small_poisson(rng, mean) : n;
}

size_t mt_rng_choice(mt_rng *rng, const double *weight, size_t n)
{
    double total = 0.0;
    for (size_t i = 0; i < n; i++) total += weight[i];
    double left = mt_rng_uniform(rng) * total;
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (weight[i] <= 0.0) continue;
        last = i;
        left -= weight[i];
        if (left < 0.0) break;
    }
    return last;
}

mt_shuffle mt_shuffle_new(uint64_t key, uint64_t n)
{
    mt_shuffle out = {.n = n, .mask = 1};
    int bits = 1;
    for (; out.mask < n - 1; bits++) out.mask = out.mask << 1 | 1;
    out.fold = (bits + 1) / 2;
    for (uint64_t i = 0; i < 3; i++) {
        out.factor[i] = mt_rng_at(key, 2 * i) | 1;
        out.shift[i] = mt_rng_at(key, 2 * i + 1);
    }
    return out;
}

uint64_t mt_shuffle_at(const mt_shuffle *shuffle, uint64_t k)
{
    /* Adding, multiplying by an odd number and folding the upper half down each permute 0 … mask; places
     * at or above n are walked over, which ends because the walk is part of a cycle that contains k < n. */
    do {
        for (int i = 0; i < 3; i++) {
            k = (k + shuffle->shift[i]) & shuffle->mask;
            k = k * shuffle->factor[i] & shuffle->mask;
            k ^= k >> shuffle->fold;
        }
    } while (k >= shuffle->n);
    return k;
}
