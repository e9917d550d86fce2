/* Orders from wherever they come: an order file, an exchange's curve file, a data set of the store.
 *
 * Purpose   Operations ask for a source of batches; this room opens what the argument names and recognises
 *           its form.
 * Shapes    A source starts at the first order; it can be asked for again, because some policies read
 *           twice. What can be read only once (a pipe) is then kept in an unlinked temporary file.
 * Errors    Those of io/bytes.h, formats/ and store/;  MT_E_ABSENT  the store holds no such data set.
 * Ownership mt_orders_open/_close; a source lives until the next one is asked for.
 */
#ifndef MT_OPS_ORDERS_ORDERS_IN_H
#define MT_OPS_ORDERS_ORDERS_IN_H

#include "formats/curve_file.h"
#include "formats/detect.h"
#include "ops/world.h"

MT_BEGIN_DECLS

/* "auto", then the kinds of formats/detect.h that hold orders; ends with NULL. */
extern const char *const mt_orders_form_name[];

enum { MT_ORDERS_AUTO = -1 }; /* else a mt_form */

/* The form of a choice among those names but the first. */
mt_form mt_orders_form(int choice);

typedef struct mt_orders_request {
    const mt_input *input;
    int form;         /* MT_ORDERS_AUTO or a mt_form */
    int curve;        /* of OMIE files: MT_CURVE_MATCHED or MT_CURVE_OFFERED */
    const char *area; /* of files with several zones; NULL: the only one */
    bool twice;       /* the source will be asked for more than once */
} mt_orders_request;

typedef struct mt_orders mt_orders;

MT_MUST_USE mt_code mt_orders_open(mt_ctx *cx, const mt_world *world, mt_orders **out,
                                   const mt_orders_request *request);
MT_MUST_USE mt_code mt_orders_source(mt_ctx *cx, mt_orders *orders, mt_order_source *out);
void mt_orders_close(mt_orders *orders); /* NULL allowed */

const mt_curve_info *
mt_orders_curve(const mt_orders *orders); /* NULL: no curve file; after the first source */
const char *mt_orders_name(const mt_orders *orders);

MT_END_DECLS
#endif
