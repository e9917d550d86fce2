/* Every exchange whose curve files are read: one line each.
 *
 * Shapes    X(symbol, name on the command line, what it is, entry). The entry stands in curve_NAME.c.
 */
#ifndef MT_FORMATS_LIST_H
#define MT_FORMATS_LIST_H

/* clang-format off */
#define MT_EXCHANGE_LIST(X)                                               \
    X(MT_OMIE, "curve-omie", "a curve of OMIE",             mt_curve_omie) \
    X(MT_JEPX, "curve-jepx", "a curve of JEPX",             mt_curve_jepx) \
    X(MT_GME,  "curve-gme",  "a curve of GME in tidy form", mt_curve_gme)
/* clang-format on */

#endif
