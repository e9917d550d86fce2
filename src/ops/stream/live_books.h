/* The books of the periods that ticks arrive for: loaded from the store when first needed.
 *
 * Purpose   Keeps at most MT_LIVE_BOOKS_MAX books; the one with the earliest start goes first, and comes back
 *           from the store when a tick names its period again.
 * Errors    mt_live_books_apply: a tick that does not fit its book is no error of the code: *fault says why.
 *           The same order added twice changes nothing; to cancel what is not there is a fault.
 * Ownership mt_live_books_open/_close.
 * Threads   One thread.
 */
#ifndef MT_OPS_STREAM_LIVE_BOOKS_H
#define MT_OPS_STREAM_LIVE_BOOKS_H

#include "formats/order_tick.h"
#include "market/live_book.h"
#include "store/store.h"

MT_BEGIN_DECLS

enum { MT_LIVE_BOOKS_MAX = 512 };

typedef struct mt_live_period {
    const char *topic;
    mt_time start;
    mt_live_book *book;
    mt_ctx *cx;   /* of the book */
    size_t ticks; /* since the counter was set to 0 */
    int64_t part; /* of its first tick here; the caller's to set, -1: not known */
} mt_live_period;

typedef struct mt_live_books mt_live_books;

MT_MUST_USE mt_code mt_live_books_open(mt_ctx *cx, mt_live_books **out, mt_store *store, mt_time period);
void mt_live_books_close(mt_live_books *books); /* NULL allowed */

/* Forgets every book: what they hold may not be what the store holds. */
void mt_live_books_forget(mt_live_books *books);

/* *out is the tick's period, with one tick more; it may go when the next tick of another period is applied,
 * unless ticks is above 0. */
MT_MUST_USE mt_code mt_live_books_apply(mt_ctx *cx, mt_live_books *books, mt_live_period **out,
                                        const char **fault, const char *topic, const mt_order_tick *tick);

/* The k-th period in hand, NULL behind the last. */
mt_live_period *mt_live_books_at(mt_live_books *books, size_t k);

MT_END_DECLS
#endif
