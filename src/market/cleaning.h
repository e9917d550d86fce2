/* Cleaning policies: sources of orders that give clean orders.
 *
 * Purpose   A filter between a reader and whatever needs complete rows. `quarantine` puts every faulty row
 *           aside and invents nothing; `fill_median` is the rule of an earlier system, kept for comparison.
 * Units     As in terms/order.h.
 * Shapes    Batches come out with the same columns, possibly fewer rows (batches that end up empty are
 *           skipped), and no faults. Order is kept.
 * Rule      quarantine: a row with a reader's fault, without a time, side, price or volume, or with a
 *           negative volume goes to `bad` with its fault. fill_median: a row without a time or a side goes
 *           to `bad`; a missing price or volume becomes the column's median (a number that its reader
 *           refused is missing too); volumes are clipped to the bounds of the filled column, negative
 *           volumes become 0. Prices are not touched otherwise, neither negative ones nor outliers
 *           (quality.h counts them).
 * Errors    What the source fails with; MT_E_MEMORY; MT_E_INPUT fill_median without a single price or
 *           volume.
 * Ownership The filter lives in cx and borrows `from`, which must live as long; batches are borrowed until
 *           the next call.
 * Cost      O(1) a row; one batch of scratch.
 * Source    The earlier system's rules with their order: docs of the market pipeline, policy fill-median.
 */
#ifndef MT_MARKET_CLEANING_H
#define MT_MARKET_CLEANING_H

#include "market/book.h"
#include "market/quality.h"

MT_BEGIN_DECLS

/* What a filter did so far; updated batch by batch. */
typedef struct mt_clean_counts {
    uint64_t rows_in, rows_out;
    uint64_t by_fault[MT_ORDER_FAULT_COUNT]; /* rows put aside */
    uint64_t filled_price, filled_volume;    /* fill_median */
    uint64_t clipped_volume, zeroed;         /* fill_median: to a bound of the column; to 0 */
} mt_clean_counts;

/* `bad` may be NULL; `counts` may be NULL. */
MT_API MT_MUST_USE mt_code mt_clean_quarantine(mt_ctx *cx, mt_order_source *out, const mt_order_source *from,
                                               mt_order_bad_fn *bad, void *arg, mt_clean_counts *counts);

/* What fill_median puts where nothing is, from a first pass over the same rows. */
typedef struct mt_clean_fill {
    mt_micro price;                 /* median */
    int64_t volume;                 /* median */
    double volume_low, volume_high; /* bounds of the filled column, Wh */
} mt_clean_fill;

/* The values from the quality pass; rows without time or side do not count. */
MT_API MT_MUST_USE mt_code mt_clean_fill_from(mt_ctx *cx, mt_clean_fill *out, mt_quality *quality);

MT_API MT_MUST_USE mt_code mt_clean_fill_median(mt_ctx *cx, mt_order_source *out, const mt_order_source *from,
                                                const mt_clean_fill *fill, mt_order_bad_fn *bad, void *arg,
                                                mt_clean_counts *counts);

MT_END_DECLS
#endif
