/* Order files: delimited text with a time, a price, a volume and a side a row.
 *
 * Purpose   Turns the bytes of an order file into batches of orders, and every row that is none into a
 *           counted fault.
 * Units     In: price in currency per MWh, volume in MWh, both decimal with at most six places that are not
 *           0 (more are a fault, never rounded). Out: see terms/order.h.
 * Shapes    The header maps columns by name, in any order, others are ignored (formats/header.h). Names
 *           known: Timestamp, time, datetime, start, delivery_start · Price, limit, limit_price,
 *           price_eur_mwh · Volume, quantity, mwh, volume_mwh · Sell_Buy, side, direction, buy_sell. Sides:
 *           buy, b, bid, purchase / sell, s, sale, ask, offer, in any case. Blanks around a value do not
 *           count. The decimal mark, '.' or ',', is the first one met in a number; a number with the other
 *           one is a fault, and so are thousands marks. A row that holds a fault keeps the values that are
 *           right: a median can fill what is missing. Values out of range (terms/order.h) are missing; in
 *           rows of a wrong shape or length everything is.
 * Time      RFC 3339 and its relatives (base/time.h), offsets may differ from row to row. Without an
 *           offset: a fault, or read with the option default_offset_s.
 * Errors    MT_E_INPUT  no usable header (formats/header.h);  those of io/bytes.h. Rows never stop a file.
 * Ownership The reader lives in cx, there is nothing to close; `bytes` stays the caller's and must outlive
 *           it.
 * Cost      One pass, O(1) memory: a batch and a window. Rows in the plain form (a date, a time with
 *           seconds and offset, short numbers, no quotes) take a fast way that the careful one must agree
 *           with.
 * Source    RFC 4180, RFC 3339.
 * Example   merit market clear --orders orders.csv
 */
#ifndef MT_FORMATS_ORDER_FILE_H
#define MT_FORMATS_ORDER_FILE_H

#include "io/bytes.h"
#include "terms/order.h"

MT_BEGIN_DECLS

typedef struct mt_order_file mt_order_file;

typedef struct mt_order_file_options {
    size_t size;              /* sizeof(mt_order_file_options) */
    bool has_default_offset;  /* times without an offset are read with the next */
    int32_t default_offset_s; /* east of UTC */
    bool careful;             /* every row takes the careful way; for tests and measurements */
    bool portable;            /* the fast way as on processors without AVX2; likewise */
} mt_order_file_options;

/* What is known so far; counts grow as batches are read. */
typedef struct mt_order_file_facts {
    const char *name;
    size_t n_columns;
    const char *const *column;                    /* names as they stand in the header */
    size_t time_at, price_at, volume_at, side_at; /* index in `column` */
    char delimiter;
    char decimal;  /* '.', ',' or 0: no number had a mark yet */
    uint64_t rows; /* faulty ones too, blank lines not */
    uint64_t bad;
    uint64_t lines; /* line ends passed so far, the header's too */
} mt_order_file_facts;

/* Reads the header. options NULL: defaults. */
MT_MUST_USE mt_code mt_order_file_open(mt_ctx *cx, mt_order_file **out, mt_bytes *bytes,
                                       const mt_order_file_options *options);

/* The next batch; n == 0 at the end. */
MT_MUST_USE mt_code mt_order_file_next(mt_ctx *cx, mt_order_file *file, mt_order_batch *out);

mt_order_source mt_order_file_source(mt_order_file *file);
const mt_order_file_facts *mt_order_file_about(mt_order_file *file);

/* How much the line looks like the header of an order file: the number of its needed columns found, of 4. */
size_t mt_order_file_score(mt_text line);

/* A side in any spelling known here, or MT_SIDE_NONE. */
mt_side mt_side_parse(mt_text text);

MT_END_DECLS
#endif
