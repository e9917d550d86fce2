/* Exact sums and one way of rounding.
 *
 * Purpose   Money and energy are integers (micro-euro, Wh); this room turns them into each other and into
 *           cents.
 * Units     price: micro-euro per MWh; energy: Wh (a millionth of a MWh); amount: micro-euro.
 * Errors    The functions that can overflow say so: false, *out untouched.
 * Source    Rounding half away from zero, the commercial rule (DIN 1333).
 */
#ifndef MT_BASE_MONEY_H
#define MT_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

/* numerator / denominator, half away from zero; denominator > 0. */
MT_API int64_t mt_div_round(int64_t numerator, int64_t denominator);

/* price (micro-euro/MWh) x energy (Wh) -> micro-euro, rounded once. False when the result exceeds int64. */
MT_API bool mt_money_of(int64_t price_ueur_mwh, int64_t energy_wh, int64_t *amount_ueur);

MT_END_DECLS
#endif
