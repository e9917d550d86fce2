/* A small answer of the store as structs: the way back from columns to members.
 *
 * Purpose   Accessors that look at a few rows ask, and get an array of their own struct.
 * Shapes    Columns are matched to fields by name; a member without its column, and a null, is missing
 *           (field.h). Fields are of the types that stores know: INT, MICRO, REAL, BOOL, TEXT, TIME, DAY.
 * Errors    Those of the query.
 * Ownership Everything lives in cx.
 */
#ifndef MT_STORE_DATA_ANSWER_H
#define MT_STORE_DATA_ANSWER_H

#include "base/rows/table.h"
#include "store/store.h"

MT_BEGIN_DECLS

/* One SELECT with its parameters. */
typedef struct mt_asked {
    const char *sql;
    const mt_param *param;
    size_t n;
} mt_asked;

/* *out: n structs of `size` bytes; NULL where there are none. Inside a transaction `tx`, else of `store`. */
MT_MUST_USE mt_code mt_answer_read(mt_ctx *cx, void *out /* T ** */, size_t *n, mt_store *store,
                                   const mt_asked *asked, const mt_field *field, size_t size);
MT_MUST_USE mt_code mt_answer_read_tx(mt_ctx *cx, void *out /* T ** */, size_t *n, mt_tx *tx,
                                      const mt_asked *asked, const mt_field *field, size_t size);

/* MT_DAY_NONE is NULL. */
static inline mt_param mt_param_day(mt_day day)
{
    mt_param param = mt_param_null(MT_DAY);
    param.value.present = day != MT_DAY_NONE;
    param.value.as.integer = day;
    return param;
}

MT_END_DECLS
#endif
