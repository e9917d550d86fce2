/* The exact arithmetic of settlements: watt-hours and micro-euros, halves away from zero, missing stays so.
 *
 * Units     Wh of a quarter hour, micro-kW, micro-EUR/MWh, micro-EUR.
 * Missing   MT_WH_NONE, MT_MICRO_NONE: both the smallest int64; a result of something missing is missing, and
 *           so is one that leaves int64.
 * Source    docs/guides/vpp.md, "Arithmetic".
 */
#ifndef MT_VPP_EXACT_H
#define MT_VPP_EXACT_H

#include "base/text.h"

MT_BEGIN_DECLS

#define MT_WH_NONE INT64_MIN
#define MT_QUARTER (900 * MT_US_SECOND)

MT_API int64_t mt_wh_of_kw(mt_micro power_kw);                        /* over a quarter hour */
MT_API int64_t mt_wh_of_w(int64_t power_w);                           /* the same of whole watts */
MT_API int64_t mt_ueur_of(int64_t wh, mt_micro price);                /* wh x price / 1,000,000 */
MT_API int64_t mt_micro_percent_of(int64_t amount, mt_micro percent); /* amount x percent / 100 */
/* wh x price x percent / 100 with one rounding. */
MT_API int64_t mt_ueur_percent_of(int64_t wh, mt_micro price, mt_micro percent);
/* a x b / c, a x b x c / d with one rounding, exact in between; the divisor is above 0. */
MT_API int64_t mt_exact_ratio(int64_t a, int64_t b, int64_t c);
MT_API int64_t mt_exact_ratio3(int64_t a, int64_t b, int64_t c, int64_t d);
MT_API int64_t mt_exact_sum(int64_t a, int64_t b);        /* a + b */
MT_API int64_t mt_exact_difference(int64_t a, int64_t b); /* a - b */
MT_API int64_t mt_cent_of_ueur(int64_t ueur);

MT_END_DECLS
#endif
