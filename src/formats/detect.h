/* What kind of file an input is, told from its first window.
 *
 * Purpose   Lets `--format auto` and `--as auto` find the reader, and says in a sentence why none fits.
 * Shapes    Only the beginning of the first lines is looked at. mt_form_detect knows the forms of orders and
 *           trades; mt_form_recognise also records of series (formats/series/record_file.h), and names what
 *           it found as `--as` takes it.
 * Errors    MT_E_INPUT  the file is empty or like none of the kinds;  those of io/bytes.h.
 * Ownership Nothing is consumed: the reader is opened on the same mt_bytes afterwards.
 */
#ifndef MT_FORMATS_DETECT_H
#define MT_FORMATS_DETECT_H

#include "formats/curve_file.h"

MT_BEGIN_DECLS

/* MT_FORM_CURVE and what follows: the exchanges of list.h, in their order; then records of series. */
typedef enum mt_form {
    MT_FORM_ORDERS,
    MT_FORM_TRADES,
    MT_FORM_CURVE,
    MT_FORM_SERIES = MT_FORM_CURVE + MT_EXCHANGE_COUNT,
    MT_FORM_COUNT
} mt_form;

static inline mt_form mt_form_curve(mt_exchange exchange)
{
    return (mt_form)(MT_FORM_CURVE + (int)exchange);
}

static inline bool mt_form_is_curve(mt_form form)
{
    return (int)form >= MT_FORM_CURVE && form < MT_FORM_SERIES;
}

const char *mt_form_name(mt_form form);
const char *mt_form_meaning(mt_form form);

/* Before anything else is read from `bytes`. */
MT_MUST_USE mt_code mt_form_detect(mt_ctx *cx, mt_form *out, mt_bytes *bytes);

/* A form with the name that `--as` takes for it: "orders", "Elspotprices", "line-protocol", … */
typedef struct mt_form_found {
    mt_form form;
    const char *as; /* of MT_FORM_SERIES: what mt_record_options.as takes */
} mt_form_found;

/* Before anything else is read from `bytes`. MT_E_INPUT also where it is a list of JSON records of no known
 * dataset. */
MT_MUST_USE mt_code mt_form_recognise(mt_ctx *cx, mt_form_found *out, mt_bytes *bytes);

/* The form of that name; MT_E_INPUT with the nearest one when there is none. */
MT_MUST_USE mt_code mt_form_of(mt_ctx *cx, mt_form_found *out, const char *as);

/* All names that `--as` may take, ends with NULL. */
const char *const *mt_form_names(size_t *n);

MT_END_DECLS
#endif
