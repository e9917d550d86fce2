/* Elementary functions that give the same bits on every machine. */
#include "num/portable.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

MT_SAME_BITS

_Static_assert(FLT_EVAL_METHOD == 0, "intermediate results must be rounded to double");

static const double ln2_high = 0x1.62e42feep-1;      /* the leading 32 bits: k * ln2_high is exact */
static const double ln2_low = 0x1.a39ef35793c76p-33; /* what is left of ln 2 */
static const double log2_e = 0x1.71547652b82fep+0;
static const double two_pi = 0x1.921fb54442d18p+2;

static int64_t nearest(double x)
{
    return (int64_t)(x < 0.0 ? x - 0.5 : x + 0.5);
}

static double power_of_two(int64_t k)
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

double mt_portable_exp(double x)
{
    if (x < -700.0) return 0.0;
    if (x > 700.0) return DBL_MAX;
    int64_t k = nearest(x * log2_e);
    double r = (x - (double)k * ln2_high) - (double)k * ln2_low;
    double sum = 1.0;
    for (int i = 14; i >= 1; i--) sum = 1.0 + r * sum / i;
    return sum * power_of_two(k);
}

double mt_portable_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int64_t k = (int64_t)(bits >> 52 & 0x7ff) - 1023;
    bits = (bits & 0xfffffffffffffu) | (uint64_t)1023 << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        k++;
    }
    double s = (m - 1.0) / (m + 1.0);
    double s2 = s * s;
    double sum = 0.0;
    for (int i = 23; i >= 3; i -= 2) sum = (sum + 1.0 / i) * s2;
    return (double)k * ln2_high + ((double)k * ln2_low + 2.0 * s * (1.0 + sum));
}

/* Taylor series on |r| <= 1/8 turn. */
static double sine_series(double r)
{
    double a = two_pi * r;
    double a2 = a * a;
    double sum = 1.0;
    for (int i = 16; i >= 2; i -= 2) sum = 1.0 - a2 / (i * (i + 1)) * sum;
    return a * sum;
}

static double cosine_series(double r)
{
    double a = two_pi * r;
    double a2 = a * a;
    double sum = 1.0;
    for (int i = 17; i >= 1; i -= 2) sum = 1.0 - a2 / (i * (i + 1)) * sum;
    return sum;
}

double mt_portable_sin_turns(double turns)
{
    int64_t quarter = nearest(turns * 4.0);
    double r = turns - (double)quarter * 0.25; /* exact: both are multiples of turns' last bit */
    switch ((unsigned)quarter & 3u) {
    case 0:
        return sine_series(r);
    case 1:
        return cosine_series(r);
    case 2:
        return -sine_series(r);
    default:
        return -cosine_series(r);
    }
}

double mt_portable_cos_turns(double turns)
{
    return mt_portable_sin_turns(turns + 0.25);
}

double mt_portable_round(double x, double per_unit)
{
    return (double)nearest(x * per_unit) / per_unit;
}
