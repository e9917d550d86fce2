/* Trade files: what an exchange or a trading desk says was traded.
 *
 * Purpose   Turns the bytes of a trade file into batches of trades, and every row that is none into a
 *           counted fault.
 * Units     In: price in currency per MWh; volume in MWh of the whole delivery, or in MW where the column
 *           VolumeUnit or the option says so (then energy = MW x hours of delivery, rounded to the Wh half
 *           away from zero). Out: see terms/trade.h.
 * Shapes    Delimited text with a header, mapped by name in any order (formats/header.h), after a comment
 *           line that begins with #. Needed: DeliveryStart, DeliveryEnd, Price, Volume. Known besides:
 *           TradeId, id · Side, direction · ExecutionTime, execution_time · Currency · VolumeUnit, unit ·
 *           TraderId, trader · Strategy.
 *           Decimal mark as in formats/decimal.h. Faulty rows are not among the trades; bad[k].row is the
 *           number of trades of the batch before it. A row in another currency than the first is a fault of
 *           its price.
 * Time      RFC 3339 and its relatives with an offset, else a fault; default_offset_s as in order files.
 *           Without an execution time it is MT_TIME_NONE. A delivery that does not end after its start is a
 *           fault.
 * Errors    MT_E_INPUT  no usable header;  those of io/bytes.h. Rows never stop a file.
 * Ownership The reader lives in cx; a batch, its ids too, is borrowed until the next call. `bytes` must
 *           outlive the reader.
 * Cost      Rows of the plain form (formats/trade_fast.h) about 100 ns each, others about 350 ns.
 * Source    Exchange exports of private and public trades: "# Private Trades - 2025-06-08 …" and
 *           TradeId;Side;DeliveryStart;DeliveryEnd;ExecutionTime;Price;Currency;Volume;VolumeUnit.
 * Example   merit market vwap --trades public_trades.csv --period 15min
 */
#ifndef MT_FORMATS_TRADE_FILE_H
#define MT_FORMATS_TRADE_FILE_H

#include "io/bytes.h"
#include "terms/trade.h"

MT_BEGIN_DECLS

enum { MT_TRADE_BATCH_ROWS = 2048, MT_TRADE_ID_MAX = 255 };

/* What a volume is. */
typedef enum mt_volume_unit { MT_VOLUME_AS_FILE, MT_VOLUME_MWH, MT_VOLUME_MW } mt_volume_unit;

typedef struct mt_trade_file_options {
    size_t size;              /* sizeof(mt_trade_file_options) */
    mt_volume_unit unit;      /* MT_VOLUME_AS_FILE: the column's word; MWh where there is no such column */
    bool has_default_offset;  /* times without an offset are read with the next */
    int32_t default_offset_s; /* east of UTC */
    bool careful, portable;   /* only the careful way; no way that only some processors have: for tests */
} mt_trade_file_options;

typedef struct mt_trade_batch {
    size_t n;
    const mt_trade *trade;
    size_t n_bad;
    const mt_order_bad *bad;
} mt_trade_batch;

/* What is known so far; counts grow as batches are read. */
typedef struct mt_trade_file_facts {
    const char *name;
    const char *currency; /* of the first trade that has one; NULL: none has */
    const char *unit;     /* of volumes, as they are read: "MWh" or "MW"; NULL: no row was read */
    char delimiter, decimal;
    uint64_t rows, bad; /* rows with the faulty ones */
} mt_trade_file_facts;

typedef struct mt_trade_file mt_trade_file;

/* Reads the header. options NULL: defaults. */
MT_MUST_USE mt_code mt_trade_file_open(mt_ctx *cx, mt_trade_file **out, mt_bytes *bytes,
                                       const mt_trade_file_options *options);

/* The next batch; n == 0 and n_bad == 0 at the end. */
MT_MUST_USE mt_code mt_trade_file_next(mt_ctx *cx, mt_trade_file *file, mt_trade_batch *out);

const mt_trade_file_facts *mt_trade_file_about(const mt_trade_file *file);

/* How much the line looks like the header of a trade file: the number of its needed columns found, of 4. */
size_t mt_trade_file_score(mt_text line);

MT_END_DECLS
#endif
