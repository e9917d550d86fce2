/* Orders of an auction, and what their reader says about each row.
 *
 * Purpose   The noun that files, the store and the market share.
 * Units     price: micro-currency per MWh (62.03 EUR/MWh is 62,030,000); volume: Wh (a millionth of a MWh).
 * Shapes    A batch holds n rows in columns, in file order. Missing: time MT_TIME_NONE, price and volume
 *           MT_MICRO_NONE, side MT_SIDE_NONE. Rows with a fault stand in `fault`, ascending by row, at most
 *           one a row (the first found in the order time, side, price, volume).
 * Ownership A batch is borrowed until its reader's next call.
 */
#ifndef MT_TERMS_ORDER_H
#define MT_TERMS_ORDER_H

#include "base/text.h"
#include "base/time.h"

MT_BEGIN_DECLS

typedef enum mt_side { MT_SELL = 0, MT_BUY = 1, MT_SIDE_NONE = 2 } mt_side;

/* X(symbol, name in the quarantine table, sentence) */
/* clang-format off */
#define MT_ORDER_FAULT_LIST(X)                                                              \
    X(MT_FAULT_NONE,           "none",            "nothing is wrong") \
    X(MT_FAULT_TIME_MISSING,   "time_missing",    "the time is empty") \
    X(MT_FAULT_TIME_BAD,       "time_bad",        "the time is no instant with offset, or not in its day") \
    X(MT_FAULT_SIDE_MISSING,   "side_missing",    "the side is empty") \
    X(MT_FAULT_SIDE_BAD,       "side_bad",        "the side is neither buy nor sell") \
    X(MT_FAULT_PRICE_MISSING,  "price_missing",   "the price is empty") \
    X(MT_FAULT_PRICE_BAD,      "price_bad",       "the price is no decimal number of at most six decimals") \
    X(MT_FAULT_PRICE_RANGE,    "price_range",     "the price lies outside what a market allows") \
    X(MT_FAULT_PRICE_TICK,     "price_tick",      "the price is no multiple of the tick") \
    X(MT_FAULT_VOLUME_MISSING, "volume_missing",  "the volume is empty") \
    X(MT_FAULT_VOLUME_BAD,     "volume_bad",      "the volume is no decimal number of at most six decimals") \
    X(MT_FAULT_VOLUME_RANGE,   "volume_range",    "the volume is negative, 0 in a trade, or absurdly large") \
    X(MT_FAULT_ROW_SHAPE,      "row_shape",       "the row has another number of fields than the header") \
    X(MT_FAULT_ROW_LONG,       "row_long",        "the row is longer than a row may be")
/* clang-format on */

#define MT_ORDER_FAULT_SYMBOL(symbol, name, sentence) symbol,
typedef enum mt_order_fault {
    MT_ORDER_FAULT_LIST(MT_ORDER_FAULT_SYMBOL) MT_ORDER_FAULT_COUNT
} mt_order_fault;
#undef MT_ORDER_FAULT_SYMBOL

MT_API const char *mt_order_fault_name(mt_order_fault fault);
MT_API const char *mt_order_fault_text(mt_order_fault fault);

enum { MT_ORDER_BATCH_ROWS = 8192 };

/* Bounds beyond which a number is a mistake, not an order. */
#define MT_PRICE_BOUND_MICRO ((mt_micro)100000 * MT_MICRO_ONE) /* |price| <= 100,000 per MWh */
#define MT_VOLUME_BOUND_WH   ((int64_t)10000000 * 1000000)     /* 0 <= volume <= 10,000,000 MWh */

typedef struct mt_order_bad {
    size_t row;    /* index in the batch */
    uint64_t line; /* in the file, from 1; 0: not from a file */
    mt_order_fault fault;
    mt_text raw; /* the row as it stood, cut at 4096 bytes */
} mt_order_bad;

typedef struct mt_order_batch {
    size_t n;
    const mt_time *time;   /* UTC */
    const mt_micro *price; /* micro-currency per MWh */
    const int64_t *volume; /* Wh */
    const uint8_t *side;   /* mt_side */
    size_t n_bad;
    const mt_order_bad *bad;
} mt_order_batch;

/* A source of batches: a file reader, a stored data set, a generator. `next` writes a batch with n == 0 at
 * the end. */
typedef struct mt_order_source {
    mt_code (*next)(void *self, mt_ctx *cx, mt_order_batch *out);
    void *self;
} mt_order_source;

MT_END_DECLS
#endif
