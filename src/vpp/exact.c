/* One division and one rounding each. */
#include "vpp/exact.h"

#include "num/wide.h"

static bool any_missing(int64_t a, int64_t b, int64_t c)
{
    return a == INT64_MIN || b == INT64_MIN || c == INT64_MIN;
}

/* Half away from zero; what does not fit is missing. */
static int64_t divide(mt_wide numerator, int64_t divisor)
{
    mt_wide half = divisor / 2;
    mt_wide quotient = (numerator >= 0 ? numerator + half : numerator - half) / divisor;
    return quotient > INT64_MAX || quotient < -INT64_MAX ? INT64_MIN : (int64_t)quotient;
}

int64_t mt_exact_ratio(int64_t a, int64_t b, int64_t c)
{
    return any_missing(a, b, 0) ? INT64_MIN : divide((mt_wide)a * b, c);
}

int64_t mt_exact_ratio3(int64_t a, int64_t b, int64_t c, int64_t d)
{
    mt_wide product, most = (mt_wide)INT64_MAX << 62;
    if (any_missing(a, b, c) || __builtin_mul_overflow((mt_wide)a * b, c, &product)) return INT64_MIN;
    return product > most || product < -most ? INT64_MIN : divide(product, d);
}

int64_t mt_exact_sum(int64_t a, int64_t b)
{
    int64_t sum;
    return any_missing(a, b, 0) || __builtin_add_overflow(a, b, &sum) ? INT64_MIN : sum;
}

int64_t mt_exact_difference(int64_t a, int64_t b)
{
    return b == INT64_MIN ? INT64_MIN : mt_exact_sum(a, -b);
}

int64_t mt_wh_of_kw(mt_micro power_kw)
{
    return mt_exact_ratio(power_kw, 250, MT_MICRO_ONE);
}

int64_t mt_wh_of_w(int64_t power_w)
{
    return mt_exact_ratio(power_w, 1, 4);
}

int64_t mt_ueur_of(int64_t wh, mt_micro price)
{
    return mt_exact_ratio(wh, price, MT_MICRO_ONE);
}

int64_t mt_micro_percent_of(int64_t amount, mt_micro percent)
{
    return mt_exact_ratio(amount, percent, 100 * (int64_t)MT_MICRO_ONE);
}

int64_t mt_ueur_percent_of(int64_t wh, mt_micro price, mt_micro percent)
{
    return mt_exact_ratio3(wh, price, percent, 100 * (int64_t)MT_MICRO_ONE * MT_MICRO_ONE);
}

int64_t mt_cent_of_ueur(int64_t ueur)
{
    return mt_exact_ratio(ueur, 1, 10000);
}
