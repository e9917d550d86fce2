/* Exact decimals of business documents, and the rounding of their rules.
 *
 * Purpose   Sums and products of an e-invoice are compared to the last digit.
 * Units     mt_exact: a count of 10^-10. More decimals are rounded half away from zero, once, when read.
 * Missing   `there` is false: no text, or none that is a decimal number below 10^18. What is made of a
 *           missing value is missing, and so is what would not fit.
 */
#ifndef MT_FORMATS_DOCUMENT_CHECK_EXACT_H
#define MT_FORMATS_DOCUMENT_CHECK_EXACT_H

#include "base/text.h"

MT_BEGIN_DECLS

__extension__ typedef __int128 mt_wide;

enum { MT_EXACT_PLACES = 10, MT_EXACT_TEXT_MAX = 48 };

typedef struct mt_exact {
    mt_wide value;
    bool there;
} mt_exact;

bool mt_exact_valid(const char *text); /* digits with at most one point and a sign, as XML Schema's decimal */
mt_exact mt_exact_of(const char *text /* NULL: missing */);
mt_exact mt_exact_int(int64_t value);
mt_exact mt_exact_add(mt_exact a, mt_exact b);
mt_exact mt_exact_sub(mt_exact a, mt_exact b);
mt_exact mt_exact_mul(mt_exact a, mt_exact b);
mt_exact mt_exact_div(mt_exact a, mt_exact b);
mt_exact mt_exact_or(mt_exact a, mt_exact other); /* where a is missing */
mt_exact mt_exact_abs(mt_exact a);
mt_exact mt_exact_round(mt_exact a, int places); /* half away from zero */

bool mt_exact_equal(mt_exact a, mt_exact b);                    /* false where one is missing */
int mt_exact_sign(mt_exact a);                                  /* 0 where it is missing */
bool mt_exact_near(mt_exact a, mt_exact b, mt_exact less_than); /* |a - b| < less_than */

const char *mt_exact_text(mt_exact a, char out[MT_EXACT_TEXT_MAX]); /* at least two places; returns `out` */

MT_END_DECLS
#endif
