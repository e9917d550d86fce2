/* Decimal numbers of a file that has one decimal mark, whichever it is. */
#include "formats/decimal.h"

#include <string.h>

enum { NUMBER_MAX = 64 };

mt_decimal mt_decimal_read(mt_text text, char *mark, mt_micro *out)
{
    char copy[NUMBER_MAX];
    double real;
    if (text.length == 0 || text.length >= NUMBER_MAX) return MT_DECIMAL_WRONG;
    const char *comma = memchr(text.at, ',', text.length);
    bool point = memchr(text.at, '.', text.length) != NULL;
    char own = (char)(comma != NULL ? ',' : point ? '.' : 0);
    if ((comma != NULL && point) || (own != 0 && *mark != 0 && own != *mark)) return MT_DECIMAL_WRONG;
    memcpy(copy, text.at, text.length);
    if (comma != NULL) copy[comma - text.at] = '.';
    if (mt_micro_parse(copy, text.length, out)) {
        if (own != 0) *mark = own;
        return MT_DECIMAL_RIGHT;
    }
    bool huge = mt_real_parse(copy, text.length, &real) && (real > 9e12 || real < -9e12);
    return huge ? MT_DECIMAL_HUGE : MT_DECIMAL_WRONG;
}
