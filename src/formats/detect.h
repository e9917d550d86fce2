/* What kind of file an input is, told from its first window.
 *
 * Purpose   Lets `--format auto` find the reader, and says in a sentence why none fits.
 * Shapes    X(symbol, name on the command line, meaning). Only the beginning of the first lines is looked at.
 * Errors    MT_E_INPUT  the file is empty or like none of the kinds;  those of io/bytes.h.
 * Ownership Nothing is consumed: the reader is opened on the same mt_bytes afterwards.
 */
#ifndef MT_FORMATS_DETECT_H
#define MT_FORMATS_DETECT_H

#include "io/bytes.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_FORM_LIST(X)                                             \
    X(MT_FORM_ORDERS, "orders",     "an order file")                \
    X(MT_FORM_OMIE,   "curve-omie", "a curve of OMIE")              \
    X(MT_FORM_JEPX,   "curve-jepx", "a curve of JEPX")              \
    X(MT_FORM_GME,    "curve-gme",  "a curve of GME in tidy form")  \
    X(MT_FORM_TRADES, "trades",     "a trade file")
/* clang-format on */

#define MT_FORM_SYMBOL(symbol, name, meaning) symbol,
typedef enum mt_form { MT_FORM_LIST(MT_FORM_SYMBOL) MT_FORM_COUNT } mt_form;
#undef MT_FORM_SYMBOL

const char *mt_form_name(mt_form form);
const char *mt_form_meaning(mt_form form);

/* Before anything else is read from `bytes`. */
MT_MUST_USE mt_code mt_form_detect(mt_ctx *cx, mt_form *out, mt_bytes *bytes);

MT_END_DECLS
#endif
