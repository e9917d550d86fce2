/* One division and one rounding each. */
#include "vpp/exact.h"

#include "num/wide.h"

int64_t mt_exact_ratio(int64_t a, int64_t b, int64_t c)
{
    if (a == INT64_MIN || b == INT64_MIN) return INT64_MIN;
    return mt_muldiv_round(a, b, c);
}

int64_t mt_wh_of_kw(mt_micro power_kw)
{
    return mt_exact_ratio(power_kw, 250, MT_MICRO_ONE);
}

int64_t mt_ueur_of(int64_t wh, mt_micro price)
{
    return mt_exact_ratio(wh, price, MT_MICRO_ONE);
}

int64_t mt_micro_percent_of(int64_t amount, mt_micro percent)
{
    return mt_exact_ratio(amount, percent, 100 * (int64_t)MT_MICRO_ONE);
}

int64_t mt_cent_of_ueur(int64_t ueur)
{
    return mt_exact_ratio(ueur, 1, 10000);
}
