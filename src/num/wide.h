/* Integers of 128 bits, for sums and products that must stay exact.
 *
 * Purpose   Price times volume of a whole auction exceeds 64 bits; here it is kept exactly and rounded
 *           once, at the end.
 * Units     None; the caller says what it counts.
 * Source    __int128 of gcc and clang, on every 64-bit machine.
 */
#ifndef MT_NUM_WIDE_H
#define MT_NUM_WIDE_H

#include <stdint.h>

#include "base/attr.h"

MT_BEGIN_DECLS

__extension__ typedef __int128 mt_wide;
__extension__ typedef unsigned __int128 mt_uwide;

/* a * b / c without overflow in between, towards zero; a, b >= 0, c > 0, and the quotient must fit. */
static inline int64_t mt_muldiv(int64_t a, int64_t b, int64_t c)
{
    return (int64_t)((mt_wide)a * b / c);
}

/* a * b / c, half away from zero; c > 0. */
static inline int64_t mt_muldiv_round(int64_t a, int64_t b, int64_t c)
{
    mt_wide product = (mt_wide)a * b, half = c / 2;
    return (int64_t)((product >= 0 ? product + half : product - half) / c);
}

MT_END_DECLS
#endif
