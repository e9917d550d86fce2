/* Exact products and commercial rounding. */
#include "base/money.h"

__extension__ typedef __int128 wide; /* 128 bits hold every product of two amounts */

static wide div_round(wide numerator, wide denominator)
{
    wide half = denominator / 2;
    return numerator >= 0 ? (numerator + half) / denominator : -((-numerator + half) / denominator);
}

int64_t mt_div_round(int64_t numerator, int64_t denominator)
{
    return (int64_t)div_round(numerator, denominator);
}

bool mt_money_of(int64_t price_ueur_mwh, int64_t energy_wh, int64_t *amount_ueur)
{
    wide amount = div_round((wide)price_ueur_mwh * energy_wh, 1000000);
    if (amount > INT64_MAX || amount < INT64_MIN) return false;
    *amount_ueur = (int64_t)amount;
    return true;
}
