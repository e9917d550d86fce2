/* Decimal numbers of a file that has one decimal mark, whichever it is.
 *
 * Purpose   The rule of the house for '.' and ',': the first one met in a number is the file's; a number
 *           with the other one is wrong, and so are thousands marks. Nothing is guessed and nothing rounded.
 * Units     Out: millionths (base/text.h).
 */
#ifndef MT_FORMATS_DECIMAL_H
#define MT_FORMATS_DECIMAL_H

#include "base/text.h"

MT_BEGIN_DECLS

typedef enum mt_decimal {
    MT_DECIMAL_RIGHT,
    MT_DECIMAL_WRONG, /* no decimal number, another mark, or more than six places that are not 0 */
    MT_DECIMAL_HUGE   /* a number, but beyond what fits into millionths */
} mt_decimal;

/* *mark is the file's mark, 0 while none was met; learned from a right number. *out is written when right. */
mt_decimal mt_decimal_read(mt_text text, char *mark, mt_micro *out);

MT_END_DECLS
#endif
