/* Orders of the store: saved as a data set, read back as the file they came from.
 *
 * Purpose   A stored data set gives the same batches as its file: all rows, in order, with what was wrong
 *           with some.
 * Units     As in terms/order.h: micro-currency per MWh, Wh.
 * Errors    MT_E_ABSENT  no such data set (with the nearest name);  whatever the source says.
 * Ownership mt_order_reader is a handle; its batches are borrowed until the next one.
 * Cost      Saving holds one batch; the rows wait in the engine until one transaction makes them visible. A
 *           data set whose content_hash is stored already is not read again. Reading ends in the engine
 *           before the first batch (spool.h).
 */
#ifndef MT_STORE_DATA_ORDER_STORE_H
#define MT_STORE_DATA_ORDER_STORE_H

#include "store/data/dataset_store.h"
#include "terms/order.h"

MT_BEGIN_DECLS

typedef struct mt_order_saved {
    bool known; /* the same content was there: nothing was read or written */
    int64_t rows, bad;
    mt_merge_counts orders; /* rows that were new, changed, gone */
    mt_merge_counts faults;
} mt_order_saved;

/* Of `dataset` name, source and content_hash are read. A data set of that name becomes what the source
 * gives. */
MT_MUST_USE mt_code mt_order_store_save(mt_ctx *cx, mt_order_saved *out, mt_store *store,
                                        const mt_dataset *dataset, const mt_order_source *orders);

typedef struct mt_order_reader mt_order_reader;

MT_MUST_USE mt_code mt_order_store_open(mt_ctx *cx, mt_order_reader **out, mt_store *store, const char *name);
void mt_order_store_close(mt_order_reader *reader); /* NULL allowed */

mt_order_source mt_order_store_source(mt_order_reader *reader); /* borrows the reader */
const mt_dataset *mt_order_store_dataset(const mt_order_reader *reader);

MT_END_DECLS
#endif
