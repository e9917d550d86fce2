/* What kind of file an input is, told from its first window.
 *
 * Purpose   Lets `--format auto` find the reader, and says in a sentence why none fits.
 * Shapes    Only the beginning of the first lines is looked at.
 * Errors    MT_E_INPUT  the file is empty or like none of the kinds;  those of io/bytes.h.
 * Ownership Nothing is consumed: the reader is opened on the same mt_bytes afterwards.
 */
#ifndef MT_FORMATS_DETECT_H
#define MT_FORMATS_DETECT_H

#include "formats/curve_file.h"

MT_BEGIN_DECLS

/* MT_FORM_CURVE and what follows: the exchanges of list.h, in their order. */
typedef enum mt_form {
    MT_FORM_ORDERS,
    MT_FORM_TRADES,
    MT_FORM_CURVE,
    MT_FORM_COUNT = MT_FORM_CURVE + MT_EXCHANGE_COUNT
} mt_form;

static inline mt_form mt_form_curve(mt_exchange exchange)
{
    return (mt_form)(MT_FORM_CURVE + (int)exchange);
}

static inline bool mt_form_is_curve(mt_form form)
{
    return (int)form >= MT_FORM_CURVE && form < MT_FORM_COUNT;
}

const char *mt_form_name(mt_form form);
const char *mt_form_meaning(mt_form form);

/* Before anything else is read from `bytes`. */
MT_MUST_USE mt_code mt_form_detect(mt_ctx *cx, mt_form *out, mt_bytes *bytes);

MT_END_DECLS
#endif
