/* Own trades of the store as a desk takes them, beside those of its files. */
#include "ops/trades/feed.h"

#include "store/data/trade_store.h"

#include <string.h>

#define CENT_MICRO 10000   /* micro-EUR */
#define MW_WH      1000000 /* over an hour */

static mt_trade trade_of(const mt_stored_trade *t)
{
    return (mt_trade){.delivery_start = t->delivery_start,
                      .delivery_end = t->delivery_end,
                      .execution_time = t->execution_time,
                      .price = t->price_cent * CENT_MICRO,
                      .energy_wh = t->quantity_mw * MW_WH,
                      .side = strcmp(t->direction, "sell") == 0 ? MT_SELL : MT_BUY,
                      .id = t->id,
                      .trader = t->trader_id,
                      .strategy = t->strategy};
}

/* A local day lies within a day of the same day in UTC, whatever the zone. */
static mt_day day_of(mt_time t, int more)
{
    return (mt_day)(mt_time_floor(t, MT_US_DAY) / MT_US_DAY) + more;
}

mt_code mt_trades_feed(mt_ctx *cx, mt_store *store, const mt_vpp_taker *taker, mt_time from, mt_time until)
{
    const mt_stored_trade *stored;
    mt_trade *trade;
    size_t n, wanted = 0;
    int origin;
    const mt_trade_filter filter = {NULL, NULL, day_of(from, -1), day_of(until, 1)};
    const mt_vpp_origin where = {.name = "store/trades", .version = MT_TIME_NONE, .day = MT_DAY_NONE};
    if (!taker->trades) return MT_OK;
    MT_TRY(mt_trade_store_list(cx, store, &stored, &n, &filter));
    MT_TRY(MT_NEW(cx, &trade, n + 1));
    for (size_t k = 0; k < n; k++)
        if (stored[k].delivery_end > from && stored[k].delivery_start < until)
            trade[wanted++] = trade_of(&stored[k]);
    if (!wanted) return MT_OK;
    MT_TRY(taker->begin(cx, taker->arg, &where, &origin));
    return taker->trades(cx, taker->arg, origin, false, trade, wanted);
}
