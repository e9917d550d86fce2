/* Trades on their way to the taker, whichever file they come from.
 *
 * Purpose   Cells of a row or members of an object become trades: those of exchanges
 *           (formats/trade_row.h) and those of the trades API, whose prices are whole cents a MWh,
 *           volumes MW, and times local hours.
 * Shapes    A cell by column; at NULL: there is none. A row with a delivery day is of the trades API.
 * Time      A delivery hour "08-09", "08:00-09:00", "8" (it begins then) is of the wall clock of
 *           Europe/Berlin; of the hour that comes twice in autumn the first is taken, with a finding, unless
 *           it is called "2b" or "02b-03b". An execution time without an offset is of that clock too.
 * Ownership A batch is borrowed by the taker for its call.
 */
#ifndef MT_FORMATS_VPP_TRADES_DEALS_H
#define MT_FORMATS_VPP_TRADES_DEALS_H

#include "base/zone.h"
#include "formats/trade_row.h"
#include "formats/vpp/reader.h"

MT_BEGIN_DECLS

enum { MT_DEAL_DAY = MT_TRADE_COLUMNS, MT_DEAL_HOUR, MT_DEAL_COLUMNS };

/* All columns: price and volume are needed, the others may be left out. */
void mt_deals_columns(mt_wanted_column out[MT_DEAL_COLUMNS]);

typedef struct mt_deals {
    mt_vpp_reader *reader;
    const mt_zone *berlin; /* NULL: nobody asked yet */
    bool is_public;
    mt_trade_rules rules;
    mt_trade_texts texts;
    mt_trade *trade; /* MT_TRADE_BATCH_ROWS */
    size_t n;
} mt_deals;

MT_MUST_USE mt_code mt_deals_open(mt_vpp_reader *reader, mt_deals *out);

/* A trade, or a finding. */
MT_MUST_USE mt_code mt_deals_add(mt_deals *deals, const mt_text *cell, uint64_t line);

/* Those of a batch that are wanted. */
MT_MUST_USE mt_code mt_deals_give(mt_deals *deals, const mt_trade *trade, size_t n);

/* Gives what is left, and says in what unit volumes were read. */
MT_MUST_USE mt_code mt_deals_end(mt_deals *deals);

MT_MUST_USE mt_code mt_deals_bad(mt_deals *deals, mt_order_fault fault, uint64_t line, mt_text raw);

MT_END_DECLS
#endif
