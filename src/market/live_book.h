/* The order book of one delivery period while orders still come, change and go.
 *
 * Purpose   After every tick the period's price, volume and the impact of more or less supply, equal to the
 *           batch result (book.h, clearing.h, impact.h) on the same orders to the last digit.
 * Units     As in terms/order.h: price in micro-currency per MWh, volume in Wh.
 * Shapes    One order an id; an id is 1 to MT_LIVE_ID_MAX bytes. The bids stand in one dense piece, in no
 *           order that means anything: the clearing kernel takes them as they are.
 * Tick      As in book.h: 0 chooses the coarsest of 0.01, 0.001 … 0.000001 that all prices *now in the book*
 *           are multiples of, so it may change with an order and back when that order goes; bids, bounds and
 *           results are in ticks of mt_live_book_tick. Under a given tick a price off it is refused.
 * Errors    MT_E_CONFLICT  an order of that id is there already;  MT_E_ABSENT  there is none;  MT_E_INPUT  a
 *           price off the tick, too far from 0 or missing, a negative or missing volume, no side, no id or
 *           one too long;  MT_E_TOO_LARGE  more than MT_LIVE_ORDERS_MAX orders.  After an error the book is
 *           as it was. MT_E_SHAPE  a rule in another tick than the book's.
 * Ownership The book lives in the cx of mt_live_book_new, which every later call gets again; do not reset
 *           its arena to a mark older than the last add. Ids are copied.
 * Cost      O(1) an order (O(n) where the tick changes); 88 to 176 bytes an order. A clearing is O(n):
 *           clearing, and impact of a shift, of 10,000 orders take well under a millisecond.
 */
#ifndef MT_MARKET_LIVE_BOOK_H
#define MT_MARKET_LIVE_BOOK_H

#include "market/impact.h"

MT_BEGIN_DECLS

enum { MT_LIVE_ID_MAX = 54, MT_LIVE_ORDERS_MAX = 1 << 26 };

typedef struct mt_live_order {
    mt_text id;
    mt_side side;
    mt_micro price;
    int64_t volume;
} mt_live_order;

typedef struct mt_live_book mt_live_book;

/* `tick` 0: chosen from the prices. */
MT_API MT_MUST_USE mt_code mt_live_book_new(mt_ctx *cx, mt_live_book **out, mt_micro tick);

MT_API MT_MUST_USE mt_code mt_live_book_add(mt_ctx *cx, mt_live_book *book, const mt_live_order *order);
MT_API MT_MUST_USE mt_code mt_live_book_change(mt_ctx *cx, mt_live_book *book, const mt_live_order *order);
MT_API MT_MUST_USE mt_code mt_live_book_cancel(mt_ctx *cx, mt_live_book *book, mt_text id);

MT_API mt_micro mt_live_book_tick(const mt_live_book *book); /* 0.01 when the book is empty */
MT_API size_t mt_live_book_orders(const mt_live_book *book);
MT_API const mt_bid *mt_live_book_bids(const mt_live_book *book); /* borrowed until the next change */

/* The order of that id; false where there is none. Its id is borrowed from the book. */
MT_API bool mt_live_book_find(const mt_live_book *book, mt_text id, mt_live_order *out);

/* `rule` in the book's tick. */
MT_API MT_MUST_USE mt_code mt_live_book_clear(mt_ctx *cx, mt_clearing *out, const mt_live_book *book,
                                              const mt_clear_rule *rule);
MT_API MT_MUST_USE mt_code mt_live_book_impact(mt_ctx *cx, mt_impact *out, const mt_live_book *book,
                                               const mt_clear_rule *rule, const mt_shift *shift);

MT_END_DECLS
#endif
