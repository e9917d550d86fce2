/* Trades counted: cash, volume, VWAP and profit, by quarter, hour, trader or strategy.
 *
 * Purpose   Turns trades, as many as come, into rows of a grouping, and into profit against named
 *           references: cash (what was paid), against day-ahead, against the public VWAP or an index,
 *           and the open volume at a mark.
 * Units     Wh, micro-EUR, micro-EUR/MWh. SELL brings cash, BUY costs it.
 * Shapes    A trade over several quarters counts in each with its part (market/vwap.h). cash = sum of
 *           sold less bought. vwap = (sold + bought money) / (sold + bought volume): an average price,
 *           never the signed sum over the volume. Parts outside the desk's range are left out. Profits
 *           are rounded for each part, the mark for each quarter of a group. Trades without a trader or
 *           strategy are the group "".
 * Missing   vwap and profits MT_MICRO_NONE without trades or without their reference; a group that never
 *           traded is no row, and its profit, asked for by name, is 0.
 * Errors    MT_E_INPUT  energy not positive, price missing (names the trade); sums that leave int64.
 * Ownership mt_trading lives in cx; trades are borrowed for the call.
 * Cost      O(1) a trade-quarter; at least 20 M trades a second in memory for VWAP by quarter.
 * Source    EPEX SPOT, "Description of EPEX SPOT Market Indices" (VWAP); docs/guides/vpp.md (profits).
 * Example   merit vpp trading --data DIR --day 2025-06-08 --by hour
 */
#ifndef MT_VPP_TRADING_H
#define MT_VPP_TRADING_H

#include "vpp/desk.h"

MT_BEGIN_DECLS

typedef enum mt_trading_by {
    MT_BY_QUARTER,
    MT_BY_HOUR,
    MT_BY_TRADER,
    MT_BY_STRATEGY,
    MT_BY_ALL
} mt_trading_by;

typedef struct mt_trading_row {
    mt_time start;                      /* of quarter or hour; else MT_TIME_NONE */
    const char *group;                  /* trader or strategy; else NULL */
    int64_t trades;                     /* touching the group */
    int64_t bought_wh, sold_wh, net_wh; /* net = sold - bought: the volume still open */
    int64_t bought_ueur, sold_ueur;
    int64_t cash_ueur; /* sold - bought */
    mt_micro vwap;
    int64_t against_day_ahead_ueur; /* sum of (price - reference) x volume, sells +, buys - */
    int64_t against_market_ueur;    /* reference: the public VWAP, or the index where one was delivered */
    int64_t mark_ueur;              /* -net volume x mark price: what closing it would bring */
} mt_trading_row;

MT_API MT_MUST_USE mt_code mt_trading(mt_ctx *cx, const mt_trading_row **out, size_t *n, const mt_desk *desk,
                                      mt_trading_by by);

/* The row of one trader or strategy; zeros for one that never traded. */
MT_API MT_MUST_USE mt_code mt_trading_of(mt_ctx *cx, mt_trading_row *out, const mt_desk *desk,
                                         mt_trading_by by, const char *group);

MT_END_DECLS
#endif
