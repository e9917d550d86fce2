/* Orders collected by delivery period, ready for auctions.
 *
 * Purpose   Batches of orders go in, in any order; bids in exact ticks come out, period by period in order
 *           of time.
 * Units     As in terms/order.h; the tick in micro-currency per MWh.
 * Shapes    Every period from the first to the last that saw an order is there, also those without one (no
 *           bids, so they clear to no_supply). Rows with a fault or a missing value are left out: cleaning.h
 *           deals with them. Within a period bids keep the order in which they were added.
 * Tick      0 chooses the coarsest of 0.01, 0.001 … 0.000001 that all prices are multiples of. Under a
 *           given tick a price that is no multiple is left out and reported as MT_FAULT_PRICE_TICK.
 * Time      Periods start at multiples of `step`, counted from 1970 in UTC.
 * Errors    MT_E_INPUT step or tick is not positive, a price does not fit 31 bits of ticks; MT_E_TOO_LARGE
 *           the first and the last order are more than MT_BOOK_PERIODS_MAX periods apart; MT_E_MEMORY.
 * Ownership The book lives in cx: do not reset the arena to a mark older than the last mt_book_add. Bids of
 *           a period are borrowed; where the period's bids stand in several pieces they are joined in the
 *           context given to mt_book_period, so mark and reset it around each period.
 * Threads   Adding: one. After mt_book_seal any number may read side by side, one context each.
 * Cost      16 to 20 bytes an order, about 400 a period, and the largest period once more while joined.
 *           O(1) an order.
 */
#ifndef MT_MARKET_BOOK_H
#define MT_MARKET_BOOK_H

#include "market/clearing.h"

MT_BEGIN_DECLS

enum { MT_BOOK_PERIODS_MAX = 10000000 };

typedef struct mt_book mt_book;

/* Called once for each row that is put aside; `bad->row` is its index in `batch`, which is borrowed for the
 * call. */
typedef void mt_order_bad_fn(void *arg, const mt_order_batch *batch, const mt_order_bad *bad);

typedef struct mt_book_options {
    size_t size;          /* sizeof(mt_book_options), so that the struct may grow */
    mt_time step;         /* a period, microseconds */
    mt_micro tick;        /* 0: chosen from the prices */
    mt_order_bad_fn *bad; /* NULL: rows off the tick are only counted */
    void *arg;
} mt_book_options;

typedef struct mt_period {
    mt_time start;
    const mt_bid *bid;
    size_t n;
} mt_period;

MT_API MT_MUST_USE mt_code mt_book_new(mt_ctx *cx, mt_book **out, const mt_book_options *options);
MT_API MT_MUST_USE mt_code mt_book_add(mt_ctx *cx, mt_book *book, const mt_order_batch *batch);

/* Adds all that a source gives, until its end, and seals. */
MT_API MT_MUST_USE mt_code mt_book_fill(mt_ctx *cx, mt_book *book, const mt_order_source *source);

/* No order comes any more: the tick is fixed and prices become ticks. Once, before the functions below. */
MT_API MT_MUST_USE mt_code mt_book_seal(mt_ctx *cx, mt_book *book);

MT_API mt_micro mt_book_tick(const mt_book *book);     /* 0.01 when the book is empty and none was given */
MT_API size_t mt_book_periods(const mt_book *book);    /* also the empty ones */
MT_API uint64_t mt_book_orders(const mt_book *book);   /* taken */
MT_API uint64_t mt_book_off_tick(const mt_book *book); /* left out under the given tick */

/* Period k, from 0. */
MT_API MT_MUST_USE mt_code mt_book_period(mt_ctx *cx, mt_period *out, const mt_book *book, size_t k);

MT_END_DECLS
#endif
