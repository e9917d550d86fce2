/* Volume-weighted average price of continuous trades, by delivery period.
 *
 * Purpose   Turns trades into one reference price a period (the ID-Full kind of index).
 * Units     In: see terms/trade.h. Out: money per MWh, Wh.
 * Shapes    Trades in any order, in as many calls as wanted -> one row for each period of the grid; the
 *           price is NaN where a period saw no trade. A trade over several periods counts in each with its
 *           part of the time: an hourly trade is four quarters of the same power. The parts add up to the
 *           trade's energy to the last Wh. A trade within one period counts there.
 * Errors    MT_E_SHAPE a delivery lies outside the grid; MT_E_INPUT the energy is not positive, the price
 *           is missing, the delivery does not end after it starts, the sum leaves int64 (the sentence names
 *           the trade).
 * Ownership Rows live in cx. Trades are borrowed for the call.
 * Cost      O(n + periods touched); 112 bytes a period with its row.
 * Source    EPEX SPOT, "Description of EPEX SPOT Market Indices", section on intraday indices. Buys and
 *           sells weigh alike.
 * Example   merit market vwap --trades trades.csv --period 15min
 */
#ifndef MT_MARKET_VWAP_H
#define MT_MARKET_VWAP_H

#include "base/calendar.h"
#include "terms/trade.h"

MT_BEGIN_DECLS

typedef struct mt_vwap mt_vwap;

typedef struct mt_vwap_row {
    mt_time start;
    double price;                /* NaN: no trade */
    double price_min, price_max; /* NaN: no trade */
    int64_t energy_wh;
    int64_t trades;
} mt_vwap_row;

MT_API MT_MUST_USE mt_code mt_vwap_new(mt_ctx *cx, mt_vwap **out, mt_grid grid);
MT_API MT_MUST_USE mt_code mt_vwap_add(mt_ctx *cx, mt_vwap *vwap, const mt_trade *trade, size_t n);
MT_API MT_MUST_USE mt_code mt_vwap_rows(mt_ctx *cx, const mt_vwap_row **out,
                                        const mt_vwap *vwap); /* grid.n rows */

/* All in one. */
MT_API MT_MUST_USE mt_code mt_vwap_of(mt_ctx *cx, const mt_vwap_row **out, const mt_trade *trade, size_t n,
                                      mt_grid grid);

MT_END_DECLS
#endif
